"""Step 16: a batch still going on, so that every role finds something to do in the served demonstration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from jiangheng.applications import actions as applications
from jiangheng.applications.models import Application
from jiangheng.bodies.models import Venue
from jiangheng.demonstration import invented
from jiangheng.demonstration.stage import CANDIDATE_PHONE, LEVEL, OCCUPATION, OWING_PHONE, PASSWORD, Stage
from jiangheng.demonstration.timeline import at
from jiangheng.fees import actions as fees
from jiangheng.people import actions as people
from jiangheng.people.actions import Claim
from jiangheng.plans import actions as plans
from jiangheng.rules.given import PlanGiven, PlanRowGiven, RequestGiven
from jiangheng.rules.roles import PUBLIC
from jiangheng.values import queries as values

WEEKS_AHEAD = 5
HEADCOUNT = 40
CANDIDATE = Claim("居民身份证", invented.identity_number(490, date(1991, 3, 12), "女"), "闭小月")
OWING = Claim("居民身份证", invented.identity_number(492, date(1993, 5, 20), "女"), "韦小海")


def open_another(stage: Stage) -> str:
    """16. A plan open to everybody, one waiting for the centre, a request waiting for assignment, an application in hand, another to pay for."""
    body, centre = stage.person("body1"), stage.person("centre1")
    now = at(stage.days.concluded, "09:00")
    exam = _saturday(stage.today + timedelta(weeks=WEEKS_AHEAD))
    venue = Venue.objects.get(organisation=stage.organisation("social"))
    given = PlanGiven(
        exam_on=exam,
        registration_ends_at=at(exam - timedelta(days=14), "17:00"),
        candidate_source="public",
        paper_source="bank",
        venue_id=venue.pk,
        open_to_public=True,
        rows=[PlanRowGiven(occupation_code=OCCUPATION, level=LEVEL, headcount=HEADCOUNT)],
    )
    opened = plans.draft(by=body, now=now, given=given)
    plans.submit(by=body, now=at(stage.days.concluded, "09:20"), plan_id=opened.pk)
    plans.accept(by=centre, now=at(stage.days.concluded, "10:00"), plan_id=opened.pk)
    later = exam + timedelta(days=7)
    ends = at(later - timedelta(days=14), "17:00")
    waiting = plans.draft(by=body, now=now, given=replace(given, exam_on=later, registration_ends_at=ends))
    plans.submit(by=body, now=at(stage.days.concluded, "09:40"), plan_id=waiting.pk)
    request = plans.draft_request(
        by=stage.person("school1"),
        now=now,
        given=RequestGiven(
            class_name="电工（四级）技能提升二班",
            occupation_code=OCCUPATION,
            level=LEVEL,
            headcount=HEADCOUNT,
            exam_on=later + timedelta(days=7),
            place="body",
        ),
    )
    plans.submit_request(by=stage.person("school1"), now=at(stage.days.concluded, "09:50"), request_id=request.pk)
    _apply(stage, opened.rows.get().pk, CANDIDATE, CANDIDATE_PHONE)
    owing = _apply(stage, opened.rows.get().pk, OWING, OWING_PHONE)
    applications.accept(
        by=body, now=at(stage.days.concluded, "11:00"), application_id=owing.pk, note="核对工作年限证明原件，满5年。"
    )
    fees.charge_all(by=body, now=at(stage.days.concluded, "11:10"), plan_id=opened.pk)
    return f"{opened.number} 正在报名（{exam} 考试），{waiting.number} 待受理，{request.number} 待指派"


def _apply(stage: Stage, row_id: int, claim: Claim, phone: str) -> Application:
    people.register(by=PUBLIC, now=at(stage.days.concluded, "10:10"), claim=claim, phone=phone, password=PASSWORD)
    candidate = stage.person(phone)
    draft = applications.apply_draft(by=candidate, now=at(stage.days.concluded, "10:20"), plan_row_id=row_id)
    proofs = (
        ("photo", "photo.jpg", invented.portrait()),
        ("identity", "identity.jpg", invented.scan("居民身份证复印件", (claim.name,))),
        ("work_years", "work.jpg", invented.scan("工作年限证明", (claim.name, "2015年7月至今从事电工工作"))),
    )
    for kind, name, data in proofs:
        applications.attach(
            by=candidate,
            now=at(stage.days.concluded, "10:30"),
            application_id=draft.pk,
            kind=kind,
            upload=SimpleUploadedFile(name, data, content_type="image/jpeg"),
        )
    return applications.submit(
        by=candidate,
        now=at(stage.days.concluded, "10:40"),
        application_id=draft.pk,
        committed=True,
        values={
            "申报条件": "2023-4-1",
            "文化程度": "高中",
            "手机号码": phone,
            "考生来源": "社会",
            "所在单位": "示例物业服务有限公司",
            "民族": "壮",
            "认定分类": "初次",
            "考试类型": "新考",
            "参加工作时间": "2012-07-01",
            "专业年限": "8",
            "简要经历": "2015-07至今 示例单位 电工",
            "是否有职业资格证书": "否",
            "所在省（市）区": "广西壮族自治区",
            "通讯地址": "广西柳州市示例路1号",
        },
    )


def _saturday(day: date) -> date:
    """The first Saturday on or after ``day`` that is a day off."""
    day += timedelta(days=(5 - day.weekday()) % 7)
    while values.calendar().day(day).workday:
        day += timedelta(days=7)
    return day
