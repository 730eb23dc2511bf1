"""Own students of a school and own staff of an employer (二): taken in from Excel whole or not at all, or one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Organisation
from jiangheng.files import actions as files
from jiangheng.files import limits, worksheets
from jiangheng.files import queries as stored
from jiangheng.journal.actions import action, record
from jiangheng.people import queries
from jiangheng.people.actions.identities import Claim, identities_for, identity_for
from jiangheng.people.models import Affiliation, Identity
from jiangheng.rules import codes
from jiangheng.rules.bodies import annexes, clientele, membership_lists
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.roster import letter
from jiangheng.rules.words import gettext_noop as N_

CHUNK = 500
COLUMNS = (
    "relation", "class_name", "programme", "graduates_on", "department", "post", "through", "since", "until",
)  # read as a table  # fmt: skip
TEXTS = ("class_name", "programme", "department", "post", "through")


class RollFaults(Refusal):
    """The faults of a list; nothing of it was taken in."""

    def __init__(self, faults: Sequence[annexes.Fault]) -> None:
        super().__init__(
            N_("名单有%(count)s处错误，没有导入任何人。"),
            code="membership_list.faults",
            clause="二",
            remedy=N_("请按列出的行和列改好后，重新上传整份名单。"),
            status=422,
            count=len(faults),
        )
        self.faults = sorted(faults, key=lambda fault: (fault.row, fault.letter))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many people of a list were new, changed and the same as before."""

    new: int
    changed: int
    unchanged: int


def keeper(by: Person) -> tuple[Organisation, membership_lists.MembershipList]:
    """The organisation and which list it keeps; Refusal ``membership_list.kind`` (403) for one that serves the whole public."""
    organisation = bodies.get(by, by.organisation_id or 0)
    kind = membership_lists.KIND_OF.get(organisation.kind)
    if kind is None:
        raise refuse(
            "membership_list.kind",
            N_("“%(name)s”面向社会开展认定或送考，不需要本校学生、本单位员工名单。"),
            N_("名单由技工院校和用人单位维护。"),
            clause="二",
            status=403,
            name=organisation.name,
        )
    return organisation, membership_lists.membership_lists()[kind]


@action("membership_list.import")
def import_membership_list(*, by: Person, now: datetime, upload: Any) -> Outcome:
    """Take a list in: new people are added, known ones brought up to date, the others stay as they are (二).

    Handing the same list in again changes nothing. Raises :class:`RollFaults` with every fault; refusals: those of
    ``files.actions.store``, ``rules.membership_lists.read``; ``membership_list.kind`` (403).
    """
    organisation, which = keeper(by)
    file = files.store(by=by, now=now, upload=upload, purpose="roster", organisation_id=organisation.pk)
    data = stored.content(file)
    cells = worksheets.as_written(data, limits.at(now))
    entries, faults = membership_lists.read(which, cells, today=local_day(now))
    if faults:
        raise RollFaults(faults)
    claims = [Claim(each.kind, each.number, each.name, each.sex, each.born) for each in entries]
    identities: list[Identity] = []
    for entry, answer in zip(entries, identities_for(by=by, now=now, rows=claims), strict=True):
        if isinstance(answer, Refusal):
            column = "姓名" if answer.code.startswith(("name", "identity.name")) else "证件号码"
            where = letter(which.columns.index(column))
            faults.append(
                annexes.Fault(entry.row, column, where, answer.code, answer.message, answer.remedy, dict(answer.params))
            )
        else:
            identities.append(answer)
    if faults:
        raise RollFaults(faults)
    outcome = _kept(organisation, entries, identities, now)
    record(
        organisation, after={"list": which.id, "sha256": file.sha256, "new": outcome.new, "changed": outcome.changed}
    )
    return outcome


def _kept(
    organisation: Organisation, entries: Sequence[membership_lists.Entry], identities: Sequence[Identity], now: datetime
) -> Outcome:
    known = {row.identity_id: row for row in Affiliation.objects.filter(organisation=organisation)}
    fresh, changed = [], []
    for entry, identity in zip(entries, identities, strict=True):
        row = known.get(identity.pk)
        if row is None:
            fresh.append(Affiliation(organisation=organisation, identity=identity, created_at=now, **entry.values))
        elif any(getattr(row, key) != value for key, value in entry.values.items()):
            for key, value in entry.values.items():
                setattr(row, key, value)
            changed.append(row)
    Affiliation.objects.bulk_create(fresh, batch_size=CHUNK)
    Affiliation.objects.bulk_update(changed, COLUMNS, batch_size=CHUNK)
    return Outcome(len(fresh), len(changed), len(entries) - len(fresh) - len(changed))


@action("membership_list.enter")
def enter(*, by: Person, now: datetime, claim: Claim, **values: Any) -> Affiliation:
    """Add one person to the organisation's list (二).

    Refusals: ``membership_list.listed`` (409), ``membership_list.relation``, ``membership_list.period`` (422), ``membership_list.kind`` (403); those of
    ``identity_for``.
    """
    organisation, which = keeper(by)
    clean = _clean(which, values)
    identity = identity_for(
        by=by, now=now, kind=claim.kind, number=claim.number, name=claim.name, sex=claim.sex, born=claim.born
    )
    if Affiliation.objects.filter(organisation=organisation, identity=identity).exists():
        raise refuse("membership_list.listed", N_("此人已在名单中。"), N_("请在名单中查找后修改。"), clause="二")
    row = Affiliation.objects.create(organisation=organisation, identity=identity, created_at=now, **clean)
    record(row, after={"person": identity.number_masked, **clean})
    return row


@action("membership_list.change")
def change_entry(*, by: Person, now: datetime, affiliation_id: int, **values: Any) -> Affiliation:
    """Change what the list says of one person, such as the day they left (二). Refusals: as ``enter``."""
    _organisation, which = keeper(by)
    row = queries.affiliation(by, affiliation_id)
    clean = _clean(which, values)
    changed = {key: value for key, value in clean.items() if getattr(row, key) != value}
    if not changed:
        return row
    before = {key: getattr(row, key) for key in changed}
    Affiliation.objects.filter(pk=row.pk).update(**changed)
    row.refresh_from_db()
    record(row, before=before, after=changed)
    return row


def _clean(which: membership_lists.MembershipList, values: Mapping[str, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {key: str(values.get(key) or "").strip()[:60] for key in TEXTS}
    clean |= {key: values.get(key) for key in membership_lists.DAYS}
    clean["relation"] = clientele.STUDENT if which.id == "student" else str(values.get("relation") or "")
    if which.id == "staff" and clean["relation"] not in {code.code for code in codes.table("staff_relation")}:
        raise refuse(
            "membership_list.relation",
            N_("请选择与本单位的关系。"),
            N_("在职、劳务派遣、外包、实习或隶属。"),
            clause="二",
            status=422,
        )
    if which.id == "student" and clean["graduates_on"] is None:
        raise refuse(
            "membership_list.graduation", N_("请填写预计毕业日期。"), N_("按学籍填写。"), clause="二", status=422
        )
    first: date | None = clean["since"]
    last: date | None = clean["until"] or clean["graduates_on"]
    if first and last and last < first:
        raise refuse(
            "membership_list.period", N_("结束日期早于起始日期。"), N_("请核对两个日期。"), clause="二", status=422
        )
    return clean
