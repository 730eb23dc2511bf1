"""Shape of what is typed on the exam day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.rules.examination import discipline
from jiangheng.screens import display

MOST_SESSIONS = 20


class SeveralFiles(forms.ClearableFileInput):
    """One field, several files."""

    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Several files at once, each as Django checks one."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files given, in their order."""
        given = data if isinstance(data, list | tuple) else [data]
        return [one for one in (super(EvidenceField, self).clean(each, initial) for each in given) if one]


class IncidentForm(forms.Form):
    """What happened, and to whom."""

    kind = forms.ChoiceField(label=_("种类"), initial="other", widget=forms.RadioSelect)
    seat = forms.TypedChoiceField(
        label=_("考生"), coerce=int, required=False, empty_value=None, help_text=_("违纪必须选择考生。")
    )
    tier = forms.ChoiceField(label=_("违纪档次"), required=False, help_text=_("只有违纪填写，档次见“各档情形”。"))
    text = forms.CharField(label=_("情况"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    evidence = EvidenceField(
        label=_("证据"),
        required=False,
        help_text=_("现场照片、扫描件或 PDF，可一次选择多个。"),
        widget=SeveralFiles(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *given: Any, seats: Iterable[Any] = (), on: date, **more: Any) -> None:
        super().__init__(*given, **more)
        seat, tier, kind = (self.fields[name] for name in ("seat", "tier", "kind"))
        assert isinstance(seat, forms.TypedChoiceField)
        assert isinstance(tier, forms.ChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        seat.choices = [
            ("", _("不涉及考生")),
            *((each.pk, f"{each.number} {each.application.name}") for each in seats),
        ]
        tier.choices = [
            ("", _("不涉及违纪")),
            *((each.code, f"{each.code} {display.word(each.sanction)}") for each in discipline.tiers(on)),
        ]
        kind.choices = [(code, display.word(label)) for code, label in discipline.kinds()]


class RecordForm(forms.Form):
    """考场记录单, first signature."""

    papers_received = forms.IntegerField(label=_("领卷份数"), min_value=0, max_value=99999)
    papers_returned = forms.IntegerField(label=_("交回份数"), min_value=0, max_value=99999)
    remarks = forms.CharField(
        label=_("备注"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )


class EnterForm(forms.Form):
    """What a candidate types to sit down at a machine."""

    ticket_number = forms.CharField(label=_("准考证号"), max_length=30)
    tail = forms.CharField(label=_("证件号码后四位"), max_length=4)
    code = forms.CharField(label=_("考场口令"), max_length=8, help_text=_("由监考人员在开考后公布。"))

    def __init__(self, *given: Any, known: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        for name in self.fields:
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["ticket_number"].widget.attrs["inputmode"] = "numeric"
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
        if known:
            del self.fields["tail"]


class ExtraForm(forms.Form):
    """More time for one candidate."""

    ticket_number = forms.CharField(label=_("准考证号"), max_length=30)
    minutes = forms.IntegerField(label=_("补时分钟"), min_value=1, max_value=600)
    reason = forms.CharField(label=_("原因"), max_length=200)
