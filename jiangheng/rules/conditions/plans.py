"""What a plan must satisfy (二, 三（三）-（五）): facts of the plan in, what stands in its way or None out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

ANY_ROOM = ("theory", "machine", "skill")
ROOMS_FOR = {
    "machine": ("machine",),
    "paper": ("theory", "machine"),
    "on_site": ("skill",),
    "work": ("skill", "theory"),
    "oral": ANY_ROOM,
    "defence": ANY_ROOM,
    "thesis": ANY_ROOM,
}
USUAL_SUBJECTS = ("theory", "skill")


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of a row; ``starts_at`` aware or None, ``minutes`` 0 and ``method`` empty where not filled in."""

    subject: str
    method: str
    starts_at: datetime | None
    minutes: int

    @property
    def day(self) -> date | None:
        """The local day it is examined on."""
        return local_day(self.starts_at) if self.starts_at else None


@dataclass(frozen=True, slots=True)
class Row:
    """One occupation, 工种 and level of a plan, with how many are to be examined."""

    occupation_code: str
    occupation_name: str
    job: str
    level: int
    headcount: int
    subjects: tuple[Subject, ...] = ()

    def days(self) -> set[date]:
        """The days its subjects are examined on."""
        return {each.day for each in self.subjects if each.day is not None}


@dataclass(frozen=True, slots=True)
class Room:
    """A room of the venue: its kind, and how many seats or workstations it has."""

    kind: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Place:
    """The venue: whose it is, whether it is at its owner's fixed premises, and how a list off them stands.

    ``approved``: a list of it was approved for the request and holds on the day; ``missing``: what that list needs and
    the venue no longer has, as words.
    """

    name: str
    owner_id: int
    fixed: bool
    approved: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The request a plan is made for (附件6)."""

    number: str
    state: str
    body_id: int | None
    occupation_code: str
    job: str
    level: int


def rows(found: Sequence[Row]) -> Refusal | None:
    """At least one occupation and level; ``plan.no_rows`` (422)."""
    if found:
        return None
    return refuse(
        "plan.no_rows",
        N_("计划没有填写职业和等级。"),
        N_("请至少填写一行职业、等级和人数。"),
        clause="三（三）",
        status=422,
    )


def service(body: str, serves: Collection[str], source: str, *, open_to_public: bool) -> Refusal | None:
    """A school examines its students, an employer its staff, a social body anyone (二); ``plan.service``."""
    open_wrongly = open_to_public and "public" not in serves
    if "public" in serves or (source in serves and not open_wrongly):
        return None
    return refuse(
        "plan.service",
        N_("%(body)s的服务对象为“%(serves)s”，不能面向“%(source)s”开展认定。"),
        N_("企业面向本单位员工，技工院校面向本校学生；面向社会的认定由社会培训评价组织开展。"),
        clause="二",
        body=body,
        serves="、".join(codes.label("service_object", each) for each in sorted(serves)) or N_("无"),
        source=codes.label("candidate_group", "public" if open_wrongly else source),
    )


def subjects(found: Sequence[Row], wanted: Mapping[tuple[str, int], Sequence[str]], exam_on: date) -> Refusal | None:
    """Every subject of each level with method and time (``plan.subjects``), the first on the plan's day.

    ``wanted`` names the standard's subjects by occupation and level; where it names none, theory and skill are.
    ``plan.first_day`` (422) where the earliest subject is on another day.
    """
    for row in found:
        given = {each.subject: each for each in row.subjects}
        for subject in wanted.get((row.occupation_code, row.level)) or USUAL_SUBJECTS:
            each = given.get(subject)
            if each is None or not (each.method and each.starts_at and each.minutes):
                return refuse(
                    "plan.subjects",
                    N_("“%(occupation)s”%(level)s缺少“%(subject)s”的方式或时间。"),
                    N_("请为每个科目填写考核方式、开始时间和时长。"),
                    clause="三（三）",
                    status=422,
                    occupation=row.occupation_name,
                    level=codes.level_name(row.level),
                    subject=codes.label("subject", subject),
                )
    days = {day for row in found for day in row.days()}
    if not days or min(days) == exam_on:
        return None
    return refuse(
        "plan.first_day",
        N_("最早一科在%(first)s，与计划的考核日期%(day)s不一致。"),
        N_("考核日期应为第一科开考的日期，请修改其中之一。"),
        clause="三（三）",
        status=422,
        first=min(days).isoformat(),
        day=exam_on.isoformat(),
    )


def capacity(rooms: Sequence[Room], found: Sequence[Row], rounds: int) -> Refusal | None:
    """Enough seats or workstations for each way of examining within ``rounds`` of one day; ``plan.capacity`` (409)."""
    wanted: dict[tuple[str, date | None], int] = {}
    for row in found:
        for each in row.subjects:
            wanted[each.method, each.day] = wanted.get((each.method, each.day), 0) + row.headcount
    for (method, day), people in wanted.items():
        seats = sum(room.capacity for room in rooms if room.kind in ROOMS_FOR.get(method, ANY_ROOM))
        if seats * rounds < people:
            return refuse(
                "plan.capacity",
                N_("%(day)s“%(method)s”共%(people)s人，场地合计%(seats)s个座位（工位），分%(rounds)s轮也容纳不下。"),
                N_("请减少人数、分日安排，或选择考场更多的场地。"),
                clause="三（三）",
                day=day.isoformat() if day else "",
                method=codes.label("method", method),
                people=people,
                seats=seats,
                rounds=rounds,
            )
    return None


def venue(place: Place, body_id: int, sponsor_id: int | None, exam_on: date) -> Refusal | None:
    """The body's own place, or the sponsor's; one off its premises only when its list was approved (三（五）).

    ``plan.venue_foreign``, ``plan.venue_review``; ``plan.venue_short`` where what was approved no longer suffices.
    """
    if place.owner_id not in (body_id, sponsor_id):
        return refuse(
            "plan.venue_foreign",
            N_("“%(venue)s”既不是本机构的场地，也不是申请单位的场地。"),
            N_("请选择本机构或申请单位登记的场地。"),
            clause="三（五）",
            venue=place.name,
        )
    if place.owner_id == body_id or place.fixed:
        return None
    if not place.approved:
        return refuse(
            "plan.venue_review",
            N_("“%(venue)s”在申请单位固定场地外，没有审核同意且在%(day)s有效的场地设施设备清单。"),
            N_("请先由申请单位提交附件7，审核同意后再报送计划。"),
            clause="三（五）",
            venue=place.name,
            day=exam_on.isoformat(),
        )
    if place.missing:
        return refuse(
            "plan.venue_short",
            N_("“%(venue)s”审核同意后设备有变动或检定到期，考核日缺：%(missing)s。"),
            N_("请由申请单位补足设备或更新检定日期，并重新提交附件7审核。"),
            clause="三（五）",
            venue=place.name,
            missing="；".join(place.missing),
        )
    return None


def registration(ends_at: datetime, exam_on: date) -> Refusal | None:
    """Registration ends before the day of examination, midnight before it at the latest; ``plan.registration`` (422)."""
    if local_day(ends_at - timedelta(seconds=1)) < exam_on:
        return None
    return refuse(
        "plan.registration",
        N_("报名截止时间须早于考核日期%(day)s。"),
        N_("请留出审核、编排和核发准考证的时间。"),
        clause="三（三）",
        status=422,
        day=exam_on.isoformat(),
    )


def request(wanted: Wanted, body_id: int, found: Sequence[Row]) -> Refusal | None:
    """The request is taken by this body and a row examines what it asks for (三（四）); ``plan.request_differs``."""
    asked = (wanted.occupation_code, wanted.job, wanted.level)
    fits = any((row.occupation_code, row.job, row.level) == asked for row in found)
    if wanted.state == "taken" and wanted.body_id == body_id and fits:
        return None
    return refuse(
        "plan.request_differs",
        N_("计划与安排申请%(number)s不一致，或该申请不是由本机构承接。"),
        N_("请按申请的职业、工种和等级填写计划，并确认已接受指派。"),
        clause="三（四）",
        number=wanted.number,
    )
