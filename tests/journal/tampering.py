"""What an owner of the database could do to the journal."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

from jiangheng.journal.models import Entry

ENTRY = "journal_entry"
WORDS = (
    "note",
    "actor_name",
    "to_state",
    "from_state",
    "clause",
    "verb",
    "action",
    "role",
    "record_kind",
    "batch_kind",
)
NUMBERS = ("record_id", "batch_id", "actor_id", "organisation_id")


@contextmanager
def trigger_dropped() -> Iterator[None]:
    """What an owner of the database could do: take the guard away, change the past, put it back."""
    if connection.vendor == "postgresql":
        off = [f"ALTER TABLE {ENTRY} DISABLE TRIGGER {ENTRY}_append_only"]
        on = [f"ALTER TABLE {ENTRY} ENABLE TRIGGER {ENTRY}_append_only"]
    else:
        off = [f"DROP TRIGGER {ENTRY}_no_{verb}" for verb in ("update", "delete")]
        on = [
            f"CREATE TRIGGER {ENTRY}_no_{verb.lower()} BEFORE {verb} ON {ENTRY} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {ENTRY}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    with connection.cursor() as cursor:
        for statement in off:
            cursor.execute(statement)
        yield
        for statement in on:
            cursor.execute(statement)


def tamper(pick: random.Random, entries: list[Entry]) -> str:
    """Change the past in one way drawn by ``pick``; what was done, for the message of a failed test."""
    place = pick.randrange(len(entries))
    row, rows = entries[place], Entry.objects.filter(pk=entries[place].pk)
    way = pick.choice(("word", "number", "moment", "json", "hash", "delete", "swap", "insert", "cut"))
    with trigger_dropped():
        if way == "word":
            name = pick.choice(WORDS)
            rows.update(**{name: f"{getattr(row, name)}改"})
        elif way == "number":
            name = pick.choice(NUMBERS)
            rows.update(**{name: (getattr(row, name) or 0) + pick.randint(1, 9)})
        elif way == "moment":
            rows.update(at=row.at + timedelta(microseconds=pick.randint(1, 10**9)))
        elif way == "json":
            name = pick.choice(("before", "after"))
            rows.update(**{name: {**getattr(row, name), "改": pick.randint(0, 9)}})
        elif way == "hash":
            name = pick.choice(("hash", "previous_hash"))
            first, *rest = getattr(row, name)  # a mirror image would leave the first link, all noughts, as it was
            rows.update(**{name: "".join(["2" if first == "1" else "1", *rest])})
        elif way == "delete":
            rows.delete()
        elif way == "cut":
            Entry.objects.filter(pk__gte=row.pk).delete()
        elif way == "insert":
            row.pk = max(each.pk for each in entries) + 1
            row.save(force_insert=True)
        else:
            other = entries[(place + 1) % len(entries)].pk
            Entry.objects.filter(pk=row.pk).update(id=-1)
            Entry.objects.filter(pk=other).update(id=row.pk)
            Entry.objects.filter(pk=-1).update(id=other)
    return f"{way} at {place}"
