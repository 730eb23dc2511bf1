"""Arrangement requests (附件6), off-site venue reviews (附件7) and plans (附件5)."""

from django.db import models

from jiangheng.journal.models import Moving
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days.workdays import counted


class Request(Moving):
    """附件6: a school or unfiled employer asks the centre to arrange a recognition (三（四）, 三（六）).

    ``trainer`` is a recognised body that took part in the training; ``proposal`` what the centre was advised when it
    assigned a body: ``{"body_id", "name", "reasons": [[message, params]]}``. ``answer_by`` is the last day for that body to
    accept or explain.
    """

    KIND = "request"

    number = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="requests")
    class_name = models.CharField(max_length=80)
    class_number = models.CharField(max_length=40, blank=True)
    training_from = models.DateField(null=True)
    training_to = models.DateField(null=True)
    training_hours = models.PositiveIntegerField(null=True)
    occupation_code = models.CharField(max_length=20)
    occupation_name = models.CharField(max_length=60)
    job = models.CharField(max_length=60, blank=True)
    level = models.PositiveSmallIntegerField()
    headcount = models.PositiveIntegerField()
    exam_on = models.DateField()
    alternative_on = models.DateField(null=True)
    place = models.CharField(max_length=20)
    venue = models.ForeignKey("bodies.Venue", models.PROTECT, null=True, related_name="+")
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="assigned_requests")
    trainer = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+")
    assignment_reason = models.TextField(blank=True)
    proposal = models.JSONField(default=dict)
    declined_by = models.JSONField(default=list)
    assigned_on = models.DateField(null=True)
    answer_by = models.DateField(null=True)
    deadline_on = models.DateField(null=True)
    submitted_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    @property
    def deadline_on_counted(self) -> CountedDay | None:
        """``deadline_on`` as it is shown."""
        return counted(self.deadline_on, self.exam_on) if self.deadline_on else None

    @property
    def answer_by_counted(self) -> CountedDay | None:
        """``answer_by`` as it is shown; it leaves the plan its own last day, counted back from the examination."""
        return counted(self.answer_by, self.exam_on) if self.answer_by else None

    @property
    def submitted_on_counted(self) -> CountedDay | None:
        """``submitted_on`` as it is shown."""
        return counted(self.submitted_on) if self.submitted_on else None


class VenueReview(Moving):
    """附件7: the assigned body reviews a venue outside the school's own premises (三（五）)."""

    KIND = "venue_review"

    request = models.ForeignKey("plans.Request", models.PROTECT, related_name="venue_reviews")
    venue = models.ForeignKey("bodies.Venue", models.PROTECT, related_name="+")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="+")
    conclusion = models.TextField(blank=True)
    reviewed_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class VenuePhoto(models.Model):
    """A picture or document of the venue, handed in with the list."""

    review = models.ForeignKey("plans.VenueReview", models.CASCADE, related_name="photos")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    caption = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["id"]


class VenueReviewItem(models.Model):
    """One line of 附件7; verdict met, not_met or rectify.

    ``section`` is premises, equipment, tools, consumables or management. Lines of equipment that are not ``own`` come
    from the standard and are measured; ``own`` ones were added by the applicant or the body. ``detail`` says what there is.
    ``available`` are whole pieces verified for the day of examination, ``expired`` those whose verification ends before.
    """

    review = models.ForeignKey("plans.VenueReview", models.CASCADE, related_name="items")
    section = models.CharField(max_length=12, default="equipment")
    own = models.BooleanField(default=False)
    detail = models.CharField(max_length=200, blank=True)
    requirement = models.CharField(max_length=120)
    needed = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField(default=0)
    available = models.PositiveIntegerField()
    expired = models.PositiveIntegerField(default=0)
    verified_until = models.DateField(null=True)
    verdict = models.CharField(max_length=10, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]


class Plan(Moving):
    """附件5: a body's plan, filed at least ten working days before the first day of examination (三（三）)."""

    KIND = "plan"

    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="plans")
    request = models.OneToOneField("plans.Request", models.PROTECT, null=True, related_name="plan")
    exam_on = models.DateField(db_index=True)
    registration_ends_at = models.DateTimeField()
    candidate_source = models.CharField(max_length=20)
    paper_source = models.CharField(max_length=20)
    venue = models.ForeignKey("bodies.Venue", models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=60)
    contact_phone = models.CharField(max_length=30)
    open_to_public = models.BooleanField(default=False)
    deadline_on = models.DateField(null=True)
    filed_on = models.DateField(null=True)
    notice_workdays = models.IntegerField(null=True)
    law_version = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-exam_on", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def deadline_on_counted(self) -> CountedDay | None:
        """``deadline_on`` as it is shown."""
        return counted(self.deadline_on, self.exam_on) if self.deadline_on else None

    @property
    def filed_on_counted(self) -> CountedDay | None:
        """``filed_on`` as it is shown."""
        return counted(self.filed_on) if self.filed_on else None

    @property
    def notice_provisional(self) -> bool:
        """Whether ``notice_workdays`` were counted over a year whose notice is not out."""
        return self.filed_on is not None and counted(self.filed_on, self.exam_on).provisional


class PlanRow(models.Model):
    """One occupation and level of a plan, with its subjects: ``[{"subject", "method", "starts_at", "minutes"}]``.

    ``makeup`` of the ``headcount`` sit again; the people named are those foreseen, assigned later in the sittings.
    """

    plan = models.ForeignKey("plans.Plan", models.CASCADE, related_name="rows")
    occupation_code = models.CharField(max_length=20, db_index=True)
    occupation_name = models.CharField(max_length=60)
    job = models.CharField(max_length=60, blank=True)
    level = models.PositiveSmallIntegerField()
    headcount = models.PositiveIntegerField()
    makeup = models.PositiveIntegerField(default=0)
    assessment = models.CharField(max_length=15, default="level")
    examiner_lead = models.CharField(max_length=60, blank=True)
    invigilators = models.PositiveIntegerField(null=True)
    supervisor = models.CharField(max_length=60, blank=True)
    subjects = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "occupation_code", "job", "level"], name="plan_row_once"),
        ]


class PlanChange(Moving):
    """Another day, place, hour or number of people for an accepted plan; nothing changes until the centre agrees.

    ``kind`` is postpone (another day) or change. ``values`` and ``before`` hold exam_on, registration_ends_at,
    venue_id, venue and rows: ``{row_id: {"headcount", "subjects"}}``.
    """

    KIND = "plan_change"

    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10)
    values = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    reason = models.TextField()
    filed_on = models.DateField()
    sittings_cancelled = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(state="submitted"), name="plan_change_one_waiting"
            ),
        ]

    @property
    def filed_on_counted(self) -> CountedDay:
        """``filed_on`` as it is shown."""
        return counted(self.filed_on)
