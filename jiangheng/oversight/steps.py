"""Where the steps of an inspection are taken, and what differs among them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from jiangheng import screens
from jiangheng.oversight import queries
from jiangheng.oversight.forms import ConcludeForm, RectifyForm, StartForm
from jiangheng.oversight.models import Inspection
from jiangheng.oversight.views.inspecting import crumbs
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import Asks, Links, Steps
from jiangheng.screens.request import Request


def _home(one: Inspection) -> str:
    return reverse("oversight:inspection_detail", args=[one.pk])


def _sheet(one: Inspection) -> str:
    return reverse("oversight:sheet", args=[one.pk])


def _trail(one: Inspection) -> Links:
    return crumbs((one.body.name, _home(one)))


def _whose(person: Person, one: Inspection, _verb: str, _now: datetime) -> bool:
    """The centre, and of the supervisors those drawn for it."""
    return person.role is Role.CENTRE or queries.inspects(person, one)


def _start(request: Request, one: Inspection) -> StartForm:
    return StartForm(screens.posted(request), plans=list(queries.plans_of(one)))


def _rectify(request: Request, _one: Inspection) -> RectifyForm:
    return RectifyForm(screens.posted(request))


def _conclude(request: Request, one: Inspection) -> ConcludeForm:
    return ConcludeForm(screens.posted(request), initial={"summary": one.summary})


STEPS = screens.register(
    Steps(
        "inspection",
        "oversight:step",
        "inspections/",
        queries.get,
        _home,
        _trail,
        asks={
            "start": Asks(_start, back=_sheet),
            "record": Asks(page="oversight:sheet"),
            "rectify": Asks(_rectify),
            "conclude": Asks(_conclude),
        },
        concerns=_whose,
    ),
)
