"""Running numbers of plans, requests, applications, papers, receipts, draws and tickets, by rules in the law."""

from __future__ import annotations

from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.words import gettext_noop as N_


def running_number(rule: str, year: int, serial: int, law: Law) -> str:
    """The number that the rule named ``rule`` (such as ``plan_number_rule``) gives for a year's ``serial``.

    Refusal ``number.rule`` (409) where the rule as the centre wrote it cannot be filled.
    """
    return _filled(rule, law, year=year, serial=serial)


def _filled(rule: str, law: Law, **parts: int | str) -> str:
    try:
        return str(law.value(rule)).format(**parts)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        raise Refusal(
            N_("编号规则“%(rule)s”写法有误，不能生成编号。"),
            code="number.rule",
            clause=law.rule(rule).clause,
            remedy=N_("请市鉴定中心在参数页改回默认写法。"),
            rule=rule,
        ) from None


def subject_bits(subjects: tuple[str, ...]) -> int:
    """The subjects of a ticket as decimal digits: theory 1, review 10, skill 100."""
    return sum({"theory": 1, "review": 10, "skill": 100}[subject] for subject in set(subjects))


def ticket_number(
    *, year: int, site: int, batch: int, subjects: tuple[str, ...], room: int, seat: int, law: Law
) -> str:
    """The admission ticket number by ``ticket_number_rule``; ``room`` and ``seat`` count from 1 within the plan.

    ``batch`` counts the plans of one site in a year. Refusal ``number.rule`` (409).
    """
    return _filled(
        "ticket_number_rule",
        law,
        year=year % 100,
        district=law.value("ticket_district"),
        site=site,
        batch=batch,
        subjects=subject_bits(subjects),
        room=room,
        seat=seat,
    )
