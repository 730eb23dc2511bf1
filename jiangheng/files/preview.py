"""A proof looked at without opening it: its pages drawn afresh as PNG, so that nothing in the file reaches a browser."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING

from PIL import Image

from jiangheng.files import queries
from jiangheng.files.models import StoredFile
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

if TYPE_CHECKING:
    import pypdfium2

PDF, LONGEST, MOST_PAGES = "application/pdf", 1600, 8
# The renderer keeps state of its own: one page at a time in a process.
_drawing = threading.Lock()


def pages(file: StoredFile) -> int:
    """How many pages can be shown: one for a picture, the first few of a PDF, none for anything else."""
    if file.content_type.startswith("image/"):
        return 1
    if file.content_type != PDF:
        return 0
    with _drawing:
        document = _opened(file)
        try:
            return min(len(document), MOST_PAGES)
        finally:
            document.close()


def page(file: StoredFile, number: int) -> bytes:
    """Page ``number`` (from 1) as PNG, its longer side at most LONGEST pixels.

    Refusals: ``preview.none`` (404) for a page that cannot be shown, ``file.gone`` (410).
    """
    if file.content_type.startswith("image/") and number == 1:
        with Image.open(io.BytesIO(queries.content(file)), formats=("JPEG", "PNG", "WEBP")) as picture:
            return _png(picture.convert("RGB"))
    if file.content_type != PDF or not 1 <= number <= MOST_PAGES:
        raise _none()
    with _drawing:
        document = _opened(file)
        try:
            if number > len(document):
                raise _none()
            leaf = document[number - 1]
            width, height = leaf.get_size()
            scale = min(LONGEST / max(width, height, 1), 4.0)
            return _png(leaf.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))
        finally:
            document.close()


def _opened(file: StoredFile) -> pypdfium2.PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(queries.content(file))
    except pypdfium2.PdfiumError:
        raise _none() from None


def _png(picture: Image.Image) -> bytes:
    picture.thumbnail((LONGEST, LONGEST))
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=3)
    return written.getvalue()


def _none() -> Refusal:
    return refuse(
        "preview.none", N_("这一页无法预览。"), N_("请下载原文件查看；文件打不开的，请退回考生重新上传。"), status=404
    )
