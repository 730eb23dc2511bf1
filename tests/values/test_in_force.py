"""The law and the calendar in force: one answer in every room, read once a request or deed, with or without a database."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.catalog import actions
from jiangheng.rules.days.local_time import local_day, local_moment
from jiangheng.rules.days.workdays import shipped_rows
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.rules.shipped_law import in_force
from jiangheng.values import queries as values
from jiangheng.values.models import CalendarDay, Parameter
from jiangheng.values.remembering import remembered

ROOT = Path(__file__).parents[2]
DAY = date(2026, 6, 1)
SAN_YUE_SAN = (date(2026, 5, 10), 15, date(2026, 4, 14))
"""Event, working days before it, and the day: 2026-04-20 and 04-21 are days off in 广西 (law/calendar.toml)."""


def read_of(context: CaptureQueriesContext, table: str) -> int:
    return sum(f'FROM "{table}"' in each["sql"] for each in context.captured_queries)


def set_parameter(centre: Person, now: datetime, key: str, value: object) -> None:
    actions.set_parameter(by=centre, now=now, key=key, value=value, valid_from=local_day(now), reason="会议决定")


def test_the_day_turns_at_midnight_in_liuzhou() -> None:
    assert local_day(datetime.fromisoformat("2026-06-01T15:59:59+00:00")) == DAY
    assert local_day(datetime.fromisoformat("2026-06-01T16:00:00+00:00")) == date(2026, 6, 2)
    assert local_moment(datetime.fromisoformat("2026-06-01T16:00:00+00:00")).isoformat() == "2026-06-02T00:00:00+08:00"


@pytest.mark.django_db
def test_nothing_is_remembered_outside_a_request_or_deed(centre: Person) -> None:
    with CaptureQueriesContext(
        connection,
    ) as context:
        values.law(DAY)
        values.law(DAY)
        values.calendar()
        values.calendar()
    assert (read_of(context, "values_parameter"), read_of(context, "values_calendarday")) == (2, 2)


@pytest.mark.django_db
def test_within_one_memory_each_day_is_read_once(centre: Person) -> None:
    with CaptureQueriesContext(connection) as context, remembered():
        with remembered():
            assert values.law(DAY) is values.law(DAY)
        assert values.law(DAY) is not values.law(DAY + timedelta(days=1))
        assert values.calendar() is values.calendar()
    assert (read_of(context, "values_parameter"), read_of(context, "values_calendarday")) == (2, 1)


@pytest.mark.django_db
def test_what_is_written_is_seen_at_once_and_what_fails_is_not(centre: Person, now: datetime) -> None:
    with remembered():
        assert values.law(DAY).value("pass_mark") == 60
        assert values.calendar().day(date(2026, 6, 3)).workday
        set_parameter(centre, now, "venue_photos_min", 5)
        assert values.law(DAY).value("venue_photos_min") == 5
        actions.set_day(by=centre, now=now, day=date(2026, 6, 3), workday=False, name="防汛停工")
        assert not values.calendar().day(date(2026, 6, 3)).workday
        actions.remove_day(by=centre, now=now, day=date(2026, 6, 3))
        assert values.calendar().day(date(2026, 6, 3)).workday
        Parameter.objects.filter(key="venue_photos_min").update(value=6)
        assert values.law(DAY).value("venue_photos_min") == 6
        Parameter.objects.all().delete()
        assert values.law(DAY).value("venue_photos_min") == in_force(DAY).value("venue_photos_min")
    with remembered():
        values.law(DAY)
        with pytest.raises(Refusal), remembered():
            Parameter(key="venue_photos_min", value=7, valid_from=DAY).save()
            assert values.law(DAY).value("venue_photos_min") == 7
            Parameter.objects.all().delete()
            Parameter.objects.bulk_create([Parameter(key="venue_photos_min", value=8, valid_from=DAY)])
            assert values.law(DAY).value("venue_photos_min") == 8
            raise Refusal("不行", code="test.no")
        Parameter.objects.get().delete()
        assert values.law(DAY).value("venue_photos_min") == in_force(DAY).value("venue_photos_min")


@pytest.mark.django_db
def test_a_request_sees_what_was_set_after_the_one_before(centre: Person, now: datetime) -> None:
    client = Client(**{"jiangheng.now": now})
    address = "/catalog/law/"
    assert "4711" not in client.get(address).content.decode()
    with CaptureQueriesContext(connection) as context:
        client.get(address)
    assert read_of(context, "values_parameter") <= 2, "the law of the day and the list of the centre's own"
    set_parameter(centre, now, "venue_photos_min", 4711)
    assert "4711" in client.get(address).content.decode()


@pytest.mark.django_db
def test_an_unfilled_database_counts_like_a_filled_one(centre: Person, now: datetime) -> None:
    event, workdays, day = SAN_YUE_SAN
    assert not CalendarDay.objects.exists()
    assert values.calendar().before(event, workdays).date == day
    listed = {row.day for row in values.local_days()}
    actions.load_catalogue(by=centre, now=now)
    assert CalendarDay.objects.count() == len(shipped_rows()) == len(listed)
    assert values.calendar().before(event, workdays).date == day


@pytest.mark.django_db
@pytest.mark.parametrize("loaded", [True, False])
def test_a_row_the_centre_took_back_stays_away(centre: Person, now: datetime, loaded: bool) -> None:
    if loaded:
        actions.load_catalogue(by=centre, now=now)
    for day in shipped_rows():
        actions.remove_day(by=centre, now=now, day=day)
    event, workdays, _day = SAN_YUE_SAN
    assert values.local_rows() == {}
    assert values.local_days() == []
    assert values.calendar().before(event, workdays).date == date(2026, 4, 16)
    assert actions.load_catalogue(by=centre, now=now)["local_days"] == 0
    assert values.local_rows() == {}
    with pytest.raises(Refusal) as caught:
        actions.remove_day(by=centre, now=now, day=date(2026, 4, 20))
    assert caught.value.code == "calendar.none"
    actions.set_day(by=centre, now=now, day=date(2026, 4, 20), workday=False, name="广西三月三")
    assert list(values.local_rows()) == [date(2026, 4, 20)]


@pytest.mark.django_db
def test_a_day_of_ones_own_does_not_hide_the_shipped_ones(centre: Person, now: datetime) -> None:
    actions.set_day(by=centre, now=now, day=date(2026, 6, 3), workday=False, name="防汛停工")
    event, workdays, day = SAN_YUE_SAN
    assert values.calendar().before(event, workdays).date == day


def test_the_command_says_the_same_without_a_database_with_an_empty_and_a_migrated_one(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "JIANGHENG_VAR": str(tmp_path),
        "JIANGHENG_DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite3'}",
    }
    for step in (None, ["manage.py", "migrate", "-v0", "values"]):
        if step:
            subprocess.run([sys.executable, *step], cwd=ROOT, env=environment, check=True, capture_output=True)
        answer = subprocess.run(
            ["jiangheng", "workday", "before", "2026-05-10", "15"],
            executable=str(Path(sys.executable).with_name("jiangheng")),
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        assert "最迟为 2026-04-14" in answer.stdout, step
