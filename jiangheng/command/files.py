"""``jiangheng files check``: what would become of one upload, and why not (三（二）); writes nothing but --out.

Exit status: 0 taken, 1 refused with the reason, 2 wrong usage or a file that cannot be opened.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

TAKEN, REFUSED, UNREADABLE = 0, 1, 2


def add(commands: Any) -> None:
    """Declare the command."""
    files = commands.add_parser("files", help="上传的文件能否接收，不能时说明原因（格式见 docs/formats.md）")
    verbs = files.add_subparsers(dest="verb", required=True, metavar="动作")
    check = verbs.add_parser("check", help="检查一份证明材料或照片 (check one proof or photo)")
    check.add_argument("file", help="要检查的文件 (the file)")
    check.add_argument(
        "--purpose", choices=("proof", "photo"), default="proof", help="用途：proof 证明材料，photo 证件照"
    )
    check.add_argument("--out", default=None, help="写出将要保存的内容 (writes what would be kept)")
    check.add_argument("--json", action="store_true", help="以 JSON 输出 (as JSON)")
    check.add_argument("--language", choices=("zh-hans", "en"), default="zh-hans", help="说明文字的语言 (language)")
    check.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge one file as the upload page does, by today's limits."""
    from jiangheng.files import content, limits
    from jiangheng.rules.days.local_time import local_day
    from jiangheng.rules.refusal import Refusal
    from jiangheng.values import queries as values

    status, told = TAKEN, {"taken": True, "kind": "", "code": "", "message": ""}
    with translation.override(arguments.language):
        try:
            bounds = limits.of(values.law_or_shipped(local_day(timezone.now())))
            path = Path(arguments.file)
            content.size_fits(path.stat().st_size, content.largest(arguments.purpose, bounds))
            kept = content.check(path.read_bytes(), purpose=arguments.purpose, limits=bounds)
            told["kind"] = kept.content_type
            if arguments.out:
                Path(arguments.out).write_bytes(kept.data)
        except Refusal as refusal:
            status = REFUSED
            told |= {
                "taken": False,
                "code": refusal.code,
                "message": f"{refusal.sentence(_)}{refusal.advice(_)}",
            }
        except OSError as error:
            status = UNREADABLE
            told |= {
                "taken": False,
                "code": "file.unreadable",
                "message": _("文件不能读写：%(reason)s。") % {"reason": error.strerror or error},
            }
        if arguments.json:
            print(json.dumps(told, ensure_ascii=False))
        elif status == TAKEN:
            print(_("可以接收，保存为 %(kind)s。") % {"kind": told["kind"]})
        else:
            print(f"{told['message']} [{told['code']}]", file=sys.stderr)
    return status
