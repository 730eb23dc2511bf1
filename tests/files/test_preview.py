"""Proofs are looked at as pictures drawn afresh; nothing of the file itself reaches the page."""

from __future__ import annotations

import io
from datetime import datetime

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jiangheng.files import actions, preview
from jiangheng.files.models import StoredFile
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person


def stored(body: Person, now: datetime, pages: int) -> StoredFile:
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        written = io.BytesIO()
        pdf.save(written)
    upload = SimpleUploadedFile("证明.pdf", written.getvalue(), content_type="application/pdf")
    return actions.store(by=body, now=now, upload=upload, purpose="proof")


def test_a_pdf_is_drawn_page_by_page(body: Person, now: datetime) -> None:
    file = stored(body, now, 3)
    assert preview.pages(file) == 3
    with Image.open(io.BytesIO(preview.page(file, 3))) as picture:
        assert picture.format == "PNG"
        assert max(picture.size) == preview.LONGEST


def test_only_the_first_pages_are_drawn_and_none_that_is_not_there(body: Person, now: datetime) -> None:
    file = stored(body, now, preview.MOST_PAGES + 2)
    assert preview.pages(file) == preview.MOST_PAGES
    for number in (0, preview.MOST_PAGES + 1):
        with pytest.raises(Refusal) as caught:
            preview.page(file, number)
        assert (caught.value.code, caught.value.status) == ("preview.none", 404)


def test_what_is_no_picture_is_not_shown(body: Person, now: datetime) -> None:
    file = actions.store_bytes(by=body, now=now, data=b"text", name="a.txt", content_type="text/plain", purpose="x")
    assert preview.pages(file) == 0
    with pytest.raises(Refusal):
        preview.page(file, 1)


def test_a_broken_pdf_is_a_refusal_not_a_failure(body: Person, now: datetime) -> None:
    file = actions.store_bytes(
        by=body, now=now, data=b"%PDF-1.7 nothing", name="a.pdf", content_type="application/pdf", purpose="x"
    )
    with pytest.raises(Refusal) as caught:
        preview.page(file, 1)
    assert caught.value.status == 404
