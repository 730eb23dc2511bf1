"""A room's seats as they stand (三（五）): how many in a row, which are accessible, out of use, for which occupations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

PER_ROW = 6
MOST_PER_ROW = 20
LONGEST = 2000
DASHES = re.compile(r"\s*[-－–—~～至]\s*")
COMMAS = re.compile(r"[,，、;；\s]+")
COLON = re.compile(r"\s*[:：]\s*")


@dataclass(frozen=True, slots=True)
class RoomSeats:
    """Seats numbered from 1, ``per_row`` in a row; ``stations`` are the occupations a workstation serves (none: any)."""

    capacity: int
    per_row: int = PER_ROW
    accessible: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    stations: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def usable(self, occupation: str = "") -> tuple[int, ...]:
        """The seats in use, of those only the ones that serve ``occupation`` where one is given, in order."""
        closed = set(self.closed)
        return tuple(
            seat
            for seat in range(1, self.capacity + 1)
            if seat not in closed and (not occupation or occupation in self.stations.get(seat, (occupation,)))
        )


def read(*, capacity: int, per_row: int, accessible: str, closed: str, stations: str, code_pattern: str) -> RoomSeats:
    """A seat plan as it is typed: lists such as ``3,7-9``; workstations one line each, ``1-8：6-31-01-03、6-18-01-01``.

    Refusals (422): ``seats.per_row``, ``seats.list``, ``seats.beyond``, ``seats.both`` (accessible and out of use),
    ``seats.none`` (no seat left), ``seats.stations``, ``seats.code``, ``seats.twice``.
    """
    if not 1 <= per_row <= MOST_PER_ROW:
        raise refuse(
            "seats.per_row",
            N_("每行座位数须为1至%(most)s。"),
            N_("请填写从讲台看第一行的座位数。"),
            clause="三（五）",
            status=422,
            most=MOST_PER_ROW,
        )
    reachable, shut = read_list(accessible, capacity), read_list(closed, capacity)
    both = sorted(set(reachable) & set(shut))
    if both:
        raise refuse(
            "seats.both",
            N_("%(seats)s号座位既登记为无障碍又登记为停用。"),
            N_("停用的座位不编排考生，请只保留一处。"),
            clause="三（五）",
            status=422,
            seats=spelled(both),
        )
    if len(shut) >= capacity:
        raise refuse(
            "seats.none",
            N_("全部座位都已停用。"),
            N_("整间不用的，编排时不选这个考场即可。"),
            clause="三（五）",
            status=422,
        )
    return RoomSeats(capacity, per_row, reachable, shut, _stations(stations, capacity, code_pattern))


def read_list(text: str, most: int) -> tuple[int, ...]:
    """The seat numbers of a list such as ``3,7-9``, in order. Refusals ``seats.list``, ``seats.beyond`` (422)."""
    found: set[int] = set()
    for part in COMMAS.split(DASHES.sub("-", text.strip()[:LONGEST])):
        if not part:
            continue
        ends = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", part)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (0, 0)
        if not 1 <= first <= last:
            raise refuse(
                "seats.list",
                N_("“%(part)s”不是座位号。"),
                N_("请写成“3,7-9”，逗号分隔，连号用短横。"),
                clause="三（五）",
                status=422,
                part=part[:40],
            )
        if last > most:
            raise refuse(
                "seats.beyond",
                N_("“%(part)s”超出本考场的座位号（1至%(most)s）。"),
                N_("请核对座位号；座位数有变的，先变更考场。"),
                clause="三（五）",
                status=422,
                part=part[:40],
                most=most,
            )
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def spelled(seats: Iterable[int]) -> str:
    """Seat numbers as a list is typed: ``3,7-9``."""
    runs: list[list[int]] = []
    for seat in sorted(set(seats)):
        if runs and seat == runs[-1][1] + 1:
            runs[-1][1] = seat
        else:
            runs.append([seat, seat])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def stations_spelled(stations: Mapping[int, Iterable[str]]) -> str:
    """The workstations as they are typed, one line for each set of occupations."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for seat in sorted(stations):
        alike.setdefault(tuple(stations[seat]), []).append(seat)
    return "\n".join(f"{spelled(seats)}：{'、'.join(codes)}" for codes, seats in alike.items())


def _stations(text: str, capacity: int, code_pattern: str) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for line in text.strip()[:LONGEST].splitlines():
        if not line.strip():
            continue
        seats, *rest = COLON.split(line.strip(), maxsplit=1)
        codes = tuple(sorted({code for code in COMMAS.split(rest[0]) if code})) if rest else ()
        if not codes or not seats:
            raise refuse(
                "seats.stations",
                N_("“%(line)s”没有写明工位和职业。"),
                N_("每行写成“1-8：6-31-01-03、6-18-01-01”，冒号前是工位号，冒号后是职业编码。"),
                clause="三（五）",
                status=422,
                line=line.strip()[:40],
            )
        for code in codes:
            if not re.fullmatch(code_pattern, code):
                raise refuse(
                    "seats.code",
                    N_("“%(given)s”不是职业编码。"),
                    N_("职业编码如 6-31-01-03。"),
                    clause="三（五）",
                    status=422,
                    given=code[:40],
                )
        for seat in read_list(seats, capacity):
            if seat in found:
                raise refuse(
                    "seats.twice",
                    N_("%(seat)s号工位写了两次。"),
                    N_("一个工位的职业请写在同一行。"),
                    clause="三（五）",
                    status=422,
                    seat=seat,
                )
            found[seat] = codes
    return found
