"""A process killed in the middle of its writing leaves a whole chain and nothing half written; 20 kills in a drill."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests import counts, templates

PROGRAM = """
import django; django.setup()
from datetime import date
from django.utils import timezone
from jiangheng.rules.roles import Person, Role
from jiangheng.site import actions
centre = Person(1, "示例", Role.CENTRE, 1)
number = 0
while True:
    number += 1
    actions.publish(by=centre, now=timezone.now(), title=f"公告{number}", text="示例" * 2000, published_on=date(2026, 6, 1))
    print(number, flush=True)
"""
CHECK = """
import django; django.setup()
from jiangheng.journal import queries
from jiangheng.journal.models import Entry
from jiangheng.site.models import Announcement
print(queries.chain_fault(), Announcement.objects.count(), Entry.objects.count())
"""


@pytest.mark.parametrize("kill", counts.tenth(range(20)))
def test_what_was_told_as_done_is_there_and_nothing_is_half_there(kill: int, tmp_path: Path) -> None:
    pick = random.Random(f"kill {kill}")
    template = templates.of_sqlite()
    shutil.copy(template, tmp_path / "jiangheng.sqlite3")
    environment = {
        **os.environ,
        "JIANGHENG_VAR": str(tmp_path),
        "JIANGHENG_SECRET_KEY": "test",
        "JIANGHENG_CACHE_URL": "locmem://",
        "DJANGO_SETTINGS_MODULE": "jiangheng.site.settings",
        "JIANGHENG_DATABASE_URL": f"sqlite:///{tmp_path / 'jiangheng.sqlite3'}",
    }
    writer = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=templates.ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "1\n"
    time.sleep(pick.uniform(0.0, 0.3))  # any moment of a write will do
    writer.send_signal(signal.SIGKILL)
    told = 1 + writer.stdout.read().count("\n")
    writer.wait()
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=templates.ROOT, env=environment, capture_output=True, text=True, check=True
    )
    fault, announcements, entries = done.stdout.split()
    assert fault == "None"
    assert announcements == entries
    assert told <= int(entries) <= told + 1
    with closing(sqlite3.connect(tmp_path / "jiangheng.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
