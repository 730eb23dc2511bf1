"""What a body is filed for on a day (一, 附件1-3): rows and standing in, the covering row or the reason why not out.

A row covers a day when the day lies in its own period and in its filing's, and no halt of the filing holds that day. A
row without 工种 covers the whole occupation; a row with one covers that 工种 only. Days are calendar days, both ends
included; levels are written as in ``"543"``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

SUSPENDED, RECTIFYING, ENDED, REPLACED = "suspended", "rectifying", "ended", "replaced"

BEGINNING = frozenset({SUSPENDED, RECTIFYING, ENDED})
"""Halts on the day of the deed that stop new work: plans, requests, names, papers, seats, opening a room."""

FINISHING = frozenset({SUSPENDED})
"""Halts on the day of the deed that stop finishing: who was examined lawfully keeps the right to a certificate when the
filing lapses, ends or is being put right, but not while the body's work is suspended."""

HALT_WORDS = {
    SUSPENDED: N_("暂停"),
    RECTIFYING: N_("整改中"),
    ENDED: N_("已注销"),
    REPLACED: N_("已由新备案取代"),
}


@dataclass(frozen=True, slots=True)
class Halt:
    """A time in which a filing does not count: from ``since`` to ``until`` (None: until lifted), both included."""

    kind: str
    since: date
    until: date | None = None
    due: date | None = None
    document: str = ""

    def holds(self, day: date) -> bool:
        """True where the filing does not count on ``day``."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class FiledRow:
    """A row of a filing that was put into force: its own period already cut to the filing's, with every halt."""

    id: int
    filing: str
    occupation_code: str
    occupation_name: str
    job: str
    levels: str
    since: date
    until: date
    halts: tuple[Halt, ...] = ()
    standard: str = ""
    own_standard: bool = False

    def names(self, wanted: Wanted) -> bool:
        """True where the row is about the occupation and 工种 wanted."""
        return self.occupation_code == wanted.occupation_code and self.job in ("", wanted.job)

    def halted(self, day: date, kinds: Iterable[str] = HALT_WORDS) -> Halt | None:
        """The halt of one of ``kinds`` that holds on ``day``; the gravest first."""
        found = [halt for halt in self.halts if halt.kind in kinds and halt.holds(day)]
        return min(found, key=lambda halt: (ENDED, REPLACED, SUSPENDED, RECTIFYING).index(halt.kind), default=None)

    def words(self) -> str:
        """The row in one phrase: 电工（5、4、3级，2020-01-01至2029-12-31）."""
        name = "·".join(filter(None, (self.occupation_name, self.job)))
        return f"{name}（{'、'.join(self.levels)}级，{self.since}至{self.until}）"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is to be examined in; ``name`` is the occupation's word for the refusal."""

    occupation_code: str
    job: str
    level: int
    name: str = ""

    def words(self) -> str:
        """The occupation with its 工种."""
        return "·".join(filter(None, (self.name or self.occupation_code, self.job)))


def own_levels(rows: Iterable[FiledRow], occupation_code: str, day: date) -> str:
    """The levels of an occupation that an employer's own 企业评价规范 is filed for on ``day``, such as ``"543"``; "" for none (一)."""
    found = {
        level
        for row in rows
        if row.own_standard
        and row.occupation_code == occupation_code
        and row.since <= day <= row.until
        and row.halted(day, (ENDED, REPLACED)) is None
        for level in row.levels
    }
    return "".join(sorted(found, reverse=True))


def covering(rows: Iterable[FiledRow], wanted: Wanted, day: date) -> FiledRow | None:
    """The row that covers ``wanted`` on ``day``, one naming the 工种 itself before one for the whole occupation."""
    fitting = [
        row
        for row in rows
        if row.names(wanted)
        and str(wanted.level) in row.levels
        and row.since <= day <= row.until
        and row.halted(day) is None
    ]
    return min(fitting, key=lambda row: (row.job != wanted.job, row.id), default=None)


def require(
    rows: Sequence[FiledRow],
    wanted: Wanted,
    day: date,
    *,
    body: str,
    acting_on: date | None = None,
    stopping: frozenset[str] = BEGINNING,
) -> FiledRow:
    """The covering row on ``day``, the day of examination, for a deed done on ``acting_on``.

    Refusals (409, clause 一): ``scope.none`` occupation not filed, ``scope.job``, ``scope.level``, ``scope.not_yet``, ``scope.period``,
    ``scope.suspended`` (suspended or being put right, on either day), ``scope.ended``.
    """
    found = covering(rows, wanted, day)
    if found is None:
        raise _why_not(rows, wanted, day, body)
    halt = found.halted(acting_on, stopping) if acting_on is not None else None
    if halt is not None and acting_on is not None:
        raise _halted(found, halt, wanted, body, acting_on)
    return found


def _why_not(rows: Sequence[FiledRow], wanted: Wanted, day: date, body: str) -> Refusal:
    about = [row for row in rows if row.occupation_code == wanted.occupation_code]
    named = [row for row in about if row.names(wanted)]
    fitting = [row for row in named if str(wanted.level) in row.levels]
    if not fitting:
        return _not_filed(rows, about, named, wanted, day, body)
    in_time = [row for row in fitting if row.since <= day <= row.until]
    for row in sorted(in_time, key=lambda row: row.id):
        halt = row.halted(day)
        if halt is not None:
            return _halted(row, halt, wanted, body, day)
    row = min(fitting, key=lambda row: (_distance(row, day), row.id))
    if day < row.since:
        return refuse(
            "scope.not_yet",
            N_("%(body)s“%(occupation)s”%(level)s的备案自%(since)s起生效，%(day)s尚不能开展认定。"),
            N_("请把考核日期改到备案有效期内，或由其他备案机构承接。"),
            clause="一",
            **_named(row, wanted, body, day),
        )
    return refuse(
        "scope.period",
        N_("%(body)s“%(occupation)s”%(level)s的备案已于%(until)s到期，%(day)s不能开展认定。"),
        N_("请先向市鉴定中心办理备案续期，或把考核日期改到有效期内。"),
        clause="一",
        **_named(row, wanted, body, day),
    )


def _not_filed(
    rows: Sequence[FiledRow],
    about: Sequence[FiledRow],
    named: Sequence[FiledRow],
    wanted: Wanted,
    day: date,
    body: str,
) -> Refusal:
    params: dict[str, Any] = {
        "body": body,
        "day": day.isoformat(),
        "occupation": wanted.words(),
        "level": codes.level_name(wanted.level),
        "has": "；".join(row.words() for row in (named or about or rows) if row.halted(day, (ENDED,)) is None)
        or N_("无"),
    }
    remedy = N_("请在备案范围内安排，或先向市鉴定中心办理备案变更。")
    if named:
        return refuse(
            "scope.level",
            N_("%(body)s的“%(occupation)s”备案不含%(level)s。该职业的备案：%(has)s。"),
            remedy,
            clause="一",
            **params,
        )
    if about:
        return refuse(
            "scope.job",
            N_("%(body)s的备案不含工种“%(occupation)s”。该职业的备案：%(has)s。"),
            remedy,
            clause="一",
            **params,
        )
    return refuse(
        "scope.none",
        N_("%(body)s没有备案“%(occupation)s”%(level)s。现有备案范围：%(has)s。"),
        remedy,
        clause="一",
        **params,
    )


def _halted(row: FiledRow, halt: Halt, wanted: Wanted, body: str, day: date) -> Refusal:
    params: dict[str, Any] = {
        **_named(row, wanted, body, day),
        "since": halt.since.isoformat(),
        "state": HALT_WORDS[halt.kind],
    }
    if halt.kind in (ENDED, REPLACED):
        return refuse(
            "scope.ended",
            N_("%(body)s的备案%(filing)s自%(since)s起“%(state)s”，%(day)s不能开展“%(occupation)s”%(level)s的认定。"),
            N_("请由其他备案机构承接；重新备案后方可开展。")
            if halt.kind == ENDED
            else N_("请按取代它的新备案的范围安排，或向市鉴定中心办理备案变更。"),
            clause="一",
            **params,
        )
    return refuse(
        "scope.suspended",
        N_("%(body)s的备案%(filing)s自%(since)s起“%(state)s”，%(day)s不能办理“%(occupation)s”%(level)s的认定。"),
        N_("请在整改完成、市鉴定中心恢复备案后再办理，或由其他备案机构承接。"),
        clause="一",
        **params,
    )


def _named(row: FiledRow, wanted: Wanted, body: str, day: date) -> dict[str, Any]:
    return {
        "body": body,
        "filing": row.filing,
        "occupation": wanted.words() if wanted.name else "·".join(filter(None, (row.occupation_name, wanted.job))),
        "level": codes.level_name(wanted.level),
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "day": day.isoformat(),
    }


def _distance(row: FiledRow, day: date) -> int:
    return (row.since - day).days if day < row.since else (day - row.until).days
