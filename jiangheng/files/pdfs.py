"""PDF proofs: opened by a real parser; passwords, scripts, attached files and decompression bombs are refused."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf

from jiangheng.files.limits import MIB, Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

pikepdf.settings.set_qpdf_limits(
    flate_max_memory=64 * MIB,
    png_max_memory=64 * MIB,
    run_length_max_memory=64 * MIB,
    tiff_max_memory=64 * MIB,
    max_stream_filters=4,
    doc_max_warnings=100,
)

ACTIVE_KEYS = frozenset(("/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent"))
ACTIVE_KINDS = frozenset((
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/EmbeddedFile", "/GoToE",
    "/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Rendition", "/3D",
))  # read as a table  # fmt: skip
HEADED = 1024
"""Bytes within which readers look for the header: mail gateways and scanners write a line before it."""
TAIL = 4096
PADDING = b"\x00\x1a\xff \t\r\n\x0c"
DEEPEST = 60
ANOTHER = re.compile(rb"^(MZ|PK\x03\x04|\x7fELF|\xd0\xcf\x11\xe0|Rar!|7z\xbc\xaf)|<(!doctype|\?|[a-z/])", re.IGNORECASE)
"""What makes the bytes around a PDF a file of another kind rather than dirt."""

LOST = re.compile(r"unable to|EOF after|error decoding|treating .* as empty")
"""How qpdf says that it could not mend something whole."""


def begins(data: bytes) -> int:
    """Where the header of a PDF stands in ``data``, -1 where there is none or another kind of file comes first."""
    at = data.find(b"%PDF-", 0, HEADED)
    return -1 if at < 0 or ANOTHER.search(data[:at].lstrip(PADDING)) else at


def clean(data: bytes, limits: Limits) -> bytes:
    """The PDF byte for byte, or saved anew where every reader opens it all the same but no parser should have to.

    Saved anew are files whose printing or copying is restricted (they open without a password), that carry dirt
    before the header or after the end, or a damaged table of objects that loses no page. Judged is what is kept.
    Refusal codes (422): ``pdf.broken``, ``pdf.locked``, ``pdf.active``, ``pdf.pages``.
    """
    at = begins(data)
    if at < 0:
        raise _broken()
    kept = _trimmed(data[at:])
    try:
        pdf, mended = _open(kept)
        with pdf:
            if mended:
                _is_whole(pdf)
            if mended or pdf.is_encrypted:
                written = io.BytesIO()
                pdf.save(written, encryption=False)
                kept = written.getvalue()
        with pikepdf.open(io.BytesIO(kept), attempt_recovery=False) as pdf:
            _judge(pdf, limits)
    except pikepdf.PasswordError as error:
        raise _locked() from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError) as error:
        raise _broken() from error
    return kept


def _trimmed(data: bytes) -> bytes:
    """``data`` without what comes after its end, as far as that is dirt; a file cut short or mixed is refused."""
    body, mark, tail = data.rpartition(b"%%EOF")
    if not mark:
        body, tail = data.rstrip(PADDING), b""
        if not re.search(rb"startxref\s+\d+$", body[-TAIL:]):
            raise _broken()
    elif len(tail.strip(PADDING)) > TAIL or ANOTHER.search(tail.lstrip(PADDING)):
        raise _broken()
    if b"startxref" not in body[-TAIL:]:
        raise _broken()
    return data if not tail.strip(b"\r\n") and mark else body + b"%%EOF\n"


def _open(data: bytes) -> tuple[pikepdf.Pdf, bool]:
    """Opened as it stands, else as qpdf mends it, and whether it had to be mended."""
    try:
        pdf = pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True)
        for page in pdf.pages:
            page.obj.get("/Contents")
        if not pdf.get_warnings():
            return pdf, False
    except pikepdf.PasswordError:
        raise
    except (pikepdf.PdfError, RuntimeError, ValueError):
        pass
    return pikepdf.open(io.BytesIO(data), attempt_recovery=True, suppress_warnings=True), True


def _is_whole(pdf: pikepdf.Pdf) -> None:
    """Refuse a mended file that lost something: as many pages as its tree counts, every part of them there."""
    if len(pdf.pages) != int(pdf.Root.Pages.get("/Count", -1)):
        raise _broken()
    for page in pdf.pages:
        content = page.obj.get("/Contents")
        if "/Contents" in page.obj.keys() and content is None:  # noqa: SIM118 - a null value is a key all the same
            raise _broken()
        for stream in content if isinstance(content, pikepdf.Array) else (content,):
            if isinstance(stream, pikepdf.Stream):
                stream.read_bytes()
            elif stream is not None:
                raise _broken()
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream):
            each.read_raw_bytes()
    if any(LOST.search(str(said)) for said in pdf.get_warnings()):
        raise _broken()


def _judge(pdf: pikepdf.Pdf, limits: Limits) -> None:
    pages = len(pdf.pages)
    if pages == 0:
        raise _broken()
    if pages > limits.pdf_pages:
        raise refuse(
            "pdf.pages",
            N_("PDF 有 %(pages)s 页，超过上限 %(limit)s 页。"),
            N_("请只保留需要的页，或拆分后分别上传。"),
            status=422,
            pages=pages,
            limit=limits.pdf_pages,
        )
    if any(_is_active(each, 0) for each in pdf.objects):
        raise _active()


def _is_active(item: Any, depth: int) -> bool:
    """Whether an indirect object holds a script, a launch action or an attached file anywhere inside it."""
    if depth > DEEPEST:
        return True
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key in item.keys():  # noqa: SIM118 - a stream iterates over bytes, not keys
            if key in ACTIVE_KEYS:
                return True
            value = item[key]
            if key in ("/S", "/Type", "/Subtype") and str(value) in ACTIVE_KINDS:
                return True
            if _is_direct_holder(value) and _is_active(value, depth + 1):
                return True
    elif isinstance(item, pikepdf.Array):
        return any(_is_direct_holder(value) and _is_active(value, depth + 1) for value in item)
    return False


def _is_direct_holder(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _broken() -> Refusal:
    return refuse(
        "pdf.broken",
        N_("PDF 文件已损坏、不完整，或混有其他内容。"),
        N_("请用原软件重新导出或重新扫描为 PDF 后上传。"),
        status=422,
    )


def _locked() -> Refusal:
    return refuse(
        "pdf.locked",
        N_("PDF 要输入密码才能打开，审核人员无法查验。"),
        N_("请去除打开密码后另存，或打印后扫描为 PDF 再上传。"),
        status=422,
    )


def _active() -> Refusal:
    return refuse(
        "pdf.active",
        N_("PDF 含有脚本、嵌入文件或可执行动作，不予接收。"),
        N_("请打印为新的 PDF（只含页面内容）后上传。"),
        status=422,
    )
