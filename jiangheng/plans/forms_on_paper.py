"""附件6 and 附件7 on paper: one layout as PDF and Word, every column as Excel (三（四）, 三（五）)."""

from __future__ import annotations

from datetime import date, datetime

from jiangheng.bodies import queries as bodies
from jiangheng.files import cells, exports
from jiangheng.files.cells import Cell, fit
from jiangheng.plans import queries
from jiangheng.plans.models import Request, VenueReview, VenueReviewItem
from jiangheng.rules import codes
from jiangheng.rules.counted_day import CountedDay

REQUEST_TITLE = "柳州市职业技能等级认定（职业资格评价）申请安排表"
REQUEST_FOOT = "附件6。通知未附原文，栏目按公开做法整理，为本系统版式；市鉴定中心另有规定的从其规定。"
LIST_TITLE = "柳州市职业技能等级认定（职业资格评价）场地设施设备清单"
LIST_FOOT = "附件7。通知未附原文，栏目按公开做法整理，为本系统版式；市鉴定中心另有规定的从其规定。"
REQUEST_MARKS = {"draft": "草稿", "returned": "草稿", "cancelled": "已撤回"}
LIST_MARKS = {"draft": "草稿", "rectifying": "整改中"}
ANSWERS = {"assigned": "待答复", "taken": "接受指派", "declined": "上一家机构说明不能承接，待重新指派"}
VERDICTS = {"met": "满足", "not_met": "不满足", "rectify": "整改"}
CONCLUSIONS = {"approved": "同意使用", "rectifying": "整改后复核", "refused": "不同意使用"}
SIGNED = "\n\n负责人：　　　　（章）　　　年　月　日"
REQUEST_SHEET = (
    "申请编号", "申请单位", "统一社会信用代码", "办学许可证号", "法定代表人", "联系人", "联系电话", "培训班名称", "班号", "开班日期",
    "结业日期", "培训学时", "职业名称", "职业编码", "工种/方向", "等级", "人数", "拟考核日期", "备选日期", "考核地点", "场地名称",
    "场地地址", "参与培训的机构", "最迟申请日", "申请日期", "指派认定机构", "指派理由", "指派日期", "答复期限", "答复",
)  # read as a table  # fmt: skip
LIST_COLUMNS = (
    ("序号", 10), ("项目名称", 46), ("规格或情况", 50), ("应有", 14), ("数量", 14), ("完好有效", 16), ("检定有效期至", 26),
    ("缺额", 14), ("审核意见", 18), ("说明", 40),
)  # read as a table  # fmt: skip
LIST_SHEET = (
    "申请编号", "场地", "类别", "序号", "项目名称", "规格或情况", "应有", "数量", "完好有效", "检定到期不计", "检定有效期至", "缺额",
    "审核意见", "说明", "结论", "审核日期",
)  # read as a table  # fmt: skip


def request_pdf(found: Request, made_at: datetime) -> bytes:
    """附件6 as PDF; refusal ``printing.glyphs`` (422) for a character no font has."""
    return cells.pdf(_request_form(found), made_at)


def request_docx(found: Request) -> bytes:
    """附件6 as a Word document in the same layout."""
    from jiangheng.files import word

    return word.written(_request_form(found))


def request_xlsx(found: Request) -> bytes:
    """Every column of 附件6 in one line."""
    sponsor, venue = found.organisation, found.venue
    line = [
        found.number, sponsor.name, sponsor.credit_code, sponsor.licence_number, sponsor.legal_person, found.contact_name,
        found.contact_phone, found.class_name, found.class_number, found.training_from, found.training_to,
        found.training_hours, found.occupation_name, found.occupation_code, found.job or "—", codes.level_name(found.level),
        found.headcount, found.exam_on, found.alternative_on, codes.label("place", found.place), venue.name if venue else "",
        venue.address if venue else "", found.trainer.name if found.trainer else "", found.deadline_on_counted, found.submitted_on_counted,
        found.body.name if found.body else "", found.assignment_reason, found.assigned_on, found.answer_by_counted,
        ANSWERS.get(found.state, ""),
    ]  # read as a table  # fmt: skip
    return exports.workbook("附件6", REQUEST_SHEET, [line])


def list_pdf(found: VenueReview, made_at: datetime) -> bytes:
    """附件7 with verdicts and conclusion as PDF; refusal ``printing.glyphs`` (422) for a character no font has."""
    return cells.pdf(_list_form(found), made_at)


def list_docx(found: VenueReview) -> bytes:
    """附件7 as a Word document in the same layout."""
    from jiangheng.files import word

    return word.written(_list_form(found))


def list_xlsx(found: VenueReview) -> bytes:
    """A line for every item of 附件7."""
    lines = [
        [
            found.request.number,
            found.venue.name,
            queries.SECTIONS[item.section],
            place,
            item.requirement,
            item.detail,
            *([item.needed, item.quantity, item.available, item.expired] if _counted(item) else [None] * 4),
            item.verified_until,
            _short(item) if _counted(item) else None,
            VERDICTS.get(item.verdict, ""),
            item.remark,
            _conclusion(found),
            found.reviewed_on,
        ]
        for place, item in enumerate(queries.items_of(found.pk), start=1)
    ]
    return exports.workbook("附件7", LIST_SHEET, lines)


def _request_form(found: Request) -> cells.Form:
    sponsor, venue = found.organisation, found.venue

    def line(*pairs: tuple[str, str]) -> list[Cell]:
        return [cell for label, text in pairs for cell in (Cell(label, head=True), Cell(fit(text)))]

    rows = [
        [Cell("申请单位", head=True), Cell(fit(sponsor.name), 3), Cell("统一社会\n信用代码", head=True), Cell(sponsor.credit_code)],
        line(("办学许可证号", sponsor.licence_number), ("法定代表人", sponsor.legal_person),
             ("联系人、电话", f"{found.contact_name}　{found.contact_phone}")),
        [Cell("培训班\n名称、班号", head=True), Cell(fit(f"{found.class_name}　{found.class_number}"), 3),
         Cell("培训学时", head=True), Cell("" if found.training_hours is None else str(found.training_hours))],
        line(("开班日期", _day(found.training_from)), ("结业日期", _day(found.training_to)),
             ("参与培训的机构", found.trainer.name if found.trainer else "无")),
        line(("职业名称", found.occupation_name), ("职业编码", found.occupation_code), ("工种/方向", found.job or "—")),
        line(("等级", codes.level_name(found.level)), ("人数", str(found.headcount)), ("申请日期", _day(found.submitted_on_counted))),
        line(("拟考核日期", _day(found.exam_on)), ("备选日期", _day(found.alternative_on) or "—"),
             ("最迟申请日", _day(found.deadline_on_counted))),
        [Cell("考核地点", head=True),
         Cell(fit("　".join(filter(None, (codes.label("place", found.place), venue.name if venue else "",
                                          venue.address if venue else "")))), 5)],
        [Cell("申请单位意见", head=True), Cell(SIGNED, 5, tall=28)],
        [Cell("市鉴定中心\n指派意见", head=True), Cell(fit(_assigned(found)) + SIGNED, 5, tall=40)],
        [Cell("认定机构答复", head=True), Cell(fit(_answered(found)) + SIGNED, 5, tall=32)],
    ]  # read as a table  # fmt: skip
    return cells.Form(
        title=REQUEST_TITLE,
        mark=f"申请编号：{found.number}",
        foot=REQUEST_FOOT,
        widths=(26, 34, 22, 28, 28, 42),
        rows=rows,
        watermark=REQUEST_MARKS.get(found.state, ""),
    )


def _assigned(found: Request) -> str:
    if found.body is None:
        return ""
    reason = f"\n理由：{found.assignment_reason}" if found.assignment_reason else ""
    return f"指派{found.body.name}承接。指派日期：{_day(found.assigned_on)}{reason}"


def _answered(found: Request) -> str:
    answer = ANSWERS.get(found.state, "")
    if found.state == "assigned" and found.answer_by_counted is not None:
        answer += f"（请于{_day(found.answer_by_counted)}前接受或说明不能承接）"
    return answer


def _list_form(found: VenueReview) -> cells.Form:
    request, venue = found.request, found.venue
    work = "·".join(filter(None, (request.occupation_name, request.job, codes.level_name(request.level))))
    rooms = "；".join(
        f"{room.name}（{codes.label('room_kind', room.kind)}，{room.capacity}位）" for room in bodies.rooms_of(venue.pk)
    )
    rows = [
        [Cell("申请单位", 2, head=True), Cell(fit(request.organisation.name), 2), Cell("职业、等级", 2, head=True),
         Cell(fit(work), 2), Cell("人数", head=True), Cell(str(request.headcount))],
        [Cell("场地名称、地址", 2, head=True), Cell(fit(f"{venue.name}（{venue.address}）"), 2),
         Cell("考核日期", 2, head=True), Cell(_day(request.exam_on), 2), Cell("产权", head=True), Cell(fit(venue.tenure))],
        [Cell("考场", 2, head=True), Cell(fit(rooms) or "—", 6), Cell("面积", head=True),
         Cell("" if venue.area_m2 is None else f"{venue.area_m2} m²")],
        [Cell(label, head=True) for label, _width in LIST_COLUMNS],
    ]  # read as a table  # fmt: skip
    section = ""
    for place, item in enumerate(queries.items_of(found.pk), start=1):
        if item.section != section:
            section = item.section
            rows.append([Cell(queries.SECTIONS[section], len(LIST_COLUMNS), head=True)])
        rows.append(_line(place, item))
    conclusion = "\n".join(filter(None, (_conclusion(found), found.conclusion)))
    if found.reviewed_on is not None:
        conclusion += f"\n审核日期：{_day(found.reviewed_on)}" + (
            f"　有效期至：{_day(found.valid_until)}" if found.valid_until else ""
        )
    rows.append([Cell("申请单位", 5, head=True), Cell(fit(f"审核结论（{found.body.name}）"), 5, head=True)])
    rows.append([Cell(SIGNED, 5, tall=26), Cell(fit(conclusion) + SIGNED, 5, tall=26)])
    return cells.Form(
        title=LIST_TITLE,
        mark=f"申请编号：{request.number}",
        foot=LIST_FOOT,
        widths=tuple(width for _label, width in LIST_COLUMNS),
        rows=rows,
        watermark=LIST_MARKS.get(found.state, ""),
        landscape=True,
        size=9,
    )


def _line(place: int, item: VenueReviewItem) -> list[Cell]:
    verdict = [Cell(VERDICTS.get(item.verdict, "")), Cell(fit(item.remark))]
    named = [Cell(str(place)), Cell(fit(item.requirement))]
    if not _counted(item):
        return [*named, Cell(fit(item.detail), 6), *verdict]
    expired = f"\n（{item.expired}件到期不计）" if item.expired else ""
    verified = item.verified_until.isoformat() if item.verified_until else "—"
    texts = (
        item.detail or "—",
        str(item.needed),
        str(item.quantity),
        str(item.available),
        verified + expired,
        str(_short(item)),
    )
    return [*named, *(Cell(fit(text)) for text in texts), *verdict]


def _counted(item: VenueReviewItem) -> bool:
    return item.section in queries.COUNTED


def _short(item: VenueReviewItem) -> int:
    return max(item.needed - item.available, 0)


def _conclusion(found: VenueReview) -> str:
    return CONCLUSIONS.get(found.state, "")


def _day(day: date | CountedDay | None) -> str:
    if isinstance(day, CountedDay):
        return day.chinese()
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"
