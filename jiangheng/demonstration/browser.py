"""A simulated candidate's browser: the requests that static/sittings/room.js sends, through the same urls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from jiangheng.sittings.models import Seat, Sitting

SAVED_AT_ONCE = 50
WRITING = timedelta(minutes=60)


def _at(now: datetime) -> dict[str, Any]:
    """The moment of a request, as the middleware reads it from the WSGI environment."""
    return {"jiangheng.now": now}


class CandidateBrowser:
    """One candidate at one machine: enters by ticket and room code, saves, hands in; with cookies and CSRF checks."""

    def __init__(self, seat: Seat, sitting: Sitting, now: datetime) -> None:
        """``now`` is the moment the candidate sits down."""
        self.seat = seat
        self.sitting = sitting
        self.now = now
        self.client = Client(enforce_csrf_checks=True, **_at(now))

    def write(self, answers: Mapping[int, str]) -> int:
        """Answer every question given and hand in; returns how many answers the server acknowledged."""
        self._get("exam_day:room")
        self._post(
            "exam_day:room",
            {
                "ticket_number": self.seat.application.ticket.number,
                "tail": self.seat.application.identity.number_tail,
                "code": self.sitting.room_code,
            },
        )
        self._get("exam_day:paper")
        rows = [
            {"question": number, "value": value, "base": 0, "key": f"{self.seat.pk}-{number}"}
            for number, value in answers.items()
        ]
        saved = 0
        for start in range(0, len(rows), SAVED_AT_ONCE):
            chunk = rows[start : start + SAVED_AT_ONCE]
            answer = self._post("exam_day:save", {"answers": chunk}, content_type="application/json")
            saved += sum(each["status"] == "saved" for each in answer.json()["results"])
        self.client.defaults |= _at(self.now + WRITING)
        self._post("exam_day:hand_in", {})
        return saved

    def _get(self, name: str) -> Any:
        return self._sound(self.client.get(reverse(name)))

    def _post(self, name: str, data: Mapping[str, Any], **given: Any) -> Any:
        token = self.client.cookies["csrftoken"].value
        return self._sound(self.client.post(reverse(name), data, headers={"X-CSRFToken": token}, **given))

    def _sound(self, answer: Any) -> Any:
        if answer.status_code >= 400:
            raise AssertionError(f"{answer.request['PATH_INFO']}: {answer.status_code} {answer.content.decode()[:300]}")
        return answer
