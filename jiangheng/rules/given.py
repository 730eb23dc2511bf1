"""What is given on each annex of the notice, once for page, API and action; the members are those of the paper form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingGiven:
    """附件1–3: a body's filing.

    ``scopes`` hold occupation_code, job, levels ("543"), standard, own_standard, valid_from and valid_to.
    """

    valid_from: date
    valid_to: date
    scopes: Sequence[Mapping[str, Any]]
    number: str = ""
    batch: str = ""
    service_objects: str = ""
    fee_basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRowGiven:
    """A line of 附件5: an occupation at a level.

    ``subjects`` hold subject, method, starts_at (ISO, aware) and minutes; none for those of the standard at the usual
    hours. From ``makeup`` on the columns only tell what is foreseen.
    """

    occupation_code: str
    level: int
    headcount: int
    job: str = ""
    subjects: Sequence[Mapping[str, Any]] = ()
    makeup: int | None = 0
    assessment: str = "level"
    examiner_lead: str = ""
    invigilators: int | None = None
    supervisor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanGiven:
    """附件5: a body's plan; ``title`` and contact are made of its lines and its body where empty."""

    exam_on: date
    registration_ends_at: datetime
    candidate_source: str
    paper_source: str
    venue_id: int
    rows: Sequence[PlanRowGiven]
    title: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    open_to_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGiven:
    """附件6: a school's or employer's request; ``place`` is own, off_site or body, the first two name a venue."""

    class_name: str
    occupation_code: str
    level: int
    headcount: int
    exam_on: date
    place: str
    job: str = ""
    venue_id: int | None = None
    class_number: str = ""
    training_from: date | None = None
    training_to: date | None = None
    training_hours: int | None = None
    alternative_on: date | None = None
    contact_name: str = ""
    contact_phone: str = ""
    trainer_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRequestGiven:
    """附件8: papers for one subject of a plan's line; ``collectors`` are two or three of name and phone."""

    candidates: int
    sets_wanted: int
    spare_copies: int
    collectors: Sequence[Mapping[str, str]]
    custody_room: str
    medium: str = "machine"
