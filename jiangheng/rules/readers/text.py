"""What every reader shares: its answer, and the dress of text that comes off whatever the value is.

Which characters are dress stands here as ranges and not in the interpreter's Unicode tables: the same string has the
same answer on every Python, and a character of a newer Unicode is never taken for a control character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from jiangheng.rules.refusal import Refusal
from jiangheng.rules.words import gettext_noop as N_

T = TypeVar("T")

FORMULA = "="
"""What stands for the cell of a formula where the value last calculated is not taken for one somebody wrote."""

TIDIED: Mapping[str, str] = {
    "invisible": N_("零宽等不可见字符已去掉"),
    "line_end": N_("换行符已去掉"),
    "kept_as_text": N_("首尾的撇号、引号、制表符等文本标记已去掉"),
    "spaces": N_("空格已去掉"),
    "fullwidth": N_("全角数字、字母已转为半角"),
    "dot": N_("间隔号已统一为“·”"),
    "apostrophe": N_("撇号已统一为“'”"),
    "hyphen": N_("连字符已统一为“-”"),
    "punctuation": N_("括号、横线等标点已去掉"),
    "label": N_("“证件号码：”一类的字样已去掉"),
    "letter_case": N_("字母已改为大写"),
    "fifteen": N_("15位号码已换算为18位"),
    "kind": N_("证件类型已按号码更正"),
    "country_code": N_("国家代码已去掉"),
    "currency": N_("货币符号、千分位逗号已去掉"),
    "form": N_("写法已统一"),
    "midnight": N_("时间00:00已去掉"),
    "month": N_("只写了年月，按当月1日读取"),
    "serial": N_("表格程序的日期数值已换算"),
}
"""What may have been tidied, by code, as half a sentence."""

# Zero width characters, marks of direction, soft hyphens, joiners, tags; selectors of variants are not among them,
# since older systems keep the shape of a rare character with one.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"
)
SPACES = " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
LINE_ENDS = "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
BLANKS = SPACES + LINE_ENDS
QUOTES = "'‘’ʼʻ`´＇′‛\"“”＂„«»「」"
ESCAPED = re.compile(r"_x00(0[0-9A-Da-d]|A0)_|_x200[B-Fb-f]_|_x[Ff][Ee][Ff][Ff]_")
AS_TEXT = re.compile(r'\s*=\s*(?:T\s*\(\s*)?"([^"]*)"\s*\)?\s*')
CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
"""What no text holds: control characters that end no line, halves of surrogate pairs, code points that are no characters."""


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A reader's answer: the ``value`` kept, codes of :data:`TIDIED` for what was dress, or the ``refusal``."""

    value: T | None
    tidied: tuple[str, ...] = ()
    refusal: Refusal | None = None

    def taken(self) -> T:
        """The value; raises the refusal where there is one."""
        if self.refusal is not None:
            raise self.refusal
        return self.value  # type: ignore[return-value]  # a reader that does not refuse has a value


def sentences(tidied: Iterable[str]) -> list[str]:
    """What was tidied, as the source halves of sentences of :data:`TIDIED`, each once."""
    return [TIDIED[code] for code in dict.fromkeys(tidied)]


def undress(raw: object, *, marks: bool = True) -> tuple[str, tuple[str, ...]]:
    """Text without invisible characters, outer blanks and line ends, and what was taken off.

    ``marks`` takes off what systems put around a value to keep it text for a spreadsheet too: a leading or trailing
    apostrophe, quotation marks around it, a tab, ``="…"``. The dress of two programs may lie over one another.
    """
    text = "" if raw is None else str(raw)
    if text.isascii() and text.isalnum():
        return text, ()
    tidied: list[str] = []
    before = ""
    while text != before:
        before = text
        text = _one_layer(text, tidied, marks=marks)
    return text, tuple(dict.fromkeys(tidied))


def _one_layer(text: str, tidied: list[str], *, marks: bool) -> str:
    if seen := ESCAPED.search(text):
        tidied.append("line_end" if seen[0].upper() in ("_X000D_", "_X000A_") else "invisible")
        text = ESCAPED.sub(lambda found: chr(int(found[0][2:-1], 16)), text)
    if INVISIBLE.search(text):
        tidied.append("invisible")
        text = INVISIBLE.sub("", text)
    bare = text.strip(BLANKS)
    if bare != text:
        edges = text[: len(text) - len(text.lstrip(BLANKS))] + text[len(text.rstrip(BLANKS)) :]
        tidied += ["line_end"] if any(char in LINE_ENDS for char in edges) else []
        tidied += ["kept_as_text"] if marks and "\t" in edges else []
        tidied += ["spaces"] if any(char in SPACES and char != "\t" for char in edges) else []
        tidied += ["spaces"] if not marks and "\t" in edges else []
        text = bare
    if marks:
        if found := AS_TEXT.fullmatch(text):
            tidied.append("kept_as_text")
            text = found[1]
        bare = text.strip(QUOTES)
        if bare != text:
            tidied.append("kept_as_text")
            text = bare
    return text


def narrow(text: str) -> tuple[str, bool]:
    """Full-width digits, letters and marks made half-width, and whether there were any."""
    if text.isascii():
        return text, False
    made = "".join(chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else " " if char == "　" else char for char in text)
    return made, made != text


def line(raw: object) -> tuple[str, tuple[str, ...]]:
    """Free text of one cell or field: only invisible characters and outer blanks come off."""
    return undress(raw, marks=False)
