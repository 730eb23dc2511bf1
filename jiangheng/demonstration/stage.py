"""The cast of the demonstration: fictional bodies, invented people, and how to find them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from jiangheng.applications.models import Application
from jiangheng.bodies.models import Organisation, Venue
from jiangheng.demonstration.timeline import Timeline, around
from jiangheng.people.models import Account, Membership
from jiangheng.people.queries import person_of
from jiangheng.plans.models import Plan, Request
from jiangheng.rules.roles import Person
from jiangheng.values import queries as values

PASSWORD = "jiangheng-demo-2026"  # noqa: S105 - printed for everybody to use; the data are invented
CANDIDATE_PHONE, OWING_PHONE = "13900000010", "13900000011"
OCCUPATION, LEVEL = "6-31-01-03", 4
SEATS_PER_MACHINE_ROOM, SEATS_PER_SKILL_ROOM = 40, 15
EXAMINERS_PER_ROOM, INVIGILATORS_PER_ROOM = 3, 3
THEORY_ROUNDS, SKILL_ROUNDS = 3, 3

ORGANISATIONS: dict[str, dict[str, str]] = {
    "centre": {"kind": "centre", "name": "示例市职业技能鉴定指导中心"},
    "technical": {
        "kind": "technical_school",
        "name": "示例技师学院（虚构）",
        "certificate_prefix": "S000045000901",
    },
    "social": {
        "kind": "social_body",
        "name": "示例技能评价中心（虚构）",
        "certificate_prefix": "S000045000902",
    },
    "sister": {
        "kind": "social_body",
        "name": "示例关联评价公司（虚构）",
        "certificate_prefix": "S000045000903",
        "owner_group": "示例教育集团",
    },
    "factory": {
        "kind": "employer_body",
        "name": "示例重工有限公司（虚构）",
        "certificate_prefix": "Y000045000904",
    },
    "school": {"kind": "training_school", "name": "示例职业培训学校", "owner_group": "示例教育集团"},
    "employer": {"kind": "employer", "name": "示例机械制造有限公司"},
}

ACCOUNTS: tuple[tuple[str, str, str, str], ...] = (
    ("centre1", "韦主任", "centre", "centre"),
    ("centre2", "覃科长", "centre", "centre"),
    ("body1", "莫考务", "body", "social"),
    ("body2", "蒙复核", "body", "social"),
    ("sister1", "罗关联", "body", "sister"),
    ("technical1", "兰老师", "body", "technical"),
    ("factory1", "梁工", "body", "factory"),
    ("school1", "黄教务", "school", "school"),
    ("employer1", "陆人事", "employer", "employer"),
    ("inner1", "卢内督", "internal_supervisor", ""),
    ("outer1", "农督导", "external_supervisor", ""),
    ("outer2", "石督导", "external_supervisor", ""),
    ("outer3", "欧督导", "external_supervisor", ""),
)


@dataclass
class Stage:
    """Where the play stands: its days, its size, its people."""

    days: Timeline
    today: date
    candidates: int | None

    @classmethod
    def at(cls, days: Timeline, today: date, candidates: int | None) -> Stage:
        """The stage for ``days``, or for the days of a play that was begun before."""
        begun = _first_request()
        if begun is not None:
            law = values.law(today)
            days = around(begun.exam_on, values.calendar(), law.value("publicity_wd"))
        return cls(days, today, candidates)

    @property
    def size(self) -> int:
        """Candidates on the roster."""
        return self.candidates or 60

    @property
    def machine_rooms(self) -> int:
        """Rooms for the theory: enough for the rounds of one day, and two at least."""
        return max(-(-(self.size + 2) // (SEATS_PER_MACHINE_ROOM * THEORY_ROUNDS)), 2)

    @property
    def skill_rooms(self) -> int:
        """Rooms for the practical: enough for the rounds of one day, and two at least."""
        return max(-(-(self.size + 2) // (SEATS_PER_SKILL_ROOM * SKILL_ROUNDS)), 2)

    def organisation(self, key: str) -> Organisation:
        """An organisation of the cast."""
        return Organisation.objects.get(name=ORGANISATIONS[key]["name"])

    def person(self, username: str) -> Person:
        """A person of the cast, in their first role."""
        return person_of(
            Membership.objects.select_related("account", "organisation").filter(account__username=username)[0]
        )

    def crew(self, prefix: str) -> list[Person]:
        """Everybody whose username begins with ``prefix``, in order."""
        accounts = Account.objects.filter(username__startswith=prefix).order_by("id")
        return [self.person(account.username) for account in accounts]

    @cached_property
    def request(self) -> Request:
        """The school's arrangement request of the batch."""
        return _first_request() or Request()

    @cached_property
    def plan(self) -> Plan:
        """The plan made from the request."""
        return Plan.objects.get(request=self.request)

    @property
    def venue(self) -> Venue:
        """The school's hired place of examination, outside its own premises."""
        return Venue.objects.get(organisation=self.organisation("school"), fixed=False)

    @property
    def accepted(self) -> int:
        """Candidates accepted to the plan."""
        return Application.objects.filter(plan=self.plan, state="accepted").count()

    def rounds(self, first: datetime, rooms: int, seats: int, hours: int) -> list[datetime]:
        """As many start times as the accepted candidates need in ``rooms`` of ``seats``, ``hours`` apart from ``first`` on."""
        needed = -(-self.accepted // (rooms * seats))
        return [first + timedelta(hours=hours * place) for place in range(needed)]


def _first_request() -> Request | None:
    """The school's first request: the one whose batch is played to its end."""
    return Request.objects.filter(organisation__name=ORGANISATIONS["school"]["name"]).order_by("id").first()
