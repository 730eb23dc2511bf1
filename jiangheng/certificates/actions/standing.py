"""A certificate's standing: its PDF, its issue, its revocation, its way upward."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from jiangheng.certificates import queries
from jiangheng.certificates.models import Certificate, Copy, QualificationNumber
from jiangheng.files.actions import store_bytes
from jiangheng.journal import queries as journal
from jiangheng.journal.actions import action, move, move_many, record, send
from jiangheng.journal.actions.locking import hold
from jiangheng.results import queries as results
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

LONGEST_NUMBER = 40
HOPS = {"provincial": "provincial_reported_on", "national": "national_visible_on"}


@action("certificates.keep_copy")
def keep_copy(*, by: Person, now: datetime, certificate_id: int, data: bytes) -> Copy:
    """Keep the PDF made for a certificate; a repeated job keeps the first one, none is ever replaced: 四（八）."""
    [certificate] = hold(journal.one(Certificate.objects.all(), pk=certificate_id))
    kept = queries.newest_copy(certificate)
    if kept is not None:
        return kept
    file = store_bytes(
        by=by,
        now=now,
        data=data,
        name=f"{certificate.number}.pdf",
        content_type="application/pdf",
        purpose="certificate",
        organisation_id=certificate.body_id,
        identity_id=certificate.identity_id,
    )
    copy = Copy.objects.create(certificate=certificate, file=file, created_at=now)
    record(certificate, after={"sha256": file.sha256})
    return copy


@action("certificate.issue")
def issue(*, by: Person, now: datetime, certificate_id: int, note: str = "", seen: int | None = None) -> Certificate:
    """The body issues a numbered certificate whose PDF has been made: 四（八）.

    Refusal ``certificate.no_copy`` (409).
    """
    certificate = queries.get(by, certificate_id)
    certificate = move(certificate, "issue", note=note, seen=seen)
    _tell_holders([certificate], "证书已核发")
    return certificate


@action("certificates.issue_batch")
def issue_batch(*, by: Person, now: datetime, plan_id: int, note: str = "") -> int:
    """The body issues all numbered certificates of a plan, all or none; returns how many: 四（八）.

    Refusals (409): ``certificate.none_waiting``, ``certificate.no_copy``.
    """
    rows = list(queries.visible_to(by).filter(plan_id=plan_id, state="numbered"))
    if not rows:
        raise refuse(
            "certificate.none_waiting",
            N_("这个计划没有待核发的证书。"),
            N_("请等待市鉴定中心审核成绩并生成证书号。"),
            clause="四（八）",
        )
    count = move_many(rows, "issue", note=note)
    _tell_holders(rows, "证书已核发")
    return count


def _tell_holders(rows: list[Certificate], subject: str) -> None:
    accounts = dict(
        Certificate.objects.filter(pk__in=[each.pk for each in rows])
        .exclude(identity__account=None)
        .values_list("pk", "identity__account")
    )
    for each in rows:
        if each.pk in accounts:
            send(
                key=f"certificate:{each.pk}:{each.state}",
                channel="notice",
                subject=subject,
                body=f"证书编号{each.number}。",
                to_account=accounts[each.pk],
                record=each,
            )


@action("certificate.revoke")
def revoke(*, by: Person, now: datetime, certificate_id: int, note: str = "", seen: int | None = None) -> Certificate:
    """The centre revokes a certificate with a reason; the number stays and says so for ever: 四（九）."""
    certificate = queries.get(by, certificate_id)
    certificate = move(
        certificate,
        "revoke",
        note=note,
        seen=seen,
        updates={"revoked_on": local_day(now), "revoked_reason": note.strip()[:200]},
    )
    _tell_holders([certificate], "证书已撤销")
    send(
        key=f"certificate:{certificate.pk}:revoked:body",
        channel="notice",
        subject=f"证书{certificate.number}已撤销",
        body=note,
        to_organisation=certificate.body_id,
        record=certificate,
    )
    return certificate


@action("certificates.note_hop")
def note_hop(*, by: Person, now: datetime, plan_id: int, hop: str, on: date) -> int:
    """Note the day a plan's certificates were reported to the province or became visible nationally: 四（八）.

    ``hop``: provincial or national. Returns how many certificates were marked. Refusals: ``hop.unknown``,
    ``hop.day`` (422), ``hop.order``, ``hop.none`` (409).
    """
    if hop not in HOPS:
        raise refuse("hop.unknown", N_("没有这种上报进度。"), N_("请从列表中选择。"), clause="四（八）", status=422)
    column = HOPS[hop]
    rows = list(queries.visible_to(by).filter(plan_id=plan_id, **{column: None}).exclude(state="revoked"))
    if not rows:
        raise refuse(
            "hop.none",
            N_("这个计划没有需要登记这一进度的证书。"),
            N_("请核对计划，或查看已登记的日期。"),
            clause="四（八）",
        )
    if on > local_day(now) or any(on < each.issued_on for each in rows):
        raise refuse(
            "hop.day",
            N_("日期不能早于发证日期，也不能晚于今天。"),
            N_("请按实际上报或可查询的日期填写。"),
            clause="四（八）",
            status=422,
        )
    if hop == "national" and any(
        each.provincial_reported_on is None or each.provincial_reported_on > on for each in rows
    ):
        raise refuse(
            "hop.order",
            N_("尚未登记上报自治区的日期，或日期早于上报自治区的日期。"),
            N_("请先登记上报自治区的日期。"),
            clause="四（八）",
        )
    Certificate.objects.filter(Q(pk__in=[each.pk for each in rows]), **{column: None}).update(**{column: on})
    for each in rows:
        record(each, after={column: on})
    return len(rows)


@action("certificates.note_qualification")
def note_qualification(
    *, by: Person, now: datetime, plan_id: int, application_id: int, number: str
) -> QualificationNumber:
    """Write down the number of the 职业资格 certificate somebody was given elsewhere: 四（八）; a later line corrects it.

    Refusals: ``record.none`` (404) for whoever did not pass a 职业资格评价 of the plan;
    ``certificate.qualification_number`` (422).
    """
    plan = results.plan_for(by, plan_id)
    result = journal.one(queries.qualified(by, plan.pk).select_related("application"), application_id=application_id)
    written = "".join(number.split())
    if not 0 < len(written) <= LONGEST_NUMBER:
        raise refuse(
            "certificate.qualification_number",
            N_("请填写1至%(most)s个字符的职业资格证书编号。"),
            N_("照职业资格证书上印的编号填写。"),
            clause="四（八）",
            status=422,
            most=LONGEST_NUMBER,
        )
    made = QualificationNumber.objects.create(
        application=result.application, number=written, by_name=by.name, created_at=now
    )
    record(result.application, before={"number": queries.qualification_number(result)}, after={"number": written})
    return made
