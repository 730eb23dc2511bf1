"""What waits for a person: counts of records they see, by state, with a way to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from jiangheng.calendar.queries import clocks
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RECORD_KINDS

COUNT_MOST = 999


@dataclass(frozen=True, slots=True)
class Task:
    """A card of the home page: its words, the query of what waits, the page that lists it."""

    label: str
    kind: str
    states: tuple[str, ...]
    page: str
    icon: str


TASKS: dict[Role, tuple[Task, ...]] = {
    Role.CENTRE: (
        Task(N_("待备案"), "filing", ("submitted",), "bodies:list", "building"),
        Task(N_("待指派的安排申请"), "request", flows.states("request", "to_assign"), "plans:request_list", "send"),
        Task(N_("待受理的认定计划"), "plan", ("submitted",), "plans:list", "calendar"),
        Task(N_("待同意的计划改期和变更"), "plan_change", ("submitted",), "plans:changes", "calendar"),
        Task(
            N_("待接收的考生信息"),
            "candidate_report",
            flows.states("candidate_report", "to_receive"),
            "applications:candidate_reports",
            "file",
        ),
        Task(N_("待组卷的用卷申请"), "paper_request", ("submitted",), "papers:list", "paper"),
        Task(N_("待发放的试卷"), "paper_request", ("drawn",), "papers:list", "paper"),
        Task(N_("待审核的成绩"), "result_batch", ("reported",), "results:list", "chart"),
        Task(
            N_("待办结的督导检查"),
            "inspection",
            flows.states("inspection", "to_conclude"),
            "oversight:inspections",
            "shield",
        ),
    ),
    Role.BODY: (
        Task(N_("待接受的指派"), "request", ("assigned",), "plans:request_list", "send"),
        Task(N_("被退回的认定计划"), "plan", ("returned",), "plans:list", "calendar"),
        Task(N_("待审核的个人申请"), "application", ("submitted",), "applications:list", "clipboard"),
        Task(N_("待复核的个人申请"), "application", ("reviewed",), "applications:list", "clipboard"),
        Task(N_("待核实的特殊需要"), "access_arrangement", ("asked",), "applications:access_arrangements", "clipboard"),
        Task(N_("被退回的考生信息"), "candidate_report", ("returned",), "applications:candidate_reports", "file"),
        Task(N_("待复核入账的缴费单"), "payment_order", ("noted",), "fees:orders", "coin"),
        Task(N_("待办理的退费"), "refund_request", flows.FLOWS["refund_request"].live, "fees:refunds", "coin"),
        Task(N_("有疑义的团体账单"), "bill", ("questioned",), "fees:bills", "coin"),
        Task(N_("待编排的场次"), "sitting", ("draft",), "sittings:list", "seat"),
        Task(N_("待核发准考证的场次"), "sitting", ("arranged",), "sittings:list", "seat"),
        Task(N_("待召开的考务会议"), "meeting", ("called",), "sittings:plans", "calendar"),
        Task(
            N_("待汇总或退回的成绩"),
            "result_batch",
            flows.states("result_batch", "collecting"),
            "results:list",
            "chart",
        ),
        Task(N_("待复核确认的成绩"), "result_batch", ("entered",), "results:list", "chart"),
        Task(N_("待核发的证书"), "certificate", ("numbered",), "certificates:list", "certificate"),
    ),
    Role.SCHOOL: (
        Task(
            N_("草稿和被退回的安排申请"), "request", flows.states("request", "editable"), "plans:request_list", "send"
        ),
        Task(N_("需补正的个人申请"), "application", ("returned",), "applications:list", "clipboard"),
        Task(N_("待核对的团体账单"), "bill", ("issued",), "fees:bills", "coin"),
    ),
    Role.CANDIDATE: (
        Task(N_("待提交的申请"), "application", ("draft",), "applications:mine", "edit"),
        Task(N_("需补正的申请"), "application", ("returned",), "applications:mine", "clipboard"),
        Task(N_("待缴的费用"), "charge", (), "fees:list", "coin"),
    ),
    Role.EXTERNAL_SUPERVISOR: (
        Task(N_("待开始的检查"), "inspection", ("drawn",), "oversight:inspections", "shield"),
        Task(N_("进行中的检查"), "inspection", ("ongoing",), "oversight:inspections", "shield"),
    ),
    Role.EXAMINER: (
        Task(N_("待开考的场次"), "sitting", flows.states("sitting", "to_open"), "exam_day:mine", "seat"),
        Task(N_("待召开的考务会议"), "meeting", ("called",), "exam_day:mine", "calendar"),
    ),
}
TASKS[Role.EMPLOYER] = TASKS[Role.SCHOOL]
TASKS[Role.INVIGILATOR] = TASKS[Role.EXAMINER]

WAYS: dict[Role, tuple[tuple[str, str, str], ...]] = {
    Role.CENTRE: (
        (N_("发布公告"), "portal:publish", "megaphone"),
        (N_("双随机抽取"), "oversight:draws", "dice"),
        (N_("依据与参数"), "catalog:law", "scale"),
    ),
    Role.BODY: ((N_("认定计划"), "plans:list", "calendar"), (N_("导入花名册"), "applications:roster_upload", "upload")),
    Role.SCHOOL: (
        (N_("安排申请"), "plans:request_list", "send"),
        (N_("导入花名册"), "applications:roster_upload", "upload"),
    ),
    Role.EMPLOYER: (
        (N_("安排申请"), "plans:request_list", "send"),
        (N_("导入花名册"), "applications:roster_upload", "upload"),
    ),
    Role.CANDIDATE: (
        (N_("报名申请"), "applications:apply", "edit"),
        (N_("我的申请"), "applications:mine", "clipboard"),
        (N_("我的费用"), "fees:list", "coin"),
        (N_("我的成绩"), "results:mine", "chart"),
        (N_("我的异议"), "results:objections", "alert"),
        (N_("我的证书"), "certificates:list", "certificate"),
    ),
    Role.EXAMINER: ((N_("我的考务"), "exam_day:mine", "seat"),),
    Role.INVIGILATOR: ((N_("我的考务"), "exam_day:mine", "seat"),),
    Role.INTERNAL_SUPERVISOR: ((N_("督导检查"), "oversight:inspections", "shield"),),
    Role.EXTERNAL_SUPERVISOR: ((N_("督导检查"), "oversight:inspections", "shield"),),
}


def tasks(person: Person) -> list[dict[str, Any]]:
    """The cards of ``person``'s role with a count and an address; one counting query each, none past COUNT_MOST."""
    cards = []
    for task in TASKS.get(person.role, ()):
        rows = waiting(task.kind, person, task.states)
        address = _address(task.page)
        if rows is None or not address:
            continue
        count = rows.order_by()[: COUNT_MOST + 1].count()
        state = f"?state={task.states[0]}" if len(task.states) == 1 and not address.endswith("/mine/") else ""
        cards.append(
            {
                "label": task.label,
                "icon": task.icon,
                "count": min(count, COUNT_MOST),
                "more": count > COUNT_MOST,
                "href": f"{address}{state}",
            }
        )
    return cards


def due(person: Person, now: datetime) -> list[dict[str, Any]]:
    """A line for every clock that waits for ``person``: how many run, the nearest of them, the page that lists them."""
    mine = sorted((each for each in clocks.running(person, now) if each.mine), key=lambda each: each.open.clock.key)
    lines = []
    for key, group in groupby(mine, key=lambda each: each.open.clock.key):
        running = list(group)
        lines.append(
            {
                "label": running[0].open.clock.label,
                "count": len(running),
                "nearest": min(running, key=lambda each: each.last_day),
                "href": f"{reverse('calendar:deadlines')}?clock={key}&mine=1",
            }
        )
    return sorted(lines, key=lambda line: line["nearest"].last_day)


def ways(person: Person) -> list[dict[str, str]]:
    """The role's common ways in."""
    return [
        {"label": label, "icon": icon, "href": address}
        for label, page, icon in WAYS.get(person.role, ())
        if (address := _address(page))
    ]


def waiting(kind: str, person: Person, states: tuple[str, ...]) -> Any:
    """The rows of ``kind`` in one of ``states`` that ``person`` sees; None while its room offers no such query."""
    thread = RECORD_KINDS[kind]
    try:
        if thread.waiting:
            return import_string(thread.waiting)(person, states)
        return import_string(thread.visible_to)(person).filter(state__in=states)
    except ImportError:
        return None


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
