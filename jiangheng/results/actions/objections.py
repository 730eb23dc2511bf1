"""Objections during 公示: received, examined by somebody not complained of, settled within their own clock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from jiangheng.journal import queries as journal
from jiangheng.journal.actions import action, move, record, send
from jiangheng.results import queries
from jiangheng.results.actions.marks import request_amendment
from jiangheng.results.models import Objection, ResultBatch
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

TEXT_LONGEST = 2000


@action("objection.receive")
def receive(
    *,
    by: Person,
    now: datetime,
    batch_id: int,
    name: str,
    contact: str,
    text: str,
    ticket: str = "",
    against: str = "",
    result_id: int | None = None,
) -> Objection:
    """Receive an objection while the batch is on public notice; it must be settled by its own day: 四（八）.

    ``ticket`` is the admission ticket number of the result in question, where there is one. Refusals:
    ``objection.closed`` (409), ``objection.incomplete``, ``objection.ticket`` (422).
    """
    batch = queries.ever_published(batch_id)
    today = local_day(now)
    _still_open(batch, now)
    if not (name.strip() and contact.strip() and text.strip()):
        raise refuse(
            "objection.incomplete",
            N_("异议须写明姓名、联系方式和具体内容。"),
            N_("请补充完整后提交，以便核查和答复。"),
            clause="四（八）",
            status=422,
        )
    objection = Objection.objects.create(
        batch=batch,
        result_id=_result_id(batch, by, ticket.strip(), result_id),
        raised_by_id=by.account_id,
        name=name.strip()[:120],
        contact=contact.strip()[:60],
        text=text.strip()[:TEXT_LONGEST],
        against=against.strip()[:120],
        received_at=now,
        due_on=deadlines.objection_finish(today, values.calendar(), values.law(today)).last_day,
    )
    record(objection, after={"batch": batch.pk, "result": objection.result_id, "due_on": objection.due_on})
    send(
        key=f"objection:{objection.pk}",
        channel="notice",
        subject=f"{batch.plan.title}收到公示异议",
        body=f"请在{objection.due_on_counted}前办结。",
        to_organisation=batch.body_id,
        record=objection,
    )
    return objection


def _still_open(batch: ResultBatch, now: datetime) -> None:
    today = local_day(now)
    ends = batch.publicity_ends_on_counted
    if batch.state == "published" and ends is not None and today <= ends.day:
        return
    raise refuse(
        "objection.closed",
        N_("成绩公示已于%(ends)s结束，不再受理公示异议。"),
        N_("如发现违规问题，请向市鉴定中心反映。"),
        clause="四（八）",
        ends=ends.place() if ends else "",
    )


def _result_id(batch: ResultBatch, by: Person, ticket: str, result_id: int | None) -> int | None:
    if result_id is not None:
        return journal.one(queries.results_visible_to(by).filter(batch=batch), pk=result_id).pk
    if not ticket:
        return None
    found = batch.results.filter(application__ticket__number=ticket).values_list("pk", flat=True).first()
    if found is None:
        raise refuse(
            "objection.ticket",
            N_("这批公示成绩中没有准考证号%(ticket)s。"),
            N_("请核对公示表中的准考证号；对整批成绩有异议的，可以不填。"),
            clause="四（八）",
            status=422,
            ticket=ticket[:30],
        )
    return int(found)


@action("objection.take_up")
def take_up(*, by: Person, now: datetime, objection_id: int, note: str = "", seen: int | None = None) -> Objection:
    """Begin to examine an objection: 四（八）. Refusal ``objection.conflict`` (403)."""
    objection = queries.objection(by, objection_id)
    return move(objection, "take_up", note=note, seen=seen)


@action("objection.uphold")
def uphold(
    *,
    by: Person,
    now: datetime,
    objection_id: int,
    note: str = "",
    seen: int | None = None,
    subject: str = "",
    mark: str | Decimal | None = None,
) -> Objection:
    """Find an objection justified, with the answer in ``note``: 四（八）.

    ``subject`` and ``mark`` ask for the mark to be changed, which a second person decides.
    """
    objection = queries.objection(by, objection_id)
    if subject and objection.result_id is None:
        raise refuse(
            "objection.no_result",
            N_("这件异议没有指明考生，不能据此更正成绩。"),
            N_("请不填更正成绩直接答复，或请异议人补充准考证号。"),
            clause="四（八）",
            status=422,
        )
    objection = move(objection, "uphold", note=note, seen=seen, updates={"answer": note})
    if subject and objection.result_id is not None:
        request_amendment(
            by=by,
            now=now,
            result_id=objection.result_id,
            subject=subject,
            mark="" if mark is None else mark,
            reason=note,
            objection_id=objection.pk,
        )
    _answered(objection)
    return objection


@action("objection.dismiss")
def dismiss(*, by: Person, now: datetime, objection_id: int, note: str = "", seen: int | None = None) -> Objection:
    """Find an objection not justified, with the answer in ``note``: 四（八）."""
    objection = queries.objection(by, objection_id)
    objection = move(objection, "dismiss", note=note, seen=seen, updates={"answer": note})
    _answered(objection)
    return objection


def _answered(objection: Objection) -> None:
    if objection.raised_by_id is None:
        return
    send(
        key=f"objection-answer:{objection.pk}",
        channel="notice",
        subject="您提出的公示异议已有处理结果",
        body=objection.answer,
        to_account=objection.raised_by_id,
        record=objection,
    )


@action("objection.withdraw")
def withdraw(*, by: Person, now: datetime, objection_id: int, note: str = "", seen: int | None = None) -> Objection:
    """The candidate takes their objection back: 四（八）."""
    objection = queries.objection(by, objection_id)
    return move(objection, "withdraw", note=note, seen=seen)
