"""三（二）: a candidate applies on a phone; the body returns it with a reason; corrected, it is accepted."""

from __future__ import annotations

from datetime import date
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jiangheng.applications.models import Application
from jiangheng.demonstration import invented
from tests.journeys.conftest import PHONE, Town, field, unfit

NAME, NUMBER, PHONE_NUMBER = "覃小岚", invented.identity_number(470, date(1988, 8, 8), "女"), "13800000470"
SECRET = "liuzhou-summer-2026"


def image(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def on(page: Page) -> None:
    page.get_by_role("button", name="保存并继续").click()


def proof(page: Page, what: str, data: bytes) -> None:
    page.get_by_label(f"选择{what}文件").set_input_files(image(f"{what}.jpg", data))
    page.get_by_role("button", name=f"上传{what}").click()
    expect(page.get_by_text("已上传。")).to_be_visible()


def register(page: Page) -> None:
    page.get_by_role("link", name="注册账号").click()
    field(page, "姓名").fill(NAME)
    field(page, "证件号码").fill(NUMBER)
    field(page, "手机号码").fill(PHONE_NUMBER)
    field(page, "新密码").fill(SECRET)
    field(page, "再输入一次新密码").fill(SECRET)
    page.get_by_label("我确认所填信息真实").check()
    page.get_by_role("button", name="注册并登录").click()
    page.wait_for_url("**/home/")


def fill_in(page: Page, axe: Axe) -> None:
    assert unfit(page, axe) == []
    field(page, "手机号码").fill(PHONE_NUMBER)
    field(page, "所在省（市）区").select_option(label="广西壮族自治区")
    field(page, "通讯地址").fill("广西柳州市示例路8号")
    field(page, "民族").select_option(label="壮")
    field(page, "考生来源").select_option(label="社会")
    field(page, "所在单位").fill("示例物业服务有限公司")
    on(page)
    expect(field(page, "文化程度")).to_have_value("高中")  # said in the self-check, carried along
    field(page, "毕业或就读学校").fill("柳州市示例中学")
    on(page)
    expect(page.get_by_label("从事本职业或相关职业年限")).to_have_value("11")
    field(page, "参加工作时间").fill("2012-07-01")
    field(page, "工作单位").first.fill("示例物业服务有限公司")
    assert unfit(page, axe) == []
    on(page)
    expect(page.get_by_label("是否已有职业资格")).to_have_value("否")
    on(page)
    expect(page.get_by_role("radio", name="2023-4-1")).to_be_checked()
    field(page, "认定分类").select_option(label="初次")
    assert unfit(page, axe) == []
    on(page)


def hand_over(page: Page, axe: Axe) -> None:
    page.get_by_label("选择照片").set_input_files(image("照片.jpg", invented.portrait()))
    frame = page.get_by_role("group", name="裁剪框")
    expect(frame).to_be_visible()
    page.get_by_label("裁剪框大小").fill("90")
    frame.focus()
    before = page.locator("input[name=crop_left]").input_value()
    page.keyboard.press("ArrowRight")
    assert float(page.locator("input[name=crop_left]").input_value()) > float(before)
    assert unfit(page, axe) == []
    page.get_by_role("button", name="上传照片").click()
    expect(page.get_by_role("img", name="已上传的照片")).to_be_visible()
    proof(page, "身份证明", invented.scan("居民身份证复印件", (NAME,)))
    page.get_by_role("link", name="去核对并提交").click()
    expect(page.locator("#left")).to_contain_text("工作年限证明")  # what is missing is named, with the way to it
    page.locator("#left").get_by_role("link", name="工作年限证明").click()
    proof(page, "工作年限证明", invented.scan("工作年限证明", (NAME, "2015年7月至今从事电工工作")))
    page.get_by_role("link", name="去核对并提交").click()
    expect(page.locator("#left")).to_contain_text("已填写完整")


def check_oneself(page: Page, axe: Axe) -> None:
    page.goto("/")
    page.get_by_role("link", name="条件自查").first.click()
    assert unfit(page, axe) == []
    field(page, "职业").select_option(label="电工")
    field(page, "想报的等级").select_option(label="四级/中级工")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("group", name="是否从事过").get_by_role("radio", name="是", exact=True).check()
    field(page, "开始年月").first.fill("2015-07")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("radio", name="否", exact=True).check()
    assert unfit(page, axe) == []
    page.get_by_role("button", name="下一步").click()
    field(page, "最高文化程度").select_option(label="高中")
    page.get_by_role("button", name="看结果").click()
    expect(page.locator("#answer")).to_contain_text("可以报名")
    expect(page.locator("#answer")).to_contain_text("2023-4-1")
    assert "2015" not in page.url  # nothing of the answers in the address unless shared by choice
    assert unfit(page, axe) == []
    page.get_by_role("button", name="带着这些回答去报名").click()


def apply(page: Page, axe: Axe) -> None:
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="报名").click()
    expect(page.get_by_role("heading", name="电工 四级/中级工")).to_be_visible()
    page.get_by_role("button", name="填写申请").first.click()
    expect(page.get_by_text("已带入自查时的回答")).to_be_visible()
    fill_in(page, axe)
    hand_over(page, axe)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_contain_text("确认承诺")  # nobody applies without the commitment
    assert unfit(page, axe) == []
    page.get_by_label("我已阅读并承诺").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交，等待认定机构审核。")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("待审核")


def test_from_the_question_to_the_acceptance(open_plan: Any, town: Town, axe: Axe) -> None:
    """三（一）（二）: self-check, registration, application with photo and proofs, return, correction, acceptance."""
    phone = town.visitor(PHONE)
    check_oneself(phone, axe)
    register(phone)
    apply(phone, axe)

    clerk = town.sign_in("body1")
    clerk.get_by_role("link", name="个人申请").first.click()
    row = clerk.get_by_role("row").filter(has_text=NAME)
    expect(row).to_contain_text("待审核")
    row.get_by_role("link").first.click()
    expect(clerk.locator("main")).not_to_contain_text(NUMBER)
    clerk.get_by_role("link", name="退回补正").click()
    field(clerk, "理由").fill("通讯地址请写到门牌号，改好后重新提交。")
    clerk.get_by_role("button", name="确认退回补正").click()
    expect(clerk.locator("h1")).to_contain_text("退回补正")

    phone.get_by_role("navigation", name="主菜单").get_by_role("link", name="我的申请").click()
    expect(phone.locator("main")).to_contain_text("通讯地址请写到门牌号，改好后重新提交。")
    phone.get_by_role("link", name="更正后重新提交").click()
    expect(phone.locator("main")).to_contain_text("通讯地址请写到门牌号")
    phone.get_by_role("link", name="个人情况").last.click()
    field(phone, "通讯地址").fill("广西柳州市示例路8号2栋301室")
    phone.get_by_role("button", name="去核对").click()
    phone.get_by_label("我已阅读并承诺").check()
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.get_by_text("已提交，等待认定机构审核。")).to_be_visible()

    clerk.reload()
    expect(clerk.locator("main")).to_contain_text("广西柳州市示例路8号2栋301室")
    clerk.get_by_role("link", name="受理", exact=True).click()
    clerk.get_by_role("button", name="确认受理").click()
    expect(clerk.locator("h1")).to_contain_text("已受理")

    phone.get_by_role("navigation", name="主菜单").get_by_role("link", name="我的申请").click()
    expect(phone.locator("main")).to_contain_text("已受理")
    assert Application.objects.get(name=NAME).state == "accepted"


def test_what_could_not_be_saved_survives_a_reload_and_a_stale_tab_is_told(open_plan: Any, town: Town) -> None:
    """Complaint 1: the save fails, the page is loaded again, nothing is touched, and everything is there."""
    phone = town.visitor(PHONE)
    phone.goto("/people/sign-in/")
    register(phone)
    phone.get_by_role("navigation", name="主菜单").get_by_role("link", name="报名").click()
    phone.get_by_role("button", name="填写申请").first.click()
    field(phone, "通讯地址").wait_for()
    phone.route("**/autosave/**", lambda route: route.abort())
    field(phone, "通讯地址").fill("广西柳州市示例路8号")
    expect(phone.locator("#saved")).to_contain_text("内容已留在本机")
    phone.reload()
    expect(field(phone, "通讯地址")).to_have_value("广西柳州市示例路8号")
    phone.unroute("**/autosave/**")
    phone.get_by_role("button", name="保存并继续").click()
    expect(phone.locator(".parts summary")).to_contain_text("学历")
    assert Application.objects.get(name=NAME).form["通讯地址"] == "广西柳州市示例路8号"

    other = phone.context.new_page()
    other.goto(phone.url)
    field(other, "所学专业").fill("电气")
    expect(other.locator("#saved")).to_contain_text("已保存")
    field(phone, "所学专业").fill("机械")
    expect(phone.locator("#saved")).to_contain_text("您看到的不是最新内容")
    assert Application.objects.get(name=NAME).form["专业"] == "电气"
