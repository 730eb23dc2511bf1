"""One row of a roster (四（四）): every fault at once, each cell alone and then what the cells say together."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.conditions import claims, eligibility_words
from jiangheng.rules.conditions.eligibility import NOT_MET, ConditionResult
from jiangheng.rules.conditions.routes import RouteSet, route_sets
from jiangheng.rules.days.months import add_months, whole_months
from jiangheng.rules.law import Law
from jiangheng.rules.readers import certificate_numbers, dates, identity, names, phones
from jiangheng.rules.readers.text import BLANKS
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roster.cells import text_of
from jiangheng.rules.roster.kinds import ERROR, KINDS, UNLISTED, RowFault, fault

TABLES = {
    "性别": "sex",
    "文化程度": "education",
    "所在省（市）区": "province",
    "考生来源": "candidate_source",
    "认定分类": "recognition_kind",
    "考试类型": "exam_type",
    "民族": "ethnicity",
    "政治面貌": "political",
    "证书领取方式": "delivery",
    "是否有职业资格证书": "yes_no",
}
BY_NAME_ONLY = ("ethnicity", "political")
"""Tables of which no value may be offered for another because the letters are alike."""
DATES = ("出生日期", "参加工作时间")
EARLIEST = date(1900, 1, 1)
EXAMPLES = frozenset(["示例", "样例", "例", "例如", "如", "填写示例", "示例行", "范例"])
PLACEHOLDERS = frozenset(["张三", "李四", "王五", "赵六", "某某", "某某某", "×××", "XXX"])
WITH_UNIT = frozenset(["1", "2", "4", "11", "12", "13", "15", "16"])
DIPLOMA = re.compile(r"\d{5}[1-9](\d{4})0?\d{7,8}")
DIPLOMA_LENGTHS = (17, 18)
"""Digits of a certificate of higher education: 17 of adult and older ones, 18 since 2001 (教学〔2001〕4号)."""
HIGHER = frozenset({"11", "14", "20", "30"})
CELL_OF = {
    "cert_held": "证书编号",
    "after": "专业年限",
    "cum": "专业年限",
    "consecutive": "专业年限",
    "working": "专业年限",
    "after_title": "专业年限",
    "edu": "文化程度",
    "min_age": "出生日期",
}
"""The cell a condition of a route is judged by, where no certificate comes into it."""
SOON = 11
"""Months of work still wanting that a roster leaves to the review, where the years written are all those since work began:
专业年限 is in whole years and the review judges on the registration's last day. A default of this product, prescribed nowhere."""
FIRST_GRADUATE = 15
STUDENT_AGES = (14, 35)


@dataclass(frozen=True, slots=True)
class Context:
    """What the roster is for: occupation name, code and 工种, level, routes, the day, the law, the reporting unit.

    ``scope`` are the occupation and job names that may be applied for; ``routes`` are those of the standard in force
    with its own overrides (三（一）). ``judged_on`` is the day the route claimed is held against the row's own facts; None
    where that is judged elsewhere, as it is of a candidate's own form.
    """

    scope: frozenset[str]
    level: int | None
    routes: RouteSet
    today: date
    law: Law
    sender: str = ""
    judged_on: date | None = None


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row as it will be kept: values by the form's column names, and its checked identity where it is good."""

    row: int
    values: dict[str, Any]
    identity: identity.Identity | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What all rows of a workbook share: columns by the form's names, their headings, letters and what is not there."""

    columns: tuple[tuple[str, int], ...]
    labels: Mapping[str, str]
    letters: Mapping[str, str]
    required: tuple[str, ...]
    absent: frozenset[str] = frozenset()
    date1904: bool = False


class RowCheck:
    """One row while it is being checked; ``spoilt`` are columns (by the form's names) already told of."""

    def __init__(
        self, number: int, cells: Sequence[Any], frame: Frame, context: Context, spoilt: frozenset[str] = frozenset()
    ) -> None:
        self.number, self.frame, self.context = number, frame, context
        self.faults: list[RowFault] = []
        self.identity: identity.Identity | None = None
        self.raw = {
            name: cells[place] if place < len(cells) and name not in spoilt else None for name, place in frame.columns
        }
        self.values: dict[str, Any] = {}
        self.told: set[str] = set(spoilt) | frame.absent

    def fault(self, column: str, code: str, **params: str | int) -> None:
        """Note a fault of this row."""
        frame = self.frame
        made = fault(
            self.number, frame.labels.get(column, column), code, letter=frame.letters.get(column, ""), **params
        )
        if made.severity == ERROR:
            self.told.add(column)
        self.faults.append(made)

    def refused(self, column: str, refusal: Refusal) -> None:
        """Note what another rule refused, in this room's words where it has them."""
        params = {name: value for name, value in refusal.params.items() if isinstance(value, str | int)}
        if refusal.code in KINDS:
            self.fault(column, refusal.code, **params)
            return
        label, at = self.frame.labels.get(column, column), self.frame.letters.get(column, "")
        self.told.add(column)
        self.faults.append(RowFault(self.number, label, ERROR, refusal.code, refusal.message, params, at))

    def check(self) -> None:
        """Look at every cell, then at what they say together."""
        for column, cell in self.raw.items():
            text, said = text_of(column, cell)
            self.values[column] = text
            for code, params in said:
                self.fault(column, code, **params)
        for name in self.frame.required:
            if not self.values.get(name) and name not in self.told:
                self.fault(name, "required")
        self._tables()
        self._dates()
        self._identity()
        self._name()
        self._contact()
        self._occupation()
        self._route()
        self._certificate()
        self._schooling()
        self._work()
        self._claim()

    def _tables(self) -> None:
        for column, table in TABLES.items():
            text = self.values.get(column)
            if not text:
                continue
            found = codes.find(table, text) or codes.find(table, unicodedata.normalize("NFKC", text))
            if found is None:
                found = codes.find(table, _tight(text))
                if found is not None:
                    self.fault(column, "text.spaces")
            if found is None:
                near = "" if table in BY_NAME_ONLY else _nearest(table, text)
                self.fault(column, "code.unknown", text=text[:20], near=near)
                if not near:
                    self.faults[-1] = replace(self.faults[-1], message=UNLISTED)
                self.values[column] = ""
            else:
                self.values[column] = found.label

    def _dates(self) -> None:
        for column in DATES:
            text = self.values.get(column)
            if not text:
                continue
            number = isinstance(self.raw.get(column), int | float)
            read = dates.read(text, number=number, date1904=self.frame.date1904)
            self.values[column], day = "", read.value
            code = "date.serial" if "serial" in read.tidied else "date.month" if "month" in read.tidied else "date.text"
            if read.refusal is not None:
                self.fault(column, read.refusal.code, text=text.strip(BLANKS)[:20])
            elif day is None:
                continue
            elif day > self.context.today:
                self.fault(column, "date.future", text=day.isoformat())
            elif day < EARLIEST:
                self.fault(column, "date.old", text=day.isoformat())
            else:
                self.values[column] = day.isoformat()
                if read.tidied:
                    self.fault(column, code, text=day.isoformat())

    def _identity(self) -> None:
        kind, number = self.values.get("证件类型", ""), self.values.get("证件号码", "")
        if not kind or not number:
            return
        read = identity.read(kind, number, today=self.context.today)
        if read.refusal is not None:
            self.refused("证件类型" if read.refusal.code == "identity.kind" else "证件号码", read.refusal)
            return
        self.identity = read.taken()
        if "fifteen" in read.tidied:
            self.fault("证件号码", "identity.upgraded")
        elif set(read.tidied) - {"letter_case", "kind"}:
            self.fault("证件号码", "identity.normalised")
        if "kind" in read.tidied:
            self.fault("证件类型", "identity.corrected", kind=self.identity.kind)
        if "place" in self.identity.warnings:
            self.fault("证件号码", "identity.place")
        self.values["证件类型"], self.values["证件号码"] = self.identity.kind, self.identity.number
        self._agrees("性别", self.identity.sex, "sex.disagrees")
        self._agrees("出生日期", self.identity.born.isoformat() if self.identity.born else "", "born.disagrees")
        self._age()

    def _agrees(self, column: str, wanted: str, code: str) -> None:
        if not wanted:
            if not self.values.get(column) and column not in self.told and column in self.raw:
                self.fault(column, "required")
        elif not self.values.get(column):
            self.values[column] = wanted
        elif self.values[column] != wanted:
            self.fault(column, code, told=wanted)

    def _age(self) -> None:
        born = self.identity.born if self.identity else None
        if born is None:
            return
        years = identity.age(born, self.context.today)
        youngest, oldest = self.context.law.value("working_age"), self.context.law.value("roster_age_max")
        source = codes.find("candidate_source", self.values.get("考生来源") or "")
        if source is not None and source.code in claims.STUDENT_SOURCES:
            if not STUDENT_AGES[0] <= years <= STUDENT_AGES[1]:
                self.fault("考生来源", "age.student", age=years)
        elif years < youngest:
            self.fault("出生日期", "age.young", age=youngest)
        elif years >= oldest:
            self.fault("出生日期", "age.old", age=oldest)

    def _name(self) -> None:
        text = self.values.get("姓名")
        if not text:
            return
        number = next((at for at, char in enumerate(text.strip(BLANKS), start=1) if char in names.DIGITS), 0)
        if number and "_x" not in text:
            self.fault("姓名", "name.digits", position=number)
            return
        read = names.read(text, self.context.law.value("name_max_length"))
        if read.refusal is not None:
            self.refused("姓名", read.refusal)
            return
        name = read.taken()
        if read.tidied:
            self.fault("姓名", "name.normalised", text=name)
        if self.values.get("证件类型") == identity.RESIDENT and not any(map(names.is_ideograph, name)):
            self.fault("姓名", "name.latin")
        private = next((at for at, char in enumerate(name, start=1) if "\ue000" <= char <= "\uf8ff"), 0)
        if private:
            self.fault("姓名", "name.private", position=private)
        if name in PLACEHOLDERS:
            self.fault("姓名", "name.placeholder", text=name)
        self.values["姓名"] = name

    def _contact(self) -> None:
        text = self.values.get("手机号码")
        if text:
            read = phones.read(text)
            if read.refusal is not None:
                self.refused("手机号码", read.refusal)
            else:
                self.values["手机号码"] = read.taken()
                if read.tidied:
                    self.fault("手机号码", "phone.normalised", text=read.taken())
        email = self.values.get("电子邮箱")
        if email and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}", email):
            self.fault("电子邮箱", "email.shape")
        postcode = self.values.get("邮政编码")
        if postcode and not re.fullmatch(r"\d{6}", postcode):
            self.fault("邮政编码", "postcode.shape")
        delivery = codes.find("delivery", self.values.get("证书领取方式") or "")
        if delivery is not None and delivery.code == "2" and "邮寄地址" in self.raw and not self.values["邮寄地址"]:
            self.fault("邮寄地址", "delivery.address")

    def _occupation(self) -> None:
        text = self.values.get("职业工种名称")
        if text and text not in self.context.scope and _tight(text) in self.context.scope:
            text = self.values["职业工种名称"] = _tight(text)
            self.fault("职业工种名称", "occupation.spaces", text=text)
        if text and text not in self.context.scope:
            wanted = "、".join(sorted(word for word in self.context.scope if not word[:1].isdigit()))
            self.fault("职业工种名称", "occupation.scope", text=text[:20], wanted=f"“{wanted[:40]}”" if wanted else "—")
        text = self.values.get("认定等级")
        if not text:
            return
        level = codes.find("level", text)
        if level is None:
            self.fault("认定等级", "level.unknown", text=text[:20])
            self.values["认定等级"] = ""
            return
        self.values["认定等级"] = level.code
        if self.context.level is not None and int(level.code) != self.context.level:
            self.fault("认定等级", "level.other", wanted=codes.level_name(self.context.level))

    def _route(self) -> None:
        text, level = self.values.get("申报条件"), self.values.get("认定等级") or self.context.level
        if not text:
            return
        routes = self.context.routes
        route = routes.route(text)
        if route is not None and (not level or route.level == int(level)):
            return
        wanted = next((each.id for each in routes.routes if not level or each.level == int(level)), "")
        if route is not None:
            code = "route.level"
        else:
            shipped = {each.id for each in route_sets().values() if each.route(text)}
            code = "route.removed" if routes.id in shipped else "route.ruleset" if shipped else "route.unknown"
        self.fault("申报条件", code, text=text[:20], wanted=wanted)

    def _certificate(self) -> None:
        held = self.values.get("是否有职业资格证书")
        if held == "是":
            for column in ("证书等级", "证书编号"):
                if column in self.raw and not self.values.get(column) and column not in self.told:
                    self.fault(column, "certificate.blank")
        contradicts = held == "否" and bool(self.values.get("证书编号"))
        if contradicts:
            self.fault("是否有职业资格证书", "certificate.contradiction")
        elif held == {"初次": "是", "晋级": "否"}.get(self.values.get("认定分类") or "", "—"):
            self.fault("认定分类", "recognition.disagrees", text=self.values["认定分类"])
        level, stated = self.values.get("证书等级"), None
        if level:
            stated = codes.find("level", level)
            if stated is None:
                self.fault("证书等级", "level.unknown", text=level[:20])
            else:
                self.values["证书等级"] = stated.label
        applied = self.values.get("认定等级") or self.context.level
        if self.values.get("证书编号"):
            number = certificate_numbers.read(self.values["证书编号"])
            self.values["证书编号"] = number.value or ""
            if set(number.tidied) - {"letter_case"}:
                code = "text.fullwidth" if set(number.tidied) == {"fullwidth"} else "certificate.normalised"
                self.fault("证书编号", code, text=self.values["证书编号"])
        if self.values.get("证书编号"):
            self._certificate_number(self.values["证书编号"], int(stated.code) if stated else None)
        higher = stated is not None and bool(applied) and int(stated.code) <= int(applied or 0)
        if higher and held == "是" and "证书等级" not in self.told:
            self.fault("证书等级", "certificate.higher")

    def _certificate_number(self, number: str, stated: int | None) -> None:
        parsed = certificate_numbers.parse(number, self.context.law)
        born, youngest = self.identity.born if self.identity else None, self.context.law.value("working_age")
        if parsed.scheme == "legacy":
            self.fault("证书编号", "certificate.legacy")
        elif impossible := [each for each in parsed.doubts if each in certificate_numbers.IMPOSSIBLE]:
            self.fault("证书编号", "certificate.impossible", said=certificate_numbers.DOUBTS[impossible[0]])
        elif parsed.year and parsed.year > self.context.today.year:
            self.fault("证书编号", "certificate.future")
        elif parsed.level and stated and stated != parsed.level:
            self.fault("证书等级", "certificate.level", told=codes.level_name(parsed.level))
        elif parsed.year and born and parsed.year < born.year + youngest - 1:
            self.fault("证书编号", "certificate.young", age=youngest)
        elif parsed.doubts:
            self.fault("证书编号", "certificate.doubtful", said=certificate_numbers.DOUBTS[parsed.doubts[0]])

    def _schooling(self) -> None:
        source = codes.find("candidate_source", self.values.get("考生来源") or "")
        needs_unit = source is not None and (source.code in WITH_UNIT or source.code in claims.STUDENT_SOURCES)
        if needs_unit and "所在单位" in self.raw and not self.values["所在单位"] and "所在单位" not in self.told:
            self.fault("所在单位", "source.unit")
        number, schooling = (
            self.values.get("学历证书编号") or "",
            codes.find("education", self.values.get("文化程度") or ""),
        )
        if number.isdigit() and len(number) not in DIPLOMA_LENGTHS and schooling and schooling.code in HIGHER:
            self.fault("学历证书编号", "diploma.length", got=len(number))
        diploma = DIPLOMA.fullmatch(number)
        if diploma is None:
            return
        year, born = int(diploma[1]), self.identity.born if self.identity else None
        if self.context.today.year < year < 2100:
            self.fault("学历证书编号", "diploma.future")
        elif born and 1900 <= year < born.year + FIRST_GRADUATE:
            self.fault("学历证书编号", "diploma.age", year=year)

    def _work(self) -> None:
        years_text = self.values.get("专业年限")
        born = self._born()
        working_age, today = self.context.law.value("working_age"), self.context.today
        began = dates.read_date(self.values.get("参加工作时间") or "")
        if began and born and began < add_months(born, working_age * 12):
            self.fault("参加工作时间", "work.too_young", age=working_age)
        self._experience()
        if not years_text:
            return
        try:
            years = float(years_text)
        except ValueError:
            years = -1
        if not 0 <= years <= 60:
            self.fault("专业年限", "years.number")
            self.values["专业年限"] = ""
            return
        if born and (today.year - born.year) - working_age < years:
            self.fault("专业年限", "years.age")
        elif began and (today - began).days / 365 + 1 < years:
            self.fault("专业年限", "years.began")

    def _born(self) -> date | None:
        told = self.identity.born if self.identity else None
        return told or dates.read_date(self.values.get("出生日期") or "")

    def _claim(self) -> None:
        """Hold the route claimed against what the row itself says; what it leaves open is for the review (三（一）)."""
        on, text, level = self.context.judged_on, self.values.get("申报条件"), self.values.get("认定等级")
        route = self.context.routes.route(text) if text else None
        if on is None or route is None or "申报条件" in self.told or str(route.level) != level:
            return
        occupation = self.values.get("职业工种名称") or ""
        reading = claims.read(
            self.values, occupation=occupation, related_majors=(), claimed_on=self.context.today, law=self.context.law
        )
        names_of = frozenset({*self.context.scope, occupation, str(self.values.get("原职业(工种)") or occupation)})
        found = claims.assess(reading, names_of, route.level, self.context.routes, on, route=route.id)
        against = [each for each in found.judgement.conditions if each.route == route.id and each.state == NOT_MET]
        if found.judgement.verdict != NOT_MET or not against:
            return
        if found.other_route:
            message, places = eligibility_words.said(against[0].condition, against[0].state, against[0].detail)
            self.fault("申报条件", "route.other", **places, said=message, route=route.id, other=found.other_route)
            return
        said_of: set[str] = set()
        for each in against:
            if self._soon_made_good(each, on):
                continue
            column = self._cell_of(each)
            if column in self.raw and column not in self.told and column not in said_of:
                said_of.add(column)
                message, places = eligibility_words.said(each.condition, each.state, each.detail)
                self.fault(column, "route.facts", **places, said=message, route=route.id)

    def _soon_made_good(self, result: ConditionResult, on: date) -> bool:
        """Whether the years written are all those since work began, and only months are wanting (专业年限 is whole years)."""
        began, years = dates.read_date(self.values.get("参加工作时间") or ""), str(self.values.get("专业年限") or "")
        if began is None or not years.isdigit() or result.condition not in ("cum", "consecutive"):
            return False
        months = whole_months(began, on)
        return months // 12 == int(years) and months + SOON >= int(result.detail.get("needed") or 0) * 12

    def _cell_of(self, result: ConditionResult) -> str:
        by_certificate = result.condition in ("cert", "cert_held", "after")
        if by_certificate and self.values.get("是否有职业资格证书") == "否":
            return "是否有职业资格证书"
        if result.condition == "cert":
            return "证书等级"
        years = str(self.values.get("专业年限") or "")
        enough = years.replace(".", "", 1).isdigit() and float(years) >= float(result.detail.get("needed") or 0)
        if result.condition == "after" and enough:
            return "证书编号"
        column = CELL_OF.get(result.condition, "申报条件")
        if column == "专业年限" and not years and self.values.get("简要经历"):
            return "简要经历"
        return column

    def _experience(self) -> None:
        text = self.values.get("简要经历")
        if not text:
            return
        today, born = self.context.today, self._born()
        for found in claims.SPELL.finditer(unicodedata.normalize("NFKC", text)):
            year, month, _end, to_year, to_month, _words = found.groups()
            begins, ends = (int(year), int(month)), (int(to_year), int(to_month)) if to_year else None
            if begins > (today.year, today.month):
                self.fault("简要经历", "experience.future", text=found[0][:30])
            elif born and begins < (born.year, born.month):
                self.fault("简要经历", "experience.birth", text=found[0][:30])
            elif ends is not None and ends < begins:
                self.fault("简要经历", "experience.order", text=found[0][:30])


def _tight(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char not in BLANKS)


def _nearest(table: str, text: str) -> str:
    """The value written most like this one, "" where none is."""
    words = {word: code.label for code in codes.table(table) for word in (code.label, *code.synonyms)}
    near = difflib.get_close_matches(unicodedata.normalize("NFKC", text), list(words), 1, 0.5)
    return words[near[0]] if near else ""
