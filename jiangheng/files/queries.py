"""Which uploads a person may open, and their bytes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import Q, QuerySet

from jiangheng.files import pictures
from jiangheng.files.models import StoredFile
from jiangheng.journal.queries import one
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

CHUNK = 500


def visible_to(person: Person) -> QuerySet[StoredFile]:
    """The centre opens every file, an organisation its own and those shared with it, others their own."""
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return StoredFile.objects.all()
    mine = Q(pk__in=[])
    if person.account_id is not None:
        mine |= Q(account_id=person.account_id)
    if person.role in (Role.BODY, Role.SCHOOL, Role.EMPLOYER) and person.organisation_id is not None:
        mine |= Q(organisation_id=person.organisation_id)
        mine |= Q(shared_with_organisation_id=person.organisation_id)
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        mine |= Q(identity_id=person.identity_id)
    return StoredFile.objects.filter(mine)


def get(person: Person, file_id: int) -> StoredFile:
    """One file; Refusal ``record.none`` (404) for absent and forbidden alike."""
    return one(visible_to(person), pk=file_id)


def where(file: StoredFile) -> Path:
    """The file's place under ``MEDIA_ROOT``."""
    return Path(settings.MEDIA_ROOT) / file.path


def opened(file: StoredFile) -> IO[bytes]:
    """The file open for reading; Refusal ``file.gone`` (410) when the disk no longer has it."""
    try:
        return where(file).open("rb")
    except OSError as error:
        raise refuse(
            "file.gone",
            N_("文件在存储中找不到，可能尚未从备份恢复。"),
            N_("请联系系统管理员核查存储与备份。"),
            status=410,
        ) from error


def content(file: StoredFile) -> bytes:
    """The file's bytes."""
    with opened(file) as stream:
        return stream.read()


def one_inch(file: StoredFile) -> bytes:
    """The one-inch JPEG (295×413) of a stored photo, for tickets, sign-in books and certificates."""
    return sized(file, "one_inch")


def sized(file: StoredFile, name: str) -> bytes:
    """A size of ``pictures.SIZES`` of a stored photo: the kept one, else made from the master now."""
    kept = StoredFile.objects.filter(made_from=file, size_name=name).first()
    return content(kept) if kept else pictures.sized(content(file), name)


def sized_many(masters: Iterable[StoredFile], name: str) -> dict[int, bytes]:
    """``sized`` of many photos by master id, the kept ones found in few queries."""
    wanted = {each.pk: each for each in masters}
    kept: dict[int, StoredFile] = {}
    for start in range(0, len(wanted), CHUNK):
        part = list(wanted)[start : start + CHUNK]
        kept |= {each.made_from_id or 0: each for each in StoredFile.objects.filter(made_from__in=part, size_name=name)}
    return {
        pk: content(kept[pk]) if pk in kept else pictures.sized(content(master), name) for pk, master in wanted.items()
    }
