"""How a judgement and a fault read on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiangheng.applications import fields
from jiangheng.applications.models import Application
from jiangheng.journal.screens import display
from jiangheng.rules.eligibility import LABELS
from jiangheng.rules.words import gettext_noop as N_

VERDICTS = {"met": N_("符合申报条件"), "not_met": N_("不符合申报条件"), "not_evidenced": N_("待核实材料")}
TONES = {"met": "good", "not_met": "bad", "not_evidenced": "waiting"}
STATES = {"met": N_("满足"), "not_met": N_("不满足"), "not_evidenced": N_("未填写或待核实")}
EVIDENCE = {
    "work_years": N_("工作年限证明（单位盖章，可附社保缴费记录）"),
    "certificate": N_("原职业资格或技能等级证书"),
    "education": N_("毕业证书，或在校证明、学籍备案表"),
    "title": N_("职称证书"),
}


def verdict(name: str) -> Any:
    """The badge of a verdict."""
    return display.tag(_(VERDICTS[name]), TONES[name]) if name in VERDICTS else ""


def mark(review: str) -> str:
    """Why an application is looked at by hand."""
    if not review:
        return ""
    number = review.partition(":")[2]
    if number:
        return _("在另一批次（计划 %(plan)s）有同职业同等级的申请") % {"plan": number}
    return _("在另一批次有同职业同等级的申请")


def judgement(given: Mapping[str, Any], level: int | None = None) -> dict[str, Any]:
    """A stored judgement in words: conditions, nearest route, what would help, earliest day."""
    if not given:
        return {}
    nearest = given.get("nearest") or {}
    return {
        "level": level,
        "as_of": given.get("as_of", ""),
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
    }


def condition(each: Mapping[str, Any]) -> dict[str, Any]:
    """One condition in words."""
    return {
        "route": each["route"],
        "label": _(LABELS.get(each["condition"], each["condition"])),
        "tag": display.tag(_(STATES[each["state"]]), TONES[each["state"]]),
        "detail": _detail(each["condition"], each.get("detail", {})),
        "earliest": each.get("earliest", "") if each["state"] != "met" else "",
    }


def _detail(condition: str, detail: Mapping[str, Any]) -> str:
    if condition in ("cum", "after", "after_title"):
        if "have_months" not in detail:
            return _("需满 %(needed)s 年") % {"needed": detail.get("needed", "")}
        years, months = divmod(int(detail["have_months"]), 12)
        return _("需满 %(needed)s 年，已计 %(years)s 年 %(months)s 个月") % {
            "needed": detail.get("needed", ""),
            "years": years,
            "months": months,
        }
    if condition == "min_age":
        return _("需满 %(needed)s 周岁") % {"needed": detail.get("needed", "")}
    if condition == "cert" and str(detail.get("needed", "")).isdigit():
        return str(display.level(detail["needed"]))
    if condition == "cert_held":
        return _("需满 %(needed)s 年") % {"needed": detail.get("needed", "")}
    return ""


def fault(given: Mapping[str, Any]) -> str:
    """A stored fault of a roster in the page's language."""
    message = _(str(given["message"]))
    return message % given["params"] if given.get("params") else message


def proof(kind: str) -> str:
    """The name of a kind of proof."""
    return _(fields.PROOFS.get(kind, kind))


def form_rows(application: Application) -> list[tuple[str, str]]:
    """The filled columns of a form in the order of 附件4."""
    order = (*fields.PERSON, *fields.WRITABLE)
    hidden = {"姓名", "证件类型"}
    return [
        (_(column), str(application.form[column]))
        for column in order
        if column not in hidden and application.form.get(column) not in (None, "")
    ]
