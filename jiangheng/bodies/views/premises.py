"""Places of examination, rooms and equipment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.bodies import actions, queries
from jiangheng.bodies.forms import EquipmentForm, RoomForm, SeatPlanForm, VenueForm
from jiangheng.bodies.models import Venue
from jiangheng.bodies.views.register import ORGANISED, crumbs, district_word
from jiangheng.rules.examination import seat_plans
from jiangheng.rules.examination.seat_plans import RoomSeats
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.screens.request import Request


def _way(venue: Venue, person: Any) -> tuple[tuple[Any, str | None], ...]:
    owner = venue.organisation
    visible = person.role is Role.CENTRE or person.organisation_id == owner.pk
    return crumbs(
        (owner.name, reverse("bodies:detail", args=[owner.pk]) if visible else None),
        (venue.name, reverse("bodies:venue", args=[venue.pk])),
    )


@screens.signed_in(*ORGANISED)
@require_safe
def venue(request: Request, venue_id: int) -> HttpResponse:
    """One place of examination with its rooms and equipment."""
    person = request.person
    queries.venue(person, venue_id)
    found = queries.venue_with_rooms(venue_id)
    mine = person.role is Role.CENTRE or person.organisation_id == found.organisation_id
    context = {"venue": found, "mine": mine}
    return screens.detail(
        request,
        found,
        title=found.name,
        lead=found.organisation.name,
        facts=(
            (_("详细地址"), found.address),
            (_("所在县区"), district_word(found.district_code)),
            (_("场地性质"), _("本机构固定场地") if found.fixed else _("固定场地外")),
            (_("产权或租期"), found.tenure),
            (_("面积（平方米）"), found.area_m2, "number"),
        ),
        sections=(
            (_("考场"), "bodies/_rooms.html", context),
            (_("设施设备"), "bodies/_equipment.html", context),
        ),
        actions=((_("变更场地"), reverse("bodies:venue_change", args=[venue_id])),) if mine else (),
        breadcrumb=_way(found, person)[:-1],
    )


def _page(
    request: Request,
    form: forms.Form,
    save: Callable[[dict[str, Any]], Any],
    *,
    back: str,
    title: str,
    said: str,
    breadcrumb: tuple[tuple[Any, str | None], ...],
    lead: str = "",
) -> HttpResponse:
    """A form whose saving leads back to ``back``."""
    return screens.act(
        request,
        form,
        save,
        back=back,
        said=said,
        title=title,
        submit=_("保存"),
        lead=lead,
        breadcrumb=breadcrumb,
    )


@screens.may("venue.add")
@require_http_methods(["GET", "POST"])
def venue_new(request: Request, organisation_id: int) -> HttpResponse:
    """Enter a place of examination."""
    organisation = queries.get(request.person, organisation_id)
    back = reverse("bodies:detail", args=[organisation_id])
    return _page(
        request,
        VenueForm(request.POST or None),
        lambda typed: actions.add_venue(
            by=request.person,
            now=request.now,
            organisation_id=organisation_id,
            once=screens.once(request),
            **typed,
        ),
        back=back,
        title=_("登记考核场地"),
        said=_("场地已登记，请继续登记考场和设备。"),
        breadcrumb=crumbs((organisation.name, back)),
        lead=organisation.name,
    )


@screens.may("venue.amend")
@require_http_methods(["GET", "POST"])
def venue_change(request: Request, venue_id: int) -> HttpResponse:
    """Correct a place of examination."""
    person = request.person
    found = queries.venue(person, venue_id)
    initial = {name: getattr(found, name) for name in VenueForm.base_fields} | {"fixed": "1" if found.fixed else "0"}
    return _page(
        request,
        VenueForm(request.POST or None, initial=initial),
        lambda typed: actions.amend_venue(by=person, now=request.now, venue_id=venue_id, **typed),
        back=reverse("bodies:venue", args=[venue_id]),
        title=_("变更考核场地"),
        said=_("场地信息已保存。"),
        breadcrumb=_way(found, person),
    )


@screens.may("room.add")
@require_http_methods(["GET", "POST"])
def room_new(request: Request, venue_id: int) -> HttpResponse:
    """Enter a room."""
    person = request.person
    found = queries.venue(person, venue_id)
    return _page(
        request,
        RoomForm(request.POST or None),
        lambda typed: actions.add_room(
            by=person,
            now=request.now,
            venue_id=venue_id,
            once=screens.once(request),
            **typed,
        ),
        back=reverse("bodies:venue", args=[venue_id]),
        title=_("登记考场"),
        said=_("考场已登记。"),
        breadcrumb=_way(found, person),
    )


@screens.may("room.amend")
@require_http_methods(["GET", "POST"])
def room_change(request: Request, room_id: int) -> HttpResponse:
    """Correct a room."""
    person = request.person
    found = queries.room(person, room_id)
    initial = {name: getattr(found, name) for name in RoomForm.base_fields}
    return _page(
        request,
        RoomForm(request.POST or None, initial=initial),
        lambda typed: actions.amend_room(by=person, now=request.now, room_id=room_id, **typed),
        back=reverse("bodies:venue", args=[found.venue_id]),
        title=_("变更考场"),
        said=_("考场信息已保存。"),
        breadcrumb=_way(found.venue, person),
    )


@screens.may("room.lay_out")
@require_http_methods(["GET", "POST"])
def room_seats(request: Request, room_id: int) -> HttpResponse:
    """The seats of a room as a plan, and for its owner how they stand, shown again before it is kept."""
    person, now = request.person, request.now
    found = queries.room(person, room_id)
    plan, refusal = queries.seat_plan(found), None
    mine = person.role is Role.CENTRE or person.organisation_id == found.venue.organisation_id
    form = SeatPlanForm(request.POST if mine and request.method == "POST" else None, initial=_typed(plan))
    if request.method == "POST" and (not mine or form.is_valid()):
        typed = form.cleaned_data if mine else _typed(plan)
        try:
            if "preview" in request.POST and mine:
                plan = seat_plans.read(capacity=found.capacity, code_pattern=queries.code_pattern(now), **typed)
            else:
                actions.lay_out_room(by=person, now=now, room_id=room_id, **typed)
                screens.done(request, _("座位图已保存，下次编排时采用。"))
                return redirect(reverse("bodies:room_seats", args=[room_id]))
        except Refusal as error:
            refusal = error
    return screens.form_page(
        request,
        form,
        title=_("%(room)s座位图") % {"room": found.name},
        submit=_("保存座位图"),
        lead=_("按座位图编排考生：停用座位不用，无障碍座位优先给需要的考生，工位只给指定的职业。"),
        refusal=refusal,
        breadcrumb=_way(found.venue, person),
        once=False,
        template="bodies/room_seats.html",
        context={
            "plan": plan,
            "cells": _cells(plan),
            "room": found,
            "mine": mine,
            "previewed": "preview" in request.POST and refusal is None,
            "kept": queries.seat_plan(found) == plan,
        },
    )


def _typed(plan: RoomSeats) -> dict[str, Any]:
    return {
        "per_row": plan.per_row,
        "accessible": seat_plans.spelled(plan.accessible),
        "closed": seat_plans.spelled(plan.closed),
        "stations": seat_plans.stations_spelled(plan.stations),
    }


def _cells(plan: RoomSeats) -> list[dict[str, Any]]:
    """Every seat with what is said of it."""
    accessible, closed = set(plan.accessible), set(plan.closed)
    return [
        {
            "number": seat,
            "accessible": seat in accessible,
            "closed": seat in closed,
            "codes": plan.stations.get(seat, ()),
        }
        for seat in range(1, plan.capacity + 1)
    ]


@screens.may("equipment.add")
@require_http_methods(["GET", "POST"])
def equipment_new(request: Request, venue_id: int) -> HttpResponse:
    """Enter equipment."""
    person = request.person
    found = queries.venue(person, venue_id)
    return _page(
        request,
        EquipmentForm(request.POST or None),
        lambda typed: actions.add_equipment(
            by=person,
            now=request.now,
            venue_id=venue_id,
            once=screens.once(request),
            **typed,
        ),
        back=reverse("bodies:venue", args=[venue_id]),
        title=_("登记设备"),
        said=_("设备已登记。"),
        breadcrumb=_way(found, person),
    )


@screens.may("equipment.amend")
@require_http_methods(["GET", "POST"])
def equipment_change(request: Request, equipment_id: int) -> HttpResponse:
    """Correct equipment."""
    person = request.person
    found = queries.equipment(person, equipment_id)
    initial = {name: getattr(found, name) for name in EquipmentForm.base_fields}
    return _page(
        request,
        EquipmentForm(request.POST or None, initial=initial),
        lambda typed: actions.amend_equipment(by=person, now=request.now, equipment_id=equipment_id, **typed),
        back=reverse("bodies:venue", args=[found.venue_id]),
        title=_("变更设备"),
        said=_("设备信息已保存。"),
        breadcrumb=_way(found.venue, person),
    )
