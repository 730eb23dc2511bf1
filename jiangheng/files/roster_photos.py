"""One file of an archive of photos: whose it is by its name, and whether it will do (三（二）4)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from jiangheng.files import archives, content
from jiangheng.files.limits import Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roster import photo_names
from jiangheng.rules.words import gettext_noop as N_


@dataclass(frozen=True, slots=True)
class Photo:
    """A file meant as a photo: the document number in its name (empty where none is), its digest as kept, what is wrong."""

    number: str
    digest: str = ""
    wrong: Refusal | None = None


def looked_at(part: archives.Part, limits: Limits, taken: dict[str, str]) -> Photo | None:
    """The photo, or None for a note and a second copy of the same photo, which are passed over.

    ``taken`` holds the digests of the photos before, by number, and is added to. What may be wrong: ``photo.archive``,
    ``photo.names``, ``photo.twice`` (409) and the refusals of ``content.check``.
    """
    numbers = photo_names.numbers(part.name)
    if not numbers:
        if photo_names.is_archive(part.name):
            return Photo("", wrong=_archive())
        return Photo("") if photo_names.is_picture(part.name) else None
    if len(numbers) > 1:
        return Photo("", wrong=_several(len(numbers)))
    number = numbers[0]
    try:
        digest = hashlib.sha256(content.check(part.data, purpose="photo", limits=limits).data).hexdigest()
    except Refusal as refusal:
        return Photo(number, wrong=refusal)
    if number in taken:
        return None if taken[number] == digest else Photo(number, wrong=_twice())
    taken[number] = digest
    return Photo(number, digest)


def unnamed() -> Refusal:
    """A picture whose name tells nobody."""
    return refuse(
        "photo.unnamed",
        N_("文件名里没有完整的证件号码，不知是谁的照片。"),
        N_("请以证件号码命名（如 450202199001011234.jpg）后重新压缩上传。"),
        clause="三（二）",
    )


def stranger() -> Refusal:
    """A photo of somebody who is not in the roster."""
    return refuse(
        "photo.stranger",
        N_("花名册里没有这个证件号码。"),
        N_("请核对文件名里的号码，或把此人加入花名册。"),
        clause="三（二）",
    )


def _archive() -> Refusal:
    return refuse(
        "photo.archive",
        N_("压缩包里还有压缩包，没有读取。"),
        N_("请解压后把照片放入一个文件夹，重新压缩为一个 zip 上传。"),
        clause="三（二）",
    )


def _several(count: int) -> Refusal:
    return refuse(
        "photo.names",
        N_("文件名里有%(count)s个证件号码，不知是谁的照片。"),
        N_("请只保留本人的证件号码后重新压缩上传。"),
        clause="三（二）",
        count=count,
    )


def _twice() -> Refusal:
    return refuse(
        "photo.twice",
        N_("同一证件号码有两张照片；请只留一张。"),
        N_("请删去多余的一张后重新上传压缩包。"),
        clause="三（二）",
    )
