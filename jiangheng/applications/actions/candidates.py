"""Filling in, handing in and withdrawing an application (附件4, 三（二））."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from jiangheng.applications import fields, queries, readiness
from jiangheng.applications.actions.clientele import require_filed, require_service, serving
from jiangheng.applications.actions.flags import look
from jiangheng.applications.actions.judging import COLUMNS, Bench
from jiangheng.applications.models import Application, Proof
from jiangheng.files import actions as files
from jiangheng.files.pictures import CENTRE, Crop
from jiangheng.journal.actions import action, move, record, stale
from jiangheng.journal.actions.numbering import take
from jiangheng.journal.queries import one
from jiangheng.people import actions as people
from jiangheng.people import queries as people_queries
from jiangheng.people.actions import Claim
from jiangheng.people.models import Identity
from jiangheng.plans import checks
from jiangheng.plans.models import Plan, PlanRow, Request
from jiangheng.rules import roster
from jiangheng.rules.bodies import clientele
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import phones
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

LONGEST = 2000


class Incomplete(Refusal):
    """A form that cannot be handed in yet; ``faults`` name every column at fault and ``proofs`` what is missing."""

    def __init__(self, faults: list[roster.RowFault], proofs: list[str]) -> None:
        self.faults = faults
        self.proofs = proofs
        columns = "、".join(dict.fromkeys(fault.column for fault in faults))
        missing = "、".join(fields.PROOFS.get(kind, "电子版照片") for kind in proofs)
        super().__init__(
            N_("申请尚不能提交。需补正的栏目：%(columns)s；需上传的材料：%(missing)s。"),
            code="application.incomplete",
            clause="三（二）",
            remedy=N_("已填写的内容已经保存，补齐后即可提交。"),
            status=422,
            columns=columns or N_("无"),
            missing=missing or N_("无"),
        )


def closed(plan: Plan) -> Refusal:
    """Registration for a plan has ended."""
    return refuse(
        "application.closed",
        N_("计划“%(plan)s”的报名已于%(on)s截止，不能再提交。"),
        N_("请选择其他正在报名的计划，或联系认定机构了解下一批次。"),
        clause="三（一）",
        plan=plan.title,
        on=local_day(plan.registration_ends_at).isoformat(),
    )


def duplicate(number: str = "") -> Refusal:
    """The database found the same person twice in one batch; ``number`` is the application that stands."""
    return refuse(
        "application.duplicate",
        N_("同一考生在本批次已有相同职业、相同等级的申请%(number)s，没有重复受理。"),
        N_("请在“我的申请”或申请列表中查看已有的申请；如需更改，请先撤回原申请。"),
        clause="三（一）",
        number=f"（{number}）" if number else "",
    )


@action("application.open")
def apply_draft(
    *,
    by: Person,
    now: datetime,
    plan_row_id: int | None = None,
    request_id: int | None = None,
    claim: Claim | None = None,
) -> Application:
    """Begin an application (附件4): a candidate for an open plan row; a body for its own plan or a school or employer
    for its own request, naming the person by ``claim``.

    Refusals: ``record.none`` (404), ``application.closed``, ``application.duplicate``, ``clientele.individuals`` (409),
    ``application.identity`` (409), those of ``people.actions.identity_for``.
    """
    if by.role is Role.CANDIDATE:
        row = queries.open_row(now, plan_row_id or 0)
        clientele.open_to_individuals(row.plan.body.kind)
        return _open(by, now, _own_identity(by), row=row, source="person")
    if claim is None:
        raise _no_identity()
    if by.role is Role.BODY:
        row = one(
            PlanRow.objects.select_related("plan__body").filter(plan__body_id=by.organisation_id or 0),
            pk=plan_row_id or 0,
        )
        taking_names(row.plan, now)
        identity = _recorded(claim, by, now)
        return _open(by, now, identity, row=row, source="entry", sponsor_id=by.organisation_id)
    request = queries.own_request(by, request_id or 0)
    open_request(request)
    identity = _recorded(claim, by, now)
    return _open(by, now, identity, request=request, source="entry", sponsor_id=by.organisation_id)


def taking_names(plan: Plan, now: datetime) -> None:
    """Refuse where a plan takes no more names: ``application.closed`` (409), ``plan.over`` (409)."""
    if plan.state not in queries.OPEN_PLAN:
        raise refuse(
            "plan.over", N_("该计划已取消或已办结，不能再报名。"), N_("请选择其他正在报名的计划。"), clause="三（三）"
        )
    if now > plan.registration_ends_at:
        raise closed(plan)


def open_request(request: Request) -> None:
    """Refuse where a request takes no more names: ``request.over`` (409)."""
    if request.state not in queries.OPEN_REQUEST:
        raise refuse(
            "request.over",
            N_("该安排申请已撤回或机构不能承接，不能再录入考生。"),
            N_("请先重新提交安排申请，或等待市鉴定中心另行指派。"),
            clause="三（四）",
        )


def _own_identity(by: Person) -> Identity:
    found = Identity.objects.filter(pk=by.identity_id or 0).first()
    if found is None:
        raise _no_identity()
    return found


def _no_identity() -> Refusal:
    return refuse(
        "application.identity",
        N_("报名须先登记考生的身份证件。"),
        N_("请先在“个人信息”中登记姓名和证件号码。"),
        clause="三（二）",
    )


def _recorded(claim: Claim, by: Person, now: datetime) -> Identity:
    return people.identity_for(
        by=by, now=now, kind=claim.kind, number=claim.number, name=claim.name, sex=claim.sex, born=claim.born
    )


def _open(
    by: Person,
    now: datetime,
    identity: Identity,
    *,
    row: PlanRow | None = None,
    request: Request | None = None,
    source: str,
    sponsor_id: int | None = None,
) -> Application:
    plan = row.plan if row else queries.plan_of(request) if request else None
    if plan is not None:
        taking_names(plan, now)
        checks.require_filed(plan, now, row=row)
    elif request is not None:
        checks.require_request_filed(request, now)
    if row is not None:
        line = queries.line_of_row(row)
    else:
        assert request is not None, "one of the two is applied for"
        line = queries.line_of_request(request, local_day(now))
    form = {**_reached(by, source), **_known(identity, by), **_person(identity)}
    values = {
        "identity": identity,
        "plan": plan,
        "request": request,
        "body_id": plan.body_id if plan else request.body_id if request else None,
        "sponsor_id": sponsor_id,
        "source": source,
        "name": identity.name,
        "occupation_code": line.occupation_code,
        "occupation_name": line.occupation_name,
        "job": line.job,
        "level": line.level,
        "subjects": list(line.subjects),
        "form": form,
        "phone": form.get("手机号码", "")[:20],
        "created_at": now,
    }
    try:
        with transaction.atomic():
            number = take("application", now, body=numbered_by(plan, request))
            application = Application.objects.create(number=number, **values)
    except IntegrityError:
        standing = queries.live_by_identity(
            [identity.pk], plan_id=plan.pk if plan else None, request_id=request.pk if request else None
        ).get((identity.pk, line.occupation_code, line.level))
        # Whoever may not see the one that stands is not told its number either.
        own = standing is not None and queries.visible_to(by).filter(pk=standing.pk).exists()
        raise duplicate(standing.number if standing is not None and own else "") from None
    record(
        application, after={"number": number, "occupation": line.occupation_name, "level": line.level, "source": source}
    )
    return application


def numbered_by(plan: Plan | None, request: Request | None) -> int:
    """Whose series an application is numbered in: the body's, or the sender's while no body is assigned."""
    if plan is not None:
        return plan.body_id
    assert request is not None
    return request.body_id or request.organisation_id


def _person(identity: Identity) -> dict[str, str]:
    return {
        "姓名": identity.name,
        "证件类型": identity.kind,
        "性别": identity.sex,
        "出生日期": identity.born.isoformat() if identity.born else "",
    }


def _reached(by: Person, source: str) -> dict[str, str]:
    """The mobile somebody registered with, so that nobody types it twice; only for their own application."""
    own = phones.read(people_queries.own_phone(by)).value if source == "person" else None
    return {"手机号码": own} if own else {}


def _known(identity: Identity, by: Person) -> dict[str, Any]:
    """What the same applicant or sponsor wrote last time, so that nobody types it twice."""
    rows = queries.visible_to(by).filter(identity_id=identity.pk).exclude(form={}).order_by("-id")
    last = rows.values_list("form", flat=True).first() or {}
    again = set(fields.WRITABLE) - {"申报条件", "认定分类", "报名单位"}
    return {column: value for column, value in last.items() if column in again}


@action("application.save")
def save(
    *, by: Person, now: datetime, application_id: int, values: Mapping[str, Any], seen: int | None = None
) -> Application:
    """Keep what is typed so far (附件4); columns that are not the applicant's to write are ignored.

    Refusals: ``application.locked`` (409), ``record.stale`` (409).
    """
    application = _writable(by, application_id)
    given = {
        column: fields.tidied(column, values[column])[:LONGEST]
        for column in fields.WRITABLE
        if column in values and values[column] is not None
    }
    changed = {column: text for column, text in given.items() if application.form.get(column, "") != text}
    if not changed:
        return application
    form = {**application.form, **changed}
    _set(
        application,
        seen=seen,
        form=form,
        route=form.get("申报条件", "")[:20],
        phone=form.get("手机号码", "")[:20],
    )
    record(application, before={column: application.form.get(column, "") for column in changed}, after=changed)
    application.refresh_from_db()
    return application


def _writable(by: Person, application_id: int) -> Application:
    application = queries.get(by, application_id)
    if not queries.changeable(by, application):
        raise refuse(
            "application.locked",
            N_("申请已提交或已办结，内容不能再修改。"),
            N_("如需更正，请联系认定机构退回补正，或撤回后重新申请。"),
            clause="三（一）",
        )
    return application


def _set(application: Application, *, seen: int | None = None, **columns: Any) -> None:
    """Compare-and-set on the version; Refusal ``record.stale`` (409)."""
    version = application.version
    changed = 0
    if seen is None or int(seen) == version:
        changed = Application.objects.filter(pk=application.pk, version=version, state=application.state).update(
            version=F("version") + 1, **columns
        )
    if changed == 0:
        raise stale(N_("请刷新页面核对最新内容后再修改；您刚才输入的文字仍在本页，可先复制。"))


@action("application.attach")
def attach(
    *,
    by: Person,
    now: datetime,
    application_id: int,
    kind: str,
    upload: Any,
    crop: Crop | None = CENTRE,
    seen: int | None = None,
) -> Application:
    """Add a proof (三（二）1-3) or the photo (三（二）4, ``kind`` "photo"), cut to ``crop`` or from the middle.

    Refusals: ``application.locked`` (409), ``proof.kind`` (422), those of ``files.actions.store``.
    """
    application = _writable(by, application_id)
    if kind != "photo" and kind not in fields.PROOFS:
        raise refuse(
            "proof.kind",
            N_("没有名为“%(kind)s”的材料种类。"),
            N_("请从列表中选择材料种类。"),
            clause="三（二）",
            status=422,
            kind=kind[:20],
        )
    file = files.store(
        by=by,
        now=now,
        upload=upload,
        purpose="photo" if kind == "photo" else "proof",
        identity_id=application.identity_id,
        organisation_id=application.sponsor_id,
        account_id=by.account_id,
        shared_with_organisation_id=application.body_id,
        crop=crop,
    )
    if kind == "photo":
        _set(application, seen=seen, photo=file)
    else:
        _set(application, seen=seen)
        Proof.objects.create(application=application, kind=kind, file=file, added_at=now)
    record(application, after={"proof": kind, "sha256": file.sha256})
    application.refresh_from_db()
    return application


@action("application.detach")
def detach(*, by: Person, now: datetime, application_id: int, proof_id: int) -> Application:
    """Take a proof away again before handing in; the file itself and its journal entry stay. 三（二）."""
    application = _writable(by, application_id)
    proof = one(Proof.objects.select_related("file").filter(application_id=application.pk), pk=proof_id)
    before = {"proof": proof.kind, "sha256": proof.file.sha256}
    Proof.objects.filter(pk=proof.pk).delete()
    _set(application)
    record(application, before=before)
    application.refresh_from_db()
    return application


@action("application.submit")
def submit(
    *,
    by: Person,
    now: datetime,
    application_id: int,
    committed: bool = False,
    values: Mapping[str, Any] | None = None,
    seen: int | None = None,
    note: str = "",
) -> Application:
    """Hand the application in with the signed commitment; it is judged by its route at once (三（一）, 三（二）).

    ``values`` not yet saved are saved first. Refusals: ``application.commitment`` (422),
    ``application.incomplete`` (422, an :class:`Incomplete`), ``application.closed`` (409), ``service.*`` (409),
    ``standard.none`` (409), ``record.stale`` (409).
    """
    if values:
        application = save(by=by, now=now, application_id=application_id, values=values, seen=seen)
        seen = application.version
    else:
        application = queries.get(by, application_id)
    _may_hand_in(by, application, now)
    if not committed:
        raise refuse(
            "application.commitment",
            N_("提交前须本人（或报名单位）确认承诺。"),
            N_("请阅读承诺内容并勾选“我已阅读并承诺”。"),
            clause="三（二）",
            status=422,
        )
    application.form = _complete(application, now)
    organisation = serving(application)
    if organisation is not None:
        require_service(application, organisation, now)
    application.committed_at = application.submitted_at = now
    Bench(now).judge(application)
    form = application.form
    updates = {column: getattr(application, column) for column in COLUMNS}
    updates["review"] = _marks(application, now)
    moved = move(
        application,
        "submit",
        note=note,
        seen=seen,
        updates={**updates, "committed_at": now, "submitted_at": now, "form": form},
    )
    look(by=by, now=now, ids=[moved.pk])
    return moved


def _may_hand_in(by: Person, application: Application, now: datetime) -> None:
    own = (
        application.identity_id == by.identity_id
        if by.role is Role.CANDIDATE
        else (application.sponsor_id is not None and application.sponsor_id == by.organisation_id)
    )
    if not own:
        raise refuse(
            "application.not_yours",
            N_("这份申请不是由您填报的，不能代为提交。"),
            N_("请由考生本人或其报名单位提交。"),
            clause="三（二）",
            status=403,
        )
    # A form returned for correction may come back after registration ended: the body asked for it.
    if application.plan is not None and application.state == "draft":
        taking_names(application.plan, now)
    require_filed(application, now)


def _complete(application: Application, now: datetime) -> dict[str, Any]:
    """The form in its kept writing; :class:`Incomplete` where something is wrong or missing."""
    found = readiness.report(application, now)
    if not found.complete:
        raise Incomplete(list(found.faults), list(found.missing))
    return dict(found.form)


def _marks(application: Application, now: datetime) -> str:
    """Why the body looks at it by hand: the same person stands twice (三（一）)."""
    found = [f"{each.kind}:{each.public}" for each in readiness.twice(application, now)]
    return ";".join(found)[:200]


@action("application.withdraw")
def withdraw(*, by: Person, now: datetime, application_id: int, note: str = "", seen: int | None = None) -> Application:
    """Take the application back before it is decided; candidates sit of their own free will (三（一）)."""
    return move(queries.get(by, application_id), "withdraw", note=note, seen=seen)
