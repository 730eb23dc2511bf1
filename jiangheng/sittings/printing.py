"""What is printed for an examination: maps, labels, sign-in books, records and blocks, in one typst file (四（六）, 四（七）)."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf

from jiangheng.files import printing
from jiangheng.files import queries as stored
from jiangheng.plans.models import Plan
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_day, local_moment
from jiangheng.rules.examination.staffing import POSTS
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import handbook
from jiangheng.sittings.models import Seat
from jiangheng.sittings.queries import meetings as attendance
from jiangheng.sittings.queries import printed
from jiangheng.sittings.queries.printed import Sheet
from jiangheng.values import queries as values

TEMPLATE = Path(__file__).resolve().parent / "typst" / "sheets.typ"
PER_PAGE = 5
AT_ONCE = 4
DEMONSTRATION = "演示样张"

Sheets = Sequence[Sheet]


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of document: its word, whether it is made for each sitting, and whether it needs ticket numbers."""

    label: str
    of_sitting: bool = True
    ticketed: bool = True


DOCUMENTS: dict[str, Document] = {
    "seat-map": Document(N_("座次表"), ticketed=False),
    "door": Document(N_("门贴")),
    "desks": Document(N_("桌贴")),
    "sign-in": Document(N_("签到册")),
    "record": Document(N_("考场记录单")),
    "timetable": Document(N_("考试日程表"), of_sitting=False, ticketed=False),
    "handbook": Document(N_("组织册"), of_sitting=False, ticketed=False),
    "minutes": Document(N_("考务会议纪要"), of_sitting=False),
}


def pdf(plan: Plan, sheets: Sheets, name: str, made_at: datetime, numbers: Mapping[int, str] | None = None) -> bytes:
    """One kind of document of the sittings given, as PDF.

    ``numbers`` are full identity numbers by identity for the sign-in book, which the caller has journalled; without
    them the masked ones stand. Refusals: ``documents.none``, ``documents.tickets``, ``documents.meeting`` (409),
    ``printing.glyphs`` (422).
    """
    document = DOCUMENTS[name]
    _ready(sheets, document)
    images: dict[str, bytes] = {}
    if name == "sign-in":
        images = _photos(sheets)
    rows = _rows(plan, sheets, name, made_at, images, numbers or {})
    data = {
        "title": f"{plan.number} {document.label}",
        "watermark": DEMONSTRATION if plan.body.is_fictional else "",
        "sheets": rows,
    }
    return printing.render_batches(TEMPLATE, data, "sheets", images, made_at=made_at, size=AT_ONCE)


def word(plan: Plan, sheets: Sheets, made_at: datetime) -> bytes:
    """The organisation handbook as Word. Refusal ``documents.none`` (409)."""
    _ready(sheets, DOCUMENTS["handbook"])
    return handbook.docx(handbook.handbook(plan, sheets, _law(made_at)))


def joined(parts: Sequence[bytes]) -> bytes:
    """PDFs one after another in one file."""
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as one:
                whole.pages.extend(one.pages)
        out = io.BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def _law(made_at: datetime) -> Any:
    return values.law(local_day(made_at))


def _ready(sheets: Sheets, document: Document) -> None:
    if not sheets:
        raise refuse(
            "documents.none", N_("还没有已编排的场次，没有可打印的资料。"), N_("请先编排考场。"), clause="四（六）"
        )
    if document.ticketed and not all(handbook.ticket_number(seat) for sheet in sheets for seat in sheet.seats):
        raise refuse(
            "documents.tickets",
            N_("准考证尚未核发，%(what)s须有准考证号才能打印。"),
            N_("请先核发准考证。"),
            clause="四（六）",
            what=document.label,
        )


def _rows(
    plan: Plan, sheets: Sheets, name: str, made_at: datetime, images: Mapping[str, bytes], numbers: Mapping[int, str]
) -> list[dict[str, Any]]:
    if name == "timetable":
        return [handbook.timetable(plan, sheets)]
    if name == "handbook":
        return [handbook.handbook(plan, sheets, _law(made_at))]
    if name == "minutes":
        meetings = printed.meetings(plan)
        if not meetings:
            raise refuse(
                "documents.meeting", N_("还没有登记考务会议。"), N_("请先召开并登记考前考务会议。"), clause="四（七）"
            )
        return [handbook.minutes(plan, each, attendance.expected(each)) for each in meetings]
    makers: dict[str, Callable[[Sheet], dict[str, Any]]] = {
        "seat-map": _seat_map,
        "door": _door,
        "desks": _desks,
        "sign-in": lambda sheet: _sign_in(sheet, images, numbers),
        "record": _record,
    }
    return [{**_head(plan, sheet), **makers[name](sheet)} for sheet in sheets]


def _head(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    first, last = handbook.ends_of(sheet)
    return {
        "body": plan.body.name,
        "plan": plan.number,
        "site": plan.venue.name,
        "room": sheet.sitting.room_name,
        "subject": codes.label("subject", sheet.sitting.subject),
        "time": handbook.period(sheet.sitting.starts_at, sheet.sitting.ends_at),
        "occupation": handbook.occupation(sheet),
        "level": codes.level_name(sheet.sitting.row.level),
        "count": len(sheet.seats),
        "first": first,
        "last": last,
    }


def _seats(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {
            "number": seat.number,
            "name": seat.application.name,
            "ticket": handbook.ticket_number(seat),
            "set": seat.paper_set.letter if seat.paper_set else "",
        }
        for seat in sheet.seats
    ]


def _seat_map(sheet: Sheet) -> dict[str, Any]:
    # An empty seat keeps its place, so that the map shows the room as it stands.
    held = {seat["number"]: seat for seat in _seats(sheet)}
    last = max([*held, *sheet.others], default=0)
    seats = [
        held.get(number, {"number": number, "name": "", "ticket": sheet.others.get(number, ""), "set": ""})
        for number in range(1, last + 1)
    ]
    return {"kind": "seat_map", "per_row": sheet.sitting.per_row, "seats": seats}


def _door(sheet: Sheet) -> dict[str, Any]:
    return {"kind": "door", "seats": _seats(sheet)}


def _desks(sheet: Sheet) -> dict[str, Any]:
    labels = [
        {
            "number": seat.number,
            "name": seat.application.name,
            "ticket": handbook.ticket_number(seat),
            "identity": seat.application.identity.number_masked,
        }
        for seat in sheet.seats
    ]
    return {"kind": "desks", "seats": labels}


def _photos(sheets: Sheets) -> dict[str, bytes]:
    masters = {seat.application.photo_id: seat.application.photo for sheet in sheets for seat in sheet.seats}
    found = stored.sized_many((photo for photo in masters.values() if photo is not None), "one_inch")
    return {_picture(pk): data for pk, data in found.items()}


def _picture(photo_id: int) -> str:
    return f"p{photo_id}.jpg"


def _sign_in(sheet: Sheet, images: Mapping[str, bytes], numbers: Mapping[int, str]) -> dict[str, Any]:
    people = [_signer(seat, images, numbers) for seat in sheet.seats]
    return {
        "kind": "sign_in",
        "commitment": handbook.texts()["commitment"],
        "pages": [people[start : start + PER_PAGE] for start in range(0, len(people), PER_PAGE)],
    }


def _signer(seat: Seat, images: Mapping[str, bytes], numbers: Mapping[int, str]) -> dict[str, Any]:
    application = seat.application
    photo = _picture(application.photo_id) if application.photo_id else ""
    return {
        "number": seat.number,
        "name": application.name,
        "sex": application.identity.sex,
        "registered": application.number,
        "identity_kind": application.identity.kind,
        "identity": numbers.get(application.identity_id, application.identity.number_masked),
        "ticket": handbook.ticket_number(seat),
        "photo": photo if photo in images else "",
    }


def _record(sheet: Sheet) -> dict[str, Any]:
    sitting, kept = sheet.sitting, sheet.record
    known: dict[str, Any] = {
        "present": "",
        "absent": "",
        "absent_tickets": [],
        "received": "",
        "returned": "",
        "remarks": "",
        "signed": ["", ""],
    }
    if kept is not None:
        signers = [(kept.first_signer, kept.first_signed_at), (kept.second_signer, kept.second_signed_at)]
        known = {
            "present": str(kept.present),
            "absent": str(kept.expected - kept.present),
            "absent_tickets": [str(number) for number in kept.absent_tickets],
            "received": str(kept.papers_received),
            "returned": str(kept.papers_returned),
            "remarks": kept.remarks,
            "signed": [f"{who.name}（{handbook.moment(at)} 平台签署）" if who else "" for who, at in signers],
        }
    return {
        **known,
        "kind": "record",
        "expected": kept.expected if kept else len(sheet.seats),
        "started": _clock(sitting.opened_at),
        "ended": _clock(sitting.closed_at),
        "incidents": [
            {
                "ticket": handbook.ticket_number(each.seat) if each.seat else "",
                "name": each.seat.application.name if each.seat else "—",
                "tier": each.tier or "—",
                "text": each.text,
                "time": _clock(each.at),
            }
            for each in sheet.incidents
        ],
        "staff": [{"post": POSTS[each.post], "name": each.account.name} for each in sheet.staff],
    }


def _clock(at: datetime | None) -> str:
    return f"{local_moment(at):%H:%M}" if at else ""
