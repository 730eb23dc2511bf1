"""Pages of staff on a phone: their posts, the room, the sign-in desk, marks, the record."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.exam_day import actions, forms, queries
from jiangheng.rules import flows
from jiangheng.rules.days import sitting_time
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import discipline
from jiangheng.rules.examination.staffing import EXAMINER_POSTS, POSTS
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.screens import display
from jiangheng.screens.attachments import attachment
from jiangheng.screens.request import Request
from jiangheng.sittings import actions as arranging
from jiangheng.sittings import queries as sittings
from jiangheng.sittings.models import Sitting
from jiangheng.sittings.views.body import name_of
from jiangheng.sittings.views.meetings import tasks_of
from jiangheng.sittings.views.printed import own_links
from jiangheng.values.queries import law

STAFF = (Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR)
KEEPERS = (Role.EXAMINER, Role.INVIGILATOR)


def crumbs(sitting: Sitting | None = None, last: str = "") -> tuple[tuple[Any, str | None], ...]:
    """The way to a page of one's duties."""
    way: list[tuple[Any, str | None]] = [(_("我的考务"), reverse("exam_day:mine"))]
    if sitting is not None:
        way.append((name_of(sitting), reverse("exam_day:duty", args=[sitting.pk]) if last else None))
    if last:
        way.append((last, None))
    return tuple(way)


@screens.signed_in(*STAFF)
@require_safe
def mine(request: Request) -> HttpResponse:
    """Where one is posted, next first."""
    posts = list(sittings.mine(request.person)[:100])
    over = [each for each in posts if each.sitting.state in ("recorded",)]
    return render(
        request,
        "exam_day/mine.html",
        {
            "title": _("我的考务"),
            "breadcrumb": crumbs(),
            "coming": [(each, display.word(POSTS[each.post])) for each in posts if each not in over],
            "meetings": sittings.meetings.concerning(request.person),
            "watches": request.person.role in (Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR),
            "over": [(each, display.word(POSTS[each.post])) for each in over],
        },
    )


@screens.signed_in(*STAFF)
@require_safe
def duty(request: Request, sitting_id: int) -> HttpResponse:
    """One sitting as its staff work it: what is next, the room code, counts."""
    person = request.person
    sitting = sittings.get(person, sitting_id)
    post = sittings.assignment(person, sitting)
    seats = list(sittings.seats_of(sitting))
    today = local_day(request.now)
    prints_from = sitting_time.staff_prints_open(local_day(sitting.starts_at), law(today))
    return render(
        request,
        "exam_day/duty.html",
        {
            "title": name_of(sitting),
            "breadcrumb": crumbs(sitting),
            "sitting": sitting,
            "post": post,
            "post_word": display.word(POSTS[post.post]) if post else "",
            "prints": own_links(sitting) if post and prints_from <= today and sitting.state != "recorded" else [],
            "prints_from": prints_from if post and today < prints_from else None,
            "tasks": tasks_of(post.post) if post else [],
            "meeting": next(iter(sittings.meetings.called(person, sitting.plan_id)), None),
            "missed": sittings.meetings.missed(person, sitting.plan_id) if post else None,
            "keeper": person.role in KEEPERS and post is not None and post.post != "internal_supervisor",
            "examiner": post is not None and post.post in EXAMINER_POSTS and sitting.subject != "theory",
            "counts": counts_of(seats),
            "staff": [(each, display.word(POSTS[each.post])) for each in sittings.shown_staff(sitting)],
            "record": queries.record_of(sitting),
            "incidents": list(queries.incidents_of(sitting)),
            "unsealed_by_me": sitting.unsealed_by_id is not None and sitting.unsealed_by_id == person.account_id,
            "show_code": sitting.state == "open" and sitting.subject == "theory" and person.role in KEEPERS,
        },
    )


def counts_of(seats: list[Any]) -> dict[str, int]:
    """Expected, present, absent, waiting and handed in of some seats."""
    return {
        "expected": len(seats),
        "present": sum(seat.signed_in_at is not None for seat in seats),
        "absent": sum(seat.absent for seat in seats),
        "waiting": sum(seat.signed_in_at is None and not seat.absent for seat in seats),
        "handed_in": sum(seat.handed_in_at is not None for seat in seats),
    }


def _post(request: Request, sitting_id: int, take: Any, sentence: str) -> HttpResponse:
    take(by=request.person, now=request.now, sitting_id=sitting_id)
    screens.done(request, sentence)
    return HttpResponseRedirect(reverse("exam_day:duty", args=[sitting_id]))


@screens.signed_in(Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR)
@require_POST
def acknowledge(request: Request, sitting_id: int) -> HttpResponse:
    """Say that one will be there."""
    return _post(request, sitting_id, arranging.acknowledge, _("已确认任务。"))


@screens.signed_in(*KEEPERS)
@require_POST
def unseal(request: Request, sitting_id: int) -> HttpResponse:
    """The first of two looks at the seal."""
    return _post(request, sitting_id, actions.unseal, _("封条已查验，请另一名考务人员开考。"))


@screens.may("sittings.enter_mark")
@require_http_methods(["GET", "POST"])
def marks(request: Request, sitting_id: int) -> HttpResponse:
    """One candidate a card; one's own marks, the others' only when all are in."""
    person = request.person
    sitting = sittings.get(person, sitting_id)
    at, typed = 0, {}
    if request.method == "POST":
        at = _whole(request.POST.get("seat", ""))
        typed = {"mark": request.POST.get("mark", "")[:10], "reason": request.POST.get("reason", "")[:200]}

    def show(refusal: Refusal | None) -> HttpResponse:
        return render(
            request,
            "exam_day/marks.html",
            {
                "title": _("技能评分"),
                "lead": name_of(sitting),
                "breadcrumb": crumbs(sitting, _("评分")),
                "sitting": sitting,
                "working": sitting.state in flows.states("sitting", "running"),
                "cards": queries.mark_cards(person, sitting),
                "refusal": refusal,
                "at": at,
                "typed": typed,
            },
            status=refusal.status if refusal else 200,
        )

    return screens.act(
        request,
        None,
        lambda _typed: actions.enter_mark(
            by=person, now=request.now, seat_id=at, revision=_whole(request.POST.get("revision", "")), **typed
        ),
        back=f"{reverse('exam_day:marks', args=[sitting.pk])}#seat-{at}",
        said=_("评分已保存。"),
        show=show,
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@screens.may("sittings.note_incident")
@require_http_methods(["GET", "POST"])
def incident(request: Request, sitting_id: int) -> HttpResponse:
    """Note what happened."""
    person = request.person
    sitting = sittings.get(person, sitting_id)
    on = local_day(request.now)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.IncidentForm(*posted, seats=list(sittings.seats_of(sitting)), on=on)
    return screens.act(
        request,
        form,
        lambda data: actions.note_incident(
            by=person,
            now=request.now,
            sitting_id=sitting.pk,
            seat_id=data["seat"],
            kind=data["kind"],
            tier=data["tier"],
            text=data["text"],
            uploads=data["evidence"],
            once=screens.once(request),
        ),
        back=reverse("exam_day:duty", args=[sitting.pk]),
        said=_("已登记。"),
        title=_("登记考场情况"),
        submit=_("登记"),
        breadcrumb=crumbs(sitting, _("登记情况")),
        lead=_("设备故障、更换试卷、违纪等情况当场登记，登记后不能删除。"),
        multipart=True,
        aside=("exam_day/_tiers.html", {"tiers": discipline.tiers(on)}),
    )


@screens.signed_in(*STAFF, Role.CENTRE, Role.BODY)
@require_safe
def evidence(request: Request, sitting_id: int, evidence_id: int) -> Any:
    """A file kept as evidence of an incident, to whoever sees the sitting."""
    return attachment(queries.evidence(request.person, sitting_id, evidence_id))


@screens.may("sittings.allow_minutes")
@require_http_methods(["GET", "POST"])
def extra(request: Request, sitting_id: int) -> HttpResponse:
    """More time for one candidate."""
    person = request.person
    sitting = sittings.get(person, sitting_id)
    form = forms.ExtraForm(request.POST or None)
    return screens.act(
        request,
        form,
        lambda typed: actions.allow_minutes(
            by=person, now=request.now, sitting_id=sitting.pk, once=screens.once(request), **typed
        ),
        back=reverse("exam_day:duty", args=[sitting.pk]),
        said=_("已补时。"),
        title=_("补时"),
        submit=_("补时"),
        breadcrumb=crumbs(sitting, _("补时")),
        lead=_("只用于设备故障等非考生原因造成的时间损失。"),
    )


@screens.may("sittings.sign_first")
@require_http_methods(["GET", "POST"])
def record(request: Request, sitting_id: int) -> HttpResponse:
    """考场记录单: write and sign first."""
    person = request.person
    sitting = sittings.get(person, sitting_id)
    seats = list(sittings.seats_of(sitting))
    counts = counts_of(seats)
    form = forms.RecordForm(
        request.POST or None, initial={"papers_received": counts["expected"], "papers_returned": counts["expected"]}
    )
    return screens.act(
        request,
        form,
        lambda typed: actions.sign_first(by=person, now=request.now, sitting_id=sitting.pk, **typed),
        back=reverse("exam_day:duty", args=[sitting.pk]),
        said=_("考场记录已签署，请第二人核对签署。"),
        title=_("考场记录单"),
        submit=_("签署（第一人）"),
        breadcrumb=crumbs(sitting, _("考场记录")),
        lead=name_of(sitting),
        aside=("exam_day/_counts.html", {"counts": counts, "absent": [seat for seat in seats if seat.absent]}),
        once=False,
    )
