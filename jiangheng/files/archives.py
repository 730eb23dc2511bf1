"""An archive of photos somebody sent: bounded before anything of it is unpacked, every part by what it really is."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from jiangheng.files.limits import Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

ZIP = "application/zip"
UTF8_NAMES, ENCRYPTED = 0x800, 0x1
LEFT_BY_PROGRAMS = frozenset(["thumbs.db", "ehthumbs.db", "desktop.ini", "picasa.ini", "icon\r"])
FOLDERS_OF_PROGRAMS = frozenset(["__macosx", "@eadir", "$recycle.bin", "system volume information"])
"""What computers and network drives put beside the files of their users."""
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Part:
    """A file of an archive: its name without folders, and its bytes (one more than may be, where it is too large)."""

    name: str
    data: bytes


def check(data: bytes, limits: Limits) -> None:
    """Refuse what is no archive of files, leads outside it, or would grow past the limits.

    Refusal codes (422): ``archive.broken``, ``archive.password``, ``archive.path``, ``archive.count``,
    ``archive.empty``, ``archive.bomb``.
    """
    for _part in parts(data, limits):
        pass


def parts(data: bytes, limits: Limits) -> Iterator[Part]:
    """The files of an archive one after another; refusals are those of :func:`check`."""
    left = limits.archive_unpacked_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part in _listed(package, limits):
                with package.open(part) as file:
                    found = file.read(min(left, limits.upload_bytes) + 1)
                left -= len(found)
                if left < 0:
                    raise _bomb()
                yield Part(_base(part), found)
    except BROKEN as error:
        raise _broken() from error


def count(data: bytes, limits: Limits) -> int:
    """How many files an archive holds, without opening any."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return len(_listed(package, limits))
    except BROKEN as error:
        raise _broken() from error


def left_by_programs(data: bytes) -> list[str]:
    """The names of the files in an archive that its sender never put there, and nobody reads."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return [_base(part) for part in package.infolist() if not part.is_dir() and _is_junk(_path(part))]
    except BROKEN as error:
        raise _broken() from error


def _listed(package: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    found = []
    for part in package.infolist():
        path = _path(part)
        if path.is_absolute() or ".." in path.parts or ":" in str(path) or stat.S_ISLNK(part.external_attr >> 16):
            raise _outside()
        if part.is_dir() or _is_junk(path):
            continue
        if part.flag_bits & ENCRYPTED:
            raise _locked()
        found.append(part)
    if len(found) > limits.archive_files:
        raise _too_many(len(found), limits)
    if not found:
        raise _empty()
    if sum(part.file_size for part in found) > limits.archive_unpacked_bytes:
        raise _bomb()
    return found


def _path(part: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(_name(part).replace("\\", "/"))


def _is_junk(path: PurePosixPath) -> bool:
    """What a system left: hidden files (``._x.jpg``, ``.DS_Store``), lock files of offices, whole folders of its own."""
    name = path.name.lower()
    return (
        name in LEFT_BY_PROGRAMS
        or name.startswith((".", "~$"))
        or any(folder.lower() in FOLDERS_OF_PROGRAMS for folder in path.parts)
    )


def _base(part: zipfile.ZipInfo) -> str:
    return _path(part).name


def _name(part: zipfile.ZipInfo) -> str:
    """The name as its sender saw it: older programs write the system's own code page and do not say so."""
    if part.flag_bits & UTF8_NAMES:
        return part.filename
    raw = part.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename


def _broken() -> Refusal:
    return refuse(
        "archive.broken",
        N_("文件不是可读取的 zip 压缩包，可能已损坏或只是改了扩展名。"),
        N_("请把照片放入一个文件夹，压缩为 zip 格式后重新上传。"),
        status=422,
    )


def _locked() -> Refusal:
    return refuse("archive.password", N_("压缩包设有密码，不能读取。"), N_("请不设密码，重新压缩后上传。"), status=422)


def _outside() -> Refusal:
    return refuse(
        "archive.path",
        N_("压缩包内有指向包外的路径，不予接收。"),
        N_("请把照片复制到一个新文件夹，压缩为 zip 格式后重新上传。"),
        status=422,
    )


def _too_many(found: int, limits: Limits) -> Refusal:
    return refuse(
        "archive.count",
        N_("压缩包内有%(count)s个文件，超过上限%(limit)s个。"),
        N_("请分成几个压缩包依次上传。"),
        status=422,
        count=found,
        limit=limits.archive_files,
    )


def _empty() -> Refusal:
    return refuse(
        "archive.empty", N_("压缩包内没有文件。"), N_("请把以证件号码命名的照片放入压缩包后重新上传。"), status=422
    )


def _bomb() -> Refusal:
    return refuse(
        "archive.bomb", N_("压缩包展开后过大，没有读取。"), N_("请只放证件照，分成几个压缩包依次上传。"), status=422
    )
