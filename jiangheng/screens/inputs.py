"""What the API takes for an annex: the members said once in ``rules.given``."""

from __future__ import annotations

import typing
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from ninja import Schema
from pydantic import create_model

G = TypeVar("G")


def body(given: type, **narrowed: Any) -> type[Schema]:
    """The base of an operation's body: the members of ``given`` with their defaults, some ``narrowed`` to a type."""
    hints = typing.get_type_hints(given)
    members: dict[str, Any] = {
        each.name: (narrowed.get(each.name, hints[each.name]), ... if each.default is MISSING else each.default)
        for each in fields(given)
    }
    return create_model(f"{given.__name__}Body", __base__=Schema, **members)


def taken(given: type[G], sent: Schema, **computed: Any) -> G:
    """What was sent as the annex it is; ``computed`` members in place of their own."""
    own = {each.name: getattr(sent, each.name) for each in fields(given) if each.name not in computed}  # type: ignore[arg-type]  # annexes are dataclasses
    return given(**own, **computed)
