"""The one way a rule says no: a Chinese sentence, its clause, and what would help."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A lawful "no".

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
        return str(translate(self.message)) % self.params if self.params else str(translate(self.message))

    def advice(self, translate: Any = lambda text: text) -> str:
        """What to do next, or an empty string."""
        if not self.remedy:
            return ""
        return str(translate(self.remedy)) % self.params if self.params else str(translate(self.remedy))
