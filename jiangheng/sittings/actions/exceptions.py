"""The centre's exception from the five working days of the tickets: with reason, instrument and day, published (四（六）)."""

from __future__ import annotations

from datetime import date, datetime

from jiangheng.journal.actions import action, record, send
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings.models import Sitting, TicketException
from jiangheng.sittings.queries import printed
from jiangheng.values import queries as values


@action("sittings.grant_exception")
def grant_exception(
    *, by: Person, now: datetime, plan_id: int, until: date, reason: str, document: str, article: str
) -> TicketException:
    """Let the tickets of a plan be issued until a later day; the newest exception of a plan counts (四（六）).

    Refusals: ``record.none`` (404: nothing arranged), ``exception.words`` (422: reason, document or clause missing),
    ``exception.none_needed`` (409: nothing waits for tickets), ``exception.day`` (422: not after the lawful last day,
    past, or not before the first sitting).
    """
    plan = printed.printable(by, plan_id)
    if not (reason.strip() and document.strip() and article.strip()):
        raise refuse(
            "exception.words",
            N_("同意例外须写明理由、依据文件和条款。"),
            N_("请补全后提交；例外情况会在计划的公开页面公布。"),
            clause="四（六）",
            status=422,
        )
    waiting = Sitting.objects.filter(plan=plan, state="arranged").order_by("starts_at").first()
    if waiting is None:
        raise refuse(
            "exception.none_needed",
            N_("该计划没有等待核发准考证的场次。"),
            N_("认定机构编排考场后才能办理。"),
            clause="四（六）",
        )
    today = local_day(now)
    first = local_day(waiting.starts_at)
    last = deadlines.ticket_issue(first, values.calendar(), values.law(today)).counted
    lawful = last.day
    if not lawful < until < first or until < today:
        raise refuse(
            "exception.day",
            N_("例外期限须晚于规定的最迟核发日%(lawful)s、不早于今天，并早于首场考试日%(first)s。"),
            N_("请重新选择期限；来不及的，请改期后重新编排。"),
            clause="四（六）",
            status=422,
            lawful=last.place(),
            first=first.isoformat(),
        )
    made = TicketException.objects.create(
        plan=plan,
        until=until,
        lawful_day=lawful,
        reason=reason.strip(),
        document=document.strip(),
        article=article.strip(),
        granted_by_id=by.account_id or 0,
        granted_at=now,
    )
    record(
        plan,
        note=made.reason,
        after={"until": until, "lawful_day": lawful, "document": made.document, "article": made.article},
    )
    send(
        key=f"plan:{plan.pk}:ticket-exception:{made.pk}",
        channel="notice",
        subject=N_("准考证核发时限例外已同意"),
        body=plan.title,
        to_organisation=plan.body_id,
        record=plan,
    )
    return made
