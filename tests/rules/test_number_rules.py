"""A rule for numbers that cannot be counted up, is not unique or cannot be read back is refused, with its own proof."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiangheng.rules import number_rules
from jiangheng.rules.number_rules import SERIES, fault
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

LAW = in_force(date(2026, 6, 1))


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("paper_number_rule", "YJ{year}-{serial}号"),
        ("paper_number_rule", "YJ{serial:04d}/{year}"),
        ("paper_number_rule", "YJ{year}{serial:05d}"),
        ("plan_number_rule", "柳{year}-{serial:04d}"),
        ("plan_number_rule", "{year}{serial:05d}"),
        ("plan_number_rule", "〔{year}〕{serial}"),
        ("plan_number_rule", "{year:04d}年第{serial}号"),
        ("plan_number_rule", "{{{serial}}}{year}"),
        ("receipt_number_rule", "{year}{body:04d}-{serial:06d}"),
        ("receipt_number_rule", "{body}/{year}{serial:06d}"),
        ("payment_order_number_rule", "JF{body}_{year}{serial:06d}"),
        ("ticket_number_rule", "{site}-{batch}-{room}-{seat}"),
        ("ticket_number_rule", "Z{site:03d}{batch:03d}{room:03d}{seat:03d}"),
    ],
)
def test_rules_that_may_be_kept(key: str, rule: str) -> None:
    assert fault(key, rule) is None
    assert LAW.overridden({key: rule}).value(key) == rule


@pytest.mark.parametrize(
    ("key", "rule", "kind", "shown"),
    [
        ("paper_number_rule", "{year}{serial}", "read", ("20261", "202611")),
        ("paper_number_rule", "{serial}{year}", "read", ("12026", "112026")),
        ("paper_number_rule", "YJ{serial:04d}{year}", "read", ("YJ00012026", "YJ111112026")),
        ("paper_number_rule", "YJ{year}-{serial}0", "read", ("YJ2026-10", "YJ2026-110")),
        ("paper_number_rule", "YJ{year}-１{serial}", "read", ("YJ2026-１1", "YJ2026-１11")),
        ("paper_number_rule", "YJ{year}", "count", ("YJ2026", "YJ2026")),
        ("paper_number_rule", "YJ{serial:05d}", "unique", ("YJ00001", "YJ00001")),
        ("receipt_number_rule", "SJ{year}{serial:06d}", "unique", ("SJ2026000001", "SJ2026000001")),
        ("receipt_number_rule", "SJ{body}-{serial}", "unique", ("SJ1-1", "SJ1-1")),
        ("receipt_number_rule", "SJ{year}{body:02d}{serial:03d}", "clash", ("SJ2026123456", "SJ2026123456")),
        ("receipt_number_rule", "SJ{year}-{serial}{body}", "clash", ("SJ2026-123", "SJ2026-123")),
        ("receipt_number_rule", "SJ{year}{body:04d}{serial:06d}", "clash", ("SJ202612345678912", "SJ202612345678912")),
        ("plan_number_rule", "JH {year}{serial:05d}", "sign", ("JH 202600001", "JH202600001")),
        ("plan_number_rule", "JH\u200b{year}{serial:05d}", "sign", ("JH\u200b202600001", "JH202600001")),
        ("payment_order_number_rule", "缴{year}{body:04d}-{serial}", "sign", ("缴20260001-1",)),
        ("plan_number_rule", "示例市职业技能等级认定计划编号长长长长长{year}-{serial:05d}", "long",
         ("示例市职业技能等级认定计划编号长长长长长2026-111111",)),
        ("ticket_number_rule", "{site}{batch}{room}{seat}", "clash", ("11111", "11111")),
        ("ticket_number_rule", "{year:02d}{site:04d}{batch:03d}{room:03d}", "clash", ("260001001001", "260001001001")),
        ("ticket_number_rule", "{year:02d}{site}-{batch:02d}-{room:02d}-{seat:02d}", "read",
         ("261-01-01-01", "2611-01-01-01")),
        ("ticket_number_rule", "{site:09d}{batch:09d}{room:09d}{seat:09d}", "long", None),
    ],
)  # read as a table  # fmt: skip
def test_rules_that_are_refused_show_two_numbers(key: str, rule: str, kind: str, shown: tuple[str, ...] | None) -> None:
    found = fault(key, rule)
    assert found is not None
    assert found.kind == kind
    assert shown is None or found.numbers == shown
    with pytest.raises(Refusal) as caught:
        LAW.overridden({key: rule})
    assert (caught.value.code, caught.value.status) == ("law.unfit", 422)
    assert caught.value.clause == LAW.rule(key).clause
    assert found.numbers[0] in caught.value.sentence()


@pytest.mark.parametrize(
    "rule",
    ["{nothing}", "{0}", "{serial", "{year:q}", "{serial:x}", "{serial:,}", "{serial:5d}", "{serial:*>5}", "{serial!r}",
     "{serial.real}", "{serial.denominator}", "{year}{body}-{serial}", "{year}-{serial}-{serial:05d}", "{serial:0099d}",
     "{serial:{year}}", "JH", "", "}", "{year[0]}{serial}"],
)  # read as a table  # fmt: skip
def test_what_is_no_rule_at_all_is_told_what_it_may_hold(rule: str) -> None:
    found = fault("plan_number_rule", rule)
    assert found is not None
    assert (found.kind, found.numbers) == ("shape", ())
    assert found.why.values["pieces"] == "{year} {serial}"


@pytest.mark.parametrize("series", [*SERIES, "ticket"])
def test_every_shipped_rule_may_be_kept(series: str) -> None:
    assert fault(f"{series}_number_rule", LAW.value(f"{series}_number_rule")) is None


# The oracle knows nothing of neighbours and widths: it makes the numbers and takes them apart in every possible way.
def readings(rule: str, number: str) -> list[dict[str, int]]:
    """Every way to read a number under a rule: the values that make it again."""
    found: list[dict[str, int]] = []

    def go(pieces: list[tuple[str, str | None]], rest: str, values: dict[str, int]) -> None:
        if not pieces:
            if not rest and rule.format(**values) == number:
                found.append(values)
            return
        (literal, name), *others = pieces
        if not rest.startswith(literal):
            return
        rest = rest[len(literal) :]
        if name is None:
            go(others, rest, values)
            return
        for size in range(1, len(rest) + 1):
            if not re.fullmatch(r"[0-9]+", rest[:size]):
                break
            value = int(rest[:size])
            if value and (name != "year" or 1000 <= value <= 9999):
                go(others, rest[size:], {**values, name: value})

    go([(literal, name) for literal, name, _spec, _conversion in Formatter().parse(rule)], number, {})
    return found


LITERALS = st.sampled_from(["", "", "YJ", "-", "/", "号", "0", "1", "A9", "年", "第"])
FIELDS = st.tuples(
    st.sampled_from(["year", "serial", "serial", "body"]), st.sampled_from(["", ":d", ":01d", ":02d", ":03d", ":05"])
)
RULES = st.lists(st.tuples(LITERALS, FIELDS), max_size=4).flatmap(
    lambda parts: LITERALS.map(
        lambda end: "".join(f"{literal}{{{name}{spec}}}" for literal, (name, spec) in parts) + end
    )
)
VALUES = (1, 2, 9, 10, 11, 12, 20, 26, 99, 100, 101, 111, 202, 999, 1000, 2026, 10_000, 12_026, 99_999, 100_000)


@settings(max_examples=400, deadline=None)
@given(RULES, st.sampled_from(["plan", "receipt"]))
def test_a_rule_is_kept_where_every_number_is_read_in_one_way_else_its_proof_holds(rule: str, series: str) -> None:
    counted = (*SERIES[series], "serial")
    found = fault(f"{series}_number_rule", rule)
    if found is None:
        space = {"year": (2026, 2027), "serial": VALUES, "body": VALUES if "body" in counted else (1,)}
        made: dict[str, dict[str, int]] = {}
        for each in product(*(space[name] for name in counted)):
            values = dict(zip(counted, each, strict=True))
            number = rule.format(**values)
            assert number not in made, (made.get(number), values)
            made[number] = values
        for number in list(made)[:: max(1, len(made) // 60)]:
            assert readings(rule, number) == [made[number]]
    elif found.kind in ("count", "unique"):
        first, second = found.numbers
        assert first == second
        missing = {"count": ["serial"], "unique": ["year", "body"]}[found.kind]
        assert any(name in counted and f"{{{name}" not in rule for name in missing)
    elif found.kind == "clash":
        first, second = found.numbers
        assert first == second
        assert len(readings(rule, first)) > 1
    elif found.kind == "read":
        assert len(set(found.numbers)) == 2
        piece = found.why.values["piece"].strip("{}")
        width = re.search(rf"\{{{piece}:0(\d)", rule)
        for number in found.numbers:
            ways = readings(rule, number)
            assert ways
            for way in ways:
                # The piece's own digits are no run of digits by themselves: nobody sees where they end.
                others = {name: 777 for name in way if name not in (piece, "year")}
                runs = re.findall(r"\d+", rule.format(**{**way, **others}))
                assert f"{way[piece]:0{int(width[1]) if width else 1}d}" not in runs
    else:
        assert found.kind == "shape"
        names = [name for _literal, name, _spec, _conversion in Formatter().parse(rule) if name]
        assert not names or len(set(names)) < len(names) or not set(names) <= set(counted)


@given(st.sampled_from(sorted(SERIES)), st.text(max_size=24))
def test_whatever_is_typed_is_judged(series: str, rule: str) -> None:
    found = fault(f"{series}_number_rule", rule)
    assert found is not None
    assert found.why.text
    assert number_rules.fault("ticket_number_rule", rule) is not None
