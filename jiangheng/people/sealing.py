"""Sealing of identity numbers: AES-256-GCM with rotating keys, and a keyed blind index to find them by."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from jiangheng.rules.readers.identity import index_key
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_


def _missing() -> Refusal:
    return refuse(
        "key.missing",
        N_("系统缺少证件号码加密密钥，无法读写证件号码。"),
        N_("请系统管理员设置 JIANGHENG_SEAL_KEYS 与 JIANGHENG_INDEX_KEY 后重启服务；已存数据不受影响。"),
    )


def broken() -> Refusal:
    """The refusal for a seal that does not open as what it claims to be."""
    return refuse("seal.broken", N_("证件号码密文校验失败，数据可能被改动。"), N_("请联系系统管理员核查。"))


def _keys() -> dict[str, bytes]:
    """Key name to 32 bytes, in the order given: the first seals, all open."""
    keys = {}
    for part in filter(None, settings.SEAL_KEYS.split(",")):
        name, _, text = part.partition(":")
        keys[name] = base64.b64decode(text)
    if not keys:
        raise _missing()
    return keys


def seal(number: str) -> bytes:
    """``number`` sealed under the first key: length of key name, key name, 12-byte nonce, ciphertext."""
    name, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    label = name.encode()
    return struct.pack("B", len(label)) + label + nonce + AESGCM(key).encrypt(nonce, number.encode(), label)


def unseal(sealed: bytes | memoryview) -> str:
    """The number; Refusal ``key.missing`` when its key is not held, ``seal.broken`` when it was tampered with."""
    data = bytes(sealed)
    label, nonce, body = _parts(data)
    key = _keys().get(label.decode(errors="replace"))
    if key is None:
        raise _missing()
    try:
        return AESGCM(key).decrypt(nonce, body, label).decode()
    except InvalidTag:
        raise broken() from None


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    size = data[0] if data else 0
    if len(data) < 1 + size + 12 + 16:
        raise broken()
    return data[1 : 1 + size], data[1 + size : 13 + size], data[13 + size :]


def current_key() -> str:
    """The name of the key that seals now."""
    return next(iter(_keys()))


def is_current(sealed: bytes | memoryview) -> bool:
    """Whether a number is already sealed under the first key."""
    return _parts(bytes(sealed))[0].decode(errors="replace") == current_key()


def blind_index(kind: str, number: str, country: str = "") -> str:
    """HMAC-SHA256 of what a document is known by: an 18-digit number alone, else kind, country and number.

    Equal for the same person whatever card was named, useless without the key.
    """
    if not settings.INDEX_KEY:
        raise _missing()
    key = base64.b64decode(settings.INDEX_KEY)
    return hmac.new(key, index_key(kind, number, country).encode(), hashlib.sha256).hexdigest()
