"""Drafts of standard versions as the tests write them."""

from __future__ import annotations

from datetime import date
from typing import Any

from jiangheng.catalog import actions, queries
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.rules.roles import Person
from tests.factories import moment

NOW = moment("2026-06-01 10:00")
CODE = "6-31-01-03"


def copied(centre: Person, occupation: Occupation, valid_from: str = "2026-07-01") -> StandardVersion:
    source = queries.standard_on(occupation.code, date(2026, 6, 1))
    assert source is not None
    return actions.draft(
        by=centre,
        now=NOW,
        occupation_id=occupation.pk,
        copied_from_id=source.pk,
        valid_from=date.fromisoformat(valid_from),
    )


def lines(standard: StandardVersion) -> list[dict[str, Any]]:
    return [
        {
            "level": row.level,
            "subject": row.subject,
            "method": row.method,
            "minutes": row.minutes,
            "ratio": row.candidates_per_examiner,
            "equipment": row.required_equipment,
        }
        for row in standard.subjects.all()
    ]


def changed(centre: Person, standard: StandardVersion, **given: Any) -> StandardVersion:
    values: dict[str, Any] = {
        "document": "电工国家职业标准（2026年修订，示例）",
        "ruleset": standard.ruleset,
        "valid_from": standard.valid_from,
        "valid_to": standard.valid_to,
        "related_occupations": standard.related_occupations,
        "related_majors": standard.related_majors,
        "label": "",
        "subjects": lines(standard),
    }
    return actions.change(by=centre, now=NOW, standard_id=standard.pk, **{"seen": standard.version, **values, **given})
