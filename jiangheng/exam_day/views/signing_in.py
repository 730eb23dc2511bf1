"""Exam day at the door and from afar (四（七）): the sign-in desk with its queue, and the live board."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.exam_day import actions, queries
from jiangheng.exam_day.views.duty import KEEPERS, counts_of, crumbs
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import id_reader
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display
from jiangheng.screens.request import Request
from jiangheng.sittings import queries as sittings
from jiangheng.sittings.models import Seat
from jiangheng.sittings.views.body import name_of

MOST_AT_ONCE = 50
WATCHERS = (Role.CENTRE, Role.BODY, Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR)


@screens.signed_in(*KEEPERS)
@require_http_methods(["GET", "POST"])
def desk(request: Request, sitting_id: int) -> HttpResponse:
    """The sign-in desk: type or scan a ticket number; who is still missing."""
    person = request.person
    sitting = sittings.get(person, sitting_id)
    typed = request.POST.get("ticket_number", "").strip()[: id_reader.LONGEST]
    deeds = {"in": actions.sign_in, "absent": actions.mark_absent, "clear": actions.clear_absent}
    take = deeds.get(request.POST.get("deed", "in"), actions.sign_in)

    def show(refusal: Refusal | None) -> HttpResponse:
        seats = list(sittings.seats_of(sitting))
        return render(
            request,
            "exam_day/desk.html",
            {
                "title": _("考生签到"),
                "lead": name_of(sitting),
                "breadcrumb": crumbs(sitting, _("签到")),
                "sitting": sitting,
                "working": sitting.state in flows.states("sitting", "signing_in"),
                "waiting": [seat for seat in seats if seat.signed_in_at is None and not seat.absent],
                "absent": [seat for seat in seats if seat.absent],
                "present": [seat for seat in seats if seat.signed_in_at is not None],
                "counts": counts_of(seats),
                "typed": "" if id_reader.looks_like_document(typed) else typed[:30],
                "refusal": refusal,
            },
            status=refusal.status if refusal else 200,
        )

    return screens.act(
        request,
        None,
        lambda _typed: take(by=person, now=request.now, sitting_id=sitting.pk, ticket_number=typed),
        back=reverse("exam_day:desk", args=[sitting.pk]),
        said=lambda seat: _told(request.POST.get("deed", "in"), seat),
        show=show,
    )


@never_cache
@screens.signed_in(*KEEPERS)
@require_POST
def desk_queue(request: Request, sitting_id: int) -> JsonResponse:
    """What a desk noted while it had no network, as JSON; each answered by its key, in the order noted.

    ``{"sent": ms, "items": [{"key", "deed": "in|absent|clear", "number", "at": ms}]}``; ``at`` and ``sent`` are of one
    clock, whichever it shows: the server takes only their difference.
    """
    person: Person = request.person
    sittings.get(person, sitting_id)
    answers = []
    for item in _items(request):
        try:
            seat = _taken(person, request.now, sitting_id, item)
        except Refusal as error:
            shown = _("证件") if id_reader.looks_like_document(item["number"]) else item["number"][:30]
            words = f"{shown}：{display.sentence(error)}{display.advice(error)}"
            answers.append({"key": item["key"], "ok": False, "code": error.code, "words": words})
        else:
            answers.append({"key": item["key"], "ok": True, "words": _told(item["deed"], seat)})
    return JsonResponse({"answers": answers})


def _taken(person: Person, now: datetime, sitting_id: int, item: dict[str, Any]) -> Seat:
    given: dict[str, Any] = {"by": person, "now": now, "sitting_id": sitting_id, "ticket_number": item["number"]}
    if item["deed"] == "absent":
        return actions.mark_absent(**given)
    if item["deed"] == "clear":
        return actions.clear_absent(**given)
    return actions.sign_in(**given, noted_at=now - timedelta(milliseconds=item["ago"]))


def _told(deed: str, seat: Seat) -> str:
    said = {
        "absent": _("%(name)s 已登记缺考。"),
        "clear": _("%(name)s 的缺考登记已更正。"),
    }.get(deed, _("%(name)s 已签到，座位 %(seat)s。"))
    return said % {"name": seat.application.name, "seat": seat.number}


def _items(request: Request) -> list[dict[str, Any]]:
    if request.content_type != "application/json":
        raise _malformed()
    try:
        given = json.loads(request.body)
        sent, rows = given["sent"], given["items"]
        items = [
            {
                "key": str(row["key"])[:60],
                "deed": row["deed"],
                "number": str(row["number"])[: id_reader.LONGEST],
                "ago": max(0, min(int(sent) - int(row["at"]), 10**10)),
            }
            for row in rows
        ]
    except (ValueError, KeyError, TypeError, OverflowError):
        raise _malformed() from None
    if len(items) > MOST_AT_ONCE or any(item["deed"] not in ("in", "absent", "clear") for item in items):
        raise _malformed()
    return items


def _malformed() -> Refusal:
    return refuse(
        "desk.items",
        N_("上传的签到记录格式不正确，没有办理。"),
        N_("请刷新页面后重新签到。"),
        clause="四（七）",
        status=422,
    )


@screens.signed_in(*WATCHERS)
@require_safe
def board(request: Request) -> HttpResponse:
    """All sittings of a day one may see, with who came, who did not, and what was noted; renews itself."""
    today = local_day(request.now)
    on = _day(request.GET.get("on", "")) or today
    rows = list(queries.on_day(request.person, on)[:300])
    totals = {name: sum(getattr(row, name) for row in rows) for name in ("expected", "present", "away", "noted")}
    return render(
        request,
        "exam_day/board.html",
        {
            "title": _("考试实况"),
            "breadcrumb": ((_("考试场次"), reverse("sittings:list")), (_("考试实况"), None))
            if request.person.role in (Role.CENTRE, Role.BODY)
            else crumbs(None, _("考试实况")),
            "on": on,
            "before": on - timedelta(days=1),
            "after": on + timedelta(days=1),
            "live": on == today,
            "at": request.now,
            "rows": [(row, display.state("sitting", row.state), display.subject(row.subject)) for row in rows],
            "totals": totals,
            "linked": request.person.role in (Role.CENTRE, Role.BODY),
        },
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
