"""Who may sit (三（一）): the route tables and what each rule of counting says, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.conditions import eligibility, routes, work_time
from jiangheng.rules.conditions.eligibility import (
    MET,
    NOT_EVIDENCED,
    NOT_MET,
    Education,
    Employment,
    HeldCertificate,
    HeldTitle,
    PersonFacts,
    judge,
)
from jiangheng.rules.conditions.eligibility_words import said, sentence
from jiangheng.rules.refusal import Refusal
from tests.rules.eligibility_oracle import TABLE, anniversary

ELECTRICIAN, RELATED, OTHER = "6-31-01-03", "6-31-01-04", "4-03-02-01"
OCCUPATION = (ELECTRICIAN, RELATED)
AS_OF = date(2026, 6, 1)


@pytest.mark.parametrize("ruleset", TABLE)
def test_every_route_of_the_table_is_shipped_with_its_text(ruleset: str) -> None:
    shipped = routes.route_sets()[ruleset]
    assert [route.id for route in shipped.routes] == sorted(
        TABLE[ruleset], key=lambda name: (-TABLE[ruleset][name]["level"], name)
    )
    for route in shipped.routes:
        assert route.level == TABLE[ruleset][route.id]["level"]
        assert route.text.endswith("。")
        assert route.evidence or route.id == "2023-5-1"
        assert shipped.route(route.id) is route
    assert shipped.instrument == f"route-template-{ruleset.removeprefix('R').removeprefix('-')}"
    for default in shipped.defaults:
        found = shipped.route(default.route)
        assert found is not None
        assert getattr(found, default.field)
        assert default.label.startswith("默认值")


@given(st.dates(date(1990, 1, 1), date(2020, 12, 31)), st.integers(0, 240), st.integers(-40, 40))
def test_whole_months_end_on_the_anniversary(start: date, months: int, days: int) -> None:
    end = eligibility.add_months(start, months) + timedelta(days=days)
    count = eligibility.whole_months(start, end)
    assert anniversary(start, count) <= end or (count == 0 and end < start)
    assert anniversary(start, count + 1) > end


def verdict(
    person: PersonFacts, level: int, as_of: date = AS_OF, route: str | None = None, ruleset: str = "R2023"
) -> str:
    return judge(person, OCCUPATION, level, ruleset, as_of, route_id=route).verdict


def worked(*spells: tuple[str, str | None], occupation: str = ELECTRICIAN) -> tuple[Employment, ...]:
    return tuple(
        Employment(occupation, date.fromisoformat(start), date.fromisoformat(to) if to else None)
        for start, to in spells
    )


def test_a_period_counts_on_its_anniversary_and_not_the_day_before() -> None:
    person = PersonFacts(employment=worked(("2021-06-01", None)))
    assert verdict(person, 4, date(2026, 6, 1), "2023-4-1") == MET
    assert verdict(person, 4, date(2026, 5, 31), "2023-4-1") == NOT_MET


def test_overlapping_employment_counts_once() -> None:
    person = PersonFacts(employment=worked(("2021-06-01", "2024-05-31"), ("2022-01-01", "2024-05-31")))
    assert verdict(person, 4, route="2023-4-1") == NOT_MET
    joined = PersonFacts(employment=worked(("2021-06-01", "2024-05-31"), ("2024-06-01", None)))
    assert verdict(joined, 4, route="2023-4-1") == MET


def test_only_work_after_the_certificate_counts_after_it() -> None:
    person = PersonFacts(
        certificates=(HeldCertificate(ELECTRICIAN, 5, "skill", date(2024, 1, 1)),),
        employment=worked(("2010-01-01", None)),
    )
    found = judge(person, OCCUPATION, 4, "R2023", AS_OF, route_id="2023-4-2")
    assert found.verdict == NOT_MET
    assert found.earliest == date(2027, 1, 1)
    assert found.nearest is not None
    assert [(row.condition, row.detail) for row in found.nearest.missing] == [
        ("after", {"needed": 3, "have_months": 29})
    ]
    assert found.nearest.evidence == ("certificate", "work_years")


def test_both_kinds_of_certificate_count_alike_but_not_another_occupation() -> None:
    held = HeldCertificate(RELATED, 5, "vocational", date(2020, 1, 1))
    person = PersonFacts(certificates=(held,), employment=worked(("2020-01-01", None)))
    assert verdict(person, 4, route="2023-4-2") == MET
    other = replace(person, certificates=(replace(held, occupation=OTHER),))
    assert verdict(other, 4, route="2023-4-2") == NOT_MET


def test_the_prior_certificate_is_one_level_lower() -> None:
    held = HeldCertificate(ELECTRICIAN, 4, "skill", date(2010, 1, 1))
    person = PersonFacts(certificates=(held,), employment=worked(("2010-01-01", None)))
    assert verdict(person, 2, route="2023-2-1") == NOT_MET
    assert verdict(person, 3, route="2023-3-2") == MET


def test_a_student_qualifies_before_the_diploma_where_the_route_says_so() -> None:
    student = PersonFacts(education=(Education("college", major_related=True, enrolled=True),))
    assert verdict(student, 4, route="2023-4-3") == MET
    held = replace(student, certificates=(HeldCertificate(ELECTRICIAN, 4, "skill", date(2025, 1, 1)),))
    assert verdict(held, 3, route="2018-3-3", ruleset="R2018") == NOT_MET


def test_a_diploma_to_come_gives_the_earliest_date() -> None:
    person = PersonFacts(education=(Education("college", major_related=True, graduated=date(2026, 7, 1)),))
    assert judge(person, OCCUPATION, 4, "R2023", AS_OF, route_id="2023-4-3").earliest == date(2026, 7, 1)


def test_a_graduate_of_the_pre_technician_class_is_no_longer_its_student() -> None:
    held = (HeldCertificate(ELECTRICIAN, 3, "skill", date(2020, 1, 1)),)
    student = PersonFacts(
        certificates=held, education=(Education("pre_technician_class", major_related=True, enrolled=True),)
    )
    graduate = PersonFacts(
        certificates=held,
        education=(Education("pre_technician_class", major_related=True, graduated=date(2025, 7, 1)),),
    )
    assert verdict(student, 2, route="2023-2-5") == MET
    assert verdict(graduate, 2, route="2023-2-5") == NOT_MET


def test_an_unproven_match_of_a_title_stays_open() -> None:
    titles = (
        HeldTitle("junior", date(2026, 5, 1), matching=True),
        HeldTitle("junior", date(2010, 1, 1), matching=None),
    )
    person = PersonFacts(titles=titles, employment=worked(("2009-01-01", None)))
    assert verdict(person, 3, route="2023-3-3") == NOT_EVIDENCED


def test_what_was_not_answered_is_not_a_no() -> None:
    found = judge(PersonFacts(), OCCUPATION, 4, "R2023", AS_OF)
    assert found.verdict == NOT_EVIDENCED
    assert not found.eligible
    assert {row.state for row in found.conditions} == {NOT_EVIDENCED}
    assert found.nearest is not None


def test_an_answer_of_none_is_a_no() -> None:
    nobody = PersonFacts(date(2015, 1, 1), (), (), (), (), apprenticeship_completed=False, training_hours=0)
    for ruleset, rows in TABLE.items():
        for level in {row["level"] for row in rows.values()}:
            assert judge(nobody, OCCUPATION, level, ruleset, AS_OF).verdict == NOT_MET
    assert judge(nobody, OCCUPATION, 5, "R2023", AS_OF).earliest == date(2031, 1, 1)


def test_every_condition_has_a_word_and_quotes_its_route() -> None:
    for ruleset in TABLE:
        for level in (5, 4, 3, 2, 1):
            for row in judge(PersonFacts(), OCCUPATION, level, ruleset, AS_OF).conditions:
                assert eligibility.LABELS[row.condition]
                route = routes.route_sets()[ruleset].route(row.route)
                assert route is not None
                assert row.clause == route.text


def test_one_occupation_may_be_named_alone() -> None:
    person = PersonFacts(employment=worked(("2010-01-01", None)))
    assert judge(person, ELECTRICIAN, 4, "R2023", AS_OF).eligible
    route = routes.route_sets()["R2023"].route("2023-4-1")
    assert route is not None
    assert eligibility.check_route(route, person, ELECTRICIAN, AS_OF)[0].state == MET


@pytest.mark.parametrize(
    ("ruleset", "route", "code"),
    [("R1999", None, "ruleset.unknown"), ("R2023", "2023-9-9", "route.unknown"), ("R2023", "2023-3-1", "route.level")],
)
def test_refusals(ruleset: str, route: str | None, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        judge(PersonFacts(), OCCUPATION, 4, ruleset, AS_OF, route_id=route)
    assert (caught.value.code, caught.value.status, caught.value.clause) == (code, 422, "三（一）")
    assert caught.value.sentence()


def legacy(person: PersonFacts, level: int, route: str, as_of: date = AS_OF) -> str:
    return verdict(person, level, as_of, route, "R-legacy")


def test_consecutive_work_is_broken_by_a_single_day() -> None:
    held = (HeldCertificate(ELECTRICIAN, 5, "vocational", date(2015, 1, 1)),)
    broken = PersonFacts(
        certificates=held, employment=worked(("2016-01-01", "2018-12-31"), ("2019-01-02", "2021-12-31"))
    )
    whole = replace(broken, employment=worked(("2016-01-01", "2018-12-31"), ("2019-01-01", "2020-12-31")))
    assert legacy(broken, 4, "L-4-2") == NOT_MET
    assert legacy(whole, 4, "L-4-2") == MET


def test_a_tolerated_gap_does_not_break_the_run() -> None:
    lenient = routes.effective("R-legacy", [{"change": "L-4-3", "set": {"consecutive": 5, "gap_days": 30}}])
    person = PersonFacts(employment=worked(("2016-01-01", "2018-12-31"), ("2019-01-31", "2020-12-31")))
    later = PersonFacts(employment=worked(("2016-01-01", "2018-12-31"), ("2019-02-01", "2020-12-31")))
    assert judge(person, OCCUPATION, 4, lenient, AS_OF, route_id="L-4-3").verdict == MET
    assert judge(later, OCCUPATION, 4, lenient, AS_OF, route_id="L-4-3").verdict == NOT_MET


def test_a_run_across_a_gap_is_reached_on_the_day_work_is_taken_up_again() -> None:
    lenient = routes.effective("R-legacy", [{"change": "L-4-3", "set": {"consecutive": 1, "gap_days": 60}}])
    person = PersonFacts(employment=worked(("2025-07-01", "2026-06-10"), ("2026-07-20", None)))
    found = judge(person, OCCUPATION, 4, lenient, AS_OF, route_id="L-4-3")
    assert found.earliest == date(2026, 7, 20)
    assert judge(person, OCCUPATION, 4, lenient, date(2026, 7, 20), route_id="L-4-3").eligible
    assert not judge(person, OCCUPATION, 4, lenient, date(2026, 7, 19), route_id="L-4-3").eligible


def test_training_is_by_the_hours_of_the_level() -> None:
    assert legacy(PersonFacts(training_hours=400), 5, "L-5-2") == MET
    assert legacy(PersonFacts(training_hours=399), 5, "L-5-2") == NOT_MET
    assert legacy(PersonFacts(), 5, "L-5-2") == NOT_EVIDENCED


def test_a_job_that_ends_does_not_go_on_for_the_earliest_day() -> None:
    contract = PersonFacts(employment=worked(("2022-06-01", "2026-12-31")))
    assert judge(contract, OCCUPATION, 4, "R2023", AS_OF, route_id="2023-4-1").earliest is None
    goes_on = PersonFacts(employment=worked(("2022-06-01", None)))
    assert judge(goes_on, OCCUPATION, 4, "R2023", AS_OF, route_id="2023-4-1").earliest == date(2027, 6, 1)


def test_facts_to_come_count_from_their_own_day() -> None:
    person = PersonFacts(
        certificates=(HeldCertificate(ELECTRICIAN, 5, "skill", date(2026, 9, 1)),),
        employment=worked(("2010-01-01", None)),
    )
    found = judge(person, OCCUPATION, 4, "R2023", AS_OF, route_id="2023-4-2")
    assert {row.state for row in found.conditions} == {NOT_MET}
    assert found.earliest == date(2029, 9, 1)


def test_who_graduates_before_the_certificate_is_old_enough_never_qualifies_as_a_student() -> None:
    held = (HeldCertificate(ELECTRICIAN, 3, "skill", date(2025, 1, 1)),)
    school = Education("pre_technician_class", major_related=True, enrolled=True, graduated=date(2026, 7, 1))
    person = PersonFacts(certificates=held, education=(school,))
    assert judge(person, OCCUPATION, 2, "R2023", AS_OF, route_id="2023-2-5").earliest is None
    later = replace(person, education=(replace(school, graduated=date(2027, 7, 1)),))
    assert judge(later, OCCUPATION, 2, "R2023", AS_OF, route_id="2023-2-5").earliest == date(2027, 1, 1)


def test_a_leap_day_turns_sixteen_on_its_own_day_or_the_month_s_last() -> None:
    assert verdict(PersonFacts(born=date(2008, 2, 29)), 5, date(2024, 2, 29), "2023-5-1") == MET
    assert verdict(PersonFacts(born=date(2008, 2, 29)), 5, date(2024, 2, 28), "2023-5-1") == NOT_MET
    eighteen = routes.effective("R2023", [{"change": "2023-5-1", "set": {"min_age": 18}}])
    found = judge(PersonFacts(born=date(2008, 2, 29)), OCCUPATION, 5, eighteen, date(2026, 1, 1), route_id="2023-5-1")
    assert found.earliest == date(2026, 2, 28)


def test_a_pre_technician_certificate_is_no_level_certificate() -> None:
    person = PersonFacts(
        certificates=(HeldCertificate(ELECTRICIAN, 3, "pre-technician", date(2015, 7, 1)),),
        employment=worked(("2015-07-01", None)),
        education=(Education("technician_college", major_related=True, graduated=date(2015, 7, 1)),),
    )
    assert verdict(person, 2, route="2023-2-1") == NOT_MET
    assert verdict(person, 2, route="2018-2-2b", ruleset="R2018") == MET


def test_whether_someone_graduated_may_be_an_open_question() -> None:
    person = PersonFacts(education=(Education("college", major_related=True, enrolled=None, graduation_unknown=True),))
    assert verdict(person, 4, route="2023-4-3") == NOT_EVIDENCED
    assert (
        verdict(replace(person, education=(Education("college", major_related=True),)), 4, route="2023-4-3") == NOT_MET
    )


@pytest.mark.parametrize("ruleset", TABLE)
def test_every_standing_of_every_condition_reads_as_a_sentence(ruleset: str) -> None:
    people = [
        PersonFacts(),
        PersonFacts(date(2000, 1, 1), (), (), (), (), apprenticeship_completed=False, training_hours=0),
        PersonFacts(
            date(2000, 1, 1),
            tuple(HeldCertificate(ELECTRICIAN, level, issued=date(2010, 1, 1)) for level in (5, 4, 3, 2)),
            worked(("2010-01-01", None)),
            tuple(HeldTitle(grade, date(2010, 1, 1)) for grade in ("junior", "middle", "senior")),
            (
                Education("college", None, enrolled=True),
                Education("pre_technician_class", major_related=True, enrolled=None),
            ),
            apprenticeship_completed=True,
            training_hours=500,
        ),
    ]
    for person in people:
        for level in (5, 4, 3, 2, 1):
            for row in judge(person, OCCUPATION, level, ruleset, AS_OF).conditions:
                said = sentence(row.condition, row.state, row.detail)
                assert said
                assert "%" not in said
                assert "None" not in said


def test_the_sentence_says_what_is_there_and_what_is_needed() -> None:
    assert sentence("cum", NOT_MET, {"needed": 4, "have_months": 27}) == "累计工作已满 2 年 3 个月，需满 4 年"
    assert sentence("cert", NOT_MET, {"needed": 4, "have": 5}) == "所持证书为五级/初级工，需四级/中级工证书"


def test_a_level_without_routes_is_refused() -> None:
    one = routes.effective("R2018", [{"remove": "2018-1-1"}])
    with pytest.raises(Refusal) as caught:
        judge(PersonFacts(), OCCUPATION, 1, one, AS_OF)
    assert caught.value.code == "level.none"


def states(person: PersonFacts, level: int, ruleset: str, route: str, as_of: date = AS_OF) -> dict[str, str]:
    found = judge(person, OCCUPATION, level, ruleset, as_of, route_id=route)
    return {row.condition: row.state for row in found.conditions}


def test_a_certificate_without_its_day_is_neither_held_nor_missing() -> None:
    undated = PersonFacts(certificates=(HeldCertificate("6-31-01-03", 4),), employment=())
    school = (Education("college", major_related=True, graduated=date(2020, 7, 1)),)
    person = replace(undated, education=school)
    assert states(person, 3, "R2023", "2023-3-5") == {"cert": "not_evidenced", "edu": "met"}
    found = judge(person, OCCUPATION, 3, "R2023", AS_OF, route_id="2023-3-5")
    assert (found.verdict, found.earliest) == ("not_evidenced", None)
    sentence = said("cert", "not_evidenced", found.nearest.missing[0].detail if found.nearest else {})
    assert "发证日期" in sentence[0]
    dated = HeldCertificate("6-31-01-03", 4, issued=AS_OF)
    both = replace(person, certificates=(*(person.certificates or ()), dated))
    assert states(both, 3, "R2023", "2023-3-5")["cert"] == "met"
    to_come = replace(person, certificates=(*(person.certificates or ()), replace(dated, issued=date(2027, 1, 1))))
    assert states(to_come, 3, "R2023", "2023-3-5")["cert"] == "not_evidenced"


def test_yearly_contracts_with_days_between_lose_no_month_a_year() -> None:
    contracts = tuple(Employment("6-31-01-03", date(year, 1, 4), date(year, 12, 31)) for year in range(2019, 2024))
    jobs = (*contracts, Employment("6-31-01-03", date(2024, 1, 4)))
    # 11 months and 28 days five times over: 55 months and 140 days, four months more and 20 days left.
    person = PersonFacts(employment=jobs)
    five = judge(person, OCCUPATION, 4, "R2023", date(2024, 1, 14), route_id="2023-4-1")
    assert (five.verdict, five.earliest) == ("met", date(2024, 1, 14))
    before = judge(person, OCCUPATION, 4, "R2023", date(2024, 1, 13), route_id="2023-4-1")
    assert (before.verdict, before.earliest) == ("not_met", date(2024, 1, 14))
    assert before.conditions[0].detail["have_months"] == 59


def test_one_stretch_waits_for_its_anniversary() -> None:
    person = PersonFacts(employment=(Employment("6-31-01-03", date(2021, 6, 2)),))
    assert not judge(person, OCCUPATION, 4, "R2023", date(2026, 6, 1), route_id="2023-4-1").eligible
    assert judge(person, OCCUPATION, 4, "R2023", date(2026, 6, 2), route_id="2023-4-1").eligible


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 500)), min_size=1, max_size=6),
    st.integers(0, 3000),
    st.integers(1, 80),
)
def test_the_sum_of_stretches_grows_and_reaches_its_day(gaps: list[tuple[int, int]], on: int, months: int) -> None:
    jobs, day = [], date(2010, 1, 31)
    for gap, length in gaps:
        start = day + timedelta(days=gap)
        jobs.append((start, start + timedelta(days=length - 1)))
        day = start + timedelta(days=length)
    work = work_time.spells(jobs)
    today = date(2010, 1, 1) + timedelta(days=on)
    now, floor = (
        work_time.months_worked(work, today),
        sum(work_time.whole_months(a, min(b, today)) for a, b in work if a <= today),
    )
    assert floor <= now <= floor + len(work) - 1
    assert now <= work_time.months_worked(work, today + timedelta(days=1))
    reached = work_time.day_worked(work, months)
    if reached is None:
        assert work_time.months_worked(work, date(2100, 1, 1)) < months
    else:
        assert work_time.months_worked(work, reached) >= months
        assert work_time.months_worked(work, reached - timedelta(days=1)) < months


@pytest.mark.parametrize(("route", "level"), [("2018-4-3a", 4), ("2018-3-2a", 3)])
def test_only_the_final_year_counts_where_the_text_says_final_year(route: str, level: int) -> None:
    def stands(graduated: date | None, as_of: date = AS_OF, *, unknown: bool = False) -> tuple[str, date | None]:
        school = Education(
            "technician_college", major_related=True, enrolled=True, graduated=graduated, graduation_unknown=unknown
        )
        found = judge(PersonFacts(education=(school,)), OCCUPATION, level, "R2018", as_of, route_id=route)
        return next((row.state, row.earliest) for row in found.conditions if row.condition == "edu")

    assert stands(date(2027, 6, 1), date(2026, 6, 1)) == ("met", date(2026, 6, 1))
    assert stands(date(2027, 6, 2), date(2026, 6, 1)) == ("not_met", date(2026, 6, 2))
    assert stands(date(2029, 7, 1), date(2026, 6, 1)) == ("not_met", date(2028, 7, 1))
    assert stands(date(2026, 5, 31), date(2026, 6, 1))[0] == "met"
    assert stands(None) == ("not_evidenced", None)
    assert stands(None, unknown=True) == ("not_evidenced", None)


def test_the_rows_of_2023_take_every_student() -> None:
    school = Education("technical_school", major_related=True, enrolled=True, graduated=date(2030, 7, 1))
    person = PersonFacts(education=(school,))
    assert judge(person, OCCUPATION, 4, "R2023", date(2026, 6, 1), route_id="2023-4-3").eligible
    assert all(row.final_year is None for row in routes.route_set("R2023").routes)


def test_the_months_of_the_final_year_are_a_labelled_default() -> None:
    shipped = routes.route_set("R2018")
    asking = {row.id for row in shipped.routes if row.final_year is not None}
    assert asking == {"2018-4-3a", "2018-4-3b", "2018-3-2a", "2018-3-2b"}
    assert asking == {row.route for row in shipped.defaults if row.field == "final_year"}
    assert all("在校应届毕业生" in row.text for row in shipped.routes if row.id in asking)


def test_a_certificate_under_a_name_not_listed_is_told_that_a_former_name_counts() -> None:
    held = HeldCertificate("维修电工", 4, "vocational", date(2012, 5, 1))
    school = (Education("college", major_related=True, graduated=date(2020, 7, 1)),)
    person = PersonFacts(certificates=(held,), education=school)
    found = judge(person, OCCUPATION, 3, "R2023", AS_OF, route_id="2023-3-5").conditions[0]
    assert (found.state, found.detail["other"]) == ("not_met", "维修电工")
    told = sentence(found.condition, found.state, found.detail)
    assert "“维修电工”" in told
    assert "更名依据" in told
    # Listed as a former name, it is the occupation's own.
    assert judge(person, (*OCCUPATION, "维修电工"), 3, "R2023", AS_OF, route_id="2023-3-5").eligible
    # A certificate that would not fit anyway, or one to come, gets no such hint.
    for other in (replace(held, level=5), replace(held, issued=date(2027, 1, 1))):
        unfit = replace(person, certificates=(other,))
        assert "other" not in judge(unfit, OCCUPATION, 3, "R2023", AS_OF, route_id="2023-3-5").conditions[0].detail
