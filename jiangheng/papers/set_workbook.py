"""A set of questions in a workbook: the template, and reading one back with every fault named by its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from jiangheng.files.exports import workbook
from jiangheng.files.workbooks import Cell, written
from jiangheng.rules import codes
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.words import gettext_noop as N_

KINDS = {label: code for code, label in codes.choices("question_kind")}
OPTIONS = "ABCDEF"
HEADINGS = ("题型", "题干", *(f"选项{letter}" for letter in OPTIONS), "答案", "分值")
TRUE, FALSE = ("T", "对", "正确", "√", "是"), ("F", "错", "错误", "×", "否")
STEM_LONGEST, OPTION_LONGEST = 2000, 500
EXAMPLES = (
    ("单选", "（示例，请删除）工频交流电的频率是", "50 Hz", "60 Hz", "100 Hz", "400 Hz", None, None, "A", 1),
    ("多选", "（示例，请删除）属于绝缘安全用具的有", "绝缘手套", "绝缘靴", "安全帽", None, None, None, "AB", 2),
    ("判断", "（示例，请删除）登高作业应系好安全带。", None, None, None, None, None, None, "正确", 1),
    ("操作", "（示例，请删除）按图安装电动机正反转控制线路并通电试车。", None, None, None, None, None, None, None, 40),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell: row and column as the sender sees them, a marked sentence."""

    row: int
    column: str
    message: str


class SetFaults(Refusal):
    """The set was not kept; ``faults`` lists every cell to mend."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            N_("试题表有%(count)s处需要更正，没有保存。"),
            code="papers.set_faults",
            clause="四（二）",
            remedy=N_("请按下列位置逐处更正后重新上传。"),
            status=422,
            count=len(self.faults),
        )


def template() -> bytes:
    """The workbook to fill in."""
    return workbook("试题", HEADINGS, EXAMPLES)


def read_set(rows: Sequence[Sequence[Cell]], *, subject: str, full_mark: int) -> list[dict[str, Any]]:
    """The questions of a sheet as a set's content; raises :class:`SetFaults` naming every cell at fault."""
    faults: list[Fault] = []
    heading = [written(cell).strip() for cell in (rows[0] if rows else ())][: len(HEADINGS)]
    if tuple(heading) != HEADINGS:
        raise SetFaults([Fault(1, "A", N_("表头与模板不一致，请下载模板，不要增删或移动列。"))])
    content: list[dict[str, Any]] = []
    total = Decimal(0)
    seen: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        texts = [written(cell).strip() for cell in row[: len(HEADINGS)]]
        texts += [""] * (len(HEADINGS) - len(texts))
        if not any(texts):
            continue
        question, found = _question(number, texts, subject)
        faults += found
        if question is None:
            continue
        if question["stem"] in seen:
            faults.append(Fault(number, "B", N_("题干与前面的题重复。")))
        seen[question["stem"]] = number
        total += Decimal(str(question["points"]))
        content.append(question)
    if not faults and not content:
        faults.append(Fault(2, "A", N_("没有试题。")))
    if not faults and total != full_mark:
        faults.append(Fault(len(rows), "J", N_("各题分值之和应等于满分。")))
    if faults:
        raise SetFaults(faults)
    return content


def _question(number: int, texts: Sequence[str], subject: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    faults: list[Fault] = []
    kind = KINDS.get(texts[0], "")
    if not kind or (kind == "task") is (subject == "theory"):
        faults.append(Fault(number, "A", N_("题型应为：理论科目填单选、多选或判断；技能、综合评审填操作。")))
    stem = texts[1]
    if not stem or len(stem) > STEM_LONGEST or "\x00" in stem:
        faults.append(Fault(number, "B", N_("题干为空或过长。")))
    if stem.startswith("（示例，请删除）"):
        faults.append(Fault(number, "B", N_("请删除模板中的示例行。")))
    options = texts[2:8]
    filled = [option for option in options if option]
    if options[: len(filled)] != filled or any(len(option) > OPTION_LONGEST for option in filled):
        faults.append(Fault(number, "C", N_("选项应从A起连续填写，每项不超过500字。")))
    if kind in ("single", "multi") and (len(filled) < 2 or len(set(filled)) < len(filled)):
        faults.append(Fault(number, "C", N_("选择题至少要有两个不同的选项。")))
    answer = _answer(kind, texts[8], len(filled))
    if answer is None:
        faults.append(Fault(number, "I", N_("答案与题型或选项不符。")))
    points = _points(texts[9])
    if points is None:
        faults.append(Fault(number, "J", N_("分值应为大于0的数。")))
    if faults:
        return None, faults
    if kind == "judge":
        filled = ["正确", "错误"]
    return {"item": None, "kind": kind, "stem": stem, "options": filled, "answer": answer, "points": points}, []


def _answer(kind: str, text: str, options: int) -> str | None:
    if kind == "task":
        return ""
    if kind == "judge":
        return "T" if text.upper() in TRUE else "F" if text.upper() in FALSE else None
    letters = "".join(sorted(set(text.upper().replace("、", "").replace(",", "").replace(" ", ""))))
    if not letters or not set(letters) <= set(OPTIONS[:options]):
        return None
    if (kind == "single") is (len(letters) > 1):
        return None
    return letters


def _points(text: str) -> int | float | None:
    try:
        points = Decimal(text)
    except InvalidOperation:
        return None
    if not points.is_finite() or points <= 0 or points > 1000:
        return None
    return int(points) if points == points.to_integral_value() else float(points)
