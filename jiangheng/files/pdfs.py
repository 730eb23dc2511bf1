"""PDF proofs: opened by a real parser; encryption, scripts, attached files and decompression bombs are refused."""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from jiangheng.files.limits import MIB, Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

pikepdf.settings.set_qpdf_limits(
    flate_max_memory=64 * MIB, png_max_memory=64 * MIB, run_length_max_memory=64 * MIB,
    tiff_max_memory=64 * MIB, max_stream_filters=4, doc_max_warnings=100,
)  # fmt: skip

ACTIVE_KEYS = frozenset(("/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent"))
ACTIVE_KINDS = frozenset((
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/EmbeddedFile", "/GoToE",
    "/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Rendition", "/3D",
))  # fmt: skip
TAIL = 1024
DEEPEST = 60


def check(data: bytes, limits: Limits) -> None:
    """Refuse a PDF that is broken, locked, active or something else besides.

    Refusal codes (422): ``pdf.broken``, ``pdf.locked``, ``pdf.active``, ``pdf.pages``.
    """
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-TAIL:]:
        raise _broken()
    if data.rpartition(b"%%EOF")[2].strip():
        raise _broken()
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise _locked()
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
    except pikepdf.PasswordError as error:
        raise _locked() from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
        raise _broken() from error


def _is_active(item: Any, depth: int) -> bool:
    """Whether an indirect object holds a script, a launch action or an attached file anywhere inside it."""
    if depth > DEEPEST:
        return True
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key in item.keys():  # noqa: SIM118  (a stream iterates over bytes, not keys)
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
        N_("PDF 设置了密码或权限加密，审核人员无法查验。"),
        N_("请去除密码和权限限制，或打印后扫描为 PDF 再上传。"),
        status=422,
    )


def _active() -> Refusal:
    return refuse(
        "pdf.active",
        N_("PDF 含有脚本、嵌入文件或可执行动作，不予接收。"),
        N_("请打印为新的 PDF（只含页面内容）后上传。"),
        status=422,
    )
