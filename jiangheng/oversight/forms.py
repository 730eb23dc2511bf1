"""Shapes of what is typed about draws and inspections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.oversight import checklist
from jiangheng.oversight.actions.inspecting import CONCLUSIONS
from jiangheng.plans.models import Plan
from jiangheng.screens.forms import offer
from jiangheng.screens.typed import DayField


class FreezeForm(forms.Form):
    """What a draw is about and where its seed will come from."""

    title = forms.CharField(label=_("抽查名称"), max_length=120)
    basis = forms.CharField(label=_("抽查依据"), max_length=200)
    seed_source = forms.CharField(
        label=_("种子来源"),
        max_length=200,
        help_text=_("名单冻结之后才会公开产生的数字，例如“2026年6月2日福彩3D开奖号码”。冻结后不能更改。"),
    )
    bodies_wanted = forms.IntegerField(
        label=_("抽查机构数"), required=False, min_value=1, max_value=10_000, help_text=_("不填则按规定的最低比例。")
    )
    inspectors_per_body = forms.IntegerField(
        label=_("每家机构督导员人数"),
        required=False,
        min_value=1,
        max_value=20,
        help_text=_("不填则按规定的最少人数。"),
    )
    excluded = forms.CharField(
        label=_("排除的机构或人员及理由"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一个，写成“名称：理由”。理由随名单公开。同单位和已申报回避关系的由系统自动回避，不必填写。"),
    )

    def clean_excluded(self) -> dict[str, str]:
        """``name -> reason``, one a line."""
        found: dict[str, str] = {}
        for line in self.cleaned_data["excluded"].splitlines():
            if not line.strip():
                continue
            name, mark, reason = line.replace(":", "：").partition("：")
            if not mark or not reason.strip():
                raise forms.ValidationError(_("“%(line)s”没有写理由。"), params={"line": line.strip()[:40]})
            found[name.strip()] = reason.strip()
        return found


class DrawForm(forms.Form):
    """The published seed and who watched."""

    seed = forms.CharField(label=_("种子"), max_length=120, help_text=_("照抄公开结果，不加空格。"))
    witnesses = forms.CharField(label=_("见证人"), max_length=120)


class StartForm(forms.Form):
    """Which plan is inspected, where it is one."""

    plan_id = forms.ChoiceField(label=_("检查的计划"), required=False)

    def __init__(self, *given: Any, plans: list[Plan], **named: Any) -> None:
        super().__init__(*given, **named)
        offer(
            self,
            "plan_id",
            [("", _("不指定计划")), *((plan.pk, f"{plan.number} {plan.title} {plan.exam_on}") for plan in plans)],
        )

    def clean_plan_id(self) -> int | None:
        """The id, or None."""
        value = self.cleaned_data["plan_id"]
        return int(value) if value else None


class RecordForm(forms.Form):
    """The checklist: a yes or no and a remark per question, and a summary."""

    summary = forms.CharField(
        label=_("总体情况和意见"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for item in checklist.items():
            self.fields[f"ok_{item.id}"] = forms.ChoiceField(
                label=item.text, required=False, choices=(("yes", _("是")), ("no", _("否"))), widget=forms.RadioSelect
            )
            self.fields[f"remark_{item.id}"] = forms.CharField(
                label=_("说明"), required=False, max_length=checklist.REMARK_LONGEST
            )

    def findings(self) -> list[dict[str, Any]]:
        """The answers as the actions take them; what was left empty is left out."""
        found = []
        for item in checklist.items():
            answer, remark = self.cleaned_data[f"ok_{item.id}"], self.cleaned_data[f"remark_{item.id}"]
            if answer or remark:
                found.append({"item": item.id, "ok": {"yes": True, "no": False}.get(answer), "remark": remark})
        return found


def record_initial(findings: list[dict[str, Any]], summary: str) -> dict[str, Any]:
    """A saved draft as initial values of the form."""
    initial: dict[str, Any] = {"summary": summary}
    for row in findings:
        initial[f"ok_{row['item']}"] = {True: "yes", False: "no"}.get(row["ok"], "")
        initial[f"remark_{row['item']}"] = row["remark"]
    return initial


class RectifyForm(forms.Form):
    """By when the body has to put things right."""

    rectify_by = DayField(label=_("整改期限"))


class ConcludeForm(forms.Form):
    """The conclusion fed back to the body and published."""

    conclusion = forms.ChoiceField(label=_("检查结论"), choices=tuple(CONCLUSIONS.items()))
    summary = forms.CharField(
        label=_("反馈意见"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("随结论反馈给认定机构，公开结果时一并公开。"),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "conclusion", [(key, _(words)) for key, words in CONCLUSIONS.items()])


class AnswerForm(forms.Form):
    """What the body did to put things right."""

    text = forms.CharField(label=_("整改情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
