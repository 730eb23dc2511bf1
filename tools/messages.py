"""Keep the English catalogues: collect marked strings per room, merge them, compile them, check them.

    python tools/messages.py              merge new strings into jiangheng/<room>/locale/en/LC_MESSAGES/django.po
    python tools/messages.py --check      exit 1 when a string lacks English or a catalogue is out of date
    python tools/messages.py --compile    write the .mo files Django reads

Name rooms after the options to keep to them. Strings of templates/<room>/ belong to the room; those of
templates/shell/ and of rules/ belong to site. Needs Babel and Django only, no gettext programs.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PROGRAM, TEMPLATES = ROOT / "jiangheng", ROOT / "templates"
SITE_TOO = {"rules", "shell", "law", "command", "demonstration"}
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Words of the law's tables that pages show, by the room whose catalogue holds them: file, then the way to the word.
LAW_WORDS = {
    "catalog": (
        "rules.rule.label", "rules.rule.unit", "rules.rule.value", "discipline.tier.examples", "discipline.tier.sanction",
        "discipline.kind.label", "generations.generation.level.texts", "generations.generation.source",
        "generations.generation.general", "instruments.instrument.label", "routes_r_legacy.default.label",
        "standards.template.label", "standards.standard.label", "occupations.occupation.label", "calendar.day.name",
        "calendar.day.label", "fees_demo.label", "codes.organisation_kind", "codes.service_object", "codes.candidate_group",
        "codes.place", "codes.paper_source", "codes.room_kind", "codes.method", "codes.fee_item", "codes.fee_payee",
        "codes.pay_method", "codes.proof_kind", "codes.district", "codes.level.1", "codes.subject.1",
        "codes.question_kind.1",
    ),
    "fees": ("refunds.reason.label", "refunds.reason.note"),
    "sittings": ("handbook.post.duties",),
}  # read as a table  # fmt: skip
TABLES = {path.stem: path for path in (*PROGRAM.glob("law/*.toml"), PROGRAM / "sittings" / "handbook.toml")}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HEADER = r"""msgid ""
msgstr ""
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Language: en\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
PLACES = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def rooms() -> list[str]:
    """Every room of the program that may own a catalogue."""
    return sorted({path.parent.name for name in ("apps.py", "urls.py") for path in PROGRAM.glob(f"*/{name}")})


def owner(path: Path) -> str:
    """The room whose catalogue holds the strings of ``path``."""
    base = PROGRAM if path.is_relative_to(PROGRAM) else TEMPLATES
    parts = path.relative_to(base).parts
    return "site" if len(parts) == 1 or parts[0] in SITE_TOO else parts[0]


def sources() -> Iterator[Path]:
    """Every file that may hold marked strings, in a steady order."""
    yield from sorted(path for path in PROGRAM.rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))


def marked(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """(line, string or (singular, plural), context) of every marked string in ``path``."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation import templatize

        # What is read here is read as Python: where a line of a template begins means nothing to it.
        text = re.sub(r"(?m)^[ \t]+", "", templatize(text, origin=str(path)))
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for line, message, _comments, context in found:
        yield line, message, context


def collected() -> dict[str, Catalog]:
    """A fresh catalogue of marked strings per room."""
    catalogues = {room: Catalog(locale="en") for room in rooms()}
    for path in sources():
        room = owner(path)
        if room not in catalogues:
            continue
        for _line, message, context in marked(path):
            if isinstance(message, str) and not message.strip():
                continue
            catalogues[room].add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    for room, ways in LAW_WORDS.items():
        if room not in catalogues:
            continue
        for way in ways:
            name, *rest = way.split(".")
            for word in _words(tomllib.loads(TABLES[name].read_text(encoding="utf-8")), rest):
                catalogues[room].add(word, locations=[(TABLES[name].relative_to(ROOT).as_posix(), 0)])
    return catalogues


def _words(value: object, way: list[str]) -> Iterator[str]:
    """Every Chinese word at the end of a way through tables and lists; a number takes one place of a row."""
    if isinstance(value, dict):
        if way and way[0] in value:
            yield from _words(value[way[0]], way[1:])
    elif isinstance(value, list) and way and way[0].isdigit() and not isinstance(value[0], list):
        yield from _words(value[int(way[0])], way[1:])
    elif isinstance(value, list):
        for each in value:
            yield from _words(each, way)
    elif isinstance(value, str) and not way and CHINESE.search(value):
        yield value


def po_of(room: str) -> Path:
    """The room's English catalogue."""
    return PROGRAM / room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def standing(room: str) -> Catalog:
    """The room's catalogue as it is on disk, or an empty one."""
    path = po_of(room)
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def merged(room: str, fresh: Catalog) -> Catalog:
    """Fresh strings with the translations that stand; strings no longer marked are dropped, nothing is guessed."""
    old = standing(room)
    new = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for message in fresh:
        if not message.id:
            continue
        before = old.get(message.id if isinstance(message.id, str) else message.id[0], context=message.context)
        string = before.string if before is not None and not before.fuzzy else None
        if isinstance(message.id, tuple) and isinstance(string, str):
            string = (string, string) if string else None
        new.add(
            message.id,
            string if string is not None else ("" if isinstance(message.id, str) else ("", "")),
            locations=sorted({(place, 0) for place, _line in message.locations}),
            context=message.context,
        )
    return new


def written(catalogue: Catalog) -> bytes:
    """The bytes of the .po file: no dates, no line numbers, so that it changes only when strings do."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)
    return HEADER.encode() + out.getvalue()


def faults(room: str, catalogue: Catalog) -> list[str]:
    """Strings without English, and English that lost or invented a place such as %(name)s."""
    said = []
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(strings):
            said.append(f"{room}: no English for “{ids[0]}”")
            continue
        wanted = {match.group() for match in PLACES.finditer(ids[-1]) if match.group(1)}
        for string in strings:
            given = {match.group() for match in PLACES.finditer(string) if match.group(1)}
            if not given <= wanted or (len(strings) == 1 and given != wanted):
                said.append(f"{room}: places differ in “{ids[0]}” → “{string}”")
    return said


def compiled(room: str) -> None:
    """Write the .mo beside the room's .po."""
    path = po_of(room)
    if path.exists():
        target = path.with_suffix(".mo")
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        with unfinished.open("wb") as file:
            write_mo(file, standing(room))
        unfinished.replace(target)


def main(given: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="report what lacks English; change nothing")
    parser.add_argument("--compile", action="store_true", help="write the .mo files")
    parser.add_argument("--missing", action="store_true", help="after merging, list what still lacks English")
    parser.add_argument("rooms", nargs="*", metavar="room")
    arguments = parser.parse_args(given)
    chosen = arguments.rooms or rooms()
    if arguments.compile:
        for room in chosen:
            compiled(room)
        return 0
    fresh = collected()
    said: list[str] = []
    for room in chosen:
        catalogue = merged(room, fresh[room])
        path = po_of(room)
        content = written(catalogue)
        empty = not any(message.id for message in catalogue)
        if arguments.check:
            said += faults(room, catalogue)
            if not empty and (not path.exists() or path.read_bytes() != content):
                said.append(f"{room}: catalogue out of date, run python tools/messages.py")
            continue
        if not empty:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        waiting = faults(room, catalogue)
        if arguments.missing:
            said += waiting
        print(f"{room}: {len(catalogue)} strings, {len(waiting)} to translate", file=sys.stderr)
    print("\n".join(said), end="\n" if said else "")
    return 1 if arguments.check and said else 0


if __name__ == "__main__":
    sys.exit(main())
