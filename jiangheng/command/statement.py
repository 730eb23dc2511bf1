"""``jiangheng fees statement``: what a bank's or provider's statement is read as, with every fault (三（七）); enters nothing.

Exit status: 0 without faults, 1 with faults, 2 a file that cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

DONE, FAULTS, UNUSABLE = 0, 1, 2


def add(commands: Any) -> None:
    """Declare the command."""
    fees = commands.add_parser("fees", help="对账单：导入前核对能否读取（三（七））")
    verbs = fees.add_subparsers(dest="verb", required=True, metavar="动作")
    statement = verbs.add_parser("statement", help="读取一份对账单 (read one statement)")
    statement.add_argument("file", help="对账单：xlsx、xls 或 csv (the statement)")
    statement.add_argument("--json", action="store_true", help="以 JSON 输出 (as JSON)")
    statement.add_argument("--language", choices=("zh-hans", "en"), default="zh-hans", help="说明文字的语言 (language)")
    statement.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read one statement as the upload page does."""
    from jiangheng.fees import statements
    from jiangheng.files import content, limits, worksheets
    from jiangheng.rules.days.local_time import local_day
    from jiangheng.rules.refusal import Refusal
    from jiangheng.values import queries as values

    today = local_day(timezone.now())
    bounds = limits.of(values.law_or_shipped(today))
    with translation.override(arguments.language):
        try:
            path = Path(arguments.file)
            content.size_fits(path.stat().st_size, bounds.workbook_bytes)
            found = statements.read(worksheets.as_written(path.read_bytes(), bounds), today)
        except Refusal as refusal:
            return _unusable(refusal.code, f"{refusal.sentence(_)}{refusal.advice(_)}", as_json=arguments.json)
        except OSError as error:
            message = _("文件不能读写：%(reason)s。") % {"reason": error.strerror or error}
            return _unusable("file.unreadable", message, as_json=arguments.json)
        lines = [
            {
                "row": each.row,
                "reference": each.reference,
                "day": each.day.isoformat(),
                "amount_fen": each.amount_fen,
                "payer": each.payer,
                "note": each.note,
            }
            for each in found.rows
        ]
        faults = [{"row": each.row, "column": each.column, "message": each.sentence(_)} for each in found.faults]
    if arguments.json:
        told = {"lines": lines, "faults": faults, "passed_over": found.passed_over}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for fault in faults:
            print(f"第{fault['row']}行 {fault['column']}：{fault['message']}")
        total = sum(each.amount_fen for each in found.rows)
        print(
            f"共{len(lines)}笔，{total / 100:.2f}元；{len(faults)}处错误；{len(found.passed_over)}行不是入账，没有读取。"
        )
    return FAULTS if faults else DONE


def _unusable(code: str, message: str, *, as_json: bool) -> int:
    if as_json:
        fault = {"row": 0, "column": "", "code": code, "message": message}
        print(json.dumps({"lines": [], "faults": [fault], "passed_over": []}, ensure_ascii=False, indent=1))
    else:
        print(message, file=sys.stderr)
    return UNUSABLE
