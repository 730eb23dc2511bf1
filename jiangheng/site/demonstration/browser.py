"""A simulated candidate's browser: what room.js does, over the same HTTP interface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from jiangheng.rules.roles import PUBLIC
from jiangheng.sittings import actions as sittings
from jiangheng.sittings.actions.answering import Given
from jiangheng.sittings.models import Seat, Sitting


class CandidateBrowser:
    def __init__(self, seat: Seat, sitting: Sitting, now: datetime) -> None:
        self.seat, self.sitting, self.now = seat, sitting, now

    def write(self, answers: Mapping[int, str]) -> int:
        from datetime import timedelta
        s = sittings.enter_room(by=PUBLIC, now=self.now, ticket_number=self.seat.application.ticket.number, tail=self.seat.application.identity.number_tail, code=self.sitting.room_code)
        sittings.start_paper(by=PUBLIC, now=self.now, seat_id=s.pk, lease=s.lease)
        items = list(answers.items())
        for k in range(0, len(items), 25):
            sittings.save_answers(by=PUBLIC, now=self.now, seat_id=s.pk, lease=s.lease, answers=[Given(n, v, 0, f"{s.pk}-{n}") for n, v in items[k:k+25]])
        sittings.hand_in(by=PUBLIC, now=self.now + timedelta(minutes=60), seat_id=s.pk, lease=s.lease)
        return len(items)
