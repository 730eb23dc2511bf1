"""Items, paper sets, paper requests (附件8), sealed packages and the custody ledger."""

from django.db import models

from jiangheng.journal.models import Moving


class Item(models.Model):
    """A question: single, multi or judge; ``answer`` is a string of option letters, or T/F."""

    occupation_code = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    point = models.CharField(max_length=20, blank=True)
    stem = models.TextField()
    options = models.JSONField(default=list)
    answer = models.CharField(max_length=10)
    source = models.CharField(max_length=20, default="bank")
    label = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["occupation_code", "level", "subject"], name="item_shelf")]


class PaperSet(models.Model):
    """One of the sets of a paper; ``content`` lists ``{"item", "kind", "stem", "options", "answer", "points"}``.

    ``source``: bank (drawn by the centre) or own (the body wrote three sets, 四（二）). ``chosen`` once the draw
    took it; ``sha256`` is of the questions whatever their order. Secret until the sitting.
    """

    request = models.ForeignKey("papers.PaperRequest", models.PROTECT, null=True, related_name="sets")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="paper_sets")
    occupation_code = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=10)
    code = models.CharField(max_length=40, unique=True)
    letter = models.CharField(max_length=2)
    source = models.CharField(max_length=10)
    content = models.JSONField(default=list)
    questions = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64, db_index=True)
    chosen = models.BooleanField(default=False)
    seal_number = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class PaperRequest(Moving):
    """附件8: a body asks the centre for papers of one subject of one plan row (四（三）).

    ``seed`` is what the sets were drawn by: known to nobody until the papers have come back.
    """

    KIND = "paper_request"

    number = models.CharField(max_length=40, unique=True)
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="paper_requests")
    row = models.ForeignKey("plans.PlanRow", models.PROTECT, related_name="paper_requests")
    subject = models.CharField(max_length=10)
    medium = models.CharField(max_length=10)
    candidates = models.PositiveIntegerField()
    sets_wanted = models.PositiveSmallIntegerField()
    spare_copies = models.PositiveIntegerField(default=0)
    collectors = models.JSONField(default=list)
    custody_room = models.CharField(max_length=120)
    seed = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["row", "subject"], name="paper_request_once")]


class Movement(models.Model):
    """A line of the custody ledger: only ever added, witnessed by two people (四（五）)."""

    request = models.ForeignKey("papers.PaperRequest", models.PROTECT, related_name="movements")
    paper_set = models.ForeignKey("papers.PaperSet", models.PROTECT, null=True, related_name="movements")
    kind = models.CharField(max_length=20)
    copies = models.PositiveIntegerField(default=0)
    answer_cards = models.PositiveIntegerField(default=0)
    first_person = models.CharField(max_length=60)
    second_person = models.CharField(max_length=60)
    received_by = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=120, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class ItemUse(models.Model):
    """An item stood in a set: where and when it was last used (四（五）)."""

    item = models.ForeignKey("papers.Item", models.PROTECT, related_name="uses")
    paper_set = models.ForeignKey("papers.PaperSet", models.PROTECT, related_name="uses")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "paper_set"], name="item_use_once")]
