"""Photos of candidates as a roster brings them."""

from __future__ import annotations

import io

from PIL import Image

from jiangheng.applications.models import Application, PhotoArchive
from jiangheng.files.models import StoredFile
from tests.files import corpus

FIRST, SECOND, THIRD = "450224199204116571", "450226197212184439", "450225197301152918"


def portrait(tone: int = 90, form: str = "JPEG") -> bytes:
    return corpus.picture(480, 640, form) if tone == 90 else _noise(tone, form)


def _noise(tone: int, form: str) -> bytes:
    made = Image.effect_noise((480, 640), tone).convert("RGB")
    stream = io.BytesIO()
    made.save(stream, form)
    return stream.getvalue()


def photo_of(number: str) -> StoredFile | None:
    return Application.objects.get(identity__number_tail=number[-4:]).photo


def codes_of(made: PhotoArchive) -> list[str]:
    return [each["code"] for each in made.report["faults"]]
