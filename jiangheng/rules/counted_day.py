"""A day found by counting working days, which never goes without saying whether it may still change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiangheng.rules.words import gettext_noop as N_

PROVISIONAL = N_("（暂定）")


@dataclass(frozen=True, slots=True)
class CountedDay:
    """The day; ``provisional`` where a day counted over is of a year whose notice is not out."""

    day: date
    provisional: bool

    def __str__(self) -> str:
        """As a Chinese notice or document writes it: 2026-12-25（暂定）."""
        return self.written(str)

    def written(self, translate: Callable[[str], str]) -> str:
        """The day as 2026-12-25, with 暂定 in the language of ``translate`` where it is provisional."""
        return f"{self.day}{translate(PROVISIONAL)}" if self.provisional else f"{self.day}"

    def place(self) -> CountedDay | str:
        """What fills a place of a refusal's sentence: the plain day where it is certain, so that callers can read it."""
        return self if self.provisional else self.day.isoformat()

    def chinese(self) -> str:
        """As a form on paper writes it: 2026年12月25日（暂定）."""
        return f"{self.day.year}年{self.day.month}月{self.day.day}日{PROVISIONAL if self.provisional else ''}"


def told(record: object, name: str) -> Any:
    """The attribute ``name`` of a record for an API answer; ``X_provisional`` is told by the record's ``X_counted``."""
    if name.endswith("_provisional"):
        day: CountedDay | None = getattr(record, f"{name.removesuffix('_provisional')}_counted")
        return day is not None and day.provisional
    return getattr(record, name)
