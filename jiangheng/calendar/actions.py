"""What the worker does when the calendar changes, and anybody with their own feed."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import models

# Each room moves its own dates: their actions are looked up by name, so they must have been read.
from jiangheng.applications import actions as _applications  # noqa: F401 - registers its redate
from jiangheng.bodies.models import Organisation
from jiangheng.calendar.models import Feed, RedatedDeadline
from jiangheng.calendar.queries import own_membership
from jiangheng.calendar.redating import Move, reason
from jiangheng.journal import queries
from jiangheng.journal.actions import ACTIONS, action, record, send
from jiangheng.plans import actions as _plans  # noqa: F401 - registers its redate
from jiangheng.results import actions as _results  # noqa: F401 - registers its redate
from jiangheng.rules.days.clocks import CLOCKS
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values
from jiangheng.values.models import CalendarChange

LINES = 20


@action("calendar.redate")
def redate(
    *,
    by: Person,
    now: datetime,
    changes: Sequence[CalendarChange],
    organisation_id: int | None,
    moves: Sequence[Move],
) -> int:
    """Keep the new last days of one organisation's deadlines and tell it, all or none; returns how many moved.

    A deadline somebody changed meanwhile, or whose record went on, is left as it is: it was counted by the new
    calendar already.
    """
    done = []
    why = "；".join(reason(each) for each in changes)
    for each in moves:
        clock, row = each.open.clock, each.open.record
        # The room whose record it is keeps its day; a clock without a column is counted anew whenever it is read.
        if clock.field and not ACTIONS[f"{clock.kind}.redate"](
            by=by,
            now=now,
            record_id=row.pk,
            field=clock.field,
            days=(each.old, each.new),
            states=clock.states,
            note=why,
        ):
            continue
        done.append(each)
    RedatedDeadline.objects.bulk_create(
        [
            RedatedDeadline(
                change=change,
                clock=each.open.clock.key,
                record_kind=each.open.clock.kind,
                record_id=each.open.record.pk,
                title=each.open.title[:200],
                organisation_id=organisation_id,
                event=each.open.exam_on or each.open.event,
                old_day=each.old,
                new_day=each.new,
                at=now,
            )
            for change in changes
            for each in done
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    if done and organisation_id is not None:
        _tell(changes, now, done, to_organisation=organisation_id)
    return len(done)


@action("calendar.tell")
def tell(
    *,
    by: Person,
    now: datetime,
    changes: Sequence[CalendarChange],
    told: Sequence[tuple[str, int, Sequence[Move]]],
) -> None:
    """Tell people and organisations what moved for them: ``told`` is ("account" or "organisation", key, moves)."""
    for whom, key, moves in told:
        if whom == "account":
            _tell(changes, now, moves, to_account=key, about=moves[0].open.record)
        else:
            _tell(changes, now, moves, to_organisation=key, about=moves[0].open.record)


@action("calendar.tell")
def tell_centre(
    *,
    by: Person,
    now: datetime,
    changes: Sequence[CalendarChange],
    organisations: Sequence[Organisation],
) -> None:
    """Tell the centre how many deadlines its change moved, of what kind and for how many organisations."""
    rows = RedatedDeadline.objects.filter(change=changes[-1]).order_by()
    counts = Counter(rows.values_list("clock", flat=True))
    affected = rows.exclude(organisation=None).values("organisation").distinct().count()
    lines = [f"{CLOCKS[key].label}：{count} 项" for key, count in counts.most_common()]
    total = sum(counts.values())
    body = "\n".join(
        [
            f"因{'；'.join(reason(each) for each in changes)}，重新推算了在办事项的期限。",
            *lines,
            f"已通知 {affected} 家单位。" if total else "没有期限因此变动。",
        ]
    )
    for organisation in organisations:
        send(
            key=f"{_run(changes)}:centre:{organisation.pk}",
            channel="notice",
            subject=f"工作日历变更，{total} 项期限改期",
            body=body,
            to_organisation=organisation.pk,
            record=changes[-1],
        )


def _run(changes: Sequence[CalendarChange]) -> str:
    return f"redated:{changes[0].pk}-{changes[-1].pk}"


def _tell(
    changes: Sequence[CalendarChange],
    now: datetime,
    moves: Sequence[Move],
    *,
    to_organisation: int | None = None,
    to_account: int | None = None,
    about: models.Model | None = None,
) -> None:
    today = local_day(now)
    law = values.law(today)
    lines = [
        f"{place}. {each.open.clock.label}（依据{each.open.clause(law)}）：{each.open.title}，由 {each.old_counted} 改为 {each.new_counted}"
        + ("（新的日期已过，请尽快办理或改期）" if each.new < today and not each.open.clock.period else "")
        for place, each in enumerate(moves[:LINES], start=1)
    ]
    if len(moves) > LINES:
        lines.append(f"另有 {len(moves) - LINES} 项，请在详情页查看。")
    whom = f"organisation:{to_organisation}" if to_organisation else f"account:{to_account}"
    # A sponsor may be an owner too: what it is told of public notices stands beside what it is told of its own.
    part = "public" if about is not None else "own"
    send(
        key=f"{_run(changes)}:{part}:{whom}",
        channel="notice",
        now=now,
        subject=f"工作日历变更，{len(moves)} 项期限改期",
        body="\n".join([f"因{'；'.join(reason(each) for each in changes)}，以下期限重新推算：", *lines]),
        to_organisation=to_organisation,
        to_account=to_account,
        record=about or changes[-1],
    )


@action("feed.renew")
def renew_feed(*, by: Person, now: datetime) -> tuple[Feed, str]:
    """A new secret address for the person's own calendar feed; the old one answers nobody. Returned this once only.

    Refusal ``record.none`` (404) for somebody who acts in no membership.
    """
    membership = queries.one(own_membership(by))
    secret = secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    feed, made = Feed.objects.update_or_create(
        membership=membership, defaults={"digest": digest, "created_at": now, "revoked_at": None}
    )
    record(feed, after={"renewed": not made})
    return feed, secret


@action("feed.revoke")
def revoke_feed(*, by: Person, now: datetime) -> Feed:
    """Stop the person's own feed. Refusal ``feed.none`` (409) where none runs."""
    feed = Feed.objects.filter(membership__in=own_membership(by), revoked_at=None).first()
    if feed is None:
        raise refuse("feed.none", N_("没有在用的订阅地址。"), N_("需要订阅时，请先生成地址。"))
    Feed.objects.filter(pk=feed.pk).update(revoked_at=now)
    record(feed)
    return feed
