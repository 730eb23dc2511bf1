"""What the API answers with: a record written out, and one page of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

from jiangheng.rules.counted_day import told

PAGE = 100
S = TypeVar("S", bound=Schema)
M = TypeVar("M", bound=Model)


class Cursor(Schema):
    """Where a page of a list begins: after the last id of the page before; every list is in the order of ``id``."""

    after: Annotated[int, Field(ge=0, le=2**62, description="上一页最后一条的 id / last id of the page before")] = 0
    limit: Annotated[int, Field(ge=1, le=PAGE, description="每页条数 / rows a page")] = PAGE


def out(schema: type[S], row: Any, **computed: Any) -> S:
    """``row`` written out as ``schema``: ``id`` is the key, other members are its columns of that name or ``computed``.

    ``X_provisional`` says of a day ``X`` whether the holiday notice of its year may still move it.
    """
    own = {name: row.pk if name == "id" else told(row, name) for name in schema.model_fields if name not in computed}
    return schema(**own, **computed)


def page(
    request: HttpRequest, rows: QuerySet[M], cursor: Cursor, write: Callable[[M], S], *, state: str = ""
) -> list[S]:
    """One page of ``rows`` by id, of those in ``state`` where one is asked for.

    Where more follow, the answer's ``Link`` header names the next page (RFC 8288).
    """
    if state:
        rows = rows.filter(state=state)
    # One row more than asked for tells whether there is a next page without counting what may be a hundred thousand.
    found = list(rows.filter(pk__gt=cursor.after).order_by("pk")[: cursor.limit + 1])
    if len(found) > cursor.limit:
        asked = request.GET.copy()
        asked["after"] = str(found[cursor.limit - 1].pk)
        address = request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
        request.META["jiangheng.link"] = f'<{address}>; rel="next"'
    return [write(row) for row in found[: cursor.limit]]
