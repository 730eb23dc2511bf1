"""Seats by lottery with a recorded seed (四（六）): access where needed, workstations that fit, neighbours' sets differ."""

from __future__ import annotations

import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jiangheng.rules.examination.seat_plans import RoomSeats
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A room (or a room at one time) by id, and how its seats stand."""

    room: int
    seats: RoomSeats


@dataclass(frozen=True, slots=True, order=True)
class Seeker:
    """A candidate, the examination they take (its number among those seated together), its occupation, their need."""

    candidate: int
    exam: int = 0
    occupation: str = ""
    access: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One candidate's room, seat (from 1) and paper set (index from 0; None where there are no sets)."""

    candidate: int
    room: int
    seat: int
    paper_set: int | None


@dataclass(frozen=True, slots=True, order=True)
class _Kind:
    """Candidates who may have the same seats."""

    exam: int
    occupation: str
    access: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """Seats of one room for the same people; ``codes`` None: any occupation; ``colour`` as on a chequerboard."""

    place: int
    accessible: bool
    codes: tuple[str, ...] | None
    colour: int


Blocks = Mapping[_Block, list[int]]
May = Mapping[_Kind, Sequence[_Block]]


def set_at(seat: int, per_row: int, sets: int) -> int:
    """The set of a seat: with two sets or more no two neighbours in a row or between rows hold the same."""
    row, column = divmod(seat - 1, per_row)
    return (column + row) % sets


def seat(
    candidates: Iterable[Seeker], rooms: Sequence[RoomPlan], seed: str, sets: Mapping[int, int] | None = None
) -> tuple[Place, ...]:
    """Seat everyone, drawn by ``seed``, rooms filled in the order given.

    ``sets`` is how many paper sets each examination has: two or more alternate, with one its candidates sit apart,
    with none they may sit anywhere. Nobody gets a seat out of use, whoever needs it an accessible one, everybody a
    workstation that serves their occupation. Refusals (409): ``seating.capacity``, ``seating.access``,
    ``seating.stations``, ``seating.apart``, ``seating.together``.
    """
    sets = sets or {}
    order = sorted(candidates)
    random.Random(seed).shuffle(order)  # noqa: S311 - repeatable from the recorded seed is the point
    people: dict[_Kind, deque[tuple[int, Seeker]]] = defaultdict(deque)
    for rank, each in enumerate(order):
        people[_Kind(each.exam, each.occupation, each.access)].append((rank, each))
    wanted = {kind: len(people[kind]) for kind in sorted(people)}
    alone = sorted({kind.exam for kind in wanted if sets.get(kind.exam) == 1})
    blocks = _blocks(rooms, coloured=bool(alone))
    may = {kind: _fitting(kind, blocks, alone) for kind in wanted}
    shares = _shared(wanted, may, blocks)
    if sum(shares.values()) < len(order):
        raise _refusal(wanted, may, blocks, apart=bool(alone))
    found: list[tuple[int, Place]] = []
    for block, numbers in blocks.items():
        drawn = sorted(people[kind].popleft() for kind in wanted for _ in range(shares[kind, block]))
        room = rooms[block.place]
        for (_rank, who), number in zip(drawn, numbers, strict=False):
            many = sets.get(who.exam, 0)
            chosen = set_at(number, room.seats.per_row, many) if many else None
            found.append((block.place, Place(who.candidate, room.room, number, chosen)))
    return tuple(place for _place, place in sorted(found, key=lambda each: (each[0], each[1].seat)))


def _blocks(rooms: Sequence[RoomPlan], *, coloured: bool) -> dict[_Block, list[int]]:
    """The seats in use room by room; those anybody can do without before those somebody may need."""
    found: dict[_Block, list[int]] = defaultdict(list)
    for place, room in enumerate(rooms):
        accessible = set(room.seats.accessible)
        for number in room.seats.usable():
            colour = set_at(number, room.seats.per_row, 2) if coloured else 0
            found[_Block(place, number in accessible, room.seats.stations.get(number), colour)].append(number)
    return {block: found[block] for block in sorted(found, key=lambda each: (each.place, each.accessible, found[each]))}


def _fitting(kind: _Kind, blocks: Blocks, alone: Sequence[int]) -> list[_Block]:
    """The blocks somebody of a kind may sit in, in their order."""
    fits = [
        block
        for block in blocks
        if (block.accessible or not kind.access) and (block.codes is None or kind.occupation in block.codes)
    ]
    if kind.exam not in alone:
        return fits
    # With one set an examination keeps to one colour of a room, the next such examination to the other.
    open_to = [block for block in blocks if block.codes is None or kind.occupation in block.codes]
    colours = {place: _colour(open_to, blocks, place) for place in {block.place for block in open_to}}
    turn = alone.index(kind.exam) % 2
    return [block for block in fits if block.colour == (colours[block.place] + turn) % 2]


def _colour(open_to: Sequence[_Block], blocks: Blocks, place: int) -> int:
    """The colour of a room with more accessible seats, or else with more seats."""

    def worth(colour: int) -> tuple[int, int]:
        mine = [block for block in open_to if block.place == place and block.colour == colour]
        reached = sum(len(blocks[block]) for block in mine if block.accessible)
        return reached, sum(len(blocks[block]) for block in mine)

    return max((0, 1), key=lambda colour: (worth(colour), -colour))


def _shared(wanted: Mapping[_Kind, int], may: May, blocks: Blocks) -> Counter[tuple[_Kind, _Block]]:
    """How many of each kind sit in each block: as many as can be, the least choice first, earlier rooms first."""
    free = {block: len(numbers) for block, numbers in blocks.items()}
    shares: Counter[tuple[_Kind, _Block]] = Counter()
    for kind in sorted(wanted, key=lambda each: (sum(free[block] for block in may[each]), each)):
        left = wanted[kind]
        while left:
            path = _way(kind, may, free, shares)
            if not path:
                break
            moved = min([left, free[path[-1][1]], *(shares[other, block] for other, block in _gives(path))])
            for who, block in path:
                shares[who, block] += moved
            for other, block in _gives(path):
                shares[other, block] -= moved
            free[path[-1][1]] -= moved
            left -= moved
    return shares


def _gives(path: Sequence[tuple[_Kind, _Block]]) -> list[tuple[_Kind, _Block]]:
    """Who makes room where along a way: each kind after the first leaves the block the one before it takes."""
    return [(path[at + 1][0], path[at][1]) for at in range(len(path) - 1)]


def _way(
    kind: _Kind, may: May, free: Mapping[_Block, int], shares: Counter[tuple[_Kind, _Block]]
) -> list[tuple[_Kind, _Block]]:
    """The shortest way to a free seat: a block that has one, or one whose people can move on; [] where there is none."""
    came: dict[_Block, tuple[_Kind, _Block | None]] = dict.fromkeys(may[kind], (kind, None))
    waiting = deque(came)
    while waiting:
        block = waiting.popleft()
        if free[block]:
            path: list[tuple[_Kind, _Block]] = []
            at: _Block | None = block
            while at is not None:
                who, before = came[at]
                path.append((who, at))
                at = before
            return path[::-1]
        for other in sorted({who for who, where in shares if where == block and shares[who, where]}):
            for further in may[other]:
                if further not in came:
                    came[further] = (other, block)
                    waiting.append(further)
    return []


def _refusal(wanted: Mapping[_Kind, int], may: May, blocks: Blocks, *, apart: bool) -> Refusal:
    """What is short, named by the first of the rules that is too tight even alone."""
    need, have = sum(wanted.values()), sum(len(numbers) for numbers in blocks.values())
    if need > have:
        return refuse(
            "seating.capacity",
            N_("考场座位不足：考生%(need)s人，座位%(have)s个，还差%(short)s个。"),
            N_("请增加考场或分场次编排。"),
            clause="四（六）",
            need=need,
            have=have,
            short=need - have,
        )
    kinds = [kind for kind in wanted if kind.access]
    short = _missing({kind: wanted[kind] for kind in kinds}, may, blocks)
    if short:
        need = sum(wanted[kind] for kind in kinds)
        return refuse(
            "seating.access",
            N_("无障碍座位不足：需要的考生%(need)s人，所选考场能安排%(have)s人，还差%(short)s个。"),
            N_("请加选有无障碍座位的考场，或在考场的座位图中登记；也可增加场次。"),
            clause="四（六）",
            need=need,
            have=need - short,
            short=short,
        )
    for occupation in sorted({kind.occupation for kind in wanted}):
        kinds = [kind for kind in wanted if kind.occupation == occupation]
        short = _missing({kind: wanted[kind] for kind in kinds}, may, blocks)
        if short and not apart:
            need = sum(wanted[kind] for kind in kinds)
            return refuse(
                "seating.stations",
                N_("职业%(occupation)s能用的工位不足：考生%(need)s人，所选考场能安排%(have)s人，还差%(short)s个。"),
                N_("请加选有该职业工位的考场，或增加场次；工位适用的职业在考场的座位图中登记。"),
                clause="四（六）",
                occupation=occupation,
                need=need,
                have=need - short,
                short=short,
            )
    short = _missing(wanted, may, blocks)
    if apart:
        return refuse(
            "seating.apart",
            N_("只有一套试卷，相邻座位不能同时编排，还差%(short)s个座位。"),
            N_("请申请两套以上试卷，或增加考场、分场次编排。"),
            clause="四（六）",
            short=short,
        )
    return refuse(
        "seating.together",
        N_("停用座位、无障碍座位和工位的要求同时满足时，还差%(short)s个座位。"),
        N_("请增加考场或分场次编排。"),
        clause="四（六）",
        short=short,
    )


def _missing(wanted: Mapping[_Kind, int], may: May, blocks: Blocks) -> int:
    return sum(wanted.values()) - sum(_shared(wanted, may, blocks).values())
