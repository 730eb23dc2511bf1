"""The candidate's room: entering, the paper, saving, handing in; as plain forms or as a page that saves itself."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.exam_day import actions, forms, queries
from jiangheng.papers import queries as papers
from jiangheng.rules import codes
from jiangheng.rules.days import sitting_time
from jiangheng.rules.examination.answers import Given, Saved, bad_answer
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import PUBLIC, Person, Role
from jiangheng.screens import display
from jiangheng.screens.request import Request
from jiangheng.sittings.models import Seat

LETTERS = "ABCDEF"
LARGEST_BODY = 200_000


def _person(request: Request) -> Person:
    """The candidate's own account where signed in as one; otherwise whoever holds the seat's key."""
    person: Person = request.person
    return person if person.role is Role.CANDIDATE else PUBLIC


def _held(request: Request) -> tuple[int, str]:
    held = request.session.get("seat") or {}
    return int(held.get("id") or 0), str(held.get("lease") or "")


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: Request) -> HttpResponse:
    """Ticket number, last four of the document, room code."""
    person, refusal = _person(request), None
    known = person.role is Role.CANDIDATE
    form = forms.EnterForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid():
        data = {"tail": "", **form.cleaned_data}
        address = request.META.get("REMOTE_ADDR", "")
        try:
            seat = actions.enter_room(by=person, now=request.now, address=address, **data)
        except Refusal as error:
            refusal = error
            if error.code == "room.wrong":
                actions.fail_entry(by=person, now=request.now, address=address, ticket_number=data["ticket_number"])
        else:
            request.session.cycle_key()
            request.session["seat"] = {"id": seat.pk, "lease": seat.lease}
            return HttpResponseRedirect(reverse("exam_day:paper"))
    return screens.form_page(
        request,
        form,
        title=_("进入考试"),
        submit=_("进入考试"),
        lead=_("请先在监考人员处核验证件签到，再输入准考证号和考场口令。"),
        refusal=refusal,
        once=False,
        template="exam_day/enter.html",
    )


@never_cache
@require_safe
def paper(request: Request) -> HttpResponse:
    """The paper with the answers standing, and the time left by the server's clock."""
    seat_id, lease = _held(request)
    if not seat_id:
        return HttpResponseRedirect(reverse("exam_day:room"))
    seat = actions.start_paper(by=_person(request), now=request.now, seat_id=seat_id, lease=lease)
    return _paper(request, seat, (), None)


def _paper(request: Request, seat: Seat, stale: tuple[Saved, ...], refusal: Refusal | None) -> HttpResponse:
    content = papers.contents([seat.paper_set_id])[seat.paper_set_id] if seat.paper_set_id else []
    standing = queries.standing_answers(seat)
    clash = {each.question: each for each in stale}
    questions = []
    for number, row in enumerate(content, start=1):
        value, revision = standing.get(number, ("", 0))
        letters = ("T", "F") if row["kind"] == "judge" else tuple(LETTERS[: len(row["options"])])
        questions.append(
            {
                "number": number,
                "kind": row["kind"],
                "word": codes.label("question_kind", row["kind"]),
                "stem": row["stem"],
                "points": row["points"],
                "options": [
                    {"letter": letter, "text": text, "chosen": letter in value}
                    for letter, text in zip(letters, row["options"], strict=False)
                ],
                "value": value,
                "revision": revision,
                "clash": clash.get(number),
            }
        )
    return render(
        request,
        "exam_day/paper.html",
        {
            "title": display.subject(seat.sitting.subject),
            "seat": seat,
            "sitting": seat.sitting,
            "questions": questions,
            "answered": sum(bool(each["value"]) for each in questions),
            "seconds_left": _left(seat, request),
            "ends": _ends(seat),
            "form_key": secrets.token_urlsafe(9),
            "stale": stale,
            "refusal": refusal,
        },
        status=refusal.status if refusal else 409 if stale else 200,
    )


@never_cache
@require_POST
def save(request: Request) -> HttpResponse:
    """Save from the page (JSON) or from the plain form; a stale answer is told, kept and does no harm."""
    if request.content_type == "application/json":
        return _save_json(request)
    seat_id, lease = _held(request)
    given = _from_form(request)
    saved = actions.save_answers(by=_person(request), now=request.now, seat_id=seat_id, lease=lease, answers=given)
    stale = tuple(each for each in saved if each.status == "stale" and each.value != each.yours)
    if stale:
        seat = actions.start_paper(by=_person(request), now=request.now, seat_id=seat_id, lease=lease)
        return _paper(request, seat, stale, None)
    if request.POST.get("then") == "hand_in":
        return HttpResponseRedirect(reverse("exam_day:hand_in"))
    screens.done(request, _("答案已保存。"))
    return HttpResponseRedirect(reverse("exam_day:paper"))


def _from_form(request: Request) -> list[Given]:
    """The answers of the plain form that differ from what the page showed."""
    key = request.POST.get("form_key", "")[:20]
    given = []
    for name in request.POST:
        if not (name.startswith("was_") and name[4:].isascii() and name[4:].isdigit() and len(name) < 10):
            continue
        number = int(name[4:])
        value = "".join(sorted(request.POST.getlist(f"q_{number}")))
        if value == request.POST.get(name, ""):
            continue
        base = request.POST.get(f"base_{number}", "")
        if not (base.isascii() and base.isdigit() and len(base) < 10):
            raise bad_answer()
        given.append(Given(number, value, int(base), f"form:{key}:{number}"))
    return given


def _save_json(request: Request) -> HttpResponse:
    seat_id, lease = _held(request)
    try:
        given = _parsed(request)
        saved = actions.save_answers(by=_person(request), now=request.now, seat_id=seat_id, lease=lease, answers=given)
    except Refusal as error:
        return _refused(error)
    seat = queries.seat_by_lease(seat_id, lease)
    results = [
        {
            "question": each.question,
            "key": each.key,
            "status": each.status,
            "revision": each.revision,
            "value": each.value,
            "yours": each.yours,
        }
        for each in saved
    ]
    status = 409 if any(each.status == "stale" for each in saved) else 200
    return JsonResponse({"results": results, "seconds_left": _left(seat, request)}, status=status)


def _parsed(request: Request) -> list[Given]:
    if len(request.body) > LARGEST_BODY:
        raise bad_answer()
    try:
        rows = json.loads(request.body)["answers"]
        given = [
            Given(int(row["question"]), str(row["value"]), int(row["base"]), str(row["key"]))
            for row in rows
            if isinstance(row, dict)
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise bad_answer() from None
    if len(given) != len(rows) or any(not 0 <= each.base < 10**9 or abs(each.question) > 10**6 for each in given):
        raise bad_answer()
    return given


def _left(seat: Seat | None, request: Request) -> int:
    ends = _ends(seat) if seat else None
    return max(0, int((ends - request.now).total_seconds())) if ends else 0


def _ends(seat: Seat) -> datetime | None:
    sitting = seat.sitting
    if sitting.opened_at is None:
        return None
    return sitting_time.writing_ends(sitting.opened_at, sitting.starts_at, sitting.ends_at, seat.extra_minutes)


def _refused(error: Refusal) -> JsonResponse:
    body = {"code": error.code, "message": display.sentence(error), "remedy": display.advice(error)}
    return JsonResponse(body, status=error.status)


@never_cache
@require_safe
def state(request: Request) -> HttpResponse:
    """The answers standing and the time left, for a page that comes back after a loss of network."""
    seat_id, lease = _held(request)
    seat = queries.seat_by_lease(seat_id, lease)
    if seat is None or seat.sitting.state != "open":
        return JsonResponse({"code": "room.not_open", "seconds_left": 0, "answers": {}}, status=409)
    answers = {str(number): list(each) for number, each in queries.standing_answers(seat).items()}
    return JsonResponse({"seconds_left": _left(seat, request), "answers": answers})


@never_cache
@require_http_methods(["GET", "POST"])
def hand_in(request: Request) -> HttpResponse:
    """Ask once more, then hand in for good."""
    seat_id, lease = _held(request)
    if request.method == "POST":
        seat = actions.hand_in(by=_person(request), now=request.now, seat_id=seat_id, lease=lease)
        request.session.pop("seat", None)
        return render(request, "exam_day/handed_in.html", {"title": _("已交卷"), "seat": seat})
    seat_now = queries.seat_by_lease(seat_id, lease)
    if seat_now is None:
        return HttpResponseRedirect(reverse("exam_day:room"))
    return render(request, "exam_day/hand_in.html", _hand_in_context(seat_now))


def _hand_in_context(seat: Seat) -> dict[str, Any]:
    total = papers.question_count(seat.paper_set_id) if seat.paper_set_id else 0
    answered = sum(bool(value) for value, _revision in queries.standing_answers(seat).values())
    return {"title": _("交卷"), "seat": seat, "total": total, "answered": answered, "left": total - answered}
