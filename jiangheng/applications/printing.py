"""附件4 on paper, as PDF and as Word, with the photo (三（二）)."""

from __future__ import annotations

from datetime import date, datetime

from jiangheng.applications import fields
from jiangheng.applications.models import Application
from jiangheng.files import cells
from jiangheng.files import queries as files
from jiangheng.files.cells import Cell
from jiangheng.rules import codes
from jiangheng.rules.conditions import experience
from jiangheng.rules.days.local_time import local_day

TITLE = "柳州市职业技能等级认定个人申请表"
SUBJECTS = {"theory": "理论", "skill": "技能", "review": "综合评审"}
WATERMARKS = {"draft": "草稿", "returned": "草稿", "withdrawn": "已撤回"}
FOOT = "附件4。版式按公开做法整理，市鉴定中心另有规定的从其规定。"
WIDTHS = (25, 29, 22, 27, 25, 21, 31)
PHOTO_ROWS = 4
NO_LEVEL = {"否": "无"}


def pdf(application: Application, identity_number: str, made_at: datetime) -> bytes:
    """The form as PDF; a character no font has is refused, never printed as a box (``printing.glyphs``, 422)."""
    return cells.pdf(_form(application, identity_number), made_at)


def docx(application: Application, identity_number: str) -> bytes:
    """The form as a Word document in the same layout."""
    from jiangheng.files import word

    return word.written(_form(application, identity_number))


def _form(application: Application, identity_number: str) -> cells.Form:
    return cells.Form(
        title=TITLE,
        mark=f"报名序号：{application.number}",
        foot=FOOT,
        widths=WIDTHS,
        rows=rows(application, identity_number),
        watermark=WATERMARKS.get(application.state, ""),
        photo=files.one_inch(application.photo) if application.photo is not None else None,
        photo_rows=PHOTO_ROWS,
    )


def rows(application: Application, identity_number: str) -> list[list[Cell]]:
    """附件4 row by row; the first four leave the last column to the photo."""
    form = {key: cells.fit(str(value)) for key, value in application.form.items() if value is not None}

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
    ]  # read as a table  # fmt: skip


def _work(text: str) -> list[list[Cell]]:
    spells, rest = experience.read(text)
    made = [
        [
            Cell("工作经历", head=True),
            Cell("起止年月", 1, head=True),
            Cell("工作单位", 2, head=True),
            Cell("岗位/职业", 2, head=True),
            Cell("证明人", 1, head=True),
        ]
    ]
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
    at = f"\n已于{_day(local_day(application.committed_at))}在平台确认。" if application.committed_at else ""
    return f"{fields.COMMITMENT}{at}\n申报人（签名）：　　　　　　　　　　　年　　月　　日"


def _decided(application: Application) -> str:
    words = {"accepted": "符合申报条件，同意受理。", "not_accepted": "不具备申报条件，不予受理。"}.get(
        application.state, ""
    )
    if not words or application.moved_at is None:
        return words
    return f"{words}\n（{_day(local_day(application.moved_at))}平台记录）"


def _opinion(span: int, words: str = "") -> Cell:
    return Cell(f"{words}\n\n经办人：\n（盖章）　　年　月　日", span, tall=28)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def name_of(application: Application, suffix: str) -> str:
    """What the downloaded file is called: no identity number in it."""
    return f"个人申请表-{application.number}{suffix}"
