"""What the centre does on the public portal."""

from __future__ import annotations

from datetime import date, datetime

from jiangheng.journal.actions import action, record
from jiangheng.rules.roles import Person
from jiangheng.site.models import Announcement


@action("announcement.publish")
def publish(*, by: Person, now: datetime, title: str, text: str, published_on: date) -> Announcement:
    """Publish a notice of the centre on the portal from ``published_on``."""
    announcement = Announcement.objects.create(title=title, text=text, published_on=published_on, created_at=now)
    record(announcement, after={"title": title, "published_on": published_on})
    return announcement


@action("demonstration.step")
def mark_step(*, by: Person, now: datetime, step: int) -> None:
    """A step of the demonstration was played; its one-time token makes a second run pass it over."""
