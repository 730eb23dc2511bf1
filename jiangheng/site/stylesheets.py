"""The vendored style sheet without the rules no page can use: what a phone has to wait for before it paints.

A rule is left out only where a class it needs is a word that stands nowhere in the program's templates, scripts and
Python, so that nothing on any page can carry it. Whatever is in doubt stays.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WORD = re.compile(r"[A-Za-z][\w-]*")
BEGUN = re.compile(r"([A-Za-z][\w-]*-)(?=[{%$]|[\"'] ?\+)")
"""A class put together when the page is made: everything that begins like it stays."""
CLASS = re.compile(r"\.((?:\\.|[\w-])+)")
NESTING = ("@media", "@supports", "@layer", "@container")


@lru_cache(maxsize=1)
def spoken() -> tuple[frozenset[str], tuple[str, ...]]:
    """Every word that may be a class of a page, and how those begin that are put together."""
    words: set[str] = set()
    begun: set[str] = set()
    for path in (*ROOT.glob("templates/**/*.html"), *ROOT.glob("jiangheng/**/*.py"), *ROOT.glob("static/**/*.js")):
        text = path.read_text(encoding="utf-8")
        words.update(WORD.findall(text))
        begun.update(BEGUN.findall(text))
    return frozenset(words), tuple(sorted(begun))


def mark() -> str:
    """Changes with the words, so that collected files are collected anew."""
    words, begun = spoken()
    return hashlib.sha256(" ".join((*sorted(words), *begun)).encode()).hexdigest()


def used(css: str) -> str:
    """The sheet with the rules some page may use, in their order."""
    return "".join(_kept(css))


def _kept(css: str) -> Iterator[str]:
    for prelude, block in rules(css):
        if block is None or not prelude or prelude.startswith("@"):
            if block is not None and prelude.startswith(NESTING):
                inner = used(block)
                if inner:
                    yield f"{prelude}{{{inner}}}"
            else:
                yield prelude if block is None else f"{prelude}{{{block}}}"
            continue
        selectors = [each for each in split(prelude) if possible(each)]
        if selectors:
            yield f"{','.join(selectors)}{{{block}}}"


def rules(css: str) -> Iterator[tuple[str, str | None]]:
    """(what stands before a block, the block), in order; None for statements and comments, which have no block."""
    start = place = 0
    while place < len(css):
        if css.startswith("/*", place):
            end = css.index("*/", place) + 2
            yield css[start:end], None
            start = place = end
        elif css[place] == ";":
            yield css[start : place + 1], None
            start = place = place + 1
        elif css[place] == "{":
            end = _closed(css, place)
            yield css[start:place].strip(), css[place + 1 : end]
            start = place = end + 1
        else:
            place = _past(css, place)
    if css[start:].strip():
        yield css[start:], None


def _past(css: str, place: int) -> int:
    """The place after one character, or after a whole string where one begins."""
    if css[place] not in "\"'":
        return place + (2 if css[place] == "\\" else 1)
    end = place + 1
    while css[end] != css[place]:
        end += 2 if css[end] == "\\" else 1
    return end + 1


def _closed(css: str, opened: int) -> int:
    depth, place = 0, opened
    while True:
        if css.startswith("/*", place):
            place = css.index("*/", place) + 2
            continue
        depth += (css[place] == "{") - (css[place] == "}")
        if not depth:
            return place
        place = _past(css, place)


def split(prelude: str) -> list[str]:
    """The selectors of a rule; commas in brackets, parentheses and strings are none of its own."""
    found, depth, start, place = [], 0, 0, 0
    while place < len(prelude):
        depth += (prelude[place] in "([") - (prelude[place] in ")]")
        if prelude[place] == "," and not depth:
            found.append(prelude[start:place])
            start = place + 1
        place = _past(prelude, place)
    return [*found, prelude[start:]]


def possible(selector: str) -> bool:
    """Whether something on a page may carry every class the selector asks for; what stands in ``:not()`` it does not."""
    bare = re.sub(r"\[[^\]]*\]", "", selector)
    while (inner := re.sub(r"\([^()]*\)", "", bare)) != bare:
        bare = inner
    words, begun = spoken()
    needed = (re.sub(r"\\(.)", r"\1", name) for name in CLASS.findall(bare))
    return all(_said(name, words) or name.startswith(begun) for name in needed)


def _said(name: str, words: frozenset[str]) -> bool:
    """A name with a sign of its own (``w-1/2``) counts as said where its parts are."""
    return name in words or (not WORD.fullmatch(name) and words.issuperset(WORD.findall(name)))
