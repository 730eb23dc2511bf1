"""Applications of a person whose documents were merged (三（二）1): one person, one application in a batch."""

from __future__ import annotations

from jiangheng.applications.models import Application
from jiangheng.applications.queries import LIVE
from jiangheng.journal.actions import record
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_


def follow(*, kept: int, other: int) -> None:
    """The applications of the other document become the person's; Refusal ``merge.applications`` (409) for two in a batch."""
    rows = list(Application.objects.filter(identity_id=other).order_by("pk"))
    standing = {
        (row.plan_id, row.request_id, row.occupation_code, row.level): row.number
        for row in Application.objects.filter(identity_id=kept, state__in=LIVE)
    }
    for row in rows:
        number = standing.get((row.plan_id, row.request_id, row.occupation_code, row.level))
        if number is not None and row.state in LIVE:
            raise refuse(
                "merge.applications",
                N_("同一批次里两个证件各有一份申请（%(first)s、%(second)s）。"),
                N_("一人在一个批次只报一次：请先撤回或退回其中一份，再复核归并。"),
                clause="三（二）",
                first=number,
                second=row.number,
            )
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(identity_id=kept)
    for row in rows:
        record(row, before={"identity": other}, after={"identity": kept})
