"""Places of examination, their rooms and equipment (三（五）, 附件7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from jiangheng.bodies import queries
from jiangheng.bodies.models import Equipment, Room, Venue
from jiangheng.journal.actions import action, record
from jiangheng.rules import codes
from jiangheng.rules.examination import seat_plans
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

MOST = 100_000


@action("venue.add")
def add_venue(
    *,
    by: Person,
    now: datetime,
    organisation_id: int,
    name: str,
    address: str,
    district_code: str = "",
    fixed: bool = True,
    tenure: str = "",
    area_m2: int | None = None,
) -> Venue:
    """Enter a place of examination; ``fixed`` False for one outside the organisation's own premises (三（五）).

    Refusals: ``venue.name``, ``venue.address``, ``venue.area`` (422); ``venue.taken`` (409); ``venue.not_yours`` (403).
    """
    organisation = queries.get(by, organisation_id)
    venue = Venue(organisation=organisation, created_at=now)
    values = _venue(name, address, district_code, fixed, tenure, area_m2)
    _keep(venue, values)
    record(venue, after=values)
    return venue


@action("venue.amend")
def amend_venue(
    *,
    by: Person,
    now: datetime,
    venue_id: int,
    name: str,
    address: str,
    district_code: str = "",
    fixed: bool = True,
    tenure: str = "",
    area_m2: int | None = None,
) -> Venue:
    """Correct a place of examination (三（五）). Refusals: as ``add_venue``."""
    venue = _own(by, queries.venue(by, venue_id))
    values = _venue(name, address, district_code, fixed, tenure, area_m2)
    before = {field: getattr(venue, field) for field in values}
    _keep(venue, values)
    record(venue, before=before, after=values)
    return venue


@action("room.add")
def add_room(
    *, by: Person, now: datetime, venue_id: int, name: str, kind: str, capacity: int, spare: int = 0, cctv: bool = False
) -> Room:
    """Enter a room (三（五）): ``kind`` theory, machine or skill; ``capacity`` seats or workstations, and spare ones.

    Refusals: ``room.name``, ``room.kind``, ``room.capacity`` (422); ``room.taken`` (409); ``venue.not_yours`` (403).
    """
    venue = _own(by, queries.venue(by, venue_id))
    room = Room(venue=venue)
    values = _room(name, kind, capacity, spare, cctv)
    _keep(room, values)
    record(room, after={**values, "venue": venue.pk})
    return room


@action("room.amend")
def amend_room(
    *, by: Person, now: datetime, room_id: int, name: str, kind: str, capacity: int, spare: int = 0, cctv: bool = False
) -> Room:
    """Correct a room (三（五）). Refusals: as ``add_room``; ``room.seats_named`` (422) below a seat its plan names."""
    room = queries.room(by, room_id)
    _own(by, room.venue)
    values = _room(name, kind, capacity, spare, cctv)
    named = {*room.accessible, *room.closed, *map(int, room.stations)}
    if named and max(named) > capacity:
        raise refuse(
            "room.seats_named",
            N_("座位图中登记了%(seat)s号座位，座位数不能少于它。"),
            N_("请先变更座位图，再减少座位数。"),
            clause="三（五）",
            status=422,
            seat=max(named),
        )
    before = {field: getattr(room, field) for field in values}
    _keep(room, values)
    record(room, before=before, after=values)
    return room


@action("room.lay_out")
def lay_out_room(
    *, by: Person, now: datetime, room_id: int, per_row: int, accessible: str = "", closed: str = "", stations: str = ""
) -> Room:
    """Enter how the seats of a room stand, as typed (三（五）). Refusals: those of ``seat_plans.read``; ``venue.not_yours``."""
    room = queries.room(by, room_id)
    _own(by, room.venue)
    plan = seat_plans.read(
        capacity=room.capacity,
        per_row=per_row,
        accessible=accessible,
        closed=closed,
        stations=stations,
        code_pattern=queries.code_pattern(now),
    )
    values = {
        "per_row": plan.per_row,
        "accessible": list(plan.accessible),
        "closed": list(plan.closed),
        "stations": {str(seat): list(codes) for seat, codes in plan.stations.items()},
    }
    before = {field: getattr(room, field) for field in values}
    Room.objects.filter(pk=room.pk).update(**values)
    room.refresh_from_db()
    record(room, before=before, after=values)
    return room


@action("equipment.add")
def add_equipment(
    *,
    by: Person,
    now: datetime,
    venue_id: int,
    name: str,
    quantity: int,
    usable: int,
    model: str = "",
    verified_until: date | None = None,
) -> Equipment:
    """Enter equipment of a venue, named as the standard names it (附件7).

    Refusals: ``equipment.name``, ``equipment.quantity`` (422); ``venue.not_yours`` (403).
    """
    venue = _own(by, queries.venue(by, venue_id))
    piece = Equipment(venue=venue)
    values = _piece(name, quantity, usable, model, verified_until)
    _keep(piece, values)
    record(piece, after={**values, "venue": venue.pk})
    return piece


@action("equipment.amend")
def amend_equipment(
    *,
    by: Person,
    now: datetime,
    equipment_id: int,
    name: str,
    quantity: int,
    usable: int,
    model: str = "",
    verified_until: date | None = None,
) -> Equipment:
    """Correct equipment of a venue (附件7). Refusals: as ``add_equipment``."""
    piece = queries.equipment(by, equipment_id)
    _own(by, piece.venue)
    values = _piece(name, quantity, usable, model, verified_until)
    before = {field: getattr(piece, field) for field in values}
    _keep(piece, values)
    record(piece, before=before, after=values)
    return piece


def _own(by: Person, venue: Venue) -> Venue:
    if by.role is Role.CENTRE or venue.organisation_id == by.organisation_id:
        return venue
    raise refuse(
        "venue.not_yours",
        N_("“%(venue)s”是%(owner)s的场地，您不能变更。"),
        N_("请由场地所属单位办理。"),
        clause="三（五）",
        status=403,
        venue=venue.name,
        owner=venue.organisation.name,
    )


def _keep(row: models.Model, values: dict[str, Any]) -> None:
    for field, value in values.items():
        setattr(row, field, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise _taken(row) from None


def _venue(
    name: str, address: str, district_code: str, fixed: bool, tenure: str, area_m2: int | None
) -> dict[str, Any]:
    if not name.strip():
        raise refuse("venue.name", N_("请填写场地名称。"), N_("例如“城中校区实训楼”。"), clause="三（五）", status=422)
    if not address.strip():
        raise refuse(
            "venue.address",
            N_("请填写场地地址。"),
            N_("地址会印在准考证上，请写到门牌号。"),
            clause="三（五）",
            status=422,
        )
    if district_code and codes.find("district", district_code) is None:
        raise refuse(
            "venue.district", N_("请从列表中选择所在县区。"), N_("列表为柳州市各县区。"), clause="三（五）", status=422
        )
    if area_m2 is not None and not 0 < area_m2 <= MOST:
        raise refuse(
            "venue.area", N_("面积须为1至100000平方米。"), N_("请填写整数平方米。"), clause="三（五）", status=422
        )
    return {
        "name": name.strip()[:80],
        "address": address.strip()[:200],
        "district_code": district_code,
        "fixed": fixed,
        "tenure": tenure.strip()[:40],
        "area_m2": area_m2,
    }


def _room(name: str, kind: str, capacity: int, spare: int, cctv: bool) -> dict[str, Any]:
    if not name.strip():
        raise refuse("room.name", N_("请填写考场名称。"), N_("例如“机房一”。"), clause="三（五）", status=422)
    if codes.find("room_kind", kind) is None:
        raise refuse("room.kind", N_("请选择考场类别。"), N_("理论、机考或技能考场。"), clause="三（五）", status=422)
    if not 0 < capacity <= 1000 or not 0 <= spare <= 1000:
        raise refuse(
            "room.capacity",
            N_("座位数须为1至1000，备用数不小于0。"),
            N_("请按实际座位或工位数填写。"),
            clause="三（五）",
            status=422,
        )
    return {"name": name.strip()[:60], "kind": kind, "capacity": capacity, "spare": spare, "cctv": cctv}


def _piece(name: str, quantity: int, usable: int, model: str, verified_until: date | None) -> dict[str, Any]:
    if not name.strip():
        raise refuse(
            "equipment.name",
            N_("请填写设备名称。"),
            N_("请与职业标准所列设备名称一致，便于核对。"),
            clause="三（五）",
            status=422,
        )
    if not 0 < quantity <= MOST or not 0 <= usable <= quantity:
        raise refuse(
            "equipment.quantity",
            N_("完好数不能大于数量，数量须大于0。"),
            N_("请按实际清点数填写。"),
            clause="三（五）",
            status=422,
        )
    return {
        "name": name.strip()[:80],
        "model": model.strip()[:80],
        "quantity": quantity,
        "usable": usable,
        "verified_until": verified_until,
    }


def _taken(row: models.Model) -> Refusal:
    remedy = N_("请换一个名称，或在原有登记上变更。")
    if isinstance(row, Venue):
        return refuse("venue.taken", N_("本机构已有同名场地。"), remedy, clause="三（五）")
    if isinstance(row, Room):
        return refuse("room.taken", N_("该场地已有同名考场。"), remedy, clause="三（五）")
    return refuse("equipment.taken", N_("该设备已登记。"), remedy, clause="三（五）")
