"""Keep templates and styles readable: no line over 160 characters, broken only where white space means nothing.

    python -m tools.unfold            unfold what is too long in templates/ and static/ (but for static/vendor/)
    python -m tools.unfold --check    exit 1 and name the files with lines that are too long and could be broken

A template is broken beside block elements, between the attributes of a tag and at spaces of plain text; never inside a
template tag (Django reads those on one line), a translated block, a script, ``pre`` or ``textarea``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST = 160
BLOCK = re.compile(
    r"</?(?:address|article|aside|body|br|caption|col|colgroup|dd|details|div|dl|dt|fieldset|figure|footer|form|h[1-6]|head"
    r"|header|hr|html|legend|li|link|main|meta|nav|ol|option|optgroup|p|script|section|select|style|summary|table|tbody|td"
    r"|template|tfoot|th|thead|title|tr|ul)\b"
)
KEPT = re.compile(
    r"\{%\s*(?:blocktranslate|blocktrans|verbatim|comment)\b.*?%\}.*?\{%\s*end(?:blocktranslate|blocktrans|verbatim|comment)\s*%\}"
    r"|<(script|style|pre|textarea)\b.*?</\1>"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}",
    re.S,
)
OPENS = re.compile(r"\{%-?\s*(?:if|for|with|block|spaceless|autoescape)\b")
CLOSES = re.compile(r"\{%-?\s*end(?:if|for|with|block|spaceless|autoescape)\b")
MIDDLE = re.compile(r"\{%-?\s*(?:else|elif|empty)\b")
CONTROL = re.compile(r"\{%-?\s*(?:if|else|elif|endif|for|endfor|empty|with|endwith)\b")
VOID = re.compile(r"<(?:br|hr|link|meta|col|input|img)\b")


def pieces(text: str) -> Iterator[str]:
    """``text`` cut into tags of HTML (with what stands inside them), template tags and blocks, and runs of text."""
    at = start = 0
    while at < len(text):
        kept = KEPT.match(text, at) if text[at] in "{<" else None
        if kept or re.match(r"</?[a-zA-Z!]", text[at : at + 3]):
            if start < at:
                yield text[start:at]
            end = kept.end() if kept else _tag_end(text, at)
            yield text[at:end]
            at = start = end
        else:
            at += 1
    if start < len(text):
        yield text[start:]


def _tag_end(text: str, at: int) -> int:
    quote = ""
    while at < len(text):
        inner = KEPT.match(text, at) if text[at] == "{" else None
        if inner:
            at = inner.end()
            continue
        if quote:
            quote = "" if text[at] == quote else quote
        elif text[at] in "\"'":
            quote = text[at]
        elif text[at] == ">":
            return at + 1
        at += 1
    return at


def _depth(piece: str) -> int:
    if OPENS.match(piece) or (BLOCK.match(piece) and not piece.startswith("</") and not VOID.match(piece)):
        return 0 if re.search(r"</\w+>$", piece) else 1
    return -1 if CLOSES.match(piece) or (BLOCK.match(piece) and piece.startswith("</")) else 0


def unfolded(line: str) -> list[str]:
    """One line of a template as lines that are short enough, where that can be."""
    indent = line[: len(line) - len(line.lstrip())]
    lines: list[str] = []
    current, depth, before = "", 0, ""
    here = 0  # the depth at which ``current`` begins
    for piece in pieces(line.strip()):
        falls = _depth(piece) < 0 or bool(MIDDLE.match(piece))
        if (
            current
            and (BLOCK.match(piece) or BLOCK.match(before))
            and (BLOCK.match(piece) or piece.startswith(("{%", "<")))
        ):
            # text that stands directly in its element stays beside the tag: `<td>text</td>` is one word to a reader
            whole = before.startswith("<") and not before.startswith("</") and piece.startswith("</")
            if not whole and not (
                piece.startswith("</") and not current.rstrip().endswith(">") and len(current) < MOST // 2
            ):
                lines.append(indent + "  " * here + current.strip())
                current, here = "", depth - 1 if falls else depth
        if not current:
            here = max(0, depth - 1 if falls else depth)
        current += piece
        depth = max(0, depth + _depth(piece))
        before = piece
    if current.strip():
        lines.append(indent + "  " * here + current.strip())
    return [short for each in _joined(lines) for short in _wrapped(each)]


def _joined(lines: list[str]) -> list[str]:
    """An element that fits stands on one line again: its opening tag, what it holds and its closing tag."""
    done: list[str] = []
    for line in lines:
        opened = re.match(r"\s*<(\w+)\b", done[-1]) if done else None
        if (
            opened
            and line.rstrip().endswith(f"</{opened[1]}>")
            and f"</{opened[1]}>" not in done[-1]
            and f"<{opened[1]}" not in line
            and len(done[-1]) + len(line.strip()) <= MOST - 20
        ):
            done[-1] += line.strip()
        else:
            done.append(line)
    return done


def _wrapped(line: str) -> list[str]:
    """A line broken at spaces of text, between attributes and beside branches; further lines indented once more."""
    if len(line) <= MOST:
        return [line]
    indent = line[: len(line) - len(line.lstrip())] + "  "
    lines, current = [], line[: len(indent) - 2]
    for segment in _segments(line.strip()):
        if current.strip() and len(current) + len(segment.rstrip()) > MOST:
            lines.append(current.rstrip())
            current = indent
        current += segment
    return [*lines, current.rstrip()]


def _segments(text: str) -> list[str]:
    """What may not be broken: up to a space of text or between attributes, or up to a branch of the template."""
    done = [""]
    for piece in pieces(text):
        if CONTROL.match(piece):
            # A space beside a branch is a space at most; only a line that is too long gets one.
            done += [piece] if CLOSES.match(piece) or MIDDLE.match(piece) else []
            if not (CLOSES.match(piece) or MIDDLE.match(piece)):
                done[-1] += piece
            done.append("")
            continue
        parts = (
            [piece]
            if KEPT.fullmatch(piece)
            else (_attributes(piece) if piece.startswith("<") else re.split(r"(?<=\s)(?=\S)", piece))
        )
        for part in parts:
            done[-1] += part
            if part.endswith(" "):
                done.append("")
    return [each for each in done if each]


def _attributes(tag: str) -> list[str]:
    parts, current, quote, at = [], "", "", 0
    while at < len(tag):
        inner = KEPT.match(tag, at) if tag[at] == "{" else None
        if inner:
            current += inner.group()
            at = inner.end()
            continue
        if quote:
            quote = "" if tag[at] == quote else quote
        elif tag[at] in "\"'":
            quote = tag[at]
        current += tag[at]
        if tag[at] == " " and not quote:
            parts.append(current)
            current = ""
        at += 1
    return [*parts, current]


def template(text: str) -> str:
    """A template with its long lines unfolded; a line that would not become shorter stays."""
    lines = []
    for line in text.split("\n"):
        fresh = unfolded(line) if len(line) > MOST else [line]
        lines += fresh if max(map(len, fresh)) < len(line) else [line]
    return "\n".join(lines)


def style(text: str) -> str:
    """A style sheet with its long lines unfolded: a rule a line, long rules a declaration a line."""
    out = []
    for line in text.split("\n"):
        if len(line) <= MOST:
            out.append(line)
            continue
        for rule in re.split(r"(?<=\})\s*(?=\S)", line):
            if len(rule) <= MOST:
                out.append(rule)
                continue
            indent = rule[: len(rule) - len(rule.lstrip())]
            spread = re.sub(r"\{\s*", "{\n" + indent + "  ", rule, count=1)
            spread = re.sub(r";\s*(?=[^\s}])", ";\n" + indent + "  ", spread)
            out += re.sub(r"\s*\}$", "\n" + indent + "}", spread).split("\n")
    return "\n".join(out)


def sources() -> Iterator[Path]:
    """Our own templates and styles."""
    yield from sorted((ROOT / "templates").rglob("*.html"))
    yield from sorted(path for path in (ROOT / "static").rglob("*.css") if "vendor" not in path.parts)


def main(given: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="name long lines; change nothing")
    arguments = parser.parse_args(given)
    said = 0
    for path in sources():
        text = path.read_text(encoding="utf-8")
        fresh = template(text) if path.suffix == ".html" else style(text)
        if fresh == text:
            continue
        if arguments.check:
            said += 1
            print(
                f"{path.relative_to(ROOT)}: lines over {MOST} characters, run python -m tools.unfold", file=sys.stderr
            )
        else:
            path.write_text(fresh, encoding="utf-8")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
