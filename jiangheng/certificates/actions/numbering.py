"""Numbers: taken gapless per prefix, year and level, one per candidate, signed in the same breath."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings

from jiangheng.certificates import queries, signing
from jiangheng.certificates.models import Certificate
from jiangheng.journal import queries as journal
from jiangheng.journal.actions import action, record, send
from jiangheng.journal.actions.locking import hold
from jiangheng.journal.actions.numbering import serials
from jiangheng.plans import checks
from jiangheng.results import queries as results
from jiangheng.results.models import Result
from jiangheng.rules import flows
from jiangheng.rules.bodies import scopes
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import certificate_numbers
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

CHUNK = 500
PRINTED_TOGETHER = 20


@action("certificates.number")
def number_batch(*, by: Person, now: datetime, plan_id: int) -> list[Certificate]:
    """Number every candidate of a plan who passed and has no certificate yet, and queue their PDFs: 四（八）.

    A second call numbers nobody again and returns an empty list. Refusals (409): ``certificate.not_approved``,
    ``certificate.prefix``, ``certificate.sequence``, ``certificate.key``, ``certificate.qualification`` (nobody else passed).
    """
    plan = results.plan_for(by, plan_id)
    batch = results.visible_to(by).filter(plan_id=plan.pk).first()
    if batch is None or batch.state != "approved":
        raise refuse(
            "certificate.not_approved",
            N_("这个计划的成绩尚未审核通过，不能生成证书号。"),
            N_("请先审核认定机构上报的成绩。"),
            clause="四（八）",
        )
    checks.require_filed(plan, now, stopping=scopes.FINISHING)
    passed = Result.objects.filter(batch=batch, passed=True)
    waiting = passed.filter(~queries.of_qualification("application__"), application__certificates=None)
    # Held until the end: whoever numbers this plan at the same time waits, then finds nobody left to number.
    hold(batch)
    rows = list(
        waiting.select_related("application__identity").order_by(
            "application__level", "application__ticket__number", "id"
        )
    )
    if not rows:
        if passed.filter(queries.of_qualification("application__")).exists():
            raise queries.no_certificate()
        return []
    today = local_day(now)
    wanted = Counter(row.application.level for row in rows)
    numbers = _numbers(plan.body.certificate_prefix, today, wanted)
    made = [_certificate(row.application, plan, next(numbers[row.application.level]), today, now) for row in rows]
    return _keep(made)


def _numbers(prefix: str, today: date, wanted: Mapping[int, int]) -> dict[int, Iterator[str]]:
    """As many numbers of each level as ``wanted`` says; levels are taken in order, so that no two deeds cross."""
    law = values.law(today)
    made: dict[int, Iterator[str]] = {}
    for level, count in sorted(wanted.items()):
        # Before anything is taken: a body without its prefix has no series.
        certificate_numbers.format_number(prefix, today.year, level, 1, law)
        found = serials("certificate", today.year, count, unit=f"{prefix}{level}")
        made[level] = iter(
            [certificate_numbers.format_number(prefix, today.year, level, serial, law) for serial in found]
        )
    return made


def _certificate(
    application: Any, plan: Any, number: str, today: date, now: datetime, replaces: Certificate | None = None
) -> Certificate:
    """Everything the certificate of that number will say, signed."""
    certificate = Certificate(
        number=number,
        application=application,
        identity=application.identity,
        plan=plan,
        body_id=plan.body_id,
        sponsor_id=application.sponsor_id,
        body_name=plan.body.name,
        name=application.name,
        identity_kind=application.identity.kind,
        identity_masked=application.identity.number_masked,
        occupation_code=application.occupation_code,
        occupation_name=application.occupation_name,
        job=application.job,
        level=application.level,
        issued_on=today,
        replaces=replaces,
        is_demonstration=settings.DEMONSTRATION or plan.body.is_fictional,
        created_at=now,
    )
    certificate.signature = signing.sign(certificate)
    return certificate


def _keep(made: list[Certificate]) -> list[Certificate]:
    Certificate.objects.bulk_create(made, batch_size=CHUNK)
    for certificate in made:
        record(
            certificate,
            verb="certificates.number",
            after={"number": certificate.number, "signature": certificate.signature},
        )
    for start in range(0, len(made), PRINTED_TOGETHER):
        part = made[start : start + PRINTED_TOGETHER]
        send(
            key=f"certificates.print:{part[0].number}:{len(part)}",
            channel="job",
            subject=f"生成电子证书文件：{part[0].number}起{len(part)}张",
            payload={"job": "certificates.print", "certificate_ids": [each.pk for each in part]},
            record=part[0],
        )
    return made


@action("certificates.reissue")
def reissue(*, by: Person, now: datetime, certificate_id: int, note: str = "") -> Certificate:
    """After a revocation and a corrected result, issue a new certificate under a new number: 四（八）.

    The revoked number is never used again. Refusals (409): ``certificate.not_revoked``, ``certificate.replaced``,
    ``certificate.not_passed``; ``certificate.reason`` (422).
    """
    old = queries.get(by, certificate_id)
    if old.state != "revoked":
        raise refuse(
            "certificate.not_revoked",
            N_("证书没有撤销，不能重新核发。"),
            N_("内容有误的，请先撤销并写明理由；遗失的，可下载原电子证书重新打印。"),
            clause="四（八）",
        )
    if not note.strip():
        raise refuse(
            "certificate.reason",
            N_("重新核发须写明理由。"),
            N_("请写明原证书撤销原因和更正结果。"),
            clause="四（八）",
            status=422,
        )
    today = local_day(now)
    # Held until the end: of two who reissue it at once, the second finds it replaced.
    hold(old)
    live = Certificate.objects.filter(
        application_id=old.application_id, state__in=flows.FLOWS["certificate"].live
    ).exists()
    if live or Certificate.objects.filter(replaces=old).exists():
        raise refuse(
            "certificate.replaced", N_("该考生已有重新核发的证书。"), N_("请查看该考生的最新证书。"), clause="四（八）"
        )
    result = journal.one(Result.objects.filter(batch__state="approved"), application_id=old.application_id)
    if not result.passed:
        raise refuse(
            "certificate.not_passed",
            N_("该考生的成绩不合格，不能重新核发证书。"),
            N_("请核对更正后的成绩。"),
            clause="四（八）",
        )
    level = old.application.level
    numbers = _numbers(old.plan.body.certificate_prefix, today, {level: 1})
    certificate = _certificate(old.application, old.plan, next(numbers[level]), today, now, replaces=old)
    record(old, note=note)
    return _keep([certificate])[0]
