"""Static files collected, hashed and compressed once, so that a browser asks for each of them once."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

from jiangheng.site import stylesheets

VENDORED = "vendor/tabler/tabler.min.css"


class Hashed(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Names with a hash of the content; the plain name of what has not been collected, which the finders serve."""

    def post_process(self, paths: dict[str, Any], *given: Any, **options: Any) -> Iterator[Any]:
        """Hash and compress; of the vendored style sheet first leave out the rules that no page can use."""
        if VENDORED in paths:
            storage, path = paths[VENDORED]
            with storage.open(path) as sheet:
                used = stylesheets.used(sheet.read().decode())
            Path(self.path(VENDORED)).write_text(used, encoding="utf-8")
            paths = {**paths, VENDORED: (self, VENDORED)}
        yield from super().post_process(paths, *given, **options)

    def stored_name(self, name: str) -> str:
        """The hashed name, or the given one where the manifest does not know it."""
        return self.hashed_files.get(self.hash_key(self.clean_name(name)), name)  # type: ignore[no-any-return]  # whitenoise ships no types


def collect() -> None:
    """Collect the static files where they differ from those collected last; one process at a time.

    Files of before stay: a page opened yesterday still finds them.
    """
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp, wanted = root / ".collected", fingerprint()
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(wanted)


def fingerprint() -> str:
    """Changes with any static file of the program or of a library."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(f"{__file__} {stylesheets.mark()}".encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda each: each[0]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangheng.site.settings")
    django.setup()
    collect()
