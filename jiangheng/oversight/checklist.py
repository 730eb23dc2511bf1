"""The list an inspector answers on the spot, read from its own file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

REMARK_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Item:
    """One question, answered yes or no; ``en`` is its English wording."""

    id: str
    text: str
    en: str


@dataclass(frozen=True, slots=True)
class Part:
    """A group of questions."""

    id: str
    name: str
    en: str
    items: tuple[Item, ...]


@cache
def parts() -> tuple[Part, ...]:
    """The checklist as shipped."""
    data = tomllib.loads((Path(__file__).resolve().parent / "checklist.toml").read_text(encoding="utf-8"))
    return tuple(
        Part(part["id"], part["name"], part["en"], tuple(Item(**item) for item in part["item"]))
        for part in data["part"]
    )


def items() -> tuple[Item, ...]:
    """Every question in order."""
    return tuple(item for part in parts() for item in part.items)


def checked(findings: Sequence[Mapping[str, Any]], *, whole: bool) -> list[dict[str, Any]]:
    """The findings in the order of the list: ``[{"item", "ok", "remark"}]``, ``ok`` None where not answered.

    ``whole`` asks for an answer to every question and a remark with every "no". Refusals (422):
    ``inspection.item``, ``inspection.unanswered``, ``inspection.remark``.
    """
    given = {str(row.get("item", "")): row for row in findings}
    known = {item.id: item for item in items()}
    if set(given) - set(known):
        raise refuse(
            "inspection.item",
            N_("检查清单中没有这一项。"),
            N_("请刷新页面后按清单填写。"),
            clause="四（九）",
            status=422,
        )
    kept = [
        {
            "item": item.id,
            "ok": given[item.id].get("ok") if isinstance(given.get(item.id, {}).get("ok"), bool) else None,
            "remark": str(given[item.id].get("remark", "")).strip()[:REMARK_LONGEST],
        }
        for item in items()
        if item.id in given
    ]
    if whole:
        _complete(kept)
    return kept


def _complete(kept: Sequence[Mapping[str, Any]]) -> None:
    answered = {row["item"] for row in kept if row["ok"] is not None}
    missing = [item for item in items() if item.id not in answered]
    if missing:
        raise refuse(
            "inspection.unanswered",
            N_("还有%(count)s项没有检查结果，例如“%(item)s”。"),
            N_("请逐项填写是或否；暂时填不完可先保存草稿。"),
            clause="四（九）",
            status=422,
            count=len(missing),
            item=missing[0].text,
        )
    silent = [row for row in kept if row["ok"] is False and not row["remark"]]
    if silent:
        words = {item.id: item.text for item in items()}
        raise refuse(
            "inspection.remark",
            N_("“%(item)s”不符合要求，须写明具体情况。"),
            N_("请在该项说明中写明发现的问题。"),
            clause="四（九）",
            status=422,
            item=words[silent[0]["item"]],
        )
