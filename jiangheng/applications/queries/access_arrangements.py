"""Who sees what a candidate needs (四（六）): the candidate, the body that examines them, the centre; nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from jiangheng.applications.models import AccessArrangement, Application
from jiangheng.applications.queries import LIVE, desk
from jiangheng.journal.queries import one
from jiangheng.rules.examination.access_arrangements import KINDS
from jiangheng.rules.flows import FLOWS
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

CHUNK = 500
SEEN_BY = (Role.CENTRE, Role.BODY, Role.CANDIDATE)


def visible_to(person: Person) -> QuerySet[AccessArrangement]:
    """The centre sees all of applications handed in, a body those of its own examinations, a candidate their own."""
    rows = AccessArrangement.objects.select_related(
        "application__plan", "application__request", "application__identity", "file", "decided_by"
    )
    if person.role is Role.SYSTEM:
        return rows
    if person.is_centre:
        return rows.exclude(application__state="draft")
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        return rows.filter(application__identity_id=person.identity_id)
    if person.role is Role.BODY and person.organisation_id is not None:
        own = Q(application__body_id=person.organisation_id)
        asked = Q(application__body_id=None, application__request__body_id=person.organisation_id)
        return rows.filter(own | asked).exclude(application__state="draft")
    return rows.none()


def get(person: Person, arrangement_id: int) -> AccessArrangement:
    """One need; Refusal ``record.none`` (404)."""
    return one(visible_to(person), pk=arrangement_id)


def shown(person: Person, application: Application) -> list[AccessArrangement] | None:
    """The needs of an application this person may see, newest first; None where they see none of its kind."""
    if person.role not in SEEN_BY or (person.role is Role.BODY and not desk.decides(person, application)):
        return None
    return list(visible_to(person).filter(application=application))


def may_ask(person: Person, application: Application) -> bool:
    """Whether there is anything left to ask, by the candidate or the body that examines them, before tickets."""
    own = person.role is Role.CANDIDATE and application.identity_id == person.identity_id
    theirs = person.role is Role.BODY and desk.decides(person, application)
    if not (own or theirs) or application.state not in LIVE or ticketed(application.pk):
        return False
    return AccessArrangement.objects.filter(
        application=application, state__in=FLOWS["access_arrangement"].live
    ).count() < len(KINDS)


def ticketed(application_id: int) -> bool:
    """Whether the admission ticket has been issued: from then on seats and times stand."""
    return Application.objects.filter(pk=application_id, ticket__isnull=False).exists()


def granted(application_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The kinds confirmed, by application."""
    return _by_application(application_ids, "granted")


def undecided(application_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The kinds asked for and not decided, by application."""
    return _by_application(application_ids, "asked")


def _by_application(application_ids: Iterable[int], state: str) -> dict[int, frozenset[str]]:
    wanted, found = list(application_ids), defaultdict(set)
    for start in range(0, len(wanted), CHUNK):
        rows = AccessArrangement.objects.filter(application_id__in=wanted[start : start + CHUNK], state=state)
        for application, kind in rows.values_list("application_id", "kind"):
            found[application].add(kind)
    return {application: frozenset(kinds) for application, kinds in found.items()}


def too_late() -> Refusal:
    """Once tickets are issued nothing is asked, confirmed or taken back any more (四（六）)."""
    return refuse(
        "access_arrangement.ticketed",
        N_("准考证已核发，座位和时间不再改动。"),
        N_("请联系认定机构；考试当天可由监考人员在考场补时。"),
        clause="四（六）",
    )
