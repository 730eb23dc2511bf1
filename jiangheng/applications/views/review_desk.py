"""The reviewers' desk (三（一）): batches, the queue of one, form beside proofs with every decision at hand, settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.applications import actions, forms, queries
from jiangheng.applications.models import Application
from jiangheng.applications.queries import desk
from jiangheng.applications.views import wording
from jiangheng.files import preview
from jiangheng.journal import steps
from jiangheng.journal.queries import absent
from jiangheng.plans.models import Plan, Request
from jiangheng.rules import flows
from jiangheng.rules.applications import review
from jiangheng.rules.conditions.eligibility import MET
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display
from jiangheng.screens.request import Request as WebRequest

TABS = {
    "waiting": N_("待办"),
    "clean": N_("可批量受理"),
    "look": N_("需人工核对"),
    "flagged": N_("有提示"),
    "second": N_("待我复核"),
    "own": N_("我已初审"),
}
NOTE_LONGEST = 1000


@screens.signed_in(Role.BODY)
@require_safe
def batches(request: WebRequest) -> HttpResponse:
    """The body's own plans and assigned requests with how many wait in each."""
    person = request.person
    rows = [
        {
            "number": each.batch.number,
            "what": each.batch.title if isinstance(each.batch, Plan) else each.batch.class_name,
            "kind": _("认定计划") if isinstance(each.batch, Plan) else _("安排申请"),
            "exam_on": each.batch.exam_on,
            "waiting": each.waiting,
            "total": each.total,
            "href": _home(each.batch),
        }
        for each in queries.batches(person)
    ]
    return screens.listing(
        request,
        rows,
        title=_("按批次审核"),
        breadcrumb=((_("个人申请"), reverse("applications:list")), (_("按批次审核"), None)),
        links=((_("审核设置"), reverse("applications:review_settings")),),
        columns=(
            screens.Column("number", _("编号"), link=lambda row: row["href"]),
            screens.Column("kind", _("类别")),
            screens.Column("what", _("名称")),
            screens.Column("exam_on", _("考试日期"), kind="date"),
            screens.Column("waiting", _("待审核"), kind="number"),
            screens.Column("total", _("报名人数"), kind="number"),
        ),
        empty=_("承接计划或安排申请后，报名人员在这里按批次审核。"),
    )


def _home(batch: Plan | Request) -> str:
    return reverse(f"applications:batch_{'plan' if isinstance(batch, Plan) else 'request'}", args=[batch.pk])


@screens.signed_in(Role.BODY)
def batch(request: WebRequest, kind: str, batch_id: int) -> HttpResponse:
    """The queue of one batch: counts, what was done in bulk and what was left and why, each application waiting."""
    person, now = request.person, request.now
    record: Plan | Request = (
        queries.own_plan(person, batch_id) if kind == "plan" else queries.assigned_request(person, batch_id)
    )
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            where = _done(request, record, person, {f"{kind}_id": batch_id})
        except Refusal as error:
            refusal = error
        else:
            return HttpResponseRedirect(_home(record) + where)
    rows = desk.of_batch(record)
    counts = desk.tab_counts(rows, person.account_id)
    levels = desk.levels(person.organisation_id, local_day(now))
    chosen = request.GET.get("tab", "")
    narrowed = chosen in TABS or request.GET.get("state")
    answer = screens.listing(
        request,
        rows if narrowed else desk.tab(rows, "waiting", person.account_id),
        title=f"{record.number} {record.title if isinstance(record, Plan) else record.class_name}",
        breadcrumb=(
            (_("个人申请"), reverse("applications:list")),
            (_("按批次审核"), reverse("applications:batches")),
            (record.number, None),
        ),
        columns=_columns(chosen),
        search=("name", "number"),
        filters=(
            screens.Filter(
                "tab",
                _("审核分类"),
                [(name, _(label)) for name, label in TABS.items()],
                lambda given, value: desk.tab(given, value, person.account_id),
            ),
            screens.Filter("state", _("状态"), [(s.name, display.word(s.label)) for s in _states()]),
        ),
        order="id",
        empty=_("没有待办的申请。"),
        kind="application",
        template="applications/batch.html",
        context={
            "tabs": [
                {"name": name, "label": _(label), "count": counts[name], "here": name == (chosen or "waiting")}
                for name, label in TABS.items()
                if counts[name] or levels > 1 or name not in ("second", "own")
            ],
            "levels": levels,
            "counts": counts,
            "states": _standing_now(rows),
            "bulk": _bulk_of(person, record) if request.GET.get("bulk") else None,
            "undone": _undoable(request, person),
            "loose": _loose(record),
            "rolling": record.pk
            if isinstance(record, Plan) and record.state in flows.states("plan", "standing")
            else 0,
            "once": screens.token(request),
            "refusal": refusal,
        },
    )
    if refusal is not None:
        answer.status_code = refusal.status
    return answer


def _states() -> list[flows.State]:
    return [state for state in flows.FLOWS["application"].states if state.name != "draft"]


def _standing_now(rows: QuerySet[Application]) -> list[tuple[Any, int]]:
    found = queries.counts(rows)
    return [(display.state("application", each.name), found[each.name]) for each in _states() if found.get(each.name)]


def _columns(tab: str) -> tuple[screens.Column, ...]:
    where = f"?{urlencode({'tab': tab})}" if tab in TABS else ""
    return (
        screens.Column(
            "number",
            _("报名序号"),
            sort="number",
            link=lambda row: _desk_url(row) + where if row.state in desk.WAITING else _detail_url(row),
        ),
        screens.Column("name", _("姓名"), sort="name"),
        screens.Column("document", _("证件号码"), "identity.number_masked"),
        screens.Column("level", _("等级"), kind="level"),
        screens.Column("verdict", _("条件判断"), lambda row: wording.verdict(row.verdict)),
        screens.Column("standing", _("审核分类"), lambda row: wording.standing(row.standing)),
        screens.Column("why", _("说明"), lambda row: _why(row)),
        screens.Column("state", _("状态"), kind="state"),
    )


def _why(row: Application) -> str:
    told = [said for said, _often in wording.flags(row.flags)]
    return "；".join(told) or ("" if row.verdict == MET else str(row.judgement.get("clause", "")))


def _desk_url(row: Application) -> str:
    return reverse("applications:review", args=[row.pk])


def _detail_url(row: Application) -> str:
    return reverse("applications:detail", args=[row.pk])


def _loose(record: Plan | Request) -> int:
    if not isinstance(record, Plan) or not record.request_id:
        return 0
    return queries.of_request(record.request_id, desk.UNDECIDED).filter(plan=None).count()


def _bulk_of(person: Person, record: Plan | Request) -> dict[str, Any] | None:
    """What the latest bulk acceptance took and what it left, with why."""
    entry = desk.last_bulk(person, record)
    if entry is None:
        return None
    left = [(number, [_(each) for each in why]) for number, why in entry.after.get("left", [])]
    return {**entry.after, "left": left, "at": entry.at}


def _done(request: WebRequest, record: Plan | Request, person: Person, name: dict[str, int]) -> str:
    """Do what the button of a batch says; returns the query of the page that shows the answer."""
    do, now = request.POST.get("do", ""), request.now
    if do == "judge":
        outcome = actions.judge_all(by=person, now=now, **name)
        told = _("已审核：受理 %(accepted)s 人，不予受理 %(refused)s 人，待人工核对 %(left)s 人。")
        if outcome.passed:
            told = _("已审核：初审通过 %(passed)s 人，不予受理 %(refused)s 人，待人工核对 %(left)s 人。")
        figures = {"accepted": outcome.accepted, "passed": outcome.passed, "refused": outcome.not_accepted}
        screens.done(request, told % {**figures, "left": outcome.by_hand})
        return ""
    if do == "accept":
        done = actions.accept_clean(by=person, now=now, **name)
        said = [_("已受理 %(n)s 人。") % {"n": len(done.accepted)}] if done.accepted or not done.passed else []
        if done.passed:
            said.append(_("初审通过 %(n)s 人，待另一人复核。") % {"n": len(done.passed)})
        if done.left:
            said.append(_("%(n)s 人没有办理，请逐份核对。") % {"n": len(done.left)})
        screens.done(request, "".join(said))
        return "?bulk=1"
    if do == "look":
        ids = list(desk.of_batch(record).filter(state__in=desk.WAITING).order_by("id").values_list("pk", flat=True))
        actions.look(by=person, now=now, ids=ids)
        screens.done(request, _("已重新核对 %(n)s 人的提示。") % {"n": len(ids)})
        return ""
    if do == "bind" and isinstance(record, Plan):
        bound = actions.bind_to_plan(by=person, now=now, request_id=record.request_id or 0, plan_id=record.pk)
        screens.done(request, _("已并入 %(n)s 人。") % {"n": bound})
        return ""
    raise _unknown()


DECIDE: dict[str, Callable[..., Application]] = {
    "accept": actions.accept,
    "pass": actions.pass_first,
    "return": actions.return_,
    "refuse": actions.refuse_application,
    "take_back": actions.take_back,
    "send_back": actions.send_back,
    "undo": actions.undo,
}


@screens.signed_in(Role.BODY)
def review_one(request: WebRequest, application_id: int) -> HttpResponse:
    """The form beside its proofs with every decision at hand; after one, the next in the queue (三（一）)."""
    person, now = request.person, request.now
    application = queries.get(person, application_id)
    if not desk.decides(person, application):
        raise absent()
    record = application.plan or application.request
    assert record is not None
    tab = request.POST.get("tab") or request.GET.get("tab") or "waiting"
    queue = desk.tab(desk.of_batch(record), tab, person.account_id)
    before, after = desk.neighbours(queue, application_id)
    refusal: Refusal | None = None
    if request.method == "POST":
        verb, note = request.POST.get("do", ""), request.POST.get("note", "").strip()[:NOTE_LONGEST]
        try:
            _decide(application, verb, note, request)
        except Refusal as error:
            refusal = error
            if error.code in ("record.stale", "flow.state"):
                application = queries.get(person, application_id)
        else:
            word = display.word(flows.FLOWS["application"].transition(verb).label)
            screens.done(request, f"{word}：{application.number} {application.name}")
            goes_on = after if verb not in ("undo", "take_back") else application_id
            address = reverse("applications:review", args=[goes_on]) if goes_on else _home(record)
            said = {"tab": tab, **({"last": application_id} if verb not in ("undo", "send_back", "take_back") else {})}
            return HttpResponseRedirect(f"{address}?{urlencode(said)}")
    levels = desk.levels(person.organisation_id, local_day(now))
    proofs = queries.proofs(application)
    return render(
        request,
        "applications/review.html",
        {
            "title": f"{application.name} · {application.job or application.occupation_name}"
            f" {display.level(application.level)}",
            "breadcrumb": (
                (_("按批次审核"), reverse("applications:batches")),
                (record.number, _home(record)),
                (application.number, None),
            ),
            "application": application,
            "home": _home(record),
            "tab": tab,
            "tab_label": _(TABS.get(tab, TABS["waiting"])),
            "waiting": queue.count(),
            "previous": _with_tab(before, tab),
            "next": _with_tab(after, tab),
            "rows": wording.form_rows(application),
            "proofs": [(each, wording.proof(each.kind), range(1, preview.pages(each.file) + 1)) for each in proofs],
            "flags": wording.flags(application.flags),
            "judgement": wording.judgement(application.judgement, as_of=application.as_of_counted),
            "verdict": application.verdict,
            "verdict_tag": wording.verdict(application.verdict),
            "standing": wording.standing(application.standing),
            "steps": _steps(application, person, levels),
            "needs_words": application.verdict != MET and application.state == "submitted",
            "first_words": desk.other_reviewers([application_id]).get(application_id, ""),
            "return_reasons": review.reasons("return"),
            "refuse_reasons": review.reasons("refuse"),
            "undone": _undoable(request, person),
            "typed": request.POST if refusal else {},
            "picked": request.POST.getlist("reasons") if refusal else [],
            "opened": request.POST.get("do", "") if refusal else "",
            "refusal": refusal,
            "NOTE_LONGEST": NOTE_LONGEST,
        },
        status=refusal.status if refusal else 200,
    )


def _decide(application: Application, verb: str, note: str, request: WebRequest) -> None:
    if verb not in DECIDE:
        raise _unknown()
    given: dict[str, Any] = {"reasons": request.POST.getlist("reasons")} if verb in ("return", "refuse") else {}
    DECIDE[verb](
        by=request.person,
        now=request.now,
        application_id=application.pk,
        note=note,
        seen=screens.seen(request),
        **given,
    )


def _with_tab(application_id: int | None, tab: str) -> str:
    if application_id is None:
        return ""
    return f"{reverse('applications:review', args=[application_id])}?{urlencode({'tab': tab})}"


def _steps(application: Application, person: Person, levels: int) -> set[str]:
    """Which decisions this person may take on it now."""
    if application.state == "submitted":
        return {"pass" if levels > 1 else "accept", "return", "refuse"}
    if application.state == "reviewed":
        own = application.first_reviewed_by_id == person.account_id
        return {"take_back"} if own else {"accept", "return", "refuse", "send_back"}
    return set()


def _undoable(request: WebRequest, person: Person) -> dict[str, Any] | None:
    """The decision just taken, where it may still be undone."""
    asked = request.GET.get("last", "")
    if not (asked.isascii() and asked.isdigit()):
        return None
    found = queries.visible_to(person).filter(pk=int(asked[:18])).first()
    if found is None:
        return None
    may = steps.open_to(found, person, request.now)
    verb = next((each for each in ("take_back", "undo") if each in may), None)
    return {"row": found, "do": verb, "href": _desk_url(found)} if verb else None


@screens.may("review.set_levels")
def settings(request: WebRequest) -> HttpResponse:
    """How many persons look at each application, from which day on (三（一）)."""
    person, now = request.person, request.now
    today = local_day(now)
    levels = desk.levels(person.organisation_id, today)
    form = forms.LevelsForm(
        request.POST if request.method == "POST" else None, initial={"levels": levels, "valid_from": today}
    )
    return screens.act(
        request,
        form,
        lambda typed: actions.set_levels(
            by=person,
            now=now,
            levels=int(typed["levels"]),
            valid_from=typed["valid_from"],
            once=screens.once(request),
        ),
        back=reverse("applications:review_settings"),
        said=_("审核级数已设定。"),
        title=_("审核设置"),
        submit=_("保存"),
        lead=_("通知未规定审核级数，未设定时按默认值一级审核。两级审核的，初审和复核须由不同的人办理。"),
        breadcrumb=((_("按批次审核"), reverse("applications:batches")), (_("审核设置"), None)),
        aside=("applications/_levels.html", {"settings": desk.settings_of(person.organisation_id), "levels": levels}),
    )


def _unknown() -> Refusal:
    return refuse("batch.unknown", N_("没有这项办理。"), N_("请刷新页面，从页面上的按钮办理。"), status=422)
