"""Keeping uploads and made documents: checked by content, hashed, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from jiangheng.files import content, pictures
from jiangheng.files.limits import Limits, at
from jiangheng.files.models import StoredFile
from jiangheng.journal.actions import action, record, undo
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
OWNERS = ("organisation_id", "account_id", "identity_id", "shared_with_organisation_id")
ABANDONED_AFTER = timedelta(days=1)


@action("file.store")
def store(
    *,
    by: Person,
    now: datetime,
    upload: Any,
    purpose: str,
    organisation_id: int | None = None,
    account_id: int | None = None,
    identity_id: int | None = None,
    shared_with_organisation_id: int | None = None,
    crop: pictures.Crop | None = None,
) -> StoredFile:
    """Keep one upload (材料三（二）) after checking its content; without an owner named it is the uploader's.

    A photo (``purpose`` "photo", cut to ``crop``) is kept as a master with every size of ``pictures.SIZES`` made
    from it. ``upload`` is Django's UploadedFile or any binary file with a ``name``. Refusals: those of
    ``files.content.check`` and ``file.disk`` (409) when the disk is full.
    """
    limits = at(now)
    size = getattr(upload, "size", None)
    if size is not None:
        content.size_fits(size, content.largest(purpose, limits))
    checked = content.check(_bytes(upload, limits), purpose=purpose, limits=limits, crop=crop)
    owners = _owners(by, organisation_id, account_id, identity_id, shared_with_organisation_id)
    name = _name(str(getattr(upload, "name", "") or ""), checked.suffix)
    kept = _keep(checked.data, checked.content_type, name, purpose, owners, now=now)
    if purpose == "photo":
        for size in pictures.SIZES:
            _keep_size(kept, size, pictures.sized(checked.data, size), owners, now)
    return kept


def _keep_size(master: StoredFile, size: str, data: bytes, owners: dict[str, int | None], now: datetime) -> None:
    """A size derived from a master; the journal knows the master, from which it can be made again."""
    StoredFile.objects.create(
        path=_write(data),
        original_name=f"{Path(master.original_name).stem[:180]}-{size}.jpg",
        content_type="image/jpeg",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        purpose="photo_size",
        uploaded_at=now,
        made_from=master,
        size_name=size,
        **owners,
    )


@action("file.keep_made")
def store_bytes(
    *,
    by: Person,
    now: datetime,
    data: bytes,
    name: str,
    content_type: str,
    purpose: str,
    organisation_id: int | None = None,
    account_id: int | None = None,
    identity_id: int | None = None,
    shared_with_organisation_id: int | None = None,
) -> StoredFile:
    """Keep a document the platform made itself (tickets, certificates, packages), byte for byte."""
    owners = _owners(by, organisation_id, account_id, identity_id, shared_with_organisation_id)
    return _keep(data, content_type, _name(name, Path(name).suffix), purpose, owners, now=now)


@action("file.sweep")
def sweep(*, by: Person, now: datetime) -> int:
    """Remove what a crash between writing and committing left on the disk; returns how many files went."""
    known = set(StoredFile.objects.values_list("path", flat=True))
    root = Path(settings.MEDIA_ROOT)
    removed = 0
    for path in root.glob("??/*") if root.exists() else ():
        old = now.timestamp() - path.stat().st_mtime > ABANDONED_AFTER.total_seconds()
        if old and path.relative_to(root).as_posix() not in known:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _bytes(upload: IO[bytes], limits: Limits) -> bytes:
    """The upload's bytes, never more than one past the limit."""
    upload.seek(0)
    return upload.read(limits.largest + 1)


def _owners(by: Person, *given: int | None) -> dict[str, int | None]:
    owners = dict(zip(OWNERS, given, strict=True))
    if all(value is None for value in given):
        if by.role in (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER):
            owners["organisation_id"] = by.organisation_id
        owners["account_id"] = by.account_id
        owners["identity_id"] = by.identity_id
    return owners


def _name(given: str, suffix: str) -> str:
    """The sender's name for the file, for show only, with the suffix its content deserves."""
    last = UNPRINTABLE.sub("", given.replace("\\", "/").rpartition("/")[2])
    stem = Path(last).stem.strip(". ") or "file"
    return stem[: 200 - len(suffix)] + suffix


def _keep(
    data: bytes, content_type: str, name: str, purpose: str, owners: dict[str, int | None], *, now: datetime
) -> StoredFile:
    path = _write(data)
    file = StoredFile.objects.create(
        path=path,
        original_name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        purpose=purpose,
        uploaded_at=now,
        **owners,
    )
    record(
        file,
        after={"sha256": file.sha256, "size": file.size, "content_type": content_type, "purpose": purpose, **owners},
    )
    return file


def _write(data: bytes) -> str:
    """Write under a random name, all of it or nothing; taken away again if the deed around it fails."""
    name = secrets.token_hex(20)
    path = f"{name[:2]}/{name[2:]}"
    target = Path(settings.MEDIA_ROOT) / path
    part = target.with_suffix(".part")
    undo(lambda: target.unlink(missing_ok=True))
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("xb") as file:
            os.chmod(part, 0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise refuse(
            "file.disk",
            N_("存储空间不足或不可写，文件没有保存。"),
            N_("请稍后重试；如仍不行，请联系系统管理员检查磁盘空间。"),
        ) from error
    return path
