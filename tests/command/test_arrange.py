"""``jiangheng arrange``: instances from outside, exit status, faults by their place, both languages (四（六）（七））."""

from __future__ import annotations

import argparse
import copy
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from jiangheng.command import arrange
from jiangheng.rules.arrangement import reading
from jiangheng.rules.refusal import Refusal
from tests.rules.arrangement_cases import small

pytestmark = pytest.mark.django_db
FORMATS = Path(arrange.__file__).resolve().parents[2] / "docs" / "formats.md"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    arrange.add(parser.add_subparsers())
    arguments = parser.parse_args(["arrange", *words])
    status: int = arguments.run(arguments)
    return status


def written(folder: Path, name: str, content: Any) -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_a_solution_is_written_and_found_to_be_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance, out = written(tmp_path, "i.json", small()), str(tmp_path / "s.json")
    assert run("solve", instance, "--json", "--out", out) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(Path(out).read_text(encoding="utf-8"))
    assert printed["stopped_by_clock"] is False
    assert run("check", instance, out, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"valid": True, "violations": []}
    assert run("check", instance, out) == 0
    assert capsys.readouterr().out.strip() == "没有违反任何规定。"


def test_a_broken_solution_is_named_rule_by_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance, out = written(tmp_path, "i.json", small()), str(tmp_path / "s.json")
    run("solve", instance, "--out", out)
    solution = json.loads(Path(out).read_text(encoding="utf-8"))
    solution["staff"] = [row for row in solution["staff"] if row["sitting"] != "T"]
    broken = written(tmp_path, "b.json", solution)
    capsys.readouterr()
    assert run("check", instance, broken, "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "valid": False,
        "violations": [
            {
                "rule": "invigilators",
                "where": {"sitting": "T"},
                "message": "考生6人，至少需要监考2人，安排了0人。",
            }
        ],
    }
    assert run("check", instance, broken, "--language", "en") == 1
    assert "6 candidates need at least 2 invigilators" in capsys.readouterr().out


def test_a_seed_of_the_command_replaces_that_of_the_instance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instance = written(tmp_path, "i.json", small())
    run("solve", instance, "--json", "--seed", "others")
    one = json.loads(capsys.readouterr().out)
    run("solve", written(tmp_path, "j.json", {**small(), "seed": "others"}), "--json")
    assert json.loads(capsys.readouterr().out) == one
    assert one["seed"] == "others"


def test_rules_that_collide_are_told_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = small()
    data["people"] = data["people"][:5]
    instance = written(tmp_path, "i.json", data)
    assert run("solve", instance) == 1
    told = capsys.readouterr().out
    assert "考评组人数和考评员与考生的比例不得低于规定（四（七））" in told
    assert "涉及场次：S" in told
    assert run("solve", instance, "--json", "--language", "en") == 1
    collided = json.loads(capsys.readouterr().out)["collisions"]
    assert {row["rule"] for row in collided["rules"]} == {"card", "examiners"}
    assert collided["smallest"] is True
    assert not re.search(r"[\u4e00-\u9fff]", collided["words"].replace("四（七）", ""))


def test_the_example_of_the_format_page_is_what_the_page_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = FORMATS.read_text(encoding="utf-8")
    found = re.search(r"<!-- arrangement example: instance -->\n```json\n(.*?)```", page, re.DOTALL)
    assert found
    data = json.loads(found.group(1))
    assert run("solve", written(tmp_path, "i.json", data), "--json") == 1
    collided = json.loads(capsys.readouterr().out)["collisions"]
    assert {row["rule"] for row in collided["rules"]} == {"accessible", "capacity"}
    data["rooms"][1]["accessible"] = [1]
    assert run("solve", written(tmp_path, "j.json", data), "--json") == 0
    solution = json.loads(capsys.readouterr().out)
    assert {row["seat"] for row in solution["seats"] if row["candidate"] == "C1"} == {1}
    assert {"sitting": "S1", "person": "E4", "post": "examiner_lead"} in solution["staff"]
    assert {row["person"] for row in solution["staff"] if row["sitting"] == "S1"} == {"E2", "E3", "E4"}
    told = [row for row in solution["excluded"] if (row["person"], row["sitting"]) == ("E1", "S1")]
    assert told[0]["rules"] == ["same_employer"]


@pytest.mark.parametrize("content", ["{", "[]", "null", "[" * 5000, '{"format": 1}'])
def test_what_is_not_an_instance_cannot_be_used(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("solve", written(tmp_path, "i.json", content), "--json") == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["message"]
    assert told.err


def test_a_missing_file_and_a_wrong_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", str(tmp_path / "none.json")) == 2
    for words in (("solve",), ("solve", "x", "--seconds", "0"), ("solve", "x", "--seconds", "soon"), ("mend", "x")):
        with pytest.raises(SystemExit) as ended:
            run(*words)
        assert ended.value.code == 2


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    given = argparse.Namespace(buffer=io.BytesIO(json.dumps(small()).encode()))
    monkeypatch.setattr("sys.stdin", given)
    assert run("solve", "-") == 0
    assert "T（R1）：考生6人" in capsys.readouterr().out


def _set(path: str, value: Any) -> Any:
    def change(data: dict[str, Any]) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        place: Any = data
        for part in way:
            place = place[part]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("format", "jiangheng-arrangement/2", "$.format"),
        ("format", None, "$.format"),
        ("colour", "red", "$.colour"),
        ("rooms", None, "$.rooms"),
        ("rooms", {}, "$.rooms"),
        ("rooms.0", 7, "$.rooms[0]"),
        ("rooms.0.seats", 0, "$.rooms[0].seats"),
        ("rooms.0.seats", True, "$.rooms[0].seats"),
        ("rooms.0.seats", "8", "$.rooms[0].seats"),
        ("rooms.0.accessible", [9], "$.rooms[0].accessible"),
        ("rooms.0.acessible", [1], "$.rooms[0].acessible"),
        ("rooms.0.kind", "hall", "$.rooms[0].kind"),
        ("rooms.1.id", "R1", "$.rooms[1].id"),
        ("rooms.1.stations", [{"seats": [1], "occupations": "all"}], "$.rooms[1].stations[0].occupations"),
        ("sittings.0.room", "R9", "$.sittings[0].room"),
        ("sittings.0.room", "R2", "$.sittings[0].room"),
        ("sittings.0.subject", "essay", "$.sittings[0].subject"),
        ("sittings.0.exams.0.level", 6, "$.sittings[0].exams[0].level"),
        ("sittings.0.starts_at", "2026-11-28T09:00:00", "$.sittings[0].starts_at"),
        ("sittings.0.starts_at", "soon", "$.sittings[0].starts_at"),
        ("sittings.0.ends_at", "2026-11-28T09:00:00+08:00", "$.sittings[0].ends_at"),
        ("sittings.0.paper_sets", ["A", "A"], "$.sittings[0].paper_sets"),
        ("people.0.cards.0.kind", "driver", "$.people[0].cards[0].kind"),
        ("people.0.cards.0.valid_to", None, "$.people[0].cards[0].valid_to"),
        ("people.0.cards.0.valid_to", "2020-01-01", "$.people[0].cards[0].valid_to"),
        ("people.0.cards.0.levels", [0], "$.people[0].cards[0].levels"),
        ("people.0.kin", ["C0", "nobody"], "$.people[0].kin[1]"),
        ("people.0.most_sittings", 0, "$.people[0].most_sittings"),
        ("candidates.0.subjects", [], "$.candidates[0].subjects"),
        ("candidates.0.subjects", ["theory", "theory"], "$.candidates[0].subjects"),
        ("candidates.0.needs", ["tea"], "$.candidates[0].needs"),
        ("candidates.0.paper_sets", {"review": "A"}, "$.candidates[0].paper_sets"),
        ("locks", [{"sitting": "T"}], "$.locks[0]"),
        ("locks", [{"sitting": "T", "person": "nobody"}], "$.locks[0].person"),
        ("locks", [{"sitting": "T", "candidate": "C0", "seat": 9}], "$.locks[0].seat"),
        ("locks", [{"sitting": "T", "candidate": "C0", "never": True}], "$.locks[0].never"),
        ("history", [{"held_on": "2026-11-28", "people": []}], "$.history[0].held_on"),
        ("parameters", {"invigilator_ratio": 0}, "$.parameters.invigilator_ratio"),
        ("parameters", {"min_rotation_share": "4/3"}, "$.parameters.min_rotation_share"),
        ("parameters", {"skill_examiner_odd": 1}, "$.parameters.skill_examiner_odd"),
        ("parameters", {"ratio": 3}, "$.parameters.ratio"),
        ("standing", {"staff": [{"person": "E0"}]}, "$.standing.staff[0].sitting"),
    ],
)
def test_bad_input_is_refused_by_its_place(path: str, value: Any, place: str) -> None:
    data = copy.deepcopy(small())
    _set(path, value)(data)
    with pytest.raises(Refusal) as refused:
        reading.read(data)
    assert refused.value.params["place"] == place
    assert refused.value.status == 422
    assert "%" not in refused.value.sentence()


def test_two_sittings_of_one_room_may_not_overlap() -> None:
    data = small()
    data["sittings"].append({**data["sittings"][1], "id": "S2"})
    with pytest.raises(Refusal) as refused:
        reading.read(data)
    assert refused.value.params["place"] == "$.sittings[2]"
