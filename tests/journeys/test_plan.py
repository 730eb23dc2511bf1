"""三（三）: a body files a plan and the centre accepts it; a late one is refused with the number of days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from jiangheng.plans.models import Plan
from jiangheng.values import queries as values
from tests.journeys.conftest import TODAY, Town, field

NEEDED = 10


def write(clerk: Page, exam_on: str, closes_on: str) -> None:
    clerk.get_by_role("navigation", name="主菜单").get_by_role("link", name="认定计划").click()
    clerk.get_by_role("link", name="编制计划").click()
    field(clerk, "考核日期").fill(exam_on)
    expect(clerk.locator("#deadline")).to_contain_text("最迟报送日")
    field(clerk, "报名截止日期").fill(closes_on)
    field(clerk, "考核场地").select_option(label="本部考点")
    field(clerk, "考生来源").select_option(label="社会人员")
    field(clerk, "试题来源").select_option(label="国家题库（用卷申请）")
    field(clerk, "职业").select_option("6-31-01-03")
    field(clerk, "计划人数").fill("30")
    clerk.get_by_role("button", name="保存").last.click()
    expect(clerk.get_by_text("计划已保存，请核对检查结果后报送。")).to_be_visible()


def test_a_plan_in_time_is_accepted(open_plan: Any, town: Town) -> None:
    """三（三）: filed at least ten working days ahead, accepted by the centre, and public."""
    exam_on = TODAY + timedelta(days=45)
    clerk = town.sign_in("body1")
    write(clerk, exam_on.isoformat(), (exam_on - timedelta(days=14)).isoformat())
    number = Plan.objects.order_by("-id")[0].number
    clerk.get_by_role("link", name="报送计划").click()
    clerk.get_by_role("button", name="确认报送计划").click()
    expect(clerk.locator("h1")).to_contain_text("待受理")

    centre = town.sign_in("centre1")
    centre.get_by_role("link", name="待受理的认定计划").click()
    centre.get_by_role("link", name=number).click()
    centre.get_by_role("link", name="受理", exact=True).click()
    centre.get_by_role("button", name="确认受理").click()
    expect(centre.locator("h1")).to_contain_text("已受理")

    clerk.reload()
    expect(clerk.locator("h1")).to_contain_text("已受理")
    expect(clerk.locator("main")).to_contain_text("韦主任")


def test_a_late_plan_is_refused_by_the_number_of_days(open_plan: Any, town: Town) -> None:
    """三（三）: the page says which day was the last and how many working days late it is; nothing is filed."""
    exam_on = values.calendar().after(TODAY, NEEDED - 3).date
    given = values.calendar().between(TODAY, exam_on)
    clerk = town.sign_in("body1")
    write(clerk, exam_on.isoformat(), (exam_on - timedelta(days=3)).isoformat())
    late = f"晚了{NEEDED - given}个工作日"
    expect(clerk.locator("main")).to_contain_text(late)
    expect(clerk.locator("main")).to_contain_text("请改期后重新提交")
    expect(clerk.get_by_role("link", name="报送计划")).to_have_count(0)

    plan = Plan.objects.order_by("-id")[0]
    clerk.goto(f"/plans/{plan.pk}/submit/")  # a page kept open since yesterday would lead here
    expect(clerk.get_by_role("alert")).to_contain_text(late)  # told before the click
    expect(clerk.get_by_role("button", name="确认报送计划")).to_have_count(0)
    plan.refresh_from_db()
    assert plan.state == "draft"
