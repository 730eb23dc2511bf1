"""What a card reader types (四（七）): the number is found whatever stands around it, and dates are not taken for one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from jiangheng.rules.readers.id_reader import LONGEST, looks_like_document, numbers

WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def number_of(born: date, serial: int) -> str:
    head = f"450203{born:%Y%m%d}{serial:03d}"
    return head + str(ric.calc_check_digit(head + "0"))


PEOPLE = st.builds(number_of, st.dates(date(1930, 1, 1), date(2008, 12, 31)), st.integers(1, 999))
LINES = (
    "{0}",
    " {0}\r\n",
    "{0}\t",
    "韦示例,男,壮,19900101,广西柳州市示例路1号,{0},示例公安局,20200101-20400101",
    "韦示例|男|壮|19900101|示例路1号|{0}|20200101|20400101",
    "韦示例男壮1990年1月1日示例路1号{0}示例公安局2020.01.01-2040.01.01",
    "{0} 20200101-20400101",
    "IDCARD:{0};",
)


@given(PEOPLE, st.sampled_from(LINES))
def test_the_residents_number_is_found_in_every_line_wide_or_small_letters_included(number: str, line: str) -> None:
    for written in (number, number.lower(), number.translate(WIDE)):
        assert numbers(line.format(written)) == (number,)
        assert looks_like_document(line.format(written))


@given(PEOPLE)
def test_spaces_and_dashes_inside_a_number_alone_are_dropped(number: str) -> None:
    assert numbers(f"{number[:6]} {number[6:14]}-{number[14:]}") == (number,)


@given(PEOPLE)
def test_a_number_glued_to_the_dates_after_it_is_among_those_found(number: str) -> None:
    assert number in numbers(f"{number}20200101-20400101")


@given(st.dates(date(1930, 1, 1), date(1999, 12, 31)), st.integers(1, 999))
def test_fifteen_digits_come_as_eighteen(born: date, serial: int) -> None:
    full = number_of(born, serial)
    assert numbers(full[:6] + full[8:17]) == (full,)
    assert numbers(f"韦示例 {full[:6] + full[8:17]} 男") == (full,)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("H12345678", ("H12345678",)),
        ("h 1234567890", ("H1234567890",)),
        ("Ｍ12345678", ("M12345678",)),
        ("姓名 陈示例 H12345678 2020-01-01", ("H12345678",)),
        ("陈示例,M1234567890,19900101", ("M1234567890",)),
        ("E12345678", ("E12345678",)),
        ("12345678", ("12345678",)),
        ("ABC123456789012", ("ABC123456789012",)),
        ("南字第1234567号", ("南字第1234567号",)),
        ("", ()),
        ("  ", ()),
    ],
)
def test_permits_and_other_documents(line: str, found: tuple[str, ...]) -> None:
    assert numbers(line) == found


@pytest.mark.parametrize(
    "line", ["26450003001101001012", "20200101-20400101", "13900000010", "不是号码", "450203199013011234"]
)
def test_tickets_dates_telephones_and_broken_numbers_are_no_documents(line: str) -> None:
    assert not looks_like_document(line)


@given(st.text(max_size=2 * LONGEST))
def test_any_text_is_read_without_falling_over(text: str) -> None:
    assert len(numbers(text)) <= LONGEST
