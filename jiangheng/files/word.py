"""A form of cells as a Word document; kept apart so that only whoever writes one carries the library."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from jiangheng.files import printing
from jiangheng.files.cells import A4_MM, PHOTO_MM, Cell, Form


def written(form: Form) -> bytes:
    """The form as a Word document in the same layout, for those who fill in the opinions by hand."""
    document = Document()
    _page(document, form)
    _line(document, form.title, 18, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, form.mark, 9, align=WD_ALIGN_PARAGRAPH.RIGHT)
    columns = len(form.widths)
    table = document.add_table(rows=len(form.rows), cols=columns)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for place, width in enumerate(form.widths):
        table.columns[place].width = Mm(width)
        for cell in table.columns[place].cells:
            cell.width = Mm(width)
    for at, row in enumerate(form.rows):
        column = 0
        for cell in row:
            place = table.cell(at, column)
            if cell.span > 1:
                place = place.merge(table.cell(at, column + cell.span - 1))
            _write(place, cell)
            column += cell.span
        tall = max(cell.tall for cell in row)
        table.rows[at].height = Mm(tall or 8)
        _whole(table.rows[at])
    if form.photo_rows:
        _portrait(table.cell(0, columns - 1).merge(table.cell(form.photo_rows - 1, columns - 1)), form.photo)
    _line(document, form.foot, 9)
    return printing.word_bytes(document)


def _page(document: Any, form: Form) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if form.landscape else WD_ORIENT.PORTRAIT
    width, height = reversed(A4_MM) if form.landscape else A4_MM
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(14)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(round(form.size * 2) / 2 + 0.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.title, document.core_properties.author = form.title, ""
    if form.watermark:
        section.header.paragraphs[0]._p.append(_stamp(form.watermark))


def _stamp(words: str) -> Any:
    """Words over the page behind the text, as Word's own watermarks are kept."""
    return parse_xml(
        f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/>'
        '</v:shapetype><v:shape id="watermark" type="#_x0000_t136" style="position:absolute;width:300pt;height:130pt;'
        "rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#e4b4b4" stroked="f">'
        f'<v:fill opacity=".5"/><v:textpath style="font-family:&quot;宋体&quot;;font-size:1pt" string="{words}"/>'
        "</v:shape></w:pict></w:r>"
    )


def _line(document: Any, text: str, size: int, *, bold: bool = False, align: Any = None) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)


def _write(place: Any, cell: Cell) -> None:
    lines = cell.text.split("\n")
    place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    place.text = lines[0]
    for line in lines[1:]:
        place.add_paragraph(line)
    for paragraph in place.paragraphs:
        if cell.head:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for run in paragraph.runs:
            run.bold = cell.head


def _whole(row: Any) -> None:
    """A row stays on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _portrait(place: Any, photo: bytes | None) -> None:
    place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = place.paragraphs[0]
    for spare in place.paragraphs[1:]:
        spare._p.getparent().remove(spare._p)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if photo is None:
        paragraph.add_run("照片")
        return
    paragraph.add_run().add_picture(io.BytesIO(photo), Mm(PHOTO_MM[0]), Mm(PHOTO_MM[1]))
