"""The switch in the footer: afterwards no Chinese word is left in what the pages themselves say."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from jiangheng.demonstration.stage import Stage
from tests.journeys.conftest import Town
from tests.journeys.places import addresses

PAGES = (
    "/home/", "/bodies/", "/bodies/filings/1/", "/plans/requests/", "/plans/", "/plans/{waiting}/",
    "/plans/{waiting}/return/", "/applications/", "/applications/{applied}/", "/papers/", "/sittings/", "/results/{batch}/",
    "/certificates/", "/certificates/{certificate}/", "/oversight/draws/", "/oversight/inspections/1/",
    "/catalog/calendar/", "/people/accounts/",
)  # read as a table  # fmt: skip
WORDS = """() => [...document.querySelectorAll(
  "nav a, nav p, main h2, main h3, main th, main dt, main label, main legend, main summary, main button, main .btn, main .state, "
  + "main .line-label, main .story-what strong, main .help, main .nothing p, .foot p, .skip")]
  .filter((each) => !each.closest("nav[aria-label=Breadcrumb], .crumbs, .who, .languages"))
  .map((each) => each.innerText.replace(/[一二三四五六七八九十]+（[一二三四五六七八九十]+）/g, "").trim())
  .filter((text) => /\\p{Script=Han}/u.test(text))"""


def test_no_chinese_word_is_left_in_english(world: Callable[[str], Stage], town: Town) -> None:
    """Menus, headings, labels, buttons, states and story lines of the centre's main pages are English; data stay."""
    places = addresses(world("whole"))
    page = town.sign_in("centre1")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    left = {}
    for address in PAGES:
        page.goto(address.format(**places))
        words = page.evaluate(WORDS)
        if words:
            left[address] = words
    assert left == {}
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("navigation").first).to_contain_text("认定计划")
