"""三（一）, 四（四）: a reviewer works by keyboard, reports the membership_list-up, and the centre receives it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from jiangheng.applications.models import Application
from tests.journeys.conftest import PHONE, Town, unfit


def test_reviewed_by_keyboard_reported_and_received(open_plan: Any, town: Town, axe: Axe) -> None:
    application = Application.objects.get(state="submitted")
    clerk = town.sign_in("body1")
    clerk.goto(f"/applications/batches/plan/{application.plan_id}/")
    clerk.locator("h1").wait_for()
    assert unfit(clerk, axe) == []
    clerk.keyboard.press("j")
    clerk.keyboard.press("o")
    expect(clerk.locator("h1")).to_contain_text(application.name)
    assert unfit(clerk, axe) == []

    # Typing in a box is typing, never a decision.
    clerk.keyboard.press("r")
    expect(clerk.get_by_role("group", name="退回原因")).to_be_visible()
    words = clerk.locator("#return-note")
    words.fill("")
    words.press_sequentially("aarn")
    expect(words).to_have_value("aarn")
    clerk.keyboard.press("Escape")
    expect(clerk.get_by_role("group", name="退回原因")).to_be_hidden()

    clerk.keyboard.press("?")
    expect(clerk.get_by_text("下一份、上一份")).to_be_visible()
    clerk.keyboard.press("Escape")
    clerk.keyboard.press("a")
    expect(clerk.get_by_role("button", name="撤销刚才的决定")).to_be_visible()
    clerk.keyboard.press("u")
    expect(clerk.locator("[data-key=a]")).to_be_visible()
    clerk.keyboard.press("a")
    expect(clerk.get_by_role("button", name="撤销刚才的决定")).to_be_visible()
    application.refresh_from_db()
    assert application.state == "accepted"

    clerk.get_by_role("button", name="汇总上报").click()
    expect(clerk.locator("h1")).to_contain_text("未上报")
    clerk.get_by_role("link", name="上报考生信息").click()
    clerk.locator("#note").fill("其余报名陆续审核，另行补充上报")
    clerk.get_by_role("button", name="确认上报考生信息").click()
    expect(clerk.locator("h1")).to_contain_text("已上报，待接收")
    assert unfit(clerk, axe) == []

    centre = town.sign_in("centre1")
    centre.get_by_role("link", name="待接收的考生信息").click()
    centre.get_by_role("row", name="已上报，待接收").get_by_role("link").first.click()
    centre.get_by_role("link", name="接收", exact=True).click()
    centre.get_by_role("button", name="确认接收").click()
    expect(centre.locator("h1")).to_contain_text("已接收")


def test_on_a_phone_the_decisions_stay_at_hand(open_plan: Any, town: Town, axe: Axe) -> None:
    application = Application.objects.get(state="submitted")
    clerk = town.sign_in("body1", PHONE)
    clerk.goto(f"/applications/{application.pk}/review/")
    expect(clerk.locator("[data-key=a]")).to_be_in_viewport()
    clerk.locator("figure img").last.scroll_into_view_if_needed()
    expect(clerk.locator("[data-key=a]")).to_be_in_viewport()
    clerk.locator("summary", has_text="退回补正").click()
    clerk.get_by_label("照片不符合要求").check()
    clerk.get_by_role("button", name="确认退回补正").click()
    expect(clerk.get_by_role("button", name="撤销刚才的决定")).to_be_visible()
    application.refresh_from_db()
    assert application.state == "returned"
