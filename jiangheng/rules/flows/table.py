"""What a flow is made of: states, groups of states, transitions and the table of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from jiangheng.rules.roles import Role

CENTRE, BODY, SCHOOL, EMPLOYER, CANDIDATE = (
    Role.CENTRE,
    Role.BODY,
    Role.SCHOOL,
    Role.EMPLOYER,
    Role.CANDIDATE,
)
EXAMINER, INVIGILATOR = Role.EXAMINER, Role.INVIGILATOR
INTERNAL, EXTERNAL, SYSTEM = Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR, Role.SYSTEM


@dataclass(frozen=True, slots=True)
class State:
    """A state's code name, its word for staff, and how the status badge should read it."""

    name: str
    label: str
    tone: str = "neutral"  # neutral | waiting | good | bad


@dataclass(frozen=True, slots=True)
class Transition:
    """One lawful step: who may take it from where to where, its button word and its clause.

    ``asks_reason`` means the step is refused without words (a return, a refusal, a revocation). ``guard`` names
    what may stand in the way beyond state and role (``"plan.submit"``); its room registers the function
    (``journal.guards``). ``second_person`` wants a different sign-in than the one that brought the record here.
    """

    verb: str
    label: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...]
    clause: str
    asks_reason: bool = False
    guard: str = ""
    second_person: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Everything that can happen to one kind of thing.

    ``called`` is its short name where that is not the last word of ``kind``. ``groups`` names the sets of states other
    rooms ask for ("ahead", "awaiting"): a new state is put into them here, and every question that is asked of a group
    answers for it.
    """

    kind: str
    label: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    live: tuple[str, ...] = ()
    called: str = ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def named_by(self) -> str:
        """The keyword by which actions are told a record of this kind: ``plan_id``, ``change_id``."""
        return f"{self.called or self.kind.rpartition('_')[2]}_id"

    @property
    def roles(self) -> tuple[Role, ...]:
        """Every role of a person that may ever take a step of this kind."""
        found = {role: None for each in self.transitions for role in each.roles if role is not SYSTEM}
        return tuple(found)

    @property
    def verbs(self) -> tuple[str, ...]:
        """The names of its steps."""
        return tuple(each.verb for each in self.transitions)

    def state(self, name: str) -> State:
        """The state of that name; KeyError when the table has none."""
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(f"{self.kind}: {name}")

    def transition(self, verb: str) -> Transition:
        """The transition of that verb; KeyError when the table has none."""
        for transition in self.transitions:
            if transition.verb == verb:
                return transition
        raise KeyError(f"{self.kind}: {verb}")
