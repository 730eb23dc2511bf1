"""四（八）: anybody checks a certificate on a phone, by number and name or by the code printed on it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from jiangheng.certificates import documents
from jiangheng.certificates.models import Certificate
from jiangheng.demonstration.stage import Stage
from tests.journeys.conftest import PHONE, Town, field


def test_anybody_checks_a_certificate(world: Callable[[str], Stage], town: Town) -> None:
    """四（八）: the right name sees it, a wrong name learns nothing, the printed code opens it at once."""
    world("certified")
    certificate = Certificate.objects.filter(state="issued").order_by("number")[0]
    phone = town.visitor(PHONE)
    phone.goto("/")
    phone.get_by_role("search").get_by_role("textbox", name="证书查验").fill(certificate.number)
    phone.get_by_role("search").get_by_role("button", name="查验").click()
    assert field(phone, "证书编号").input_value() == certificate.number

    field(phone, "持证人姓名").fill("查无此人")
    phone.locator("main").get_by_role("button", name="查验").click()
    expect(phone.locator("#answer")).to_contain_text("未查到相符的证书")
    wrong = phone.locator("#answer").inner_text()
    for told in (certificate.name, certificate.occupation_name, certificate.body_name):
        assert told not in wrong

    field(phone, "持证人姓名").fill(certificate.name)
    phone.locator("main").get_by_role("button", name="查验").click()
    answer = phone.locator("#answer")
    expect(answer).to_contain_text("证书真实有效")
    for told in (certificate.name, certificate.occupation_name, certificate.body_name, "四级/中级工"):
        expect(answer).to_contain_text(told)
    expect(answer).to_contain_text("****")

    absent = town.visitor(PHONE)
    absent.goto("/certificates/verify/")
    field(absent, "证书编号").fill(certificate.number[:-1] + "9")
    field(absent, "持证人姓名").fill(certificate.name)
    absent.locator("main").get_by_role("button", name="查验").click()
    expect(absent.locator("#answer")).to_contain_text("未查到相符的证书")
    assert absent.locator("#answer").inner_text() == wrong


def test_the_printed_code_opens_the_certificate(world: Callable[[str], Stage], town: Town) -> None:
    """四（八）: the QR code's address shows the certificate; with one letter changed it shows nothing."""
    world("certified")
    certificate = Certificate.objects.filter(state="issued").order_by("number")[0]
    address = documents.check_url(certificate)
    assert address.startswith(town.address)
    phone = town.visitor(PHONE)
    phone.goto(address)
    expect(phone.locator("#answer")).to_contain_text("证书真实有效")
    expect(phone.locator("#answer")).to_contain_text(certificate.name)
    forged = address[:-1] + ("A" if address[-1] != "A" else "B")
    phone.goto(forged.replace(certificate.signature[:4], certificate.signature[:4][::-1]))
    expect(phone.locator("#answer")).to_contain_text("未查到相符的证书")
    expect(phone.locator("#answer")).not_to_contain_text(certificate.name)
