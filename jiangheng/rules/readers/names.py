"""Names of people: every ideograph of GB 18030-2022 and the middle dot; nothing is replaced by look-alikes.

Which characters a name may hold is said here and not by the interpreter's Unicode tables, so that the same name has the
same answer on every Python and at every door.
"""

from __future__ import annotations

import re
import unicodedata

from jiangheng.rules.readers.text import SPACES, Read, undress
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

DOT = "·"
DOTS = "•・‧∙⋅・．.。●﹒˙｡･⸱᛫⦁ㆍ·⸳◦"
"""Marks a keyboard or a program gives for the middle dot of a name."""
APOSTROPHES = "’‘ʼʻ`´′＇‛ʹ"
HYPHENS = "‐‑‒–—−﹣－⁃"
IDEOGRAPHS = (
    (0x3007, 0x3007),
    (0x2E80, 0x2FD5),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAD9),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
    (0x2EBF0, 0x2EE5D),
    (0x2F800, 0x2FA1D),
    (0x30000, 0x3134A),
    (0x31350, 0x323AF),
    (0xE000, 0xF8FF),
)
"""GB 18030-2022 at implementation level 3 with the extensions G, H and I, which identity cards print by now; the last
row is private use, where older systems put rare names."""
DIGITS = "0123456789０１２３４５６７８９①②③④⑤⑥⑦⑧⑨"
LONGEST = 50
AS_ON_CARD = N_("请按身份证件上的姓名填写。")
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# The tables of Unicode 3.2 every Python carries unchanged: the letters of the world's alphabets have been there since.
LETTERS = unicodedata.ucd_3_2_0


def is_ideograph(char: str) -> bool:
    """True for a character of the ideograph blocks (private use included: older systems put rare names there)."""
    return "\u4e00" <= char <= "\u9fff" or any(first <= ord(char) <= last for first, last in IDEOGRAPHS)


def read(raw: object, longest: int = LONGEST) -> Read[str]:
    """A name as kept: dress and, in a Chinese name, every blank off, look-alike dots made ``·``.

    Latin letters (with spaces, ``'``, ``-`` and ``.``) are accepted for foreign documents. Refusal codes (422):
    ``name.blank``, ``name.long``, ``name.digits``, ``name.dot``, ``name.character``.
    """
    name, tidied = undress(raw)
    said = list(tidied)
    if any(is_ideograph(char) for char in name):
        name = _chinese(name, said)
    else:
        name = _letters(name, said)
    refusal = _judged(name, longest)
    return Read(None if refusal else name, () if refusal else tuple(dict.fromkeys(said)), refusal)


def check_name(text: str, longest: int = LONGEST) -> str:
    """The name as kept; refusals as :func:`read`."""
    return read(text, longest).taken()


def key(raw: object) -> str:
    """What two writings of one name have in common, for finding a record by the name somebody types."""
    found = read(raw)
    name = found.value if found.value is not None else "".join(str(raw).split())
    plain = unicodedata.normalize("NFC", SELECTORS.sub("", name))
    return re.sub(r"[\s.]", "", plain).casefold()


def _chinese(name: str, said: list[str]) -> str:
    # A line break within is no dress: it may stand between two people's names.
    tight = "".join(char for char in name if char not in SPACES)
    said += ["spaces"] if tight != name else []
    dotted = re.sub(f"{DOT}{{2,}}", DOT, "".join(DOT if char in DOTS else char for char in tight))
    said += ["dot"] if dotted != tight else []
    return dotted


def _letters(name: str, said: list[str]) -> str:
    wide = "".join(chr(ord(char) - 0xFEE0) if "Ａ" <= char <= "Ｚ" or "ａ" <= char <= "ｚ" else char for char in name)
    said += ["fullwidth"] if wide != name else []
    quoted = "".join("'" if char in APOSTROPHES else char for char in wide)
    said += ["apostrophe"] if quoted != wide else []
    joined = "".join("-" if char in HYPHENS else char for char in quoted)
    said += ["hyphen"] if joined != quoted else []
    dotted = "".join("." if char in "．。﹒｡" else DOT if char in DOTS and char != "." else char for char in joined)
    said += ["dot"] if dotted != joined else []
    spaced = re.sub(rf"[{re.escape(SPACES)}]+", " ", dotted)
    said += ["spaces"] if spaced != dotted else []
    return spaced


def _judged(name: str, longest: int) -> Refusal | None:
    if not name:
        return refuse("name.blank", N_("姓名为空。"), AS_ON_CARD, clause="三（二）", status=422)
    if len(name) > longest:
        return refuse(
            "name.long", N_("姓名超过%(longest)s个字。"), AS_ON_CARD, clause="三（二）", status=422, longest=longest
        )
    chinese = any(is_ideograph(char) for char in name)
    for position, char in enumerate(name):
        if is_ideograph(char) or (char == DOT and 0 < position < len(name) - 1):
            continue
        if ord(char) < 0x2000 and LETTERS.category(char) in ("Lu", "Ll", "Lo"):
            continue
        if position and (SELECTORS.match(char) or LETTERS.category(char) == "Mn"):
            continue
        if char in " '-." and position > 0 and not chinese:
            continue
        if chinese and 0 < position < len(name) - 1 and char in f"-_*~'、,，{HYPHENS}{APOSTROPHES}～":
            return refuse(
                "name.dot",
                N_("姓名第%(position)s个字不是间隔号；两部分之间请用“·”。"),
                AS_ON_CARD,
                clause="三（二）",
                status=422,
                position=position + 1,
            )
        return refuse(
            "name.character",
            N_("姓名第%(position)s个字不能用于姓名。"),
            AS_ON_CARD,
            clause="三（二）",
            status=422,
            position=position + 1,
        )
    return None
