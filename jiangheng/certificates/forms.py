"""Shapes of what is typed about certificates."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.screens.typed import DayField

HOPS = (("provincial", _("已报自治区")), ("national", _("全国可查")))


class VerifyForm(forms.Form):
    """Number and name, both printed on the certificate."""

    number = forms.CharField(
        label=_("证书编号"),
        max_length=40,
        help_text=_("印在证书上的22位编号，首位为字母。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("持证人姓名"),
        max_length=60,
        help_text=_("与证书上的姓名一致；编号和姓名都对才显示证书。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class HopForm(forms.Form):
    """Which step upward happened, and on which day."""

    hop = forms.ChoiceField(label=_("上报进度"), choices=HOPS)
    on = DayField(label=_("日期"))


class QualificationForm(forms.Form):
    """The number printed on a 职业资格 certificate."""

    number = forms.CharField(label=_("职业资格证书编号"), max_length=40)


class ReasonForm(forms.Form):
    """The reason of a new issue."""

    note = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
