"""双随机、一公开: frozen first, drawn by a seed formed afterwards, repeated by anyone, then inspected: 四（九）."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jiangheng.journal.models import Outgoing
from jiangheng.oversight import actions, checklist, queries
from jiangheng.oversight.models import Draw, Inspection
from jiangheng.people.models import Membership, Relation
from jiangheng.rules.roles import PUBLIC, Person, Role
from jiangheng.values import queries as values
from tests import factories
from tests.asking import refused
from tests.oversight.draws import SAID, drawn, frozen, inspection, inspector_of, make_bodies, supervisors

__all__ = ["frozen", "inspection", "supervisors"]


def answers(bad: str = "") -> list[dict[str, Any]]:
    return [
        {"item": item.id, "ok": item.id != bad, "remark": "缺一台" if item.id == bad else ""}
        for item in checklist.items()
    ]


def test_rosters_leave_out_the_unfiled_and_the_expired_and_name_the_recused(centre: Person, now: Any) -> None:
    first, second = make_bodies(2)
    factories.make_organisation("social_body")
    suspended = factories.make_organisation("social_body")
    factories.make_filing(suspended, state="suspended")
    inside = factories.make_staff("external_supervisor", employer=first)
    kin = factories.make_staff("external_supervisor")
    Relation.objects.create(account_id=kin.account_id, organisation=second, kind="kin", note="不公开", created_at=now)
    member = factories.make_staff("external_supervisor")
    Membership.objects.create(account_id=member.account_id, organisation=first, role=Role.BODY, created_at=now)
    others = [factories.make_staff("external_supervisor") for _ in range(3)]
    factories.make_staff("external_supervisor", valid_to=now.date() - timedelta(days=1))
    one = actions.freeze(by=centre, now=now, **SAID)
    assert [row["id"] for row in one.bodies_roster] == [str(first.pk), str(second.pk)]
    assert [row["id"] for row in one.inspectors_roster] == sorted(
        (str(each.account_id) for each in (inside, kin, member, *others)), key=int
    )
    recusals = {row["id"]: [each["body"] for each in row["recused"]] for row in one.inspectors_roster}
    assert recusals[str(inside.account_id)] == recusals[str(member.account_id)] == [str(first.pk)]
    assert recusals[str(kin.account_id)] == [str(second.pk)]
    assert "不公开" not in str(one.inspectors_roster)
    assert (one.bodies_wanted, one.inspectors_per_body) == (1, 2)


def test_the_hash_stands_before_the_seed_and_anyone_repeats_the_draw(frozen: Draw, centre: Person, now: Any) -> None:
    assert (frozen.seed, frozen.outcome, len(frozen.snapshot_hash)) == ("", [], 64)
    one = drawn(frozen, centre, now)
    law = values.law(now.date())
    assert queries.holds(one, law)
    assert len(one.outcome) == 2
    assert all(len(pair["inspectors"]) == 2 for pair in one.outcome)
    assert Inspection.objects.filter(draw=one).count() == 2
    one.seed = "0312346"
    assert not queries.holds(one, law)


def test_a_draw_happens_once_after_freezing_and_before_witnesses(frozen: Draw, centre: Person, now: Any) -> None:
    later = now + timedelta(days=1)
    refused("draw.early", actions.draw, by=centre, now=now, draw_id=frozen.pk, seed="1", witnesses="韦")
    refused("draw.witnesses", actions.draw, by=centre, now=later, draw_id=frozen.pk, seed="1", witnesses=" ")
    refused("draw.seed", actions.draw, by=centre, now=later, draw_id=frozen.pk, seed=" ", witnesses="韦")
    drawn(frozen, centre, now)
    refused("draw.done", actions.draw, by=centre, now=later, draw_id=frozen.pk, seed="2", witnesses="韦")
    assert Inspection.objects.count() == 2


def test_a_changed_roster_is_found_before_drawing(frozen: Draw, centre: Person, now: Any) -> None:
    roster = frozen.bodies_roster
    roster[0]["excluded"] = True
    Draw.objects.filter(pk=frozen.pk).update(bodies_roster=roster)
    refused(
        "draw.changed",
        actions.draw,
        by=centre,
        now=now + timedelta(days=1),
        draw_id=frozen.pk,
        seed="1",
        witnesses="韦",
    )


def test_an_exclusion_needs_its_reason_and_stands_in_the_roster(
    centre: Person, supervisors: list[Person], now: Any
) -> None:
    first, *_rest = make_bodies(3)
    refused("draw.exclusion", actions.freeze, by=centre, now=now, **SAID, excluded_bodies={first.pk: " "})
    one = actions.freeze(by=centre, now=now, **SAID, excluded_bodies={first.pk: "上月已检查"})
    assert [row["reason"] for row in one.bodies_roster if row["excluded"]] == ["上月已检查"]
    assert str(first.pk) not in queries.eligible(one.bodies_roster)


def test_too_few_bodies_or_inspectors_are_refused_at_freezing(centre: Person, now: Any) -> None:
    refused("draw.empty", actions.freeze, by=centre, now=now, **SAID)
    make_bodies(3)
    factories.make_staff("external_supervisor")
    refused("draw.inspectors", actions.freeze, by=centre, now=now, **SAID)
    factories.make_staff("external_supervisor")
    refused("draw.rate", actions.freeze, by=centre, now=now, **SAID, bodies_wanted=4)
    refused("draw.title", actions.freeze, by=centre, now=now, **{**SAID, "seed_source": ""})
    refused("deed.role", actions.freeze, by=factories.make_staff("external_supervisor"), now=now, **SAID)


def test_five_in_a_hundred_is_the_least(centre: Person, supervisors: list[Person], now: Any) -> None:
    make_bodies(21)
    refused("draw.rate", actions.freeze, by=centre, now=now, **SAID, bodies_wanted=1)
    assert actions.freeze(by=centre, now=now, **SAID).bodies_wanted == 2


def test_the_body_learns_nothing_before_the_inspection_begins(inspection: Inspection, now: Any) -> None:
    body = Person(1, "机构", Role.BODY, organisation_id=inspection.body_id)
    assert not queries.visible_to(body).exists()
    assert not queries.disclosed(PUBLIC, inspection.draw)
    assert not Outgoing.objects.filter(recipient_organisation_id=inspection.body_id).exists()
    for each in inspection.draw.inspections.all():
        actions.start(by=inspector_of(each), now=now, inspection_id=each.pk)
    assert queries.visible_to(body).count() == 1
    assert queries.disclosed(PUBLIC, inspection.draw)


def test_only_the_inspectors_drawn_inspect(inspection: Inspection, supervisors: list[Person], now: Any) -> None:
    drawn_ids = set(inspection.inspectors.values_list("account_id", flat=True))
    other = next(each for each in supervisors if each.account_id not in drawn_ids)
    refused("record.none", actions.start, by=other, now=now, inspection_id=inspection.pk)
    Inspection.objects.filter(pk=inspection.pk).update(state="published")
    refused("inspection.inspector", actions.start, by=other, now=now, inspection_id=inspection.pk)


def test_a_record_is_whole_and_explains_every_no(inspection: Inspection, now: Any) -> None:
    by = inspector_of(inspection)
    given = {"by": by, "now": now, "inspection_id": inspection.pk}
    refused("inspection.state", actions.save, **given, findings=[])
    actions.start(**given)
    draft = actions.save(**given, findings=[{"item": "layout", "ok": True, "remark": ""}], summary="草稿")
    assert draft.findings == [{"item": "layout", "ok": True, "remark": ""}]
    refused("record.stale", actions.save, **given, findings=[], seen=draft.version - 1)
    assert (
        refused("inspection.unanswered", actions.submit, **given, findings=draft.findings).params["count"]
        == len(checklist.items()) - 1
    )
    refused("inspection.item", actions.submit, **given, findings=[{"item": "moon", "ok": True}])
    silent = [{**row, "remark": ""} for row in answers("equipment")]
    refused("inspection.remark", actions.submit, **given, findings=silent)
    assert actions.submit(**given, findings=answers("equipment"), summary="缺设备").state == "recorded"


def test_from_order_to_answer_to_feedback_to_publication(inspection: Inspection, centre: Person, now: Any) -> None:
    by = inspector_of(inspection)
    pk = inspection.pk
    body = Person(1, "机构", Role.BODY, organisation_id=inspection.body_id)
    actions.start(by=by, now=now, inspection_id=pk)
    actions.submit(by=by, now=now, inspection_id=pk, findings=answers("equipment"))
    refused("inspection.contradiction", actions.conclude, by=centre, now=now, inspection_id=pk, conclusion="none")
    refused("inspection.day", actions.rectify, by=centre, now=now, inspection_id=pk, rectify_by=now.date(), note="补齐")
    actions.rectify(by=centre, now=now, inspection_id=pk, rectify_by=now.date() + timedelta(days=10), note="补齐设备")
    refused(
        "inspection.unanswered_order", actions.conclude, by=centre, now=now, inspection_id=pk, conclusion="rectified"
    )
    refused("inspection.text", actions.answer, by=body, now=now, inspection_id=pk, text=" ")
    actions.answer(by=body, now=now, inspection_id=pk, text="已补齐")
    actions.conclude(by=centre, now=now, inspection_id=pk, conclusion="rectified", summary="整改到位")
    told = Outgoing.objects.filter(recipient_organisation_id=inspection.body_id).order_by("id")
    assert [row.subject for row in told] == ["督导检查责令整改", "督导检查结果反馈"]
    assert not queries.visible_to(PUBLIC).exists()
    actions.publish(by=centre, now=now, inspection_id=pk)
    assert queries.visible_to(PUBLIC).get().published_on == now.date()
