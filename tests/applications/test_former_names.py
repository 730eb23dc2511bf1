"""An occupation's former names: what the catalogue says it was renumbered from counts as its own (三（一）)."""

from __future__ import annotations

from datetime import date

from jiangheng.applications.queries import names_of
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.rules.conditions.eligibility import HeldCertificate, PersonFacts, judge


def test_a_certificate_under_a_former_name_or_code_counts_once_the_catalogue_lists_it() -> None:
    older = Occupation(code="6-07-06-05", name="维修电工", jobs=["船舶电工"])
    now = Occupation(code="6-31-01-03", name="电工", jobs=[], replaces=older)
    listed = names_of(StandardVersion(occupation=now, related_occupations=[]))
    alone = names_of(
        StandardVersion(occupation=Occupation(code="6-31-01-03", name="电工", jobs=[]), related_occupations=[])
    )
    assert {"维修电工", "6-07-06-05", "船舶电工"} == listed - alone
    for name in ("维修电工", "6-07-06-05"):
        person = PersonFacts(certificates=(HeldCertificate(name, 3, issued=date(2015, 1, 1)),))
        states = [
            next(
                row.state
                for row in judge(person, names, 2, "R2023", date(2026, 6, 1)).conditions
                if row.condition == "cert"
            )
            for names in (listed, alone)
        ]
        assert states == ["met", "not_met"]
