"""The menu of each role; an entry whose page does not exist is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: its words, the name of its page, its icon; ``href`` and ``here`` are filled when shown."""

    label: str
    page: str
    icon: str
    href: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A group of entries under a heading."""

    label: str
    items: tuple[Item, ...]


DEADLINES = Item(N_("期限"), "calendar:deadlines", "clock")
HOME = Section("", (Item(N_("首页"), "portal:home", "home"),))
AGENDA = Item(N_("考试日历"), "calendar:agenda", "calendar")
DUE = Section("", (*HOME.items, AGENDA, DEADLINES))
ON_DUTY = Section("", (*HOME.items, AGENDA))
MINE = Section(
    N_("我的"),
    (
        Item(N_("消息通知"), "journal:notices", "bell"),
        Item(N_("个人信息"), "people:profile", "user"),
    ),
)
REQUESTS = Item(N_("安排申请"), "plans:request_list", "send")
PLANS = Item(N_("认定计划"), "plans:list", "calendar")
APPLICATIONS = Item(N_("个人申请"), "applications:list", "clipboard")
ROLLUPS = Item(N_("考生信息汇总"), "applications:candidate_reports", "file")
ROSTER = Item(N_("导入花名册"), "applications:roster_upload", "upload")
FEES = Item(N_("收费"), "fees:list", "coin")
PAPERS = Item(N_("试卷"), "papers:list", "paper")
SITTINGS = Item(N_("考试场次"), "sittings:list", "seat")
RESULTS = Item(N_("成绩与公示"), "results:list", "chart")
OBJECTIONS = Item(N_("公示异议"), "results:objections", "alert")
CERTIFICATES = Item(N_("证书"), "certificates:list", "certificate")
BODIES = Item(N_("机构备案"), "bodies:list", "building")
INSPECTIONS = Item(N_("督导检查"), "oversight:inspections", "shield")
DRAWS = Item(N_("双随机抽取"), "oversight:draws", "dice")
ROLL = Item(N_("本校学生、员工名单"), "people:membership_list", "users")
MY_SITTINGS = Item(N_("我的考务"), "exam_day:mine", "seat")
ACCOUNTS = Item(N_("账号与人员"), "people:accounts", "users")
OCCUPATIONS = Item(N_("职业目录"), "catalog:occupations", "book")
STANDARDS = Item(N_("职业标准"), "catalog:standards", "book")
CALENDAR = Item(N_("工作日历"), "catalog:calendar", "calendar")
LAW = Item(N_("依据与参数"), "catalog:law", "scale")
TARIFF = Item(N_("收费标准"), "catalog:fees", "coin")

TABLE: dict[Role, tuple[Section, ...]] = {
    Role.CENTRE: (
        DUE,
        Section(N_("备案与计划"), (BODIES, REQUESTS, PLANS, APPLICATIONS, ROLLUPS)),
        Section(N_("考务"), (PAPERS, SITTINGS)),
        Section(N_("成绩与证书"), (RESULTS, OBJECTIONS, CERTIFICATES, FEES)),
        Section(N_("质量督导"), (DRAWS, INSPECTIONS)),
        Section(N_("基础数据"), (OCCUPATIONS, STANDARDS, CALENDAR, LAW, TARIFF)),
        Section(
            N_("管理"),
            (
                ACCOUNTS,
                Item(N_("通知公告"), "portal:announcements", "megaphone"),
                Item(N_("发送队列"), "journal:outgoing", "send"),
            ),
        ),
        MINE,
    ),
    Role.BODY: (
        DUE,
        Section(N_("备案与计划"), (BODIES, REQUESTS, PLANS, APPLICATIONS, ROSTER, ROLLUPS, FEES)),
        Section(N_("考务"), (PAPERS, SITTINGS)),
        Section(N_("成绩与证书"), (RESULTS, OBJECTIONS, CERTIFICATES)),
        Section(N_("质量督导"), (INSPECTIONS,)),
        Section(N_("基础数据"), (OCCUPATIONS, CALENDAR, TARIFF)),
        Section(N_("管理"), (ACCOUNTS,)),
        MINE,
    ),
    Role.SCHOOL: (
        DUE,
        Section(N_("业务办理"), (REQUESTS, ROSTER, APPLICATIONS, PLANS, FEES)),
        Section(N_("成绩与证书"), (RESULTS, CERTIFICATES)),
        Section(N_("基础数据"), (OCCUPATIONS, CALENDAR)),
        Section(N_("管理"), (BODIES, ACCOUNTS)),
        MINE,
    ),
    Role.EMPLOYER: (
        DUE,
        Section(N_("业务办理"), (REQUESTS, ROSTER, APPLICATIONS, PLANS, FEES)),
        Section(N_("成绩与证书"), (RESULTS, CERTIFICATES)),
        Section(N_("基础数据"), (OCCUPATIONS, CALENDAR)),
        Section(N_("管理"), (BODIES, ROLL, ACCOUNTS)),
        MINE,
    ),
    Role.CANDIDATE: (
        DUE,
        Section(
            N_("我要办理"),
            (
                Item(N_("报名申请"), "applications:apply", "edit"),
                Item(N_("我的申请"), "applications:mine", "clipboard"),
                Item(N_("我的费用"), "fees:list", "coin"),
                Item(N_("我的成绩"), "results:mine", "chart"),
                Item(N_("我的异议"), "results:objections", "alert"),
                Item(N_("我的证书"), "certificates:list", "certificate"),
            ),
        ),
        MINE,
    ),
    Role.EXAMINER: (ON_DUTY, Section(N_("考务"), (MY_SITTINGS,)), MINE),
    Role.INVIGILATOR: (ON_DUTY, Section(N_("考务"), (MY_SITTINGS,)), MINE),
    Role.INTERNAL_SUPERVISOR: (ON_DUTY, Section(N_("质量督导"), (MY_SITTINGS, INSPECTIONS)), MINE),
    Role.EXTERNAL_SUPERVISOR: (ON_DUTY, Section(N_("质量督导"), (MY_SITTINGS, INSPECTIONS)), MINE),
}

BOTTOM: dict[Role, tuple[Item, ...]] = {
    Role.CANDIDATE: (
        Item(N_("首页"), "portal:home", "home"),
        Item(N_("报名"), "applications:apply", "edit"),
        Item(N_("我的申请"), "applications:mine", "clipboard"),
        Item(N_("通知"), "journal:notices", "bell"),
        Item(N_("我的"), "people:profile", "user"),
    ),
}

PUBLIC_MENU: tuple[Item, ...] = (
    Item(N_("首页"), "portal:front", "home"),
    Item(N_("证书查验"), "certificates:verify", "certificate"),
    Item(N_("机构目录"), "bodies:directory", "building"),
    Item(N_("认定计划"), "plans:calendar", "calendar"),
    Item(N_("考试日历"), "calendar:agenda", "calendar"),
    Item(N_("成绩公示"), "results:publicity", "chart"),
    Item(N_("通知公告"), "portal:notices", "megaphone"),
)


@cache
def _address(page: str) -> str:
    """The address of a page, or an empty string while it does not exist; urls do not change in a process."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


def _shown(items: tuple[Item, ...], path: str) -> tuple[Item, ...]:
    found = [replace(item, href=_address(item.page)) for item in items if _address(item.page)]
    nearest = _nearest(path, found)
    return tuple(replace(item, here=item.href == nearest) for item in found)


def _nearest(path: str, items: list[Item]) -> str:
    """The longest address the path stands under, so that a detail page lights its list."""
    under = [item.href for item in items if path == item.href or (len(item.href) > 1 and path.startswith(item.href))]
    return max(under, key=len, default="")


def sections(role: Role, path: str) -> list[Section]:
    """The side menu of ``role`` with the entry of ``path`` marked."""
    groups = TABLE.get(role, ())
    every = _shown(tuple(item for group in groups for item in group.items), path)
    by_page = {item.page: item for item in every}
    shown = [
        Section(group.label, tuple(by_page[item.page] for item in group.items if item.page in by_page))
        for group in groups
    ]
    return [group for group in shown if group.items]


def drawn(role: Role, path: str) -> SafeString:
    """The side menu as it stands in a page, drawn once for a role, an entry and a language."""
    return _drawn(role, _here(role, path), get_language())


@cache
def _pages(role: Role) -> tuple[Item, ...]:
    return _shown(tuple(item for group in TABLE.get(role, ()) for item in group.items), "")


def _here(role: Role, path: str) -> str:
    return _nearest(path, list(_pages(role)))


@lru_cache(maxsize=1024)  # roles x entries x languages are some six hundred
def _drawn(role: Role, here: str, _language: str | None) -> SafeString:
    return render_to_string("shell/_menu.html", {"menu": sections(role, here)})


def bottom(role: Role, path: str) -> tuple[Item, ...]:
    """The bottom navigation on a candidate's phone."""
    return _shown(BOTTOM.get(role, ()), path)


def public(path: str) -> tuple[Item, ...]:
    """The public portal's menu."""
    return _shown(PUBLIC_MENU, path)
