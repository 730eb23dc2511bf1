"""A real browser before a running server: people by name, the hour of the day, worlds prepared once and put back."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jiangheng.rules.days.local_time import LIUZHOU
from jiangheng.values import queries as values

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs a loop in the tests' thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as live_settings
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Browser, Locator, Page, Response, expect

from jiangheng.demonstration import follow_up
from jiangheng.demonstration.play import whole_batch
from jiangheng.demonstration.stage import PASSWORD, Stage
from jiangheng.demonstration.timeline import before
from jiangheng.site import middleware

TODAY = date(2026, 7, 1)
CANDIDATES = 6
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
CHROMIUM = shutil.which("chromium") or "chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 10_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's own Chromium, quiet on the network."""
    return {"executable_path": CHROMIUM, "args": list(ARGUMENTS)}


class Worlds:
    """The demonstration played so far, kept on disk after each stop and put back for the test that asks for it."""

    STOPS = {"filed": 1, "briefed": 9, "certified": 12, "whole": 16}

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put_back(self, stop: str) -> None:
        """Fill the database and the store of files as they stood at ``stop``; played first where never yet."""
        if not (self.folder / f"{stop}.sqlite3").exists():
            self._play(stop)
            return
        self._restore(stop)

    def _play(self, stop: str) -> None:
        order = list(self.STOPS)
        played = [name for name in order[: order.index(stop)] if (self.folder / f"{name}.sqlite3").exists()]
        if played:
            self._restore(played[-1])
        whole_batch(today=TODAY, say=lambda _line: None, candidates=CANDIDATES, until=self.STOPS[stop])
        kept = sqlite3.connect(self.folder / f"{stop}.sqlite3")
        connection.connection.backup(kept)
        kept.close()
        if Path(live_settings.MEDIA_ROOT).exists():
            shutil.copytree(live_settings.MEDIA_ROOT, self.folder / stop)

    def _restore(self, stop: str) -> None:
        connection.ensure_connection()
        kept = sqlite3.connect(self.folder / f"{stop}.sqlite3")
        kept.backup(connection.connection)
        kept.close()
        if (self.folder / stop).exists():
            shutil.copytree(self.folder / stop, live_settings.MEDIA_ROOT, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """Every stop of the play reached so far."""
    return Worlds(tmp_path_factory.mktemp("worlds"))


@pytest.fixture
def world(transactional_db: None, worlds: Worlds, private_files: None) -> Callable[[str], Stage]:
    """``world("briefed")``: the demonstration as it stood after that stop, and its stage."""

    def stand(stop: str) -> Stage:
        cache.clear()
        worlds.put_back(stop)
        cache.clear()
        days = before(TODAY, values.calendar(), values.law(TODAY).value("publicity_wd"))
        return Stage.at(days, TODAY, CANDIDATES)

    return stand


@pytest.fixture
def open_plan(world: Callable[[str], Stage]) -> Stage:
    """Bodies filed, one plan open to the public, one waiting for the centre, an application handed in."""
    stage = world("filed")
    follow_up.open_another(stage)
    return stage


class Clock:
    """The server's clock, set by hand."""

    def __init__(self) -> None:
        self.moment = datetime.combine(TODAY, datetime.min.time(), tzinfo=LIUZHOU).replace(hour=9)

    def now(self) -> datetime:
        """The moment that every request carries."""
        return self.moment

    def set(self, day: date, clock: str) -> None:
        """Let it be ``clock`` (HH:MM) on ``day`` in Liuzhou."""
        self.moment = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), tzinfo=LIUZHOU)  # noqa: DTZ007 - the zone is given beside


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The server's clock; nine in the morning of TODAY until set."""
    standing = Clock()
    monkeypatch.setattr(middleware, "timezone", standing)
    return standing


@dataclass
class Town:
    """Opens browsers at the running server and listens for what must never happen in one."""

    browser: Browser
    address: str
    faults: list[str]

    def visitor(self, size: dict[str, int] = DESK, **given: Any) -> Page:
        """A new browser with nobody signed in."""
        context = self.browser.new_context(
            base_url=self.address, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", **given
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        self.watch(page)
        return page

    def watch(self, page: Page) -> None:
        """Note every failure of the server and every error of a script in ``page``."""
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def sign_in(self, username: str, size: dict[str, int] = DESK) -> Page:
        """A new browser with ``username`` signed in through the page."""
        page = self.visitor(size)
        page.goto("/people/sign-in/")
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.locator("main").get_by_role("button", name="登录").click()
        page.wait_for_url("**/home/")
        return page

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")


@pytest.fixture
def town(live_server: Any, browser: Browser, clock: Clock, settings: Any) -> Iterator[Town]:
    """Browsers before the running server; no page may fail and no script may err in any of them."""
    settings.PUBLIC_URL = live_server.url
    opened = Town(browser, live_server.url, [])
    yield opened
    for context in browser.contexts:
        context.close()
    assert opened.faults == []


@pytest.fixture(scope="session")
def axe() -> Axe:
    """The accessibility checker, shipped with its script."""
    return Axe()


def field(page: Page, label: str) -> Locator:
    """The field labelled ``label``, whether it must be filled in or may be."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}\s*(\*|（选填）)?$"))


def unfit(page: Page, axe: Axe) -> list[str]:
    """What is seriously wrong for a screen reader or scrolls sideways, at a desk's and a phone's width."""
    before, found = page.viewport_size, []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"]:
            found.append(f"{page.url} at {size['width']}: {width} pixels wide")
        found += [
            f"{page.url} at {size['width']}: {each['id']} {each['nodes'][0]['target']}"
            for each in axe.run(page).response["violations"]
            if each["impact"] in ("serious", "critical")
        ]
    page.set_viewport_size(before)
    return found
