"""Fields of pages that read what is typed by the readers of ``rules/readers``, and what they tidied, said back.

No field here cuts what is pasted: a value's dress may be longer than the value.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from jiangheng.rules.readers import dates
from jiangheng.rules.readers.text import TIDIED, Read
from jiangheng.screens import tokens
from jiangheng.screens.request import Request

LONGEST = 200
"""Letters taken of a value of a few letters with its dress."""
SILENT = ("letter_case",)
"""What is tidied without a word: nobody means another number by a small x."""


class ReadField(forms.CharField):
    """A field of one kind of value: its reader takes the dress off, and a refusal is shown at the field."""

    def __init__(self, *, reader: Callable[[object], Read[Any]], **given: Any) -> None:
        super().__init__(max_length=None, strip=False, **given)
        self.reader = reader
        self.tidied: tuple[str, ...] = ()

    def to_python(self, value: Any) -> Any:
        """The value as kept; "" where nothing but dress was typed."""
        text = super().to_python(value)
        self.tidied = ()
        if not text or not str(text).strip():
            return self.empty_value
        if len(text) > LONGEST:
            raise forms.ValidationError(_("太长，请只填写本项内容。"))
        found = self.reader(text)
        if found.refusal is not None:
            raise forms.ValidationError(found.refusal.sentence(_) + found.refusal.advice(_))
        self.tidied = tuple(code for code in found.tidied if code not in SILENT)
        return found.value


class DayField(ReadField):
    """A day typed in any form that says one day, or picked from the browser's own calendar."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(reader=_whole_day, empty_value=None, **given)

    def prepare_value(self, value: Any) -> Any:
        """As the browser's picker writes it."""
        return value.isoformat() if isinstance(value, date) else value


def _whole_day(raw: object) -> Read[date]:
    return dates.read(raw, whole=True)


def tidied(form: forms.BaseForm) -> list[str]:
    """For each field that was tidied: its label, the value kept and what came off."""
    said = []
    for name, field in form.fields.items():
        codes = getattr(field, "tidied", ())
        value = getattr(form, "cleaned_data", {}).get(name)
        if codes and value:
            said.append(
                _("%(label)s已按“%(value)s”读取（%(what)s）")
                % {
                    "label": field.label,
                    "value": value,
                    "what": _("，").join(_(TIDIED[code]) for code in codes),
                }
            )
    return said


def tell(request: Request, form: forms.BaseForm) -> None:
    """Say after a form was taken what its readers tidied; nothing where they tidied nothing."""
    said = tidied(form)
    if said:
        tokens.done(request, _("；").join(said) + _("。"))
