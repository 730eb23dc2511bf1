"""Where the pages of the played story stand."""

from __future__ import annotations

from jiangheng.applications.models import Application
from jiangheng.certificates.models import Certificate
from jiangheng.demonstration.stage import CANDIDATE_PHONE, Stage
from jiangheng.plans.models import Plan, Request
from jiangheng.results.models import ResultBatch
from jiangheng.sittings.models import Sitting


def addresses(stage: Stage) -> dict[str, int]:
    return {
        "plan": stage.plan.pk,
        "waiting": Plan.objects.get(state="submitted").pk,
        "asked": Request.objects.get(state="submitted").pk,
        "applied": Application.objects.filter(identity__account__username=CANDIDATE_PHONE).order_by("-id")[0].pk,
        "batch": ResultBatch.objects.get(plan=stage.plan).pk,
        "certificate": Certificate.objects.order_by("number")[0].pk,
        "sitting": Sitting.objects.filter(plan=stage.plan, subject="theory").order_by("id")[0].pk,
    }
