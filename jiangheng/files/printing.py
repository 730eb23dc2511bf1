"""Printed documents as PDF: templates filled with data that is never part of their source; no tofu, ever."""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

if TYPE_CHECKING:
    import typst

MASK = 2
"""The pattern laid over every QR code. Any of the eight is lawful; trying all for the best took longer than the page."""
HERE = Path(__file__).resolve().parent
SHIPPED = HERE / "fonts"
SHARED = HERE / "typst"
FONT_KINDS = (".ttf", ".otf", ".ttc")
PICTURE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
INVISIBLE = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp", "Mn"))
SHOWN_AT_MOST = 8

_of_this_thread = threading.local()


def render(
    template: Path,
    data: Mapping[str, Any],
    images: Mapping[str, bytes] | None = None,
    *,
    made_at: datetime | None = None,
    archival: bool = False,
) -> bytes:
    """The PDF of ``template`` filled with ``data``.

    The template reads ``json("/data.json")``, pictures at ``"/images/" + name`` (PNG, JPEG, SVG; names
    are ASCII) and the shared pieces in ``/shared/official.typ``. ``made_at`` is the creation time
    written into the file: the same input gives the same bytes. ``archival`` asks for PDF/A-2b.
    Refusal code (422): ``printing.glyphs`` when a character has no glyph in any font.
    """
    _check(data)
    folder = Path(settings.VAR) / "printing"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        root = Path(place)
        shutil.copyfile(template, root / "main.typ")
        shutil.copytree(SHARED, root / "shared")
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        (root / "images").mkdir()
        for name, picture in (images or {}).items():
            if not PICTURE_NAME.fullmatch(name):
                raise ValueError(f"not a picture name: {name!r}")
            (root / "images" / name).write_bytes(picture)
        made = _compiler().compile(
            input=root / "main.typ",
            root=root,
            format="pdf",
            sys_inputs={"extra": json.dumps(_extra_families(_stamp()))},
            pdf_standards=["a-2b"] if archival else [],
            pdf_tags=False,
            timestamp=int(made_at.timestamp()) if made_at else None,
        )
    assert isinstance(made, bytes)
    return made


def render_batches(
    template: Path,
    data: Mapping[str, Any],
    key: str,
    images: Mapping[str, bytes] | None = None,
    *,
    made_at: datetime | None = None,
    size: int = 100,
) -> bytes:
    """One PDF of the many records in ``data[key]``, set ``size`` at a time so that memory stays flat.

    A batch sees only the pictures its own records name. Refusals as in ``render``, before any page is set.
    """
    import pikepdf

    records = data[key]
    if len(records) <= size:
        return render(template, data, images, made_at=made_at)
    _check(data)
    pictures = images or {}
    with pikepdf.new() as whole:
        for start in range(0, len(records), size):
            batch = records[start : start + size]
            named = {text for text in _texts(batch) if text in pictures}
            made = render(template, {**data, key: batch}, {n: pictures[n] for n in named}, made_at=made_at)
            with pikepdf.open(io.BytesIO(made)) as part:
                whole.pages.extend(part.pages)
        out = io.BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def missing_glyphs(text: str) -> set[str]:
    """The characters of ``text`` that would print as an empty box."""
    held = _characters(_stamp())
    return {
        character
        for character in text
        if ord(character) not in held and unicodedata.category(character) not in INVISIBLE
    }


def word_bytes(document: Any) -> bytes:
    """A python-docx document as the bytes of its file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def qr_svg(text: str) -> bytes:
    """A QR code of ``text`` (error level M, quiet zone of two modules) as SVG, one unit a module."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m", micro=False, mask=MASK).save(
        out, kind="svg", border=2, xmldecl=False, svgns=True, nl=False
    )
    return out.getvalue()


def _check(data: Mapping[str, Any]) -> None:
    lacking = missing_glyphs("".join(set().union(*_texts(data))))
    if lacking:
        raise _unprintable(lacking)


def _unprintable(lacking: set[str]) -> Refusal:
    shown = sorted(lacking)[:SHOWN_AT_MOST]
    return refuse(
        "printing.glyphs",
        N_("下列文字没有可用字形，为避免印成空框，没有生成文件：%(characters)s"),
        N_("请管理员把含有这些文字的字体文件（TTF 或 OTF）放入数据目录下的 fonts 文件夹，再重新生成。"),
        status=422,
        characters="、".join(f"{_visible(character)}（U+{ord(character):04X}）" for character in shown),
    )


def _visible(character: str) -> str:
    return "" if unicodedata.category(character) == "Cs" else character


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _font_files() -> list[Path]:
    files = []
    for folder in (SHIPPED, Path(settings.VAR) / "fonts"):
        if folder.is_dir():
            files += sorted(path for path in folder.iterdir() if path.suffix.lower() in FONT_KINDS)
    return files


def _stamp() -> tuple[tuple[str, int], ...]:
    """Changes when a font file is added or replaced, so a running server notices."""
    return tuple((str(path), path.stat().st_mtime_ns) for path in _font_files())


@lru_cache(maxsize=2)
def _characters(stamp: tuple[tuple[str, int], ...]) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    # Only files the compiler took count: what it could not read it would leave out of the page in silence.
    held: set[int] = set()
    for path, index in {(font.path, font.index) for font in _fonts(stamp).fonts() if font.path}:
        with TTFont(path, lazy=True, fontNumber=index) as font:
            held.update(font.getBestCmap())
    return frozenset(held)


@lru_cache(maxsize=2)
def _fonts(stamp: tuple[tuple[str, int], ...]) -> typst.Fonts:
    import typst

    folders = sorted({str(Path(path).parent) for path, _changed in stamp})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@lru_cache(maxsize=2)
def _extra_families(stamp: tuple[tuple[str, int], ...]) -> list[str]:
    return sorted({font.family for font in _fonts(stamp).fonts() if not str(font.path).startswith(str(SHIPPED))})


def _compiler() -> typst.Compiler:
    import typst

    stamp = _stamp()
    kept = getattr(_of_this_thread, "kept", None)
    if kept is None or kept[0] != stamp:
        kept = (stamp, typst.Compiler(font_paths=_fonts(stamp)))
        _of_this_thread.kept = kept
    compiler: typst.Compiler = kept[1]
    return compiler
