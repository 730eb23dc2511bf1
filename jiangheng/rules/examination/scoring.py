"""Marks and outcomes: each required subject must reach the pass mark; there is no weighted total (四（八）)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from jiangheng.rules.law import Law
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a candidate passed, which subjects failed, and which may be taken again in a make-up."""

    passed: bool
    failed: tuple[str, ...]
    makeup: tuple[str, ...]


def check_mark(text: str | int | Decimal, law: Law) -> Decimal:
    """A mark between 0 and the full mark in steps of ``mark_step``. Refusal ``mark.invalid`` (422)."""
    full, grain = Decimal(law.value("full_mark")), Decimal(law.value("mark_step"))
    try:
        mark = Decimal(str(text).strip())
    except InvalidOperation:
        mark = Decimal(-1)
    if not mark.is_finite() or not 0 <= mark <= full or mark % grain:
        raise refuse(
            "mark.invalid",
            N_("成绩应为0至%(full)s之间、以%(grain)s分为单位的数。"),
            N_("请核对评分表后重新填写。"),
            clause="四（八）",
            status=422,
            full=str(full),
            grain=str(grain),
        )
    return mark


def subject_passed(mark: Decimal | None, law: Law) -> bool:
    """True where a mark reaches the pass mark; absence (None) never does."""
    return mark is not None and mark >= Decimal(law.value("pass_mark"))


def outcome(marks: Mapping[str, Decimal | None], required: Sequence[str], law: Law) -> Outcome:
    """Passed only when every required subject passed; a make-up is for those who passed at least one."""
    failed = tuple(subject for subject in required if not subject_passed(marks.get(subject), law))
    some_passed = len(failed) < len(required)
    return Outcome(bool(required) and not failed, failed, failed if some_passed else ())


def examiners_mark(marks: Sequence[Decimal], law: Law) -> Decimal:
    """The mean of an odd number (at least three) of independent marks, rounded half up to ``mark_step``.

    Refusal ``mark.examiners`` (409) when they are too few or even in number.
    """
    least = law.value("skill_examiner_min")
    if len(marks) < least or (law.value("skill_examiner_odd") and len(marks) % 2 == 0):
        raise refuse(
            "mark.examiners",
            N_("技能成绩须由%(least)s名以上单数考评员独立评分，现有%(have)s名。"),
            N_("请等待其余考评员提交评分。"),
            clause="四（七）",
            least=least,
            have=len(marks),
        )
    grain = Decimal(law.value("mark_step"))
    mean = sum(marks, Decimal(0)) / len(marks)
    return (mean / grain).quantize(Decimal(1), ROUND_HALF_UP) * grain


def theory_mark(answers: Mapping[int, str], content: Sequence[Mapping[str, object]], law: Law) -> Decimal:
    """The machine mark of one paper: points of the questions answered exactly right, scaled to the full mark.

    ``content`` rows carry ``answer`` and ``points``; ``answers`` maps question number (from 1) to the value given.
    """
    total = sum((Decimal(str(row["points"])) for row in content), Decimal(0))
    if not total:
        return Decimal(0)
    right = sum(
        (
            Decimal(str(row["points"]))
            for number, row in enumerate(content, start=1)
            if "".join(sorted(answers.get(number, ""))) == "".join(sorted(str(row["answer"])))
        ),
        Decimal(0),
    )
    grain = Decimal(law.value("mark_step"))
    full = Decimal(law.value("full_mark"))
    return (right * full / total / grain).quantize(Decimal(1), ROUND_HALF_UP) * grain
