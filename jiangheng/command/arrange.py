"""``jiangheng arrange solve`` and ``jiangheng arrange check`` (四（六）（七）): instances in, arrangements or faults out.

Exit status: 0 arranged, or nothing broken; 1 the rules collide, the time ran out, or rules are broken; 2 a file that
cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from jiangheng.rules.arrangement.instance import Instance
    from jiangheng.rules.law import Law

DONE, REFUSED, UNUSABLE = 0, 1, 2
LARGEST_FILE = 50 * 1024 * 1024


def add(commands: Any) -> None:
    """Declare the command and its two verbs."""
    arrange = commands.add_parser("arrange", help="编排考场、座位与考务人员（格式见 docs/formats.md）")
    verbs = arrange.add_subparsers(dest="verb", required=True, metavar="动作")
    solve = verbs.add_parser("solve", help="编排一份实例")
    solve.add_argument("instance", help="实例文件（JSON）；- 为从标准输入读取")
    solve.add_argument("--seed", default=None, help="抽签种子，代替实例中的 seed")
    solve.add_argument("--seconds", type=_seconds, default=60.0, help="时间上限，秒（默认 60）")
    solve.add_argument("--out", default=None, help="把方案写入文件")
    check = verbs.add_parser("check", help="对照实例检查一份方案")
    check.add_argument("instance", help="实例文件（JSON）")
    check.add_argument("solution", help="方案文件（JSON）；- 为从标准输入读取")
    for verb, run in ((solve, _solve), (check, _check)):
        verb.add_argument("--json", action="store_true", help="以 JSON 输出")
        verb.add_argument("--language", choices=("zh-hans", "en"), default="zh-hans", help="说明文字的语言")
        verb.set_defaults(run=lambda arguments, run=run: _run(run, arguments))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError("时间上限应为 1 至 86400 秒")
    return seconds


def _run(run: Any, arguments: argparse.Namespace) -> int:
    from jiangheng.rules.refusal import Refusal

    with translation.override(arguments.language):
        try:
            status: int = run(arguments)
            return status
        except Refusal as refusal:
            answer = {
                "code": refusal.code,
                "path": refusal.params.get("place"),
                "message": refusal.sentence(_),
                "remedy": refusal.advice(_),
            }
        except (OSError, ValueError, RecursionError) as error:
            answer = {
                "code": "arrangement.unreadable",
                "path": None,
                "message": _("文件无法读取：%(why)s") % {"why": error},
                "remedy": "",
            }
        if arguments.json:
            print(json.dumps(answer, ensure_ascii=False, indent=1))
        print(f"{answer['message']}{answer['remedy']}", file=sys.stderr)
        return UNUSABLE


def _solve(arguments: argparse.Namespace) -> int:
    from jiangheng.rules.arrangement import collisions, explaining, reading, solving

    instance = reading.read(_json(arguments.instance))
    if arguments.seed is not None:
        instance = replace(instance, seed=arguments.seed)
    law = _law(instance)
    solution = solving.solve(instance, law, seconds=arguments.seconds)
    collided = None
    if solution.status == solving.INFEASIBLE:
        collided = collisions.collisions(instance, law, seconds=arguments.seconds)
    document = explaining.document(instance, solution, law, _, collided)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    if arguments.out:
        Path(arguments.out).write_text(text + "\n", encoding="utf-8")
    if arguments.json:
        print(text)
    else:
        _tell(instance, document)
    return DONE if solution.status == solving.ARRANGED else REFUSED


def _check(arguments: argparse.Namespace) -> int:
    from jiangheng.rules.arrangement import checking, reading
    from jiangheng.rules.arrangement.instance import PARAMETERS

    data, solution = _json(arguments.instance), _json(arguments.solution)
    law = _law(reading.read(data))
    found = checking.violations(data, solution, {key: law.value(key) for key in PARAMETERS})
    rows: list[dict[str, Any]] = [
        {"rule": each.rule, "where": dict(each.where), "message": _(each.message) % dict(each.params)} for each in found
    ]
    if arguments.json:
        print(json.dumps({"valid": not rows, "violations": rows}, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            where = "，".join(str(value) for value in row["where"].values())
            print(f"[{row['rule']}] {where}：{row['message']}" if where else f"[{row['rule']}] {row['message']}")
        print(_("共违反%(count)s处。") % {"count": len(rows)} if rows else _("没有违反任何规定。"))
    return REFUSED if rows else DONE


def _json(source: str) -> Any:
    if source == "-":
        text = sys.stdin.buffer.read(LARGEST_FILE).decode("utf-8-sig")
    else:
        if Path(source).stat().st_size > LARGEST_FILE:
            raise ValueError(_("文件超过 50 MB"))
        text = Path(source).read_text(encoding="utf-8-sig")
    return json.loads(text)


def _law(instance: Instance) -> Law:
    """The law of the instance's day: the centre's own, or the shipped one where no database is."""
    from jiangheng.values import queries as values

    return values.law_or_shipped(instance.on)


def _tell(instance: Instance, document: dict[str, Any]) -> None:
    if document["status"] == "infeasible":
        print(document["collisions"]["words"])
        if document["collisions"]["sittings"]:
            print(_("涉及场次：%(names)s") % {"names": "、".join(document["collisions"]["sittings"])})
        return
    if document["status"] == "undecided":
        print(_("在给定时间内没有排成，也没有证明排不成；请放宽时间后重试。"))
        return
    for name, sitting in instance.sittings.items():
        seats = [row for row in document["seats"] if row["sitting"] == name]
        staff = [row for row in document["staff"] if row["sitting"] == name]
        if seats or staff:
            names = "、".join(instance.people[row["person"]].name for row in staff)
            print(
                _("%(sitting)s（%(room)s）：考生%(heads)s人；%(names)s")
                % {"sitting": name, "room": sitting.room, "heads": len(seats), "names": names}
            )
    changes = document["changes"]
    if changes:
        print(
            _("与现行安排相比：撤下%(removed)s人次，新派%(added)s人次，%(moved)s名考生换座位。")
            % {
                "removed": len(changes["removed"]),
                "added": len(changes["added"]),
                "moved": len(changes["moved"]),
            }
        )
