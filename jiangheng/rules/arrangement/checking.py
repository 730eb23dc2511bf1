"""Checks a solution against its instance by reading both documents afresh; shares nothing with the model.

Plain loops over the decoded JSON, so that a mistake of the model cannot be repeated here. ``law`` is the mapping of
the parameters in force; the instance's own parameters outrank it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from jiangheng.rules.days.local_time import local_moment
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

POSTS = ("invigilator", "chief", "examiner", "examiner_lead", "internal_supervisor")


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: which, whom or what it concerns (identifiers), and a sentence with its places."""

    rule: str
    where: Mapping[str, Any]
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


def violations(instance: Mapping[str, Any], solution: Mapping[str, Any], law: Mapping[str, Any]) -> list[Violation]:
    """Every broken rule; an empty list means the solution may stand. The instance has been read without fault.

    Refusal ``arrangement.solution`` (422) naming the place where the solution is not in the format.
    """
    _shape(instance, solution)
    return list(_Check(instance, solution, law).all())


def _shape(instance: Mapping[str, Any], solution: Any) -> None:
    if not isinstance(solution, Mapping):
        raise _fault("$", N_("应为对象"))
    if solution.get("format") != "jiangheng-arrangement-solution/1":
        raise _fault("$.format", N_("应为 jiangheng-arrangement-solution/1"))
    if solution.get("status") != "arranged":
        raise _fault("$.status", N_("不是已排成（arranged）的方案，没有可检查的内容"))
    known = {name: {row["id"] for row in instance[name]} for name in ("sittings", "people", "candidates")}
    for part, who, among in (("staff", "person", "people"), ("seats", "candidate", "candidates")):
        rows = solution.get(part)
        if not isinstance(rows, list):
            raise _fault(f"$.{part}", N_("应为数组"))
        for number, row in enumerate(rows):
            place = f"$.{part}[{number}]"
            if not isinstance(row, Mapping):
                raise _fault(place, N_("应为对象"))
            for name, ids in (("sitting", known["sittings"]), (who, known[among])):
                if not isinstance(row.get(name), str) or row[name] not in ids:
                    raise _fault(f"{place}.{name}", N_("没有这个编号"))
            if part == "staff" and row.get("post") not in POSTS:
                raise _fault(f"{place}.post", N_("没有这样的岗位"))
            if part == "seats" and (type(row.get("seat")) is not int):
                raise _fault(f"{place}.seat", N_("应为整数"))
            if part == "seats" and not isinstance(row.get("paper_set"), str | None):
                raise _fault(f"{place}.paper_set", N_("应为文字"))


def _fault(place: str, words: str) -> Refusal:
    return refuse(
        "arrangement.solution",
        N_("方案文件的 %(place)s 不正确：%(words)s。"),
        N_("请对照 docs/formats.md 中“编排实例与方案”一节修改后重试。"),
        status=422,
        place=place,
        words=words,
    )


class _Check:
    def __init__(self, instance: Mapping[str, Any], solution: Mapping[str, Any], law: Mapping[str, Any]) -> None:
        self.sittings = {row["id"]: row for row in instance["sittings"]}
        self.rooms = {row["id"]: row for row in instance["rooms"]}
        self.people = {row["id"]: row for row in instance["people"]}
        self.candidates = {row["id"]: row for row in instance["candidates"]}
        self.locks = instance.get("locks") or []
        self.history = sorted(instance.get("history") or [], key=lambda row: row["held_on"])
        given = {name: value for name, value in (instance.get("parameters") or {}).items() if value is not None}
        self.law = {**law, **given}
        self.seats, self.staff = list(solution["seats"]), list(solution["staff"])
        self.found: list[Violation] = []

    def all(self) -> list[Violation]:
        self.everybody_sits_once()
        self.seats_are_there()
        self.neighbours_differ()
        for sitting in self.sittings:
            self.numbers(sitting)
        for post in self.staff:
            self.is_there(post["person"], post["sitting"])
            self.may_serve(post["person"], post["sitting"], post["post"])
            self.stands_back(post["person"], post["sitting"])
        self.one_place_at_a_time()
        self.rotates()
        self.locks_hold()
        return self.found

    def broken(self, rule: str, message: str, where: Mapping[str, Any], **params: Any) -> None:
        self.found.append(Violation(rule, where, message, params))

    def everybody_sits_once(self) -> None:
        for name, candidate in self.candidates.items():
            mine = [seat for seat in self.seats if seat["candidate"] == name]
            taken = Counter(self.sittings[seat["sitting"]]["subject"] for seat in mine)
            for subject in {*candidate["subjects"], *taken}:
                wanted = int(subject in candidate["subjects"])
                if taken[subject] != wanted:
                    self.broken(
                        "seated",
                        N_("该科目应安排%(wanted)s次，实际安排%(have)s次。"),
                        {"candidate": name, "subject": subject},
                        wanted=wanted,
                        have=taken[subject],
                    )
            for seat in mine:
                sitting, where = self.sittings[seat["sitting"]], {"candidate": name, "sitting": seat["sitting"]}
                exams = [(exam["occupation"], exam["level"]) for exam in sitting["exams"]]
                if (candidate["occupation"], candidate["level"]) not in exams:
                    self.broken("seated", N_("这一场不考该考生的职业和等级。"), where)
                if "extra_time" in (candidate.get("needs") or []) and not sitting.get("extra_time"):
                    self.broken("extra_time", N_("考生需要延长时间，这一场没有。"), where)
            for number, one in enumerate(mine):
                for other in mine[number + 1 :]:
                    if one["sitting"] == other["sitting"] or self.at_once(one["sitting"], other["sitting"]):
                        self.broken(
                            "once",
                            N_("考生的两场考试时间重叠。"),
                            {"candidate": name, "sittings": [one["sitting"], other["sitting"]]},
                        )

    def seats_are_there(self) -> None:
        for (sitting, seat), times in Counter((each["sitting"], each["seat"]) for each in self.seats).items():
            room, where = self.rooms[self.sittings[sitting]["room"]], {"sitting": sitting, "seat": seat}
            if times > 1:
                self.broken("capacity", N_("一个座位安排了%(times)s人。"), where, times=times)
            if not 1 <= seat <= room["seats"]:
                self.broken("capacity", N_("考场里没有这个座位。"), where)
            if seat in (room.get("closed") or []):
                self.broken("capacity", N_("这个座位已停用。"), where)
        for each in self.seats:
            room, candidate = self.rooms[self.sittings[each["sitting"]]["room"]], self.candidates[each["candidate"]]
            where = {"sitting": each["sitting"], "seat": each["seat"], "candidate": each["candidate"]}
            needs = candidate.get("needs") or []
            if "accessible" in needs and each["seat"] not in (room.get("accessible") or []):
                self.broken("accessible", N_("考生需要无障碍座位，这个座位不是。"), where)
            equipped = [station for station in room.get("stations") or [] if each["seat"] in station["seats"]]
            if equipped and not any(candidate["occupation"] in station["occupations"] for station in equipped):
                self.broken("workstations", N_("这个工位的设备不适用于该考生的职业。"), where)

    def neighbours_differ(self) -> None:
        at: dict[tuple[str, int, int], list[tuple[Any, ...]]] = {}
        for each in self.seats:
            sitting, candidate = self.sittings[each["sitting"]], self.candidates[each["candidate"]]
            offered, given = sitting.get("paper_sets") or [], each.get("paper_set")
            own = (candidate.get("paper_sets") or {}).get(sitting["subject"])
            where = {"sitting": each["sitting"], "candidate": each["candidate"]}
            if own and given != own:
                self.broken("paper_set", N_("给出的试卷套不是该考生的试卷套。"), where)
            if offered and given not in offered:
                self.broken("paper_set", N_("没有从本场的试卷套中给出。"), where)
            if given and not own and not offered:
                self.broken("paper_set", N_("本场没有试卷套，却给出了一套。"), where)
            if given:
                width = room_width(self.rooms[sitting["room"]])
                place = (each["sitting"], (each["seat"] - 1) // width, (each["seat"] - 1) % width)
                at.setdefault(place, []).append((candidate["occupation"], candidate["level"], given))
        for (sitting_id, row, column), papers in at.items():
            for beside in ((row, column + 1), (row + 1, column)):
                if set(at.get((sitting_id, *beside), [])) & set(papers):
                    self.broken(
                        "neighbours",
                        N_("第%(row)s排第%(column)s座与相邻座位使用同一套试卷。"),
                        {"sitting": sitting_id},
                        row=row + 1,
                        column=column + 1,
                    )

    def numbers(self, name: str) -> None:
        sitting, where = self.sittings[name], {"sitting": name}
        heads = sum(seat["sitting"] == name for seat in self.seats)
        every = [each["post"] for each in self.staff if each["sitting"] == name]
        posts = [post for post in every if post != "internal_supervisor"]
        if any((post in ("invigilator", "chief")) != self.watched(name) for post in posts):
            self.broken("post", N_("岗位与场次的性质不符：理论和机考由监考人员担任，其余由考评员担任。"), where)
        if heads == 0:
            return
        wanted, have = int(sitting.get("supervisors") or 0), len(every) - len(posts)
        if have < wanted:
            self.broken(
                "supervisors", N_("要求内部质量督导员%(least)s人，安排了%(have)s人。"), where, least=wanted, have=have
            )
        if self.watched(name) and posts.count("chief") != int(bool(sitting.get("chief"))):
            self.broken("chief", N_("主考人数与要求不符，安排了%(have)s名。"), where, have=posts.count("chief"))
        if self.watched(name):
            least = max(self.law["min_per_room"], math.ceil(Fraction(heads, self.law["invigilator_ratio"])))
            if len(posts) < least:
                self.broken(
                    "invigilators",
                    N_("考生%(heads)s人，至少需要监考%(least)s人，安排了%(have)s人。"),
                    where,
                    heads=heads,
                    least=least,
                    have=len(posts),
                )
            return
        if sitting["subject"] == "review":
            least, odd = self.law["review_committee_min"], self.law["review_committee_odd"]
        else:
            ratio = sitting.get("candidates_per_examiner") or self.law["skill_examiner_ratio"]
            least = max(self.law["skill_examiner_min"], math.ceil(Fraction(heads, ratio)))
            odd = self.law["skill_examiner_odd"]
        if len(posts) < least:
            self.broken(
                "examiners",
                N_("考生%(heads)s人，至少需要考评员%(least)s人，安排了%(have)s人。"),
                where,
                heads=heads,
                least=least,
                have=len(posts),
            )
        if odd and len(posts) % 2 == 0:
            self.broken("odd", N_("考评组%(have)s人，不是单数。"), where, have=len(posts))
        if posts.count("examiner_lead") != 1:
            self.broken("lead", N_("考评组应有一名组长，安排了%(have)s名。"), where, have=posts.count("examiner_lead"))

    def is_there(self, person: str, name: str) -> None:
        for away in self.people[person].get("away") or []:
            if moment(away["from"]) < self.ends(name) and self.starts(name) < moment(away["to"]):
                self.broken("away", N_("本人此时不能到场。"), {"person": person, "sitting": name})

    def may_serve(self, person: str, name: str, post: str) -> None:
        sitting, where = self.sittings[name], {"person": person, "sitting": name}
        first, last = self.starts(name).date(), self.ends(name).date()
        valid = [
            card
            for card in self.people[person].get("cards") or []
            if date.fromisoformat(card["valid_from"]) <= first and last <= date.fromisoformat(card["valid_to"])
        ]
        if post == "internal_supervisor":
            if not any(card["kind"] == "internal_supervisor" for card in valid):
                self.broken("card", N_("没有考试当日有效的内部质量督导员证卡。"), where)
            return
        if self.watched(name):
            if not any(card["kind"] == "invigilator" for card in valid):
                self.broken("card", N_("没有考试当日有效的监考证卡。"), where)
            return
        for exam in sitting["exams"]:
            if not any(self.covers(card, exam) for card in valid):
                self.broken(
                    "card",
                    N_("没有考试当日有效、可考评%(occupation)s%(level)s级的证卡。"),
                    where,
                    occupation=exam["occupation"],
                    level=exam["level"],
                )
        in_a_row = 0
        for past in reversed(self.history):
            if person not in past["people"]:
                break
            in_a_row += 1
        if in_a_row >= self.law["max_consecutive_at_body"]:
            self.broken("consecutive", N_("已在该机构连续考评%(times)s次。"), where, times=in_a_row)

    def covers(self, card: Mapping[str, Any], exam: Mapping[str, Any]) -> bool:
        """Whether an examiner's card reaches an examination; level 1 is the highest."""
        if card["kind"] not in ("examiner", "senior_examiner"):
            return False
        if card["kind"] == "examiner" and exam["level"] < self.law["examiner_max_level"]:
            return False
        levels = card.get("levels") or [1, 2, 3, 4, 5]
        return (card.get("occupation") or exam["occupation"]) == exam["occupation"] and exam["level"] in levels

    def stands_back(self, person: str, name: str) -> None:
        member = self.people[person]
        for seat in self.seats:
            if seat["sitting"] != name:
                continue
            candidate = self.candidates[seat["candidate"]]
            where = {"person": person, "sitting": name, "candidate": candidate["id"]}
            if candidate["id"] in (member.get("kin") or []):
                self.broken("kin", N_("与考生有亲属等关系，须回避。"), where)
            if candidate.get("class") and candidate["class"] in (member.get("taught") or []):
                self.broken("taught", N_("为考生任过课，须回避。"), where)
            if member.get("employer") and member["employer"] == candidate.get("employer"):
                self.broken("same_employer", N_("与考生同一工作单位，须回避。"), where)
            if member.get("employer") and member["employer"] == candidate.get("school"):
                self.broken("own_school", N_("是送考单位的人员，须回避。"), where)

    def one_place_at_a_time(self) -> None:
        for person, member in self.people.items():
            mine = [post["sitting"] for post in self.staff if post["person"] == person]
            for number, one in enumerate(mine):
                for other in mine[number + 1 :]:
                    if one == other or self.at_once(one, other):
                        self.broken(
                            "one_place", N_("同一时间被安排到两处。"), {"person": person, "sittings": [one, other]}
                        )
            most = member.get("most_sittings")
            if most is not None and len(mine) > most:
                self.broken(
                    "workload",
                    N_("安排了%(have)s场，本人上限为%(most)s场。"),
                    {"person": person},
                    have=len(mine),
                    most=most,
                )

    def rotates(self) -> None:
        used = {post["person"] for post in self.staff if post["post"] in ("examiner", "examiner_lead")}
        if not self.history or not used:
            return
        fresh = used - set(self.history[-1]["people"])
        if Fraction(len(fresh), len(used)) < Fraction(str(self.law["min_rotation_share"])):
            self.broken(
                "rotation",
                N_("考评员%(used)s人，比上一次只轮换了%(fresh)s人，规定的比例是%(share)s。"),
                {},
                used=len(used),
                fresh=len(fresh),
                share=str(self.law["min_rotation_share"]),
            )

    def locks_hold(self) -> None:
        posted = {(each["person"], each["sitting"]): each["post"] == "internal_supervisor" for each in self.staff}
        seated = {(each["candidate"], each["sitting"]): each["seat"] for each in self.seats}
        for lock in self.locks:
            place = lock.get("person") or lock["candidate"], lock["sitting"]
            if lock.get("person"):
                wanted = {"team": (False,), "internal_supervisor": (True,)}.get(lock.get("post") or "", (False, True))
                kept = (posted.get(place) in wanted) != bool(lock.get("never"))
            else:
                kept = place in seated and lock.get("seat") in (None, seated[place])
            if not kept:
                where = {
                    name: value for name, value in lock.items() if name in ("person", "candidate", "sitting", "seat")
                }
                self.broken("locks", N_("已锁定的安排没有保留。"), where)

    def watched(self, name: str) -> bool:
        """Theory and examinations by machine are invigilated; practical ones and reviews are judged by examiners."""
        return self.sittings[name]["subject"] == "theory" or bool(self.sittings[name].get("by_machine"))

    def at_once(self, one: str, other: str) -> bool:
        return self.starts(one) < self.ends(other) and self.starts(other) < self.ends(one)

    def starts(self, name: str) -> datetime:
        return moment(self.sittings[name]["starts_at"])

    def ends(self, name: str) -> datetime:
        return moment(self.sittings[name]["ends_at"])


def moment(text: str) -> datetime:
    """An instant, on the clock of Beijing, by which its day is told."""
    return local_moment(datetime.fromisoformat(text))


def room_width(room: Mapping[str, Any]) -> int:
    """Seats in a row."""
    return int(room.get("per_row") or 6)
