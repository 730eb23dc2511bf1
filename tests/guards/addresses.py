"""Every page by its name, where it stands in a played world, and what each role is expected to be answered there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.guards.world import World

TABLE = Path(__file__).with_name("who_sees_what.txt")
# Steps whose page differs by verb have a row for each.
SEVERAL = {
    "papers:step": ("balance", "draw", "issue", "return", "submit", "take_back"),
    "sittings:step": ("cancel", "close", "open", "rearrange", "sign"),
    "sittings:meeting_step": ("cancel",),
}
NOT_PAGES = {"api", "set_language"}
SAMPLES: dict[str, str] = {
    "announcement_id": "announcement", "outgoing_id": "outgoing", "file_id": "file",
    "organisation_id": "organisation", "filing_id": "filing", "venue_id": "venue", "room_id": "room",
    "equipment_id": "equipment", "relation_id": "relation", "account_id": "account",
    "membership_id": "membership", "token_id": "token", "card_id": "card", "occupation_id": "occupation",
    "plan_id": "plan", "row_id": "row", "review_id": "review", "roster_id": "roster",
    "candidate_report_id": "candidate_report",
    "application_id": "application", "arrangement_id": "access_arrangement", "proof_id": "proof", "sitting_id": "theory", "batch_id": "batch",
    "result_id": "result", "objection_id": "objection", "amendment_id": "amendment",
    "certificate_id": "certificate", "draw_id": "draw", "inspection_id": "inspection", "payment_id": "payment",
    "receipt_id": "receipt", "change_id": "change", "merge_id": "merge", "import_id": "import", "affiliation_id": "affiliation",
    "standard_id": "standard", "calendar_change_id": "calendar_change", "rehearsal_id": "rehearsal", "bill_id": "bill", "order_id": "order",
    "refund_id": "refund", "statement_id": "statement", "line_id": "line",
    "absence_id": "absence", "proposal_id": "proposal",
    "pack_id": "pack", "evidence_id": "evidence", "meeting_id": "meeting", "token": "nobody",
    "part": "person", "photo_id": "review",
}  # read as a table  # fmt: skip
PARTICULAR: dict[str, dict[str, Any]] = {
    "calendar:ics": {"secret": "nobody"},
    "journal:story": {"kind": "certificate", "record_id": "certificate"},
    "plans:deadline": {"kind": "plan"},
    "plans:step": {"plan_id": "plan", "verb": "cancel"},
    "plans:on_paper": {"plan_id": "plan", "suffix": "xlsx"},
    "plans:request_on_paper": {"request_id": "request", "suffix": "xlsx"},
    "plans:list_on_paper": {"review_id": "review", "suffix": "xlsx"},
    "plans:plan_change": {"change_id": "plan_change"},
    "plans:change_step": {"change_id": "plan_change", "verb": "approve"},
    "plans:request_step": {"request_id": "request", "verb": "decline"},
    "plans:review_step": {"review_id": "review", "verb": "approve"},
    "bodies:filing_step": {"filing_id": "filing", "verb": "suspend"},
    "bodies:annex_template": {"annex_id": "1"},
    "bodies:annex_export": {"annex_id": "1"},
    "people:merge_step": {"merge_id": "merge", "verb": "confirm"},
    "bodies:change_step": {"change_id": "change", "verb": "approve"},
    "catalog:parameter": {"key": "pass_mark"},
    "catalog:route_change": {"standard_id": "draft_standard", "route_id": "2023-4-1"},
    "catalog:route_new": {"standard_id": "draft_standard", "level": 4},
    "catalog:route_remove": {"standard_id": "draft_standard", "route_id": "2023-4-1"},
    "catalog:route_restore": {"standard_id": "draft_standard", "route_id": "2023-4-1"},
    "catalog:routes": {"standard_id": "draft_standard"},
    "catalog:standard_edit": {"standard_id": "draft_standard"},
    "catalog:standard_step": {"standard_id": "draft_standard", "verb": "submit"},
    "applications:access_arrangement_step": {"arrangement_id": "access_arrangement", "verb": "grant"},
    "applications:rehearsals": {"standard_id": "draft_standard"},
    "applications:batch_plan": {"batch_id": "plan"},
    "applications:batch_request": {"batch_id": "request"},
    "applications:roster_template": {"template_id": "A33"},
    "applications:photo": {"application_id": "photographed"},
    "applications:proof": {"application_id": "photographed", "proof_id": "proof"},
    "applications:proof_page": {"application_id": "photographed", "proof_id": "proof", "number": 1},
    "applications:roster_step": {"roster_id": "roster", "verb": "cancel"},
    "applications:candidate_report_step": {"candidate_report_id": "candidate_report", "verb": "receive"},
    "applications:candidate_report_export": {"candidate_report_id": "candidate_report", "revision": 1},
    "applications:candidate_report_receipt": {"candidate_report_id": "candidate_report", "revision": 1},
    "applications:detach": {"application_id": "photographed", "proof_id": "proof"},
    "applications:step": {"application_id": "application", "verb": "accept"},
    "fees:bill_step": {"bill_id": "bill", "verb": "question"},
    "fees:order_step": {"order_id": "order", "verb": "confirm"},
    "fees:refund_step": {"request_id": "refund", "verb": "approve"},
    "fees:match_step": {"match_id": "match", "verb": "confirm"},
    "fees:sandbox": {"number": "JF2026000001"},
    "fees:callback": {"provider": "sandbox"},
    "sittings:arrange": {"plan_id": "plan", "row_id": "row", "subject": "theory"},
    "sittings:plan_document": {"plan_id": "plan", "name": "handbook"},
    "sittings:sitting_document": {"sitting_id": "theory", "name": "door"},
    "sittings:proposal_file": {"proposal_id": "proposal", "name": "instance"},
    "exam_day:marks": {"sitting_id": "skill"},
    "results:step": {"batch_id": "batch", "verb": "confirm"},
    "results:objection_step": {"objection_id": "objection", "verb": "dismiss"},
    "certificates:step": {"certificate_id": "certificate", "verb": "revoke"},
    "oversight:step": {"inspection_id": "inspection", "verb": "publish"},
}


def _patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            if each.namespace and each.namespace.startswith("api"):
                continue
            yield from _patterns(each, f"{space}{each.namespace}:" if each.namespace else space)
        elif each.name and f"{space}{each.name}" not in NOT_PAGES:
            yield f"{space}{each.name}", each


PAGES = {
    row: pattern
    for name, pattern in _patterns(get_resolver())
    for row in ([f"{name}/{verb}" for verb in SEVERAL[name]] if name in SEVERAL else [name])
}


def table() -> dict[str, list[str]]:
    """The expected status per page, in the order of ROLES."""
    rows = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {name: cells for name, *cells in rows}


def address_of(name: str, world: World) -> str:
    """Where the page stands, for the records of ``world``."""
    row, (name, _slash, verb) = name, name.partition("/")
    given = PARTICULAR.get(name)
    if given is None:
        space = name.split(":")[0]
        given = {key: SAMPLES.get(key, "") for key in PAGES[row].pattern.converters}
        given.update({key: SAMPLES.get(key, "") for key in PAGES[row].pattern.regex.groupindex if key not in given})
        if space in ("papers",) and "request_id" in given:
            given["request_id"] = "paper_request"
        elif "request_id" in given:
            given["request_id"] = "request"
    if verb:
        given = {**given, "verb": verb}
    values = {
        key: world.records[word].pk if key.endswith("_id") and word in world.records else word
        for key, word in given.items()
    }
    return reverse(name, kwargs=values)
