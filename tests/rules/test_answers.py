"""Answers that arrive late, twice or from two browsers (四（五）): a plain model decides what must come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.examination.answers import (
    MOST_AT_ONCE,
    VALUE_LONGEST,
    Given,
    Reconciled,
    Standing,
    reconcile,
    require_well_formed,
)
from jiangheng.rules.refusal import Refusal

ANSWERS = st.lists(
    st.builds(
        Given,
        question=st.integers(1, 3),
        value=st.sampled_from(["", "A", "B", "CD"]),
        base=st.integers(0, 4),
        key=st.sampled_from([f"k{number}" for number in range(12)]),
    ),
    max_size=14,
)
STANDING = st.dictionaries(
    st.integers(1, 3), st.builds(Standing, value=st.sampled_from(["A", "B"]), revision=st.integers(1, 3))
)


def after(
    standing: Mapping[int, Standing], known: Mapping[str, tuple[bool, str]], found: Reconciled
) -> tuple[dict[int, Standing], dict[str, tuple[bool, str]]]:
    """What the database holds once the outcome is written."""
    heard = {event.given.key: (event.accepted, event.given.value) for event in found.events}
    return {**standing, **found.standing}, {**known, **heard}


def once(answers: Sequence[Given]) -> list[Given]:
    """The answers as one browser sends them: a key stands for one answer."""
    return list({each.key: each for each in answers}.values())


@given(STANDING, ANSWERS)
def test_each_new_key_is_one_event_and_nothing_is_lost(standing: dict[int, Standing], sent: list[Given]) -> None:
    found = reconcile(sent, standing, {})
    assert [event.given for event in found.events] == [
        each for place, each in enumerate(sent) if each.key not in {before.key for before in sent[:place]}
    ]
    assert [(each.question, each.key) for each in found.results] == [(each.question, each.key) for each in sent]
    first = {event.given.key: event.given.value for event in found.events}
    assert all(each.yours == first[each.key] for each in found.results)


@given(STANDING, ANSWERS)
def test_the_last_taken_answer_of_a_question_stands_and_revisions_count_those_taken(
    standing: dict[int, Standing], sent: list[Given]
) -> None:
    found = reconcile(sent, standing, {})
    for question in (1, 2, 3):
        taken = [event.given.value for event in found.events if event.accepted and event.given.question == question]
        before = standing.get(question, Standing())
        if taken:
            assert found.standing[question] == Standing(taken[-1], before.revision + len(taken))
        else:
            assert question not in found.standing


@given(STANDING, ANSWERS)
def test_an_answer_is_taken_just_when_what_it_was_written_upon_still_stands(
    standing: dict[int, Standing], sent: list[Given]
) -> None:
    revisions = {question: stands.revision for question, stands in standing.items()}
    for event in reconcile(sent, standing, {}).events:
        stood = revisions.get(event.given.question, 0)
        assert event.accepted == (event.given.base == stood)
        revisions[event.given.question] = stood + event.accepted
        assert event.revision == revisions[event.given.question]


@given(STANDING, ANSWERS)
def test_sending_all_of_it_again_changes_nothing_and_says_the_same(
    standing: dict[int, Standing], sent: list[Given]
) -> None:
    found = reconcile(sent, standing, {})
    stands, known = after(standing, {}, found)
    again = reconcile(sent, stands, known)
    assert (again.events, dict(again.standing)) == ((), {})
    for first, second in zip(found.results, again.results, strict=True):
        assert second.status == ("stale" if first.status == "stale" else "repeated")
        assert (second.yours, second.key) == (first.yours, first.key)
        assert (second.value, second.revision) == (
            stands.get(second.question, Standing()).value,
            stands.get(second.question, Standing()).revision,
        )


@given(STANDING, ANSWERS, st.integers(0, 14))
def test_two_calls_are_as_one(standing: dict[int, Standing], sent: list[Given], cut: int) -> None:
    whole = reconcile(sent, standing, {})
    first = reconcile(sent[:cut], standing, {})
    stands, known = after(standing, {}, first)
    second = reconcile(sent[cut:], stands, known)
    assert first.events + second.events == whole.events
    assert first.results + second.results == whole.results
    assert after(stands, known, second)[0] == after(standing, {}, whole)[0]


@given(STANDING, ANSWERS, st.permutations([1, 2, 3]))
def test_questions_do_not_disturb_each_other(
    standing: dict[int, Standing], sent: list[Given], order: list[int]
) -> None:
    answers = once(sent)
    apart = [each for question in order for each in answers if each.question == question]
    mixed, plain = reconcile(apart, standing, {}), reconcile(answers, standing, {})
    assert dict(mixed.standing) == dict(plain.standing)
    assert {each.key: each for each in mixed.results} == {each.key: each for each in plain.results}


def test_a_stale_text_is_kept_beside_the_newer_one() -> None:
    found = reconcile([Given(1, "A", 0, "mine")], {1: Standing("B", 2)}, {})
    assert [(each.status, each.value, each.revision, each.yours) for each in found.results] == [("stale", "B", 2, "A")]
    assert (dict(found.standing), found.events[0].accepted) == ({}, False)


@pytest.mark.parametrize(
    "wrong",
    [
        Given(0, "A", 0, "k"),
        Given(4, "A", 0, "k"),
        Given(1, "A", -1, "k"),
        Given(1, "A", 0, ""),
        Given(1, "A", 0, "k" * 61),
        Given(1, "A" * (VALUE_LONGEST + 1), 0, "k"),
        Given(1, "A\n", 0, "k"),
        Given(1, "A", 0, "k\x00"),
    ],
)
def test_what_is_no_answer_of_this_paper_is_refused(wrong: Given) -> None:
    require_well_formed([Given(3, "A" * VALUE_LONGEST, 0, "k" * 60)] * MOST_AT_ONCE, 3)
    for sent in ([wrong], [Given(1, "A", 0, "k"), wrong], [Given(1, "A", 0, "k")] * (MOST_AT_ONCE + 1)):
        with pytest.raises(Refusal) as caught:
            require_well_formed(sent, 3)
        assert (caught.value.code, caught.value.status, caught.value.clause) == ("room.answer", 422, "四（五）")
