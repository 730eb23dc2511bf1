"""Makes one demonstration batch many: whole plans with everything that hangs on them, straight into the tables.

The copies are what lists and counts see: plans, rows, requests, people, applications, charges, sittings, seats,
results, certificates, notices and the journal's entries about them. Answers and files are not: no list reads them.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from jiangheng.applications.models import Application, Proof
from jiangheng.bodies.models import Filing, Organisation, Scope
from jiangheng.certificates.models import Certificate, Copy
from jiangheng.fees.models import Allocation, Charge, Payment
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.people.models import Identity
from jiangheng.plans.models import Plan, PlanRow, Request
from jiangheng.results.models import MarkHistory, Result, ResultBatch
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment, Ticket

AT_ONCE, ROWS_AT_ONCE, BODIES = 50, 2000, 200
TOLD = ("plan", "request", "application", "result_batch", "certificate")
OPEN_EVERY, UNREAD_COPIES = 20, 5
SURNAMES = "吴莫覃蓝罗梁黄陆卢石农欧潘银甘区凌麦温符邱钟苏方施龚崔姚邓任"
GIVEN = "芳华丽强军敏静磊洋勇艳杰娟涛超秀霞平刚桂英玉兰凤洁梅琳雪荣爱"

Key = tuple[int, int]
Made = dict[Key, Model]


def name_of(serial: int) -> str:
    """An invented name: 30 surnames with 900 given names of two characters."""
    first, rest = serial % len(SURNAMES), serial // len(SURNAMES)
    return SURNAMES[first] + GIVEN[rest % len(GIVEN)] + GIVEN[(rest // len(GIVEN) + first) % len(GIVEN)]


def fill(applications: int, say: Callable[[str], None]) -> dict[str, int]:
    """Copy the batch until there are that many applications; returns how many rows stand in the larger tables."""
    batch = _Batch()
    wanted = -(-(applications - Application.objects.count()) // len(batch.applications))
    for numbers in _parted(range(1, wanted + 1), AT_ONCE):
        with transaction.atomic():
            batch.copy(list(numbers))
        say(f"{Application.objects.count()} applications")
    _fill_directory()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    counted = (Application, Plan, Sitting, Seat, Result, Certificate, Charge, Entry, Outgoing)
    return {model._meta.label: model._default_manager.count() for model in counted}


class _Batch:
    """The played batch, read once, and how a copy of it differs from it."""

    def __init__(self) -> None:
        self.plan = Plan.objects.get(result_batch__state="approved")
        self.request = self.plan.request
        self.applications = list(Application.objects.filter(plan=self.plan))
        social, school = self.plan.body, self.request.organisation
        others = Organisation.objects.filter(kind__in=("technical_school", "employer_body")).order_by("id")
        self.small = Organisation.objects.filter(kind="social_body").exclude(pk=social.pk).order_by("id")[0]
        self.bodies = [social, social, *others]
        self.sponsors = [school, Organisation.objects.get(kind="employer")]
        self.people = itertools.count(1)
        self.codes = itertools.count(1)
        self.kept = {
            model: list(model._default_manager.filter(**where))
            for model, where in (
                (PlanRow, {"plan": self.plan}),
                (Identity, {"applications__plan": self.plan}),
                (Proof, {"application__plan": self.plan}),
                (Charge, {"plan": self.plan}),
                (Payment, {"plan": self.plan}),
                (Allocation, {"payment__plan": self.plan}),
                (Sitting, {"plan": self.plan}),
                (StaffAssignment, {"sitting__plan": self.plan}),
                (Ticket, {"plan": self.plan}),
                (Seat, {"sitting__plan": self.plan}),
                (ResultBatch, {"plan": self.plan}),
                (Result, {"batch__plan": self.plan}),
                (MarkHistory, {"result__batch__plan": self.plan}),
                (Certificate, {"plan": self.plan}),
                (Copy, {"certificate__plan": self.plan}),
            )
        }
        self.notices = list(Outgoing.objects.all())
        self.entries = list(Entry.objects.filter(record_kind__in=TOLD))

    def body(self, number: int) -> int:
        """Half of all copies belong to the body that played the batch, one to a small body."""
        return self.small.pk if number == 1 else self.bodies[number % 4].pk

    def sponsor(self, number: int) -> int:
        """Half of all copies come from the school that played the batch."""
        return self.sponsors[number // 2 % 2].pk

    def copy(self, numbers: list[int]) -> None:
        """Add these copies; every twentieth is still being applied for and goes no further."""
        done = [number for number in numbers if number % OPEN_EVERY]
        requests = self._add(Request, [self.request], numbers, self._request)
        plans = self._add(Plan, [self.plan], numbers, self._plan, request=requests)
        rows = self._add(PlanRow, self.kept[PlanRow], numbers, plan=plans)
        identities = self._add(Identity, self.kept[Identity], numbers, self._identity)
        applications = self._add(
            Application,
            self.applications,
            numbers,
            self._application,
            plan=plans,
            request=requests,
            identity=identities,
        )
        self._add(Proof, self.kept[Proof], numbers, application=applications)
        charges = self._add(Charge, self.kept[Charge], numbers, self._owner, application=applications, plan=plans)
        payments = self._add(Payment, self.kept[Payment], numbers, self._payment, plan=plans)
        self._add(Allocation, self.kept[Allocation], numbers, payment=payments, charge=charges)
        sittings = self._add(Sitting, self.kept[Sitting], done, self._sitting, plan=plans, row=rows)
        self._add(StaffAssignment, self.kept[StaffAssignment], done, sitting=sittings)
        self._add(Ticket, self.kept[Ticket], done, self._ticket, application=applications, plan=plans)
        self._add(Seat, self.kept[Seat], done, sitting=sittings, application=applications)
        batches = self._add(ResultBatch, self.kept[ResultBatch], done, self._owner, plan=plans)
        results = self._add(Result, self.kept[Result], done, batch=batches, application=applications)
        self._add(MarkHistory, self.kept[MarkHistory], done, result=results)
        certificates = self._add(
            Certificate,
            self.kept[Certificate],
            done,
            self._certificate,
            application=applications,
            plan=plans,
            identity=identities,
        )
        self._add(Copy, self.kept[Copy], done, certificate=certificates)
        self._add(Outgoing, self.notices, numbers, self._notice)
        self._tell(
            numbers,
            {
                "plan": plans,
                "request": requests,
                "application": applications,
                "result_batch": batches,
                "certificate": certificates,
            },
        )

    def _add(
        self,
        model: type[Model],
        rows: Iterable[Any],
        numbers: list[int],
        change: Callable[[Any, int], None] | None = None,
        **relations: Made,
    ) -> Made:
        rows, made = list(rows), {}
        for number in numbers:
            for row in rows:
                new = _fresh(row)
                for field, others in relations.items():
                    setattr(new, field, others[number, getattr(row, f"{field}_id")])
                if change is not None:
                    change(new, number)
                made[number, row.pk] = new
        model._default_manager.bulk_create(made.values(), batch_size=ROWS_AT_ONCE)
        return made

    def _tell(self, numbers: list[int], records: dict[str, Made]) -> None:
        entries = []
        for number in numbers:
            for entry in self.entries:
                about = records[entry.record_kind].get((number, entry.record_id))
                if about is not None:
                    new = _fresh(entry)
                    new.record_id, new.batch_id = about.pk, records["plan"][number, self.plan.pk].pk
                    entries.append(new)
        Entry.objects.bulk_create(entries, batch_size=ROWS_AT_ONCE)

    def _owner(self, new: Any, number: int) -> None:
        new.body_id = self.body(number)

    def _request(self, new: Request, number: int) -> None:
        new.number = f"{new.number}-{number}"
        new.organisation_id, new.body_id = self.sponsor(number), self.body(number)
        new.exam_on -= timedelta(days=number)

    def _plan(self, new: Plan, number: int) -> None:
        self._owner(new, number)
        new.number = f"{new.number}-{number}"
        new.exam_on -= timedelta(days=number)
        new.state = "completed" if number % OPEN_EVERY else "accepted"

    def _identity(self, new: Identity, _number: int) -> None:
        serial = next(self.people)
        new.number_index = hashlib.sha256(str(serial).encode()).hexdigest()
        new.name = name_of(serial)

    def _application(self, new: Application, number: int) -> None:
        self._owner(new, number)
        new.name, new.sponsor_id = new.identity.name, self.sponsor(number)
        new.number = f"{new.number}-{number}"
        if number % OPEN_EVERY == 0:
            new.state = ("submitted", "submitted", "returned")[len(new.name) % 3]

    def _payment(self, new: Payment, number: int) -> None:
        self._owner(new, number)
        new.reference = f"{new.reference}-{number}"
        new.order_id = None  # an order is paid once

    def _sitting(self, new: Sitting, number: int) -> None:
        new.starts_at -= timedelta(days=number)
        new.ends_at -= timedelta(days=number)

    def _ticket(self, new: Ticket, number: int) -> None:
        new.number = f"{new.number}-{number}"

    def _certificate(self, new: Certificate, number: int) -> None:
        self._owner(new, number)
        new.number = f"S0000450009{next(self.codes):011d}"
        new.name, new.sponsor_id = new.identity.name, self.sponsor(number)
        new.issued_on -= timedelta(days=number)

    def _notice(self, new: Outgoing, number: int) -> None:
        new.key = f"{new.key}-{number}"[:160]
        if number > UNREAD_COPIES:
            new.read_at = new.created_at


def _fresh(row: Any) -> Any:
    new = copy.copy(row)
    new._state = copy.copy(row._state)
    new._state.fields_cache = {}
    new._state.adding, new.pk = True, None
    return new


def _parted(numbers: Iterable[int], size: int) -> Iterator[tuple[int, ...]]:
    given = iter(numbers)
    while part := tuple(itertools.islice(given, size)):
        yield part


def _fill_directory() -> None:
    """A province's worth of filed bodies for the public directory."""
    filing = Filing.objects.filter(state="active").first()
    scope = Scope.objects.filter(filing=filing).first()
    organisations = []
    for serial in range(BODIES):
        new = _fresh(filing.organisation)
        new.name, new.credit_code = f"示例评价机构{serial:03d}（虚构）", f"52450200MJ{serial:07d}X"
        organisations.append(new)
    Organisation.objects.bulk_create(organisations)
    filings = []
    for organisation in organisations:
        new = _fresh(filing)
        new.organisation = organisation
        filings.append(new)
    Filing.objects.bulk_create(filings)
    scopes = []
    for each in filings:
        new = _fresh(scope)
        new.filing = each
        scopes.append(new)
    Scope.objects.bulk_create(scopes)
