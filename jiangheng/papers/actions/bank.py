"""Filling the bank."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

from jiangheng.journal.actions import action, record
from jiangheng.papers.models import Item
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

DEMONSTRATION = Path(__file__).resolve().parent.parent / "demonstration_items.toml"


@action("papers.load_items")
def load_items(*, by: Person, now: datetime, path: Path = DEMONSTRATION) -> int:
    """Load a labelled file of items into the bank (四（二）); what is there already stays; returns how many are new.

    Refusal ``papers.items_file`` (422) when the file cannot be read.
    """
    try:
        book = tomllib.loads(path.read_text(encoding="utf-8"))
        shelf = {
            "occupation_code": str(book["occupation_code"]),
            "level": int(book["level"]),
            "subject": str(book["subject"]),
        }
        rows = [
            Item(
                **shelf,
                kind=row["kind"],
                point=row.get("point", ""),
                stem=row["stem"],
                options=row["options"],
                answer=row["answer"],
                label=str(book.get("label", "")),
            )
            for row in book["item"]
        ]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise refuse(
            "papers.items_file",
            N_("试题文件无法读取。"),
            N_("请核对文件格式后重新载入。"),
            clause="四（二）",
            status=422,
        ) from error
    known = set(Item.objects.filter(**shelf).values_list("stem", flat=True))
    fresh = [row for row in rows if row.stem not in known]
    if fresh:
        Item.objects.bulk_create(fresh, batch_size=500)
        record(fresh[0], after={**shelf, "items": len(fresh)})
    return len(fresh)
