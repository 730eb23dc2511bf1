"""The words of a clause of the notice, for quoting beside a step or a refusal."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from jiangheng.values import queries as values


@lru_cache(maxsize=32)
def _texts(on: date) -> dict[str, str]:
    return {clause.id: clause.text for clause in values.law(on).clauses()}


def text_of(place: str, on: date) -> str:
    """The text of a clause such as ``三（三）`` in force on that day; empty for a place the law does not hold."""
    return _texts(on).get(place, "")
