"""Local overrides of a route set as data on a standard version (三（一）): each change names its document and clause.

An override is ``{"change": id, "set": {...}}``, ``{"add": {...route}}`` or ``{"remove": id}``, each with
``"document"`` and ``"clause"``. Everything here gives new lists; nothing is changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from jiangheng.rules.conditions.routes import RANGES, Route, effective, route_sets, unknown_ruleset
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

Override = Mapping[str, Any]
MOST_YEARS = 50
MOST_OVERRIDES = 60
ALWAYS = ("id", "level", "text", "evidence")
YEARS = ("cert_held", "after", "cum", "consecutive", "after_title")


def spelled(route: Route) -> dict[str, Any]:
    """A route as plain data: its id, level, text and evidence, and every condition that is not left out."""
    given: dict[str, Any] = {}
    for field in fields(Route):
        value = getattr(route, field.name)
        if field.name != "basis" and (field.name in ALWAYS or value != field.default):
            given[field.name] = list(value) if isinstance(value, tuple) else value
    return given


def route_of(given: Mapping[str, Any]) -> Route:
    """A route from plain data; Refusal ``route.shape`` (422) where it is none."""
    known = {field.name for field in fields(Route)} - {"basis"}
    if not set(given) <= known or not {"id", "level", "text"} <= set(given):
        raise _misshapen()
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Route(**values)


def kind_of(override: Override) -> str:
    """change, add or remove; Refusal ``route.shape`` (422) for anything else."""
    found = [name for name in ("change", "add", "remove") if name in override]
    if len(found) != 1:
        raise _misshapen()
    return found[0]


def route_id_of(override: Override) -> str:
    """The id of the route an override is about."""
    kind = kind_of(override)
    return str(override["add"]["id"] if kind == "add" else override[kind])


def of_route(overrides: Iterable[Override], route_id: str) -> Override | None:
    """The override of that route, or None."""
    return next((each for each in overrides if route_id_of(each) == route_id), None)


def check_route(route: Route) -> None:
    """Refuse a route that cannot be judged or says nothing (422).

    Codes: ``route.text``, ``route.level_range``, ``route.nothing``, ``route.years``, ``route.range``, ``route.age``, ``route.cert``,
    ``route.cert_above``,
    ``route.needs_cert``, ``route.needs_title``, ``route.needs_education``.
    """
    if not route.text.strip():
        raise refuse(
            "route.text",
            N_("请填写这一条的条文原文。"),
            N_("考生和审核人员看到的就是条文原文。"),
            clause="三（一）",
            status=422,
        )
    if route.level not in range(1, 6):
        raise refuse("route.level_range", N_("等级须为一级至五级。"), N_("请选择等级。"), clause="三（一）", status=422)
    if route == Route(route.id, route.level, route.text, route.evidence, gap_days=route.gap_days, basis=route.basis):
        raise refuse(
            "route.nothing",
            N_("这一条没有任何可以核对的条件，任何人都会符合。"),
            N_("请至少填写一项条件，例如年龄、证书或工作年限。"),
            clause="三（一）",
            status=422,
        )
    for name in YEARS:
        years = getattr(route, name)
        if years is not None and not 0 <= years <= MOST_YEARS:
            raise refuse(
                "route.years", N_("年限须在0至50年之间。"), N_("请核对条文中的年限。"), clause="三（一）", status=422
            )
    for name, what in (
        ("training", N_("培训学时")),
        ("gap_days", N_("允许中断的天数")),
        ("final_year", N_("在校生距毕业的月数")),
    ):
        low, high = RANGES[name]
        if getattr(route, name) is not None and not low <= getattr(route, name) <= high:
            raise refuse(
                "route.range",
                N_("%(what)s须在%(low)s至%(high)s之间。"),
                N_("请核对条文中的学时和天数。"),
                clause="三（一）",
                status=422,
                what=what,
                low=low,
                high=high,
            )
    if route.min_age is not None and not 14 <= route.min_age <= 70:
        raise refuse(
            "route.age", N_("年龄须在14至70周岁之间。"), N_("请核对条文中的年龄。"), clause="三（一）", status=422
        )
    if route.cert is not None and route.cert not in range(1, 6):
        raise refuse(
            "route.cert", N_("所持证书的等级须为一级至五级。"), N_("请选择证书等级。"), clause="三（一）", status=422
        )
    if route.cert is not None and route.cert < route.level:
        raise refuse(
            "route.cert_above",
            N_("所持证书的等级高于申报等级。"),
            N_("所持证书应为同级或低于申报等级，请核对条文。"),
            clause="三（一）",
            status=422,
        )
    if (route.after is not None or route.cert_held is not None) and route.cert is None and not route.cert_kind:
        raise refuse(
            "route.needs_cert",
            N_("填写了取得证书后的年限，但没有填写证书等级。"),
            N_("请选择所持证书的等级。"),
            clause="三（一）",
            status=422,
        )
    if route.after_title is not None and not route.title:
        raise refuse(
            "route.needs_title",
            N_("填写了取得职称后的年限，但没有选择职称。"),
            N_("请选择职称级别。"),
            clause="三（一）",
            status=422,
        )
    if (route.major or route.enrolled or route.students or route.evaluated) and not route.edu:
        raise refuse(
            "route.needs_education",
            N_("填写了专业或在校生要求，但没有选择学历。"),
            N_("请勾选认可的学校或学历。"),
            clause="三（一）",
            status=422,
        )


def check(ruleset_id: str, overrides: Sequence[Override]) -> None:
    """Refuse overrides that do not fit their route set (422).

    Codes: those of ``check_route``; ``override.source`` without document, ``override.twice`` for one route named
    twice, ``override.unknown`` for a route the set has not, ``override.taken`` for a new route with a known id,
    ``override.many``, ``ruleset.unknown``; those of ``rules.routes.effective``.
    """
    base = route_sets().get(ruleset_id)
    if base is None:
        raise unknown_ruleset(ruleset_id)
    if len(overrides) > MOST_OVERRIDES:
        raise refuse(
            "override.many",
            N_("对申报条件的调整超过60条。"),
            N_("请改用更接近的申报条件模板。"),
            clause="三（一）",
            status=422,
        )
    seen: set[str] = set()
    for each in overrides:
        kind, identifier = kind_of(each), route_id_of(each)
        if not str(each.get("document", "")).strip():
            raise refuse(
                "override.source",
                N_("调整申报条件须写明依据的文件。"),
                N_("请填写标准原文或地方文件的名称和文号，以及条款。"),
                clause="三（一）",
                status=422,
            )
        if identifier in seen:
            raise refuse(
                "override.twice",
                N_("“%(route)s”被调整了两次。"),
                N_("请只保留一处。"),
                clause="三（一）",
                status=422,
                route=identifier,
            )
        seen.add(identifier)
        known = base.route(identifier)
        if kind == "add":
            if known is not None:
                raise refuse(
                    "override.taken",
                    N_("编号“%(route)s”已被模板使用。"),
                    N_("请换一个编号，或改为调整该条。"),
                    clause="三（一）",
                    status=422,
                    route=identifier,
                )
            check_route(route_of(each["add"]))
        elif known is None:
            raise refuse(
                "override.unknown",
                N_("申报条件模板中没有“%(route)s”。"),
                N_("更换模板后，请删除对原模板的调整。"),
                clause="三（一）",
                status=422,
                route=identifier,
            )
        elif kind == "change":
            check_route(route_of({**spelled(known), **dict(each.get("set", {}))}))
    effective(ruleset_id, overrides)


def revised(
    ruleset_id: str, overrides: Sequence[Override], route: Route, *, document: str, clause: str
) -> list[dict[str, Any]]:
    """The overrides with ``route`` as it shall read: a change of the template's route, or a route of its own."""
    rest = [dict(each) for each in overrides if route_id_of(each) != route.id]
    known = route_sets()[ruleset_id].route(route.id) if ruleset_id in route_sets() else None
    source = {"document": document.strip(), "clause": clause.strip()}
    if known is None:
        rest.append({"add": spelled(route), **source})
    elif _difference(known, route):
        rest.append({"change": route.id, "set": _difference(known, route), **source})
    check(ruleset_id, rest)
    return rest


def _difference(known: Route, route: Route) -> dict[str, Any]:
    changed = {}
    for field in fields(Route):
        value = getattr(route, field.name)
        if field.name != "basis" and value != getattr(known, field.name):
            changed[field.name] = list(value) if isinstance(value, tuple) else value
    return changed


def removed(
    ruleset_id: str, overrides: Sequence[Override], route_id: str, *, document: str, clause: str
) -> list[dict[str, Any]]:
    """The overrides with that route taken out of the set; a route of its own simply goes."""
    rest = [dict(each) for each in overrides if route_id_of(each) != route_id]
    if ruleset_id in route_sets() and route_sets()[ruleset_id].route(route_id) is not None:
        rest.append({"remove": route_id, "document": document.strip(), "clause": clause.strip()})
    check(ruleset_id, rest)
    return rest


def restored(overrides: Sequence[Override], route_id: str) -> list[dict[str, Any]]:
    """The overrides without that of ``route_id``: the template's route reads as shipped again."""
    return [dict(each) for each in overrides if route_id_of(each) != route_id]


def next_id(overrides: Sequence[Override], level: int) -> str:
    """An id for a new route of a level that no route of the version carries."""
    taken = {route_id_of(each) for each in overrides}
    return next(found for place in range(1, MOST_OVERRIDES + 2) if (found := f"local-{level}-{place}") not in taken)


def _misshapen() -> Refusal:
    return refuse(
        "route.shape",
        N_("申报条件的数据不完整或含有未知的项目。"),
        N_("请在编辑页重新填写这一条。"),
        clause="三（一）",
        status=422,
    )
