"""复核此判定: a stored decision judged again under its stored rules, read-only (三（一）)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.applications import queries
from jiangheng.applications.queries import replays
from jiangheng.applications.views import wording
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display
from jiangheng.screens.request import Request

ANSWERS = {
    replays.SAME: (N_("一致"), "good", N_("按判定时保存的条文和填报内容重新判断，结论和每一项条件都与原判定相同。")),
    replays.DIFFERS: (N_("不一致"), "bad", N_("重新判断的结果与原判定不同，请报市鉴定中心核查。")),
    replays.UNKEPT: (N_("无法复核"), "waiting", N_("作出判定时没有保存完整的条文，不能复核。")),
    replays.UNJUDGED: (N_("尚未判断"), "waiting", N_("提交申请后系统按申报条件判断，届时可以复核。")),
}
PARTS = {
    "verdict": N_("结论"),
    "route": N_("满足的申报条件"),
    "other_route": N_("另一满足的条件"),
    "clause": N_("条文"),
    "conditions": N_("各项条件"),
    "nearest": N_("最接近的申报条件"),
    "earliest": N_("最早可报名的日期"),
}


@screens.signed_in(Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CANDIDATE)
@require_safe
def recheck(request: Request, application_id: int) -> HttpResponse:
    """The stored decision beside the same question asked again."""
    application = queries.get(request.person, application_id)
    found = replays.replayed(application)
    label, tone, sentence = ANSWERS[found.state]
    stored = application.judgement
    rows = [
        (_("原判定"), wording.verdict(application.verdict), stored.get("route") or "", stored.get("earliest") or ""),
    ]
    if found.decision is not None:
        answer = found.decision.answer
        rows.append((_("重新判断"), wording.verdict(found.decision.verdict), answer["route"], answer["earliest"]))
    back = reverse("applications:detail", args=[application_id])
    return render(
        request,
        "applications/recheck.html",
        {
            "title": _("复核此判定"),
            "breadcrumb": ((application.number, back), (_("复核此判定"), None)),
            "badge": display.tag(_(label), tone),
            "sentence": _(sentence),
            "rows": rows if found.state != replays.UNJUDGED else [],
            "differing": [_(PARTS[name]) for name in found.differing],
            "standard": stored.get("standard", ""),
            "as_of": display.short_day(application.as_of_counted) if application.as_of else stored.get("as_of", ""),
            "law_version": str(stored.get("law_version", ""))[:12],
            "snapshot": str(stored.get("snapshot", ""))[:12],
            "conditions": [
                wording.condition(each) for each in (found.decision.answer["conditions"] if found.decision else ())
            ],
            "back": back,
        },
    )
