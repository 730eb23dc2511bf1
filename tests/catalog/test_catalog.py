"""The shipped catalogue, the law of a day with the centre's values, local days, and fee tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiangheng.catalog import actions, queries
from jiangheng.catalog.models import FeeLine, Occupation, StandardVersion
from jiangheng.journal.models import Entry
from jiangheng.rules.fees import tariff
from jiangheng.rules.roles import Person
from jiangheng.values import queries as values
from jiangheng.values.models import CalendarDay
from tests.asking import refused
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")


def load(centre: Person) -> dict[str, int]:
    return actions.load_catalogue(by=centre, now=NOW)


def test_loading_twice_adds_nothing_twice(centre: Person) -> None:
    added = load(centre)
    assert added["occupations"] == Occupation.objects.count() > 20
    assert load(centre) == {"occupations": 0, "standards": 0, "fee_lines": 0, "local_days": 0}
    assert Entry.objects.filter(action="catalogue.load").count() == 1


def test_each_day_has_its_standard_and_its_subjects(centre: Person) -> None:
    load(centre)
    for day, ruleset in ((date(2023, 12, 31), "R2018"), (date(2024, 1, 1), "R2023")):
        standard = queries.standard_on("6-31-01-03", day)
        assert standard is not None
        assert standard.ruleset == ruleset
    assert queries.standard_on("6-31-01-03", date(2018, 12, 25)) is None
    assert [row.subject for row in queries.subjects_for("6-31-01-03", 4, date(2026, 6, 1))] == ["theory", "skill"]
    assert [row.subject for row in queries.subjects_for("6-31-01-03", 2, date(2026, 6, 1))] == [
        "theory",
        "skill",
        "review",
    ]
    theory = queries.subjects_for("6-31-01-03", 4, date(2026, 6, 1))[0]
    assert (theory.method, theory.minutes) == ("machine", 90)
    assert StandardVersion.objects.exclude(label="").exists()


def test_a_removed_local_day_stays_removed(centre: Person) -> None:
    load(centre)
    assert values.calendar().day(date(2026, 4, 20)).workday is False
    actions.remove_day(by=centre, now=NOW, day=date(2026, 4, 20))
    load(centre)
    assert values.calendar().day(date(2026, 4, 20)).workday is True


def test_local_days_move_every_deadline(centre: Person, body: Person) -> None:
    assert values.calendar().before(date(2026, 10, 17), 10).date == date(2026, 9, 29)
    actions.set_day(by=centre, now=NOW, day=date(2026, 10, 15), workday=False, name="防汛停工")
    assert values.calendar().before(date(2026, 10, 17), 10).date == date(2026, 9, 28)
    refused("calendar.same", lambda: set_day(centre, date(2026, 10, 1), workday=False))
    refused("calendar.name", lambda: actions.set_day(by=centre, now=NOW, day=date(2026, 10, 1), workday=True, name=" "))
    refused("deed.role", lambda: set_day(body, date(2026, 10, 16), workday=False))
    refused("calendar.none", lambda: actions.remove_day(by=centre, now=NOW, day=date(2026, 10, 16)))
    assert CalendarDay.objects.count() == 1
    entry = Entry.objects.get(action="calendar.set_day")
    assert entry.after["name"] == "防汛停工"


def set_day(by: Person, day: date, *, workday: bool) -> CalendarDay:
    return actions.set_day(by=by, now=NOW, day=day, workday=workday, name="示例")


def test_a_default_changes_from_its_day_and_the_law_never(centre: Person, body: Person) -> None:
    before = values.law(date(2026, 6, 30)).version
    actions.set_parameter(
        by=centre, now=NOW, key="invigilator_ratio", value=20, valid_from=date(2026, 7, 1), reason="柳鉴〔2026〕1号"
    )
    assert values.law(date(2026, 6, 30)).value("invigilator_ratio") == 15
    assert values.law(date(2026, 7, 1)).value("invigilator_ratio") == 20
    assert values.law(date(2026, 7, 1)).version != before
    found = refused("law.not_a_default", lambda: parameter(centre, key="plan_lead_wd", value=5))
    assert found.clause == "三（三）"
    refused("law.unknown", lambda: parameter(centre, key="nothing", value=5))
    refused("law.wrong_kind", lambda: parameter(centre, value="20"))
    refused("law.wrong_kind", lambda: parameter(centre, value=True))
    refused("law.unfit", lambda: parameter(centre, value=-1))
    refused("parameter.reason", lambda: parameter(centre, reason=""))
    refused("parameter.past", lambda: parameter(centre, valid_from=date(2026, 5, 31)))
    refused("deed.role", lambda: parameter(body))


def parameter(by: Person, **given: Any) -> object:
    values = {"key": "invigilator_ratio", "value": 18, "valid_from": date(2026, 8, 1), "reason": "文件", **given}
    return actions.set_parameter(by=by, now=NOW, **values)


def test_a_real_fee_replaces_the_demonstration_and_never_overlaps_another(centre: Person, body: Person) -> None:
    load(centre)
    assert sum(row.amount_fen for row in queries.fee_lines("6-31-01-03", 4, date(2026, 6, 30))) == 43000
    assert {row.label for row in queries.fee_lines("6-31-01-03", 4, date(2026, 6, 30))} == {"示范数据"}
    fees(centre)
    lines = queries.fee_lines("6-31-01-03", 4, date(2026, 7, 1))
    assert {row.item: row.amount_fen for row in lines} == {"theory": 6000, "skill": 21000, "materials": 18000}
    assert [row.amount_fen for row in tariff.charge(lines, "6-31-01-03", 4, ["theory"], date(2026, 7, 1))] == [6000]
    assert [
        row.amount_fen for row in queries.fee_lines("6-31-01-03", 4, date(2026, 6, 30)) if row.item == "theory"
    ] == [4000]
    count = FeeLine.objects.count()
    refused("fee.overlap", lambda: fees(centre, valid_from=date(2027, 1, 1)))
    refused("fee.overlap", lambda: fees(centre, document="另一文件", valid_from=date(2026, 1, 1)))
    refused("fee.document", lambda: fees(centre, document=" "))
    refused("fee.period", lambda: fees(centre, valid_to=date(2026, 1, 1)))
    refused("fee.lines", lambda: fees(centre, lines=[]))
    refused("fee.amount", lambda: fees(centre, lines=[{**LINE, "amount_fen": 0}]))
    refused("fee.item", lambda: fees(centre, lines=[{**LINE, "item": "tea"}]))
    refused("occupation.level", lambda: fees(centre, lines=[{**LINE, "occupation_code": "4-14-02-02", "level": 5}]))
    refused("deed.role", lambda: fees(body))
    assert FeeLine.objects.count() == count


LINE = {"occupation_code": "6-31-01-03", "level": 4, "item": "theory", "amount_fen": 6000}


def fees(by: Person, **given: Any) -> object:
    values = {"document": "示例收费文件1号", "valid_from": date(2026, 7, 1), "lines": [LINE], **given}
    return actions.add_fee_table(by=by, now=NOW, **values)
