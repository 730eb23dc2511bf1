"""How passwords are hashed: Argon2id with OWASP's least cost, as many at once as the machine has cores."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping

from django.contrib.auth.hashers import Argon2PasswordHasher


def at_once(cores: int, environment: Mapping[str, str]) -> int:
    """How many hashes one process works on at a time: the cores shared among the web processes, at least one."""
    workers = environment.get("JIANGHENG_WORKERS", "")
    return max(1, cores // max(1, int(workers) if workers.isdecimal() else 1))


# A hash holds 19 MiB and a whole core: more of them at once end no sooner and only take memory. Nothing else is
# waited for while this is held, so it can close no circle of locks.
TURN = threading.BoundedSemaphore(at_once(os.cpu_count() or 1, os.environ))


class Argon2(Argon2PasswordHasher):
    """19 MiB, 2 passes, 1 lane: OWASP's minimum (Password Storage Cheat Sheet, Argon2id).

    Django's own 100 MiB and 8 lanes cost 190 ms of CPU a sign-in and a gigabyte when eight people come at once.
    A hash of another cost still opens, and is made anew at its owner's next sign-in.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash a password when it is this one's turn."""
        with TURN:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password made this hash; checked in turn."""
        with TURN:
            return super().verify(password, encoded)
