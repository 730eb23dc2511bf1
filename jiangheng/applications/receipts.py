"""The receipt of a reported candidate report as PDF (四（四）), set from typst/candidate_report_receipt.typ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from jiangheng.applications.models import CandidateReport, CandidateReportRevision
from jiangheng.files.printing import render
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_moment

TEMPLATE = Path(__file__).parent / "typst" / "candidate_report_receipt.typ"


def candidate_report_receipt(
    candidate_report: CandidateReport, kept: CandidateReportRevision, template_name: str
) -> bytes:
    """The receipt of one revision: the same revision gives the same bytes until the centre receives it."""
    received = (
        candidate_report.received_at
        if candidate_report.state == "received" and kept.number == candidate_report.revision
        else None
    )
    data = {
        "number": candidate_report.number,
        "revision": str(kept.number),
        "body": candidate_report.body.name,
        "plan": f"{candidate_report.plan.number} {candidate_report.plan.title}",
        "exam_on": candidate_report.plan.exam_on.isoformat(),
        "due_on": str(candidate_report.due_on_counted),
        "reported_at": _moment(kept.at),
        "reported_by": kept.by_name,
        "received_at": _moment(received) if received else "",
        "late": kept.late,
        "people": str(kept.people),
        "rows": [_line(each) for each in kept.counts],
        "note": kept.note,
        "digest": kept.digest,
        "template": template_name,
    }
    return render(TEMPLATE, data, made_at=received or kept.at)


def _moment(moment: datetime) -> str:
    return local_moment(moment).strftime("%Y-%m-%d %H:%M")


def _line(each: Mapping[str, object]) -> dict[str, str]:
    figures = {name: str(each[name]) for name in ("people", "men", "women", "new", "makeup", "code")}
    return {
        **figures,
        "occupation": str(each["job"] or each["occupation"]),
        "level": codes.level_name(int(str(each["level"]))),
        "routes": _counted(each["routes"]),
        "sources": _counted(each["sources"]),
    }


def _counted(found: object) -> str:
    return "、".join(f"{name or '未填'} {n}人" for name, n in found.items()) if isinstance(found, dict) else ""
