"""Organisations, filed scopes (附件1-3), venues and their equipment (附件7)."""

from django.db import models

from jiangheng.journal.models import Moving


class Organisation(models.Model):
    """The centre, a recognised body, a training school or an employer.

    ``certificate_prefix`` (13 characters) is assigned by the province and stored, never computed;
    ``owner_group`` names a common owner, so that a body never examines its sister's class.
    """

    KINDS = (
        ("centre", "市鉴定中心"),
        ("technical_school", "技工院校"),
        ("social_body", "社会培训评价组织"),
        ("employer_body", "用人单位（已备案）"),
        ("training_school", "职业培训学校"),
        ("employer", "用人单位（未备案）"),
    )

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, db_index=True)
    credit_code = models.CharField(max_length=18, unique=True)
    licence_number = models.CharField(max_length=40, blank=True)
    legal_person = models.CharField(max_length=60, blank=True)
    district_code = models.CharField(max_length=6, blank=True)
    address = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    certificate_prefix = models.CharField(max_length=13, blank=True)
    owner_group = models.CharField(max_length=60, blank=True)
    is_fictional = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Filing(Moving):
    """A body's filing with the authority: number, batch, period, service objects (附件1-3)."""

    KIND = "filing"

    organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="filings")
    number = models.CharField(max_length=60, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    service_objects = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField()
    fee_basis = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=10, default="first")
    succeeds = models.ForeignKey("bodies.Filing", models.PROTECT, null=True, related_name="successors")
    drafted_by_centre = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class Scope(models.Model):
    """One row of a filing: an occupation (工种) and the levels it covers, such as ``"543"``.

    ``own_standard`` says that ``standard`` is the employer's own 企业评价规范, which holds for nobody else.
    """

    filing = models.ForeignKey("bodies.Filing", models.CASCADE, related_name="scopes")
    occupation_code = models.CharField(max_length=20, db_index=True)
    occupation_name = models.CharField(max_length=60)
    job = models.CharField(max_length=60, blank=True)
    levels = models.CharField(max_length=5)
    standard = models.CharField(max_length=80, blank=True)
    own_standard = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        ordering = ["occupation_code", "job"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "occupation_code", "job"], name="scope_once"),
        ]


class Standing(models.Model):
    """A time in which a filing does not count (四（九）): ``kind`` suspended, rectifying, ended or replaced.

    From ``since`` to ``until``, both included; ``until`` is empty while it lasts. ``due`` is the day by which things are
    to be put right, ``document`` the decision behind it.
    """

    filing = models.ForeignKey("bodies.Filing", models.CASCADE, related_name="standings")
    kind = models.CharField(max_length=12)
    since = models.DateField()
    until = models.DateField(null=True)
    due = models.DateField(null=True)
    document = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]


class BodyChange(Moving):
    """What a body asks the centre to change of it: its name, a site, or to end a filing; decided by a second person.

    ``values`` are the new name, the site's name and address with its venue, or the filing to end.
    """

    KIND = "body_change"

    organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10)
    values = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    reason = models.TextField()
    document = models.CharField(max_length=80, blank=True)
    effective_on = models.DateField()
    proposed_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class AnnexImport(models.Model):
    """An annex workbook (附件1-3) the centre sent in: its faults, or the preview it confirms before anything is written.

    ``preview`` holds one line per row with what would become of it; ``digest`` is its SHA-256, so that a confirmation
    is of what was shown.
    """

    annex = models.CharField(max_length=2)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    preview = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class Venue(models.Model):
    """A place of examination of an organisation; ``fixed`` means its own registered premises."""

    organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="venues")
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200)
    district_code = models.CharField(max_length=6, blank=True)
    fixed = models.BooleanField(default=True)
    tenure = models.CharField(max_length=40, blank=True)
    area_m2 = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="venue_once")]


class Room(models.Model):
    """A room of a venue: ``kind`` theory, machine or skill; ``capacity`` seats or workstations numbered from 1.

    ``accessible`` and ``closed`` are seat numbers; ``stations`` maps a workstation's number to the codes of the
    occupations it is equipped for, one not named there serves any.
    """

    venue = models.ForeignKey("bodies.Venue", models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    capacity = models.PositiveIntegerField()
    spare = models.PositiveIntegerField(default=0)
    cctv = models.BooleanField(default=False)
    per_row = models.PositiveSmallIntegerField(default=6)
    accessible = models.JSONField(default=list)
    closed = models.JSONField(default=list)
    stations = models.JSONField(default=dict)

    class Meta:
        ordering = ["venue_id", "name"]
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="room_once")]


class Equipment(models.Model):
    """A piece of equipment of a venue, for comparison with the standard's list (附件7)."""

    venue = models.ForeignKey("bodies.Venue", models.CASCADE, related_name="equipment")
    name = models.CharField(max_length=80)
    model = models.CharField(max_length=80, blank=True)
    quantity = models.PositiveIntegerField()
    usable = models.PositiveIntegerField()
    verified_until = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
