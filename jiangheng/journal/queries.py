"""Reading the journal: one thing's story, a person's notices, and the check of the chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from jiangheng.journal.models import Entry, Head, Once, Outgoing
from jiangheng.rules.conditions.evidence import chain_hash
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

GENESIS = "0" * 64
SEARCH_MOST = 1000

M = TypeVar("M", bound=Model)


def one(rows: QuerySet[M], **lookup: Any) -> M:
    """The one row among those visible; Refusal ``record.none`` (404) says the same for absent and forbidden."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise absent()
    return found


def absent() -> Refusal:
    """What is said of a record that is not there and of one that is not for this person; ``record.none`` (404)."""
    return refuse(
        "record.none",
        N_("没有找到这条记录，或您无权查看。"),
        N_("请核对链接；如应有权限，请确认当前使用的身份是否正确。"),
        status=404,
    )


def holding(rows: QuerySet[M], fields: Sequence[str], typed: str) -> QuerySet[M]:
    """The rows with ``typed`` in one of ``fields`` (anywhere in it, unless the field names its lookup).

    A part of a text is in no index's order and reads every row: so it is looked for once and by itself, which an
    index of the searched columns answers, and what is found narrows the rows a person may see.
    """
    wanted = Q()
    for name in fields:
        lookup = name if name.rpartition("__")[2] in ("exact", "startswith", "iexact") else f"{name}__icontains"
        wanted |= Q(**{lookup: typed})
    found = rows.model._default_manager.filter(wanted).order_by().values_list("pk", flat=True)
    keys = list(found[: SEARCH_MOST + 1])
    return rows.filter(wanted) if len(keys) > SEARCH_MOST else rows.filter(pk__in=keys)


def was_done(key: str) -> bool:
    """True where the one-time token was used before."""
    return Once.objects.filter(key=key).exists()


def length() -> int:
    """How many entries the journal holds."""
    return Entry.objects.count()


def told(entry: Entry) -> dict[str, Any]:
    """What of an entry its hash stands for."""
    return {
        "at": entry.at.timestamp(),
        "action": entry.action,
        "verb": entry.verb,
        "record": [entry.record_kind, entry.record_id],
        "batch": [entry.batch_kind, entry.batch_id],
        "states": [entry.from_state, entry.to_state],
        "actor": [entry.actor_id, entry.actor_name, entry.role, entry.organisation_id],
        "clause": entry.clause,
        "note": entry.note,
        "before": entry.before,
        "after": entry.after,
    }


def link(previous_hash: str, entry: Entry) -> str:
    """The hash of ``entry`` standing after ``previous_hash``."""
    return chain_hash(previous_hash, told(entry))


def story(threads: Sequence[tuple[str, int] | tuple[str, int, int]]) -> QuerySet[Entry]:
    """Every entry about the named things, oldest first; the caller has checked that they are visible.

    A thread is (kind, id), or (kind, id, seat) where what was said of other seats is left out.
    """
    wanted = Q(pk__in=[])
    for kind, record_id, *seat in threads:
        about = Q(record_kind=kind, record_id=record_id)
        wanted |= about & (Q(after__seat=seat[0]) | Q(after__seat__isnull=True)) if seat else about
    return Entry.objects.filter(wanted).order_by("id")


def batch_story(kind: str, record_id: int) -> QuerySet[Entry]:
    """Every entry of a batch (a plan and all that hangs on it), oldest first."""
    return Entry.objects.filter(
        Q(batch_kind=kind, batch_id=record_id) | Q(record_kind=kind, record_id=record_id)
    ).order_by("id")


def visible_to(person: Person) -> QuerySet[Entry]:
    """The centre reads the whole journal, an organisation its own deeds, others what they did themselves."""
    if person.role in (Role.CENTRE, Role.EXTERNAL_SUPERVISOR, Role.SYSTEM):
        return Entry.objects.all()
    if person.role in (Role.BODY, Role.SCHOOL, Role.EMPLOYER):
        return Entry.objects.filter(organisation_id=person.organisation_id)
    if person.account_id is None:
        return Entry.objects.none()
    return Entry.objects.filter(actor_id=person.account_id)


def notices(person: Person) -> QuerySet[Outgoing]:
    """Notices addressed to this person or to the organisation they act for, newest first."""
    found = Outgoing.objects.exclude(channel="job").order_by("-id")
    addressed = _addressed(person)
    if len(addressed) == 1:
        return found.filter(addressed[0])
    # A union: each part has its index, and an OR of them would sort all an organisation ever received.
    keys = [Outgoing.objects.order_by().filter(part).values("pk") for part in addressed]
    return found.filter(pk__in=keys[0].union(*keys[1:], all=True)) if keys else found.none()


def unread(person: Person) -> int:
    """How many notices wait to be read; stops counting at 100."""
    wanted = Q(pk__in=[])
    for part in _addressed(person):
        wanted |= part
    return Outgoing.objects.filter(wanted, read_at=None).exclude(channel="job").order_by()[:100].count()


def _addressed(person: Person) -> list[Q]:
    if person.account_id is None:
        return []
    mine = [Q(recipient_account_id=person.account_id)]
    if person.organisation_id and person.role in (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER):
        mine.append(Q(recipient_organisation_id=person.organisation_id))
    return mine


def outgoing_visible_to(person: Person) -> QuerySet[Outgoing]:
    """The delivery queue, for the centre only."""
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return Outgoing.objects.order_by("-id")
    return Outgoing.objects.none()


@dataclass(frozen=True)
class ChainFault:
    """The first entry that does not follow from the one before it, and why."""

    entry_id: int | None
    reason: str


def chain_fault(entries: Iterable[Entry] | None = None) -> ChainFault | None:
    """Walk the chain; None when every entry follows and the head agrees."""
    previous, count = GENESIS, 0
    for entry in entries if entries is not None else Entry.objects.order_by("id").iterator(chunk_size=2000):
        if entry.previous_hash != previous:
            return ChainFault(entry.pk, "previous")
        if link(previous, entry) != entry.hash:
            return ChainFault(entry.pk, "content")
        previous, count = entry.hash, count + 1
    if entries is None:
        head = Head.objects.filter(pk=1).first()
        if (head.hash if head else GENESIS) != previous or (head.entries if head else 0) != count:
            return ChainFault(None, "tail")
    return None
