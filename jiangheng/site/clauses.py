"""The words of a clause of the notice, for quoting beside a step or a refusal."""

from __future__ import annotations

from functools import cache


@cache
def text_of(place: str) -> str:
    """The text of a clause such as ``三（三）``; empty where the law's tables do not hold it."""
    try:
        from jiangheng.rules import law
    except ImportError:
        return ""
    found = getattr(law, "clause_text", None)
    return found(place) if found else ""
