"""A zip of everything printed of a plan, or of its tickets one file each (四（六）)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO

from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person
from jiangheng.sittings import printing, queries
from jiangheng.sittings.models import Ticket
from jiangheng.sittings.printing_tickets import ticket_pdf
from jiangheng.sittings.queries import printed

ALL, TICKETS = "all", "tickets"
WORD_NAME = "组织册.docx"
TICKETS_NAME = "准考证.pdf"
JOINED_NAME = "全部资料.pdf"


def parts(person: Person, plan: Plan, what: str) -> int:
    """How many parts the zip will have been built of."""
    if what == TICKETS:
        return queries.tickets_visible_to(person).filter(plan=plan).count()
    return len(printing.DOCUMENTS) + 3


def write(person: Person, plan: Plan, what: str, made_at: datetime, target: IO[bytes]) -> Iterator[int]:
    """Write the zip into ``target``, yielding the number of parts done; refusals are those of the documents.

    ``all`` holds every document that can be printed now, the tickets, all of them in one PDF, and the handbook as
    Word; the minutes are left out until the meeting is recorded. ``tickets`` holds one PDF a candidate.
    """
    tickets = (
        queries.tickets_visible_to(person).filter(plan=plan).select_related("application__photo").order_by("number")
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        made = _tickets(plan, tickets, made_at) if what == TICKETS else _everything(person, plan, tickets, made_at)
        for done, (name, data) in enumerate(made, start=1):
            if data is not None:
                archive.writestr(name, data)
            yield done


def _tickets(plan: Plan, tickets: Iterable[Ticket], made_at: datetime) -> Iterator[tuple[str, bytes | None]]:
    for ticket in tickets:
        yield f"{ticket.number}-{ticket.application.name}.pdf", ticket_pdf(plan, [ticket], made_at)


def _everything(
    person: Person, plan: Plan, tickets: Iterable[Ticket], made_at: datetime
) -> Iterator[tuple[str, bytes | None]]:
    sheets = printed.sheets(person, plan)
    held = bool(printed.meetings(plan))
    whole = []
    for name, document in printing.DOCUMENTS.items():
        data = printing.pdf(plan, sheets, name, made_at) if name != "minutes" or held else None
        if data is not None:
            whole.append(data)
        yield f"{document.label}.pdf", data
    whole.append(ticket_pdf(plan, tickets, made_at))
    yield TICKETS_NAME, whole[-1]
    yield WORD_NAME, printing.word(plan, sheets, made_at)
    yield JOINED_NAME, printing.joined(whole)
