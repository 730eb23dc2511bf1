"""Pages of quality supervision: draws, inspections, and what everyone may read and check."""

from jiangheng.oversight.views.drawing import check, draw, draws, freeze, take_draw
from jiangheng.oversight.views.inspecting import answer, inspection, inspections, sheet
from jiangheng.oversight.views.public import opened, published

__all__ = [
    "answer",
    "check",
    "draw",
    "draws",
    "freeze",
    "inspection",
    "inspections",
    "opened",
    "published",
    "sheet",
    "take_draw",
]
