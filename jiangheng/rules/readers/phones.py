"""Telephone numbers: a mobile of the mainland however it is written; numbers of Hong Kong, Macao and Taiwan where a field takes them."""

from __future__ import annotations

import re

from jiangheng.rules.readers.text import Read, narrow, undress
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

MOBILE = re.compile(r"1[3-9][0-9]{9}")
MAINLAND = re.compile(r"(?:\+|00|\+00)?86(?:0?)(?=1[0-9]{10}$)|0(?=1[3-9][0-9]{9}$)")
ABROAD = re.compile(r"(?:\+|00)(852|853|886)(0?[0-9]{8,9})")
PLACES = {"852": N_("香港"), "853": N_("澳门"), "886": N_("台湾")}
LENGTHS = {"852": (8,), "853": (8,), "886": (9,)}
OWN = N_("请填写本人正在使用的手机号码，如 13800000000；前面的+86、中间的空格和横线不影响。")
LABEL = re.compile(r"^(?:手机(?:号码?)?|移动电话|联系电话|电话|mobile|tel|phone)\s*[:：]?\s*", re.IGNORECASE)
BETWEEN = re.compile(r"[\s\-‐‑‒–—―−﹣－.．·・()（）\[\]【】/]")


def read(raw: object, *, abroad: bool = False) -> Read[str]:
    """A mobile as its 11 digits; with ``abroad`` also one of Hong Kong, Macao or Taiwan, as ``+85291234567``.

    Refusal ``phone.shape`` (422), ``phone.abroad`` (422) where only a mobile of the mainland can be used,
    ``phone.blank`` (422).
    """
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text, tidied = undress(raw)
    said = list(tidied)
    text, wide = narrow(text)
    said += ["fullwidth"] if wide else []
    unlabelled = LABEL.sub("", text)
    said += ["label"] if unlabelled != text else []
    # A table of numbers written out by a program that holds them as figures ends each with .0
    number = BETWEEN.sub("", re.sub(r"(?<=[0-9]{11})\.0$", "", unlabelled))
    if number != unlabelled:
        said.append("spaces" if re.sub(r"\s", "", unlabelled) == number else "punctuation")
    if not number:
        return Read(None, (), refuse("phone.blank", N_("手机号码为空。"), OWN, clause="三（二）", status=422))
    bare = MAINLAND.sub("", number, count=1) if MAINLAND.match(number) else number
    if MOBILE.fullmatch(bare):
        return Read(bare, tuple(dict.fromkeys([*said, *(["country_code"] if bare != number else [])])))
    found = ABROAD.fullmatch(number)
    if found:
        local = found[2].removeprefix("0") if found[1] == "886" else found[2]
        if len(local) in LENGTHS[found[1]]:
            if abroad:
                return Read(f"+{found[1]}{local}", tuple(dict.fromkeys(said)))
            return Read(
                None,
                (),
                refuse(
                    "phone.abroad",
                    N_("%(place)s的手机号码收不到本平台的通知。"),
                    N_("请填写内地手机号码；没有的请由所在单位代报，或联系市鉴定中心。"),
                    clause="三（二）",
                    status=422,
                    place=PLACES[found[1]],
                ),
            )
    return Read(
        None, (), refuse("phone.shape", N_("手机号码应为11位数字、以13至19开头。"), OWN, clause="三（二）", status=422)
    )


def contact(raw: object) -> Read[str]:
    """A telephone of any kind: a mobile in its one form, a fixed line with its extension undressed; never refused."""
    found = read(raw, abroad=True)
    if found.value is not None:
        return found
    text, tidied = undress(raw)
    text, wide = narrow(text)
    return Read(text.strip(), (*tidied, "fullwidth") if wide else tidied)


def tidy(raw: object) -> str:
    """The value of :func:`contact`."""
    return contact(raw).value or ""
