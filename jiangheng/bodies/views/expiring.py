"""What the centre must look after: filings that expire soon, and rectifications with their days (一, 四（九）)."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.bodies import queries
from jiangheng.bodies.models import Filing
from jiangheng.bodies.views.register import crumbs, kind_word
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.screens import Column
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

SPANS = (30, 90, 180, 365)


@screens.signed_in(Role.CENTRE)
@require_safe
def expiring(request: Request) -> HttpResponse:
    """Filings whose last day is near, and those being put right; ``?days=`` widens the view."""
    today = local_day(request.now)
    usual = int(values.law(today).value("filing_expiry_notice_days"))
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isascii() and asked.isdigit() and int(asked[:5]) <= max(SPANS) else usual
    rows = queries.expiring(today, days)

    def left(row: Filing) -> str:
        return _("还有%(days)s天") % {"days": (row.valid_to - today).days}

    def renewal(row: Filing) -> str:
        return _("已提交续期") if row.renewed else _("尚未办理")  # type: ignore[attr-defined]  # annotated by queries.expiring

    return screens.listing(
        request,
        rows,
        title=_("到期与整改"),
        kind="filing",
        columns=(
            Column(
                "organisation",
                _("机构"),
                "organisation.name",
                sort="organisation__name",
                link=lambda row: reverse("bodies:filing_detail", args=[row.pk]),
            ),
            Column("kind", _("类别"), lambda row: kind_word(row.organisation)),
            Column("number", _("备案文号"), sort="number"),
            Column("valid_to", _("有效期至"), kind="date", sort="valid_to"),
            Column("left", _("剩余"), left),
            Column("renewal", _("续期"), renewal),
            Column("state", _("状态"), kind="state"),
        ),
        search=("organisation__name", "number"),
        order=("valid_to", "id"),
        links=tuple(
            (_("%(days)s天内") % {"days": span}, f"{reverse('bodies:expiring')}?days={span}")
            for span in sorted({usual, *SPANS})
        ),
        lead=_("%(days)s天内到期的备案；系统在到期前%(usual)s天自动通知机构和中心（参数可在“依据与参数”中调整）。")
        % {"days": days, "usual": usual},
        export=_("即将到期的备案"),
        breadcrumb=crumbs((_("到期与整改"), None)),
        empty=_("这段时间内没有到期的备案。"),
        template="bodies/expiring.html",
        context={"standings": queries.rectifications(), "today": today},
    )
