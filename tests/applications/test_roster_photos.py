"""Photos of a roster in one archive, named by document number (三（二）4): the fit attached, the rest told, twice the same."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jiangheng.applications import actions
from jiangheng.applications.actions import photos
from jiangheng.applications.models import Application, PhotoArchive, Roster
from jiangheng.files import archives
from jiangheng.files.models import StoredFile
from jiangheng.journal import delivery
from jiangheng.journal.models import Entry
from jiangheng.people.models import Membership
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.site import jobs
from jiangheng.values.models import Parameter
from tests import factories
from tests.applications import cases
from tests.applications.photos import FIRST, SECOND, THIRD, codes_of, photo_of, portrait
from tests.files import corpus

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()
    Parameter.objects.create(key="roster_at_once_kb", value=100_000, valid_from=date(2020, 1, 1))


def archive(files: Mapping[str, bytes], change: Callable[[zipfile.ZipFile], None] | None = None) -> SimpleUploadedFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
        if change:
            change(package)
    return SimpleUploadedFile("照片.zip", stream.getvalue())


def taken_in(school: Person, now: datetime, mode: str = "add", rows: int = 3) -> Roster:
    request = cases.request_of(school)
    upload = cases.changed({}, rows=rows)
    return actions.import_roster(by=school, now=now, upload=upload, request_id=request.pk, mode=mode)


def sent(school: Person, now: datetime, roster: Roster, files: Mapping[str, bytes]) -> PhotoArchive:
    return actions.receive_photos(by=school, now=now, roster_id=roster.pk, upload=archive(files))


def test_photos_go_to_their_people_with_every_size_made(school: Person, now: datetime) -> None:
    roster = taken_in(school, now)
    old = zipfile.ZipInfo("照片/".encode("gb18030").decode("cp437") + f"{SECOND}.png")
    files = {f"班级/{FIRST}.JPG": portrait(), "__MACOSX/x.jpg": b"x", "照片/Thumbs.db": b"x"}
    upload = archive(files, lambda package: package.writestr(old, portrait(form="PNG")))
    made = actions.receive_photos(by=school, now=now, roster_id=roster.pk, upload=upload)
    assert made.attached_at == now
    report = made.report
    assert (report["photos"], report["matched"], report["new"], report["faults_count"]) == (2, 2, 2, 0)
    assert len(report["without"]) == 1
    first = photo_of(FIRST)
    assert first is not None
    assert {each.size_name for each in StoredFile.objects.filter(made_from=first)} == {
        "one_inch",
        "two_inch",
        "upload",
        "thumb",
    }
    assert photo_of(SECOND) is not None
    assert photo_of(THIRD) is None


def test_a_15_digit_name_is_the_same_person_and_two_photos_of_one_are_told(school: Person, now: datetime) -> None:
    roster = taken_in(school, now)
    assert sent(school, now, roster, {f"{FIRST[:6]}{FIRST[8:17]}.jpg": portrait()}).report["new"] == 1
    twice = sent(school, now, roster, {f"{SECOND}.jpg": portrait(), f"b/{SECOND}.png": portrait(form="PNG")})
    assert codes_of(twice) == ["photo.twice"]
    assert photo_of(SECOND) is None


def test_bad_photos_are_told_and_the_good_one_is_attached_all_the_same(school: Person, now: datetime) -> None:
    roster = taken_in(school, now)
    files = {
        f"{FIRST}.jpg": portrait(),
        f"{SECOND}.jpg": b"%PDF-1.4 not a picture",
        f"{THIRD}.jpg": corpus.picture(640, 480),
        "说明.txt": b"x",
    }
    made = sent(school, now, roster, files)
    assert made.attached_at == now
    assert codes_of(made) == ["upload.kind", "photo.shape"]
    assert made.report["passed_over"] == ["说明.txt"]
    assert (made.report["matched"], made.report["new"], made.report["without_count"]) == (1, 1, 2)
    assert photo_of(FIRST) is not None
    assert Application.objects.filter(photo__isnull=False).count() == 1
    assert StoredFile.objects.filter(purpose="photo").count() == 1
    mended = sent(school, now, roster, {**files, f"{SECOND}.jpg": portrait()})
    assert (mended.report["same"], mended.report["new"], codes_of(mended)) == (1, 1, ["photo.shape"])


def test_where_no_photo_will_do_nothing_is_attached_and_nothing_is_left_behind(school: Person, now: datetime) -> None:
    roster = taken_in(school, now)
    made = sent(
        school, now, roster, {f"{SECOND}.jpg": b"%PDF-1.4 not a picture", f"{THIRD}.jpg": corpus.picture(640, 480)}
    )
    assert made.attached_at is None
    assert codes_of(made) == ["upload.kind", "photo.shape"]
    assert (made.report["matched"], made.report["new"]) == (0, 0)
    assert Application.objects.filter(photo__isnull=False).count() == 0
    assert StoredFile.objects.filter(purpose__in=("photo", "photo_size")).count() == 0


def test_somebody_who_moved_meanwhile_is_told_and_the_others_are_served(
    school: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = taken_in(school, now)
    kept = photos._kept

    def meanwhile(part: archives.Part, application: Application, by: Person, now: datetime) -> StoredFile:
        if FIRST in part.name:
            Application.objects.filter(pk=application.pk).update(version=application.version + 1)
        return kept(part, application, by, now)

    monkeypatch.setattr(photos, "_kept", meanwhile)
    made = sent(school, now, roster, {f"{FIRST}.jpg": portrait(), f"{SECOND}.jpg": portrait(form="PNG")})
    assert codes_of(made) == ["photo.stale"]
    assert (made.report["new"], photo_of(FIRST), photo_of(SECOND) is None) == (1, None, False)


def test_strangers_are_told_masked_and_stop_nobody(school: Person, now: datetime) -> None:
    roster = taken_in(school, now)
    stranger = factories.identity_number(77)
    made = sent(school, now, roster, {f"{FIRST}.jpg": portrait(), f"{stranger}.jpg": portrait()})
    assert (made.attached_at, made.report["new"], made.report["strangers_count"]) == (now, 1, 1)
    assert stranger not in str(made.report)
    told = str(list(Entry.objects.values_list("note", "before", "after")))
    assert FIRST not in told
    assert stranger not in told


def test_the_same_archive_again_changes_nothing(school: Person, now: datetime) -> None:
    roster = taken_in(school, now)
    files = {f"{FIRST}.jpg": portrait()}
    sent(school, now, roster, files)
    before = list(Application.objects.order_by("pk").values())
    again = sent(school, now, roster, files)
    assert (again.report["same"], again.report["new"], again.report["replaced"]) == (1, 0, 0)
    assert list(Application.objects.order_by("pk").values()) == before
    assert StoredFile.objects.filter(purpose="photo").count() == 1


@pytest.mark.parametrize(("mode", "replaced"), [("add", False), ("skip", False), ("cover", True)])
def test_another_photo_follows_the_mode_of_the_roster(school: Person, now: datetime, mode: str, replaced: bool) -> None:
    roster = taken_in(school, now, mode)
    sent(school, now, roster, {f"{FIRST}.jpg": portrait()})
    old = photo_of(FIRST)
    made = sent(school, now, roster, {f"{FIRST}.jpg": portrait(60), f"{SECOND}.jpg": portrait()})
    assert (photo_of(FIRST) != old) is replaced
    assert codes_of(made) == (["photo.differs"] if mode == "add" else [])
    assert photo_of(SECOND) is not None
    assert made.report["skipped"] == (1 if mode == "skip" else 0)


def test_an_accepted_persons_photo_may_be_added_but_not_replaced(school: Person, now: datetime) -> None:
    roster = taken_in(school, now, "cover")
    Application.objects.update(state="accepted")
    sent(school, now, roster, {f"{FIRST}.jpg": portrait()})
    old = photo_of(FIRST)
    assert old is not None
    assert codes_of(sent(school, now, roster, {f"{FIRST}.jpg": portrait(60)})) == ["photo.accepted"]
    assert photo_of(FIRST) == old


def test_photos_beside_the_roster_wait_for_the_confirmation(school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    stranger = factories.identity_number(77)
    files = {f"{FIRST}.jpg": portrait(), f"{stranger}.jpg": portrait()}
    roster = actions.check_roster(
        by=school, now=now, upload=cases.changed({}, rows=3), photos=archive(files), request_id=request.pk
    )
    (made,) = roster.archives.all()
    assert (roster.state, made.attached_at, made.checked_at) == ("checked", None, now)
    assert (made.report["matched"], made.report["strangers_count"], made.report["without_count"]) == (1, 1, 2)
    assert Application.objects.count() == 0
    actions.confirm_roster(by=school, now=now, roster_id=roster.pk, seen=roster.version)
    made.refresh_from_db()
    assert (made.attached_at, made.report["new"]) == (now, 1)
    assert photo_of(FIRST) is not None


def test_a_broken_archive_beside_a_roster_takes_the_roster_back_too(school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    with pytest.raises(Refusal) as refused:
        actions.check_roster(
            by=school, now=now, upload=cases.upload(), photos=corpus.upload(b"PK no zip"), request_id=request.pk
        )
    assert refused.value.code == "archive.broken"
    assert (Roster.objects.count(), StoredFile.objects.count()) == (0, 0)


def locked(package: zipfile.ZipFile) -> None:
    package.infolist()[0].flag_bits |= 0x1


def linked(package: zipfile.ZipFile) -> None:
    link = zipfile.ZipInfo("link.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    package.writestr(link, "/etc/passwd")


def bomb() -> SimpleUploadedFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for serial in range(40):
            package.writestr(f"{serial}.jpg", b"\0" * 10_000_000)
    return SimpleUploadedFile("照片.zip", stream.getvalue())


def lying() -> SimpleUploadedFile:
    """A file that says it is 3 bytes and unpacks to ten million."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("1.jpg", b"\0" * 10_000_000)
    data = stream.getvalue().replace((10_000_000).to_bytes(4, "little"), (3).to_bytes(4, "little"))
    return SimpleUploadedFile("照片.zip", data)


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (lambda: corpus.upload(b""), "upload.empty"),
        (lambda: corpus.upload(portrait()), "archive.broken"),
        (lambda: archive({}), "archive.empty"),
        (lambda: archive({"../x.jpg": b"x"}), "archive.path"),
        (lambda: archive({"/etc/x.jpg": b"x"}), "archive.path"),
        (lambda: archive({"C:\\x.jpg": b"x"}), "archive.path"),
        (lambda: archive({"a.jpg": b"x"}, linked), "archive.path"),
        (lambda: archive({"a.jpg": b"x"}, locked), "archive.password"),
        (lambda: archive({f"{serial}.jpg": b"x" for serial in range(2001)}), "archive.count"),
        (bomb, "archive.bomb"),
        (lying, "archive.broken"),
    ],
)
def test_an_archive_that_is_none_or_dangerous_is_refused(
    school: Person, now: datetime, upload: Callable[[], SimpleUploadedFile], code: str
) -> None:
    roster = taken_in(school, now, rows=1)
    with pytest.raises(Refusal) as refused:
        actions.receive_photos(by=school, now=now, roster_id=roster.pk, upload=upload())
    assert (refused.value.code, refused.value.status // 100) == (code, 4)
    assert PhotoArchive.objects.count() == 0


def test_only_the_sender_of_an_imported_roster_hands_photos_in(
    school: Person, body: Person, centre: Person, now: datetime
) -> None:
    roster = taken_in(school, now)
    stranger = factories.make_person(school.role, factories.make_organisation("training_school"))
    for by, status in ((stranger, 404), (body, 404), (centre, 403)):
        with pytest.raises(Refusal) as refused:
            sent(by, now, roster, {f"{FIRST}.jpg": portrait()})
        assert refused.value.status == status
    Roster.objects.filter(pk=roster.pk).update(state="cancelled")
    with pytest.raises(Refusal) as ended:
        sent(school, now, roster, {f"{FIRST}.jpg": portrait()})
    assert ended.value.code == "photos.roster"


@pytest.mark.parametrize("gone", [False, True])
def test_many_photos_are_seen_to_by_the_worker(school: Person, now: datetime, gone: bool) -> None:
    delivery.register(jobs.JOBS)
    Parameter.objects.filter(key="roster_at_once_kb").update(value=1)
    roster = taken_in(school, now)
    made = sent(school, now, roster, {f"{FIRST}.jpg": portrait()})
    assert (made.checked_at, photo_of(FIRST)) == (None, None)
    if gone:
        Membership.objects.filter(account_id=school.account_id).update(active=False)
    assert delivery.run_once(now) > 0
    made.refresh_from_db()
    assert (made.done, made.total, made.checked_at) == (int(not gone), int(not gone), now)
    assert codes_of(made) == (["photos.nobody"] if gone else [])
    assert (photo_of(FIRST) is None) is gone
    photos.run(now=now, archive_id=made.pk)
    assert StoredFile.objects.filter(purpose="photo").count() == (0 if gone else 1)


def test_a_school_sends_photos_and_reads_what_became_of_them(school: Person, now: datetime, client_for: SignIn) -> None:
    roster = taken_in(school, now)
    browser = client_for(school, now)
    here = reverse("applications:roster", args=[roster.pk])
    assert "还没有上传照片" in browser.get(here).content.decode()
    form = reverse("applications:roster_photos", args=[roster.pk])
    assert browser.get(form).status_code == 200
    refused = browser.post(form, {"file": corpus.upload(b"PK"), "_once": "p1"})
    assert refused.status_code == 422
    assert "zip 压缩包" in refused.content.decode()
    good = portrait()
    files = {f"{FIRST}.jpg": good, f"{SECOND}.jpg": corpus.picture(640, 480)}
    page = browser.post(form, {"file": archive(files), "_once": "p2"}, follow=True).content.decode()
    assert "合格的已附上，其余未附" in page
    assert "照片宽高比例不是证件照" in page
    assert SECOND not in page
    assert "新附 1，覆盖 0，相同 0，跳过 0。" in page
    page = browser.post(form, {"file": archive({f"{FIRST}.jpg": good}), "_once": "p3"}, follow=True)
    assert "新附 0，覆盖 0，相同 1，跳过 0。" in page.content.decode()
