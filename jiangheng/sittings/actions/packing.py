"""Papers of a plan in one file, small ones at once and large ones by the worker; full identity numbers journalled."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta

from jiangheng.files import actions as files
from jiangheng.journal.actions import action, record, send
from jiangheng.journal.actions.locking import hold
from jiangheng.people.actions import reveal_many
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import SYSTEM, Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import packing, printing
from jiangheng.sittings.actions.tickets import no_tickets
from jiangheng.sittings.models import Pack, Ticket
from jiangheng.sittings.queries import packs, printed

AT_ONCE = 20
# A pack still unfinished after this long is taken for lost, and may be asked for again.
GIVEN_UP = timedelta(hours=1)
WHY = "打印签到册，考场核对证件"
NAMES = {packing.ALL: N_("考务资料"), packing.TICKETS: N_("准考证（每人一份）")}


@action("sittings.print_full")
def print_full(*, by: Person, now: datetime, plan_id: int, sitting_id: int | None = None) -> bytes:
    """The sign-in book with full identity numbers, each shown one journalled (四（七）).

    Refusals: those of ``printing.pdf``, ``record.none`` (404).
    """
    plan = printed.printable(by, plan_id)
    sheets = printed.sheets(by, plan, sitting_id)
    wanted = [seat.application.identity_id for sheet in sheets for seat in sheet.seats]
    numbers = reveal_many(by=by, now=now, identity_ids=wanted, reason=WHY, through=("plan", plan.pk))
    made = printing.pdf(plan, sheets, "sign-in", now, numbers)
    record(plan, note=WHY, after={"full_numbers": len(numbers)})
    return made


@action("sittings.pack")
def pack(*, by: Person, now: datetime, plan_id: int, what: str) -> Pack:
    """Everything printed of a plan in one zip, or every ticket a file of its own (四（六）).

    Up to ``AT_ONCE`` candidates are made here, more by the worker. Refusals: ``record.none`` (404), ``pack.what``
    (422), ``tickets.none`` (409), ``pack.running`` (409), those of the documents.
    """
    plan = printed.printable(by, plan_id)
    if what not in NAMES:
        raise refuse("pack.what", N_("没有这种资料包。"), N_("请从“打印资料”中选择。"), status=422)
    candidates = Ticket.objects.filter(plan=plan).count()
    if not candidates:
        raise no_tickets()
    under_way = packs.visible_to(by).filter(plan=plan, what=what, finished_at=None)
    if under_way.filter(asked_at__gt=now - GIVEN_UP).exists():
        raise refuse("pack.running", N_("这份资料正在生成。"), N_("请等待进度完成后下载。"), clause="四（六）")
    row = Pack.objects.create(
        plan=plan, what=what, asked_by_id=by.account_id or 0, asked_at=now, total=packing.parts(by, plan, what)
    )
    record(plan, after={"what": what, "candidates": candidates})
    if candidates <= AT_ONCE:
        with tempfile.TemporaryFile() as target:
            for _done in packing.write(by, plan, what, now, target):
                pass
            target.seek(0)
            _keep(row, target.read(), by=by, now=now)
        row.refresh_from_db()
    else:
        send(
            key=f"sittings.pack:{row.pk}",
            channel="job",
            subject="sittings.pack",
            payload={"job": "sittings.pack", "pack_id": row.pk},
            record=plan,
        )
    return row


def run(*, now: datetime, pack_id: int) -> None:
    """The worker's job ``sittings.pack``: the parts one by one, then the file; a lawful "no" is kept in words."""
    row = packs.get(SYSTEM, pack_id)
    if row.finished_at is not None:
        return
    with tempfile.TemporaryFile() as target:
        try:
            for done in packing.write(SYSTEM, row.plan, row.what, now, target):
                advance(by=SYSTEM, now=now, pack_id=pack_id, done=done)
        except Refusal as refusal:
            finish(by=SYSTEM, now=now, pack_id=pack_id, failure=refusal.sentence())
            return
        target.seek(0)
        finish(by=SYSTEM, now=now, pack_id=pack_id, data=target.read())


@action("sittings.pack_advance")
def advance(*, by: Person, now: datetime, pack_id: int, done: int) -> None:
    """Say how far a pack has got; the page that waits shows it."""
    Pack.objects.filter(pk=pack_id, finished_at=None).update(done=done)


@action("sittings.pack_finish")
def finish(*, by: Person, now: datetime, pack_id: int, data: bytes = b"", failure: str = "") -> Pack:
    """Keep the made pack in the body's files, or why it could not be made; a second time changes nothing."""
    [row] = hold(packs.get(by, pack_id))
    if row.finished_at is not None:
        return row
    if failure:
        Pack.objects.filter(pk=row.pk).update(failure=failure[:500], finished_at=now)
        record(row.plan, note=failure[:200], after={"what": row.what})
    else:
        _keep(row, data, by=by, now=now)
    row.refresh_from_db()
    return row


def _keep(row: Pack, data: bytes, *, by: Person, now: datetime) -> None:
    file = files.store_bytes(
        by=by,
        now=now,
        data=data,
        name=f"{row.plan.number}-{NAMES[row.what]}.zip",
        content_type="application/zip",
        purpose="tickets",
        organisation_id=row.plan.body_id,
    )
    Pack.objects.filter(pk=row.pk).update(file=file, done=row.total, finished_at=now)
    record(row.plan, verb="sittings.pack_finish", after={"what": row.what, "sha256": file.sha256})
