"""The catalogue tool: what it collects, keeps, refuses; what it never guesses."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import messages


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of two rooms in a folder of its own."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "PROGRAM", tmp_path / "jiangheng")
    monkeypatch.setattr(messages, "TEMPLATES", tmp_path / "templates")
    for room in ("site", "plans"):
        (tmp_path / "jiangheng" / room).mkdir(parents=True)
        (tmp_path / "jiangheng" / room / "apps.py").write_text("")
    (tmp_path / "jiangheng/rules").mkdir()
    (tmp_path / "jiangheng/rules/flow.py").write_text('x = N_("草稿")')
    (tmp_path / "jiangheng/plans/views.py").write_text(
        'a = _("计划%(number)s")\nb = ngettext("%(n)s个", "%(n)s个", 2)\nc = pgettext("名词", "计划")\nd = "不收"\n'
    )
    (tmp_path / "templates/plans").mkdir(parents=True)
    (tmp_path / "templates/shell").mkdir()
    (tmp_path / "templates/plans/list.html").write_text(
        '{% translate "列表" %}{% blocktranslate count n=x %}共 {{ n }} 条{% plural %}共 {{ n }} 条'
        "{% endblocktranslate %}"
    )
    (tmp_path / "templates/shell/base.html").write_text("{% translate '菜单' %}")
    return tmp_path


def ids(catalogue: Catalog) -> set[str]:
    return {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id}


def test_strings_of_code_and_templates_go_to_their_room(program: Path) -> None:
    found = messages.collected()
    assert ids(found["site"]) == {"草稿", "菜单"}
    assert ids(found["plans"]) == {"计划%(number)s", "%(n)s个", "计划", "列表", "共 %(n)s 条"}
    assert found["plans"].get("计划", context="名词") is not None


def test_merging_keeps_english_drops_the_unmarked_and_guesses_nothing(program: Path) -> None:
    assert messages.main(["plans"]) == 0
    path = messages.po_of("plans")
    path.write_text(path.read_text().replace('msgid "列表"\nmsgstr ""', 'msgid "列表"\nmsgstr "List"'))
    (program / "jiangheng/plans/views.py").write_text('a = _("列表页")')
    assert messages.main(["plans"]) == 0
    merged = messages.standing("plans")
    assert merged.get("列表").string == "List"
    assert merged.get("列表页").string == ""
    assert merged.get("计划%(number)s") is None
    assert "fuzzy" not in path.read_text()


def test_merging_twice_changes_nothing(program: Path) -> None:
    messages.main([])
    before = messages.po_of("plans").read_bytes()
    messages.main([])
    assert messages.po_of("plans").read_bytes() == before


def test_check_names_what_lacks_english_and_what_is_out_of_date(
    program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert messages.main(["--check", "site"]) == 1
    said = capsys.readouterr().out
    assert "site: no English for “草稿”" in said
    assert "site: catalogue out of date" in said
    messages.main(["site"])
    path = messages.po_of("site")
    text = path.read_text().replace('msgid "草稿"\nmsgstr ""', 'msgid "草稿"\nmsgstr "Draft"')
    path.write_text(text.replace('msgid "菜单"\nmsgstr ""', 'msgid "菜单"\nmsgstr "Menu"'))
    capsys.readouterr()
    assert messages.main(["--check", "site"]) == 0


@pytest.mark.parametrize("english", ["Plan", "Plan %(nubmer)s", "Plan %(number)s %(more)s"])
def test_english_that_loses_or_invents_a_place_is_a_fault(english: str) -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("计划%(number)s", english)
    assert "places differ" in messages.faults("plans", catalogue)[0]


def test_a_singular_may_leave_its_number_out() -> None:
    catalogue = Catalog(locale="en")
    catalogue.add(("%(n)s条", "%(n)s条"), ("One record", "%(n)s records"))
    assert messages.faults("plans", catalogue) == []


def test_compiling_writes_what_django_reads(program: Path) -> None:
    import gettext

    messages.main(["site"])
    path = messages.po_of("site")
    path.write_text(path.read_text().replace('msgid "草稿"\nmsgstr ""', 'msgid "草稿"\nmsgstr "Draft"'))
    messages.main(["--compile", "site"])
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("草稿") == "Draft"
