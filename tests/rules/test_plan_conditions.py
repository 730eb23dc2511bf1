"""What a plan must satisfy (二, 三（三）-（五）): examples of the law, properties, and a second count of the seats."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.conditions import plans
from jiangheng.rules.conditions.plans import Place, Room, Row, Subject, Wanted
from jiangheng.rules.days.local_time import LIUZHOU

DAY = date(2026, 7, 4)
BODY, SPONSOR, OTHER = 1, 2, 3
SERVES = [(), ("public",), ("staff",), ("students",), ("public", "staff")]
NINE = datetime(2026, 7, 4, 9, tzinfo=LIUZHOU)


def row(**given_: object) -> Row:
    subjects = (Subject("theory", "machine", NINE, 90), Subject("skill", "on_site", NINE + timedelta(hours=5), 120))
    return replace(Row("6-31-01-03", "电工", "", 4, 30, subjects), **given_)


SUBJECTS = st.builds(
    Subject,
    st.sampled_from(["theory", "skill"]),
    st.sampled_from(["machine", "paper", "on_site", "work"]),
    st.sampled_from([NINE, NINE + timedelta(hours=5), NINE + timedelta(days=1)]),
    st.integers(1, 240),
)
ROWS = st.lists(
    st.builds(
        Row,
        st.just("6-31-01-03"),
        st.just("电工"),
        st.just(""),
        st.integers(1, 5),
        st.integers(1, 200),
        st.lists(SUBJECTS, max_size=3).map(tuple),
    ),
    max_size=4,
)
ROOMS = st.lists(st.builds(Room, st.sampled_from(["theory", "machine", "skill"]), st.integers(1, 60)), max_size=5)


def test_a_plan_has_at_least_one_row() -> None:
    found = plans.rows([])
    assert found is not None
    assert (found.code, found.status, found.clause) == ("plan.no_rows", 422, "三（三）")
    assert plans.rows([row()]) is None


@pytest.mark.parametrize("source", ["public", "staff", "students"])
@pytest.mark.parametrize("open_to_public", [True, False])
@pytest.mark.parametrize("serves", SERVES)
def test_whom_a_body_examines(serves: tuple[str, ...], open_to_public: bool, source: str) -> None:
    found = plans.service("甲", serves, source, open_to_public=open_to_public)
    lawful = "public" in serves or (source in serves and not open_to_public)
    assert (found is None) == lawful
    assert found is None or (found.code, found.clause, bool(found.advice())) == ("plan.service", "二", True)


@given(ROOMS, ROWS, st.integers(1, 4))
def test_seats_are_counted_by_way_and_day(rooms: list[Room], rows: list[Row], rounds: int) -> None:
    lacking = False
    for method in {each.method for one in rows for each in one.subjects}:
        for day in {each.day for one in rows for each in one.subjects if each.method == method}:
            people = sum(
                one.headcount for one in rows for each in one.subjects if (each.method, each.day) == (method, day)
            )
            seats = [room.capacity for room in rooms if room.kind in plans.ROOMS_FOR[method]]
            lacking = lacking or sum(seats) * rounds < people
    found = plans.capacity(rooms, rows, rounds)
    assert (found is not None) == lacking
    if found is not None:
        assert found.params["people"] > found.params["seats"] * rounds
        assert str(found.params["people"]) in found.sentence()


@given(ROOMS, ROWS, st.integers(1, 3), st.builds(Room, st.sampled_from(["theory", "machine", "skill"]), st.just(40)))
def test_one_room_or_one_round_more_never_takes_capacity_away(
    rooms: list[Room], rows: list[Row], rounds: int, more: Room
) -> None:
    if plans.capacity(rooms, rows, rounds) is None:
        assert plans.capacity([*rooms, more], rows, rounds) is None
        assert plans.capacity(rooms, rows, rounds + 1) is None
        assert plans.capacity(rooms, rows[1:], rounds) is None


@pytest.mark.parametrize("broken", ["method", "starts_at", "minutes", "subject"])
def test_every_subject_of_the_level_has_method_and_time(broken: str) -> None:
    empty = {"method": "", "starts_at": None, "minutes": 0, "subject": "review"}[broken]
    whole = row()
    assert plans.subjects([whole], {("6-31-01-03", 4): ["theory", "skill"]}, DAY) is None
    lame = row(subjects=(replace(whole.subjects[0], **{broken: empty}), whole.subjects[1]))
    found = plans.subjects([whole, lame], {}, DAY)
    assert found is not None
    assert (found.code, found.params["subject"]) == ("plan.subjects", "理论知识考试")


def test_the_standard_says_which_subjects_there_are() -> None:
    theory_only = row(subjects=row().subjects[:1])
    assert plans.subjects([theory_only], {("6-31-01-03", 4): ["theory"]}, DAY) is None
    found = plans.subjects([theory_only], {}, DAY)
    assert found is not None
    assert found.code == "plan.subjects"
    review = plans.subjects([row()], {("6-31-01-03", 4): ["theory", "skill", "review"]}, DAY)
    assert review is not None


@given(st.integers(-3, 3))
def test_the_first_subject_is_on_the_plans_day(shift: int) -> None:
    found = plans.subjects([row()], {}, DAY + timedelta(days=shift))
    assert (found is None) == (shift == 0)
    assert found is None or found.code == "plan.first_day"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (Place("本校", BODY, fixed=False), ""),
        (Place("单位内", SPONSOR, fixed=True), ""),
        (Place("别家", OTHER, fixed=True), "plan.venue_foreign"),
        (Place("单位外", SPONSOR, fixed=False), "plan.venue_review"),
        (Place("单位外", SPONSOR, fixed=False, approved=True), ""),
        (Place("单位外", SPONSOR, fixed=False, approved=True, missing=("万用表2",)), "plan.venue_short"),
    ],
)
def test_where_a_plan_may_be_held(place: Place, code: str) -> None:
    found = plans.venue(place, BODY, SPONSOR, DAY)
    assert (found.code if found else "") == code
    assert found is None or (found.clause, found.status) == ("三（五）", 409)
    alone = plans.venue(place, BODY, None, DAY)
    assert (alone is None) == (place.owner_id == BODY)


@given(st.integers(-3 * 86400, 3 * 86400))
def test_registration_ends_before_the_day_and_midnight_is_still_before(seconds: int) -> None:
    midnight = datetime(2026, 7, 4, tzinfo=LIUZHOU)
    found = plans.registration(midnight + timedelta(seconds=seconds), DAY)
    assert (found is None) == (seconds <= 0)


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"state": "assigned"}, False),
        ({"body_id": OTHER}, False),
        ({"body_id": None}, False),
        ({"level": 3}, False),
        ({"job": "配电"}, False),
        ({"occupation_code": "6-31-01-04"}, False),
    ],
)
def test_a_plan_examines_what_its_request_asks_for(change: dict[str, object], fits: bool) -> None:
    wanted = replace(Wanted("AP1", "taken", BODY, "6-31-01-03", "", 4), **change)
    found = plans.request(wanted, BODY, [row(level=5), row()])
    assert (found is None) == fits
    assert found is None or (found.code, found.clause) == ("plan.request_differs", "三（四）")
