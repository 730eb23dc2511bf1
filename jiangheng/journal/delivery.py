"""The worker: takes queued notices and jobs, each by one hand, once per key; tries again later when it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.utils.module_loading import import_string

from jiangheng.journal.models import Outgoing
from jiangheng.rules.refusal import Refusal

AT_ONCE = 20
REAP_AFTER = timedelta(minutes=10)
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)
ERROR_LONGEST = 500

log = logging.getLogger(__name__)

JOBS: dict[str, str] = {}


def register(jobs: Mapping[str, str]) -> None:
    """Add jobs: a name to the dotted name of ``function(*, now, **payload)``, which may be called again."""
    JOBS.update(jobs)


def run_once(now: datetime) -> int:
    """Deliver what is due at ``now``; returns how many rows were taken, delivered or not.

    A row is taken by compare-and-set, so two workers never hold the same one; a claim older than ten
    minutes belonged to a worker that died and is taken anew.
    """
    waiting = Outgoing.objects.filter(done_at=None, failed_at=None, due_at__lte=now).filter(
        Q(claimed_at=None) | Q(claimed_at__lt=now - REAP_AFTER)
    )
    taken = 0
    for row in waiting.order_by("due_at", "id")[:AT_ONCE]:
        claimed = Outgoing.objects.filter(
            pk=row.pk, claimed_at=row.claimed_at, attempts=row.attempts, done_at=None, failed_at=None
        ).update(claimed_at=now, attempts=F("attempts") + 1)
        if claimed == 0:
            continue
        taken += 1
        row.attempts += 1
        _deliver(row, now)
    return taken


def _deliver(row: Outgoing, now: datetime) -> None:
    try:
        CHANNELS[row.channel](row, now)
    except Exception as error:  # noqa: BLE001 - whatever an adapter raises is a failed delivery, never a dead worker
        _failed(row, now, error)
    else:
        Outgoing.objects.filter(pk=row.pk, claimed_at=now).update(done_at=now, last_error="")


def _failed(row: Outgoing, now: datetime, error: Exception) -> None:
    reason = error.sentence() if isinstance(error, Refusal) else f"{type(error).__name__}: {error}"
    if not isinstance(error, Refusal):
        log.warning("delivery %s failed at attempt %s", row.key, row.attempts, exc_info=error)
    values: dict[str, Any] = {"claimed_at": None, "last_error": reason[:ERROR_LONGEST]}
    if row.attempts >= MOST_ATTEMPTS:
        values["failed_at"] = now
    else:
        values["due_at"] = now + min(FIRST_WAIT * 2 ** (row.attempts - 1), LONGEST_WAIT)
    Outgoing.objects.filter(pk=row.pk, claimed_at=now).update(**values)


def _notice(_row: Outgoing, _now: datetime) -> None:
    """A notice in the platform is delivered by standing in the recipient's list."""


def _mail(row: Outgoing, _now: datetime) -> None:
    message = EmailMessage(
        subject=row.subject,
        body=row.body,
        to=[row.recipient],
        # The same key gives the same identifier, so a mail sent twice by a crash shows once.
        headers={"Message-ID": f"<outgoing.{row.pk}@jiangheng>"},
    )
    message.send()


def _sms(row: Outgoing, _now: datetime) -> None:
    send: Callable[..., None] = import_string(settings.SMS_SENDER)
    send(to=row.recipient, text=row.body or row.subject, key=row.key)


def console_sms(*, to: str, text: str, key: str) -> None:
    """The default sender of short messages: one line on the console, the number's middle hidden."""
    print(f"SMS {to[:3]}****{to[-4:]} [{key}] {text}")


def _job(row: Outgoing, now: datetime) -> None:
    payload = dict(row.payload)
    run: Callable[..., Any] = import_string(JOBS[payload.pop("job")])
    run(now=now, **payload)


CHANNELS: dict[str, Callable[[Outgoing, datetime], None]] = {
    "notice": _notice,
    "mail": _mail,
    "sms": _sms,
    "job": _job,
}
