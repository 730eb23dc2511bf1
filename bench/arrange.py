"""Arranging by size: seconds to a lawful arrangement, the checker's violations, and a second solver on the same models.

``python -m bench.arrange [--sizes 125x6x24,500x20x60] [--instances 3] [--compare]``; sizes are candidates x rooms x staff.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from typing import Any

from ortools.sat.python import cp_model

from bench import machine
from jiangheng.rules.arrangement import checking, explaining, reading, solving
from jiangheng.rules.arrangement.model import ALL, POST, aim, build
from jiangheng.rules.shipped_law import in_force
from tests.rules.arrangement_cases import made, realistic

IN_FORCE = in_force(date(2026, 11, 24))
LIMIT = 120.0


def solved(data: dict[str, Any]) -> tuple[float, float, str, int]:
    """Wall and CPU seconds of reading and solving, the status, and how many violations the checker finds."""
    wall, cpu = time.perf_counter(), time.process_time()
    instance = reading.read(data)
    solution = solving.solve(instance, IN_FORCE, seconds=LIMIT)
    document = explaining.document(instance, solution, IN_FORCE, str)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    values = solving.parameters(instance, IN_FORCE)
    found = len(checking.violations(data, document, values)) if solution.status == solving.ARRANGED else 0
    return wall, cpu, solution.status, found


def by_size(sizes: Sequence[tuple[int, int, int]], instances: int) -> None:
    """One row a size."""
    print("| candidates | rooms | sittings | staff | arranged | s, median | s, worst | CPU s, worst | violations |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for candidates, rooms, people in sizes:
        rows = []
        for number in range(instances):
            data = realistic(number, candidates=candidates, rooms=rooms, people=people)
            rows.append(solved(data))
        walls = [row[0] for row in rows]
        arranged = sum(row[2] == solving.ARRANGED for row in rows)
        print(
            f"| {candidates} | {rooms} | {len(data['sittings'])} | {people} | {arranged}/{instances} "
            f"| {statistics.median(walls):.1f} | {max(walls):.1f} | {max(row[1] for row in rows):.1f} "
            f"| {sum(row[3] for row in rows)} |",
            flush=True,
        )


def first_model(data: dict[str, Any], *, fewest: bool = False, seats: bool = False) -> cp_model.CpModel | None:
    """Numbers and people of an instance, with or without what lies on every seat: what both solvers are asked."""
    instance = reading.read(data)
    drawn = frozenset(instance.sittings) if seats else frozenset()
    found = build(instance, solving.parameters(instance, IN_FORCE), ALL, drawn)
    if found and fewest:
        aim(instance, found)
    return found.model if found else None


def by_cp_sat(model: cp_model.CpModel, limit: float) -> tuple[float, str]:
    clock, began = solving.Clock(limit), time.process_time()
    _solver, outcome = clock.run(model, solving.WORK, POST - 1)
    return time.process_time() - began, {
        cp_model.OPTIMAL: "possible",
        cp_model.INFEASIBLE: "impossible",
    }.get(outcome, "time out")


def by_highs(model: cp_model.CpModel, limit: float) -> tuple[float, str]:
    """The same constraints written as a mixed integer programme; an answer is put back into the first model and tried."""
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - its signature
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", limit)
    solver.setOptionValue("mip_abs_gap", float(POST - 1))
    began = time.process_time()
    proto = model.proto
    bounds = [(min(variable.domain), max(variable.domain)) for variable in proto.variables]
    for low, high in bounds:
        solver.addVar(low, high)
    for column in range(len(bounds)):
        solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    for column, weight in zip(proto.objective.vars, proto.objective.coeffs, strict=True):
        solver.changeColCost(column, weight)
    for weights, low, high in rows_of(proto, bounds):
        solver.addRow(low, high, len(weights), list(weights), list(weights.values()))
    solver.run()
    seconds = time.process_time() - began
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return seconds, "impossible"
    if status != highspy.HighsModelStatus.kOptimal:
        return seconds, "time out"
    fixed = model.clone()
    fixed.clear_hints()
    for number, value in enumerate(solver.getSolution().col_value):
        fixed.add_hint(fixed.get_int_var_from_proto_index(number), round(value))
    trial = cp_model.CpSolver()
    trial.parameters.fix_variables_to_their_hinted_value = True
    assert trial.solve(fixed) in (cp_model.OPTIMAL, cp_model.FEASIBLE), "HiGHS broke a constraint"
    return seconds, "possible"


def rows_of(proto: Any, bounds: Sequence[tuple[int, int]]) -> list[tuple[dict[int, float], float, float]]:
    """Every constraint as rows: weights by column, least and most."""
    endless = float("inf")
    rows: list[tuple[dict[int, float], float, float]] = []

    def clause(literals: Sequence[int], low: float, high: float) -> None:
        weights: dict[int, float] = {}
        for literal in literals:
            column, sign = (literal, 1) if literal >= 0 else (-literal - 1, -1)
            weights[column] = weights.get(column, 0) + sign
            low, high = (low, high) if sign > 0 else (low - 1, high - 1)
        rows.append((weights, low, high))

    for constraint in proto.constraints:
        given = list(constraint.enforcement_literal)
        if constraint.has_linear():
            linear = constraint.linear
            weights: dict[int, float] = {}
            for column, weight in zip(linear.vars, linear.coeffs, strict=True):
                weights[column] = weights.get(column, 0) + weight
            low, high = (float(each) if abs(each) < 2**60 else each * endless for each in linear.domain)
            if not given:
                rows.append((weights, low, high))
                continue
            least = sum(min(weight * bound for bound in bounds[column]) for column, weight in weights.items())
            most = sum(max(weight * bound for bound in bounds[column]) for column, weight in weights.items())
            assert len(given) == 1
            assert given[0] >= 0
            if low > least:
                rows.append(({**weights, given[0]: least - low}, least, endless))
            if high < most:
                rows.append(({**weights, given[0]: most - high}, -endless, most))
        elif constraint.has_bool_and():
            for literal in constraint.bool_and.literals:
                clause([-each - 1 for each in given] + [literal], 1, endless)
        elif constraint.has_bool_or():
            clause([-each - 1 for each in given] + list(constraint.bool_or.literals), 1, endless)
        elif constraint.has_at_most_one():
            clause(list(constraint.at_most_one.literals), -endless, 1)
        elif constraint.has_exactly_one():
            clause(list(constraint.exactly_one.literals), 1, 1)
        elif constraint.has_lin_max():
            target = constraint.lin_max.target.vars[0]
            among = [expression.vars[0] for expression in constraint.lin_max.exprs]
            rows += [({target: 1.0, each: -1.0}, 0, endless) for each in among]
            rows.append(({target: 1.0, **dict.fromkeys(among, -1.0)}, -endless, 0))
        else:
            raise AssertionError(str(constraint))
    return rows


def compared(label: str, every: Sequence[dict[str, Any]], *, limit: float = LIMIT, **asked: bool) -> None:
    """One row a solver: how many it answered, and the CPU seconds; a disagreement ends the run."""
    models = [model for data in every if (model := first_model(data, **asked)) is not None]
    answers = {}
    for name, package, ask in (("CP-SAT", "ortools", by_cp_sat), ("HiGHS", "highspy", by_highs)):
        rows = [ask(model, limit) for model in models]
        answers[name] = [answer for _seconds, answer in rows]
        seconds = [row[0] for row in rows]
        print(
            f"| {label} | {name} ({package} {version(package)}) | {answers[name].count('possible')} "
            f"| {answers[name].count('impossible')} | {answers[name].count('time out')} "
            f"| {statistics.median(seconds):.2f} | {max(seconds):.1f} |",
            flush=True,
        )
    for one, other in zip(answers["CP-SAT"], answers["HiGHS"], strict=True):
        assert one == other or "time out" in (one, other), (label, one, other)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="125x6x24,250x10x40,500x20x60,1000x40x120")
    parser.add_argument("--instances", type=int, default=3)
    parser.add_argument("--compare", action="store_true", help="put the same models to HiGHS as well")
    arguments = machine.parsed(parser, sizes="125x6x24", instances=1)
    print(machine.describe() + "\n")
    sizes = [tuple(map(int, size.split("x"))) for size in arguments.sizes.split(",")]
    if not arguments.compare:
        by_size([(size[0], size[1], size[2]) for size in sizes], arguments.instances)
        return
    print("| instances | solver | possible | impossible | time out | CPU s, median | CPU s, worst |")
    print("|---|---|---:|---:|---:|---:|---:|")
    compared("100 of 18 candidates, 3 rooms, 14 staff", [made(number) for number in range(100)])
    small = [made(number) for number in range(40)]
    compared("the first 40 of these, fewest posts proved", small, fewest=True, limit=10.0)
    compared("the first 40 of these, every seat in the model", small, seats=True, limit=10.0)
    compared(
        "3 tight of 500 candidates, 20 rooms, 60 staff",
        [made(number, candidates=500, rooms=20, people=60) for number in range(1, 4)],
    )
    for candidates, rooms, people in sizes:
        compared(
            f"{arguments.instances} of {candidates} candidates, {rooms} rooms, {people} staff",
            every := [
                realistic(each, candidates=candidates, rooms=rooms, people=people)
                for each in range(arguments.instances)
            ],
        )
        compared("the first of these, every seat in the model", every[:1], seats=True)


if __name__ == "__main__":
    main()
