"""The lot of invigilators (四（七）): a bijection onto the places, lawful, repeatable, found wherever there is one."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.examination.room_draw import allot


@st.composite
def problems(draw: st.DrawFn) -> tuple[dict[int, int], list[int], set[tuple[int, int]], str]:
    places = draw(st.dictionaries(st.integers(1, 4), st.integers(1, 2), min_size=1, max_size=3))
    people = list(range(10, 10 + sum(places.values())))
    pairs = [(person, room) for person in people for room in places]
    return places, people, set(draw(st.lists(st.sampled_from(pairs), max_size=10))), draw(st.text(max_size=5))


@given(problems())
def test_a_lawful_lot_is_found_exactly_where_a_search_of_all_finds_one(
    problem: tuple[dict[int, int], list[int], set[tuple[int, int]], str],
) -> None:
    places, people, barred, seed = problem
    slots = [room for room, count in places.items() for _ in range(count)]
    lawful = any(all(pair not in barred for pair in zip(order, slots, strict=True)) for order in permutations(people))
    found = allot(places, people, barred, seed)
    assert (found is not None) == lawful
    if found is not None:
        assert set(found) == set(people)
        assert sorted(found.values()) == sorted(slots)
        assert not {*found.items()} & barred
        assert found == allot(places, people[::-1], barred, seed)


def test_too_few_or_too_many_people_have_no_lot() -> None:
    assert allot({1: 2}, [5], (), "s") is None
    assert allot({1: 1}, [5, 6], (), "s") is None
    assert allot({}, [], (), "s") == {}


def test_different_seeds_move_people_about_evenly() -> None:
    first = [allot({1: 1, 2: 1, 3: 1}, [7, 8, 9], (), str(seed)) for seed in range(3000)]
    for person in (7, 8, 9):
        for room in (1, 2, 3):
            share = sum(found is not None and found[person] == room for found in first) / len(first)
            assert 0.28 < share < 0.39
