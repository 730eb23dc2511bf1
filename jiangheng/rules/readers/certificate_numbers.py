"""Certificate numbers (人社鉴发〔2019〕2号): province's prefix, year, level, sequence; older numbers recognised."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from jiangheng.rules import codes
from jiangheng.rules.law import Law
from jiangheng.rules.readers.text import Read, undress
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

LARGEST = 999_999
KINDS_OF_BODY = {"Y": N_("用人单位"), "S": N_("社会培训评价组织")}
SHANGHAI = "31"
BY_HAND = ("legacy", "shanghai")
"""Schemes that say too little to be checked against what else was written: a person compares the original."""
FIRST_YEAR = 2019
"""The year the numbers of 人社鉴发〔2019〕2号 began."""
NO_INDUSTRY = ("00", "99")
"""Codes of old certificates that name neither a province nor an industry."""
LABEL = re.compile(
    r"^(?:(?:职业技能等级|职业资格|资格|技能)?证书)?(?:编号|号码|号)\s*[:：]?\s*|^NO\s*[.:：]?\s*(?=[0-9YS])",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"[\s\-‐‑‒–—―−﹣－·._/]")
ASKED_WITH_ZEROS = re.compile(r"000([0-9]{13})")
DOUBTS = {
    "sequence": N_("编号的顺序码全为0，没有这样的证书；请对照证书原件更正。"),
    "province": N_("编号中的省级代码不存在；请对照证书原件更正。"),
    "early": N_("职业技能等级证书从2019年起核发，编号中的年份早于2019年；请对照证书原件核对。"),
    "industry": N_("编号中的地区或行业代码查不到；请对照证书原件核对。"),
}
"""What cannot be right in a number of a known shape; the first two are impossible, the others are looked at by hand."""
IMPOSSIBLE = ("sequence", "province")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a number says.

    ``scheme``: skill (22 characters), special (特级技师, 首席技师), vocational (16 digits), shanghai (13 digits) or
    legacy (unknown, kept as typed). ``province`` is the two-digit code where the number holds a known one;
    ``grade`` the word for a special level; ``body_kind`` Y or S; ``doubts`` codes of :data:`DOUBTS`.
    """

    text: str
    scheme: str
    year: int | None = None
    level: int | None = None
    sequence: int | None = None
    province: str = ""
    grade: str = ""
    body_kind: str = ""
    doubts: tuple[str, ...] = ()


def format_number(prefix: str, year: int, level: int, sequence: int, law: Law) -> str:
    """The 22-character number. Refusals: ``certificate.prefix`` (409), ``certificate.sequence`` (409)."""
    if not re.fullmatch(law.value("certificate_prefix_pattern"), prefix):
        raise refuse(
            "certificate.prefix",
            N_("该机构尚未登记省级编定的13位证书编号前缀，不能生成证书号。"),
            N_("请市鉴定中心在机构信息中录入自治区编定的前缀后重试。"),
            clause="四（八）",
        )
    if not 1 <= sequence <= LARGEST:
        raise refuse(
            "certificate.sequence",
            N_("该机构本年度本等级的证书序列号已用完。"),
            N_("请联系自治区主管部门增编机构序列码。"),
            clause="四（八）",
        )
    return f"{prefix}{year % 100:02d}{level}{sequence:06d}"


def read(raw: object) -> Read[str]:
    """A number as kept: its dress, its label and the separators of a number of letters and digits off; never refused."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text, tidied = undress(raw)
    said = list(tidied)
    plain = unicodedata.normalize("NFKC", text)
    said += ["fullwidth"] if plain != text else []
    bare = LABEL.sub("", plain, count=1)
    said += ["label"] if bare != plain else []
    tight = re.sub(r"\s", "", bare)
    said += ["spaces"] if tight != bare else []
    joined = BETWEEN.sub("", tight)
    # A number of no known scheme may need its dashes: 桂职鉴字-2003-12 stays as it is.
    if joined != tight and re.fullmatch(r"[YSys]?[0-9]{13,21}|[YSys][0-9]{14}[A-Za-z][0-9]{6}", joined):
        said.append("punctuation")
        tight = joined
    said += ["letter_case"] if tight.upper() != tight else []
    return Read(tight.upper(), tuple(dict.fromkeys(said)))


def parse(text: object, law: Law) -> Parsed:
    """Read a number somebody typed; an unknown shape is *legacy*, never refused here."""
    number = read(text).value or ""
    if found := ASKED_WITH_ZEROS.fullmatch(number):
        # The national query wants 000 before the 13 digits of Shanghai; people copy it from there.
        return Parsed(found[1], "shanghai", province=SHANGHAI)
    if re.fullmatch(law.value("certificate_pattern"), number):
        return _skill(number, "skill", level=int(number[15]))
    if re.fullmatch(law.value("certificate_special_pattern"), number):
        return _skill(number, "special", grade=_grades(law).get(number[15], ""))
    if re.fullmatch(law.value("old_certificate_pattern"), number):
        century = 1900 if int(number[:2]) > 50 else 2000
        level = int(number[10])
        doubts = ["sequence"] if int(number[11:]) == 0 else []
        doubts += ["industry"] if number[2:4] in NO_INDUSTRY else []
        return Parsed(
            number,
            "vocational",
            century + int(number[:2]),
            level if 1 <= level <= 5 else None,
            int(number[11:]),
            province=_province(number[2:4]),
            doubts=tuple(doubts),
        )
    if re.fullmatch(law.value("shanghai_certificate_pattern"), number):
        return Parsed(number, "shanghai", province=SHANGHAI)
    return Parsed(number, "legacy")


def _skill(number: str, scheme: str, *, level: int | None = None, grade: str = "") -> Parsed:
    year, sequence, province = 2000 + int(number[13:15]), int(number[16:]), _province(number[5:7])
    doubts = ["sequence"] if sequence == 0 else []
    doubts += [] if province else ["province"]
    doubts += ["early"] if year < FIRST_YEAR else []
    return Parsed(number, scheme, year, level, sequence, province, grade, number[0], tuple(doubts))


def told(parsed: Parsed) -> tuple[str, dict[str, str | int]]:
    """What the number says, as a sentence and its places, to be said back to whoever typed it (三（一）)."""
    places: dict[str, str | int] = {
        "year": parsed.year or "",
        "province": codes.label("province", parsed.province) if parsed.province else N_("地区代码查不到"),
        "level": parsed.grade or (codes.level_name(parsed.level) if parsed.level else N_("等级代码查不到")),
        "body": KINDS_OF_BODY.get(parsed.body_kind, ""),
    }
    if parsed.doubts:
        return DOUBTS[parsed.doubts[0]], {}
    if parsed.scheme in ("skill", "special"):
        return N_("识别为职业技能等级证书：%(body)s评价，%(province)s，%(year)s年核发，%(level)s。"), places
    if parsed.scheme == "vocational":
        return N_("识别为原国家职业资格证书：%(province)s，%(year)s年核发，%(level)s。"), places
    if parsed.scheme == "shanghai":
        return (
            N_(
                "识别为上海市13位原职业资格证书编号（全国网上查询时前面加“000”）；编号中没有等级和年份，须人工核对原件。"
            ),
            {},
        )
    return N_("不是现行或原职业资格证书的编号格式，已按原样保留，由认定机构人工核对原件，不影响提交。"), {}


def latest_issue(parsed: Parsed) -> date | None:
    """The last day the certificate can have been issued on by the year in its number: the careful “after”."""
    return date(parsed.year, 12, 31) if parsed.year else None


def _province(code: str) -> str:
    found = codes.find("province", code)
    return found.code if found else ""


def _grades(law: Law) -> dict[str, str]:
    """The letters of 特级技师 and 首席技师 as the law in force holds them, a labelled default."""
    pairs = (each.partition("=") for each in str(law.value("special_levels")).split(";"))
    return {letter.strip(): grade.strip() for letter, _sign, grade in pairs if grade}
