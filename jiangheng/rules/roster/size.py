"""How many rows a roster may have (四（四）)."""

from __future__ import annotations

from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_


def require_rows(rows: int, most: int) -> None:
    """At most ``most`` rows of candidates. Refusal ``roster.rows`` (422)."""
    if rows > most:
        raise refuse(
            "roster.rows",
            N_("花名册有%(rows)s行，超过上限%(most)s行。"),
            N_("请分成几份依次上传。"),
            clause="四（四）",
            status=422,
            rows=rows,
            most=most,
        )


def nobody() -> Refusal:
    """A roster without candidates; ``roster.empty`` (422)."""
    return refuse(
        "roster.empty",
        N_("花名册里没有考生。"),
        N_("请下载模板，从表头的下一行起每行填一名考生后上传。"),
        clause="四（四）",
        status=422,
    )
