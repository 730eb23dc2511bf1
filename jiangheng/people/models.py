"""Accounts, memberships, identities, and the cards and relations of staff."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from jiangheng.journal.models import Moving


class Identity(models.Model):
    """A document of a natural person, once: the number is sealed (AES-GCM) and found by a keyed blind index.

    The index of an 18-digit number is of the number alone, so that the database lets one number be one person whatever
    card was named; of other documents it is of kind, country and number. ``person`` is the document a person is known
    by here, None for that document itself: two people merged this one into it with a proof.
    """

    kind = models.CharField(max_length=20)
    country = models.CharField(max_length=3, blank=True)
    person = models.ForeignKey("self", models.PROTECT, null=True, related_name="documents")
    number_sealed = models.BinaryField()
    number_index = models.CharField(max_length=64, unique=True)
    number_tail = models.CharField(max_length=4)
    number_masked = models.CharField(max_length=24)
    name = models.CharField(max_length=120, db_index=True)
    sex = models.CharField(max_length=2, blank=True)
    born = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(person=models.F("id")), name="identity_person_another"),
        ]

    def __str__(self) -> str:
        return self.name


class IdentityMerge(Moving):
    """A proposal that ``other`` is a further document of the person of ``kept``, with the proof; a second person confirms."""

    KIND = "identity_merge"

    kept = models.ForeignKey("people.Identity", models.PROTECT, related_name="+")
    other = models.ForeignKey("people.Identity", models.PROTECT, related_name="+")
    reason = models.TextField()
    proof = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    proposed_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("other")), name="identity_merge_of_two"),
            models.UniqueConstraint(
                fields=["other"], condition=models.Q(state="submitted"), name="identity_merge_waiting_once"
            ),
        ]


class Affiliation(models.Model):
    """A school's own student or an employer's own member of staff (二); ``relation`` student or a staff_relation code.

    ``since`` and ``until`` are the days it holds; ``through`` names the unit that sends dispatched or outsourced staff.
    """

    organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="affiliations")
    identity = models.ForeignKey("people.Identity", models.PROTECT, related_name="affiliations")
    relation = models.CharField(max_length=12)
    class_name = models.CharField(max_length=60, blank=True)
    programme = models.CharField(max_length=60, blank=True)
    graduates_on = models.DateField(null=True)
    department = models.CharField(max_length=60, blank=True)
    post = models.CharField(max_length=60, blank=True)
    through = models.CharField(max_length=60, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "identity"], name="affiliation_once"),
        ]


class Account(AbstractBaseUser):
    """A sign-in; what its holder may do comes from memberships, never from the account itself.

    ``most_sittings`` is how many sittings of one plan its holder takes on as staff, None for any number.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True, db_index=True)
    email = models.EmailField(blank=True)
    identity = models.OneToOneField("people.Identity", models.PROTECT, null=True, related_name="account")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)
    most_sittings = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002 - as Django asks
        """No permissions by name: the transition tables decide."""
        return False

    def has_module_perms(self, label: str) -> bool:  # noqa: ARG002 - as Django asks
        """No permissions by name: the transition tables decide."""
        return False


class Membership(models.Model):
    """One role of an account, in an organisation where the role has one."""

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="memberships")
    role = models.CharField(max_length=30)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "organisation", "role"], name="membership_once"),
            models.UniqueConstraint(
                fields=["account", "role"], condition=models.Q(organisation=None), name="membership_alone_once"
            ),
        ]


class ApiToken(models.Model):
    """An organisation's key to the API; only its SHA-256 is kept."""

    membership = models.ForeignKey("people.Membership", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)


class StaffCard(models.Model):
    """An examiner's, invigilator's or supervisor's card: what they may do, for which occupation, until when.

    ``kind``: examiner, senior_examiner, invigilator, internal_supervisor, external_supervisor. ``identity`` is the
    holder, once their document has been seen; without it nobody can tell whom they must stand back from.
    """

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="cards")
    kind = models.CharField(max_length=30, db_index=True)
    number = models.CharField(max_length=40, unique=True)
    occupation_code = models.CharField(max_length=20, blank=True, db_index=True)
    employer = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+")
    employer_name = models.CharField(max_length=120, blank=True)
    identity = models.ForeignKey("people.Identity", models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "number"]


class Relation(models.Model):
    """A declared relation that calls for recusal: kin, teacher, master, colleague of a candidate."""

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="relations")
    identity = models.ForeignKey("people.Identity", models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey("bodies.Organisation", models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()


class Absence(models.Model):
    """A time at which somebody cannot serve as staff; ``note`` is for those who keep their card, not for planners."""

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="absences")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    declared_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["begins_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "begins_at", "ends_at"], name="absence_once"),
        ]
