"""The reviewers' desk (三（一）): what waits for whom, how it stands, what is next, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from jiangheng.applications.models import Application, ReviewSetting
from jiangheng.journal.models import Entry
from jiangheng.plans.models import Plan, Request
from jiangheng.rules import flows
from jiangheng.rules.applications import review
from jiangheng.rules.roles import Person
from jiangheng.values import queries as values

CHUNK = 500
WAITING = flows.states("application", "waiting")
UNDECIDED = flows.states("application", "handed_in")
DECISIONS = ("accept", "return", "refuse")


def decides(person: Person, application: Application) -> bool:
    """Whether the person's body is the one that decides on this application."""
    body_id = application.body_id or (application.request.body_id if application.request else None)
    return person.organisation_id is not None and body_id == person.organisation_id


def levels(body_id: int | None, on: date) -> int:
    """How many persons look at each application of a body on a day: its own setting, else the law's default."""
    found = ReviewSetting.objects.filter(body_id=body_id or 0, valid_from__lte=on).order_by("-valid_from", "-id")
    own = found.values_list("levels", flat=True).first()
    return int(own if own is not None else values.law(on).value("review_levels"))


def settings_of(body_id: int | None) -> list[ReviewSetting]:
    """A body's settings, newest first."""
    return list(ReviewSetting.objects.select_related("set_by").filter(body_id=body_id or 0)[:50])


def tab(rows: QuerySet[Application], name: str, account_id: int | None) -> QuerySet[Application]:
    """What of a batch's applications stands under one tab of the queue."""
    first = rows.filter(state="submitted")
    shown = {
        "waiting": rows.filter(Q(state="submitted") | Q(state="reviewed") & ~Q(first_reviewed_by_id=account_id)),
        "clean": first.filter(standing=review.CLEAN),
        "look": first.filter(standing__in=(review.LOOK, "")),
        "flagged": first.filter(standing=review.FLAGGED),
        "second": rows.filter(state="reviewed").exclude(first_reviewed_by_id=account_id),
        "own": rows.filter(state="reviewed", first_reviewed_by_id=account_id),
    }
    return shown.get(name, shown["waiting"])


def tab_counts(rows: QuerySet[Application], account_id: int | None) -> dict[str, int]:
    """How many stand under each tab, in one statement."""
    own = Q(state="reviewed", first_reviewed_by_id=account_id)
    second = Q(state="reviewed") & ~Q(first_reviewed_by_id=account_id)
    first = Q(state="submitted")
    return (
        rows.filter(state__in=WAITING)
        .order_by()
        .aggregate(
            waiting=Count("pk", filter=first | second),
            clean=Count("pk", filter=first & Q(standing=review.CLEAN)),
            look=Count("pk", filter=first & Q(standing__in=(review.LOOK, ""))),
            flagged=Count("pk", filter=first & Q(standing=review.FLAGGED)),
            second=Count("pk", filter=second),
            own=Count("pk", filter=own),
        )
    )


def neighbours(rows: QuerySet[Application], application_id: int) -> tuple[int | None, int | None]:
    """The ids before and after one in a queue; after the last comes the first again, where there is another."""
    ordered = rows.order_by().values_list("pk", flat=True)
    after = ordered.filter(pk__gt=application_id).order_by("pk").first()
    before = ordered.filter(pk__lt=application_id).order_by("-pk").first()
    if after is None:
        after = ordered.filter(pk__lt=application_id).order_by("pk").first()
    return before, after


def of_batch(batch: Plan | Request) -> QuerySet[Application]:
    """All handed in for a plan or request that the caller has got as its own body's."""
    rows = Application.objects.select_related("identity", "first_reviewed_by").exclude(state="draft")
    return rows.filter(plan_id=batch.pk) if isinstance(batch, Plan) else rows.filter(request_id=batch.pk)


def standings(ids: Sequence[int]) -> dict[int, tuple[list[dict[str, object]], str]]:
    """The marks and standing of some applications as stored."""
    found = {}
    for start in range(0, len(ids), CHUNK):
        rows = Application.objects.filter(pk__in=ids[start : start + CHUNK]).order_by()
        for key, flags, standing in rows.values_list("pk", "flags", "standing"):
            found[key] = (flags, standing)
    return found


def last_decision(application: Application) -> Entry | None:
    """The journal's entry of the step that brought an application to its decision, or None."""
    return (
        Entry.objects.filter(
            record_kind="application", record_id=application.pk, verb__in=DECISIONS, to_state=application.state
        )
        .order_by("-id")
        .first()
    )


def touched_since(application: Application, entry: Entry) -> bool:
    """Whether anything was done to an application after a decision."""
    return Entry.objects.filter(record_kind="application", record_id=application.pk, pk__gt=entry.pk).exists()


def last_bulk(person: Person, batch: Plan | Request) -> Entry | None:
    """What this person's latest bulk acceptance in a batch did."""
    kind = "plan" if isinstance(batch, Plan) else "request"
    rows = Entry.objects.filter(record_kind=kind, record_id=batch.pk, verb="application.accept_clean")
    return rows.filter(actor_id=person.account_id).order_by("-id").first()


def other_reviewers(application_ids: Sequence[int]) -> dict[int, str]:
    """The words of the latest first review of each application."""
    rows = Entry.objects.filter(record_kind="application", record_id__in=list(application_ids), verb="pass")
    return {key: note for key, note in rows.order_by("id").values_list("record_id", "note") if key is not None}
