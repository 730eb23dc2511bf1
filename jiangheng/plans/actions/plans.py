"""附件5: a body's plan, from the draft to its end (三（三）, 三（六）)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Organisation
from jiangheng.catalog import queries as catalog
from jiangheng.journal.actions import action, move, record
from jiangheng.journal.actions.numbering import take
from jiangheng.plans import checks, queries
from jiangheng.plans.actions.changes import drop_waiting
from jiangheng.plans.actions.numbers_and_notices import changed, own, tell, tell_centre
from jiangheng.plans.actions.parties import call_off, tell_parties, tell_people
from jiangheng.plans.models import Plan, PlanRow
from jiangheng.rules import codes, flows
from jiangheng.rules.days.local_time import LIUZHOU, local_day, local_moment
from jiangheng.rules.given import PlanGiven, PlanRowGiven
from jiangheng.rules.readers import phones
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

MOST_PEOPLE, MOST_ROWS, LONGEST = 10_000, 50, 480


@action("plan.draft")
def draft(*, by: Person, now: datetime, given: PlanGiven, request_id: int | None = None) -> Plan:
    """Draft 附件5, of its own accord or from a request taken on (三（三）, 三（四）).

    Refusals (422): ``plan.rows``, ``plan.twice``, ``plan.headcount``, ``plan.subject``, ``plan.subject_time``,
    ``plan.source``, ``plan.paper_source``,
    those of ``require_occupation``; ``plan.not_filed`` (403, 三（六）); ``plan.request`` (409); ``record.none`` (404) for a venue or request not visible.
    """
    body = bodies.get(by, by.organisation_id or 0)
    if by.role is not Role.BODY or body.kind not in bodies.BODY_KINDS:
        raise _not_filed(body.kind)
    if request_id is not None:
        _free_request(by, request_id)
    clean_rows = _rows(given.rows, given.exam_on, body.pk)
    facts = _clean(by, body, given, clean_rows)
    day = local_day(now)
    law = values.law(day)
    deadline = checks.plan_deadline(body.kind, given.exam_on, values.calendar(), law)
    plan = Plan.objects.create(
        number=take("plan", now),
        body_id=body.pk,
        request_id=request_id,
        deadline_on=deadline.last_day,
        law_version=law.version,
        created_at=now,
        **facts,
    )
    PlanRow.objects.bulk_create(PlanRow(plan=plan, **row) for row in clean_rows)
    record(plan, after={"number": plan.number, "request_id": request_id, **facts, "rows": _told(clean_rows)})
    return plan


@action("plan.change")
def change(*, by: Person, now: datetime, plan_id: int, given: PlanGiven, seen: int | None = None) -> Plan:
    """Change a plan while it is a draft or returned (三（三）). Refusals: as ``draft``; ``plan.fixed`` (409)."""
    plan = _own(by, plan_id)
    if plan.state not in flows.states("plan", "editable"):
        raise refuse(
            "plan.fixed",
            N_("计划报送后不能修改。"),
            N_("需要修改的，请市鉴定中心退回，或取消后复制为新计划重新报送。"),
            clause="三（三）",
        )
    clean_rows = _rows(given.rows, given.exam_on, plan.body_id)
    facts = _clean(by, plan.body, given, clean_rows)
    law = values.law(local_day(now))
    deadline = checks.plan_deadline(plan.body.kind, given.exam_on, values.calendar(), law)
    facts |= {"deadline_on": deadline.last_day, "law_version": law.version}
    old_rows = _told([asdict(_as_given(row)) for row in queries.rows_of(plan.pk)])
    before = changed(plan, seen, facts)
    PlanRow.objects.filter(plan=plan).delete()
    PlanRow.objects.bulk_create(PlanRow(plan=plan, **row) for row in clean_rows)
    record(plan, before={**before, "rows": old_rows}, after={**facts, "rows": _told(clean_rows)})
    return plan


@action("plan.copy")
def copy(*, by: Person, now: datetime, plan_id: int, exam_on: date) -> Plan:
    """Draft a new plan like an earlier one, every hour moved to the new day (三（三）)."""
    old = _own(by, plan_id)
    shift = exam_on - old.exam_on
    rows = [_as_given(row) for row in queries.rows_of(old.pk)]
    moved = [replace(row, subjects=[_moved(each, shift) for each in row.subjects]) for row in rows]
    own = {each.name: getattr(old, each.name) for each in fields(PlanGiven) if each.name != "rows"}
    given = PlanGiven(**own, rows=moved)
    ends = old.registration_ends_at + shift
    return draft(by=by, now=now, given=replace(given, exam_on=exam_on, registration_ends_at=ends))


def _moved(subject: Mapping[str, Any], shift: timedelta) -> dict[str, Any]:
    return {**subject, "starts_at": (datetime.fromisoformat(subject["starts_at"]) + shift).isoformat()}


def _as_given(row: PlanRow) -> PlanRowGiven:
    return PlanRowGiven(**{each.name: getattr(row, each.name) for each in fields(PlanRowGiven)})


def _told(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{row['occupation_code']} {row['job']} {row['level']}级 {row['headcount']}人" for row in rows]


def _title(rows: Sequence[Mapping[str, Any]]) -> str:
    first = rows[0]
    more = "等" if len(rows) > 1 else ""
    return f"{first['occupation_name']}{codes.level_name(first['level'])}{more}职业技能等级认定"


def _own(by: Person, plan_id: int) -> Plan:
    plan = queries.get(by, plan_id)
    own(by, plan.body_id, "三（三）")
    return plan


def _not_filed(kind: str) -> Refusal:
    school = kind == "training_school"
    return refuse(
        "plan.not_filed",
        N_("%(who)s不能自行安排认定，%(instead)s。"),
        N_("请填写安排申请（附件6）提交市鉴定中心；已备案的用人单位可直接编制计划。"),
        clause="三（四）" if school else "三（六）",
        status=403,
        who=N_("职业培训学校") if school else N_("未经备案的用人单位"),
        instead=N_("由市鉴定中心指派的认定机构组织实施") if school else N_("须由社会培训评价组织承接"),
    )


def _free_request(by: Person, request_id: int) -> None:
    request = queries.request(by, request_id)
    if request.state == "taken" and queries.plan_of_request(request_id) is None:
        return
    raise refuse(
        "plan.request",
        N_("安排申请%(number)s尚未接受，或已经编制了计划。"),
        N_("请先接受指派；已有计划的，请在原计划上办理。"),
        clause="三（四）",
        number=request.number,
    )


def _rows(given: Sequence[PlanRowGiven], exam_on: date, body_id: int) -> list[dict[str, Any]]:
    if not 0 < len(given) <= MOST_ROWS:
        raise refuse(
            "plan.rows",
            N_("计划须有1至50行职业和等级。"),
            N_("请填写职业、等级和人数。"),
            clause="三（三）",
            status=422,
        )
    rows: list[dict[str, Any]] = []
    for each in given:
        occupation = catalog.require_occupation(each.occupation_code, each.job, each.level)
        if not 0 < each.headcount <= MOST_PEOPLE:
            raise refuse(
                "plan.headcount",
                N_("计划人数须为1至10000。"),
                N_("请按报名情况填写人数。"),
                clause="三（三）",
                status=422,
            )
        subjects = [_subject(subject) for subject in each.subjects]
        rows.append(
            {
                "occupation_code": occupation.code,
                "occupation_name": occupation.name,
                "job": each.job,
                "level": each.level,
                "headcount": each.headcount,
                "subjects": subjects or checks.default_subjects(occupation.code, each.level, exam_on, body_id),
                **_foreseen(each),
            }
        )
    keys = [(row["occupation_code"], row["job"], row["level"]) for row in rows]
    if len(set(keys)) != len(keys):
        raise refuse(
            "plan.twice", N_("同一职业、工种、等级填写了两行。"), N_("请合并为一行。"), clause="三（三）", status=422
        )
    return rows


def _foreseen(given: PlanRowGiven) -> dict[str, Any]:
    """The columns of 附件5 that only tell what is foreseen."""
    makeup, assessment = given.makeup or 0, given.assessment or "level"
    if not 0 <= makeup <= given.headcount:
        raise refuse(
            "plan.makeup",
            N_("补考人数不能多于计划人数。"),
            N_("计划人数为新考和补考人数之和。"),
            clause="三（三）",
            status=422,
        )
    if codes.find("assessment", assessment) is None:
        raise refuse(
            "plan.assessment", N_("请选择评价类型。"), N_("等级认定或职业资格评价。"), clause="三（三）", status=422
        )
    if given.invigilators is not None and not 0 <= given.invigilators <= MOST_PEOPLE:
        raise refuse(
            "plan.invigilators",
            N_("监考人数填写不对。"),
            N_("请填写整数；尚未确定的可留空。"),
            clause="三（三）",
            status=422,
        )
    return {
        "makeup": makeup,
        "assessment": assessment,
        "examiner_lead": given.examiner_lead.strip()[:60],
        "invigilators": given.invigilators,
        "supervisor": given.supervisor.strip()[:60],
    }


def _subject(given: Mapping[str, Any]) -> dict[str, Any]:
    starts = given.get("starts_at")
    try:
        moment = starts if isinstance(starts, datetime) else datetime.fromisoformat(str(starts))
        minutes = int(given.get("minutes") or 0)
    except (TypeError, ValueError):
        raise refuse(
            "plan.subject_time",
            N_("科目的时间填写不对。"),
            N_("请填写日期、时间和分钟数。"),
            clause="三（三）",
            status=422,
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LIUZHOU)
    subject, method = str(given.get("subject")), str(given.get("method"))
    if codes.find("subject", subject) is None or codes.find("method", method) is None or not 0 < minutes <= LONGEST:
        raise refuse(
            "plan.subject",
            N_("科目、方式或时长填写不对。"),
            N_("请从列表选择；时长为1至480分钟。"),
            clause="三（三）",
            status=422,
        )
    return {
        "subject": subject,
        "method": method,
        "starts_at": local_moment(moment).isoformat(),
        "minutes": minutes,
    }


def _clean(by: Person, body: Organisation, given: PlanGiven, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if codes.find("candidate_group", given.candidate_source) is None:
        raise refuse(
            "plan.source", N_("请选择考生来源。"), N_("本校学生、本单位员工或社会人员。"), clause="三（三）", status=422
        )
    if codes.find("paper_source", given.paper_source) is None:
        raise refuse(
            "plan.paper_source", N_("请选择试题来源。"), N_("国家题库或自命制三套试题。"), clause="三（三）", status=422
        )
    return {
        "title": (given.title or _title(rows)).strip()[:120],
        "exam_on": given.exam_on,
        "registration_ends_at": given.registration_ends_at,
        "candidate_source": given.candidate_source,
        "paper_source": given.paper_source,
        "venue_id": bodies.venue(by, given.venue_id).pk,
        "contact_name": (given.contact_name or body.contact_name).strip()[:60],
        "contact_phone": phones.tidy(given.contact_phone or body.contact_phone)[:30],
        "open_to_public": given.open_to_public,
    }


@action("plan.submit")
def submit(*, by: Person, now: datetime, plan_id: int, note: str = "", seen: int | None = None) -> Plan:
    """File the plan at least ten working days ahead (三（三）); a filed employer's before tickets are due (三（六）).

    Refusals: the first that ``checks.of_plan`` finds, such as ``deadline.late`` (422) with the days given and needed,
    the last lawful day and the earliest day of examination now possible; ``scope.none``, ``plan.capacity`` (409).
    """
    plan = queries.get(by, plan_id)
    calendar = values.calendar()
    law = values.law(local_day(now))
    day = checks.filed_on(now, calendar, law)
    deadline = checks.plan_deadline(plan.body.kind, plan.exam_on, calendar, law)
    plan = move(
        plan,
        "submit",
        note=note,
        seen=seen,
        updates={
            "filed_on": day,
            "notice_workdays": calendar.between(day, plan.exam_on),
            "deadline_on": deadline.last_day,
            "law_version": law.version,
        },
    )
    tell_centre(plan, f"{plan.body.name}报送了认定计划{plan.number}", plan.title)
    return plan


@action("plan.accept")
def accept(*, by: Person, now: datetime, plan_id: int, note: str = "", seen: int | None = None) -> Plan:
    """Accept a plan filed in time (三（三）). Refusals: those of ``require_scope`` for a filing stopped meanwhile."""
    plan = move(queries.get(by, plan_id), "accept", note=note, seen=seen)
    tell_parties(plan, f"认定计划{plan.number}已受理", note)
    return plan


@action("plan.return")
def return_plan(*, by: Person, now: datetime, plan_id: int, note: str, seen: int | None = None) -> Plan:
    """Give a plan back with a reason (三（三）)."""
    plan = move(queries.get(by, plan_id), "return", note=note, seen=seen)
    tell(plan, plan.body_id, f"认定计划{plan.number}已退回", note)
    return plan


@action("plan.cancel")
def cancel(*, by: Person, now: datetime, plan_id: int, note: str, seen: int | None = None) -> Plan:
    """Give a plan up (三（三）): its body in time before the examination, or the centre.

    Sittings arranged are cancelled, everyone registered is told. Refusals ``plan.day_reached`` (409), ``deadline.late`` (422).
    """
    plan = queries.get(by, plan_id)
    request_id, told, stood = plan.request_id, plan.state != "draft", plan.state in flows.FLOWS["plan"].live
    plan = move(plan, "cancel", note=note, seen=seen, updates={"request_id": None})
    subject = f"认定计划{plan.number}已取消"
    if stood:
        drop_waiting(plan)
        call_off(plan, f"{subject}：{note}")
        tell_people(plan, f"{plan.title}已取消", f"原定{plan.exam_on}考核。理由：{note}")
    if told:
        tell_parties(plan, subject, note, request_id=request_id)
        tell_centre(plan, subject, note)
    return plan


@action("plan.complete")
def complete(*, by: Person, now: datetime, plan_id: int, note: str = "", seen: int | None = None) -> Plan:
    """Close a plan after its examination (四（八）). Refusal ``plan.not_held`` (409) before the day."""
    plan = move(queries.get(by, plan_id), "complete", note=note, seen=seen)
    tell(plan, plan.body_id, f"认定计划{plan.number}已办结", note)
    return plan
