"""The PDF of a certificate, made by the worker after its number exists; a crash between the two loses nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from jiangheng.certificates import actions, queries
from jiangheng.certificates.models import Certificate
from jiangheng.files import printing
from jiangheng.files import queries as files
from jiangheng.people.actions import reveal_many
from jiangheng.rules import codes
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import SYSTEM

TEMPLATE = Path(__file__).resolve().parent / "typst" / "certificate.typ"
WATERMARK = "示范数据 非正式证书"


def check_url(certificate: Certificate) -> str:
    """What the QR code says: the public check with the number and the signature."""
    query = urlencode({"number": certificate.number, "token": certificate.signature})
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('certificates:verify')}?{query}"


def pdf(certificate: Certificate, identity_number: str) -> bytes:
    """The certificate's page; the same row gives the same bytes."""
    images = {"qr.svg": printing.qr_svg(check_url(certificate))}
    if certificate.application.photo is not None:
        images["photo.jpg"] = files.one_inch(certificate.application.photo)
    day = certificate.issued_on
    one: dict[str, Any] = {
        "body": certificate.body_name,
        "name": certificate.name,
        "identity_kind": certificate.identity_kind,
        "identity_number": identity_number,
        "occupation": certificate.occupation_name,
        "job": certificate.job,
        "level": codes.level_name(certificate.level),
        "number": certificate.number,
        "issued_on": f"{day.year}年{day.month}月{day.day}日",
        "photo": "photo.jpg" if "photo.jpg" in images else "",
        "qr": "qr.svg",
        "check_url": f"{settings.PUBLIC_URL.rstrip('/')}{reverse('certificates:verify')}",
    }
    data = {"watermark": WATERMARK if certificate.is_demonstration else "", "certificates": [one]}
    return printing.render(TEMPLATE, data, images, made_at=certificate.created_at)


def print_copies(*, now: datetime, certificate_ids: list[int]) -> int:
    """The job ``certificates.print``: make what is lacking; the first refusal is raised after the rest are made."""
    rows = list(queries.uncopied(certificate_ids))
    if not rows:
        return 0
    numbers = reveal_many(
        by=SYSTEM,
        now=now,
        identity_ids=[each.identity_id for each in rows],
        reason="印制证书",
        through=("plan", rows[0].plan_id),
    )
    refused: Refusal | None = None
    for each in rows:
        try:
            made = pdf(each, numbers[each.identity_id])
        except Refusal as refusal:
            refused = refused or refusal
            continue
        actions.keep_copy(by=SYSTEM, now=now, certificate_id=each.pk, data=made)
    if refused is not None:
        raise refused
    return len(rows)
