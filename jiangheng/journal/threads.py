"""Where each kind of record lives: who may see it and its page; the site fills the table (site/threads.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from jiangheng.journal import queries
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


@dataclass(frozen=True, slots=True)
class Thread:
    """A kind of record: its word, the dotted name of its ``visible_to`` and the name of its page ("" for none)."""

    kind: str
    label: str
    visible_to: str
    page: str = ""


THREADS: dict[str, Thread] = {}


def register(*threads: Thread) -> None:
    """Add kinds to the table."""
    THREADS.update({thread.kind: thread for thread in threads})


def visible(person: Person, kind: str, record_id: int) -> Any:
    """The record itself when ``person`` may see it; Refusal ``record.none`` (404) otherwise."""
    thread = THREADS.get(kind)
    if thread is None:
        raise Refusal(
            N_("没有找到这条记录，或您无权查看。"),
            code="record.none",
            remedy=N_("请核对链接；如应有权限，请确认当前使用的身份是否正确。"),
            status=404,
        )
    rows: Callable[[Person], QuerySet[Any]] = import_string(thread.visible_to)
    return queries.one(rows(person), pk=record_id)


def address(kind: str, record_id: int | None) -> str | None:
    """The page of a record, or None where it has none."""
    thread = THREADS.get(kind)
    if thread is None or not thread.page or record_id is None:
        return None
    try:
        return reverse(thread.page, args=[record_id])
    except NoReverseMatch:
        return None
