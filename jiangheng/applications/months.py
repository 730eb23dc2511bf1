"""A month as people type or pick it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t

from jiangheng.rules.readers import dates


class MonthField(forms.Field):
    """A month typed or picked: 2015-07, 2015/7, 2015年7月, 201507; read as its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2015-07"})

    def to_python(self, value: Any) -> date | None:
        """The first day of the month, or None where nothing was typed."""
        text = str(value or "").strip()
        if not text:
            return None
        found = dates.month(text)
        if found.refusal is not None and found.refusal.code == "date.october":
            raise forms.ValidationError(found.refusal.sentence(_t) + _t("请写成 2012-01 或 2012-10 的样子。"))
        if found.value is None or found.value.year < 1900:
            raise forms.ValidationError(_t("“%(text)s”不是有效年月，请写成 2015-07 的样子。") % {"text": text[:20]})
        return found.value

    def prepare_value(self, value: Any) -> Any:
        """As the browser's month picker writes it."""
        return f"{value:%Y-%m}" if isinstance(value, date) else value


def month(label: Any, help_text: Any = "") -> MonthField:
    """An optional month."""
    return MonthField(label=label, required=False, help_text=help_text)
