"""Step 10: candidates sign in, answer over HTTP, are marked by three examiners; room records are signed by two."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from jiangheng.demonstration import examination
from jiangheng.demonstration.browser import CandidateBrowser
from jiangheng.demonstration.stage import Stage
from jiangheng.exam_day import actions as exam_day
from jiangheng.papers import queries as papers
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Seat, Sitting

ABSENT_EVERY = 20
SKILL_OF_WEAK, SKILL_OF_SOUND = (48, 66), (66, 95)
WEAK_SHARE, RIGHT_OF_WEAK, RIGHT_OF_SOUND = 0.1, 0.5, 0.85


def sit(stage: Stage) -> str:
    """10. Theory over HTTP in the machine rooms, the practical by three independent examiners (四（五）（七）)."""
    source = random.Random(f"示例-{stage.plan.number}")  # noqa: S311 - an invented performance
    seen: Counter[str] = Counter()
    for sitting, team in examination.posted(stage, "theory", examination.rooms_of(stage, "machine")):
        _theory(sitting, team, source, seen)
    for sitting, team in examination.posted(stage, "skill", examination.rooms_of(stage, "skill")):
        _practical(sitting, team, source, seen)
    return (
        f"理论到考 {seen['theory']} 人，保存答案 {seen['answers']} 条（网页提交），"
        f"技能评分 {seen['marks']} 份，缺考 {seen['absent']} 人，考场记录双签 {seen['records']} 份"
    )


def _open(sitting: Sitting, team: Sequence[Person], seen: Counter[str], name: str) -> list[Seat]:
    """Seals looked at, candidates admitted, the rest absent, opened by a second person; returns who is there."""
    before = sitting.starts_at - timedelta(minutes=15)
    if sitting.state == "briefed":
        exam_day.unseal(by=team[0], now=before, sitting_id=sitting.pk)
    seats = list(
        Seat.objects.filter(sitting=sitting)
        .select_related("application__ticket", "application__identity")
        .order_by("number")
    )
    present = [seat for seat in seats if seat.application_id % ABSENT_EVERY]
    if sitting.state == "briefed":
        for seat in seats:
            done = exam_day.sign_in if seat in present else exam_day.mark_absent
            done(by=team[1], now=before, sitting_id=sitting.pk, ticket_number=seat.application.ticket.number)
        exam_day.open_sitting(by=team[1], now=sitting.starts_at, sitting_id=sitting.pk)
        sitting.refresh_from_db()
    seen["absent"] += len(seats) - len(present) if name == "theory" else 0
    seen[name] += len(present)
    return present


def _close(sitting: Sitting, team: Sequence[Person], present: int, at: datetime, seen: Counter[str]) -> None:
    """Closed, recorded and signed by two different people."""
    if sitting.state == "open":
        exam_day.close(by=team[0], now=at, sitting_id=sitting.pk)
    exam_day.sign_first(
        by=team[0],
        now=at + timedelta(minutes=5),
        sitting_id=sitting.pk,
        papers_received=present,
        papers_returned=present,
    )
    exam_day.sign(by=team[1], now=at + timedelta(minutes=10), sitting_id=sitting.pk)
    seen["records"] += 1


def _theory(sitting: Sitting, team: Sequence[Person], source: random.Random, seen: Counter[str]) -> None:
    if sitting.state == "recorded":
        return
    present = _open(sitting, team, seen, "theory")
    keys = {
        set_id: [str(row["answer"]) for row in content]
        for set_id, content in papers.contents({_set_of(seat) for seat in present}).items()
    }
    for seat in present:
        right = RIGHT_OF_WEAK if source.random() < WEAK_SHARE else RIGHT_OF_SOUND
        key = keys[_set_of(seat)]
        answers = {
            number: answer if source.random() < right else _wrong(answer) for number, answer in enumerate(key, start=1)
        }
        browser = CandidateBrowser(seat, sitting, sitting.starts_at + timedelta(minutes=5))
        seen["answers"] += browser.write(answers)
    _close(sitting, team, len(present), sitting.ends_at, seen)


def _set_of(seat: Seat) -> int:
    seat.refresh_from_db(fields=["paper_set"])
    return seat.paper_set_id or 0


def _wrong(answer: str) -> str:
    """Another answer of the same kind."""
    if answer in ("T", "F"):
        return "F" if answer == "T" else "T"
    return "B" if answer == "A" else "A"


def _practical(sitting: Sitting, team: Sequence[Person], source: random.Random, seen: Counter[str]) -> None:
    if sitting.state == "recorded":
        return
    present = _open(sitting, team, seen, "skill")
    for seat in present:
        low, high = SKILL_OF_WEAK if source.random() < WEAK_SHARE else SKILL_OF_SOUND
        level = source.randint(low, high)
        for examiner in team:
            mark = Decimal(max(0, min(100, level + source.randint(-2, 2))))
            exam_day.enter_mark(by=examiner, now=sitting.starts_at + timedelta(minutes=60), seat_id=seat.pk, mark=mark)
            seen["marks"] += 1
    _close(sitting, team, len(present), sitting.ends_at, seen)
