"""Deeds that move nothing through a state: who may do them, and under which clause."""

from __future__ import annotations

from dataclasses import dataclass

from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_

CENTRE, BODY, SCHOOL, EMPLOYER, CANDIDATE = (
    Role.CENTRE,
    Role.BODY,
    Role.SCHOOL,
    Role.EMPLOYER,
    Role.CANDIDATE,
)
EXAMINER, INVIGILATOR = Role.EXAMINER, Role.INVIGILATOR
INTERNAL, EXTERNAL = Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR
SYSTEM, PUBLIC = Role.SYSTEM, Role.PUBLIC
EVERYONE = tuple(Role)


@dataclass(frozen=True, slots=True)
class Deed:
    """A named deed, its word for the journal, who may do it, and its clause ("" where the notice is silent)."""

    name: str
    label: str
    roles: tuple[Role, ...]
    clause: str = ""


DEEDS: dict[str, Deed] = {
    deed.name: deed
    for deed in (
        Deed("account.sign_in", N_("登录"), EVERYONE),
        Deed("account.open", N_("开立账号"), (CENTRE, BODY, SCHOOL, EMPLOYER, SYSTEM, PUBLIC)),
    )
}
