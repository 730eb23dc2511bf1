"""What the tables of deeds say an entry of the journal must say."""

from __future__ import annotations

from jiangheng.journal.models import Entry
from jiangheng.rules import flows
from jiangheng.rules.deeds import DEEDS

NAMES = {f"{kind}.{step.verb}" for kind, table in flows.FLOWS.items() for step in table.transitions} | set(DEEDS)
OWN_CLAUSE = {
    "parameter.set": "the clause of the parameter that was set",
    "fee.request_refund": "the clause of the reason for the refund",
    "refund_request.pay_out": "the clause of the reason for the refund",
}


def at_odds(entry: Entry) -> str | None:
    """What of the entry is not as the tables have it."""
    if entry.to_state:
        row = flows.FLOWS[entry.record_kind].transition(entry.verb)
        if entry.from_state not in row.sources or entry.to_state != row.target:
            return "states"
    elif entry.verb not in NAMES:
        return "verb"
    else:
        row = flows.named(entry.verb)
    if entry.action not in NAMES:
        return "action"
    return None if entry.clause == row.clause or entry.verb in OWN_CLAUSE else "clause"
