"""A month as people type or pick it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t


class MonthField(forms.Field):
    """A month typed or picked: 2015-07, 2015/7, 2015年7月, 201507; read as its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2015-07"})

    def to_python(self, value: Any) -> date | None:
        """The first day of the month, or None where nothing was typed."""
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})(?:[-/.年])?(\d{1,2})月?(?:[-/.]?\d{1,2}日?)?", text)
        try:
            month = date(int(found[1]), int(found[2]), 1) if found else None
        except ValueError:
            month = None
        if month is None or month.year < 1900:
            raise forms.ValidationError(_t("“%(text)s”不是有效年月，请写成 2015-07 的样子。") % {"text": text[:20]})
        return month

    def prepare_value(self, value: Any) -> Any:
        """As the browser's month picker writes it."""
        return f"{value:%Y-%m}" if isinstance(value, date) else value


def month(label: Any, help_text: Any = "") -> MonthField:
    """An optional month."""
    return MonthField(label=label, required=False, help_text=help_text)
