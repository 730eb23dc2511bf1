"""The shipped standard versions of each occupation: validity, route set, subjects and required equipment (附件7)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jiangheng.rules.law import FOLDER, Law


@dataclass(frozen=True, slots=True)
class Requirement:
    """A piece of equipment a subject needs: ``quantity`` for every ``per`` candidates, or in all where ``per`` is 0."""

    name: str
    quantity: int
    per: int

    def needed(self, candidates: int) -> int:
        """How many pieces ``candidates`` people need."""
        return self.quantity if self.per == 0 else -(-candidates // self.per) * self.quantity


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A subject at one level: theory, skill or review; its method, minutes and equipment."""

    level: int
    subject: str
    method: str
    minutes: int
    equipment: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class StandardRow:
    """A standard version of an occupation; a non-empty ``label`` says what is not verified."""

    occupation_code: str
    document: str
    ruleset: str
    valid_from: date
    valid_to: date | None
    related_occupations: tuple[str, ...]
    related_majors: tuple[str, ...]
    label: str


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "standards.toml").read_text(encoding="utf-8"))


def versions(occupation_code: str) -> tuple[StandardRow, ...]:
    """Every shipped version of the occupation's standard; by the templates where none is listed."""
    data = _data()
    related: dict[str, Any] = next((row for row in data["related"] if row["occupation"] == occupation_code), {})
    listed = [row for row in data["standard"] if row["occupation"] == occupation_code] or data["template"]
    return tuple(
        StandardRow(
            occupation_code=occupation_code,
            document=row["document"],
            ruleset=row["ruleset"],
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
            related_occupations=tuple(related.get("occupations", ())),
            related_majors=tuple(related.get("majors", ())),
            label=row["label"],
        )
        for row in listed
    )


def subjects(occupation_code: str, levels: str, law: Law) -> tuple[SubjectRow, ...]:
    """The subjects of each level in ``levels``, with their usual length and the equipment the standard asks for."""
    data = _data()
    usual = {subject: int(law.value(f"{subject}_minutes")) for subject in ("theory", "skill")}
    return tuple(
        SubjectRow(
            int(level),
            row["subject"],
            row["method"],
            row["minutes"] if "minutes" in row else usual[row["subject"]],
            _equipment(occupation_code, row, level),
        )
        for level in levels
        for row in data["subject"]
        if level in row["levels"]
    )


def _equipment(occupation_code: str, subject: dict[str, Any], level: str) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(name, quantity, per)
        for row in _data()["equipment"]
        if row["occupation"] == occupation_code and row["subject"] == subject["subject"] and level in row["levels"]
        for name, quantity, per in row["items"]
    )
