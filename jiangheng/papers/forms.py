"""The shape of what is typed about papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.papers.models import PaperRequest, PaperSet
from jiangheng.plans.models import Plan
from jiangheng.rules.examination import papers as rules
from jiangheng.rules.given import PaperRequestGiven
from jiangheng.rules.readers import phones
from jiangheng.screens import display
from jiangheng.screens.typed import ReadField

MEDIA = (("machine", _("机考")), ("paper", _("纸笔")), ("skill", _("技能试卷")))
LEDGER = (
    (rules.RETURNED_USED, _("回收已用")),
    (rules.RETURNED_SPARE, _("回收备用")),
    (rules.VOIDED, _("作废")),
)


class RequestForm(forms.Form):
    """附件8."""

    target = forms.ChoiceField(label=_("计划、职业等级和科目"))
    medium = forms.ChoiceField(label=_("卷型"), choices=MEDIA)
    candidates = forms.IntegerField(label=_("考生人数"), min_value=1, max_value=99999)
    sets_wanted = forms.IntegerField(
        label=_("申请套数"),
        min_value=1,
        max_value=12,
        initial=2,
        help_text=_("相邻座位使用不同套卷，机考至少申请两套。"),
    )
    spare_copies = forms.IntegerField(label=_("备用份数"), min_value=0, max_value=9999, initial=2)
    custody_room = forms.CharField(label=_("保密室"), max_length=120, help_text=_("写明位置，双人双锁。"))
    first_name = forms.CharField(label=_("领卷人一"), max_length=60)
    first_phone = ReadField(label=_("领卷人一电话"), reader=phones.contact)
    second_name = forms.CharField(label=_("领卷人二"), max_length=60)
    second_phone = ReadField(label=_("领卷人二电话"), reader=phones.contact)
    third_name = forms.CharField(label=_("领卷人三"), max_length=60, required=False)
    third_phone = ReadField(label=_("领卷人三电话"), reader=phones.contact, required=False)

    SECTIONS = (
        (_("用卷需求"), ("target", "medium", "candidates", "sets_wanted", "spare_copies")),
        (
            _("保管与领卷"),
            ("custody_room", "first_name", "first_phone", "second_name", "second_phone", "third_name", "third_phone"),
        ),
    )

    def __init__(
        self, *given: Any, plans: Iterable[Plan] = (), request: PaperRequest | None = None, **more: Any
    ) -> None:
        if request is not None and "initial" not in more:
            more["initial"] = _initial(request)
        super().__init__(*given, **more)
        if request is not None:
            del self.fields["target"]
            return
        choices = [
            (
                f"{plan.pk}:{row.pk}:{each['subject']}",
                f"{plan.number} {row.occupation_name} {display.level(row.level)} {display.subject(each['subject'])}",
            )
            for plan in plans
            for row in plan.rows.all()
            for each in row.subjects
        ]
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *choices]

    def given(self) -> PaperRequestGiven:
        """The annex as filled in."""
        data = self.cleaned_data
        people = [
            {"name": data[f"{place}_name"], "phone": data[f"{place}_phone"]} for place in ("first", "second", "third")
        ]
        return PaperRequestGiven(
            **{each.name: data[each.name] for each in fields(PaperRequestGiven) if each.name != "collectors"},
            collectors=[each for each in people if each["name"]],
        )

    def place(self) -> dict[str, Any]:
        """The plan, row and subject chosen."""
        plan_id, row_id, subject = self.cleaned_data["target"].split(":")
        return {"plan_id": int(plan_id), "row_id": int(row_id), "subject": subject}


def _initial(request: PaperRequest) -> dict[str, Any]:
    names = ("first", "second", "third")
    people: dict[str, str] = {}
    for place, each in zip(names, request.collectors, strict=False):
        people |= {f"{place}_name": each.get("name", ""), f"{place}_phone": each.get("phone", "")}
    plain = {each.name: getattr(request, each.name) for each in fields(PaperRequestGiven) if each.name != "collectors"}
    return {**plain, **people}


class SecondPersonForm(forms.Form):
    """Who was there as the second of two."""

    second_person = forms.CharField(
        label=_("第二经办人"), max_length=60, help_text=_("与您共同办理、在场见证的另一名人员。")
    )


class SealForm(SecondPersonForm):
    """A seal number for every set."""

    def __init__(self, *given: Any, sets: Sequence[PaperSet], **more: Any) -> None:
        super().__init__(*given, **more)
        self.letters = [each.letter for each in sets]
        for each in sets:
            self.fields[f"seal_{each.letter}"] = forms.CharField(
                label=_("第%(letter)s套封签号") % {"letter": each.letter}, max_length=40, initial=each.seal_number
            )

    def seals(self) -> dict[str, str]:
        """Seal numbers by set letter."""
        return {letter: self.cleaned_data[f"seal_{letter}"] for letter in self.letters}


class IssueForm(SecondPersonForm):
    """Which of the named collectors came."""

    received_by = forms.MultipleChoiceField(
        label=_("到场领卷人"), widget=forms.CheckboxSelectMultiple, help_text=_("至少两人到场，凭证件核对。")
    )

    def __init__(self, *given: Any, request: PaperRequest, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["received_by"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each["name"], each["name"]) for each in request.collectors]


class TakeBackForm(SecondPersonForm):
    """Copies of every set as they came back."""

    remark = forms.CharField(label=_("台账备注"), max_length=200, required=False)

    def __init__(self, *given: Any, sets: Sequence[PaperSet], **more: Any) -> None:
        super().__init__(*given, **more)
        self.letters = [each.letter for each in sets]
        for each in sets:
            for name, label in (("used", _("已用")), ("spare", _("备用")), ("void", _("作废"))):
                self.fields[f"{name}_{each.letter}"] = forms.IntegerField(
                    label=_("第%(letter)s套：%(what)s份数") % {"letter": each.letter, "what": label},
                    min_value=0,
                    max_value=99999,
                    initial=0,
                )
        self.order_fields([name for name in self.fields if name not in ("second_person", "remark")])

    def counts(self) -> dict[str, dict[str, int]]:
        """Copies by set letter and kind."""
        return {
            letter: {name: self.cleaned_data[f"{name}_{letter}"] for name in ("used", "spare", "void")}
            for letter in self.letters
        }


class MovementForm(SecondPersonForm):
    """A line added after counting again."""

    letter = forms.ChoiceField(label=_("套卷"))
    kind = forms.ChoiceField(label=_("类别"), choices=LEDGER)
    copies = forms.IntegerField(label=_("份数"), min_value=1, max_value=99999)
    remark = forms.CharField(label=_("原因"), max_length=200)

    def __init__(self, *given: Any, sets: Sequence[PaperSet], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["letter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.letter, each.letter) for each in sets]
        self.order_fields(["letter", "kind", "copies", "remark", "second_person"])


class SetForm(forms.Form):
    """One more set in a workbook."""

    book = forms.FileField(label=_("试题表"), help_text=_("使用本页提供的模板（xlsx），一次上传一套。"))
