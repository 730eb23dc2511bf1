"""The figures behind rules that collide: need, have, short by, who and where; and every rule of the checker is documented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jiangheng.rules.arrangement import checking, collisions, families, reading
from jiangheng.rules.arrangement.figures import Figures
from jiangheng.rules.arrangement.solving import parameters
from tests.rules.arrangement_cases import IN_FORCE, YEARS, small

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"


def about(data: dict[str, Any], family: str, *others: str, where: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    instance = reading.read(data)
    return Figures(instance, parameters(instance, IN_FORCE), frozenset({family, *others}), where).about(family)


def figures(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["need"], row["have"], row["short_by"]


def test_the_need_is_that_by_ratio_and_who_may_come_is_counted_after_recusal() -> None:
    data = small()
    data["parameters"] = {"invigilator_ratio": 2, "skill_examiner_ratio": 2}
    data["people"][0]["kin"] = ["C0"]
    data["people"][3]["taught"] = ["K1"]
    data["parameters"]["min_per_room"] = 1
    (theory,) = about(data, "invigilators")
    assert (theory["sitting"], *figures(theory), theory["may_come"]) == ("T", 3, 2, 1, 2)
    data["parameters"]["skill_examiner_ratio"] = 1
    (skill,) = about(data, "examiners")
    assert figures(skill) == (6, 3, 3)
    (odd,) = about(data, "odd", "examiners")
    assert figures(odd) == (7, 3, 4)


def test_whose_card_ran_out_is_named_with_its_days() -> None:
    data = small()
    data["people"][4]["cards"][0]["valid_to"] = "2026-11-27"
    (row,) = about(data, "card_valid", "examiners", where=("S",))
    assert (row["sitting"], row["people"], figures(row)) == ("S", ["E1"], (3, 3, 0))
    assert row["cards"][0]["valid_to"] == "2026-11-27"


def test_every_rule_about_people_names_them() -> None:
    data = small()
    data["people"][3]["cards"][0]["occupation"] = "6-18-02-04"
    data["people"][4]["cards"][0]["levels"] = [5]
    data["people"][5]["away"] = [{"from": "2026-11-28T00:00:00+08:00", "to": "2026-11-29T00:00:00+08:00"}]
    data["people"][6]["most_sittings"] = 1
    data["history"] = [{"held_on": f"2026-0{month}-01", "people": ["E0", "E3"]} for month in (5, 6, 7)]
    for family, names in (
        ("card_occupation", ["E0"]),
        ("card_level", ["E1"]),
        ("away", ["E2"]),
        ("consecutive", ["E0", "E3"]),
        ("workload", ["E3"]),
        ("rotation", ["E0", "E3"]),
    ):
        row = about(data, family, "examiners")[0]
        assert row["people"] == names, family
        assert row["short_by"] == max(row["need"] - row["have"], 0), family
        assert row.get("sitting") or row["sittings"], family


def test_every_rule_about_candidates_names_them_and_the_places() -> None:
    data = small()
    data["candidates"][0]["needs"] = ["accessible", "extra_time"]
    data["sittings"][0]["extra_time"] = False
    data["sittings"][0]["paper_sets"] = ["A"]
    data["sittings"][1].update({name: data["sittings"][0][name] for name in ("starts_at", "ends_at")})
    for row in data["candidates"]:
        row["paper_sets"] = {"theory": "A"}
    theory = {row["subject"]: row for row in about(data, "accessible")}
    assert (theory["theory"]["candidates"], figures(theory["skill"])) == (["C0"], (1, 0, 1))
    longer = {row["subject"]: row for row in about(data, "extra_time")}
    assert figures(longer["theory"]) == (1, 0, 1)
    (once,) = about(data, "once")
    assert (len(once["candidates"]), once["sittings"], figures(once)) == (6, ["S", "T"], (2, 1, 1))
    (papers,) = about(data, "neighbours")
    # Two rows of four: every second seat.
    assert (papers["sitting"], papers["paper_set"], figures(papers)) == ("T", "A", (6, 4, 2))
    data["people"] = [{"id": "B", "cards": [{"kind": kind, **YEARS} for kind in ("invigilator", "examiner")]}]
    (place,) = about(data, "one_place")
    assert (place["people"], place["sittings"], figures(place)) == (["B"], ["S", "T"], (5, 1, 4))


def test_no_examiner_at_all_is_too_few_examiners() -> None:
    data = small()
    data["people"] = data["people"][:3]
    found = collisions.collisions(reading.read(data), IN_FORCE)
    assert {each.rule for each in found.rules} == {"card", "examiners"}
    assert all(row["short_by"] == 3 for each in found.rules for row in each.about if row["sitting"] == "S")


def test_every_rule_the_checker_can_give_is_documented() -> None:
    source = Path(checking.__file__).read_text(encoding="utf-8")
    given = set(re.findall(r'broken\(\s*"([a-z_]+)"', source))
    assert {"post", "lead", "seated", "rotation", "paper_set", "chief"} <= given
    text = FORMATS.read_text(encoding="utf-8")
    rules = text.partition("### Rules\n")[2].partition("### Solution")[0]
    documented = {
        name
        for row in rules.splitlines()
        for name in re.findall(r"`([a-z_]+)`", row.split("|")[1] if "|" in row else "")
    }
    assert given | set(families.FAMILIES) <= documented
