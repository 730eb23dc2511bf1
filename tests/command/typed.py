"""Commands as somebody types them: the password on standard input, the moment given."""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from jiangheng.command import step
from jiangheng.people.models import Account
from jiangheng.rules.roles import Person

PASSWORD = "correct-horse-battery"


def username(person: Person) -> str:
    return Account.objects.get(pk=person.account_id).username


def typist(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], now: datetime) -> Callable[..., Any]:
    """``typed(person or None, *words, password=…)`` → exit status and the JSON printed."""

    def typed(person: Person | None, *words: str, password: str = PASSWORD) -> tuple[int, Any]:
        parser = argparse.ArgumentParser()
        step.add(parser.add_subparsers())
        who = ["--as", username(person)] if person else []
        arguments = parser.parse_args([*words, *who, "--json"])
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        capsys.readouterr()
        status = step.run(arguments.of, arguments, now)
        return status, json.loads(capsys.readouterr().out)

    return typed
