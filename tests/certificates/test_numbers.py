"""Numbers: one per candidate, no gap, no duplicate, however many hands reach for them: 四（八）."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.certificates import actions, documents, queries, signing
from jiangheng.certificates.models import Certificate, Copy
from jiangheng.journal import delivery
from jiangheng.journal.models import Entry, Outgoing, Series
from jiangheng.journal.queries import chain_fault
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import SYSTEM, Person, Role
from tests import factories
from tests.asking import refused
from tests.certificates.numbering import numbered
from tests.results.batches import make_batch, plan

__all__ = ["numbered", "plan"]


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """``work`` run by ``count`` threads that start at one moment; what each returned or raised."""
    gate, answers = threading.Barrier(count), [None] * count

    def run(place: int) -> None:
        try:
            gate.wait()
            answers[place] = work(place)
        except Exception as error:  # noqa: BLE001 - told by the assertion below, whatever it is
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_many_concurrent_issuings_give_one_number_per_candidate_without_gap(now: Any) -> None:
    organisation = factories.make_organisation("social_body")
    factories.make_filing(organisation)
    clerk = factories.make_person(Role.CENTRE, factories.make_organisation("centre"))
    plan = factories.make_plan(organisation, "2026-05-23")
    make_batch(plan, "approved", [(80, 80)] * 40 + [(50, 80)] * 5)
    threads = 64 if connection.vendor == "postgresql" else 16
    answers = together(threads, lambda _place: len(actions.number_batch(by=clerk, now=now, plan_id=plan.pk)))
    assert sorted(answers) == [0] * (threads - 1) + [40]
    sequences = [int(number[-6:]) for number in Certificate.objects.order_by("number").values_list("number", flat=True)]
    assert sequences == list(range(1, 41))
    assert Certificate.objects.values("application").distinct().count() == 40
    assert Series.objects.get(name="certificate").last == 40
    assert chain_fault() is None


@pytest.mark.django_db(transaction=True)
def test_plans_of_one_body_numbered_at_once_share_one_gapless_series(now: Any) -> None:
    organisation = factories.make_organisation("social_body")
    factories.make_filing(organisation)
    clerk = factories.make_person(Role.CENTRE, factories.make_organisation("centre"))
    plans = [factories.make_plan(organisation, "2026-05-23") for _ in range(8)]
    for each in plans:
        make_batch(each, "approved", [(80, 80)] * 5)
    answers = together(8, lambda place: len(actions.number_batch(by=clerk, now=now, plan_id=plans[place].pk)))
    assert answers == [5] * 8
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert [int(number[-6:]) for number in numbers] == list(range(1, 41))
    for each in plans:
        own = sorted(int(number[-6:]) for number in each.certificates.values_list("number", flat=True))
        assert own == list(range(own[0], own[0] + 5))


def test_the_number_says_prefix_year_level_and_sequence(numbered: Certificate) -> None:
    prefix = numbered.body.certificate_prefix
    assert numbered.number == f"{prefix}264000001"
    assert (numbered.issued_on, numbered.state, numbered.is_demonstration) == (date(2026, 6, 1), "numbered", True)
    entry = Entry.objects.get(action="certificates.number")
    assert entry.after["number"] == numbered.number
    assert entry.batch_id == numbered.plan_id


def test_only_those_who_passed_are_numbered_and_only_once(plan: Any, centre: Person, now: Any) -> None:
    make_batch(plan, "approved")
    assert len(actions.number_batch(by=centre, now=now, plan_id=plan.pk)) == 1
    assert actions.number_batch(by=centre, now=now, plan_id=plan.pk) == []


def test_no_number_before_approval_and_none_by_a_body(plan: Any, centre: Person, body: Person, now: Any) -> None:
    refused("certificate.not_approved", actions.number_batch, by=centre, now=now, plan_id=plan.pk)
    make_batch(plan, "reported")
    refused("certificate.not_approved", actions.number_batch, by=centre, now=now, plan_id=plan.pk)
    refused("deed.role", actions.number_batch, by=body, now=now, plan_id=plan.pk)


def test_numbering_a_thousand_asks_for_the_law_once(plan: Any, centre: Person, now: Any) -> None:
    make_batch(plan, "approved", [(80, 80)] * 1_000)
    with CaptureQueriesContext(connection) as context:
        assert len(actions.number_batch(by=centre, now=now, plan_id=plan.pk)) == 1_000
    asked = [each["sql"] for each in context.captured_queries if 'FROM "values_parameter"' in each["sql"]]
    assert len(asked) == 1


def test_a_body_without_a_prefix_gets_no_number_and_is_told_what_to_do(plan: Any, centre: Person, now: Any) -> None:
    make_batch(plan, "approved")
    Organisation.objects.filter(pk=plan.body_id).update(certificate_prefix="")
    refusal = refused("certificate.prefix", actions.number_batch, by=centre, now=now, plan_id=plan.pk)
    assert "前缀" in refusal.advice()
    assert not Series.objects.filter(name="certificate").exists()


def test_without_a_signing_key_nothing_is_numbered(plan: Any, centre: Person, now: Any, settings: Any) -> None:
    settings.SIGNING_KEY = ""
    make_batch(plan, "approved")
    refused("certificate.key", actions.number_batch, by=centre, now=now, plan_id=plan.pk)
    assert not Certificate.objects.exists()
    assert not Series.objects.filter(name="certificate", last__gt=0).exists()


def test_a_used_up_series_is_refused_whole(plan: Any, centre: Person, now: Any) -> None:
    make_batch(plan, "approved", [(80, 80), (81, 81)])
    unit = f"{plan.body.certificate_prefix}4"
    Series.objects.create(name="certificate", year=2026, unit=unit, last=999_998)
    refused("certificate.sequence", actions.number_batch, by=centre, now=now, plan_id=plan.pk)
    assert not Certificate.objects.exists()
    assert Series.objects.get(name="certificate").last == 999_998


def test_the_signature_fixes_everything_printed(numbered: Certificate) -> None:
    assert signing.holds(numbered)
    for name, value in (("name", "别人"), ("level", 1), ("issued_on", date(2020, 1, 1)), ("number", "Y" * 22)):
        changed = Certificate.objects.get(pk=numbered.pk)
        setattr(changed, name, value)
        assert not signing.holds(changed)


def test_the_worker_makes_each_pdf_once_and_a_crash_in_between_loses_no_number(
    plan: Any, centre: Person, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_batch(plan, "approved", [(80, 80), (90, 90)])
    made = actions.number_batch(by=centre, now=now, plan_id=plan.pk)
    real, calls = documents.pdf, []

    def crash_at_second(certificate: Certificate, number: str) -> bytes:
        calls.append(certificate.number)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return real(certificate, number)

    monkeypatch.setattr(documents, "pdf", crash_at_second)
    assert delivery.run_once(now) >= 1
    assert Copy.objects.count() == 1
    row = Outgoing.objects.get(channel="job")
    assert (row.done_at, row.claimed_at, row.attempts) == (None, None, 1)
    delivery.run_once(row.due_at)
    assert Outgoing.objects.get(channel="job").done_at is not None
    assert Copy.objects.count() == 2
    assert calls == [made[0].number, made[1].number, made[1].number]
    assert [each.number for each in Certificate.objects.order_by("number")] == [each.number for each in made]


def test_a_copy_is_never_replaced(numbered: Certificate, now: Any) -> None:
    first = actions.keep_copy(by=SYSTEM, now=now, certificate_id=numbered.pk, data=b"%PDF-1")
    again = actions.keep_copy(by=SYSTEM, now=now, certificate_id=numbered.pk, data=b"%PDF-2")
    assert first.pk == again.pk
    assert Copy.objects.count() == 1


def test_issue_waits_for_the_file_then_is_the_bodys_own_step(
    numbered: Certificate, body: Person, other_body: Person, now: Any
) -> None:
    refused("certificate.no_copy", actions.issue_batch, by=body, now=now, plan_id=numbered.plan_id)
    refused("certificate.none_waiting", actions.issue_batch, by=other_body, now=now, plan_id=numbered.plan_id)
    delivery.run_once(now)
    assert actions.issue_batch(by=body, now=now, plan_id=numbered.plan_id) == 1
    numbered.refresh_from_db()
    assert numbered.state == "issued"
    refused("flow.state", actions.issue, by=body, now=now, certificate_id=numbered.pk)


def test_a_revoked_certificate_gives_way_to_a_new_number_never_the_old(
    numbered: Certificate, centre: Person, now: Any
) -> None:
    refused("flow.reason", actions.revoke, by=centre, now=now, certificate_id=numbered.pk)
    refused("certificate.not_revoked", actions.reissue, by=centre, now=now, certificate_id=numbered.pk, note="x")
    revoked = actions.revoke(by=centre, now=now, certificate_id=numbered.pk, note="姓名有误")
    assert (revoked.state, revoked.revoked_on, revoked.revoked_reason) == ("revoked", date(2026, 6, 1), "姓名有误")
    assert actions.number_batch(by=centre, now=now, plan_id=numbered.plan_id) == []
    new = actions.reissue(by=centre, now=now, certificate_id=numbered.pk, note="更正姓名")
    assert (new.number[-6:], new.replaces_id) == ("000002", numbered.pk)
    refused("certificate.replaced", actions.reissue, by=centre, now=now, certificate_id=numbered.pk, note="x")


def test_a_mark_under_a_standing_certificate_changes_only_after_revocation(
    numbered: Certificate, body: Person, centre: Person, now: Any
) -> None:
    from jiangheng.results import actions as results

    result = numbered.application.result
    asked = {"by": body, "now": now, "result_id": result.pk, "subject": "skill", "mark": "50", "reason": "漏扣"}
    refused("amendment.certificate", results.request_amendment, **asked)
    actions.revoke(by=centre, now=now, certificate_id=numbered.pk, note="成绩更正")
    amendment = results.request_amendment(**asked)
    refused("amendment.centre_only", results.approve_amendment, by=body, now=now, amendment_id=amendment.pk)
    results.approve_amendment(by=centre, now=now, amendment_id=amendment.pk)
    refused("certificate.not_passed", actions.reissue, by=centre, now=now, certificate_id=numbered.pk, note="x")


def test_hops_upward_keep_their_order_and_days(numbered: Certificate, centre: Person, now: Any) -> None:
    given = {"by": centre, "now": now, "plan_id": numbered.plan_id}
    refused("hop.order", actions.note_hop, **given, hop="national", on=date(2026, 6, 1))
    refused("hop.day", actions.note_hop, **given, hop="provincial", on=date(2026, 6, 2))
    refused("hop.unknown", actions.note_hop, **given, hop="moon", on=date(2026, 6, 1))
    assert actions.note_hop(**given, hop="provincial", on=date(2026, 6, 1)) == 1
    refused("hop.none", actions.note_hop, **given, hop="provincial", on=date(2026, 6, 1))
    assert actions.note_hop(**given, hop="national", on=date(2026, 6, 1)) == 1
    numbered.refresh_from_db()
    assert [hop.on is not None for hop in queries.hops(numbered)] == [True] * 5


def test_who_sees_which_certificate(
    numbered: Certificate, body: Person, other_body: Person, centre: Person, school: Person
) -> None:
    holder = Person(1, "甲", Role.CANDIDATE, identity_id=numbered.identity_id)
    seen = [
        queries.visible_to(each).count()
        for each in (centre, body, holder, other_body, school, factories.make_candidate())
    ]
    assert seen == [1, 1, 1, 0, 0, 0]
    with pytest.raises(Refusal) as caught:
        queries.get(other_body, numbered.pk)
    assert caught.value.status == 404


def test_the_threads_lead_from_plan_to_certificate(numbered: Certificate) -> None:
    kinds = [kind for kind, _pk in queries.threads(numbered)]
    assert kinds == ["plan", "application", "ticket", "result_batch", "result", "certificate"]
