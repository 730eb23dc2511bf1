"""The room at the API: the same queries, the same limits."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangheng.people import api
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.screens.outputs import Cursor
from tests import factories


def asked(person: Person) -> Any:
    return SimpleNamespace(person=person)


def test_who_one_is_and_which_cards_one_sees(body: Person, school: Person) -> None:
    counts = []
    for extra in (1, 2):
        for _ in range(extra):
            factories.make_staff("examiner", factories.make_organisation("social_body"))
        with CaptureQueriesContext(connection) as counted:
            seen = api.cards(asked(body), cursor=Cursor())
        counts.append(len(counted))
    assert len(seen) == 3
    assert counts == [1, 1]
    assert api.cards(asked(body), cursor=Cursor(after=seen[1].id)) == seen[2:]
    assert api.me(SimpleNamespace(person=body)).organisation_id == body.organisation_id
    assert "account" not in json.loads(seen[0].model_dump_json())
    assert api.cards(asked(school), cursor=Cursor()) == []
    with pytest.raises(Refusal) as refused:
        api.card(SimpleNamespace(person=school), seen[0].id)
    assert refused.value.status == 404
