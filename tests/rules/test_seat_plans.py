"""A room's seats as typed: lists, workstations, and what is refused (三（五）)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.examination import seat_plans
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

PATTERN = str(in_force(date(2026, 6, 1)).value("occupation_code_pattern"))


def read(**typed: Any) -> seat_plans.RoomSeats:
    plain = {"capacity": 12, "per_row": 4, "accessible": "", "closed": "", "stations": "", "code_pattern": PATTERN}
    return seat_plans.read(**{**plain, **typed})


def test_lists_are_read_as_people_write_them() -> None:
    plan = read(accessible="1，3、 7－9", closed="12 10 至 11")
    assert plan.accessible == (1, 3, 7, 8, 9)
    assert plan.closed == (10, 11, 12)
    assert plan.usable() == tuple(range(1, 10))
    assert seat_plans.spelled(plan.accessible) == "1,3,7-9"


def test_a_workstation_serves_the_occupations_named_and_any_where_none_is() -> None:
    plan = read(stations="1-3：6-31-01-03、6-18-01-01\n\n4: 6-18-01-01", closed="2")
    assert plan.usable("6-31-01-03") == (1, 3, 5, 6, 7, 8, 9, 10, 11, 12)
    assert plan.usable("6-18-01-01") == (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
    assert plan.usable("4-07-03-04") == (5, 6, 7, 8, 9, 10, 11, 12)
    assert seat_plans.stations_spelled(plan.stations) == "1-3：6-18-01-01、6-31-01-03\n4：6-18-01-01"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"per_row": 0}, "seats.per_row"),
        ({"per_row": 21}, "seats.per_row"),
        ({"accessible": "窗边"}, "seats.list"),
        ({"accessible": "9-7"}, "seats.list"),
        ({"closed": "0"}, "seats.list"),
        ({"closed": "1-2-3"}, "seats.list"),
        ({"closed": "13"}, "seats.beyond"),
        ({"closed": "1-9999"}, "seats.beyond"),
        ({"closed": "99999"}, "seats.list"),
        ({"accessible": "1-3", "closed": "3"}, "seats.both"),
        ({"closed": "1-12"}, "seats.none"),
        ({"stations": "1-3"}, "seats.stations"),
        ({"stations": "：6-31-01-03"}, "seats.stations"),
        ({"stations": "1-3：电工"}, "seats.code"),
        ({"stations": "13：6-31-01-03"}, "seats.beyond"),
        ({"stations": "1-3：6-31-01-03\n3：6-18-01-01"}, "seats.twice"),
    ],
)
def test_what_is_no_plan_is_refused_with_its_reason(typed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(**typed)
    assert (caught.value.code, caught.value.status) == (code, 422)
    assert caught.value.remedy


@given(st.sets(st.integers(1, 200)))
def test_a_list_spelled_reads_the_same(seats: set[int]) -> None:
    assert seat_plans.read_list(seat_plans.spelled(seats), 200) == tuple(sorted(seats))


@given(
    st.dictionaries(
        st.integers(1, 60), st.sets(st.sampled_from(["6-31-01-03", "6-18-01-01", "4-07-03-04"]), min_size=1)
    )
)
def test_workstations_spelled_read_the_same(stations: dict[int, set[str]]) -> None:
    given = {seat: tuple(sorted(codes)) for seat, codes in stations.items()}
    assert read(capacity=60, stations=seat_plans.stations_spelled(given)).stations == given
