"""Two of the centre at once (三（一）): one draft of an occupation, one publication of a version."""

from __future__ import annotations

from datetime import date

import pytest

from jiangheng.catalog import actions, queries
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.rules.roles import SYSTEM, Role
from tests import factories
from tests.asking import at_once
from tests.catalog.versions import CODE, NOW, changed, copied

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_begin_a_draft_of_one_occupation_and_two_publish_it() -> None:
    office = factories.make_organisation("centre")
    writer, second, third = (factories.make_person(Role.CENTRE, office) for _ in range(3))
    actions.load_catalogue(by=SYSTEM, now=NOW)
    electrician = Occupation.objects.get(code=CODE)
    given = {"now": NOW, "occupation_id": electrician.pk, "ruleset": "R2023", "valid_from": date(2026, 7, 1)}
    answers = at_once(lambda: actions.draft(by=writer, **given), lambda: actions.draft(by=second, **given))
    assert sum(answer == "standard.drafted" for answer in answers) == 1
    assert StandardVersion.objects.filter(state="draft").count() == 1
    StandardVersion.objects.filter(state="draft").delete()
    draft = changed(writer, copied(writer, electrician))
    actions.submit(by=writer, now=NOW, standard_id=draft.pk)
    answers = at_once(
        lambda: actions.publish(by=second, now=NOW, standard_id=draft.pk),
        lambda: actions.publish(by=third, now=NOW, standard_id=draft.pk, valid_from=date(2026, 8, 1)),
    )
    assert sum(isinstance(answer, StandardVersion) for answer in answers) == 1
    assert {answer for answer in answers if isinstance(answer, str)} <= {"flow.state", "record.stale"}
    draft.refresh_from_db()
    held = queries.published(CODE)
    assert [each.pk for each in held if each.valid_to is None] == [draft.pk]
    for each in held:
        assert sum(other.valid_from <= each.valid_from <= (other.valid_to or date.max) for other in held) == 1
