"""Applications (附件4), their proofs, and the rosters they came in."""

from django.db import models
from django.db.models import Q

from jiangheng.journal.models import Moving
from jiangheng.rules import flows
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days.workdays import counted


class Roster(Moving):
    """A workbook of candidates handed in by an organisation for a request or a plan; imported whole or not at all.

    ``summary`` counts people new, covered, the same and skipped: what importing would do, or did. ``faults`` are kept
    up to ``roster_faults_kept``, ``counts`` tell how many errors, warnings and rows in error there were. ``done`` of
    ``total`` rows have been checked; ``asked_by`` is the account in whose name the worker goes on.
    """

    KIND = "roster"

    organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="rosters")
    request = models.ForeignKey("plans.Request", models.PROTECT, null=True, related_name="rosters")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, null=True, related_name="rosters")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    template = models.CharField(max_length=40)
    rows = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    mode = models.CharField(max_length=10, default="add")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    asked_role = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class PhotoArchive(models.Model):
    """Photos handed in for a roster's batch; ``report`` tells of each, ``attached_at`` when the fit ones were.

    ``from_workbook`` says that they are the pictures of the roster itself, kept as an archive by document number.
    """

    roster = models.ForeignKey("applications.Roster", models.PROTECT, related_name="archives")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    from_workbook = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    asked_role = models.CharField(max_length=20, blank=True)
    checked_at = models.DateTimeField(null=True)
    attached_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class Application(Moving):
    """附件4: one person applies for one occupation and level.

    ``form`` holds the fields of the form by their Chinese column names; ``judgement`` is the answer of the
    eligibility engine with its inputs and law version, so the same question gives the same answer for ever.
    ``flags`` are the marks of ``rules.review`` (kind and figures), ``standing`` what they and the verdict come to.
    """

    KIND = "application"

    number = models.CharField(max_length=40, unique=True)
    identity = models.ForeignKey("people.Identity", models.PROTECT, related_name="applications")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, null=True, related_name="applications")
    request = models.ForeignKey("plans.Request", models.PROTECT, null=True, related_name="applications")
    roster = models.ForeignKey("applications.Roster", models.PROTECT, null=True, related_name="applications")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="applications")
    sponsor = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="sponsored_applications")
    source = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    occupation_code = models.CharField(max_length=20)
    occupation_name = models.CharField(max_length=60)
    job = models.CharField(max_length=60, blank=True)
    level = models.PositiveSmallIntegerField()
    route = models.CharField(max_length=20, blank=True)
    exam_type = models.CharField(max_length=10, default="new")
    subjects = models.JSONField(default=list)
    form = models.JSONField(default=dict)
    photo = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    as_of = models.DateField(null=True)
    judgement = models.JSONField(default=dict)
    verdict = models.CharField(max_length=20, blank=True, db_index=True)
    law_version = models.CharField(max_length=64, blank=True)
    committed_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=200, blank=True)
    flags = models.JSONField(default=list)
    standing = models.CharField(max_length=8, blank=True, default="")
    address_key = models.CharField(max_length=64, blank=True, default="")
    first_reviewed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["plan", "state"], name="application_plan_state"),
            models.Index(fields=["body", "state", "id"], name="application_body_state"),
            models.Index(fields=["plan", "state", "standing"], name="application_plan_standing"),
            models.Index(fields=["phone"], name="application_phone"),
            models.Index(fields=["address_key"], name="application_address"),
            models.Index(fields=["sponsor", "id"], name="application_sponsor"),
            models.Index(fields=["sponsor", "state"], name="application_sponsor_state"),
            models.Index(fields=["sponsor", "plan"], name="application_sponsor_plan"),
            models.Index(fields=["request", "plan", "state"], name="application_request_plan"),
            # A search by part of a name reads every row; these columns alone are a tenth of the table.
            models.Index(fields=["name", "number", "state"], name="application_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "plan", "occupation_code", "level"],
                condition=Q(state__in=list(flows.FLOWS["application"].live), plan__isnull=False),
                name="application_once_per_plan",
            ),
            models.UniqueConstraint(
                fields=["identity", "request", "occupation_code", "level"],
                condition=Q(state__in=list(flows.FLOWS["application"].live), request__isnull=False),
                name="application_once_per_request",
            ),
        ]

    @property
    def as_of_counted(self) -> CountedDay | None:
        """``as_of`` as it is shown: the last day of a request was counted, the end of a plan's registration was set."""
        if self.as_of is None:
            return None
        if self.plan_id is not None or self.request is None:
            return CountedDay(self.as_of, provisional=False)
        return counted(self.as_of, self.request.exam_on)


class Proof(models.Model):
    """A proof handed in with an application; ``kind`` is one of ``fields.PROOFS``."""

    application = models.ForeignKey("applications.Application", models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=20)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class AccessArrangement(Moving):
    """What a candidate needs in the examination (``kind`` of ``rules.examination.access_arrangements``), with why; the body confirms it (四（六）)."""

    KIND = "access_arrangement"

    application = models.ForeignKey("applications.Application", models.CASCADE, related_name="access_arrangements")
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"],
                condition=Q(state__in=list(flows.FLOWS["access_arrangement"].live)),
                name="access_arrangement_once",
            ),
        ]


class ReviewSetting(models.Model):
    """How many persons look at each application of a body from a day on (三（一）); only ever added to."""

    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="review_settings")
    levels = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    set_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from", "-id"]


class CandidateReport(Moving):
    """四（四）: a plan's accepted candidates by occupation and level, reported to the centre under a number.

    ``revision`` counts reports and corrections; what stood at each one can be told from the lines and corrections.
    """

    KIND = "candidate_report"

    number = models.CharField(max_length=60, unique=True)
    plan = models.OneToOneField("plans.Plan", models.PROTECT, related_name="candidate_report")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="candidate_reports")
    template = models.CharField(max_length=40)
    due_on = models.DateField()
    revision = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    reported_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["body", "state"], name="candidate_report_body_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def due_on_counted(self) -> CountedDay:
        """``due_on`` as it is shown; asks for the plan."""
        return counted(self.due_on, self.plan.exam_on)


class CandidateReportLine(models.Model):
    """A candidate of a candidate report: in it since one revision, and no longer from another on."""

    candidate_report = models.ForeignKey("applications.CandidateReport", models.PROTECT, related_name="lines")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="candidate_report_lines")
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(until__isnull=True), name="candidate_report_line_once"
            ),
        ]


class CandidateReportRevision(models.Model):
    """One report or correction of a candidate report as it was: counts, checks, digest, who and when. Never changed."""

    candidate_report = models.ForeignKey("applications.CandidateReport", models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    people = models.PositiveIntegerField()
    counts = models.JSONField()
    checks = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    late = models.BooleanField(default=False)
    note = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["candidate_report", "number"], name="candidate_report_revision_once")
        ]


class Correction(models.Model):
    """One column of a reported candidate put right: old value, new value, why, under which clause. Never changed."""

    candidate_report = models.ForeignKey("applications.CandidateReport", models.PROTECT, related_name="corrections")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="corrections")
    revision = models.PositiveIntegerField()
    column = models.CharField(max_length=40)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    reason = models.CharField(max_length=1000)
    clause = models.CharField(max_length=20)
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["candidate_report", "revision"], name="correction_revision")]


class Rehearsal(models.Model):
    """A dry run of a standard version not yet published over past applications; ``last_id`` is how far it got."""

    standard = models.ForeignKey("catalog.StandardVersion", models.PROTECT, related_name="rehearsals")
    standard_version = models.PositiveIntegerField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    tally = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class RehearsalChange(models.Model):
    """One past decision that the version would change: the verdicts and routes on both sides, and why."""

    rehearsal = models.ForeignKey("applications.Rehearsal", models.CASCADE, related_name="changes")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="+")
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    before_route = models.CharField(max_length=20, blank=True)
    after_route = models.CharField(max_length=20, blank=True)
    why = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["rehearsal", "application"], name="rehearsal_change_once")]
