"""Days as people and programs write them: every form that says one day is read, every form that may say two is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from jiangheng.rules.readers.text import Read, narrow, undress
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

SERIALS = (15_000, 60_000)
"""Day numbers of the 1900 system taken for dates (1941 to 2064)."""
EPOCH = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)
BETWEEN_SYSTEMS = 1462
"""Days by which the numbers of the 1904 system lie below those of the 1900 system."""

MONTHS = {
    name: place
    for place, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
FIGURES = {"〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}

SEP = r"\s*[-‐‑–—−/\\._、,\s]\s*"
DAY = re.compile(
    rf"(\d{{4}})(?:\s*年\s*|{SEP})(\d{{1,2}})(?:\s*月份?\s*|{SEP})(\d{{1,2}})\s*[日号]?|(\d{{4}})(\d{{2}})(\d{{2}})"
)
MONTH = re.compile(rf"(\d{{4}})(?:\s*年\s*|{SEP})(\d{{1,2}})\s*(?:月份?|{SEP})?|(\d{{4}})(\d{{2}})")
TENTH = re.compile(r"(\d{4})\s*\.\s*1")
YEAR = re.compile(r"(?:19|20)\d{2}\s*年?")
SHORT_YEAR = re.compile(rf"'?\d{{2}}(?:年|{SEP})\d{{1,2}}(?:月|(?:月|{SEP})\d{{1,2}}[日号]?)?|\d{{6}}")
YEAR_LAST = re.compile(rf"(\d{{1,2}}){SEP}(\d{{1,2}}){SEP}(\d{{4}})")
DAY_IN_LETTERS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-\s/,.]+([A-Za-z]+)\.?[-\s/,]+(\d{2}|\d{4})")
LETTERS_FIRST = re.compile(r"([A-Za-z]+)\.?[-\s/]+(\d{1,2})(?:st|nd|rd|th)?[-,\s/]+(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[-\s/.]+([A-Za-z]+)\.?[-\s/.]+(\d{1,2})")
MONTH_IN_LETTERS = re.compile(r"([A-Za-z]+)\.?[-\s/,]+(\d{4}|\d{2})")
CHINESE = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十廿]{1,3})[日号]?)?"
)
WEEKDAY = re.compile(r"[\s,(]*(?:星期|周|礼拜)[一二三四五六日天][)\s]*")
MIDNIGHT = re.compile(
    r"(?:T|\s+|(?<=[日号]))(?:上午\s*)?(?:0{1,2}(?::|时)0{1,2}(?:(?::|分)0{1,2}秒?(?:\.0+)?|分)?|(?:上午\s*)12:00(?::00)?|12:00(?::00)?\s*AM)"
    r"(?:\s*AM)?\s*(?:Z|[+]0?[08](?::?00)?)?",
    re.IGNORECASE,
)
TIME = re.compile(r"(?:T|\s+|(?<=[日号]))(?:[上下]午\s*)?\d{1,2}[:时]\d{1,2}.*", re.IGNORECASE)


def read(raw: object, *, whole: bool = False, number: bool = False, date1904: bool = False) -> Read[date]:
    """A day; a month alone is its first day, said so, or with ``whole`` refused.

    ``raw`` is text, a day or moment of a cell, or a number; with ``number`` digits may be the day number behind a
    spreadsheet's cell, in its 1904 system with ``date1904``. Refusals (422): ``date.blank``, ``date.none``,
    ``date.year`` (two figures), ``date.order`` (day and month either way round), ``date.october`` (2012.1 is also what
    a spreadsheet keeps of 2012.10), ``date.time`` (a time other than midnight), ``date.day`` (the day is missing).
    """
    if isinstance(raw, datetime):
        return Read(raw.date())
    if isinstance(raw, date):
        return Read(raw)
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text, tidied = undress(raw)
    if not text:
        return _not("date.blank", "")
    said = list(tidied)
    shown, (text, wide) = text, narrow(text)
    said += ["fullwidth"] if wide else []
    if re.fullmatch(r"\d{5}", text) and (number or isinstance(raw, int)):
        return _of_serial(int(text), date1904=date1904) or _not("date.none", shown)
    found = _day(text, said, whole=whole)
    return _not(found, shown) if isinstance(found, str) else Read(found, tuple(dict.fromkeys(said)))


def read_date(text: object) -> date | None:
    """The day, or None where there is none or more than one."""
    return read(text).value


def month(raw: object) -> Read[date]:
    """A month as its first day, the day where one is given left out; refusals as :func:`read`."""
    found = read(raw)
    return found if found.value is None else Read(found.value.replace(day=1), found.tidied)


def _day(text: str, said: list[str], *, whole: bool) -> date | str:
    """The day, or the code of the refusal; ``said`` is added to."""
    bare = WEEKDAY.sub("", text).strip()
    if found := MIDNIGHT.search(bare):
        if found.end() == len(bare):
            bare = bare[: found.start()]
            said.append("midnight")
    elif TIME.search(bare) and DAY.match(bare):
        return "date.time"
    bare = bare.strip(" .,、")
    if TENTH.fullmatch(bare):
        return "date.october"
    parts = _parts(bare)
    if isinstance(parts, str):
        return parts
    year, at, day = parts
    if day is None and whole:
        return "date.day"
    try:
        made = date(year, at, day or 1)
    except ValueError:
        return "date.none"
    if day is None:
        said.append("month")
    elif made.isoformat() != text:
        said.append("form")
    return made


def _parts(text: str) -> tuple[int, int, int | None] | str:
    if found := DAY.fullmatch(text):
        year, at, day = (each for each in found.groups() if each is not None)
        return int(year), int(at), int(day)
    if found := CHINESE.fullmatch(text):
        spoken = int("".join(str(FIGURES[each]) for each in found[1]))
        return spoken, _spoken(found[2]), _spoken(found[3]) if found[3] else None
    if found := MONTH.fullmatch(text):
        year, at = (each for each in found.groups() if each is not None)
        # 201204 is a month, 920411 and 130411 a day without its century: months end with 12, centuries begin with 19.
        if "".join((year, at)) != text or (year[:2] in ("19", "20") and 1 <= int(at) <= 12):
            return int(year), int(at), None
    if found := YEAR_LAST.fullmatch(text):
        return _either(int(found[1]), int(found[2]), int(found[3]))
    named = _in_letters(text)
    if named is not None:
        return named
    if YEAR.fullmatch(text):
        return "date.day"
    return "date.year" if SHORT_YEAR.fullmatch(text) else "date.none"


def _either(first: int, second: int, year: int) -> tuple[int, int, int | None] | str:
    if first == second or (second > 12 >= first):
        return year, first, second
    return (year, second, first) if first > 12 >= second else "date.order"


def _in_letters(text: str) -> tuple[int, int, int | None] | str | None:
    for pattern, places in ((DAY_IN_LETTERS, (2, 1, 0)), (LETTERS_FIRST, (2, 0, 1)), (YEAR_FIRST, (0, 1, 2))):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        year, name, day = (found.groups()[place] for place in places)
        at = MONTHS.get(name.lower())
        if at is not None:
            return (int(year), at, int(day)) if len(year) == 4 else "date.year"
    if found := MONTH_IN_LETTERS.fullmatch(text):
        at = MONTHS.get(found[1].lower())
        if at is not None:
            return (int(found[2]), at, None) if len(found[2]) == 4 else "date.year"
    return None


def _spoken(word: str) -> int:
    """十一 is 11, 二十 20, 廿三 23; 0 where it is no number."""
    word = word.replace("廿", "二十")
    tens, ten, ones = word.partition("十")
    if not ten:
        return FIGURES[word] if len(word) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (FIGURES[tens] if tens else 1) * 10 + (FIGURES.get(ones, 0) if ones else 0)


def _of_serial(days: int, *, date1904: bool) -> Read[date] | None:
    shift = BETWEEN_SYSTEMS if date1904 else 0
    if not SERIALS[0] - shift <= days <= SERIALS[1] - shift:
        return None
    return Read((EPOCH_1904 if date1904 else EPOCH) + timedelta(days), ("serial",))


def _not(code: str, text: str) -> Read[date]:
    return Read(None, (), REFUSED[code](text[:20]))


LIKE = N_("请写成 1990-01-31 的样子。")
REFUSED: dict[str, Callable[[str], Refusal]] = {
    "date.blank": lambda text: refuse("date.blank", N_("日期为空。"), LIKE, status=422, text=text),
    "date.none": lambda text: refuse("date.none", N_("“%(text)s”不是有效日期。"), LIKE, status=422, text=text),
    "date.year": lambda text: refuse("date.year", N_("“%(text)s”的年份不足四位。"), LIKE, status=422, text=text),
    "date.order": lambda text: refuse(
        "date.order", N_("“%(text)s”分不清月和日。"), N_("请按年-月-日写成 1990-01-31 的样子。"), status=422, text=text
    ),
    "date.october": lambda text: refuse(
        "date.october",
        N_("“%(text)s”可能是1月，也可能是10月：表格程序把数值末尾的0去掉了。"),
        N_("请写成 2012-01 或 2012-10 的样子，并把该列设为文本。"),
        status=422,
        text=text,
    ),
    "date.time": lambda text: refuse(
        "date.time",
        N_("“%(text)s”带有时刻，分不清是哪一天。"),
        N_("请只写日期，如 1990-01-31。"),
        status=422,
        text=text,
    ),
    "date.day": lambda text: refuse("date.day", N_("“%(text)s”没有写全年月日。"), LIKE, status=422, text=text),
}
