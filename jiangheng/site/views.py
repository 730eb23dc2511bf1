"""Home pages, the public portal, and answers to requests the framework refuses."""

from django.http import HttpRequest, HttpResponse


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token."""
    return HttpResponse("页面已过期，请返回刷新后重新提交。", status=403)
