"""Pictures: opened for real, turned upright, re-encoded as JPEG without metadata; photo rules of 附件4."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from jiangheng.files.limits import KIB, Limits
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.words import gettext_noop as N_

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SCAN = 3508
LONGEST_PHOTO = 1280
ONE_INCH = (295, 413)


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
        raise Refusal(
            N_("图片无法打开，可能已损坏或不是真正的图片。"),
            code="picture.broken",
            remedy=N_("请在电脑或手机上确认图片能正常显示，另存为 JPG 后重新上传。"),
            status=422,
        ) from error
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return upright.convert("RGB")


def _too_many_pixels(limits: Limits) -> Refusal:
    return Refusal(
        N_("图片超过上限 %(limit)s 万像素，没有保存。"),
        code="picture.pixels",
        remedy=N_("请缩小图片尺寸后重新上传。"),
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


def photo(data: bytes, limits: Limits) -> bytes:
    """A candidate's photo as the JPEG master, within the size in force; refuses small, sideways or thin ones.

    Refusal codes: ``photo.pixels``, ``photo.shape``, ``photo.size`` and those of opening (422).
    """
    picture = _opened(data, limits)
    width, height = picture.size
    if width < limits.photo_width_min or height < limits.photo_height_min:
        raise Refusal(
            N_("照片为 %(width)s×%(height)s 像素，低于要求的 %(least_width)s×%(least_height)s 像素。"),
            code="photo.pixels",
            remedy=N_("请上传近半年内拍摄的白底免冠彩色证件照原图，不要用截图。"),
            status=422,
            width=width,
            height=height,
            least_width=limits.photo_width_min,
            least_height=limits.photo_height_min,
        )
    if not 1.1 <= height / width <= 1.8:
        raise Refusal(
            N_("照片宽高比例不是证件照（%(width)s×%(height)s 像素）。"),
            code="photo.shape",
            remedy=N_("请裁剪为竖版证件照，宽高比约 3:4 后重新上传。"),
            status=422,
            width=width,
            height=height,
        )
    if len(data) < limits.photo_bytes_min:
        raise Refusal(
            N_("照片文件只有 %(size)s KB，低于要求的 %(least)s KB，清晰度不足。"),
            code="photo.size",
            remedy=N_("请上传近半年内拍摄的证件照原图，不要用聊天软件压缩过的图片。"),
            status=422,
            size=len(data) // KIB,
            least=limits.photo_bytes_min // KIB,
        )
    picture.thumbnail((LONGEST_PHOTO, LONGEST_PHOTO))
    for quality in (92, 85, 78, 70, 60, 50, 40):
        written = _encoded(picture, quality)
        if len(written) <= limits.photo_bytes_max:
            return written
    picture.thumbnail((480, 640))
    return _encoded(picture, 70)


def one_inch(data: bytes) -> bytes:
    """The one-inch print of a stored photo: 25×35 mm at 300 dpi, cropped from the middle."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        return _encoded(ImageOps.fit(picture.convert("RGB"), ONE_INCH, centering=(0.5, 0.3)), 90)
