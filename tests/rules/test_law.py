"""The law as dated data: periods, clauses quoted from the notice, and the centre's own values for defaults."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jiangheng.rules import law
from jiangheng.rules.law import LawError
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

TODAY = date(2026, 6, 1)

INSTRUMENTS = """
[[instrument]]
id = "one"
number = "一号"
title = "甲"
issued = 2020-01-01
in_force_from = 2020-01-01
verified = true
"""
CLAUSES = """
[[clause]]
id = "一"
instrument = "one"
text = "乙"
"""


def folder(tmp_path: Path, rules: str, instruments: str = INSTRUMENTS, clauses: str = CLAUSES) -> Path:
    (tmp_path / "instruments.toml").write_text(instruments, encoding="utf-8")
    (tmp_path / "clauses.toml").write_text(clauses, encoding="utf-8")
    (tmp_path / "rules.toml").write_text(rules, encoding="utf-8")
    return tmp_path


def rule(
    value: object = 1,
    start: str = "2020-01-01",
    end: str = "",
    key: str = "k",
    clause: str = "一",
    instrument: str = "one",
) -> str:
    return (
        f'[[rule]]\nkey = "{key}"\nvalue = {value}\nclause = "{clause}"\ninstrument = "{instrument}"\n'
        f"in_force_from = {start}\n" + (f"in_force_to = {end}\n" if end else "")
    )


PARAMETERS = {
    "plan_lead_wd": 10,
    "arrangement_lead_wd": 15,
    "ticket_lead_wd": 5,
    "publicity_wd": 5,
    "publicity_counts_first_day": False,
    "pass_mark": 60,
    "invigilator_ratio": 15,
    "min_per_room": 2,
    "skill_examiner_ratio": 5,
    "skill_examiner_min": 3,
    "skill_examiner_odd": True,
    "review_committee_min": 3,
    "review_committee_odd": True,
    "examiner_max_level": 3,
    "max_consecutive_at_body": 3,
    "min_rotation_share": "1/3",
    "examiner_card_years": 3,
    "supervisor_term_years": 3,
    "subject_valid_months": 12,
    "makeup_times": 1,
    "late_limit_min": 30,
    "early_entry_min": 20,
    "min_submit_min": 30,
    "complaint_first_look_wd": 3,
    "complaint_finish_wd": 7,
    "centre_review_wd": 5,
    "body_fix_wd": 5,
    "keep_paper_years": 3,
    "keep_electronic_years": 5,
    "inspectors_min": 2,
    "inspection_min_rate": "5%",
    "inspection_times_per_year": 2,
    "photo_min_kb": 20,
    "photo_max_kb": 200,
    "photo_min_width": 240,
    "photo_min_height": 320,
    "paper_sets": 3,
    "filing_cutoff": "17:30",
}
THE_NOTICE_SAYS = {
    "plan_lead_wd": "三（三）",
    "arrangement_lead_wd": "三（四）",
    "ticket_lead_wd": "四（六）",
    "publicity_wd": "四（八）",
    "paper_sets": "四（二）",
}


@pytest.mark.parametrize(("key", "value"), PARAMETERS.items())
def test_every_parameter_has_its_shipped_value(key: str, value: object) -> None:
    found = in_force(TODAY).value(key)
    assert (found, type(found)) == (value, type(value))


def test_what_the_notice_fixes_is_law_and_everything_else_is_labelled() -> None:
    rules = in_force(TODAY)
    for key, clause in THE_NOTICE_SAYS.items():
        assert not rules.rule(key).is_default
        assert rules.rule(key).clause == clause
        assert rules.instrument(rules.rule(key).instrument).number == "柳人社发〔2020〕101号"
    borrowed = [found for found in rules.rules() if found.instrument == "practice"]
    assert borrowed
    assert all(found.label for found in borrowed)


def test_every_clause_a_rule_cites_is_quoted() -> None:
    rules = in_force(TODAY)
    for found in rules.rules():
        if found.clause:
            assert rules.clause(found.clause).text
        assert rules.instrument(found.instrument)


def test_the_notice_is_quoted_paragraph_by_paragraph() -> None:
    rules = in_force(TODAY)
    wanted = ["一", "二"] + [f"三（{n}）" for n in "一二三四五六七"] + [f"四（{n}）" for n in "一二三四五六七八九"]
    ids = [clause.id for clause in rules.clauses()]
    assert [name for name in ids if name in wanted] == wanted
    assert "前10工作日" in rules.clause("三（三）").text
    assert "提前15工作日" in rules.clause("三（四）").text
    assert "至少提前5个工作日" in rules.clause("四（六）").text
    assert "公示5个工作日" in rules.clause("四（八）").text
    assert "命制三套试题" in rules.clause("四（二）").text
    assert "双随机、一公开" in rules.clause("四（九）").text


def test_a_key_the_law_does_not_know() -> None:
    with pytest.raises(KeyError):
        in_force(TODAY).value("no_such_key")


def test_a_day_is_answered_once_and_remembered() -> None:
    assert in_force(TODAY) is in_force(date(2026, 6, 1))


def test_the_version_follows_the_values() -> None:
    rules = in_force(TODAY)
    assert rules.version == in_force(date(2026, 6, 2)).version
    changed = rules.overridden({"pass_mark": 70})
    assert changed.version != rules.version
    assert rules.overridden({}).version == rules.version


def test_the_centre_may_change_a_default() -> None:
    rules = in_force(TODAY).overridden({"pass_mark": 70, "filing_cutoff": "18:00"})
    assert rules.value("pass_mark") == 70
    assert rules.rule("pass_mark").source == "centre"
    assert rules.rule("pass_mark").label
    assert in_force(TODAY).value("pass_mark") == 60


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"plan_lead_wd": 3}, "law.not_a_default"),
        ({"nonsense": 3}, "law.unknown"),
        ({"pass_mark": "60"}, "law.wrong_kind"),
        ({"pass_mark": True}, "law.wrong_kind"),
    ],
)
def test_what_the_centre_may_not_change(values: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        in_force(TODAY).overridden(values)
    assert (caught.value.code, caught.value.status) == (code, 422)
    assert next(iter(values)) in caught.value.sentence()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("invigilator_ratio", 0),
        ("skill_examiner_ratio", -5),
        ("complaint_finish_wd", -1),
        ("photo_max_kb", 10**9),
        ("filing_cutoff", "25:00"),
        ("filing_cutoff", "下班"),
        ("mark_step", "0"),
        ("mark_step", "半分"),
        ("inspection_min_rate", "5"),
        ("inspection_min_rate", "101%"),
        ("min_rotation_share", "1/0"),
        ("plan_number_rule", "JH{year}"),
        ("plan_number_rule", "JH{year}{serial:05d}" + "0" * 30),
        ("plan_number_rule", "{nothing}{serial}"),
        ("plan_number_rule", "{0}"),
        ("plan_number_rule", "{serial.real.none}"),
        ("plan_number_rule", "{serial"),
        ("ticket_number_rule", "{room}"),
        ("ticket_number_rule", "{year:02d}{site:04d}{batch:03d}{room:03d}"),
        ("ticket_number_rule", "{year:02d}{site:04d}{batch:03d}{seat:03d}"),
        ("ticket_number_rule", "{year:02d}{site:04d}{room:03d}{seat:03d}"),
        ("ticket_number_rule", "{year:02d}{batch:03d}{room:03d}{seat:03d}"),
        ("ticket_number_rule", "{site}{batch}{room}{seat}"),
        ("ticket_number_rule", "{site:09d}{batch:09d}{room:09d}{seat:09d}"),
        ("ticket_number_rule", "{site:0999999999d}{batch:03d}{room:03d}{seat:03d}"),
        ("ticket_district", "柳州"),
        ("ticket_district", "4502000"),
        ("old_certificate_pattern", "("),
        ("ticket_district", " "),
    ],
)
def test_a_value_that_cannot_work_is_refused(key: str, value: object) -> None:
    with pytest.raises(Refusal) as caught:
        in_force(TODAY).overridden({key: value})
    assert (caught.value.code, caught.value.status) == ("law.unfit", 422)
    assert key in caught.value.sentence()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("early_entry_min", 0),
        ("makeup_times", 0),
        ("inspection_min_rate", "2.5%"),
        ("inspection_min_rate", "100%"),
        ("min_rotation_share", "1/2"),
        ("mark_step", "1"),
        ("filing_cutoff", "18:00"),
        ("plan_number_rule", "柳{year}-{serial:04d}"),
        ("old_certificate_pattern", r"^\d{13}$"),
        ("staff_totp_required", True),
        ("ticket_district", "4502"),
        ("ticket_number_rule", "{year:02d}{district}{site:04d}{batch:02d}{room:02d}{seat:02d}"),
    ],
)
def test_values_the_centre_may_choose(key: str, value: object) -> None:
    assert in_force(TODAY).overridden({key: value}).value(key) == value


def test_every_shipped_value_fits_itself() -> None:
    for found in in_force(TODAY).rules():
        assert found.fits(found.value), found.key
        assert not found.fits(None)


def test_a_value_changes_on_its_day(tmp_path: Path) -> None:
    library = law.load(folder(tmp_path, rule(1, end="2021-12-31") + rule(2, start="2022-01-01")))
    assert library.in_force(date(2021, 12, 31)).value("k") == 1
    assert library.in_force(date(2022, 1, 1)).value("k") == 2


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (rule(1) + rule(2, start="2022-01-01"), "rules.toml: k: overlapping"),
        (rule(1, end="2022-06-30") + rule(2, start="2022-01-01"), "rules.toml: k: overlapping"),
        (rule(1, end="2021-11-30") + rule(2, start="2022-01-01"), "rules.toml: k: no value between"),
        (rule(1, end="2019-01-01"), "rules.toml: k: ends"),
        (rule(instrument="two"), "rules.toml: k: unknown instrument"),
        (rule(clause="九"), "rules.toml: k: unknown clause"),
        ('[[rule]]\nkey = "k"\n', "rules.toml: k: value is missing"),
        ("[[rule]]\n", "rules.toml: \\?: key is missing"),
        ("no toml", "rules.toml"),
        ("", "rules.toml"),
    ],
)
def test_contradictory_files_are_refused_by_file_and_key(tmp_path: Path, rules: str, says: str) -> None:
    with pytest.raises(LawError, match=says):
        law.load(folder(tmp_path, rules))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LawError, match=r"instruments\.toml"):
        law.load(tmp_path)


def test_a_value_that_has_ended_is_missed_by_name(tmp_path: Path) -> None:
    library = law.load(folder(tmp_path, rule(1, end="2021-12-31")))
    with pytest.raises(LawError, match="k: no value in force on 2022-01-01"):
        library.in_force(date(2022, 1, 1))


def test_before_the_first_period_the_first_value_is_used(tmp_path: Path) -> None:
    """A record older than the notice still opens; its pages show the day the rule began."""
    library = law.load(folder(tmp_path, rule(1)))
    assert library.in_force(date(2019, 1, 1)).rule("k").in_force_from == date(2020, 1, 1)


def test_documents_are_listed_and_only_known_by_name_where_unread() -> None:
    rules = in_force(TODAY)
    assert not rules.instrument("guangxi-2020-14").verified
    assert [found.id for found in rules.instruments()] == sorted(found.id for found in rules.instruments())
