"""The journal only grows, every entry follows from the one before, and any tampering is found (fault 28)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, OperationalError, connections, transaction

from jiangheng.bodies.models import Organisation
from jiangheng.journal import actions, queries
from jiangheng.journal.actions import ACTIONS, AlreadyDone, action, move, move_many, send
from jiangheng.journal.models import Entry, Head, Once, Outgoing
from jiangheng.plans.models import Plan
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.journal.tampering import trigger_dropped

KEPT = dict(ACTIONS)


@action("plan.accept")
def accept(*, by: Person, now: datetime, plan_id: int, note: str = "") -> Plan:
    return move(Plan.objects.get(pk=plan_id), "accept", by=by, now=now, note=note)


@action("plan.cancel")
def cancel_all(*, by: Person, now: datetime, note: str, fail: bool = False) -> int:
    count = move_many(Plan.objects.all(), "cancel", by=by, now=now, note=note)
    if fail:
        raise Refusal("不可", code="test.no")
    return count


@action("outgoing.retry")
def notify_twice(*, by: Person, now: datetime) -> None:
    for _ in range(2):
        send(key="plan-1-accepted", channel="notice", now=now, subject="已受理")


def filed_body() -> Organisation:
    """A body that is filed for what its plans are about: an unfiled one's plan is not accepted."""
    organisation = factories.make_organisation("social_body")
    factories.make_filing(organisation)
    return organisation


ACTIONS.clear()  # the register of real actions knows nothing of these
ACTIONS.update(KEPT)


@pytest.fixture
def five(centre: Person, now: datetime) -> list[Entry]:
    """Five plans accepted one after another: five chained entries."""
    organisation = filed_body()
    for minute in range(5):
        plan = factories.make_plan(organisation, state="submitted")
        accept(by=centre, now=now + timedelta(minutes=minute), plan_id=plan.pk)
    return list(Entry.objects.order_by("id"))


@pytest.mark.django_db
def test_a_whole_chain_verifies_and_so_does_an_empty_one(centre: Person) -> None:
    assert queries.chain_fault() is None


@pytest.mark.django_db
def test_five_entries_follow_from_one_another(five: list[Entry]) -> None:
    assert len(five) == 5
    assert queries.chain_fault() is None
    assert Head.objects.get().hash == five[-1].hash


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_itself_refuses_to_change_the_past(five: list[Entry], verb: str) -> None:
    row = Entry.objects.filter(pk=five[1].pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.update(note="改") if verb == "update" else row.delete()
    assert queries.chain_fault() is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"note": "改动"},
        {"actor_name": "他人"},
        {"to_state": "returned"},
        {"after": {"number": "x"}},
        {"at": datetime(2026, 1, 1, tzinfo=factories.LIUZHOU)},
        {"clause": "一"},
        {"organisation_id": 999},
    ],
)
def test_an_edited_entry_is_named(five: list[Entry], change: dict[str, object]) -> None:
    with trigger_dropped():
        Entry.objects.filter(pk=five[2].pk).update(**change)
    fault = queries.chain_fault()
    assert fault == queries.ChainFault(five[2].pk, "content")


@pytest.mark.django_db
def test_an_entry_edited_with_its_hash_made_to_fit_is_found_at_the_next(five: list[Entry]) -> None:
    forged = five[2]
    forged.note = "改动"
    with trigger_dropped():
        Entry.objects.filter(pk=forged.pk).update(note="改动", hash=queries.link(forged.previous_hash, forged))
    assert queries.chain_fault() == queries.ChainFault(five[3].pk, "previous")


@pytest.mark.django_db
def test_a_deleted_entry_is_found_at_the_one_after(five: list[Entry]) -> None:
    with trigger_dropped():
        Entry.objects.filter(pk=five[1].pk).delete()
    assert queries.chain_fault() == queries.ChainFault(five[2].pk, "previous")


@pytest.mark.django_db
def test_two_entries_that_changed_places_are_found(five: list[Entry]) -> None:
    second, third = five[1].pk, five[2].pk
    with trigger_dropped():
        Entry.objects.filter(pk=second).update(id=-1)
        Entry.objects.filter(pk=third).update(id=second)
        Entry.objects.filter(pk=-1).update(id=third)
    assert queries.chain_fault() == queries.ChainFault(second, "previous")


@pytest.mark.django_db
def test_a_truncated_tail_disagrees_with_the_head(five: list[Entry]) -> None:
    with trigger_dropped():
        Entry.objects.filter(pk__in=[five[3].pk, five[4].pk]).delete()
    assert queries.chain_fault() == queries.ChainFault(None, "tail")


@pytest.mark.django_db
def test_a_refused_deed_leaves_no_entry_and_no_change(centre: Person, five: list[Entry], now: datetime) -> None:
    with pytest.raises(Refusal, match="不可"):
        cancel_all(by=centre, now=now, note="全部取消", fail=True)
    assert Entry.objects.count() == 5
    assert set(Plan.objects.values_list("state", flat=True)) == {"accepted"}
    assert queries.chain_fault() is None


@pytest.mark.django_db
def test_a_token_used_twice_names_what_the_first_call_made(centre: Person, now: datetime) -> None:
    plan = factories.make_plan(filed_body(), state="submitted")
    accept(by=centre, now=now, plan_id=plan.pk, once="token")
    with pytest.raises(AlreadyDone) as replay:
        accept(by=centre, now=now, plan_id=plan.pk, once="token")
    assert (replay.value.record_kind, replay.value.record_id) == ("plan", plan.pk)
    assert Entry.objects.count() == Once.objects.count() == 1


@pytest.mark.django_db
def test_the_token_of_a_refused_deed_may_be_used_again(centre: Person, now: datetime) -> None:
    plan = factories.make_plan(filed_body(), state="draft")
    with pytest.raises(Refusal):
        accept(by=centre, now=now, plan_id=plan.pk, once="token")
    Plan.objects.update(state="submitted")
    assert accept(by=centre, now=now, plan_id=plan.pk, once="token").state == "accepted"


@pytest.mark.django_db
def test_a_notice_with_the_same_key_is_queued_once(centre: Person, now: datetime) -> None:
    notify_twice(by=centre, now=now)
    notify_twice(by=centre, now=now)
    assert Outgoing.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CENTRE])
def test_no_other_role_does_the_centres_deed(role: Role, now: datetime) -> None:
    plan = factories.make_plan(filed_body(), state="submitted")
    with pytest.raises(Refusal) as no:
        accept(by=Person(account_id=1, name="甲", role=role), now=now, plan_id=plan.pk)
    assert (no.value.code, no.value.status, no.value.clause) == ("deed.role", 403, "三（三）")
    assert not Entry.objects.exists()


def test_a_write_outside_an_action_is_a_programming_error(now: datetime) -> None:
    with pytest.raises(RuntimeError, match="only inside an action"):
        send(key="k", channel="notice", now=now, subject="x")


def _race(work: Callable[[int], str], many: int) -> list[str]:
    """Run ``work`` in ``many`` threads at once; each answers with a word."""
    gate, answers = threading.Barrier(many), [""] * many

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = work(place)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_accept_one_plan_at_once_one_does(now: datetime) -> None:
    clerk = factories.make_person(Role.CENTRE, factories.make_organisation("centre"))
    plan = factories.make_plan(filed_body(), state="submitted")

    def work(_place: int) -> str:
        try:
            accept(by=clerk, now=now, plan_id=plan.pk)
        except Refusal as error:
            return error.code
        return "done"

    answers = _race(work, 8)
    assert answers.count("done") == 1
    assert set(answers) - {"done"} <= {"record.stale", "flow.state"}
    assert Entry.objects.filter(record_kind="plan", record_id=plan.pk).count() == 1
    plan.refresh_from_db()
    assert (plan.state, plan.version) == ("accepted", 1)


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_leave_one_unbroken_chain(now: datetime) -> None:
    clerk = factories.make_person(Role.CENTRE, factories.make_organisation("centre"))
    organisation = filed_body()
    plans = [factories.make_plan(organisation, state="submitted") for _ in range(24)]

    def work(place: int) -> str:
        for plan in plans[place::8]:
            accept(by=clerk, now=now, plan_id=plan.pk)
        return "done"

    assert _race(work, 8) == ["done"] * 8
    assert Entry.objects.count() == 24
    assert queries.chain_fault() is None


@pytest.mark.django_db(transaction=True)
def test_of_eight_replays_of_one_form_one_counts(now: datetime) -> None:
    clerk = factories.make_person(Role.CENTRE, factories.make_organisation("centre"))
    plan = factories.make_plan(filed_body(), state="submitted")

    def work(_place: int) -> str:
        try:
            accept(by=clerk, now=now, plan_id=plan.pk, once="one-form")
        except AlreadyDone as replay:
            return f"{replay.record_kind} {replay.record_id}"
        except OperationalError:
            return "busy"
        return "done"

    answers = _race(work, 8)
    assert answers.count("done") == 1
    assert set(answers) - {"done"} == {f"plan {plan.pk}"}
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_unread_notices_are_counted_read_once_and_only_by_their_reader(
    centre: Person, body: Person, now: datetime
) -> None:
    for number in range(3):
        Outgoing.objects.create(
            key=f"n{number}",
            channel="notice",
            recipient_organisation_id=body.organisation_id,
            subject="通知",
            created_at=now,
            due_at=now,
        )
    newest = Outgoing.objects.order_by("-id")[0].pk
    assert (queries.unread(body), queries.unread(centre)) == (3, 0)
    assert actions.read_notices(by=centre, now=now, newest=newest) == 0
    assert actions.read_notices(by=body, now=now, newest=newest - 1) == 2
    assert queries.unread(body) == 1
    assert Entry.objects.get(action="notice.read").actor_id == body.account_id
