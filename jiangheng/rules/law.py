"""The values in force on a day, with the document and clause behind each."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from jiangheng.rules import number_rules
from jiangheng.rules.refusal import Refusal, Said, refuse
from jiangheng.rules.words import gettext_noop as N_

# Lists whose members are known: another order or fewer of them, nothing else.
ORDERINGS = ("assignment_order",)
MAY_BE_NOTHING = ("工作日", "分钟", "天", "张", "次", "分")
LARGEST = 100_000_000
FOLDER = Path(__file__).resolve().parent.parent / "law"


class LawError(ValueError):
    """The law's files contradict themselves; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A document: number, title, day of issue, period in force; ``verified`` is False where only its name is known."""

    id: str
    number: str
    title: str
    issued: date
    in_force_from: date
    in_force_to: date | None
    label: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph of an instrument, such as 三（三）, with its text."""

    id: str
    instrument: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One value with its unit, clause, document and period; a non-empty ``label`` marks an editable default."""

    key: str
    value: Any
    unit: str
    clause: str
    instrument: str
    source: str
    label: str
    in_force_from: date
    in_force_to: date | None

    @property
    def is_default(self) -> bool:
        """True where the value is ours to ship and the centre's to change, not the law's."""
        return bool(self.label)

    def fits(self, value: Any) -> bool:
        """True where ``value`` is of the rule's kind and could be used in its place without breaking what reads it."""
        if type(value) is not type(self.value):
            return False
        if isinstance(value, int) and not isinstance(value, bool):
            most = 100 if self.unit == "%" else LARGEST
            return (0 if self.unit in MAY_BE_NOTHING else 1) <= value <= most
        if self.key in ORDERINGS:
            return bool(value) and len(set(value)) == len(value) and set(value) <= set(self.value)
        return not isinstance(value, str) or _fitting_text(self.key, value)


@dataclass(frozen=True)
class Law:
    """Everything in force on ``on``."""

    on: date
    _rules: Mapping[str, Rule]
    _instruments: Mapping[str, Instrument]
    _clauses: Mapping[str, Clause]

    def value(self, key: str) -> Any:
        """The value of ``key``; KeyError for a key the law does not know."""
        return self._rules[key].value

    def rule(self, key: str) -> Rule:
        """The rule behind ``key``; KeyError for a key the law does not know."""
        return self._rules[key]

    def rules(self) -> tuple[Rule, ...]:
        """Every rule, by key."""
        return tuple(self._rules[key] for key in sorted(self._rules))

    def instrument(self, identifier: str) -> Instrument:
        """The document of that id."""
        return self._instruments[identifier]

    def instruments(self) -> tuple[Instrument, ...]:
        """Every document, by id."""
        return tuple(self._instruments[key] for key in sorted(self._instruments))

    def clause(self, identifier: str) -> Clause:
        """The paragraph of that id; KeyError when the notice has none."""
        return self._clauses[identifier]

    def clauses(self) -> tuple[Clause, ...]:
        """Every paragraph, in the order of the notice."""
        return tuple(self._clauses.values())

    @property
    def version(self) -> str:
        """SHA-256 of every value in force: equal versions give equal decisions."""
        content = {key: [str(rule.value), rule.clause, rule.instrument] for key, rule in self._rules.items()}
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def overridden(self, values: Mapping[str, Any]) -> Law:
        """This law with the centre's own values for labelled defaults.

        Refusal ``law.not_a_default`` (422) for a value that is law, ``law.unknown`` (422) for an unknown key,
        ``law.wrong_kind`` (422) where the value's type differs from the default's, ``law.unfit`` (422) where it
        cannot work: a ratio of nothing, a pattern or time that cannot be read, a number rule that ``number_rules.fault``
        finds wanting, with two numbers that show it.
        """
        rules = dict(self._rules)
        for key, value in values.items():
            rule = rules.get(key)
            if rule is None:
                raise unknown(key)
            if not rule.is_default:
                raise refuse(
                    "law.not_a_default",
                    N_("“%(key)s”是文件规定的值，不能修改。"),
                    N_("如上级文件已调整，请按新文件更新规则数据。"),
                    clause=rule.clause,
                    status=422,
                    key=key,
                )
            if type(value) is not type(rule.value):
                raise refuse(
                    "law.wrong_kind",
                    N_("参数“%(key)s”的值类型不对。"),
                    N_("请参照当前默认值的写法填写。"),
                    clause=rule.clause,
                    status=422,
                    key=key,
                )
            if not rule.fits(value):
                raise refuse(
                    "law.unfit",
                    N_("参数“%(key)s”不能用“%(value)s”：%(why)s。"),
                    N_("请参照当前默认值的写法填写。"),
                    clause=rule.clause,
                    status=422,
                    key=key,
                    value=str(value)[:40],
                    why=_why_unfit(key, value),
                )
            rules[key] = Rule(
                key=rule.key,
                value=value,
                unit=rule.unit,
                clause=rule.clause,
                instrument=rule.instrument,
                source="centre",
                label=rule.label,
                in_force_from=rule.in_force_from,
                in_force_to=rule.in_force_to,
            )
        return Law(self.on, rules, self._instruments, self._clauses)


@dataclass(frozen=True)
class Library:
    """Every rule with all its periods, as loaded from a folder and found to be consistent."""

    periods: Mapping[str, tuple[Rule, ...]]
    instruments: Mapping[str, Instrument]
    clauses: Mapping[str, Clause]

    def in_force(self, on: date) -> Law:
        """The law of one day; LawError where a key has no value that day."""
        chosen: dict[str, Rule] = {}
        for key, periods in self.periods.items():
            for rule in periods:
                if rule.in_force_from <= on and (rule.in_force_to is None or on <= rule.in_force_to):
                    chosen[key] = rule
                    break
            else:
                first = periods[0].in_force_from
                if on >= first:
                    raise LawError(f"{key}: no value in force on {on}")
                chosen[key] = periods[0]
        return Law(on, chosen, self.instruments, self.clauses)


def load(folder: Path = FOLDER) -> Library:
    """Read ``instruments.toml``, ``clauses.toml`` and ``rules.toml``; LawError names the file and the key at fault."""
    instruments = {
        row["id"]: Instrument(
            id=row["id"],
            number=row["number"],
            title=row["title"],
            issued=row["issued"],
            in_force_from=row["in_force_from"],
            in_force_to=row.get("in_force_to"),
            label=row.get("label", ""),
            verified=row["verified"],
        )
        for row in _rows(
            folder / "instruments.toml", "instrument", ("id", "number", "title", "issued", "in_force_from", "verified")
        )
    }
    clauses = {
        row["id"]: Clause(row["id"], row["instrument"], row["text"])
        for row in _rows(folder / "clauses.toml", "clause", ("id", "instrument", "text"))
    }
    gathered: dict[str, list[Rule]] = {}
    path = folder / "rules.toml"
    for row in _rows(path, "rule", ("key", "value", "clause", "instrument", "in_force_from")):
        if row["instrument"] not in instruments:
            raise LawError(f"{path.name}: {row['key']}: unknown instrument {row['instrument']}")
        if row["clause"] and row["clause"] not in clauses:
            raise LawError(f"{path.name}: {row['key']}: unknown clause {row['clause']}")
        gathered.setdefault(row["key"], []).append(
            Rule(
                key=row["key"],
                value=row["value"],
                unit=row.get("unit", ""),
                clause=row["clause"],
                instrument=row["instrument"],
                source=row.get("source", ""),
                label=row.get("label", ""),
                in_force_from=row["in_force_from"],
                in_force_to=row.get("in_force_to"),
            )
        )
    periods = {key: _consistent(path.name, key, rules) for key, rules in gathered.items()}
    return Library(periods, instruments, clauses)


def _fitting_text(key: str, text: str) -> bool:
    try:
        if key.endswith("_pattern"):
            return bool(re.compile(text))
        if key.endswith("_number_rule"):
            return number_rules.fault(key, text) is None
        if key == "filing_cutoff":
            return bool(time.fromisoformat(text).isoformat())
        if key == "mark_step":
            return 0 < Decimal(text) <= 10
    except (re.error, ArithmeticError, LookupError, AttributeError, TypeError, ValueError):
        return False
    if key == "ticket_district":
        return re.fullmatch(r"[0-9A-Z]{1,6}", text) is not None
    if key == "inspection_min_rate":
        return re.fullmatch(r"(100|[1-9]?\d(\.\d+)?)%", text) is not None
    if key == "min_rotation_share":
        return re.fullmatch(r"\d+/[1-9]\d*", text) is not None
    return bool(text.strip())


def _why_unfit(key: str, value: object) -> Said | str:
    if key.endswith("_number_rule") and (fault := number_rules.fault(key, str(value))):
        return fault.why
    return N_("超出范围或写法不对")


def _rows(path: Path, table: str, needed: Sequence[str]) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))[table]
    except (tomllib.TOMLDecodeError, KeyError, OSError) as error:
        raise LawError(f"{path.name}: {error}") from error
    for row in rows:
        for key in needed:
            if key not in row:
                raise LawError(f"{path.name}: {row.get('key', row.get('id', '?'))}: {key} is missing")
    return rows


def _consistent(file: str, key: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    ordered = sorted(rules, key=lambda rule: rule.in_force_from)
    for rule in ordered:
        if rule.in_force_to is not None and rule.in_force_to < rule.in_force_from:
            raise LawError(f"{file}: {key}: ends {rule.in_force_to} before it begins {rule.in_force_from}")
    for earlier, next_one in pairwise(ordered):
        if earlier.in_force_to is None or earlier.in_force_to >= next_one.in_force_from:
            raise LawError(f"{file}: {key}: overlapping periods from {next_one.in_force_from}")
        if (next_one.in_force_from - earlier.in_force_to).days != 1:
            raise LawError(f"{file}: {key}: no value between {earlier.in_force_to} and {next_one.in_force_from}")
    return tuple(ordered)


def unknown(key: str, *, status: int = 422) -> Refusal:
    """No parameter has that key; ``law.unknown`` (422; 404 where it was an address)."""
    return refuse(
        "law.unknown", N_("没有名为“%(key)s”的参数。"), N_("请在“依据与参数”中核对参数的名称。"), status=status, key=key
    )
