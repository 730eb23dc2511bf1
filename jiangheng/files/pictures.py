"""Pictures: opened for real, turned upright, re-encoded as JPEG without metadata; photo rules of 附件4."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from jiangheng.files.limits import KIB, Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SCAN = 3508
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


def _opened(data: bytes, limits: Limits) -> Image.Image:
    """The decoded picture, upright, RGB on white; its pixel count is checked before anything is decoded."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        width, height = picture.size
        if width * height > limits.image_pixels:
            raise _too_many_pixels(limits)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(limits) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise refuse(
            "picture.broken",
            N_("图片无法打开，可能已损坏或不是真正的图片。"),
            N_("请在电脑或手机上确认图片能正常显示，另存为 JPG 后重新上传。"),
            status=422,
        ) from error
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return upright.convert("RGB")


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
    """A photographed or scanned proof as JPEG, its longer side at most an A4 page at 300 dpi."""
    picture = _opened(data, limits)
    picture.thumbnail((LONGEST_SCAN, LONGEST_SCAN))
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
    edge = [(x, y) for y in range(40) for x in range(60) if y < 5 or x < 5 or x >= 55]
    white = 0
    for place in edge:
        red, green, blue = small.getpixel(place)  # type: ignore[misc]
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
