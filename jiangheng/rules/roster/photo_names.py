"""Whose photo a file is, by the document number in its name, however senders name their files (三（二）4)."""

from __future__ import annotations

import re
import unicodedata

from jiangheng.rules.readers import id_reader, identity

PICTURES = ("jpg", "jpeg", "jpe", "jfif", "png", "webp", "avif", "heic", "heif", "bmp", "gif", "tif", "tiff")
ARCHIVES = ("zip", "rar", "7z", "tar", "gz")
SUFFIX = re.compile(r"\.([a-z0-9]{1,5})$", re.IGNORECASE)
COPY = re.compile(r"\s*(\(\d{1,3}\)|\[\d{1,3}\]|[-_ ]*(副本|复制|拷贝|copy)\s*\d*)$", re.IGNORECASE)
"""What systems put behind the name of a second copy."""
X_ALIKE = str.maketrans({"×": "X", "✕": "X", "╳": "X", "Х": "X", "х": "X", "Χ": "X", "χ": "X"})
JOINED = re.compile(r"(?<=\d)[\s\-_.·]+(?=[\dX])")
PASSPORT = re.compile(r"[A-Z]{1,2}\d{7,8}")
FEWEST_DIGITS = 4


def numbers(name: str) -> tuple[str, ...]:
    """The document numbers in a file's name: none, the one it stands for, or several.

    A valid resident number or a permit's counts wherever it stands, beside names, serial numbers and marks of a copy;
    a number of another document only where it is the whole name. Full-width characters, spaces, dashes, either case
    of X and letters that look like it are read alike.
    """
    stem = _stem(name)
    for text in (stem, JOINED.sub("", stem)):
        found = tuple(each for each in id_reader.numbers(text) if _is_document(each))
        if found:
            return found
    whole = identity.tidy(stem)
    if PASSPORT.fullmatch(whole):
        return (whole,)
    return (whole,) if is_picture(name) and sum(map(str.isdigit, whole)) >= FEWEST_DIGITS and _short(whole) else ()


def _is_document(text: str) -> bool:
    return bool(id_reader.resident(text) or id_reader.OTHERS.fullmatch(text))


def _short(text: str) -> bool:
    """Whether a name that holds no number known by its shape may still be one, such as an officer's."""
    return len(text) <= 20


def is_picture(name: str) -> bool:
    """Whether the name says that the file is a picture."""
    return _suffix(name) in PICTURES


def is_archive(name: str) -> bool:
    """Whether the name says that the file is an archive inside the archive."""
    return _suffix(name) in ARCHIVES


def _suffix(name: str) -> str:
    found = SUFFIX.search(unicodedata.normalize("NFKC", name).strip())
    return found[1].lower() if found else ""


def _stem(name: str) -> str:
    """The name without its suffixes (some programs add a second one) and marks of a copy."""
    text = unicodedata.normalize("NFKC", name).translate(X_ALIKE).upper().strip()
    while True:
        shorter = text
        found = SUFFIX.search(text)
        if found and found[1].lower() in (*PICTURES, *ARCHIVES):
            shorter = text[: found.start()]
        shorter = COPY.sub("", shorter).strip()
        if shorter == text:
            return text
        text = shorter
