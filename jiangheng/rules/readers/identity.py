"""Identity documents: normalised, checked, masked; equal where they name the same person.

An 18-digit number is one person in the country whatever card carries it: the card is told from the number, and corrected
where another one was named. Other documents are known by kind, country and number.

Source: GB 11643 for the resident identity number (港澳台居民居住证: 国办发〔2018〕81号, numbers 81…, 82…, 83…; the
永久居留身份证 since 2023: 18 digits from 9…); only its check digit is taken from the library, since its place check refuses
people born before today's division codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

from jiangheng.rules.codes import find, table
from jiangheng.rules.readers import credit_codes
from jiangheng.rules.readers.text import INVISIBLE, Read, narrow, undress
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

RESIDENT = "居民身份证"
RESIDENCE_PERMIT = "港澳台居民居住证"
PERMANENT = "外国人永久居留身份证"
HOMECOMING = "港澳居民来往内地通行证"
TAIWAN = "台湾居民来往大陆通行证"
PASSPORT = "护照"
OFFICER = "军官证"
EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
KIND_OF_PREFIX = {"81": RESIDENCE_PERMIT, "82": RESIDENCE_PERMIT, "83": RESIDENCE_PERMIT}
PATTERNS = {
    OFFICER: r"[\w字第号〇-鿿]{4,20}",
    HOMECOMING: r"[HM][0-9]{8}([0-9]{2})?",
    TAIWAN: r"([0-9]{8}|[0-9]{10}[A-Z0-9]?)",
    PERMANENT: r"[A-Z]{3}[0-9]{12}",
    PASSPORT: r"[A-Z0-9]{5,17}",
}
WANTED = {
    RESIDENT: N_("18位数字，末位可为X"),
    RESIDENCE_PERMIT: N_("81、82或83开头的18位数字，末位可为X"),
    PERMANENT: N_("9开头的18位数字，或旧版3个字母加12位数字"),
    HOMECOMING: N_("H或M加8位或10位数字"),
    TAIWAN: N_("8位数字，旧版10位数字、可带1位字母"),
    PASSPORT: N_("5至17位字母或数字"),
    OFFICER: N_("“南字第1234567号”一类的文字"),
}
"""What a number of each document looks like, for a sentence."""
TELLING = (RESIDENT, PERMANENT, HOMECOMING)
"""Documents whose numbers no other one has."""
PROVINCES = frozenset(code.code for code in table("province")) | {"83"}
LABEL = re.compile(
    r"^(?:(?:公民)?身份(?:证)?(?:号码?|编号)|身份证|(?:证件|护照|通行证)号码?|号码|ID(?:\s*CARD)?(?:\s*NO)?|NO)\s*[.:：﹕]?\s*",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"[\s\-‐‑‒–—―−﹣·•.,，。、:/'’()（）\[\]【】〔〕<>《》_]")
CLAUSE = "三（二）"
ORIGINAL = N_("请对照证件原件逐位核对后重新填写。")


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked document: ``number`` is the one form kept; ``born`` and ``sex`` only where the number tells them.

    ``country`` is the ISO 3166 code (three letters) of who issued it, "" where neither number nor sender tells.
    """

    kind: str
    number: str
    born: date | None
    sex: str
    warnings: tuple[str, ...]
    country: str = ""


def tidy(text: object) -> str:
    """A number without its dress: half-width, upper-case, no label, blanks, separators or brackets."""
    return _bare(text)[0]


def _bare(raw: object) -> tuple[str, tuple[str, ...]]:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text, tidied = undress(raw)
    if text.isascii() and text.isalnum() and text.upper() == text:
        return text, tidied
    said = list(tidied)
    text, wide = narrow(text)
    said += ["fullwidth"] if wide else []
    unlabelled = LABEL.sub("", text, count=1)
    if unlabelled != text and re.search(r"[0-9]", unlabelled):
        said.append("label")
        text = unlabelled
    bare = BETWEEN.sub("", text)
    if bare != text:
        said.append("spaces" if re.sub(r"\s", "", text) == bare else "punctuation")
    if bare.upper() != bare:
        said.append("letter_case")
    return bare.upper(), tuple(dict.fromkeys(said))


def is_eighteen(number: str) -> bool:
    """Whether a kept number is one of 18 digits, which is one person whatever card carries it."""
    return EIGHTEEN.fullmatch(number) is not None


def kind_of(number: str) -> str:
    """The card that carries an 18-digit number."""
    return PERMANENT if number[0] == "9" else KIND_OF_PREFIX.get(number[:2], RESIDENT)


def index_key(kind: str, number: str, country: str = "") -> str:
    """What a document is found by: an 18-digit number alone, else kind, country and number."""
    if is_eighteen(number):
        return number
    # Only a passport's number says nothing of the country that gave it.
    return f"{kind}\x1f{country if kind == PASSPORT else ''}\x1f{number}"


def read(kind: str, raw: object, *, today: date | None = None, country: str = "") -> Read[Identity]:
    """A document number.

    Refusal codes (422): ``identity.kind``, ``identity.blank``, ``identity.shape``, ``identity.other_kind``,
    ``identity.date``, ``identity.future``, ``identity.check_digit``.
    """
    found = find("document_kind", INVISIBLE.sub("", kind))
    if found is None:
        return Read(
            None,
            (),
            refuse(
                "identity.kind",
                N_("证件类型“%(kind)s”不在代码表中。"),
                ORIGINAL,
                clause=CLAUSE,
                status=422,
                kind=kind[:20],
            ),
        )
    number, tidied = _bare(raw)
    if not number:
        return Read(None, (), refuse("identity.blank", N_("证件号码为空。"), ORIGINAL, clause=CLAUSE, status=422))
    said = list(tidied)
    try:
        if found.label in (RESIDENT, RESIDENCE_PERMIT) or EIGHTEEN.fullmatch(number):
            made = _eighteen(found.label, number, today)
            said += ["fifteen"] if len(number) == 15 else []
        else:
            made = _other(found.label, number, country)
    except Refusal as refusal:
        return Read(None, (), refusal)
    said += ["kind"] if made.kind != found.label else []
    return Read(made, tuple(dict.fromkeys(said)))


def check_identity(kind: str, text: object, *, today: date | None = None, country: str = "") -> Identity:
    """The checked document; refusals as :func:`read`."""
    return read(kind, text, today=today, country=country).taken()


def _other(kind: str, number: str, country: str) -> Identity:
    if not re.fullmatch(PATTERNS[kind], number):
        raise _shape(kind, number)
    told = {OFFICER: "CHN", TAIWAN: "TWN", HOMECOMING: "HKG" if number[0] == "H" else "MAC", PERMANENT: number[:3]}
    return Identity(kind, number, None, "", (), told.get(kind, country.strip().upper()[:3]))


def _shape(kind: str, number: str) -> Refusal:
    looks = next(
        (other for other in TELLING if other != kind and re.fullmatch(PATTERNS.get(other, r"(?!)"), number)), ""
    )
    if looks:
        return refuse(
            "identity.other_kind",
            N_("证件号码像是“%(looks)s”的号码，与所填证件类型“%(kind)s”不符。"),
            ORIGINAL,
            clause=CLAUSE,
            status=422,
            looks=looks,
            kind=kind,
        )
    return refuse(
        "identity.shape",
        N_("“%(kind)s”的号码应为%(wanted)s，所填为%(got)s位。"),
        ORIGINAL,
        clause=CLAUSE,
        status=422,
        kind=kind,
        wanted=WANTED[kind],
        got=len(number),
    )


def _eighteen(kind: str, number: str, today: date | None) -> Identity:
    given = number
    if kind == RESIDENT and re.fullmatch(r"[0-9]{15}", number):
        number = number[:6] + "19" + number[6:]
        number += _check_digit(number)
    if not EIGHTEEN.fullmatch(number):
        raise _shape(kind, given)
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
    return Identity(kind_of(number), number, born, "男" if int(number[16]) % 2 else "女", warnings, "CHN")


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
    return index_key(first.kind, first.number, first.country) == index_key(second.kind, second.number, second.country)


def check_credit_code(text: object) -> str:
    """A unified social credit code in its kept form; Refusal ``credit_code`` (422)."""
    return credit_codes.read(text).taken()


def age(born: date, on: date) -> int:
    """Whole years of age on a day; somebody born on 29 February has the birthday on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
