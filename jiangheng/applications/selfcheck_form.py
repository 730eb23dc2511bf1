"""The self-check's questions in steps, and its answers: nothing of them is kept on the server (三（一）)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiangheng.applications.forms import SCHOOL_CLASSES, TITLES, UNANSWERED, answers, labels
from jiangheng.applications.months import month
from jiangheng.rules import codes
from jiangheng.rules.conditions import experience, selfcheck
from jiangheng.screens.forms import offer

SPELLS = ("1", "2", "3")
CERTIFICATES = ("1", "2", "3")


def _choice(label: Any, choices: list[tuple[str, Any]], help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=help_text)


def _pick(label: Any, choices: list[tuple[str, Any]], help_text: Any = "") -> forms.ChoiceField:
    blank = [("", _("不确定或以后再答")), *choices[1:]]
    return forms.ChoiceField(
        label=label, choices=[*blank[1:], blank[0]], required=False, help_text=help_text, widget=forms.RadioSelect
    )


class CheckForm(forms.Form):
    """Everything but the occupation may stay unanswered."""

    occupation = forms.ChoiceField(label=_("职业"))
    level = forms.ChoiceField(
        label=_("想报的等级"),
        required=False,
        choices=[
            ("", _("不清楚，看看最高能报几级")),
            *((str(level), codes.level_name(level)) for level in (5, 4, 3, 2, 1)),
        ],
    )
    born = month(_("出生年月"))
    apprentice = _pick(_("本职业或相关职业学徒期是否已满"), answers())
    worked = _pick(_("是否从事过本职业或相关职业工作"), answers())
    hours = forms.IntegerField(
        label=_("参加本等级正规培训的学时"),
        required=False,
        min_value=0,
        max_value=99_999,
        help_text=_("有结业证书的培训；没有参加的填 0。"),
    )
    held = _pick(_("是否有本职业或相关职业的证书"), answers(), _("职业资格证书和职业技能等级证书同等对待。"))
    education = _choice(_("最高文化程度"), labels("education"))
    school_class = _choice(_("技工院校就读班级"), SCHOOL_CLASSES, _("读过技校、高级技校或技师学院的填写。"))
    studying = _pick(_("目前是否在校学生"), answers())
    graduated = month(_("毕业年月"), _("已毕业的填写。"))
    related = _pick(_("所学专业是否为本专业或相关专业"), answers(), _("相关专业以职业标准所列为准。"))
    title = _choice(_("现有职称"), TITLES)
    title_on = month(_("职称取得年月"))
    title_matching = _pick(_("职称专业与申报职业是否对应"), answers())

    def __init__(self, *args: Any, occupations: Iterable[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        offer(self, "occupation", [UNANSWERED, *occupations])
        for place in SPELLS:
            self.fields[f"work{place}_from"] = month(_("开始年月"))
            self.fields[f"work{place}_to"] = month(_("结束年月"), _("仍在从事的不填。"))
        for place in CERTIFICATES:
            self.fields[f"held{place}_level"] = _choice(_("证书等级"), labels("level"))
            self.fields[f"held{place}_on"] = month(_("发证年月"), _("记不清的不填。"))

    def clean(self) -> dict[str, Any]:
        """Months must follow one another and the calendar of people."""
        given: dict[str, Any] = super().clean() or {}
        for place in SPELLS:
            begun, ended = given.get(f"work{place}_from"), given.get(f"work{place}_to")
            if begun and ended and ended < begun:
                self.add_error(f"work{place}_to", _t("结束年月早于开始年月，请核对。"))
            if ended and not begun and f"work{place}_from" not in self.errors:
                self.add_error(f"work{place}_from", _t("请填写开始年月。"))
        return given

    def answers(self) -> selfcheck.Answers:
        """What was answered, for the rules."""
        given = self.cleaned_data
        return selfcheck.Answers(
            born=given["born"],
            held=self._held(),
            worked=self._worked(),
            education=given["education"],
            school_class=given["school_class"],
            studying=_truth(given["studying"]),
            graduated=given["graduated"],
            related=_truth(given["related"]),
            title=given["title"],
            title_on=given["title_on"],
            title_matching=_truth(given["title_matching"]),
            apprentice=_truth(given["apprentice"]),
            hours=given["hours"],
        )

    def _worked(self) -> tuple[selfcheck.Worked, ...] | None:
        given = self.cleaned_data
        if given["worked"] == "否":
            return ()
        spells = tuple(
            selfcheck.Worked(given[f"work{place}_from"], given[f"work{place}_to"])
            for place in SPELLS
            if given[f"work{place}_from"]
        )
        return spells or None

    def _held(self) -> tuple[selfcheck.Held, ...] | None:
        given = self.cleaned_data
        if given["held"] == "否":
            return ()
        found = []
        for place in CERTIFICATES:
            level = codes.find("level", given[f"held{place}_level"]) if given[f"held{place}_level"] else None
            if level is not None:
                found.append(selfcheck.Held(int(level.code), given[f"held{place}_on"]))
        return tuple(found) or None

    def carried(self, occupation_name: str, today: date, route: str) -> dict[str, str]:
        """The answers as columns of 附件4, for the form somebody chooses to go on to; careful month ends as days."""
        answered = self.answers()
        columns = {
            "学徒期满": self.cleaned_data["apprentice"],
            "培训学时": "" if answered.hours is None else str(answered.hours),
            "文化程度": answered.education,
            "就读班级": answered.school_class,
            "毕业或在读": "在读"
            if answered.studying
            else "毕业"
            if answered.studying is False and answered.graduated
            else "",
            "毕业时间": _day(answered.graduated),
            "专业对应": self.cleaned_data["related"],
            "现职称": answered.title,
            "职称取得日期": _day(answered.title_on),
            "职称专业对应": self.cleaned_data["title_matching"],
            "是否有职业资格证书": "否" if answered.held == () else "是" if answered.held else "",
            "申报条件": route,
        }
        if answered.held:
            best = min(answered.held, key=lambda each: each.level)
            columns |= {
                "证书等级": codes.level_name(best.level),
                "原证书发证日期": _day(best.issued),
                "原职业(工种)": occupation_name,
            }
        if answered.worked == ():
            columns["专业年限"] = "0"
        elif answered.worked:
            columns["专业年限"] = str(selfcheck.years(answered.worked, today))
            columns["简要经历"] = experience.write(
                experience.Spell(each.start, each.to, _t("（请填写单位）"), occupation_name) for each in answered.worked
            )
        return {column: text for column, text in columns.items() if text}


def _truth(word: str) -> bool | None:
    return {"是": True, "否": False}.get(word)


def _day(first: date | None) -> str:
    end = selfcheck.month_end(first)
    return end.isoformat() if end else ""


STEPS: tuple[tuple[str, Any, str, Any], ...] = (
    ("what", _("想报什么"), "", ""),
    ("you", _("基本情况"), "born apprentice", ""),
    ("work", _("工作经历"), "work hours", _("只填从事本职业或相关职业的经历；记不清月份的按大概填。")),
    ("held", _("已有证书"), "held", _("只填本职业或相关职业的证书。")),
    ("school", _("学历"), "school", ""),
    ("title", _("职称"), "title", ""),
)
"""Steps: name, heading, the questions (of ``rules.selfcheck.asked``) it is there for, words under the heading."""


def fields_of(step: str, asked: frozenset[str]) -> list[tuple[Any, tuple[str, ...], bool]]:
    """Groups of a step: heading, field names, whether it is folded away at first."""
    if step == "what":
        return [("", ("occupation", "level"), False)]
    if step == "you":
        return [("", tuple(name for name in ("born", "apprentice") if name in asked), False)]
    if step == "work":
        rows = [
            (format_lazy(_("第 {place} 段"), place=place), (f"work{place}_from", f"work{place}_to"), place != "1")
            for place in SPELLS
        ]
        return [("", ("worked",), False), *rows, *([("", ("hours",), False)] if "hours" in asked else [])]
    if step == "held":
        rows = [
            (format_lazy(_("第 {place} 本证书"), place=place), (f"held{place}_level", f"held{place}_on"), place != "1")
            for place in CERTIFICATES
        ]
        return [("", ("held",), False), *rows]
    if step == "school":
        return [("", ("education", "school_class", "studying", "graduated", "related"), False)]
    return [("", ("title", "title_on", "title_matching"), False)]


def steps(asked: frozenset[str]) -> list[tuple[str, Any, Any]]:
    """The steps that can change the answer: name, heading, words."""
    return [
        (name, heading, words)
        for name, heading, wanted, words in STEPS
        if not wanted or asked & frozenset(wanted.split())
    ]


def typed(form: CheckForm) -> Mapping[str, str]:
    """What was typed or picked, field by field, blank ones left out."""
    return {name: str(form[name].value() or "") for name in form.fields if form[name].value() not in (None, "")}
