"""Readers: dress comes off and is said, what is ambiguous is named, meaning never changes in silence (四（四）, 三（二）)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.applications import fields
from jiangheng.rules import roster, shipped_law
from jiangheng.rules.bodies import annexes, membership_lists
from jiangheng.rules.conditions.routes import route_set
from jiangheng.rules.readers import amounts, certificate_numbers, credit_codes, dates, identity, names, phones, text
from jiangheng.rules.roster import Context, check_rows
from tests import factories

TODAY = date(2026, 11, 24)
LAW = shipped_law.in_force(TODAY)
A33, _B20 = roster.templates()
CONTEXT = Context(frozenset({"电工"}), 4, route_set("R2023"), TODAY, LAW)

DRESS = st.sampled_from(
    [
        "{}", " {} ", "\t{}", "'{}", "’{}", "`{}", "{}\n", "{}\r\n", "{}_x000D_", "\u200b{}", "{}\ufeff", "\u00a0{}\u3000",
        '="{}"', '"{}"', "“{}”", "'\t{} ", "\u202d{}\u202c", "{}\u2028",
    ]
)  # read as a table  # fmt: skip
"""What programs and keyboards put around a value."""


@given(st.text(max_size=40))
def test_undressing_is_said_ends_and_does_nothing_twice(raw: str) -> None:
    bare, tidied = text.undress(raw)
    assert (bare == raw) is (not tidied)
    assert text.undress(bare) == (bare, ())
    assert all(text.TIDIED[code] for code in tidied)


@pytest.mark.parametrize(
    ("raw", "day", "tidied"),
    [
        ("1992-04-11", date(1992, 4, 11), ()),
        ("1992-04-11 00:00:00", date(1992, 4, 11), ("midnight",)),
        ("2012/4/11 0:00", date(2012, 4, 11), ("midnight",)),
        ("2012-04-11T00:00:00", date(2012, 4, 11), ("midnight",)),
        ("2012-04-11T00:00:00.000+08:00", date(2012, 4, 11), ("midnight",)),
        ("2012年4月11日 0时0分", date(2012, 4, 11), ("midnight",)),
        ("2012-04-11 12:00:00 AM", date(2012, 4, 11), ("midnight",)),
        ("2012 4 11", date(2012, 4, 11), ("form",)),
        ("2012-4-11 星期三", date(2012, 4, 11), ("form",)),
        ("12-Apr-2012", date(2012, 4, 12), ("form",)),
        ("April 12, 2012", date(2012, 4, 12), ("form",)),
        ("25/4/2012", date(2012, 4, 25), ("form",)),
        ("4/4/2012", date(2012, 4, 4), ("form",)),
        ("二〇一二年四月十一日", date(2012, 4, 11), ("form",)),
        ("二〇一二年十二月廿三日", date(2012, 12, 23), ("form",)),
        ("201204", date(2012, 4, 1), ("month",)),
        ("2012.4", date(2012, 4, 1), ("month",)),
        ("2012.10", date(2012, 10, 1), ("month",)),
        ("2012年4月", date(2012, 4, 1), ("month",)),
        ("Apr-2012", date(2012, 4, 1), ("month",)),
        (41010, date(2012, 4, 11), ("serial",)),
        (201204, date(2012, 4, 1), ("month",)),
        (datetime(2012, 4, 11), date(2012, 4, 11), ()),  # noqa: DTZ001 - a cell of a workbook has no zone
    ],
)
def test_days_of_every_form_that_says_one_day(raw: Any, day: date, tidied: tuple[str, ...]) -> None:
    found = dates.read(raw)
    assert found.value == day
    assert set(tidied) <= set(found.tidied)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (2012.1, "date.october"), ("2012.1", "date.october"), ("２０１２．１", "date.october"), ("11/04/2012", "date.order"),
        ("920411", "date.year"), ("92.4.11", "date.year"), ("12-Apr-12", "date.year"), ("2012", "date.day"),
        ("2012-13", "date.none"), ("2012-02-30", "date.none"), ("昨天", "date.none"), ("", "date.blank"),
        ("2012-04-10T16:00:00Z", "date.time"), ("2012-04-11 08:30", "date.time"), ("41010", "date.none"),
    ],
)  # read as a table  # fmt: skip
def test_a_day_that_may_be_two_is_named(raw: Any, code: str) -> None:
    found = dates.read(raw)
    assert found.value is None
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.status) == (code, 422)
    assert "1月" in found.refusal.sentence() or code != "date.october"


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    DRESS,
    st.sampled_from(
        ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y %m %d", "%Y-%m-%d 00:00:00", "%d-%b-%Y"]
    ),
)
def test_a_day_written_in_any_form_reads_back(day: date, dress: str, form: str) -> None:
    assert dates.read(dress.format(day.strftime(form))).value == day


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
SPELLINGS = st.sampled_from(
    [
        "{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "+86{0}{1}{2}", "+86 {0} {1} {2}", "0086{0}{1}{2}", "86{0}{1}{2}",
        "(+86){0}{1}{2}", "+86-{0}-{1}-{2}", "手机：{0}{1}{2}", "{0}\u00a0{1}\u2009{2}", "{0}.{1}.{2}", "+86 ({0}) {1} {2}",
    ]
)  # read as a table  # fmt: skip


@given(MOBILES, SPELLINGS, DRESS, st.booleans())
def test_a_mobile_is_one_however_it_is_spelt(mobile: str, spelling: str, dress: str, wide: bool) -> None:
    written = spelling.format(mobile[:3], mobile[3:7], mobile[7:])
    if wide:
        written = written.translate({ord(each): ord(each) + 0xFEE0 for each in "0123456789+-()"})
    found = phones.read(dress.format(written))
    assert found.value == mobile
    assert found.tidied or dress.format(written) == mobile


@pytest.mark.parametrize(
    ("raw", "here", "abroad"),
    [
        ("+852 9123 4567", "phone.abroad", "+85291234567"),
        ("00853 6612 3456", "phone.abroad", "+85366123456"),
        ("+886 0912 345 678", "phone.abroad", "+886912345678"),
        ("0772-2820000", "phone.shape", "phone.shape"),
        ("1380000551", "phone.shape", "phone.shape"),
        ("12800005511", "phone.shape", "phone.shape"),
        ("", "phone.blank", "phone.blank"),
        ("1٣800005511", "phone.shape", "phone.shape"),
    ],
)
def test_numbers_of_elsewhere_are_named_or_kept_where_a_field_takes_them(raw: str, here: str, abroad: str) -> None:
    for allowed, wanted in ((False, here), (True, abroad)):
        found = phones.read(raw, abroad=allowed)
        assert (found.value or (found.refusal and found.refusal.code)) == wanted


@given(
    st.integers(-(10**11), 10**11),
    DRESS,
    st.sampled_from(["{:,.2f}", "￥{:.2f}", "{:.2f}元", "人民币{:,.2f}元", "{:.2f}"]),
)
def test_amounts_are_kept_to_the_fen(fen: int, dress: str, form: str) -> None:
    assert amounts.read(dress.format(form.format(fen / 100))).value == fen
    assert amounts.read(fen / 100).value == fen


@pytest.mark.parametrize(
    "raw", ["1.234", "12,34", "", "1.005", True, None, "abc", float("nan"), float("inf"), "1,2345.00"]
)
def test_what_is_no_amount_is_refused_never_rounded(raw: Any) -> None:
    assert amounts.read(raw).refusal is not None


@given(st.integers(0, 9_999_999), DRESS)
def test_a_credit_code_is_read_in_any_dress(serial: int, dress: str) -> None:
    code = factories.credit_code(serial)
    assert credit_codes.read(dress.format(code)).value == code
    assert credit_codes.read(dress.format(f"统一社会信用代码：{code[:8]} {code[8:].lower()}")).value == code


@pytest.mark.parametrize(
    ("raw", "scheme", "kept", "doubts"),
    [
        ("证书编号：S000045000018225000386", "skill", "S000045000018225000386", ()),
        ("S0000-4500-0018-225000386", "skill", "S000045000018225000386", ()),
        ("No. S000045000018225000386", "skill", "S000045000018225000386", ()),
        ("'s000045000018225000386\u200b", "skill", "S000045000018225000386", ()),
        ("S000045000018225000000", "skill", "S000045000018225000000", ("sequence",)),
        ("S000099000018225000386", "skill", "S000099000018225000386", ("province",)),
        ("S000000000018225000386", "skill", "S000000000018225000386", ("province",)),
        ("S000045000018055000386", "skill", "S000045000018055000386", ("early",)),
        ("0000812345678901", "shanghai", "0812345678901", ()),
        ("0812345678901", "shanghai", "0812345678901", ()),
        ("0845-0200-0140-0123", "vocational", "0845020001400123", ()),
        ("0800020001400123", "vocational", "0800020001400123", ("industry",)),
        ("0845020001400000", "vocational", "0845020001400000", ("sequence",)),
        ("桂职鉴字-2003-12", "legacy", "桂职鉴字-2003-12", ()),
    ],
)
def test_certificate_numbers_as_people_copy_them(raw: str, scheme: str, kept: str, doubts: tuple[str, ...]) -> None:
    found = certificate_numbers.parse(raw, LAW)
    assert (found.scheme, found.text, found.doubts) == (scheme, kept, doubts)
    message, places = certificate_numbers.told(found)
    assert message % places if places else message


@pytest.mark.parametrize(
    ("kind", "raw", "kept", "number"),
    [
        ("居民身份证", "{830}", "港澳台居民居住证", "{830}"),
        ("护照", "{450}", "居民身份证", "{450}"),
        ("港澳台居民居住证", "{450}", "居民身份证", "{450}"),
        ("居民身份证", "{911}", "外国人永久居留身份证", "{911}"),
        ("居民身份证", "公民身份号码：{450}", "居民身份证", "{450}"),
        ("港澳居民来往内地通行证", "H12345678(01)", "港澳居民来往内地通行证", "H1234567801"),
        ("台湾居民来往大陆通行证", "1234567890(A)", "台湾居民来往大陆通行证", "1234567890A"),
        ("护照", "No. E-12345678", "护照", "E12345678"),
    ],
)
def test_the_number_tells_the_card_and_punctuation_is_dress(kind: str, raw: str, kept: str, number: str) -> None:
    places = {f"{{{place[:3]}}}": factories.identity_number(3, place=place) for place in ("830000", "450203", "911840")}
    for name, value in places.items():
        raw, number = raw.replace(name, value), number.replace(name, value)
    found = identity.read(kind, raw, today=TODAY)
    assert found.value is not None
    assert (found.value.kind, found.value.number) == (kept, number)
    assert ("kind" in found.tidied) is (kept != kind)


@given(st.integers(0, 498), st.sampled_from(["450203", "810000", "820000", "830000", "911840"]))
def test_an_eighteen_digit_number_is_one_person_under_every_card(serial: int, place: str) -> None:
    number = factories.identity_number(serial, place=place)
    found = [
        identity.read(kind, number).value for kind in (*identity.PATTERNS, identity.RESIDENT, identity.RESIDENCE_PERMIT)
    ]
    keys = {identity.index_key(each.kind, each.number, each.country) for each in found if each}
    assert keys == {number}
    assert len({each.kind for each in found if each}) == 1


@pytest.mark.parametrize(
    ("kind", "number", "code", "words"),
    [
        ("港澳居民来往内地通行证", "H1234567", "identity.shape", ("H或M", "8位")),
        ("台湾居民来往大陆通行证", "1234567", "identity.shape", ("8位数字", "7位")),
        ("护照", "E1", "identity.shape", ("5至17位", "2位")),
        ("居民身份证", "45020319900101", "identity.shape", ("18位", "14位")),
        ("居民身份证", "H12345678", "identity.other_kind", ("港澳居民来往内地通行证",)),
    ],
)
def test_a_wrong_number_is_told_the_form_wanted_and_what_was_found(
    kind: str, number: str, code: str, words: tuple[str, ...]
) -> None:
    refusal = identity.read(kind, number).refusal
    assert refusal is not None
    assert refusal.code == code
    assert all(word in refusal.sentence() for word in words)


def test_a_passport_is_known_by_its_country_too() -> None:
    first, second = (identity.read("护照", "E12345678", country=country).taken() for country in ("USA", "FRA"))
    assert not identity.same_person(first, second)
    assert identity.same_person(first, identity.read("护照", "e 1234-5678", country="usa").taken())


def test_the_interpreters_unicode_tables_decide_nothing() -> None:
    # Assigned by Unicode 15 and 16, which some supported Pythons know and others do not.
    for point in (0x1C89, 0x1E030, 0x11F04, 0x2EBF0, 0x31350, 0x323AF):
        char = chr(point)
        kept = names.is_ideograph(char)
        assert (names.read(f"王{char}").value is not None) is kept
        assert text.undress(f"王{char}") == (f"王{char}", ())
        assert not text.CONTROL.search(char)
        assert certificate_numbers.read(f"S{char}").value == f"S{char}"


# One table of pure doors: the same string has the same answer at each of them.
def _roster(column: str) -> Any:
    def door(raw: str) -> str | None:
        cells = [raw if name == column else "居民身份证" if name == "证件类型" else None for name in A33.columns]
        rows, faults = check_rows(A33, [cells], CONTEXT)
        wrong = [each for each in faults if each.column == column and each.severity == roster.ERROR]
        return None if wrong or not rows else (rows[0].values[column] or None)

    return door


def _roll(raw: str) -> str | None:
    which = membership_lists.membership_lists()["staff"]
    cells = {"姓名": raw, "证件类型": "居民身份证", "证件号码": factories.identity_number(5), "与本单位关系": "在职"}
    entries, _faults = membership_lists.read(
        which, [list(which.columns), [cells.get(name) for name in which.columns]], today=TODAY
    )
    return entries[0].name if entries else None


def _iso(found: Any) -> str | None:
    return found.isoformat() if found is not None else None


DOORS: dict[str, dict[str, Any]] = {
    "name": {"reader": lambda raw: names.read(raw).value, "roster": _roster("姓名"), "own list": _roll},
    "phone": {
        "reader": lambda raw: phones.read(raw).value,
        "roster": _roster("手机号码"),
        "form": lambda raw: phones.read(fields.tidied("手机号码", raw)).value,
    },
    "day": {
        "reader": lambda raw: _iso(dates.read(raw).value),
        "form": lambda raw: _iso(dates.read(fields.tidied("毕业时间", raw)).value),
        "roster": _roster("参加工作时间"),
        "annex": lambda raw: _iso(annexes.day_of(raw)),
    },
    "certificate": {
        "reader": lambda raw: certificate_numbers.read(raw).value,
        "form": lambda raw: fields.tidied("证书编号", raw),
        "roster": _roster("证书编号"),
    },
}


@given(
    st.sampled_from(
        [
            "韦示例",
            "阿依古丽·买买提",
            "阿依古丽.买买提",
            "阿依古丽●买买提",
            "王\U00031350",
            "\U0002ebf0明",
            "欧阳 明",
            "王<b>",
        ]
    ),
    DRESS,
)
def test_a_name_is_the_same_at_every_door(name: str, dress: str) -> None:
    answers = {door: ask(dress.format(name)) for door, ask in DOORS["name"].items()}
    assert len(set(answers.values())) == 1, answers


@given(st.sampled_from(["13800005511", "138 0000 5511", "+86 138-0000-5511", "0772-2820000", "+852 9123 4567"]), DRESS)
def test_a_phone_is_the_same_at_every_door(phone: str, dress: str) -> None:
    answers = {door: ask(dress.format(phone)) for door, ask in DOORS["phone"].items()}
    assert len(set(answers.values())) == 1, answers


@given(st.sampled_from(["2012-04-11", "2012/4/11 0:00", "12-Apr-2012", "11/04/2012", "20120411", "2012-02-30"]), DRESS)
def test_a_day_is_the_same_at_every_door(day: str, dress: str) -> None:
    answers = {door: ask(dress.format(day)) for door, ask in DOORS["day"].items()}
    assert len(set(answers.values())) == 1, answers


@given(st.sampled_from(["S000045000018225000386", "S0000-4500-0018-225000386", "证书编号：0845020001400123"]), DRESS)
def test_a_certificate_number_is_the_same_at_every_door(number: str, dress: str) -> None:
    answers = {door: ask(dress.format(number)) for door, ask in DOORS["certificate"].items()}
    assert len(set(answers.values())) == 1, answers
