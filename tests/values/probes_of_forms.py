"""What every editable value of files, rosters, applications, money and certificates changes where people can see it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image

from jiangheng.applications import actions as applications
from jiangheng.applications import readiness
from jiangheng.applications.actions import clientele, flags
from jiangheng.applications.models import Application, Proof
from jiangheng.bodies.models import Organisation
from jiangheng.catalog import actions as catalog
from jiangheng.fees import actions as fees
from jiangheng.fees.models import Bill, Payment
from jiangheng.files import actions as files
from jiangheng.papers import actions as papers
from jiangheng.people.models import Affiliation
from jiangheng.results.models import Result, ResultBatch
from jiangheng.rules.roles import Person
from tests import factories
from tests.applications import cases
from tests.fees import desk
from tests.sittings import stage
from tests.values.world import NOW, World, outcome, page

Look = Callable[[World], Any]

# Files


def upload(data: bytes, name: str) -> SimpleUploadedFile:
    """Bytes as a browser sends them."""
    return SimpleUploadedFile(name, data)


def jpeg(width: int, height: int, noise: int = 90, quality: int = 80) -> bytes:
    """A picture that does not compress well."""
    stream = io.BytesIO()
    Image.effect_noise((width, height), noise).convert("RGB").save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def pdf(pages: int) -> bytes:
    """A PDF of empty pages."""
    stream = io.BytesIO()
    document = pikepdf.new()
    for _each in range(pages):
        document.add_blank_page()
    document.save(stream)
    return stream.getvalue()


def book(sheets: int, rows: int, text: str = "甲") -> bytes:
    """A workbook of so many sheets of so many rows of four."""
    made, stream = Workbook(write_only=True), io.BytesIO()
    for number in range(sheets):
        sheet = made.create_sheet(f"表{number}")
        for row in range(rows):
            sheet.append([text, str(row), text, text])
    made.save(stream)
    return stream.getvalue()


PICTURE, PORTRAIT, PAGES = jpeg(2200, 2200, 120, 95), jpeg(480, 640), pdf(3)
SHEETS, LONG, WIDE = book(3, 2), book(1, 4000, "甲" * 300), b"\n".join(b"a,b,c,d" * 8 for _row in range(25_000))


def stored(data: bytes, purpose: str, name: str) -> Look:
    """Sending a file: what is kept of it, or why nothing is."""

    def look(world: World) -> Any:
        found = outcome(lambda: files.store(by=world.body, now=NOW, upload=upload(data, name), purpose=purpose))
        return found if isinstance(found, tuple) else ("kept", found.size)

    return look


large_picture, portrait = stored(PICTURE, "proof", "a.jpg"), stored(PORTRAIT, "photo", "a.jpg")
three_pages, three_sheets = stored(PAGES, "proof", "a.pdf"), stored(SHEETS, "workbook", "a.xlsx")
unpacked, written = stored(LONG, "workbook", "a.xlsx"), stored(WIDE, "workbook", "a.csv")

# Rosters


def roster_of(upload_of: Callable[[], Any]) -> Look:
    """Checking a roster: its state, what was told of it, what was kept."""

    def look(world: World) -> Any:
        request = cases.request_of(world.school)
        found = outcome(
            lambda: applications.check_roster(by=world.school, now=NOW, upload=upload_of(), request_id=request.pk)
        )
        return found if isinstance(found, tuple) else (found.state, found.counts, found.faults)

    return look


two_rows = roster_of(lambda: cases.many(2))
young = roster_of(lambda: cases.changed({(2, "参加工作时间"): "1980-01-01"}, rows=2))
faulty = roster_of(lambda: cases.upload(cases.FAULTY))


def photos(world: World) -> Any:
    """Photos of two candidates in one archive, sent with their roster."""
    request = cases.request_of(world.school)
    roster = applications.import_roster(
        by=world.school, now=NOW, upload=cases.changed({}, rows=3), request_id=request.pk
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as package:
        for number in ("450224199204116571", "450226197212184439"):
            package.writestr(f"{number}.jpg", PICTURE)
    sent = upload(stream.getvalue(), "照片.zip")
    found = outcome(lambda: applications.receive_photos(by=world.school, now=NOW, roster_id=roster.pk, upload=sent))
    if isinstance(found, tuple):
        return found
    from jiangheng.applications.actions.photos import examined

    return outcome(lambda: [str(wrong and wrong.code) for _name, _index, _digest, wrong in examined(found, NOW).photos])


# Applications


def two_alike(world: World) -> list[Application]:
    """Two people of one phone, one address and one proof, born in 1990."""
    form = {"通讯地址": "柳州市城中区示例路1号", "证书编号": ""}
    rows = stage.make_applications(world.plan, 2, paid=False, phone="13800000009", form=form, state="submitted")
    for each in rows:
        file = files.store(by=world.body, now=NOW, upload=upload(PORTRAIT, "a.jpg"), purpose="proof")
        Proof.objects.create(application=each, kind="work_years", file=file, added_at=NOW)
    return rows


def flagged(world: World) -> Any:
    """The marks on two applications alike."""
    rows = two_alike(world)
    flags.renew(rows, NOW)
    flags.renew(rows, NOW)
    return [each.flags for each in rows]


def drafted(world: World, **form: str) -> Application:
    """The candidate's own draft."""
    plan = cases.plan_of(world.body)
    made = applications.apply_draft(by=world.candidate, now=NOW, plan_row_id=plan.rows.get().pk)
    return applications.save(by=world.candidate, now=NOW, application_id=made.pk, values={**cases.FORM, **form})


def numbered(world: World) -> Any:
    """The number of an application handed in."""
    plan = cases.plan_of(world.body)
    return cases.submitted(world.candidate, plan, NOW).number


def certificate_told(number: str) -> Look:
    """What the form says of a certificate number typed into it."""

    def look(world: World) -> Any:
        made = drafted(world)
        Application.objects.filter(pk=made.pk).update(form={**made.form, "证书编号": number})
        return page(world.candidate, reverse("applications:part", args=[made.pk, "held"]))

    return look


def proofs_page(world: World) -> str:
    """The page of photo and proofs after a photo before a half white wall."""
    made = drafted(world)
    stream = io.BytesIO()
    taken = Image.effect_noise((480, 640), 90).convert("RGB")
    taken.paste((255, 255, 255), (0, 0, 240, 640))
    taken.save(stream, "JPEG", quality=90)
    sent = upload(stream.getvalue(), "a.jpg")
    applications.attach(by=world.candidate, now=NOW, application_id=made.pk, kind="photo", upload=sent)
    return page(world.candidate, reverse("applications:part", args=[made.pk, "proofs"]))


def need_page(world: World) -> str:
    """The page on which a candidate asks for more time."""
    made = cases.submitted(world.candidate, cases.plan_of(world.body), NOW)
    return page(world.candidate, reverse("applications:access_arrangement_ask", args=[made.pk]))


def accepted(world: World) -> Any:
    """A body's clerk accepts what was handed in."""
    made = cases.submitted(world.candidate, cases.plan_of(world.body), NOW)
    found = outcome(lambda: applications.accept(by=world.body, now=NOW, application_id=made.pk, note="已核对"))
    return found if isinstance(found, tuple) else found.state


def undone(world: World) -> Any:
    """Taking an acceptance back after five minutes."""
    made = cases.submitted(world.candidate, cases.plan_of(world.body), NOW)
    applications.accept(by=world.body, now=NOW, application_id=made.pk, note="已核对")
    late = NOW + timedelta(minutes=5)
    found = outcome(lambda: applications.undo(by=world.body, now=late, application_id=made.pk))
    return found if isinstance(found, tuple) else found.state


def failed_before(world: World, exam_type: str = "new") -> Application:
    """An application of somebody who passed theory with 70 on 23 May and failed practice with 30."""
    held = factories.make_plan(world.own, "2026-05-23", state="completed")
    batch = ResultBatch.objects.create(plan=held, body=world.own, state="approved", created_at=NOW)
    (first,) = stage.make_applications(held, 1, paid=False)
    Result.objects.create(batch=batch, application=first, theory=70, skill=30, passed=False)
    again = stage.make_applications(world.plan, 1, paid=False, state="submitted", exam_type=exam_type)[0]
    Application.objects.filter(pk=again.pk).update(identity=first.identity)
    again.refresh_from_db()
    return again


def told_of_makeup(world: World) -> Any:
    """What somebody who failed one subject is told when they apply anew."""
    return readiness.twice(failed_before(world), NOW)


def third_sitting(world: World) -> Any:
    """Accepting a make-up after one was sat already."""
    again = failed_before(world, "makeup")
    between = factories.make_plan(world.own, "2026-06-06", state="completed")
    (once,) = stage.make_applications(between, 1, paid=False, exam_type="makeup")
    Application.objects.filter(pk=once.pk).update(identity=again.identity)
    found = outcome(lambda: applications.accept(by=world.body, now=NOW, application_id=again.pk, note="已核对"))
    return found[0] if isinstance(found, tuple) else found.state


def reported(world: World) -> Any:
    """What stands in the way of reporting candidates without photos."""
    report = applications.open_candidate_report(by=world.body, now=NOW, plan_id=world.plan.pk)
    return page(world.body, reverse("applications:candidate_report", args=[report.pk]))


def sent_by(kind: str, relation: str = "", form: dict[str, str] | None = None, **listed: Any) -> Look:
    """Whether a school or an employer may send a person, by its list or by what the form says."""

    def look(world: World) -> Any:
        organisation: Organisation = factories.make_organisation(kind)
        (made,) = stage.make_applications(
            world.plan, 1, paid=False, form={"所在单位": organisation.name, "考生来源": "社会", **(form or {})}
        )
        if relation:
            Affiliation.objects.create(
                organisation=organisation, identity=made.identity, relation=relation, created_at=NOW, **listed
            )
        return outcome(lambda: clientele.require_service(made, organisation, NOW))

    return look


# Money, papers, the catalogue, the public pages


def _owed(world: World) -> tuple[Person, Any]:
    plan = cases.plan_of(world.body)
    person, made = desk.candidate_of(plan, NOW)
    fees.charge_all(by=world.body, now=NOW, plan_id=plan.pk)
    return person, made


def online_order(world: World) -> Any:
    """A candidate's order to pay online, by the sandbox of a demonstration: its number and when it closes."""
    person, made = _owed(world)
    with override_settings(DEMONSTRATION=True):
        order = fees.open_order(by=person, now=NOW, plan_id=made.plan_id, application_ids=[made.pk], provider="sandbox")
    return order.number, order.expires_at


def papers_of_money(world: World) -> Any:
    """The numbers of a receipt and of a refund asked for."""
    _person, made = _owed(world)
    payment: Payment = desk.paid(world.body, world.clerk, made.plan, NOW, people=(made.pk,))
    receipt = fees.receipt(by=world.body, now=NOW, payment_id=payment.pk)
    charges = list(made.charges.values_list("pk", flat=True))
    refund = fees.request_refund(
        by=world.body, now=NOW, payment_id=payment.pk, reason="withdrawn", note="因病", charge_ids=charges
    )
    return receipt.number, refund.number


def billed(world: World) -> Any:
    """The number of a group's bill."""
    plan = cases.plan_of(world.body)
    stage.make_applications(plan, 1, paid=False, sponsor_id=world.school.organisation_id)
    fees.charge_all(by=world.body, now=NOW, plan_id=plan.pk)
    return Bill.objects.get(plan=plan).number


def papers_asked(world: World) -> Any:
    """The number of a request for papers, and what the draw from the bank gives."""
    papers.load_items(by=world.centre, now=NOW)
    request = stage.request_papers(world.body, world.plan)
    papers.submit(by=world.body, now=stage.ARRANGED_AT, request_id=request.pk)
    found = outcome(
        lambda: papers.draw(
            by=world.centre, now=stage.ARRANGED_AT, request_id=request.pk, second_person="另一人", seed="种子"
        )
    )
    return request.number, found if isinstance(found, tuple) else [len(each.content) for each in found.sets.all()]


def new_standard(world: World) -> Any:
    """The lengths of the subjects in a standard drafted from the template."""
    from jiangheng.catalog.models import Occupation, Subject

    occupation = Occupation.objects.get(code="6-31-01-03")
    made = catalog.draft(
        by=world.centre, now=NOW, occupation_id=occupation.pk, valid_from=date(2027, 1, 1), ruleset="R2023"
    )
    return list(Subject.objects.filter(standard=made).order_by("id").values_list("level", "subject", "minutes"))


def new_occupation(world: World) -> Any:
    """Entering an occupation by the code of the national catalogue."""
    found = outcome(
        lambda: catalog.add_occupation(
            by=world.centre,
            now=NOW,
            code="6-31-01-99",
            edition="2022",
            name="示例工",
            jobs=[],
            levels="54",
            source="文件",
        )
    )
    return found if isinstance(found, tuple) else found.code


def asked_often(address: str, given: dict[str, str], post: bool) -> Look:
    """How often one address may ask a public page within a minute: the answers to five."""

    def look(world: World) -> Any:
        client = Client(**{"jiangheng.now": NOW})
        ask = client.post if post else client.get
        return [ask(reverse(address), given).status_code for _each in range(5)]

    return look


checked_often = asked_often("applications:check", {"occupation": "6-31-01-03"}, post=False)
verified_often = asked_often("certificates:verify", {"number": "Y000045000001264000001", "name": "甲"}, post=True)
SPECIAL, OLD, SHANGHAI = "Y00004500000126T000001", "1234567890123456", "1234567890123"
special = certificate_told(SPECIAL)

PROBES: dict[str, tuple[object, Look]] = {
    "upload_max_mb": (1, large_picture),
    "photo_max_pixels": (1_000_000, large_picture),
    "pdf_max_pages": (2, three_pages),
    "photo_min_kb": (9_000, portrait),
    "photo_max_kb": (21, portrait),
    "photo_min_width": (2_000, portrait),
    "photo_min_height": (2_000, portrait),
    "workbook_max_sheets": (2, three_sheets),
    "workbook_max_unpacked_mb": (1, unpacked),
    "workbook_max_cells": (100, roster_of(lambda: cases.many(5))),
    "workbook_max_mb": (1, written),
    "workbook_max_rows": (1, two_rows),
    "roster_at_once_kb": (1, two_rows),
    "name_max_length": (2, roster_of(lambda: cases.many(3))),
    "roster_age_max": (20, young),
    "working_age": (30, young),
    "roster_faults_kept": (1, faulty),
    "roster_photos_max": (1, photos),
    "roster_photos_max_mb": (1, photos),
    "roster_photos_max_unpacked_mb": (1, photos),
    "same_phone_people": (2, flagged),
    "same_address_people": (2, flagged),
    "same_proof_people": (50, flagged),
    "retirement_age": (30, flagged),
    "application_number_rule": ("BMX{year}{body:04d}-{serial:06d}", numbered),
    "photo_white_share": (0.2, proofs_page),
    "extra_time_percent": (40, need_page),
    "review_levels": (2, accepted),
    "review_undo_minutes": (2, undone),
    "pass_mark": (75, told_of_makeup),
    "subject_valid_months": (6, told_of_makeup),
    "makeup_times": (9, third_sitting),
    "candidate_report_photo_required": (True, reported),
    "staff_relations": (["employed"], sent_by("employer_body", "intern")),
    "student_after_graduation_days": (90, sent_by("technical_school", "student", graduates_on=date(2026, 6, 20))),
    "own_membership_list_required": (True, sent_by("employer_body")),
    "payment_order_number_rule": ("JFX{year}{body:04d}_{serial:06d}", online_order),
    "payment_order_minutes": (5, online_order),
    "receipt_number_rule": ("SJX{year}{body:04d}-{serial:06d}", papers_of_money),
    "refund_number_rule": ("TFX{year}{serial:05d}", papers_of_money),
    "bill_number_rule": ("ZDX{year}{serial:05d}", billed),
    "paper_number_rule": ("YJX{year}{serial:05d}", papers_asked),
    "theory_items": (50, papers_asked),
    "theory_minutes": (75, new_standard),
    "skill_minutes": (75, new_standard),
    "occupation_code_pattern": (r"^\d{9}$", new_occupation),
    "check_per_minute": (2, checked_often),
    "verify_per_minute": (2, verified_often),
    "certificate_special_pattern": (r"^[YS]\d{14}[A-Z]\d{7}$", special),
    "special_levels": ("T=首席技师;S=特级技师", special),
    "old_certificate_pattern": (r"^\d{17}$", certificate_told(OLD)),
    "shanghai_certificate_pattern": (r"^\d{14}$", certificate_told(SHANGHAI)),
}
