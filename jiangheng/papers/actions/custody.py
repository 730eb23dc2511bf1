"""Sealing, issuing, taking back and balancing: every line by two people, none ever changed (四（五）)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from jiangheng.journal.actions import action, move, record
from jiangheng.papers import queries
from jiangheng.papers.actions.requests import two_people
from jiangheng.papers.models import Movement, PaperRequest, PaperSet
from jiangheng.rules.examination import papers as rules
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


@action("papers.seal")
def seal(
    *, by: Person, now: datetime, request_id: int, seals: Mapping[str, str], second_person: str, place: str = ""
) -> PaperRequest:
    """Put every drawn set under a numbered seal; ``seals`` maps set letter to seal number (四（五）).

    Refusals: ``papers.two_people``, ``papers.seals`` (422: a set without a number, or one number twice);
    ``papers.not_drawn`` (409).
    """
    request = queries.get(by, request_id)
    if request.state != "drawn":
        raise _not_drawn()
    two_people(by.name, second_person)
    sets = list(queries.chosen_sets(request))
    numbers = {each.letter: str(seals.get(each.letter, "")).strip()[:40] for each in sets}
    taken = PaperSet.objects.filter(seal_number__in=numbers.values()).exclude(request=request).exists()
    if not all(numbers.values()) or len(set(numbers.values())) < len(sets) or taken:
        raise refuse(
            "papers.seals",
            N_("每套试卷都要有各不相同、未用过的封签号。"),
            N_("请逐套核对封签上的号码后重新填写。"),
            clause="四（五）",
            status=422,
        )
    for each in sets:
        PaperSet.objects.filter(pk=each.pk).update(seal_number=numbers[each.letter])
    copies = shared_out(request.candidates + request.spare_copies, len(sets))
    _lines(
        request,
        sets,
        "sealed",
        dict(zip((each.letter for each in sets), copies, strict=True)),
        by.name,
        second_person,
        now,
        place=place,
    )
    record(request, after={"seals": numbers, "second_person": second_person})
    return request


@action("paper_request.issue")
def issue(
    *,
    by: Person,
    now: datetime,
    request_id: int,
    second_person: str,
    received_by: list[str],
    note: str = "",
    seen: int | None = None,
) -> PaperRequest:
    """Hand the sealed sets to the collectors named in the request (四（五）).

    Refusals: ``papers.two_people``, ``papers.receivers`` (422: fewer than two, or nobody the request names);
    ``papers.not_sealed`` (409).
    """
    request = queries.get(by, request_id)
    two_people(by.name, second_person)
    sets = list(queries.chosen_sets(request))
    named = {each["name"] for each in request.collectors}
    receivers = sorted({name.strip() for name in received_by if name.strip()})
    if len(receivers) < 2 or not set(receivers) <= named:
        raise refuse(
            "papers.receivers",
            N_("领卷须由申请表上登记的两名以上领卷人到场。"),
            N_("登记的领卷人：%(named)s。人员变动请先退回申请更正。"),
            clause="四（五）",
            status=422,
            named="、".join(sorted(named)),
        )
    copies = _sums(request, sets, "sealed")
    move(request, "issue", note=note, seen=seen)
    _lines(
        request,
        sets,
        rules.ISSUED,
        copies,
        by.name,
        second_person,
        now,
        received_by="、".join(receivers),
        place=request.custody_room,
    )
    record(request, after={"copies": sum(copies.values()), "second_person": second_person, "received_by": receivers})
    return request


@action("paper_request.take_back")
def take_back(
    *,
    by: Person,
    now: datetime,
    request_id: int,
    counts: Mapping[str, Mapping[str, int]],
    second_person: str,
    remark: str = "",
    note: str = "",
    seen: int | None = None,
) -> PaperRequest:
    """Take the papers back; ``counts`` maps set letter to ``{"used", "spare", "void"}`` copies (四（五）).

    Refusals (422): ``papers.two_people``, ``papers.copies``. A gap is not refused here: it stands in the ledger
    and ``balance`` names it.
    """
    request = queries.get(by, request_id)
    two_people(by.name, second_person)
    sets = list(queries.chosen_sets(request))
    move(request, "take_back", note=note, seen=seen)
    for kind, name in ((rules.RETURNED_USED, "used"), (rules.RETURNED_SPARE, "spare"), (rules.VOIDED, "void")):
        copies = {each.letter: int(counts.get(each.letter, {}).get(name, 0)) for each in sets}
        if any(count < 0 for count in copies.values()):
            raise _bad_count()
        _lines(
            request,
            [each for each in sets if copies[each.letter]],
            kind,
            copies,
            by.name,
            second_person,
            now,
            remark=remark,
        )
    state = queries.balance_of(request)
    record(
        request,
        after={"used": state.used, "spare": state.spare, "void": state.void, "gap": state.gap, "seed": request.seed},
    )
    return request


@action("papers.record_movement")
def record_movement(
    *, by: Person, now: datetime, request_id: int, letter: str, kind: str, copies: int, second_person: str, remark: str
) -> Movement:
    """Add a line found missing when counting: used, spare or void copies with the reason (四（五）).

    Refusals: ``papers.two_people``, ``papers.copies`` (422); ``papers.not_back`` (409) before papers came back.
    """
    request = queries.get(by, request_id)
    if request.state != "taken_back":
        raise refuse("papers.not_back", N_("试卷尚未回收或已平账，不能补记。"), N_("请先登记回收。"), clause="四（五）")
    two_people(by.name, second_person)
    found = queries.chosen_sets(request).filter(letter=letter).first()
    if (
        found is None
        or copies < 1
        or kind not in (rules.RETURNED_USED, rules.RETURNED_SPARE, rules.VOIDED)
        or not remark.strip()
    ):
        raise _bad_count()
    (line,) = _lines(request, [found], kind, {letter: copies}, by.name, second_person, now, remark=remark.strip()[:200])
    record(request, note=remark.strip(), after={"letter": letter, "kind": kind, "copies": copies})
    return line


@action("paper_request.balance")
def balance(*, by: Person, now: datetime, request_id: int, note: str = "", seen: int | None = None) -> PaperRequest:
    """Close the ledger when issued = used + spare returned + void, of the whole and of every set (四（五）).

    Refusal ``papers.gap`` (409) naming the copies unaccounted for; ``papers.set_gap`` (409) naming the sets.
    """
    request = queries.get(by, request_id)
    return move(request, "balance", note=note, seen=seen)


def shared_out(copies: int, sets: int) -> list[int]:
    """``copies`` over ``sets`` as evenly as can be, the first sets taking the rest."""
    each, rest = divmod(copies, sets)
    return [each + (place < rest) for place in range(sets)]


def _sums(request: PaperRequest, sets: list[PaperSet], kind: str) -> dict[str, int]:
    letters = {each.pk: each.letter for each in sets}
    sums = dict.fromkeys(letters.values(), 0)
    for set_id, copies in Movement.objects.filter(request=request, kind=kind).values_list("paper_set_id", "copies"):
        if set_id in letters:
            sums[letters[set_id]] = copies
    return sums


def _lines(
    request: PaperRequest,
    sets: list[PaperSet],
    kind: str,
    copies: Mapping[str, int],
    first: str,
    second: str,
    now: datetime,
    *,
    received_by: str = "",
    place: str = "",
    remark: str = "",
) -> list[Movement]:
    return Movement.objects.bulk_create(
        [
            Movement(
                request=request,
                paper_set=each,
                kind=kind,
                copies=copies[each.letter],
                first_person=first[:60],
                second_person=second.strip()[:60],
                received_by=received_by[:200],
                place=place[:120],
                remark=remark[:200],
                at=now,
            )
            for each in sets
        ]
    )


def _not_drawn() -> Refusal:
    return refuse("papers.not_drawn", N_("试卷尚未组卷或已发放，不能封装。"), N_("请先抽题组卷。"), clause="四（五）")


def _bad_count() -> Refusal:
    return refuse(
        "papers.copies",
        N_("份数填写不正确。"),
        N_("请填写不小于0的整数，补记时写明原因。"),
        clause="四（五）",
        status=422,
    )
