"""What may be noted of a sitting, and the tiers of a candidate's irregularity with their sanctions (四（七）)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jiangheng.rules.law import FOLDER
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

DISCIPLINE = "discipline"
CLAUSE = "四（七）"


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier from A (mildest) to D, what it entails and what is commonly put under it."""

    code: str
    sanction: str
    examples: tuple[str, ...]
    source: str
    in_force_from: date


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "discipline.toml").read_text(encoding="utf-8"))


def kinds() -> tuple[tuple[str, str], ...]:
    """Code and label of each kind of incident."""
    return tuple((row["code"], row["label"]) for row in _shipped()["kind"])


def tiers(on: date) -> tuple[Tier, ...]:
    """The tiers in force on ``on``, mildest first."""
    rows = (Tier(**{**row, "examples": tuple(row["examples"])}) for row in _shipped()["tier"])
    return tuple(sorted((row for row in rows if row.in_force_from <= on), key=lambda row: row.code))


def check(kind: str, text: str, tier: str, *, candidate: bool, on: date) -> None:
    """Refusal ``incident.facts`` (422) for an incident that says nothing, or whose tier and candidate do not go together.

    An irregularity names its candidate and its tier; nothing else bears a tier.
    """
    known = kind in dict(kinds())
    discipline = kind == DISCIPLINE
    tiered = tier in {each.code for each in tiers(on)} if discipline else not tier
    if text.strip() and known and tiered and (candidate or not discipline):
        return
    raise refuse(
        "incident.facts",
        N_("请写明情况；违纪须写明考生和档次，其他情况不填档次。"),
        N_("请补全后重新登记。"),
        clause=CLAUSE,
        status=422,
    )
