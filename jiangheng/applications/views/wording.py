"""How a judgement and a fault read on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiangheng.applications import fields
from jiangheng.applications.models import Application
from jiangheng.rules.applications import review
from jiangheng.rules.conditions.eligibility import LABELS, ConditionResult
from jiangheng.rules.conditions.eligibility_words import EVIDENCE as EVIDENCE
from jiangheng.rules.conditions.eligibility_words import sentence
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.roster import KINDS, filled
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display

VERDICTS = {"met": N_("符合申报条件"), "not_met": N_("不符合申报条件"), "not_evidenced": N_("待核实材料")}
TONES = {"met": "good", "not_met": "bad", "not_evidenced": "waiting"}
PHOTO = N_("电子版照片")
STATES = {"met": N_("满足"), "not_met": N_("不满足"), "not_evidenced": N_("未填写或待核实")}


def verdict(name: str) -> Any:
    """The badge of a verdict."""
    return display.tag(_(VERDICTS[name]), TONES[name]) if name in VERDICTS else ""


STANDINGS = {"clean": N_("可批量受理"), "look": N_("需人工核对"), "flagged": N_("有提示")}
STANDING_TONES = {"clean": "good", "look": "waiting", "flagged": "waiting"}


def standings() -> list[tuple[str, str]]:
    """The standings of applications by their words."""
    return [(name, _(label)) for name, label in STANDINGS.items()]


def standing(name: str) -> Any:
    """The badge of a standing; one not looked at yet needs a look."""
    known = name or "look"
    return display.tag(_(STANDINGS[known]), STANDING_TONES[known])


def flags(marks: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Each mark as a fact and what it often means."""
    told = []
    for each in marks:
        kind, params = each["kind"], each.get("params", {})
        said = _(review.FLAGS[kind]) % params
        if params.get("number"):
            said = _("%(what)s（%(number)s）") % {"what": said, "number": params["number"]}
        told.append((said, _(review.OFTEN_MEANS[kind])))
    return told


def judgement(given: Mapping[str, Any], level: int | None = None, as_of: CountedDay | None = None) -> dict[str, Any]:
    """A stored judgement in words: conditions, nearest route, what would help, earliest day."""
    if not given:
        return {}
    nearest = given.get("nearest") or {}
    return {
        "level": level,
        "as_of": display.short_day(as_of) if as_of else given.get("as_of", ""),
        "standard": given.get("standard", ""),
        "asked_route": given.get("asked_route", ""),
        "route": given.get("route", ""),
        "other_route": given.get("other_route", ""),
        "clause": given.get("clause", ""),
        "conditions": [condition(each) for each in given.get("conditions", ())],
        "nearest": nearest.get("text", ""),
        "nearest_route": nearest.get("route", ""),
        "missing": [condition(each) for each in nearest.get("missing", ())],
        "evidence": [_(EVIDENCE[each]) for each in nearest.get("evidence", ()) if each in EVIDENCE],
        "earliest": given.get("earliest", ""),
        "law_version": given.get("law_version", "")[:12],
        "snapshot": given.get("snapshot", "")[:12],
    }


def condition(each: Mapping[str, Any]) -> dict[str, Any]:
    """One condition in words."""
    return {
        "route": each["route"],
        "label": _(LABELS.get(each["condition"], each["condition"])),
        "tag": display.tag(_(STATES[each["state"]]), TONES[each["state"]]),
        "detail": sentence(each["condition"], each["state"], each.get("detail", {}), _),
        "earliest": each.get("earliest", "") if each["state"] != "met" else "",
    }


def of_result(each: ConditionResult) -> dict[str, Any]:
    """One condition as the engine gave it, in words."""
    return condition(
        {
            "route": each.route,
            "condition": each.condition,
            "state": each.state,
            "detail": each.detail,
            "earliest": each.earliest.isoformat() if each.earliest else "",
        }
    )


def fault(given: Mapping[str, Any]) -> str:
    """A stored fault of a roster in the page's language."""
    return filled(str(given["message"]), given.get("params") or {}, _)


def photo_fault(given: Mapping[str, Any]) -> str:
    """What is wrong with a photo, and how to mend it."""
    remedy = _(str(given["remedy"])) % given["params"] if given.get("remedy") else ""
    return fault(given) + remedy


def fault_kind(code: str) -> str:
    """What a kind of roster fault is called; one of another rule is simply another."""
    return _(KINDS[code].title) if code in KINDS else _("其他")


def proof(kind: str) -> str:
    """The name of a kind of proof, or of the photo."""
    return _(PHOTO) if kind == "photo" else _(fields.PROOFS.get(kind, kind))


def form_rows(application: Application) -> list[tuple[str, str]]:
    """The filled columns of a form in the order of 附件4."""
    order = (*fields.PERSON, *fields.WRITABLE)
    hidden = {"姓名", "证件类型"}
    return [
        (_(column), str(application.form[column]))
        for column in order
        if column not in hidden and application.form.get(column) not in (None, "")
    ]
