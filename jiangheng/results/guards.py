"""What stands in the way of a step of a batch of results or of an objection beyond its state and one's role."""

from __future__ import annotations

from datetime import datetime, timedelta

from jiangheng.journal.guards import guard
from jiangheng.people import queries as people
from jiangheng.results import queries
from jiangheng.results.models import Objection, ResultBatch
from jiangheng.rules import codes
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values


def not_owner(person: Person, batch: ResultBatch) -> Refusal | None:
    """Refusal ``results.owner`` (403) for anybody but the body that held the examination."""
    if person.organisation_id == batch.body_id:
        return None
    return refuse(
        "results.owner",
        N_("这批成绩不属于您所在的认定机构。"),
        N_("请由组织实施的认定机构办理。"),
        clause="四（八）",
        status=403,
    )


@guard("result_batch.own")
def _own(person: Person, batch: ResultBatch, _now: datetime) -> Refusal | None:
    return not_owner(person, batch)


@guard("result_batch.enter")
def _entering(person: Person, batch: ResultBatch, _now: datetime) -> Refusal | None:
    """A mark that is neither given nor missed nor voided (四（八）)."""
    if refusal := not_owner(person, batch):
        return refusal
    missing = queries.missing_marks(batch.results.select_related("application"))
    if not missing:
        return None
    first, subject = missing[0]
    return refuse(
        "results.missing",
        N_("还有%(count)s个科目成绩没有登记，例如%(name)s的%(subject)s。"),
        N_("请登记成绩或标为缺考后再提交。"),
        clause="四（八）",
        count=len(missing),
        name=first.application.name,
        subject=codes.label("subject", subject),
    )


@guard("objection.handle")
def _handling(person: Person, objection: Objection, _now: datetime) -> Refusal | None:
    """The body's own staff or the centre, never the one complained of (四（八）)."""
    refusal = not_owner(person, objection.batch) if person.role is Role.BODY else None
    if refusal or not queries.complained_of(objection, person):
        return refusal
    return refuse(
        "objection.conflict",
        N_("您是被投诉人或登记了这批成绩，不能办理这件异议。"),
        N_("请由本机构其他工作人员或市鉴定中心办理。"),
        clause="四（八）",
        status=403,
    )


@guard("result_batch.confirm")
def _confirming(person: Person, batch: ResultBatch, _now: datetime) -> Refusal | None:
    """Whoever entered marks or handed them in does not confirm them (四（八）)."""
    if refusal := not_owner(person, batch):
        return refusal
    if person.account_id not in queries.hands_on(batch):
        return None
    return refuse(
        "results.two_persons",
        N_("您参与了这批成绩的登记或提交，不能由同一人复核确认。"),
        N_("请由本机构另一名工作人员登录后复核确认。"),
        clause="四（八）",
        status=403,
    )


@guard("result_batch.report")
def _reporting(person: Person, batch: ResultBatch, now: datetime) -> Refusal | None:
    """The period, an open objection, a change that waits (四（八）)."""
    if refusal := not_owner(person, batch):
        return refusal
    today = local_day(now)
    ends = batch.publicity_ends_on_counted
    if ends is None:
        return None
    if today <= ends.day:
        tomorrow = CountedDay(ends.day + timedelta(days=1), ends.provisional)
        return refuse(
            "results.publicity_open",
            N_("公示至%(ends)s，还剩%(left)s个工作日，公示期满前不能上报成绩。"),
            N_("公示期满无异议后，可自%(earliest)s起上报。"),
            clause="四（八）",
            ends=ends.place(),
            left=values.calendar().between(today, tomorrow.day),
            earliest=tomorrow.place(),
        )
    objections = queries.open_objections(batch)
    if objections:
        return refuse(
            "results.objections_open",
            N_("还有%(count)s件公示异议没有办结，不能上报成绩。"),
            N_("请核查并作出处理决定后再上报。"),
            clause="四（八）",
            count=objections,
        )
    waiting = queries.waiting_amendments(batch)
    if waiting:
        return refuse(
            "results.amendments_open",
            N_("还有%(count)s项成绩更正等待第二人决定，不能上报成绩。"),
            N_("请由申请人以外的工作人员作出决定后再上报。"),
            clause="四（八）",
            count=waiting,
        )
    return None


@guard("result_batch.review")
def _reviewing(person: Person, batch: ResultBatch, _now: datetime) -> Refusal | None:
    """Nobody who ever had a role in the body reviews its results."""
    mine = people.memberships_visible_to(person).filter(
        organisation_id=batch.body_id, account_id=person.account_id or 0
    )
    if mine.exists():
        return refuse(
            "results.reviewer",
            N_("您在该认定机构有任职身份，不能审核其成绩。"),
            N_("请由市鉴定中心其他工作人员审核。"),
            clause="四（八）",
            status=403,
        )
    return None
