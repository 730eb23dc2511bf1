"""Posting examiners, invigilators and supervisors, and the meeting before the examination (四（七）)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from jiangheng.journal.actions import action, record, send, stale
from jiangheng.journal.actions.locking import hold
from jiangheng.people.models import Account
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import staffing as rules
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import queries
from jiangheng.sittings.actions.arranging import _own
from jiangheng.sittings.models import Meeting, Sitting, StaffAssignment
from jiangheng.values import queries as values


class StaffRefused(Refusal):
    """The posting breaks rules; ``faults`` lists every one."""

    def __init__(self, faults: Sequence[rules.StaffFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            N_("人员安排有%(count)s处不符合规定，没有保存：%(first)s"),
            code="sitting.staff",
            clause="四（七）",
            remedy=N_("请按所列问题逐项调整人员后重新保存。"),
            status=422,
            count=len(faults),
            first=" ".join(each.message % each.params for each in faults),
        )


@action("sittings.assign_staff")
def assign_staff(
    *, by: Person, now: datetime, sitting_id: int, posts: Sequence[Mapping[str, Any]], seen: int | None = None
) -> Sitting:
    """Post the whole staff of a sitting; ``posts`` are ``{"account_id", "post"}`` (四（七）).

    Refusals: ``sitting.staff`` (422) with every broken rule in ``faults``; ``sitting.posts`` (422) for an unknown
    person or post, or one person twice; ``sitting.staff_shut`` (409) once opened.
    """
    sitting = _own(by, sitting_id)
    if sitting.state not in flows.states("sitting", "ahead"):
        raise refuse(
            "sitting.staff_shut",
            N_("当前状态不能调整考务人员。"),
            N_("开考后如有人员变化，请在考场记录中说明。"),
            clause="四（七）",
        )
    if (
        Sitting.objects.filter(pk=sitting.pk, version=sitting.version if seen is None else seen).update(
            version=F("version") + 1
        )
        == 0
    ):
        raise stale()
    wanted = [(int(each["account_id"]), str(each["post"])) for each in posts]
    accounts = [account for account, _post in wanted]
    hold(Account.objects.filter(pk__in=accounts).only("pk"))
    known = queries.people_for(accounts, sitting, _back(now))
    if (
        len(set(accounts)) < len(accounts)
        or len(known) < len(set(accounts))
        or not {post for _, post in wanted} <= set(rules.POSTS)
    ):
        raise refuse(
            "sitting.posts",
            N_("人员或岗位填写不正确，同一人在一个场次只能任一个岗位。"),
            N_("请从名单中重新选择。"),
            clause="四（七）",
            status=422,
        )
    faults = queries.faults_of({sitting: wanted}, known, _law(now))
    if faults:
        raise StaffRefused(faults)
    keep_posts(sitting, wanted, by=by, now=now)
    return sitting


def keep_posts(
    sitting: Sitting, wanted: Sequence[tuple[int, str]], *, by: Person, now: datetime, note: str = ""
) -> None:
    """Make the posts of a sitting those wanted (account and post), tell who is new, and journal both lists."""
    accounts = [account for account, _post in wanted]
    before = {each.account_id: each for each in queries.shown_staff(sitting)}
    kept = {each.account_id for each in before.values() if (each.account_id, each.post) in wanted}
    StaffAssignment.objects.filter(sitting=sitting).exclude(account_id__in=kept).delete()
    cards = _cards(by, sitting, accounts)
    StaffAssignment.objects.bulk_create(
        [
            StaffAssignment(
                sitting=sitting, account_id=account, post=post, card_id=cards.get((account, post)), created_at=now
            )
            for account, post in wanted
            if account not in kept
        ]
    )
    meeting = Meeting.objects.filter(plan_id=sitting.plan_id, state="called").select_related("plan").first()
    for account, post in wanted:
        if account not in kept:
            if meeting is not None:
                # Once a meeting and person, however many sittings of the plan they are posted to.
                send(
                    key=f"meeting:{meeting.pk}:called:{meeting.version}:{account}",
                    channel="notice",
                    subject=N_("考务会议通知"),
                    body=queries.meetings.words(meeting),
                    to_account=account,
                    record=meeting,
                )
            send(
                key=f"sitting:{sitting.pk}:posted:{account}:{post}:{now.isoformat()}",
                channel="notice",
                subject=N_("您有新的考务任务，请确认"),
                body=f"{sitting.plan.title} {sitting.room_name}",
                to_account=account,
                record=sitting,
            )
    record(
        sitting,
        verb="sittings.assign_staff",
        note=note,
        before={"staff": sorted([each.account_id, each.post] for each in before.values())},
        after={"staff": sorted([account, post] for account, post in wanted)},
    )


def _law(now: datetime) -> Law:
    return values.law(local_day(now))


def _back(now: datetime) -> int:
    return int(_law(now).value("max_consecutive_at_body"))


def _cards(by: Person, sitting: Sitting, accounts: Sequence[int]) -> dict[tuple[int, str], int]:
    """The card each person acts under, by account and post."""
    cards: dict[tuple[int, str], int] = {}
    rows = queries.candidates_for_staff(by, sitting).filter(account_id__in=accounts)
    for card_id, account_id, kind, occupation in rows.values_list("pk", "account_id", "kind", "occupation_code"):
        if "examiner" in kind and occupation not in ("", sitting.row.occupation_code):
            continue
        for post, kinds in rules.CARDS_FOR.items():
            if kind in kinds:
                cards[(account_id, post)] = card_id
    return cards


@action("sittings.acknowledge")
def acknowledge(*, by: Person, now: datetime, sitting_id: int) -> StaffAssignment:
    """Say that one knows one's post and will be there (四（七）); a second time changes nothing."""
    sitting = queries.get(by, sitting_id)
    mine = posted(by, sitting)
    if mine.acknowledged_at is None:
        StaffAssignment.objects.filter(pk=mine.pk, acknowledged_at=None).update(acknowledged_at=now)
        mine.refresh_from_db()
        record(sitting, after={"post": mine.post})
    return mine


def posted(by: Person, sitting: Sitting, posts: Sequence[str] = ()) -> StaffAssignment:
    """The person's own post, one of ``posts`` where given. Refusal ``sitting.not_posted`` (403)."""
    mine = queries.assignment(by, sitting)
    if mine is None or (posts and mine.post not in posts):
        raise refuse(
            "sitting.not_posted",
            N_("您没有被安排在这个场次的相应岗位。"),
            N_("请联系认定机构核对考务安排。"),
            clause="四（七）",
            status=403,
        )
    return mine


def on_duty(by: Person, sitting: Sitting, posts: Sequence[str] = ()) -> StaffAssignment:
    """The person's own post, acknowledged. Refusals: those of ``posted``, ``sitting.not_acknowledged`` (409)."""
    mine = posted(by, sitting, posts)
    if mine.acknowledged_at is None:
        raise refuse(
            "sitting.not_acknowledged",
            N_("您还没有确认这次考务任务。"),
            N_("请先在“我的考务”中确认任务。"),
            clause="四（七）",
        )
    return mine


def _all_staffed(plan: Plan, sittings: Sequence[Sitting], now: datetime) -> None:
    """Every sitting has the staff the rules ask for, looked at again on the day of the meeting."""
    posts: dict[int, list[tuple[int, str]]] = {}
    for sitting_id, account, post in StaffAssignment.objects.filter(sitting__plan=plan).values_list(
        "sitting_id", "account_id", "post"
    ):
        posts.setdefault(sitting_id, []).append((account, post))
    faults = queries.faults_in({each: posts.get(each.pk, []) for each in sittings}, _law(now))
    if faults:
        rooms = {each.pk: each.room_name for each in sittings}
        raise refuse(
            "meeting.unstaffed",
            N_("%(room)s的考务人员不符合规定：%(fault)s"),
            N_("请先调整该场次的考评、监考人员。"),
            clause="四（七）",
            room=rooms.get(faults[0].sitting, sittings[0].room_name),
            fault=faults[0].message % faults[0].params,
        )
    examiners = {account for theirs in posts.values() for account, post in theirs if post in rules.EXAMINER_POSTS}
    share = queries.share_fault(sittings[0], examiners, _law(now))
    if share is not None:
        raise refuse(
            "meeting.rotation",
            N_("考评组没有按规定轮换：%(fault)s"),
            N_("请更换部分考评员；可在“考务人员安排”中重新生成方案，由系统按比例轮换。"),
            clause=share.clause,
            fault=share.message % share.params,
        )
