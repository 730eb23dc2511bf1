"""Fees (三（七）): what one applicant owes, from the fee table in force on the day; amounts in fen."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from jiangheng.rules.law import FOLDER
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

ITEMS = ("theory", "skill", "materials", "review")
PAYEES = ("body", "site", "centre")
OF_SUBJECT = {"theory": ("theory",), "skill": ("skill", "materials"), "review": ("review",)}


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A line of a dated fee table; ``label`` marks demonstration data, ``line_id`` its row where it is stored."""

    document: str
    occupation_code: str
    level: int
    item: str
    payee: str
    amount_fen: int
    valid_from: date
    valid_to: date | None
    label: str
    line_id: int | None = None


@cache
def demonstration_table() -> tuple[FeeRow, ...]:
    """The labelled demonstration table of ``law/fees_demo.toml``."""
    data = tomllib.loads((FOLDER / "fees_demo.toml").read_text(encoding="utf-8"))
    return tuple(
        FeeRow(data["document"], code, level, item, "body", amount, data["in_force_from"], None, data["label"])
        for code, level, *amounts in data["line"]
        for item, amount in zip(ITEMS, amounts, strict=True)
        if amount
    )


def charge(
    lines: Iterable[FeeRow], occupation_code: str, level: int, subjects: Sequence[str], on: date
) -> tuple[FeeRow, ...]:
    """The lines owed for ``subjects`` (make-up candidates pay only the failed ones). Refusals (409):
    ``fee.none`` where a subject has no row, ``fee.twice`` where two rows in force would charge the same item twice.
    """
    wanted = {item for subject in subjects for item in OF_SUBJECT[subject]}
    owed = tuple(
        line
        for line in lines
        if line.occupation_code == occupation_code
        and line.level == level
        and line.item in wanted
        and line.valid_from <= on
        and (line.valid_to is None or on <= line.valid_to)
    )
    if len({(line.item, line.payee) for line in owed}) < len(owed):
        raise refuse(
            "fee.twice",
            N_("%(on)s职业%(occupation)s、%(level)s级同一收费项目有两条收费标准同时有效，不能计费。"),
            N_("请市鉴定中心核对收费标准的起止日期，停用其中一条。"),
            clause="三（七）",
            on=on.isoformat(),
            occupation=occupation_code,
            level=level,
        )
    covered = {line.item for line in owed}
    if any(subject not in covered for subject in subjects):
        raise refuse(
            "fee.none",
            N_("%(on)s没有职业%(occupation)s、%(level)s级的收费标准，不能计费。"),
            N_("请市鉴定中心先按收费文件录入该职业、等级和科目的收费标准。"),
            clause="三（七）",
            on=on.isoformat(),
            occupation=occupation_code,
            level=level,
        )
    return owed
