"""Pre-exam meetings: who is expected, who came, whom a meeting concerns (四（七）)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from jiangheng.journal.queries import one
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_moment
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Attendance, Meeting, Sitting, StaffAssignment
from jiangheng.sittings.queries.visible import meetings_visible_to

AHEAD = flows.states("sitting", "ahead")
AWAITING = flows.states("sitting", "awaiting")


@dataclass(slots=True)
class Expected:
    """A person posted in a plan, with every post held there; ``waiting`` are sittings not yet acknowledged."""

    account_id: int
    name: str
    posts: list[str] = field(default_factory=list)
    waiting: int = 0
    came: Attendance | None = None


def get(person: Person, meeting_id: int) -> Meeting:
    """One meeting; Refusal ``record.none`` (404) for absent and forbidden alike."""
    return one(meetings_visible_to(person).select_related("plan", "plan__body", "plan__venue"), pk=meeting_id)


def first_start(plan_id: int) -> datetime | None:
    """When the first sitting of a plan that waits for its meeting starts, or None where none waits."""
    rows = Sitting.objects.filter(plan_id=plan_id, state__in=AWAITING).order_by("starts_at")
    return rows.values_list("starts_at", flat=True).first()


def posted(plan_id: int) -> QuerySet[StaffAssignment]:
    """The posts of a plan's sittings, those called off left out."""
    rows = StaffAssignment.objects.filter(sitting__plan_id=plan_id).exclude(
        sitting__state__in=flows.states("sitting", "unarranged")
    )
    return rows.select_related("account", "sitting").order_by("sitting__starts_at", "id")


def is_posted(account_id: int | None, plan_id: int) -> bool:
    """True where the account holds a post in the plan."""
    return account_id is not None and posted(plan_id).filter(account_id=account_id).exists()


def expected(meeting: Meeting) -> list[Expected]:
    """Everybody who should come, by name, with what is known of each; who came without a post now stands last."""
    people: dict[int, Expected] = {}
    for each in posted(meeting.plan_id):
        row = people.setdefault(each.account_id, Expected(each.account_id, each.account.name))
        if each.post not in row.posts:
            row.posts.append(each.post)
        row.waiting += each.acknowledged_at is None and each.sitting.state in AHEAD
    rows = sorted(people.values(), key=lambda row: (row.name, row.account_id))
    for came in Attendance.objects.filter(meeting=meeting).select_related("account"):
        if came.account_id in people:
            people[came.account_id].came = came
        else:
            rows.append(Expected(came.account_id, came.account.name, came=came))
    return rows


def attended(meeting: Meeting, account_id: int | None) -> Attendance | None:
    """A person's own attendance, or None."""
    return Attendance.objects.filter(meeting=meeting, account_id=account_id).first() if account_id else None


def concerning(person: Person) -> list[Meeting]:
    """The meetings a posted person has still to come to or may be sitting in, next first."""
    rows = meetings_visible_to(person).filter(state="called").select_related("plan", "plan__body")
    return list(rows.order_by("starts_at", "pk")[:20])


def called(person: Person, plan_id: int) -> list[Meeting]:
    """The meeting called for a plan with the person's own attendance at it, at most one."""
    rows = meetings_visible_to(person).filter(plan_id=plan_id, state="called")
    came = Attendance.objects.filter(meeting=OuterRef("pk"), account_id=person.account_id or 0)
    return list(rows.annotate(came=Exists(came))[:1])


def missed(person: Person, plan_id: int) -> Meeting | None:
    """The latest meeting held for a plan where the person came to none of them, or None."""
    came = Attendance.objects.filter(meeting__plan_id=plan_id, meeting__state="held", account_id=person.account_id or 0)
    held = Meeting.objects.filter(plan_id=plan_id, state="held").annotate(came=Exists(came))
    latest = held.order_by("-held_at", "-pk").first()
    return None if latest is None or latest.came else latest  # type: ignore[attr-defined]


def words(meeting: Meeting) -> str:
    """A meeting in a notice: plan, time and place."""
    at = local_moment(meeting.starts_at)
    return f"{meeting.plan.title} {at:%Y-%m-%d %H:%M} {meeting.place}"


def last_agenda(person: Person) -> list[str]:
    """The agenda the person's body used last, empty where it has called no meeting."""
    rows = Meeting.objects.filter(plan__body_id=person.organisation_id or 0).exclude(agenda=[])
    return list(rows.order_by("-pk").values_list("agenda", flat=True).first() or [])
