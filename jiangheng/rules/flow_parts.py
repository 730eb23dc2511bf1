"""The parts a transition table is made of: states, steps, and the flow that holds them."""

from __future__ import annotations

from dataclasses import dataclass

from jiangheng.rules.roles import Role


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
    """Everything that can happen to one kind of thing."""

    kind: str
    label: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    live: tuple[str, ...] = ()

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
