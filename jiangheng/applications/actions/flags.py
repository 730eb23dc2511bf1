"""Marks on applications (三（一）): what is the same as other people's, what the age and the old number say."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db.models import Count

from jiangheng.applications.models import Application, Proof
from jiangheng.journal.actions import action
from jiangheng.rules import flows
from jiangheng.rules.applications import review
from jiangheng.rules.conditions.routes import route_sets
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.law import Law
from jiangheng.rules.roles import Person
from jiangheng.values import queries as values

CHUNK = 500
MOST_NEIGHBOURS = 500
WAITING = flows.states("application", "waiting")
HANDED_IN = flows.states("application", "handed_in")


@action("application.look")
def look(*, by: Person, now: datetime, ids: Sequence[int]) -> int:
    """Read the marks of these applications afresh, and of those waiting that share something with them.

    Returns how many changed. What is marked is derived from what is stored, so it is no entry of the journal.
    """
    rows = list(_rows(ids))
    changed = renew(rows, now)
    return changed + renew(_neighbours(rows), now)


def renew(rows: Sequence[Application], now: datetime) -> int:
    """Set and save ``flags``, ``standing`` and ``address_key`` of ``rows``; returns how many changed."""
    if not rows:
        return 0
    keyed = [row for row in rows if row.address_key != _address(row)]
    for row in keyed:
        row.address_key = _address(row)
    # Saved first: whoever shares an address is found by its column.
    Application.objects.bulk_update(keyed, ["address_key"], batch_size=CHUNK)
    phones = _sharing("phone", [row.phone for row in rows])
    addresses = _sharing("address_key", [row.address_key for row in rows if row.source == "person"], source="person")
    proofs, held = _proofs(rows)
    today, laws = local_day(now), dict[date, Law]()
    changed = []
    for row in rows:
        on = row.as_of or today
        if on not in laws:
            laws[on] = values.law(on)
        facts = review.Facts(
            born=row.identity.born,
            as_of=on,
            held_number=str(row.form.get("证书编号") or ""),
            noted=_noted(row.review),
            same_phone=phones.get(row.phone, 1) - 1,
            same_address=addresses.get(row.address_key, 1) - 1 if row.source == "person" else 0,
            same_proof=proofs.get(row.pk, 1) - 1,
        )
        marks = [asdict(each) for each in review.flags(facts, laws[on])]
        name = review.standing(row.verdict, marks, missing(row, held.get(row.pk, ()))).name
        if (row.flags, row.standing) != (marks, name):
            row.flags, row.standing = marks, name
            changed.append(row)
    _kept(changed)
    return len(changed)


def missing(row: Application, held: Iterable[str]) -> list[str]:
    """The proofs of 三（二） this application lacks for its route."""
    asked = row.judgement.get("asked_evidence")
    if asked is None:  # judged before the evidence of the route was kept with the judgement
        ruleset = row.judgement.get("ruleset")
        found = route_sets()[ruleset].route(row.route) if ruleset in route_sets() else None
        asked = found.evidence if found else ()
    return review.missing_proofs(row.source, asked, held, photo=row.photo_id is not None)


def _rows(ids: Sequence[int]) -> Iterable[Application]:
    for start in range(0, len(ids), CHUNK):
        yield from Application.objects.select_related("identity").filter(pk__in=ids[start : start + CHUNK])


def held(ids: Sequence[int]) -> dict[int, set[str]]:
    """Which kinds of proof each of these applications holds."""
    found: dict[int, set[str]] = defaultdict(set)
    for start in range(0, len(ids), CHUNK):
        rows = Proof.objects.filter(application_id__in=ids[start : start + CHUNK]).order_by()
        for application_id, kind in rows.values_list("application_id", "kind"):
            found[application_id].add(kind)
    return found


def _address(row: Application) -> str:
    """What stands for a person's own address; a roster's addresses are the organisation's and say nothing."""
    key = review.same_address_key(str(row.form.get("通讯地址") or "")) if row.source == "person" else ""
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def _sharing(field: str, values: Iterable[str], **only: str) -> dict[str, int]:
    """How many people have handed in an application with each of these values."""
    wanted = sorted({value for value in values if value})
    found: dict[str, int] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Application.objects.filter(
            **{f"{field}__in": wanted[start : start + CHUNK]}, state__in=HANDED_IN, **only
        ).order_by()
        found.update(rows.values_list(field).annotate(people=Count("identity_id", distinct=True)))
    return found


def _proofs(rows: Sequence[Application]) -> tuple[dict[int, int], dict[int, set[str]]]:
    """How many people the most shared proof of each application serves, and which kinds of proof each holds."""
    held: dict[int, set[str]] = defaultdict(set)
    used: dict[str, set[int]] = defaultdict(set)
    keys = [row.pk for row in rows if row.source != "roster"]
    for start in range(0, len(keys), CHUNK):
        those = Proof.objects.filter(application_id__in=keys[start : start + CHUNK]).order_by()
        for application_id, kind, digest in those.values_list("application_id", "kind", "file__sha256"):
            held[application_id].add(kind)
            if kind != "identity":
                used[digest].add(application_id)
    shared: dict[int, int] = {}
    digests = sorted(used)
    for start in range(0, len(digests), CHUNK):
        those = Proof.objects.filter(
            file__sha256__in=digests[start : start + CHUNK], application__state__in=HANDED_IN
        ).order_by()
        counted = those.values_list("file__sha256").annotate(people=Count("application__identity_id", distinct=True))
        for digest, people in counted:
            for application_id in used[digest]:
                shared[application_id] = max(shared.get(application_id, 1), people)
    return shared, held


def _neighbours(rows: Sequence[Application]) -> list[Application]:
    """Applications still waiting that share a marked phone, address or proof with ``rows``."""
    mine = {row.pk for row in rows}
    keys: set[int] = set()
    for field, shared in (
        ("phone", _marked(rows, review.SAME_PHONE, "phone")),
        ("address_key", _marked(rows, review.SAME_ADDRESS, "address_key")),
    ):
        if shared:
            found = Application.objects.filter(**{f"{field}__in": shared[:CHUNK]}, state__in=WAITING)
            keys.update(found.order_by().values_list("pk", flat=True)[:MOST_NEIGHBOURS])
    sharing = [row.pk for row in rows if _has(row, review.SAME_PROOF)][:CHUNK]
    if sharing:
        digests = Proof.objects.filter(application_id__in=sharing).exclude(kind="identity").values("file__sha256")
        keys.update(
            Proof.objects.filter(file__sha256__in=digests, application__state__in=WAITING)
            .order_by()
            .values_list("application_id", flat=True)[:MOST_NEIGHBOURS]
        )
    return list(_rows(sorted(keys - mine)[:MOST_NEIGHBOURS]))


def _has(row: Application, kind: str) -> bool:
    return any(each["kind"] == kind for each in row.flags)


def _marked(rows: Sequence[Application], kind: str, field: str) -> list[str]:
    return sorted({getattr(row, field) for row in rows if _has(row, kind)})


def _kept(changed: Sequence[Application]) -> None:
    """Save marks and standing, one statement for all that read alike."""
    alike: dict[tuple[str, str], list[Application]] = defaultdict(list)
    for row in changed:
        alike[row.standing, json.dumps(row.flags, sort_keys=True)].append(row)
    for those in alike.values():
        for start in range(0, len(those), CHUNK):
            chunk = [row.pk for row in those[start : start + CHUNK]]
            Application.objects.filter(pk__in=chunk).update(flags=those[0].flags, standing=those[0].standing)


def _noted(marks: str) -> tuple[tuple[str, str], ...]:
    """What was noted when the form was handed in: kind and, where it may be told, a number."""
    found = (each.partition(":") for each in marks.split(";") if each)
    return tuple((kind, number) for kind, _colon, number in found)
