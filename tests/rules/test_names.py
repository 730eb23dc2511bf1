"""Names: every ideograph of GB 18030-2022 is kept byte for byte: 三（二）."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.readers import names, text
from jiangheng.rules.refusal import Refusal

BLOCKS = {
    "unified": (0x4E00, 0x9FFF),
    "A": (0x3400, 0x4DBF),
    "B": (0x20000, 0x2A6DF),
    "C": (0x2A700, 0x2B739),
    "D": (0x2B740, 0x2B81D),
    "E": (0x2B820, 0x2CEA1),
    "F": (0x2CEB0, 0x2EBE0),
    "G": (0x30000, 0x3134A),
    "H": (0x31350, 0x323AF),
    "I": (0x2EBF0, 0x2EE5D),
    "compatibility": (0xF900, 0xFAD9),
    "compatibility supplement": (0x2F800, 0x2FA1D),
    "zero": (0x3007, 0x3007),
}


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_is_accepted_at_both_ends(block: str) -> None:
    for point in BLOCKS[block]:
        assert names.check_name("王" + chr(point)) == "王" + chr(point)


@given(
    st.lists(st.sampled_from(list(BLOCKS.values())).flatmap(lambda ends: st.integers(*ends)), min_size=1, max_size=50)
)
def test_ideographs_are_never_replaced(points: list[int]) -> None:
    name = "".join(map(chr, points))
    assert names.check_name(name) == name


@given(st.text(max_size=60))
def test_any_text_is_kept_or_refused_and_what_is_kept_stays(raw: str) -> None:
    try:
        name = names.check_name(raw)
    except Refusal:
        return
    assert names.check_name(name) == name
    assert name.encode("utf-8")
    assert "\x00" not in name


@pytest.mark.parametrize("dot", "·•・‧∙⋅・．.。●﹒˙｡･⸱")
def test_dots_become_the_middle_dot(dot: str) -> None:
    assert names.check_name(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  王 伟 ", "王伟"),
        ("　王　伟　", "王伟"),
        ("\u00a0王伟\u00a0", "王伟"),
        ("Mary Ann O'Neil-Smith Jr.", "Mary Ann O'Neil-Smith Jr."),
        ("José", "José"),
        ("𠮷田", "𠮷田"),
        ("吉田", "吉田"),
        ("邊\U000e0100", "邊\U000e0100"),
        ("覃㛃", "覃㛃"),
        ("韦𬭎𬱖", "韦𬭎𬱖"),
        ("王\u200b伟", "王伟"),
        ("王\u202e伟", "王伟"),
        ("韦明\r\n", "韦明"),
        ("韦明_x000D_", "韦明"),
        ("'韦明", "韦明"),
        ("阿布都··买买提", "阿布都·买买提"),
        ("阿布都 · 买买提", "阿布都·买买提"),
        ("O’Neil‐Smith", "O'Neil-Smith"),
        ("ＪＯＨＮ Ｓｍｉｔｈ", "JOHN Smith"),
        ("John\u00a0 Smith", "John Smith"),
        ("韦𱍐", "韦𱍐"),
    ],
)
def test_what_is_kept(text: str, kept: str) -> None:
    assert names.check_name(text) == kept


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "name.blank"),
        (" 　 ", "name.blank"),
        ("王" * 51, "name.long"),
        ("王1", "name.character"),
        ("王<b>", "name.character"),
        ("王\x00", "name.character"),
        ("王\n伟", "name.character"),
        ("王\ud800", "name.character"),
        ("·王", "name.character"),
        ("王·", "name.character"),
        ("-王", "name.character"),
        ("王-伟", "name.dot"),
        ("\ufe00", "name.character"),
        ("\u0301a", "name.character"),
        ("=王", "name.character"),
        ("王１", "name.character"),
        ("😀", "name.character"),
        ("王\U000323b0", "name.character"),
        ("王\U0002ee5e", "name.character"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        names.check_name(text)
    assert (caught.value.code, caught.value.clause) == (code, "三（二）")


def test_the_place_of_the_wrong_character_is_told() -> None:
    with pytest.raises(Refusal) as caught:
        names.check_name("王伟3")
    assert caught.value.sentence() == "姓名第3个字不能用于姓名。"


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("阿依古丽·买买提", ()),
        ("阿依古丽.买买提", ("dot",)),
        ("王 伟", ("spaces",)),
        ("\u200b王伟\n", ("invisible", "line_end")),
        ("'王伟", ("kept_as_text",)),
        ("O’Neil", ("apostrophe",)),
        ("Ann‐Marie", ("hyphen",)),
    ],
)
def test_what_was_tidied_is_said(raw: str, tidied: tuple[str, ...]) -> None:
    found = names.read(raw)
    assert set(found.tidied) == set(tidied)
    assert all(text.TIDIED[code] for code in found.tidied)


@given(st.text(max_size=30))
def test_a_name_kept_changed_is_never_changed_in_silence(raw: str) -> None:
    found = names.read(raw)
    assert found.refusal is not None or found.tidied or found.value == raw


@pytest.mark.parametrize(
    "typed",
    ["阿依古丽.买买提", "阿依古丽·买买提\u200b", "阿依古丽 ● 买买提", "“阿依古丽・买买提”", "阿依古丽﹒买买提\n"],
)
def test_a_name_is_known_again_however_it_is_typed(typed: str) -> None:
    assert names.key(typed) == names.key("阿依古丽·买买提")
    assert names.key(typed) != names.key("阿依古丽·买买买")
