"""Work spells as lines of 简要经历 (附件4 工作经历): “2015-07至2019-06 单位 岗位 证明人：某某”, read and written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MOST = 6
NO_UNIT = "无单位"
MONTH = r"(\d{4})[-./年](\d{1,2})月?"
LINE = re.compile(rf"\s*{MONTH}\s*(?:至今|(?:至|到|—|－|-|~|～)\s*(今|{MONTH}))\s+(\S.*?)\s*")
WITNESS = re.compile(r"\s*证明人[:：]\s*(\S.*)$")


@dataclass(frozen=True, slots=True)
class Spell:
    """One employment by months; ``to`` None means it goes on. ``witness`` is the 证明人."""

    start: date
    to: date | None
    unit: str
    post: str
    witness: str = ""

    @property
    def line(self) -> str:
        """As it stands in 简要经历."""
        until = f"至{self.to:%Y-%m}" if self.to else "至今"
        words = " ".join(word for word in (_one_word(self.unit) or NO_UNIT, _one_word(self.post)) if word)
        told = f" 证明人：{_one_word(self.witness)}" if self.witness.strip() else ""
        return f"{self.start:%Y-%m}{until} {words}{told}"


def read(text: str) -> tuple[list[Spell], str]:
    """The spells of a text and the lines that are none, as they were."""
    spells: list[Spell] = []
    rest: list[str] = []
    for line in re.split(r"[\n;；]", text):
        spell = _spell(line)
        if spell is not None and len(spells) < MOST:
            spells.append(spell)
        elif line.strip():
            rest.append(line.strip())
    return spells, "\n".join(rest)


def write(spells: Iterable[Spell], rest: str = "") -> str:
    """The text that ``read`` gives back as the same spells and lines."""
    return "\n".join([*(spell.line for spell in spells), *([rest.strip()] if rest.strip() else [])])


def without_witness(words: str) -> str:
    """The unit and post of a line, its 证明人 taken off."""
    return WITNESS.sub("", words)


def _spell(line: str) -> Spell | None:
    found = LINE.fullmatch(unicodedata.normalize("NFKC", line))
    if found is None:
        return None
    year, month, _end, to_year, to_month, words = found.groups()
    witness = WITNESS.search(words)
    named = without_witness(words).split()
    try:
        start = date(int(year), int(month), 1)
        to = date(int(to_year), int(to_month), 1) if to_year else None
    except ValueError:
        return None
    if not named or (to is not None and to < start):
        return None
    unit, post = (" ".join(named[:-1]), named[-1]) if len(named) > 1 else (named[0], "")
    return Spell(start, to, unit, post, witness.group(1) if witness else "")


def _one_word(text: str) -> str:
    return re.sub(r"[\s;；]+", "", text)
