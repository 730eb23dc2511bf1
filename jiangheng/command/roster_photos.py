"""``jiangheng roster photos`` and ``roster template`` (三（二）4, 四（四）): what an archive of photos holds for a roster; the
empty workbook to fill in.

Exit status: 0 nothing at fault, 1 faults, 2 a file that cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.utils import timezone

from jiangheng.files import archives, content, limits, roster_photos, worksheets
from jiangheng.rules import roster
from jiangheng.rules.conditions.routes import route_set
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import id_reader
from jiangheng.rules.refusal import Refusal
from jiangheng.values import queries as values

DONE, FAULTS, UNUSABLE = 0, 1, 2


def photos(arguments: argparse.Namespace) -> int:
    """Match the photos of one archive with the people of one roster; writes nothing."""
    today = local_day(timezone.now())
    law = values.law_or_shipped(today)
    bounds = limits.of(law)
    try:
        data = _bytes(arguments.zip, bounds.archive_bytes)
        content.check(data, purpose=content.PHOTOS, limits=bounds)
        kept = content.check(_bytes(arguments.roster, bounds.workbook_bytes), purpose="roster", limits=bounds).data
        rows, sheet = worksheets.roster_sheet(kept, bounds, checked=True)
        context = roster.Context(frozenset(), None, route_set("R2023"), today, law)
        people = {
            number: (row.row, str(row.values.get("姓名") or ""))
            for row in roster.check_sheet(rows, context, sheet).rows
            if row.identity is not None
            for number in _forms(row.identity.number)
        }
        told = _told(data, bounds, people)
    except Refusal as refusal:
        return _unusable(refusal.code, f"{refusal.sentence()}{refusal.advice()}", as_json=arguments.json)
    except OSError as error:
        return _unusable("file.unreadable", f"文件不能读写：{error.strerror or error}。", as_json=arguments.json)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(told)
    return FAULTS if told["faults"] else DONE


def template(arguments: argparse.Namespace) -> int:
    """Write the empty workbook of one template."""
    from jiangheng.applications import return_copy

    found = next(each for each in roster.templates() if each.id == arguments.template)
    try:
        Path(arguments.out).write_bytes(return_copy.template_workbook(found))
    except OSError as error:
        return _unusable("file.unreadable", f"文件不能读写：{error.strerror or error}。", as_json=False)
    print(f"已写出 {arguments.out}（{found.name}，{len(found.columns)}列）。")
    return DONE


def _bytes(name: str, largest: int) -> bytes:
    path = Path(name)
    content.size_fits(path.stat().st_size, largest)
    return path.read_bytes()


def _forms(number: str) -> set[str]:
    return {number, id_reader.resident(number) or number}


def _told(data: bytes, bounds: limits.Limits, people: dict[str, tuple[int, str]]) -> dict[str, Any]:
    taken: dict[str, str] = {}
    matched: list[dict[str, Any]] = []
    passed = archives.left_by_programs(data)
    faults: list[dict[str, Any]] = []
    for part in archives.parts(data, bounds):
        photo = roster_photos.looked_at(part, bounds, taken)
        if photo is None:
            passed.append(part.name)
            continue
        row, name = people.get(photo.number, (0, ""))
        wrong = photo.wrong
        if wrong is None and not row:
            wrong = roster_photos.stranger() if photo.number else roster_photos.unnamed()
        if wrong is None:
            matched.append({"file": part.name, "row": row, "name": name})
        else:
            told = {"file": part.name, "row": row or None, "code": wrong.code}
            faults.append({**told, "message": f"{wrong.sentence()}{wrong.advice()}"})
    held = {each["row"] for each in (*matched, *faults)}
    without = sorted({(row, name) for row, name in people.values() if row not in held})
    return {
        "matched": matched,
        "passed_over": passed,
        "faults": faults,
        "without": [{"row": row, "name": name} for row, name in without],
    }


def _print(told: dict[str, Any]) -> None:
    for fault in told["faults"]:
        print(f"[错误] {fault['file']}：{fault['message']} [{fault['code']}]")
    for name in told["passed_over"]:
        print(f"[未读] {name}")
    for each in told["without"]:
        print(f"[没有照片] 第{each['row']}行 {each['name']}")
    print(f"{len(told['matched'])}张对应到考生，{len(told['faults'])}张不合格，{len(told['without'])}名考生没有照片。")


def _unusable(code: str, message: str, *, as_json: bool) -> int:
    if as_json:
        fault = {"file": "", "row": None, "code": code, "message": message}
        print(
            json.dumps(
                {"matched": [], "passed_over": [], "faults": [fault], "without": []}, ensure_ascii=False, indent=1
            )
        )
    else:
        print(message, file=sys.stderr)
    return UNUSABLE
