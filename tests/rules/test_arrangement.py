"""Arranging a batch: the checker finds nothing in what is solved and everything in what is broken (四（六）（七））."""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import Any

import pytest

from jiangheng.rules.arrangement import checking, collisions, explaining, reading, solving
from jiangheng.rules.refusal import Refusal
from tests import counts
from tests.rules.arrangement_cases import ELECTRICIAN, IN_FORCE, LAW, MORNING, YEARS, arranged, broken, made, small

HUNDREDS = range(10)  # all in a drill, one of them in make test


def colliding(data: dict[str, Any]) -> collisions.Collisions:
    return collisions.collisions(reading.read(data), IN_FORCE)


# 1,000 instances of 18 candidates, 3 rooms in 2 slots and 14 people.
@pytest.mark.parametrize("hundred", counts.tenth(HUNDREDS))
def test_the_checker_finds_nothing_in_a_thousand_random_instances(hundred: int) -> None:
    solved = 0
    for number in range(100 * hundred, 100 * hundred + 100):
        data = made(number)
        document = arranged(data, polish=0.0)
        assert document["status"] in {"arranged", "infeasible"}, number
        if document["status"] == "arranged":
            assert broken(data, document) == set(), number
            solved += 1
    assert solved > 70


@pytest.mark.parametrize("number", range(12))
def test_a_solution_made_better_still_breaks_nothing_and_is_the_same_every_time(number: int) -> None:
    data = made(number)
    once, again = arranged(data), arranged(copy.deepcopy(data))
    assert once == again
    if once["status"] == "arranged":
        assert broken(data, once) == set()


def test_another_seed_draws_other_seats() -> None:
    data = small()
    one, other = arranged(data), arranged({**data, "seed": "another"})
    assert one["seats"] != other["seats"]
    assert broken(data, other) == set()


def test_the_checker_imports_nothing_of_the_model() -> None:
    tree = ast.parse(Path(checking.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    ours = {name for name in imported if name and name.startswith("jiangheng")}
    assert ours == {"jiangheng.rules.days.local_time", "jiangheng.rules.refusal", "jiangheng.rules.words"}
    assert not any(name and name.startswith("ortools") for name in imported)


def test_the_hand_made_instance_is_arranged_with_two_invigilators_and_three_examiners() -> None:
    document = arranged(small())
    posts = [(row["sitting"], row["post"]) for row in document["staff"]]
    assert sorted(posts) == [
        ("S", "examiner"),
        ("S", "examiner"),
        ("S", "examiner_lead"),
        ("T", "invigilator"),
        ("T", "invigilator"),
    ]
    assert len(document["seats"]) == 12
    assert document["parameters"]["invigilator_ratio"] == {
        "value": 15,
        "source": "law",
        "document": IN_FORCE.instrument("practice").title,
        "clause": "四（七）",
    }


def test_whoever_is_left_out_is_told_the_rule_and_the_checker_agrees() -> None:
    told = set()
    for number in range(40):
        data = made(number)
        document = arranged(data, polish=0.0)
        for row in document["excluded"]:
            told |= set(row["rules"])
            spoiled = copy.deepcopy(document)
            spoiled["staff"].append({"sitting": row["sitting"], "person": row["person"], "post": row["post"]})
            found = {
                each.rule
                for each in checking.violations(data, spoiled, LAW)
                if each.where.get("person") in (None, row["person"])
            }
            for rule in row["rules"]:
                assert rule.split("_")[0] == "card" or rule in found, (number, row)
            if any(rule.startswith("card") for rule in row["rules"]):
                assert "card" in found, (number, row)
            if not row["rules"]:
                assert found <= {"odd"}, (number, row, found)
                assert row["words"] == "可以担任，本次人数已够"
    assert {"card", "card_valid", "kin", "same_employer", "one_place", "away", "rotation", "workload"} <= told


def test_a_value_of_the_instance_outranks_the_law() -> None:
    data = {**small(), "parameters": {"min_per_room": 3, "min_rotation_share": "1/2"}}
    document = arranged(data)
    assert sum(row["sitting"] == "T" for row in document["staff"]) == 3
    assert document["parameters"]["min_per_room"]["source"] == "instance"


def _seat(solution: dict[str, Any], sitting: str) -> dict[str, Any]:
    return next(row for row in solution["seats"] if row["sitting"] == sitting)


def _fewer_examiners(data: dict[str, Any]) -> dict[str, Any]:
    data["people"] = [row for row in data["people"] if row["id"] not in ("E2", "E3")]
    return data


def _kin_of_too_many(data: dict[str, Any]) -> dict[str, Any]:
    for row in data["people"][3:5]:
        row["kin"] = ["C0"]
    return data


def _too_few_seats(data: dict[str, Any]) -> dict[str, Any]:
    data["rooms"][1]["closed"] = [1, 2, 3]
    return data


def _locked_without_card(data: dict[str, Any]) -> dict[str, Any]:
    data["locks"] = [{"sitting": "S", "person": "I0"}]
    return data


def _nobody_rotates(data: dict[str, Any]) -> dict[str, Any]:
    data["history"] = [{"held_on": "2026-05-01", "people": ["E0", "E1", "E2", "E3"]}]
    return data


def _all_hold_one_set(data: dict[str, Any]) -> dict[str, Any]:
    for row in data["candidates"]:
        row["paper_sets"] = {"theory": "A"}
    return data


def _two_locks_of_one_person(data: dict[str, Any]) -> dict[str, Any]:
    data["sittings"][1].update(MORNING)
    data["sittings"][1]["exams"], data["sittings"][0]["exams"] = [ELECTRICIAN], [ELECTRICIAN]
    for row in data["candidates"]:
        row["subjects"] = ["theory"]
    data["people"][0]["cards"].append({"kind": "examiner", **YEARS})
    data["locks"] = [{"sitting": "S", "person": "I0"}, {"sitting": "T", "person": "I0"}]
    return data


def _nobody_supervises(data: dict[str, Any]) -> dict[str, Any]:
    data["sittings"][1]["supervisors"] = 1
    data["people"][0]["cards"].append(
        {"kind": "internal_supervisor", "valid_from": "2025-01-01", "valid_to": "2026-11-27"}
    )
    return data


def _four_of_whom_one_too_many(data: dict[str, Any]) -> dict[str, Any]:
    data["locks"] = [{"sitting": "S", "person": f"E{each}"} for each in range(4)]
    return data


@pytest.mark.parametrize(
    ("make", "rules", "sittings"),
    [
        (_fewer_examiners, {"card", "examiners"}, ("S",)),
        (_kin_of_too_many, {"card", "examiners", "kin"}, ("S",)),
        (_too_few_seats, {"capacity"}, ()),
        (_locked_without_card, {"card", "locks"}, ()),
        (_nobody_rotates, {"card", "examiners", "rotation"}, ("S",)),
        (_all_hold_one_set, {"capacity", "neighbours"}, ()),
        (_two_locks_of_one_person, {"locks", "one_place"}, ()),
        (_four_of_whom_one_too_many, {"card", "locks", "odd"}, ("S",)),
        (_nobody_supervises, {"card", "card_valid", "supervisors"}, ("S",)),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_an_infeasible_instance_names_the_smallest_set_of_rules_that_collide(
    make: Any, rules: set[str], sittings: tuple[str, ...]
) -> None:
    data = make(small())
    assert arranged(data)["status"] == "infeasible"
    found = colliding(data)
    assert {each.rule for each in found.rules} == rules
    assert found.smallest
    assert found.sittings == sittings


def test_a_subject_examined_nowhere_is_named() -> None:
    data = small()
    data["candidates"][0]["subjects"] = ["review"]
    found = colliding(data)
    assert [each.rule for each in found.rules] == ["offered"]
    assert found.rules[0].about == ({"subject": "review", "occupation": "6-31-01-03", "level": 4},)


def test_the_words_name_every_rule_with_its_clause() -> None:
    data = _fewer_examiners(small())
    instance = reading.read(data)
    document = explaining.document(
        instance, solving.solve(instance, IN_FORCE), IN_FORCE, str, collisions.collisions(instance, IN_FORCE)
    )
    words = document["collisions"]["words"]
    assert words.startswith("下列规定不能同时满足：")
    assert "考评组人数和考评员与考生的比例不得低于规定（四（七））" in words
    assert document["staff"] == document["seats"] == document["excluded"] == []


def test_locked_people_and_seats_are_kept() -> None:
    data = small()
    data["locks"] = [
        {"sitting": "S", "person": "E3"},
        {"sitting": "T", "person": "I1", "never": True},
        {"sitting": "T", "candidate": "C4", "seat": 7},
        {"sitting": "S", "candidate": "C4", "seat": 1},
    ]
    document = arranged(data)
    assert {"sitting": "S", "person": "E3"} in [{k: row[k] for k in ("sitting", "person")} for row in document["staff"]]
    assert "I1" not in {row["person"] for row in document["staff"]}
    places = {(row["sitting"], row["candidate"]): row["seat"] for row in document["seats"]}
    assert (places["T", "C4"], places["S", "C4"]) == (7, 1)


def test_chiefs_and_supervisors_are_posted_where_they_are_asked_for_and_stay_who_they_were() -> None:
    data = small()
    data["sittings"][0].update(chief=True, supervisors=1)
    data["sittings"][1]["supervisors"] = 1
    data["people"] += [{"id": "Q", "cards": [{"kind": "internal_supervisor", **YEARS}]}]
    data["people"][0]["cards"].append({"kind": "internal_supervisor", **YEARS})
    before = arranged(data)
    assert broken(data, before) == set()
    posts = {(row["sitting"], row["post"]): row["person"] for row in before["staff"]}
    assert posts["T", "internal_supervisor"] in {"Q", "I0"}
    assert posts["S", "internal_supervisor"] in {"Q", "I0"}
    assert {row["post"] for row in before["excluded"] if row["sitting"] == "S"} == {"examiner", "internal_supervisor"}
    other = next(row for row in before["staff"] if row["post"] == "invigilator")
    swapped = [
        {**row, "post": "chief" if row is other else "invigilator" if row["post"] == "chief" else row["post"]}
        for row in before["staff"]
    ]
    after = arranged({**data, "standing": {"staff": swapped}})
    assert {**other, "post": "chief"} in after["staff"]
    assert broken(data, after) == set()


def test_a_supervisor_locked_keeps_that_post() -> None:
    data = small()
    data["people"][0]["cards"].append({"kind": "internal_supervisor", **YEARS})
    data["locks"] = [{"sitting": "T", "person": "I0", "post": "internal_supervisor"}]
    document = arranged(data)
    assert {"sitting": "T", "person": "I0", "post": "internal_supervisor"} in document["staff"]
    assert broken(data, document) == set()
    data["locks"][0]["post"] = "team"
    assert {"sitting": "T", "person": "I0", "post": "invigilator"} in arranged(data)["staff"]


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda data: data["sittings"][1].update(chief=True), "$.sittings[1].chief"),
        (lambda data: data["sittings"][1].update(supervisors=-1), "$.sittings[1].supervisors"),
        (lambda data: data.update(locks=[{"sitting": "T", "candidate": "C1", "post": "team"}]), "$.locks[0].post"),
        (lambda data: data.update(locks=[{"sitting": "T", "person": "I1", "post": "chief"}]), "$.locks[0].post"),
        (
            lambda data: data.update(standing={"staff": [{"sitting": "T", "person": "I1", "post": "x"}]}),
            "$.standing.staff[0].post",
        ),
    ],
)
def test_a_post_out_of_format_is_refused_by_its_place(spoil: Any, place: str) -> None:
    data = small()
    spoil(data)
    with pytest.raises(Refusal) as caught:
        reading.read(data)
    assert caught.value.params["place"] == place


def test_when_one_drops_out_one_post_changes_and_nobody_moves() -> None:
    checked = 0
    for number in range(30):
        data = made(number, tight=0.1, people=20)
        before = arranged(data)
        if before["status"] != "arranged":
            continue
        gone = before["staff"][0]["person"]
        lost = sum(row["person"] == gone for row in before["staff"])
        again = {**data, "standing": before}
        again["people"] = [
            {**row, "away": [{"from": "2026-11-28T00:00:00+08:00", "to": "2026-11-29T00:00:00+08:00"}]}
            if row["id"] == gone
            else row
            for row in data["people"]
        ]
        again["locks"] = [row for row in data["locks"] if row.get("person") != gone]
        after = arranged(again)
        if after["status"] != "arranged":
            continue
        assert broken(again, after) == set()
        assert after["changes"]["proved_least"]
        assert gone in {row["person"] for row in after["changes"]["removed"]}
        if after["changes"]["moved"]:
            kept = solving.in_place(reading.read(again))
            found = solving.search(kept, solving.parameters(kept, IN_FORCE), solving.ALL, solving.Clock(30.0))
            assert found.status == solving.INFEASIBLE, number
            continue
        assert after["seats"] == before["seats"]
        checked += len(after["changes"]["removed"]) == lost
    assert checked >= 15


def test_nothing_changes_where_nothing_happened() -> None:
    data = small()
    before = arranged(data)
    after = arranged({**data, "standing": before})
    assert after["changes"] == {"removed": [], "added": [], "moved": [], "proved_least": True}
    assert (after["staff"], after["seats"]) == (before["staff"], before["seats"])


def test_three_subjects_of_which_two_never_meet_are_still_kept_apart() -> None:
    data = small()
    evening = {"starts_at": "2026-11-28T18:00:00+08:00", "ends_at": "2026-11-28T20:00:00+08:00"}
    whole_day = {"starts_at": MORNING["starts_at"], "ends_at": "2026-11-28T16:00:00+08:00"}
    theory, skill = data["sittings"]
    review = {**skill, "id": "V", "room": "R3", "subject": "review", **MORNING}
    data["rooms"] += [{"id": "R3", "seats": 8}, {"id": "R4", "seats": 8}]
    data["sittings"] = [
        {**theory, **whole_day},
        skill,
        review,
        {**theory, "id": "T2", "room": "R4", "by_machine": True, **evening},
    ]
    data["people"] += [{**row, "id": f"{row['id']}b"} for row in data["people"]]
    for row in data["candidates"]:
        row["subjects"] = ["review", "skill", "theory"]
    document = arranged(data)
    assert document["status"] == "arranged"
    assert broken(data, document) == set()
    assert "T" not in {row["sitting"] for row in document["seats"]}


def test_only_those_move_whose_seat_went_out_of_use() -> None:
    data = small()
    before = arranged(data)
    place = _seat(before, "S")
    data["rooms"][1]["closed"] = [place["seat"]]
    after = arranged({**data, "standing": before})
    assert after["changes"]["moved"] == [place["candidate"]]
    assert after["changes"]["removed"] == after["changes"]["added"] == []
    assert broken(data, after) == set()


def test_a_moment_in_another_zone_is_the_day_in_beijing() -> None:
    data = small()
    data["sittings"][1].update(starts_at="2026-11-28T16:30:00Z", ends_at="2026-11-28T18:00:00Z")
    for row in data["people"][3:]:
        row["cards"][0]["valid_to"] = "2026-11-28"
    assert arranged(data)["status"] == "infeasible"
    assert {each.rule for each in colliding(data).rules} == {"card", "card_valid", "examiners"}


def test_without_time_nothing_is_claimed() -> None:
    solution = solving.solve(reading.read(made(1, candidates=60, rooms=6, people=40)), IN_FORCE, seconds=0.0)
    assert solution.status == solving.UNDECIDED
    assert solution.hurried
