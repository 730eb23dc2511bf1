"""Shape of input about the calendar, the centre's defaults and fee tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.bodies.forms import DayField, table
from jiangheng.catalog import queries
from jiangheng.screens.display import LEVELS
from jiangheng.screens.forms import offer

MOST_DAYS = 250


class CalendarDayForm(forms.Form):
    """A local row of the calendar."""

    day = DayField(label=_("日期"))
    workday = forms.TypedChoiceField(
        label=_("当天安排"),
        choices=[("0", _("休息")), ("1", _("上班"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="0",
    )
    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如“广西三月三”。"))
    source = forms.CharField(label=_("依据文件"), max_length=200, required=False)


class RemoveDayForm(forms.Form):
    """The local row to take back."""

    day = DayField()


class CountForm(forms.Form):
    """A question to the working-day calendar."""

    direction = forms.ChoiceField(
        label=_("推算方式"),
        choices=[("before", _("某日之前 N 个工作日")), ("after", _("自某日起 N 个工作日（次日起算）"))],
        widget=forms.RadioSelect,
        initial="before",
    )
    day = DayField(label=_("日期"), help_text=_("考核日期，或公示发布日期。"))
    workdays = forms.IntegerField(label=_("工作日数"), min_value=1, max_value=MOST_DAYS, initial=10)


class DayForm(forms.Form):
    """A day the law is asked for."""

    on = DayField(label=_("适用日期"))


class ParameterForm(forms.Form):
    """The centre's own value for a labelled default; the value keeps the default's kind."""

    valid_from = DayField(label=_("自何日起"))
    reason = forms.CharField(label=_("修改依据"), max_length=200, help_text=_("文件名称、文号或会议决定。"))

    def __init__(self, *args: Any, standing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = self._field(standing)
        self.order_fields(["value", "valid_from", "reason"])

    @staticmethod
    def _field(standing: Any) -> forms.Field:
        if isinstance(standing, bool):
            return forms.TypedChoiceField(
                label=_("新的值"),
                choices=[("1", _("是")), ("0", _("否"))],
                coerce=lambda value: value == "1",
                initial="1" if standing else "0",
            )
        if isinstance(standing, int):
            return forms.IntegerField(label=_("新的值"), min_value=0, max_value=100_000_000, initial=standing)
        return forms.CharField(label=_("新的值"), max_length=200, initial=standing)


class FeeTableForm(forms.Form):
    """The document a fee table stands in."""

    document = forms.CharField(label=_("收费文件名称和文号"), max_length=120)
    valid_from = DayField(label=_("施行日期"))
    valid_to = DayField(label=_("终止日期"), required=False)
    replace = forms.BooleanField(
        label=_("自施行日期起替换现行标准"),
        required=False,
        help_text=_("同一职业、等级、项目和收款主体的现行标准在前一天终止；已计的费用不变。"),
    )


class FeeLineForm(forms.Form):
    """One line of a fee table; the amount is in yuan."""

    occupation_code = forms.ChoiceField(label=_("职业"))
    level = forms.TypedChoiceField(
        label=_("等级"), choices=[(level, name) for level, name in LEVELS.items()], coerce=int
    )
    item = forms.ChoiceField(label=_("收费项目"), choices=lambda: table("fee_item"))
    payee = forms.ChoiceField(label=_("收款主体"), choices=lambda: table("fee_payee"), required=False)
    amount = forms.DecimalField(
        label=_("金额（元）"), min_value=Decimal("0.01"), max_value=Decimal(100_000), max_digits=8, decimal_places=2
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "occupation_code", [("", _("请选择职业")), *queries.occupation_choices()])


class FeeUploadForm(FeeTableForm):
    """A fee table's workbook with its document and days; ``stored`` where the file is already kept."""

    file = forms.FileField(label=_("收费标准表"))
    field_order = ("document", "valid_from", "valid_to", "replace", "file")

    def __init__(self, *args: Any, stored: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if stored:
            del self.fields["file"]

    def chosen(self) -> dict[str, str]:
        """The document and days as text, for the next page."""
        given = self.cleaned_data
        return {
            "document": given["document"],
            "valid_from": given["valid_from"].isoformat(),
            "valid_to": given["valid_to"].isoformat() if given["valid_to"] else "",
            "replace": "on" if given["replace"] else "",
        }
