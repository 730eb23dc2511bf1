"""What a standard version says, told line by line, and how two versions differ (三（一）)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from jiangheng.rules.conditions.routes import Route, RouteSet
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
TOLD_APART = ("id", "level", "text", "evidence", "basis")
SUBJECT_ORDER = ("theory", "skill", "review")

CONDITION_LABELS = {
    "min_age": N_("年龄"),
    "working": N_("从事本职业或相关职业"),
    "cert": N_("所持证书"),
    "cert_kind": N_("所持证书类别"),
    "cert_held": N_("持证年限"),
    "after": N_("取得证书后的工作年限"),
    "cum": N_("累计工作年限"),
    "consecutive": N_("连续工作年限"),
    "gap_days": N_("允许中断天数"),
    "training": N_("本级培训学时"),
    "title": N_("职称"),
    "after_title": N_("取得职称后的工作年限"),
    "edu": N_("学历"),
    "major": N_("本专业或相关专业"),
    "enrolled": N_("在校应届毕业生可以申报"),
    "final_year": N_("在校生距毕业不超过的月数"),
    "students": N_("只限在校学生"),
    "evaluated": N_("须为经评估论证的专业"),
    "evaluated_edu": N_("其中须为经评估论证的专业的学校"),
    "apprentice": N_("学徒期满"),
}
"""Every condition of a route in the order a page tells them; one that is missing here is told by its own name."""

SCHOOLS = {
    "technical_school": N_("技工学校"),
    "senior_technical_school": N_("高级技工学校（高级工班）"),
    "technician_college": N_("技师学院"),
    "pre_technician_class": N_("预备技师班、技师班"),
    "secondary_vocational": N_("中等职业学校"),
    "higher_vocational": N_("高等职业学校"),
    "college": N_("大学专科"),
    "bachelor": N_("大学本科"),
    "master": N_("研究生"),
}
TITLES = {"junior": N_("初级职称"), "middle": N_("中级职称"), "senior": N_("高级职称")}
CERTIFICATE_KINDS = {
    "skill": N_("职业技能等级证书"),
    "vocational": N_("职业资格证书"),
    "pre-technician": N_("预备技师证书"),
}


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject at a level as a version has it; ``ratio`` is candidates per examiner, None where the law's holds."""

    level: int
    subject: str
    method: str
    minutes: int
    ratio: int | None
    equipment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a version says."""

    document: str
    ruleset: str
    valid_from: date
    valid_to: date | None
    related_occupations: tuple[str, ...]
    related_majors: tuple[str, ...]
    subjects: tuple[SubjectLine, ...]
    routes: RouteSet
    sources: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value on both sides; ``kind`` says how a page writes it (text, date, level, method, minutes …)."""

    label: str
    kind: str
    before: Any
    after: Any

    @property
    def differs(self) -> bool:
        """True where the two sides are not the same."""
        return bool(self.before != self.after)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was added, removed or changed, with its labelled values on both sides."""

    section: str  # general | subjects | routes
    level: int | None
    name: str
    state: str  # added | removed | changed
    fields: tuple[Field, ...]
    before_source: tuple[str, str] = ("", "")
    after_source: tuple[str, str] = ("", "")


def conditions(route: Route) -> tuple[tuple[str, Any], ...]:
    """The (field, value) of every condition a route asks for, in the order a page tells them."""
    named = list(CONDITION_LABELS)
    others = [each.name for each in fields(Route) if each.name not in (*named, *TOLD_APART)]
    told = ((name, getattr(route, name)) for name in (*named, *others))
    unasked = {"gap_days": (0,)}
    return tuple(
        (name, value)
        for name, value in told
        if value is not None and value not in ("", ()) and value is not False and value not in unasked.get(name, ())
    )


def differences(before: Snapshot, after: Snapshot) -> tuple[Difference, ...]:
    """Everything in which two versions differ: general, then subjects and routes level by level from 5 to 1."""
    return (*_general(before, after), *_subjects(before, after), *route_differences(before, after))


def _general(before: Snapshot, after: Snapshot) -> Iterable[Difference]:
    told = (
        Field(N_("标准名称和文号"), "text", before.document, after.document),
        Field(N_("申报条件模板"), "ruleset", before.ruleset, after.ruleset),
        Field(N_("施行日期"), "date", before.valid_from, after.valid_from),
        Field(N_("终止日期"), "date", before.valid_to, after.valid_to),
    )
    changed = tuple(each for each in told if each.differs)
    if changed:
        yield Difference("general", None, N_("基本情况"), CHANGED, changed)
    for name, old, new in (
        (N_("相关职业"), before.related_occupations, after.related_occupations),
        (N_("相关专业"), before.related_majors, after.related_majors),
    ):
        gone = tuple(each for each in old if each not in new)
        come = tuple(each for each in new if each not in old)
        if gone or come:
            yield Difference("general", None, name, CHANGED, (Field(N_("删去、增加"), "words", gone, come),))


def _subjects(before: Snapshot, after: Snapshot) -> Iterable[Difference]:
    old = {(row.level, row.subject): row for row in before.subjects}
    new = {(row.level, row.subject): row for row in after.subjects}
    place = {name: number for number, name in enumerate(SUBJECT_ORDER)}
    for level, subject in sorted(old.keys() | new.keys(), key=lambda key: (-key[0], place.get(key[1], 9))):
        one, other = old.get((level, subject)), new.get((level, subject))
        told = tuple(
            Field(label, kind, getattr(one, name, None), getattr(other, name, None))
            for name, label, kind in (
                ("method", N_("方式"), "method"),
                ("minutes", N_("时长"), "minutes"),
                ("ratio", N_("每名考评员对应考生"), "ratio"),
                ("equipment", N_("场地设备"), "words"),
            )
        )
        yield from _told("subjects", level, subject, one, other, told)


def route_differences(
    before: Snapshot, after: Snapshot, levels: Sequence[int] = (5, 4, 3, 2, 1)
) -> Iterable[Difference]:
    """How the routes differ. Routes of two generations of the template pair by what they ask, not by their ids."""
    for level in levels:
        for one, other in _pairs(before.routes.for_level(level), after.routes.for_level(level)):
            told = [Field(N_("条文"), "text", one and one.text, other and other.text)]
            old, new = dict(conditions(one)) if one else {}, dict(conditions(other)) if other else {}
            for name in dict.fromkeys((*old, *new)):
                label = CONDITION_LABELS.get(name, name)
                told.append(Field(label, name, old.get(name), new.get(name)))
            told.append(Field(N_("证明材料"), "evidence", one and one.evidence, other and other.evidence))
            name = one.id if one and (other is None or one.id == other.id) else other.id if other else ""
            if one and other and one.id != other.id:
                name = f"{one.id} → {other.id}"
            yield from _told(
                "routes",
                level,
                name,
                one,
                other,
                tuple(told),
                before.sources.get(one.id, ("", "")) if one else ("", ""),
                # What was left out stands in the document that left it out.
                after.sources.get(other.id if other else one.id if one else "", ("", "")),
            )


def _told(
    section: str,
    level: int,
    name: str,
    one: Any,
    other: Any,
    told: tuple[Field, ...],
    before_source: tuple[str, str] = ("", ""),
    after_source: tuple[str, str] = ("", ""),
) -> Iterable[Difference]:
    if one is None or other is None:
        kept = tuple(each for each in told if each.before or each.after)
        state = ADDED if one is None else REMOVED
        yield Difference(section, level, name, state, kept, before_source, after_source)
    elif any(each.differs for each in told) or before_source != after_source:
        kept = tuple(each for each in told if each.differs)
        yield Difference(section, level, name, CHANGED, kept, before_source, after_source)


def _pairs(before: Sequence[Route], after: Sequence[Route]) -> list[tuple[Route | None, Route | None]]:
    rest = list(after)
    pairs: list[tuple[Route | None, Route | None]] = []
    waiting: list[tuple[int, Route]] = []
    for one in before:
        same = next((other for other in rest if other.id == one.id), None)
        if same is not None:
            rest.remove(same)
            pairs.append((one, same))
        else:
            waiting.append((len(pairs), one))
            pairs.append((one, None))
    for place, one in waiting:
        alike = max(rest, key=lambda other: _likeness(one, other), default=None)
        if alike is not None and _likeness(one, alike) > 0:
            rest.remove(alike)
            pairs[place] = (one, alike)
    return [*pairs, *((None, other) for other in rest)]


def _likeness(one: Route, other: Route) -> int:
    """How alike two routes are: 0 where they do not ask for the same things."""
    asked, wanted = _shape(one), _shape(other)
    if asked == wanted:
        return 100 + len(set(one.edu) & set(other.edu))
    if one.cert == other.cert and one.cert_kind == other.cert_kind and bool(one.edu) and bool(other.edu):
        return 10 + len(set(one.edu) & set(other.edu))
    return 0


def _shape(route: Route) -> tuple[Any, ...]:
    return (
        route.cert,
        route.cert_kind,
        route.title,
        route.after is not None,
        route.cum is not None,
        route.consecutive is not None,
        route.training is not None,
        route.after_title is not None,
        bool(route.edu),
        route.evaluated,
        route.apprentice,
        route.min_age is not None,
    )


def check_complete(levels: str, snapshot: Snapshot) -> None:
    """Refuse a version that lacks something at a level it is for (422).

    Codes: ``standard.no_subject``, ``standard.no_route``, ``standard.review`` (综合评审 belongs to 二级 and 一级 only).
    """
    for level in sorted((int(each) for each in levels), reverse=True):
        held = {row.subject for row in snapshot.subjects if row.level == level}
        if not {"theory", "skill"} <= held:
            raise refuse(
                "standard.no_subject",
                N_("%(level)s级缺少理论知识考试或技能考核。"),
                N_("请补充该等级的考核科目。"),
                clause="三（一）",
                status=422,
                level=level,
            )
        if ("review" in held) != (level <= 2):
            raise refuse(
                "standard.review",
                N_("%(level)s级的综合评审设置不对：综合评审仅限二级和一级，且这两级必须设置。"),
                N_("请在考核科目中增加或删除该等级的综合评审。"),
                clause="三（一）",
                status=422,
                level=level,
            )
        if not snapshot.routes.for_level(level):
            raise refuse(
                "standard.no_route",
                N_("%(level)s级没有任何申报条件，无人可以报名。"),
                N_("请恢复模板的申报条件，或增加本标准的条件。"),
                clause="三（一）",
                status=422,
                level=level,
            )


@dataclass(frozen=True, slots=True)
class Period:
    """When a published version holds; ``end`` None means until further notice."""

    start: date
    end: date | None
    document: str

    def meets(self, other: Period) -> bool:
        """True where both hold on some day."""
        return (self.end is None or other.start <= self.end) and (other.end is None or self.start <= other.end)

    def holds(self, day: date) -> bool:
        """True where it holds on ``day``."""
        return self.start <= day and (self.end is None or day <= self.end)


def require_document(document: str) -> None:
    """A standard names the document it stands on (三（一）). Refusal ``standard.document`` (422)."""
    if not document.strip():
        raise refuse(
            "standard.document",
            N_("请填写标准名称和文号。"),
            N_("申报条件须有依据的标准文件。"),
            clause="三（一）",
            status=422,
        )


def require_order(start: date, end: date | None) -> None:
    """A standard does not end before it begins. Refusal ``standard.period`` (422)."""
    if end is not None and end < start:
        raise refuse(
            "standard.period", N_("终止日期早于施行日期。"), N_("请核对起止日期。"), clause="三（一）", status=422
        )


def place(new: Period, published: Sequence[Period], today: date) -> Period | None:
    """The published period a new one takes over from (it will end the day before), or None.

    Refusals: ``standard.period`` (422) where it ends before it begins; ``standard.past`` (422) where it would change
    what held on a day already passed, or today; ``standard.overlap`` (409) where two would hold on one day.
    """
    require_order(new.start, new.end)
    replaced = next((each for each in published if each.start < new.start and each.holds(new.start)), None)
    for each in published:
        if each is not replaced and each.meets(new):
            raise refuse(
                "standard.overlap",
                N_("“%(document)s”自%(start)s起施行，与本版本的有效期重叠。"),
                N_("同一职业同一天只能有一个标准。请调整施行日期或终止日期。"),
                clause="三（一）",
                document=each.document,
                start=each.start.isoformat(),
            )
    if replaced is not None and new.start <= today:
        raise refuse(
            "standard.past",
            N_("施行日期%(day)s不晚于今天，会改变“%(document)s”已经适用的日期。"),
            N_("请把施行日期改为明天或以后；以前的申请仍按当时的标准。"),
            clause="三（一）",
            status=422,
            day=new.start.isoformat(),
            document=replaced.document,
        )
    return replaced
