"""Private uploads."""

from django.db import models


class StoredFile(models.Model):
    """One upload: kept under a random name, known by its SHA-256, owned by an organisation or an account.

    ``made_from`` and ``size_name``: a size derived from a photo's master.
    """

    path = models.CharField(max_length=120, unique=True)
    original_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    identity_id = models.BigIntegerField(null=True)
    shared_with_organisation_id = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField()
    made_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="sizes")
    size_name = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id"], name="file_organisation"),
            models.Index(fields=["identity_id"], name="file_identity"),
        ]
