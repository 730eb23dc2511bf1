"""Certificate numbers (人社鉴发〔2019〕2号): province's prefix, year, level, sequence; older numbers recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.words import gettext_noop as N_

LARGEST = 999_999


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a number says. ``scheme``: skill, special, vocational (16 digits) or legacy (unknown, kept as typed)."""

    text: str
    scheme: str
    year: int | None = None
    level: int | None = None
    sequence: int | None = None


def format_number(prefix: str, year: int, level: int, sequence: int, law: Law) -> str:
    """The 22-character number. Refusals: ``certificate.prefix`` (409), ``certificate.sequence`` (409)."""
    if not re.fullmatch(law.value("certificate_prefix_pattern"), prefix):
        raise Refusal(
            N_("该机构尚未登记省级编定的13位证书编号前缀，不能生成证书号。"),
            code="certificate.prefix",
            clause="四（八）",
            remedy=N_("请市鉴定中心在机构信息中录入自治区编定的前缀后重试。"),
        )
    if not 1 <= sequence <= LARGEST:
        raise Refusal(
            N_("该机构本年度本等级的证书序列号已用完。"),
            code="certificate.sequence",
            clause="四（八）",
            remedy=N_("请联系自治区主管部门增编机构序列码。"),
        )
    return f"{prefix}{year % 100:02d}{level}{sequence:06d}"


def parse(text: str, law: Law) -> Parsed:
    """Read a number somebody typed; an unknown shape is *legacy*, never refused here."""
    number = re.sub(r"\s", "", text).upper()
    if re.fullmatch(law.value("certificate_pattern"), number):
        return Parsed(number, "skill", 2000 + int(number[13:15]), int(number[15]), int(number[16:]))
    if re.fullmatch(law.value("certificate_special_pattern"), number):
        return Parsed(number, "special", 2000 + int(number[13:15]), None, int(number[16:]))
    if re.fullmatch(law.value("old_certificate_pattern"), number):
        century = 1900 if int(number[:2]) > 50 else 2000
        level = int(number[10])
        return Parsed(
            number, "vocational", century + int(number[:2]), level if 1 <= level <= 5 else None, int(number[11:])
        )
    return Parsed(number, "legacy")


def latest_issue(parsed: Parsed) -> date | None:
    """The last day the certificate can have been issued on by the year in its number: the careful “after”."""
    return date(parsed.year, 12, 31) if parsed.year else None
