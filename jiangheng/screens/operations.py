"""One operation of the API for every step of every flow, and for a record the list of them with what is in the way."""

from __future__ import annotations

import inspect
import json
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.errors import ValidationError
from pydantic import PydanticUserError, create_model
from pydantic import ValidationError as Invalid
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation

from jiangheng.journal import queries, steps
from jiangheng.journal.actions import ACTIONS
from jiangheng.rules import flows
from jiangheng.rules.roles import LABELS, Role
from jiangheng.screens import display
from jiangheng.screens.request import Request
from jiangheng.screens.steps import REGISTER, Steps, offered

LONGEST_NOTE = 1000


class ReasonOut(Schema):
    """What stands in a step's way now."""

    code: str
    message: str
    clause: str
    remedy: str


class StepOut(Schema):
    """A step the key's role may ever take of a record; ``open`` when nothing stands in its way now."""

    verb: str
    label: str
    clause: str
    open: bool
    reason: ReasonOut | None
    asks_reason: bool
    second_person: bool


class RecordOut(Schema):
    """A record as a step leaves it."""

    kind: str
    id: int
    state: str
    version: int


class StepsOut(RecordOut):
    """A record and the steps that may ever be taken of it by the key's role."""

    steps: list[StepOut]


@dataclass(frozen=True, slots=True)
class Mounted:
    """Where the operations of one kind stand: under ``path`` of the router tagged ``room``, answering ``response``."""

    kind: str
    room: str
    path: str
    response: type[Schema]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a step's operation takes: its ``body``, and by name its ``files``, each needed or not."""

    body: type[Schema]
    files: Mapping[str, bool]


MOUNTED: dict[str, Mounted] = {}


@lru_cache(maxsize=512)
def _given(perform: Callable[..., Any], kind: str, verb: str, named_by: str) -> Asked | None:
    """The body of a step's operation, made of its action's signature, and its files.

    None where the action takes what no caller can send (a row, a step of work under way).
    """
    asked = steps.inputs_beside(kind, verb, named_by)
    if asked is None:
        return None
    try:
        hints = typing.get_type_hints(inspect.unwrap(perform))
    except NameError:
        return None
    fields: dict[str, Any] = {"note": (str, "")} if steps.takes_note(kind, verb) else {}
    fields["seen"] = (int | None, None)
    files = {}
    for name, each in asked.items():
        if each.kind is each.VAR_KEYWORD:
            return None
        hint = hints.get(name, Any)
        if UploadedFile in (hint, *typing.get_args(hint)):
            files[name] = each.default is each.empty
            continue
        fields[name] = (hint, ... if each.default is each.empty else each.default)
    try:
        words = "".join(part.title() for part in f"{kind}_{verb}".split("_"))
        made = create_model(f"{words}In", __base__=Schema, **fields)
        made.model_json_schema()
    except (PydanticSchemaGenerationError, PydanticUndefinedAnnotation, PydanticUserError):
        return None
    return Asked(made, files)


def body_of(kind: str, verb: str, *, of_many: bool = False) -> Asked | None:
    """The form of input of a step; None where it is no operation of one record.

    ``of_many`` takes those in that move many at once, told what they belong to (``journal.steps.named_by``).
    """
    perform, found = ACTIONS.get(f"{kind}.{verb}"), REGISTER.get(kind)
    transition = steps.transition_of(kind, verb)
    if perform is None or found is None or verb in found.within:
        return None
    if set(transition.roles) == {Role.SYSTEM}:
        return None
    return _given(perform, kind, verb, steps.named_by(kind, verb) if of_many else flows.FLOWS[kind].named_by)


def mount(
    router: Router,
    kind: str,
    path: str = "",
    response: type[Schema] = RecordOut,
    out: Callable[[Any], Any] | None = None,
) -> None:
    """Add the operations of a kind: ``GET <path>/{id}/steps`` and ``POST <path>/{id}/<verb>`` for every step.

    ``out`` makes the answer of the record; called last in a room, since its verb takes any word.
    """
    MOUNTED[kind] = Mounted(kind, str((router.tags or [""])[0]), path, response)

    @router.get(
        f"{path}/{{int:record_id}}/steps",
        response=StepsOut,
        operation_id=f"{kind}_steps",
        summary=_label(kind),
        url_name=f"{kind}_steps",
    )
    def listed(request: Request, record_id: int) -> StepsOut:
        """Every step the key's role may ever take of the record, each with what stands in its way now."""
        record = REGISTER[kind].get(request.person, record_id)
        return StepsOut(**record_out(kind, record), steps=[step_out(each) for each in _offered(request, record)])

    @router.post(f"{path}/{{int:record_id}}/{{verb}}", response=response, include_in_schema=False)
    def perform(request: Request, record_id: int, verb: str) -> Any:
        """Take a step."""
        record = taken(request, REGISTER[kind], record_id, verb)
        return out(record) if out else record_out(kind, record)


def _offered(request: Request, record: Any) -> list[steps.Offer]:
    return offered(record, request.person, request.now)


def _label(kind: str) -> str:
    return f"{flows.FLOWS[kind].label}：可以办理的事项"


def record_out(kind: str, record: Any) -> dict[str, Any]:
    """A record as a step leaves it."""
    return {"kind": kind, "id": record.pk, "state": record.state, "version": record.version}


def step_out(each: steps.Offer) -> StepOut:
    """A step with what stands in its way, in words."""
    transition, refusal = each.transition, each.refusal
    reason = None
    if refusal is not None:
        reason = ReasonOut(
            code=refusal.code,
            message=str(display.sentence(refusal)),
            clause=refusal.clause,
            remedy=str(display.advice(refusal)),
        )
    return StepOut(
        verb=transition.verb,
        label=str(display.word(transition.label)),
        clause=transition.clause,
        open=reason is None,
        reason=reason,
        asks_reason=transition.asks_reason,
        second_person=transition.second_person,
    )


def taken(request: Request, found: Steps, record_id: int, verb: str) -> Any:
    """Take a step with what the request brings; answers the record anew.

    Refusals: those of the action; ``record.none`` (404) for a verb the table has not or an action nobody may call.
    """
    record = found.get(request.person, record_id)
    asked = body_of(found.kind, verb)
    if asked is None:
        raise queries.absent()
    given = read(asked, _sent_by(request, asked.body), request.FILES)
    made = steps.take(found.kind, verb, record.pk, by=request.person, now=request.now, **given)
    return made if isinstance(made, type(record)) else found.get(request.person, record_id)


def read(asked: Asked, sent: Any, files: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent as ``journal.steps.take`` wants it: note, seen and given; ValidationError field by field."""
    body = asked.body
    try:
        valid = body.model_validate(sent)
    except Invalid as error:
        raise ValidationError(
            [{"loc": ("body", *each["loc"]), "msg": each["msg"], "type": each["type"]} for each in error.errors()]
        ) from None
    given = {name: getattr(valid, name) for name in body.model_fields if name in valid.model_fields_set}
    for name, needed in asked.files.items():
        upload = files.get(name)
        if upload is not None:
            given[name] = upload
        elif needed:
            raise _invalid(name, _("请上传文件。"))
    note, seen = str(given.pop("note", ""))[:LONGEST_NOTE], given.pop("seen", None)
    return {"note": note, "seen": seen, "given": given}


def _sent_by(request: Request, body: type[Schema]) -> Any:
    if request.content_type == "multipart/form-data":
        sent = {name: _sent(request, name, field.annotation) for name, field in body.model_fields.items()}
        return {name: value for name, value in sent.items() if value is not None}
    try:
        return json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise _invalid("", _("请求正文应为 JSON。")) from None


def _sent(request: Request, name: str, hint: Any) -> Any:
    values = request.POST.getlist(name)
    return values if typing.get_origin(hint) in (list, tuple) else values[0] if values else None


def _invalid(name: str, sentence: str) -> ValidationError:
    return ValidationError([{"loc": ("body", name), "msg": sentence, "type": "value_error"}])


def described(prefix: str) -> dict[str, dict[str, Any]]:
    """The paths of every step's operation for the OpenAPI document, read from the table as it stands.

    ``prefix`` is what stands before a room's name in an address.
    """
    paths: dict[str, dict[str, Any]] = {}
    for kind, mounted in MOUNTED.items():
        named = flows.FLOWS[kind].named_by
        for transition in flows.FLOWS[kind].transitions:
            asked = body_of(kind, transition.verb)
            if asked is None:
                continue
            address = f"{prefix}/{mounted.room}{mounted.path}/{{{named}}}/{transition.verb}"
            paths[address] = {"post": _described(mounted, named, transition, asked)}
    return paths


def _described(mounted: Mounted, named: str, transition: flows.Transition, asked: Asked) -> dict[str, Any]:
    schema, files = asked.body.model_json_schema(), asked.files
    who = "、".join(LABELS[role] for role in transition.roles if role is not Role.SYSTEM)
    words = f"依据 {transition.clause}；由{who}办理。"
    if transition.asks_reason:
        words += "须写明理由（note）。"
    if transition.second_person:
        words += "须由另一人确认。"
    schema["properties"].update({name: {"type": "string", "format": "binary"} for name in files})
    media = "multipart/form-data" if files else "application/json"
    answer = {"$ref": f"#/components/schemas/{mounted.response.__name__}"}
    return {
        "operationId": f"{mounted.kind}_{transition.verb}",
        "summary": transition.label,
        "description": words,
        "tags": [mounted.room],
        "parameters": [{"in": "path", "name": named, "required": True, "schema": {"type": "integer"}}],
        "requestBody": {"content": {media: {"schema": schema}}, "required": bool(schema.get("required") or files)},
        "responses": {200: {"description": "OK", "content": {"application/json": {"schema": answer}}}},
    }
