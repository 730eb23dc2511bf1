"""Seats where some are accessible, out of use or for certain occupations: held against a second, plain count (四（六）)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiangheng.rules.arrangement import layouts
from jiangheng.rules.examination import seating
from jiangheng.rules.examination.seat_plans import RoomSeats
from jiangheng.rules.examination.seating import Place, RoomPlan, Seeker
from jiangheng.rules.refusal import Refusal

OCCUPATIONS = ("6-31-01-03", "6-18-01-01", "4-07-03-04")


@st.composite
def rooms(draw: Any) -> RoomSeats:
    capacity = draw(st.integers(1, 12))
    numbers = st.integers(1, capacity)
    closed = draw(st.sets(numbers, max_size=capacity - 1))
    accessible = draw(st.sets(numbers)) - closed
    codes = st.sets(st.sampled_from(OCCUPATIONS), min_size=1).map(lambda found: tuple(sorted(found)))
    stations = draw(st.dictionaries(numbers, codes))
    return RoomSeats(capacity, draw(st.integers(1, 5)), tuple(sorted(accessible)), tuple(sorted(closed)), stations)


@st.composite
def cases(draw: Any) -> tuple[list[Seeker], list[RoomPlan]]:
    plans = [RoomPlan(place, found) for place, found in enumerate(draw(st.lists(rooms(), min_size=1, max_size=3)))]
    kinds = st.tuples(st.integers(0, 2), st.booleans())
    people = [
        Seeker(1000 + n, exam, OCCUPATIONS[exam], access)
        for n, (exam, access) in enumerate(draw(st.lists(kinds, max_size=24)))
    ]
    return people, plans


def may_sit(who: Seeker, seats: RoomSeats, number: int) -> bool:
    """The rule read off one seat at a time."""
    if number in seats.closed or (who.access and number not in seats.accessible):
        return False
    return number not in seats.stations or who.occupation in seats.stations[number]


def most(people: list[Seeker], plans: list[RoomPlan]) -> int:
    """How many can sit at all, by a matching of single people to single seats."""
    every = [(plan, number) for plan in plans for number in range(1, plan.seats.capacity + 1)]
    may = [[at for at, (plan, number) in enumerate(every) if may_sit(who, plan.seats, number)] for who in people]
    return len(layouts.matching(may, range(len(people))))


def checked(people: list[Seeker], plans: list[RoomPlan], places: tuple[Place, ...], sets: dict[int, int]) -> None:
    who = {each.candidate: each for each in people}
    assert sorted(place.candidate for place in places) == sorted(who)
    at = {(place.room, place.seat): place for place in places}
    assert len(at) == len(people)
    for place in places:
        seats = plans[place.room].seats
        assert may_sit(who[place.candidate], seats, place.seat)
        beside = [place.seat + seats.per_row] + ([place.seat + 1] if place.seat % seats.per_row else [])
        for other in filter(None, (at.get((place.room, number)) for number in beside)):
            mine, theirs = who[place.candidate].exam, who[other.candidate].exam
            if mine == theirs and sets.get(mine):
                assert place.paper_set != other.paper_set


def seated(
    people: list[Seeker], plans: list[RoomPlan], seed: str, sets: dict[int, int]
) -> tuple[tuple[Place, ...], Refusal | None]:
    try:
        return seating.seat(people, plans, seed, sets), None
    except Refusal as refusal:
        return (), refusal


@settings(max_examples=300, deadline=None)
@given(cases(), st.sampled_from([{}, {0: 2, 1: 3, 2: 2}]), st.text(max_size=4))
def test_everybody_sits_lawfully_or_it_cannot_be_done(
    case: tuple[list[Seeker], list[RoomPlan]], sets: dict[int, int], seed: str
) -> None:
    people, plans = case
    places, refusal = seated(people, plans, seed, sets)
    can = most(people, plans)
    assert (refusal is None) == (can == len(people))
    if refusal is None:
        checked(people, plans, places, sets)
        assert places == seating.seat(reversed(people), plans, seed, sets)
        return
    assert (refusal.status, refusal.clause, bool(refusal.remedy)) == (409, "四（六）", True)
    assert 0 < refusal.params["short"] <= len(people) - can


@settings(max_examples=200, deadline=None)
@given(cases(), st.text(max_size=4))
def test_with_a_single_set_nobody_sits_beside_their_own_examination(
    case: tuple[list[Seeker], list[RoomPlan]], seed: str
) -> None:
    people, plans = case
    sets = {0: 1, 1: 1, 2: 2}
    places, refusal = seated(people, plans, seed, sets)
    if refusal is None:
        checked(people, plans, places, sets)
    else:
        assert refusal.params["short"] > 0


def refused(code: str, people: list[Seeker], *plans: RoomSeats, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        seating.seat(people, [RoomPlan(place, plan) for place, plan in enumerate(plans)], "甲", **given)
    assert caught.value.code == code
    return caught.value


def test_every_lack_is_told_by_its_own_number() -> None:
    plain = [Seeker(n, 0, OCCUPATIONS[0]) for n in range(4)]
    access = [Seeker(n, 0, OCCUPATIONS[0], access=True) for n in range(10, 13)]
    assert refused("seating.capacity", plain, RoomSeats(6, closed=(1, 2, 3))).params["short"] == 1
    error = refused("seating.access", plain + access, RoomSeats(9, accessible=(4, 5)))
    assert (error.params["need"], error.params["have"], error.params["short"]) == (3, 2, 1)
    stations = dict.fromkeys(range(1, 4), (OCCUPATIONS[1],))
    error = refused("seating.stations", plain, RoomSeats(6, stations=stations))
    assert (error.params["occupation"], error.params["short"]) == (OCCUPATIONS[0], 1)
    assert refused("seating.apart", plain, RoomSeats(4, 2), sets={0: 1}).params["short"] == 2
    both = [Seeker(1, 0, OCCUPATIONS[0]), Seeker(2, 1, OCCUPATIONS[1]), Seeker(3, 2, OCCUPATIONS[2])]
    tight = RoomSeats(3, stations={1: OCCUPATIONS[:2], 2: OCCUPATIONS[:2], 3: OCCUPATIONS[:2]})
    assert refused("seating.stations", both, tight).params["occupation"] == OCCUPATIONS[2]


def test_others_leave_the_accessible_seats_free_while_they_can() -> None:
    places = seating.seat([Seeker(n) for n in range(3)], [RoomPlan(1, RoomSeats(5, accessible=(1, 2)))], "甲")
    assert [place.seat for place in places] == [3, 4, 5]
    places = seating.seat([Seeker(n) for n in range(4)], [RoomPlan(1, RoomSeats(5, accessible=(1, 2)))], "甲")
    assert [place.seat for place in places] == [1, 3, 4, 5]


def test_who_needs_access_makes_others_move_on_to_the_next_room() -> None:
    plans = [RoomPlan(1, RoomSeats(2)), RoomPlan(2, RoomSeats(2, accessible=(1, 2)))]
    people = [Seeker(1), Seeker(2), Seeker(3, access=True), Seeker(4, access=True)]
    places = {place.candidate: place.room for place in seating.seat(people, plans, "甲")}
    assert (places[3], places[4]) == (2, 2)
    assert {places[1], places[2]} == {1}
