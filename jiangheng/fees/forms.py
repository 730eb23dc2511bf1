"""Shapes of what a clerk types about money; amounts in yuan with two places."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

METHODS = (("bank", _("银行转账")), ("cash", _("现金")), ("pos", _("刷卡")), ("other", _("其他")))


class _Amount(forms.Form):
    """An amount of money."""

    amount = forms.DecimalField(
        label=_("金额（元）"),
        min_value=Decimal("0.01"),
        max_digits=11,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def fen(self) -> int:
        """The amount in fen."""
        return int(self.cleaned_data["amount"] * 100)


class PayForm(_Amount):
    """Money received."""

    payer = forms.ChoiceField(label=_("缴费人"))
    reference = forms.CharField(
        label=_("流水号"), max_length=60, help_text=_("银行回单或收款凭证上的编号；同一流水号不会重复登记。")
    )
    method = forms.ChoiceField(label=_("收款方式"), choices=METHODS)
    paid_on = forms.DateField(label=_("收款日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    field_order = ("payer", "amount", "reference", "method", "paid_on")

    def __init__(self, *args: Any, payers: Iterable[tuple[str, Any]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["payer"].choices = list(payers)  # type: ignore[attr-defined]


class RefundForm(_Amount):
    """Money given back."""

    reason = forms.CharField(label=_("退款原因"), max_length=200)
    field_order = ("amount", "reason")
