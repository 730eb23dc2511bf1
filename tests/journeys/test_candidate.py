"""三（二）: a candidate applies on a phone; the body returns it with a reason; corrected, it is accepted."""

from __future__ import annotations

from datetime import date
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jiangheng.applications.models import Application
from jiangheng.site.demonstration import invented
from tests.journeys.conftest import PHONE, Town, field, unfit

NAME, NUMBER, PHONE_NUMBER = "覃小岚", invented.identity_number(470, date(1988, 8, 8), "女"), "13800000470"
SECRET = "liuzhou-summer-2026"


def image(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def upload(page: Page, what: str, name: str, data: bytes) -> None:
    page.get_by_label("上传什么").select_option(label=what)
    page.get_by_label("文件（图片或 PDF）").set_input_files(image(name, data))
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_text("已上传。")).to_be_visible()


def register(page: Page) -> None:
    page.get_by_role("link", name="登录").click()
    page.get_by_role("link", name="注册账号").click()
    field(page, "姓名").fill(NAME)
    field(page, "证件号码").fill(NUMBER)
    field(page, "手机号码").fill(PHONE_NUMBER)
    field(page, "新密码").fill(SECRET)
    field(page, "再输入一次新密码").fill(SECRET)
    page.get_by_label("我确认所填信息真实").check()
    page.get_by_role("button", name="注册并登录").click()
    page.wait_for_url("**/home/")


def fill_in(page: Page) -> None:
    field(page, "民族").select_option(label="壮")
    field(page, "手机号码").fill(PHONE_NUMBER)
    field(page, "所在省（市）区").select_option(label="广西壮族自治区")
    field(page, "通讯地址").fill("广西柳州市示例路8号")
    field(page, "考生来源").select_option(label="社会")
    field(page, "所在单位").fill("示例物业服务有限公司")
    field(page, "文化程度").select_option(label="高中")
    field(page, "参加工作时间").fill("2012-07-01")
    page.get_by_label("从事本职业或相关职业年限").fill("8")
    field(page, "工作经历").fill("2015-07至今 示例物业服务有限公司 电工")
    page.get_by_label("是否已有职业资格").select_option(label="否")
    page.get_by_role("radio", name="2023-4-1").check()
    field(page, "认定分类").select_option(label="初次")


def check_oneself(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="条件自查").first.click()
    field(page, "职业").select_option(label="电工")
    field(page, "申报等级").select_option(label="四级/中级工")
    page.get_by_label("从事本职业或相关职业年限").fill("8")
    page.get_by_role("button", name="自查").click()
    expect(page.locator("#answer")).to_contain_text("可以报名")


def apply(page: Page, axe: Axe) -> None:
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="报名").click()
    expect(page.get_by_role("heading", name="电工 四级/中级工")).to_be_visible()
    page.get_by_role("button", name="填写申请").first.click()
    upload(page, "电子版照片", "照片.jpg", invented.portrait())
    upload(page, "身份证明", "身份证.jpg", invented.scan("居民身份证复印件", (NAME,)))
    upload(page, "工作年限证明", "年限.jpg", invented.scan("工作年限证明", (NAME, "2015年7月至今从事电工工作")))
    expect(page.get_by_role("img", name="已上传的照片")).to_be_visible()
    fill_in(page)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_contain_text("确认承诺")  # nobody applies without the commitment
    assert unfit(page, axe) == []
    assert field(page, "通讯地址").input_value() == "广西柳州市示例路8号"
    page.get_by_label("我已阅读并承诺").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交，等待认定机构审核。")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("待审核")


def test_from_the_question_to_the_acceptance(open_plan: Any, town: Town, axe: Axe) -> None:
    """三（一）（二）: self-check, registration, application with photo and proofs, return, correction, acceptance."""
    phone = town.visitor(PHONE)
    check_oneself(phone)
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
    field(phone, "通讯地址").fill("广西柳州市示例路8号2栋301室")
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
