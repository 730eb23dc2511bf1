"""A natural person once: recording identities, showing a full number, changing the key they are sealed under."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiangheng.journal.actions import action, record
from jiangheng.journal.queries import one
from jiangheng.people import queries, sealing
from jiangheng.people.models import Identity
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import identity as documents
from jiangheng.rules.readers import names
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says of a person: kind of document, its number and the name on it; sex and birthday where
    the number does not tell them.
    """

    kind: str
    number: str
    name: str
    sex: str | None = None
    born: date | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A claim that passed the rules, with the index it is found by."""

    kind: str
    country: str
    number: str
    index: str
    name: str
    sex: str
    born: date | None


@action("identity.record")
def identity_for(
    *,
    by: Person,
    now: datetime,
    kind: str,
    number: str,
    name: str,
    sex: str | None = None,
    born: date | None = None,
    country: str = "",
) -> Identity:
    """The one identity of this document (身份证明 三（二）1), made when it is new; 15 and 18 digits are one person,
    and so are documents that were merged: of any of them the person's own one comes back.

    Refusals (422): those of ``rules.identity`` and ``rules.names``; ``identity.name_differs`` (409) when the
    number is known under another name.
    """
    claim = Claim(kind, number, name, sex, born, country)
    found = _record([claim], now=now)[0]
    if isinstance(found, Refusal):
        raise found
    return found


def document_for(*, by: Person, now: datetime, claim: Claim) -> Identity:
    """The document itself, also where it belongs to a person known under another one; inside a deed that records it."""
    identity_for(
        by=by,
        now=now,
        kind=claim.kind,
        number=claim.number,
        name=claim.name,
        sex=claim.sex,
        born=claim.born,
        country=claim.country,
    )
    return Identity.objects.select_related("person").get(number_index=_check(claim, now).index)


@action("identity.record")
def identities_for(*, by: Person, now: datetime, rows: Sequence[Claim]) -> list[Identity | Refusal]:
    """Identities of many claims in a few statements, in the order given; a row at fault gets its Refusal instead."""
    return _record(rows, now=now)


def _record(rows: Sequence[Claim], *, now: datetime) -> list[Identity | Refusal]:
    checked: list[_Checked | Refusal] = []
    for row in rows:
        try:
            checked.append(_check(row, now))
        except Refusal as refusal:
            checked.append(refusal)
    wanted = {each.index: each for each in reversed(checked) if isinstance(each, _Checked)}
    known = _by_index(wanted)
    missing = [each for index, each in wanted.items() if index not in known]
    if missing:
        made = {each.index: _row(each, now) for each in missing}
        # Another upload may be recording the same people now: the database's uniqueness decides, and the
        # rows are read back, whoever wrote them.
        Identity.objects.bulk_create(made.values(), ignore_conflicts=True, batch_size=CHUNK)
        stored = _by_index(made)
        for index, identity in stored.items():
            if bytes(identity.number_sealed) == made[index].number_sealed:
                record(identity, after={"kind": identity.kind, "number": identity.number_masked, "name": identity.name})
        known.update(stored)
    return [each if isinstance(each, Refusal) else _same_name(known[each.index], each) for each in checked]


def _check(row: Claim, now: datetime) -> _Checked:
    document = documents.check_identity(row.kind, row.number, today=local_day(now), country=row.country)
    name = names.check_name(row.name)
    return _Checked(
        kind=document.kind,
        country=document.country,
        number=document.number,
        index=sealing.blind_index(document.kind, document.number, document.country),
        name=name,
        sex=document.sex or row.sex or "",
        born=document.born or row.born,
    )


def _row(checked: _Checked, now: datetime) -> Identity:
    return Identity(
        kind=checked.kind,
        country=checked.country,
        number_sealed=sealing.seal(checked.number),
        number_index=checked.index,
        number_tail=checked.number[-4:],
        number_masked=documents.mask(checked.number),
        name=checked.name,
        sex=checked.sex,
        born=checked.born,
        created_at=now,
    )


def _by_index(indexes: Iterable[str]) -> dict[str, Identity]:
    wanted = list(indexes)
    found: dict[str, Identity] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Identity.objects.filter(number_index__in=wanted[start : start + CHUNK]).select_related("person")
        found.update((row.number_index, row) for row in rows)
    return found


def _same_name(identity: Identity, checked: _Checked) -> Identity | Refusal:
    person = identity.person or identity
    if checked.name in (identity.name, person.name):
        return person
    return refuse(
        "identity.name_differs",
        N_("证件号码 %(number)s 已登记，但姓名与此处填写的不一致。"),
        N_("请对照证件原件核对姓名和号码；如本人已更名，请携带户籍证明到市鉴定中心办理变更。"),
        clause="三（二）",
        number=identity.number_masked,
    )


@action("identity.reveal")
def reveal(*, by: Person, now: datetime, identity_id: int, reason: str, through: tuple[str, int] | None = None) -> str:
    """The full number, for a stated reason, journalled each time.

    The centre may ask of anybody. An organisation only ``through`` a record (kind, id) about this person that
    the calling room has already found visible to it. Refusals: ``reveal.reason`` (422), ``record.none``
    (404), ``seal.broken`` (409).
    """
    return _reveal([identity_id], by=by, reason=reason, through=through)[identity_id]


@action("identity.reveal")
def reveal_many(
    *, by: Person, now: datetime, identity_ids: Sequence[int], reason: str, through: tuple[str, int] | None = None
) -> dict[int, str]:
    """Full numbers by identity for printing tickets or certificates; the same rules, one journal entry each."""
    return _reveal(identity_ids, by=by, reason=reason, through=through)


def _reveal(identity_ids: Sequence[int], *, by: Person, reason: str, through: tuple[str, int] | None) -> dict[int, str]:
    if not reason.strip():
        raise refuse(
            "reveal.reason",
            N_("查看完整证件号码须写明用途。"),
            N_("请填写用途，例如“核对身份证原件”。查看记录会写入台账。"),
            status=422,
        )
    rows = queries.identities_visible_to(by) if through is None else Identity.objects.all()
    wanted = sorted(set(identity_ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), CHUNK):
        for identity in rows.filter(pk__in=wanted[start : start + CHUNK]):
            found[identity.pk] = _unsealed(identity)
            record(
                identity,
                note=reason.strip()[:200],
                after={"shown": identity.number_masked, "through": list(through or ())},
            )
    if len(found) != len(wanted):
        one(Identity.objects.none())
    return found


def _unsealed(identity: Identity) -> str:
    """The number, checked against the index of its own row, so that two rows' seals cannot be exchanged."""
    number = sealing.unseal(identity.number_sealed)
    if sealing.blind_index(identity.kind, number, identity.country) != identity.number_index:
        raise sealing.broken()
    return number


@action("identity.rotate")
def rotate_seals(*, by: Person, now: datetime) -> int:
    """Seal every number under the first key again; returns how many were changed. A second run changes none."""
    changed = 0
    rows: list[Identity] = []
    for identity in Identity.objects.only("number_sealed").order_by("pk").iterator(chunk_size=CHUNK):
        if sealing.is_current(identity.number_sealed):
            continue
        identity.number_sealed = sealing.seal(sealing.unseal(identity.number_sealed))
        rows.append(identity)
        if len(rows) == CHUNK:
            changed += _write(rows)
            rows = []
    changed += _write(rows)
    if changed:
        record(Identity(), after={"resealed": changed, "key": sealing.current_key()})
    return changed


def _write(rows: list[Identity]) -> int:
    if rows:
        Identity.objects.bulk_update(rows, ["number_sealed"], batch_size=CHUNK)
    return len(rows)
