"""Everything that may be done to the catalogue, its standards, the calendar, the defaults and the fee tables."""

from jiangheng.catalog import guards as guards
from jiangheng.catalog.actions.calendar import finish_changes, note_national, remove_day, set_day
from jiangheng.catalog.actions.catalogue import (
    MOST_FEN,
    add_fee_table,
    import_fee_table,
    load_catalogue,
    set_parameter,
)
from jiangheng.catalog.actions.occupations import add_occupation, amend_occupation
from jiangheng.catalog.actions.publishing import (
    end,
    publish,
    reinstate,
    return_,
    submit,
    supersede,
    withdraw,
)
from jiangheng.catalog.actions.snapshots import keep_rules
from jiangheng.catalog.actions.standards import (
    change,
    draft,
    remove_route,
    require_draft,
    require_route,
    restore_route,
    set_route,
)

__all__ = [
    "MOST_FEN",
    "add_fee_table",
    "add_occupation",
    "amend_occupation",
    "change",
    "draft",
    "end",
    "finish_changes",
    "import_fee_table",
    "keep_rules",
    "load_catalogue",
    "note_national",
    "publish",
    "reinstate",
    "remove_day",
    "remove_route",
    "require_draft",
    "require_route",
    "restore_route",
    "return_",
    "set_day",
    "set_parameter",
    "set_route",
    "submit",
    "supersede",
    "withdraw",
]
