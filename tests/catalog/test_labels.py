"""Every word of the law's tables that pages show is marked for translation."""

from __future__ import annotations

from datetime import date

from jiangheng.rules import codes
from jiangheng.rules.conditions import generations, occupations, standards
from jiangheng.rules.days import workdays
from jiangheng.rules.examination import discipline
from jiangheng.rules.fees import tariff
from jiangheng.rules.shipped_law import in_force
from tools import messages

TABLES = (
    "organisation_kind", "service_object", "candidate_group", "place", "paper_source", "room_kind", "method",
    "fee_item", "fee_payee", "pay_method", "proof_kind", "district",
)  # read as a table  # fmt: skip


def marked(room: str) -> set[str]:
    """The strings that have English in a room's catalogue."""
    return {str(message.id) for message in messages.standing(room) if message.string}


def test_every_label_shown_is_marked() -> None:
    on = date(2026, 1, 1)
    shown = {label for name in TABLES for _code, label in codes.choices(name)}
    for rule in in_force(on).rules():
        shown |= {rule.label, rule.unit}
    shown |= {instrument.label for instrument in in_force(on).instruments()}
    for row in occupations.catalogue(on):
        shown |= {row.label, *(version.label for version in standards.versions(row.code))}
    shown |= {day.name for day in workdays.shipped_rows().values()}
    shown |= {row.label for row in tariff.demonstration_table()}
    shown |= {label for _code, label in discipline.kinds()}
    for tier in discipline.tiers(on):
        shown |= {tier.sanction, *tier.examples}
    for level in range(1, 6):
        generation = generations.changed("R2018", "R2023", level)
        assert generation is not None
        shown |= {generation.source, *generation.general, *generation.texts}
    assert shown - marked("catalog") - {"", "%", "KB", "MB"} == set()  # signs every reader knows
