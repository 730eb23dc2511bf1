"""A person's calendar as an iCalendar feed: what they see and the deadlines that wait for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from jiangheng.calendar.queries import clocks, subscribed
from jiangheng.rules.counted_day import PROVISIONAL
from jiangheng.rules.days.local_time import LIUZHOU, local_day
from jiangheng.rules.roles import Person
from jiangheng.screens import display

if TYPE_CHECKING:
    from icalendar import Event

BACK, AHEAD = timedelta(days=30), timedelta(days=365)
FRESH = timedelta(hours=1)
OWN = "jiangheng"


def feed(person: Person, now: datetime, *, name: str, site: str) -> bytes:
    """The feed (RFC 5545) from a month back to a year ahead; ``site`` is the address its links begin with."""
    from icalendar import Calendar

    today = local_day(now)
    calendar = Calendar()
    calendar.add("prodid", "-//Jiangheng//Agenda//ZH-CN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", LIUZHOU.key)
    calendar.add("refresh-interval", FRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for each in subscribed.told(person, today - BACK, today + AHEAD):
        calendar.add_component(_happening(each, now, site))
    mine = [running for running in clocks.running(person, now) if running.mine]
    moved = subscribed.redated_times(mine)
    for running in mine:
        record, times = running.open.record, moved.get((running.open.clock.key, running.open.record.pk), 0)
        calendar.add_component(_deadline(running, now, site, getattr(record, "version", 0) + times))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _happening(told: subscribed.Told, now: datetime, site: str) -> Event:
    from icalendar import Event

    each = told.happening
    title = each.title if each.starts_at else _("考核日：%(plan)s") % {"plan": each.title}
    event = Event()
    event.add("uid", f"{told.uid}@{OWN}")
    event.add("sequence", told.sequence)
    event.add("dtstamp", now)
    event.add("summary", _("已取消：%(what)s") % {"what": title} if told.off else title)
    if each.starts_at:
        event.add("dtstart", each.starts_at)
        if each.ends_at:
            event.add("dtend", each.ends_at)
    else:
        event.add("dtstart", each.day)
        event.add("dtend", each.day + timedelta(days=1))
    event.add("location", f"{each.place} {each.address}".strip())
    event.add("description", "\n".join((_("认定机构：%(body)s") % {"body": each.body}, f"{site}{each.href}")))
    event.add("url", f"{site}{each.href}")
    event.add("status", "CANCELLED" if told.off else "TENTATIVE" if each.waiting else "CONFIRMED")
    if told.off:
        event.add("transp", "TRANSPARENT")
    return event


def _deadline(running: clocks.Running, now: datetime, site: str, sequence: int) -> Event:
    from icalendar import Event

    clock, record = running.open.clock, running.open.record
    label = display.word(clock.label)
    event = Event()
    event.add("uid", f"deadline-{clock.key}-{record.pk}@{OWN}")
    event.add("sequence", sequence)
    event.add("dtstamp", now)
    summary = _("期限：%(what)s（%(title)s）") % {"what": label, "title": running.open.title}
    if running.counted.provisional:
        summary += _(PROVISIONAL)
        event.add("status", "TENTATIVE")
    event.add("summary", summary)
    event.add("dtstart", running.counted.day)
    event.add("dtend", running.counted.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    counted = f"{display.word(clock.event)} {running.open.event.isoformat()}"
    event.add("description", f"{counted}\n{site}{running.open.address}")
    event.add("url", f"{site}{running.open.address}")
    return event
