"""One sign-in per role, for whoever looks at the demonstration."""

from __future__ import annotations

from jiangheng.demonstration.stage import CANDIDATE_PHONE, OWING_PHONE, PASSWORD

ROWS = (
    ("市鉴定中心", "centre1"),
    ("认定机构（考务）", "body1"),
    ("认定机构（复核）", "body2"),
    ("技工院校", "technical1"),
    ("用人单位（已备案）", "factory1"),
    ("职业培训学校", "school1"),
    ("用人单位（未备案）", "employer1"),
    ("考生（待审核）", CANDIDATE_PHONE),
    ("考生（待缴费）", OWING_PHONE),
    ("考评员", "examiner1"),
    ("监考人员", "invigilator1"),
    ("内部质量督导员", "inner1"),
    ("外部质量督导员", "outer1"),
)


def table(address: str) -> str:
    """The sign-ins as lines of text; everybody has the same password."""
    lines = [f"  {role}\t{username}" for role, username in ROWS]
    return "\n".join(["", f"网址 {address}  口令均为 {PASSWORD}", *lines, ""])
