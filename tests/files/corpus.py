"""Uploads made for the tests: honest ones, and the abuses of every kind."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image

GPS_NAME = 0x8825


def upload(data: bytes, name: str = "上传.bin") -> SimpleUploadedFile:
    """``data`` as a browser would send it, with a lying content type."""
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def picture(width: int = 480, height: int = 640, form: str = "JPEG", **given: object) -> bytes:
    """A noisy picture, so that its file is as heavy as a real photo."""
    made = Image.effect_noise((width, height), 60).convert("RGB")
    written = io.BytesIO()
    made.save(written, form, **given)
    return written.getvalue()


def picture_with_place() -> bytes:
    """A photo whose EXIF names the camera and says where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    exif.get_ifd(GPS_NAME)[1] = "N"
    exif.get_ifd(GPS_NAME)[2] = (24.0, 19.0, 33.0)
    return picture(640, 480, exif=exif)


def pixel_bomb() -> bytes:
    """A PNG of a few kilobytes that claims 30000×30000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = (30_000).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 90_000))
        + chunk(b"IEND", b"")
    )


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, pages: int = 1, **saving: object) -> bytes:
    """A PDF of blank pages, changed by ``change`` before it is written."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    if change:
        change(made)
    written = io.BytesIO()
    made.save(written, **saving)
    return written.getvalue()


def script_on_open(made: pikepdf.Pdf) -> None:
    """JavaScript that runs when the file is opened."""
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def script_on_page(made: pikepdf.Pdf) -> None:
    """JavaScript in a page's additional actions, three dictionaries down."""
    made.pages[0].obj.AA = pikepdf.Dictionary(
        O=pikepdf.Dictionary(S=pikepdf.Name.Rendition, Next=pikepdf.Dictionary(JS="app.alert(1)"))
    )


def script_in_names(made: pikepdf.Pdf) -> None:
    """JavaScript in the document's name tree, as an indirect object."""
    script = made.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
    made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", script])))


def launches(made: pikepdf.Pdf) -> None:
    """A link that starts a program."""
    made.pages[0].obj.Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"),
            )
        ]
    )


def carries_a_file(made: pikepdf.Pdf) -> None:
    """An embedded file."""
    made.attachments["evil.exe"] = b"MZ"


def workbook(rows: list[list[object]], sheets: int = 1) -> bytes:
    """An xlsx with ``rows`` on every one of ``sheets`` sheets."""
    book = Workbook()
    for index in range(sheets):
        sheet = book.active if index == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes], add: dict[str, bytes] | None = None) -> bytes:
    """The package with every part put through ``change(name, content)`` and the parts of ``add`` added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return written.getvalue()


def zip_bomb(megabytes: int = 400) -> bytes:
    """A workbook whose shared strings grow to ``megabytes`` when unpacked."""
    return repacked(workbook([["a"]]), lambda _name, content: content, {"xl/media/a.xml": b" " * (megabytes << 20)})


def lying_zip_bomb() -> bytes:
    """The same, but its directory claims that the part has one byte."""
    data = bytearray(zip_bomb(60))
    entry = data.rindex(b"xl/media/a.xml") - 46
    data[entry + 24 : entry + 28] = (1).to_bytes(4, "little")
    return bytes(data)


def far_corner() -> bytes:
    """Two cells: A1 and XFD1048576, so that a dense reader would make 17 thousand million cells."""

    def stretch(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        return content.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')

    return repacked(workbook([["a"]]), stretch)


def wide(columns: int) -> bytes:
    """One row of cells without references, ``columns`` in all."""

    def fill(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        return content.replace(b"</sheetData>", b"<row>" + b"<c/>" * columns + b"</row></sheetData>")

    return repacked(workbook([["a"]]), fill)


def crowded(cells: int) -> bytes:
    """One row after another of empty cells without references, ``cells`` in all."""
    rows = b"<row>" + b"<c/>" * 1000 + b"</row>"

    def fill(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        return content.replace(b"</sheetData>", rows * (cells // 1000) + b"</sheetData>")

    return repacked(workbook([["a"]]), fill)


def laughing() -> bytes:
    """Entities that unfold a thousand million times (billion laughs) in the shared strings."""
    entities = b"".join(
        b'<!ENTITY l%d "%s">' % (depth, (b"&l%d;" % (depth - 1)) * 10 if depth else b"lol") for depth in range(10)
    )
    declared = b'<?xml version="1.0"?><!DOCTYPE sst [' + entities + b"]>"
    bomb = declared + b"<sst><si><t>&l9;</t></si></sst>"
    return repacked(workbook([["a"]]), lambda _name, content: content, {"xl/sharedStrings.xml": bomb})
