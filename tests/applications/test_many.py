"""Six thousand rows, kills and races: whole or nothing, one person once (faults 1, 20, 23)."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from datetime import datetime
from typing import Any

import pytest
from django.db import connections

from jiangheng.applications import actions
from jiangheng.applications.models import Application, Roster
from jiangheng.journal.models import Entry
from jiangheng.journal.queries import chain_fault
from jiangheng.people.models import Identity
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from tests.applications import cases

KILLS = 20


def test_six_thousand_rows_in_few_statements(school: Person, now: datetime, django_assert_max_num_queries: Any) -> None:
    """The seconds stand in docs/benchmarks.md; what makes them many is asking the database row by row."""
    cases.catalogue()
    request = cases.request_of(school)
    upload = cases.many(6000)
    with django_assert_max_num_queries(1000):
        roster = actions.import_roster(by=school, now=now, upload=upload, request_id=request.pk)
    assert (roster.imported, Application.objects.filter(request=request).count()) == (6000, 6000)


@pytest.mark.django_db(transaction=True)
def test_one_person_in_one_batch_at_once_stands_once(school: Person, now: datetime) -> None:
    """Both forms of the number, a roster and single entries, all together."""
    cases.catalogue()
    request = cases.request_of(school)
    claim = cases.claim(7)
    old = cases.Claim(claim.kind, claim.number[:6] + claim.number[8:17], claim.name)
    answers: list[str] = []

    def enter(each: cases.Claim) -> None:
        try:
            actions.apply_draft(by=school, now=now, request_id=request.pk, claim=each)
            answers.append("entered")
        except Refusal as refused:
            answers.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=enter, args=(each,)) for each in (claim, old) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["application.duplicate"] * 7 + ["entered"]
    assert (Application.objects.count(), Identity.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_roster_handed_in_at_once_enters_everybody_once(school: Person, now: datetime) -> None:
    cases.catalogue()
    request = cases.request_of(school)
    outcomes: list[object] = []

    def hand_in() -> None:
        try:
            roster = actions.import_roster(by=school, now=now, upload=cases.upload(), request_id=request.pk)
            outcomes.append(roster.summary["new"])
        except Refusal as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hand_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(60) == 1
    assert set(outcomes) <= {60, 0, "application.duplicate"}
    assert Application.objects.count() == 60
    assert len(set(Application.objects.values_list("number", flat=True))) == 60


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_an_import_is_whole_or_nothing(school: Person, now: datetime) -> None:
    cases.catalogue()
    upload = cases.many(200).read()
    chance = random.Random(20)
    began = time.perf_counter()
    os.waitpid(_forked(school, cases.request_of(school).pk, upload, now), 0)
    full = time.perf_counter() - began
    partial = 0
    for _kill in range(KILLS):
        request = cases.request_of(school)
        before = (Identity.objects.count(), Entry.objects.count(), Roster.objects.count())
        child = _forked(school, request.pk, upload, now)
        time.sleep(chance.uniform(0, full * 1.1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        count = Application.objects.filter(request=request, state="submitted").count()
        entries = Entry.objects.count() - before[1]
        rosters = Roster.objects.count() - before[2]
        whole = count == 200 and rosters == 1 and entries >= 400
        nothing = count == 0 and entries == 0 and rosters == 0 and Identity.objects.count() == before[0]
        partial += not (whole or nothing)
    assert partial == 0
    assert chain_fault() is None
    again = actions.import_roster(
        by=school, now=now, upload=cases.SimpleUploadedFile("roster.xlsx", upload), request_id=request.pk
    )
    assert again.imported == 200
    assert Application.objects.filter(request=request).count() == 200


def _forked(school: Person, request_id: int, upload: bytes, now: datetime) -> int:
    """A process of its own that imports once and ends; no database connection is shared with it."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        actions.import_roster(
            by=school, now=now, upload=cases.SimpleUploadedFile("roster.xlsx", upload), request_id=request_id
        )
        connections.close_all()
    finally:
        os._exit(0)
