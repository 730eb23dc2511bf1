"""Names of people: every ideograph of GB 18030-2022 and the middle dot; nothing is replaced by look-alikes."""

from __future__ import annotations

import re
import unicodedata

from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

DOT = "·"
DOTS = "•・‧∙⋅・．"
IDEOGRAPHS = (
    (0x3007, 0x3007),
    (0x2E80, 0x2FDF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2FA1F),
    (0x30000, 0x323AF),
    (0xE000, 0xF8FF),
)
LONGEST = 50
SPACES = " \t\u00a0\u3000"


def is_ideograph(char: str) -> bool:
    """True for a character of the ideograph blocks (private use included: older systems put rare names there)."""
    return "\u4e00" <= char <= "\u9fff" or any(first <= ord(char) <= last for first, last in IDEOGRAPHS)


def check_name(text: str, longest: int = LONGEST) -> str:
    """The name as kept: outer and inner spaces of a Chinese name dropped, dots made ``·``.

    Latin letters (with spaces, ``'``, ``-`` and ``.``) are accepted for foreign documents. Refusal codes (422):
    ``name.blank``, ``name.long``, ``name.character``.
    """
    name = "".join(DOT if char in DOTS else char for char in text.strip(SPACES))
    if any(is_ideograph(char) for char in name):
        name = re.sub(r"[ \u00a0\u3000]", "", name)
    if not name:
        raise refuse("name.blank", N_("姓名为空。"), N_("请按身份证件上的姓名填写。"), clause="三（二）", status=422)
    if len(name) > longest:
        raise refuse(
            "name.long",
            N_("姓名超过%(longest)s个字。"),
            N_("请按身份证件上的姓名填写。"),
            clause="三（二）",
            status=422,
            longest=longest,
        )
    for position, char in enumerate(name):
        if is_ideograph(char) or (char == DOT and 0 < position < len(name) - 1):
            continue
        if unicodedata.category(char) in ("Lu", "Ll", "Lo") and ord(char) < 0x2000:
            continue
        if position and unicodedata.category(char) == "Mn":
            continue
        if char in " '-." and position > 0 and ord(name[0]) < 0x2000:
            continue
        raise refuse(
            "name.character",
            N_("姓名第%(position)s个字不能用于姓名。"),
            N_("请按身份证件上的姓名填写。"),
            clause="三（二）",
            status=422,
            position=position + 1,
        )
    return name
