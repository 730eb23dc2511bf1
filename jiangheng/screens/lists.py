"""The list page every room shares: search, filters, sort, paging, export, and what to do when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jiangheng.files import exports
from jiangheng.journal import queries
from jiangheng.rules import flows
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display
from jiangheng.screens.request import Request

PAGE, COUNT_MOST, EXPORT_MOST = 20, 1000, 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Links = Sequence[tuple[Any, str | None]]


@dataclass(frozen=True)
class Column:
    """One column: ``value`` is a dotted attribute or a function of the row (default: the attribute ``name``).

    ``kind``: text, state, date, day, moment, number, money (fen), level, levels, subject. ``sort`` names the
    database field. ``link`` gives the row's address or None.
    """

    name: str
    label: Any
    value: str | Callable[[Any], Any] | None = None
    kind: str = "text"
    sort: str | None = None
    link: Callable[[Any], str | None] | None = None

    def of(self, row: Any) -> Any:
        """The value of this column in ``row``; None where a relation on the way is empty."""
        if callable(self.value):
            return self.value(row)
        try:
            return attrgetter(self.value or self.name)(row)
        except AttributeError:
            if isinstance(row, dict):
                return row.get(self.value or self.name)
            if "." in (self.value or ""):
                return None
            raise


@dataclass(frozen=True)
class Filter:
    """One choice above the list: ``choices`` are (value, label); ``field`` a field or ``(rows, value) -> rows``."""

    name: str
    label: Any
    choices: Iterable[tuple[Any, Any]] | Callable[[], Iterable[tuple[Any, Any]]]
    field: str | Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None

    def options(self) -> list[tuple[str, Any]]:
        """The choices with their values as text."""
        given = self.choices() if callable(self.choices) else self.choices
        return [(str(value), label) for value, label in given]


def listing(
    request: Request,
    rows: QuerySet[Any] | Sequence[Any],
    *,
    title: Any,
    columns: Sequence[Column],
    search: Sequence[str] = ("name", "number"),
    filters: Sequence[Filter] = (),
    order: str | Sequence[str] = "-id",
    create: tuple[Any, str] | None = None,
    links: Links = (),
    empty: Any = "",
    export: str | None = None,
    breadcrumb: Links = (),
    kind: str | None = None,
    lead: Any = "",
    template: str = "screens/listing.html",
    context: dict[str, Any] | None = None,
    per_page: int = PAGE,
) -> HttpResponse:
    """A list page of ``rows`` (a query set already narrowed by ``visible_to``; a plain list is only paged).

    ``kind`` names the flow of the rows: state columns read from it and a filter on ``state`` is added.
    Query parameters: q, sort (-name for descending), page, export=1, and one per filter.
    """
    if kind and not any(each.name == "state" for each in filters):
        states = [(state.name, display.word(state.label)) for state in flows.FLOWS[kind].states]
        filters = (Filter("state", _("状态"), states), *filters)
    typed = request.GET.get("q", "").strip()[:60]
    chosen: dict[str, str] = {}
    if isinstance(rows, QuerySet):
        rows = queries.holding(rows, search, typed) if typed and search else rows
        for each in filters:
            value = request.GET.get(each.name, "")
            if value and value in dict(each.options()):
                chosen[each.name] = value
                rows = (
                    each.field(rows, value) if callable(each.field) else rows.filter(**{each.field or each.name: value})
                )
        sort, rows = _sorted(rows, columns, request.GET.get("sort", ""), order)
    else:
        sort, search, filters = "", (), ()
    if export and request.GET.get("export") == "1":
        return _exported(rows, title, columns, kind or "", export)
    total, more = _total(rows)
    pages = max(1, -(-total // per_page))
    page = _page(request.GET.get("page", ""), pages)
    shown = list(rows[(page - 1) * per_page : page * per_page])
    return render(
        request,
        template,
        {
            "title": title,
            "lead": lead,
            "breadcrumb": breadcrumb,
            "create": create,
            "links": links,
            "empty": empty,
            "searches": bool(search),
            "q": typed,
            "filters": [
                {"name": each.name, "label": each.label, "options": each.options(), "chosen": chosen.get(each.name, "")}
                for each in filters
            ],
            "narrowed": bool(typed or chosen),
            "headings": [_heading(request, column, sort) for column in columns],
            "sort": sort,
            "lines": [_row(columns, row, kind or "") for row in shown],
            "total": total,
            "more": more,
            "page": page,
            "pages": pages,
            "numbers": [
                {"number": number, "href": _with(request, page=number), "here": number == page}
                for number in _window(page, pages)
            ],
            "previous": _with(request, page=page - 1) if page > 1 else "",
            "next": _with(request, page=page + 1) if page < pages else "",
            "export": _with(request, export=1, page=None) if export and shown else "",
            "clear": request.path,
            **(context or {}),
        },
    )


def _sorted(
    rows: QuerySet[Any], columns: Sequence[Column], asked: str, order: str | Sequence[str]
) -> tuple[str, QuerySet[Any]]:
    sortable = {column.name: column.sort for column in columns if column.sort}
    field = sortable.get(asked.removeprefix("-"))
    if field:
        sign = "-" if asked.startswith("-") else ""
        return asked, rows.order_by(f"{sign}{field}", f"{sign}pk")
    names = [order] if isinstance(order, str) else list(order)
    return "", rows.order_by(*names, *([] if {"id", "-id", "pk", "-pk"} & set(names) else ["-pk"]))


def _total(rows: QuerySet[Any] | Sequence[Any]) -> tuple[int, bool]:
    """How many there are, and whether more: nobody counts past COUNT_MOST, so a long list opens like a short one."""
    if not isinstance(rows, QuerySet):
        return len(rows), False
    found = rows.order_by()[: COUNT_MOST + 1].count()
    return min(found, COUNT_MOST), found > COUNT_MOST


def _page(asked: str, pages: int) -> int:
    if not (asked.isascii() and asked.isdigit()):
        return 1
    return max(1, min(int(asked[:9]), pages))


def _window(page: int, pages: int) -> list[int]:
    near = {1, pages, *range(page - 2, page + 3)}
    return sorted(number for number in near if 1 <= number <= pages)


def _with(request: Request, **changes: Any) -> str:
    query = request.GET.copy()
    query.pop("export", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"


def _heading(request: Request, column: Column, sort: str) -> dict[str, Any]:
    direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "none")
    asked = f"-{column.name}" if direction == "ascending" else column.name
    return {
        "label": column.label,
        "kind": column.kind,
        "href": _with(request, sort=asked, page=None) if column.sort else "",
        "direction": direction if column.sort else "",
    }


def _row(columns: Sequence[Column], row: Any, kind: str) -> SafeString:
    """The cells of one row, made here rather than in the template: a long list spends most of its time on them."""
    flow_kind = kind or str(getattr(type(row), "KIND", ""))
    cells = []
    for column in columns:
        shown = display.shown(column.of(row), column.kind, flow_kind)
        blank = " blank" if shown == display.NOTHING else ""
        address = column.link(row) if column.link else None
        inner = format_html('<a href="{}">{}</a>', address, shown) if address else format_html("<span>{}</span>", shown)
        cells.append(
            format_html('<td class="kind-{}{}" data-label="{}">{}</td>', column.kind, blank, column.label, inner)
        )
    return mark_safe("".join(cells))  # noqa: S308 - each cell is escaped above


def _exported(
    rows: QuerySet[Any] | Sequence[Any], title: Any, columns: Sequence[Column], kind: str, name: str
) -> HttpResponse:
    """The whole narrowed list as a workbook."""
    if isinstance(rows, QuerySet) and rows.order_by()[EXPORT_MOST:].exists():
        raise refuse(
            "listing.too_many",
            N_("符合条件的记录超过 %(most)s 条，不能一次导出。"),
            N_("请用筛选条件缩小范围后再导出。"),
            status=422,
            most=EXPORT_MOST,
        )
    content = exports.workbook(str(title), [str(column.label) for column in columns], _lines(rows, columns, kind))
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name.removesuffix('.xlsx'))}.xlsx"
    answer["Cache-Control"] = "no-store"
    return answer


def _lines(rows: QuerySet[Any] | Sequence[Any], columns: Sequence[Column], kind: str) -> Iterator[list[Any]]:
    source: Iterable[Model] = rows.iterator(chunk_size=2000) if isinstance(rows, QuerySet) else rows
    for row in source:
        flow_kind = kind or str(getattr(type(row), "KIND", ""))
        yield [display.exported(column.of(row), column.kind, flow_kind) for column in columns]
