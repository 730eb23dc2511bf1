"""Occupations, working days and fees over HTTP; public, as their pages are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiangheng.catalog import queries

router = Router(tags=["catalog"])
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class OccupationOut(Schema):
    """An occupation of the national catalogue."""

    code: str
    name: str
    edition: str
    jobs: list[str]
    levels: str
    label: str


class DayOut(Schema):
    """One day of a count; ``place`` is its place among the working days, null when passed over."""

    date: date
    workday: bool
    name: str
    provisional: bool
    place: int | None


class CountOut(Schema):
    """The day a count ends on and every day looked at; provisional where no calendar is published."""

    date: date
    provisional: bool
    days: list[DayOut]


class FeeOut(Schema):
    """A fee line in force; the amount in fen."""

    document: str
    occupation_code: str
    level: int
    item: str
    payee: str
    amount_fen: int
    valid_from: date
    valid_to: date | None
    label: str


@router.get("/occupations", response=list[OccupationOut], auth=None, summary="职业目录")
def occupations(request: HttpRequest) -> list[OccupationOut]:  # noqa: ARG001
    """Every occupation, by code."""
    return [
        OccupationOut(**{name: getattr(row, name) for name in OccupationOut.model_fields})
        for row in queries.occupations()
    ]


@router.get("/workday", response=CountOut, auth=None, summary="工作日推算")
def workday(
    request: HttpRequest,  # noqa: ARG001
    direction: Literal["before", "after"],
    day: Day,
    workdays: Annotated[int, Field(ge=1, le=250)],
) -> CountOut:
    """“N个工作日前” (before) and “公示N个工作日” (after), with the day-by-day count."""
    calendar = queries.calendar()
    count = calendar.before(day, workdays) if direction == "before" else calendar.after(day, workdays)
    days: list[DayOut] = []
    place = 0
    for each in count.days:
        place += each.workday
        days.append(
            DayOut(
                date=each.date,
                workday=each.workday,
                name=each.name,
                provisional=each.provisional,
                place=place if each.workday else None,
            )
        )
    return CountOut(date=count.date, provisional=count.provisional, days=days)


@router.get("/fees", response=list[FeeOut], auth=None, summary="收费标准")
def fees(request: HttpRequest, occupation_code: str, level: int, on: Day) -> list[FeeOut]:  # noqa: ARG001
    """The fee lines of an occupation and level in force on a day (三（七）)."""
    return [
        FeeOut(**{name: getattr(row, name) for name in FeeOut.model_fields})
        for row in queries.fee_lines(occupation_code, level, on)
    ]
