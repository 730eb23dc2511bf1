"""Certificate, ticket and running numbers; evidence hashes; code tables; the catalogue of occupations."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules import codes, number_rules, numbers, roles, words
from jiangheng.rules.conditions import evidence, occupations
from jiangheng.rules.readers import certificate_numbers
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

TODAY = date(2026, 6, 1)
LAW = in_force(TODAY)
PREFIX = "S000045000018"


@given(
    st.sampled_from("YS"),
    st.integers(0, 10**12 - 1),
    st.integers(2000, 2099),
    st.integers(1, 5),
    st.integers(1, 999_999),
)
def test_a_number_reads_back_as_it_was_made(kind: str, body: int, year: int, level: int, sequence: int) -> None:
    number = certificate_numbers.format_number(f"{kind}{body:012d}", year, level, sequence, LAW)
    assert re.fullmatch(r"[YS]\d{12}\d{2}[1-5]\d{6}", number)
    found = certificate_numbers.parse(number, LAW)
    assert (found.scheme, found.year, found.level, found.sequence) == ("skill", year, level, sequence)


def test_the_published_example() -> None:
    assert certificate_numbers.format_number("Y000123000001", 2019, 5, 1, LAW) == "Y000123000001195000001"


@pytest.mark.parametrize(
    ("prefix", "sequence", "code"),
    [
        ("", 1, "certificate.prefix"),
        ("S00004500001", 1, "certificate.prefix"),
        ("X000045000018", 1, "certificate.prefix"),
        (PREFIX, 0, "certificate.sequence"),
        (PREFIX, 1_000_000, "certificate.sequence"),
    ],
)
def test_no_number_without_prefix_or_sequence(prefix: str, sequence: int, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        certificate_numbers.format_number(prefix, 2026, 4, sequence, LAW)
    assert (caught.value.code, caught.value.status, caught.value.clause) == (code, 409, "四（八）")


@pytest.mark.parametrize(
    ("text", "scheme", "year", "level"),
    [
        ("s0000 45000018 225000386", "skill", 2022, 5),
        ("S00004500001822T000386", "special", 2022, None),
        ("1445021001400123", "vocational", 2014, 4),
        ("9945021001400123", "vocational", 1999, 4),
        ("1445021001700123", "vocational", 2014, None),
        ("Y0041GD0000012603001001", "legacy", None, None),
        ("S000045000018226000386", "legacy", None, None),
        ("", "legacy", None, None),
    ],
)
def test_numbers_people_hold(text: str, scheme: str, year: int | None, level: int | None) -> None:
    found = certificate_numbers.parse(text, LAW)
    assert (found.scheme, found.year, found.level) == (scheme, year, level)


def test_the_year_in_a_number_gives_the_last_day_it_can_have_been_issued() -> None:
    parsed = certificate_numbers.parse(PREFIX + "225000386", LAW)
    assert certificate_numbers.latest_issue(parsed) == date(2022, 12, 31)
    assert certificate_numbers.latest_issue(certificate_numbers.parse("旧", LAW)) is None


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        ("plan_number_rule", "JH202600007"),
        ("request_number_rule", "AP202600007"),
        ("application_number_rule", "BM20260012-000007"),
        ("paper_number_rule", "YJ202600007"),
        ("receipt_number_rule", "SJ20260012-000007"),
        ("payment_order_number_rule", "JF20260012_000007"),
        ("bill_number_rule", "ZD202600007"),
        ("refund_number_rule", "TF202600007"),
        ("draw_number_rule", "CQ20260007"),
    ],
)
def test_running_numbers_follow_their_rule(rule: str, number: str) -> None:
    series = rule.removesuffix("_number_rule")
    body = 12 if "body" in number_rules.SERIES[series] else None
    assert numbers.running_number(rule, 2026, 7, LAW, body=body) == number
    assert LAW.rule(rule).is_default


def ticket(**changes: Any) -> str:
    return numbers.ticket_number(
        **{"year": 2026, "site": 12, "batch": 3, "subjects": ("theory", "skill"), "room": 4, "seat": 5, "law": LAW}
        | changes
    )


def test_the_ticket_number_is_year_district_site_batch_subjects_room_seat() -> None:
    assert ticket() == "26" + "45" + "0012" + "003" + "101" + "004" + "005"
    assert ticket(subjects=("review",))[11:14] == "010"
    assert len(ticket(site=9999, batch=999, room=999, seat=999)) == len(ticket())


def test_another_rule_may_be_set_by_the_centre() -> None:
    rules = LAW.overridden({"ticket_number_rule": "{year:02d}-{site:03d}{batch:03d}-{room:02d}{seat:03d}"})
    assert ticket(law=rules) == "26-012003-04005"


@given(
    st.lists(
        st.tuples(st.integers(1, 9999), st.integers(1, 999), st.integers(1, 999), st.integers(1, 999)),
        min_size=2,
        unique=True,
    )
)
def test_no_two_places_share_a_number(places: list[tuple[int, int, int, int]]) -> None:
    made = {ticket(site=site, batch=batch, room=room, seat=seat) for site, batch, room, seat in places}
    assert len(made) == len(places)
    assert all(len(number) <= 30 for number in made)


@pytest.mark.parametrize("rule", ["{nothing}", "{0}", "{year", "{year:q}", "{year.none}", "{year[0]}"])
def test_a_rule_that_cannot_be_filled_is_refused(rule: str) -> None:
    with pytest.raises(Refusal) as caught:
        LAW.overridden({"plan_number_rule": rule + "{serial}"})
    assert (caught.value.code, caught.value.status, caught.value.clause) == ("law.unfit", 422, "三（三）")


def test_a_large_site_or_batch_is_written_out_not_wrapped() -> None:
    assert ticket(batch=1003) != ticket(batch=3)
    assert ticket(site=10_012) != ticket(site=12)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4))
def test_one_value_has_one_spelling(value: dict[str, Any]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert evidence.canonical_json(value) == evidence.canonical_json(backwards)
    assert evidence.commitment(value, "盐") == evidence.commitment(backwards, "盐")
    assert evidence.commitment(value, "盐") != evidence.commitment(value, "other")


def test_canonical_json_is_stated() -> None:
    assert (
        evidence.canonical_json({"乙": [1, None], "a": date(2026, 6, 1)}) == '{"a":"2026-06-01","乙":[1,null]}'.encode()
    )


def test_a_chain_breaks_where_an_entry_is_changed_moved_or_taken_out() -> None:
    def head(entries: list[str]) -> str:
        mark = ""
        for entry in entries:
            mark = evidence.chain_hash(mark, {"text": entry})
        return mark

    whole = ["一", "二", "三", "四"]
    for broken in (["一", "二", "五", "四"], ["二", "一", "三", "四"], ["一", "三", "四"], ["一", "二", "三"], []):
        assert head(broken) != head(whole)
    assert re.fullmatch(r"[0-9a-f]{64}", head(whole))


@pytest.mark.parametrize("name", codes.names())
def test_every_table_finds_its_values_by_code_label_and_synonym(name: str) -> None:
    table = codes.table(name)
    words_of: dict[str, str] = {}
    for code in table:
        for word in {code.code, code.label, *code.synonyms}:
            assert words_of.setdefault(word, code.code) == code.code, (name, word)
            assert codes.find(name, f" {word} ") == code
        assert codes.label(name, code.code) == code.label
    assert codes.choices(name) == [(code.code, code.label) for code in table]


def test_the_nationalities_are_all_there() -> None:
    official = [code for code in codes.table("ethnicity") if code.code <= "56"]
    assert [int(code.code) for code in official] == list(range(1, 57))
    for code, label in (("08", "壮"), ("12", "侗"), ("06", "苗"), ("13", "瑶"), ("32", "仫佬"), ("56", "基诺")):
        assert codes.label("ethnicity", code) == label
    found = codes.find("ethnicity", "壮族")
    assert found is not None
    assert found.code == "08"
    assert codes.find("ethnicity", "闽南族") is None


def test_levels_are_printed_with_both_names() -> None:
    assert [codes.level_name(level) for level in (5, 4, 3, 2, 1)] == [
        "五级/初级工",
        "四级/中级工",
        "三级/高级工",
        "二级/技师",
        "一级/高级技师",
    ]


def test_a_value_outside_the_table() -> None:
    assert codes.find("sex", "中") is None
    assert codes.label("sex", "9") == "9"
    with pytest.raises(KeyError):
        codes.table("no_such_table")


def test_dated_words_are_read_but_not_offered() -> None:
    found = codes.find("candidate_source", "劳改劳教人员")
    assert found is not None
    assert found.label == "其他"
    assert "劳改劳教人员" not in dict(codes.choices("candidate_source")).values()


CONFIRMED = {
    "4-03-02-01": "中式烹调师", "4-03-02-02": "中式面点师", "4-04-04-02": "网络与信息安全管理员",
    "4-12-01-01": "汽车维修工", "6-18-01-01": "车工", "6-18-01-02": "铣工", "6-18-02-04": "焊工", "6-20-01-01": "钳工",
    "6-30-05-01": "起重装卸机械操作工", "6-30-05-05": "挖掘铲运和桩工机械司机", "6-31-01-03": "电工",
    "4-01-06-01": "电子商务师", "4-14-02-02": "健康管理师", "3-01-02-07": "制图员", "3-02-02-01": "保卫管理员",
}  # read as a table  # fmt: skip
UNVERIFIED = {
    "4-10-01-03": "保育师", "4-10-01-02": "育婴员", "4-10-01-05": "养老护理员", "4-10-01-06": "家政服务员",
    "4-10-03-01": "美容师", "4-10-03-02": "美发师", "4-03-02-07": "茶艺师", "4-03-02-04": "西式面点师",
    "4-01-02-01": "营销员", "4-02-07-08": "快递员", "4-08-03-04": "工程测量员", "6-29-01-01": "砌筑工",
    "6-31-03-01": "化学检验员",
}  # read as a table  # fmt: skip


def test_the_catalogue_says_which_codes_are_unverified() -> None:
    rows = {row.code: row for row in occupations.catalogue(TODAY)}
    assert list(rows) == sorted(rows)
    for code, name in (CONFIRMED | UNVERIFIED).items():
        assert rows[code].name == name
        assert bool(rows[code].label) == (code in UNVERIFIED)
    for row in rows.values():
        assert re.fullmatch(LAW.value("occupation_code_pattern"), row.code)
        assert set(row.levels) <= set("54321")
        assert row.edition
    assert rows["4-04-04-02"].levels == "4321"
    assert rows["4-01-06-01"].levels == "43"
    assert rows["6-18-02-04"].jobs == ("电焊工",)


def test_the_catalogue_before_its_rows() -> None:
    assert occupations.catalogue(date(2000, 1, 1)) == ()


def test_only_the_centre_sees_everything() -> None:
    for role in roles.Role:
        assert roles.Person(1, "甲", role).is_centre == (role is roles.Role.CENTRE)
        assert roles.LABELS[role]


def test_a_refusal_speaks_the_reader_s_language() -> None:
    refusal = Refusal("有%(what)s", code="x", remedy="去%(what)s", what="甲", empty="")
    english = {"有%(what)s": "has %(what)s", "甲": "A", "去%(what)s": "go to %(what)s"}
    assert refusal.sentence(english.__getitem__) == "has A"
    assert refusal.advice(english.__getitem__) == "go to A"
    assert (str(refusal), Refusal("百分之%", code="y").sentence(), Refusal("无", code="z").advice()) == (
        "有甲",
        "百分之%",
        "",
    )
    assert words.gettext_noop("原样") == "原样"
