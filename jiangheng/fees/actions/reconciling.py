"""Statements taken in whole or not at all, once; lines claimed or explained by two people (三（七）)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from jiangheng.fees import queries, statements
from jiangheng.fees.actions.numbering import CHUNK, lock
from jiangheng.fees.actions.receiving import allocate
from jiangheng.fees.models import Match, Payment, Statement, StatementLine
from jiangheng.files import worksheets
from jiangheng.files.limits import at as limits_at
from jiangheng.journal.actions import action, move, record
from jiangheng.journal.actions.locking import hold
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.fees.money import settle
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

SOURCES = ("bank", "sandbox")


class StatementFaults(Refusal):
    """The faults of a statement; no line of it was taken in."""

    def __init__(self, faults: Sequence[statements.Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.row)
        first = self.faults[0]
        super().__init__(
            N_("对账单有%(count)s处错误，没有导入任何一行。第%(row)s行“%(column)s”：%(fault)s"),
            code="statement.faults",
            remedy=N_("请按提示改正后重新上传整份对账单。"),
            clause="三（七）",
            status=422,
            count=len(faults),
            row=first.row,
            column=first.column,
            fault=first.sentence(),
        )


@action("fee.import_statement")
def import_statement(*, by: Person, now: datetime, source: str, file_name: str, data: bytes) -> Statement:
    """Take in a statement of the body's account (三（七）): every line, or none where one has a fault. Lines taken in
    before add nothing.

    Refusals: those of ``workbooks.read``; ``statement.source``, ``statement.faults`` (422: rows and faults),
    ``statement.empty`` (422).
    """
    if source not in SOURCES:
        raise refuse(
            "statement.source",
            N_("请选择对账单来源。"),
            N_("可选银行对账单或支付渠道账单。"),
            clause="三（七）",
            status=422,
        )
    rows, faults = statements.parse(worksheets.as_written(data, limits_at(now)), local_day(now))
    own = StatementLine.objects.filter(body_id=by.organisation_id, source=source)
    known = {
        (line.reference, line.occurrence): (line.day, line.amount_fen)
        for line in hold(own.filter(reference__in={row.reference for row in rows}))
    }
    body_id = by.organisation_id or 0
    times: Counter[str] = Counter()
    fresh: list[StatementLine] = []
    for row in rows:
        times[row.reference] += 1
        key = (row.reference, times[row.reference])
        if key not in known:
            fresh.append(
                StatementLine(
                    body_id=body_id,
                    source=source,
                    row=row.row,
                    reference=row.reference,
                    occurrence=key[1],
                    day=row.day,
                    amount_fen=row.amount_fen,
                    payer=row.payer,
                    note=row.note,
                )
            )
        elif known[key] != (row.day, row.amount_fen):
            faults.append(statements.Fault(row.row, "流水号", N_("该流水号以前导入过，日期或金额与本次不同。")))
    if faults:
        raise StatementFaults(faults)
    if not rows:
        raise refuse(
            "statement.empty",
            N_("对账单中没有收款记录。"),
            N_("请按模板填写：流水号、日期、金额（元）、付款人、摘要。"),
            clause="三（七）",
            status=422,
        )
    made = Statement.objects.create(
        body_id=body_id,
        source=source,
        file_name=file_name[:120],
        digest=hashlib.sha256(data).hexdigest(),
        first_on=min(row.day for row in rows),
        last_on=max(row.day for row in rows),
        rows=len(rows),
        added=len(fresh),
        created_at=now,
    )
    for line in fresh:
        line.statement = made
    StatementLine.objects.bulk_create(fresh, batch_size=CHUNK)
    record(made, after={"source": source, "rows": len(rows), "added": len(fresh)})
    return made


@action("fee.propose_match")
def propose_match(
    *,
    by: Person,
    now: datetime,
    line_id: int,
    note: str,
    plan_id: int | None = None,
    payer_organisation_id: int | None = None,
    application_id: int | None = None,
) -> Match:
    """Say whose money an unknown line is (plan and payer), or explain a line whose sum differs or that is there twice;
    a second person confirms. Refusals: ``record.none`` (404), ``match.note``, ``match.payer`` (422),
    ``match.standing`` (409).
    """
    line = queries.statement_line(by, line_id)
    hold(StatementLine.objects.filter(body_id=line.body_id, pk=line.pk))
    if not note.strip():
        raise refuse(
            "match.note",
            N_("认领或说明须写明依据。"),
            N_("例如：“单位来函说明系本批学员认定费”。"),
            clause="三（七）",
            status=422,
        )
    if Match.objects.filter(line=line).exclude(state="refused").exists():
        raise refuse("match.standing", N_("该流水已认领或正在复核。"), N_("请刷新对账结果查看。"), clause="三（七）")
    payment = Payment.objects.filter(body_id=line.body_id, reference=line.reference).first()
    if payment is None and line.occurrence == 1:
        if plan_id is None or (payer_organisation_id is None) == (application_id is None):
            raise refuse(
                "match.payer",
                N_("请指明计划，以及缴费单位或考生。"),
                N_("请从名单中选择一项，或填写本机构已计费考生的报名序号。"),
                clause="三（七）",
                status=422,
            )
        queries.own_plan(by, plan_id)
        charges = queries.visible_to(by).filter(plan_id=plan_id, payer_organisation_id=payer_organisation_id)
        if application_id is not None:
            charges = charges.filter(application_id=application_id)
        queries.first_of(charges)
    made = Match.objects.create(
        line=line,
        plan_id=plan_id if payment is None else None,
        payer_organisation_id=payer_organisation_id if payment is None else None,
        application_id=application_id if payment is None else None,
        payment=payment,
        note=note.strip()[:200],
        proposed_by=by.account_id,
        created_at=now,
    )
    record(
        made,
        note=made.note,
        after={"reference": line.reference, "fen": line.amount_fen, "payment": payment.pk if payment else None},
    )
    return made


@action("statement_match.confirm")
def confirm_match(*, by: Person, now: datetime, match_id: int, seen: int | None = None) -> Match:
    """A second person confirms: claimed money is booked for its payer, oldest charges first, the rest as credit.

    Refusals: ``record.none`` (404), ``match.same_person`` (403), ``match.reference`` (409).
    """
    match = queries.match(by, match_id)
    if match.plan_id:
        lock(match.plan_id)
    match.refresh_from_db()
    moved = move(match, "confirm", seen=seen)
    line = moved.line
    if moved.payment_id is None and moved.plan_id is not None and line.occurrence == 1:
        if Payment.objects.filter(body_id=line.body_id, reference=line.reference).exists():
            raise refuse(
                "match.reference",
                N_("凭证号“%(reference)s”已登记过另一笔收款，未重复登记。"),
                N_("请退回该认领，重新对账。"),
                clause="三（七）",
                reference=line.reference,
            )
        _book(moved, moved.plan_id, by=by, now=now)
    return moved


def _book(match: Match, plan_id: int, *, by: Person, now: datetime) -> None:
    line, application = match.line, match.application
    charges = queries.visible_to(by).filter(plan_id=plan_id, payer_organisation_id=match.payer_organisation_id)
    if application is not None:
        charges = charges.filter(application=application)
    name = application.name if application else match.payer_organisation.name if match.payer_organisation else ""
    payment = Payment.objects.create(
        body_id=line.body_id,
        plan_id=plan_id,
        payer_organisation_id=match.payer_organisation_id,
        identity_id=application.identity_id if application else None,
        payer_name=name[:120],
        provider="" if line.source == "bank" else line.source,
        method="transfer" if line.source == "bank" else "online",
        reference=line.reference,
        amount_fen=line.amount_fen,
        paid_on=line.day,
        created_at=now,
    )
    spread = settle(((charge.pk, fen) for charge, fen in queries.outstanding(charges)), line.amount_fen)
    allocate(payment, spread.parts, now)
    Match.objects.filter(pk=match.pk).update(payment=payment)
    record(
        payment,
        note=match.note,
        after={
            "reference": line.reference,
            "fen": line.amount_fen,
            "charges": len(spread.parts),
            "credit": spread.left,
        },
    )


@action("statement_match.refuse")
def refuse_match(*, by: Person, now: datetime, match_id: int, note: str, seen: int | None = None) -> Match:
    """The claim is not right; the line is open again."""
    return move(queries.match(by, match_id), "refuse", note=note, seen=seen)
