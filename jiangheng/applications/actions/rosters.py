"""A roster handed in (四（四））: every row checked, every fault told at once, taken in whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from jiangheng.applications import fields, queries
from jiangheng.applications.actions.candidates import duplicate, numbered_by, open_request, taking_names
from jiangheng.applications.actions.flags import look
from jiangheng.applications.actions.judging import COLUMNS, Bench
from jiangheng.applications.models import Application, Roster
from jiangheng.applications.queries import Line
from jiangheng.bodies.models import Organisation
from jiangheng.catalog import queries as catalog
from jiangheng.files import actions as files
from jiangheng.files import limits, worksheets
from jiangheng.files import queries as stored
from jiangheng.journal.actions import action, move, move_many, record
from jiangheng.journal.actions.numbering import take_many
from jiangheng.people import actions as people
from jiangheng.people import queries as people_queries
from jiangheng.people.actions import Claim
from jiangheng.people.models import Identity
from jiangheng.plans import checks
from jiangheng.plans.models import Plan, Request
from jiangheng.rules import codes, flows
from jiangheng.rules import roster as rules
from jiangheng.rules.bodies import clientele
from jiangheng.rules.conditions.routes import RouteSet
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

MODES = ("add", "cover", "skip")
CHUNK = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a roster is for: whose, the lines applied for, the day they are judged on and the routes of that day."""

    organisation: Organisation
    request: Request | None
    plan: Plan | None
    lines: Sequence[Line]
    on: date
    routes: RouteSet

    @property
    def exam_on(self) -> date:
        """The first day of the examination."""
        named = self.plan or self.request
        assert named is not None, "a roster is for a plan or a request"
        return named.exam_on

    def line(self, values: dict[str, Any]) -> Line | None:
        """The line a row applies for, by occupation or job and level; the only one where the row names none."""
        if len(self.lines) == 1:
            return self.lines[0]
        name, level = values.get("职业工种名称"), str(values.get("认定等级") or "")
        return next((line for line in self.lines if name in line.words and str(line.level) == level), None)


@dataclass(frozen=True, slots=True)
class Found:
    """A workbook read and checked row by row, before anybody is looked up; ``pictured`` is the place of a sheet with pictures."""

    template: str
    rows: Sequence[rules.CheckedRow]
    faults: list[rules.RowFault]
    pictured: int | None = None


class Faulty(Exception):
    """Faults found only once the people were known; takes back what was entered."""

    def __init__(self, faults: list[rules.RowFault]) -> None:
        self.faults = faults
        super().__init__(len(faults))


class Previewed(Exception):
    """What entering would do; takes back the people recorded to find that out."""

    def __init__(self, summary: dict[str, int], faults: list[rules.RowFault]) -> None:
        self.summary, self.faults = summary, faults
        super().__init__(len(faults))


def begin(*, by: Person, now: datetime, batch: Batch, upload: Any, mode: str) -> Roster:
    """Keep the workbook and open its record; refusals are those of ``files.actions.store`` and ``roster.mode``."""
    if mode not in MODES:
        raise refuse("roster.mode", N_("没有这种导入方式。"), N_("请选择新增或覆盖。"), clause="四（四）", status=422)
    return Roster.objects.create(
        organisation=batch.organisation,
        request=batch.request,
        plan=batch.plan,
        file=files.store(by=by, now=now, upload=upload, purpose="roster", organisation_id=batch.organisation.pk),
        mode=mode,
        asked_by_id=by.account_id,
        asked_role=by.role.value,
        created_at=now,
    )


def read(roster: Roster, batch: Batch, now: datetime, progress: Progress | None = None) -> Found:
    """Read and check the kept workbook; ``progress`` is told the rows done and the rows there are, now and then."""
    rows, sheet = worksheets.roster_sheet(stored.content(roster.file), limits.at(now), checked=True)
    if progress is None:
        return _checked(rows, sheet, batch, now, None)
    progress(0, len(rows))
    return _checked(rows, sheet, batch, now, lambda done: progress(done, len(rows)))


@action("roster.take")
def finish(*, by: Person, now: datetime, roster: Roster, found: Found, batch: Batch) -> Roster:
    """Enter everybody of a checked roster, or nobody: with any error the roster ends as faulty."""
    faults, summary = list(found.faults), dict[str, int]()
    if not errors_of(faults):
        try:
            summary, more = enter_roster(by=by, now=now, roster=roster, batch=batch, rows=found.rows, mode=roster.mode)
            faults += more
        except Faulty as late:
            faults += late.faults
    kept = told(found, faults, now)
    settled = {**kept, "summary": summary, "imported": sum(summary.values()), "template": found.template}
    move(roster, "fail" if errors_of(faults) else "take")
    Roster.objects.filter(pk=roster.pk).update(**settled)
    record(
        roster,
        after={
            "rows": kept["rows"],
            "imported": settled["imported"],
            "errors": kept["counts"]["errors"],
            "mode": roster.mode,
            "sha256": roster.file.sha256,
            **summary,
        },
    )
    roster.refresh_from_db()
    return roster


def told(found: Found, faults: Sequence[rules.RowFault], now: datetime) -> dict[str, Any]:
    """What is kept of a check: rows, counts and the faults, errors before warnings where there are too many."""
    wrong = errors_of(faults)
    most = int(values.law(local_day(now)).value("roster_faults_kept"))
    kept = sorted(faults, key=lambda fault: fault.severity != rules.ERROR)[:most]
    return {
        "rows": len(found.rows),
        "counts": {
            "errors": len(wrong),
            "warnings": len(faults) - len(wrong),
            "bad_rows": len({fault.row for fault in wrong}),
        },
        "faults": [asdict(fault) for fault in sorted(kept, key=lambda fault: (fault.row, fault.severity))],
    }


def errors_of(faults: Sequence[rules.RowFault]) -> list[rules.RowFault]:
    """The faults that stop an import."""
    return [fault for fault in faults if fault.severity == rules.ERROR]


def batch_of(by: Person, now: datetime, request_id: int | None, plan_id: int | None) -> Batch:
    """What a roster may be handed in for now; refusals are those of ``import_roster`` about the request or plan."""
    if by.role is Role.BODY:
        plan = queries.own_plan(by, plan_id or 0)
        taking_names(plan, now)
        checks.require_filed(plan, now)
        lines, on = queries.lines_of_plan(plan), local_day(plan.registration_ends_at)
        return Batch(plan.body, None, plan, lines, on, _routes(lines, on, plan.body_id))
    request = queries.own_request(by, request_id or 0)
    open_request(request)
    made = queries.plan_of(request)
    if made is not None:
        taking_names(made, now)
        checks.require_filed(made, now)
        on = local_day(made.registration_ends_at)
    else:
        checks.require_request_filed(request, now)
        on = queries.day_of_request(request, now)
    lines = [queries.line_of_request(request, on)]
    return Batch(request.organisation, request, made, lines, on, _routes(lines, on))


def _routes(lines: Sequence[Line], on: date, body_id: int | None = None) -> RouteSet:
    first = lines[0] if lines else None
    return catalog.routes_of(
        catalog.standard_or_refuse(first.occupation_code if first else "", on, body_id, first.level if first else None)
    )


def _checked(
    cells: Sequence[Sequence[Any]],
    sheet: rules.Sheet,
    batch: Batch,
    now: datetime,
    progress: Callable[[int], None] | None,
) -> Found:
    if not cells:
        raise rules.nobody()
    law = values.law(batch.on)
    most = int(law.value("workbook_max_rows"))
    rules.require_rows(len(cells) - 1, most)
    levels = {line.level for line in batch.lines}
    context = rules.Context(
        scope=frozenset(word for line in batch.lines for word in line.words),
        level=levels.pop() if len(levels) == 1 else None,
        routes=batch.routes,
        today=local_day(now),
        law=law,
        sender=batch.organisation.name,
        judged_on=batch.on,
    )
    found = rules.check_sheet(cells, context, sheet, progress=progress)
    if not found.rows and not errors_of(found.faults):
        raise rules.nobody()
    faults = list(found.faults)
    places = {text: rules.letter(found.layout.places[name]) for name, text in found.layout.written.items()}
    kept = people_queries.keeps_membership_list(batch.organisation.pk)
    belongings = people_queries.belongings(
        batch.organisation.pk, [(row.identity.kind, row.identity.number) for row in found.rows if row.identity]
    )
    for row in found.rows:
        placed = _placed(row, batch, belongings, kept=kept, law=law)
        faults += [replace(each, letter=places.get(each.column, "")) for each in placed]
    return Found(found.layout.template.id, found.rows, faults, sheet.place if sheet.readable else None)


def _placed(
    row: rules.CheckedRow,
    batch: Batch,
    belongings: Mapping[tuple[str, str], clientele.Belonging],
    *,
    kept: bool,
    law: Law,
) -> list[rules.RowFault]:
    """The row against its batch: a line it can belong to, and a person this organisation may send (二)."""
    faults = []
    if row.values.get("职业工种名称") and row.values.get("认定等级") and batch.line(row.values) is None:
        faults.append(rules.fault(row.row, "认定等级", "line.none"))
    document = (row.identity.kind, row.identity.number) if row.identity else ("", "")
    outside = clientele.refusal(
        batch.organisation.kind,
        batch.organisation.name,
        row.values,
        day=batch.exam_on,
        law=law,
        kept=kept,
        belonging=belongings.get(document),
    )
    if outside is not None:
        faults.append(
            rules.RowFault(row.row, "所在单位", rules.ERROR, outside.code, outside.message, dict(outside.params))
        )
    return faults


@action("roster.enter")
def enter_roster(
    *,
    by: Person,
    now: datetime,
    roster: Roster,
    batch: Batch,
    rows: Sequence[rules.CheckedRow],
    mode: str,
    dry: bool = False,
) -> tuple[dict[str, int], list[rules.RowFault]]:
    """Enter checked rows as handed-in applications (四（四））; returns how many were new, covered, the
    same or passed over, with warnings. Raises what takes everything back when a fault appears only now, and
    ``Previewed`` where the run is ``dry``.
    """
    identities, faults = _identities(by, now, rows)
    known = queries.live_by_identity(
        [each.pk for each in identities.values()],
        plan_id=batch.plan.pk if batch.plan else None,
        request_id=batch.request.pk if batch.request else None,
    )
    fresh: list[Application] = []
    fresh_rows: dict[int, int] = {}
    covered: list[tuple[Application, dict[str, Any]]] = []
    summary = {"new": 0, "covered": 0, "same": 0, "skipped": 0}
    for row in rows:
        identity = identities.get(row.row)
        line = batch.line(row.values)
        if identity is None or line is None:
            continue
        wanted = _columns(row.values, identity, line, batch)
        existing = known.get((identity.pk, line.occupation_code, line.level))
        if existing is None:
            fresh.append(
                Application(
                    source="roster",
                    roster=roster,
                    state="draft",
                    created_at=now,
                    committed_at=now,
                    submitted_at=now,
                    number="",
                    **wanted,
                )
            )
            known[identity.pk, line.occupation_code, line.level] = fresh[-1]
            fresh_rows[id(fresh[-1])] = row.row
        elif existing.pk is None:
            faults.append(rules.fault(row.row, "证件号码", "identity.duplicate", other=fresh_rows[id(existing)]))
        elif mode == "skip":
            summary["skipped"] += 1
        elif _same(existing, wanted):
            summary["same"] += 1
        elif mode == "add":
            faults.append(rules.fault(row.row, "证件号码", "application.differs"))
        elif existing.state == "accepted":
            faults.append(rules.fault(row.row, "证件号码", "application.accepted"))
        else:
            covered.append((existing, wanted))
    if errors_of(faults):
        raise Faulty(faults)
    faults += _elsewhere(rows, identities, fresh, batch)
    summary["new"], summary["covered"] = len(fresh), len(covered)
    if dry:
        raise Previewed(summary, faults)
    bench = Bench(now)
    _create(fresh, bench, now)
    _cover(covered, bench, now)
    look(by=by, now=now, ids=[each.pk for each in (*fresh, *(existing for existing, _wanted in covered))])
    return summary, faults


def _identities(
    by: Person, now: datetime, rows: Sequence[rules.CheckedRow]
) -> tuple[dict[int, Identity], list[rules.RowFault]]:
    good = [(row, row.identity) for row in rows if row.identity is not None]
    wanted = [
        Claim(
            identity.kind,
            identity.number,
            row.values.get("姓名", ""),
            row.values.get("性别") or None,
            _day(row.values.get("出生日期")),
        )
        for row, identity in good
    ]
    found: dict[int, Identity] = {}
    faults: list[rules.RowFault] = []
    for (row, _identity), answer in zip(good, people.identities_for(by=by, now=now, rows=wanted), strict=True):
        if isinstance(answer, Refusal):
            column = "姓名" if answer.code.startswith(("name", "identity.name")) else "证件号码"
            params = {name: value for name, value in answer.params.items() if isinstance(value, str | int)}
            faults.append(rules.RowFault(row.row, column, rules.ERROR, answer.code, answer.message, params))
        else:
            found[row.row] = answer
    return found, faults


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _columns(values: dict[str, Any], identity: Identity, line: Line, batch: Batch) -> dict[str, Any]:
    exam = codes.find("exam_type", str(values.get("考试类型") or ""))
    body_id = batch.plan.body_id if batch.plan else batch.request.body_id if batch.request else None
    return {
        "identity_id": identity.pk,
        "plan": batch.plan,
        "request": batch.request,
        "body_id": body_id,
        "sponsor_id": batch.organisation.pk,
        "name": identity.name,
        "phone": str(values.get("手机号码") or "")[:20],
        "occupation_code": line.occupation_code,
        "occupation_name": line.occupation_name,
        "job": line.job,
        "level": line.level,
        "subjects": list(line.subjects),
        "route": str(values.get("申报条件") or "")[:20],
        "exam_type": exam.code if exam else "new",
        "form": {column: text for column, text in values.items() if column not in fields.NOT_KEPT},
    }


def _same(existing: Application, wanted: dict[str, Any]) -> bool:
    return bool(existing.form == wanted["form"] and existing.route == wanted["route"])


def _elsewhere(
    rows: Sequence[rules.CheckedRow], identities: dict[int, Identity], fresh: Sequence[Application], batch: Batch
) -> list[rules.RowFault]:
    """Warn of people also in another batch for the same occupation and level, and mark them for a look by hand."""
    faults = []
    by_identity = {application.identity_id: application for application in fresh}
    for line in batch.lines:
        those = [
            each.identity_id
            for each in fresh
            if (each.occupation_code, each.level) == (line.occupation_code, line.level)
        ]
        found = queries.elsewhere(
            those,
            occupation_code=line.occupation_code,
            level=line.level,
            plan_id=batch.plan.pk if batch.plan else None,
            request_id=batch.request.pk if batch.request else None,
        )
        for identity_id, plan_number in found.items():
            by_identity[identity_id].review = f"elsewhere:{plan_number}"
    row_of = {identity.pk: row for row in rows if (identity := identities.get(row.row)) is not None}
    for identity_id, application in by_identity.items():
        if not application.review:
            continue
        number = application.review.partition(":")[2]
        message = (
            N_("此人在另一批次（计划 %(plan)s）有同职业同等级的申请，请与本人核实。")
            if number
            else N_("此人在另一批次有同职业同等级的申请，请与本人核实。")
        )
        params: dict[str, str | int] = {"plan": number} if number else {}
        faults.append(
            rules.RowFault(row_of[identity_id].row, "证件号码", rules.WARNING, "application.elsewhere", message, params)
        )
    return faults


def _create(fresh: Sequence[Application], bench: Bench, now: datetime) -> None:
    if not fresh:
        return
    body = numbered_by(fresh[0].plan, fresh[0].request)
    for application, number in zip(fresh, take_many("application", now, len(fresh), body=body), strict=True):
        application.number = number
        bench.judge(application)
    try:
        with transaction.atomic():
            Application.objects.bulk_create(fresh, batch_size=CHUNK)
    except IntegrityError:
        raise duplicate() from None
    for application in fresh:
        record(
            application,
            after={
                "number": application.number,
                "occupation": application.occupation_name,
                "level": application.level,
                "source": "roster",
                "verdict": application.verdict,
                "law_version": application.law_version,
            },
        )
    move_many(fresh, "submit")


def _cover(covered: Sequence[tuple[Application, dict[str, Any]]], bench: Bench, now: datetime) -> None:
    again = []
    for application, wanted in covered:
        before = {column: text for column, text in application.form.items() if wanted["form"].get(column) != text}
        after = {column: text for column, text in wanted["form"].items() if application.form.get(column) != text}
        kept = {name: wanted[name] for name in ("phone", "route", "exam_type", "form")}
        for name, value in kept.items():
            setattr(application, name, value)
        application.committed_at = now
        bench.judge(application)
        changed = Application.objects.filter(
            pk=application.pk, version=application.version, state=application.state
        ).update(
            version=F("version") + 1,
            committed_at=now,
            **kept,
            **{name: getattr(application, name) for name in COLUMNS},
        )
        if changed == 0:
            raise duplicate()
        application.version += 1
        record(application, before=before, after=after)
        if application.state in flows.states("application", "editable"):
            again.append(application)
    move_many(again, "submit")
