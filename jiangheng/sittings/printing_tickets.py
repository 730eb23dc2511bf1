"""Admission tickets as PDF, a page each, set from typst/tickets.typ (四（六）)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jiangheng.files import printing
from jiangheng.files import queries as stored
from jiangheng.plans.models import Plan
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_day
from jiangheng.sittings import handbook
from jiangheng.sittings.models import Ticket
from jiangheng.sittings.queries import printed
from jiangheng.values import queries as values

TEMPLATE = Path(__file__).resolve().parent / "typst" / "tickets.typ"
RESULTS_URL = "http://jndj.osta.org.cn"


def ticket_pdf(plan: Plan, tickets: Iterable[Ticket], now: datetime) -> bytes:
    """The tickets as one PDF, a page each; the caller has checked who may have them."""
    seats: dict[int, list[dict[str, str]]] = defaultdict(list)
    rows = list(tickets)
    for seat in printed.ticketed_seats(plan, [each.application_id for each in rows]):
        ends_at = seat.sitting.ends_at + timedelta(minutes=seat.extra_minutes)
        seats[seat.application_id].append(
            {
                "subject": codes.label("subject", seat.sitting.subject),
                "time": handbook.period(seat.sitting.starts_at, ends_at),
                "room": seat.sitting.room_name,
                "seat": str(seat.number),
            }
        )
    law = values.law(local_day(now))
    images: dict[str, bytes] = {}
    photos = stored.sized_many((each.application.photo for each in rows if each.application.photo), "one_inch")
    pages = [_page(plan, ticket, seats[ticket.application_id], images, photos) for ticket in rows]
    data: dict[str, Any] = {
        "body": plan.body.name,
        "plan": plan.number,
        "results_url": RESULTS_URL,
        "contact": plan.contact_phone,
        "watermark": "演示样张" if plan.body.is_fictional else "",
        "rules": handbook.room_rules(law),
        "discipline": list(handbook.texts()["discipline"]),
        "tickets": pages,
    }
    return printing.render_batches(TEMPLATE, data, "tickets", images, made_at=now)


def _page(
    plan: Plan,
    ticket: Ticket,
    sessions: list[dict[str, str]],
    images: dict[str, bytes],
    photos: Mapping[int, bytes],
) -> dict[str, Any]:
    application = ticket.application
    qr = f"{ticket.number}.svg"
    images[qr] = printing.qr_svg(ticket.number)
    photo = ""
    if application.photo is not None:
        photo = f"p{application.pk}.jpg"
        images[photo] = photos[application.photo.pk]
    return {
        "name": application.name,
        "sex": application.identity.sex,
        "identity_kind": application.identity.kind,
        "identity_number": application.identity.number_masked,
        "number": ticket.number,
        "occupation": application.occupation_name,
        "job": application.job,
        "level": codes.level_name(application.level),
        "site": plan.venue.name,
        "address": plan.venue.address,
        "photo": photo,
        "qr": qr,
        "sessions": sessions,
    }
