"""Self-check, work lines and typed certificate numbers: what they say, and that silence is never "no"."""

from __future__ import annotations

from datetime import date

import pytest

from jiangheng.rules.conditions import claims, experience, selfcheck
from jiangheng.rules.conditions.eligibility import MET, NOT_EVIDENCED, NOT_MET
from jiangheng.rules.conditions.routes import route_sets
from jiangheng.rules.conditions.selfcheck import Answers, Held, Worked
from jiangheng.rules.readers import certificate_numbers
from jiangheng.rules.shipped_law import in_force

TODAY = date(2026, 11, 24)
LAW = in_force(TODAY)
CODE = "6-31-01-03"


def rungs(answers: Answers, ruleset: str = "R2023") -> dict[int, str]:
    person = selfcheck.facts(answers, CODE)
    return {
        rung.level: rung.judgement.verdict for rung in selfcheck.ladder(person, {CODE}, (1, 2, 3, 4, 5), ruleset, TODAY)
    }


def test_nothing_answered_is_never_not_eligible() -> None:
    for ruleset in ("R2018", "R2023"):
        assert set(rungs(Answers(), ruleset).values()) == {NOT_EVIDENCED}


def test_one_answer_alone_never_closes_a_level_with_other_ways_open() -> None:
    found = rungs(Answers(worked=()))
    assert found[4] == NOT_EVIDENCED  # 2023-4-3 by schooling is still unanswered
    assert found[3] == NOT_EVIDENCED


def test_the_highest_level_is_found_and_every_way_shut_is_a_no() -> None:
    answers = Answers(
        born=date(1990, 5, 1),
        held=(Held(4, date(2020, 3, 1)),),
        worked=(Worked(date(2015, 7, 1), None),),
        education="高中",
        title="无",
        apprentice=False,
    )
    person = selfcheck.facts(answers, CODE)
    found = selfcheck.ladder(person, {CODE}, (1, 2, 3, 4, 5), "R2023", TODAY)
    best = selfcheck.highest(found)
    assert best is not None
    assert (best.level, best.judgement.route) == (3, "2023-3-1")
    assert selfcheck.answering(found, None).level == 3
    two = selfcheck.answering(found, 2)
    assert two.judgement.verdict == NOT_MET
    assert two.judgement.nearest is not None


def test_months_are_read_to_the_careful_end() -> None:
    almost = Answers(worked=(Worked(date(2021, 12, 1), None),))
    assert rungs(almost)[4] != MET
    reached = Answers(worked=(Worked(date(2021, 11, 1), None),))
    assert rungs(reached)[4] == MET
    certificate = selfcheck.facts(Answers(held=(Held(5, date(2023, 11, 1)),)), CODE).certificates
    assert certificate is not None
    assert certificate[0].issued == date(2023, 11, 30)


def test_overlapping_work_counts_once_in_the_years_carried_over() -> None:
    spells = (Worked(date(2010, 1, 1), date(2014, 12, 1)), Worked(date(2012, 1, 1), date(2015, 12, 1)))
    assert selfcheck.years(spells, TODAY) == 6
    assert selfcheck.years((Worked(date(2025, 11, 1), None),), TODAY) == 1
    assert selfcheck.years((), TODAY) == 0


def test_only_questions_that_matter_are_asked() -> None:
    new, old = route_sets()["R2023"], route_sets()["R2018"]
    assert "apprentice" not in selfcheck.asked(new.for_level(4))
    assert "apprentice" in selfcheck.asked(old.for_level(5))
    assert "title" in selfcheck.asked(new.for_level(3))
    assert "title" not in selfcheck.asked(new.for_level(4))


def test_a_student_of_a_senior_class_counts_without_a_diploma() -> None:
    student = Answers(education="技校", school_class="高级工班", studying=True, related=True)
    assert rungs(student)[3] == MET
    plain = Answers(education="技校", studying=True, related=True)
    assert rungs(plain)[3] != MET
    unsure = Answers(education="技校", school_class="高级工班", studying=True)
    assert rungs(unsure)[3] == NOT_EVIDENCED


@pytest.mark.parametrize(
    ("number", "scheme", "year", "level", "province", "words"),
    [
        ("S000045000101234000015", "skill", 2023, 4, "45", "社会培训评价组织"),
        ("y0001 2300 0101 19 5 000001", "skill", 2019, 5, "23", "用人单位"),
        ("Ｓ000045000101234000015", "skill", 2023, 4, "45", "广西"),
        ("Y00004500010123T000001", "special", 2023, None, "45", "特级技师"),
        ("Y00004500010123S000001", "special", 2023, None, "45", "首席技师"),
        ("0845020001400123", "vocational", 2008, 4, "45", "四级/中级工"),
        ("9845020001300123", "vocational", 1998, 3, "45", "1998年核发"),
        ("0812345678901", "shanghai", None, None, "31", "人工核对"),
        ("Y0041GD0000012603001001", "legacy", None, None, "", "原样保留"),
        ("桂职鉴字第88号", "legacy", None, None, "", "原样保留"),
    ],
)
def test_a_typed_number_is_recognised_and_said_back(
    number: str, scheme: str, year: int | None, level: int | None, province: str, words: str
) -> None:
    parsed = certificate_numbers.parse(number, LAW)
    assert (parsed.scheme, parsed.year, parsed.level, parsed.province) == (scheme, year, level, province)
    message, places = certificate_numbers.told(parsed)
    assert words in (message % places if places else message)


def test_work_lines_are_read_and_written_back() -> None:
    text = "2012-04至2015-06 柳州示例机械厂 维修电工 证明人：韦示例\n2015年7月至今 示例物业 电工；在家务农"
    spells, rest = experience.read(text)
    assert [(each.unit, each.post, each.witness) for each in spells] == [
        ("柳州示例机械厂", "维修电工", "韦示例"),
        ("示例物业", "电工", ""),
    ]
    assert rest == "在家务农"
    assert experience.read(experience.write(spells, rest)) == (spells, rest)
    assert experience.read("2015-13至今 甲 乙") == ([], "2015-13至今 甲 乙")
    assert experience.read("2015-03至2014-01 甲 乙")[0] == []
    assert experience.read("")[0] == []


def test_a_witness_is_not_taken_for_the_occupation() -> None:
    values = {"简要经历": "2010-04至今 示例厂 电工 证明人：韦示例"}
    reading = claims.read(values, occupation="电工", related_majors=(), claimed_on=TODAY, law=LAW)
    assert reading.careful.employment is not None
    assert reading.careful.employment[0].occupation == "电工"


def test_the_form_tells_students_classes_and_training_hours() -> None:
    values = {"文化程度": "技校", "毕业或在读": "在读", "就读班级": "高级工班", "专业对应": "是", "培训学时": "360"}
    person = claims.read(values, occupation="电工", related_majors=(), claimed_on=TODAY, law=LAW).careful
    assert person.training_hours == 360
    assert person.education is not None
    assert (person.education[0].kind, person.education[0].enrolled) == ("senior_technical_school", True)
    left = claims.read(
        {**values, "毕业或在读": "毕业", "考生来源": "学校(在校生)", "毕业时间": "2020-07-01"},
        occupation="电工",
        related_majors=(),
        claimed_on=TODAY,
        law=LAW,
    ).careful
    assert left.education is not None
    assert not left.education[0].enrolled
