"""Tickets later than five working days: refused, unless the centre's exception runs; and it is public (四（六）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.journal.models import Entry, Outgoing
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions
from jiangheng.sittings.models import Ticket, TicketException
from tests import factories
from tests.asking import refusal
from tests.sittings import stage

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
# The sitting is on Saturday 2026-07-04; five working days before it is Monday 2026-06-29.
LAST = factories.moment("2026-06-29 17:00")
LATE = factories.moment("2026-06-30 09:00")
WORDS = {"reason": "考点停电检修，场次临时调整", "document": "示例文件〔2026〕1号", "article": "第三条"}


def arranged(body: Person) -> Plan:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 2)
    stage.arrange(body, plan)
    return plan


def grant(centre: Person, plan: Plan, now: Any = LATE, **given: Any) -> TicketException:
    return actions.grant_exception(by=centre, now=now, plan_id=plan.pk, **{**WORDS, "until": date(2026, 7, 1), **given})


def issue(body: Person, plan: Plan, now: Any) -> int:
    return actions.issue_tickets(by=body, now=now, plan_id=plan.pk)


def test_the_last_lawful_day_needs_no_exception(body: Person) -> None:
    assert issue(body, arranged(body), LAST) == 2


def test_a_day_later_is_refused_and_allowed_until_the_day_of_the_exception(body: Person, centre: Person) -> None:
    plan = arranged(body)
    found = refusal(lambda: issue(body, plan, LATE))
    assert (found.code, found.clause) == ("deadline.late", "四（六）")
    grant(centre, plan)
    assert refusal(lambda: issue(body, plan, factories.moment("2026-07-02 00:00"))).code == "deadline.late"
    assert not Ticket.objects.exists()
    assert issue(body, plan, factories.moment("2026-07-01 23:59")) == 2
    after = Entry.objects.get(action="sitting.issue_tickets", record_kind="plan").after
    assert after["exception_until"] == "2026-07-01"


def test_the_newest_exception_counts(body: Person, centre: Person) -> None:
    plan = arranged(body)
    grant(centre, plan, until=date(2026, 7, 3))
    grant(centre, plan, until=date(2026, 6, 30))
    assert refusal(lambda: issue(body, plan, factories.moment("2026-07-01 09:00"))).code == "deadline.late"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"until": date(2026, 6, 29)}, "exception.day"),
        ({"until": date(2026, 7, 4)}, "exception.day"),
        ({"until": date(2026, 6, 30), "now": factories.moment("2026-07-01 09:00")}, "exception.day"),
        ({"reason": "  "}, "exception.words"),
        ({"document": ""}, "exception.words"),
        ({"article": ""}, "exception.words"),
    ],
)
def test_an_exception_has_words_an_instrument_a_clause_and_a_day_that_makes_sense(
    given: dict[str, Any], code: str, body: Person, centre: Person
) -> None:
    plan = arranged(body)
    found = refusal(lambda: grant(centre, plan, **given))
    assert (found.code, found.status, found.clause) == (code, 422, "四（六）")
    assert not TicketException.objects.exists()


def test_an_exception_is_refused_where_nothing_waits_for_tickets(body: Person, centre: Person) -> None:
    plan = arranged(body)
    issue(body, plan, LAST)
    assert refusal(lambda: grant(centre, plan)).code == "exception.none_needed"
    bare = stage.make_plan(body)
    assert refusal(lambda: grant(centre, bare)).status == 404


def test_only_the_centre_grants(body: Person, other_body: Person, school: Person) -> None:
    plan = arranged(body)
    for person in (body, other_body, school):
        assert refusal(lambda person=person: grant(person, plan)).code == "deed.role"


def test_the_centre_grants_on_a_page_and_everybody_reads_it_on_the_plan(
    body: Person, centre: Person, client_for: ClientFor
) -> None:
    plan = arranged(body)
    address = reverse("sittings:exception", args=[plan.pk])
    public = reverse("plans:public", args=[plan.pk])
    client = client_for(centre, LATE)
    assert "准考证核发时限例外" not in Client().get(public).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {**WORDS, "until": "明天"}).status_code == 422
    wrong = client.post(address, {**WORDS, "until": "2026-07-04"})
    assert wrong.status_code == 422
    assert WORDS["document"] in wrong.content.decode()
    assert client.post(address, {**WORDS, "until": "2026-07-01"}).status_code == 302
    page = Client().get(public).content.decode()
    for words in (
        "准考证核发时限例外",
        WORDS["reason"],
        WORDS["document"],
        WORDS["article"],
        "2026年7月1日",
        "2026年6月29日",
    ):
        assert words in page, words
    assert client_for(body, LATE).get(address).status_code == 403
    assert (
        "市鉴定中心已同意例外" in client_for(body, LATE).get(reverse("sittings:plan", args=[plan.pk])).content.decode()
    )
    assert (
        Outgoing.objects.filter(recipient_organisation_id=plan.body_id, subject="准考证核发时限例外已同意").count() == 1
    )
    assert Entry.objects.get(action="sittings.grant_exception").clause == "四（六）"
