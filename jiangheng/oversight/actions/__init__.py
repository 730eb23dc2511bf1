"""What is done for quality supervision: rosters frozen, drawn, inspections held, put right, concluded, published."""

from jiangheng.oversight.actions.drawing import draw, freeze
from jiangheng.oversight.actions.inspecting import answer, conclude, publish, rectify, save, start, submit

__all__ = ["answer", "conclude", "draw", "freeze", "publish", "rectify", "save", "start", "submit"]
