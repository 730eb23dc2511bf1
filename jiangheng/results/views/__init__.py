"""Pages of results: for the offices, for objections, for the public."""

from jiangheng.results.views.objections import amend, amendment, objection, objections
from jiangheng.results.views.office import batch, batches, collect, mark, marks, waiting
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
    "objections",
    "publicity",
    "waiting",
]
