"""Whose photo a file is: by the one valid number in its name, however it is named (三（二）4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from jiangheng.rules.roster import photo_names

NUMBER, OTHER, ENDS_IN_X, OLD = "450224199204112810", "450224199204112837", "45022419920411279X", "450224920411281"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        (f"{NUMBER}.jpg", NUMBER),
        (f"韦一明{NUMBER}.jpg", NUMBER),
        (f"{NUMBER}-韦一明.JPG", NUMBER),
        (f"{NUMBER}_韦一明_高级工.png", NUMBER),
        (f"01 韦一明 {NUMBER}.jpeg", NUMBER),
        (f"01{NUMBER}.jpeg", NUMBER),
        (f"韦一明（{NUMBER}）.jpg", NUMBER),
        (f"{NUMBER} (1).jpg", NUMBER),
        (f"{NUMBER}（2）.jpg", NUMBER),
        (f"{NUMBER} - 副本.jpg", NUMBER),
        (f"{NUMBER}_copy2.jpg", NUMBER),
        (f"{NUMBER}.jpg.jpg", NUMBER),
        (f"{NUMBER}.heic", NUMBER),
        (NUMBER, NUMBER),
        ("４５０２２４１９９２０４１１２８１０.jpg", NUMBER),
        ("450224 19920411 2810 韦一明.jpg", NUMBER),
        ("450224-19920411-2810.jpg", NUMBER),
        (f"韦一明13800000000,{NUMBER}.jpg", NUMBER),
        (f"{NUMBER}13800000000.jpg", NUMBER),
        ("韦世明45022419920411279x.jpg", ENDS_IN_X),
        ("45022419920411279×.jpg", ENDS_IN_X),
        ("45022419920411279Ｘ.jpg", ENDS_IN_X),
        ("H12345678陈大文.jpg", "H12345678"),
        ("E12345678.jpg", "E12345678"),
    ],
)
def test_the_one_number_in_a_name_is_taken(name: str, number: str) -> None:
    assert photo_names.numbers(name) == (number,)


def test_a_number_of_fifteen_digits_is_the_same_person() -> None:
    assert photo_names.numbers(f"韦一明{OLD}.jpg") == photo_names.numbers(f"{OLD}.jpg")
    assert len(photo_names.numbers(f"{OLD}.jpg")[0]) == 18


@pytest.mark.parametrize("name", [f"{NUMBER}和{OTHER}.jpg", f"{NUMBER} {OTHER}.jpg", f"{NUMBER}{OTHER}.jpg"])
def test_two_numbers_are_both_told(name: str) -> None:
    assert set(photo_names.numbers(name)) == {NUMBER, OTHER}


@pytest.mark.parametrize(
    "name", ["照片要求.txt", "集体照.jpg", "说明2026.docx", "考生名单20261124.xlsx", "wx_12.jpg", ".jpg"]
)
def test_a_name_without_a_number_tells_nobody(name: str) -> None:
    assert photo_names.numbers(name) == ()


@given(some.text(max_size=60))
def test_any_name_is_read_without_harm(name: str) -> None:
    assert all(isinstance(each, str) and each for each in photo_names.numbers(name))
