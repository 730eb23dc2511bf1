"""The shell: menus lead somewhere, the header names the person, colours can be read, messages are complete."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from jiangheng.people.models import Account, Membership
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import display, record_kinds
from jiangheng.site import menu, todo
from tests import factories
from tools import messages

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted(
    {item.page for groups in menu.TABLE.values() for group in groups for item in group.items}
    | {item.page for items in menu.BOTTOM.values() for item in items}
    | {item.page for item in menu.PUBLIC_MENU}
    | {page for ways in todo.WAYS.values() for _label, page, _icon in ways}
    | {task.page for tasks in todo.TASKS.values() for task in tasks}
)


@pytest.mark.parametrize("name", PAGES)
def test_every_menu_entry_leads_to_a_page(name: str) -> None:
    assert reverse(name).startswith("/")


@pytest.mark.parametrize("thread", record_kinds.RECORD_KINDS.values(), ids=lambda thread: thread.kind)
def test_every_kind_of_record_has_its_page_and_its_readers(thread: record_kinds.RecordKind, db: None) -> None:
    from django.utils.module_loading import import_string

    nobody = Person(account_id=None, name="", role=Role.SCHOOL)
    assert import_string(thread.visible_to)(nobody).count() == 0 or thread.kind in ("organisation", "announcement")
    if thread.page:
        assert reverse(thread.page, args=[1]).startswith("/")


def test_every_flow_can_be_looked_up_by_its_kind() -> None:
    assert set(flows.FLOWS) <= {thread.kind for thread in record_kinds.RECORD_KINDS.values()}


@pytest.mark.parametrize("task", [task for tasks in todo.TASKS.values() for task in tasks], ids=lambda task: task.label)
def test_every_card_counts_states_that_exist(task: todo.Task) -> None:
    known = {state.name for state in flows.FLOWS[task.kind].states} if task.kind in flows.FLOWS else set()
    assert set(task.states) <= known
    assert task.states or {thread.kind: thread.waiting for thread in record_kinds.RECORD_KINDS.values()}[task.kind]


def test_every_icon_named_is_in_the_sprite() -> None:
    sprite = (ROOT / "static/shell/icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    named = set(display.TONE_ICONS.values())
    named |= {item.icon for groups in menu.TABLE.values() for group in groups for item in group.items}
    named |= {item.icon for items in menu.BOTTOM.values() for item in items} | {item.icon for item in menu.PUBLIC_MENU}
    named |= {task.icon for tasks in todo.TASKS.values() for task in tasks}
    named |= {icon for ways in todo.WAYS.values() for _label, _page, icon in ways}
    for template in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([\w-]+)"', template.read_text()))
    assert named <= drawn


def test_the_menu_marks_the_nearest_entry() -> None:
    here = [
        item.page for group in menu.sections(Role.CENTRE, "/announcements/new/") for item in group.items if item.here
    ]
    assert here == ["portal:announcements"]


def test_header_names_person_role_and_organisation_and_offers_the_other_role(
    body: Person, client_for: Callable[..., Client]
) -> None:
    Membership.objects.create(
        account_id=body.account_id,
        organisation_id=body.organisation_id,
        role=Role.INTERNAL_SUPERVISOR,
        active=True,
        created_at=factories.LONG_AGO,
    )
    page = client_for(body).get("/home/").text
    header = page.split("</header>")[0]
    assert Account.objects.get(pk=body.account_id).name in header
    assert "认定机构" in header
    assert "示例评价机构" in header
    assert "切换身份" in header
    assert "内部质量督导员" in header


def test_demonstration_says_so(client: Client, settings: object, db: None) -> None:
    settings.DEMONSTRATION = True
    assert "演示环境" in client.get("/").text
    settings.DEMONSTRATION = False
    assert "演示环境" not in client.get("/").text


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [("good", "good-wash"), ("waiting", "waiting-wash"), ("bad", "bad-wash"), ("plain", "plain-wash"),
     ("ink", "ground"), ("ink-soft", "ground"), ("ink-soft", "paper"), ("blue", "blue-wash"), ("paper", "blue"), ("paper", "blue-deep"),
     ("bad", "paper"), ("good", "paper")],
)  # read as a table  # fmt: skip
def test_words_stand_out_from_their_ground(text: str, ground: str) -> None:
    """WCAG AA: at least 4.5 to 1."""
    css = (ROOT / "static/shell/shell.css").read_text()
    colours = {
        name: value if len(value) == 7 else "#" + "".join(letter * 2 for letter in value[1:])
        for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css)
    }
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize(
    ("source", "chinese", "english"),
    [
        ("{{ 123450|money }}", "¥1,234.50", "¥1,234.50"),
        ("{{ 4|level }}", "四级/中级工", "Level 4 / Intermediate"),
        ("{{ 'theory'|subject }}", "理论知识考试", "Theory examination"),
        ("{{ None|money }}{{ ''|text }}", "——", "——"),
        ("{{ True|text }}", "是", "Yes"),
        ("{% badge 'accepted' 'plan' %}", "已受理", "Accepted"),
        ("{{ '13907720001'|masked }}", "139****0001", "139****0001"),
        ("{{ 'abc'|masked }}", "***", "***"),
    ],
)
def test_values_read_in_both_languages(source: str, chinese: str, english: str) -> None:
    from django.utils import translation

    for language, expected in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert expected in Template(source).render(Context())


def test_a_badge_never_carries_markup_from_a_state_name() -> None:
    assert "<script>" not in display.state("plan", "<script>")


@pytest.mark.parametrize("room", ["site", "journal"])
def test_every_string_has_english(room: str) -> None:
    fresh = messages.collected()
    assert messages.faults(room, messages.merged(room, fresh[room])) == []
