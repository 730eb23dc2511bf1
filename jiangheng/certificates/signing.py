"""Ed25519 over everything a certificate says, so that anyone with the public key can check one offline."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from jiangheng.certificates.models import Certificate
from jiangheng.rules.conditions.evidence import canonical_json
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

FIELDS = (
    "number", "name", "identity_kind", "identity_masked", "occupation_code", "occupation_name", "job", "level",
    "body_name", "issued_on", "is_demonstration",
)  # read as a table  # fmt: skip


def content(certificate: Certificate) -> dict[str, Any]:
    """What is signed: the printed fields, the document number masked."""
    return {name: getattr(certificate, name) for name in FIELDS}


def sign(certificate: Certificate) -> str:
    """The signature as unpadded base64url, 86 characters; Refusal ``certificate.key`` (409) without a key."""
    return _text(_key().sign(canonical_json(content(certificate))))


def holds(certificate: Certificate) -> bool:
    """Whether the stored signature still fits what the row says."""
    try:
        given = base64.urlsafe_b64decode(certificate.signature + "==")
        _key().public_key().verify(given, canonical_json(content(certificate)))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def public_key() -> str:
    """The public key as unpadded base64url of its 32 bytes."""
    return _text(_key().public_key().public_bytes_raw())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _key() -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY, validate=True))
    except (ValueError, binascii.Error):
        raise refuse(
            "certificate.key",
            N_("系统没有配置证书签名密钥，不能生成或核验证书。"),
            N_("请系统管理员配置 JIANGHENG_SIGNING_KEY 后重试。"),
            clause="四（八）",
        ) from None
