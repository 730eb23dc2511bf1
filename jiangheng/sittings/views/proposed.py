"""A proposal of staff in words: teams by sitting, what changes, why others are not posted, which rules collide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiangheng.rules.arrangement.explaining import NOT_NEEDED
from jiangheng.rules.arrangement.families import FAMILIES
from jiangheng.rules.examination.staffing import POSTS
from jiangheng.screens import display
from jiangheng.sittings.models import StaffProposal
from jiangheng.values import queries as values

# Rules of the instance that the room's own sentences, where there are any, tell better.
TOLD = {
    "card", "card_occupation", "card_level", "card_valid", "consecutive", "away", "locks", "kin", "same_employer",
    "taught", "own_school",
}  # read as a table  # fmt: skip
ORDER = {post: place for place, post in enumerate(POSTS)}
Names = Mapping[str, str]


def shown(row: StaffProposal, sittings: Names) -> dict[str, Any]:
    """What the page of a proposal shows; ``sittings`` are names by identifier."""
    law = values.law(date.fromisoformat(row.instance["on"]))
    people = {each["id"]: each["name"] for each in row.instance["people"]}
    stood = {each["person"]: each["name"] for each in row.instance.get("standing", {}).get("staff", [])}
    answer = row.answer
    changes = answer["changes"] or {"removed": [], "added": [], "proved_least": False}
    added = {(each["sitting"], each["person"]) for each in changes["added"]}
    teams: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in sorted(answer["staff"], key=lambda each: ORDER[each["post"]]):
        new = (each["sitting"], each["person"]) in added
        teams[each["sitting"]].append(
            {"name": people[each["person"]], "post": display.word(POSTS[each["post"]]), "new": new}
        )
    gone: dict[str, list[str]] = defaultdict(list)
    for each in changes["removed"]:
        gone[each["sitting"]].append(stood.get(each["person"], each["person"]))
    excluded = _excluded(row, people)
    return {
        "teams": [
            {
                "name": sittings.get(each["id"], each["id"]),
                "team": teams[each["id"]],
                "gone": gone[each["id"]],
                "excluded": excluded[each["id"]],
            }
            for each in row.instance["sittings"]
        ],
        "changes": changes if answer["changes"] else None,
        "parameters": [
            {
                "word": display.word(law.rule(key).label),
                "value": _value(each["value"], law.rule(key).unit),
                "clause": each["clause"],
            }
            for key, each in answer["parameters"].items()
        ],
        "collisions": _collisions(answer["collisions"], sittings, people) if answer["collisions"] else None,
    }


def _value(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return f"{value}{display.word(unit)}"


def _excluded(row: StaffProposal, people: Names) -> Mapping[str, list[dict[str, Any]]]:
    """By sitting, who is not posted and why: the room's own sentences first, then the rules of the instance."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in row.answer["excluded"]:
        own = row.bars.get(f"{each['sitting']}:{each['person']}:{each['post']}", [])
        words = [display.word(message) % params for message, params in own]
        words += [display.word(FAMILIES[rule][1]) for rule in each["rules"] if not (own and rule in TOLD)]
        found[each["sitting"]].append(
            {
                "name": people[each["person"]],
                "post": display.word(POSTS[each["post"]]),
                "words": words or [display.word(NOT_NEEDED)],
                "free": not words,
            }
        )
    for rows in found.values():
        rows.sort(key=lambda each: (not each["free"], each["name"]))
    return found


def _collisions(found: Mapping[str, Any], sittings: Names, people: Names) -> dict[str, Any]:
    return {
        "smallest": found["smallest"],
        "sittings": [sittings.get(each, each) for each in found["sittings"]],
        "rules": [
            {
                "words": display.word(each["words"]),
                "clause": each["clause"],
                "about": [
                    line for about in each["about"] if (line := _about(about, sittings, people, found["sittings"]))
                ],
            }
            for each in found["rules"]
        ],
    }


def _about(about: Mapping[str, Any], sittings: Names, people: Names, concerned: list[str]) -> str:
    """One of the figures behind a rule, in words; "" for those that say nothing to a reader."""
    names = "、".join(people.get(each, each) for each in about.get("people", ()))
    # An arrangement stored before the need was told has only the least number.
    if "sitting" in about and ("need" in about or "may_come" in about):
        if concerned and about["sitting"] not in concerned:
            return ""
        line = _("%(sitting)s：至少需要%(least)s人，名单中可以担任的%(have)s人") % {
            "sitting": sittings.get(about["sitting"], about["sitting"]),
            "least": about.get("need", about.get("at_least")),
            "have": about.get("have", about.get("may_come")),
        }
        return _("%(line)s；涉及人员：%(names)s") % {"line": line, "names": names} if names else line
    if names and about.get("candidate"):
        return _("应回避的人员：%(names)s") % {"names": names}
    if names:
        return _("涉及人员：%(names)s") % {"names": names}
    if about.get("person"):
        return _("%(name)s 保留在 %(sitting)s") % {
            "name": people.get(about["person"], about["person"]),
            "sitting": sittings.get(about["sitting"], ""),
        }
    return ""
