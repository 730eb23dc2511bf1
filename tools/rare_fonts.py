"""``python -m tools.rare_fonts HanaMinB.ttf BabelStoneHan.ttf``: cut the two fallback fonts of jiangheng/files/fonts.

Each is subset to the unified ideographs that the fonts before it lack (docs/decisions/0010-fonts.md).
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "jiangheng" / "files" / "fonts"
BLOCKS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B739),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
    (0x30000, 0x3134A),
    (0x31350, 0x323AF),
    (0x2EBF0, 0x2EE5D),
)
IDEOGRAPHS = {code for first, last in BLOCKS for code in range(first, last + 1)}
ENGLISH = (3, 1, 0x409)


def cut(source: Path, family: str, held: set[int]) -> set[int]:
    """Write the subset of ``source`` that ``held`` lacks; return the characters written."""
    font = TTFont(source)
    wanted = (IDEOGRAPHS & set(font.getBestCmap())) - held
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 13, 14]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    for place in (1, 4, 16):
        font["name"].setName(family, place, *ENGLISH)
    font["name"].setName(family.replace(" ", ""), 6, *ENGLISH)
    note = f"Subset of {source.name} to the unified ideographs that Noto Serif SC lacks; hinting and layout removed."
    font["name"].setName(note, 10, *ENGLISH)
    font.save(FONTS / f"{family.replace(' ', '')}.ttf")
    return wanted


def main() -> None:
    """Cut both fonts, in the order in which documents fall back on them."""
    with TTFont(FONTS / "NotoSerifSC-Regular.ttf", lazy=True) as main_font:
        held = set(main_font.getBestCmap())
    for source, family in zip(sys.argv[1:3], ("Rare Han B", "Rare Han G"), strict=True):
        written = cut(Path(source), family, held)
        held |= written
        print(f"{family}: {len(written)}")


if __name__ == "__main__":
    main()
