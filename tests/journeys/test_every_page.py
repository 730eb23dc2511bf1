"""Every page as every role that may see it, at a phone's and a desk's width; a tenth of the pages, all in a drill."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page

from tests import counts
from tests.guards.addresses import address_of, table
from tests.guards.world import ROLES, TODAY, World, make
from tests.journeys.conftest import Clock, Town, unfit

OK = "200"


def seen_by(names: list[str]) -> list[tuple[str, str]]:
    """Pages and roles to look at: every role that may see the page in a drill, else the first of them."""
    pairs = []
    for name in names:
        roles = [role for role, status in zip(ROLES, table()[name], strict=True) if status == OK]
        pairs += [(name, role) for role in (roles if counts.WHOLE else roles[:1])]
    return pairs


def carry(browser: Client, page: Page, address: str) -> None:
    """The browser of the world goes on in ``page``."""
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": name, "value": each.value, "url": address} for name, each in browser.cookies.items()]
    )


@pytest.fixture
def played(transactional_db: None, private_files: None) -> World:
    """Every kind of record, and somebody in every role."""
    return make()


def test_every_page_is_fit_for_everybody(played: World, town: Town, axe: Axe, clock: Clock) -> None:
    """四（一）: no serious or critical fault of accessibility, no sideways scrolling, on any page for anybody."""
    clock.set(TODAY, "10:00")
    names = sorted(name for name, cells in table().items() if OK in cells)
    drawn = [names[place] for place in counts.tenth(range(len(names)))]
    page, faults, looked = town.visitor(), [], 0
    for name, role in seen_by(drawn):
        browser, address = played.browsers[role], address_of(name, played)
        if not browser.get(address).headers.get("Content-Type", "").startswith("text/html"):
            continue  # a file or data: no page
        carry(browser, page, town.address)
        answer = page.goto(address)
        assert answer is not None
        if answer.status != int(OK):
            faults.append(f"{name} as {role}: {answer.status}")
            continue
        looked += 1
        faults += [f"{role}: {each}" for each in unfit(page, axe)]
    assert faults == []
    assert looked >= len(drawn) // 2
    print(f"{looked} pages looked at")  # the drill tells it
