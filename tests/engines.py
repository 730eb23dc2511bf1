"""Which tests run on which database: ``make test`` plays both, but not every test twice.

Actions, queries, races and triggers run on SQLite and on PostgreSQL: there the engines differ. What goes through a
browser's door (pages, forms, the API) asks the same queries once more and runs on PostgreSQL alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

DOORS = frozenset({"client", "client_for"})
NAMED = re.compile(r"test_(.*_)?(pages?|api|forms)(_.*)?\.py")


def is_page(file: str, fixtures: Collection[str], names: Collection[str], *, transactional: bool) -> bool:
    """Whether a test goes through a browser's door: by its file's name, what it asks for, or a Client of its own.

    A test with real transactions is a race or a trigger whatever door it takes: both engines.
    """
    if transactional:
        return False
    return bool(NAMED.fullmatch(file)) or not DOORS.isdisjoint(fixtures) or "Client" in names


def sort_out(items: list[Any]) -> None:
    """Mark the pages among the collected tests."""
    for item in items:
        marks = list(item.iter_markers("django_db"))
        transactional = any(mark.kwargs.get("transaction") for mark in marks)
        names = getattr(getattr(item, "function", None), "__code__", None)
        if is_page(item.path.name, item.fixturenames, names.co_names if names else (), transactional=transactional):
            item.add_marker("pages")
