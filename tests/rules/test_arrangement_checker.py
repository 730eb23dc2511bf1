"""The checker of arrangements catches every broken rule, and refuses what is not in the format (四（六）（七））."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from jiangheng.rules.arrangement import checking, reading
from jiangheng.rules.refusal import Refusal
from tests.rules.arrangement_cases import AFTERNOON, LAW, MORNING, YEARS, arranged, broken, small


def _seat(solution: dict[str, Any], sitting: str, number: int = 0) -> dict[str, Any]:
    return [row for row in solution["seats"] if row["sitting"] == sitting][number]


def _post(solution: dict[str, Any], sitting: str, number: int = 0) -> dict[str, Any]:
    return [row for row in solution["staff"] if row["sitting"] == sitting][number]


def _person(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in data["people"] if row["id"] == name)


def _without_seat(data: dict[str, Any], solution: dict[str, Any]) -> None:
    solution["seats"].remove(_seat(solution, "T"))


def _seated_twice(data: dict[str, Any], solution: dict[str, Any]) -> None:
    taken = {row["seat"] for row in solution["seats"] if row["sitting"] == "T"}
    free = next(seat for seat in range(1, 9) if seat not in taken)
    solution["seats"].append({**_seat(solution, "T"), "seat": free})


def _same_seat(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _seat(solution, "S")["seat"] = _seat(solution, "S", 1)["seat"]


def _no_such_seat(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _seat(solution, "S")["seat"] = 9


def _closed_seat(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["rooms"][1]["closed"] = [_seat(solution, "S")["seat"]]


def _wrong_workstation(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["rooms"][1]["stations"] = [{"seats": [_seat(solution, "S")["seat"]], "occupations": ["6-18-02-04"]}]


def _no_access(data: dict[str, Any], solution: dict[str, Any]) -> None:
    wanted = next(row for row in solution["seats"] if row["sitting"] == "T" and row["seat"] != 1)
    next(row for row in data["candidates"] if row["id"] == wanted["candidate"])["needs"] = ["accessible"]


def _no_extra_time(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["candidates"][0]["needs"] = ["extra_time"]


def _one_set_for_all(data: dict[str, Any], solution: dict[str, Any]) -> None:
    for row in solution["seats"]:
        if row["sitting"] == "T":
            row["paper_set"] = "A"


def _set_not_offered(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _seat(solution, "T")["paper_set"] = "Z"


def _not_their_set(data: dict[str, Any], solution: dict[str, Any]) -> None:
    row = _seat(solution, "T")
    other = {"A": "B", "B": "A"}[row["paper_set"]]
    next(each for each in data["candidates"] if each["id"] == row["candidate"])["paper_sets"] = {"theory": other}


def _other_exam(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["candidates"][0]["level"] = 5


def _two_at_once(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["sittings"][1].update(MORNING)


def _one_invigilator(data: dict[str, Any], solution: dict[str, Any]) -> None:
    solution["staff"].remove(_post(solution, "T"))


def _too_many_candidates(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["parameters"] = {"invigilator_ratio": 2}


def _two_examiners(data: dict[str, Any], solution: dict[str, Any]) -> None:
    solution["staff"].remove(next(row for row in solution["staff"] if row["post"] == "examiner"))


def _examiners_by_ratio(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["sittings"][1]["candidates_per_examiner"] = 1


def _four_examiners(data: dict[str, Any], solution: dict[str, Any]) -> None:
    there = {row["person"] for row in solution["staff"]}
    spare = next(f"E{each}" for each in range(4) if f"E{each}" not in there)
    solution["staff"].append({"sitting": "S", "person": spare, "post": "examiner"})


def _no_lead(data: dict[str, Any], solution: dict[str, Any]) -> None:
    next(row for row in solution["staff"] if row["post"] == "examiner_lead")["post"] = "examiner"


def _examiner_invigilates(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _post(solution, "T")["post"] = "examiner"


def _no_card(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _person(data, _post(solution, "T")["person"])["cards"] = []


def _card_of_another_occupation(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _person(data, _post(solution, "S")["person"])["cards"][0]["occupation"] = "6-18-02-04"


def _card_of_other_levels(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _person(data, _post(solution, "S")["person"])["cards"][0]["levels"] = [5]


def _level_too_high(data: dict[str, Any], solution: dict[str, Any]) -> None:
    for row in (*data["candidates"], *(sitting["exams"][0] for sitting in data["sittings"])):
        row["level"] = 2


def _card_expired(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _person(data, _post(solution, "S")["person"])["cards"][0]["valid_to"] = "2026-11-27"


def _card_expires_overnight(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["sittings"][1]["ends_at"] = "2026-11-29T08:00:00+08:00"
    _person(data, _post(solution, "S")["person"])["cards"][0]["valid_to"] = "2026-11-28"


def _kin(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _person(data, _post(solution, "S")["person"])["kin"] = ["C3"]


def _taught(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _person(data, _post(solution, "T")["person"])["taught"] = ["K1"]


def _same_employer(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _person(data, _post(solution, "S")["person"])["employer"] = "U1"
    data["candidates"][2]["employer"] = "U1"


def _own_school(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _person(data, _post(solution, "S")["person"])["employer"] = "X1"
    data["candidates"][2]["school"] = "X1"


def _two_places(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["sittings"][1].update(MORNING)
    _post(solution, "S")["person"] = _post(solution, "T")["person"]


def _too_much_work(data: dict[str, Any], solution: dict[str, Any]) -> None:
    person = _post(solution, "T")["person"]
    _person(data, person)["most_sittings"] = 1
    solution["staff"].append({"sitting": "S", "person": person, "post": "examiner"})


def _away(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _person(data, _post(solution, "T")["person"])["away"] = [
        {"from": "2026-11-28T10:00:00+08:00", "to": AFTERNOON["starts_at"]}
    ]


def _four_times_running(data: dict[str, Any], solution: dict[str, Any]) -> None:
    person = _post(solution, "S")["person"]
    data["history"] = [{"held_on": f"2026-0{month}-01", "people": [person]} for month in (5, 6, 7)]


def _nobody_new(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["history"] = [{"held_on": "2026-05-01", "people": [f"E{each}" for each in range(4)]}]


def _lock_left(data: dict[str, Any], solution: dict[str, Any]) -> None:
    there = {row["person"] for row in solution["staff"]}
    data["locks"] = [{"sitting": "S", "person": next(f"E{each}" for each in range(4) if f"E{each}" not in there)}]


def _never_broken(data: dict[str, Any], solution: dict[str, Any]) -> None:
    data["locks"] = [{"sitting": "S", "person": _post(solution, "S")["person"], "never": True}]


def _seat_lock_left(data: dict[str, Any], solution: dict[str, Any]) -> None:
    row = _seat(solution, "S")
    data["locks"] = [{"sitting": "S", "candidate": row["candidate"], "seat": row["seat"] % 8 + 1}]


def _supervised(data: dict[str, Any], solution: dict[str, Any]) -> None:
    """A supervisor and a chief at the theory, both lawful."""
    data["sittings"][0].update(chief=True, supervisors=1)
    data["people"].append({"id": "Q", "cards": [{"kind": "internal_supervisor", **YEARS}]})
    solution["staff"].append({"sitting": "T", "person": "Q", "post": "internal_supervisor"})
    _post(solution, "T")["post"] = "chief"
    assert broken(data, solution) == set()


def _no_supervisor(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _supervised(data, solution)
    solution["staff"].pop()


def _supervisor_without_card(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _supervised(data, solution)
    _person(data, "Q")["cards"] = [{"kind": "senior_examiner", **YEARS}]


def _supervisor_of_kin(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _supervised(data, solution)
    _person(data, "Q")["kin"] = ["C1"]


def _no_chief(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _supervised(data, solution)
    _post(solution, "T")["post"] = "invigilator"


def _chief_unasked(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _supervised(data, solution)
    data["sittings"][0]["chief"] = False


def _supervisor_lock_left(data: dict[str, Any], solution: dict[str, Any]) -> None:
    _supervised(data, solution)
    data["locks"] = [{"sitting": "T", "person": "Q", "post": "team"}]


MUTATIONS = (
    ("seated", _without_seat), ("seated", _seated_twice), ("seated", _other_exam), ("capacity", _same_seat),
    ("capacity", _no_such_seat), ("capacity", _closed_seat), ("workstations", _wrong_workstation),
    ("accessible", _no_access), ("extra_time", _no_extra_time), ("neighbours", _one_set_for_all),
    ("paper_set", _set_not_offered), ("paper_set", _not_their_set), ("once", _two_at_once),
    ("invigilators", _one_invigilator), ("invigilators", _too_many_candidates), ("examiners", _two_examiners),
    ("examiners", _examiners_by_ratio), ("odd", _four_examiners), ("lead", _no_lead), ("post", _examiner_invigilates),
    ("card", _no_card), ("card", _card_of_another_occupation), ("card", _card_of_other_levels), ("card", _level_too_high),
    ("card", _card_expired), ("card", _card_expires_overnight), ("kin", _kin), ("taught", _taught),
    ("same_employer", _same_employer), ("own_school", _own_school), ("one_place", _two_places),
    ("workload", _too_much_work), ("away", _away), ("consecutive", _four_times_running), ("rotation", _nobody_new),
    ("locks", _lock_left), ("locks", _never_broken), ("locks", _seat_lock_left),
    ("supervisors", _no_supervisor), ("card", _supervisor_without_card), ("kin", _supervisor_of_kin),
    ("chief", _no_chief), ("chief", _chief_unasked), ("locks", _supervisor_lock_left),
)  # read as a table  # fmt: skip


@pytest.mark.parametrize(("rule", "spoil"), MUTATIONS, ids=[spoil.__name__.strip("_") for _rule, spoil in MUTATIONS])
def test_the_checker_catches_each_broken_rule(rule: str, spoil: Any) -> None:
    data = small()
    solution = arranged(data)
    assert broken(data, solution) == set()
    spoil(data, solution)
    reading.read(data)
    assert rule in broken(data, solution)


def test_a_solution_out_of_format_is_refused_by_its_place() -> None:
    data = small()
    document = arranged(data)
    for place, spoil in (
        ("$", lambda _row: []),
        ("$.format", lambda row: {**row, "format": "other"}),
        ("$.status", lambda row: {**row, "status": "infeasible"}),
        ("$.seats", lambda row: {**row, "seats": None}),
        ("$.seats[0]", lambda row: {**row, "seats": [1]}),
        ("$.seats[0].seat", lambda row: {**row, "seats": [{**row["seats"][0], "seat": "1"}]}),
        ("$.seats[0].candidate", lambda row: {**row, "seats": [{**row["seats"][0], "candidate": "nobody"}]}),
        ("$.seats[0].paper_set", lambda row: {**row, "seats": [{**row["seats"][0], "paper_set": 1}]}),
        ("$.staff[1].post", lambda row: {**row, "staff": [row["staff"][0], {**row["staff"][1], "post": "guard"}]}),
        ("$.staff[0].person", lambda row: {**row, "staff": [{**row["staff"][0], "person": ["E0"]}]}),
    ):
        with pytest.raises(Refusal) as refused:
            checking.violations(data, spoil(copy.deepcopy(document)), LAW)
        assert refused.value.params["place"] == place
        assert refused.value.status == 422
