"""What becomes of answers that arrive late, twice or from two browsers (四（五）): nothing is lost, nothing overwritten.

An answer names the revision it was written upon. It is taken where that revision still stands; else it is *stale*: the
newer one stands and the text is kept beside it. A key of the sender's own makes sending again harmless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

MOST_AT_ONCE = 300
VALUE_LONGEST, KEY_LONGEST = 20, 60


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as sent: question from 1, value, the revision it was written upon (0 for none), a key of its own."""

    question: int
    value: str
    base: int
    key: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer of a question that counts now; ``revision`` 0 and an empty value where there is none yet."""

    value: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One answer that arrived: what was sent, whether it was taken, and the revision standing after it."""

    given: Given
    accepted: bool
    revision: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one answer: ``saved``, ``repeated`` (seen before) or ``stale`` (a newer one stands).

    ``value`` and ``revision`` are those standing now; a stale text is kept in ``yours``.
    """

    question: int
    key: str
    status: str
    revision: int
    value: str
    yours: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """``results`` in the order sent; ``events`` to be kept, new keys only; ``standing`` of the questions that changed."""

    results: tuple[Saved, ...]
    events: tuple[Event, ...]
    standing: Mapping[int, Standing]


def reconcile(
    given: Sequence[Given], standing: Mapping[int, Standing], known: Mapping[str, tuple[bool, str]]
) -> Reconciled:
    """Take ``given`` one after the other onto what is ``standing``, by question.

    ``known`` holds what already arrived, by key: whether it was taken, and its value. A key seen before, in an earlier
    call or in this one, changes nothing and answers with what stands.
    """
    now, heard = dict(standing), dict(known)
    results, events, changed = [], [], {}
    for each in given:
        stands = now.get(each.question, Standing())
        before = heard.get(each.key)
        if before is not None:
            accepted, value = before
            status = "repeated" if accepted else "stale"
            results.append(Saved(each.question, each.key, status, stands.revision, stands.value, value))
            continue
        accepted = each.base == stands.revision
        if accepted:
            stands = Standing(each.value, stands.revision + 1)
            now[each.question] = changed[each.question] = stands
        heard[each.key] = (accepted, each.value)
        events.append(Event(each, accepted, stands.revision))
        status = "saved" if accepted else "stale"
        results.append(Saved(each.question, each.key, status, stands.revision, stands.value, each.value))
    return Reconciled(tuple(results), tuple(events), changed)


def require_well_formed(given: Sequence[Given], questions: int) -> None:
    """Every answer is of one of the paper's ``questions`` and short enough. Refusal ``room.answer`` (422)."""
    if len(given) > MOST_AT_ONCE or not all(_well_formed(each, questions) for each in given):
        raise bad_answer()


def _well_formed(each: Given, questions: int) -> bool:
    return (
        1 <= each.question <= questions
        and each.base >= 0
        and 1 <= len(each.key) <= KEY_LONGEST
        and len(each.value) <= VALUE_LONGEST
        and all(ord(character) >= 32 for character in each.value + each.key)
    )


def bad_answer() -> Refusal:
    """What cannot be read as an answer; ``room.answer`` (422)."""
    return refuse(
        "room.answer",
        N_("答案格式不正确，没有保存。"),
        N_("请刷新页面后重新作答；仍有问题请举手示意。"),
        clause="四（五）",
        status=422,
    )
