"""The shipped catalogue of occupations (国家职业分类大典 codes), each row with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

from jiangheng.rules.law import FOLDER


@dataclass(frozen=True, slots=True)
class OccupationRow:
    """An occupation: code, name, edition, its 工种, levels such as ``"543"``; ``label`` says what is unverified."""

    code: str
    name: str
    edition: str
    jobs: tuple[str, ...]
    levels: str
    source: str
    label: str
    in_force_from: date


@cache
def _rows() -> tuple[OccupationRow, ...]:
    rows = tomllib.loads((FOLDER / "occupations.toml").read_text(encoding="utf-8"))["occupation"]
    return tuple(OccupationRow(**{**row, "jobs": tuple(row["jobs"])}) for row in rows)


def catalogue(on: date) -> tuple[OccupationRow, ...]:
    """The occupations in force on ``on``, in the order of their codes."""
    return tuple(sorted((row for row in _rows() if row.in_force_from <= on), key=lambda row: row.code))
