"""The centre's desk for a request (附件6): every body with what speaks for and against it, and the one proposed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Organisation, Scope
from jiangheng.people.models import Relation
from jiangheng.plans.models import Plan, Request
from jiangheng.plans.queries import ASSIGNED
from jiangheng.rules import codes, flows
from jiangheng.rules.bodies import assignment
from jiangheng.rules.bodies.assignment import Claim, Words
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

NEAR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Choice:
    """A body that might be assigned: filed scope, work near the day, turns this year, place, and what stands against it.

    ``reasons`` are those of ``rules.assignment``; ``recusing`` counts its staff who declared to teach at the applicant.
    """

    body: Organisation
    scope: str
    claim: Claim
    district: str
    recusing: int
    refusal: Refusal | None
    reasons: tuple[Words, ...] = ()
    proposed: bool = False

    @property
    def load(self) -> int:
        """Plans and assigned requests within a week of the day."""
        return self.claim.plans_near


def choices_for(wanted: Request, today: date) -> list[Choice]:
    """Every social body, the proposed one first, then the assignable by rank, then those something stands against."""
    rows = list(Organisation.objects.filter(kind="social_body").order_by("name"))
    outside = bodies.scope_refusals(
        rows, wanted.occupation_code, wanted.job, wanted.level, wanted.exam_on, acting_on=today
    )
    serving = bodies.serving_public(wanted.exam_on)
    scopes: dict[int, list[Scope]] = {}
    for scope in Scope.objects.select_related("filing").filter(
        filing__organisation__in=rows, filing__state="active", occupation_code=wanted.occupation_code
    ):
        scopes.setdefault(scope.filing.organisation_id, []).append(scope)
    plans, people = work_near(wanted.exam_on, leaving_out=wanted.pk)
    turns, taught, trained = turns_in(wanted.exam_on.year, leaving_out=wanted.pk), _teaching(wanted), _trained(wanted)
    place = (wanted.venue.district_code if wanted.venue else "") or wanted.organisation.district_code
    found = {
        row.pk: Choice(
            body=row,
            scope=bodies.scope_words(scopes.get(row.pk, [])),
            claim=Claim(
                row.pk,
                row.name,
                plans[row.pk],
                people[row.pk],
                turns[row.pk],
                bool(place) and row.district_code == place,
            ),
            district=codes.label("district", row.district_code) if row.district_code else "",
            recusing=taught[row.pk],
            refusal=outside[row.pk] or against(row, wanted, serving, trained),
        )
        for row in rows
    }
    order = list(values.law(today).value("assignment_order"))
    free = assignment.ranked((each.claim for each in found.values() if each.refusal is None), order)
    made = []
    for rank, claim in enumerate(free):
        each = found.pop(claim.body_id)
        given = {name: getattr(each, name) for name in ("body", "scope", "claim", "district", "recusing", "refusal")}
        made.append(Choice(**given, reasons=tuple(assignment.reasons(claim, free, order)), proposed=rank == 0))
    return [*made, *sorted(found.values(), key=lambda each: each.body.name)]


def against(body: Organisation, wanted: Request, serving: set[int], trained: dict[str, int]) -> Refusal | None:
    """Why a body filed for it may still not take a request: whom it serves, an earlier answer, a conflict (二, 三（四）)."""
    if body.kind != "social_body" or body.pk not in serving:
        return refuse(
            "request.service",
            N_("%(body)s不面向全社会开展认定，不能承接%(sponsor)s的申请。"),
            N_("请指派社会培训评价组织。"),
            clause="二",
            body=body.name,
            sponsor=wanted.organisation.name,
        )
    if body.pk == wanted.body_id:
        return same_body()
    if body.pk in wanted.declined_by:
        return refuse(
            "request.declined_before", N_("该机构已说明不能承接本次申请。"), N_("请指派其他机构。"), clause="三（四）"
        )
    return conflict(body, wanted.organisation) or _trainer(body, wanted, trained)


def same_body() -> Refusal:
    """The request is with this body already (409)."""
    return refuse("request.same_body", N_("这家机构就是现在承接的机构。"), N_("请选择其他机构。"), clause="三（四）")


def require_free(body: Organisation, wanted: Request) -> None:
    """Nothing but its scope, asked elsewhere, may stand against assigning ``body``. Refusals: those of ``against``."""
    serving = bodies.serving_public(wanted.exam_on)
    found = conflict(body, wanted.organisation) or against(body, wanted, serving, _trained(wanted))
    if found is not None:
        raise found


def conflict(body: Organisation, sponsor: Organisation) -> Refusal | None:
    """Why ``body`` may not examine ``sponsor``'s class: it is the same organisation or of the same owner (三（四）)."""
    if body.pk != sponsor.pk and not (body.owner_group and body.owner_group == sponsor.owner_group):
        return None
    reason = N_("为同一单位") if body.pk == sponsor.pk else N_("属同一举办者")
    return refuse(
        "request.conflict",
        N_("%(body)s与申请单位%(sponsor)s%(reason)s，存在利益冲突，不能指派。"),
        N_("请指派与申请单位没有隶属或关联关系的认定机构。"),
        clause="三（四）",
        body=body.name,
        sponsor=sponsor.name,
        reason=reason,
    )


def _trainer(body: Organisation, wanted: Request, trained: dict[str, int]) -> Refusal | None:
    if wanted.trainer_id == body.pk:
        return refuse(
            "request.taught",
            N_("%(body)s参与了本班培训（申请单位填报）。培训和认定须分开，不能指派。"),
            N_("请指派没有参与本班培训的认定机构。"),
            clause="三（四）",
            body=body.name,
        )
    people = trained.get(body.name, 0)
    if not people:
        return None
    return refuse(
        "request.trained",
        N_("本班有%(people)s名学员的培训机构为%(body)s。培训和认定须分开，不能指派。"),
        N_("请指派没有参与本班培训的认定机构。"),
        clause="三（四）",
        body=body.name,
        people=people,
    )


def _trained(wanted: Request) -> dict[str, int]:
    """How many people of the class name which organisation as where they were trained, by its name."""
    rows = wanted.applications.exclude(state="withdrawn").exclude(form__培训机构=None)
    counted = rows.values_list("form__培训机构").annotate(count=Count("id")).order_by()
    return {str(name): count for name, count in counted if name}


def _teaching(wanted: Request) -> dict[int, int]:
    """How many people of each body declared that they taught at the applicant."""
    rows = Relation.objects.filter(organisation_id=wanted.organisation_id, kind__in=("taught", "teacher"))
    found: dict[int, int] = defaultdict(int)
    members = rows.filter(account__memberships__active=True).values_list("account__memberships__organisation")
    for body_id, count in members.annotate(count=Count("account", distinct=True)).order_by():
        found[body_id] += count
    return found


def work_near(day: date, *, leaving_out: int = 0) -> tuple[dict[int, int], dict[int, int]]:
    """Plans with assigned requests, and the people in them, that each body has within a week of ``day``."""
    span = (day - NEAR, day + NEAR)
    plans = (
        Plan.objects.filter(exam_on__range=span, state__in=flows.states("plan", "ahead"))
        .values_list("body_id")
        .annotate(count=Count("id", distinct=True), people=Sum("rows__headcount"))
        .order_by()
    )
    waiting = (
        Request.objects.filter(exam_on__range=span, state__in=ASSIGNED, body__isnull=False)
        .filter(Q(plan=None) | Q(plan__state__in=flows.states("plan", "editable")))
        .exclude(pk=leaving_out)
        .values_list("body_id")
        .annotate(count=Count("id"), people=Sum("headcount"))
        .order_by()
    )
    works: dict[int, int] = defaultdict(int)
    heads: dict[int, int] = defaultdict(int)
    for body_id, count, people in [*plans, *waiting]:
        works[body_id] += count
        heads[body_id] += people or 0
    return works, heads


def turns_in(year: int, *, leaving_out: int = 0) -> dict[int, int]:
    """How many requests examined in ``year`` each body was assigned and has not declined."""
    rows = Request.objects.filter(exam_on__year=year, state__in=ASSIGNED, body__isnull=False).exclude(pk=leaving_out)
    counted = rows.values_list("body_id").annotate(count=Count("id")).order_by()
    return defaultdict(int, dict(counted))


def proposal_of(choices: list[Choice]) -> dict[str, Any]:
    """The proposal as it is kept with the decision: the body and its reasons, or nothing."""
    first = next((each for each in choices if each.proposed), None)
    if first is None:
        return {}
    return {
        "body_id": first.body.pk,
        "name": first.body.name,
        "reasons": [[message, params] for message, params in first.reasons],
    }
