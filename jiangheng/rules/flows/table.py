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

    ``asks_reason`` means the step is refused without words (a return, a refusal, a revocation).
    """

    verb: str
    label: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...]
    clause: str
    asks_reason: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Everything that can happen to one kind of thing.

    ``groups`` names the sets of states other rooms ask for ("ahead", "awaiting"): a new state is put into them here,
    and every question that is asked of a group answers for it.
    """

    kind: str
    label: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    live: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

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
