"""Hard rules on who may staff a sitting: cards, numbers, ratios, recusal, one place at a time, rotation (四（七）)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.law import Law
from jiangheng.rules.words import gettext_noop as N_

POSTS: dict[str, str] = {
    "chief": N_("主考"),
    "invigilator": N_("监考"),
    "examiner_lead": N_("考评组长"),
    "examiner": N_("考评员"),
    "internal_supervisor": N_("内部质量督导员"),
}
EXAMINER_POSTS = ("examiner", "examiner_lead")
INVIGILATOR_POSTS = ("chief", "invigilator")
CARDS_FOR = {
    "examiner": ("examiner", "senior_examiner"),
    "examiner_lead": ("examiner", "senior_examiner"),
    "chief": ("invigilator",),
    "invigilator": ("invigilator",),
    "internal_supervisor": ("internal_supervisor",),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A card: kind, occupation code ("" for any), first and last valid day."""

    kind: str
    occupation_code: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """A person: cards, employer, whom they must stand back from, and their consecutive turns at the body.

    ``verified``: their document has been seen; ``away`` are the times they cannot come, ``most`` the sittings of one plan they take on (None: any number).
    """

    id: int
    name: str
    cards: tuple[Card, ...] = ()
    employer: int | None = None
    employer_name: str = ""
    kin: frozenset[int] = frozenset()
    taught: frozenset[int] = frozenset()
    consecutive_at_body: int = 0
    away: tuple[tuple[datetime, datetime], ...] = ()
    most: int | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """A candidate of a sitting: identity, employer's name, and the organisations that taught or sent them."""

    identity: int
    employer_name: str = ""
    organisations: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """A sitting to be staffed; times are aware moments.

    Sittings of one ``place`` (a room at a time) may be watched by the same people; examiners judge one of them.
    """

    id: int
    subject: str
    occupation_code: str
    level: int
    starts_at: datetime
    ends_at: datetime
    candidates: tuple[CandidateFacts, ...]
    candidates_per_examiner: int | None = None
    by_machine: bool = False
    plan: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One person in one post of one sitting."""

    sitting: int
    person: int
    post: str


@dataclass(frozen=True, slots=True)
class StaffFault:
    """A broken rule: its code, the sitting and person concerned, a sentence with its places."""

    code: str
    sitting: int
    person: int | None
    clause: str
    message: str
    params: dict[str, str | int] = field(default_factory=dict)


def staff_faults(
    posts: Sequence[Post], people: Iterable[StaffFacts], sittings: Iterable[SittingFacts], law: Law
) -> list[StaffFault]:
    """Every rule the assignment breaks; an empty list means it may stand."""
    known = {person.id: person for person in people}
    faults: list[StaffFault] = []
    by_sitting: dict[int, list[Post]] = defaultdict(list)
    for post in posts:
        by_sitting[post.sitting].append(post)
    rows = {sitting.id: sitting for sitting in sittings}
    for sitting in rows.values():
        standing = by_sitting[sitting.id]
        faults += _numbers(sitting, standing, law)
        for post in standing:
            faults += _fitness(sitting, post, known[post.person], law)
            faults += _recusal(sitting, known[post.person])
    faults += _places(posts, rows, known)
    faults += _loads(posts, rows, known)
    return faults


def needed(sitting: SittingFacts, law: Law) -> int:
    """The fewest invigilators or examiners a sitting may have."""
    heads = len(sitting.candidates)
    if sitting.subject == "theory" or sitting.by_machine:
        return max(int(law.value("min_per_room")), -(-heads // int(law.value("invigilator_ratio"))))
    if sitting.subject == "review":
        least, odd, ratio = int(law.value("review_committee_min")), law.value("review_committee_odd"), None
    else:
        least, odd = int(law.value("skill_examiner_min")), law.value("skill_examiner_odd")
        ratio = sitting.candidates_per_examiner or int(law.value("skill_examiner_ratio"))
    if ratio:
        least = max(least, -(-heads // ratio))
    return least + (1 if odd and least % 2 == 0 else 0)


def too_little_rotated(examiners: Collection[int], last_team: Collection[int], law: Law) -> StaffFault | None:
    """Whether too small a share of a plan's examiners is new since the body's last examination (四（七）)."""
    share = Fraction(str(law.value("min_rotation_share")))
    fresh = len(set(examiners) - set(last_team))
    if not examiners or not last_team or Fraction(fresh, len(set(examiners))) >= share:
        return None
    return StaffFault(
        "staff.share",
        0,
        None,
        "四（七）",
        N_("考评员%(used)s人，比上一次只轮换了%(fresh)s人，规定的比例是%(share)s。"),
        {"used": len(set(examiners)), "fresh": fresh, "share": str(share)},
    )


def bars(sitting: SittingFacts, person: StaffFacts, post: str, law: Law) -> list[StaffFault]:
    """Every rule that keeps one person from one post in one sitting, whoever else is posted there."""
    return _fitness(sitting, Post(sitting.id, person.id, post), person, law) + _recusal(sitting, person)


def _fault(
    code: str, sitting: SittingFacts, message: str, person: StaffFacts | None = None, **params: str | int
) -> StaffFault:
    names = {"name": person.name} if person else {}
    return StaffFault(code, sitting.id, person.id if person else None, "四（七）", message, {**names, **params})


def _numbers(sitting: SittingFacts, standing: Sequence[Post], law: Law) -> list[StaffFault]:
    heads = len(sitting.candidates)
    examiners = sum(post.post in EXAMINER_POSTS for post in standing)
    invigilators = sum(post.post in INVIGILATOR_POSTS for post in standing)
    faults = []
    if sitting.subject == "theory" or sitting.by_machine:
        least = max(law.value("min_per_room"), -(-heads // law.value("invigilator_ratio")))
        if invigilators < least:
            faults.append(
                _fault(
                    "staff.invigilators",
                    sitting,
                    N_("考生%(heads)s人，至少需要监考%(least)s人，现有%(have)s人。"),
                    heads=heads,
                    least=least,
                    have=invigilators,
                )
            )
        return faults
    if sitting.subject == "review":
        least, odd, ratio = law.value("review_committee_min"), law.value("review_committee_odd"), None
    else:
        least, odd = law.value("skill_examiner_min"), law.value("skill_examiner_odd")
        ratio = sitting.candidates_per_examiner or law.value("skill_examiner_ratio")
    if ratio:
        least = max(least, -(-heads // ratio))
    if examiners < least:
        faults.append(
            _fault(
                "staff.examiners",
                sitting,
                N_("考生%(heads)s人，至少需要考评员%(least)s人，现有%(have)s人。"),
                heads=heads,
                least=least,
                have=examiners,
            )
        )
    if odd and examiners % 2 == 0:
        faults.append(_fault("staff.odd", sitting, N_("考评组须为单数，现有%(have)s人。"), have=examiners))
    return faults


def _fitness(sitting: SittingFacts, post: Post, person: StaffFacts, law: Law) -> list[StaffFault]:
    if any(begins < sitting.ends_at and sitting.starts_at < ends for begins, ends in person.away):
        return [_fault("staff.away", sitting, N_("%(name)s已登记此时不能到场。"), person)]
    if not person.verified and law.value("staff_identity_required"):
        return [_fault("staff.identity", sitting, N_("%(name)s的身份证件尚未核验，无法核对是否须回避。"), person)]
    on = local_day(sitting.starts_at)
    cards = [card for card in person.cards if card.kind in CARDS_FOR[post.post]]
    if not cards:
        return [_fault("staff.card", sitting, N_("%(name)s没有担任该岗位所需的证卡。"), person)]
    valid = [card for card in cards if card.valid_from <= on <= card.valid_to]
    if not valid:
        return [_fault("staff.expired", sitting, N_("%(name)s的证卡在%(on)s不在有效期内。"), person, on=on.isoformat())]
    if post.post not in EXAMINER_POSTS:
        return []
    fitting = [card for card in valid if card.occupation_code in ("", sitting.occupation_code)]
    if not fitting:
        return [_fault("staff.occupation", sitting, N_("%(name)s的考评员证不含该职业。"), person)]
    if sitting.level < law.value("examiner_max_level") and all(card.kind != "senior_examiner" for card in fitting):
        return [_fault("staff.level", sitting, N_("%(name)s是考评员，不能考评该等级，须为高级考评员。"), person)]
    if person.consecutive_at_body >= law.value("max_consecutive_at_body"):
        return [
            _fault(
                "staff.rotation",
                sitting,
                N_("%(name)s在该机构已连续考评%(times)s次，须轮换。"),
                person,
                times=person.consecutive_at_body,
            )
        ]
    return []


def _recusal(sitting: SittingFacts, person: StaffFacts) -> list[StaffFault]:
    faults = []
    identities = {candidate.identity for candidate in sitting.candidates}
    sent_by = frozenset().union(*(candidate.organisations for candidate in sitting.candidates))
    employers = {candidate.employer_name for candidate in sitting.candidates if candidate.employer_name}
    if person.kin & identities:
        faults.append(_fault("recusal.kin", sitting, N_("%(name)s已申报与本场考生有亲属等关系，须回避。"), person))
    if person.taught & sent_by:
        faults.append(_fault("recusal.taught", sitting, N_("%(name)s曾为本场考生任课，须回避。"), person))
    if person.employer is not None and person.employer in sent_by:
        faults.append(_fault("recusal.school", sitting, N_("%(name)s是送考单位的人员，须回避。"), person))
    if person.employer_name and person.employer_name in employers:
        faults.append(_fault("recusal.employer", sitting, N_("%(name)s与本场考生同一工作单位，须回避。"), person))
    return faults


def _place(post: Post, rows: dict[int, SittingFacts]) -> str:
    """Where a post is: those who watch a room watch all of it, examiners judge one sitting."""
    own = rows[post.sitting].place if post.post not in EXAMINER_POSTS else ""
    return own or f"sitting {post.sitting}"


def _loads(posts: Sequence[Post], rows: dict[int, SittingFacts], known: dict[int, StaffFacts]) -> list[StaffFault]:
    """Nobody takes on more sittings of one plan than they said."""
    mine: dict[tuple[int, int], dict[str, SittingFacts]] = defaultdict(dict)
    for post in posts:
        if post.sitting in rows:
            mine[post.person, rows[post.sitting].plan][_place(post, rows)] = rows[post.sitting]
    faults = []
    for (person, _plan), sittings in mine.items():
        most = known[person].most
        if most is not None and len(sittings) > most:
            faults += [
                _fault(
                    "staff.workload",
                    sitting,
                    N_("%(name)s在本次认定中最多承担%(most)s场，已安排%(have)s场。"),
                    known[person],
                    most=most,
                    have=len(sittings),
                )
                for sitting in sittings.values()
            ]
    return faults


def _places(posts: Sequence[Post], rows: dict[int, SittingFacts], known: dict[int, StaffFacts]) -> list[StaffFault]:
    faults = []
    by_person: dict[int, dict[str, SittingFacts]] = defaultdict(dict)
    for post in posts:
        if post.sitting in rows:
            sitting, place = rows[post.sitting], _place(post, rows)
            known_there = by_person[post.person].get(place, sitting)
            by_person[post.person][place] = max(sitting, known_there, key=lambda each: each.ends_at)
    for person, once in by_person.items():
        busy_until: datetime | None = None
        for sitting in sorted(once.values(), key=lambda sitting: (sitting.starts_at, sitting.id)):
            if busy_until is not None and sitting.starts_at < busy_until:
                faults.append(
                    _fault("staff.two_places", sitting, N_("%(name)s在同一时间被安排到两个考场。"), known[person])
                )
            busy_until = max(busy_until or sitting.ends_at, sitting.ends_at)
    return faults
