"""一: what is filed on a day: the row, its period and the standing of its filing, with days on each side."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jiangheng.rules.bodies import scopes
from jiangheng.rules.bodies.scopes import FiledRow, Halt, Wanted
from jiangheng.rules.refusal import Refusal

FIRST, LAST, DAY = date(2026, 1, 1), date(2028, 12, 31), date(2026, 7, 4)
ONE = timedelta(days=1)
WELDER = Wanted("6-18-02-04", "", 4, "焊工")
ELECTRICIAN = Wanted("6-31-01-03", "", 4, "电工")


def row(number: int = 1, **given: object) -> FiledRow:
    values = {
        "id": number,
        "filing": "柳备1号",
        "occupation_code": "6-31-01-03",
        "occupation_name": "电工",
        "job": "",
        "levels": "543",
        "since": FIRST,
        "until": LAST,
    }
    return FiledRow(**{**values, **given})


def refusal(rows: list[FiledRow], wanted: Wanted, day: date, **given: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        scopes.require(rows, wanted, day, body="示例机构", **given)
    assert (caught.value.status, caught.value.clause) == (409, "一")
    assert caught.value.advice()
    return caught.value


@pytest.mark.parametrize(
    ("day", "code"), [(FIRST - ONE, "scope.not_yet"), (FIRST, ""), (LAST, ""), (LAST + ONE, "scope.period")]
)
def test_a_period_includes_its_first_and_last_day(day: date, code: str) -> None:
    if code:
        assert refusal([row()], ELECTRICIAN, day).code == code
    else:
        assert scopes.require([row()], ELECTRICIAN, day, body="示例机构").id == 1


def test_too_early_and_too_late_say_which_and_what_helps() -> None:
    early = refusal([row()], ELECTRICIAN, FIRST - ONE)
    assert "自2026-01-01起生效" in early.sentence()
    late = refusal([row()], ELECTRICIAN, LAST + ONE)
    assert "已于2028-12-31到期" in late.sentence()
    assert "续期" in late.advice()


@pytest.mark.parametrize(
    ("day", "covered"),
    [(date(2026, 6, 30), True), (date(2026, 7, 1), False), (date(2026, 7, 31), False), (date(2026, 8, 1), True)],
)
def test_a_suspension_counts_from_its_first_to_its_last_day(day: date, covered: bool) -> None:
    halted = row(halts=(Halt(scopes.SUSPENDED, date(2026, 7, 1), date(2026, 7, 31)),))
    assert (scopes.covering([halted], ELECTRICIAN, day) is not None) is covered
    if not covered:
        found = refusal([halted], ELECTRICIAN, day)
        assert found.code == "scope.suspended"
        assert "柳备1号自2026-07-01起“暂停”" in found.sentence()


@pytest.mark.parametrize("kind", [scopes.SUSPENDED, scopes.RECTIFYING])
def test_a_halt_lasts_until_it_is_lifted(kind: str) -> None:
    halted = [row(halts=(Halt(kind, date(2026, 7, 1)),))]
    assert scopes.covering(halted, ELECTRICIAN, date(2026, 6, 30)) is not None
    assert refusal(halted, ELECTRICIAN, LAST).code == "scope.suspended"


def test_a_halt_lifted_the_day_it_began_never_counted() -> None:
    halted = row(halts=(Halt(scopes.SUSPENDED, DAY, DAY - ONE),))
    assert scopes.covering([halted], ELECTRICIAN, DAY) is not None


def test_the_day_of_the_deed_is_asked_as_well_as_the_day_of_examination() -> None:
    lifted_before = [row(halts=(Halt(scopes.SUSPENDED, date(2026, 6, 1), date(2026, 6, 30)),))]
    assert refusal(lifted_before, ELECTRICIAN, DAY, acting_on=date(2026, 6, 15)).code == "scope.suspended"
    assert scopes.require(lifted_before, ELECTRICIAN, DAY, body="x", acting_on=date(2026, 7, 1)).id == 1


@pytest.mark.parametrize(
    ("kind", "refused"), [(scopes.SUSPENDED, True), (scopes.RECTIFYING, False), (scopes.ENDED, False)]
)
def test_finishing_stops_only_while_suspended(kind: str, refused: bool) -> None:
    later = [row(halts=(Halt(kind, DAY + ONE),))]
    given = {"acting_on": DAY + 5 * ONE, "stopping": scopes.FINISHING}
    if refused:
        assert refusal(later, ELECTRICIAN, DAY, **given).code == "scope.suspended"
    else:
        assert scopes.require(later, ELECTRICIAN, DAY, body="x", **given).id == 1
    during = [row(halts=(Halt(kind, DAY),))]
    assert refusal(during, ELECTRICIAN, DAY, **given).code in ("scope.suspended", "scope.ended")


def test_an_ended_filing_covers_the_days_before_its_end_only() -> None:
    ended = [row(halts=(Halt(scopes.ENDED, DAY),))]
    assert scopes.covering(ended, ELECTRICIAN, DAY - ONE) is not None
    assert refusal(ended, ELECTRICIAN, DAY).code == "scope.ended"


def test_the_new_filing_takes_over_on_its_own_first_day() -> None:
    old = row(1, halts=(Halt(scopes.REPLACED, DAY),))
    new = row(2, filing="柳备2号", levels="5", since=DAY)
    assert scopes.require([old, new], ELECTRICIAN, DAY - ONE, body="x").filing == "柳备1号"
    assert scopes.require([old, new], Wanted("6-31-01-03", "", 5), DAY, body="x").filing == "柳备2号"
    assert refusal([old, new], ELECTRICIAN, DAY).code == "scope.ended"


def test_occupation_job_and_level_each_have_their_own_answer() -> None:
    lathe = row(2, occupation_code="6-18-01-01", occupation_name="车工", job="数控车床", levels="4")
    assert refusal([row(), lathe], WELDER, DAY).code == "scope.none"
    assert "电工（5、4、3级，2026-01-01至2028-12-31）" in refusal([row()], WELDER, DAY).sentence()
    assert refusal([row()], Wanted("6-31-01-03", "", 2), DAY).code == "scope.level"
    assert refusal([lathe], Wanted("6-18-01-01", "", 4), DAY).code == "scope.job"
    assert scopes.require([lathe], Wanted("6-18-01-01", "数控车床", 4), DAY, body="x").id == 2
    assert scopes.require([row()], Wanted("6-31-01-03", "任何工种", 4), DAY, body="x").id == 1
    assert "无" in refusal([], ELECTRICIAN, DAY).sentence()
