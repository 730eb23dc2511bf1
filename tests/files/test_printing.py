"""Printed documents: every ideograph of GB 18030-2022 shows, data stays data, required items stand on the page."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from jiangheng.files import printing
from jiangheng.rules.refusal import Refusal

ROOMS = Path(printing.__file__).resolve().parent.parent
# The 87,887 ideographs of implementation level 3: the blocks as they stood in Unicode 11.
LEVEL_3 = (
    (0x4E00, 0x9FEF),
    (0x3400, 0x4DB5),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
)
COMPATIBLE = "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"
NOON = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)
PLAIN = '#import "/shared/official.typ": *\n#show: official\n#set text(font: fang)\n#json("/data.json").text'
CANDIDATE = {
    "name": "罗𠮷祥",
    "identity_kind": "居民身份证",
    "identity_number": "45020319900307212X",
    "number": "2645020100100001",
    "occupation": "电工",
    "job": "",
    "level": "四级/中级工",
    "site": "示范考点",
    "address": "示范路 88 号",
    "photo": "",
    "qr": "qr.svg",
    "sessions": [{"subject": "理论知识", "time": "2026年10月17日 09:00", "room": "第1考场", "seat": "07"}],
}
CERTIFICATE = {
    "body": "柳州示范社会培训评价组织",
    "name": "阿卜杜勒·买买提",
    "identity_kind": "居民身份证",
    "identity_number": "45020319900307212X",
    "occupation": "电工",
    "job": "",
    "level": "四级/中级工",
    "number": "S000045000001264000001",
    "issued_on": "2026年10月27日",
    "photo": "",
    "qr": "qr.svg",
}


@pytest.fixture
def plain(tmp_path):
    path = tmp_path / "plain.typ"
    path.write_text(PLAIN, "utf-8")
    return path


def read(pdf: bytes) -> str:
    shown = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return shown.stdout.decode()


def squeezed(text: str) -> str:
    return "".join(text.split())


def level_3() -> str:
    return COMPATIBLE + "".join(chr(code) for first, last in LEVEL_3 for code in range(first, last + 1))


def tickets(count: int) -> bytes:
    rows = [{**CANDIDATE, "number": f"26450201001{index:05d}"} for index in range(count)]
    data = {"body": "示范机构", "plan": "LZ-1", "results_url": "https://example.invalid/", "tickets": rows}
    template = ROOMS / "sittings" / "typst" / "tickets.typ"
    return printing.render_batches(
        template, data, "tickets", {"qr.svg": printing.qr_svg("26450201001")}, made_at=NOON, size=25
    )


def test_every_ideograph_of_the_standard_has_a_glyph():
    text = level_3()
    assert len(text) == 87887
    assert printing.missing_glyphs(text) == set()


def test_rare_ideographs_come_out_of_the_pdf_as_they_went_in(plain):
    # One in twenty-three over every block, with each block's last.
    text = level_3()[::23] + "".join(chr(last) for _first, last in LEVEL_3) + "𠮷·"
    pdf = printing.render(plain, {"text": text})
    assert set(squeezed(read(pdf))) == set(text)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fonts = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/FontDescriptor" in item]
        assert fonts
        for font in fonts:
            assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"].keys())


@pytest.mark.parametrize("character", ["\U0002ebf0", "\ue000", "\ud800", "😀"])
def test_a_character_without_a_glyph_is_refused_not_printed_as_a_box(plain, character):
    with pytest.raises(Refusal) as refused:
        printing.render(plain, {"text": [f"张{character}"]})
    assert (refused.value.code, refused.value.status) == ("printing.glyphs", 422)
    assert f"U+{ord(character):04X}" in refused.value.sentence()
    assert "张" not in refused.value.sentence()
    assert refused.value.remedy


def test_a_font_the_site_adds_is_used_at_once(plain, settings, tmp_path):
    settings.VAR = tmp_path
    lacking = "\U0002ebf0"
    assert printing.missing_glyphs(lacking) == {lacking}
    (tmp_path / "fonts").mkdir()
    with TTFont(printing.SHIPPED / "RareHanG.ttf", lazy=True) as font:
        lent = min(font.getBestCmap())
        cutter = subset.Subsetter()
        cutter.populate(unicodes=[lent])
        cutter.subset(font)
        for table in font["cmap"].tables:
            table.cmap = {ord(lacking): name for name in table.cmap.values()}
        font["name"].setName("Site Names", 1, 3, 1, 0x409)
        font["name"].setName("Site Names", 16, 3, 1, 0x409)
        font.save(tmp_path / "fonts" / "site.ttf")
    assert squeezed(read(printing.render(plain, {"text": f"张{lacking}"}))) == f"张{lacking}"


def test_a_file_that_is_no_font_promises_nothing(plain, settings, tmp_path):
    settings.VAR = tmp_path
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "broken.ttf").write_bytes(b"not a font")
    with pytest.raises(Refusal):
        printing.render(plain, {"text": "\U0002ebf0"})
    assert "张" in read(printing.render(plain, {"text": "张"}))


@pytest.mark.parametrize(
    "text",
    [
        '#import "/data.json": *',
        '"] #panic("x") [',
        "\\u{41} \\ \\#",
        "@ref <label> $x$ *b* _i_ `c`",
        "甲\n乙",
        "= x",
        "//x",
    ],
)
def test_data_is_never_source(plain, text):
    assert squeezed(read(printing.render(plain, {"text": text}))) == squeezed(text)


def test_a_template_sees_only_its_own_folder(tmp_path):
    template = tmp_path / "out.typ"
    template.write_text('#read("/etc/hostname") #read("/../data.json")', "utf-8")
    with pytest.raises(RuntimeError):
        printing.render(template, {})


@pytest.mark.parametrize("name", ["../x.png", "/x.png", "", "a/b.png", ".x"])
def test_picture_names_cannot_leave_the_folder(plain, name):
    with pytest.raises(ValueError, match="picture name"):
        printing.render(plain, {"text": "甲"}, {name: b""})


def test_the_same_input_gives_the_same_bytes(plain):
    first, second = (printing.render(plain, {"text": "甲"}, made_at=NOON) for _ in range(2))
    assert first == second


def test_tickets_are_one_page_each_in_order():
    pdf = tickets(60)
    pages = read(pdf).split("\f")[:-1]
    assert len(pages) == 60
    for index, page in enumerate(pages):
        assert f"26450201001{index:05d}" in page
    shown = squeezed(pages[0])
    for item in (
        "罗𠮷祥",
        "45020319900307212X",
        "电工",
        "--",
        "四级/中级工",
        "示范考点",
        "理论知识",
        "第1考场",
        "07",
        "考场规则",
    ):
        assert item in shown


def test_a_certificate_carries_every_required_item():
    template = ROOMS / "certificates" / "typst" / "certificate.typ"
    data = {"watermark": "", "certificates": [CERTIFICATE]}
    pdf = printing.render(template, data, {"qr.svg": printing.qr_svg("x")}, made_at=NOON, archival=True)
    shown = squeezed(read(pdf))
    required = (
        "职业技能等级证书",
        "本证书由柳州示范社会培训评价组织颁发",
        "评价机构名称",
        "发证日期",
        "2026年10月27日",
        "姓名",
        "阿卜杜勒·买买提",
        "证件类型",
        "居民身份证",
        "证件号码",
        "45020319900307212X",
        "职业名称",
        "电工",
        "工种/职业方向",
        "--",
        "职业技能等级",
        "四级/中级工",
        "证书编号",
        "S000045000001264000001",
        "http://jndj.osta.org.cn",
        "http://pjjg.osta.org.cn",
    )
    assert [item for item in required if item not in shown] == []
    assert "国家" not in shown
    assert "职业资格" not in shown
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert [float(side) for side in opened.pages[0].mediabox[2:]] == pytest.approx([595.28, 841.89], abs=0.1)
        assert opened.open_metadata().get("pdfaid:part") == "2"


def test_a_demonstration_certificate_says_so():
    template = ROOMS / "certificates" / "typst" / "certificate.typ"
    for words, times in (("示范数据 非正式证书", 3), ("", 0)):
        data = {"watermark": words, "certificates": [CERTIFICATE]}
        shown = read(printing.render(template, data, {"qr.svg": printing.qr_svg("x")}))
        assert shown.count("非") == times


def test_receipts_and_handover_sheets_are_one_page_each():
    receipt = {
        "number": "SJ-1",
        "paid_on": "2026年9月30日",
        "payer": "示范学校",
        "body": "示范机构",
        "method": "银行转账",
        "reference": "1",
        "lines": [{"item": "理论知识考试费", "basis": "示范标准", "count": "60", "amount": "2400.00"}],
        "total": "2400.00",
        "total_words": "贰仟肆佰元整",
        "label": "演示数据",
        "qr": "",
    }
    handover = {
        "number": "JJ-1",
        "request": "YJ-1",
        "body": "示范机构",
        "occupation": "电工",
        "level": "四级/中级工",
        "subject": "理论知识",
        "exam_time": "2026年10月17日 09:00",
        "moved_at": "2026年10月16日 09:30",
        "deed": "发放",
        "place": "保密室",
        "packages": [{"code": "A-01", "papers": "31", "sheets": "31", "seal": "完好"}],
        "givers": ["韦某", "覃某"],
        "takers": ["莫某", "蓝某"],
        "remarks": "",
    }
    for room, name, data, item in (
        ("fees", "receipt.typ", {"receipts": [receipt]}, "贰仟肆佰元整"),
        ("papers", "handover.typ", {"handovers": [handover]}, "A-01"),
    ):
        text = read(printing.render(ROOMS / room / "typst" / name, data))
        assert text.count("\f") == 1
        assert item in squeezed(text)
