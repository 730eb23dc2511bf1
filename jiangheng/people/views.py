"""Sign-in and accounts."""

from django.http import HttpRequest, HttpResponse


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """Too many failed sign-ins from one place for one account."""
    return HttpResponse("登录失败次数过多，请15分钟后再试。", status=429)
