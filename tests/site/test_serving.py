"""What the shell costs: processes that end together, connections kept, files hashed, pages compressed, sign-in bounded."""

from __future__ import annotations

import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, identify_hasher, make_password
from django.core.cache import cache, caches
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.http import FileResponse, HttpResponse, JsonResponse
from django.test import Client, RequestFactory

from jiangheng.command import serving
from jiangheng.people import passwords
from jiangheng.rules.refusal import Refusal
from jiangheng.screens.throttle import limit
from jiangheng.site import collected, settings
from jiangheng.site.middleware import TextGZip

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = ("ortools", "pandas", "numpy", "openpyxl", "docx", "typst", "fontTools", "icalendar", "pypdfium2")


def test_as_many_web_processes_as_cores_with_two_threads_each() -> None:
    assert serving.size({}, 4) == serving.Size(4, 2)
    assert serving.size({"JIANGHENG_WORKERS": "3", "JIANGHENG_THREADS": "1"}, 4) == serving.Size(3, 1)


@pytest.mark.parametrize("given", ["0", "-1", "many", "65", "1.5"])
def test_a_number_of_processes_that_cannot_be_is_refused_by_name(given: str) -> None:
    with pytest.raises(SystemExit, match="JIANGHENG_WORKERS"):
        serving.size({"JIANGHENG_WORKERS": given}, 4)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_everything_it_started(by: signal.Signals, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = f"import sys; from jiangheng.command import serving; sys.exit(serving.run('127.0.0.1', {port}, serving.Size(2, 1)))"
    environment = {**os.environ, "JIANGHENG_VAR": str(tmp_path), "JIANGHENG_SECRET_KEY": "test"}
    environment.pop("JIANGHENG_DATABASE_URL", None)
    served = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        answered = _answered(port, served)
        family = _family(served.pid)
        # The web server with its two processes, and the worker (which may be starting anew: its database is empty).
        assert answered
        assert len(family) >= 3
    finally:
        served.send_signal(by)
        status = served.wait(timeout=30)
    assert status == 0
    assert [pid for pid in family if Path(f"/proc/{pid}").exists()] == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def _answered(port: int, served: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + 120
    while time.monotonic() < until and served.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def _family(pid: int) -> list[int]:
    """Every process below ``pid``."""
    parents = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(each.parent.name)] = int(each.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    found = [pid]
    for parent in found:
        found.extend(child for child, its in parents.items() if its == parent)
    return found[1:]


def test_a_thread_keeps_its_connection_on_both_engines() -> None:
    assert settings.database("sqlite:////tmp/some.sqlite3")["CONN_MAX_AGE"] == settings.KEPT_SECONDS
    assert settings.database("postgresql://name@host/name")["CONN_MAX_AGE"] == settings.KEPT_SECONDS


def test_the_shared_cache_is_named_by_an_address() -> None:
    assert settings.cache("database://kept")["LOCATION"] == "kept"
    assert settings.cache("redis://127.0.0.1:6379/1")["LOCATION"] == "redis://127.0.0.1:6379/1"
    assert settings.cache("file:///srv/kept")["LOCATION"] == "/srv/kept"
    assert "locmem" in settings.cache("locmem://")["BACKEND"]
    with pytest.raises(ImproperlyConfigured, match="JIANGHENG_CACHE_URL"):
        settings.cache("memory")


def test_processes_count_an_address_together(db: None, settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "shared_counters",
        }
    }
    call_command("createcachetable", verbosity=0)
    request = RequestFactory().get("/", REMOTE_ADDR="10.1.2.3")
    limit(request, "shared", "2/m")
    # What another process would see: a cache of its own over the same table.
    assert len(caches.create_connection("default").get("throttle_shared_10.1.2.3")) == 1
    limit(request, "shared", "2/m")
    with pytest.raises(Refusal) as refused:
        limit(request, "shared", "2/m")
    assert refused.value.code == "request.too_many"
    assert cache.get("throttle_shared_10.1.2.3")


def _through(answer: HttpResponse, accepts: str = "gzip") -> HttpResponse:
    return TextGZip(lambda _request: answer)(RequestFactory().get("/", HTTP_ACCEPT_ENCODING=accepts))


def test_pages_of_a_kilobyte_go_out_compressed() -> None:
    page = "匠衡" * 400
    answer = _through(HttpResponse(page))
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).decode() == page
    assert "Accept-Encoding" in answer["Vary"]
    assert _through(JsonResponse({"page": page}))["Content-Encoding"] == "gzip"


def test_short_answers_files_and_old_browsers_get_them_as_they_are(tmp_path: Path) -> None:
    kept = tmp_path / "a.pdf"
    kept.write_bytes(b"%PDF-1.7 " * 400)
    with kept.open("rb") as opened:
        file = _through(FileResponse(opened, content_type="application/pdf"))
        assert "Content-Encoding" not in file
        assert file["Content-Length"] == str(kept.stat().st_size)
    assert "Content-Encoding" not in _through(HttpResponse("短"))
    assert "Content-Encoding" not in _through(HttpResponse(b"x" * 4000, content_type="application/pdf"))
    assert "Content-Encoding" not in _through(HttpResponse("匠衡" * 400), accepts="identity")


def test_a_page_is_never_twice_as_long(client: Client, db: None) -> None:
    """Against BREACH: the length of a compressed page says nothing about one guess."""
    lengths = {len(client.get("/people/sign-in/", headers={"accept-encoding": "gzip"}).content) for _ in range(8)}
    assert len(lengths) > 1


def test_static_files_are_hashed_compressed_and_collected_once(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "jiangheng.site.collected.Hashed"}}
    collected.collect()
    names = collected.Hashed()
    address = names.url("shell/shell.css")
    assert re.fullmatch(r"/static/shell/shell\.[0-9a-f]{12}\.css", address)
    kept = tmp_path / address.lstrip("/")
    assert gzip.decompress(Path(f"{kept}.gz").read_bytes()) == kept.read_bytes()
    sheet = names.url("vendor/tabler/tabler.min.css")
    whole = (ROOT / "static" / "vendor" / "tabler" / "tabler.min.css").stat().st_size
    assert 4 * (tmp_path / sheet.lstrip("/")).stat().st_size < whole
    assert names.url("shell/not_collected.css") == "/static/shell/not_collected.css"
    made = (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns
    collected.collect()
    assert (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns == made


def test_a_password_is_hashed_at_the_recommended_cost_and_an_older_hash_made_anew(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["jiangheng.people.passwords.Argon2"]
    made = make_password("correct horse")
    assert "m=19456,t=2,p=1" in made
    older = Argon2PasswordHasher()
    older.memory_cost, older.parallelism = 8 * 1024, 8
    old, renewed = older.encode("correct horse", "saltsaltsalt"), []
    assert check_password("correct horse", old, renewed.append)
    assert renewed == ["correct horse"]
    assert not check_password("wrong", made)
    assert not identify_hasher(made).must_update(made)


def test_the_cores_are_shared_among_the_web_processes() -> None:
    assert passwords.at_once(8, {}) == 8
    assert passwords.at_once(8, {"JIANGHENG_WORKERS": "4"}) == 2
    assert passwords.at_once(2, {"JIANGHENG_WORKERS": "4"}) == 1


def test_a_web_process_carries_no_library_it_may_never_use(tmp_path: Path) -> None:
    program = (
        "import sys; from jiangheng.site.wsgi import application; from django.urls import get_resolver;"
        f"get_resolver().url_patterns; print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    environment = {**os.environ, "JIANGHENG_VAR": str(tmp_path), "JIANGHENG_SECRET_KEY": "test"}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
