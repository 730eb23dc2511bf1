"""Steps 11 to 16: results, certificates, verification, supervision, the story, and a batch still going on."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.test import Client
from django.urls import reverse

from jiangheng.certificates import actions as certificates
from jiangheng.certificates import queries as certificate_queries
from jiangheng.certificates.models import Certificate
from jiangheng.demonstration.follow_up import open_another
from jiangheng.demonstration.stage import Stage
from jiangheng.demonstration.timeline import at
from jiangheng.exam_day.models import Answer
from jiangheng.journal import delivery
from jiangheng.journal import queries as journal
from jiangheng.oversight import actions as oversight
from jiangheng.oversight.checklist import items
from jiangheng.oversight.models import Draw, Inspection
from jiangheng.papers import actions as papers
from jiangheng.papers import queries as paper_queries
from jiangheng.papers.models import PaperRequest
from jiangheng.people.models import Account
from jiangheng.plans.actions import complete
from jiangheng.plans.models import Plan
from jiangheng.results import actions as results
from jiangheng.results.models import Objection, Result, ResultBatch
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import PUBLIC
from jiangheng.sittings.models import Seat, Sitting, Ticket


def publish(stage: Stage) -> str:
    """11. Papers back and balanced; marks gathered, confirmed by a second person, on public notice; one objection (四（八）)."""
    days, first, second = stage.days, stage.person("body1"), stage.person("body2")
    _balance_papers(stage)
    batch = results.collect(by=first, now=at(days.marked), plan_id=stage.plan.pk)
    results.enter(by=first, now=at(days.marked, "11:00"), batch_id=batch.pk)
    results.confirm(by=second, now=at(days.confirmed), batch_id=batch.pk)
    batch = results.publish(by=first, now=at(days.published), batch_id=batch.pk)
    failed = batch.results.filter(passed=False).select_related("application__ticket").first() or batch.results.all()[0]
    objection = results.receive(
        by=PUBLIC,
        now=at(days.objected),
        batch_id=batch.pk,
        name=failed.application.name,
        contact="13900000003",
        text="请核对技能考核三名考评员的登分是否有误。",
        ticket=failed.application.ticket.number,
    )
    centre = stage.person("centre1")
    results.take_up(by=centre, now=at(days.objected, "15:00"), objection_id=objection.pk)
    results.dismiss(
        by=centre,
        now=at(days.settled),
        objection_id=objection.pk,
        note="调取三名考评员的独立评分记录逐项核对，合计与登记一致。",
    )
    early = _refused_early_report(stage, batch)
    passed = batch.results.filter(passed=True).count()
    return f"合格 {passed} 人；公示至 {batch.publicity_ends_on}，异议 1 件已答复；{early}"


def _refused_early_report(stage: Stage, batch: ResultBatch) -> str:
    try:
        results.report(by=stage.person("body1"), now=at(stage.days.settled, "16:00"), batch_id=batch.pk)
    except Refusal as refusal:
        return f"公示未满上报被拒（{refusal.clause}）"
    raise AssertionError("a report before the public notice ended must be refused")


def _balance_papers(stage: Stage) -> None:
    centre, second = stage.person("centre1"), stage.person("centre2").name
    for request in PaperRequest.objects.filter(plan=stage.plan):
        used = Counter(
            Seat.objects.filter(
                sitting__plan=stage.plan, sitting__subject=request.subject, handed_in_at__isnull=False
            ).values_list("paper_set__letter", flat=True)
        )
        counts = {
            paper_set.letter: {"used": used[paper_set.letter], "spare": state.issued - used[paper_set.letter]}
            for paper_set, state in paper_queries.balances(request)
        }
        papers.take_back(
            by=centre, now=at(stage.days.marked, "08:40"), request_id=request.pk, counts=counts, second_person=second
        )
        papers.balance(by=centre, now=at(stage.days.marked, "09:00"), request_id=request.pk)


def certify(stage: Stage) -> str:
    """12. Reported after the notice ended; the centre reviews and numbers; the worker prints; the body issues (四（八）)."""
    days, body, centre = stage.days, stage.person("body1"), stage.person("centre1")
    batch = ResultBatch.objects.get(plan=stage.plan)
    results.report(by=body, now=at(days.reported), batch_id=batch.pk)
    results.approve(by=centre, now=at(days.approved), batch_id=batch.pk)
    numbered = certificates.number_batch(by=centre, now=at(days.numbered), plan_id=stage.plan.pk)
    deliver(stage)
    issued = certificates.issue_batch(by=body, now=at(days.issued), plan_id=stage.plan.pk)
    certificates.note_hop(
        by=centre, now=at(days.issued, "15:00"), plan_id=stage.plan.pk, hop="provincial", on=days.issued
    )
    complete(by=centre, now=at(days.issued, "16:00"), plan_id=stage.plan.pk)
    return f"赋号 {len(numbered)} 个（{numbered[0].number} 起），核发 {issued} 张电子证书，已报省"


def deliver(stage: Stage) -> int:
    """Let the worker do what is due, quietly."""
    handled = 0
    while done := delivery.run_once(at(stage.days.numbered, "20:00")):
        handled += done
    return handled


def verify(stage: Stage) -> str:
    """13. Anybody checks a certificate on the public page without signing in; a wrong name is told nothing (四（八）)."""
    certificate = Certificate.objects.filter(plan=stage.plan, state="issued").order_by("number")[0]
    moment: dict[str, Any] = {"jiangheng.now": at(stage.days.verified, "17:00")}
    browser = Client(**moment)
    page = reverse("certificates:verify")
    right = browser.post(page, {"number": certificate.number, "name": certificate.name})
    wrong = browser.post(page, {"number": certificate.number, "name": "查无此人"})
    found = certificate.occupation_name in right.content.decode() and right.status_code == 200
    hidden = certificate.occupation_name not in wrong.content.decode()
    if not (found and hidden):
        raise AssertionError("the public page must show a true certificate and nothing to a wrong name")
    return f"编号加姓名可查（{certificate.number}），姓名不符不显示任何信息"


def inspect(stage: Stage) -> str:
    """14. 双随机: frozen, hashed, drawn by a seed formed afterwards; two supervisors record; the result is public (四（九）)."""
    days, centre = stage.days, stage.person("centre1")
    one = oversight.freeze(
        by=centre,
        now=at(days.drawn),
        title="职业技能等级认定质量督导双随机抽查（示例）",
        basis="柳人社发〔2020〕101号 四（九）",
        seed_source="名单冻结后现场掷骰并公布（示例）",
    )
    one = oversight.draw(
        by=centre, now=at(days.drawn, "15:00"), draw_id=one.pk, seed="示例骰子 4-2-6-1-5", witnesses="韦主任、覃科长"
    )
    names = []
    for inspection in Inspection.objects.filter(draw=one).select_related("body"):
        accounts = Account.objects.filter(pk__in=inspection.inspectors.values("account_id")).order_by("id")
        inspector = stage.person(accounts[0].username)
        plan = stage.plan.pk if inspection.body_id == stage.plan.body_id else None
        oversight.start(by=inspector, now=at(days.inspected), inspection_id=inspection.pk, plan_id=plan)
        findings = [{"item": item.id, "ok": True, "remark": ""} for item in items()]
        oversight.submit(
            by=inspector,
            now=at(days.inspected, "16:00"),
            inspection_id=inspection.pk,
            findings=findings,
            summary="查阅考务档案、抽看录像，未发现问题。",
        )
        oversight.conclude(
            by=centre,
            now=at(days.concluded),
            inspection_id=inspection.pk,
            conclusion="none",
            summary="未发现问题。",
        )
        oversight.publish(by=centre, now=at(days.concluded, "11:00"), inspection_id=inspection.pk)
        names.append(f"{inspection.body.name}←{'、'.join(account.name for account in accounts)}")
    return f"{one.number} 抽取 {'；'.join(names)}，结果已公开"


def tell(stage: Stage) -> str:
    """15. One page tells a certificate's whole story, and the chain of the journal holds (四（一）)."""
    certificate = Certificate.objects.filter(plan=stage.plan).order_by("number")[0]
    told = journal.story(certificate_queries.threads(certificate)).count()
    whole = journal.chain_fault() is None
    if not whole:
        raise AssertionError("the journal's chain must hold")
    return f"证书 {certificate.number} 的全过程共 {told} 条记录，台账哈希链完整"


def summary(stage: Stage) -> dict[str, Any]:
    """Counts, certificate numbers and the day of every statutory step."""
    numbers = list(Certificate.objects.order_by("number").values_list("number", flat=True))
    days = {name: getattr(stage.days, name).isoformat() for name in stage.days.__dataclass_fields__}
    plan = Plan.objects.filter(request=stage.request).first() if stage.request.pk else None
    return {
        "days": days,
        "counts": {
            "applications": plan.applications.count() if plan else 0,
            "accepted": plan.applications.filter(state="accepted").count() if plan else 0,
            "not_accepted": plan.applications.filter(state="not_accepted").count() if plan else 0,
            "sittings": Sitting.objects.filter(plan=plan).count(),
            "tickets": Ticket.objects.filter(plan=plan).count(),
            "answers": Answer.objects.filter(seat__sitting__plan=plan).count(),
            "passed": Result.objects.filter(batch__plan=plan, passed=True).count(),
            "objections": Objection.objects.filter(batch__plan=plan).count(),
            "certificates": len(numbers),
            "draws": Draw.objects.count(),
            "journal": journal.length(),
        },
        "certificate_numbers": numbers,
    }


__all__ = ["certify", "inspect", "open_another", "publish", "summary", "tell", "verify"]
