"""Checks a solution against its instance by reading both documents afresh; shares nothing with the model.

Plain loops over the decoded JSON, so that a mistake of the model cannot be repeated here. ``law`` is the mapping of
the parameters in force; the instance's own parameters outrank it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any


def violations(
    instance: Mapping[str, Any], solution: Mapping[str, Any], law: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Every broken rule as ``{"rule", "where", "words"}``; an empty list means the solution may stand."""
    return list(_Check(instance, solution, law).all())


class _Check:
    def __init__(self, instance: Mapping[str, Any], solution: Mapping[str, Any], law: Mapping[str, Any]) -> None:
        self.sittings = {row["id"]: row for row in instance["sittings"]}
        self.rooms = {row["id"]: row for row in instance["rooms"]}
        self.people = {row["id"]: row for row in instance["people"]}
        self.candidates = {row["id"]: row for row in instance["candidates"]}
        self.locks = instance.get("locks", [])
        self.history = sorted(instance.get("history", []), key=lambda row: row["held_on"])
        self.law = {**law, **(instance.get("parameters") or {})}
        self.seats, self.staff = list(solution.get("seats", [])), list(solution.get("staff", []))
        self.found: list[dict[str, str]] = []

    def all(self) -> list[dict[str, str]]:
        if not self.known():
            return self.found
        self.everybody_sits_once()
        self.rooms_hold_them()
        self.neighbours_differ()
        for sitting in self.sittings:
            self.numbers(sitting)
        for post in self.staff:
            self.may_serve(post["person"], post["sitting"])
            self.stands_back(post["person"], post["sitting"])
        self.one_place_at_a_time()
        self.rotates()
        self.locks_hold()
        return self.found

    def broken(self, rule: str, where: str, words: str) -> None:
        self.found.append({"rule": rule, "where": where, "words": words})

    def known(self) -> bool:
        for seat in self.seats:
            if seat.get("sitting") not in self.sittings or seat.get("candidate") not in self.candidates:
                self.broken("unknown", str(seat), "座位安排中有不存在的场次或考生")
            elif not isinstance(seat.get("seat"), int) or isinstance(seat.get("seat"), bool):
                self.broken("unknown", str(seat), "座位号应为整数")
        for post in self.staff:
            if post.get("sitting") not in self.sittings or post.get("person") not in self.people:
                self.broken("unknown", str(post), "人员安排中有不存在的场次或人员")
            elif post.get("post") not in ("invigilator", "examiner", "examiner_lead"):
                self.broken("unknown", str(post), "没有这样的岗位")
        for (person, sitting), times in Counter(
            (each.get("person"), each.get("sitting")) for each in self.staff
        ).items():
            if times > 1:
                self.broken("unknown", f"{person} {sitting}", "同一人在同一场次出现两次")
        return not self.found

    def everybody_sits_once(self) -> None:
        for name, candidate in self.candidates.items():
            mine = [seat for seat in self.seats if seat["candidate"] == name]
            taken = Counter(self.sittings[seat["sitting"]]["subject"] for seat in mine)
            for subject in candidate["subjects"]:
                if taken[subject] != 1:
                    self.broken("seated", name, f"科目 {subject} 应安排一次，实际 {taken[subject]} 次")
            for subject in taken.keys() - set(candidate["subjects"]):
                self.broken("seated", name, f"不考科目 {subject}，却安排了座位")
            for seat in mine:
                sitting = self.sittings[seat["sitting"]]
                exams = [(exam["occupation"], exam["level"]) for exam in sitting["exams"]]
                if (candidate["occupation"], candidate["level"]) not in exams:
                    self.broken("seated", name, f"场次 {sitting['id']} 不考该职业和等级")
                if "extra_time" in candidate.get("needs", []) and not sitting.get("extra_time", False):
                    self.broken("extra_time", name, f"场次 {sitting['id']} 没有延长时间")
            for number, one in enumerate(mine):
                for other in mine[number + 1 :]:
                    if self.at_once(one["sitting"], other["sitting"]):
                        self.broken("once", name, f"{one['sitting']} 与 {other['sitting']} 时间重叠")

    def rooms_hold_them(self) -> None:
        for (sitting, seat), times in Counter((each["sitting"], each["seat"]) for each in self.seats).items():
            room = self.rooms[self.sittings[sitting]["room"]]
            if times > 1:
                self.broken("capacity", f"{sitting} {seat}", "一个座位安排了两人")
            if not 1 <= seat <= room["seats"]:
                self.broken("capacity", f"{sitting} {seat}", "没有这个座位")
        for each in self.seats:
            room = self.rooms[self.sittings[each["sitting"]]["room"]]
            if "accessible" in self.candidates[each["candidate"]].get("needs", []):
                if each["seat"] not in room.get("accessible", []):
                    self.broken("accessible", each["candidate"], f"{each['sitting']} {each['seat']} 不是无障碍座位")

    def neighbours_differ(self) -> None:
        at: dict[tuple[str, int, int], tuple[Any, ...]] = {}
        for each in self.seats:
            sitting, candidate = self.sittings[each["sitting"]], self.candidates[each["candidate"]]
            offered, given = sitting.get("paper_sets", []), each.get("paper_set")
            own = candidate.get("paper_sets", {}).get(sitting["subject"])
            if own and given != own:
                self.broken("neighbours", each["candidate"], "试卷套与考生的不一致")
            if offered and given not in offered:
                self.broken("neighbours", each["candidate"], "没有从本场的试卷套中给出")
            if given:
                width = self.rooms[sitting["room"]].get("per_row", 6)
                row, column = (each["seat"] - 1) // width, (each["seat"] - 1) % width
                at[each["sitting"], row, column] = (candidate["occupation"], candidate["level"], given)
        for (sitting, row, column), paper in at.items():
            for beside in ((row, column + 1), (row + 1, column)):
                if at.get((sitting, *beside)) == paper:
                    self.broken("neighbours", f"{sitting} {row + 1}-{column + 1}", "相邻座位使用同一套试卷")

    def numbers(self, name: str) -> None:
        sitting = self.sittings[name]
        heads = sum(seat["sitting"] == name for seat in self.seats)
        posts = [each["post"] for each in self.staff if each["sitting"] == name]
        watched = sitting["subject"] == "theory" or sitting.get("by_machine", False)
        if any((post == "invigilator") != watched for post in posts):
            self.broken("card", name, "岗位与场次的性质不符")
        if heads == 0:
            return
        if watched:
            least = max(self.law["min_per_room"], math.ceil(heads / self.law["invigilator_ratio"]))
            if len(posts) < least:
                self.broken("invigilators", name, f"考生 {heads} 人，需要监考 {least} 人，安排 {len(posts)} 人")
            return
        if sitting["subject"] == "review":
            least, odd = self.law["review_committee_min"], self.law["review_committee_odd"]
        else:
            ratio = sitting.get("candidates_per_examiner") or self.law["skill_examiner_ratio"]
            least = max(self.law["skill_examiner_min"], math.ceil(heads / ratio))
            odd = self.law["skill_examiner_odd"]
        if len(posts) < least:
            self.broken("examiners", name, f"考生 {heads} 人，需要考评员 {least} 人，安排 {len(posts)} 人")
        if odd and len(posts) % 2 == 0:
            self.broken("odd", name, f"考评组 {len(posts)} 人，不是单数")
        if posts.count("examiner_lead") != 1:
            self.broken("examiners", name, "考评组应有一名组长")

    def may_serve(self, person: str, name: str) -> None:
        sitting, member = self.sittings[name], self.people[person]
        day = datetime.fromisoformat(sitting["starts_at"]).date()
        watched = sitting["subject"] == "theory" or sitting.get("by_machine", False)
        cards = member.get("cards", [])
        for away in member.get("away", []):
            if self.moment(away["from"]) < self.ends(name) and self.starts(name) < self.moment(away["to"]):
                self.broken("away", f"{person} {name}", "本人此时不能到场")
        if watched:
            if not any(card["kind"] == "invigilator" and self.valid(card, day) for card in cards):
                self.broken("card", f"{person} {name}", "没有当日有效的监考证卡")
            return
        for exam in sitting["exams"]:
            if not any(
                (card["kind"] == "senior_examiner"
                 or (card["kind"] == "examiner" and exam["level"] >= self.law["examiner_max_level"]))
                and card.get("occupation", "") in ("", exam["occupation"])
                and self.valid(card, day)
                for card in cards
            ):  # fmt: skip
                self.broken("card", f"{person} {name}", f"没有可考评 {exam['occupation']} {exam['level']} 级的有效证卡")
        in_a_row = 0
        for past in reversed(self.history):
            if person not in past["people"]:
                break
            in_a_row += 1
        if in_a_row >= self.law["max_consecutive_at_body"]:
            self.broken("consecutive", f"{person} {name}", f"已在该机构连续考评 {in_a_row} 次")

    def stands_back(self, person: str, name: str) -> None:
        member = self.people[person]
        for seat in self.seats:
            if seat["sitting"] != name:
                continue
            candidate = self.candidates[seat["candidate"]]
            who = f"{person} {candidate['id']}"
            if candidate["id"] in member.get("kin", []):
                self.broken("kin", who, "有亲属等关系")
            if candidate.get("class") and candidate["class"] in member.get("taught", []):
                self.broken("taught", who, "任过课")
            if member.get("employer") and member["employer"] == candidate.get("employer"):
                self.broken("same_employer", who, "同一工作单位")
            if member.get("employer") and member["employer"] == candidate.get("school"):
                self.broken("own_school", who, "送考单位的人员")

    def one_place_at_a_time(self) -> None:
        for person in self.people:
            mine = [post["sitting"] for post in self.staff if post["person"] == person]
            for number, one in enumerate(mine):
                for other in mine[number + 1 :]:
                    if self.at_once(one, other):
                        self.broken("one_place", person, f"{one} 与 {other} 时间重叠")

    def rotates(self) -> None:
        used = {post["person"] for post in self.staff if post["post"] != "invigilator"}
        if not self.history or not used:
            return
        fresh = used - set(self.history[-1]["people"])
        if Fraction(len(fresh), len(used)) < Fraction(str(self.law["min_rotation_share"])):
            self.broken("rotation", "", f"考评员 {len(used)} 人，只轮换了 {len(fresh)} 人")

    def locks_hold(self) -> None:
        posted = {(each["person"], each["sitting"]) for each in self.staff}
        for lock in self.locks:
            if lock.get("person"):
                if ((lock["person"], lock["sitting"]) in posted) == bool(lock.get("never", False)):
                    self.broken("locks", f"{lock['person']} {lock['sitting']}", "锁定的安排没有保留")
                continue
            subject = self.sittings[lock["sitting"]]["subject"]
            for seat in self.seats:
                if seat["candidate"] == lock["candidate"] and self.sittings[seat["sitting"]]["subject"] == subject:
                    if seat["sitting"] != lock["sitting"] or lock.get("seat") not in (None, seat["seat"]):
                        self.broken("locks", f"{lock['candidate']} {lock['sitting']}", "锁定的安排没有保留")

    def at_once(self, one: str, other: str) -> bool:
        return self.starts(one) < self.ends(other) and self.starts(other) < self.ends(one)

    def starts(self, name: str) -> datetime:
        return self.moment(self.sittings[name]["starts_at"])

    def ends(self, name: str) -> datetime:
        return self.moment(self.sittings[name]["ends_at"])

    @staticmethod
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text)

    @staticmethod
    def valid(card: Mapping[str, Any], day: date) -> bool:
        first, last = card.get("valid_from"), card.get("valid_to")
        return (not first or date.fromisoformat(first) <= day) and (not last or day <= date.fromisoformat(last))
