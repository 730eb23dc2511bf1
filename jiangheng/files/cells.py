"""A form on paper: one layout of cells, set as PDF by typst and as Word by python-docx, so that both say the same."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from jiangheng.files import printing

TEMPLATE = Path(__file__).parent / "typst" / "cells.typ"
PHOTO_MM = (25, 35)
A4_MM = (210, 297)
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell over ``span`` columns; ``head`` names what stands beside it; ``tall`` leaves room to sign, in millimetres."""

    text: str
    span: int = 1
    head: bool = False
    tall: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A titled form: ``mark`` is its number in words, ``widths`` of columns in millimetres, ``size`` of type in points.

    The first ``photo_rows`` rows leave the last column to ``photo`` (JPEG, or an empty frame).
    """

    title: str
    mark: str
    foot: str
    widths: tuple[int, ...]
    rows: list[list[Cell]]
    watermark: str = ""
    landscape: bool = False
    size: float = 9.5
    photo: bytes | None = None
    photo_rows: int = 0


def fit(text: str) -> str:
    """Without the characters neither format can hold."""
    return UNFIT.sub("", text)


def pdf(form: Form, made_at: datetime) -> bytes:
    """The form as PDF; a character no font has is refused, never printed as a box (``printing.glyphs``, 422)."""
    images = {"photo.jpg": form.photo} if form.photo is not None else {}
    data = {
        "title": form.title,
        "mark": form.mark,
        "foot": form.foot,
        "watermark": form.watermark,
        "landscape": form.landscape,
        "size": form.size,
        "photo": "photo.jpg" if images else "",
        "photo_rows": form.photo_rows,
        "widths": list(form.widths),
        "rows": [[asdict(cell) for cell in row] for row in form.rows],
    }
    return printing.render(TEMPLATE, data, images, made_at=made_at)
