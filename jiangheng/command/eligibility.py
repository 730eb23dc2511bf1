"""``jiangheng eligibility check``: cases from a file, answers as JSON or as a table (三（一）).

Exit status 0 whatever the answers are, for "not eligible" is an answer; 2 where the file or a case cannot be used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from jiangheng.rules.conditions import eligibility_cases
from jiangheng.rules.conditions.eligibility import MET, NOT_MET, Judgement
from jiangheng.rules.conditions.eligibility_words import LEVELS

ANSWERED, UNUSABLE = 0, 2
LARGEST_FILE = 200 * 1024 * 1024


def run(source: str, *, as_json: bool, language: str) -> int:
    """Read, judge and print the cases of ``source`` (``-`` is standard input); return the exit status."""
    with translation.override(language):
        try:
            given = json.loads(_text(source))
        except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
            return _unusable([_("案例文件无法读取：%(why)s") % {"why": error}], as_json)
        cases, faults = eligibility_cases.read(given)
        if faults:
            return _unusable([fault.sentence(_) for fault in faults], as_json, faults)
        answers = [eligibility_cases.answer(case, _) for case in cases]
        if as_json:
            print(json.dumps([row for _found, row in answers], ensure_ascii=False, indent=1))
        else:
            for case, (found, row) in zip(cases, answers, strict=True):
                _show(case, found, row)
        return ANSWERED


def _text(source: str) -> str:
    if source == "-":
        return sys.stdin.buffer.read(LARGEST_FILE).decode("utf-8-sig")
    path = Path(source)
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(_("文件超过 200 MB"))
    return path.read_text(encoding="utf-8-sig")


def _unusable(sentences: Sequence[str], as_json: bool, faults: Sequence[eligibility_cases.Fault] = ()) -> int:
    if as_json:
        rows: list[dict[str, Any]] = [
            {"case": fault.case, "field": fault.field, "message": said}
            for fault, said in zip(faults, sentences, strict=False)
        ] or [{"case": None, "field": None, "message": sentences[0]}]
        print(json.dumps({"code": "cases.unusable", "faults": rows}, ensure_ascii=False, indent=1))
    for said in sentences:
        print(said, file=sys.stderr)
    print(_("没有作出任何判断；请改正后重试，格式见 docs/formats.md。"), file=sys.stderr)
    return UNUSABLE


def _show(case: eligibility_cases.Case, found: Judgement, row: dict[str, Any]) -> None:
    verdicts = {MET: _("符合申报条件"), NOT_MET: _("不符合申报条件")}
    words = [
        str(case.id),
        _(LEVELS[case.level]),
        case.as_of.isoformat(),
        verdicts.get(found.verdict, _("待核实材料")),
        row["route"] or "",
    ]
    print("  ".join(word for word in words if word))
    if found.nearest is None:
        return
    print("  " + _("最接近的申报条件：") + found.nearest.route)
    for missing in row["nearest"]["missing"]:
        helps = _("（可提供：%(evidence)s）") % {"evidence": missing["evidence"]} if missing["evidence"] else ""
        print(f"    - {missing['detail']}{helps}")
    if found.earliest:
        print("  " + _("最早可报名的日期：") + found.earliest.isoformat())
