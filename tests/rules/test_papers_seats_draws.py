"""Papers (四（二）, 四（五）), seats (四（六）) and 双随机 draws (四（九）)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.examination import draws, papers, seating
from jiangheng.rules.examination.seat_plans import RoomSeats
from jiangheng.rules.examination.seating import RoomPlan, Seeker
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

LAW = in_force(date(2026, 6, 1))


def refused(code: str, status: int, clause: str, call: Any, *args: Any, **named: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*args, **named)
    assert (caught.value.code, caught.value.status, caught.value.clause) == (code, status, clause)
    assert caught.value.sentence()
    assert caught.value.advice()
    return caught.value


# papers


@pytest.mark.parametrize("own", [0, 1, 2])
def test_fewer_than_three_own_sets_are_refused(own: int) -> None:
    refusal = refused("papers.three_sets", 409, "四（二）", papers.require_three_sets, own, LAW)
    assert refusal.params == {"needed": 3, "have": own}


def test_three_own_sets_will_do() -> None:
    papers.require_three_sets(3, LAW)
    papers.require_three_sets(4, LAW)


@given(st.lists(st.tuples(st.sampled_from(sorted(papers.KINDS)), st.integers(0, 50))))
def test_the_ledger_balances_exactly_when_every_copy_is_accounted_for(lines: list[tuple[str, int]]) -> None:
    state = papers.balance(lines)
    out = sum(copies for kind, copies in lines if kind == "issued")
    back = sum(copies for kind, copies in lines if kind in ("returned_used", "returned_spare", "voided"))
    assert state.gap == out - back
    if out == back:
        papers.require_balance(state)
    else:
        refusal = refused("papers.gap", 409, "四（五）", papers.require_balance, state)
        assert str(out - back) in refusal.sentence()


def test_a_paper_used_before_is_known_again_in_another_order() -> None:
    mark = papers.fingerprint(["甲", "乙", "丙"])
    assert papers.fingerprint(["丙", "甲", "乙"]) == mark
    assert papers.fingerprint(["甲", "乙"]) != mark
    papers.require_unused({mark: "新卷"}, {})
    refusal = refused("papers.reused", 409, "四（五）", papers.require_unused, {mark: "新卷"}, {mark: "旧卷"})
    assert "新卷" in refusal.sentence()
    assert "旧卷" in refusal.sentence()


@given(st.integers(1, 20), st.integers(1, 4), st.integers(0, 90), st.text(min_size=1, max_size=8))
def test_sets_are_drawn_repeatably_and_share_as_little_as_the_bank_allows(
    size: int, sets: int, bank: int, seed: str
) -> None:
    drawn = papers.draw_sets(range(bank), size, sets, seed)
    if bank < size:
        assert drawn is None
        return
    assert drawn is not None
    assert drawn == papers.draw_sets(list(reversed(range(bank))), size, sets, seed)
    assert len(drawn) == sets
    for chosen in drawn:
        assert len(set(chosen)) == size
        assert set(chosen) <= set(range(bank))
    if bank >= size * sets:
        assert len({item for chosen in drawn for item in chosen}) == size * sets


# seats


@given(
    st.integers(0, 60),
    st.lists(st.integers(1, 30), min_size=1, max_size=4),
    st.sampled_from([0, 2, 3, 4]),
    st.text(max_size=5),
)
def test_everybody_gets_one_seat_or_nobody_does(people: int, sizes: list[int], sets: int, seed: str) -> None:
    rooms = [RoomPlan(number, RoomSeats(capacity, 5)) for number, capacity in enumerate(sizes)]
    candidates = [Seeker(number) for number in range(100, 100 + people)]
    if people > sum(sizes):
        refusal = refused("seating.capacity", 409, "四（六）", seating.seat, candidates, rooms, seed, {0: sets})
        assert refusal.params["short"] == people - sum(sizes)
        return
    seats = seating.seat(candidates, rooms, seed, {0: sets})
    assert seats == seating.seat(candidates[::-1], rooms, seed, {0: sets})
    assert sorted(place.candidate for place in seats) == [each.candidate for each in candidates]
    assert len({(place.room, place.seat) for place in seats}) == people
    for place in seats:
        assert 1 <= place.seat <= sizes[place.room]
        assert (place.paper_set is None) == (sets == 0)
    held = {(place.room, *divmod(place.seat - 1, 5)): place.paper_set for place in seats}
    if sets:
        for (room, row, column), own in held.items():
            assert held.get((room, row, column + 1)) != own
            assert held.get((room, row + 1, column)) != own


def test_another_seed_seats_otherwise() -> None:
    rooms, people = [RoomPlan(1, RoomSeats(30))], [Seeker(number) for number in range(30)]
    assert seating.seat(people, rooms, "甲") != seating.seat(people, rooms, "乙")


def test_a_draw_written_down_can_be_repeated_in_years_to_come() -> None:
    assert [
        place.candidate for place in seating.seat(map(Seeker, range(1, 7)), [RoomPlan(1, RoomSeats(6))], "2026-06-01")
    ] == [
        3,
        2,
        1,
        6,
        5,
        4,
    ]


# draws


BODIES = [f"body:{number}" for number in range(10)]
INSPECTORS = [f"inspector:{number}" for number in range(6)]


def drawn(**changes: Any) -> tuple[draws.Pairing, ...]:
    return draws.draw(
        **{
            "seed": "20260601-收盘",
            "bodies": BODIES,
            "inspectors": INSPECTORS,
            "bodies_wanted": 3,
            "inspectors_per_body": 2,
            "recused": {},
            "law": LAW,
        }
        | changes
    )


def test_the_rank_is_plain_hmac_so_anyone_can_check_it() -> None:
    assert draws.ticket("种子", "body:1") == hmac.new("种子".encode(), b"body:1", hashlib.sha256).hexdigest()
    order = sorted(
        BODIES, key=lambda name: hmac.new("20260601-收盘".encode(), name.encode(), hashlib.sha256).hexdigest()
    )
    assert [pair.body for pair in drawn()] == order[:3]


@given(st.text(min_size=1, max_size=20).filter(str.strip), st.permutations(BODIES), st.permutations(INSPECTORS))
def test_a_draw_depends_on_the_seed_and_not_on_the_order_of_the_rosters(
    seed: str, bodies: list[str], inspectors: list[str]
) -> None:
    assert drawn(seed=seed, bodies=bodies, inspectors=inspectors) == drawn(seed=seed)


@given(st.text(min_size=1, max_size=20).filter(str.strip), st.integers(1, 10))
def test_inspectors_are_enough_different_and_evenly_used(seed: str, wanted: int) -> None:
    pairs = drawn(seed=seed, bodies_wanted=wanted)
    assert len({pair.body for pair in pairs}) == wanted
    uses = Counter(name for pair in pairs for name in pair.inspectors)
    for pair in pairs:
        assert len(set(pair.inspectors)) == 2
    assert max(uses.values()) - min(uses.get(name, 0) for name in INSPECTORS) <= 1


def test_a_recused_inspector_is_passed_over() -> None:
    recused = {body: frozenset({"inspector:0", "inspector:1"}) for body in BODIES}
    for pair in drawn(bodies_wanted=10, recused=recused):
        assert not recused[pair.body] & set(pair.inspectors)


def test_one_inspector_is_never_enough() -> None:
    assert all(len(pair.inspectors) == 2 for pair in drawn(inspectors_per_body=1))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"seed": " "}, "draw.seed"),
        ({"bodies_wanted": 0}, "draw.rate"),
        ({"bodies_wanted": 11}, "draw.rate"),
        ({"bodies": []}, "draw.rate"),
        ({"inspectors": INSPECTORS[:1]}, "draw.inspectors"),
        ({"recused": dict.fromkeys(BODIES, frozenset(INSPECTORS[1:]))}, "draw.inspectors"),
    ],
)
def test_draws_that_are_refused(changes: dict[str, Any], code: str) -> None:
    refused(code, 422, "四（九）", drawn, **changes)


@pytest.mark.parametrize(("bodies", "least"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3), (100, 5)])
def test_the_least_number_of_bodies_is_five_in_a_hundred_rounded_up(bodies: int, least: int) -> None:
    assert draws.least_bodies(bodies, LAW) == least


def test_the_snapshot_is_the_hash_of_the_rosters_in_one_spelling() -> None:
    rosters = {"inspectors": [{"id": "inspector:0", "name": "甲"}], "bodies": [{"name": "乙", "id": "body:1"}]}
    text = '{"bodies":[{"id":"body:1","name":"乙"}],"inspectors":[{"id":"inspector:0","name":"甲"}]}'
    assert json.loads(text) == rosters
    assert draws.snapshot_hash(rosters) == hashlib.sha256(text.encode()).hexdigest()
    assert draws.snapshot_hash({**rosters, "bodies": []}) != draws.snapshot_hash(rosters)
