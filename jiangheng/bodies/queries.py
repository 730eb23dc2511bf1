"""Who is registered, what each body is filed for, where it examines; and the public directory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from jiangheng.bodies.models import Equipment, Filing, Organisation, Room, Scope, Venue
from jiangheng.journal.queries import one
from jiangheng.rules import codes, occupations
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

BODY_KINDS = ("technical_school", "social_body", "employer_body")
PUBLIC_STATES = ("active", "suspended", "rectifying")
ORGANISED = (Role.BODY, Role.SCHOOL, Role.EMPLOYER)

SPONSOR_KINDS = ("training_school", "employer")


def visible_to(person: Person) -> QuerySet[Organisation]:
    """The centre sees every organisation, an organisation itself; the public reads the directory instead."""
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return Organisation.objects.all()
    if person.role in ORGANISED and person.organisation_id is not None:
        return Organisation.objects.filter(pk=person.organisation_id)
    return Organisation.objects.none()


def get(person: Person, organisation_id: int) -> Organisation:
    """One organisation; Refusal ``record.none`` (404)."""
    return one(visible_to(person), pk=organisation_id)


def centre() -> Organisation | None:
    """The centre itself, for notices to it; None before it is registered."""
    return Organisation.objects.filter(kind="centre").order_by("id").first()


def filings_visible_to(person: Person) -> QuerySet[Filing]:
    """The centre sees every filing but a body's own draft, a body its own but a draft of the centre's."""
    rows = Filing.objects.select_related("organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows.exclude(state="draft", drafted_by_centre=False)
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(organisation_id=person.organisation_id).exclude(state="draft", drafted_by_centre=True)
    return rows.none()


def filing(person: Person, filing_id: int) -> Filing:
    """One filing; Refusal ``record.none`` (404)."""
    return one(filings_visible_to(person), pk=filing_id)


def scopes_of(filing_id: int) -> list[Scope]:
    """The rows of a filing (附件1-3)."""
    return list(Scope.objects.filter(filing_id=filing_id).order_by("occupation_code", "job"))


def venues_visible_to(person: Person) -> QuerySet[Venue]:
    """The centre sees every place, a school or employer its own.

    A body sees its own and those of the schools and employers it may be assigned to (三（五）).
    """
    rows = Venue.objects.select_related("organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(Q(organisation_id=person.organisation_id) | Q(organisation__kind__in=SPONSOR_KINDS))
    if person.role in (Role.SCHOOL, Role.EMPLOYER) and person.organisation_id is not None:
        return rows.filter(organisation_id=person.organisation_id)
    return rows.none()


def venue(person: Person, venue_id: int) -> Venue:
    """One place of examination; Refusal ``record.none`` (404)."""
    return one(venues_visible_to(person), pk=venue_id)


def venue_with_rooms(venue_id: int) -> Venue:
    """A venue with its rooms and equipment, for those who reached it through their own record."""
    return one(Venue.objects.select_related("organisation").prefetch_related("rooms", "equipment"), pk=venue_id)


def venues_of(organisation_id: int) -> QuerySet[Venue]:
    """The places of an organisation with their rooms and equipment."""
    return Venue.objects.filter(organisation_id=organisation_id).prefetch_related("rooms", "equipment").order_by("name")


def rooms_visible_to(person: Person) -> QuerySet[Room]:
    """The rooms of the venues a person sees."""
    return Room.objects.select_related("venue__organisation").filter(venue__in=venues_visible_to(person))


def room(person: Person, room_id: int) -> Room:
    """One room; Refusal ``record.none`` (404)."""
    return one(rooms_visible_to(person), pk=room_id)


def rooms_of(venue_id: int) -> list[Room]:
    """The rooms of a venue."""
    return list(Room.objects.filter(venue_id=venue_id).order_by("name"))


def equipment_visible_to(person: Person) -> QuerySet[Equipment]:
    """The equipment of the venues a person sees."""
    return Equipment.objects.select_related("venue__organisation").filter(venue__in=venues_visible_to(person))


def equipment(person: Person, equipment_id: int) -> Equipment:
    """One piece of equipment; Refusal ``record.none`` (404)."""
    return one(equipment_visible_to(person), pk=equipment_id)


def usable_equipment(venue_id: int) -> dict[str, int]:
    """How many usable pieces a venue has, by name (附件7)."""
    found: dict[str, int] = {}
    for name, usable in Equipment.objects.filter(venue_id=venue_id).values_list("name", "usable"):
        found[name] = found.get(name, 0) + usable
    return found


def occupation_of(code: str, on: date) -> occupations.OccupationRow | None:
    """The catalogue's row of an occupation, or None."""
    return next((row for row in occupations.catalogue(on) if row.code == code), None)


def _covering(occupation_code: str, job: str, level: int, day: date) -> Q:
    return (
        Q(filing__state="active", filing__valid_from__lte=day, filing__valid_to__gte=day)
        & Q(valid_from__lte=day, valid_to__gte=day, occupation_code=occupation_code)
        & Q(levels__contains=str(level))
        & (Q(job="") | Q(job=job))
    )


def scope_on(body_id: int, occupation_code: str, job: str, level: int, day: date) -> Scope | None:
    """The filed row that lets a body examine this occupation, 工种 and level on ``day``; None where there is none (一).

    A row without 工种 covers the whole occupation. Only a filing in force counts: one suspended meanwhile does not.
    """
    return (
        Scope.objects.select_related("filing")
        .filter(_covering(occupation_code, job, level, day), filing__organisation_id=body_id)
        .order_by("job", "id")
        .first()
    )


def require_scope(body_id: int, occupation_code: str, job: str, level: int, day: date) -> Scope:
    """The row of ``scope_on``; Refusal ``scope.suspended`` or ``scope.none`` (409) names what the body is filed for."""
    found = scope_on(body_id, occupation_code, job, level, day)
    if found is not None:
        return found
    body = Organisation.objects.get(pk=body_id)
    rows = list(
        Scope.objects.select_related("filing").filter(filing__organisation_id=body_id, filing__state__in=PUBLIC_STATES)
    )
    fitting = [row for row in rows if row.occupation_code == occupation_code and str(level) in row.levels]
    stopped = next((row for row in fitting if row.filing.state != "active"), None)
    if stopped is not None:
        state = N_("暂停") if stopped.filing.state == "suspended" else N_("整改中")
        raise Refusal(
            N_("%(body)s的备案目前为“%(state)s”，不能开展“%(occupation)s”%(level)s的认定。"),
            code="scope.suspended",
            clause="一",
            remedy=N_("请等市鉴定中心恢复备案后再办理，或由其他备案机构承接。"),
            body=body.name,
            state=state,
            occupation=stopped.occupation_name,
            level=codes.level_name(level),
        )
    known = occupation_of(occupation_code, day)
    raise Refusal(
        N_("%(body)s在%(day)s没有“%(occupation)s”%(level)s的有效备案。现有备案范围：%(has)s。"),
        code="scope.none",
        clause="一",
        remedy=N_("请在备案范围内安排，或先向市鉴定中心办理备案变更。"),
        body=body.name,
        day=day.isoformat(),
        occupation="·".join(filter(None, (known.name if known else occupation_code, job))),
        level=codes.level_name(level),
        has=scope_words(rows) or N_("无"),
    )


def scope_words(rows: Iterable[Scope]) -> str:
    """Filed rows as one line, such as 电工（5、4、3级，2020-01-01至2029-12-31）."""
    return "；".join(
        f"{row.occupation_name}{'·' + row.job if row.job else ''}（{'、'.join(row.levels)}级，"
        f"{max(row.valid_from, row.filing.valid_from)}至{min(row.valid_to, row.filing.valid_to)}）"
        for row in rows
    )


def bodies_for(occupation_code: str, level: int, day: date, job: str = "") -> list[Organisation]:
    """The bodies that may be assigned a class (三（四）): filed for it on ``day`` and for the whole public (二)."""
    covering = Scope.objects.filter(
        _covering(occupation_code, job, level, day),
        filing__service_objects="public",
        filing__organisation_id=OuterRef("pk"),
    )
    return list(Organisation.objects.filter(Exists(covering)).order_by("name"))


def serves(body_id: int, day: date) -> set[str]:
    """Whom a body may examine on ``day`` by its filings: public, own_students, own_staff (二)."""
    return set(
        Filing.objects.filter(
            organisation_id=body_id, state="active", valid_from__lte=day, valid_to__gte=day
        ).values_list("service_objects", flat=True)
    )


def directory(
    *, q: str = "", occupation: str = "", level: str = "", district: str = "", kind: str = ""
) -> QuerySet[Organisation]:
    """The public directory of filed bodies (一): searched by name, occupation (code or name), level, district, kind.

    Each organisation carries ``public_filings``, each of those its scopes.
    """
    scopes = Scope.objects.filter(filing__organisation_id=OuterRef("pk"), filing__state__in=PUBLIC_STATES)
    if occupation:
        scopes = scopes.filter(
            Q(occupation_code=occupation) | Q(occupation_name__icontains=occupation) | Q(job__icontains=occupation)
        )
    if level in set("12345"):
        scopes = scopes.filter(levels__contains=level)
    rows = Organisation.objects.filter(Exists(scopes), kind__in=BODY_KINDS)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(address__icontains=q))
    if district:
        rows = rows.filter(district_code=district)
    if kind:
        rows = rows.filter(kind=kind)
    public = Filing.objects.filter(state__in=PUBLIC_STATES).prefetch_related("scopes").order_by("-valid_to")
    return rows.prefetch_related(Prefetch("filings", public, to_attr="public_filings")).order_by("name")


def directory_entry(organisation_id: int) -> Organisation:
    """One body of the public directory; Refusal ``record.none`` (404)."""
    return one(directory(), pk=organisation_id)


def directory_occupations() -> list[tuple[str, str]]:
    """(code, name) of every occupation some body is publicly filed for."""
    rows = Scope.objects.filter(filing__state__in=PUBLIC_STATES).order_by("occupation_code")
    return list(rows.values_list("occupation_code", "occupation_name").distinct())
