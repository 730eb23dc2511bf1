"""The one way to hold rows: in one order, no longer than a limit, and only inside a transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, overload

from django.conf import settings
from django.db import OperationalError, connection, models
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

BUSY = re.compile(r"lock|deadlock|could not serialize", re.IGNORECASE)
M = TypeVar("M", bound=models.Model)


@overload
def hold(rows: QuerySet[M], /) -> list[M]: ...
@overload
def hold(row: M, /) -> list[M]: ...
@overload
def hold(*rows: models.Model | QuerySet[Any]) -> list[Any]: ...
def hold(*rows: models.Model | QuerySet[Any]) -> list[Any]:
    """Lock rows (records or querysets of them) until the transaction ends; returns them as they stand now.

    They are locked and returned by model label, then primary key, whatever order they are given in: of two deeds that
    want the same rows one waits for the other, and neither waits for ever. What one deed holds in several calls is
    sorted within each; where two deeds then cross, the database ends one of them and it is told to try again. A row
    that is gone is left out. SQLite has one writer, who holds the whole database from the first statement on.

    Refusal ``database.busy`` (423) where somebody holds them longer than ``settings.LOCK_SECONDS``;
    TransactionManagementError outside a transaction, where a lock would end with its own statement.
    """
    given: dict[type[models.Model], list[models.Model | QuerySet[Any]]] = {}
    for row in rows:
        given.setdefault(row.model if isinstance(row, QuerySet) else type(row), []).append(row)
    held: list[Any] = []
    with limited():
        for model, those in sorted(given.items(), key=lambda pair: pair[0]._meta.label_lower):
            # `of self`: rows joined for reading are nobody's to lock, and a nullable join could not be.
            held += _one_query(model, those).order_by("pk").select_for_update(of=("self",))
    return held


def _one_query(model: type[models.Model], those: Sequence[models.Model | QuerySet[Any]]) -> QuerySet[Any]:
    """All of these at once: only within one statement the database sorts them."""
    if len(those) == 1 and isinstance(those[0], QuerySet):
        return those[0]
    keys = {
        key
        for each in those
        for key in (each.values_list("pk", flat=True) if isinstance(each, QuerySet) else [each.pk])
    }
    return model._base_manager.filter(pk__in=keys)


@contextmanager
def limited() -> Iterator[None]:
    """Within, a lock somebody else holds is waited for no longer than ``settings.LOCK_SECONDS``, then refused.

    PostgreSQL's own limit, local to the transaction, so that no pooled connection keeps it. SQLite waits at the start
    of the transaction, by the timeout of its connection. Raises as :func:`hold` does.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("locking: rows are held inside a transaction only")
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{settings.LOCK_SECONDS}s"])
        yield
    except OperationalError as error:
        raise (busy(error) or error) from error


def busy(error: OperationalError) -> Refusal | None:
    """What somebody is told whose transaction the database ended for another's; None where it failed otherwise."""
    if not BUSY.search(str(error)):
        return None
    return refuse(
        "database.busy",
        N_("系统正忙，本次操作没有保存。"),
        N_("请稍等几秒后重新提交，已填写的内容不会重复入库。"),
        status=423,
    )
