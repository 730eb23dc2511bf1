"""Identity documents: 三（二）."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.readers import identity
from jiangheng.rules.refusal import Refusal

TODAY = date(2026, 6, 1)
RIC = "居民身份证"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_digit(head: str) -> str:
    """GB 11643's check digit, written out."""
    return head + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True)) % 11]


@given(
    st.sampled_from(["450202", "450221", "452223", "110101"]),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)
def test_every_well_formed_number_is_accepted_whatever_its_place(place: str, born: date, serial: int) -> None:
    number = with_digit(f"{place}{born:%Y%m%d}{serial:03d}")
    found = identity.check_identity(RIC, number, today=TODAY)
    assert (found.kind, found.number, found.born) == (RIC, number, born)
    assert found.sex == ("男" if serial % 2 else "女")
    assert found.warnings == ()


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(born: date, serial: int, place: int, shift: int) -> None:
    number = with_digit(f"450202{born:%Y%m%d}{serial:03d}")
    if number[place] == "X":
        wrong = number[:place] + str(shift)
    else:
        wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Refusal) as caught:
        identity.check_identity(RIC, wrong, today=TODAY)
    assert caught.value.code in ("identity.check_digit", "identity.date", "identity.future")


def test_somebody_born_before_1983_under_an_old_division_code_is_accepted() -> None:
    number = with_digit("45222319650304" + "123")
    assert identity.check_identity(RIC, number, today=TODAY).warnings == ()


def test_an_unknown_place_is_a_warning_only() -> None:
    assert identity.check_identity(RIC, with_digit("00000019900101001"), today=TODAY).warnings == ("place",)


def test_fifteen_digits_become_eighteen_of_the_same_person() -> None:
    eighteen = with_digit("45020219650304123")
    fifteen = eighteen[:6] + eighteen[8:17]
    old, new = (identity.check_identity(RIC, text, today=TODAY) for text in (fifteen, eighteen))
    assert old.number == eighteen
    assert identity.same_person(old, new)
    assert not identity.same_person(old, identity.check_identity("护照", "E12345678"))


def test_full_width_and_small_x_are_read() -> None:
    number = next(n for n in (with_digit(f"45020219900101{i:03d}") for i in range(100)) if n.endswith("X"))
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number.lower())
    for text in (number.lower(), wide, f" {number[:6]} {number[6:]} ", "　" + number):
        assert identity.check_identity(RIC, text, today=TODAY).number == number


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("星球证", "1", "identity.kind"),
        (RIC, "  ", "identity.blank"),
        (RIC, "12345", "identity.shape"),
        (RIC, "4502021990010100X1", "identity.shape"),
        (RIC, "450202199002300012", "identity.date"),
        (RIC, with_digit("45020220270101001"), "identity.future"),
        (RIC, with_digit("45020218990101001"), "identity.future"),
        (RIC, "450202990230001", "identity.date"),
        ("护照", "护照", "identity.shape"),
        ("港澳居民来往内地通行证", "A12345678", "identity.shape"),
        ("台湾居民来往大陆通行证", "123", "identity.shape"),
        ("外国人永久居留身份证", "12345", "identity.shape"),
        ("军官证", "1", "identity.shape"),
        (RIC, "\ud800", "identity.shape"),
        (RIC, "\x00", "identity.shape"),
    ],
)
def test_what_is_refused(kind: str, text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        identity.check_identity(kind, text, today=TODAY)
    assert (caught.value.code, caught.value.status, caught.value.clause) == (code, 422, "三（二）")
    assert caught.value.sentence()
    assert caught.value.advice()


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("港澳居民来往内地通行证", "h12345678", "H12345678"),
        ("03", "M1234567801", "M1234567801"),
        ("台湾居民来往大陆通行证", "12345678", "12345678"),
        ("台胞证", "1234567890A", "1234567890A"),
        ("外国人永久居留身份证", "usa123456789012", "USA123456789012"),
        ("护照", "e 1234 5678", "E12345678"),
        ("军官证", "南字第1234567号", "南字第1234567号"),
    ],
)
def test_other_documents(kind: str, text: str, kept: str) -> None:
    found = identity.check_identity(kind, text, today=TODAY)
    assert (found.number, found.born, found.sex) == (kept, None, "")


@pytest.mark.parametrize("place", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macao_and_taiwan_carry_a_check_digit(place: str) -> None:
    number = with_digit(f"{place}19900101001")
    found = identity.check_identity("港澳台居民居住证", number, today=TODAY)
    assert (found.born, found.sex, found.warnings) == (date(1990, 1, 1), "男", ())


def test_the_new_permanent_residence_card_is_read_like_a_resident_number() -> None:
    number = with_digit("91184019900101001")
    found = identity.check_identity("外国人永久居留身份证", number, today=TODAY)
    assert (found.born, found.warnings) == (date(1990, 1, 1), ())


def test_without_a_day_the_future_is_not_judged() -> None:
    assert identity.check_identity(RIC, with_digit("45020220990101001")).born == date(2099, 1, 1)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("450202199001010011", "450202********0011"),
        ("E12345678", "E1*****78"),
        ("E1234", "E***4"),
        ("E123", "E**3"),
        ("E1", "**"),
        ("", "*"),
    ],
)
def test_masking(number: str, shown: str) -> None:
    assert identity.mask(number) == shown


def test_a_short_number_is_not_shown_by_its_mask() -> None:
    for number in ("1", "12", "123", "1234"):
        assert number not in identity.mask(number)


def test_credit_codes() -> None:
    assert identity.check_credit_code(" 91110000600037341l ".upper()) == "91110000600037341L"
    with pytest.raises(Refusal) as caught:
        identity.check_credit_code("91110000600037341X")
    assert (caught.value.code, caught.value.status) == ("credit_code", 422)
