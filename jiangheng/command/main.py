"""``jiangheng …``: the program's own commands, each thin over an action or a rule.

Exit status: 0 done; 1 refused or invalid, with the reason printed; 2 wrong usage; 141 nobody read on (``| head``).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

SERVING = ("demo", "serve", "worker")
OF_PAGES = (*SERVING, "step", "steps")
"""Commands that want the rooms' pages and operations, whose library costs a fifth of a start."""
UNREAD = 141
"""As a shell tells of a program ended by SIGPIPE."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = _parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangheng.site.settings")
    if arguments.command == "demo":
        os.environ["JIANGHENG_DEMONSTRATION"] = "1"
    if arguments.command not in OF_PAGES:
        os.environ["JIANGHENG_PAGES"] = "0"
    from jiangheng.site import keys

    root = Path(__file__).resolve().parent.parent.parent
    keys.ensure(Path(os.environ.get("JIANGHENG_VAR", root / "var")))

    import django

    django.setup()
    from jiangheng.rules.refusal import Refusal

    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        status = run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered goes nowhere, so that the interpreter does not stumble over it on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except Refusal as refusal:
        answer = {
            "code": refusal.code,
            "message": refusal.sentence(),
            "clause": refusal.clause,
            "remedy": refusal.advice(),
        }
        if getattr(arguments, "json", False):
            print(json.dumps(answer, ensure_ascii=False))
        else:
            print(f"不予办理：{answer['message']}", file=sys.stderr)
            if answer["clause"]:
                print(f"依据：{answer['clause']}", file=sys.stderr)
            if answer["remedy"]:
                print(f"怎么办：{answer['remedy']}", file=sys.stderr)
        return 1
    return status


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是有效日期，请写成 2026-10-17 的样子") from None


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 250:
        raise argparse.ArgumentTypeError("工作日数应为 1 至 250 的整数")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    from jiangheng.command import arrange, files, statement, step

    parser = argparse.ArgumentParser(prog="jiangheng", description="匠衡：职业技能等级认定平台")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")

    demo = commands.add_parser("demo", help="演示一个批次的全过程（示例机构、虚构人员），然后启动服务")
    demo.add_argument("--no-serve", action="store_true", help="只演示，不启动服务")
    demo.add_argument("--json", action="store_true", help="以 JSON 输出摘要")
    demo.add_argument("--on", type=_day, default=None, help="以哪一天为“今天”（默认当天）")
    demo.add_argument("--port", type=int, default=8000, help="服务端口（默认 8000）")
    demo.set_defaults(run=_demo)

    serve = commands.add_parser("serve", help="启动网页服务与后台任务")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=None, help="网页进程数（默认每核一个，或 JIANGHENG_WORKERS）")
    serve.add_argument("--threads", type=int, default=None, help="每个进程的线程数（默认 2，或 JIANGHENG_THREADS）")
    serve.set_defaults(run=_serve)

    worker = commands.add_parser("worker", help="处理待发通知与后台任务")
    worker.add_argument("--once", action="store_true", help="处理完当前任务即退出")
    worker.set_defaults(run=_worker)

    workday = commands.add_parser("workday", help="推算工作日并逐日列出")
    workday.add_argument("direction", choices=("before", "after"), help="before：N个工作日前；after：公示N个工作日")
    workday.add_argument("day", type=_day, help="考试日或公示发布日，如 2026-10-17")
    workday.add_argument("count", type=_count, help="工作日数")
    workday.add_argument("--json", action="store_true", help="以 JSON 输出")
    workday.set_defaults(run=_workday)

    eligibility = commands.add_parser("eligibility", help="按申报条件判断一批案例（格式见 docs/formats.md）")
    eligibility.add_argument("check", choices=("check",))
    eligibility.add_argument("cases", help="案例文件（JSON）；- 为从标准输入读取")
    eligibility.add_argument("--json", action="store_true", help="以 JSON 输出")
    eligibility.add_argument("--language", choices=("zh-hans", "en"), default="zh-hans", help="说明文字的语言")
    eligibility.set_defaults(run=_eligibility)

    evidence = commands.add_parser("evidence", help="校验台账哈希链")
    evidence.add_argument("check", choices=("check",))
    evidence.add_argument("--json", action="store_true")
    evidence.set_defaults(run=_evidence)

    keys = commands.add_parser("keys", help="证件号码加密密钥")
    keys.add_argument("rotate", choices=("rotate",), help="用排在首位的密钥重新加密全部证件号码")
    keys.set_defaults(run=_rotate)

    _add_roster(commands)

    arrange.add(commands)
    files.add(commands)
    statement.add(commands)
    step.add(commands)

    centre = commands.add_parser("centre", help="登记市鉴定中心（新装系统的第一步）")
    centre.add_argument("name")
    centre.add_argument("credit_code", help="统一社会信用代码")
    centre.set_defaults(run=_centre)

    staff = commands.add_parser("staff", help="开立首个市鉴定中心账号（新装系统的第二步）")
    staff.add_argument("username")
    staff.add_argument("name")
    staff.set_defaults(run=_staff)
    return parser


def _add_roster(commands: Any) -> None:
    roster = commands.add_parser("roster", help="花名册：上传前检查、核对照片、写出模板（四（四））")
    verbs = roster.add_subparsers(dest="verb", required=True, metavar="动作")
    check = verbs.add_parser("check", help="检查一份花名册 (check one roster)")
    check.add_argument("file", help="花名册文件：xlsx、xls 或 csv")
    check.add_argument("--occupation", required=True, help="职业编码，如 6-31-01-03")
    check.add_argument("--level", type=int, choices=(1, 2, 3, 4, 5), required=True, help="认定等级")
    check.add_argument("--on", type=_day, required=True, help="按哪一天的规定检查，如 2026-11-24")
    check.add_argument("--out", default=None, help="写出标色并带“错误说明”列的工作簿")
    check.add_argument("--json", action="store_true", help="以 JSON 输出")
    photos = verbs.add_parser("photos", help="核对照片压缩包与花名册 (match an archive of photos with a roster)")
    photos.add_argument("zip", help="照片压缩包，照片以证件号码命名 (photos named by document number)")
    photos.add_argument("--roster", required=True, help="花名册文件 (the roster)")
    photos.add_argument("--json", action="store_true", help="以 JSON 输出 (as JSON)")
    template = verbs.add_parser("template", help="写出空白模板 (write the empty workbook)")
    template.add_argument("--out", required=True, help="写到哪个文件，如 花名册.xlsx (where to)")
    template.add_argument("--template", choices=("A33", "B20"), default="A33", help="33列或20列模板 (33 or 20 columns)")
    for verb, name in ((check, "roster.check"), (photos, "roster_photos.photos"), (template, "roster_photos.template")):
        verb.set_defaults(run=lambda arguments, name=name: _roster(name, arguments))


def _demo(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from jiangheng.command import serving
    from jiangheng.demonstration import play, sign_ins
    from jiangheng.rules.days.local_time import local_day

    serving.prepare()
    loud = not arguments.json
    summary = play.whole_batch(
        today=arguments.on or local_day(timezone.now()), say=print if loud else lambda _line: None
    )
    if arguments.json:
        print(json.dumps(summary, ensure_ascii=False, indent=1, default=str))
    if arguments.no_serve:
        return 0
    print(sign_ins.table(f"http://127.0.0.1:{arguments.port}/"))
    return _serve(argparse.Namespace(host="127.0.0.1", port=arguments.port, workers=None, threads=None))


def _serve(arguments: argparse.Namespace) -> int:
    import socket

    from jiangheng.command import serving

    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((arguments.host, arguments.port)) == 0:
            print(f"端口 {arguments.port} 已有服务在运行。请先停止它，或用 --port 指定其他端口。", file=sys.stderr)
            return 1
    serving.prepare()
    asked = {"JIANGHENG_WORKERS": arguments.workers, "JIANGHENG_THREADS": arguments.threads}
    given = {name: str(count) for name, count in asked.items() if count is not None}
    chosen = serving.size({**os.environ, **given}, serving.cores())
    return serving.run(arguments.host, arguments.port, chosen)


def _worker(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from jiangheng.calendar import jobs as calendar_jobs
    from jiangheng.journal import delivery
    from jiangheng.rules.days.local_time import local_day
    from jiangheng.site import jobs

    # Ctrl+C reaches every process of the terminal: the worker ends without a word, as by SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    reminded = None
    while True:
        now = timezone.now()
        if reminded != local_day(now):
            jobs.daily(now)
            reminded = local_day(now)
        calendar_jobs.watch_calendar(now)
        handled = delivery.run_once(now)
        if arguments.once and not handled:
            return 0
        if not handled:
            time.sleep(2)


def _workday(arguments: argparse.Namespace) -> int:
    from jiangheng.rules.counted_day import PROVISIONAL
    from jiangheng.rules.days.workdays import UNPUBLISHED, unpublished
    from jiangheng.values import queries as values

    calendar, law = values.calendar_or_shipped(), values.law_or_shipped(arguments.day)
    if arguments.direction == "before":
        count = calendar.before(arguments.day, arguments.count)
        what = f"{arguments.day} 之前 {arguments.count} 个工作日，最迟为"
    else:
        counts_first = bool(law.value("publicity_counts_first_day"))
        count = calendar.after(arguments.day, arguments.count, counts_first_day=counts_first)
        what = f"{arguments.day} 发布，公示 {arguments.count} 个工作日，最后一日为"
    if arguments.json:
        print(json.dumps(_count_json(count), ensure_ascii=False))
        return 0
    print(f"{what} {count.date}（{_weekday(count.date)}）{PROVISIONAL if count.provisional else ''}")
    for day in count.days:
        mark = "工作日" if day.workday else "休息日"
        print(
            f"  {day.date} {_weekday(day.date)} {mark}{' ' + day.name if day.name else ''}{PROVISIONAL if day.provisional else ''}"
        )
    for year in unpublished(count.years):
        print(f"注意：{UNPUBLISHED % year}，结果为暂定，请届时重新核对。")
    return 0


def _count_json(count: Any) -> dict[str, Any]:
    return {
        "date": count.date.isoformat(),
        "provisional": count.provisional,
        "days": [
            {
                "date": day.date.isoformat(),
                "workday": day.workday,
                "name": day.name,
                "provisional": day.provisional,
            }
            for day in count.days
        ],
    }


def _weekday(day: date) -> str:
    return "周" + "一二三四五六日"[day.weekday()]


def _eligibility(arguments: argparse.Namespace) -> int:
    from jiangheng.command import eligibility

    return eligibility.run(arguments.cases, as_json=arguments.json, language=arguments.language)


def _evidence(arguments: argparse.Namespace) -> int:
    from jiangheng.journal import queries as journal

    fault = journal.chain_fault()
    if arguments.json:
        print(json.dumps({"whole": fault is None, "entry": fault and fault.entry_id, "reason": fault and fault.reason}))
    elif fault is None:
        print("台账完整：每一条都能由前一条推出。")
    else:
        print(f"台账被改动：第 {fault.entry_id} 条起不能由前一条推出（{fault.reason}）。", file=sys.stderr)
    return 0 if fault is None else 1


def _roster(name: str, arguments: argparse.Namespace) -> int:
    module, _dot, function = name.partition(".")
    run: Callable[[argparse.Namespace], int] = getattr(import_module(f"jiangheng.command.{module}"), function)
    return run(arguments)


def _rotate(_arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from jiangheng.people import actions as people
    from jiangheng.rules.roles import SYSTEM

    print(f"已重新加密 {people.rotate_seals(by=SYSTEM, now=timezone.now())} 个证件号码。")
    return 0


def _centre(arguments: argparse.Namespace) -> int:
    from jiangheng.command import first_account

    print(first_account.register_centre(arguments.name, arguments.credit_code))
    return 0


def _staff(arguments: argparse.Namespace) -> int:
    from jiangheng.command import first_account

    print(first_account.open_centre(arguments.username, arguments.name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
