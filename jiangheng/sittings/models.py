"""Sittings, seats, tickets, staff, answers, practical marks and room records."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from jiangheng.journal.models import Moving
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days.workdays import counted


class Sitting(Moving):
    """One subject of one plan row in one room at one time; rows arranged together share a room on different seats.

    ``per_row`` is how the room's seats stood when they were drawn; ``busy_until`` is when the last candidate with more
    time is done, None where nobody has more.
    """

    KIND = "sitting"

    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="sittings")
    row = models.ForeignKey("plans.PlanRow", models.PROTECT, related_name="sittings")
    subject = models.CharField(max_length=10)
    method = models.CharField(max_length=20)
    room = models.ForeignKey("bodies.Room", models.PROTECT, related_name="+")
    room_name = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_until = models.DateTimeField(null=True)
    per_row = models.PositiveSmallIntegerField(default=6)
    seed = models.CharField(max_length=80, blank=True)
    staff_seed = models.CharField(max_length=80, blank=True)
    room_code = models.CharField(max_length=8, blank=True)
    unsealed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    unsealed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    @property
    def over_at(self) -> datetime:
        """When the room is over for its staff: with the last candidate who has more time."""
        return self.busy_until or self.ends_at

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "starts_at", "row"], condition=~Q(state="cancelled"), name="sitting_room_once"
            ),
        ]


class Ticket(models.Model):
    """A candidate's admission ticket for a plan, issued at least five working days ahead (四（六）)."""

    application = models.OneToOneField("applications.Application", models.PROTECT, related_name="ticket")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="tickets")
    number = models.CharField(max_length=30, unique=True)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]


class Seat(models.Model):
    """One candidate's place in one sitting, and what happened there.

    ``lease`` is the key of the one browser now answering for the seat; entering again replaces it.
    """

    sitting = models.ForeignKey("sittings.Sitting", models.CASCADE, related_name="seats")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="seats")
    number = models.PositiveIntegerField()
    paper_set = models.ForeignKey("papers.PaperSet", models.PROTECT, null=True, related_name="+")
    signed_in_at = models.DateTimeField(null=True)
    absent = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    answers_version = models.PositiveIntegerField(default=0)
    extra_minutes = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["sitting_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="seat_once"),
            models.UniqueConstraint(fields=["sitting", "application"], name="seat_candidate_once"),
        ]


class StaffAssignment(models.Model):
    """A person's post in a sitting: chief, invigilator, examiner, examiner_lead or internal_supervisor."""

    sitting = models.ForeignKey("sittings.Sitting", models.CASCADE, related_name="staff")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="assignments")
    card = models.ForeignKey("people.StaffCard", models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=20)
    acknowledged_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["sitting", "account"], name="assignment_once")]


class Meeting(Moving):
    """考务会议: the meeting before the sittings of a plan, called for ``starts_at``, then held or called off (四（七）).

    ``attendees`` are the names of those who came without holding a post; who holds one has an ``Attendance``.
    """

    KIND = "meeting"

    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=120)
    agenda = models.JSONField(default=list)
    minutes = models.TextField(blank=True)
    attendees = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(state="called"), name="meeting_called_once"),
        ]


class Attendance(models.Model):
    """A posted person at a meeting, only ever added: by scan, by typed code, or noted by hand with the reason."""

    meeting = models.ForeignKey("sittings.Meeting", models.PROTECT, related_name="attendance")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    manner = models.CharField(max_length=10)
    reason = models.CharField(max_length=200, blank=True)
    noted_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "account"], name="attendance_once")]


class TicketException(models.Model):
    """The centre lets a plan's tickets be issued later than five working days before; the newest of a plan counts.

    Published on the plan's page as it stands: ``document`` and ``article`` are the instrument relied on (四（六）).
    """

    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="ticket_exceptions")
    until = models.DateField()
    lawful_day = models.DateField()
    reason = models.CharField(max_length=300)
    document = models.CharField(max_length=120)
    article = models.CharField(max_length=60)
    granted_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    @property
    def lawful_day_counted(self) -> CountedDay:
        """``lawful_day`` as it is shown: counted back from the first sitting, which ``until`` lies before."""
        return counted(self.lawful_day, max(self.plan.exam_on, self.until + timedelta(days=1)))


class Pack(models.Model):
    """All papers of a plan, or its tickets one file each, made by the worker; ``done`` of ``total`` parts stand."""

    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="packs")
    what = models.CharField(max_length=10)
    asked_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    failure = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class StaffProposal(models.Model):
    """Who the solver would post in a plan's sittings, with what it was asked and what it answered (四（七）).

    ``basis`` holds the version of every sitting when it was asked; ``instance`` and ``answer`` are documents of
    docs/formats.md; ``bars`` by "sitting:account:post" what keeps somebody away, as (message, places).
    """

    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="staff_proposals")
    asked_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=12)
    basis = models.JSONField(default=dict)
    instance = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)
    bars = models.JSONField(default=dict)
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
