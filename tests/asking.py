"""Asking for what is refused, and asking at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jiangheng.rules.refusal import Refusal


def refusal(call: Callable[..., Any], /, **given: Any) -> Refusal:
    """The refusal ``call`` answers with."""
    with pytest.raises(Refusal) as caught:
        call(**given)
    return caught.value


def refused(code: str, call: Callable[..., Any], /, **given: Any) -> Refusal:
    """The refusal ``call`` answers with, which has this code."""
    found = refusal(call, **given)
    assert found.code == code
    return found


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run every call in its own thread from one starting gun; results and refusals in order."""
    answers: list[Any] = [None] * len(calls)
    gun = threading.Barrier(len(calls))

    def run(place: int, call: Callable[[], Any]) -> None:
        gun.wait()
        try:
            answers[place] = call()
        except Refusal as refusal:
            answers[place] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers
