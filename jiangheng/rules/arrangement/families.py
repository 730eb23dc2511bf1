"""The rules of an arrangement, each with its clause and its sentence, and whom each keeps from which sitting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from jiangheng.rules.arrangement.instance import SUPERVISOR, Candidate, Card, Instance, Member, Sitting
from jiangheng.rules.words import gettext_noop as N_

FAMILIES: dict[str, tuple[str, str]] = {
    "capacity": ("四（六）", N_("每个座位或工位只坐一人，停用的不安排，考场坐不下的不能编排")),
    "once": ("四（六）", N_("同一考生的两个科目不能在同一时间考试")),
    "workstations": ("四（六）", N_("工位只能安排其设备适用职业的考生")),
    "neighbours": ("四（六）", N_("前后左右相邻的座位不能使用同一套试卷")),
    "accessible": ("四（六）", N_("需要无障碍座位的考生应安排在无障碍座位")),
    "extra_time": ("四（六）", N_("需要延长时间的考生应安排在设有延长时间的场次")),
    "invigilators": ("四（七）", N_("每个考场的监考人数和监考与考生的比例不得低于规定")),
    "examiners": ("四（七）", N_("考评组人数和考评员与考生的比例不得低于规定")),
    "odd": ("四（七）", N_("考评组须为单数")),
    "supervisors": ("四（七）", N_("要求内部质量督导的场次须有足够的内部质量督导员")),
    "card": ("四（七）", N_("须持有岗位所需的证卡")),
    "card_occupation": ("四（七）", N_("考评员证须包含所考职业")),
    "card_level": ("四（七）", N_("证卡须可考评所考等级，考评员不能考评的等级须由高级考评员考评")),
    "card_valid": ("四（七）", N_("证卡在考试当日须有效")),
    "kin": ("四（七）", N_("与考生有亲属等关系的须回避")),
    "same_employer": ("四（七）", N_("与考生同一工作单位的须回避")),
    "taught": ("四（七）", N_("为考生任过课的须回避")),
    "own_school": ("四（七）", N_("送考单位的人员须回避")),
    "one_place": ("四（七）", N_("同一人在同一时间只能在一个考场")),
    "workload": ("四（七）", N_("每人承担的场次不得超过本人的上限")),
    "away": ("四（七）", N_("本人不能到场的时间不能安排")),
    "consecutive": ("四（七）", N_("考评员在同一机构连续考评不得超过规定次数")),
    "rotation": ("四（七）", N_("考评组每次须轮换规定比例的人员")),
    "locks": ("四（七）", N_("已锁定的安排应予保留")),
}
RECUSALS = ("kin", "same_employer", "taught", "own_school")


def turns(instance: Instance) -> Mapping[str, int]:
    """How many of the body's last examinations in a row each person examined at, up to now."""
    running: dict[str, int] = {}
    gone: set[str] = set()
    for team in reversed(instance.history):
        gone |= running.keys() - team
        for person in team - gone:
            running[person] = running.get(person, 0) + 1
        gone |= instance.people.keys() - team
    return running


def unfit(person: Member, sitting: Sitting, law: Mapping[str, Any], in_a_row: int) -> frozenset[str]:
    """The families that keep this person from this sitting, whoever the candidates are."""
    found = set()
    if any(begin < sitting.ends_at and sitting.starts_at < end for begin, end in person.away):
        found.add("away")
    kinds = ("invigilator",) if sitting.invigilated else ("examiner", "senior_examiner")
    cards = [card for card in person.cards if card.kind in kinds]
    if not cards:
        return frozenset(found | {"card"})
    if sitting.invigilated:
        if not any(_valid(card, sitting) for card in cards):
            found.add("card_valid")
        return frozenset(found)
    for occupation, level in sitting.exams:
        fitting = [card for card in cards if card.occupation in ("", occupation)]
        if not fitting:
            found.add("card_occupation")
            fitting = cards
        able = [card for card in fitting if _may_judge(card, level, law)]
        if not able:
            found.add("card_level")
        if not any(_valid(card, sitting) for card in able or fitting):
            found.add("card_valid")
    if in_a_row >= law["max_consecutive_at_body"]:
        found.add("consecutive")
    return frozenset(found)


def unfit_to_supervise(person: Member, sitting: Sitting) -> frozenset[str]:
    """The families that keep this person from supervising this sitting, whoever the candidates are."""
    found = set()
    if any(begin < sitting.ends_at and sitting.starts_at < end for begin, end in person.away):
        found.add("away")
    cards = [card for card in person.cards if card.kind == SUPERVISOR]
    if not cards:
        found.add("card")
    elif not any(_valid(card, sitting) for card in cards):
        found.add("card_valid")
    return frozenset(found)


def _may_judge(card: Card, level: int, law: Mapping[str, Any]) -> bool:
    """1 is the highest level: an examiner's card reaches up to the law's, a senior examiner's to all."""
    by_kind = card.kind == "senior_examiner" or level >= law["examiner_max_level"]
    return by_kind and (not card.levels or level in card.levels)


def _valid(card: Card, sitting: Sitting) -> bool:
    return card.valid_from <= sitting.starts_at.date() and sitting.ends_at.date() <= card.valid_to


def recusals(people: Iterable[Member], candidates: Iterable[Candidate]) -> dict[str, dict[str, frozenset[str]]]:
    """By candidate and family, who must stand back from them."""
    by_kin, by_class, by_employer = defaultdict(set), defaultdict(set), defaultdict(set)
    for person in people:
        for other in person.kin:
            by_kin[other].add(person.id)
        for name in person.taught:
            by_class[name].add(person.id)
        if person.employer:
            by_employer[person.employer].add(person.id)
    return {
        each.id: {
            family: frozenset(persons)
            for family, persons in (
                ("kin", by_kin.get(each.id, ())),
                ("same_employer", by_employer.get(each.employer, ()) if each.employer else ()),
                ("taught", by_class.get(each.class_name, ()) if each.class_name else ()),
                ("own_school", by_employer.get(each.school, ()) if each.school else ()),
            )
            if persons
        }
        for each in candidates
    }


def examiners_needed(sitting: Sitting, law: Mapping[str, Any]) -> tuple[int, bool, int | None]:
    """For a sitting judged by examiners: least number, whether odd, and candidates per examiner (None: no ratio)."""
    if sitting.subject == "review":
        return law["review_committee_min"], law["review_committee_odd"], None
    ratio = sitting.candidates_per_examiner or law["skill_examiner_ratio"]
    return law["skill_examiner_min"], law["skill_examiner_odd"], ratio
