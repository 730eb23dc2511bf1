"""Where the steps of filings and of their changes are taken, and what differs among them."""

from __future__ import annotations

from django.urls import reverse

from jiangheng import screens
from jiangheng.bodies import queries
from jiangheng.bodies.forms import FileForm, RectifyForm, StandingForm
from jiangheng.bodies.models import BodyChange, Filing
from jiangheng.bodies.views.changes import kind_word
from jiangheng.bodies.views.register import crumbs
from jiangheng.rules.days.local_time import local_day
from jiangheng.screens import Asks, Links, Steps
from jiangheng.screens.request import Request


def _filing(filing: Filing) -> str:
    return reverse("bodies:filing_detail", args=[filing.pk])


def _trail(filing: Filing) -> Links:
    return crumbs((filing.organisation.name, _filing(filing)))


def _change(change: BodyChange) -> str:
    return reverse("bodies:change", args=[change.pk])


def _change_trail(change: BodyChange) -> Links:
    return crumbs((kind_word(change.kind), _change(change)))


def _file(request: Request, filing: Filing) -> FileForm:
    return FileForm(screens.posted(request), initial={"number": filing.number})


def _standing(request: Request, _filing: Filing) -> StandingForm:
    return StandingForm(screens.posted(request), initial={"on": local_day(request.now)})


def _rectify(request: Request, _filing: Filing) -> RectifyForm:
    return RectifyForm(screens.posted(request), initial={"on": local_day(request.now)})


STANDING = Asks(_standing)
STEPS = screens.register(
    Steps(
        "filing",
        "bodies:filing_step",
        "filings/",
        queries.filing,
        _filing,
        _trail,
        asks={
            "file": Asks(_file),
            "suspend": STANDING,
            "resume": STANDING,
            "revoke": STANDING,
            "rectify": Asks(_rectify),
        },
    ),
    Steps("body_change", "bodies:change_step", "changes/", queries.change, _change, _change_trail),
)
