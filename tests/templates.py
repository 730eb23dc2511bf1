"""One migrated database as a template, copied for every worker instead of migrating in each.

The template is made once for a state of the migrations and kept in JIANGHENG_VAR (SQLite) or in the server (PostgreSQL).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("django", "django-axes", "django-otp")


def mark() -> str:
    """Changes with every migration of ours, what they import, and the libraries that bring their own."""
    digest = hashlib.sha256(" ".join(version(name) for name in LIBRARIES).encode())
    for path in (*sorted(ROOT.glob("jiangheng/*/migrations/*.py")), ROOT / "jiangheng" / "journal" / "append_only.py"):
        digest.update(f"{path.parent.parent.name}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def stand_up() -> None:
    """Put a fresh copy of the template where this worker's test database is expected."""
    name = connection.creation._get_test_db_name()
    with _alone():
        if connection.vendor == "sqlite":
            _sqlite(Path(name))
        else:
            _postgresql(name)


@contextmanager
def _alone() -> Iterator[None]:
    """One worker at a time: the first makes the template, the others find it; a template is not copied while in use."""
    with Path(settings.VAR, "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    environment = {**os.environ, "JIANGHENG_DATABASE_URL": url, "JIANGHENG_SECRET_KEY": "template"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0", "--no-input"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)


def of_sqlite() -> Path:
    """The migrated SQLite database, whichever engine the tests run on; to be copied, never opened for writing."""
    with _alone():
        return _template()


def _template() -> Path:
    template = Path(settings.VAR, f"template-{mark()}.sqlite3")
    if not template.exists():
        making = template.with_suffix(".making")
        _remove(making)
        _migrate(f"sqlite:///{making}")
        with closing(sqlite3.connect(making)) as made:
            made.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        making.rename(template)
    return template


def _sqlite(target: Path) -> None:
    template = _template()
    _remove(target)
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _remove(path: Path) -> None:
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), Path(f"{path}-journal")):
        each.unlink(missing_ok=True)


def _postgresql(target: str) -> None:
    import psycopg

    given = settings.DATABASES["default"]
    template = f"template_{mark()}"
    address = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    told = {name: value for name, value in address.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **told) as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
        if not found:
            server.execute(f'DROP DATABASE IF EXISTS "{template}_making" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{template}_making"')
            secret = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
            where = f"?host={given['HOST']}" + (f"&port={given['PORT']}" if given["PORT"] else "")
            _migrate(f"postgresql://{given['USER']}{secret}@/{template}_making{where}")
            server.execute(f'ALTER DATABASE "{template}_making" RENAME TO "{template}"')
        server.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{target}" TEMPLATE "{template}"')
