"""Steps 7 to 9: fees, papers, sittings, staff, tickets, the meeting before."""

from __future__ import annotations

from datetime import timedelta

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Room
from jiangheng.demonstration.stage import (
    EXAMINERS_PER_ROOM,
    INVIGILATORS_PER_ROOM,
    SEATS_PER_MACHINE_ROOM,
    SEATS_PER_SKILL_ROOM,
    Stage,
)
from jiangheng.demonstration.timeline import at
from jiangheng.fees import actions as fees
from jiangheng.fees import queries as fee_queries
from jiangheng.fees.models import Payment, RefundRequest
from jiangheng.fees.statements import HEADINGS
from jiangheng.files.exports import workbook
from jiangheng.papers import actions as papers
from jiangheng.papers import queries as paper_queries
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import meeting as rules
from jiangheng.rules.given import PaperRequestGiven
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions as sittings
from jiangheng.sittings import attending, handbook
from jiangheng.sittings.models import Sitting
from jiangheng.values import queries as values

SPARE_SHARE, SPARE_LEAST = 10, 6


def charge(stage: Stage) -> str:
    """7. Everybody accepted is charged by the table in force; the school pays; receipt, statement, refund (三（七）)."""
    now, body = at(stage.days.charged), stage.person("body1")
    rows = fees.charge_all(by=body, now=now, plan_id=stage.plan.pk)
    school = stage.person("school1")
    for bill in fee_queries.bills_visible_to(school).filter(plan_id=stage.plan.pk):
        fees.agree(by=school, now=at(stage.days.charged, "11:00"), bill_id=bill.pk)
    order = fees.note_payment(
        by=body,
        now=at(stage.days.charged, "15:00"),
        plan_id=stage.plan.pk,
        method="transfer",
        voucher=f"示例回单{stage.plan.number}",
        payer_organisation_id=school.organisation_id,
    )
    fees.confirm(by=stage.person("body2"), now=at(stage.days.charged, "15:05"), order_id=order.pk)
    payment = fee_queries.payments_visible_to(school).filter(order_id=order.pk)[0]
    receipt = fees.receipt(by=body, now=at(stage.days.charged, "15:10"), payment_id=payment.pk)
    back = _reconcile(stage, payment)
    return (
        f"应收 {rows} 项，实收 {payment.amount_fen / 100:.2f} 元，收据 {receipt.number}；"
        f"对账认领多汇款 1 笔，退费 {back.amount_fen / 100:.2f} 元由两人办理（示范收费标准）"
    )


def _reconcile(stage: Stage, payment: Payment) -> RefundRequest:
    """The bank's statement shows a transfer too many: two people claim it for the school, and it goes back."""
    day, body, second, school = stage.days.charged, *map(stage.person, ("body1", "body2", "school1"))
    extra = f"示例重汇{stage.plan.number}"
    name = payment.payer_name
    rows = (
        (payment.reference, day.isoformat(), f"{payment.amount_fen / 100:.2f}", name, "认定费"),
        (extra, day.isoformat(), "430.00", name, "认定费补汇"),
        (f"示例来款{stage.plan.number}", day.isoformat(), "200.00", "示例机械制造有限公司", "用途不明"),
    )
    statement = fees.import_statement(
        by=body,
        now=at(day, "16:00"),
        source="bank",
        file_name="示例银行对账单.xlsx",
        data=workbook("对账单", list(HEADINGS), rows),
    )
    match = fees.propose_match(
        by=body,
        now=at(day, "16:10"),
        line_id=statement.lines.get(reference=extra).pk,
        note="学校来函说明系重复汇款。",
        plan_id=stage.plan.pk,
        payer_organisation_id=school.organisation_id,
    )
    fees.confirm_match(by=second, now=at(day, "16:20"), match_id=match.pk)
    claimed = fee_queries.payments_visible_to(school).get(reference=extra)
    asked = fees.request_refund(
        by=school, now=at(day, "16:30"), payment_id=claimed.pk, reason="overpaid", note="财务重复汇款，请退回原账户。"
    )
    fees.approve(by=second, now=at(day, "16:40"), request_id=asked.pk)
    return fees.pay_out(by=body, now=at(day, "16:50"), request_id=asked.pk, voucher=f"示例退款{stage.plan.number}")


def papers_(stage: Stage) -> str:
    """8. The body asks for papers; the centre draws three sets, seals and issues them by two people (四（三）)."""
    body, centre = stage.person("body1"), stage.person("centre1")
    row = stage.plan.rows.get()
    made = []
    for subject, medium in (("theory", "machine"),):
        request = papers.draft_request(
            by=body,
            now=at(stage.days.paper_requested),
            plan_id=stage.plan.pk,
            row_id=row.pk,
            subject=subject,
            given=PaperRequestGiven(
                candidates=stage.accepted,
                sets_wanted=3,
                spare_copies=max(SPARE_LEAST, stage.accepted // SPARE_SHARE),
                collectors=[{"name": "莫考务", "phone": "13900000001"}, {"name": "蒙复核", "phone": "13900000002"}],
                custody_room="本部保密室（双人双锁）",
                medium=medium,
            ),
        )
        papers.submit(by=body, now=at(stage.days.paper_requested, "10:30"), request_id=request.pk)
        second = stage.person("centre2").name
        day = stage.days.ticketed
        papers.draw(by=centre, now=at(day, "08:30"), request_id=request.pk, second_person=second)
        seals = {each.letter: f"示例封{request.pk:04d}{each.letter}" for each in paper_queries.chosen_sets(request)}
        papers.seal(by=centre, now=at(day, "08:50"), request_id=request.pk, seals=seals, second_person=second)
        papers.issue(
            by=centre,
            now=at(day, "09:20"),
            request_id=request.pk,
            second_person=second,
            received_by=["莫考务", "蒙复核"],
        )
        made.append(f"{request.number} {len(seals)} 套")
    return "、".join(made) + " 已抽题、封装、双人发放"


def arrange(stage: Stage) -> str:
    """9. Seats by lottery, staff with cards and recusal, tickets at least five working days ahead, the meeting (四（六）（七）)."""
    body, plan = stage.person("body1"), stage.plan
    now = at(stage.days.ticketed)
    row = plan.rows.get()
    machines, workshops = rooms_of(stage, "machine"), rooms_of(stage, "skill")
    theory = stage.rounds(at(stage.days.exam, "09:00"), len(machines), SEATS_PER_MACHINE_ROOM, 2)
    skill_first = at(stage.days.exam, "13:00") if len(theory) == 1 else at(stage.days.exam + timedelta(days=1), "09:00")
    skill = stage.rounds(skill_first, len(workshops), SEATS_PER_SKILL_ROOM, 2)
    for subject, rooms, times in (("theory", machines, theory), ("skill", workshops, skill)):
        sittings.arrange(
            by=body,
            now=now,
            plan_id=plan.pk,
            row_id=row.pk,
            subject=subject,
            room_ids=[room.pk for room in rooms],
            sessions=times,
            seed=f"示例种子-{plan.number}-{subject}",
        )
    posts = _staff(stage)
    tickets = sittings.issue_tickets(by=body, now=at(stage.days.ticketed, "15:00"), plan_id=plan.pk)
    printed = sittings.print_tickets(by=body, now=at(stage.days.ticketed, "15:30"), plan_id=plan.pk)
    _brief(stage)
    count = Sitting.objects.filter(plan=plan).count()
    return f"{count} 个场次，派员 {posts} 人次，核发准考证 {tickets} 张（一个 PDF，{printed.size // 1024} KB），考务会议已开"


def rooms_of(stage: Stage, kind: str) -> list[Room]:
    """The rooms of the plan's venue of one kind."""
    return [room for room in bodies.rooms_of(stage.plan.venue_id) if room.kind == kind]


def standing(stage: Stage, subject: str) -> list[Sitting]:
    """The plan's sittings of one subject in their order."""
    return list(Sitting.objects.filter(plan=stage.plan, subject=subject).order_by("starts_at", "id"))


def posted(stage: Stage, subject: str, rooms: list[Room]) -> list[tuple[Sitting, list[Person]]]:
    """Each sitting with the people of its room: a room keeps its team all day."""
    crew, size = (
        (stage.crew("invigilator"), INVIGILATORS_PER_ROOM)
        if subject == "theory"
        else (stage.crew("examiner"), EXAMINERS_PER_ROOM)
    )
    teams = {room.pk: crew[place * size : (place + 1) * size] for place, room in enumerate(rooms)}
    return [(sitting, teams[sitting.room_id]) for sitting in standing(stage, subject)]


def _staff(stage: Stage) -> int:
    count = 0
    for subject, kind, first, rest in (
        ("theory", "machine", "chief", "invigilator"),
        ("skill", "skill", "examiner_lead", "examiner"),
    ):
        for sitting, team in posted(stage, subject, rooms_of(stage, kind)):
            sittings.assign_staff(
                by=stage.person("body1"),
                now=at(stage.days.ticketed, "11:00"),
                sitting_id=sitting.pk,
                posts=[
                    {"account_id": person.account_id, "post": first if place == 0 else rest}
                    for place, person in enumerate(team)
                ],
            )
            count += len(team)
    return count


def _brief(stage: Stage) -> None:
    """The meeting is called with the tickets and closed the day before; one person's phone is flat."""
    body, day = stage.person("body1"), stage.days.briefed
    meeting = sittings.call_meeting(
        by=body,
        now=at(stage.days.ticketed, "16:00"),
        plan_id=stage.plan.pk,
        starts_at=at(day, "15:00"),
        place="本部会议室",
        agenda=handbook.texts()["agenda"],
    )
    people: dict[int | None, Person] = {}
    for subject, kind in (("theory", "machine"), ("skill", "skill")):
        for sitting, team in posted(stage, subject, rooms_of(stage, kind)):
            for person in team:
                sittings.acknowledge(by=person, now=at(day, "09:00"), sitting_id=sitting.pk)
                people[person.account_id] = person
    *scanned, flat = people.values()
    now = at(day, "14:55")
    token = attending.token(meeting.pk, rules.turn(now, values.law(local_day(now))))
    for person in scanned:
        sittings.attend(by=person, now=now, token=token)
    sittings.attend_by_hand(
        by=body,
        now=at(day, "15:05"),
        meeting_id=meeting.pk,
        account_id=flat.account_id or 0,
        reason="手机没电，当面核对身份证",
    )
    sittings.hold_meeting(
        by=body,
        now=at(day, "16:30"),
        meeting_id=meeting.pk,
        held_at=at(day, "15:00"),
        minutes="宣读考场规则与纪律，明确分工；强调双人拆封、独立评分、缺考与违纪如实记录。",
    )


__all__ = ["arrange", "charge", "papers_", "posted", "rooms_of", "standing"]
