"""Screen shapes every room shares: lists, details with their next steps, refusals."""

from django.http import HttpRequest, HttpResponse

from jiangheng.journal.actions import AlreadyDone
from jiangheng.rules.refusal import Refusal


def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    """Answer a refusal."""
    return HttpResponse(error.sentence(), status=error.status)


def already_done(request: HttpRequest, error: AlreadyDone) -> HttpResponse:
    """Answer a replayed form."""
    return HttpResponse("", status=409)
