"""The generations of the route templates and what each changed from the one before (三（一）), as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from jiangheng.rules.conditions.routes import route_sets
from jiangheng.rules.law import FOLDER

ORDER = ("R-legacy", "R2018", "R2023")


@dataclass(frozen=True, slots=True)
class Generation:
    """What a template changed from the one before: in general, and at one level."""

    before: str
    after: str
    source: str
    general: tuple[str, ...]
    texts: tuple[str, ...]


@cache
def _data() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads((FOLDER / "generations.toml").read_text(encoding="utf-8"))["generation"])


def previous(ruleset: str) -> str | None:
    """The template of the generation before, where it is shipped; None for the first."""
    if ruleset not in ORDER:
        return None
    earlier = [name for name in ORDER[: ORDER.index(ruleset)] if name in route_sets()]
    return earlier[-1] if earlier else None


def changed(before: str, after: str, level: int) -> Generation | None:
    """What ``after`` changed from ``before`` at ``level``, in words; None where nobody wrote it down."""
    for row in _data():
        if row["before"] == before and row["after"] == after:
            texts = next((each["texts"] for each in row["level"] if each["level"] == level), ())
            return Generation(before, after, str(row["source"]), _words(row["general"]), _words(texts))
    return None


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()
