"""Pages of results: for the offices, for objections, for the public."""

from jiangheng.results.views.objections import amend, amendment, objection, objection_step, objections
from jiangheng.results.views.office import batch, batches, collect, mark, marks, step, waiting
from jiangheng.results.views.public import mine, notice, object_to, publicity

__all__ = [
    "amend",
    "amendment",
    "batch",
    "batches",
    "collect",
    "mark",
    "marks",
    "mine",
    "notice",
    "object_to",
    "objection",
    "objection_step",
    "objections",
    "publicity",
    "step",
    "waiting",
]
