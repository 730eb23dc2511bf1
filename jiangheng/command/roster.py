"""``jiangheng roster check``: a workbook of candidates checked before it is handed in (四（四）); writes nothing but --out.

Exit status: 0 without errors (warnings allowed), 1 with errors, 2 for wrong usage or what cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from jiangheng.catalog import queries as catalog
from jiangheng.files import content, limits, worksheets
from jiangheng.rules import roster
from jiangheng.rules.conditions import occupations, standards
from jiangheng.rules.conditions.routes import RouteSet, route_set
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

UNREADABLE = 2


def check(arguments: argparse.Namespace) -> int:
    """Check one file and print its faults, all of them, in the order of the rows."""
    try:
        data = _bytes(arguments.file)
        in_force, routes, scope = _measure(arguments.occupation, arguments.level, arguments.on)
        bounds = limits.of(in_force)
        data = content.check(data, purpose="roster", limits=bounds).data
        rows, sheet = worksheets.roster_sheet(data, bounds, checked=True)
        _not_too_many(len(rows), in_force)
        context = roster.Context(scope, arguments.level, routes, arguments.on, in_force, judged_on=arguments.on)
        found = roster.check_sheet(rows, context, sheet)
        if not found.rows and not found.faults:
            raise roster.nobody()
        if arguments.out:
            from jiangheng.applications import return_copy

            kept = return_copy.returned(
                data, rows, [_stored(fault) for fault in found.faults], lambda fault: fault["message"], sheet
            )
            Path(arguments.out).write_bytes(kept)
    except Refusal as refusal:
        return _unreadable(refusal.code, f"{refusal.sentence()}{refusal.advice()}", as_json=arguments.json)
    except OSError as error:
        return _unreadable("file.unreadable", f"文件不能读写：{error.strerror or error}。", as_json=arguments.json)
    _tell(found, as_json=arguments.json)
    return 1 if any(fault.severity == roster.ERROR for fault in found.faults) else 0


def _bytes(name: str) -> bytes:
    path = Path(name)
    largest = limits.of(values.law_or_shipped(date.today())).workbook_bytes  # noqa: DTZ011 - the size limit, by today's law
    if path.is_file() and path.stat().st_size > largest:
        content.size_fits(path.stat().st_size, largest)
    return path.read_bytes()


def _measure(occupation: str, level: int, on: date) -> tuple[Law, RouteSet, frozenset[str]]:
    """The law, routes and names of an occupation: the centre's own, or those shipped where no database is."""
    shipped = next((each for each in occupations.catalogue(on) if occupation in (each.code, each.name)), None)
    code = shipped.code if shipped else occupation
    names = {code, *((shipped.name, *shipped.jobs) if shipped else ())}
    in_force = values.law_or_shipped(on)
    try:
        found = catalog.standard_on(code, on)
    except DatabaseError:
        found = None
    if found is not None:
        return in_force, catalog.routes_of(found), frozenset({*names, found.occupation.name, *found.occupation.jobs})
    version = next(
        (
            each
            for each in standards.versions(code)
            if each.valid_from <= on and (each.valid_to is None or on <= each.valid_to)
        ),
        None,
    )
    if shipped is None or version is None:
        raise refuse(
            "roster.occupation",
            N_("职业目录里没有“%(occupation)s”在%(on)s的现行标准。"),
            N_("请核对 --occupation（职业编码，如 6-31-01-03）和 --on。"),
            occupation=occupation[:20],
            on=on.isoformat(),
        )
    if str(level) not in shipped.levels:
        raise refuse(
            "roster.level", N_("“%(occupation)s”没有这个等级。"), N_("请核对 --level。"), occupation=shipped.name
        )
    return in_force, route_set(version.ruleset), frozenset(names)


def _not_too_many(rows: int, in_force: Law) -> None:
    most = int(in_force.value("workbook_max_rows"))
    roster.require_rows(rows - 1, most)


def _stored(fault: roster.RowFault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "column": fault.column,
        "letter": fault.letter,
        "severity": fault.severity,
        "code": fault.code,
        "message": fault.sentence(),
    }


def _message(fault: roster.RowFault) -> str:
    place = (
        f"{fault.letter}{fault.row}" if fault.letter and fault.row else f"第{fault.row}行" if fault.row else "整份文件"
    )
    return f"{place}：{fault.sentence()}"


def _tell(found: roster.Checked, *, as_json: bool) -> None:
    if as_json:
        told = [
            {
                "row": each.row,
                "column": each.column,
                "severity": each.severity,
                "code": each.code,
                "message": _message(each),
            }
            for each in found.faults
        ]
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    words = {roster.ERROR: "错误", roster.WARNING: "提醒"}
    for fault in found.faults:
        heading = f"（{fault.column}）" if fault.column else ""
        print(f"[{words[fault.severity]}] {heading}{_message(fault)} [{fault.code}]")
    errors = sum(fault.severity == roster.ERROR for fault in found.faults)
    print(f"共{len(found.rows)}名考生，{errors}处错误，{len(found.faults) - errors}处提醒。")


def _unreadable(code: str, message: str, *, as_json: bool) -> int:
    if as_json:
        told = [{"row": roster.WHOLE, "column": "", "severity": roster.ERROR, "code": code, "message": message}]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print(message, file=sys.stderr)
    return UNREADABLE
