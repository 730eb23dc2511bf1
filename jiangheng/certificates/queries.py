"""Which certificates a person may see, the public check, and everything a certificate grew from."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from jiangheng.certificates import signing
from jiangheng.certificates.models import Certificate, Copy, QualificationNumber
from jiangheng.journal import queries as journal
from jiangheng.journal.guards import guard, guard_of_many
from jiangheng.people import queries as people
from jiangheng.plans.models import PlanRow
from jiangheng.results import queries as results
from jiangheng.results.models import Result, ResultBatch
from jiangheng.rules.readers import certificate_numbers, names
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

NOBODY = "\u0000"
QUALIFICATION = "qualification"  # of the table ``assessment`` in codes.toml


def visible_to(person: Person) -> QuerySet[Certificate]:
    """The centre sees every certificate, a body its own, a sponsor those of its people, a candidate their own."""
    rows = Certificate.objects.select_related("plan", "body", "application")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY:
        return rows.filter(body_id=person.organisation_id)
    if person.role in (Role.SCHOOL, Role.EMPLOYER):
        return rows.filter(sponsor_id=person.organisation_id)
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        return rows.filter(people.own(person))
    return rows.none()


def get(person: Person, certificate_id: int) -> Certificate:
    """One certificate; Refusal ``record.none`` (404)."""
    return journal.one(visible_to(person), pk=certificate_id)


def replacement(certificate: Certificate) -> Certificate | None:
    """The certificate issued anew in place of a revoked one, or None."""
    return Certificate.objects.filter(replaces=certificate).first()


def approved(person: Person) -> QuerySet[ResultBatch]:
    """Approved result batches with how many passed, are numbered and are issued."""
    standing = Certificate.objects.filter(plan_id=OuterRef("plan_id")).order_by().values("plan_id")
    return (
        results.visible_to(person)
        .filter(state="approved")
        .annotate(
            passed=Count("results", filter=Q(results__passed=True)),
            numbered=Coalesce(Subquery(standing.exclude(state="revoked").annotate(n=Count("pk")).values("n")), 0),
            issued=Coalesce(Subquery(standing.filter(state="issued").annotate(n=Count("pk")).values("n")), 0),
        )
    )


def counts(person: Person, plan_id: int) -> dict[str, int]:
    """A plan's figures: passed, numbered, with PDF, issued, revoked, reported upward."""
    passed = results.results_visible_to(person).filter(batch__plan_id=plan_id, passed=True).count()
    rows = visible_to(person).filter(plan_id=plan_id).order_by()
    found = rows.aggregate(
        numbered=Count("pk", filter=~Q(state="revoked")),
        waiting=Count("pk", filter=Q(state="numbered")),
        issued=Count("pk", filter=Q(state="issued")),
        revoked=Count("pk", filter=Q(state="revoked")),
        provincial=Count("pk", filter=Q(provincial_reported_on__isnull=False)),
        national=Count("pk", filter=Q(national_visible_on__isnull=False)),
    )
    printed = Copy.objects.filter(certificate__in=rows.exclude(state="revoked").values("pk")).count()
    by_hand = qualified(person, plan_id).count()
    return {
        "passed": passed,
        "printed": printed,
        "qualified": by_hand,
        "to_number": passed - by_hand - found["numbered"],
        **found,
    }


def newest_copy(certificate: Certificate) -> Copy | None:
    """The PDF made for a certificate, or None while it is being made."""
    return certificate.copies.select_related("file").last()


def copies_of_plan(person: Person, plan_id: int) -> list[Copy]:
    """The PDFs of a plan's standing certificates, in order of their numbers."""
    rows = visible_to(person).filter(plan_id=plan_id).exclude(state="revoked").values("pk")
    return list(
        Copy.objects.filter(certificate_id__in=rows)
        .select_related("file", "certificate")
        .order_by("certificate__number")
    )


def uncopied(certificate_ids: list[int]) -> QuerySet[Certificate]:
    """Those of the certificates that still lack their PDF."""
    return (
        Certificate.objects.filter(pk__in=certificate_ids, copies=None)
        .exclude(state="revoked")
        .select_related("application__photo", "identity")
        .order_by("number")
    )


def checked(number: str, name: str) -> Certificate | None:
    """The certificate of that number *and* name; None says the same for a wrong name and an unknown number."""
    found = Certificate.objects.filter(number=_number(number)).first()
    kept = _plain(found.name) if found else NOBODY
    same = hmac.compare_digest(kept.encode(), _plain(name).encode())
    return found if found is not None and same else None


def by_token(number: str, token: str) -> Certificate | None:
    """The certificate of a scanned code: its number with the signature printed in it."""
    found = Certificate.objects.filter(number=_number(number)).first()
    kept = found.signature if found else NOBODY
    same = hmac.compare_digest(kept.encode(), token.strip().encode())
    return found if found is not None and same and signing.holds(found) else None


def _number(text: str) -> str:
    return (certificate_numbers.read(text).value or "")[:40]


def _plain(name: str) -> str:
    return names.key(name)


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a certificate's way upward, and its day; None where it has not come yet."""

    label: str
    on: date | None


def hops(certificate: Certificate) -> list[Hop]:
    """已公示 → 市中心已审 → 已赋号 → 已报省 → 全国可查, each with its day as recorded."""
    batch = getattr(certificate.plan, "result_batch", None)
    return [
        Hop(N_("已公示"), batch.published_on if batch else None),
        Hop(N_("市鉴定中心已审核"), batch.approved_on if batch else None),
        Hop(N_("已赋号"), certificate.issued_on),
        Hop(N_("已报自治区"), certificate.provincial_reported_on),
        Hop(N_("全国可查"), certificate.national_visible_on),
    ]


def threads(certificate: Certificate) -> list[tuple[str, int] | tuple[str, int, int]]:
    """Every record a certificate grew from, as (kind, id), its sittings as (kind, id, its own seat)."""
    application, plan = certificate.application, certificate.plan
    found: list[tuple[str, int | None]] = [("request", plan.request_id), ("plan", plan.pk)]
    if plan.request is not None:
        found += [("venue_review", pk) for pk in plan.request.venue_reviews.values_list("pk", flat=True)]
    found += [("roster", application.roster_id), ("application", application.pk)]
    found += [("proof", pk) for pk in application.proofs.values_list("pk", flat=True)]
    for charge_id, bill_id, order_id, payment_id, receipt_id in application.charges.values_list(
        "pk",
        "bill_id",
        "allocations__payment__order_id",
        "allocations__payment_id",
        "allocations__payment__receipts",
    ):
        found += [("charge", charge_id), ("bill", bill_id), ("payment_order", order_id)]
        found += [("payment", payment_id), ("receipt", receipt_id)]
    found += [("paper_request", pk) for pk in plan.paper_requests.values_list("pk", flat=True)]
    found += [("ticket", application.ticket.pk)] if hasattr(application, "ticket") else []
    seats = list(application.seats.values_list("pk", "sitting_id", "number"))
    found += [("seat", seat_id) for seat_id, _sitting_id, _number in seats]
    result = getattr(application, "result", None)
    if result is not None:
        found += [("result_batch", result.batch_id), ("result", result.pk)]
        found += [("objection", pk) for pk in result.objections.values_list("pk", flat=True)]
        found += [("amendment", pk) for pk in result.amendments.values_list("pk", flat=True)]
    found.append(("certificate", certificate.pk))
    records: list[tuple[str, int] | tuple[str, int, int]] = [
        (kind, pk) for kind, pk in dict.fromkeys(found) if pk is not None
    ]
    return records + [("sitting", sitting_id, number) for _seat_id, sitting_id, number in seats]


def of_qualification(prefix: str = "") -> Any:
    """Whether an application (reached by ``prefix``) is for a row of its plan that is a 职业资格评价 (附件5)."""
    rows = PlanRow.objects.filter(
        plan_id=OuterRef(f"{prefix}plan_id"),
        occupation_code=OuterRef(f"{prefix}occupation_code"),
        level=OuterRef(f"{prefix}level"),
    )
    own = rows.filter(job=OuterRef(f"{prefix}job"))
    # A row without the application's 工种 stands for every 工种 that has no row of its own.
    return Exists(own.filter(assessment=QUALIFICATION)) | (~Exists(own) & Exists(rows.filter(assessment=QUALIFICATION)))


def qualification_number(result: Result) -> str:
    """The number written down last for a row of ``qualified``, "" where there is none yet."""
    return str(vars(result).get("qualification_number", ""))


def qualified(person: Person, plan_id: int) -> QuerySet[Result]:
    """Who passed a 职业资格评价 of a plan whose results are approved, with the number written down last (四（八）)."""
    noted = QualificationNumber.objects.filter(application_id=OuterRef("application_id")).order_by("-id")
    return (
        results.results_visible_to(person)
        .filter(of_qualification("application__"), batch__plan_id=plan_id, batch__state="approved", passed=True)
        .annotate(qualification_number=Coalesce(Subquery(noted.values("number")[:1]), Value("")))
        .order_by("application__ticket__number", "id")
    )


def no_certificate() -> Refusal:
    """A 职业资格评价 ends at approved results: neither a level certificate nor its number follows (四（八）)."""
    return refuse(
        "certificate.qualification",
        N_("职业资格评价不核发职业技能等级证书，也不生成等级证书编号。"),
        N_("请在“按计划办理证书”中登记职业资格证书自身的编号。"),
        clause="四（八）",
    )


def unmade(count: int) -> Refusal:
    """So many certificates have no file yet and cannot be issued (四（八）)."""
    return refuse(
        "certificate.no_copy",
        N_("还有%(count)s张电子证书文件正在生成，暂不能核发。"),
        N_("请稍候刷新；长时间未生成的，请市鉴定中心查看发送队列。"),
        clause="四（八）",
        count=count,
    )


@guard("certificate.issue")
def _issuing(person: Person, certificate: Certificate, now: datetime) -> Refusal | None:
    return _issuing_many(person, [certificate], now)


@guard_of_many("certificate.issue")
def _issuing_many(person: Person, certificates: Sequence[Certificate], _now: datetime) -> Refusal | None:
    if any(each.body_id != person.organisation_id for each in certificates):
        return refuse(
            "certificate.owner",
            N_("这张证书不由您所在的认定机构核发。"),
            N_("请由组织实施认定的机构办理。"),
            clause="四（八）",
            status=403,
        )
    keys = [each.pk for each in certificates]
    if Certificate.objects.filter(of_qualification("application__"), pk__in=keys).exists():
        return no_certificate()
    count = uncopied(keys).count()
    return unmade(count) if count else None
