"""Photos of a roster's candidates in one archive (三（二）4), each named by its document number: the fit ones are attached."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.db.models import F

from jiangheng.applications import queries
from jiangheng.applications.actions import rosters
from jiangheng.applications.actions.flags import look
from jiangheng.applications.models import Application, PhotoArchive, Roster
from jiangheng.files import actions as files
from jiangheng.files import archives, content, limits, roster_photos, worksheets
from jiangheng.files import queries as stored
from jiangheng.files.limits import KIB
from jiangheng.files.models import StoredFile
from jiangheng.files.sheet_pictures import Picture
from jiangheng.journal.actions import action, record, send
from jiangheng.people import queries as people
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import identity
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import SYSTEM, Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

TICK, LISTED = 10, 200
NUMBER = re.compile(r"[A-Za-z]{0,3}\d{5,}[\dXx]")
"""What may be a document number in the name of a file."""

Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What an archive holds against a batch; names of files are masked, for they are document numbers."""

    photos: int = 0
    matched: int = 0
    new: int = 0
    replaced: int = 0
    same: int = 0
    skipped: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    @property
    def attached(self) -> int:
        """How many applications have their photo by this archive, now or from before."""
        return self.new + self.replaced + self.same + self.skipped

    def fault(self, name: str, why: Refusal) -> None:
        """A photo that cannot be taken, and why."""
        params = {key: value for key, value in why.params.items() if isinstance(value, str | int)}
        told = {"code": why.code, "message": why.message, "remedy": why.remedy, "params": params}
        self.faults.append({"name": masked(name), **told})

    def kept(self) -> dict[str, Any]:
        """As plain data: counts whole, lists up to what a page shows."""
        lists: dict[str, list[Any]] = {
            name: getattr(self, name) for name in ("faults", "strangers", "without", "passed_over")
        }
        counts = {name: getattr(self, name) for name in ("photos", "matched", "new", "replaced", "same", "skipped")}
        return {
            **counts,
            **{f"{name}_count": len(each) for name, each in lists.items()},
            **{name: each[:LISTED] for name, each in lists.items()},
        }


def _shown(checked: Checked) -> list[str]:
    return [masked(name) for name in checked.passed_over]


def masked(name: str) -> str:
    """A file's name with the middle of its number hidden."""
    path = PurePosixPath(name)
    stem = NUMBER.sub(lambda found: identity.mask(found[0]), unicodedata.normalize("NFKC", path.stem)[:60])
    return stem + path.suffix[:8]


@action("roster.photos")
def receive(*, by: Person, now: datetime, roster_id: int, upload: Any) -> PhotoArchive:
    """Keep an archive of photos for a roster's batch and match it; attached once the roster is imported (三（二）4).

    Refusals: those of ``files.actions.store``, ``record.none`` (404), ``photos.roster`` (409).
    """
    roster = queries.own_roster(by, roster_id)
    if roster.state in flows.states("roster", "given_up"):
        raise refuse(
            "photos.roster", N_("这份花名册没有导入，不能附照片。"), N_("请先重新上传改好的花名册。"), clause="三（二）"
        )
    file = files.store(by=by, now=now, upload=upload, purpose=content.PHOTOS, organisation_id=roster.organisation_id)
    made = _kept_archive(roster, file, by, now)
    if roster.state in flows.states("roster", "checked"):
        go(made, by, now)
    return made


def _kept_archive(
    roster: Roster, file: StoredFile, by: Person, now: datetime, *, from_workbook: bool = False
) -> PhotoArchive:
    made = PhotoArchive.objects.create(
        roster=roster,
        file=file,
        from_workbook=from_workbook,
        asked_by_id=by.account_id,
        asked_role=by.role.value,
        created_at=now,
    )
    record(roster, after={"photos": file.sha256})
    return made


@action("roster.pictures")
def from_workbook(*, by: Person, now: datetime, roster: Roster, place: int, people: Mapping[int, str]) -> None:
    """Keep the pictures in the rows of a roster as archives of photos, like those handed in beside it (三（二）4).

    ``place`` is that of the sheet, ``people`` the document numbers by row. Pictures in other rows are left: the check
    tells of them.
    """
    given_up = roster.state in flows.states("roster", "given_up")
    if given_up or roster.archives.filter(from_workbook=True).exists():
        return
    bounds, data = limits.at(now), stored.content(roster.file)
    parts = [part for part in worksheets.pictures(data, place) if part.row in people and part.part]
    for first in range(0, len(parts), bounds.archive_files):
        upload = io.BytesIO(_zipped(data, parts[first : first + bounds.archive_files], people))
        upload.name = f"{roster.file.original_name.rpartition('.')[0]}（表内照片）.zip"
        file = files.store(
            by=by, now=now, upload=upload, purpose=content.PHOTOS, organisation_id=roster.organisation_id
        )
        made = _kept_archive(roster, file, by, now, from_workbook=True)
        if roster.state == "imported":
            go(made, by, now)


def _zipped(data: bytes, parts: Sequence[Picture], people: Mapping[int, str]) -> bytes:
    """An archive of pictures named as senders name photos; a second one of a row is told as a second photo of its person."""
    stream = io.BytesIO()
    seen: dict[int, int] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(stream, "w") as package:
        for part in parts:
            seen[part.row] = seen.get(part.row, 0) + 1
            mark = f" ({seen[part.row]})" if seen[part.row] > 1 else ""
            package.writestr(
                f"{people[part.row]}{mark}{PurePosixPath(part.part).suffix.lower()}",
                book.read(part.part),
            )
    return stream.getvalue()


def go(archive: PhotoArchive, by: Person, now: datetime) -> None:
    """At once where the archive is small, else by the worker."""
    at_once = int(values.law(local_day(now)).value("roster_at_once_kb")) * KIB
    if archive.file.size <= at_once:
        settle(by=by, now=now, archive=archive, checked=examined(archive, now))
        return
    send(
        key=f"photos:{archive.pk}:{archive.roster.state}",
        channel="job",
        subject="applications.photos",
        payload={"job": "applications.photos", "archive_id": archive.pk},
        record=archive.roster,
    )


def resume(roster: Roster, by: Person, now: datetime) -> None:
    """Match what was handed in with a roster that has just been checked, or attach it to one just imported."""
    if roster.state in flows.states("roster", "checked"):
        for archive in roster.archives.select_related("file", "roster").filter(attached_at=None):
            archive.roster = roster
            go(archive, by, now)


def run(*, now: datetime, archive_id: int) -> None:
    """The worker's job ``applications.photos``."""
    archive = PhotoArchive.objects.select_related("file", "roster").filter(pk=archive_id, attached_at=None).first()
    if archive is None or archive.roster.state not in flows.states("roster", "checked"):
        return
    roster = archive.roster
    by = people.acting_as(archive.asked_by_id, archive.asked_role, roster.organisation_id)

    def tick(done: int, total: int) -> None:
        progress(by=by or SYSTEM, now=now, archive=archive, done=done, total=total)

    try:
        if by is None:
            raise _nobody()
        settle(by=by, now=now, archive=archive, checked=examined(archive, now, tick))
    except Refusal as refusal:
        settle(by=SYSTEM, now=now, archive=archive, checked=Checked(), why=refusal)


@action("roster.photos_progress")
def progress(*, by: Person, now: datetime, archive: PhotoArchive, done: int, total: int) -> None:
    """Note how many photos have been looked at."""
    PhotoArchive.objects.filter(pk=archive.pk).update(done=done, total=total)


@dataclass(frozen=True, slots=True)
class Checked:
    """An archive looked at.

    ``photos`` tell of each: its file's name, the blind indexes it may stand for, the digest as kept, and what is wrong
    with it; ``passed_over`` are the names of notes and of what computers left.
    """

    photos: Sequence[tuple[str, list[str], str, Refusal | None]] = ()
    passed_over: Sequence[str] = ()


def examined(archive: PhotoArchive, now: datetime, tick: Progress | None = None) -> Checked:
    """Every photo looked at as the candidate's own page does, except that it must be a portrait already."""
    bounds, data = limits.at(now), stored.content(archive.file)
    total, found, passed = archives.count(data, bounds), [], archives.left_by_programs(data)
    taken: dict[str, str] = {}
    for done, part in enumerate(archives.parts(data, bounds), start=1):
        if tick is not None and (done % TICK == 0 or done in (1, total)):
            tick(done, total)
        looked = roster_photos.looked_at(part, bounds, taken)
        if looked is None:
            passed.append(part.name)
            continue
        indexes = people.indexes_of(looked.number) if looked.number else []
        found.append((part.name, indexes, looked.digest, looked.wrong))
    return Checked(found, passed)


@action("roster.attach_photos")
def settle(
    *, by: Person, now: datetime, archive: PhotoArchive, checked: Checked, why: Refusal | None = None
) -> PhotoArchive:
    """Attach the fit photos of an imported roster's batch and tell of the rest; before the confirmation, only tell (三（二）4).

    ``add`` keeps another photo that is there and tells of it as a fault, ``cover`` replaces it (not of accepted
    applications), ``skip`` passes over it. The same archive again changes nothing. ``why`` is what kept the worker from it.
    """
    roster = archive.roster
    if why is not None:
        report, attached = Report(), None
        report.fault("", why)
    elif roster.state == "imported":
        report = attach(by=by, now=now, archive=archive, checked=checked)
        attached = now if report.attached or not report.faults else None
    else:
        report, attached = _told(roster, checked, now, by), None
    PhotoArchive.objects.filter(pk=archive.pk).update(report=report.kept(), attached_at=attached, checked_at=now)
    archive.refresh_from_db()
    kept = {name: value for name, value in archive.report.items() if isinstance(value, int)}
    record(roster, after={"photos": archive.file.sha256, **kept})
    return archive


def _told(roster: Roster, checked: Checked, now: datetime, by: Person) -> Report:
    """The archive against the rows of a workbook that is not confirmed yet."""
    batch = rosters.batch_of(by, now, roster.request_id, roster.plan_id)
    names: dict[str, str] = {}
    for row in rosters.read(roster, batch, now).rows:
        if row.identity is not None:
            names[people.index_of(row.identity.kind, row.identity.number)] = str(row.values.get("姓名") or "")
    report = Report(photos=len(checked.photos), passed_over=_shown(checked))
    held: set[str] = set()
    for name, indexes, _digest, wrong in checked.photos:
        index = next((each for each in indexes if each in names), None)
        if index is not None:
            held.add(index)
        if wrong is not None:
            report.fault(name, wrong)
        elif index is None:
            report.strangers.append(masked(name))
        else:
            report.matched += 1
    report.without = [name for index, name in names.items() if index not in held]
    return report


@action("roster.put_photos")
def attach(*, by: Person, now: datetime, archive: PhotoArchive, checked: Checked) -> Report:
    """Put every fit photo to its application; the report tells of those at fault, which stop no other (三（二）4)."""
    roster = archive.roster
    report = Report(photos=len(checked.photos), passed_over=_shown(checked))
    by_index: dict[str, list[Application]] = {}
    for each in queries.of_roster_batch(roster):
        by_index.setdefault(each.identity.number_index, []).append(each)
    # Of two different photos of one person nobody knows the right one: the first is not put either.
    doubtful = {
        index
        for _name, indexes, _digest, wrong in checked.photos
        if wrong is not None and wrong.code == "photo.twice"
        for index in indexes
    }
    wanted: dict[str, list[Application]] = {}
    for name, indexes, digest, wrong in checked.photos:
        those = next((by_index[each] for each in indexes if each in by_index), None)
        if wrong is None and those:
            report.matched += 1
            wrong = _put(those, digest, roster.mode, report, wanted, name) if doubtful.isdisjoint(indexes) else None
        elif wrong is None:
            report.strangers.append(masked(name))
        if wrong is not None:
            report.fault(name, wrong)
    held = _store(archive, wanted, report, by, now)
    report.without = [
        each.name for those in by_index.values() for each in those if each.photo_id is None and each.pk not in held
    ]
    return report


def _put(
    those: Sequence[Application],
    digest: str,
    mode: str,
    report: Report,
    wanted: dict[str, list[Application]],
    name: str,
) -> Refusal | None:
    """Which of one person's applications the photo is to go to; what stands against it."""
    for each in those:
        if each.photo is None:
            pass
        elif each.photo.sha256 == digest:
            report.same += 1
            continue
        elif mode == "skip":
            report.skipped += 1
            continue
        elif mode == "add":
            return _differs()
        elif each.state == "accepted":
            return _accepted()
        wanted.setdefault(name, []).append(each)
    return None


def _store(
    archive: PhotoArchive, wanted: Mapping[str, Sequence[Application]], report: Report, by: Person, now: datetime
) -> list[int]:
    """Keep each photo that is wanted with its sizes, once a person; the ids of the applications pointed at it."""
    moved: list[int] = []
    kept: StoredFile | None = None
    left = dict(wanted)
    for part in archives.parts(stored.content(archive.file), limits.at(now)) if wanted else ():
        # A second copy of the same photo under the same name in another folder is not put again.
        for each in left.pop(part.name, ()):
            if kept is None or each is wanted[part.name][0]:
                kept = _kept(part, each, by, now)
            changed = Application.objects.filter(pk=each.pk, version=each.version).update(
                photo=kept, version=F("version") + 1
            )
            if changed == 0:
                report.fault(part.name, _stale())
                continue
            report.new += each.photo_id is None
            report.replaced += each.photo_id is not None
            record(each, after={"proof": "photo", "sha256": kept.sha256})
            moved.append(each.pk)
    look(by=by, now=now, ids=moved)
    return moved


def _kept(part: archives.Part, application: Application, by: Person, now: datetime) -> StoredFile:
    upload = io.BytesIO(part.data)
    upload.name = "photo.jpg"
    return files.store(
        by=by,
        now=now,
        upload=upload,
        purpose="photo",
        identity_id=application.identity_id,
        organisation_id=application.sponsor_id,
        account_id=by.account_id,
        shared_with_organisation_id=application.body_id,
    )


def _differs() -> Refusal:
    return refuse(
        "photo.differs",
        N_("该考生已有另一张照片；如要改用这一张，请以“覆盖”方式上传花名册。"),
        N_("不覆盖的，保留原有照片。"),
        clause="三（二）",
    )


def _accepted() -> Refusal:
    return refuse(
        "photo.accepted",
        N_("该考生已受理，照片不能覆盖；如需更正请联系认定机构。"),
        N_("已受理的照片只能由认定机构更正。"),
        clause="三（二）",
    )


def _nobody() -> Refusal:
    return refuse(
        "photos.nobody",
        N_("上传人的账号已停用或不再代表本单位，没有继续办理。"),
        N_("请由本单位现任人员重新上传。"),
        clause="三（二）",
    )


def _stale() -> Refusal:
    return refuse(
        "photo.stale", N_("该考生的申请刚刚有变动；请重新上传压缩包。"), N_("其他照片不受影响。"), clause="三（二）"
    )
