"""Lists of own students and own staff as workbooks (二): every fault at once, with row, column and how to mend it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.bodies import clientele
from jiangheng.rules.bodies.annexes import Fault, day_of
from jiangheng.rules.law import FOLDER
from jiangheng.rules.readers import identity, names
from jiangheng.rules.readers.text import FORMULA, undress
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roster import letter
from jiangheng.rules.words import gettext_noop as N_

KIND_OF = {"technical_school": "student", "employer_body": "staff", "employer": "staff"}
FIELDS = {
    "班级": "class_name", "专业": "programme", "入学日期": "since", "预计毕业日期": "graduates_on", "离校日期": "until",
    "与本单位关系": "relation", "部门": "department", "岗位": "post", "派遣或外包单位": "through", "起始日期": "since",
    "终止日期": "until",
}  # read as a table  # fmt: skip
DAYS = ("since", "until", "graduates_on")
LONGEST = 60
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class MembershipList:
    """One of the two lists with its columns."""

    id: str
    title: str
    columns: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it would be kept: whose document, and what the list says of them."""

    row: int
    kind: str
    number: str
    name: str
    sex: str | None
    born: date | None
    values: Mapping[str, Any]


@cache
def membership_lists() -> dict[str, MembershipList]:
    """The lists of ``law/rolls.toml`` by id."""
    rows = tomllib.loads((FOLDER / "membership_lists.toml").read_text(encoding="utf-8"))["membership_list"]
    return {
        row["id"]: MembershipList(row["id"], row["title"], tuple(row["columns"]), tuple(row["required"]))
        for row in rows
    }


def read(which: MembershipList, cells: Sequence[Sequence[Any]], *, today: date) -> tuple[list[Entry], list[Fault]]:
    """Every row with every fault. Refusals (422): ``membership_list.heading``, ``membership_list.empty``, ``membership_list.rows``."""
    heading = [_text(cell).lstrip("*＊") for cell in (cells[0] if cells else [])]
    while heading and not heading[-1]:
        heading.pop()
    if tuple(heading) != which.columns:
        place = next(
            (at for at, name in enumerate(which.columns) if at >= len(heading) or heading[at] != name),
            len(which.columns),
        )
        raise refuse(
            "membership_list.heading",
            N_("表头与“%(title)s”模板不一致：%(letter)s列应为“%(wanted)s”，实为“%(got)s”。"),
            N_("请下载模板，不要增删或改动表头，填好后重新上传。"),
            clause="二",
            status=422,
            title=which.title,
            letter=letter(place),
            wanted=which.columns[place] if place < len(which.columns) else "",
            got=heading[place][:20] if place < len(heading) else "",
        )
    width = len(which.columns)
    rows = [
        (number, [*row[:width], *([None] * (width - len(row)))])
        for number, row in enumerate(cells[1:], start=2)
        if any(_text(cell) for cell in row)
    ]
    if not rows:
        raise refuse(
            "membership_list.empty", N_("名单里没有人。"), N_("请从第2行起每行填一人。"), clause="二", status=422
        )
    if len(rows) > MOST_ROWS:
        raise refuse(
            "membership_list.rows",
            N_("名单有%(rows)s行，超过上限%(most)s行。"),
            N_("请分成几份依次导入。"),
            clause="二",
            status=422,
            rows=len(rows),
            most=MOST_ROWS,
        )
    reader = _Reader(which, today)
    found = [reader.entry(number, row) for number, row in rows]
    return [each for each in found if each is not None], reader.faults


class _Reader:
    """Reads rows one after another, remembering whose documents the rows before named."""

    def __init__(self, which: MembershipList, today: date) -> None:
        self.membership_list, self.today = which, today
        self.faults: list[Fault] = []
        self.seen: dict[str, int] = {}
        self.row = 0

    def wrong(self, column: str, code: str, message: str, remedy: str, /, **params: Any) -> None:
        """Note a fault of the row now read."""
        place = letter(self.membership_list.columns.index(column))
        self.faults.append(Fault(self.row, column, place, code, message, remedy, params))

    def entry(self, number: int, row: Sequence[Any]) -> Entry | None:
        """One row; None where it has faults."""
        self.row, before = number, len(self.faults)
        cells = dict(zip(self.membership_list.columns, row, strict=True))
        for name, cell in cells.items():
            self._cell(name, cell)
        document, name = self._document(cells), self._name(_text(cells["姓名"]))
        values: dict[str, Any] = {"relation": clientele.STUDENT} if self.membership_list.id == "student" else {}
        for column, key in FIELDS.items():
            if column in cells:
                values[key] = self._value(column, key, cells[column])
        first_day, last_day = values.get("since"), values.get("until") or values.get("graduates_on")
        if first_day and last_day and last_day < first_day:
            column = "离校日期" if self.membership_list.id == "student" else "终止日期"
            self.wrong(column, "period", N_("结束日期早于起始日期。"), N_("请核对两个日期。"))
        sex = codes.find("sex", _text(cells["性别"]))
        if _text(cells["性别"]) and sex is None:
            self.wrong("性别", "sex", N_("性别应为“男”或“女”。"), N_("请改正，或留空由证件号码判断。"))
        born = self._day("出生日期", cells["出生日期"])
        if len(self.faults) > before or document is None:
            return None
        return Entry(number, document.kind, document.number, name, sex.label if sex else None, born, values)

    def _cell(self, name: str, cell: Any) -> None:
        text = _text(cell)
        if name in self.membership_list.required and not text:
            self.wrong(name, "missing", N_("“%(column)s”没有填写。"), N_("这一列必填，请补上。"), column=name)
        elif cell == FORMULA:
            self.wrong(name, "formula", N_("单元格是公式。"), N_("请改为直接填写的文字或数字。"))
        elif len(text) > LONGEST:
            self.wrong(
                name, "long", N_("“%(column)s”超过%(most)s个字。"), N_("请缩短后填写。"), column=name, most=LONGEST
            )

    def _document(self, cells: Mapping[str, Any]) -> identity.Identity | None:
        kind, number = _text(cells["证件类型"]), cells["证件号码"]
        if isinstance(number, int | float) and number >= 10**15:
            self.wrong(
                "证件号码",
                "digits",
                N_("证件号码按数字保存，末几位已丢失。"),
                N_("请把该列设为文本格式，重新填写完整号码。"),
            )
            return None
        if not kind or not _text(number):
            return None
        try:
            found = identity.check_identity(kind, _text(number), today=self.today)
        except Refusal as refusal:
            column = "证件类型" if refusal.code == "identity.kind" else "证件号码"
            self.wrong(
                column, refusal.code, refusal.message, refusal.remedy or N_("请对照证件原件核对。"), **refusal.params
            )
            return None
        first = self.seen.setdefault(identity.index_key(found.kind, found.number, found.country), self.row)
        if first != self.row:
            self.wrong("证件号码", "twice", N_("与第%(first)s行是同一人。"), N_("请删去重复的一行。"), first=first)
        return found

    def _name(self, text: str) -> str:
        if not text:
            return ""
        try:
            return names.check_name(text)
        except Refusal as refusal:
            self.wrong(
                "姓名", refusal.code, refusal.message, refusal.remedy or N_("请照证件填写姓名。"), **refusal.params
            )
            return ""

    def _value(self, column: str, key: str, cell: Any) -> Any:
        text = _text(cell)
        if key in DAYS:
            return self._day(column, cell)
        if key != "relation":
            return text
        relation = codes.find("staff_relation", text) if text else None
        if text and relation is None:
            self.wrong(
                column,
                "relation",
                N_("没有名为“%(text)s”的人员关系。"),
                N_("请填写：%(choices)s。"),
                text=text[:20],
                choices="、".join(label for _code, label in codes.choices("staff_relation")),
            )
        return relation.code if relation else ""

    def _day(self, column: str, cell: Any) -> date | None:
        text = _text(cell)
        day = day_of(cell) if text else None
        if text and day is None:
            self.wrong(column, "day", N_("“%(text)s”不是可用的日期。"), N_("请写成“2026-01-01”。"), text=text[:20])
        return day


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return undress(cell)[0]
