"""What the worker can do besides delivering notices: the name of each job, and what it does once a day by itself."""

from __future__ import annotations

from datetime import datetime

JOBS = {
    "calendar.redate": "jiangheng.calendar.jobs.redate",
    "applications.roster": "jiangheng.applications.actions.roster_steps.run",
    "applications.photos": "jiangheng.applications.actions.photos.run",
    "applications.rehearse": "jiangheng.applications.actions.rehearsing.run",
    "sittings.pack": "jiangheng.sittings.actions.packing.run",
    "certificates.print": "jiangheng.certificates.documents.print_copies",
}


def daily(now: datetime) -> None:
    """Reminders by the calendar; each is sent once however often this is called."""
    # Here, not above: every process reads the names of the jobs, only the worker does them.
    from jiangheng.bodies import actions as bodies
    from jiangheng.rules.days.local_time import local_day
    from jiangheng.rules.roles import SYSTEM
    from jiangheng.values import queries as values

    day = local_day(now)
    bodies.remind(by=SYSTEM, now=now, days=int(values.law(day).value("filing_expiry_notice_days")))
