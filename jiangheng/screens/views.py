"""The story of a record, a person's notices, and the centre's delivery queue."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiangheng import screens
from jiangheng.journal import actions, queries
from jiangheng.journal.models import Outgoing
from jiangheng.rules.roles import Role
from jiangheng.screens import display, record_kinds
from jiangheng.screens.details import told
from jiangheng.screens.request import Request

STORY_PAGE = 100
UNANNOUNCED = ("inspection", "draw")


@screens.signed_in()
@require_safe
def story(request: Request, kind: str, record_id: int) -> HttpResponse:
    """One thing's whole life on one page; a plan's story tells of everything that hangs on it."""
    record = record_kinds.get(request.person, kind, record_id)
    person = request.person
    thread = record_kinds.RECORD_KINDS[kind]
    whole = queries.batch_story(kind, record_id) if kind == "plan" else queries.story(thread.records(record))
    if person.role not in (Role.CENTRE, Role.EXTERNAL_SUPERVISOR):
        whole = whole.exclude(record_kind__in=UNANNOUNCED)
    pages = Paginator(whole, STORY_PAGE)
    page = pages.get_page(request.GET.get("page"))
    here = record_kinds.address(kind, record_id)
    return render(
        request,
        "screens/story.html",
        {
            "title": _("办理记录：%(thing)s") % {"thing": thread.name(record)},
            "breadcrumb": [(thread.name(record), here), (_("办理记录"), None)],
            "entries": [told(entry) for entry in page.object_list],
            "show_kind": kind == "plan" or bool(thread.grown_from),
            "page": page,
            "back": here,
        },
    )


@screens.signed_in()
@require_safe
def notices(request: Request) -> HttpResponse:
    """Notices to this person or to the organisation they act for."""
    page = Paginator(queries.notices(request.person), 20).get_page(request.GET.get("page"))
    lines = [
        {"notice": each, "href": record_kinds.address(each.record_kind, each.record_id)} for each in page.object_list
    ]
    return render(
        request,
        "screens/notices.html",
        {
            "title": _("消息通知"),
            "breadcrumb": [(_("消息通知"), None)],
            "lines": lines,
            "page": page,
        },
    )


@screens.signed_in()
@require_POST
def read(request: Request) -> HttpResponse:
    """Mark every notice shown so far as read."""
    newest = request.POST.get("newest", "")
    count = actions.read_notices(
        by=request.person,
        now=request.now,
        newest=int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 18 else 0,
    )
    if count:
        screens.done(request, _("已将 %(count)s 条通知标为已读。") % {"count": count})
    return HttpResponseRedirect(reverse("journal:notices"))


def _standing(row: Outgoing) -> Any:
    if row.done_at:
        return display.tag(_("已送达"), "good")
    if row.failed_at:
        return display.tag(_("发送失败"), "bad")
    return display.tag(_("等待发送"), "waiting")


@screens.signed_in(Role.CENTRE)
@require_safe
def outgoing(request: Request) -> HttpResponse:
    """The delivery queue: what waits, what was delivered, what failed and may be tried again."""
    channels = [("notice", _("站内通知")), ("mail", _("邮件")), ("sms", _("短信")), ("job", _("后台任务"))]
    words = dict(channels)
    standings: dict[str, dict[str, Any]] = {
        "waiting": {"done_at": None, "failed_at": None},
        "done": {"done_at__isnull": False},
        "failed": {"failed_at__isnull": False, "done_at": None},
    }
    return screens.listing(
        request,
        queries.outgoing_visible_to(request.person),
        title=_("发送队列"),
        lead=_("通知、邮件、短信和后台任务由后台程序依次办理；失败的可以重新发送。"),
        breadcrumb=((_("发送队列"), None),),
        columns=(
            screens.Column("subject", _("内容"), value=lambda row: row.subject or row.key),
            screens.Column("channel", _("方式"), value=lambda row: words.get(row.channel, row.channel)),
            screens.Column("created_at", _("生成时间"), kind="moment", sort="created_at"),
            screens.Column("attempts", _("尝试次数"), kind="number", sort="attempts"),
            screens.Column("standing", _("状态"), value=_standing),
            screens.Column("last_error", _("原因"), value=lambda row: row.last_error[:120]),
            screens.Column(
                "again",
                _("办理"),
                value=lambda row: _("重新发送") if row.failed_at and not row.done_at else "",
                link=lambda row: reverse("journal:retry", args=[row.pk]) if row.failed_at and not row.done_at else None,
            ),
        ),
        search=("subject", "key", "recipient"),
        filters=(
            screens.Filter("channel", _("方式"), channels),
            screens.Filter(
                "standing",
                _("状态"),
                (("waiting", _("等待发送")), ("done", _("已送达")), ("failed", _("发送失败"))),
                field=lambda rows, value: rows.filter(**standings[value]),
            ),
        ),
        empty=_("系统产生的通知和任务会出现在这里。"),
    )


@screens.signed_in(Role.CENTRE)
def retry(request: Request, outgoing_id: int) -> HttpResponse:
    """Put a failed delivery back into the queue."""
    row = queries.one(queries.outgoing_visible_to(request.person), pk=outgoing_id)
    back = reverse("journal:outgoing")
    if request.method == "POST":
        actions.retry_delivery(
            by=request.person,
            now=request.now,
            outgoing_id=outgoing_id,
        )
        screens.done(request, _("已重新放入发送队列。"))
        return HttpResponseRedirect(back)
    return render(
        request,
        "screens/retry.html",
        {
            "title": _("重新发送"),
            "breadcrumb": [(_("发送队列"), back), (_("重新发送"), None)],
            "row": row,
            "back": back,
        },
    )
