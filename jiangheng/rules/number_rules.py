"""What a rule for numbers must satisfy: counted up, never two alike, and read back piece by piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from string import Formatter

from jiangheng.rules.refusal import Said
from jiangheng.rules.words import gettext_noop as N_

SERIES: dict[str, tuple[str, ...]] = {
    # Registers of the centre, a few deeds a day: one row a year, so that the register of a year shows at a glance
    # that nothing is missing.
    "plan": ("year",),
    "request": ("year",),
    "paper": ("year",),
    "draw": ("year",),
    # One per collective bill or refund, by hand, in a deed that ends at once.
    "bill": ("year",),
    "refund": ("year",),
    # A city applies and pays within the same hours, and a roster holds its row while thousands are judged: with one
    # row a year everybody would wait for the slowest. A body's receipts are its own, without gaps (三（七）).
    "application": ("year", "body"),
    "payment_order": ("year", "body"),
    "receipt": ("year", "body"),
}
"""What each series of running numbers counts by: it begins at 1 for each value of what is named here.

Certificates count by prefix, year and level as 人社鉴发〔2019〕2号 says; tickets are not counted but say where one sits.
"""
TICKET = ("year", "district", "site", "batch", "subjects", "room", "seat")
SEAT = ("site", "batch", "room", "seat")
"""The pieces of a ticket number that no two seats share."""
PLACES = (1, 2, 11, 12, 99)
SAMPLE = {"year": 26, "district": "45", "site": 1, "batch": 1, "subjects": 101, "room": 1, "seat": 1}
# What a payment provider takes as a merchant's own number: letters, digits and two signs.
FOR_PROVIDERS = ("payment_order",)
LONGEST = 30
"""Characters of a number at most, with a serial and a body of six digits; columns hold 40, so no series runs out."""
FEW, MANY = 1, 111_111
YEARS = (2026, 2027)
YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a rule: ``kind`` (shape, count, unique, clash, read, sign, long), why, and two of its numbers.

    ``numbers`` are equal where two would clash, differ where they cannot be told apart or read back, and are empty
    where the rule makes none.
    """

    kind: str
    why: Said
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A literal (``name`` empty) or a value written with at least ``width`` digits, 1 where the rule says none."""

    name: str
    text: str = ""
    width: int = 0

    @property
    def padded(self) -> bool:
        return self.width > 0

    def begins_with_digit(self) -> bool:
        return bool(self.name) or self.text[0].isdigit()

    def ends_with_digit(self) -> bool:
        return bool(self.name) or self.text[-1].isdigit()


# The law is read many times with the same rules of the centre in it.
@lru_cache(maxsize=256)
def fault(key: str, text: str) -> Fault | None:
    """What is wrong with ``text`` as the law's value of ``key`` (``ticket_number_rule``, ``plan_number_rule``, …).

    None for a rule that may be kept: every two numbers it gives differ, and each is read from the left in one way.
    """
    series = key.removesuffix("_number_rule")
    if series == "ticket":
        return _ticket_fault(text)
    counted_by = SERIES[series]
    names = (*counted_by, "serial")
    pieces = _pieces(text, names)
    if pieces is None:
        return _shapeless(names)
    return (
        _not_counted(text, pieces)
        or _not_unique(text, pieces, counted_by)
        or _not_read(text, pieces)
        or _unseen(_made(text), pieces)
        or _not_for_providers(series, _made(text), pieces)
        or _too_long(_made(text, serial=MANY, body=MANY))
    )


def _pieces(text: str, names: Sequence[str]) -> list[_Piece] | None:
    """The rule in pieces; None where it is no rule, or holds something else than these names, each at most once."""
    found: list[_Piece] = []
    try:
        for literal, name, spec, conversion in Formatter().parse(text):
            if literal and found and not found[-1].name:
                found[-1] = _Piece("", found[-1].text + literal)  # a doubled brace comes in two parts
            elif literal:
                found.append(_Piece("", literal))
            if name is None:
                continue
            width = re.fullmatch(r"(?:0([1-9]))?d?", spec or "")
            worded = name == "district" and spec
            if name not in names or conversion or width is None or worded:
                return None
            found.append(_Piece(name, width=int(width[1] or 0)))
    except ValueError:
        return None
    said = [each.name for each in found if each.name]
    return found if said and len(set(said)) == len(said) else None


def _made(text: str, *, year: int = YEARS[0], serial: int = FEW, body: int = FEW) -> str:
    return text.format(year=year, serial=serial, body=body)


def _shapeless(names: Sequence[str]) -> Fault:
    return Fault(
        "shape",
        Said(
            N_("写法不能识别；可用%(pieces)s，各写一次，位数写成{serial:05d}这样"),
            {"pieces": " ".join(f"{{{name}}}" for name in names)},
        ),
    )


def _not_counted(text: str, pieces: Sequence[_Piece]) -> Fault | None:
    if any(each.name == "serial" for each in pieces):
        return None
    first, second = _made(text, serial=1), _made(text, serial=2)
    return Fault(
        "count",
        Said(N_("没有流水号{serial}，第1号和第2号都是%(number)s"), {"number": first}),
        (first, second),
    )


def _not_unique(text: str, pieces: Sequence[_Piece], counted_by: Sequence[str]) -> Fault | None:
    there = {each.name for each in pieces}
    if "year" not in there:
        first, second = (_made(text, year=year) for year in YEARS)
        years = {"number": first, "year": YEARS[0], "next": YEARS[1]}
        why = Said(N_("没有年份{year}，流水号每年从1起，%(year)s年和%(next)s年的第1号都是%(number)s"), years)
        return Fault("unique", why, (first, second))
    if "body" in counted_by and "body" not in there:
        first, second = (_made(text, body=body) for body in (1, 2))
        why = Said(N_("没有机构号{body}，每家机构的流水号各从1起，两家机构的第1号都是%(number)s"), {"number": first})
        return Fault("unique", why, (first, second))
    return None


def _not_read(text: str, pieces: Sequence[_Piece]) -> Fault | None:
    """A piece that grows ends where no digit follows; one without a width also begins where no digit precedes it."""
    for one, after in pairwise(pieces):
        if _grows(one) and _grows(after):
            return _clash(text, one, after)
    for one, after in pairwise(pieces):
        if (_grows(one) and after.begins_with_digit()) or (
            _grows(after) and not after.padded and one.ends_with_digit()
        ):
            growing = one if _grows(one) and after.begins_with_digit() else after
            # One digit and one more than its width: the two lengths whose end nobody can see.
            values = (1, int("1" * (max(growing.width, 1) + 1)))
            first, second = (_made(text, **{growing.name: value}) for value in values)
            why = Said(
                N_(
                    "%(piece)s的位数会变，又与旁边的数字连写，%(first)s和%(second)s看不出各项到哪一位为止；"
                    "请用“-”等符号隔开，或写明位数并放在年份之后"
                ),
                {"piece": f"{{{growing.name}}}", "first": first, "second": second},
            )
            return Fault("read", why, (first, second))
    return None


def _grows(piece: _Piece) -> bool:
    """Whether a piece has no last value: a year keeps its four digits, the others are written out past their width."""
    return piece.name in ("serial", "body")


def _clash(text: str, one: _Piece, after: _Piece) -> Fault:
    """Two pieces that grow side by side: the digits of one number, split one place later, are another's."""
    split, rest = max(one.width, 1), max(after.width, 1)
    digits = ("123456789" * 3)[: split + rest + 1]
    both = [{one.name: int(digits[:at]), after.name: int(digits[at:])} for at in (split, split + 1)]
    first, second = (_made(text, **each) for each in both)
    why = Said(
        N_(
            "机构号和流水号连写，位数都会变：机构%(body)s的第%(serial)s号和机构%(other_body)s的第%(other_serial)s号"
            "都是%(number)s；请用“-”等符号隔开"
        ),
        {
            "number": first,
            "body": both[0]["body"],
            "serial": both[0]["serial"],
            "other_body": both[1]["body"],
            "other_serial": both[1]["serial"],
        },
    )
    return Fault("clash", why, (first, second))


def _unseen(number: str, pieces: Sequence[_Piece]) -> Fault | None:
    """A sign nobody sees is lost when the number is copied."""
    if all(char.isprintable() and not char.isspace() for each in pieces for char in each.text):
        return None
    bare = "".join(char for char in number if char.isprintable() and not char.isspace())
    why = Said(
        N_("含有空格或看不见的字符，抄写后就成了另一个号，如“%(number)s”和“%(bare)s”"), {"number": number, "bare": bare}
    )
    return Fault("sign", why, (number, bare))


def _not_for_providers(series: str, number: str, pieces: Sequence[_Piece]) -> Fault | None:
    if series not in FOR_PROVIDERS or all(re.fullmatch(r"[A-Za-z0-9_-]*", each.text) for each in pieces):
        return None
    why = Said(N_("这个号要交给支付渠道，只能用字母、数字、“-”和“_”，“%(number)s”渠道不收"), {"number": number})
    return Fault("sign", why, (number,))


def _too_long(number: str) -> Fault | None:
    if len(number) <= LONGEST:
        return None
    why = Said(N_("编出的号可能超过%(longest)s位，如%(number)s"), {"longest": LONGEST, "number": number})
    return Fault("long", why, (number,))


def _ticket_fault(text: str) -> Fault | None:
    """A ticket is not counted: it says where one sits, so no two seats of a body's plans may share a number."""
    pieces = _pieces(text, TICKET)
    if pieces is None:
        return _shapeless(TICKET)
    made: dict[str, dict[str, int]] = {}
    for values in product(PLACES, repeat=len(SEAT)):
        seat = dict(zip(SEAT, values, strict=True))
        number = text.format(**{**SAMPLE, **seat})
        if number in made:
            return _same_ticket(number, made[number], seat)
        made[number] = seat
    # District and year keep their length, and so does what has a width, up to it: issuing looks again (tickets.number).
    for one, after in pairwise(pieces):
        for each, other in ((one, after.begins_with_digit()), (after, one.ends_with_digit())):
            if other and not each.padded and each.name in (*SEAT, "subjects"):
                first, second = (text.format(**{**SAMPLE, each.name: value}) for value in (1, 11))
                why = Said(
                    N_(
                        "%(piece)s没有写明位数，又与旁边的数字连写，%(first)s和%(second)s看不出各项到哪一位为止；请写明位数或用“-”等符号隔开"
                    ),
                    {"piece": f"{{{each.name}}}", "first": first, "second": second},
                )
                return Fault("read", why, (first, second))
    return _unseen(text.format(**SAMPLE), pieces) or _too_long(max(made, key=len))


def _same_ticket(number: str, one: dict[str, int], other: dict[str, int]) -> Fault:
    names = [name for name in SEAT if one[name] != other[name]]
    why = Said(
        N_(
            "不同的座位会编成同一个号：%(one)s和%(other)s都是%(number)s；机构、批次、考场、座位四项都要写，并写明位数或隔开"
        ),
        {
            "number": number,
            "one": " ".join(f"{name}={one[name]}" for name in names),
            "other": " ".join(f"{name}={other[name]}" for name in names),
        },
    )
    return Fault("clash", why, (number, number))
