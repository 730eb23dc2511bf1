"""Rosters (四（四）): every fault of a workbook at once, with row, column and a sentence that says how to mend it."""

from jiangheng.rules.readers.dates import read_date
from jiangheng.rules.roster.kinds import ERROR, KINDS, WARNING, WHOLE, Kind, RowFault, fault, filled
from jiangheng.rules.roster.row import CheckedRow, Context
from jiangheng.rules.roster.sheet import Checked, Sheet, check_rows, check_sheet
from jiangheng.rules.roster.size import nobody, require_rows
from jiangheng.rules.roster.templates import EXPLAINED, Layout, Template, is_roster, lay_out, letter, templates

__all__ = [
    "ERROR",
    "EXPLAINED",
    "KINDS",
    "WARNING",
    "WHOLE",
    "Checked",
    "CheckedRow",
    "Context",
    "Kind",
    "Layout",
    "RowFault",
    "Sheet",
    "Template",
    "check_rows",
    "check_sheet",
    "fault",
    "filled",
    "is_roster",
    "lay_out",
    "letter",
    "nobody",
    "read_date",
    "require_rows",
    "templates",
]
