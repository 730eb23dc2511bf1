"""附件5 on paper: one layout as PDF and Word, and every column of a row as Excel (三（三）)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from jiangheng.bodies import queries as bodies
from jiangheng.files import cells, exports
from jiangheng.files.cells import Cell, fit
from jiangheng.plans import queries
from jiangheng.plans.models import Plan, PlanRow
from jiangheng.rules import codes
from jiangheng.rules.counted_day import PROVISIONAL, CountedDay
from jiangheng.rules.days.local_time import local_moment

TITLE = "柳州市职业技能等级认定（职业资格评价）计划表"
FOOT = "附件5。栏目按公开做法整理，市鉴定中心另有规定的从其规定。"
WATERMARKS = {"draft": "草稿", "returned": "草稿", "cancelled": "已取消"}
KINDS = {"technical_school": "技工院校", "social_body": "社会培训评价组织", "employer_body": "用人单位（已备案）"}
ROOMS = {"machine": "machine", "paper": "theory", "on_site": "skill", "work": "skill"}
COLUMNS = (
    ("序号", 9), ("职业名称", 22), ("职业编码", 20), ("工种/方向", 17), ("等级", 16), ("评价类型", 15), ("计划人数", 22),
    ("理论考试时间、方式", 30), ("技能考核时间、工位数", 30), ("综合评审时间", 24), ("考评组长", 16), ("监考人数", 12),
    ("内部督导员", 17), ("用卷申请号", 17),
)  # read as a table  # fmt: skip
SHEET = (
    "序号", "认定机构", "机构类别", "备案号", "职业名称", "职业编码", "工种/方向", "等级", "评价类型", "计划人数（合计）", "新考人数",
    "补考人数", "理论考试时间", "理论考试地点", "理论考试方式", "技能考核时间", "技能考核地点", "工位数", "综合评审时间", "试题来源",
    "用卷申请号", "考评组长", "监考人数", "内部督导员", "考生来源", "联系人", "联系电话", "报送日期", "距考工作日数", "中心意见", "计划编号",
)  # read as a table  # fmt: skip


def pdf(plan: Plan, made_at: datetime) -> bytes:
    """The form as PDF across A4; refusal ``printing.glyphs`` (422) for a character no font has."""
    return cells.pdf(_form(plan), made_at)


def docx(plan: Plan) -> bytes:
    """The form as a Word document in the same layout."""
    from jiangheng.files import word

    return word.written(_form(plan))


def xlsx(plan: Plan) -> bytes:
    """Every column of 附件5, a line per occupation and level."""
    head = _head(plan)
    lines = []
    for place, row in enumerate(queries.rows_of(plan.pk), start=1):
        at = _by_subject(row)
        lines.append(
            [
                place,
                plan.body.name,
                head["kind"],
                head["filing"],
                row.occupation_name,
                row.occupation_code,
                row.job or "—",
                codes.level_name(row.level),
                codes.label("assessment", row.assessment),
                row.headcount,
                row.headcount - row.makeup,
                row.makeup,
                _when(at.get("theory")),
                _where(plan, at.get("theory")),
                _method(at.get("theory")),
                _when(at.get("skill")),
                _where(plan, at.get("skill")),
                _stations(plan, at.get("skill")),
                _when(at.get("review")),
                head["papers"],
                _paper_numbers(row),
                row.examiner_lead,
                row.invigilators,
                row.supervisor,
                head["source"],
                plan.contact_name,
                plan.contact_phone,
                plan.filed_on_counted,
                notice(plan) if plan.notice_provisional else plan.notice_workdays,
                head["opinion"],
                plan.number,
            ]
        )
    return exports.workbook("附件5", SHEET, lines)


def name_of(plan: Plan, suffix: str) -> str:
    """What the downloaded file is called."""
    return f"计划表-{plan.number}.{suffix}"


def _form(plan: Plan) -> cells.Form:
    return cells.Form(
        title=TITLE,
        mark=f"计划编号：{plan.number}",
        foot=FOOT,
        widths=tuple(width for _label, width in COLUMNS),
        rows=_rows(plan),
        watermark=WATERMARKS.get(plan.state, ""),
        landscape=True,
        size=8.5,
    )


def _rows(plan: Plan) -> list[list[Cell]]:
    head = _head(plan)

    def pair(label: str, text: str, wide: int, span: int) -> tuple[Cell, Cell]:
        return Cell(label, wide, head=True), Cell(fit(text), span)

    venue = f"{plan.venue.name}（{plan.venue.address}）"
    layout = [
        [*pair("认定机构", plan.body.name, 2, 5), *pair("类别", head["kind"], 1, 2), *pair("备案号", head["filing"], 1, 3)],
        [*pair("考核地点", venue, 2, 5), *pair("考核日期", _day(plan.exam_on), 1, 2),
         *pair("考生来源", head["source"], 1, 3)],
        [*pair("联系人、电话", f"{plan.contact_name}　{plan.contact_phone}", 2, 5), *pair("报送日期", _day(plan.filed_on_counted), 1, 2),
         *pair("距考工作日数", notice(plan), 1, 3)],
        [*pair("试题来源", head["papers"], 2, 5), *pair("安排申请号", plan.request.number if plan.request else "—", 1, 6)],
        [Cell(label, head=True) for label, _width in COLUMNS],
    ]  # read as a table  # fmt: skip
    for place, row in enumerate(queries.rows_of(plan.pk), start=1):
        at = _by_subject(row)
        people = f"{row.headcount}" + (
            f"\n（新考{row.headcount - row.makeup}\n补考{row.makeup}）" if row.makeup else ""
        )
        stations = _stations(plan, at.get("skill"))
        skill = _when(at.get("skill")) + (f"\n工位{stations}个" if stations else "")
        texts = (
            str(place), row.occupation_name, row.occupation_code, row.job or "—", codes.level_name(row.level),
            codes.label("assessment", row.assessment), people,
            "\n".join(filter(None, (_when(at.get("theory")), _method(at.get("theory"))))), skill, _when(at.get("review")) or "—",
            row.examiner_lead, "" if row.invigilators is None else str(row.invigilators), row.supervisor, _paper_numbers(row),
        )  # read as a table  # fmt: skip
        layout.append([Cell(fit(text)) for text in texts])
    signed = "\n\n负责人：　　　　（章）　　　年　月　日"
    layout.append([Cell("认定机构意见", 7, head=True), Cell("市鉴定中心意见", 7, head=True)])
    layout.append([Cell(signed, 7, tall=24), Cell(f"{head['opinion']}{signed}", 7, tall=24)])
    return layout


def _head(plan: Plan) -> dict[str, str]:
    filings = bodies.filing_numbers(plan.body_id, plan.exam_on)
    opinions = {"accepted": "符合要求，予以受理。", "completed": "已办结。", "cancelled": "计划已取消。"}
    return {
        "kind": KINDS.get(plan.body.kind, ""),
        "filing": "、".join(filings),
        "source": codes.label("candidate_group", plan.candidate_source),
        "papers": codes.label("paper_source", plan.paper_source),
        "opinion": opinions.get(plan.state, ""),
    }


def _by_subject(row: PlanRow) -> dict[str, Mapping[str, object]]:
    return {str(each["subject"]): each for each in row.subjects}


def _when(subject: Mapping[str, object] | None) -> str:
    if subject is None:
        return ""
    moment = local_moment(datetime.fromisoformat(str(subject["starts_at"])))
    return f"{moment:%Y-%m-%d %H:%M}（{subject['minutes']}分钟）"


def _where(plan: Plan, subject: Mapping[str, object] | None) -> str:
    return "" if subject is None else f"{plan.venue.name}（{plan.venue.address}）"


def _method(subject: Mapping[str, object] | None) -> str:
    return "" if subject is None else codes.label("method", str(subject["method"]))


def _stations(plan: Plan, subject: Mapping[str, object] | None) -> int | None:
    """The workstations of the rooms the practical is held in."""
    if subject is None:
        return None
    kind = ROOMS.get(str(subject["method"]), "skill")
    return sum(room.capacity for room in bodies.rooms_of(plan.venue_id) if room.kind == kind) or None


def _paper_numbers(row: PlanRow) -> str:
    return "、".join(row.paper_requests.order_by("pk").values_list("number", flat=True))


def notice(plan: Plan) -> str:
    """The working days a plan was filed ahead; 暂定 beside them where they were counted over a year without notice."""
    if plan.notice_workdays is None:
        return ""
    return f"{plan.notice_workdays}{PROVISIONAL if plan.notice_provisional else ''}"


def _day(day: date | CountedDay | None) -> str:
    if isinstance(day, CountedDay):
        return day.chinese()
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"
