"""The body's review (三（一）): accepted, returned for correction or not accepted, at one level or two, and undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from jiangheng.applications import queries
from jiangheng.applications.actions.clientele import require_filed, require_service, serving
from jiangheng.applications.actions.judging import COLUMNS, Bench
from jiangheng.applications.models import Application, ReviewSetting
from jiangheng.applications.queries import desk
from jiangheng.journal.actions import action, move, record, send
from jiangheng.rules import flows
from jiangheng.rules.applications import review
from jiangheng.rules.conditions.eligibility import MET, NOT_MET
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


def _reviewed(by: Person, application_id: int) -> Application:
    """The application, where ``by``'s body is the one that decides on it; ``review.not_yours`` (403)."""
    application = queries.get(by, application_id)
    if not desk.decides(by, application):
        raise refuse(
            "review.not_yours",
            N_("这份申请不由您的机构审核。"),
            N_("请由承办该计划的认定机构审核。"),
            clause="三（一）",
            status=403,
        )
    return application


@action("review.set_levels")
def set_levels(*, by: Person, now: datetime, levels: int, valid_from: date) -> ReviewSetting:
    """One or two persons look at each application of the body from a day on (三（一）); earlier settings stay.

    Refusals (422): ``review.levels``, ``review.past``.
    """
    if levels not in review.LEVELS:
        raise refuse(
            "review.levels",
            N_("审核级数只能是一级或两级。"),
            N_("请选择一级审核或两级审核。"),
            clause="三（一）",
            status=422,
        )
    today = local_day(now)
    if valid_from < today:
        raise refuse(
            "review.past",
            N_("审核级数不能自过去的日期起更改。"),
            N_("请选择今天或以后的日期。"),
            clause="三（一）",
            status=422,
        )
    assert by.organisation_id is not None
    assert by.account_id is not None
    made = ReviewSetting.objects.create(
        body_id=by.organisation_id, levels=levels, valid_from=valid_from, set_by_id=by.account_id, created_at=now
    )
    record(
        made,
        before={"levels": desk.levels(by.organisation_id, today)},
        after={"levels": levels, "valid_from": valid_from},
    )
    return made


@action("application.return")
def return_(
    *, by: Person, now: datetime, application_id: int, note: str, reasons: Sequence[str] = (), seen: int | None = None
) -> Application:
    """Send the form back for correction, with reasons from the list and words (三（一）).

    Refusals: ``review.reason`` (422), ``review.same_person`` (403), ``record.stale`` (409).
    """
    application = _reviewed(by, application_id)
    words = review.words_of("return", reasons, note)
    moved = move(application, "return", note=words, seen=seen, updates={"first_reviewed_by": None})
    _tell(moved, by, N_("您的申请被退回补正"), words)
    return moved


@action("application.pass")
def pass_first(
    *, by: Person, now: datetime, application_id: int, note: str = "", seen: int | None = None
) -> Application:
    """The first of two reviewers finds the conditions met; another person accepts (三（一）).

    Refusals: those of ``accept``; ``review.one_level`` (409) where the body reviews at one level.
    """
    application = _reviewed(by, application_id)
    if desk.levels(by.organisation_id, local_day(now)) == 1:
        raise refuse(
            "review.one_level",
            N_("本机构实行一级审核，不需要初审。"),
            N_("请直接受理；需要两级审核的，请先在“审核设置”中设定。"),
            clause="三（一）",
        )
    updates = _fit(application, note, now)
    updates["first_reviewed_by_id"] = by.account_id
    return move(application, "pass", note=note, seen=seen, updates=updates)


@action("application.accept")
def accept(*, by: Person, now: datetime, application_id: int, note: str = "", seen: int | None = None) -> Application:
    """Accept (三（一）). Not met is refused; an open question is accepted only with words saying what was looked at.

    Where the body reviews at two levels, acceptance is the second reviewer's. Refusals: ``application.not_met``
    (409), ``application.makeups`` (409), ``application.by_hand`` (422), ``review.not_yours`` (403), ``review.two_levels`` (409),
    ``review.same_person`` (403).
    """
    application = _reviewed(by, application_id)
    if application.state == "submitted" and desk.levels(by.organisation_id, local_day(now)) > 1:
        raise refuse(
            "review.two_levels",
            N_("本机构实行两级审核，这份申请还没有初审。"),
            N_("请先初审通过，再由另一名审核人员复核受理。"),
            clause="三（一）",
        )
    updates = _fit(application, note, now)
    moved = move(application, "accept", note=note, seen=seen, updates=updates)
    _tell(moved, by, N_("您的申请已受理"), note)
    return moved


def _fit(application: Application, note: str, now: datetime) -> dict[str, Any]:
    """The columns of a judgement made afresh; refuses what may not go through."""
    if application.state not in flows.states("application", "waiting"):
        return {}
    require_filed(application, now)
    party = serving(application)
    if party is not None:
        require_service(application, party, now)
    updates = _rejudged(application, now)
    if application.state == "submitted" and application.verdict not in (MET, NOT_MET) and not note.strip():
        raise refuse(
            "application.by_hand",
            N_("该申请有条件尚无证据，须人工核对后受理，请写明核对了什么材料。"),
            N_("例如：“已核对社保缴费记录，累计年限满5年”。证据不足的请退回补正。"),
            clause="三（一）",
            status=422,
        )
    return updates


@action("application.refuse")
def refuse_application(
    *, by: Person, now: datetime, application_id: int, note: str, reasons: Sequence[str] = (), seen: int | None = None
) -> Application:
    """Do not accept, with the reason and the condition that is not met (三（一）)."""
    application = _reviewed(by, application_id)
    words = review.words_of("refuse", reasons, note)
    moved = move(application, "refuse", note=words, seen=seen)
    _tell(moved, by, N_("您的申请不予受理"), words)
    return moved


@action("application.take_back")
def take_back(
    *, by: Person, now: datetime, application_id: int, note: str = "", seen: int | None = None
) -> Application:
    """The first reviewer takes the first review back before the second (三（一）); ``review.not_first`` (403)."""
    application = _reviewed(by, application_id)
    return move(application, "take_back", note=note, seen=seen, updates={"first_reviewed_by_id": None})


@action("application.send_back")
def send_back(*, by: Person, now: datetime, application_id: int, note: str, seen: int | None = None) -> Application:
    """The second reviewer sends an application back to the first review, with the reason (三（一）)."""
    application = _reviewed(by, application_id)
    return move(application, "send_back", note=note, seen=seen, updates={"first_reviewed_by_id": None})


@action("application.undo")
def undo(*, by: Person, now: datetime, application_id: int, note: str = "", seen: int | None = None) -> Application:
    """Whoever decided takes the decision back within minutes, while nothing is built on it (三（一）).

    Refusals: ``review.undo_late``, ``review.in_use`` (409), ``review.not_decider`` (403).
    """
    application = _reviewed(by, application_id)
    moved = move(application, "undo", note=note, seen=seen, updates={"first_reviewed_by_id": None})
    _tell(moved, by, N_("您的申请正在重新审核"), note)
    return moved


def _rejudged(application: Application, now: datetime) -> dict[str, Any]:
    before = application.judgement
    Bench(now).judge(application)
    return {} if application.judgement == before else {name: getattr(application, name) for name in COLUMNS}


def _tell(application: Application, by: Person, subject: str, words: str) -> None:
    """A notice to the candidate's account, where there is one, and to the organisation that entered them."""
    account = getattr(application.identity, "account", None)
    key = f"application:{application.pk}:{application.version}"
    body = f"{application.number} {application.occupation_name}　{words}".strip()
    if account is not None:
        send(
            key=f"{key}:person", channel="notice", subject=subject, body=body, to_account=account.pk, record=application
        )
    if application.sponsor_id is not None and application.sponsor_id != by.organisation_id:
        send(
            key=f"{key}:sponsor",
            channel="notice",
            subject=subject,
            body=f"{application.name}　{body}",
            to_organisation=application.sponsor_id,
            record=application,
        )
