"""Files people send by mistake, named by what their bytes say, each with the way to what is wanted."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from jiangheng.rules.words import gettext_noop as N_

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOOKED_AT = 4096
MOST_NAMES = 5000


@dataclass(frozen=True, slots=True)
class Stranger:
    """What a file is, in words, and what its sender can do with it; both are message sources."""

    what: str
    remedy: str


JPG = N_("请打开图片后另存或导出为 JPG，再上传。")
AS_PDF = N_("请用原软件打开后“导出为 PDF”或打印为 PDF，再上传。")
AS_XLSX = N_("请用原软件打开后另存或导出为 xlsx，再上传。")
UNPACK = N_("请先解压，再逐个上传里面的文件；证件照压缩包请用 zip 格式。")
PICTURE = Stranger(N_("图片"), N_("请换成所要的文件，再上传。"))
PDF = Stranger(N_("PDF 文件"), N_("请换成所要的文件；扫描件可另存为图片，再上传。"))
WORKBOOK = Stranger(N_("表格或文字文件"), AS_PDF)
WORD = Stranger(N_("Word 文档"), N_("请用 Word 或 WPS 打开后“导出为 PDF”，再上传；表格请复制到模板中。"))
SLIDES = Stranger(N_("演示文稿"), AS_PDF)
OFD = Stranger(N_("OFD 版式文件"), N_("请用 OFD 阅读软件打开后“导出为 PDF”或打印为 PDF，再上传。"))
PAGE = Stranger(N_("网页文件"), N_("请用浏览器打开后打印为 PDF；表格请用 Excel 或 WPS 打开后另存为 xlsx，再上传。"))
VIDEO = Stranger(N_("视频"), N_("请截取一帧或另拍照片，存为 JPG 后上传。"))
PROGRAM = Stranger(N_("程序文件"), N_("请核对选择的文件，程序不予接收。"))
MAIL = Stranger(N_("电子邮件"), N_("请先把邮件中的附件存下来，再上传附件。"))
SHORTCUT = Stranger(N_("快捷方式，不是文件本身"), N_("请选择快捷方式所指的文件，再上传。"))
BLANK = Stranger(N_("空白内容，多半没有下载完整"), N_("请重新下载或复制，打开确认无误后再上传。"))
ARCHIVE = Stranger(N_("压缩包"), UNPACK)
UNKNOWN = Stranger(N_("认不出的文件"), N_("改文件扩展名不能改变文件类型，请用原软件另存或导出为所要的类型后再上传。"))

OPENINGS: tuple[tuple[bytes, Stranger], ...] = (
    (b"Rar!\x1a\x07", Stranger(N_("RAR 压缩包"), UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Stranger(N_("7z 压缩包"), UNPACK)),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\x00", ARCHIVE),
    (b"GIF8", Stranger(N_("GIF 图片"), JPG)),
    (b"BM", Stranger(N_("BMP 图片"), JPG)),
    (b"II*\x00", Stranger(N_("TIFF 图片"), N_("请打开后逐页另存为 JPG，或另存为一份 PDF，再上传。"))),
    (b"MM\x00*", Stranger(N_("TIFF 图片"), N_("请打开后逐页另存为 JPG，或另存为一份 PDF，再上传。"))),
    (b"8BPS", Stranger(N_("Photoshop 图片"), JPG)),
    (b"\x00\x00\x00\x0cjP  ", Stranger(N_("JPEG 2000 图片"), JPG)),
    (b"\xff\x4f\xff\x51", Stranger(N_("JPEG 2000 图片"), JPG)),
    (b"\xff\x0a", Stranger(N_("JPEG XL 图片"), JPG)),
    (b"\x00\x00\x00\x0cJXL ", Stranger(N_("JPEG XL 图片"), JPG)),
    (b"{\\rtf", Stranger(N_("RTF 文档"), AS_PDF)),
    (b"%!PS", Stranger(N_("PostScript 文件"), AS_PDF)),
    (b"CAJ", Stranger(N_("CAJ 文献"), N_("请用 CAJ 阅读软件打开后打印为 PDF，再上传。"))),
    (b"AC10", Stranger(N_("CAD 图纸"), AS_PDF)),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", SHORTCUT),
    (b"[InternetShortcut]", SHORTCUT),
    (b"bplist00", SHORTCUT),
    (b"\x00\x05\x16\x07", Stranger(N_("苹果电脑的附属文件，不是文件本身"), N_("请选择不以“._”开头的同名文件。"))),
    (b"\x1a\x45\xdf\xa3", VIDEO),
    (b"FLV\x01", VIDEO),
    (b"ID3", Stranger(N_("录音"), N_("请核对选择的文件。"))),
)
INSIDE: tuple[tuple[str, Stranger], ...] = (
    (r"OFD\.xml", OFD),
    (r"xl/workbook\.bin", Stranger(N_("xlsb 二进制工作簿"), AS_XLSX)),
    (r"word/.+", WORD),
    (r"ppt/.+", SLIDES),
    (
        r"Index(/.+\.iwa|\.zip)",
        Stranger(N_("苹果 Numbers、Pages 或 Keynote 文件"), N_("请在苹果软件中“导出为”Excel 或 PDF，再上传。")),
    ),
    (r".+\.fpage|FixedDocSeq\.fdseq", Stranger(N_("XPS 文件"), AS_PDF)),
    (r"META-INF/MANIFEST\.MF|AndroidManifest\.xml", PROGRAM),
)
"""By a part's whole name, which parts of a zip package tell what it is."""
OPEN_DOCUMENTS = {
    b"spreadsheet": Stranger(N_("OpenDocument 电子表格（ods）"), AS_XLSX),
    b"text": Stranger(N_("OpenDocument 文档（odt）"), AS_PDF),
    b"presentation": SLIDES,
}
STREAMS: tuple[tuple[str, Stranger], ...] = (
    ("WordDocument", WORD),
    ("PowerPoint Document", SLIDES),
    ("__properties_version1.0", MAIL),
)
"""The streams by which an old compound file is known."""
BRANDS = {
    b"qt  ": VIDEO,
    b"mp4": VIDEO,
    b"isom": VIDEO,
    b"M4V": VIDEO,
    b"3gp": VIDEO,
    b"avc1": VIDEO,
    b"crx ": Stranger(N_("相机原始照片"), JPG),
}
MARKUP = re.compile(rb"<(!doctype|\?xml|[a-z!/])", re.IGNORECASE)


def stranger(data: bytes) -> Stranger | None:
    """What a file is that no reader here takes; None where nothing is known by its bytes."""
    head = data[:LOOKED_AT]
    if not head.strip(b"\x00"):
        return BLANK
    for opening, found in OPENINGS:
        if head.startswith(opening):
            return found
    if head[4:8] == b"ftyp":
        return next((found for brand, found in BRANDS.items() if head[8:].startswith(brand)), None)
    if head.startswith(b"RIFF"):
        return VIDEO if head[8:12] == b"AVI " else None
    if head.startswith(b"PK"):
        return inside(data)
    if head.startswith(OLE):
        return next((found for name, found in STREAMS if name.encode("utf-16-le") in data), None)
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n").lower()
    if MARKUP.match(text):
        return Stranger(N_("SVG 图形"), JPG) if b"<svg" in text and b"<html" not in text else PAGE
    if re.match(rb"(mime-version|received|return-path|from|x-[a-z-]+):", text):
        return PAGE if b"multipart/related" in text else MAIL
    return None


def inside(data: bytes) -> Stranger | None:
    """What a zip package is by the names of its parts; None where it may be a workbook or cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [name.replace("\\", "/").lstrip("/") for name in package.namelist()[:MOST_NAMES]]
            kind = package.open("mimetype").read(200) if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, KeyError, EOFError):
        return None
    for word, found in OPEN_DOCUMENTS.items():
        if b"opendocument." + word in kind:
            return found
    for pattern, found in INSIDE:
        if any(re.fullmatch(pattern, name, re.IGNORECASE) for name in names):
            return found
    if names and not any(name.lower().startswith(("xl/", "[content_types]")) for name in names):
        return Stranger(N_("zip 压缩包"), UNPACK)
    return None
