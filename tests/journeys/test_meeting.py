"""四（七）: the body calls the meeting before the examination, people sign in with their phones, and it is closed."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jiangheng.demonstration.stage import Stage
from jiangheng.sittings.models import Attendance, Meeting, Sitting, StaffAssignment
from tests.journeys.conftest import PHONE, Clock, Town, field, unfit

READ = """async () => {
  const image = document.querySelector(".meeting-code img");
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 640;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0, 640, 640);
  return window.jsQR(pen.getImageData(0, 0, 640, 640).data, 640, 640).data;
}"""


def not_met_yet(stage: Stage) -> None:
    """The plan as it stood before its meeting: tickets issued, staff posted, nobody has acknowledged."""
    Attendance.objects.all().delete()
    Meeting.objects.all().delete()
    Sitting.objects.filter(plan=stage.plan, state="briefed").update(state="ticketed")
    StaffAssignment.objects.filter(sitting__plan=stage.plan).update(acknowledged_at=None)


def scanned(page: Page) -> str:
    """The address in the QR code on the screen."""
    page.add_script_tag(url="/static/vendor/jsqr/jsQR.js")
    return str(page.evaluate(READ))


def test_the_meeting_from_its_call_to_its_minutes(
    world: Callable[[str], Stage], town: Town, clock: Clock, axe: Axe
) -> None:
    stage = world("briefed")
    not_met_yet(stage)
    day = stage.days.briefed
    clock.set(stage.days.ticketed, "16:00")
    screen = town.sign_in("body1")
    screen.goto(f"/sittings/plans/{stage.plan.pk}/")
    screen.get_by_role("link", name="通知召开考务会议").click()
    assert unfit(screen, axe) == []
    field(screen, "会议时间").fill(f"{day.isoformat()}T15:00")
    field(screen, "地点").fill("本部会议室")
    screen.get_by_role("button", name="通知各岗位人员").click()
    expect(screen.get_by_text("起，本页显示签到二维码")).to_be_visible()

    phone = town.sign_in("invigilator1", PHONE)
    phone.goto("/sittings/mine/")
    expect(phone.locator("main")).to_contain_text("本部会议室")
    phone.get_by_role("link", name="阅读任务并确认").first.click()
    expect(phone.locator("main")).to_contain_text("全面负责本场考试的组织")
    phone.get_by_role("button", name="已阅读，确认任务").click()
    expect(phone.get_by_text("已确认任务。")).to_be_visible()

    clock.set(day, "14:50")
    screen.reload()
    code = screen.locator(".meeting-code .code").inner_text()
    assert unfit(screen, axe) == []
    phone.goto(scanned(screen))
    phone.get_by_role("button", name="签到", exact=True).click()
    expect(phone.get_by_text("签到成功。")).to_be_visible()
    assert unfit(phone, axe) == []
    came = screen.get_by_role("listitem").filter(has_text=stage.person("invigilator1").name)
    expect(came).to_contain_text("已到 14:50", timeout=15_000)  # the screen renews itself

    other = town.sign_in("invigilator2", PHONE)
    other.goto("/sittings/mine/")
    other.get_by_role("link", name="考务会议").click()
    other.get_by_role("link", name="输入签到码").click()
    field(other, "签到码").fill("12")
    other.get_by_role("button", name="签到", exact=True).click()
    expect(other.get_by_role("alert")).to_contain_text("签到码不正确")
    field(other, "签到码").fill(code)
    other.get_by_role("button", name="签到", exact=True).click()
    expect(other.get_by_text("签到成功。")).to_be_visible()

    third = stage.person("invigilator3").name
    screen.get_by_role("link", name=f"登记参会：{third}").click()
    field(screen, "原因").fill("手机没电，当面核对身份证")
    screen.get_by_role("button", name="登记参会").click()
    expect(screen.get_by_role("listitem").filter(has_text=third)).to_contain_text("手机没电")
    screen.get_by_role("button", name="提醒未确认的人").click()
    expect(screen.get_by_text("人确认任务。")).to_be_visible()

    clock.set(day, "16:30")
    screen.get_by_role("link", name="结束会议并登记").click()
    field(screen, "会议内容").fill("明确分工，强调双人拆封。")
    assert unfit(screen, axe) == []
    screen.get_by_role("button", name="登记").click()
    expect(screen.get_by_text("各场次可以按时开考")).to_be_visible()
    expect(screen.get_by_role("link", name="会议纪要")).to_be_visible()
    assert not Sitting.objects.filter(plan=stage.plan, state="ticketed").exists()

    clock.set(stage.days.exam, "08:45")  # who has not acknowledged is not let near the seal
    other.goto("/sittings/mine/")
    other.get_by_role("link", name="理论知识考试").first.click()
    expect(other.get_by_role("button", name="查验封条（第一人）")).to_have_count(0)
    expect(other.get_by_role("button", name="已阅读，确认任务")).to_be_visible()
