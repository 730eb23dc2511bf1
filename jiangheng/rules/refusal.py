"""The one way a rule says no: a Chinese sentence, its clause, and what would help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jiangheng.rules.counted_day import CountedDay


@dataclass(frozen=True, slots=True)
class Said:
    """A marked sentence with its own values, put into a place of another sentence in the reader's language."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """A lawful "no", made by :func:`refuse`.

    ``message`` and ``remedy`` are source strings (marked with ``words.gettext_noop``) with
    ``%(name)s`` places filled from ``params``; ``clause`` is the place in an instrument, such as
    ``"三（三）"``; ``code`` is a stable English identifier for the API and the tests; ``status`` is
    the HTTP status (always 4xx) a page or the API answers with.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        clause: str = "",
        remedy: str = "",
        status: int = 409,
        **params: Any,
    ) -> None:
        self.message = message
        self.code = code
        self.clause = clause
        self.remedy = remedy
        self.status = status
        self.params = params
        super().__init__(self.sentence())

    def sentence(self, translate: Any = lambda text: text) -> str:
        """The message in the language of ``translate`` with its places filled."""
        return self._filled(self.message, translate)

    def advice(self, translate: Any = lambda text: text) -> str:
        """What to do next, or an empty string."""
        return self._filled(self.remedy, translate) if self.remedy else ""

    def advising(self, remedy: str, **values: Any) -> Refusal:
        """The same refusal with advice that knows more than the rule did."""
        return Refusal(
            self.message,
            code=self.code,
            clause=self.clause,
            remedy=remedy,
            status=self.status,
            **{**self.params, **values},
        )

    def _filled(self, text: str, translate: Any) -> str:
        return _filled(text, self.params, translate)


def _filled(text: str, values: Mapping[str, Any], translate: Any) -> str:
    if not values:
        return str(translate(text))
    return str(translate(text)) % {name: _translated(value, translate) for name, value in values.items()}


def _translated(value: Any, translate: Any) -> Any:
    if isinstance(value, Said):
        return _filled(value.text, value.values, translate)
    if isinstance(value, CountedDay):
        return value.written(translate)
    return translate(value) if isinstance(value, str) and value else value


def refuse(
    code: str, sentence: str, remedy: str = "", /, *, clause: str = "", status: int = 409, **values: Any
) -> Refusal:
    """The refusal to raise or to hand back, as ``raise refuse`` with code, sentence and remedy.

    A code is refused in one place and has one sentence (``docs/refusals.md`` lists them all); ``values`` fill
    the ``%(name)s`` places of sentence and remedy.
    """
    return Refusal(sentence, code=code, remedy=remedy, clause=clause, status=status, **values)


def tried(step: Callable[[], object]) -> Refusal | None:
    """The refusal of a check that raises, or None."""
    try:
        step()
    except Refusal as refusal:
        return refusal
    return None
