"""Filing a body's scope with the authority (一, 附件1-3) and what becomes of it (四（九）)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from jiangheng.bodies import queries
from jiangheng.bodies.actions import standing
from jiangheng.bodies.models import Filing, Organisation, Scope
from jiangheng.journal.actions import action, move, record, send, stale
from jiangheng.journal.models import Outgoing
from jiangheng.journal.queries import one
from jiangheng.rules import codes, flows
from jiangheng.rules.bodies import scopes as scopes_rule
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import SYSTEM, Person, Role
from jiangheng.rules.words import gettext_noop as N_

PURPOSES = ("first", "renewal", "change")
SERVICE = {"technical_school": "own_students", "social_body": "public", "employer_body": "own_staff"}


@action("filing.draft")
def draft_filing(
    *,
    by: Person,
    now: datetime,
    organisation_id: int,
    valid_from: date,
    valid_to: date,
    scopes: Sequence[Mapping[str, Any]],
    number: str = "",
    batch: str = "",
    service_objects: str = "",
    fee_basis: str = "",
    purpose: str = "first",
    succeeds_id: int | None = None,
) -> Filing:
    """Draft a filing with its rows (附件1-3): occupation_code, job, levels ("543"), standard, own_standard, valid_from, valid_to.

    ``purpose`` is first, renewal or change; the last two name the filing they succeed. ``service_objects`` defaults to
    what 二 says of the body's kind. Refusals: ``filing.not_body``, ``filing.service``, ``filing.period``, ``filing.row_period``,
    ``filing.renewal_start``,
    ``filing.rows``, ``filing.occupation``, ``filing.job``, ``filing.levels``, ``filing.twice``, ``filing.purpose``,
    ``filing.own_standard``, ``filing.own_document`` (422); ``filing.succeeded`` (409).
    """
    organisation = queries.get(by, organisation_id)
    old = _predecessor(by, organisation, purpose, succeeds_id, valid_from)
    values = _clean(organisation, valid_from, valid_to, service_objects)
    rows = _scopes(organisation, scopes, valid_from, valid_to)
    filing = Filing.objects.create(
        organisation=organisation,
        number=number.strip()[:60],
        batch=batch.strip()[:40],
        fee_basis=fee_basis.strip()[:120],
        purpose=purpose,
        succeeds=old,
        drafted_by_centre=by.role is Role.CENTRE,
        created_at=now,
        **values,
    )
    Scope.objects.bulk_create(Scope(filing=filing, **row) for row in rows)
    record(filing, after=facts(filing))
    return filing


@action("filing.change")
def change_filing(
    *,
    by: Person,
    now: datetime,
    filing_id: int,
    valid_from: date,
    valid_to: date,
    scopes: Sequence[Mapping[str, Any]],
    number: str = "",
    batch: str = "",
    service_objects: str = "",
    fee_basis: str = "",
    seen: int | None = None,
) -> Filing:
    """Change a filing while it is a draft or returned (一). Refusals: as ``draft_filing``; ``filing.fixed`` (409)."""
    filing = queries.filing(by, filing_id)
    if filing.state not in flows.states("filing", "editable"):
        raise refuse(
            "filing.fixed", N_("备案提交后不能直接修改。"), N_("需要变更范围的，请另行填写一份新的备案。"), clause="一"
        )
    values = _clean(filing.organisation, valid_from, valid_to, service_objects)
    _predecessor(by, filing.organisation, filing.purpose, filing.succeeds_id, valid_from, but=filing.pk)
    rows = _scopes(filing.organisation, scopes, valid_from, valid_to)
    before = facts(filing)
    changed = Filing.objects.filter(
        pk=filing.pk, state=filing.state, version=filing.version if seen is None else seen
    ).update(
        number=number.strip()[:60],
        batch=batch.strip()[:40],
        fee_basis=fee_basis.strip()[:120],
        version=filing.version + 1,
        **values,
    )
    if changed == 0:
        raise stale()
    Scope.objects.filter(filing=filing).delete()
    Scope.objects.bulk_create(Scope(filing=filing, **row) for row in rows)
    filing.refresh_from_db()
    record(filing, before=before, after=facts(filing))
    return filing


def _predecessor(
    by: Person,
    organisation: Organisation,
    purpose: str,
    succeeds_id: int | None,
    valid_from: date,
    but: int | None = None,
) -> Filing | None:
    if purpose not in PURPOSES or (purpose == "first") != (succeeds_id is None):
        raise refuse(
            "filing.purpose",
            N_("请说明是首次备案、续期还是变更，续期和变更须指明原备案。"),
            N_("请从原备案的页面点“办理续期”或“办理变更”。"),
            clause="一",
            status=422,
        )
    if succeeds_id is None:
        return None
    old = one(queries.filings_visible_to(by).filter(organisation=organisation), pk=succeeds_id)
    waiting = (
        old.successors.exclude(pk=but or 0).exclude(state__in=flows.states("filing", "ended")).order_by("id").first()
    )
    if old.state in flows.states("filing", "unfiled") or waiting is not None:
        raise refuse(
            "filing.succeeded",
            N_("备案%(number)s不能再办理续期或变更：尚未生效、已注销，或已有续期（变更）备案。"),
            N_("请在已有的续期（变更）备案上办理；已注销的请重新备案。"),
            clause="一",
            number=old.number,
        )
    if valid_from <= old.valid_from:
        raise refuse(
            "filing.renewal_start",
            N_("续期或变更的起始日期须晚于原备案的起始日期%(day)s。"),
            N_("续期一般自原备案截止日期的次日起，变更自批准之日起。"),
            clause="一",
            status=422,
            day=old.valid_from.isoformat(),
        )
    return old


def _clean(organisation: Organisation, valid_from: date, valid_to: date, service_objects: str) -> dict[str, Any]:
    if organisation.kind not in SERVICE:
        raise refuse(
            "filing.not_body",
            N_("“%(name)s”不是技工院校、社会培训评价组织或用人单位，不能备案认定范围。"),
            N_("培训学校请通过安排申请由市鉴定中心指派认定机构。"),
            clause="一",
            status=422,
            name=organisation.name,
        )
    service = service_objects or SERVICE[organisation.kind]
    if service != SERVICE[organisation.kind]:
        raise refuse(
            "filing.service",
            N_("%(kind)s的服务对象应为“%(service)s”。"),
            N_("企业面向本单位员工，技工院校面向本校学生，社会培训评价组织面向全社会技能人员。"),
            clause="二",
            status=422,
            kind=codes.label("organisation_kind", organisation.kind),
            service=codes.label("service_object", SERVICE[organisation.kind]),
        )
    if valid_to < valid_from:
        raise refuse(
            "filing.period", N_("备案截止日期早于起始日期。"), N_("请核对备案起止日期。"), clause="一", status=422
        )
    return {"service_objects": service, "valid_from": valid_from, "valid_to": valid_to}


def _scopes(
    organisation: Organisation, given: Sequence[Mapping[str, Any]], valid_from: date, valid_to: date
) -> list[dict[str, Any]]:
    if not given:
        raise refuse(
            "filing.rows",
            N_("备案范围至少填写一行职业。"),
            N_("请按附件填写职业、工种和等级。"),
            clause="一",
            status=422,
        )
    rows: list[dict[str, Any]] = []
    for each in given:
        code, job = str(each["occupation_code"]), str(each.get("job") or "").strip()
        begins, ends = each.get("valid_from") or valid_from, each.get("valid_to") or valid_to
        known = queries.occupation_of(code, begins)
        if known is None:
            raise refuse(
                "filing.occupation",
                N_("职业目录中没有编码为%(occupation)s的职业。"),
                N_("请从职业目录中选择。"),
                clause="一",
                status=422,
                occupation=code,
            )
        if job and job not in known.jobs:
            raise refuse(
                "filing.job",
                N_("职业“%(occupation)s”没有工种“%(job)s”。"),
                N_("请填写目录所列工种；没有工种的留空。"),
                clause="一",
                status=422,
                occupation=known.name,
                job=job,
            )
        levels = "".join(sorted(set(str(each["levels"])), reverse=True))
        if not levels or not set(levels) <= set(known.levels):
            raise refuse(
                "filing.levels",
                N_("职业“%(occupation)s”的等级填写不对，可选%(levels)s级。"),
                N_("请勾选职业标准所设的等级。"),
                clause="一",
                status=422,
                occupation=known.name,
                levels="、".join(known.levels),
            )
        if not valid_from <= begins <= ends <= valid_to:
            raise refuse(
                "filing.row_period",
                N_("职业“%(occupation)s”的有效期超出备案有效期。"),
                N_("请填写在备案起止日期以内的日期。"),
                clause="一",
                status=422,
                occupation=known.name,
            )
        standard = str(each.get("standard") or "").strip()[:80]
        own = bool(each.get("own_standard"))
        if own:
            _may_be_own(organisation, known.name, standard)
        rows.append(
            {
                "occupation_code": code,
                "occupation_name": known.name,
                "job": job,
                "levels": levels,
                "standard": standard,
                "own_standard": own,
                "valid_from": begins,
                "valid_to": ends,
            }
        )
    pairs = [(row["occupation_code"], row["job"]) for row in rows]
    if len(set(pairs)) != len(pairs):
        raise refuse(
            "filing.twice",
            N_("同一职业、工种填写了两行。"),
            N_("请合并为一行并勾选全部等级。"),
            clause="一",
            status=422,
        )
    return rows


def _may_be_own(organisation: Organisation, occupation: str, document: str) -> None:
    """Refuse a 企业评价规范 of anybody but an employer that files for its own staff, and one without a name (一、二)."""
    if organisation.kind != "employer_body":
        raise refuse(
            "filing.own_standard",
            N_("“%(name)s”不是用人单位，职业“%(occupation)s”不能按企业评价规范备案。"),
            N_("技工院校和社会培训评价组织请填写国家职业标准的文号，不勾选企业评价规范。"),
            clause="一",
            status=422,
            name=organisation.name,
            occupation=occupation,
        )
    if not document:
        raise refuse(
            "filing.own_document",
            N_("职业“%(occupation)s”勾选了企业评价规范，但没有填写规范的名称和文号。"),
            N_("请在“职业标准版本”中填写本单位评价规范的名称和文号。"),
            clause="一",
            status=422,
            occupation=occupation,
        )


def facts(filing: Filing) -> dict[str, Any]:
    """A filing as the journal keeps it, rows included."""
    return {
        "organisation_id": filing.organisation_id,
        "number": filing.number,
        "batch": filing.batch,
        "service_objects": filing.service_objects,
        "valid_from": filing.valid_from,
        "valid_to": filing.valid_to,
        "purpose": filing.purpose,
        "succeeds_id": filing.succeeds_id,
        "scopes": [
            f"{row.occupation_code} {row.job} {row.levels} {row.standard} {row.valid_from} {row.valid_to}"
            + (" 企业评价规范" if row.own_standard else "")
            for row in queries.scopes_of(filing.pk)
        ],
    }


@action("filing.submit")
def submit(*, by: Person, now: datetime, filing_id: int, note: str = "", seen: int | None = None) -> Filing:
    """Hand a filing in (一)."""
    filing = move(queries.filing(by, filing_id), "submit", note=note, seen=seen)
    office = queries.centre()
    if office is not None and by.role is not Role.CENTRE:
        send(
            key=f"filing-{filing.pk}-{filing.version}",
            channel="notice",
            subject=f"{filing.organisation.name}提交了机构备案",
            to_organisation=office.pk,
            record=filing,
        )
    return filing


@action("filing.return")
def return_filing(*, by: Person, now: datetime, filing_id: int, note: str, seen: int | None = None) -> Filing:
    """Give a filing back with a reason (一)."""
    filing = move(queries.filing(by, filing_id), "return", note=note, seen=seen)
    standing.tell(filing, "机构备案已退回，请补正后重新提交", note)
    return filing


@action("filing.file")
def file(
    *, by: Person, now: datetime, filing_id: int, number: str = "", note: str = "", seen: int | None = None
) -> Filing:
    """Put a filing into force under its number (一). A renewal or change replaces the filing
    it succeeds from its own first day on.

    Refusals: ``filing.number`` (422); ``filing.expired``, ``filing.halted`` (409).
    """
    filing = queries.filing(by, filing_id)
    number = number.strip()[:60] or filing.number
    if not number:
        raise refuse(
            "filing.number", N_("请填写备案文号。"), N_("按自治区人社部门公布的备案文号填写。"), clause="一", status=422
        )
    if filing.valid_to < local_day(now):
        raise refuse(
            "filing.expired",
            N_("备案截止日期%(day)s已过，不能生效。"),
            N_("请退回，由机构填写新的备案期限。"),
            clause="一",
            day=filing.valid_to.isoformat(),
        )
    halted = queries.open_standings(filing.organisation_id)
    if halted:
        raise refuse(
            "filing.halted",
            N_("该机构的备案%(number)s目前为“%(state)s”，不能同时让另一份备案生效。"),
            N_("请先恢复或注销那份备案。"),
            clause="四（九）",
            number=halted[0].filing.number,
            state=scopes_rule.HALT_WORDS[halted[0].kind],
        )
    move(filing, "file", note=note, seen=seen, updates={"number": number})
    if filing.succeeds is not None and filing.succeeds.valid_to >= filing.valid_from:
        standing.replace(by=SYSTEM, now=now, filing_id=filing.succeeds_id or 0, successor=filing)
    standing.tell(filing, f"机构备案已生效：{number}", note)
    return filing


@action("filing.remind")
def remind(*, by: Person, now: datetime, days: int) -> int:
    """Tell each body and the centre once of every filing that expires within ``days`` with no successor handed in (一).

    A second call tells nobody again; returns how many filings were told of now.
    """
    today = local_day(now)
    office, told = queries.centre(), 0
    for filing in queries.expiring(today, days):
        if filing.renewed:
            continue
        key = f"filing-expiry-{filing.pk}-{filing.valid_to}"
        if Outgoing.objects.filter(key=f"{key}-body").exists():
            continue
        left = (filing.valid_to - today).days
        send(
            key=f"{key}-body",
            channel="notice",
            subject=f"备案{filing.number}将于{filing.valid_to}到期",
            body=f"还有{left}天。请及时办理续期；到期后不能报送计划、组织考核。",
            to_organisation=filing.organisation_id,
            record=filing,
        )
        if office is not None:
            send(
                key=f"{key}-centre",
                channel="notice",
                subject=f"{filing.organisation.name}的备案{filing.number}将于{filing.valid_to}到期",
                body=f"还有{left}天，尚未办理续期。",
                to_organisation=office.pk,
                record=filing,
            )
        told += 1
        record(filing, after={"valid_to": filing.valid_to})
    return told
