"""Steps 1 to 6: filing, request, assignment, venue, applications, plan."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from jiangheng.applications import actions as applications
from jiangheng.applications.models import Application
from jiangheng.bodies import actions as bodies
from jiangheng.bodies.models import Venue
from jiangheng.catalog import actions as catalog
from jiangheng.demonstration import cast, invented
from jiangheng.demonstration.stage import LEVEL, OCCUPATION, SEATS_PER_MACHINE_ROOM, SEATS_PER_SKILL_ROOM, Stage
from jiangheng.demonstration.timeline import at
from jiangheng.papers import actions as papers
from jiangheng.people.actions import Claim
from jiangheng.plans import actions as plans
from jiangheng.rules.given import FilingGiven, PlanGiven, PlanRowGiven, RequestGiven
from jiangheng.rules.refusal import Refusal
from jiangheng.site import actions as portal

SCOPE_YEARS = 3
BY_HAND = 1
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EQUIPMENT = ("考试用计算机", "不间断电源", "电工技能实训考核台", "万用表", "三相异步电动机", "兆欧表", "灭火器")


def file_bodies(stage: Stage) -> str:
    """1. The centre loads the catalogue, registers the bodies and files their scopes (一)."""
    now = at(stage.days.filed)
    cast.register_bodies(now)
    accounts = cast.open_accounts(stage, now)
    centre = stage.person("centre1")
    catalog.load_catalogue(by=centre, now=now)
    papers.load_items(by=centre, now=now)
    cards = cast.issue_cards(stage, now)
    portal.publish(
        by=centre,
        now=now,
        title="全面开展职业技能等级认定工作的通知（示例）",
        text="自通知下发之日起，全面开展职业技能等级认定工作，受理认定申请。本平台中的机构和人员均为虚构。",
        published_on=stage.days.filed,
    )
    first = stage.days.filed
    last = date(first.year + SCOPE_YEARS, first.month, min(first.day, 28)) - timedelta(days=1)
    for key in ("technical", "social", "sister", "factory"):
        filing = bodies.draft_filing(
            by=centre,
            now=now,
            organisation_id=stage.organisation(key).pk,
            given=FilingGiven(
                number=f"示例备〔{first.year}〕{key[:2].upper()}号",
                batch="第一批",
                valid_from=first,
                valid_to=last,
                scopes=[
                    {"occupation_code": OCCUPATION, "job": "", "levels": "543", "valid_from": first, "valid_to": last}
                ],
            ),
        )
        filing = bodies.submit(by=centre, now=now, filing_id=filing.pk)
        bodies.file(by=centre, now=now, filing_id=filing.pk, number=filing.number)
    _premises(stage)
    return f"备案 4 家机构电工五级至三级，开立账号 {accounts} 个，登记证卡 {cards} 张"


def _premises(stage: Stage) -> None:
    now = at(stage.days.filed, "11:00")
    for username, key, fixed in (
        ("body1", "social", True),
        ("technical1", "technical", True),
        ("school1", "school", False),
    ):
        person = stage.person(username)
        venue = bodies.add_venue(
            by=person,
            now=now,
            organisation_id=stage.organisation(key).pk,
            name="租用实训基地（异地）" if not fixed else "本部考点",
            address="示例市柳南区示例工业园2号" if not fixed else "示例市鱼峰区示例路1号",
            district_code="450204" if not fixed else "450203",
            fixed=fixed,
            tenure="租用" if not fixed else "自有",
            area_m2=1200,
        )
        for name in EQUIPMENT:
            bodies.add_equipment(
                by=person, now=now, venue_id=venue.pk, name=name, quantity=stage.size + 40, usable=stage.size + 40
            )
        for number in range(stage.machine_rooms if not fixed else 2):
            bodies.add_room(
                by=person,
                now=now,
                venue_id=venue.pk,
                name=f"机考{number + 1}室",
                kind="machine",
                capacity=SEATS_PER_MACHINE_ROOM,
                spare=2,
                cctv=True,
            )
        for number in range(stage.skill_rooms if not fixed else 2):
            bodies.add_room(
                by=person,
                now=now,
                venue_id=venue.pk,
                name=f"实操{number + 1}室",
                kind="skill",
                capacity=SEATS_PER_SKILL_ROOM,
                spare=1,
                cctv=True,
            )


def ask(stage: Stage) -> str:
    """2. The school asks for an arrangement at least fifteen working days ahead and hands its roster in (三（四）)."""
    school, now = stage.person("school1"), at(stage.days.requested)
    request = plans.draft_request(
        by=school,
        now=now,
        given=RequestGiven(
            class_name="电工（四级）技能提升班",
            class_number="示例班01",
            training_from=stage.days.requested - timedelta(days=60),
            training_to=stage.days.requested - timedelta(days=3),
            training_hours=120,
            occupation_code=OCCUPATION,
            level=LEVEL,
            headcount=stage.size + BY_HAND,
            exam_on=stage.days.exam,
            place="off_site",
            venue_id=stage.venue.pk,
        ),
    )
    plans.submit_request(by=school, now=at(stage.days.requested, "10:20"), request_id=request.pk)
    data = invented.roster(stage.size, stage.days.requested) if stage.candidates else invented.ROSTER.read_bytes()
    roster = applications.import_roster(
        by=school,
        now=at(stage.days.requested, "11:00"),
        upload=SimpleUploadedFile("花名册.xlsx", data, content_type=WORKBOOK),
        request_id=request.pk,
    )
    if roster.imported != stage.size:
        raise AssertionError(f"the roster must go in whole: {roster.faults[:3]}")
    for serial in range(BY_HAND):
        _enter_by_hand(stage, serial)
    return f"{request.number} 最迟 {request.deadline_on} 提交；花名册导入 {roster.imported} 人，另手工录入 {BY_HAND} 人"


def _enter_by_hand(stage: Stage, serial: int) -> None:
    """Two more trainees whose work is claimed but not yet evidenced: they wait for a person's judgement."""
    school, born = stage.person("school1"), date(1990 + serial, 5, 20)
    draft = applications.apply_draft(
        by=school,
        now=at(stage.days.requested, "14:00"),
        request_id=stage.request.pk,
        claim=Claim("居民身份证", invented.identity_number(480 + serial, born, "男"), ("廖手录", "冼手录")[serial]),
    )
    applications.submit(
        by=school,
        now=at(stage.days.requested, "14:10"),
        application_id=draft.pk,
        committed=True,
        values={
            "申报条件": "2023-4-1",
            "文化程度": "高中",
            "手机号码": f"1390000010{serial}",
            "考生来源": "企业",
            "所在单位": "示例机械制造有限公司",
            "民族": "汉",
            "认定分类": "初次",
            "考试类型": "新考",
            "是否有职业资格证书": "否",
            "所在省（市）区": "广西壮族自治区",
            "通讯地址": "广西柳州市示例路1号",
        },
    )


def assign(stage: Stage) -> str:
    """3. The centre assigns a body; the school's sister company is refused as conflicted (三（四）)."""
    centre, now = stage.person("centre1"), at(stage.days.assigned)
    sister, social = stage.organisation("sister"), stage.organisation("social")
    try:
        plans.assign(by=centre, now=now, request_id=stage.request.pk, body_id=sister.pk, reason="就近")
    except Refusal as refusal:
        refused = f"指派{sister.name}被拒（{refusal.clause}）"
    else:
        raise AssertionError("a body of the school's own group must not be assigned")
    plans.assign(
        by=centre,
        now=at(stage.days.assigned, "10:30"),
        request_id=stage.request.pk,
        body_id=social.pk,
        reason="具备电工四级备案范围，与申请学校无关联，近期任务量较少",
    )
    plans.take(by=stage.person("body1"), now=at(stage.days.assigned, "15:00"), request_id=stage.request.pk)
    return f"{refused}；已指派{social.name}并接受"


def review_venue(stage: Stage) -> str:
    """4. The off-site venue's list is measured against the standard and reviewed line by line (三（五）)."""
    school, body = stage.person("school1"), stage.person("body1")
    review = plans.draft_review(by=school, now=at(stage.days.taken, "09:00"), request_id=stage.request.pk)
    plans.submit_review(by=school, now=at(stage.days.taken, "09:30"), review_id=review.pk)
    lines = list(review.items.order_by("id"))
    plans.judge_review(
        by=body,
        now=at(stage.days.taken, "14:00"),
        review_id=review.pk,
        verdicts={line.pk: ("met", "现场核对") for line in lines},
    )
    plans.approve_review(
        by=body, now=at(stage.days.taken, "16:00"), review_id=review.pk, note="场地、设施、设备满足要求"
    )
    return f"{len(lines)} 项逐项满足，同意使用“{stage.venue.name}”"


def judge(stage: Stage) -> str:
    """5. Applications are judged by their routes; the ineligible are not accepted with the clause; two by hand (三（一）)."""
    body = stage.person("body1")
    outcome = applications.judge_all(by=body, now=at(stage.days.judged), request_id=stage.request.pk)
    waiting = list(Application.objects.filter(request=stage.request, state="submitted").order_by("id"))
    for application in waiting:
        applications.accept(
            by=body,
            now=at(stage.days.judged, "15:00"),
            application_id=application.pk,
            note="核对工作单位盖章的工作年限证明原件，满5年。",
        )
    return f"受理 {outcome.accepted} 人，不予受理 {outcome.not_accepted} 人（附条款），人工审核 {len(waiting)} 人"


def file_plan(stage: Stage) -> str:
    """6. The plan is handed in at least ten working days ahead and accepted; a late one is refused by the day (三（三）)."""
    days, body, centre = stage.days, stage.person("body1"), stage.person("centre1")
    plan = plans.draft(
        by=body,
        now=at(days.planned),
        given=PlanGiven(
            exam_on=days.exam,
            registration_ends_at=at(days.charged, "08:00"),
            candidate_source="public",
            paper_source="bank",
            venue_id=stage.venue.pk,
            rows=[PlanRowGiven(occupation_code=OCCUPATION, level=LEVEL, headcount=stage.size + BY_HAND)],
        ),
        request_id=stage.request.pk,
    )
    applications.bind_to_plan(by=body, now=at(days.planned, "10:30"), request_id=stage.request.pk, plan_id=plan.pk)
    plans.submit(by=body, now=at(days.planned, "11:00"), plan_id=plan.pk)
    plan = plans.accept(by=centre, now=at(days.plan_accepted), plan_id=plan.pk)
    candidate_report = applications.open_candidate_report(by=body, now=at(days.plan_accepted, "15:00"), plan_id=plan.pk)
    applications.report_candidate_report(
        by=body,
        now=at(days.plan_accepted, "15:30"),
        candidate_report_id=candidate_report.pk,
        note="照片由报名单位统一采集，核发准考证前补齐",
    )
    applications.receive_candidate_report(
        by=centre, now=at(days.plan_accepted, "16:30"), candidate_report_id=candidate_report.pk
    )
    return (
        f"{plan.number} 提前 {plan.notice_workdays} 个工作日，已受理；考生信息 {candidate_report.number} 已上报并接收；"
        f"{_late(stage)}"
    )


def _late(stage: Stage) -> str:
    technical = stage.person("technical1")
    venue = Venue.objects.get(organisation=stage.organisation("technical"))
    late = plans.draft(
        by=technical,
        now=at(stage.days.late_plan, "09:00"),
        given=PlanGiven(
            exam_on=stage.days.exam,
            registration_ends_at=at(stage.days.late_plan, "17:00"),
            candidate_source="own_students",
            paper_source="bank",
            venue_id=venue.pk,
            rows=[PlanRowGiven(occupation_code=OCCUPATION, level=LEVEL, headcount=20)],
        ),
    )
    try:
        plans.submit(by=technical, now=at(stage.days.late_plan, "09:30"), plan_id=late.pk)
    except Refusal as refusal:
        return f"另一计划迟报 {refusal.params['late']} 个工作日，未予受理（{refusal.clause}）"
    raise AssertionError("a late plan must be refused")


__all__ = ["ask", "assign", "file_bodies", "file_plan", "judge", "review_venue"]
