"""The seat a room session is bound to, and its standing answers."""

from __future__ import annotations

from jiangheng.exam_day.models import Answer
from jiangheng.sittings.models import Seat, Sitting


def seat_by_lease(seat_id: int, lease: str) -> Seat | None:
    """The seat a room session is bound to; None when another browser has taken over or there is no such seat."""
    if not lease:
        return None
    return (
        Seat.objects.select_related("sitting", "sitting__plan", "sitting__row", "application", "application__ticket")
        .filter(pk=seat_id, lease=lease)
        .first()
    )


def standing_answers(seat: Seat) -> dict[int, tuple[str, int]]:
    """The answers standing for a seat: question to (value, revision)."""
    rows = Answer.objects.filter(seat=seat).values_list("question", "value", "revision")
    return {question: (value, revision) for question, value, revision in rows}


def extra_minutes_of_writing(sitting: Sitting) -> list[int]:
    """For everybody who came and hasn't handed in: the minutes they have beyond the others."""
    writing = Seat.objects.filter(sitting=sitting, signed_in_at__isnull=False, handed_in_at=None)
    return list(writing.values_list("extra_minutes", flat=True))
