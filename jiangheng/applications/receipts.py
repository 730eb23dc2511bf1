"""The receipt of a reported roll-up as PDF (四（四）), set from typst/rollup_receipt.typ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from jiangheng.applications.models import Rollup, RollupRevision
from jiangheng.files.printing import render
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_moment

TEMPLATE = Path(__file__).parent / "typst" / "rollup_receipt.typ"


def rollup_receipt(rollup: Rollup, kept: RollupRevision, template_name: str) -> bytes:
    """The receipt of one revision: the same revision gives the same bytes until the centre receives it."""
    received = rollup.received_at if rollup.state == "received" and kept.number == rollup.revision else None
    data = {
        "number": rollup.number,
        "revision": str(kept.number),
        "body": rollup.body.name,
        "plan": f"{rollup.plan.number} {rollup.plan.title}",
        "exam_on": rollup.plan.exam_on.isoformat(),
        "due_on": rollup.due_on.isoformat(),
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
