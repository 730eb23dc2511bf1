"""Shapes of what is typed about results."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.screens.display import SUBJECTS
from jiangheng.screens.forms import offer


class MarkForm(forms.Form):
    """One mark of one subject; ``subjects`` are those the candidate sits."""

    subject = forms.ChoiceField(label=_("科目"))
    mark = forms.DecimalField(label=_("成绩"), required=False, max_digits=5, decimal_places=1)
    absent = forms.BooleanField(label=_("缺考"), required=False)
    reason = forms.CharField(
        label=_("理由"), required=False, max_length=200, help_text=_("更改已有成绩时必填，写明更正依据。")
    )

    def __init__(self, *given: Any, subjects: list[str], **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "subject", [(subject, SUBJECTS[subject]) for subject in subjects])

    def clean(self) -> dict[str, Any]:
        """Either a mark or an absence."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("absent") and found.get("mark") is None and not self.errors.get("mark"):
            self.add_error("mark", _("请填写成绩，或勾选缺考。"))
        if found.get("absent") and found.get("mark") is not None:
            self.add_error("absent", _("缺考的科目不能再填成绩。"))
        return found


class ObjectionForm(forms.Form):
    """An objection to a result on public notice."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    contact = forms.CharField(label=_("联系方式"), max_length=60, help_text=_("手机号码或邮箱，用于核实和答复。"))
    ticket = forms.CharField(
        label=_("涉及的准考证号"), max_length=30, required=False, help_text=_("对某一考生的成绩有异议时填写。")
    )
    against = forms.CharField(
        label=_("被投诉人"),
        max_length=100,
        required=False,
        help_text=_("涉及工作人员的，请写明姓名；被投诉人不参与处理。"),
    )
    text = forms.CharField(label=_("异议内容和依据"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))


class UpholdForm(forms.Form):
    """A mark to change with an upheld objection; both empty where nothing changes."""

    subject = forms.ChoiceField(label=_("更正科目"), required=False)
    mark = forms.DecimalField(label=_("更正后的成绩"), required=False, max_digits=5, decimal_places=1)

    def __init__(self, *given: Any, subjects: list[str], **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "subject", [("", _("不更正成绩")), *((subject, SUBJECTS[subject]) for subject in subjects)])

    def clean(self) -> dict[str, Any]:
        """A subject and its mark belong together."""
        found: dict[str, Any] = super().clean() or {}
        if bool(found.get("subject")) != (found.get("mark") is not None) and not self.errors:
            self.add_error("mark", _("更正科目和更正后的成绩须一并填写。"))
        return found


class AmendForm(forms.Form):
    """A change of one mark asked for without an objection."""

    subject = forms.ChoiceField(label=_("更正科目"))
    mark = forms.DecimalField(label=_("更正后的成绩"), max_digits=5, decimal_places=1)
    reason = forms.CharField(label=_("更正理由和依据"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *given: Any, subjects: list[str], **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "subject", [(subject, SUBJECTS[subject]) for subject in subjects])


class DecisionForm(forms.Form):
    """The second person's word on a change of a mark."""

    decision = forms.ChoiceField(
        label=_("决定"), choices=(("approve", _("同意更正")), ("refuse", _("不同意更正"))), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=200,
        help_text=_("不同意时必填。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
