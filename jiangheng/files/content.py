"""What an upload really is: judged by its bytes and a real parser, never by its name or what the browser says."""

from __future__ import annotations

from dataclasses import dataclass

from jiangheng.files import archives, pdfs, pictures, strangers, workbooks
from jiangheng.files.limits import MIB, Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

PICTURE, PDF, WORKBOOK, ARCHIVE = "picture", "pdf", "workbook", "archive"
PHOTOS = "roster_photos"
"""The purpose of an archive of photos, which alone may be one."""

PURPOSES: dict[str, tuple[str, ...]] = {
    "photo": (PICTURE,),
    "roster": (WORKBOOK,),
    "workbook": (WORKBOOK,),
    "attachment": (PICTURE, PDF, WORKBOOK),
}
OTHERWISE = (PICTURE, PDF)
OWN = {PICTURE: strangers.PICTURE, PDF: strangers.PDF, WORKBOOK: strangers.WORKBOOK}

WORDS: dict[tuple[str, ...], str] = {
    (ARCHIVE,): N_("zip 压缩包"),
    (PICTURE,): N_("JPG、PNG、WebP 或 HEIC 图片"),
    (PICTURE, PDF): N_("JPG、PNG、WebP、HEIC 图片或 PDF 文件"),
    (WORKBOOK,): N_("Excel 工作簿（xlsx、xls）或 CSV 文件"),
    (PICTURE, PDF, WORKBOOK): N_("图片、PDF、Excel 工作簿或 CSV 文件"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """Bytes fit to be kept, their true media type and the suffix that goes with it."""

    data: bytes
    content_type: str
    suffix: str


def check(data: bytes, *, purpose: str, limits: Limits, crop: pictures.Crop | None = None) -> Checked:
    """The upload made safe for ``purpose``: pictures re-encoded, other kinds byte for byte or mended and saved clean.

    Refusal codes: ``upload.empty``, ``upload.large`` (413), ``upload.kind`` (415) and those of
    ``pictures``, ``pdfs``, ``workbooks`` and ``archives`` (422).
    """
    size_fits(len(data), largest(purpose, limits))
    if purpose == PHOTOS:
        if not data.startswith(b"PK") and strangers.stranger(data) is not None:
            raise _unwanted(data, None, (ARCHIVE,))
        archives.check(data, limits)
        return Checked(data, archives.ZIP, ".zip")
    wanted = PURPOSES.get(purpose, OTHERWISE)
    kind = _kind(data)
    if kind not in wanted:
        raise _unwanted(data, kind, wanted)
    if kind == PICTURE:
        made = pictures.photo(data, limits, crop) if purpose == "photo" else pictures.scan(data, limits)
        return Checked(made, "image/jpeg", ".jpg")
    if kind == PDF:
        return Checked(pdfs.clean(data, limits), "application/pdf", ".pdf")
    kept = workbooks.clean(data, limits)
    form = workbooks.form_of(kept)
    return Checked(kept, workbooks.CONTENT_TYPES[form], f".{form}")


def largest(purpose: str, limits: Limits) -> int:
    """Bytes an upload for ``purpose`` may have."""
    if purpose == PHOTOS:
        return limits.archive_bytes
    return limits.workbook_bytes if WORKBOOK in PURPOSES.get(purpose, OTHERWISE) else limits.upload_bytes


def size_fits(size: int, limit: int) -> None:
    """Refuse an empty or an oversized upload before any of it is parsed."""
    if size == 0:
        raise refuse("upload.empty", N_("上传的文件是空的（0 字节）。"), N_("请重新选择文件。"), status=422)
    if size > limit:
        raise refuse(
            "upload.large",
            N_("文件大小为 %(size)s MB，超过上限 %(limit)s MB，没有保存。"),
            N_("请压缩图片、降低扫描分辨率或拆分文件后重新上传。"),
            status=413,
            size=-(-size // MIB),
            limit=limit // MIB,
        )


def _kind(data: bytes) -> str | None:
    """The kind by which ``data`` opens; None for what no reader here takes."""
    if pictures.is_picture(data):
        return PICTURE
    if pdfs.begins(data) >= 0:
        return PDF
    return WORKBOOK if workbooks.is_table(data) else None


def _unwanted(data: bytes, kind: str | None, wanted: tuple[str, ...]) -> Refusal:
    """What the file is, where that is known, and how to get from it to what is wanted."""
    found = strangers.stranger(data) or (OWN[kind] if kind else strangers.UNKNOWN)
    return refuse(
        "upload.kind",
        N_("这是%(what)s，本处接受的是%(kinds)s。"),
        found.remedy,
        status=415,
        what=found.what,
        kinds=WORDS[wanted],
    )
