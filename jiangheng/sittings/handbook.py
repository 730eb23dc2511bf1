"""The organisation handbook, timetable and minutes as plain blocks, printed by typst or written as Word (四（六）, 四（七）)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jiangheng.files import printing
from jiangheng.plans.models import Plan
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_moment
from jiangheng.rules.examination.staffing import EXAMINER_POSTS, POSTS
from jiangheng.rules.law import Law
from jiangheng.sittings.models import Attendance, Meeting
from jiangheng.sittings.queries.meetings import Expected
from jiangheng.sittings.queries.printed import Sheet

WEEKDAYS = "一二三四五六日"
NOT_YET = "待定"
PAGE_WIDTH_MM = 174

Block = dict[str, Any]


@cache
def texts() -> Mapping[str, Any]:
    """The general texts as shipped, with their label."""
    return tomllib.loads((Path(__file__).resolve().parent / "handbook.toml").read_text(encoding="utf-8"))


def duties(post: str) -> list[str]:
    """What a post has to do, one task each."""
    return next((list(each["duties"]) for each in texts()["post"] if each["name"] == post), [])


def room_rules(law: Law) -> list[str]:
    """The rules of the room with the minutes in force."""
    values = {key: law.value(key) for key in ("early_entry_min", "late_limit_min", "min_submit_min")}
    return [line % values for line in texts()["rules"]]


def period(starts_at: Any, ends_at: Any) -> str:
    """「2026年7月4日（周六）09:00—10:30」 in Liuzhou."""
    starts, ends = local_moment(starts_at), local_moment(ends_at)
    return f"{starts.year}年{starts.month}月{starts.day}日（周{WEEKDAYS[starts.weekday()]}）{starts:%H:%M}—{ends:%H:%M}"


def moment(value: Any) -> str:
    """「2026年7月4日 09:00」, "" for none."""
    if value is None:
        return ""
    at = local_moment(value)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def occupation(sheet: Sheet) -> str:
    """The occupation of a sitting, with its job where it has one."""
    row = sheet.sitting.row
    return f"{row.occupation_name}（{row.job}）" if row.job else row.occupation_name


def ends_of(sheet: Sheet) -> tuple[str, str]:
    """The first and last ticket number of a sitting, "" before tickets."""
    numbers = sorted(number for seat in sheet.seats if (number := ticket_number(seat)))
    return (numbers[0], numbers[-1]) if numbers else ("", "")


def ticket_number(seat: Any) -> str:
    """The ticket number of a seat's candidate, "" before tickets are issued."""
    ticket = getattr(seat.application, "ticket", None)
    return ticket.number if ticket else ""


def _names(sheet: Sheet, posts: Sequence[str]) -> str:
    return "、".join(each.account.name for each in sheet.staff if each.post in posts) or NOT_YET


def _rooms(sheets: Sequence[Sheet]) -> Block:
    rows = []
    for sheet in sheets:
        first, last = ends_of(sheet)
        rows.append(
            [
                period(sheet.sitting.starts_at, sheet.sitting.ends_at),
                codes.label("subject", sheet.sitting.subject),
                f"{occupation(sheet)} {codes.level_name(sheet.sitting.row.level)}",
                sheet.sitting.room_name,
                str(len(sheet.seats)),
                f"{first}\n{last}" if first else "未核发",
            ]
        )
    return {
        "head": ["时间", "科目", "职业等级", "考场", "人数", "准考证号起止"],
        "widths": [30, 20, 23, 18, 9, 34],
        "rows": rows,
    }


def timetable(plan: Plan, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """考试日程表: every sitting in order of time."""
    return {
        "kind": "blocks",
        "title": "考试日程表",
        "lead": f"{plan.body.name}　计划编号 {plan.number}",
        "foot": f"考点：{plan.venue.name}（{plan.venue.address}）　联系人：{plan.contact_name} {plan.contact_phone}",
        "blocks": [{"text": plan.title}, _rooms(sheets)],
    }


def minutes(plan: Plan, meeting: Meeting, people: Sequence[Expected]) -> dict[str, Any]:
    """考务会议纪要: agenda, what was said, and who came when and how, with a line to sign for each."""
    came = [each for each in people if each.came is not None]
    absent = [each.name for each in people if each.came is None]
    rows = [
        [str(place), name, post, how, ""]
        for place, (name, post, how) in enumerate(
            [(each.name, _posts(each), _manner(each.came)) for each in came]
            + [(name, "—", "—") for name in meeting.attendees],
            start=1,
        )
    ]
    agenda = [{"heading": "会议议程"}, {"points": list(meeting.agenda)}] if meeting.agenda else []
    return {
        "kind": "blocks",
        "title": "考前考务会议纪要",
        "lead": f"{plan.body.name}　计划编号 {plan.number}",
        "foot": "依据：四（七）考前召开考务会议，明确分工和工作要求。",
        "blocks": [
            {
                "head": ["会议", "内容"],
                "widths": [24, 110],
                "rows": [
                    ["计划名称", plan.title],
                    ["召开时间", moment(meeting.held_at)],
                    ["地点", meeting.place],
                    ["应到考务人员", f"{len(people)}人"],
                    ["参会人数", f"{len(rows)}人"],
                    ["未参会考务人员", "、".join(absent) or "无"],
                ],
                "tall": 7,
            },
            *agenda,
            {"heading": "会议内容"},
            *({"text": line} for line in meeting.minutes.splitlines() if line.strip()),
            {"heading": "参会人员签到"},
            {"head": ["序号", "姓名", "岗位", "签到", "签名"], "widths": [10, 26, 36, 38, 30], "rows": rows, "tall": 9},
            {"text": "主持人（签名）：　　　　　　　　记录人（签名）：　　　　　　　　　　年　　月　　日"},
        ],
    }


def _posts(each: Expected) -> str:
    return "、".join(POSTS[post] for post in each.posts) or "—"


def _manner(came: Attendance | None) -> str:
    if came is None:
        return "—"
    how = {"scan": "扫码", "code": "签到码", "hand": "机构登记"}[came.manner]
    return f"{moment(came.at)}\n{how}" + (f"（{came.reason}）" if came.reason else "")


def handbook(plan: Plan, sheets: Sequence[Sheet], law: Law) -> dict[str, Any]:
    """组织册: times, sites, counts, staff, duties, working clock, rules and the room tables."""
    words = texts()
    people = {seat.application_id for sheet in sheets for seat in sheet.seats}
    staff = {each.account_id for sheet in sheets for each in sheet.staff}
    theory = [sheet for sheet in sheets if sheet.sitting.subject == "theory"]
    others = [sheet for sheet in sheets if sheet.sitting.subject != "theory"]
    used = {each.post for sheet in sheets for each in sheet.staff} or set(POSTS)
    first = min((sheet.sitting.starts_at for sheet in sheets), default=None)
    return {
        "kind": "blocks",
        "cover": True,
        "title": "职业技能等级认定组织册",
        "lead": f"{plan.title}\n计划编号 {plan.number}",
        "foot": f"{plan.body.name}\n考试日期 {moment(first)[:-6] if first else NOT_YET}",
        "blocks": [
            {"heading": "一、基本情况"},
            {
                "head": ["项目", "内容"],
                "widths": [24, 110],
                "rows": [
                    ["认定机构", plan.body.name],
                    ["委托单位", plan.request.organisation.name if plan.request else "—"],
                    ["考点", f"{plan.venue.name}（{plan.venue.address}）"],
                    ["考生人数", f"{len(people)}人"],
                    ["场次与考场", f"{len(sheets)}个场次，{len({s.sitting.room_id for s in sheets})}个考场"],
                    ["考务人员", f"{len(staff)}人"],
                    ["联系人", f"{plan.contact_name} {plan.contact_phone}"],
                ],
            },
            {"heading": "二、考务人员安排"},
            _staff(sheets),
            {"heading": "三、岗位职责"},
            {"points": [f"{POSTS[name]}：{'；'.join(duties(name))}。" for name in POSTS if name in used]},
            {"heading": "四、工作流程"},
            {
                "head": ["时间", "事项"],
                "widths": [30, 104],
                "rows": [[_before(each["before"], law), each["text"]] for each in words["clock"]],
            },
            {"heading": "五、考场规则"},
            {"points": room_rules(law)},
            {"heading": "六、违纪处理"},
            {"points": list(words["discipline"])},
            {"text": f"工作流程、岗位职责和考场规则：{words['label']}。"},
            *([{"heading": "附件1　理论知识考试安排表"}, _rooms(theory)] if theory else []),
            *(
                [{"heading": f"附件{2 if theory else 1}　技能考核与综合评审安排表"}, _practical(others)]
                if others
                else []
            ),
        ],
    }


def _before(given: int | str, law: Law) -> str:
    minutes = law.value(given) if isinstance(given, str) else given
    return f"开考前{minutes}分钟" if minutes else "开考"


def _staff(sheets: Sequence[Sheet]) -> Block:
    return {
        "head": ["序号", "科目与时间", "考场（人数）", "主考", "监考", "考评组长、考评员", "内部质量督导员"],
        "widths": [9, 36, 24, 14, 22, 26, 18],
        "rows": [
            [
                str(place),
                f"{codes.label('subject', sheet.sitting.subject)}\n{period(sheet.sitting.starts_at, sheet.sitting.ends_at)}",
                f"{sheet.sitting.room_name}\n（{len(sheet.seats)}人）",
                _names(sheet, ("chief",)) if sheet.sitting.subject == "theory" else _named(sheet, ("chief",)),
                _names(sheet, ("invigilator",))
                if sheet.sitting.subject == "theory"
                else _named(sheet, ("invigilator",)),
                _named(sheet, ("examiner_lead", "examiner")),
                _named(sheet, ("internal_supervisor",)),
            ]
            for place, sheet in enumerate(sheets, start=1)
        ],
    }


def _named(sheet: Sheet, posts: Sequence[str]) -> str:
    found = _names(sheet, posts)
    return "—" if found == NOT_YET else found


def _practical(sheets: Sequence[Sheet]) -> Block:
    return {
        "head": ["时间", "地点", "职业等级", "人数", "考评员", "监考"],
        "widths": [30, 20, 28, 9, 30, 20],
        "rows": [
            [
                period(sheet.sitting.starts_at, sheet.sitting.ends_at),
                f"{sheet.sitting.room_name}\n{codes.label('subject', sheet.sitting.subject)}",
                f"{occupation(sheet)} {codes.level_name(sheet.sitting.row.level)}",
                str(len(sheet.seats)),
                _names(sheet, tuple(EXAMINER_POSTS)),
                _named(sheet, ("invigilator", "chief")),
            ]
            for sheet in sheets
        ],
    }


def docx(document: Mapping[str, Any]) -> bytes:
    """A document of blocks as Word, to be finished by hand."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    book = Document()
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - PAGE_WIDTH_MM) / 2)
    section.top_margin = section.bottom_margin = Mm(20)
    style = book.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    book.core_properties.title, book.core_properties.author = str(document["title"]), ""
    centre = WD_ALIGN_PARAGRAPH.CENTER
    cover = bool(document.get("cover"))
    if cover:
        book.add_paragraph("\n\n\n\n\n")
    _line(book, document["title"], 26 if cover else 18, bold=True, align=centre)
    _line(book, document["lead"], 14 if cover else 10, align=centre)
    if cover:
        book.add_paragraph("\n\n\n\n\n\n")
        _line(book, document["foot"], 14, align=centre)
        book.add_page_break()
    for block in document["blocks"]:
        if "heading" in block:
            _line(book, block["heading"], 13, bold=True).paragraph_format.keep_with_next = True
        elif "text" in block:
            _line(book, block["text"], 11)
        elif "points" in block:
            for place, line in enumerate(block["points"], start=1):
                _line(book, f"{place}. {line}", 11)
        else:
            _table(book, block)
    if not cover:
        _line(book, document["foot"], 9)
    return printing.word_bytes(book)


def _line(document: Any, text: str, size: int, *, bold: bool = False, align: Any = None) -> Any:

    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(6)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    return paragraph


def _table(document: Any, block: Block) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    table = document.add_table(rows=0, cols=len(block["head"]))
    table.style = "Table Grid"
    table.autofit = False
    for place, cells in enumerate([block["head"], *block["rows"]]):
        row = table.add_row()
        for cell, text, width in zip(row.cells, cells, block["widths"], strict=True):
            cell.width = Mm(PAGE_WIDTH_MM * width / sum(block["widths"]))
            cell.text = text
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size, run.bold = Pt(9.5), place == 0
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if place == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph()
