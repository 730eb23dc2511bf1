"""What the tests of this room start from: a catalogue, requests, workbooks."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from PIL import Image

from jiangheng.applications import actions
from jiangheng.applications.models import Application
from jiangheng.bodies.models import Organisation
from jiangheng.catalog.models import FeeLine, Occupation, StandardVersion, Subject
from jiangheng.people.actions import Claim
from jiangheng.plans.models import Plan, Request
from jiangheng.rules.roles import Person
from tests import factories

DATA = Path(__file__).parent / "data"
CLEAN = DATA / "roster_electrician_l4_60.xlsx"
FAULTY = DATA / "roster_faulty_60.xlsx"
KEY = DATA / "roster_faulty_60.key.json"


def catalogue(ruleset: str = "R2023") -> StandardVersion:
    """电工 with its standard of ``ruleset``: theory and skill."""
    occupation, _made = Occupation.objects.get_or_create(
        code="6-31-01-03", edition="2022", defaults={"name": "电工", "jobs": ["维修电工"], "levels": "54321"}
    )
    standard = StandardVersion.objects.create(
        occupation=occupation,
        document="电工国家职业标准",
        ruleset=ruleset,
        valid_from=date(2019, 1, 1),
        related_majors=["电气自动化"],
        state="published",
    )
    for level in (5, 4, 3):
        for subject in ("theory", "skill"):
            Subject.objects.create(standard=standard, level=level, subject=subject, method="machine", minutes=90)
    return standard


def fee_table(level: int = 4) -> None:
    """A demonstration table: 40 yuan theory, 210 skill, 180 materials."""
    for item, fen in (("theory", 4000), ("skill", 21000), ("materials", 18000)):
        FeeLine.objects.create(
            document="示范收费表",
            occupation_code="6-31-01-03",
            level=level,
            item=item,
            amount_fen=fen,
            valid_from=date(2015, 1, 1),
            label="示范数据",
        )


def request_of(school: Person, body: Person | None = None, **given: Any) -> Request:
    """A request of the school's for 60 people, 电工 四级, handed in and assigned to ``body`` where given."""
    return Request.objects.create(
        **{
            "number": f"SQ{Request.objects.count() + 1:05d}",
            "organisation_id": school.organisation_id,
            "class_name": "电工四级1班",
            "occupation_code": "6-31-01-03",
            "occupation_name": "电工",
            "level": 4,
            "headcount": 60,
            "exam_on": date(2026, 7, 4),
            "deadline_on": date(2026, 6, 10),
            "place": "body",
            "body_id": body.organisation_id if body else None,
            "state": "taken" if body else "submitted",
            "created_at": factories.LONG_AGO,
            **given,
        }
    )


def plan_of(body: Person, **given: Any) -> Plan:
    """The body's plan for 2026-07-04, taking names until 2026-06-15."""
    organisation = Organisation.objects.get(pk=body.organisation_id)
    return factories.make_plan(organisation, **{"registration_ends_at": factories.moment("2026-06-15 18:00"), **given})


def upload(path: Path = CLEAN) -> SimpleUploadedFile:
    """A workbook as a browser sends it."""
    return SimpleUploadedFile(path.name, path.read_bytes())


def changed(edits: dict[tuple[int, str], Any], source: Path = CLEAN, rows: int | None = None) -> SimpleUploadedFile:
    """The clean roster with cells (row, column name) changed and only the first ``rows`` rows kept."""
    sheet = load_workbook(source).active
    table = [list(line) for line in sheet.iter_rows(values_only=True)]
    for (row, column), value in edits.items():
        table[row - 1][table[0].index(column)] = value
    return written(table[: rows + 1] if rows else table)


def written(table: list[list[Any]]) -> SimpleUploadedFile:
    """A table as an xlsx upload."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in table:
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("花名册.xlsx", stream.getvalue())


def many(count: int, first: int = 0, route: str = "") -> SimpleUploadedFile:
    """A good roster of ``count`` invented people, from the ``first``-th on; ``route`` where another is asked for."""
    sheet = load_workbook(CLEAN).active
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    heading, row = lines[0], lines[6]
    number, born, name = heading.index("证件号码"), heading.index("出生日期"), heading.index("姓名")
    sex, began, phone = heading.index("性别"), heading.index("参加工作时间"), heading.index("手机号码")
    table = [heading]
    for serial in range(first, first + count):
        day = date.fromordinal(date(1975, 1, 1).toordinal() + serial // 499)
        line = list(row)
        line[number] = factories.identity_number(serial, born=day.strftime("%Y%m%d"))
        line[phone] = f"139{serial:08d}"
        line[heading.index("申报条件")] = route or row[heading.index("申报条件")]
        line[born], line[name], line[sex], line[began] = day.isoformat(), "韦示例", "男", "2000-01-01"
        table.append(line)
    return written(table)


def photo() -> SimpleUploadedFile:
    """A portrait-shaped picture large enough for the rules."""
    picture = Image.effect_noise((480, 640), 90).convert("RGB")
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=80)
    return SimpleUploadedFile("photo.jpg", stream.getvalue(), content_type="image/jpeg")


def scan(whose: int = 0) -> SimpleUploadedFile:
    """A small scanned page; two people's scans differ."""
    stream = io.BytesIO()
    Image.new("RGB", (400, 300), (255, 255, 255 - whose * 8 % 256)).save(stream, "PNG")
    return SimpleUploadedFile("scan.png", stream.getvalue(), content_type="image/png")


FORM = {
    "手机号码": "13800000001",
    "民族": "壮",
    "文化程度": "高中",
    "所在省（市）区": "广西壮族自治区",
    "考生来源": "社会",
    "是否有职业资格证书": "否",
    "申报条件": "2023-4-1",
    "认定分类": "初次",
    "参加工作时间": "2010-01-01",
    "专业年限": "8",
}


def drafted(candidate: Person, plan: Plan, now: datetime, **form: str) -> Application:
    """A candidate's draft with the form filled, photo and proofs attached."""
    application = actions.apply_draft(by=candidate, now=now, plan_row_id=plan.rows.get().pk)
    actions.save(by=candidate, now=now, application_id=application.pk, values={**FORM, **form})
    actions.attach(by=candidate, now=now, application_id=application.pk, kind="photo", upload=photo())
    for kind in ("identity", "work_years"):
        actions.attach(by=candidate, now=now, application_id=application.pk, kind=kind, upload=scan(application.pk))
    application.refresh_from_db()
    return application


def submitted(candidate: Person, plan: Plan, now: datetime, **form: str) -> Application:
    """The same, handed in."""
    application = drafted(candidate, plan, now, **form)
    return actions.submit(by=candidate, now=now, application_id=application.pk, committed=True)


def claim(serial: int = 1, name: str = "韦示例") -> Claim:
    """An invented person as a clerk types them."""
    return Claim("居民身份证", factories.identity_number(serial, born="19880808"), name)
