"""Home pages, the public portal, and answers to requests the framework refuses."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.journal import queries as journal
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import record_kinds
from jiangheng.screens.request import Request
from jiangheng.site import actions, middleware, queries, todo
from jiangheng.site.forms import AnnouncementForm
from jiangheng.site.models import Announcement


@require_safe
def front(request: Request) -> HttpResponse:
    """The public portal's front page."""
    today = local_day(request.now)
    return render(
        request,
        "site/front.html",
        {
            "title": _("职业技能等级认定服务平台"),
            "announcements": queries.published(request.person, today)[:5],
        },
    )


@screens.signed_in()
@require_safe
def home(request: Request) -> HttpResponse:
    """What waits for this person, and their latest notices."""
    person = request.person
    latest = [
        {"notice": each, "href": record_kinds.address(each.record_kind, each.record_id)}
        for each in journal.notices(person)[:5]
    ]
    return render(
        request,
        "site/home.html",
        {
            "title": _("首页"),
            "tasks": todo.tasks(person),
            "due": todo.due(person, request.now),
            "ways": todo.ways(person),
            "latest": latest,
        },
    )


@require_safe
def notices(request: Request) -> HttpResponse:
    """The centre's announcements."""
    today = local_day(request.now)
    page = Paginator(queries.published(request.person, today), 15).get_page(request.GET.get("page"))
    return render(
        request,
        "site/notices.html",
        {"title": _("通知公告"), "breadcrumb": [(_("通知公告"), None)], "page": page},
    )


@require_safe
def notice(request: Request, announcement_id: int) -> HttpResponse:
    """One announcement."""
    today = local_day(request.now)
    found = queries.get(request.person, announcement_id, today)
    return render(
        request,
        "site/notice.html",
        {
            "title": found.title,
            "breadcrumb": [(_("通知公告"), reverse("portal:notices")), (found.title, None)],
            "announcement": found,
        },
    )


@screens.signed_in(Role.CENTRE)
@require_safe
def announcements(request: Request) -> HttpResponse:
    """The centre's own list of announcements."""
    return screens.listing(
        request,
        queries.visible_to(request.person),
        title=_("通知公告"),
        breadcrumb=((_("通知公告"), None),),
        columns=(
            screens.Column("title", _("标题"), link=lambda row: reverse("portal:notice", args=[row.pk])),
            screens.Column("published_on", _("发布日期"), kind="date", sort="published_on"),
        ),
        search=("title",),
        order=("-published_on", "-id"),
        create=(_("发布公告"), reverse("portal:publish")),
        empty=_("点击“发布公告”在公众门户上发布第一条公告。"),
    )


@screens.may("announcement.publish")
def publish(request: Request) -> HttpResponse:
    """The centre publishes an announcement."""
    today = local_day(request.now)
    form = AnnouncementForm(request.POST or None, initial={"published_on": today})

    def page_of(made: Announcement) -> str:
        if made.published_on > today:
            return reverse("portal:announcements")
        return reverse("portal:notice", args=[made.pk])

    return screens.act(
        request,
        form,
        lambda typed: actions.publish(by=request.person, now=request.now, once=screens.once(request), **typed),
        back=page_of,
        said=_("公告已发布。"),
        title=_("发布公告"),
        submit=_("发布"),
        breadcrumb=((_("通知公告"), reverse("portal:announcements")),),
    )


@require_safe
def health(_request: Request) -> HttpResponse:
    """Whether the program and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


def csrf_refused(request: Request, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """A form without its token, or kept open too long."""
    return screens.refused(
        request,
        refuse(
            "request.csrf",
            N_("页面已过期，本次提交没有保存。"),
            N_("请返回上一页，刷新后重新提交；请确认浏览器允许使用 Cookie。"),
            status=403,
        ),
    )


@requires_csrf_token
def not_found(request: Request, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """An address that leads nowhere."""
    return screens.refused(
        request,
        refuse("request.no_page", N_("没有这个页面。"), N_("请核对网址，或从首页进入。"), status=404),
    )


@requires_csrf_token
def bad_request(request: Request, exception: Exception | None = None) -> HttpResponse:
    """A request the framework cannot read: too large, too many fields, malformed."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        refusal = refuse(
            "request.too_big", N_("提交的内容过大，没有保存。"), N_("请减少一次提交的内容或文件后再试。"), status=413
        )
    else:
        refusal = refuse(
            "request.malformed",
            N_("无法识别这次请求的内容。"),
            N_("请从页面上的按钮或链接重新进入后再试。"),
            status=400,
        )
    return screens.refused(request, refusal)


@requires_csrf_token
def forbidden(request: Request, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """What the framework forbids."""
    return screens.refused(
        request,
        middleware.forbidden(),
    )


def failed(request: Request) -> HttpResponse:
    """Our own fault: said plainly, without touching the database again."""
    if screens.wants_json(request):
        return JsonResponse(
            {"code": "server.failed", "message": _("系统出现故障，本次操作没有保存。"), "clause": "", "remedy": ""},
            status=500,
        )
    return HttpResponse(render_to_string("site/failed.html"), status=500)
