"""Document numbers in what a reader of identity cards types, or a person does, at the sign-in desk (四（七）)."""

from __future__ import annotations

import re
import unicodedata

from jiangheng.rules.readers import identity
from jiangheng.rules.readers.identity import RESIDENT, check_identity
from jiangheng.rules.refusal import Refusal

LONGEST = 500
LENGTHS = (18, 15)
# Where the number stands among other words only shapes no date or telephone number has are taken for one.
OTHERS = re.compile(r"[HM]\d{10}|[HM]\d{8}|[A-Z]{3}\d{12}")


def numbers(line: str) -> tuple[str, ...]:
    """The document numbers a line may hold, likeliest first: the whole line tidied, then numbers inside it.

    Full-width digits count; a 15-digit number comes in its 18 digits; numbers of residents only where date and check
    digit are right. A line of only a number gives that number alone.
    """
    text = unicodedata.normalize("NFKC", line[:LONGEST]).upper()
    whole = identity.tidy(text)
    if re.fullmatch(r"[A-Z]{0,3}\d{5,18}X?", whole):
        kept = resident(whole)
        return (kept,) if kept else (whole,)
    found: list[str] = []
    for run in re.findall(r"[0-9A-Z]+", text):
        found.extend(_residents(run))
        if OTHERS.fullmatch(run):
            found.append(run)
    if not found and whole:
        found.append(whole)
    return tuple(dict.fromkeys(found))


def resident(text: str) -> str:
    """The 18-digit form of a resident number of 15 or 18, "" where it is none."""
    if len(text) not in LENGTHS:
        return ""
    try:
        return check_identity(RESIDENT, text).number
    except Refusal:
        return ""


def looks_like_document(text: str) -> bool:
    """True where text holds a resident number or one of the shapes of a permit: such text is not shown again or kept."""
    return any(resident(each) or OTHERS.fullmatch(each) for each in numbers(text))


def _residents(run: str) -> list[str]:
    """Every stretch of a run of digits that is a resident number; a run of 18 or 15 is read as it stands first."""
    if whole := resident(run):
        return [whole]
    return [kept for start in range(len(run) - 17) if (kept := resident(run[start : start + 18]))]
