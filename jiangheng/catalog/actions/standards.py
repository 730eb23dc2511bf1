"""Drafting a standard version (三（一）): copied from the last one, changed by the centre until it is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F

from jiangheng.catalog import guards, queries
from jiangheng.catalog.models import Occupation, StandardVersion, Subject
from jiangheng.journal.actions import action, record, stale
from jiangheng.journal.actions.locking import hold
from jiangheng.rules import codes
from jiangheng.rules.conditions import overrides, routes, standard_versions, standards
from jiangheng.rules.conditions.standard_versions import SUBJECT_ORDER
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

CLAUSE = "三（一）"
MOST_MINUTES, MOST_RATIO, MOST_WORDS = 2880, 200, 300


@action("standard.draft")
def draft(
    *,
    by: Person,
    now: datetime,
    occupation_id: int,
    valid_from: date,
    copied_from_id: int | None = None,
    ruleset: str = "",
    owner_id: int | None = None,
) -> StandardVersion:
    """Begin a new version of an occupation's standard (三（一）): a copy of a version, or from a template of routes.

    ``owner_id`` is the employer whose filed 企业评价规范 it is (一). Refusals: ``standard.drafted`` (409) where one is under
    way; ``standard.not_filed`` (409) where the owner has none filed; ``ruleset.unknown``, ``standard.owned`` (422).
    """
    [occupation] = hold(queries.occupation_by_id(occupation_id))
    if owner_id is not None:
        guards.filed_levels(occupation, owner_id, valid_from)
    under_way = queries.open_version(occupation.pk, owner_id)
    if under_way is not None:
        raise refuse(
            "standard.drafted",
            N_("“%(occupation)s”已有一个未发布的版本。"),
            N_("请打开该草稿继续编辑；不再需要时先撤回它。"),
            clause=CLAUSE,
            occupation=occupation.name,
        )
    if copied_from_id:
        source = queries.version(by, copied_from_id)
        if source.occupation.pk not in {occupation.pk, *(each.pk for each in queries.lineage(occupation))}:
            raise refuse(
                "standard.other",
                N_("底稿不是本职业或其旧编码的标准。"),
                N_("请在本职业的标准版本中选择底稿。"),
                clause=CLAUSE,
                status=422,
            )
        if source.owner_id not in (None, owner_id):
            raise refuse(
                "standard.owned",
                N_("底稿是“%(owner)s”的企业评价规范，只对该单位有效。"),
                N_("请改用国家职业标准或空白模板作底稿。"),
                clause="一",
                status=422,
                owner=str(source.owner),
            )
        row = _copy(source, occupation)
    else:
        _known_ruleset(ruleset)
        row = StandardVersion(occupation=occupation, document="", ruleset=ruleset)
    row.owner_id = owner_id
    row.valid_from, row.state, row.drafted_by_id, row.moved_at = valid_from, "draft", by.account_id, now
    row.save()
    copied = row.copied_from
    _write_subjects(row, _subjects_of(copied) if copied else _shipped(occupation, values.law(valid_from)))
    record(
        row,
        after={
            "occupation": occupation.code,
            "copied_from": copied_from_id,
            "ruleset": row.ruleset,
            **({"owner_id": owner_id} if owner_id is not None else {}),
        },
    )
    return row


def _copy(source: StandardVersion, occupation: Occupation) -> StandardVersion:
    return StandardVersion(
        occupation=occupation,
        document=source.document,
        ruleset=source.ruleset,
        related_occupations=list(source.related_occupations),
        related_majors=list(source.related_majors),
        route_overrides=list(source.route_overrides),
        label=source.label,
        copied_from=source,
    )


def _shipped(occupation: Occupation, law: Law) -> list[dict[str, Any]]:
    return [
        {
            "level": row.level,
            "subject": row.subject,
            "method": row.method,
            "minutes": row.minutes,
            "ratio": None,
            "equipment": [{"name": each.name, "quantity": each.quantity, "per": each.per} for each in row.equipment],
        }
        for row in standards.subjects(occupation.code, occupation.levels, law)
    ]


def _subjects_of(source: StandardVersion) -> list[dict[str, Any]]:
    return [
        {
            "level": row.level,
            "subject": row.subject,
            "method": row.method,
            "minutes": row.minutes,
            "ratio": row.candidates_per_examiner,
            "equipment": list(row.required_equipment),
        }
        for row in Subject.objects.filter(standard=source)
    ]


def _write_subjects(row: StandardVersion, given: Sequence[Mapping[str, Any]]) -> None:
    Subject.objects.bulk_create(
        Subject(
            standard=row,
            level=each["level"],
            subject=each["subject"],
            method=each["method"],
            minutes=each["minutes"],
            candidates_per_examiner=each["ratio"],
            required_equipment=list(each["equipment"]),
        )
        for each in given
    )


@action("standard.change")
def change(
    *,
    by: Person,
    now: datetime,
    standard_id: int,
    seen: int | None,
    document: str,
    ruleset: str,
    valid_from: date,
    valid_to: date | None,
    related_occupations: Sequence[str],
    related_majors: Sequence[str],
    label: str,
    subjects: Sequence[Mapping[str, Any]],
) -> StandardVersion:
    """Write a draft's head, lists and subjects (level, subject, method, minutes, ratio, equipment) (三（一）).

    Refusals: ``standard.fixed``, ``record.stale`` (409); ``standard.document``, ``standard.period``,
    ``subject.level``, ``subject.unknown``, ``subject.minutes``, ``subject.ratio``, ``subject.twice``,
    ``standard.many``, ``ruleset.unknown`` and those of ``rules.overrides.check`` (422).
    """
    found = _draft(by, standard_id)
    standard_versions.require_document(document)
    standard_versions.require_order(valid_from, valid_to)
    _known_ruleset(ruleset)
    overrides.check(ruleset, found.route_overrides)
    given = _checked(subjects, found.occupation.levels)
    lists = [
        list(dict.fromkeys(word.strip() for word in words if word.strip()))
        for words in (related_occupations, related_majors)
    ]
    if any(len(words) > MOST_WORDS for words in lists):
        raise refuse(
            "standard.many",
            N_("相关职业或相关专业超过300个。"),
            N_("请核对是否粘贴了多余的内容。"),
            clause=CLAUSE,
            status=422,
        )
    before = _facts(found)
    row = _keep(
        found,
        by,
        seen,
        document=document.strip()[:120],
        ruleset=ruleset,
        valid_from=valid_from,
        valid_to=valid_to,
        related_occupations=lists[0],
        related_majors=lists[1],
        label=label.strip()[:60],
    )
    old = _subjects_of(row)
    Subject.objects.filter(standard=row).delete()
    _write_subjects(row, given)
    after = _facts(row)
    changed = {name for name in after if after[name] != before[name]}
    record(
        row,
        before={**{name: before[name] for name in changed}, **({"subjects": old} if old != given else {})},
        after={**{name: after[name] for name in changed}, **({"subjects": given} if old != given else {})},
    )
    return row


def _checked(subjects: Sequence[Mapping[str, Any]], levels: str) -> list[dict[str, Any]]:
    methods = {code for code, _label in codes.choices("method")}
    seen: set[tuple[int, str]] = set()
    given = []
    for each in subjects:
        level, subject = int(each["level"]), str(each["subject"])
        minutes, ratio = int(each["minutes"]), each.get("ratio")
        if str(level) not in levels:
            raise _no_level(level)
        if subject not in SUBJECT_ORDER or each["method"] not in methods:
            raise refuse(
                "subject.unknown", N_("科目或考核方式不在列表内。"), N_("请从列表中选择。"), clause=CLAUSE, status=422
            )
        if not 1 <= minutes <= MOST_MINUTES:
            raise refuse(
                "subject.minutes",
                N_("考核时长须在1至2880分钟之间。"),
                N_("请核对标准规定的时长。"),
                clause=CLAUSE,
                status=422,
            )
        if ratio is not None and not 1 <= int(ratio) <= MOST_RATIO:
            raise refuse(
                "subject.ratio",
                N_("每名考评员对应考生须在1至200人之间。"),
                N_("标准没有规定的请留空，按参数执行。"),
                clause=CLAUSE,
                status=422,
            )
        if (level, subject) in seen:
            raise refuse(
                "subject.twice",
                N_("同一等级的同一科目填写了两行。"),
                N_("请合并或删除重复的行。"),
                clause=CLAUSE,
                status=422,
            )
        seen.add((level, subject))
        given.append(
            {
                "level": level,
                "subject": subject,
                "method": str(each["method"]),
                "minutes": minutes,
                "ratio": int(ratio) if ratio is not None else None,
                "equipment": [dict(piece) for piece in each.get("equipment", ())],
            }
        )
    return sorted(given, key=lambda row: (row["level"], row["subject"]))


@action("standard.set_route")
def set_route(
    *,
    by: Person,
    now: datetime,
    standard_id: int,
    seen: int | None,
    route: Mapping[str, Any],
    document: str,
    clause: str,
) -> StandardVersion:
    """Have one route of a draft read as given: a change of the template's, or one of its own (no id) (三（一）).

    Refusals: ``standard.fixed``, ``record.stale`` (409); those of ``rules.overrides.check``; ``subject.level`` (422).
    """
    found = _draft(by, standard_id)
    level = int(route["level"])
    if str(level) not in found.occupation.levels:
        raise _no_level(level)
    given = overrides.route_of({**route, "id": route.get("id") or overrides.next_id(found.route_overrides, level)})
    revised = overrides.revised(found.ruleset, found.route_overrides, given, document=document, clause=clause)
    return _routes(found, revised, given.id, by=by, seen=seen)


@action("standard.remove_route")
def remove_route(
    *,
    by: Person,
    now: datetime,
    standard_id: int,
    seen: int | None,
    route_id: str,
    document: str = "",
    clause: str = "",
) -> StandardVersion:
    """Take a route out of a draft; a template's route goes by a document that says so (三（一）).

    Refusals: ``standard.fixed``, ``record.stale`` (409); ``route.unknown`` (404); ``override.source`` (422).
    """
    found = _draft(by, standard_id)
    require_route(found, route_id)
    revised = overrides.removed(found.ruleset, found.route_overrides, route_id, document=document, clause=clause)
    return _routes(found, revised, route_id, by=by, seen=seen)


@action("standard.restore_route")
def restore_route(*, by: Person, now: datetime, standard_id: int, seen: int | None, route_id: str) -> StandardVersion:
    """Have a route of a draft read as in its template again (三（一）). Refusals: as for ``remove_route``."""
    found = _draft(by, standard_id)
    if overrides.of_route(found.route_overrides, route_id) is None:
        raise _no_route(route_id)
    restored = overrides.restored(found.route_overrides, route_id)
    return _routes(found, restored, route_id, by=by, seen=seen)


def _routes(
    found: StandardVersion, given: list[dict[str, Any]], route_id: str, *, by: Person, seen: int | None
) -> StandardVersion:
    before = overrides.of_route(found.route_overrides, route_id)
    row = _keep(found, by, seen, route_overrides=given)
    record(
        row,
        before={"route": route_id, "override": before},
        after={"route": route_id, "override": overrides.of_route(given, route_id)},
    )
    return row


def _draft(by: Person, standard_id: int) -> StandardVersion:
    found = queries.version(by, standard_id)
    require_draft(found)
    return found


def require_draft(found: StandardVersion) -> None:
    """Refuse to change anything but a draft; ``standard.fixed`` (409)."""
    if found.state != "draft":
        raise refuse(
            "standard.fixed",
            N_("只有草稿可以修改，这个版本已经提交或发布。"),
            N_("已提交的请先退回；已发布的请以它为底稿另起一个新版本。"),
            clause=CLAUSE,
        )


def _keep(found: StandardVersion, by: Person, seen: int | None, **values: Any) -> StandardVersion:
    """Compare-and-set of a draft's columns on its version."""
    version = found.version if seen is None else int(seen)
    changed = StandardVersion.objects.filter(pk=found.pk, state="draft", version=version).update(
        version=F("version") + 1, drafted_by_id=by.account_id, **values
    )
    if changed == 0:
        raise stale()
    return queries.version(by, found.pk)


def _facts(row: StandardVersion) -> dict[str, Any]:
    return {
        "document": row.document,
        "ruleset": row.ruleset,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "related_occupations": row.related_occupations,
        "related_majors": row.related_majors,
        "label": row.label,
    }


def _known_ruleset(ruleset: str) -> None:
    if ruleset not in routes.route_sets():
        raise routes.unknown_ruleset(ruleset)


def require_route(found: StandardVersion, route_id: str) -> routes.Route:
    """The route of that id as the version has it; Refusal ``route.none`` (404)."""
    route = queries.routes_of(found).route(route_id)
    if route is None:
        raise _no_route(route_id)
    return route


def _no_route(route_id: str) -> Refusal:
    return refuse(
        "route.none",
        N_("这个版本没有编号为“%(route)s”的申报条件。"),
        N_("请刷新页面查看当前的申报条件。"),
        clause=CLAUSE,
        status=404,
        route=route_id,
    )


def _no_level(level: int) -> Refusal:
    return refuse(
        "subject.level",
        N_("本职业不设%(level)s级。"),
        N_("请核对等级。"),
        clause=CLAUSE,
        status=422,
        level=level,
    )
