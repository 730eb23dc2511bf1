"""What stands in the way of a step of a sitting on its day beyond its state and one's role (四（七）)."""

from __future__ import annotations

from datetime import datetime

from jiangheng.exam_day import queries
from jiangheng.journal.guards import guard
from jiangheng.plans import checks
from jiangheng.rules.days import sitting_time
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination.staffing import EXAMINER_POSTS, INVIGILATOR_POSTS
from jiangheng.rules.refusal import Refusal, refuse, tried
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings.actions.staffing import on_duty
from jiangheng.sittings.models import Sitting

KEEPERS = (*INVIGILATOR_POSTS, *EXAMINER_POSTS)


@guard("sitting.open")
def _opening(person: Person, sitting: Sitting, now: datetime) -> Refusal | None:
    """Within its time, by another person than the one who looked at the seal, while the body's work is not stopped."""
    refusal = tried(lambda: on_duty(person, sitting, KEEPERS)) or tried(
        lambda: sitting_time.require_opening(now, sitting.starts_at, sitting.ends_at)
    )
    if refusal:
        return refusal
    if sitting.unsealed_by_id is None or sitting.unsealed_by_id == person.account_id:
        return refuse(
            "sitting.one_person",
            N_("试卷须由两人当场拆封：请另一名考务人员先查验封条，再由您开考。"),
            N_("两人先后在各自账号中办理“查验封条”和“开考”。"),
            clause="四（五）",
        )
    day = local_day(sitting.starts_at)
    return tried(lambda: checks.require_filed(sitting.plan, now, row=sitting.row, day=day))


@guard("sitting.close")
def _closing(person: Person, sitting: Sitting, now: datetime) -> Refusal | None:
    """Nobody who came still has time left."""
    if refusal := tried(lambda: on_duty(person, sitting, KEEPERS)):
        return refusal
    opened = sitting.opened_at
    if sitting.subject != "theory" or sitting.method != "machine" or opened is None:
        return None
    writing = sum(
        now < sitting_time.writing_ends(opened, sitting.starts_at, sitting.ends_at, extra)
        for extra in queries.extra_minutes_of_writing(sitting)
    )
    if not writing:
        return None
    return refuse(
        "sitting.not_over",
        N_("还有%(count)s名考生在考试时间内没有交卷，不能结束考试。"),
        N_("请等考试时间结束，或考生全部交卷后再办理。"),
        clause="四（七）",
        count=writing,
    )


@guard("sitting.sign")
def _signing(person: Person, sitting: Sitting, _now: datetime) -> Refusal | None:
    """The room record is signed already, by somebody else."""
    if refusal := tried(lambda: on_duty(person, sitting, KEEPERS)):
        return refusal
    made = queries.record_of(sitting)
    if made is None:
        return refuse(
            "record.unsigned", N_("考场记录还没有第一人签署。"), N_("请先填写并签署考场记录。"), clause="四（七）"
        )
    if made.first_signer_id != person.account_id:
        return None
    return refuse(
        "record.same_signer",
        N_("第二签署人不能是填写记录的同一人。"),
        N_("请由另一名考务人员核对后签署。"),
        clause="四（七）",
    )
