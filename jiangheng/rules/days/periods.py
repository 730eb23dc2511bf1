"""Periods of years: how long a filing holds (一), how long the papers of an examination are kept (四（一）)."""

from __future__ import annotations

from datetime import date, timedelta

from jiangheng.rules.days.months import add_months
from jiangheng.rules.law import Law


def filing_ends(begins: date, law: Law) -> date:
    """The last day of a filing that begins on ``begins`` (default; 一 names no term)."""
    return add_months(begins, 12 * int(law.value("filing_years"))) - timedelta(days=1)


def kept_until(held_on: date, law: Law) -> tuple[date, date]:
    """The days until which the paper and the electronic records of an examination are kept (default; 四（一） names none)."""
    paper, electronic = (
        add_months(held_on, 12 * int(law.value(f"keep_{kind}_years"))) for kind in ("paper", "electronic")
    )
    return paper, electronic
