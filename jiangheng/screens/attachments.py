"""Handing out a private file, as an attachment and never as a page."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.files import queries
from jiangheng.files.models import StoredFile
from jiangheng.screens.request import Request


@screens.signed_in()
@require_safe
def download(request: Request, file_id: int) -> Any:
    """One file to somebody who may open it; 404 for everybody else."""
    return attachment(queries.get(request.person, file_id))


def attachment(file: StoredFile, *, name: str = "") -> FileResponse:
    """The file streamed as an attachment that no browser runs; other rooms use it after their own access check."""
    response = FileResponse(queries.opened(file), content_type=file.content_type)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name or file.original_name) or "attachment"
    )
    response["Content-Length"] = str(file.size)
    _harmless(response)
    return response


def picture(data: bytes) -> HttpResponse:
    """A page drawn by ``files.preview``, shown in place; other rooms use it after their own access check."""
    response = HttpResponse(data, content_type="image/png")
    _harmless(response)
    return response


def handed_out(data: bytes, name: str, content_type: str) -> HttpResponse:
    """What a page has just made, as an attachment that nothing between keeps."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _harmless(response: HttpResponseBase) -> None:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
