"""What senders really have: taken as they are, mended and saved clean, or named with the way out (三（二）)."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from jiangheng.files import content, limits, workbooks, worksheets
from jiangheng.rules import roster
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force
from tests.files import corpus

BOUNDS = limits.of(in_force(date(2026, 11, 24)))
HERE = Path(__file__).parent
HEADING = ["姓名", "证件类型", "身份证号", "性别", "民族", "文化程度", "手机号码", "考生申报条件"]
ROW = ["韦且明", "居民身份证", "450202198001010075", "男", "壮族", "高中", "13800000000", "4-1"]


def taken(data: bytes, purpose: str = "proof") -> bytes:
    return content.check(data, purpose=purpose, limits=BOUNDS).data


def refused(data: bytes, purpose: str = "proof") -> Refusal:
    with pytest.raises(Refusal) as found:
        taken(data, purpose)
    assert found.value.advice()
    return found.value


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("L")


def page() -> Image.Image:
    """A grey page with a black band: what a blank conversion would lose."""
    made = Image.new("L", (300, 400), 230)
    made.paste(20, (50, 100, 250, 150))
    return made


def png16(values: Image.Image, scale: int, colour: int = 0, clear: int | None = None) -> bytes:
    """A PNG of 16 bits a channel (``colour`` 0 grey, 2 RGB, 4 grey with alpha) from 8-bit grey times ``scale``."""
    rows = []
    for y in range(values.height):
        line = bytearray(b"\0")
        for x in range(values.width):
            value = struct.pack(">H", values.getpixel((x, y)) * scale)
            line += {0: value, 2: value * 3, 4: value + b"\xff\xff"}[colour]
        rows.append(bytes(line))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = struct.pack(">IIBBBBB", values.width, values.height, 16, colour, 0, 0, 0)
    extra = chunk(b"tRNS", struct.pack(">H", clear)) if clear is not None else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + chunk(b"IEND", b"")
    )


def saved(picture: Image.Image, form: str = "PNG", **given: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **given)
    return written.getvalue()


def with_alpha(ink: int) -> bytes:
    """Ink of one grey on a transparent ground."""
    made = Image.new("LA", (300, 400), (0, 0))
    made.paste((ink, 255), (50, 100, 250, 150))
    return saved(made)


@pytest.mark.parametrize(
    ("data", "ground", "ink"),
    [
        (png16(page(), 257), 230, 20),
        (png16(page(), 257, colour=2), 230, 20),
        (png16(page(), 257, colour=4), 230, 20),
        (png16(page(), 16), 230, 20),
        (png16(page(), 257, clear=230 * 257), 255, 20),
        (saved(page().convert("1")), 255, 0),
        (saved(page().convert("P")), 230, 20),
        (saved(page().convert("CMYK"), "JPEG"), 230, 20),
        (saved(page(), "WEBP", lossless=True), 230, 20),
        (saved(page(), "AVIF", quality=90), 230, 20),
        (with_alpha(0), 255, 0),
        (with_alpha(255), 0, 255),
    ],
    ids=[
        "grey16",
        "rgb16",
        "greyalpha16",
        "grey12in16",
        "grey16clear",
        "bits",
        "palette",
        "cmyk",
        "webp",
        "avif",
        "inkonclear",
        "whiteonclear",
    ],
)
def test_a_picture_of_any_depth_keeps_what_is_on_it(data: bytes, ground: int, ink: int) -> None:
    made = opened(taken(data))
    assert abs(made.getpixel((20, 20)) - ground) < 30
    assert abs(made.getpixel((150, 125)) - ink) < 30


def test_a_long_screenshot_stays_wide_enough_to_be_read() -> None:
    assert opened(taken(corpus.picture(1080, 9000, quality=30))).width > 900


def test_a_high_efficiency_photo_of_a_phone_is_taken_upright_and_without_its_metadata() -> None:
    data = taken((HERE / "phone.heic").read_bytes(), "photo")
    with Image.open(io.BytesIO(data)) as made:
        assert (made.format, made.size, dict(made.getexif())) == ("JPEG", (300, 400), {})
        red, _green, blue = made.convert("RGB").getpixel((150, 20))
    assert blue - red > 100


def test_a_picture_that_is_several_is_not_cut_to_one_in_silence() -> None:
    frames = [page(), page().rotate(180)]
    for form in ("PNG", "WEBP"):
        data = saved(frames[0], form, save_all=True, append_images=frames[1:])
        assert refused(data).code == "picture.frames"


def packed(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return written.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "purpose", "word"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 4000, "photo", "HEIC"),
        (packed(OFD_dot_xml=b"<ofd/>"), "proof", "OFD"),
        (packed(word__document_dot_xml=b"<w/>"), "proof", "Word"),
        (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "roster", "Word"),
        (packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "roster", "OpenDocument"),
        (packed(Index__Document_dot_iwa=b"x"), "roster", "Numbers"),
        (packed(xl__workbook_dot_bin=b"x"), "roster", "xlsb"),
        (packed(a_dot_jpg=b"x"), "roster", "zip"),
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 99, "photo", "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 99, "proof", "7z"),
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 99, "roster_photos", "RAR"),
        (b"{\\rtf1 x}", "roster", "RTF"),
        (b"II*\0" + b"x" * 99, "proof", "TIFF"),
        (b"GIF89a" + b"x" * 99, "photo", "GIF"),
        (b"\0\0\0\x14ftypqt  " + b"x" * 99, "photo", "视频"),
        (b"<html><p>x</p></html>", "proof", "网页"),
        (b"\0" * 3000, "proof", "空白"),
        (b"\x00\x05\x16\x07" + b"x" * 99, "photo", "._"),
        (corpus.pdf(), "photo", "PDF"),
        (corpus.workbook([["a"]]), "proof", "表格"),
    ],
)
def test_a_well_known_stranger_is_named_and_told_the_way(data: bytes, purpose: str, word: str) -> None:
    why = refused(data, purpose)
    assert word in why.sentence() + why.advice()


def written(made: pikepdf.Pdf) -> None:
    for each in made.pages:
        each.Contents = made.make_stream(b"BT /F1 12 Tf (kept) Tj ET " * 50)


WHOLE = corpus.pdf(written, pages=3)


@pytest.mark.parametrize(
    "data",
    [
        corpus.pdf(written, pages=3, encryption=pikepdf.Encryption(owner="a", user="")),
        WHOLE + b"\0" * 5120,
        WHOLE + b"\x1a\r\n \r\n",
        WHOLE + b"\r\n--boundary--\r\n",
        b"\r\n\xef\xbb\xbf" + WHOLE,
        b"X-Scanner: model 7\r\n" + WHOLE,
        re.sub(rb"startxref\s+\d+", b"startxref\n17", WHOLE),
        WHOLE.rpartition(b"%%EOF")[0],
        WHOLE.replace(b"\n", b"\r\n"),
        re.sub(rb"/Length \d+", b"/Length 3", WHOLE),
    ],
    ids=["owner", "zeros", "ctrlz", "boundary", "mark", "line", "startxref", "noeof", "crlf", "length"],
)
def test_a_pdf_that_every_reader_opens_is_kept_clean(data: bytes) -> None:
    kept = taken(data)
    assert kept.startswith(b"%PDF-")
    with pikepdf.open(io.BytesIO(kept), attempt_recovery=False) as pdf:
        assert not pdf.is_encrypted
        assert [b"kept" in each.Contents.read_bytes() for each in pdf.pages] == [True] * 3


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (corpus.pdf(corpus.script_on_open, encryption=pikepdf.Encryption(owner="a", user="")), "pdf.active"),
        (b"dirt\r\n" + corpus.pdf(corpus.carries_a_file) + b"\0" * 9, "pdf.active"),
        (WHOLE[: len(WHOLE) * 7 // 10] + b"\nstartxref\n17\n%%EOF", "pdf.broken"),
        (WHOLE[: len(WHOLE) * 7 // 10], "pdf.broken"),
        (WHOLE + b"PK\x03\x04" + b"x" * 99, "pdf.broken"),
        (corpus.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "pdf.locked"),
    ],
)
def test_what_mending_would_lose_or_let_in_is_refused(data: bytes, code: str) -> None:
    assert refused(data).code == code


def book(change: Callable[[str, bytes], bytes] = lambda _name, part: part, **add: bytes) -> bytes:
    return corpus.repacked(corpus.workbook([HEADING, ROW]), change, add)


def renamed(name: Callable[[str], str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(made, "w") as new:
        for each in old.namelist():
            new.writestr(name(each), old.read(each))
    return made.getvalue()


def without(*gone: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(made, "w") as new:
        for each in old.namelist():
            if each not in gone:
                new.writestr(each, old.read(each))
    return made.getvalue()


def coloured_at(reference: str) -> bytes:
    def paint(name: str, part: bytes) -> bytes:
        row = re.sub(r"\D", "", reference).encode()
        cell = b'<row r="%s"><c r="%s" s="0"/></row></sheetData>' % (row, reference.encode())
        return part.replace(b"</sheetData>", cell) if name == "xl/worksheets/sheet1.xml" else part

    return book(paint)


@pytest.mark.parametrize(
    "data",
    [
        renamed(lambda name: name.replace("/", "\\")),
        renamed(lambda name: "/" + name),
        renamed(str.lower),
        renamed(lambda name: name.replace("worksheets/sheet1", "Worksheets/Sheet1")),
        without("[Content_Types].xml"),
        without("docProps/core.xml", "docProps/app.xml", "xl/theme/theme1.xml", "xl/styles.xml"),
        book(lambda name, part: b"<broken" if name == "docProps/core.xml" else part),
        book(lambda name, part: part.replace(b"sheet.main+xml", b"sheet.other+xml")),
        coloured_at("A1048576"),
        coloured_at("XFD9"),
        coloured_at("XFD1048576"),
    ],
    ids=["backslash", "slash", "lower", "case", "types", "optional", "core", "othertype", "bottom", "right", "corner"],
)
def test_an_xlsx_that_spreadsheet_programs_open_is_read(data: bytes) -> None:
    kept = taken(data, "roster")
    rows, _sheet = worksheets.roster_sheet(kept, BOUNDS, checked=True)
    assert [row[: len(ROW)] for row in rows] == [HEADING, ROW]


def test_a_cell_too_far_out_is_named() -> None:
    why = refused(corpus.far_corner(), "roster")
    assert (why.code, "XFD1048576" in why.sentence()) == ("workbook.cells", True)


def test_an_old_xls_is_read_with_what_its_program_shows_beside_the_values() -> None:
    rows, sheet = worksheets.roster_sheet(taken((HERE / "roster.xls").read_bytes(), "roster"), BOUNDS, checked=True)
    assert (sheet.name, len(rows), rows[1][2]) == ("花名册", 3, "450224199204111316")
    assert sheet.others == (("说明", True, True, False), ("旧名单", False, True, False))
    assert (tuple(sheet.struck), tuple(sheet.hidden_rows)) == (((3, 1),), ((3, 3),))


def html(table: str, before: str = "<html><body>") -> str:
    return f"{before}<table>{table}</table></body></html>"


LINES = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (HEADING, ROW))
XML_CELL = '<Cell><Data ss:Type="String">{}</Data></Cell>'
XML_BOOK = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名单"><Table>'
    + "".join("<Row>" + "".join(map(XML_CELL.format, row)) + "</Row>" for row in (HEADING, ROW))
    + "</Table></Worksheet></Workbook>"
)


@pytest.mark.parametrize(
    "data",
    [
        html(LINES).encode(),
        html(LINES).encode("gb18030"),
        html(LINES).encode("utf-16"),
        ("\ufeff" + html(LINES.replace("<td>", "<TD class=x>"), "<HTML><BODY>").replace("table", "TABLE")).encode(),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + html(LINES).encode()
        + b"\r\n--b--\r\n",
        XML_BOOK.encode(),
    ],
    ids=["page", "gbk", "utf16", "capitals", "archive", "xml2003"],
)
def test_a_web_page_called_xls_is_read_as_its_table(data: bytes) -> None:
    kept = taken(data, "roster")
    assert kept.startswith(b"PK")
    rows, _sheet = worksheets.roster_sheet(kept, BOUNDS, checked=True)
    assert rows == [HEADING, ROW]


def test_cells_of_a_web_page_keep_their_columns_where_some_are_joined() -> None:
    lines = "<tr><td rowspan=2>甲<br>乙</td><td>1</td><td colspan=2>2</td><td>3</td></tr><tr><td>4</td></tr>"
    assert workbooks.read(html(lines).encode(), BOUNDS) == [
        ["甲\n乙", "1", "2", None, "3"],
        [None, "4", None, None, None],
    ]


def test_a_web_page_brings_no_entities_and_none_without_a_table() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]>' + XML_BOOK.encode().partition(b"?>")[2]
    assert refused(bomb, "roster").code in ("workbook.broken", "upload.kind")
    assert refused(b"<html><body>frame</body></html>", "roster").code == "upload.kind"


TEXT = "\r\n".join(",".join(row) for row in (HEADING, ROW))


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "|").encode(),
    ],
    ids=["utf16", "utf16be", "le", "be", "utf32", "bom", "gbk", "tabs", "semicolons", "bars"],
)
def test_a_text_in_any_encoding_and_delimiter_is_read(data: bytes) -> None:
    rows, _sheet = worksheets.roster_sheet(taken(data, "roster"), BOUNDS, checked=True)
    assert rows == [HEADING, ROW]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_that_of_the_heading_not_of_the_first_line(delimiter: str) -> None:
    before = "某厂，报名表；共1人;2026年,11月;甲|乙,丙;丁,戊,己,庚,辛,壬\r\n"
    data = (before + TEXT.replace(",", delimiter)).encode()
    rows, _sheet = worksheets.roster_sheet(taken(data, "roster"), BOUNDS, checked=True)
    assert rows[1:] == [HEADING, ROW]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [lines[0], lines[1] + ',"2010年入厂', lines[2] + ",x", lines[3] + ",x"],
        lambda lines: [lines[0], lines[1] + ',"2010年', lines[2] + ',x"', lines[3] + ",x"],
        lambda lines: [lines[0], lines[1] + ',"2010年', lines[2] + ',"x', lines[3] + ",x"],
        lambda lines: [lines[0], '"' + lines[1], lines[2], lines[3]],
    ],
    ids=["never", "inlater", "twice", "first"],
)
def test_a_quotation_mark_that_swallows_rows_is_told(spoil: Callable[[list[str]], list[str]]) -> None:
    lines = [",".join([*HEADING, "经历"]), *[",".join(ROW)] * 3]
    why = refused("\r\n".join(spoil(lines)).encode(), "roster")
    assert (why.code, why.params["row"]) == ("workbook.quote", 2)


def test_marks_that_swallow_nothing_are_read_as_spreadsheet_programs_do() -> None:
    assert workbooks.read('甲,"乙"丙,"丁\n戊, 己",5"管\r\n'.replace("\n戊, 己", "戊").encode(), BOUNDS) == [
        ["甲", "乙丙", "丁戊", '5"管']
    ]
    assert workbooks.read('甲,"一\n二,三"\r\n乙,四\r\n'.encode(), BOUNDS) == [["甲", "一\n二,三"], ["乙", "四"]]


def test_a_spoilt_byte_does_not_turn_a_whole_text_into_other_characters() -> None:
    text = "\r\n".join([TEXT, *[",".join(ROW)] * 40])
    rows = workbooks.read(text.encode() + b",\xe9", BOUNDS)
    assert rows[:2] == [HEADING, ROW]
    assert "\ufffd" in str(rows[-1][-1])


def faults(data: bytes) -> dict[str, roster.RowFault]:
    rows, sheet = worksheets.roster_sheet(data, BOUNDS)
    context = roster.Context(frozenset(["电工"]), 4, _routes(), date(2026, 11, 24), in_force(date(2026, 11, 24)))
    return {each.code: each for each in roster.check_sheet(rows, context, sheet).faults}


def _routes() -> object:
    from jiangheng.rules.conditions.routes import route_set

    return route_set("R2023")


def test_pictures_comments_and_struck_rows_are_told() -> None:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.drawing.image import Image as Drawn
    from openpyxl.styles import Font

    made = load_workbook(io.BytesIO(book()))
    sheet = made.active
    sheet.append(["韦世明", *ROW[1:]])
    sheet["C2"].comment = Comment("号码待核对，本人已换证", "某人")
    sheet["A3"].font = Font(strike=True)
    sheet.add_image(Drawn(io.BytesIO(corpus.picture(30, 40))), "H2")
    stream = io.BytesIO()
    made.save(stream)
    told = faults(stream.getvalue())
    assert (told["cell.comment"].row, told["cell.comment"].letter) == (2, "C")
    assert "本人已换证" in told["cell.comment"].sentence()
    assert (told["row.struck"].row, told["sheet.pictures"].row) == (3, 2)


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="H2"><f>_xlfn.DISPIMG("ID_7",1)</f><v>=DISPIMG("ID_7",1)</v></c>',
        b'<c r="H2"><f>DISPIMG("ID_7",1)</f></c>',
        b'<c r="H2" t="e" vm="1"><v>#VALUE!</v></c>',
        b'<c r="H2" t="inlineStr"><is><t>=DISPIMG("ID_7",1)</t></is></c>',
    ],
    ids=["wps", "uncounted", "office", "text"],
)
def test_a_picture_in_a_cell_is_told_as_a_picture(cell: bytes) -> None:
    def put(name: str, part: bytes) -> bytes:
        return re.sub(rb'<c r="H2".*?</c>', cell, part) if name == "xl/worksheets/sheet1.xml" else part

    told = faults(corpus.repacked(book(), put, {"xl/richData/richValueRel.xml": b"<x/>"}))
    assert told["sheet.pictures"].letter == "H"
    assert {"cell.formula", "cell.error", "text.formula"} & told.keys() == set()


def test_a_table_beside_another_of_the_same_kind_is_not_left_unread_in_silence() -> None:
    rows = [["流水号", "日期", "金额（元）"], ["1", "2026-01-01", "1.00"]]
    with pytest.raises(Refusal) as found:
        worksheets.as_written(corpus.workbook(rows, sheets=2), BOUNDS)
    assert found.value.code == "workbook.sheet"
