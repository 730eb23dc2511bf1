"""Pictures in a roster's own rows are its people's photos (三（二）4): the same checks, the same telling, once."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image as Drawn
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils.units import pixels_to_EMU

from jiangheng.applications import actions
from jiangheng.applications.models import Application, PhotoArchive, Roster
from jiangheng.files.models import StoredFile
from jiangheng.rules.roles import Person
from jiangheng.values.models import Parameter
from tests.applications import cases
from tests.applications.photos import FIRST, SECOND, THIRD, codes_of, photo_of, portrait
from tests.files import corpus

SignIn = Callable[..., Client]
Edit = Callable[[Any], None]


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()
    Parameter.objects.create(key="roster_at_once_kb", value=100_000, valid_from=date(2020, 1, 1))


def lying(row: int, picture: bytes, *, below: float = 0, column: int = 2) -> Edit:
    """A picture that lies over a row (from 1), its upper edge ``below`` of a row's height under the row's own."""

    def put(sheet: Any) -> None:
        drawn = Drawn(io.BytesIO(picture))
        offset = int(below * 15 * 12_700)
        size = XDRPositiveSize2D(pixels_to_EMU(90), pixels_to_EMU(120))
        drawn.anchor = OneCellAnchor(_from=AnchorMarker(col=column, row=row - 1, rowOff=offset), ext=size)
        sheet.add_image(drawn)

    return put


def book(*edits: Edit, rows: int = 3) -> bytes:
    table = [list(line) for line in load_workbook(cases.CLEAN).active.iter_rows(values_only=True)][: rows + 1]
    made = Workbook()
    for line in table:
        made.active.append(line)
    for edit in edits:
        edit(made.active)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("花名册.xlsx", data)


def taken_in(school: Person, now: datetime, data: bytes) -> Roster:
    request = cases.request_of(school)
    return actions.import_roster(by=school, now=now, upload=upload(data), request_id=request.pk)


def codes(roster: Roster) -> set[str]:
    return {each["code"] for each in roster.faults}


def test_a_picture_in_somebodys_row_is_their_photo(school: Person, now: datetime) -> None:
    roster = taken_in(school, now, book(lying(2, portrait()), lying(3, portrait(60), below=0.2)))
    (made,) = roster.archives.all()
    assert (made.from_workbook, made.attached_at) == (True, now)
    assert (made.report["matched"], made.report["new"], made.report["without_count"]) == (2, 2, 1)
    assert codes(roster) == {"sheet.photos"}
    first, second = photo_of(FIRST), photo_of(SECOND)
    assert first is not None
    assert second is not None
    assert first.sha256 != second.sha256
    assert photo_of(THIRD) is None
    assert StoredFile.objects.filter(made_from=first).count() == 4


def test_an_edge_in_the_lower_half_of_a_row_is_the_next_persons(school: Person, now: datetime) -> None:
    taken_in(school, now, book(lying(2, portrait(), below=0.8)))
    assert (photo_of(FIRST), photo_of(SECOND) is None) == (None, False)


def test_pictures_pass_the_checks_of_every_photo_and_the_good_ones_stay(school: Person, now: datetime) -> None:
    roster = taken_in(school, now, book(lying(2, portrait()), lying(3, corpus.picture(640, 480)), lying(4, portrait())))
    (made,) = roster.archives.all()
    assert codes_of(made) == ["photo.shape"]
    assert (made.report["new"], photo_of(SECOND)) == (2, None)
    assert SECOND not in str(made.report)


def test_two_pictures_in_one_row_are_told_and_neither_is_taken(school: Person, now: datetime) -> None:
    roster = taken_in(school, now, book(lying(2, portrait()), lying(2, portrait(60), column=5), lying(3, portrait())))
    (made,) = roster.archives.all()
    assert codes_of(made) == ["photo.twice"]
    assert (photo_of(FIRST), photo_of(SECOND) is None) == (None, False)


def test_a_picture_in_no_persons_row_is_told_and_left(school: Person, now: datetime) -> None:
    roster = taken_in(school, now, book(lying(1, portrait()), lying(40, portrait())))
    assert not roster.archives.exists()
    assert codes(roster) == {"sheet.pictures"}
    assert Application.objects.filter(photo__isnull=False).count() == 0


def in_cell(data: bytes, cell: bytes, parts: dict[str, bytes]) -> bytes:
    """The book with C2 written anew and further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</row>", cell + b"</row>", 2).replace(cell + b"</row>", b"</row>", 1)
            made.writestr(part.filename, content)
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
LINK = (
    b'<Relationship Id="rId1" Target="%s" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
)
R = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
A = b'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
WPS = {
    "xl/cellimages.xml": b'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" '
    b'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" ' + R + b" " + A + b">"
    b'<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_7"/><xdr:cNvPicPr/></xdr:nvPicPr>'
    b'<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>',
    "xl/_rels/cellimages.xml.rels": RELS % (LINK % b"media/image1.jpeg"),
}
OFFICE = {
    "xl/metadata.xml": b'<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:xlrd='
    b'"http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"><futureMetadata name="XLRICHVALUE" count="1">'
    b'<bk><extLst><ext uri="{3e2802c4-a4d2-4d8b-9148-e3be6c30e623}"><xlrd:rvb i="0"/></ext></extLst></bk>'
    b'</futureMetadata><valueMetadata count="1"><bk><rc t="1" v="0"/></bk></valueMetadata></metadata>',
    "xl/richData/rdrichvalue.xml": b'<rvData xmlns="http://schemas.microsoft.com/office/spreadsheetml/2017/richdata">'
    b'<rv s="0"><v>0</v><v>5</v></rv></rvData>',
    "xl/richData/richValueRel.xml": b'<richValueRels xmlns="http://schemas.microsoft.com/office/spreadsheetml/2022/'
    b'richvaluerel" ' + R + b'><rel r:id="rId1"/></richValueRels>',
    "xl/richData/_rels/richValueRel.xml.rels": RELS % (LINK % b"../media/image1.jpeg"),
}


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        (b'<c r="AG2" t="str"><f>_xlfn.DISPIMG("ID_7",1)</f><v>=DISPIMG("ID_7",1)</v></c>', WPS),
        (b'<c r="AG2" t="e" vm="1"><v>#VALUE!</v></c>', OFFICE),
    ],
    ids=["wps", "office"],
)
def test_a_picture_that_is_a_cells_value_is_that_persons_photo(
    school: Person, now: datetime, cell: bytes, parts: dict[str, bytes]
) -> None:
    plain = book()
    with zipfile.ZipFile(io.BytesIO(plain)) as package:
        assert b'r="AG2"' not in package.read("xl/worksheets/sheet1.xml")
    roster = taken_in(school, now, in_cell(plain, cell, {**parts, "xl/media/image1.jpeg": portrait()}))
    assert codes(roster) == {"sheet.photos"}
    assert photo_of(FIRST) is not None
    assert roster.archives.get().report["new"] == 1


DRAWING, SHEET = "xl/drawings/drawing1.xml", "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "written", "instead"),
    [
        (DRAWING, rb"(<(?:\w+:)?row>)\d+<", rb"\1x<"),
        (DRAWING, rb"(<(?:\w+:)?row>)\d+<", rb"\1-7<"),
        (DRAWING, rb"(<(?:\w+:)?col>)\d+<", rb"\g<1>" + b"9" * 5000 + b"<"),
        (DRAWING, rb"(<(?:\w+:)?rowOff>)\d+<", rb"\1nan<"),
        (SHEET, rb'<row r="2"', b'<row r="zz" ht="3"'),
        (SHEET, rb'<row r="2"', b'<row r="2" ht="x"'),
    ],
)
def test_a_package_that_counts_wrongly_is_read_or_refused_and_never_a_failure(
    school: Person, now: datetime, client_for: SignIn, part: str, written: bytes, instead: bytes
) -> None:
    request, out = cases.request_of(school), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(lying(2, portrait())))) as old, zipfile.ZipFile(out, "w") as made:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                content, count = re.subn(written, instead, content)
                assert count
            made.writestr(name, content)
    given = {"file": upload(out.getvalue()), "target": f"request-{request.pk}", "mode": "add"}
    answer = client_for(school, now).post(reverse("applications:roster_upload"), given)
    assert answer.status_code in (302, 422)


def test_pictures_wait_for_the_confirmation_and_are_kept_once(
    school: Person, now: datetime, client_for: SignIn
) -> None:
    request = cases.request_of(school)
    roster = actions.check_roster(by=school, now=now, upload=upload(book(lying(2, portrait()))), request_id=request.pk)
    (made,) = roster.archives.all()
    assert (roster.state, made.attached_at, made.report["matched"]) == ("checked", None, 1)
    assert Application.objects.count() == 0
    page = client_for(school, now).get(reverse("applications:roster", args=[roster.pk])).content.decode()
    assert "表内照片" in page
    actions.confirm_roster(by=school, now=now, roster_id=roster.pk, seen=roster.version)
    assert PhotoArchive.objects.get().attached_at == now
    assert photo_of(FIRST) is not None


def test_a_roster_with_errors_keeps_no_pictures(school: Person, now: datetime) -> None:
    def spoil(sheet: Any) -> None:
        sheet.cell(2, 3).value = None

    roster = taken_in(school, now, book(spoil, lying(2, portrait())))
    assert roster.state == "faulty"
    assert not roster.archives.exists()
