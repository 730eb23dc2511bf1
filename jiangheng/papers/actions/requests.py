"""Asking for papers (附件8) and drawing them (四（二）, 四（三）)."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jiangheng.journal.actions import action, move, record, send, stale
from jiangheng.journal.actions.numbering import take
from jiangheng.papers import guards, queries
from jiangheng.papers.models import Item, ItemUse, Movement, PaperRequest, PaperSet
from jiangheng.plans import checks
from jiangheng.rules import codes, flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import papers as rules
from jiangheng.rules.given import PaperRequestGiven
from jiangheng.rules.readers import phones
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

MEDIA = ("machine", "paper", "skill")
LETTERS = "ABCDEFGHIJKL"
COLLECTORS = (2, 3)


@action("papers.draft_request")
def draft_request(
    *,
    by: Person,
    now: datetime,
    plan_id: int,
    row_id: int,
    subject: str,
    given: PaperRequestGiven,
) -> PaperRequest:
    """Fill in 附件8 for one subject of one plan row (四（三）).

    Refusals (422): ``papers.subject``, ``papers.collectors``,
    ``papers.counts``, ``papers.room``; ``papers.once`` (409) when the subject has a request already.
    """
    plan = queries.own_plan(by, plan_id)
    row = plan.rows.filter(pk=row_id).first()
    if row is None or subject not in {each.get("subject") for each in row.subjects}:
        raise refuse(
            "papers.subject",
            N_("所选计划中没有这个职业、等级或科目。"),
            N_("请从计划中选择要用卷的科目。"),
            clause="四（三）",
            status=422,
        )
    checks.require_filed(plan, now, row=row)
    if plan.state not in flows.states("plan", "ahead"):
        raise refuse(
            "papers.plan_state",
            N_("认定计划尚未报送或已取消，不能申请用卷。"),
            N_("请先报送认定计划。"),
            clause="四（三）",
        )
    values = _checked(given)
    if PaperRequest.objects.filter(row=row, subject=subject).exists():
        raise _once()
    request = _numbered(now, plan_id=plan.pk, row=row, subject=subject, created_at=now, **values)
    record(request, after={"number": request.number, "subject": subject, **_told(values)})
    return request


@action("papers.change_request")
def change_request(
    *, by: Person, now: datetime, request_id: int, given: PaperRequestGiven, seen: int | None = None
) -> PaperRequest:
    """Change a draft or returned request; plan and subject stay."""
    request = _own(by, request_id)
    if request.state not in flows.states("paper_request", "editable"):
        raise _shut()
    values = _checked(given)
    before = {name: getattr(request, name) for name in values}
    rows = PaperRequest.objects.filter(pk=request.pk, version=request.version if seen is None else seen)
    if rows.update(version=request.version + 1, **values) == 0:
        raise stale()
    request.refresh_from_db()
    record(request, before=_told(before), after=_told(values))
    return request


@action("paper_request.submit")
def submit(*, by: Person, now: datetime, request_id: int, note: str = "", seen: int | None = None) -> PaperRequest:
    """Hand the request to the centre (四（三）)."""
    request = queries.get(by, request_id)
    return move(request, "submit", note=note, seen=seen)


@action("paper_request.return")
def return_request(*, by: Person, now: datetime, request_id: int, note: str, seen: int | None = None) -> PaperRequest:
    """Give the request back with a reason (四（三）)."""
    request = move(queries.get(by, request_id), "return", note=note, seen=seen)
    _tell(request, "returned", N_("用卷申请已退回"), note)
    return request


@action("paper_request.draw")
def draw(
    *,
    by: Person,
    now: datetime,
    request_id: int,
    second_person: str,
    seed: str = "",
    note: str = "",
    seen: int | None = None,
) -> PaperRequest:
    """Draw the sets by a seed, or take the body's own three where the bank lacks items (四（二）, 四（三）).

    The seed stays in custody until the papers have come back; the journal holds its SHA-256. Refusals (409):
    ``papers.three_sets``, ``papers.used_before``; ``papers.two_people`` (422).
    """
    request = queries.get(by, request_id)
    two_people(by.name, second_person)
    law = values.law(local_day(now))
    shelf = queries.stock(request.row.occupation_code, request.row.level, request.subject)
    size = int(law.value("theory_items"))
    seed = seed or secrets.token_hex(16)
    chosen = _from_bank(request, shelf, size, seed, law.value("full_mark"), now)
    if not chosen:
        chosen = list(queries.own_sets(request))
        rules.require_three_sets(len(chosen), law)
    used = queries.used_before([each.sha256 for each in chosen], request)
    if used:
        raise refuse(
            "papers.used_before",
            N_("第%(letter)s套试题与%(number)s用过的试卷内容相同，不得重复使用。"),
            N_("请补充试题或更换命制的套卷后重新组卷。"),
            clause="四（五）",
            letter=next(each.letter for each in chosen if each.sha256 == used[0].sha256),
            number=used[0].request.number if used[0].request else used[0].code,
        )
    PaperSet.objects.filter(pk__in=[each.pk for each in chosen]).update(chosen=True)
    Movement.objects.bulk_create(
        [
            Movement(
                request=request, paper_set=each, kind="drawn", first_person=by.name, second_person=second_person, at=now
            )
            for each in chosen
        ]
    )
    sealed = hashlib.sha256(seed.encode()).hexdigest()
    move(request, "draw", note=note, seen=seen)
    PaperRequest.objects.filter(pk=request.pk).update(seed=seed)
    record(
        request,
        after={"sets": len(chosen), "source": chosen[0].source, "seed_sha256": sealed, "second_person": second_person},
    )
    _tell(request, "drawn", N_("试卷已组卷，待封装发放"), "")
    return request


def _from_bank(
    request: PaperRequest, shelf: Mapping[str, Sequence[int]], size: int, seed: str, full_mark: int, now: datetime
) -> list[PaperSet]:
    """The sets drawn from the bank, each kind in the proportion the bank holds it; empty where it lacks items."""
    total = sum(len(ids) for ids in shelf.values())
    if total < size:
        return []
    wanted = _shares({kind: len(ids) for kind, ids in shelf.items()}, size)
    sets: list[list[int]] = [[] for _ in range(request.sets_wanted)]
    for kind in sorted(wanted, key=codes.keys("question_kind").index):
        drawn = rules.draw_sets(shelf[kind], wanted[kind], request.sets_wanted, f"{seed}:{kind}")
        if drawn is None:
            return []
        for place, chosen in enumerate(drawn):
            sets[place] += chosen
    items = Item.objects.in_bulk([item for ids in sets for item in ids])
    points = full_mark / size
    rows = []
    for place, ids in enumerate(sets):
        content = [
            {
                "item": item,
                "kind": items[item].kind,
                "stem": items[item].stem,
                "options": items[item].options,
                "answer": items[item].answer,
                "points": int(points) if points == int(points) else points,
            }
            for item in ids
        ]
        rows.append(
            PaperSet.objects.create(
                request=request,
                occupation_code=request.row.occupation_code,
                level=request.row.level,
                subject=request.subject,
                code=f"{request.number}-{LETTERS[place]}",
                letter=LETTERS[place],
                source="bank",
                content=content,
                questions=len(content),
                sha256=digest(content),
                created_at=now,
            )
        )
    ItemUse.objects.bulk_create(
        [ItemUse(item_id=item, paper_set=row, at=now) for row, ids in zip(rows, sets, strict=True) for item in ids],
        batch_size=500,
    )
    return rows


def _shares(held: Mapping[str, int], size: int) -> dict[str, int]:
    """``size`` shared out over the kinds in proportion to what is held: largest remainders first."""
    total = sum(held.values())
    shares = {kind: size * count // total for kind, count in held.items()}
    rest = sorted(held, key=lambda kind: (-(size * held[kind] % total), kind))
    for kind in rest[: size - sum(shares.values())]:
        shares[kind] += 1
    return {kind: count for kind, count in shares.items() if count}


def digest(content: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of a set's questions whatever their order, so that a reshuffled copy is known again."""
    lines = sorted(
        json.dumps([row["stem"], sorted(map(str, row["options"]))], ensure_ascii=False, sort_keys=True)
        for row in content
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def two_people(first: str, second: str) -> None:
    """Refusal ``papers.two_people`` (422) unless two different people are named: 双人双锁（四（五））."""
    if not first.strip() or not second.strip() or first.strip() == second.strip():
        raise refuse(
            "papers.two_people",
            N_("试卷须由两名不同的人员共同办理，请写明第二人姓名。"),
            N_("请填写在场的另一名经办人。"),
            clause="四（五）",
            status=422,
        )


def _own(by: Person, request_id: int) -> PaperRequest:
    request = queries.get(by, request_id)
    if refusal := guards.not_yours(by, request.plan.body_id):
        raise refusal
    return request


def _once() -> Refusal:
    return refuse(
        "papers.once", N_("该计划的这个科目已有用卷申请，不能重复申请。"), N_("请在原申请上修改。"), clause="四（三）"
    )


def _shut() -> Refusal:
    return refuse(
        "papers.shut", N_("申请已提交，不能再修改。"), N_("如需修改，请联系市鉴定中心退回。"), clause="四（三）"
    )


def _checked(given: PaperRequestGiven) -> dict[str, Any]:
    people = [
        {"name": str(each.get("name", "")).strip(), "phone": phones.tidy(each.get("phone", ""))[:30]}
        for each in given.collectors
    ]
    people = [each for each in people if each["name"]]
    least, most = COLLECTORS
    if not least <= len(people) <= most or len({each["name"] for each in people}) < len(people):
        raise refuse(
            "papers.collectors",
            N_("领卷人应为%(least)s至%(most)s名不同的人员。"),
            N_("请填写领卷人姓名和电话。"),
            clause="四（五）",
            status=422,
            least=least,
            most=most,
        )
    if (
        given.medium not in MEDIA
        or given.candidates < 1
        or given.spare_copies < 0
        or not 1 <= given.sets_wanted <= len(LETTERS)
    ):
        raise refuse(
            "papers.counts",
            N_("考生人数、套数或备用份数填写不正确。"),
            N_("请核对后重新填写：人数至少1人，套数1至12套，备用份数不小于0。"),
            clause="四（三）",
            status=422,
        )
    if not given.custody_room.strip():
        raise refuse("papers.room", N_("请填写试卷保密室。"), N_("请写明保密室的位置。"), clause="四（五）", status=422)
    return {**asdict(given), "collectors": people, "custody_room": given.custody_room.strip()}


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps of a request: names of collectors, not their telephones."""
    return {**values, "collectors": [each["name"] for each in values["collectors"]]}


def _numbered(now: datetime, **facts: Any) -> PaperRequest:
    """A request under the next number of the year; refused where somebody else asked for the same meanwhile."""
    try:
        with transaction.atomic():
            return PaperRequest.objects.create(number=take("paper", now), **facts)
    except IntegrityError:
        raise _once() from None


def _tell(request: PaperRequest, what: str, subject: str, body: str) -> None:
    send(
        key=f"paper_request:{request.pk}:{what}:{request.version}",
        channel="notice",
        subject=subject,
        body=body,
        to_organisation=request.plan.body_id,
        record=request,
    )
