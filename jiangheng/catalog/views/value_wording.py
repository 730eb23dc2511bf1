"""The law's values as a page names and shows them: no key, pattern or template of the program reaches a reader."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jiangheng.rules import codes
from jiangheng.rules.law import Rule
from jiangheng.rules.words import gettext_noop as N_

DEFAULT = "默认值："
NAMES = {
    "plan_lead_wd": N_("认定计划提前报送"),
    "plan_lead_kinds": N_("须提前报送计划的机构类别"),
    "arrangement_lead_wd": N_("安排申请提前提交"),
    "ticket_lead_wd": N_("准考证提前核发"),
    "publicity_wd": N_("成绩公示"),
    "paper_sets": N_("每次命制试卷"),
    "certificate_pattern": N_("证书编号写法"),
    "certificate_prefix_pattern": N_("证书编号前缀写法"),
    "certificate_special_pattern": N_("特级技师、首席技师证书编号写法"),
    "special_levels": N_("特级技师、首席技师的等级字母"),
    "old_certificate_pattern": N_("旧职业资格证书编号写法"),
    "publicity_counts_first_day": N_("公示当日计入公示期"),
    "filing_cutoff": N_("当日受理截止，之后计入次一工作日"),
    "centre_review_wd": N_("市鉴定中心审核成绩"),
    "body_fix_wd": N_("认定机构补正成绩"),
    "pass_mark": N_("各科合格线"),
    "full_mark": N_("各科满分"),
    "light_red_wd": N_("期限亮红灯：剩余工作日不超过"),
    "light_amber_wd": N_("期限亮黄灯：剩余工作日不超过"),
    "retirement_age": N_("申报时提示超龄"),
}
"""Rules whose label says where they come from rather than what they are, or that need none because they are law."""

WORDS = {
    r"^[YS]\d{12}\d{2}[1-5]\d{6}$": N_("22位：字母和12位机构编码、2位年份、1位等级、6位序号"),
    r"^[YS]\d{12}$": N_("13位：字母Y或S和12位数字"),
    r"^[YS]\d{14}[A-Z]\d{6}$": N_("22位，等级位为一个字母"),
    r"^\d{16}$": N_("16位数字"),
    r"^\d{13}$": N_("13位数字"),
    r"^\d-\d{2}-\d{2}-\d{2}$": N_("如 6-31-01-03"),
}
EXAMPLE = {
    "year": 2026, "serial": 1, "body": 1, "district": "45", "site": 1, "batch": 1, "subjects": 101, "room": 1, "seat": 1,
}  # read as a table  # fmt: skip


def name(rule: Rule) -> str:
    """What a value is about, in words."""
    if rule.key in NAMES:
        return str(_(NAMES[rule.key]))
    words = str(_(rule.label)).removeprefix(DEFAULT).removeprefix("Default: ") or rule.key
    return words[0].upper() + words[1:]


def value(rule: Rule) -> str:
    """A value in words, with its unit."""
    given: Any = rule.value
    if isinstance(given, bool):
        return str(_("是") if given else _("否"))
    if isinstance(given, list | tuple):
        return _("、").join(str(_(codes.label("organisation_kind", each))) for each in given)
    text = str(given)
    if text in WORDS:
        return str(_(WORDS[text]))
    if "{" in text and not text.startswith("^"):
        example = text.replace("{year:02d}", "26").format(**EXAMPLE)
        return str(_("如 %(example)s")) % {"example": example}
    return f"{text} {_(rule.unit)}" if rule.unit else text


def line(rule: Rule, instrument: Any) -> dict[str, Any]:
    """One row of the page of values."""
    return {
        "rule": rule,
        "name": name(rule),
        "value": value(rule),
        "instrument": instrument,
        "own": rule.source == "centre",
    }
