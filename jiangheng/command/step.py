"""``jiangheng steps`` and ``jiangheng step``: what the tables of steps offer, and one of them taken by whoever signs in.

The same rows, inputs and refusals as the pages' and the API's. Exit status: 0 listed or taken; 1 refused, with code,
clause and remedy; 2 wrong usage: no such kind or step, what cannot be read, no account named for a record.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import typing
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import LABELS, PUBLIC, Person, Role
from jiangheng.rules.words import gettext_noop as N_

if TYPE_CHECKING:
    from jiangheng.people.models import Account
    from jiangheng.screens.operations import Asked

DONE, REFUSED, USAGE = 0, 1, 2
HERE = "127.0.0.1"


class Unusable(Exception):
    """A word on the command line that means nothing here; ``str`` says why."""


def add(commands: Any) -> None:
    """Declare the two commands."""
    listing = commands.add_parser("steps", help="列出每种事项可以办理的步骤，或某一份记录现在能办什么")
    listing.add_argument("kind", nargs="?", default="", help="事项种类，如 plan；不写列出全部 (kind)")
    listing.add_argument("record", nargs="?", type=int, help="记录编号；写了须用 --as 登录 (id)")
    step = commands.add_parser("step", help="以某个账号办理一步（与网页、接口同一规则）")
    step.add_argument("step", help="种类/步骤，如 plan/submit；见 jiangheng steps (kind/verb)")
    step.add_argument("record", type=int, help="记录编号 (id)")
    step.add_argument("--reason", default="", help="理由或说明 (reason)")
    step.add_argument("--seen", type=int, help="您看到的版本号；已被他人改动则不予办理 (version seen)")
    step.add_argument(
        "--set", action="append", default=[], metavar="名=值", help="步骤另需填写的内容，可重复 (a value)"
    )
    step.add_argument("--file", action="append", default=[], metavar="名=路径", help="步骤另需上传的文件 (a file)")
    for parser, of, needed in ((listing, list_steps, False), (step, take_step, True)):
        parser.add_argument(
            "--as",
            dest="sign_in",
            required=needed,
            metavar="账号",
            help="登录账号；密码在终端输入，或由标准输入第一行给出 (sign-in)",
        )
        parser.add_argument("--role", choices=[each.value for each in Role], help="有多个身份时以哪个办理 (role)")
        parser.add_argument("--code", default="", help="两步登录的动态口令 (code of the second step)")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出 (as JSON)")
        parser.add_argument(
            "--language", choices=("zh-hans", "en"), default="zh-hans", help="说明文字的语言 (language)"
        )
        parser.set_defaults(run=lambda arguments, of=of: run(of, arguments, timezone.now()), of=of)


def run(of: Any, arguments: argparse.Namespace, now: datetime) -> int:
    """Run ``of`` (``list_steps``, ``take_step``) at ``now``, every "no" told as one."""
    from django.urls import get_resolver
    from ninja.errors import ValidationError

    from jiangheng.screens import display, problems
    from jiangheng.values.remembering import remembered

    get_resolver().url_patterns  # noqa: B018 - the rooms register their steps with their addresses
    fields: list[dict[str, str]] = []
    with translation.override(arguments.language), remembered():
        try:
            status: int = of(arguments, now)
            return status
        except Unusable as error:
            return _tell(arguments, USAGE, {"code": "step.usage", "message": str(error), "clause": "", "remedy": ""})
        except ValidationError as error:
            refusal, fields = problems.invalid(), problems.fields(error.errors)
        except IntegrityError:
            refusal = problems.conflict()
        except Refusal as error:
            refusal = error
        answer = {
            "code": refusal.code,
            "message": str(display.sentence(refusal)),
            "clause": refusal.clause,
            "remedy": str(display.advice(refusal)),
        }
        return _tell(arguments, REFUSED, answer | ({"fields": fields} if fields else {}))


def _tell(arguments: argparse.Namespace, status: int, answer: dict[str, Any]) -> int:
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return status
    lines = [answer["message"], *(f"{each['field']}：{each['message']}" for each in answer.get("fields", ()))]
    if answer["clause"]:
        lines.append(_("依据：%(clause)s") % answer)
    if answer["remedy"]:
        lines.append(_("怎么办：%(remedy)s") % answer)
    print("\n".join(lines), file=sys.stderr)
    return status


def list_steps(arguments: argparse.Namespace, now: datetime) -> int:
    """List the rows of the tables, or the steps of one record as whoever signs in may take them."""
    from jiangheng.screens import operations
    from jiangheng.screens.steps import REGISTER, offered

    if arguments.kind and arguments.kind not in flows.FLOWS:
        raise Unusable(_("没有“%(kind)s”这种事项；运行 jiangheng steps 查看全部。") % {"kind": arguments.kind})
    if arguments.record is None:
        rows = [_row(kind, each) for kind in _kinds(arguments.kind) for each in flows.FLOWS[kind].transitions]
        return _list(arguments, {"steps": rows}, rows)
    if not arguments.sign_in:
        raise Unusable(_("查看一份记录能办什么，请用 --as 写明登录账号。"))
    person = signed_in(arguments, now)
    record = REGISTER[arguments.kind].get(person, arguments.record)
    told = operations.StepsOut(
        **operations.record_out(arguments.kind, record),
        steps=[operations.step_out(each) for each in offered(record, person, now)],
    ).model_dump()
    return _list(arguments, told, told["steps"])


def _kinds(kind: str) -> Iterable[str]:
    return [kind] if kind else flows.FLOWS


def _row(kind: str, row: flows.Transition) -> dict[str, Any]:
    from jiangheng.journal import steps
    from jiangheng.screens import display, operations

    asked = operations.body_of(kind, row.verb, of_many=True)
    takes = {}
    if asked:
        takes = {name: "needed" if each.is_required() else "optional" for name, each in asked.body.model_fields.items()}
        takes |= {name: "file" if needed else "optional file" for name, needed in asked.files.items()}
    return {
        "step": f"{kind}/{row.verb}",
        "verb": row.verb,
        "label": str(display.word(row.label)),
        "by": [each.value for each in row.roles],
        "from": list(row.sources),
        "to": row.target,
        "clause": row.clause,
        "asks_reason": row.asks_reason,
        "second_person": row.second_person,
        "told": steps.named_by(kind, row.verb) if asked else None,
        "takes": takes,
    }


def _list(arguments: argparse.Namespace, told: dict[str, Any], rows: Sequence[dict[str, Any]]) -> int:
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return DONE
    for row in rows:
        line = f"{row.get('step') or row['verb']}  {row['label']}  {row['clause']}"
        if "by" in row:
            line += "  " + "、".join(LABELS[Role(each)] for each in row["by"])
            line += "  " + (_("并入其他事项办理") if row["told"] is None else " ".join(_typed(row)))
        elif row["reason"]:
            line += f"  × {row['reason']['message']}{row['reason']['remedy']}"
        print(line.rstrip())
    return DONE


def _typed(row: dict[str, Any]) -> Iterable[str]:
    """What a step takes as it is typed; in brackets what may be left out."""
    if row["asks_reason"]:
        yield "--reason …"
    for name, how in row["takes"].items():
        if name not in ("note", "seen"):
            word = f"--{'file' if 'file' in how else 'set'} {name}=…"
            yield f"[{word}]" if how.startswith("optional") else word


def take_step(arguments: argparse.Namespace, now: datetime) -> int:
    """Take one step of one record."""
    from jiangheng.journal import steps
    from jiangheng.screens import operations
    from jiangheng.screens.steps import REGISTER

    kind, _slash, verb = arguments.step.partition("/")
    if kind not in flows.FLOWS or verb not in flows.FLOWS[kind].verbs:
        raise Unusable(_("没有“%(step)s”这一步；运行 jiangheng steps 查看全部。") % {"step": arguments.step})
    values, files = _pairs(arguments.set), _files(arguments.file)
    person = signed_in(arguments, now)
    asked = operations.body_of(kind, verb, of_many=True)
    if asked is None:
        row = flows.FLOWS[kind].transition(verb)
        raise refuse(
            "step.within",
            N_("“%(step)s”随其他事项一并办理，不单独办理。"),
            N_("请运行 jiangheng steps 查看可以单独办理的步骤。"),
            clause=row.clause,
            step=row.label,
        )
    of_record = steps.named_by(kind, verb) == flows.FLOWS[kind].named_by
    record = REGISTER[kind].get(person, arguments.record) if of_record else None
    sent = _sent(asked, values, arguments)
    if unknown := sorted({*values, *files} - {*asked.body.model_fields, *asked.files}):
        raise Unusable(_("这一步不需要“%(names)s”；需要的见 jiangheng steps。") % {"names": "、".join(unknown)})
    made = steps.take(kind, verb, arguments.record, by=person, now=now, **operations.read(asked, sent, files))
    if record is not None:
        made = made if isinstance(made, type(record)) else REGISTER[kind].get(person, arguments.record)
        told: dict[str, Any] = operations.record_out(kind, made)
    else:
        told = {"kind": kind, "told": steps.named_by(kind, verb), "id": arguments.record}
    if arguments.json:
        print(json.dumps({"verb": verb, **told}, ensure_ascii=False, indent=1))
    else:
        print(_("已办理：%(label)s。") % {"label": _(flows.FLOWS[kind].transition(verb).label)})
    return DONE


def _pairs(written: Iterable[str]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for each in written:
        name, equals, value = each.partition("=")
        if not (name and equals):
            raise Unusable(_("“%(words)s”应写成 名=值。") % {"words": each})
        found[name].append(value)
    return dict(found)


def _files(written: Iterable[str]) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    found = {}
    for name, paths in _pairs(written).items():
        try:
            found[name] = SimpleUploadedFile(Path(paths[-1]).name, Path(paths[-1]).read_bytes())
        except OSError as error:
            raise Unusable(_("文件不能读写：%(reason)s。") % {"reason": error.strerror or error}) from None
    return found


def _sent(asked: Asked, values: dict[str, list[str]], arguments: argparse.Namespace) -> dict[str, Any]:
    """What was typed as the API would be sent it: text where text is asked, else JSON where it reads as such, lists repeated."""
    fields = asked.body.model_fields
    sent: dict[str, Any] = {
        name: _value(fields[name].annotation, each) for name, each in values.items() if name in fields
    }
    if arguments.reason and "note" in fields:
        sent["note"] = arguments.reason
    if arguments.seen is not None:
        sent["seen"] = arguments.seen
    return sent


def _value(hint: Any, written: list[str]) -> Any:
    hints = {hint, *typing.get_args(hint)}
    several = any(
        isinstance(origin := typing.get_origin(each), type) and issubclass(origin, Sequence) for each in hints
    )
    read = [each if str in hints else _json(each) for each in written]
    if several:
        return read[0] if len(read) == 1 and isinstance(read[0], list) else read
    return read[-1]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def signed_in(arguments: argparse.Namespace, now: datetime) -> Person:
    """The person of ``--as``, once the password (and the code of a second step) was right; noted like every sign-in.

    Refusals: those of ``people.signing_in``; ``sign_in.enrol`` (403) where a second step is demanded and not set up;
    ``sign_in.role`` (422) unless ``--role`` leaves one membership.
    """
    from jiangheng.people import actions, queries, signing_in

    request = HttpRequest()
    # Wrong passwords count against this machine, as those from any other address.
    request.META["REMOTE_ADDR"] = HERE
    account = signing_in.checked(request, arguments.sign_in, _asked(_("密码：")))
    if queries.must_enrol(account, now=now):
        raise refuse(
            "sign_in.enrol",
            N_("这个账号还没有设置两步登录。"),
            N_("请先在网页登录一次，按提示绑定身份验证器。"),
            status=403,
        )
    device = queries.second_step(account)
    if device is not None:
        signing_in.verify(device, arguments.code or _asked(_("动态口令：")))
    person = _acting(account, arguments.role)
    actions.sign_in(by=person, now=now, account_id=account.pk)
    return person


def _acting(account: Account, role: str | None) -> Person:
    from jiangheng.people import queries

    found = [each for each in queries.persons(account) if role in (None, each.role.value)]
    if not found and role is None:
        return PUBLIC
    if len(found) != 1:
        raise refuse(
            "sign_in.role",
            N_("这个账号有多个身份，或没有所写的身份：%(roles)s。"),
            N_("请用 --role 写明以哪个身份办理；同一身份属于几家单位时请在网页办理。"),
            status=422,
            roles="、".join(sorted({each.role.value for each in queries.persons(account)})),
        )
    return found[0]


def _asked(prompt: str) -> str:
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
