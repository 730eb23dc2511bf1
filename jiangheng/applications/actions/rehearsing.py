"""The dry run before a standard version is published (三（一）): small ones at once, large ones by the worker in parts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from jiangheng.applications.models import Rehearsal, RehearsalChange
from jiangheng.applications.queries import rehearsals
from jiangheng.applications.rehearsing import GONE, Stage
from jiangheng.catalog import queries as catalog
from jiangheng.journal.actions import action, record, send
from jiangheng.journal.actions.locking import hold
from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import SYSTEM, Person
from jiangheng.rules.words import gettext_noop as N_

AT_ONCE, PART = 500, 1000


@action("rehearsal.start")
def start(*, by: Person, now: datetime, standard_id: int) -> Rehearsal:
    """Judge every past application of the occupation again by a version that is not yet published (三（一）).

    No decision is changed. Up to ``AT_ONCE`` are judged here, more by the worker. Refusals (409):
    ``rehearsal.published``, ``rehearsal.running``.
    """
    standard = catalog.version(by, standard_id)
    if standard.state not in flows.states("standard", "unpublished"):
        raise refuse(
            "rehearsal.published",
            N_("只有未发布的版本可以试算。"),
            N_("请以它为底稿起草新版本后试算。"),
            clause="三（一）",
        )
    under_way = rehearsals.of_standard(by, standard.pk).filter(finished_at=None).first()
    if under_way is not None and under_way.standard_version == standard.version:
        raise refuse("rehearsal.running", N_("这个版本正在试算。"), N_("请等待进度完成后查看结果。"), clause="三（一）")
    row = Rehearsal.objects.create(
        standard=standard,
        standard_version=standard.version,
        asked_by_id=by.account_id,
        asked_by_name=by.name[:60],
        asked_at=now,
        total=rehearsals.decided(standard).count(),
    )
    record(row, after={"total": row.total})
    if row.total <= AT_ONCE:
        _judge(row, now)
    else:
        _queue(row)
    return row


@action("rehearsal.go_on")
def go_on(*, by: Person, now: datetime, rehearsal_id: int, after: int) -> Rehearsal:
    """Judge the next part; a part already judged is not judged twice, a changed draft ends the run (三（一）)."""
    [row] = hold(rehearsals.get(by, rehearsal_id))
    if row.finished_at is not None or row.last_id != after:
        return row
    _judge(row, now)
    if row.finished_at is None:
        _queue(row)
    return row


def run(*, now: datetime, rehearsal_id: int, after: int) -> None:
    """The worker's job ``applications.rehearse``."""
    go_on(by=SYSTEM, now=now, rehearsal_id=rehearsal_id, after=after)


def _queue(row: Rehearsal) -> None:
    send(
        key=f"rehearsal:{row.pk}:{row.last_id}",
        channel="job",
        subject="applications.rehearse",
        payload={"job": "applications.rehearse", "rehearsal_id": row.pk, "after": row.last_id},
        record=row,
    )


def _judge(row: Rehearsal, now: datetime) -> None:
    standard = row.standard
    if standard.version != row.standard_version:
        Rehearsal.objects.filter(pk=row.pk).update(finished_at=now)
        row.refresh_from_db()
        return
    stage = Stage(standard)
    rows = list(rehearsals.decided(standard).filter(pk__gt=row.last_id)[:PART])
    tally: Counter[str] = Counter(row.tally)
    changes, unread = [], 0
    for application in rows:
        try:
            again = stage.judge(application) or GONE
        except Refusal:
            unread += 1
            continue
        tally[f"{application.verdict}>{again.verdict}"] += 1
        if again.verdict != application.verdict:
            changes.append(
                RehearsalChange(
                    rehearsal=row,
                    application=application,
                    before=application.verdict,
                    after=again.verdict,
                    before_route=str(application.judgement.get("route") or application.route),
                    after_route=again.route,
                    why=again.why,
                )
            )
    RehearsalChange.objects.bulk_create(changes, batch_size=500)
    Rehearsal.objects.filter(pk=row.pk).update(
        done=row.done + len(rows),
        changed=row.changed + len(changes),
        unread=row.unread + unread,
        last_id=rows[-1].pk if rows else row.last_id,
        tally=dict(tally),
        finished_at=now if len(rows) < PART else None,
    )
    row.refresh_from_db()
