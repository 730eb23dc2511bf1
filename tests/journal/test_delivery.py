"""The worker delivers once per key, tries again later, and takes over from one that died."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from jiangheng.journal import delivery
from jiangheng.journal.models import Outgoing

DONE: list[str] = []


def note(*, now: Any, word: str) -> None:
    """A job of the tests."""
    DONE.append(word)


def fail(*, now: Any) -> None:
    """A job that always fails."""
    raise ConnectionError("gateway down")


@pytest.fixture(autouse=True)
def jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    DONE.clear()
    monkeypatch.setitem(delivery.JOBS, "note", f"{__name__}.note")
    monkeypatch.setitem(delivery.JOBS, "fail", f"{__name__}.fail")


def queue(now: Any, channel: str = "job", **given: Any) -> Outgoing:
    return Outgoing.objects.create(
        channel=channel,
        created_at=now,
        due_at=given.pop("due_at", now),
        **{"key": f"k{Outgoing.objects.count()}", "payload": {"job": "note", "word": "甲"}, **given},
    )


@pytest.mark.django_db
def test_each_channel_has_its_adapter(now: Any, capsys: pytest.CaptureFixture[str]) -> None:
    queue(now, "notice", payload={})
    queue(now, "mail", recipient="a@example.org", subject="成绩公示", body="已公示", payload={})
    queue(now, "sms", recipient="13800001234", body="已公示", payload={})
    queue(now)
    assert delivery.run_once(now) == 4
    assert delivery.run_once(now) == 0
    assert [message.subject for message in mail.outbox] == ["成绩公示"]
    assert "138****1234" in capsys.readouterr().out
    assert DONE == ["甲"]
    assert not Outgoing.objects.filter(done_at=None).exists()


@pytest.mark.django_db
def test_nothing_is_delivered_before_its_time(now: Any) -> None:
    queue(now, due_at=now + timedelta(minutes=1))
    assert delivery.run_once(now) == 0
    assert delivery.run_once(now + timedelta(minutes=1)) == 1


@pytest.mark.django_db
def test_a_failure_waits_twice_as_long_each_time_and_then_stops(now: Any) -> None:
    row = queue(now, payload={"job": "fail"})
    waits = []
    for _ in range(delivery.MOST_ATTEMPTS):
        at = Outgoing.objects.get(pk=row.pk).due_at
        delivery.run_once(at)
        waits.append((Outgoing.objects.get(pk=row.pk).due_at - at).total_seconds())
    assert waits[:3] == [30, 60, 120]
    row.refresh_from_db()
    assert row.failed_at is not None
    assert "gateway down" in row.last_error
    assert delivery.run_once(row.due_at + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_an_unknown_job_fails_without_stopping_the_others(now: Any) -> None:
    queue(now, payload={"job": "nowhere"})
    queue(now)
    assert delivery.run_once(now) == 2
    assert DONE == ["甲"]


@pytest.mark.django_db
def test_a_claim_is_respected_until_its_worker_must_be_dead(now: Any) -> None:
    queue(now, claimed_at=now)
    assert delivery.run_once(now + timedelta(minutes=9)) == 0
    assert delivery.run_once(now + timedelta(minutes=11)) == 1
    assert DONE == ["甲"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_do_the_same_row(now: Any) -> None:
    for place in range(12):
        queue(now, key=f"once{place}", payload={"job": "note", "word": str(place)})
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        delivery.run_once(now)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(DONE, key=int) == [str(place) for place in range(12)]
