"""Pictures: opened for real, turned upright, re-encoded as JPEG without metadata; photo rules of 附件4."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from jiangheng.files.limits import KIB, Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
HEIF = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
"""The brands by which phones mark their high-efficiency pictures."""
FAINT = 8
"""Levels of 255 between the lightest and the darkest pixel that an eye still takes for one blank page."""
LONGEST_SCAN = 3508
A4_PIXELS = 2480 * LONGEST_SCAN
LONGEST_JPEG = 65_000
LONGEST_PHOTO = 1280
PORTRAIT = 3 / 4
ONE_INCH = (295, 413)
SIZES: dict[str, tuple[tuple[int, int], int]] = {
    "one_inch": (ONE_INCH, 0),
    "two_inch": ((413, 579), 0),
    "upload": ((240, 320), 20 * KIB),
    "thumb": ((120, 160), 0),
}
"""Sizes derived from a photo's master: pixels, and the most bytes where a receiving system sets them.

One and two inches are 25×35 and 35×49 mm at 300 dpi; ``upload`` is the 240×320 under 20 KB other platforms ask for.
"""
WHITE = 225
GREY = 24


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of an upright picture to keep, in shares of its width and height from the top left corner."""

    left: float
    top: float
    width: float
    height: float


CENTRE = Crop(0, 0, 0, 0)
"""No part was chosen: the largest 3:4 part, from the middle, a little above it."""


def is_picture(data: bytes) -> bool:
    """Whether ``data`` opens as a picture of a kind that is read here."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or _is_webp(data) or bool(_brands(data))


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _brands(data: bytes) -> str:
    """``HEIF`` or ``AVIF`` by the brands that open the file, else empty."""
    if data[4:8] != b"ftyp":
        return ""
    size = min(int.from_bytes(data[:4], "big"), 128)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "HEIF" if brands & HEIF else ""


def _opened(data: bytes, limits: Limits) -> Image.Image:
    """The decoded picture, upright, 8-bit RGB on white; its pixel count is checked before anything is decoded."""
    formats: tuple[str, ...] = FORMATS
    heif = _brands(data) == "HEIF"
    if heif:
        import pi_heif

        pi_heif.register_heif_opener()
        formats = ("HEIF",)
    try:
        picture = Image.open(io.BytesIO(data), formats=formats)
        width, height = picture.size
        if width * height > limits.image_pixels:
            raise _too_many_pixels(limits)
        frames = 1 if picture.format in ("JPEG", "MPO") else getattr(picture, "n_frames", 1)
        if frames > 1:
            raise _many(frames)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(limits) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, RuntimeError, EOFError) as error:
        raise (_heif() if heif else _broken()) from error
    return _on_white(_eight_bits(upright))


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A picture of more than 8 bits a pixel scaled to 8: Pillow's own conversion would cut all above 255 to white."""
    if picture.mode[0] not in "IF":
        return picture
    whole = picture.convert("F")
    low, high = cast("tuple[float, float]", whole.getextrema())  # one band
    if not (math.isfinite(low) and math.isfinite(high)):
        raise _broken()
    if picture.mode == "F" and low >= 0 and high <= 1:
        least, most = 0.0, 1.0
    elif low >= 0:
        # The scanner's own depth: the least that holds its lightest pixel, so that 12 bits in 16 are not black.
        least, most = 0.0, float(2 ** max(int(high).bit_length(), 8) - 1)
    else:
        least, most = low, max(high, low + 1)
    scale = 255 / (most - least)
    grey = whole.point(lambda value: value * scale + (0.5 - least * scale)).convert("L")
    clear = picture.info.get("transparency")
    if isinstance(clear, int):
        marked = whole.point(lambda value: value * 1 + -clear)
        alpha = marked.point(lambda value: value * 255 + 0).convert("L")
        below = marked.point(lambda value: value * -255 + 0).convert("L")
        grey.putalpha(ImageChops.lighter(alpha, below))
    grey.info.pop("transparency", None)
    return grey


def _on_white(picture: Image.Image) -> Image.Image:
    """RGB on white; on black where white would swallow all that is to be seen."""
    if picture.mode not in ("RGBA", "LA", "PA", "La", "RGBa") and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    for ground in ("white", "black"):
        made = Image.alpha_composite(Image.new("RGBA", layer.size, ground), layer).convert("RGB")
        bands = cast("tuple[tuple[int, int], ...]", made.getextrema())
        opaque = cast("tuple[tuple[int, int], ...]", layer.getextrema())[3]
        if any(high - low > FAINT for low, high in bands) or opaque in ((0, 0), (255, 255)):
            break
    return made


def _broken() -> Refusal:
    return refuse(
        "picture.broken",
        N_("图片无法打开，可能已损坏或不是真正的图片。"),
        N_("请在电脑或手机上确认图片能正常显示，另存为 JPG 后重新上传。"),
        status=422,
    )


def _heif() -> Refusal:
    return refuse(
        "picture.heic",
        N_("这张 HEIC 图片（苹果手机的“高效”格式）打不开。"),
        N_("请在苹果手机“设置—相机—格式”中选“兼容性最佳”后重拍，或在相册中另存为 JPG 后重新上传。"),
        status=422,
    )


def _many(frames: int) -> Refusal:
    return refuse(
        "picture.frames",
        N_("这个文件里有%(count)s张图片（动图或连拍），只能保存一张。"),
        N_("请把要用的那一张另存为 JPG，多页请做成一份 PDF，再上传。"),
        status=422,
        count=frames,
    )


def _too_many_pixels(limits: Limits) -> Refusal:
    return refuse(
        "picture.pixels",
        N_("图片超过上限 %(limit)s 万像素，没有保存。"),
        N_("请缩小图片尺寸后重新上传。"),
        status=422,
        limit=limits.image_pixels // 10_000,
    )


def _encoded(picture: Image.Image, quality: int) -> bytes:
    """JPEG with nothing but pixels: no EXIF, no comments, no colour profile."""
    image = Image.new("RGB", picture.size)
    image.paste(picture)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()


def scan(data: bytes, limits: Limits) -> bytes:
    """A photographed or scanned proof as JPEG, no more pixels than an A4 page at 300 dpi.

    A long screenshot keeps its width as far as the pixels go: cut down to a page's height nobody could read it.
    """
    picture = _opened(data, limits)
    width, height = picture.size
    longest = max(LONGEST_SCAN, round(math.sqrt(A4_PIXELS * max(width, height) / min(width, height))))
    longest = min(longest, LONGEST_JPEG)
    picture.thumbnail((longest, longest))
    return _encoded(picture, 85)


def photo(data: bytes, limits: Limits, crop: Crop | None = None) -> bytes:
    """A candidate's photo as the JPEG master, within the size in force; refuses small, sideways or thin ones.

    ``crop`` is the part chosen in the browser, or ``CENTRE``; without one the picture must be a portrait already.
    Refusal codes: ``photo.pixels``, ``photo.shape``, ``photo.size`` and those of opening (422).
    """
    picture = _opened(data, limits)
    if crop is not None:
        picture = _cropped(picture, crop)
    width, height = picture.size
    if width < limits.photo_width_min or height < limits.photo_height_min:
        raise refuse(
            "photo.pixels",
            N_("照片为 %(width)s×%(height)s 像素，低于要求的 %(least_width)s×%(least_height)s 像素。"),
            N_("请上传近半年内拍摄的白底免冠彩色证件照原图，不要用截图。"),
            status=422,
            width=width,
            height=height,
            least_width=limits.photo_width_min,
            least_height=limits.photo_height_min,
        )
    if not 1.1 <= height / width <= 1.8:
        raise refuse(
            "photo.shape",
            N_("照片宽高比例不是证件照（%(width)s×%(height)s 像素）。"),
            N_("请裁剪为竖版证件照，宽高比约 3:4 后重新上传。"),
            status=422,
            width=width,
            height=height,
        )
    if len(data) < limits.photo_bytes_min:
        raise refuse(
            "photo.size",
            N_("照片文件只有 %(size)s KB，低于要求的 %(least)s KB，清晰度不足。"),
            N_("请上传近半年内拍摄的证件照原图，不要用聊天软件压缩过的图片。"),
            status=422,
            size=len(data) // KIB,
            least=limits.photo_bytes_min // KIB,
        )
    picture.thumbnail((LONGEST_PHOTO, LONGEST_PHOTO))
    return _within(picture, limits.photo_bytes_max)


def _cropped(picture: Image.Image, crop: Crop) -> Image.Image:
    """The chosen part, or the largest 3:4 part from the middle where none or nonsense was chosen."""
    width, height = picture.size
    if crop.width > 0 and crop.height > 0:
        left, top = max(round(crop.left * width), 0), max(round(crop.top * height), 0)
        right = min(round((crop.left + crop.width) * width), width)
        bottom = min(round((crop.top + crop.height) * height), height)
        if right - left >= 1 and bottom - top >= 1:
            return picture.crop((left, top, right, bottom))
    wide, tall = min(width, round(height * PORTRAIT)), min(height, round(width / PORTRAIT))
    left, top = (width - wide) // 2, round((height - tall) * 0.3)
    return picture.crop((left, top, left + wide, top + tall))


def _within(picture: Image.Image, most: int) -> bytes:
    """The picture as JPEG of at most ``most`` bytes, by quality first and by size last."""
    for quality in (92, 85, 78, 70, 60, 50, 40):
        written = _encoded(picture, quality)
        if len(written) <= most:
            return written
    picture.thumbnail((480, 640))
    return _encoded(picture, 70)


def whiteness(data: bytes) -> float:
    """The share of near-white pixels along the upper edges of a photo, where nothing but background should be."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        small = picture.convert("RGB").resize((60, 80))
    edge = [60 * y + x for y in range(40) for x in range(60) if y < 5 or x < 5 or x >= 55]
    colours = small.tobytes()
    white = 0
    for place in edge:
        red, green, blue = colours[3 * place : 3 * place + 3]
        white += min(red, green, blue) >= WHITE and max(red, green, blue) - min(red, green, blue) <= GREY
    return white / len(edge)


def sized(data: bytes, name: str) -> bytes:
    """One of ``SIZES`` derived from a stored master, cropped to its shape from the middle."""
    size, most = SIZES[name]
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        made = ImageOps.fit(picture.convert("RGB"), size, centering=(0.5, 0.3))
    return _within(made, most) if most else _encoded(made, 90)


def one_inch(data: bytes) -> bytes:
    """The one-inch print of a stored photo: 25×35 mm at 300 dpi, cropped from the middle."""
    return sized(data, "one_inch")
