"""附件1-3 taken in from Excel (一): every fault at once, or a preview the centre confirms before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from jiangheng.bodies import queries
from jiangheng.bodies.actions import organisations, premises
from jiangheng.bodies.actions.filings import facts
from jiangheng.bodies.models import AnnexImport, Filing, Organisation, Scope, Venue
from jiangheng.files import actions as files
from jiangheng.files import limits, worksheets
from jiangheng.files import queries as stored
from jiangheng.journal.actions import action, move, record
from jiangheng.rules.bodies import annexes
from jiangheng.rules.bodies.annexes import BODY_COLUMNS, FILING_COLUMNS, SCOPE_COLUMNS, Annex, Fault, Line
from jiangheng.rules.conditions import occupations
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.roster import letter
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass
class _Standing:
    """What the register holds of the bodies of a workbook, read in a few statements."""

    organisations: dict[str, Organisation]
    by_name: dict[str, Organisation]
    by_prefix: dict[str, Organisation]
    filings: dict[tuple[int, str], Filing]
    scopes: dict[tuple[int, str, str], Scope]
    venues: dict[tuple[int, str], Venue]


@action("annex.check")
def check_annex(*, by: Person, now: datetime, annex: str, upload: Any) -> AnnexImport:
    """Read a workbook of one annex; nothing of the register is written, only the preview or the faults are kept.

    Refusals: those of ``files.actions.store``, ``files.workbooks.read`` and ``rules.annexes.read``.
    """
    which = annexes.annex(annex)
    file = files.store(by=by, now=now, upload=upload, purpose="workbook", organisation_id=by.organisation_id)
    lines, faults, preview = _looked_at(which, stored.content(file), now)
    made = AnnexImport.objects.create(
        annex=which.id,
        file=file,
        rows=len(lines) or len({fault.row for fault in faults}),
        faults=[asdict(fault) for fault in sorted(faults, key=lambda fault: (fault.row, fault.letter))],
        preview=preview,
        digest=_digest(preview),
        summary=_counted(preview),
        created_at=now,
    )
    record(
        made, after={"annex": which.id, "rows": made.rows, "faults": len(faults), "sha256": file.sha256, **made.summary}
    )
    return made


@action("annex.confirm")
def confirm_annex(*, by: Person, now: datetime, import_id: int) -> AnnexImport:
    """Write what the preview showed, all of it or nothing; a second confirmation writes nothing (一).

    Refusals: ``annex.faults``, ``annex.confirmed``, ``annex.stale`` (409).
    """
    found = queries.annex_import(by, import_id)
    which = annexes.annex(found.annex)
    if found.faults:
        raise refuse(
            "annex.faults",
            N_("目录里还有错误，不能导入。"),
            N_("请按列出的行和列改好，重新上传整份目录。"),
            clause="一",
        )
    claimed = AnnexImport.objects.filter(pk=found.pk, confirmed_at=None).update(confirmed_at=now)
    if claimed == 0:
        raise refuse("annex.confirmed", N_("这份目录已经导入过。"), N_("如有更正，请改好后重新上传。"), clause="一")
    lines, faults, preview = _looked_at(which, stored.content(found.file), now)
    if faults or _digest(preview) != found.digest:
        raise refuse(
            "annex.stale",
            N_("预览之后登记内容有变动，本次没有导入。"),
            N_("请重新上传，核对新的预览后再确认。"),
            clause="一",
        )
    _write(which, lines, by, now)
    found.refresh_from_db()
    record(found, after={"annex": which.id, "digest": found.digest, **found.summary})
    return found


def _looked_at(which: Annex, data: bytes, now: datetime) -> tuple[list[Line], list[Fault], list[dict[str, Any]]]:
    today = local_day(now)
    cells = worksheets.as_written(data, limits.at(now))
    lines, faults = annexes.read(which, cells, occupations=occupations.catalogue(today), law=values.law(today))
    standing = _standing(lines)
    faults += _against(which, lines, standing)
    return lines, faults, [] if faults else _preview(lines, standing)


def _standing(lines: Sequence[Line]) -> _Standing:
    codes = {line.body["credit_code"] for line in lines}
    names = {line.body["name"] for line in lines}
    prefixes = {line.body["certificate_prefix"] for line in lines} - {""}
    bodies = {row.credit_code: row for row in Organisation.objects.filter(credit_code__in=codes)}
    ids = [row.pk for row in bodies.values()]
    filings = Filing.objects.filter(organisation__in=ids)
    rows = Scope.objects.filter(filing__in=filings)
    return _Standing(
        organisations=bodies,
        by_name={row.name: row for row in Organisation.objects.filter(name__in=names)},
        by_prefix={row.certificate_prefix: row for row in Organisation.objects.filter(certificate_prefix__in=prefixes)},
        filings={(row.organisation_id, row.number): row for row in filings.order_by("id") if row.number},
        scopes={(row.filing_id, row.occupation_code, row.job): row for row in rows},
        venues={(row.organisation_id, row.name): row for row in Venue.objects.filter(organisation__in=ids)},
    )


def _against(which: Annex, lines: Sequence[Line], standing: _Standing) -> list[Fault]:
    """What the register says against a row."""
    faults: list[Fault] = []

    def wrong(line: Line, column: str, code: str, message: str, remedy: str, /, **params: str | int) -> None:
        place = letter(which.columns.index(column))
        faults.append(Fault(line.row, column, place, code, message, remedy, params))

    for line in lines:
        body = standing.organisations.get(line.body["credit_code"])
        if body is not None and body.kind != which.kind:
            wrong(
                line,
                "统一社会信用代码",
                "kind",
                N_("该代码登记的“%(name)s”不属于本附件的类别。"),
                N_("请填入对应的附件，或先在机构名录中变更类别。"),
                name=body.name,
            )
        for column, held in (
            ("机构名称", standing.by_name.get(line.body["name"])),
            ("证书编号前缀", standing.by_prefix.get(line.body["certificate_prefix"])),
        ):
            if held is not None and held.credit_code != line.body["credit_code"]:
                wrong(
                    line,
                    column,
                    "taken",
                    N_("已登记在“%(name)s”（%(code)s）名下。"),
                    N_("请核对统一社会信用代码，或先更正原登记。"),
                    name=held.name,
                    code=held.credit_code,
                )
        filing = standing.filings.get((body.pk, line.filing["number"])) if body else None
        if filing is not None and filing.state not in queries.PUBLIC_STATES:
            wrong(
                line,
                "备案文号",
                "filing_state",
                N_("备案%(number)s在系统中不是已生效的备案。"),
                N_("办理中的备案请先办结；已注销或被取代的请用新的备案文号。"),
                number=filing.number,
            )
    return faults


def _preview(lines: Sequence[Line], standing: _Standing) -> list[dict[str, Any]]:
    """Per row what would become of it, with every difference in words: column, before, after."""
    shown: list[dict[str, Any]] = []
    told: set[tuple[Any, ...]] = set()
    for line in lines:
        body = standing.organisations.get(line.body["credit_code"])
        filing = standing.filings.get((body.pk, line.filing["number"])) if body else None
        scope = _scope(standing, filing, line)
        changes: list[dict[str, str]] = []
        if body is not None and ("body", body.pk) not in told:
            told.add(("body", body.pk))
            changes += _differences(body, line.body, BODY_COLUMNS)
        if filing is not None and ("filing", filing.pk) not in told:
            told.add(("filing", filing.pk))
            changes += _differences(filing, line.filing, FILING_COLUMNS)
        if scope is not None:
            changes += _differences(scope, line.scope, SCOPE_COLUMNS)
        site = line.site["name"]
        venue = standing.venues.get((body.pk, site)) if body and site else None
        place = (line.body["credit_code"], site)
        if site and venue is None and place not in told:
            changes.append({"column": "考点名称", "before": "", "after": site})
        elif venue is not None and place not in told:
            changes += _differences(venue, line.site, {"address": "考点地址"})
        told.add(place)
        status = NEW if scope is None else CHANGED if changes else UNCHANGED
        shown.append(
            {
                "row": line.row,
                "status": status,
                "name": line.body["name"],
                "number": line.filing["number"],
                "occupation": "·".join(filter(None, (line.scope["occupation_name"], line.scope["job"]))),
                "levels": line.scope["levels"],
                "new_body": body is None,
                "new_filing": filing is None,
                "changes": changes,
            }
        )
    return shown


def _scope(standing: _Standing, filing: Filing | None, line: Line) -> Scope | None:
    if filing is None:
        return None
    return standing.scopes.get((filing.pk, line.scope["occupation_code"], line.scope["job"]))


def _differences(row: Any, wanted: Any, columns: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"column": column, "before": _word(getattr(row, key)), "after": _word(wanted[key])}
        for key, column in columns.items()
        if getattr(row, key) != wanted[key]
    ]


def _word(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _digest(preview: Sequence[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(preview, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _counted(preview: Sequence[dict[str, Any]]) -> dict[str, int]:
    return {status: sum(each["status"] == status for each in preview) for status in (NEW, CHANGED, UNCHANGED)}


def _write(which: Annex, lines: Sequence[Line], by: Person, now: datetime) -> None:
    bodies: dict[str, Organisation] = {}
    filings: dict[tuple[int, str], Filing] = {}
    for line in lines:
        code = line.body["credit_code"]
        if code not in bodies:
            bodies[code] = _body(which, line, by, now)
        body, key = bodies[code], (bodies[code].pk, line.filing["number"])
        if key not in filings:
            own = [each for each in lines if (each.body["credit_code"], each.filing["number"]) == (code, key[1])]
            filings[key] = _filing(which, body, own, now)
        _site(body, line, by, now)


def _body(which: Annex, line: Line, by: Person, now: datetime) -> Organisation:
    body = Organisation.objects.filter(credit_code=line.body["credit_code"]).first()
    if body is None:
        return organisations.register(by=by, now=now, kind=which.kind, **line.body)
    return organisations.amend(by=by, now=now, organisation_id=body.pk, note=which.title, **line.body)


def _filing(which: Annex, body: Organisation, lines: Sequence[Line], now: datetime) -> Filing:
    """The filing with its rows as the workbook has them; rows it does not list stay as they are."""
    head = dict(lines[0].filing)
    filing = Filing.objects.filter(organisation=body, number=head["number"]).order_by("id").last()
    if filing is None:
        filing = Filing.objects.create(
            organisation=body,
            service_objects=which.service,
            state="submitted",
            drafted_by_centre=True,
            created_at=now,
            **head,
        )
        scopes = {(line.scope["occupation_code"], line.scope["job"]): line.scope for line in lines}
        Scope.objects.bulk_create(Scope(filing=filing, **scope) for scope in scopes.values())
        record(filing, after=facts(filing))
        return move(filing, "file", note=which.title)
    before = facts(filing)
    standing = {(row.occupation_code, row.job): row for row in filing.scopes.all()}
    for line in lines:
        row = standing.get((line.scope["occupation_code"], line.scope["job"]))
        if row is None:
            standing[line.scope["occupation_code"], line.scope["job"]] = Scope.objects.create(
                filing=filing, **line.scope
            )
        elif any(getattr(row, key) != value for key, value in line.scope.items()):
            Scope.objects.filter(pk=row.pk).update(**line.scope)
    if any(getattr(filing, key) != value for key, value in head.items()):
        Filing.objects.filter(pk=filing.pk).update(version=filing.version + 1, **head)
    filing.refresh_from_db()
    after = facts(filing)
    if after != before:
        record(filing, before=before, after=after)
    return filing


def _site(body: Organisation, line: Line, by: Person, now: datetime) -> None:
    name, address = line.site["name"], line.site["address"]
    if not name:
        return
    venue = Venue.objects.filter(organisation=body, name=name).first()
    if venue is None:
        premises.add_venue(by=by, now=now, organisation_id=body.pk, name=name, address=address)
    elif venue.address != address:
        premises.amend_venue(
            by=by,
            now=now,
            venue_id=venue.pk,
            name=name,
            address=address,
            district_code=venue.district_code,
            fixed=venue.fixed,
            tenure=venue.tenure,
            area_m2=venue.area_m2,
        )
