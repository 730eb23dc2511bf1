"""Routes, versions and differences in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiangheng.catalog import queries
from jiangheng.catalog.models import StandardVersion
from jiangheng.rules import codes
from jiangheng.rules.conditions import standard_versions
from jiangheng.rules.conditions.overrides import kind_of, of_route
from jiangheng.rules.conditions.routes import Route, RouteSet, route_sets
from jiangheng.rules.conditions.standard_versions import (
    ADDED,
    CERTIFICATE_KINDS,
    CONDITION_LABELS,
    REMOVED,
    SCHOOLS,
    SUBJECT_ORDER,
    TITLES,
    Difference,
)
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display
from jiangheng.values import queries as values

STATES = {ADDED: N_("增加"), REMOVED: N_("删去"), "changed": N_("修改")}
TONES = {ADDED: "good", REMOVED: "bad", "changed": "waiting"}
SECTIONS = {"general": N_("基本情况"), "subjects": N_("考核科目"), "routes": N_("申报条件")}
OVERRIDDEN = {"change": N_("本标准调整"), "add": N_("本标准增加"), "remove": N_("本标准删去")}
NAMED_ON = date(2024, 1, 1)
YEARS = ("cert_held", "after", "cum", "after_title", "consecutive")


def condition(name: str, value: Any) -> str:
    """The value of one condition of a route."""
    if value is None or value is False or value in ("", ()):
        return ""
    if value is True:
        return _("是")
    if name == "min_age":
        return _("年满 %(years)s 周岁") % {"years": value}
    if name == "cert":
        return display.level(value)
    if name == "title":
        return _(TITLES.get(value, value))
    if name == "cert_kind":
        return _(CERTIFICATE_KINDS.get(value, value))
    if name in ("edu", "evaluated_edu"):
        return _("、").join(_(SCHOOLS.get(each, each)) for each in value)
    if name == "training":
        return _("%(hours)s 学时") % {"hours": value}
    if isinstance(value, int):
        return (
            (_("不限年限") if value == 0 else _("满 %(years)s 年") % {"years": value}) if name in YEARS else str(value)
        )
    return display.text(value)


def lines(route: Route) -> list[dict[str, str]]:
    """Every condition of a route with its label."""
    return [
        {"label": _(CONDITION_LABELS.get(name, name)), "value": condition(name, value)}
        for name, value in standard_versions.conditions(route)
    ]


def evidence(names: Sequence[str] | None) -> str:
    """The proofs a route asks for."""
    return _("、").join(_(codes.label("proof_kind", each)) for each in names or ())


def instrument(ruleset: str, version: StandardVersion) -> Any:
    """The document a route template stands in."""
    found = route_sets().get(ruleset)
    return values.law(version.valid_from).instrument(found.instrument) if found else None


def ruleset_name(ruleset: str) -> str:
    """What a route template is called: the document it stands in."""
    found = route_sets().get(ruleset)
    if found is None:
        return ruleset
    return values.law(NAMED_ON).instrument(found.instrument).title


def route(found: Route, version: StandardVersion) -> dict[str, Any]:
    """One route with its conditions, proofs, and the document it stands in."""
    override = of_route(version.route_overrides, found.id)
    return {
        "id": found.id,
        "text": found.text,
        "lines": lines(found),
        "evidence": evidence(found.evidence),
        "override": _(OVERRIDDEN[kind_of(override)]) if override else "",
        "kind": kind_of(override) if override else "",
        "document": override.get("document", "") if override else "",
        "clause": override.get("clause", "") if override else "",
    }


def taken_out(version: StandardVersion, level: int) -> list[dict[str, Any]]:
    """The template's routes of a level that the version leaves out, with the document that says so."""
    template = route_sets().get(version.ruleset)
    return [
        {**each, "id": each["remove"], "text": found.text}
        for each in version.route_overrides
        if template
        and kind_of(each) == "remove"
        and (found := template.route(each["remove"])) is not None
        and found.level == level
    ]


def subjects(version: StandardVersion, level: int) -> list[dict[str, Any]]:
    """What is examined at a level: theory, skill, then review."""
    rows = [row for row in version.subjects.all() if row.level == level]
    rows.sort(key=lambda row: SUBJECT_ORDER.index(row.subject) if row.subject in SUBJECT_ORDER else 9)
    return [{"row": row, "method": _(codes.label("method", row.method))} for row in rows]


def levels(version: StandardVersion) -> list[dict[str, Any]]:
    """Subjects and routes level by level, from the lowest."""
    routes: RouteSet = queries.routes_of(version)
    return [
        {
            "level": level,
            "subjects": subjects(version, level),
            "routes": [route(each, version) for each in routes.for_level(level)],
            "removed": taken_out(version, level),
        }
        for level in map(int, version.occupation.levels)
    ]


def difference(found: Difference) -> dict[str, Any]:
    """One difference as a row of the page of differences."""
    return {
        "name": _subject(found.name) if found.section == "subjects" else _(found.name) if found.name else "",
        "level": found.level,
        "tag": display.tag(_(STATES[found.state]), TONES[found.state]),
        "fields": [
            {
                "label": _(each.label),
                "before": _value(each.kind, each.before),
                "after": _value(each.kind, each.after),
                "differs": each.differs,
            }
            for each in found.fields
        ],
        "before_source": _source(found.before_source),
        "after_source": _source(found.after_source),
    }


def sections(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """Differences by section, each with what was added, removed and changed."""
    return [
        {"heading": _(heading), "rows": [difference(each) for each in found if each.section == name]}
        for name, heading in SECTIONS.items()
        if any(each.section == name for each in found)
    ]


def _subject(name: str) -> str:
    return display.subject(name)


def _source(source: tuple[str, str]) -> str:
    return " ".join(each for each in source if each)


def _value(kind: str, value: Any) -> str:
    if value is None or value in ("", ()):
        return ""
    if kind == "date":
        return display.short_day(value)
    if kind == "ruleset":
        return ruleset_name(value)
    if kind == "method":
        return _(codes.label("method", value))
    if kind == "minutes":
        return _("%(minutes)s 分钟") % {"minutes": value}
    if kind == "ratio":
        return _("%(number)s 人") % {"number": value}
    if kind == "words":
        return _("、").join(value)
    if kind == "evidence":
        return evidence(value)
    if kind == "text":
        return str(value)
    return condition(kind, value)
