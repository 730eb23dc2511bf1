"""Every main page at a phone's and a desk's width: nothing serious for a screen reader, nothing to scroll sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jiangheng.demonstration.stage import CANDIDATE_PHONE, Stage
from tests.journeys.conftest import PHONE, Town, unfit
from tests.journeys.places import addresses

PAGES: dict[str, tuple[str, ...]] = {
    "": (
        "/", "/certificates/verify/", "/bodies/directory/", "/plans/calendar/", "/results/publicity/", "/oversight/",
        "/applications/check/?occupation=6-31-01-03&level=4", "/people/sign-in/", "/people/register/", "/sittings/room/",
        "/no-such-page/",
    ),
    "centre1": (
        "/home/", "/bodies/", "/plans/{waiting}/", "/plans/{waiting}/return/", "/plans/requests/{asked}/assign/",
        "/applications/{applied}/", "/papers/1/", "/results/{batch}/", "/certificates/{certificate}/", "/oversight/draws/1/",
        "/catalog/calendar/", "/journal/story/certificate/{certificate}/",
    ),
    "body1": (
        "/home/", "/plans/new/", "/applications/", "/applications/batches/plan/{plan}/", "/applications/rosters/upload/",
        "/fees/plans/{plan}/", "/sittings/plans/{plan}/", "/results/{batch}/marks/",
    ),
    "school1": ("/plans/requests/new/", "/plans/requests/{asked}/"),
    CANDIDATE_PHONE: ("/home/", "/applications/apply/", "/applications/mine/", "/applications/{applied}/", "/people/profile/"),
    "invigilator1": ("/sittings/mine/", "/sittings/{sitting}/duty/", "/sittings/{sitting}/desk/"),
    "outer1": ("/oversight/inspections/",),
}  # read as a table  # fmt: skip
UNSEEN_STEPS = 12


@pytest.mark.parametrize("who", PAGES)
def test_main_pages_are_fit_for_everybody(who: str, world: Callable[[str], Stage], town: Town, axe: Axe) -> None:
    """四（一）: no serious or critical fault of accessibility, no sideways scrolling, at 390 and at 1440 pixels."""
    places = addresses(world("whole"))
    page = town.sign_in(who) if who else town.visitor()
    faults: list[str] = []
    for address in PAGES[who]:
        answer = page.goto(address.format(**places))
        assert answer is not None
        assert answer.status == (404 if "no-such" in address else 200), (address, answer.status)
        faults += unfit(page, axe)
    assert faults == []


def seen(page: Page) -> bool:
    """Whether the element with the focus shows that it has it."""
    return bool(
        page.evaluate(
            """() => {
            const style = getComputedStyle(document.activeElement);
            const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
            return document.activeElement !== document.body && (ring || style.boxShadow !== "none");
        }"""
        )
    )


def reach(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until the element called ``name`` has the focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == name:
            return
    raise AssertionError(f"“{name}” cannot be reached with the Tab key")


def test_everything_can_be_reached_by_keyboard(open_plan: Stage, town: Town) -> None:
    """四（一）: the skip link leads to the text, the focus can be seen, the menus open without a mouse."""
    page = town.sign_in("centre1")
    page.goto("/plans/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()

    page.goto("/home/")
    for step in range(UNSEEN_STEPS):
        page.keyboard.press("Tab")
        assert seen(page), f"stop {step + 1} shows no focus"
    page.goto("/home/")
    reach(page, "认定计划")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans/")

    phone = town.sign_in("centre1", PHONE)
    expect(phone.locator(".side-phone").get_by_role("link", name="认定计划")).not_to_be_visible()
    reach(phone, "菜单")
    phone.keyboard.press("Enter")
    expect(phone.locator(".side-phone").get_by_role("link", name="认定计划")).to_be_visible()
    reach(phone, "认定计划")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/plans/")
