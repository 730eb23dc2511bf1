"""What was read of the law and the calendar is kept for one request or one deed, and never longer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")

_memory: ContextVar[dict[Any, Any] | None] = ContextVar("values", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within, each day's law and the calendar are read once; a deed within a request shares the request's memory.

    Whatever fails within may have been rolled back, so its memory is dropped.
    """
    outer = _memory.get()
    token = _memory.set({} if outer is None else outer)
    try:
        yield
    except BaseException:
        forget()
        raise
    finally:
        _memory.reset(token)


def forget() -> None:
    """Drop what was read in this request or deed: a row it was read from is being written."""
    kept = _memory.get()
    if kept:
        kept.clear()


def recall(key: Any, read: Callable[[], T]) -> T:
    """What ``read`` gave for ``key`` before in this request or deed, else what it gives now."""
    kept = _memory.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return cast(T, kept[key])
