"""The changing code of a meeting: typed as six digits, or scanned as a signed token (四（七）)."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac
from django_otp.oath import hotp

SALT = "jiangheng.sittings.meeting"
DIGITS = 6


def code(meeting_id: int, turn: int) -> str:
    """The six digits of a meeting's turn."""
    key = salted_hmac(SALT, f"code {meeting_id}", algorithm="sha256").digest()
    return f"{hotp(key, turn, DIGITS):0{DIGITS}d}"


def is_code(meeting_id: int, turns: tuple[int, ...], typed: str) -> bool:
    """True where what was typed is the meeting's code of one of the turns."""
    return any(constant_time_compare(code(meeting_id, each), typed) for each in turns)


def token(meeting_id: int, turn: int) -> str:
    """What the QR code carries: meeting and turn, signed."""
    return Signer(salt=SALT).sign(f"{meeting_id}.{turn}")


def read(given: str) -> tuple[int, int] | None:
    """Meeting and turn of a token, or None for one that was not signed here."""
    try:
        meeting_id, _, turn = Signer(salt=SALT).unsign(given).partition(".")
        return int(meeting_id), int(turn)
    except (BadSignature, ValueError):
        return None
