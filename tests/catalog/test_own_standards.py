"""An employer's filed 企业评价规范 (一, 三（一）): a standard version valid for its owner, invisible to everybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.applications import actions as applications
from jiangheng.applications.actions.judging import Bench, measure
from jiangheng.bodies import actions as bodies
from jiangheng.bodies.models import Filing, Organisation
from jiangheng.catalog import actions, queries
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.journal.models import Outgoing
from jiangheng.people import actions as people
from jiangheng.people.actions import Claim
from jiangheng.plans import actions as plans
from jiangheng.plans.models import PlanRow
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import PUBLIC, SYSTEM, Person, Role
from tests import factories
from tests.factories import make_organisation, make_person, moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
CODE, DAY = "6-31-01-03", date(2026, 9, 1)
NAME = "示例公司电工评价规范（Q/SL 2026）"
SignIn = Callable[..., Client]


@pytest.fixture
def electrician(db: None) -> Occupation:
    actions.load_catalogue(by=SYSTEM, now=NOW)
    return Occupation.objects.get(code=CODE)


@pytest.fixture
def second(centre: Person) -> Person:
    return make_person(Role.CENTRE, Organisation.objects.get(pk=centre.organisation_id))


@pytest.fixture
def factory(db: None) -> Person:
    return make_person(Role.BODY, make_organisation("employer_body"))


def scope(**given: Any) -> dict[str, Any]:
    return {"occupation_code": CODE, "levels": "43", "standard": NAME, "own_standard": True, **given}


def filed(by: Person, centre: Person, *scopes: dict[str, Any]) -> Filing:
    """A filing of ``by`` through its own flow: drafted and handed in by the body, put into force by the centre."""
    drafted = bodies.draft_filing(
        by=by,
        now=NOW,
        organisation_id=by.organisation_id or 0,
        valid_from=date(2026, 6, 1),
        valid_to=date(2029, 5, 31),
        scopes=scopes or (scope(),),
    )
    bodies.submit(by=by, now=NOW, filing_id=drafted.pk)
    return bodies.file(by=centre, now=NOW, filing_id=drafted.pk, number=f"桂人社备{drafted.pk}号")


def registered(owner: Person, occupation: Occupation, centre: Person, second: Person) -> StandardVersion:
    """The owner's version of 2026-07-01 on: theory of 45 minutes at 四级."""
    source = queries.standard_on(CODE, DAY)
    assert source is not None
    drafted = actions.draft(
        by=centre,
        now=NOW,
        occupation_id=occupation.pk,
        valid_from=date(2026, 7, 1),
        copied_from_id=source.pk,
        owner_id=owner.organisation_id,
    )
    subjects = [
        {
            "level": row.level,
            "subject": row.subject,
            "method": row.method,
            "minutes": 45 if (row.level, row.subject) == (4, "theory") else row.minutes,
            "ratio": row.candidates_per_examiner,
            "equipment": row.required_equipment,
        }
        for row in drafted.subjects.filter(level__in=(4, 3))
    ]
    actions.change(
        by=centre,
        now=NOW,
        standard_id=drafted.pk,
        seen=drafted.version,
        document=NAME,
        ruleset=drafted.ruleset,
        valid_from=drafted.valid_from,
        valid_to=None,
        related_occupations=[],
        related_majors=[],
        label="",
        subjects=subjects,
    )
    actions.submit(by=centre, now=NOW, standard_id=drafted.pk)
    return actions.publish(by=second, now=NOW, standard_id=drafted.pk)


@pytest.fixture
def own(factory: Person, electrician: Occupation, centre: Person, second: Person) -> StandardVersion:
    filed(factory, centre)
    return registered(factory, electrician, centre, second)


def refusal_of(call: Callable[..., Any], **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(**given)
    return refused.value


def test_it_holds_for_its_owner_at_the_filed_levels_and_for_nobody_else(
    own: StandardVersion, factory: Person, body: Person, school: Person
) -> None:
    national = queries.standard_on(CODE, DAY)
    assert national is not None
    assert national.owner_id is None
    assert queries.standard_on(CODE, DAY, factory.organisation_id, 4) == own
    assert queries.standard_on(CODE, DAY, factory.organisation_id) == own
    assert queries.standard_on(CODE, DAY, factory.organisation_id, 5) == national
    assert queries.standard_on(CODE, date(2026, 6, 30), factory.organisation_id, 4) == national
    other = make_organisation("employer_body")
    for somebody in (body.organisation_id, school.organisation_id, other.pk, None):
        assert queries.standard_on(CODE, DAY, somebody, 4) == national
    assert national.valid_to is None
    assert Outgoing.objects.get(recipient_organisation_id=factory.organisation_id, key=f"standard.publish:{own.pk}")


def test_without_a_filing_in_force_it_is_no_standard_at_all(own: StandardVersion, factory: Person) -> None:
    Filing.objects.filter(organisation_id=factory.organisation_id).update(state="revoked", moved_at=NOW)
    found = queries.standard_on(CODE, DAY, factory.organisation_id, 4)
    assert found is not None
    assert (found.owner_id, found.pk != own.pk) == (None, True)


def test_only_an_employer_files_one_and_names_it(body: Person, factory: Person, centre: Person) -> None:
    social = refusal_of(filed, by=body, centre=centre)
    assert (social.code, social.status, social.clause) == ("filing.own_standard", 422, "一")
    with pytest.raises(Refusal) as unnamed:
        filed(factory, centre, scope(standard=" "))
    assert unnamed.value.code == "filing.own_document"


def test_the_centre_registers_none_that_was_not_filed(
    factory: Person, body: Person, electrician: Occupation, centre: Person, second: Person
) -> None:
    given = {"by": centre, "now": NOW, "occupation_id": electrician.pk, "ruleset": "R2023"}
    for owner, day in ((factory, date(2026, 7, 1)), (body, date(2026, 7, 1))):
        refused = refusal_of(actions.draft, **given, valid_from=day, owner_id=owner.organisation_id)
        assert (refused.code, refused.clause) == ("standard.not_filed", "一")
        assert "企业评价规范" in refused.advice()
    drafted = bodies.draft_filing(
        by=factory, now=NOW, organisation_id=factory.organisation_id or 0,
        valid_from=date(2026, 6, 1), valid_to=date(2029, 5, 31), scopes=[scope()],
    )  # fmt: skip
    bodies.submit(by=factory, now=NOW, filing_id=drafted.pk)
    waiting = refusal_of(actions.draft, **given, valid_from=DAY, owner_id=factory.organisation_id)
    assert waiting.code == "standard.not_filed"
    plain = make_person(Role.BODY, make_organisation("employer_body"))
    filed(plain, centre, scope(own_standard=False))
    refused = refusal_of(actions.draft, **given, valid_from=DAY, owner_id=plain.organisation_id)
    assert refused.code == "standard.not_filed"
    late = refusal_of(actions.draft, **given, valid_from=date(2031, 1, 1), owner_id=plain.organisation_id)
    assert late.code == "standard.not_filed"


def test_a_second_person_publishes_it_and_the_national_one_goes_on(
    own: StandardVersion, factory: Person, electrician: Occupation, centre: Person
) -> None:
    given = {"by": centre, "now": NOW, "occupation_id": electrician.pk, "valid_from": date(2026, 10, 1)}
    again = actions.draft(**given, copied_from_id=own.pk, owner_id=factory.organisation_id)
    nation = actions.draft(**given, ruleset="R2023")
    assert (again.owner_id, nation.owner_id) == (factory.organisation_id, None)
    actions.submit(by=centre, now=NOW, standard_id=again.pk)
    assert refusal_of(actions.publish, by=centre, now=NOW, standard_id=again.pk).code == "standard.same_person"
    assert refusal_of(actions.draft, **given, ruleset="R2023", owner_id=factory.organisation_id).code == (
        "standard.drafted"
    )


def test_nobody_builds_on_anothers(own: StandardVersion, electrician: Occupation, centre: Person) -> None:
    other = make_person(Role.BODY, make_organisation("employer_body"))
    filed(other, centre)
    given = {"by": centre, "now": NOW, "occupation_id": electrician.pk, "valid_from": DAY, "copied_from_id": own.pk}
    for owner_id in (other.organisation_id, None):
        refused = refusal_of(actions.draft, **given, owner_id=owner_id)
        assert (refused.code, refused.status, refused.clause) == ("standard.owned", 422, "一")


def test_plans_of_the_owner_go_by_it_and_those_of_others_do_not(
    own: StandardVersion, factory: Person, body: Person
) -> None:
    factories.make_filing(Organisation.objects.get(pk=body.organisation_id))
    minutes = {}
    for who in (factory, body):
        made = plans.draft(
            by=who,
            now=NOW,
            exam_on=date(2026, 10, 17),
            registration_ends_at=moment("2026-09-25 18:00"),
            candidate_source="own_staff" if who is factory else "public",
            paper_source="bank",
            venue_id=factories.make_venue(Organisation.objects.get(pk=who.organisation_id)).pk,
            rows=[{"occupation_code": CODE, "level": 4, "headcount": 20}],
        )
        row = PlanRow.objects.get(plan=made)
        minutes[who] = next(each["minutes"] for each in row.subjects if each["subject"] == "theory")
    assert minutes[factory] == 45
    assert minutes[body] not in (45, None)


def test_candidates_of_the_owner_are_judged_by_it_and_others_are_not(
    own: StandardVersion, factory: Person, body: Person
) -> None:
    assert measure(CODE, DAY, body_id=factory.organisation_id, level=4).standard == own
    assert measure(CODE, DAY, body_id=body.organisation_id, level=4).standard.owner_id is None
    bench, found = Bench(NOW), {}
    for serial, who in enumerate((factory, body)):
        organisation = Organisation.objects.get(pk=who.organisation_id)
        plan = factories.make_plan(organisation, "2026-10-17", registration_ends_at=moment("2026-09-25 18:00"))
        made = applications.apply_draft(
            by=who,
            now=NOW,
            plan_row_id=PlanRow.objects.get(plan=plan).pk,
            claim=Claim("居民身份证", factories.identity_number(400 + serial), "韦示例"),
        )
        bench.judge(made)
        found[who] = made.judgement["standard"]
    assert found[factory] == NAME
    assert found[body] not in (NAME, "")


def test_no_page_and_no_operation_shows_it_to_another(
    own: StandardVersion, factory: Person, body: Person, candidate: Person, centre: Person, client_for: SignIn
) -> None:
    page = reverse("catalog:standard", args=[own.pk])
    compare = reverse("catalog:standard_diff", args=[own.pk])
    which = reverse("catalog:which") + f"?occupation={CODE}&level=4&on={DAY}"
    lists = (reverse("catalog:standards"), which, reverse("catalog:occupation", args=[own.occupation_id]))
    others: list[Person | None] = [body, candidate, make_person(Role.BODY, make_organisation("employer_body")), None]
    for who in others:
        browser = client_for(who, NOW) if who else Client()
        assert browser.get(page).status_code == 404
        assert browser.get(compare).status_code == 404
        for address in lists:
            answer = browser.get(address)
            assert answer.status_code == 200
            assert NAME not in answer.content.decode()
        with pytest.raises(Refusal) as refused:
            queries.version(who or PUBLIC, own.pk)
        assert refused.value.code == "record.none"
    for who in (factory, centre):
        shown = client_for(who, NOW).get(page)
        assert shown.status_code == 200
        assert "只对该单位有效" in shown.content.decode()
    assert NAME in client_for(factory, NOW).get(which).content.decode()
    anonymous = Client()
    assert anonymous.get(f"/api/v1/catalog/standards/{own.pk}").status_code == 404
    assert NAME not in anonymous.get("/api/v1/catalog/standards").content.decode()
    rules = anonymous.get(f"/api/v1/catalog/rules?occupation_code={CODE}&level=4&on={DAY}").json()
    assert (rules["owner_id"], rules["document"] != NAME) == (None, True)


def test_the_api_gives_each_organisation_its_own_and_none_of_anothers(
    own: StandardVersion, factory: Person, body: Person
) -> None:
    given = {}
    for who in (factory, body):
        _token, secret = people.create_token(by=who, now=NOW, name="接口")
        client = Client(**{"jiangheng.now": NOW})
        key = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        answer = client.get("/api/v1/catalog/own-standards", **key)
        assert answer.status_code == 200
        given[who] = answer.json()
        steps = client.get(f"/api/v1/catalog/standards/{own.pk}/steps", **key)
        assert steps.status_code == (200 if who is factory else 404)
    assert given[body] == []
    (mine,) = given[factory]
    assert (mine["id"], mine["document"], mine["owner_id"]) == (own.pk, NAME, factory.organisation_id)
    assert {each["level"] for each in mine["subjects"]} == {4, 3}
    assert Client().get("/api/v1/catalog/own-standards").status_code == 401


def test_the_filing_form_offers_it_to_employers_only(factory: Person, body: Person, client_for: SignIn) -> None:
    for who, offered in ((factory, True), (body, False)):
        page = client_for(who, NOW).get(reverse("bodies:filing_new", args=[who.organisation_id])).content.decode()
        assert ("own_standard" in page) is offered


def test_the_centre_begins_one_from_the_occupations_page(
    factory: Person, body: Person, electrician: Occupation, centre: Person, client_for: SignIn
) -> None:
    browser = client_for(centre, NOW)
    form = reverse("catalog:standard_new", args=[electrician.pk])
    assert "owner_id" not in browser.get(form).content.decode()
    made = filed(factory, centre)
    page = browser.get(reverse("bodies:filing_detail", args=[made.pk])).content.decode()
    assert "登记企业评价规范" in page
    assert str(Organisation.objects.get(pk=factory.organisation_id)) in browser.get(form).content.decode()
    given = {"base": "tR2023", "valid_from": "2026-07-01", "_once": "own-1"}
    stranger = browser.post(form, {**given, "owner_id": body.organisation_id})
    assert stranger.status_code == 422
    answer = browser.post(form, {**given, "owner_id": factory.organisation_id})
    assert answer.status_code == 302
    assert StandardVersion.objects.get(state="draft").owner_id == factory.organisation_id
