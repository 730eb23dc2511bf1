"""Who may staff a sitting (四（七）)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.examination import staffing
from jiangheng.rules.examination.staffing import (
    CandidateFacts,
    Card,
    Post,
    SittingFacts,
    StaffFacts,
    StaffFault,
    bars,
    needed,
    staff_faults,
    too_little_rotated,
)
from jiangheng.rules.law import Law
from jiangheng.rules.shipped_law import in_force

LAW = in_force(date(2026, 6, 1))
LIUZHOU = timezone(timedelta(hours=8))
ELECTRICIAN, WELDER = "6-31-01-03", "6-18-02-04"
NINE = datetime(2026, 6, 6, 9, tzinfo=LIUZHOU)


def card(kind: str = "examiner", occupation: str = ELECTRICIAN, year: int = 2025) -> Card:
    return Card(kind, occupation, date(year, 1, 1), date(year + 2, 12, 31))


def sitting(subject: str = "skill", heads: int = 5, **changes: Any) -> SittingFacts:
    people = tuple(CandidateFacts(identity=100 + number) for number in range(heads))
    given_facts = SittingFacts(1, subject, ELECTRICIAN, 4, NINE, NINE + timedelta(hours=2), people)
    return replace(given_facts, **changes)


def team(count: int, post: str = "examiner", kind: str = "examiner") -> tuple[list[Post], list[StaffFacts]]:
    people = [StaffFacts(number, f"员{number}", (card(kind),)) for number in range(1, count + 1)]
    return [Post(1, person.id, post) for person in people], people


def codes(found: list[StaffFault]) -> list[str]:
    return sorted(fault.code for fault in found)


def check(subject: SittingFacts, posts: list[Post], people: list[StaffFacts], rules: Law = LAW) -> list[str]:
    found = staff_faults(posts, people, [subject], rules)
    for fault in found:
        assert fault.clause == "四（七）"
        assert fault.message % {**fault.params}
    return codes(found)


def test_three_examiners_of_the_occupation_may_stand() -> None:
    assert check(sitting(), *team(3)) == []


@given(st.integers(0, 40), st.integers(0, 12))
def test_examiners_are_three_odd_and_one_for_five(heads: int, count: int) -> None:
    least = max(3, (heads + 4) // 5)
    wanted = sorted((["staff.examiners"] if count < least else []) + (["staff.odd"] if count % 2 == 0 else []))
    assert check(sitting(heads=heads), *team(count)) == wanted


@given(st.integers(0, 80), st.integers(0, 8), st.booleans())
def test_invigilators_are_two_and_one_for_fifteen(heads: int, count: int, machine: bool) -> None:
    room = sitting("skill" if machine else "theory", heads, by_machine=machine)
    least = max(2, (heads + 14) // 15)
    assert check(room, *team(count, "invigilator", "invigilator")) == (["staff.invigilators"] if count < least else [])


def test_the_standard_may_set_another_ratio() -> None:
    assert check(sitting(heads=40, candidates_per_examiner=20), *team(3)) == []
    assert check(sitting(heads=40, candidates_per_examiner=10), *team(3)) == ["staff.examiners"]


def test_the_review_committee_is_three_and_odd_whatever_the_heads() -> None:
    assert check(sitting("review", 60), *team(3)) == []
    assert check(sitting("review", 60), *team(2)) == ["staff.examiners", "staff.odd"]


def test_an_even_number_where_the_centre_allows_it() -> None:
    assert check(sitting(), *team(4), LAW.overridden({"skill_examiner_odd": False})) == []


def one(**changes: Any) -> tuple[list[Post], list[StaffFacts]]:
    posts, people = team(3)
    return posts, [replace(people[0], **changes), *people[1:]]


@pytest.mark.parametrize(
    ("cards", "code"),
    [
        ((), "staff.card"),
        ((card("invigilator"),), "staff.card"),
        ((card(year=2020),), "staff.expired"),
        ((card(year=2027),), "staff.expired"),
        ((card(occupation=WELDER),), "staff.occupation"),
    ],
)
def test_an_examiner_needs_a_valid_card_of_the_occupation(cards: tuple[Card, ...], code: str) -> None:
    assert check(sitting(), *one(cards=cards)) == [code]


def test_any_fitting_card_will_do() -> None:
    assert check(sitting(), *one(cards=(card(year=2020), card(occupation=WELDER), card()))) == []
    assert check(sitting(), *one(cards=(card(occupation=""),))) == []


def test_the_card_must_be_valid_on_the_local_day() -> None:
    """Before eight in the morning in Liuzhou it is still yesterday in UTC."""
    early = datetime(2026, 6, 5, 23, 30, tzinfo=UTC)
    room = sitting(starts_at=early, ends_at=early + timedelta(hours=1))
    last_day = Card("examiner", ELECTRICIAN, date(2024, 1, 1), date(2026, 6, 5))
    assert check(room, *one(cards=(last_day,))) == ["staff.expired"]
    first_day = Card("examiner", ELECTRICIAN, date(2026, 6, 6), date(2028, 1, 1))
    assert check(room, *one(cards=(first_day,))) == []


@pytest.mark.parametrize(("level", "fit"), [(5, True), (4, True), (3, True), (2, False), (1, False)])
def test_the_two_highest_levels_need_a_senior_examiner(level: int, fit: bool) -> None:
    assert check(sitting(level=level), *team(3)) == ([] if fit else ["staff.level"] * 3)
    assert check(sitting(level=level), *team(3, kind="senior_examiner")) == []


def test_other_posts_need_their_own_card_only() -> None:
    posts, people = team(3)
    posts.append(Post(1, 9, "internal_supervisor"))
    supervisor = StaffFacts(9, "督", (Card("internal_supervisor", "", date(2025, 1, 1), date(2027, 1, 1)),))
    assert check(sitting(), posts, [*people, supervisor]) == []
    assert check(sitting(), posts, [*people, replace(supervisor, cards=(card(),))]) == ["staff.card"]


@pytest.mark.parametrize(("times", "wanted"), [(0, []), (2, []), (3, ["staff.rotation"]), (7, ["staff.rotation"])])
def test_no_more_than_three_times_running_at_one_body(times: int, wanted: list[str]) -> None:
    assert check(sitting(), *one(consecutive_at_body=times)) == wanted


@pytest.mark.parametrize(
    ("person", "candidate", "code"),
    [
        ({"kin": frozenset({7, 100})}, CandidateFacts(100), "recusal.kin"),
        ({"taught": frozenset({55})}, CandidateFacts(100, organisations=frozenset({55})), "recusal.taught"),
        ({"employer": 55}, CandidateFacts(100, organisations=frozenset({55})), "recusal.school"),
        ({"employer_name": "示例公司"}, CandidateFacts(100, employer_name="示例公司"), "recusal.employer"),
    ],
)
def test_whoever_is_close_to_a_candidate_stands_back(
    person: dict[str, Any], candidate: CandidateFacts, code: str
) -> None:
    assert check(sitting(candidates=(candidate,)), *one(**person)) == [code]
    assert check(sitting(candidates=(CandidateFacts(200),)), *one(**person)) == []


def test_no_employer_is_not_the_same_employer() -> None:
    assert check(sitting(candidates=(CandidateFacts(100),)), *one(employer_name="")) == []


def places(*spans: tuple[float, float]) -> list[str]:
    """One person who examines in every room named by its hours; the rooms have enough others."""
    rooms, posts, people = [], [], [StaffFacts(1, "员1", (card(),))]
    for number, (start, end) in enumerate(spans, start=1):
        rooms.append(sitting(id=number, starts_at=NINE + timedelta(hours=start), ends_at=NINE + timedelta(hours=end)))
        posts.append(Post(number, 1, "examiner"))
        for extra in (number * 10, number * 10 + 1):
            people.append(StaffFacts(extra, f"员{extra}", (card(),)))
            posts.append(Post(number, extra, "examiner"))
    found = staff_faults(posts, people, rooms, LAW)
    return [f"{fault.code}:{fault.sitting}" for fault in found]


def test_one_place_at_a_time() -> None:
    assert places((0, 2), (2, 4)) == []
    assert places((0, 2), (1, 3)) == ["staff.two_places:2"]
    assert places((0, 1), (0, 1)) == ["staff.two_places:2"]
    assert places((0, 5), (1, 2), (3, 4)) == ["staff.two_places:2", "staff.two_places:3"]


def test_two_posts_in_one_room_are_one_place() -> None:
    posts, people = team(3)
    lead = [Post(1, 1, "examiner_lead")]
    assert "staff.two_places" not in check(sitting(), posts[1:] + posts[:1] + lead, people)


def test_posts_of_other_rooms_are_not_judged_here() -> None:
    posts, people = team(3)
    assert check(sitting(), [*posts, Post(99, 1, "examiner")], people) == []


def test_a_fault_names_the_person() -> None:
    (fault,) = staff_faults(*one(cards=()), [sitting()], LAW)
    assert (fault.sitting, fault.person, fault.params["name"]) == (1, 1, "员1")
    assert staffing.CARDS_FOR


def test_nobody_is_posted_while_away() -> None:
    away = ((NINE - timedelta(hours=1), NINE + timedelta(minutes=1)),)
    person = StaffFacts(1, "员1", (card("invigilator"),), away=away)
    sitting = SittingFacts(1, "theory", ELECTRICIAN, 4, NINE, NINE + timedelta(hours=2), ())
    assert [each.code for each in bars(sitting, person, "invigilator", LAW)] == ["staff.away"]
    later = replace(sitting, starts_at=NINE + timedelta(minutes=1))
    assert bars(later, person, "invigilator", LAW) == []


def test_nobody_takes_on_more_sittings_of_a_plan_than_they_said() -> None:
    people = [StaffFacts(1, "员1", (card("invigilator"),), most=2), StaffFacts(2, "员2", (card("invigilator"),))]
    day = timedelta(days=1)
    rooms = [
        SittingFacts(
            each, "theory", ELECTRICIAN, 4, NINE + each * day, NINE + each * day + timedelta(hours=2), (), plan=7
        )
        for each in range(3)
    ]
    posts = [Post(each, person, "invigilator") for each in range(3) for person in (1, 2)]
    found = staff_faults(posts, people, rooms, LAW)
    assert {(each.code, each.person) for each in found} == {("staff.workload", 1)}
    assert staff_faults(posts, people, [*rooms[:2], replace(rooms[2], plan=8)], LAW) == []


@pytest.mark.parametrize(
    ("examiners", "last", "lawful"),
    [
        ({1, 2, 3}, {1, 2, 4}, True),
        ({1, 2, 3}, {1, 2, 3}, False),
        ({1, 2, 3, 4}, {1, 2, 3}, False),
        ({1}, set(), True),
        (set(), {1}, True),
    ],
)
def test_a_third_of_the_examiners_is_new_since_the_last_time(examiners: set[int], last: set[int], lawful: bool) -> None:
    assert (too_little_rotated(examiners, last, LAW) is None) is lawful


@given(st.integers(0, 80), st.sampled_from(["theory", "skill", "review"]), st.sampled_from([None, 4, 10]))
def test_the_fewest_needed_is_the_fewest_the_rules_accept(heads: int, subject: str, ratio: int | None) -> None:
    people = tuple(CandidateFacts(each) for each in range(1000, 1000 + heads))
    sitting = SittingFacts(1, subject, ELECTRICIAN, 4, NINE, NINE + timedelta(hours=2), people, ratio)
    kind, post = ("invigilator", "invigilator") if subject == "theory" else ("examiner", "examiner")
    least = needed(sitting, LAW)
    staff = [StaffFacts(each, f"员{each}", (card(kind),)) for each in range(1, least + 1)]

    def broken(count: int) -> set[str]:
        posts = [Post(1, each.id, post) for each in staff[:count]]
        return {each.code for each in staff_faults(posts, staff, [sitting], LAW)}

    assert broken(least) == set()
    assert all(broken(count) for count in range(least))


def test_rows_in_one_room_are_one_place_for_who_watches_and_two_for_who_judges() -> None:
    rooms = [
        SittingFacts(each, "theory", ELECTRICIAN, 4, NINE, NINE + timedelta(hours=2), (), place="1:1")
        for each in (1, 2)
    ]
    watching = [StaffFacts(each, f"员{each}", (card("invigilator"), card()), most=1) for each in (1, 2)]
    posts = [Post(room, person, "invigilator") for room in (1, 2) for person in (1, 2)]
    assert staff_faults(posts, watching, rooms, LAW) == []
    apart = [rooms[0], replace(rooms[1], place="1:2")]
    assert set(codes(staff_faults(posts, watching, apart, LAW))) == {"staff.two_places", "staff.workload"}
    judged = [replace(each, subject="skill") for each in rooms]
    judging = [StaffFacts(each, f"员{each}", (card(),)) for each in (1, 2, 3)]
    both = [Post(room, person, "examiner") for room in (1, 2) for person in (1, 2, 3)]
    assert set(codes(staff_faults(both, judging, judged, LAW))) == {"staff.two_places"}
