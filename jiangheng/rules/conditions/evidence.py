"""Commitments to what must not be changed quietly: canonical JSON, salted SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """One spelling of a JSON value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()


def chain_hash(previous: str, entry: Any) -> str:
    """SHA-256 over the previous hash and this entry: one changed, moved or taken out breaks every later one."""
    return hashlib.sha256(previous.encode() + b"\x1f" + canonical_json(entry)).hexdigest()


def commitment(value: Any, salt: str) -> str:
    """SHA-256 over salt and canonical JSON: says nothing about the value, yet fixes it."""
    return hashlib.sha256(salt.encode() + b"\x1f" + canonical_json(value)).hexdigest()
