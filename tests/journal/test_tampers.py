"""Whatever is changed in the past is found, and never later than where it was changed (fault 28); 1,000 in a drill."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from jiangheng.journal import queries
from jiangheng.journal.models import Entry
from jiangheng.rules.roles import Person
from jiangheng.site import actions
from tests import counts
from tests.journal.tampering import tamper

CHAIN, EACH = 12, 100


@pytest.mark.django_db
@pytest.mark.parametrize("hundred", counts.tenth(range(10)))
def test_every_tamper_is_found_where_it_was_done(hundred: int, centre: Person, now: datetime) -> None:
    for minute in range(CHAIN):
        actions.publish(
            by=centre, now=now + timedelta(minutes=minute), title=f"公告{minute}", text="示例", published_on=now.date()
        )
    pick = random.Random(f"tamper {hundred}")
    assert queries.chain_fault() is None
    for _ in range(EACH):
        entries = list(Entry.objects.order_by("id"))
        undo = transaction.savepoint()
        done = tamper(pick, entries)
        fault = queries.chain_fault()
        assert fault is not None, done
        # An entry named stands no later than the one after the place; a tail cut off is told without one.
        place = int(done.rpartition(" ")[2])
        if fault.entry_id is not None and not done.startswith("insert"):
            after = entries[min(place + 1, len(entries) - 1)].pk
            assert fault.entry_id <= after, (done, fault)
        transaction.savepoint_rollback(undo)
    assert queries.chain_fault() is None
