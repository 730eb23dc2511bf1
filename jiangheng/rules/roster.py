"""Rosters (四（四）): every fault of every row at once, with row, column and a sentence that says how to mend it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from jiangheng.rules import certificate_numbers, codes, identity, names
from jiangheng.rules.law import FOLDER, Law
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.routes import route_sets
from jiangheng.rules.words import gettext_noop as N_

ERROR, WARNING = "error", "warning"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
TABLES = {
    "性别": "sex", "文化程度": "education", "所在省（市）区": "province", "考生来源": "candidate_source",
    "认定分类": "recognition_kind", "考试类型": "exam_type", "民族": "ethnicity", "政治面貌": "political",
    "证书领取方式": "delivery", "是否有职业资格证书": "yes_no",
}  # fmt: skip
MOBILE_ABROAD = re.compile(r"\s*[+＋]86[\s\d０-９-]+")
DASHES = " \t\r\n　-－—–"
DATES = ("出生日期", "参加工作时间")
LONGEST = {"简要经历": 2000}
LONGEST_CELL = 200


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook's columns in order, which of them are required, and what the form calls a differently named one."""

    id: str
    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    same_as: Mapping[str, str]


@cache
def templates() -> tuple[Template, ...]:
    """The templates shipped in ``law/roster_templates.toml``."""
    rows = tomllib.loads((FOLDER / "roster_templates.toml").read_text(encoding="utf-8"))["template"]
    return tuple(
        Template(row["id"], row["name"], tuple(row["columns"]), tuple(row["required"]), row.get("same_as", {}))
        for row in rows
    )


def recognise(heading: Sequence[object]) -> Template:
    """The template whose heading row this is. Refusal ``roster.template`` (422) names the first column that differs."""
    given = [str(cell or "").strip().lstrip("*＊") for cell in heading]
    while given and not given[-1]:
        given.pop()
    for template in templates():
        if tuple(given) == template.columns:
            return template
    nearest = max(templates(), key=lambda template: sum(a == b for a, b in zip(given, template.columns, strict=False)))
    place = next(
        (at for at, name in enumerate(nearest.columns) if at >= len(given) or given[at] != name), len(nearest.columns)
    )
    wanted = nearest.columns[place] if place < len(nearest.columns) else ""
    raise Refusal(
        N_("表头与“%(template)s”不一致：第%(place)s列应为“%(wanted)s”，实为“%(got)s”。"),
        code="roster.template",
        clause="四（四）",
        remedy=N_("请下载模板，不要增删或改动表头，填好后重新上传。"),
        status=422,
        template=nearest.name,
        place=place + 1,
        wanted=wanted,
        got=given[place][:20] if place < len(given) else "",
    )


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault at a worksheet row (the heading is row 1) and column; errors stop the import, warnings do not."""

    row: int
    column: str
    severity: str
    code: str
    message: str
    params: dict[str, str | int] = field(default_factory=dict)

    def sentence(self, translate: Any = lambda text: text) -> str:
        """The message in the language of ``translate``."""
        return str(translate(self.message)) % self.params if self.params else str(translate(self.message))


@dataclass(frozen=True, slots=True)
class Context:
    """What the roster is for: occupation name, code and 工种, level, route set, the day, the law, the reporting unit.

    ``scope`` are the occupation and job names that may be applied for.
    """

    scope: frozenset[str]
    level: int | None
    ruleset: str
    today: date
    law: Law
    sender: str = ""


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row as it will be kept: values by the form's column names, and its checked identity where it is good."""

    row: int
    values: dict[str, Any]
    identity: identity.Identity | None


def check_rows(
    template: Template, rows: Sequence[Sequence[Any]], context: Context, *, first_row: int = 2
) -> tuple[list[CheckedRow], list[RowFault]]:
    """Check data rows (cells as read: str, int, float, date, None); blank rows are passed over."""
    checked: list[CheckedRow] = []
    faults: list[RowFault] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in enumerate(rows, start=first_row):
        if all(cell is None or str(cell).strip() == "" for cell in cells):
            continue
        row = _Row(number, template, cells, context, faults)
        row.check()
        if row.identity is not None:
            key = (row.identity.kind, row.identity.number)
            if key in seen:
                row.fault(
                    "证件号码",
                    "identity.duplicate",
                    N_("与第%(other)s行证件号码相同，请删去重复的一行。"),
                    other=seen[key],
                )
            else:
                seen[key] = number
        checked.append(CheckedRow(number, row.values, row.identity))
    return checked, faults


class _Row:
    """One row while it is being checked."""

    def __init__(
        self, number: int, template: Template, cells: Sequence[Any], context: Context, faults: list[RowFault]
    ) -> None:
        self.number = number
        self.template = template
        self.context = context
        self.faults = faults
        self.identity: identity.Identity | None = None
        self.label = {template.same_as.get(name, name): name for name in template.columns}
        self.raw = {
            template.same_as.get(name, name): cells[place] if place < len(cells) else None
            for place, name in enumerate(template.columns)
        }
        self.values: dict[str, Any] = {}
        self.told: set[str] = set()

    def fault(self, column: str, code: str, message: str, severity: str = ERROR, **params: str | int) -> None:
        """Note a fault of this row."""
        self.told.add(column)
        self.faults.append(RowFault(self.number, self.label.get(column, column), severity, code, message, params))

    def check(self) -> None:
        """Look at every cell, then at what they say together."""
        for column, cell in self.raw.items():
            self.values[column] = self._text(column, cell)
        for column in self.template.required:
            name = self.template.same_as.get(column, column)
            if not self.values.get(name) and name not in self.told:
                self.fault(name, "required", N_("必填，不能为空。"))
        self._tables()
        self._dates()
        self._identity()
        self._name()
        self._phone()
        self._occupation()
        self._route()
        self._certificate()
        self._work()

    def _text(self, column: str, cell: Any) -> str:
        if cell is None or cell == "":
            return ""
        if isinstance(cell, datetime | date):
            return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
        if isinstance(cell, bool):
            return "是" if cell else "否"
        if isinstance(cell, int | float):
            if column in ("证件号码", "证书编号") and abs(cell) >= 1e15:
                self.fault(
                    column, "number.lost", N_("该单元格是数值格式，末尾数字已丢失；请把整列设为文本后按原件重新填写。")
                )
                return ""
            return str(int(cell)) if float(cell).is_integer() else str(cell)
        text = str(cell)
        if not text.isprintable() and any(_unfit(char) for char in text):
            self.fault(column, "text.control", N_("含有不可见的控制字符，请删除后重新填写。"))
            return ""
        if not text.strip(DASHES):
            return ""
        if text.lstrip(" 　").startswith(FORMULA) and column != "简要经历" and not MOBILE_ABROAD.fullmatch(text):
            self.fault(column, "text.formula", N_("以公式符号开头，不能作为内容；请改为普通文字。"))
            return ""
        text = text.strip(" \t\r\n　")
        if len(text) > LONGEST.get(column, LONGEST_CELL):
            self.fault(
                column, "text.long", N_("超过%(longest)s个字，请缩短。"), longest=LONGEST.get(column, LONGEST_CELL)
            )
            return ""
        return text

    def _tables(self) -> None:
        for column, table in TABLES.items():
            text = self.values.get(column)
            if not text:
                continue
            found = codes.find(table, text)
            if found is None:
                self.fault(
                    column, "code.unknown", N_("“%(text)s”不在可选值中，请从模板说明的可选值里选择。"), text=text[:20]
                )
                self.values[column] = ""
            else:
                self.values[column] = found.label

    def _dates(self) -> None:
        for column in DATES:
            text = self.values.get(column)
            if not text:
                continue
            day = read_date(text)
            if day is None:
                self.fault(
                    column, "date.none", N_("“%(text)s”不是有效日期，请写成 1990-01-31 的样子。"), text=text[:20]
                )
                self.values[column] = ""
            elif day > self.context.today:
                self.fault(column, "date.future", N_("日期%(text)s在今天之后，请核对。"), text=day.isoformat())
                self.values[column] = ""
            else:
                self.values[column] = day.isoformat()

    def _identity(self) -> None:
        kind, number = self.values.get("证件类型", ""), self.values.get("证件号码", "")
        if not kind or not number:
            return
        try:
            self.identity = identity.check_identity(kind, number, today=self.context.today)
        except Refusal as refusal:
            column = "证件类型" if refusal.code == "identity.kind" else "证件号码"
            self.faults.append(
                RowFault(self.number, self.label[column], ERROR, refusal.code, refusal.message, dict(refusal.params))
            )
            return
        if self.identity.number != number.upper():
            self.fault(
                "证件号码", "identity.normalised", N_("已按标准写法整理（15位升18位、全角转半角或去空格）。"), WARNING
            )
        if "place" in self.identity.warnings:
            self.fault("证件号码", "identity.place", N_("号码开头的地区代码查不到，请对照原件核对。"), WARNING)
        self.values["证件类型"], self.values["证件号码"] = self.identity.kind, self.identity.number
        self._agrees("性别", self.identity.sex, "sex.disagrees", N_("性别与证件号码不一致，证件号码显示为%(told)s。"))
        born = self.identity.born.isoformat() if self.identity.born else ""
        self._agrees("出生日期", born, "born.disagrees", N_("出生日期与证件号码不一致，证件号码显示为%(told)s。"))

    def _agrees(self, column: str, told: str, code: str, message: str) -> None:
        if not told:
            if not self.values.get(column):
                self.fault(column, "required", N_("证件不是居民身份证时必填。"))
        elif not self.values.get(column):
            self.values[column] = told
        elif self.values[column] != told:
            self.fault(column, code, message, told=told)

    def _name(self) -> None:
        if not self.values.get("姓名"):
            return
        try:
            name = names.check_name(self.values["姓名"], self.context.law.value("name_max_length"))
        except Refusal as refusal:
            self.faults.append(
                RowFault(self.number, "姓名", ERROR, refusal.code, refusal.message, dict(refusal.params))
            )
            return
        if name != self.values["姓名"]:
            self.fault("姓名", "name.normalised", N_("已去掉空格或统一间隔号。"), WARNING)
        self.values["姓名"] = name

    def _phone(self) -> None:
        text = self.values.get("手机号码")
        if not text:
            return
        number = identity.tidy(text)
        number = re.sub(r"^(\+?86)(?=1\d{10}$)", "", number)
        if not re.fullmatch(r"1[3-9]\d{9}", number):
            self.fault("手机号码", "phone.shape", N_("手机号码应为11位，以1开头。"))
            return
        if number != text:
            self.fault("手机号码", "phone.normalised", N_("已按标准写法整理（全角转半角或去空格）。"), WARNING)
        self.values["手机号码"] = number
        email = self.values.get("电子邮箱")
        if email and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}", email):
            self.fault("电子邮箱", "email.shape", N_("电子邮箱格式不对。"))

    def _occupation(self) -> None:
        text = self.values.get("职业工种名称")
        if text and text not in self.context.scope:
            self.fault(
                "职业工种名称", "occupation.scope", N_("“%(text)s”不在本次申请的职业（工种）范围内。"), text=text[:20]
            )
        text = self.values.get("认定等级")
        if not text:
            return
        level = codes.find("level", text)
        if level is None:
            self.fault("认定等级", "level.unknown", N_("“%(text)s”不是有效等级，请填5、4、3、2或1。"), text=text[:20])
            self.values["认定等级"] = ""
            return
        self.values["认定等级"] = level.code
        if self.context.level is not None and int(level.code) != self.context.level:
            self.fault("认定等级", "level.other", N_("与本次申请的等级不一致。"))

    def _route(self) -> None:
        text, level = self.values.get("申报条件"), self.values.get("认定等级") or self.context.level
        if not text:
            return
        route = route_sets()[self.context.ruleset].route(text)
        if route is None:
            self.fault("申报条件", "route.unknown", N_("“%(text)s”不是现行申报条件的编号。"), text=text[:20])
        elif level and route.level != int(level):
            self.fault("申报条件", "route.level", N_("“%(text)s”是其他等级的申报条件。"), text=text[:20])

    def _certificate(self) -> None:
        held = self.values.get("是否有职业资格证书")
        if held == "是":
            for column in ("证书等级", "证书编号"):
                if column in self.raw and not self.values.get(column):
                    self.fault(column, "certificate.blank", N_("已填有证书，本列必填。"))
        elif held == "否" and self.values.get("证书编号"):
            self.fault("是否有职业资格证书", "certificate.contradiction", N_("填了证书编号，却写“否”，请核对。"))
        level = self.values.get("证书等级")
        if level:
            found = codes.find("level", level)
            if found is None:
                self.fault("证书等级", "level.unknown", N_("“%(text)s”不是有效等级。"), text=level[:20])
            else:
                self.values["证书等级"] = found.label
        number = self.values.get("证书编号")
        if not number:
            return
        parsed = certificate_numbers.parse(number, self.context.law)
        if parsed.scheme == "legacy":
            self.fault(
                "证书编号",
                "certificate.legacy",
                N_("证书编号不是现行或原职业资格的编号格式，按原样保留，须人工核对。"),
                WARNING,
            )
        elif parsed.year and parsed.year > self.context.today.year:
            self.fault("证书编号", "certificate.future", N_("证书编号中的年份在今年之后，请核对。"))
        elif parsed.level and level and (found := codes.find("level", level)) and int(found.code) != parsed.level:
            self.fault("证书等级", "certificate.level", N_("证书等级与证书编号中的等级不一致。"))

    def _work(self) -> None:
        years_text, began_text = self.values.get("专业年限"), self.values.get("参加工作时间")
        born = (
            self.identity.born if self.identity and self.identity.born else read_date(self.values.get("出生日期") or "")
        )
        working_age, today = self.context.law.value("working_age"), self.context.today
        began = read_date(began_text or "")
        if began and born and began < _anniversary(born, working_age):
            self.fault("参加工作时间", "work.too_young", N_("参加工作时未满%(age)s周岁，请核对。"), age=working_age)
        if not years_text:
            return
        try:
            years = float(years_text)
        except ValueError:
            years = -1
        if not 0 <= years <= 60:
            self.fault("专业年限", "years.number", N_("专业年限应为0至60的数。"))
            self.values["专业年限"] = ""
            return
        if born and (today.year - born.year) - working_age < years:
            self.fault("专业年限", "years.age", N_("专业年限超过按年龄可能的年数，请核对。"))
        elif began and (today - began).days / 365 + 1 < years:
            self.fault("专业年限", "years.began", N_("专业年限长于参加工作以来的时间，请核对。"), WARNING)


def _unfit(char: str) -> bool:
    category = unicodedata.category(char)
    return category in ("Cs", "Cn") or (category == "Cc" and char not in "\t\n\r")


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def read_date(text: str) -> date | None:
    """A day written as 1990-01-31, 1990/1/31, 1990.1.31, 1990年1月31日, 19900131 or (first of the month) 1990-01."""
    narrow = unicodedata.normalize("NFKC", text.strip())
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?", narrow) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", narrow
    )
    if not found:
        return None
    year, month, day = found.groups()
    try:
        return date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
