"""Cases handed in as JSON: what is missing is not answered, what is misspelt is refused by name (三（一）)."""

from __future__ import annotations

import copy
import io
import json
from pathlib import Path
from typing import Any

import pytest

from jiangheng.command import eligibility
from jiangheng.rules.conditions import eligibility_cases

CASE: dict[str, Any] = {
    "id": "甲",
    "occupation": "6-31-01-03",
    "level": 4,
    "ruleset": "R2023",
    "as_of": "2026-11-24",
    "person": {
        "born": "2000-02-29",
        "certificates": [{"occupation": "6-31-01-03", "level": 5, "kind": "skill", "issued": "2024-08-31"}],
        "employment": [{"occupation": "6-31-01-03", "from": "2023-01-01", "to": None}],
        "titles": [],
        "education": [],
        "apprenticeship": {"completed": False},
        "training_hours": 0,
    },
}


def changed(**given: Any) -> dict[str, Any]:
    row = copy.deepcopy(CASE)
    for path, value in given.items():
        *parents, last = path.split("__")
        place = row
        for parent in parents:
            place = place[int(parent) if parent.isdigit() else parent]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return row


def answered(row: dict[str, Any]) -> dict[str, Any]:
    cases, faults = eligibility_cases.read([row])
    assert faults == []
    return eligibility_cases.answer(cases[0])[1]


def test_the_answer_has_the_fields_of_the_format_and_no_others() -> None:
    found = answered(CASE)
    assert list(found) == ["id", "eligible", "route", "conditions", "nearest", "earliest"]
    assert (found["id"], found["eligible"], found["route"]) == ("甲", False, None)
    assert found["earliest"] == "2027-08-31"
    for row in found["conditions"]:
        assert list(row) == ["route", "condition", "clause", "state", "detail"]
    assert found["nearest"]["route"] == "2023-4-2"
    assert found["nearest"]["missing"][0]["detail"] == "取得证书后工作已满 2 年 2 个月，需满 3 年"


def test_who_qualifies_already_qualifies_on_the_day_asked_about() -> None:
    found = answered(changed(as_of="2027-08-31"))
    assert (found["eligible"], found["route"], found["earliest"], found["nearest"]) == (
        True,
        "2023-4-2",
        "2027-08-31",
        None,
    )


@pytest.mark.parametrize("value", [None, ...])
def test_a_part_that_is_missing_or_null_was_not_answered(value: Any) -> None:
    found = answered(changed(person__certificates=value))
    assert {row["state"] for row in found["conditions"] if row["route"] == "2023-4-2"} == {"not_evidenced"}
    assert answered(changed(person__certificates=[]))["conditions"][1]["state"] == "not_met"


@pytest.mark.parametrize("gone", ["titles", "education", "apprenticeship", "training_hours", "born"])
def test_nothing_but_the_occupation_and_the_day_need_be_answered(gone: str) -> None:
    assert answered(changed(**{f"person__{gone}": ...}))["eligible"] is False
    assert answered(changed(person={}))["conditions"][0]["state"] == "not_evidenced"


def test_a_diploma_null_is_none_yet_and_a_diploma_missing_is_not_answered() -> None:
    school = {"kind": "college", "major_related": True, "enrolled": False}
    none_yet = answered(changed(person__education=[{**school, "graduated": None}]))
    open_still = answered(changed(person__education=[school]))
    assert none_yet["conditions"][-1]["state"] == "not_met"
    assert open_still["conditions"][-1]["state"] == "not_evidenced"


def test_the_standard_of_a_day_decides_the_routes() -> None:
    old = answered(changed(ruleset=..., on="2020-05-01"))
    new = answered(changed(ruleset=..., on="2026-11-24"))
    assert old["conditions"][0]["route"].startswith("2018-")
    assert new["conditions"][0]["route"].startswith("2023-")
    assert answered(changed(on="2026-11-24")) == new


def test_the_occupation_goes_by_code_or_by_name_and_related_ones_count() -> None:
    by_name = changed(occupation="电工", person__employment__0__occupation="继电保护员")
    assert answered(by_name)["conditions"][0] == answered(CASE)["conditions"][0]


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"level": 6}, "level", "1 至 5"),
        ({"level": "4"}, "level", "1 至 5"),
        ({"as_of": "2026-13-01"}, "as_of", "2026-13-01"),
        ({"as_of": ...}, "as_of", "日期"),
        ({"as_of": 20261124}, "as_of", "20261124"),
        ({"ruleset": "R1999"}, "ruleset", "R-legacy"),
        ({"ruleset": ...}, "ruleset", "on"),
        ({"ruleset": "R2018", "on": "2026-11-24"}, "ruleset", "R2023"),
        ({"ruleset": ..., "on": "1990-01-01"}, "on", "1990-01-01"),
        ({"ruleset": ..., "on": "2026-11-24", "occupation": "9-99-99-99"}, "occupation", "9-99-99-99"),
        ({"occupation": ""}, "occupation", "必须写明"),
        ({"person": ...}, "person", "{}"),
        ({"person": []}, "person", "对象"),
        ({"rulset": "R2023"}, "rulset", "ruleset"),
        ({"person__name": "张三"}, "person.name", "born"),
        ({"person__certificates": {}}, "person.certificates", "列表"),
        ({"person__certificates__0__level": 0}, "person.certificates[0].level", "1 至 5"),
        ({"person__certificates__0__kind": "gold"}, "person.certificates[0].kind", "pre-technician"),
        ({"person__certificates": ["五级"]}, "person.certificates[0]", "对象"),
        ({"person__employment__0__to": ...}, "person.employment[0].to", "null"),
        ({"person__employment__0__to": "2022-01-01"}, "person.employment[0].to", "早于"),
        ({"person__employment__0__from": None}, "person.employment[0].from", "日期"),
        ({"person__titles": [{"grade": "top"}]}, "person.titles[0].grade", "senior"),
        ({"person__titles": [{"grade": "junior", "matching": "yes"}]}, "person.titles[0].matching", "true"),
        ({"person__education": [{"kind": "university"}]}, "person.education[0].kind", "bachelor"),
        ({"person__apprenticeship": True}, "person.apprenticeship", "对象"),
        ({"person__training_hours": -1}, "person.training_hours", "0"),
        ({"person__training_hours": True}, "person.training_hours", "整数"),
        ({"person__born": "0001-01-01"}, "person.born", "0001-01-01"),
        ({"id": ...}, "id", "编号"),
        ({"id": True}, "id", "编号"),
    ],
)
def test_what_cannot_be_used_is_named_by_case_and_field(given: dict[str, Any], field: str, why: str) -> None:
    cases, faults = eligibility_cases.read([changed(**given), changed(id="乙")])
    assert [case.id for case in cases] == ["乙"]
    assert [fault.field for fault in faults] == [field]
    assert field in faults[0].sentence()
    assert why in faults[0].sentence()


@pytest.mark.parametrize("given", [{}, None, "cases", 3])
def test_anything_but_a_list_is_refused(given: Any) -> None:
    assert len(eligibility_cases.read(given)[1]) == 1


def test_a_number_given_twice_is_refused() -> None:
    assert [fault.field for fault in eligibility_cases.read([CASE, CASE])[1]] == ["id"]


def test_a_pre_technician_certificate_needs_no_level() -> None:
    held = {"occupation": "电工", "kind": "pre-technician", "issued": "2020-07-01"}
    found = answered(changed(level=2, ruleset="R2018", person__certificates=[held]))
    assert {row["condition"]: row["state"] for row in found["conditions"] if row["route"] == "2018-2-2b"}[
        "cert"
    ] == "met"


def test_the_command_answers_in_both_languages_and_says_what_it_cannot_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([CASE], ensure_ascii=False), encoding="utf-8")
    assert eligibility.run(str(path), as_json=True, language="zh-hans") == 0
    assert json.loads(capsys.readouterr().out) == [answered(CASE)]
    assert eligibility.run(str(path), as_json=False, language="zh-hans") == 0
    assert "2027-08-31" in capsys.readouterr().out
    assert eligibility.run(str(path), as_json=True, language="en") == 0
    assert "3 years needed" in capsys.readouterr().out

    path.write_text(json.dumps([changed(level=9)]), encoding="utf-8")
    assert eligibility.run(str(path), as_json=True, language="zh-hans") == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["faults"][0]["field"] == "level"
    assert "案例 甲，字段 level" in said.err

    for broken in (b"[", b"\xff\xfe", b"[" * 100_000):
        path.write_bytes(broken)
        assert eligibility.run(str(path), as_json=False, language="zh-hans") == 2
    assert eligibility.run(str(tmp_path / "none.json"), as_json=True, language="zh-hans") == 2

    class Piped:
        buffer = io.BytesIO(json.dumps([CASE]).encode())

    monkeypatch.setattr("sys.stdin", Piped())
    assert eligibility.run("-", as_json=True, language="zh-hans") == 0
