"""Where the steps of sittings and of the meetings before them are taken, and what differs among them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jiangheng import screens
from jiangheng.screens import Asks, Links, Steps
from jiangheng.sittings import queries
from jiangheng.sittings.models import Meeting, Sitting
from jiangheng.sittings.views.body import address, name_of
from jiangheng.sittings.views.body import crumbs as office_crumbs
from jiangheng.sittings.views.meetings import address as meeting_home
from jiangheng.sittings.views.meetings import crumbs as meeting_crumbs


def _of_plan(sitting: Sitting) -> str:
    return reverse("sittings:plan", args=[sitting.plan_id])


def _duty(sitting: Sitting) -> str:
    return reverse("exam_day:duty", args=[sitting.pk])


def _trail(sitting: Sitting) -> Links:
    return ((_("我的考务"), reverse("exam_day:mine")), (name_of(sitting), _duty(sitting)), (_("办理"), None))


def _office_trail(sitting: Sitting) -> Links:
    return office_crumbs((name_of(sitting), address(sitting)), (_("办理"), None))


def _called_off(meeting: Meeting) -> Links:
    return meeting_crumbs(meeting, _("取消"))


PLAN = Asks(page="sittings:plan", to=lambda sitting: [sitting.plan_id])
STEPS = screens.register(
    Steps(
        "sitting",
        "sittings:step",
        "",
        queries.get,
        _duty,
        _trail,
        asks={
            "arrange": PLAN,
            "issue_tickets": PLAN,
            "brief": PLAN,
            "rearrange": Asks(
                lead=lambda _request, _one: _("该科目的全部场次一并重新编排。"), back=_of_plan, trail=_office_trail
            ),
            "cancel": Asks(back=_of_plan, trail=_office_trail),
        },
        readers=(),
    ),
    Steps(
        "meeting",
        "sittings:meeting_step",
        "meetings/",
        queries.meetings.get,
        meeting_home,
        _called_off,
        asks={
            "hold": Asks(page="sittings:hold_meeting"),
            "cancel": Asks(
                lead=lambda _request, _one: _("取消后通知各岗位人员；可以重新通知召开。"),
                message=_("会议已取消，并已通知各岗位人员。"),
            ),
        },
    ),
)
