"""Whether a body may take an application at all: what it is filed for (一) and whom it serves (二)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from jiangheng.applications import queries
from jiangheng.applications.models import Application
from jiangheng.bodies.models import Organisation
from jiangheng.people import queries as people_queries
from jiangheng.plans import checks
from jiangheng.rules.bodies import clientele
from jiangheng.rules.days.local_time import local_day
from jiangheng.values import queries as values


def require_filed(application: Application, now: datetime) -> None:
    """The body is filed for what is applied for on the days of examination, and not stopped today (一)."""
    if application.plan is not None:
        row = queries.row_of(application)
        checks.require_filed(application.plan, now, row=row)
    elif application.request is not None:
        checks.require_request_filed(application.request, now)


def require_service(application: Application, organisation: Organisation, now: datetime) -> None:
    """The person is one whom ``organisation`` may send or examine on the day of examination (二); ``service.*`` (409)."""
    outside = clientele.refusal(
        organisation.kind,
        organisation.name,
        application.form,
        day=exam_day(application, now),
        law=values.law(local_day(now)),
        kept=people_queries.keeps_membership_list(organisation.pk),
        belonging=people_queries.belonging(organisation.pk, application.identity_id),
    )
    if outside is not None:
        raise outside


def outside_service(rows: Sequence[Application], now: datetime) -> set[int]:
    """Which applications are of people their school or employer may not send by its list (二), asked in bulk."""
    law = values.law(local_day(now))
    parties = {row.pk: party for row in rows if (party := serving(row)) is not None}
    outside: set[int] = set()
    for party in {party.pk: party for party in parties.values()}.values():
        if not people_queries.keeps_membership_list(party.pk):
            continue
        those = [row for row in rows if parties.get(row.pk) == party]
        found = people_queries.belongings_of(party.pk, [row.identity_id for row in those])
        outside |= {
            row.pk
            for row in those
            if clientele.refusal(
                party.kind,
                party.name,
                row.form,
                day=exam_day(row, now),
                law=law,
                kept=True,
                belonging=found.get(row.identity_id),
            )
        }
    return outside


def exam_day(application: Application, now: datetime) -> date:
    """The day of examination of the plan or request an application is for."""
    batch = application.plan or application.request
    return batch.exam_on if batch is not None else local_day(now)


def serving(application: Application) -> Organisation | None:
    """Whose rule about own students and own staff applies: the body's, else the employer's that sent the person."""
    if application.body is not None and application.body.kind in ("technical_school", "employer_body"):
        return application.body
    if application.sponsor is not None and application.sponsor.kind == "employer":
        return application.sponsor
    return application.body
