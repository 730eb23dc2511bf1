"""附件4 on paper: one layout of cells, set as PDF by typst and as Word by python-docx, with the photo (三（二）)."""

from __future__ import annotations

import io
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from jiangheng.applications import fields
from jiangheng.applications.models import Application
from jiangheng.catalog import queries as catalog
from jiangheng.files import printing
from jiangheng.files import queries as files
from jiangheng.rules import codes, experience

TEMPLATE = Path(__file__).parent / "typst" / "application.typ"
TITLE = "柳州市职业技能等级认定个人申请表"
SUBJECTS = {"theory": "理论", "skill": "技能", "review": "综合评审"}
WATERMARKS = {"draft": "草稿", "returned": "草稿", "withdrawn": "已撤回"}
FOOT = "附件4。版式按公开做法整理，市鉴定中心另有规定的从其规定。"
WIDTHS = (25, 29, 22, 27, 25, 21, 31)
COLUMNS = len(WIDTHS)
PHOTO_ROWS = 4
PHOTO_MM = (25, 35)
NO_LEVEL = {"否": "无"}
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell over ``span`` columns; ``head`` names what stands beside it; ``tall`` leaves room to sign, in millimetres."""

    text: str
    span: int = 1
    head: bool = False
    tall: int = 0


def pdf(application: Application, identity_number: str, made_at: datetime) -> bytes:
    """The form as PDF; a character no font has is refused, never printed as a box (``printing.glyphs``, 422)."""
    images = {}
    if application.photo is not None:
        images["photo.jpg"] = files.one_inch(application.photo)
    data = {
        "title": TITLE,
        "number": application.number,
        "photo": "photo.jpg" if images else "",
        "photo_rows": PHOTO_ROWS,
        "widths": list(WIDTHS),
        "watermark": WATERMARKS.get(application.state, ""),
        "foot": FOOT,
        "rows": [[asdict(cell) for cell in row] for row in rows(application, identity_number)],
    }
    return printing.render(TEMPLATE, data, images, made_at=made_at)


def rows(application: Application, identity_number: str) -> list[list[Cell]]:
    """附件4 row by row; the first four leave the last column to the photo."""
    form = {key: _fit(str(value)) for key, value in application.form.items() if value is not None}

    def pair(label: str, text: str, span: int = 1) -> tuple[Cell, Cell]:
        return Cell(label, head=True), Cell(text, span)

    def held(column: str) -> str:
        return form.get(column, "") if form.get("是否有职业资格证书") == "是" else ""

    get = form.get
    level = codes.level_name(application.level)
    exam = codes.label("exam_type", application.exam_type)
    subjects = "、".join(SUBJECTS.get(each, each) for each in application.subjects)
    return [
        [*pair("姓名", application.name), *pair("性别", get("性别", "")), *pair("出生日期", get("出生日期", ""))],
        [*pair("民族", get("民族", "")), *pair("文化程度", get("文化程度", "")), *pair("政治面貌", get("政治面貌", ""))],
        [*pair("证件类型", application.identity.kind), *pair("证件号码", identity_number, 3)],
        [*pair("手机号码", get("手机号码", "")), *pair("电子邮箱", get("电子邮箱", ""), 3)],
        [*pair("考生来源", get("考生来源", "")), *pair("户口性质", get("户口性质", "")),
         *pair("户籍所在地", get("户籍所在地", ""), 2)],
        [*pair("工作单位", get("所在单位", ""), 3), *pair("参加工作时间", get("参加工作时间", ""), 2)],
        [*pair("通讯地址", get("通讯地址", ""), 3), *pair("邮政编码", get("邮政编码", ""), 2)],
        [*pair("申报职业", application.occupation_name), *pair("工种/方向", application.job or "—"),
         *pair("申报等级", level, 2)],
        [*pair("申报条件", _route(application), 6)],
        [*pair("认定分类", get("认定分类", "")), *pair("考试类型", exam), *pair("考核科目", subjects, 2)],
        [*pair("现职业等级", held("证书等级") or NO_LEVEL.get(get("是否有职业资格证书", ""), "")), *pair("现职称", get("现职称", "")),
         *pair("本职业年限", get("专业年限", ""), 2)],
        [*pair("原证书职业", held("原职业(工种)")), *pair("原证书等级", held("证书等级")),
         *pair("发证日期", held("原证书发证日期"), 2)],
        [*pair("原证书编号", held("证书编号"), 3), *pair("发证单位", held("原证书发证单位"), 2)],
        [*pair("学校", get("学校", "")), *pair("专业", get("专业", "")), *pair("毕业时间", get("毕业时间", ""), 2)],
        [*pair("学历证书编号", get("学历证书编号", ""), 3), *pair("毕业或在读", get("毕业或在读", ""), 2)],
        [*pair("学徒起止", _between(get("学徒开始", ""), get("学徒结束", ""))),
         *pair("培训机构", get("培训机构", "")), *pair("培训学时", get("培训学时", ""), 2)],
        [*pair("学习经历", get("学习经历", ""), 6)],
        *_work(get("简要经历", "")),
        [Cell("单位证明", head=True), Cell("上述工作经历属实。\n\n人力资源部门（章）：　　　　　　　　年　　月　　日", 6, tall=20)],
        [Cell("申报人声明", head=True), Cell(_declared(application), 6, tall=20)],
        [Cell("培训机构意见", 2, head=True), Cell("认定机构意见", 2, head=True), Cell("市鉴定中心意见", 3, head=True)],
        [_opinion(2), _opinion(2, _decided(application)), _opinion(3)],
        [*pair("领证方式", get("证书领取方式", "")), *pair("邮寄地址", get("邮寄地址", ""), 4)],
    ]  # fmt: skip


def _work(text: str) -> list[list[Cell]]:
    spells, rest = experience.read(text)
    made = [[Cell("工作经历", head=True), Cell("起止年月", 1, head=True), Cell("工作单位", 2, head=True), Cell("岗位/职业", 2, head=True),
             Cell("证明人", 1, head=True)]]  # fmt: skip
    made += [
        [
            Cell("", head=True),
            Cell(f"{each.start:%Y-%m}至{f'{each.to:%Y-%m}' if each.to else '今'}"),
            Cell(each.unit, 2),
            Cell(each.post, 2),
            Cell(each.witness),
        ]
        for each in spells
    ]
    if rest or not spells:
        made.append([Cell("", head=True), Cell(rest, 6)])
    return made


def _route(application: Application) -> str:
    words = str(application.judgement.get("clause", "")) if application.judgement else ""
    return " ".join(part for part in (application.route, words) if part)


def _between(begun: str, ended: str) -> str:
    return f"{begun}至{ended}" if begun or ended else ""


def _declared(application: Application) -> str:
    at = f"\n已于{_day(catalog.local_day(application.committed_at))}在平台确认。" if application.committed_at else ""
    return f"{fields.COMMITMENT}{at}\n申报人（签名）：　　　　　　　　　　　年　　月　　日"


def _decided(application: Application) -> str:
    words = {"accepted": "符合申报条件，同意受理。", "not_accepted": "不具备申报条件，不予受理。"}.get(
        application.state, ""
    )
    if not words or application.moved_at is None:
        return words
    return f"{words}\n（{_day(catalog.local_day(application.moved_at))}平台记录）"


def _opinion(span: int, words: str = "") -> Cell:
    return Cell(f"{words}\n\n经办人：\n（盖章）　　年　月　日", span, tall=28)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _fit(text: str) -> str:
    """Without the characters neither format can hold."""
    return UNFIT.sub("", text)


def docx(application: Application, identity_number: str) -> bytes:
    """The form as a Word document in the same layout, for those who fill in the opinions by hand."""
    document = Document()
    _page(document, WATERMARKS.get(application.state, ""))
    _line(document, TITLE, 18, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, f"报名序号：{application.number}", 9, align=WD_ALIGN_PARAGRAPH.RIGHT)
    layout = rows(application, identity_number)
    table = document.add_table(rows=len(layout), cols=COLUMNS)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for place, width in enumerate(WIDTHS):
        table.columns[place].width = Mm(width)
        for cell in table.columns[place].cells:
            cell.width = Mm(width)
    for at, row in enumerate(layout):
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
    photo = table.cell(0, COLUMNS - 1).merge(table.cell(PHOTO_ROWS - 1, COLUMNS - 1))
    _portrait(photo, application)
    _line(document, FOOT, 9)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, watermark: str) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(14)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.title, document.core_properties.author = TITLE, ""
    if watermark:
        section.header.paragraphs[0]._p.append(_stamp(watermark))


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


def _portrait(place: Any, application: Application) -> None:
    place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = place.paragraphs[0]
    for spare in place.paragraphs[1:]:
        spare._p.getparent().remove(spare._p)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if application.photo is None:
        paragraph.add_run("照片")
        return
    picture = io.BytesIO(files.one_inch(application.photo))
    paragraph.add_run().add_picture(picture, Mm(PHOTO_MM[0]), Mm(PHOTO_MM[1]))


def name_of(application: Application, suffix: str) -> str:
    """What the downloaded file is called: no identity number in it."""
    return f"个人申请表-{application.number}{suffix}"
