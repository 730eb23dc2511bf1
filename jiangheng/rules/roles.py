"""Who may act: the roles of the notice, and a person acting in one of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jiangheng.rules.words import gettext_noop


class Role(StrEnum):
    """One membership carries one role; a person acts in one role at a time."""

    CENTRE = "centre"
    BODY = "body"
    SCHOOL = "school"
    EMPLOYER = "employer"
    CANDIDATE = "candidate"
    EXAMINER = "examiner"
    INVIGILATOR = "invigilator"
    INTERNAL_SUPERVISOR = "internal_supervisor"
    EXTERNAL_SUPERVISOR = "external_supervisor"
    SYSTEM = "system"
    PUBLIC = "public"


LABELS: dict[Role, str] = {
    Role.CENTRE: gettext_noop("市鉴定中心"),
    Role.BODY: gettext_noop("认定机构"),
    Role.SCHOOL: gettext_noop("职业培训学校"),
    Role.EMPLOYER: gettext_noop("用人单位"),
    Role.CANDIDATE: gettext_noop("考生"),
    Role.EXAMINER: gettext_noop("考评员"),
    Role.INVIGILATOR: gettext_noop("监考人员"),
    Role.INTERNAL_SUPERVISOR: gettext_noop("内部质量督导员"),
    Role.EXTERNAL_SUPERVISOR: gettext_noop("外部质量督导员"),
    Role.SYSTEM: gettext_noop("系统"),
    Role.PUBLIC: gettext_noop("社会公众"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody acting in one role, as every action and query sees them.

    ``account_id`` is None for the system and the public; ``organisation_id`` is None for candidates;
    ``identity_id`` names the candidate's own identity row where the account is bound to one.
    """

    account_id: int | None
    name: str
    role: Role
    organisation_id: int | None = None
    identity_id: int | None = None

    @property
    def is_centre(self) -> bool:
        """True for staff of 市鉴定中心, who see every record."""
        return self.role is Role.CENTRE


SYSTEM = Person(account_id=None, name="系统", role=Role.SYSTEM)
PUBLIC = Person(account_id=None, name="社会公众", role=Role.PUBLIC)
