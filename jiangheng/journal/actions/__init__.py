"""The one way in: ``action`` opens a deed, ``move`` takes a step, ``record`` notes a fact, ``send`` queues a notice."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import F

from jiangheng.journal import guards, queries
from jiangheng.journal.actions.locking import hold
from jiangheng.journal.models import Entry, Head, Moving, Once, Outgoing
from jiangheng.journal.queries import GENESIS, link
from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values.remembering import remembered

CHUNK = 500

T = TypeVar("T")
M = TypeVar("M", bound=Moving)


class AlreadyDone(Exception):
    """The one-time token was used before; ``record_kind`` and ``record_id`` name what it made."""

    def __init__(self, record_kind: str, record_id: int | None) -> None:
        self.record_kind = record_kind
        self.record_id = record_id
        super().__init__(f"{record_kind} {record_id}")


@dataclass
class _Deed:
    """The deed being done in this context; one done inside another (``first``) shares its entries, chained when that ends."""

    name: str
    by: Person
    now: datetime
    first: str
    entries: list[Entry] = field(default_factory=list)
    undoing: list[Callable[[], object]] = field(default_factory=list)


_current: ContextVar[_Deed | None] = ContextVar("deed", default=None)


def kind_of(record: models.Model) -> str:
    """The record's kind: ``KIND`` on the model where it has a flow, else its model name."""
    return str(getattr(type(record), "KIND", record._meta.model_name))


def action(name: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Open a transaction, check that ``by`` may do ``name`` at all, run, and chain the journal entries.

    ``name`` is ``"<kind>.<verb>"`` of a flow or a row of ``rules.deeds``. The wrapped function is
    keyword-only and takes ``by`` (Person) and ``now`` (aware datetime). The optional keyword ``once``
    (a one-time token) makes a replay raise :class:`AlreadyDone` naming what the first call made.
    Raises Refusal ``deed.role`` (403) for a wrong role.
    """
    row = flows.named(name)

    def decorate(function: Callable[..., T]) -> Callable[..., T]:
        @functools.wraps(function)
        def perform(*, by: Person, now: datetime, once: str | None = None, **given: Any) -> T:
            if by.role not in row.roles:
                raise refuse(
                    "deed.role",
                    N_("您的身份不能办理“%(step)s”。"),
                    N_("请切换到有权办理的身份，或联系对应单位办理。"),
                    clause=row.clause,
                    status=403,
                    step=row.label,
                )
            outer = _current.get()
            deed = _Deed(name, by, now, name)
            if outer is not None:
                deed = _Deed(name, by, now, outer.first, outer.entries, outer.undoing)
            token = _current.set(deed)
            entries, undoing = len(deed.entries), len(deed.undoing)
            try:
                with remembered(), transaction.atomic():
                    marker = _claim(once, name, now) if once else None
                    result = function(by=by, now=now, **given)
                    if marker is not None and isinstance(result, models.Model):
                        Once.objects.filter(pk=marker.pk).update(record_kind=kind_of(result), record_id=result.pk)
                    if outer is None:
                        _chain(deed.entries)
                    return result
            except BaseException:
                # The savepoint took the rows back; what was noted or written outside the database goes too.
                del deed.entries[entries:]
                for callback in reversed(deed.undoing[undoing:]):
                    callback()
                del deed.undoing[undoing:]
                raise
            finally:
                _current.reset(token)

        ACTIONS[name] = perform
        return perform

    return decorate


ACTIONS: dict[str, Callable[..., Any]] = {}


def roles_of(name: str) -> tuple[Role, ...]:
    """Who may do ``name`` of those who sign in, as the table of its flow or of ``rules.deeds`` has it."""
    roles = flows.named(name).roles
    return tuple(role for role in Role if role in roles and role not in (Role.SYSTEM, Role.PUBLIC))


def _claim(once: str, name: str, now: datetime) -> Once:
    try:
        with transaction.atomic():
            return Once.objects.create(key=once[:120], action=name, at=now)
    except IntegrityError:
        done = Once.objects.get(key=once[:120])
        raise AlreadyDone(done.record_kind, done.record_id) from None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, models.Model):
        return value.pk
    return value


def _chain(entries: Sequence[Entry]) -> None:
    if not entries:
        return
    head = next(iter(hold(Head.objects.filter(pk=1))), None)
    if head is None:
        # Only before the first deed of all; two first deeds at once meet in the insert.
        Head.objects.bulk_create([Head(pk=1, hash=GENESIS)], ignore_conflicts=True)
        [head] = hold(Head.objects.filter(pk=1))
    for entry in entries:
        entry.previous_hash = head.hash
        entry.hash = link(head.hash, entry)
        head.hash = entry.hash
    Entry.objects.bulk_create(entries, batch_size=CHUNK)
    Head.objects.filter(pk=1).update(hash=head.hash, entries=F("entries") + len(entries))


def _deed() -> _Deed:
    deed = _current.get()
    if deed is None:
        raise RuntimeError("journal: writes happen only inside an action")
    return deed


def undo(callback: Callable[[], object]) -> None:
    """Call ``callback`` if the deed under way fails: for what a rollback does not reach, such as a file."""
    _deed().undoing.append(callback)


def _note(
    kind: str,
    record_id: int | None,
    *,
    by: Person | None,
    now: datetime | None,
    verb: str,
    clause: str,
    states: tuple[str, str] = ("", ""),
    note: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    batch: tuple[str, int | None] = ("", None),
) -> None:
    deed = _deed()
    who = by or deed.by
    deed.entries.append(
        Entry(
            at=now or deed.now,
            action=deed.first,
            verb=verb,
            record_kind=kind,
            record_id=record_id,
            batch_kind=batch[0],
            batch_id=batch[1],
            from_state=states[0],
            to_state=states[1],
            actor_id=who.account_id,
            actor_name=who.name,
            role=who.role.value,
            organisation_id=who.organisation_id,
            clause=clause,
            note=note,
            before=_plain(before or {}),
            after=_plain(after or {}),
        )
    )


def record(
    record: models.Model,
    *,
    by: Person | None = None,
    now: datetime | None = None,
    verb: str = "",
    clause: str = "",
    note: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note a fact about ``record`` that moved nothing: who, when, under which clause, what was and what is.

    Who, when and the verb are the open deed's, the clause is the table's for the verb. ``by`` and ``now`` are given
    where somebody else did it or at another time; ``verb`` (a name of ``rules.deeds`` or of a flow) where it is part of
    another deed than the one asked for; ``clause`` where the fact has its own, such as that of a parameter.
    """
    deed = _deed()
    name = verb or deed.name
    _note(
        kind_of(record),
        record.pk,
        by=by,
        now=now,
        verb=name,
        clause=clause or flows.named(name).clause,
        note=note,
        before=before,
        after=after,
        batch=batch_of(record),
    )


def batch_of(record: models.Model) -> tuple[str, int | None]:
    """The plan a record belongs to, so that one query tells a plan's whole story."""
    plan_id = getattr(record, "plan_id", None)
    if plan_id is None and kind_of(record) == "plan":
        plan_id = record.pk
    return ("plan", plan_id) if plan_id else ("", None)


def move(
    record: M,
    verb: str,
    *,
    by: Person | None = None,
    now: datetime | None = None,
    note: str = "",
    seen: int | None = None,
    updates: Mapping[str, Any] | None = None,
) -> M:
    """Take the step ``verb``: compare-and-set on state and version, one entry; the record is refreshed.

    Who and when are the open deed's unless given. ``seen`` is the version the person's page showed: a different one
    means somebody was faster. ``updates`` are further columns set in the same statement. Refusals: those of
    ``rules.flows.step``, of the row's guard (``journal.guards``) and ``record.stale`` (409).
    """
    deed, kind = _deed(), kind_of(record)
    by, now = by or deed.by, now or deed.now
    state, version = record.state, record.version
    if seen is not None and int(seen) != version:
        raise stale()
    transition = flows.step(kind, state, verb, by.role, reason=note)
    if refusal := guards.hindrance(by, kind, record, transition, now):
        raise refusal
    changed = (
        type(record)
        ._base_manager.filter(pk=record.pk, state=state, version=version)
        .update(state=transition.target, version=F("version") + 1, moved_at=now, **dict(updates or {}))
    )
    if changed == 0:
        raise stale()
    before = {name: getattr(record, name) for name in updates or {}}
    record.refresh_from_db()
    _note(
        kind,
        record.pk,
        by=by,
        now=now,
        verb=verb,
        states=(state, transition.target),
        clause=transition.clause,
        note=note,
        before=before,
        after=dict(updates or {}),
        batch=batch_of(record),
    )
    return record


def move_many(
    records: Iterable[Moving],
    verb: str,
    *,
    by: Person | None = None,
    now: datetime | None = None,
    note: str = "",
) -> int:
    """Take ``verb`` on every record, all or none, in a few statements; returns how many moved.

    All records are of one model. Refusals: those of ``rules.flows.step`` and of the row's guard;
    ``record.stale`` (409) when any of them changed meanwhile.
    """
    rows = list(records)
    if not rows:
        return 0
    deed, kind, model = _deed(), kind_of(rows[0]), type(rows[0])
    by, now = by or deed.by, now or deed.now
    for state in sorted({row.state for row in rows}):
        transition = flows.step(kind, state, verb, by.role, reason=note)
        standing = [row for row in rows if row.state == state]
        if refusal := guards.hindrance_of_many(by, kind, standing, transition, now):
            raise refusal
        for start in range(0, len(standing), CHUNK):
            chunk = standing[start : start + CHUNK]
            changed = model._base_manager.filter(pk__in=[row.pk for row in chunk], state=state).update(
                state=transition.target, version=F("version") + 1, moved_at=now
            )
            if changed != len(chunk):
                raise stale()
            for row in chunk:
                _note(
                    kind,
                    row.pk,
                    by=by,
                    now=now,
                    verb=verb,
                    states=(state, transition.target),
                    clause=transition.clause,
                    note=note,
                    batch=batch_of(row),
                )
                row.state = transition.target
                row.version += 1
                row.moved_at = now
    return len(rows)


def stale(remedy: str = N_("请刷新页面，核对最新内容后再办理。")) -> Refusal:
    """What somebody is told who was not the first; ``record.stale`` (409)."""
    return refuse("record.stale", N_("这条记录刚刚被他人办理，您看到的不是最新内容，本次操作未生效。"), remedy)


def redated(
    model: type[models.Model],
    record_id: int,
    field: str,
    days: tuple[date, date],
    *,
    by: Person,
    now: datetime,
    states: Sequence[str],
    note: str,
) -> bool:
    """Keep another last day in ``field``: ``days`` are the one that stands and the new one; False where nothing moved.

    Compare-and-set on the day and on ``states``: a deadline somebody changed meanwhile, or whose record went on, was
    counted by the new calendar already and is left as it is.
    """
    old, new = days
    rows = model._base_manager.filter(pk=record_id, state__in=states, **{field: old})
    if not rows.update(**{field: new}):
        return False
    row = model._base_manager.get(pk=record_id)
    record(row, by=by, now=now, verb="calendar.redate", note=note[:1000], before={field: old}, after={field: new})
    return True


def send(
    *,
    key: str,
    channel: str,
    now: datetime | None = None,
    subject: str,
    body: str = "",
    recipient: str = "",
    to_organisation: int | None = None,
    to_account: int | None = None,
    payload: Mapping[str, Any] | None = None,
    record: models.Model | None = None,
    due_at: datetime | None = None,
) -> None:
    """Queue a notice (``channel``: notice, mail, sms) or a job (``channel``: job) for the worker, once per ``key``.

    It is due at once (``now``: the open deed's moment, unless given) or at ``due_at``.
    """
    deed = _deed()
    now = now or deed.now
    Outgoing.objects.bulk_create(
        [
            Outgoing(
                key=key[:160],
                channel=channel,
                recipient=recipient,
                recipient_organisation_id=to_organisation,
                recipient_account_id=to_account,
                subject=subject[:200],
                body=body,
                payload=_plain(payload or {}),
                record_kind=kind_of(record) if record is not None else "",
                record_id=record.pk if record is not None else None,
                created_at=now,
                due_at=due_at or now,
            )
        ],
        ignore_conflicts=True,
    )


@action("notice.read")
def read_notices(*, by: Person, now: datetime, newest: int) -> int:
    """Mark the person's notices up to ``newest`` (an id) as read; returns how many were not before."""
    waiting = list(queries.notices(by).filter(read_at=None, pk__lte=newest).values_list("pk", flat=True)[:CHUNK])
    count = Outgoing.objects.filter(pk__in=waiting, read_at=None).update(read_at=now)
    if count:
        _note("outgoing", None, by=by, now=now, verb="notice.read", clause="", after={"read": sorted(waiting)})
    return count


@action("outgoing.retry")
def retry_delivery(*, by: Person, now: datetime, outgoing_id: int) -> Outgoing:
    """Put a failed delivery back into the queue; Refusal ``outgoing.not_failed`` (409) when it has not failed."""
    row = queries.one(queries.outgoing_visible_to(by), pk=outgoing_id)
    changed = Outgoing.objects.filter(pk=row.pk, failed_at__isnull=False, done_at=None).update(
        failed_at=None, claimed_at=None, attempts=0, due_at=now
    )
    if changed == 0:
        raise refuse(
            "outgoing.not_failed", N_("这条发送任务没有失败，无需重新发送。"), N_("请刷新发送队列查看最新情况。")
        )
    record(row, before={"failed_at": row.failed_at})
    row.refresh_from_db()
    return row
