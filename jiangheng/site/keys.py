"""Where secrets come from: the environment, or var/keys.env of this checkout, made on first run and never committed."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

NAMES = ("JIANGHENG_SECRET_KEY", "JIANGHENG_SEAL_KEYS", "JIANGHENG_INDEX_KEY", "JIANGHENG_SIGNING_KEY")


def read(folder: Path) -> dict[str, str]:
    """Secrets by name: the environment first, then ``folder/keys.env``; a name found nowhere is absent."""
    found: dict[str, str] = {}
    path = folder / "keys.env"
    if path.exists():
        for line in path.read_text().splitlines():
            name, _, value = line.partition("=")
            if name in NAMES:
                found[name] = value
    found.update({name: os.environ[name] for name in NAMES if os.environ.get(name)})
    return found


def for_tests() -> dict[str, str]:
    """The same well-known keys for every test run, whatever the environment holds."""
    seal, index, signing = (base64.b64encode(bytes([digit]) * 32).decode() for digit in (1, 2, 3))
    return {
        "JIANGHENG_SECRET_KEY": "for tests only " * 4,
        "JIANGHENG_SEAL_KEYS": f"k1:{seal}",
        "JIANGHENG_INDEX_KEY": index,
        "JIANGHENG_SIGNING_KEY": signing,
    }


def ensure(folder: Path) -> None:
    """Write ``folder/keys.env`` with fresh random keys when it is not there yet; mode 0600."""
    path = folder / "keys.env"
    if path.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        "JIANGHENG_SECRET_KEY": secrets.token_urlsafe(48),
        "JIANGHENG_SEAL_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "JIANGHENG_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "JIANGHENG_SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("".join(f"{name}={value}\n" for name, value in made.items()))
