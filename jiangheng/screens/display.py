"""How a value reads on a page: states, days, moments, money, levels, subjects, refusals; in the page's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jiangheng.rules import codes, flows
from jiangheng.rules.counted_day import PROVISIONAL, CountedDay
from jiangheng.rules.days import workdays
from jiangheng.rules.days.local_time import local_day, local_moment
from jiangheng.rules.days.workdays import UNPUBLISHED
from jiangheng.rules.refusal import Refusal

LEVELS = {int(code): gettext_lazy(label) for code, label in codes.choices("level")}
SUBJECTS = {code: gettext_lazy(label) for code, label in codes.choices("subject")}
QUESTION_KINDS = {code: gettext_lazy(label) for code, label in codes.choices("question_kind")}
TONE_ICONS = {"neutral": "circle", "waiting": "clock", "good": "check", "bad": "alert"}
NOTHING = "—"


def word(text: str) -> str:
    """A marked source string in the page's language; the empty string stays empty."""
    return _(text) if text else ""


def sentence(refusal: Refusal) -> str:
    """The refusal's sentence in the page's language, its places translated too."""
    return refusal.sentence(word)


def advice(refusal: Refusal) -> str:
    """What to do next, in the page's language, or an empty string."""
    return refusal.advice(word)


@lru_cache(maxsize=256)
def icon(name: str, label: str = "") -> SafeString:
    """A vector icon from the sprite; decorative unless ``label`` gives it a name."""
    href = f"{static('shell/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


def tag(text: str, tone: str = "neutral") -> SafeString:
    """A badge of ``tone`` (neutral, waiting, good, bad): icon and words, never colour alone."""
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(TONE_ICONS[tone]), text)


def state(kind: str, name: str) -> SafeString:
    """The badge of a state of a flow; the code name itself where the table has none."""
    try:
        found = flows.FLOWS[kind].state(name)
    except KeyError:
        return tag(name)
    return tag(word(found.label), found.tone)


def day(value: date | CountedDay | None) -> str:
    """A calendar day as written in the page's language: 2026年6月1日, 1 June 2026; 暂定 beside a provisional one."""
    if isinstance(value, CountedDay):
        return day(value.day) + _provisional(value)
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = local_day(value)
    return date_format(value, "Y年n月j日" if _chinese() else "j F Y")


def short_day(value: date | CountedDay | None) -> str:
    """A calendar day for tables: 2026-06-01; 暂定 beside a provisional one."""
    if isinstance(value, CountedDay):
        return short_day(value.day) + _provisional(value)
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = local_day(value)
    return value.isoformat()


def _provisional(value: CountedDay) -> str:
    return word(PROVISIONAL) if value.provisional else ""


def unpublished(years: Iterable[int]) -> list[str]:
    """For each year whose notice is not known: what is counted already and what still waits for it."""
    return [word(UNPUBLISHED) % each for each in workdays.unpublished(years)]


def moment(value: datetime | None) -> str:
    """A moment to the minute in Liuzhou's time: 2026-06-01 10:00."""
    return local_moment(value).strftime("%Y-%m-%d %H:%M") if value else NOTHING


def money(fen: int | None) -> str:
    """An amount given in fen: ¥1,234.50."""
    if fen is None:
        return NOTHING
    return f"¥{Decimal(fen) / 100:,.2f}"


def number(value: Any) -> str:
    """A figure with thousands marks."""
    if value is None or value == "":
        return NOTHING
    return f"{value:,}" if isinstance(value, int | float | Decimal) else str(value)


def level(value: Any) -> str:
    """The name of a skill level 5-1."""
    try:
        return str(LEVELS[int(value)])
    except (KeyError, TypeError, ValueError):
        return text(value)


def levels(value: Any) -> str:
    """The names of several levels, such as ``"543"``."""
    return _("、").join(level(each) for each in value) if value else NOTHING


def subject(value: Any) -> str:
    """The name of an examined subject."""
    return str(SUBJECTS.get(str(value), text(value)))


def text(value: Any) -> str:
    """Anything else: yes and no in words, nothing as a dash, a list joined."""
    if value is None or value == "":
        return NOTHING
    if value is True:
        return _("是")
    if value is False:
        return _("否")
    if isinstance(value, list | tuple):
        return _("、").join(text(each) for each in value) or NOTHING
    return str(value)


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def plain(value: Any, kind: str, flow_kind: str = "") -> str:
    """A cell as plain text, for the export and for pages."""
    if kind == "state":
        try:
            return word(flows.FLOWS[flow_kind].state(value).label)
        except KeyError:
            return text(value)
    shapes: dict[str, Callable[[Any], str]] = {
        "date": short_day,
        "day": day,
        "moment": moment,
        "number": number,
        "money": money,
        "level": level,
        "levels": levels,
        "subject": subject,
    }
    return shapes.get(kind, text)(value)


def exported(value: Any, kind: str, flow_kind: str = "") -> Any:
    """A cell for a workbook: figures, days and moments keep their kind, amounts are in yuan, all else is text."""
    if value is None or value == "":
        return ""
    if kind in ("date", "day") and isinstance(value, CountedDay):
        return short_day(value) if value.provisional else value.day
    if kind in ("number", "date", "day", "moment") and not isinstance(value, str | bool):
        return value
    if kind == "money":
        return Decimal(value) / 100
    words = plain(value, kind, flow_kind)
    return "" if words == NOTHING else strip_tags(words)


def shown(value: Any, kind: str, flow_kind: str = "") -> str:
    """A cell as it stands on a page; only a state carries markup."""
    if kind == "state":
        return state(flow_kind, value) if value else NOTHING
    if isinstance(value, SafeString):
        return value
    return plain(value, kind, flow_kind)
