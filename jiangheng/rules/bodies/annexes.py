"""附件1-3 as workbooks (一): every fault of every row at once, with row, column and how to mend it.

One row is one occupation (工种) of one filing of one body. A row whose body columns are empty goes on with the body of
the row above, as merged cells are read. Levels are kept as in ``"543"``, days as dates.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.conditions.occupations import OccupationRow
from jiangheng.rules.law import FOLDER, Law
from jiangheng.rules.readers import certificate_numbers, credit_codes, dates, phones
from jiangheng.rules.readers.text import FORMULA, undress
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roster import letter
from jiangheng.rules.words import gettext_noop as N_

BODY = (
    "机构名称", "统一社会信用代码", "所在县区", "机构地址", "联系人", "联系电话", "备案文号", "备案批次", "备案起始日期",
    "备案截止日期", "服务对象", "收费依据", "证书编号前缀",
)  # read as a table  # fmt: skip
LONGEST = {
    "机构名称": 120, "机构地址": 200, "联系人": 60, "联系电话": 30, "备案文号": 60, "备案批次": 40, "职业标准版本": 80,
    "考点名称": 80, "考点地址": 200, "收费依据": 120,
}  # read as a table  # fmt: skip
HEADING_WITHIN = 5
MOST_ROWS = 5000
SEPARATORS = re.compile(r"[、,，;；\s]+")
NONE = {"", "—", "－", "-", "/", "无"}
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Annex:
    """One of the three annexes: whom it lists and whom those serve."""

    id: str
    title: str
    kind: str
    service: str
    columns: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell (row 1 is the first of the sheet) and how to mend it."""

    row: int
    column: str
    letter: str
    code: str
    message: str
    remedy: str
    params: dict[str, str | int] = field(default_factory=dict)

    def sentence(self, translate: Callable[[str], str]) -> str:
        """What is wrong."""
        return translate(self.message) % self.params if self.params else translate(self.message)

    def advice(self, translate: Callable[[str], str]) -> str:
        """How to mend it."""
        return translate(self.remedy) % self.params if self.params else translate(self.remedy)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it would be kept; ``body`` and ``filing`` repeat from row to row."""

    row: int
    body: Mapping[str, Any]
    filing: Mapping[str, Any]
    scope: Mapping[str, Any]
    site: Mapping[str, str]


@cache
def annexes() -> tuple[Annex, ...]:
    """The three annexes with their columns, from ``law/annexes.toml``."""
    data = tomllib.loads((FOLDER / "annexes.toml").read_text(encoding="utf-8"))
    columns, required = tuple(data["columns"]), tuple(data["required"])
    return tuple(
        Annex(row["id"], row["title"], row["kind"], row["service"], columns, required) for row in data["annex"]
    )


def annex(identifier: str) -> Annex:
    """The annex of that number; Refusal ``annex.none`` (404)."""
    for each in annexes():
        if each.id == identifier:
            return each
    raise refuse("annex.none", N_("没有这个附件。"), N_("请选择附件1至附件3。"), clause="一", status=404)


def read(
    which: Annex, cells: Sequence[Sequence[Any]], *, occupations: Iterable[OccupationRow], law: Law
) -> tuple[list[Line], list[Fault]]:
    """Every row with every fault; lines are complete only where there is no fault at all.

    Refusals (422): ``annex.heading`` naming the first column that differs, ``annex.empty``, ``annex.rows``.
    """
    top = _heading(which, cells)
    rows = [
        (number, _padded(row, len(which.columns)))
        for number, row in enumerate(cells[top + 1 :], start=top + 2)
        if any(not _blank(cell) for cell in row)
    ]
    if not rows:
        raise refuse(
            "annex.empty",
            N_("表里没有机构。"),
            N_("请在表头下一行起填写，每行一个职业（工种）。"),
            clause="一",
            status=422,
        )
    if len(rows) > MOST_ROWS:
        raise refuse(
            "annex.rows",
            N_("表里有%(rows)s行，超过上限%(most)s行。"),
            N_("请分成几份依次导入。"),
            clause="一",
            status=422,
            rows=len(rows),
            most=MOST_ROWS,
        )
    reader = _Reader(which, {row.code: row for row in occupations}, law)
    lines = [reader.line(number, row) for number, row in rows]
    return [line for line in lines if line is not None], reader.faults


def _heading(which: Annex, cells: Sequence[Sequence[Any]]) -> int:
    best, place, wanted, got = -1, 0, which.columns[0], ""
    for top, row in enumerate(cells[:HEADING_WITHIN]):
        given = [_text(cell).lstrip("*＊") for cell in row]
        while given and not given[-1]:
            given.pop()
        if tuple(given) == which.columns:
            return top
        alike = sum(a == b for a, b in zip(given, which.columns, strict=False))
        if alike > best:
            best = alike
            place = next(
                (at for at, name in enumerate(which.columns) if at >= len(given) or given[at] != name),
                len(which.columns),
            )
            wanted = which.columns[place] if place < len(which.columns) else ""
            got = given[place][:20] if place < len(given) else ""
    raise refuse(
        "annex.heading",
        N_("表头与“%(annex)s”不一致：%(letter)s列应为“%(wanted)s”，实为“%(got)s”。"),
        N_("请下载模板，不要增删或改动表头，填好后重新上传。"),
        clause="一",
        status=422,
        annex=which.title,
        letter=letter(place),
        wanted=wanted,
        got=got,
    )


class _Reader:
    """Reads rows one after another, remembering what the rows before said."""

    def __init__(self, which: Annex, occupations: Mapping[str, OccupationRow], law: Law) -> None:
        self.annex, self.occupations = which, occupations
        self.prefix = re.compile(law.value("certificate_prefix_pattern"))
        self.faults: list[Fault] = []
        self.above: dict[str, Any] = {}
        self.bodies: dict[str, dict[str, Any]] = {}
        self.filings: dict[tuple[str, str], dict[str, Any]] = {}
        self.names: dict[str, str] = {}
        self.prefixes: dict[str, str] = {}
        self.seen: dict[tuple[str, str, str, str], tuple[int, Mapping[str, Any], set[str]]] = {}
        self.row = 0

    def wrong(self, column: str, code: str, message: str, remedy: str, /, **params: str | int) -> None:
        """Note a fault of the row now read."""
        place = self.annex.columns.index(column)
        self.faults.append(Fault(self.row, column, letter(place), code, message, remedy, params))

    def line(self, number: int, row: Sequence[Any]) -> Line | None:
        """One row; None where it has faults."""
        self.row, before = number, len(self.faults)
        cells = dict(zip(self.annex.columns, row, strict=False))
        if all(_blank(cells[name]) for name in BODY) and self.above:
            cells |= {name: self.above[name] for name in BODY}
        else:
            self.above = {name: cells[name] for name in BODY}
        for name, cell in cells.items():
            if cell == FORMULA:
                self.wrong(name, "formula", N_("单元格是公式。"), N_("请改为直接填写的文字或数字。"))
                cells[name] = ""
            elif name in self.annex.required and _blank(cell):
                self.wrong(name, "missing", N_("“%(column)s”没有填写。"), N_("这一列必填，请补上。"), column=name)
        text = {name: self._short(name, _text(cell)) for name, cell in cells.items()}
        body = self._body(text)
        filing = self._filing(text, cells)
        scope = self._scope(text, cells, filing)
        site = self._site(text)
        self._consistent(body, filing, scope, site["name"])
        if len(self.faults) > before:
            return None
        return Line(number, body, filing, scope, site)

    def _short(self, name: str, text: str) -> str:
        most = LONGEST.get(name)
        if most is not None and len(text) > most:
            self.wrong(name, "long", N_("“%(column)s”超过%(most)s个字。"), N_("请缩短后填写。"), column=name, most=most)
        return text

    def _body(self, text: Mapping[str, str]) -> dict[str, Any]:
        code = text["统一社会信用代码"]
        if code:
            found = credit_codes.read(code)
            code = found.value or ""
            if found.refusal is not None:
                self.wrong(
                    "统一社会信用代码",
                    "credit_code",
                    N_("统一社会信用代码不正确（18位，末位为校验码）。"),
                    N_("请照登记证书逐位核对，注意不使用字母I、O、Z、S、V。"),
                )
        district = codes.find("district", text["所在县区"]) if text["所在县区"] else None
        if text["所在县区"] and district is None:
            self.wrong(
                "所在县区",
                "district",
                N_("没有名为“%(text)s”的县区。"),
                N_("请填写柳州市的县区全称，如“鱼峰区”。"),
                text=text["所在县区"][:20],
            )
        prefix = certificate_numbers.read(text["证书编号前缀"]).value or ""
        if prefix and not self.prefix.fullmatch(prefix):
            self.wrong(
                "证书编号前缀",
                "prefix",
                N_("证书编号前缀应为1位字母（Y或S）加12位数字。"),
                N_("前缀由自治区人社部门编制下发，请照文件录入；尚未下发的留空。"),
            )
        return {
            "name": text["机构名称"],
            "credit_code": code,
            "district_code": district.code if district else "",
            "address": text["机构地址"],
            "contact_name": text["联系人"],
            "contact_phone": phones.tidy(text["联系电话"]),
            "certificate_prefix": prefix,
        }

    def _filing(self, text: Mapping[str, str], cells: Mapping[str, Any]) -> dict[str, Any]:
        first, last = self._day("备案起始日期", cells), self._day("备案截止日期", cells)
        if first and last and last < first:
            self.wrong("备案截止日期", "period", N_("备案截止日期早于起始日期。"), N_("请核对两个日期。"))
        service = codes.find("service_object", text["服务对象"]) if text["服务对象"] else None
        if text["服务对象"] and (service is None or service.code != self.annex.service):
            self.wrong(
                "服务对象",
                "service",
                N_("本附件所列机构的服务对象应为“%(service)s”。"),
                N_("请改正，或留空由系统按类别填写；类别不对的请填入对应的附件。"),
                service=codes.label("service_object", self.annex.service),
            )
        return {
            "number": text["备案文号"],
            "batch": text["备案批次"],
            "valid_from": first,
            "valid_to": last,
            "fee_basis": text["收费依据"],
        }

    def _scope(self, text: Mapping[str, str], cells: Mapping[str, Any], filing: Mapping[str, Any]) -> dict[str, Any]:
        code, name = text["职业编码"].replace("－", "-").replace("—", "-").replace(" ", ""), text["职业名称"]
        job = "" if text["工种"] in NONE else text["工种"]
        known = self.occupations.get(code)
        if code and known is None:
            same = next((row.code for row in self.occupations.values() if row.name == name), "")
            self.wrong(
                "职业编码",
                "occupation",
                N_("职业目录中没有编码为%(text)s的职业。"),
                N_("请改为职业目录中的编码%(same)s。") if same else N_("请从职业目录中查找编码后填写。"),
                text=code[:20],
                same=same,
            )
        if known is not None and name and name != known.name:
            self.wrong(
                "职业名称",
                "occupation_name",
                N_("编码%(code)s的职业是“%(known)s”，不是“%(text)s”。"),
                N_("请核对名称与编码，改正其中之一。"),
                code=code,
                known=known.name,
                text=name[:20],
            )
        if known is not None and job and job not in known.jobs:
            self.wrong(
                "工种",
                "job",
                N_("职业“%(known)s”没有工种“%(text)s”。"),
                N_("可填：%(jobs)s；没有工种的填“—”。") if known.jobs else N_("该职业不分工种，请填“—”或留空。"),
                known=known.name,
                text=job[:20],
                jobs="、".join(known.jobs),
            )
        levels = self._levels(text["认定等级"], known)
        first, last = filing["valid_from"], filing["valid_to"]
        begins = self._day("行起始日期", cells) or first
        ends = self._day("行截止日期", cells) or last
        if first and last and begins and ends and not first <= begins <= ends <= last:
            self.wrong(
                "行起始日期",
                "row_period",
                N_("本行的起止日期超出备案起止日期，或先后颠倒。"),
                N_("请填写备案有效期以内的日期；与备案一致的留空。"),
            )
        return {
            "occupation_code": code,
            "occupation_name": known.name if known else name,
            "job": job,
            "levels": levels,
            "standard": text["职业标准版本"],
            "valid_from": begins,
            "valid_to": ends,
        }

    def _levels(self, text: str, known: OccupationRow | None) -> str:
        if not text:
            return ""
        levels = levels_of(text)
        if levels is None:
            self.wrong(
                "认定等级",
                "levels",
                N_("看不懂等级“%(text)s”。"),
                N_("请写成“5、4、3”或“五级、四级、三级”。"),
                text=text[:20],
            )
            return ""
        beyond = "".join(each for each in levels if known is not None and each not in known.levels)
        if beyond and known is not None:
            self.wrong(
                "认定等级",
                "levels_beyond",
                N_("职业“%(known)s”没有%(beyond)s级。"),
                N_("该职业设%(levels)s级，请删去多填的等级。"),
                known=known.name,
                beyond="、".join(beyond),
                levels="、".join(known.levels),
            )
        return levels

    def _site(self, text: Mapping[str, str]) -> dict[str, str]:
        name, address = text["考点名称"], text["考点地址"]
        if name and not address:
            self.wrong("考点地址", "site", N_("填了考点名称，没有填地址。"), N_("请补上详细地址，会印在准考证上。"))
        if address and not name:
            self.wrong("考点名称", "site", N_("填了考点地址，没有填名称。"), N_("请补上考点名称，如“本部实训楼”。"))
        return {"name": name, "address": address}

    def _day(self, name: str, cells: Mapping[str, Any]) -> date | None:
        cell = cells[name]
        if _blank(cell):
            return None
        found = day_of(cell)
        if found is None or not EARLIEST <= found <= LATEST:
            self.wrong(
                name,
                "day",
                N_("“%(text)s”不是可用的日期。"),
                N_("请写成“2026-01-01”，年份在2000至2100之间。"),
                text=_text(cell)[:20],
            )
            return None
        return found

    def _consistent(
        self, body: Mapping[str, Any], filing: Mapping[str, Any], scope: Mapping[str, Any], site: str
    ) -> None:
        """The rows of one body say the same of it; a name, prefix or row stands once, a row again for another site."""
        code, number = body["credit_code"], filing["number"]
        if not code:
            return
        self._as_before(self.bodies.setdefault(code, dict(body)), body, BODY_COLUMNS)
        if number:
            self._as_before(self.filings.setdefault((code, number), dict(filing)), filing, FILING_COLUMNS)
        for column, value, held in (
            ("机构名称", body["name"], self.names),
            ("证书编号前缀", body["certificate_prefix"], self.prefixes),
        ):
            if value and held.setdefault(value, code) != code:
                self.wrong(
                    column,
                    "shared",
                    N_("“%(text)s”在本表中属于两个不同的统一社会信用代码。"),
                    N_("请核对是哪一家的，改正另一处。"),
                    text=str(value)[:30],
                )
        key = (code, number, scope["occupation_code"], scope["job"])
        first, said, sites = self.seen.setdefault(key, (self.row, scope, set()))
        for_another_site = scope == said and site and site not in sites
        sites.add(site)
        if first != self.row and scope["occupation_code"] and not for_another_site:
            self.wrong(
                "职业编码",
                "twice",
                N_("与第%(first)s行是同一机构、同一备案的同一职业（工种）。"),
                N_("请合并为一行并写全等级；只为另列一个考点的，除考点外各列须与该行相同。"),
                first=first,
            )

    def _as_before(self, earlier: Mapping[str, Any], now: Mapping[str, Any], columns: Mapping[str, str]) -> None:
        for key, column in columns.items():
            if earlier[key] != now[key]:
                self.wrong(
                    column,
                    "differs",
                    N_("同一机构的“%(column)s”与前面的行不一致。"),
                    N_("请各行填写一致，或只在第一行填写机构和备案各列。"),
                    column=column,
                )


BODY_COLUMNS = {
    "name": "机构名称",
    "district_code": "所在县区",
    "address": "机构地址",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "certificate_prefix": "证书编号前缀",
}
FILING_COLUMNS = {
    "batch": "备案批次",
    "valid_from": "备案起始日期",
    "valid_to": "备案截止日期",
    "fee_basis": "收费依据",
}
SCOPE_COLUMNS = {
    "levels": "认定等级",
    "standard": "职业标准版本",
    "valid_from": "行起始日期",
    "valid_to": "行截止日期",
}


def levels_of(text: str) -> str | None:
    """Levels as people write them, 5、4、3 or 五级至三级, as ``"543"``; None where they cannot be read."""
    plain = unicodedata.normalize("NFKC", text).strip()
    span = re.fullmatch(r"(.+?)\s*(?:-|—|~|至|到)\s*(.+)", plain)
    if span:
        ends = [_level(part) for part in span.groups()]
        if None in ends:
            return None
        high, low = sorted((int(str(each)) for each in ends), reverse=True)
        return "".join(str(each) for each in range(high, low - 1, -1))
    if re.fullmatch(r"[1-5]{1,5}(\.0)?", plain):
        parts: list[str | None] = list(plain.removesuffix(".0"))
    else:
        parts = [_level(part) for part in SEPARATORS.split(plain) if part]
    if not parts or None in parts:
        return None
    return "".join(sorted({str(part) for part in parts}, reverse=True))


def _level(text: str) -> str | None:
    word = text.strip()
    found = codes.find("level", word) or codes.find("level", word.removesuffix("级"))
    return found.code if found else None


def day_of(cell: Any) -> date | None:
    """A day cell or a day as people type it; None where it is none."""
    return dates.read(cell, whole=True).value


def _blank(cell: Any) -> bool:
    return cell is None or str(cell).strip() == ""


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return re.sub(r"\s+", " ", undress(cell)[0]).strip()


def _padded(row: Sequence[Any], width: int) -> list[Any]:
    return [*row[:width], *([None] * (width - len(row)))]
