"""Who is registered, what each body is filed for, where it examines; and the public directory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from jiangheng.bodies.models import (
    AnnexImport,
    BodyChange,
    Equipment,
    Filing,
    Organisation,
    Room,
    Scope,
    Standing,
    Venue,
)
from jiangheng.journal.queries import one
from jiangheng.rules import flows
from jiangheng.rules.bodies import scopes
from jiangheng.rules.bodies.scopes import FiledRow, Halt, Wanted
from jiangheng.rules.conditions import occupations
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination.seat_plans import RoomSeats
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.values import queries as values

BODY_KINDS = ("technical_school", "social_body", "employer_body")
PUBLIC_STATES = flows.states("filing", "filed")
STOPPED = {
    "suspended": scopes.SUSPENDED,
    "rectifying": scopes.RECTIFYING,
    "rectified": scopes.RECTIFYING,
    "revoked": scopes.ENDED,
}
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


def social_bodies() -> list[tuple[int, str]]:
    """Social bodies by key and name, to choose from."""
    return list(Organisation.objects.filter(kind="social_body").order_by("name").values_list("pk", "name"))


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


def filing_numbers(organisation_id: int, on: date) -> list[str]:
    """The numbers of an organisation's filings valid on a day, for printed forms (一)."""
    rows = Filing.objects.filter(
        organisation_id=organisation_id, state__in=PUBLIC_STATES, valid_from__lte=on, valid_to__gte=on
    )
    return [number for number in rows.order_by("pk").values_list("number", flat=True) if number]


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


def seat_plan(room: Room) -> RoomSeats:
    """The seats of a room as they stand."""
    stations = {int(seat): tuple(codes) for seat, codes in room.stations.items()}
    return RoomSeats(room.capacity, room.per_row, tuple(room.accessible), tuple(room.closed), stations)


def code_pattern(now: datetime) -> str:
    """How an occupation's code is written."""
    return str(values.law(local_day(now)).value("occupation_code_pattern"))


def rooms_of(venue_id: int) -> list[Room]:
    """The rooms of a venue."""
    return list(Room.objects.filter(venue_id=venue_id).order_by("name"))


def equipment_visible_to(person: Person) -> QuerySet[Equipment]:
    """The equipment of the venues a person sees."""
    return Equipment.objects.select_related("venue__organisation").filter(venue__in=venues_visible_to(person))


def equipment(person: Person, equipment_id: int) -> Equipment:
    """One piece of equipment; Refusal ``record.none`` (404)."""
    return one(equipment_visible_to(person), pk=equipment_id)


def equipment_named(venue_id: int, names: Iterable[str]) -> list[Equipment]:
    """The pieces of a venue that carry one of the names (附件7)."""
    return list(Equipment.objects.filter(venue_id=venue_id, name__in=list(names)).order_by("pk"))


def usable_equipment(venue_id: int) -> dict[str, int]:
    """How many usable pieces a venue has, by name (附件7)."""
    found: dict[str, int] = {}
    for name, usable in Equipment.objects.filter(venue_id=venue_id).values_list("name", "usable"):
        found[name] = found.get(name, 0) + usable
    return found


def occupation_of(code: str, on: date) -> occupations.OccupationRow | None:
    """The catalogue's row of an occupation, or None."""
    return next((row for row in occupations.catalogue(on) if row.code == code), None)


def _filed(rows: QuerySet[Scope]) -> dict[int, list[FiledRow]]:
    """Rows of filings that were put into force as the rule reads them, by organisation, each with every halt."""
    found: dict[int, list[FiledRow]] = {}
    wanted = rows.filter(filing__state__in=(*PUBLIC_STATES, "replaced", "revoked")).select_related("filing")
    for scope in wanted.prefetch_related("filing__standings").order_by("filing_id", "id"):
        found.setdefault(scope.filing.organisation_id, []).append(filed_row(scope))
    return found


def filed_row(scope: Scope) -> FiledRow:
    """One row as the rule reads it."""
    filing = scope.filing
    return FiledRow(
        id=scope.pk,
        filing=filing.number,
        occupation_code=scope.occupation_code,
        occupation_name=scope.occupation_name,
        job=scope.job,
        levels=scope.levels,
        since=max(scope.valid_from, filing.valid_from),
        until=min(scope.valid_to, filing.valid_to),
        halts=halts_of(filing),
        standard=scope.standard,
        own_standard=scope.own_standard,
    )


def halts_of(filing: Filing) -> tuple[Halt, ...]:
    """The halts of a filing; one whose state says stopped without a day of its own counts from that step on."""
    halts = [Halt(row.kind, row.since, row.until, row.due, row.document) for row in filing.standings.all()]
    kind = STOPPED.get(filing.state)
    if kind is not None and not any(halt.until is None and halt.kind == kind for halt in halts):
        since = local_day(filing.moved_at) if filing.moved_at else filing.valid_from
        halts.append(Halt(kind, since))
    return tuple(halts)


def filed_rows(body_id: int) -> list[FiledRow]:
    """Every row a body was ever filed for (附件1-3), with what became of its filing."""
    return _filed(Scope.objects.filter(filing__organisation_id=body_id)).get(body_id, [])


def open_standings(organisation_id: int) -> list[Standing]:
    """What stops an organisation's filings at present and is to be lifted or ended first."""
    rows = Standing.objects.filter(
        filing__organisation_id=organisation_id,
        filing__state__in=flows.states("filing", "halted"),
        until=None,
        kind__in=(scopes.SUSPENDED, scopes.RECTIFYING),
    )
    return list(rows.select_related("filing").order_by("since", "id"))


def own_standard_levels(body_id: int, occupation_code: str, day: date) -> str:
    """The levels of an occupation that a body has filed its own 企业评价规范 for on ``day``; "" for none (一)."""
    return scopes.own_levels(filed_rows(body_id), occupation_code, day)


def with_own_standard(occupation_code: str) -> list[Organisation]:
    """The employers with a filing in force that names a 企业评价规范 of their own for an occupation, by name."""
    rows = Scope.objects.filter(
        occupation_code=occupation_code, own_standard=True, filing__state__in=flows.states("filing", "filed")
    )
    return list(Organisation.objects.filter(pk__in=rows.values("filing__organisation_id")))


def scope_on(body_id: int, occupation_code: str, job: str, level: int, day: date) -> Scope | None:
    """The filed row that lets a body examine this occupation, 工种 and level on ``day``; None where there is none (一).

    A row without 工种 covers the whole occupation. Only a filing in force on the day counts.
    """
    found = scopes.covering(filed_rows(body_id), Wanted(occupation_code, job, level), day)
    return Scope.objects.select_related("filing").get(pk=found.id) if found else None


def require_scope(
    body_id: int,
    occupation_code: str,
    job: str,
    level: int,
    day: date,
    *,
    acting_on: date | None = None,
    stopping: frozenset[str] = scopes.BEGINNING,
) -> FiledRow:
    """The row that covers ``day``, for a deed done on ``acting_on`` (一). Refusals: those of ``rules.scopes.require``."""
    return require_scopes(body_id, [(occupation_code, job, level)], day, acting_on=acting_on, stopping=stopping)[0]


def require_scopes(
    body_id: int,
    wanted: Iterable[tuple[str, str, int]],
    day: date,
    *,
    acting_on: date | None = None,
    stopping: frozenset[str] = scopes.BEGINNING,
) -> list[FiledRow]:
    """Covering rows of many (occupation code, 工种, level), the filings read once. Refusals: as ``require_scope``."""
    rows, body = filed_rows(body_id), Organisation.objects.get(pk=body_id)
    found = []
    for occupation_code, job, level in wanted:
        known = occupation_of(occupation_code, day)
        asked = Wanted(occupation_code, job, level, known.name if known else "")
        found.append(scopes.require(rows, asked, day, body=body.name, acting_on=acting_on, stopping=stopping))
    return found


def scope_words(rows: Iterable[Scope]) -> str:
    """Filed rows as one line, such as 电工（5、4、3级，2020-01-01至2029-12-31）."""
    return "；".join(
        f"{row.occupation_name}{'·' + row.job if row.job else ''}（{'、'.join(row.levels)}级，"
        f"{max(row.valid_from, row.filing.valid_from)}至{min(row.valid_to, row.filing.valid_to)}）"
        for row in rows
    )


def bodies_for(
    occupation_code: str, level: int, day: date, job: str = "", *, acting_on: date | None = None
) -> list[Organisation]:
    """The bodies that may be assigned a class (三（四）): filed for it on ``day`` and for the whole public (二)."""
    bodies = Organisation.objects.filter(kind="social_body", filings__service_objects="public").distinct()
    refused = scope_refusals(bodies, occupation_code, job, level, day, acting_on=acting_on)
    return [body for body in bodies.order_by("name") if refused[body.pk] is None]


def scope_refusals(
    bodies: Iterable[Organisation],
    occupation_code: str,
    job: str,
    level: int,
    day: date,
    *,
    acting_on: date | None = None,
) -> dict[int, Refusal | None]:
    """Why each body may not examine this on ``day``, or None where it may; the filings are read once (一)."""
    asked = list(bodies)
    known = occupation_of(occupation_code, day)
    wanted = Wanted(occupation_code, job, level, known.name if known else "")
    rows = _filed(Scope.objects.filter(filing__organisation__in=asked))
    answers: dict[int, Refusal | None] = {}
    for body in asked:
        try:
            scopes.require(rows.get(body.pk, []), wanted, day, body=body.name, acting_on=acting_on)
        except Refusal as refusal:
            answers[body.pk] = refusal
        else:
            answers[body.pk] = None
    return answers


def _serving(rows: QuerySet[Filing], day: date) -> dict[int, set[str]]:
    counting = rows.filter(
        state__in=(*PUBLIC_STATES, "replaced", "revoked"), valid_from__lte=day, valid_to__gte=day
    ).prefetch_related("standings")
    found: dict[int, set[str]] = {}
    for row in counting:
        if not any(halt.holds(day) for halt in halts_of(row)):
            found.setdefault(row.organisation_id, set()).add(row.service_objects)
    return found


def serving_public(day: date) -> set[int]:
    """The bodies filed to examine anybody on ``day`` (二)."""
    return set(_serving(Filing.objects.filter(service_objects="public"), day))


def serves(body_id: int, day: date) -> set[str]:
    """Whom a body may examine on ``day`` by its filings: public, own_students, own_staff (二)."""
    return _serving(Filing.objects.filter(organisation_id=body_id), day).get(body_id, set())


def expiring(today: date, days: int) -> QuerySet[Any]:
    """Filings in force whose last day is within ``days`` of ``today``, soonest first; ``renewed``: succeeded already."""
    successor = Filing.objects.filter(
        succeeds_id=OuterRef("pk"), state__in=flows.states("filing", "coming"), valid_to__gt=OuterRef("valid_to")
    )
    return (
        Filing.objects.select_related("organisation")
        .filter(state__in=PUBLIC_STATES, valid_to__gte=today, valid_to__lte=today + timedelta(days=days))
        .annotate(renewed=Exists(successor))
        .order_by("valid_to", "id")
    )


def rectifications() -> list[Standing]:
    """What stops filings at present, the nearest day of rectification first."""
    rows = Standing.objects.select_related("filing__organisation").filter(
        until=None,
        kind__in=(scopes.SUSPENDED, scopes.RECTIFYING),
        filing__state__in=flows.states("filing", "halted"),
    )
    return sorted(rows, key=lambda row: (row.due is None, row.due or row.since, row.pk))


def changes_visible_to(person: Person) -> QuerySet[BodyChange]:
    """The centre sees every request for a change, a body its own."""
    rows = BodyChange.objects.select_related("organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(organisation_id=person.organisation_id)
    return rows.none()


def change(person: Person, change_id: int) -> BodyChange:
    """One request for a change; Refusal ``record.none`` (404)."""
    return one(changes_visible_to(person), pk=change_id)


def former_names(organisation_id: int) -> list[tuple[str, date]]:
    """The names an organisation had before, each with the day it ended."""
    rows = BodyChange.objects.filter(organisation_id=organisation_id, kind="name", state="approved")
    return [(str(row.before.get("name", "")), row.effective_on) for row in rows.order_by("-effective_on", "-id")]


def annexes_visible_to(person: Person) -> QuerySet[AnnexImport]:
    """The centre's imports of 附件1-3; nobody else's."""
    rows = AnnexImport.objects.select_related("file")
    return rows if person.role in (Role.CENTRE, Role.SYSTEM) else rows.none()


def annex_import(person: Person, import_id: int) -> AnnexImport:
    """One import; Refusal ``record.none`` (404)."""
    return one(annexes_visible_to(person), pk=import_id)


def annex_filings(kind: str) -> QuerySet[Filing]:
    """What an annex lists: the filings of one kind of body that were put into force and not replaced or ended."""
    rows = Filing.objects.filter(organisation__kind=kind, state__in=PUBLIC_STATES).select_related("organisation")
    return rows.prefetch_related("scopes", "standings", "organisation__venues").order_by(
        "organisation__name", "valid_from", "id"
    )


def directory(
    *, q: str = "", occupation: str = "", level: str = "", district: str = "", kind: str = "", on: date | None = None
) -> QuerySet[Organisation]:
    """The public directory of filed bodies (一): searched by name, occupation (code or name), level, district, kind.

    ``on`` leaves only those whose matching row counts on that day. Each organisation carries ``public_filings``, each
    of those its scopes and standings; what is suspended or over is shown as such, not hidden.
    """
    scopes = Scope.objects.filter(filing__organisation_id=OuterRef("pk"), filing__state__in=PUBLIC_STATES)
    if occupation:
        scopes = scopes.filter(
            Q(occupation_code=occupation) | Q(occupation_name__icontains=occupation) | Q(job__icontains=occupation)
        )
    if level in set("12345"):
        scopes = scopes.filter(levels__contains=level)
    if on is not None:
        halted = Standing.objects.filter(filing_id=OuterRef("filing_id"), since__lte=on).filter(
            Q(until=None) | Q(until__gte=on)
        )
        scopes = scopes.filter(
            valid_from__lte=on, valid_to__gte=on, filing__valid_from__lte=on, filing__valid_to__gte=on
        ).exclude(Exists(halted))
    rows = Organisation.objects.filter(Exists(scopes), kind__in=BODY_KINDS)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(address__icontains=q))
    if district:
        rows = rows.filter(district_code=district)
    if kind:
        rows = rows.filter(kind=kind)
    public = Filing.objects.filter(state__in=PUBLIC_STATES).prefetch_related("scopes", "standings")
    public = public.order_by("-valid_to")
    return rows.prefetch_related(Prefetch("filings", public, to_attr="public_filings")).order_by("name")


def directory_entry(organisation_id: int) -> Organisation:
    """One body of the public directory; Refusal ``record.none`` (404)."""
    return one(directory(), pk=organisation_id)


def directory_occupations() -> list[tuple[str, str]]:
    """(code, name) of every occupation some body is publicly filed for."""
    rows = Scope.objects.filter(filing__state__in=PUBLIC_STATES).order_by("occupation_code")
    return list(rows.values_list("occupation_code", "occupation_name").distinct())
