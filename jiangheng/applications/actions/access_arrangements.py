"""Needs in the examination (四（六）): asked by the candidate or the body, confirmed or refused by the body."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jiangheng.applications import queries
from jiangheng.applications.models import AccessArrangement, Application
from jiangheng.applications.queries import access_arrangements, desk
from jiangheng.files import actions as files
from jiangheng.journal.actions import action, move, record, send
from jiangheng.rules.examination.access_arrangements import KINDS
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

CLAUSE = "四（六）"
LONGEST = 300


@action("access_arrangement.ask")
def ask_access_arrangement(
    *, by: Person, now: datetime, application_id: int, kinds: Sequence[str], reason: str, upload: Any = None
) -> list[AccessArrangement]:
    """Ask for a seat that can be reached or more time, with why and a proof where there is one (四（六）).

    Refusals: ``record.none`` (404); ``access_arrangement.not_yours`` (403); ``access_arrangement.kind``, ``access_arrangement.reason`` (422);
    ``access_arrangement.state``, ``access_arrangement.ticketed``, ``access_arrangement.twice`` (409); those of ``files.actions.store``.
    """
    application = queries.get(by, application_id)
    _own(by, application)
    chosen = [kind for kind in KINDS if kind in kinds]
    if not chosen or set(kinds) - set(KINDS):
        raise refuse(
            "access_arrangement.kind",
            N_("请选择需要的安排。"),
            N_("可选无障碍座位、延长考试时间。"),
            clause=CLAUSE,
            status=422,
        )
    if not reason.strip():
        raise refuse(
            "access_arrangement.reason",
            N_("请写明原因。"),
            N_("例如“使用轮椅”“右手受伤，书写困难”。"),
            clause=CLAUSE,
            status=422,
        )
    if application.state not in queries.LIVE:
        raise refuse(
            "access_arrangement.state",
            N_("这份申请已经结束，不能提出特殊需要。"),
            N_("请在新的申请中提出。"),
            clause=CLAUSE,
        )
    if access_arrangements.ticketed(application.pk):
        raise access_arrangements.too_late()
    file = None
    if upload is not None:
        file = files.store(
            by=by,
            now=now,
            upload=upload,
            purpose="proof",
            identity_id=application.identity_id,
            shared_with_organisation_id=application.body_id,
        )
    made = []
    for kind in chosen:
        need = AccessArrangement(
            application=application,
            kind=kind,
            reason=reason.strip()[:LONGEST],
            file=file,
            asked_by_id=by.account_id,
            created_at=now,
        )
        try:
            with transaction.atomic():
                need.save()
        except IntegrityError:
            raise refuse(
                "access_arrangement.twice",
                N_("“%(kind)s”已经提出，不用重复提出。"),
                N_("请在申请页面查看办理情况；要改动的，先撤回再重新提出。"),
                clause=CLAUSE,
                kind=KINDS[kind],
            ) from None
        # The reason is about somebody's health: it stays with the need and out of the journal.
        record(need, after={"application": application.pk, "kind": kind})
        made.append(need)
    return made


@action("access_arrangement.grant")
def grant_access_arrangement(
    *, by: Person, now: datetime, arrangement_id: int, note: str = "", seen: int | None = None
) -> AccessArrangement:
    """Confirm a need after looking at its proof (四（六）). Refusals: ``access_arrangement.not_yours`` (403), ``access_arrangement.ticketed`` (409)."""
    return _decided(by, arrangement_id, "grant", note, seen, N_("特殊需要已确认"))


@action("access_arrangement.refuse")
def refuse_access_arrangement(
    *, by: Person, now: datetime, arrangement_id: int, note: str = "", seen: int | None = None
) -> AccessArrangement:
    """Refuse a need with the reason (四（六）). Refusals: as ``grant_access_arrangement``; ``flow.reason`` (422)."""
    return _decided(by, arrangement_id, "refuse", note, seen, N_("特殊需要不予安排"))


@action("access_arrangement.withdraw")
def withdraw_access_arrangement(
    *, by: Person, now: datetime, arrangement_id: int, note: str = "", seen: int | None = None
) -> AccessArrangement:
    """Take one's own need back before tickets (四（六）). Refusals: ``record.none`` (404), ``access_arrangement.ticketed`` (409)."""
    return move(access_arrangements.get(by, arrangement_id), "withdraw", note=note, seen=seen)


def _decided(
    by: Person, arrangement_id: int, verb: str, note: str, seen: int | None, subject: str
) -> AccessArrangement:
    need = access_arrangements.get(by, arrangement_id)
    _own(by, need.application)
    moved = move(need, verb, note=note, seen=seen, updates={"decided_by": by.account_id, "answer": note.strip()[:1000]})
    account = getattr(need.application.identity, "account", None)
    if account is not None:
        send(
            key=f"need:{need.pk}:{moved.version}",
            channel="notice",
            subject=subject,
            body=f"{need.application.number} {KINDS[need.kind]}　{note}".strip(),
            to_account=account.pk,
            record=need.application,
        )
    return moved


def _own(by: Person, application: Application) -> None:
    if by.role is Role.BODY and not desk.decides(by, application):
        raise refuse(
            "access_arrangement.not_yours",
            N_("这名考生由其他认定机构考核，不能由本机构办理。"),
            N_("请联系承办考核的认定机构。"),
            clause=CLAUSE,
            status=403,
        )
