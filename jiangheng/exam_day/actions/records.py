"""考场记录单: what happened in the room, signed by two people (四（七）)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jiangheng.exam_day.guards import KEEPERS
from jiangheng.exam_day.models import Incident, IncidentEvidence, RoomRecord
from jiangheng.files import actions as files
from jiangheng.journal.actions import action, move, record
from jiangheng.journal.queries import one
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import discipline
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import queries as sittings
from jiangheng.sittings.actions.staffing import on_duty
from jiangheng.sittings.models import Seat, Sitting

MOST_EVIDENCE = 5


@action("sittings.note_incident")
def note_incident(
    *,
    by: Person,
    now: datetime,
    sitting_id: int,
    text: str,
    kind: str = "other",
    tier: str = "",
    seat_id: int | None = None,
    uploads: Sequence[Any] = (),
) -> Incident:
    """Note what happened, for an irregularity with candidate and tier, and keep the evidence of it (四（七）).

    Refusals: ``incident.facts``, ``incident.evidence`` (422: more than five), those of ``files.actions.store``;
    ``incident.shut`` (409) once the record is signed.
    """
    sitting = sittings.get(by, sitting_id)
    mine = on_duty(by, sitting, KEEPERS)
    if sitting.state not in flows.states("sitting", "recording"):
        raise refuse(
            "incident.shut",
            N_("考场记录已签署或考试尚未准备，不能登记。"),
            N_("如需补充，请书面报告认定机构。"),
            clause="四（七）",
        )
    discipline.check(kind, text, tier, candidate=seat_id is not None, on=local_day(now))
    if len(uploads) > MOST_EVIDENCE:
        raise refuse(
            "incident.evidence",
            N_("一次最多上传%(most)s个证据文件。"),
            N_("请分次登记，或合并为一个PDF。"),
            clause="四（七）",
            status=422,
            most=MOST_EVIDENCE,
        )
    seat = one(Seat.objects.filter(sitting=sitting), pk=seat_id) if seat_id is not None else None
    incident = Incident.objects.create(
        sitting=sitting, seat=seat, kind=kind, tier=tier, text=text.strip(), reporter_id=mine.account_id, at=now
    )
    kept = [
        files.store(
            by=by,
            now=now,
            upload=upload,
            purpose="proof",
            account_id=by.account_id,
            organisation_id=sitting.plan.body_id,
        )
        for upload in uploads
    ]
    IncidentEvidence.objects.bulk_create(IncidentEvidence(incident=incident, file=file) for file in kept)
    record(
        sitting,
        note=text.strip(),
        after={
            "seat": seat.number if seat else None,
            "kind": kind,
            "tier": tier,
            "evidence": [file.sha256 for file in kept],
        },
    )
    return incident


@action("sittings.sign_first")
def sign_first(
    *,
    by: Person,
    now: datetime,
    sitting_id: int,
    papers_received: int,
    papers_returned: int,
    remarks: str = "",
) -> RoomRecord:
    """Write the room record from the sign-in and sign it as the first of two (四（七）).

    Refusals: ``record.not_closed``, ``record.signed`` (409); ``record.counts`` (422).
    """
    sitting = sittings.get(by, sitting_id)
    mine = on_duty(by, sitting, KEEPERS)
    if sitting.state != "closed":
        raise refuse("record.not_closed", N_("考试结束后才能签署考场记录。"), N_("请先结束考试。"), clause="四（七）")
    if papers_received < 0 or papers_returned < 0:
        raise refuse("record.counts", N_("试卷份数不能为负数。"), N_("请重新清点。"), clause="四（五）", status=422)
    seats = list(Seat.objects.filter(sitting=sitting).values_list("absent", "application__ticket__number"))
    absent = sorted(number or "" for gone, number in seats if gone)
    try:
        with transaction.atomic():
            made = RoomRecord.objects.create(
                sitting=sitting,
                expected=len(seats),
                present=len(seats) - len(absent),
                absent_tickets=absent,
                papers_received=papers_received,
                papers_returned=papers_returned,
                remarks=remarks.strip(),
                first_signer_id=mine.account_id,
                first_signed_at=now,
            )
    except IntegrityError:
        raise refuse(
            "record.signed", N_("考场记录已由第一人签署。"), N_("请由另一名考务人员核对后签署。"), clause="四（七）"
        ) from None
    record(
        sitting,
        after={
            "expected": made.expected,
            "present": made.present,
            "papers_received": papers_received,
            "papers_returned": papers_returned,
        },
    )
    return made


@action("sitting.sign")
def sign(*, by: Person, now: datetime, sitting_id: int, note: str = "", seen: int | None = None) -> Sitting:
    """The second, different person signs the room record; it is closed for good (四（七）).

    Refusals: ``record.unsigned`` (409: nobody signed first), ``record.same_signer`` (409).
    """
    sitting = sittings.get(by, sitting_id)
    signed = move(sitting, "sign", note=note, seen=seen)
    RoomRecord.objects.filter(sitting=sitting, second_signer=None).update(
        second_signer_id=by.account_id, second_signed_at=now
    )
    return signed
