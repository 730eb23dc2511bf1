"""Uploads are judged by content, kept whole or not at all, and handed out only to those who may have them."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from PIL import Image

from jiangheng.files import actions, content, pictures, queries
from jiangheng.files.models import StoredFile
from jiangheng.journal.actions import ACTIONS, action
from jiangheng.journal.models import Entry
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import PUBLIC, Person
from tests import factories
from tests.files import corpus

HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def kept(
    by: Person, now: datetime, data: bytes, purpose: str = "proof", name: str = "证明.pdf", **given: Any
) -> StoredFile:
    return actions.store(by=by, now=now, upload=corpus.upload(data, name), purpose=purpose, **given)


def on_disk(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_photo_is_reencoded_upright_without_metadata(body: Person, now: datetime) -> None:
    stored = kept(body, now, corpus.picture_with_place(), "photo", "本人 照片.PNG")
    data = queries.content(stored)
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.format == "JPEG"
        assert opened.size == (480, 640)
        assert dict(opened.getexif()) == {}
        assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"SecretCamera" not in data
    assert len(data) <= 200 * 1024
    assert stored.original_name == "本人 照片.jpg"
    assert stored.content_type == "image/jpeg"
    with Image.open(io.BytesIO(queries.one_inch(stored))) as derived:
        assert derived.size == (295, 413)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (corpus.picture(239, 320), "photo.pixels"),
        (corpus.picture(240, 319), "photo.pixels"),
        (corpus.picture(640, 480), "photo.shape"),
        (corpus.picture(300, 400, quality=5), "photo.size"),
        (corpus.pixel_bomb(), "picture.pixels"),
        (corpus.picture()[:5000], "picture.broken"),
        (b"\xff\xd8\xff\xe0" + HTML * 1000, "picture.broken"),
        (SVG, "upload.kind"),
        (HTML, "upload.kind"),
        (b"GIF89a" + b"\0" * 100, "upload.kind"),
        (corpus.pdf(), "upload.kind"),
        (b"MZ" + b"\0" * 500, "upload.kind"),
        (b"", "upload.empty"),
    ],
)
def test_what_is_no_proper_photo_is_refused_and_leaves_nothing(
    body: Person, now: datetime, settings: Any, data: bytes, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        kept(body, now, data, "photo", "photo.jpg")
    assert refused.value.code == code
    assert 400 <= refused.value.status < 500
    assert refused.value.advice()
    assert on_disk(settings) == []
    assert not StoredFile.objects.exists()
    assert not Entry.objects.exists()


def test_a_heavy_photo_from_a_phone_is_brought_within_the_limit(body: Person, now: datetime) -> None:
    stored = kept(body, now, corpus.picture(1500, 2000, quality=95), "photo")
    assert stored.size <= 200 * 1024


def test_a_picture_with_a_page_behind_it_loses_the_page(body: Person, now: datetime) -> None:
    stored = kept(body, now, corpus.picture() + HTML, "proof", "proof.html")
    assert b"<script" not in queries.content(stored)
    assert stored.original_name == "proof.jpg"


def test_a_clean_pdf_is_kept_byte_for_byte(body: Person, now: datetime) -> None:
    data = corpus.pdf(pages=3)
    stored = kept(body, now, data)
    assert queries.content(stored) == data
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert Entry.objects.get(record_kind="storedfile", record_id=stored.pk).after["sha256"] == stored.sha256


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (corpus.pdf(corpus.script_on_open), "pdf.active"),
        (corpus.pdf(corpus.script_on_page), "pdf.active"),
        (corpus.pdf(corpus.script_in_names), "pdf.active"),
        (corpus.pdf(corpus.launches), "pdf.active"),
        (corpus.pdf(corpus.carries_a_file), "pdf.active"),
        (corpus.pdf(corpus.script_on_open, object_stream_mode=pikepdf.ObjectStreamMode.generate), "pdf.active"),
        (corpus.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "pdf.locked"),
        (corpus.pdf(pages=201), "pdf.pages"),
        (corpus.pdf() + HTML, "pdf.broken"),
        (corpus.pdf()[:300] + b"%%EOF", "pdf.broken"),
        (HTML + corpus.pdf(), "upload.kind"),
    ],
)
def test_active_locked_and_mixed_pdfs_are_refused(body: Person, now: datetime, data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        kept(body, now, data)
    assert refused.value.code == code


def test_an_upload_past_the_limit_is_refused_before_it_is_read(body: Person, now: datetime) -> None:
    class Huge:
        name, size = "big.pdf", 50 << 20

        def read(self, *_args: object) -> bytes:
            raise AssertionError("read although it was too large")

    with pytest.raises(Refusal) as refused:
        actions.store(by=body, now=now, upload=Huge(), purpose="proof")
    assert refused.value.status == 413
    assert "50 MB" in refused.value.sentence()


def test_a_deed_that_fails_later_takes_its_file_back(
    body: Person, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACTIONS, "file.store", ACTIONS["file.store"])

    @action("file.store")
    def apply(*, by: Person, now: datetime) -> None:
        kept(by, now, corpus.pdf())
        assert len(on_disk(settings)) == 1
        raise Refusal("不行", code="test.no")

    with pytest.raises(Refusal):
        apply(by=body, now=now)
    assert on_disk(settings) == []
    assert not StoredFile.objects.exists()
    assert not Entry.objects.exists()


def test_a_full_disk_is_said_and_leaves_nothing(
    body: Person, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refusal) as refused:
        kept(body, now, corpus.pdf())
    assert refused.value.code == "file.disk"
    assert on_disk(settings) == []


def test_the_sweep_takes_only_old_files_without_a_row(centre: Person, now: datetime, settings: Any) -> None:
    stored = kept(centre, now, corpus.pdf())
    stray = Path(settings.MEDIA_ROOT) / "aa" / "stray"
    fresh = Path(settings.MEDIA_ROOT) / "aa" / "fresh"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")
    fresh.write_bytes(b"x")
    long_ago = now.timestamp() - 2 * 86_400
    for path in (stray, queries.where(stored)):
        os.utime(path, (long_ago, long_ago))
    os.utime(fresh, (now.timestamp(), now.timestamp()))
    assert actions.sweep(by=centre, now=now) == 1
    assert not stray.exists()
    assert fresh.exists()
    assert queries.where(stored).exists()


def test_names_on_disk_tell_nothing_and_the_shown_name_is_clean(body: Person, now: datetime) -> None:
    stored = kept(body, now, corpus.pdf(), name="..\\..\\etc/\u202efdp.exe\x00")
    assert len(stored.path) == 41
    assert "/" not in stored.original_name
    assert stored.original_name == "fdp.pdf"


def test_each_opens_only_what_is_theirs(
    centre: Person, body: Person, other_body: Person, school: Person, candidate: Person, now: datetime
) -> None:
    proof = kept(
        candidate,
        now,
        corpus.pdf(),
        shared_with_organisation_id=body.organisation_id,
        identity_id=candidate.identity_id,
    )
    stranger = factories.make_candidate()
    examiner = factories.make_staff("examiner")
    for person in (centre, body, candidate):
        assert queries.get(person, proof.pk) == proof
    for person in (other_body, school, stranger, examiner, PUBLIC):
        with pytest.raises(Refusal) as refused:
            queries.get(person, proof.pk)
        assert refused.value.status == 404


def test_the_public_may_store_nothing(db: None, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        kept(PUBLIC, now, corpus.pdf())
    assert refused.value.status == 403


def test_a_download_is_an_attachment_no_browser_runs(
    body: Person, other_body: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    stored = kept(body, now, corpus.pdf(), name="毕业证 韦𠮷.pdf")
    answer = client_for(body).get(f"/files/{stored.pk}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == queries.content(stored)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%AF%95")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    refused = client_for(other_body).get(f"/files/{stored.pk}/")
    absent = client_for(other_body).get("/files/999999/")
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert Client().get(f"/files/{stored.pk}/").status_code == 302


def test_a_file_lost_from_the_disk_is_said(body: Person, now: datetime, client_for: Callable[..., Client]) -> None:
    stored = kept(body, now, corpus.pdf())
    queries.where(stored).unlink()
    assert client_for(body).get(f"/files/{stored.pk}/").status_code == 410


def test_a_made_document_is_kept_as_it_is(body: Person, now: datetime) -> None:
    stored = actions.store_bytes(
        by=body, now=now, data=b"PK sealed", name="试卷包.zip", content_type="application/zip", purpose="package"
    )
    assert queries.content(stored) == b"PK sealed"
    assert (stored.organisation_id, stored.original_name) == (body.organisation_id, "试卷包.zip")


def test_every_purpose_names_kinds_that_have_words() -> None:
    for kinds in (*content.PURPOSES.values(), content.OTHERWISE):
        assert content.WORDS[kinds]


def test_a_photo_is_cropped_where_chosen_and_its_sizes_are_kept(body: Person, now: datetime) -> None:
    upload = corpus.upload(corpus.picture(1600, 1200, quality=95), "横图.jpg")
    master = actions.store(by=body, now=now, upload=upload, purpose="photo", crop=pictures.Crop(0.25, 0.1, 0.45, 0.8))
    with Image.open(io.BytesIO(queries.content(master))) as opened:
        assert opened.width * 4 == opened.height * 3
    assert {row.size_name for row in master.sizes.all()} == set(pictures.SIZES)
    for row in master.sizes.all():
        with Image.open(io.BytesIO(queries.content(row))) as opened:
            assert opened.size == pictures.SIZES[row.size_name][0]
    assert master.sizes.get(size_name="upload").size <= 20 * 1024
    assert queries.one_inch(master) == queries.content(master.sizes.get(size_name="one_inch"))


@pytest.mark.parametrize("crop", [pictures.CENTRE, pictures.Crop(2, 2, 1, 1), pictures.Crop(0, 0, -1, 5)])
def test_without_a_useful_part_chosen_the_middle_is_kept(body: Person, now: datetime, crop: pictures.Crop) -> None:
    upload = corpus.upload(corpus.picture(1600, 1200, quality=95), "横图.jpg")
    master = actions.store(by=body, now=now, upload=upload, purpose="photo", crop=crop)
    with Image.open(io.BytesIO(queries.content(master))) as opened:
        assert opened.width * 4 == opened.height * 3


def test_too_small_a_part_is_refused(body: Person, now: datetime) -> None:
    upload = corpus.upload(corpus.picture(1600, 1200, quality=95), "横图.jpg")
    with pytest.raises(Refusal) as refused:
        actions.store(by=body, now=now, upload=upload, purpose="photo", crop=pictures.Crop(0, 0, 0.1, 0.1))
    assert refused.value.code == "photo.pixels"
    assert not StoredFile.objects.exists()


def test_the_background_is_measured() -> None:
    def jpeg(colour: str) -> bytes:
        picture = Image.new("RGB", (300, 400), colour)
        picture.paste("#553322", (90, 120, 210, 400))
        out = io.BytesIO()
        picture.save(out, "JPEG")
        return out.getvalue()

    assert pictures.whiteness(jpeg("#f4f4f2")) > 0.95
    assert pictures.whiteness(jpeg("#3d7cc9")) < 0.05
