"""Identity documents: normalised, checked, masked; equal where they name the same person.

Source: GB 11643 for the resident identity number; only its check digit is taken from the library, since
its place check refuses people born before today's division codes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from jiangheng.rules.codes import find
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

RESIDENT = "居民身份证"
RESIDENCE_PERMIT = "港澳台居民居住证"
PATTERNS = {
    "军官证": r"[\w字第号〇-鿿]{4,20}",
    "港澳居民来往内地通行证": r"[HM]\d{8}(\d{2})?",
    "台湾居民来往大陆通行证": r"(\d{8}|\d{10}[A-Z0-9]?)",
    "外国人永久居留身份证": r"([A-Z]{3}\d{12}|9\d{17})",
    "护照": r"[A-Z0-9]{5,17}",
}
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
CLAUSE = "三（二）"


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked document: ``number`` is the one form kept; ``born`` and ``sex`` only where the number tells them."""

    kind: str
    number: str
    born: date | None
    sex: str
    warnings: tuple[str, ...]


def tidy(text: str) -> str:
    """Full-width digits and letters made half-width, spaces and separators dropped, letters upper-case."""
    if text.isascii() and text.isalnum():
        return text.upper()
    narrow = "".join(
        unicodedata.normalize("NFKC", char) if "！" <= char <= "～" or char == "　" else char for char in text
    )
    return re.sub(r"[\s\-·.]", "", narrow).upper()


def check_identity(kind: str, text: str, *, today: date | None = None) -> Identity:
    """Check a document number.

    Refusal codes (422): ``identity.kind``, ``identity.blank``, ``identity.shape``, ``identity.date``,
    ``identity.future``, ``identity.check_digit``.
    """
    found = find("document_kind", kind)
    if found is None:
        raise refuse(
            "identity.kind",
            N_("证件类型“%(kind)s”不在代码表中。"),
            N_("请对照证件原件逐位核对后重新填写。"),
            clause=CLAUSE,
            status=422,
            kind=kind[:20],
        )
    number = tidy(text)
    if not number:
        raise refuse(
            "identity.blank", N_("证件号码为空。"), N_("请对照证件原件逐位核对后重新填写。"), clause=CLAUSE, status=422
        )
    if found.label in (RESIDENT, RESIDENCE_PERMIT) or re.fullmatch(r"9\d{16}[\dX]", number):
        return _resident(found.label, number, today)
    if not re.fullmatch(PATTERNS[found.label], number):
        raise _misshapen(found.label)
    return Identity(found.label, number, None, "", ())


def _resident(kind: str, number: str, today: date | None) -> Identity:
    if re.fullmatch(r"\d{15}", number):
        number = number[:6] + "19" + number[6:]
        number += _check_digit(number)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise _misshapen(kind)
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise refuse(
            "identity.date",
            N_("证件号码中的出生日期不存在。"),
            N_("请对照证件原件逐位核对后重新填写。"),
            clause=CLAUSE,
            status=422,
        ) from None
    if born.year < 1900 or (today is not None and born > today):
        raise refuse(
            "identity.future",
            N_("证件号码中的出生日期不合理。"),
            N_("请对照证件原件逐位核对后重新填写。"),
            clause=CLAUSE,
            status=422,
        )
    if _check_digit(number[:17]) != number[17]:
        raise refuse(
            "identity.check_digit",
            N_("证件号码校验位不对，可能有一位填错。"),
            N_("请对照证件原件逐位核对后重新填写。"),
            clause=CLAUSE,
            status=422,
        )
    warnings = () if number[:2] in PROVINCES or number[0] == "9" else ("place",)
    return Identity(kind, number, born, "男" if int(number[16]) % 2 else "女", warnings)


def _check_digit(head: str) -> str:
    return str(ric.calc_check_digit(head + "0"))


def mask(number: str) -> str:
    """The number with its middle hidden: six and four shown of a resident number, at most half of shorter ones."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    edge = min(2, len(number) // 4)
    return number[:edge] + "*" * max(len(number) - 2 * edge, 1) + number[len(number) - edge :]


def same_person(first: Identity, second: Identity) -> bool:
    """True where two checked documents are the same document of one person (15 and 18 digits included)."""
    return first.kind == second.kind and first.number == second.number


def check_credit_code(text: str) -> str:
    """A unified social credit code in its kept form; Refusal ``credit_code`` (422)."""
    try:
        return str(uscc.validate(tidy(text)))
    except ValidationError:
        raise refuse(
            "credit_code",
            N_("统一社会信用代码不正确。"),
            N_("请对照营业执照或登记证书上的18位代码填写。"),
            clause="一",
            status=422,
        ) from None


def age(born: date, on: date) -> int:
    """Whole years of age on a day; somebody born on 29 February has the birthday on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _misshapen(kind: str) -> Refusal:
    return refuse(
        "identity.shape",
        N_("证件号码不符合“%(kind)s”的格式。"),
        N_("请对照证件原件逐位核对后重新填写；居民身份证号码为18位，末位可为X。"),
        clause=CLAUSE,
        status=422,
        kind=kind,
    )
