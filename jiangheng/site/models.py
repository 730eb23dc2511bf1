"""What the site itself keeps: the centre's notices."""

from django.db import models


class Announcement(models.Model):
    """A notice of the centre on the public portal."""

    title = models.CharField(max_length=120)
    text = models.TextField()
    published_on = models.DateField(db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_on", "-id"]
