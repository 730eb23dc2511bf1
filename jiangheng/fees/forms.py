"""Shapes of what a clerk or payer types about money; sums are never typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from jiangheng.rules.fees.money import refund_reasons
from jiangheng.screens.display import word
from jiangheng.screens.forms import offer

METHODS = (("transfer", _("银行转账")), ("cash", _("现金")), ("pos", _("刷卡")))
SOURCES = (("bank", _("银行")), ("sandbox", _("演示支付")))
MOST_BYTES = 20_000_000


class _Day(forms.DateField):
    """A day typed into the browser's own picker."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **given)


class PayForm(forms.Form):
    """How a payer wants to pay."""

    way = forms.ChoiceField(label=_("缴费方式"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, ways: Iterable[tuple[str, Any]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        choices = list(ways)
        offer(self, "way", choices)
        self.fields["way"].initial = choices[0][0] if choices else ""


class NoteForm(forms.Form):
    """Money that came in by hand, for a known order."""

    method = forms.ChoiceField(label=_("收款方式"), choices=METHODS)
    voucher = forms.CharField(
        label=_("凭证号"), max_length=60, help_text=_("银行回单或收款凭证上的编号；同一凭证号不会重复登记。")
    )
    paid_on = _Day(label=_("到账日期"))


class NoteNewForm(NoteForm):
    """Money that came in by hand, from a payer who owes."""

    payer = forms.ChoiceField(label=_("缴费人"))
    field_order = ("payer", "method", "voucher", "paid_on")

    def __init__(self, *args: Any, payers: Iterable[tuple[str, Any]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        offer(self, "payer", list(payers))


class RefundForm(forms.Form):
    """Which charges are given back, and why."""

    reason = forms.ChoiceField(label=_("退费事由"))
    charges = forms.MultipleChoiceField(
        label=_("退哪些费用"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("退“多缴或重复缴费”时不用选择，退还未用于结清应收的款项。"),
    )
    note = forms.CharField(label=_("情况说明"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("reason", "charges", "note")

    def __init__(self, *args: Any, charges: Iterable[tuple[Any, Any]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        offer(self, "charges", list(charges))
        offer(
            self,
            "reason",
            [
                ("", now_("请选择")),
                *((each.code, f"{word(each.label)}（{each.clause}）") for each in refund_reasons().values()),
            ],
        )


class PayOutForm(forms.Form):
    """The paper that shows the money went back."""

    voucher = forms.CharField(label=_("退款凭证编号"), max_length=60, help_text=_("转账回单或现金退款签收单的编号。"))


class VoidForm(forms.Form):
    """Why a receipt is no longer good."""

    reason = forms.CharField(label=_("作废原因"), max_length=200)


class StatementForm(forms.Form):
    """A statement and where it comes from."""

    source = forms.ChoiceField(label=_("对账单来源"), choices=SOURCES)
    file = forms.FileField(label=_("对账单文件"))


class ClaimForm(forms.Form):
    """Whose money a line is."""

    payer = forms.ChoiceField(label=_("计划和缴费人"), required=False)
    number = forms.CharField(
        label=_("报名序号"),
        max_length=40,
        required=False,
        help_text=_("个人缴费而不在上面的名单中（已缴清）时填写，款项记为多缴，可退费。"),
    )
    note = forms.CharField(label=_("依据"), max_length=200, help_text=_("例如：“单位来函说明系本批学员认定费”。"))

    def __init__(self, *args: Any, payers: Iterable[tuple[str, Any]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        offer(self, "payer", [("", now_("请选择")), *payers])


class TransferForm(forms.Form):
    """The application that took the place."""

    to = forms.ChoiceField(label=_("转到本人的申请"))

    def __init__(self, *args: Any, places: Iterable[tuple[Any, Any]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        found = list(places)
        offer(self, "to", [("", _("请选择申请")), *found])
        if not found:
            self.fields["to"].help_text = _("本人没有已计费的其他申请可以转入；不再参加的，请办理退费。")


class LedgerForm(forms.Form):
    """Which part of the day-book."""

    plan = forms.ChoiceField(label=_("计划"), required=False, widget=forms.Select(attrs={"class": "form-select"}))
    first = _Day(label=_("起"), required=False)
    last = _Day(label=_("止"), required=False)

    def __init__(self, *args: Any, plans: Iterable[tuple[Any, Any]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        for name in ("first", "last"):
            self.fields[name].widget.attrs["class"] = "form-control"
        offer(self, "plan", [("", now_("全部")), *plans])
