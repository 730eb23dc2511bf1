"""Which sittings, seats, tickets and assignments a person may see, and the marks other rooms read."""

from jiangheng.sittings.queries.marks import MarkCard, SubjectMark, mark_cards, practical_marks, theory_marks
from jiangheng.sittings.queries.seating import (
    already_seated,
    eligible,
    room_clashes,
    rooms_of,
    seat_by_lease,
    seat_by_ticket,
    seats_of,
    standing_answers,
    unseated,
)
from jiangheng.sittings.queries.staff import assignment, candidates_for_staff, facts, people_for, shown_staff
from jiangheng.sittings.queries.visible import (
    briefings_visible_to,
    for_plan,
    get,
    incidents_of,
    mine,
    own_plan,
    own_plans,
    record_of,
    seats_visible_to,
    ticket_of,
    tickets_visible_to,
    visible_to,
)

__all__ = [
    "MarkCard", "SubjectMark", "already_seated", "assignment", "briefings_visible_to", "candidates_for_staff", "eligible", "facts",
    "for_plan", "get", "incidents_of", "mark_cards", "mine", "own_plan", "own_plans", "people_for", "practical_marks", "record_of",
    "room_clashes", "rooms_of", "seat_by_lease", "seat_by_ticket", "seats_of", "seats_visible_to", "shown_staff", "standing_answers",
    "theory_marks", "ticket_of", "tickets_visible_to", "unseated", "visible_to",
]  # fmt: skip
