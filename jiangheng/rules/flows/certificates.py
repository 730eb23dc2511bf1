"""What can happen to a certificate (四（八）-四（九）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import BODY, CENTRE, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition


FLOWS: tuple[Flow, ...] = (
    Flow(
        "certificate",
        N_("证书"),
        (
            S("numbered", N_("已赋号"), "waiting"),
            S("issued", N_("已核发"), "good"),
            S("revoked", N_("已撤销"), "bad"),
        ),
        (
            T("issue", N_("核发证书"), ("numbered",), "issued", (BODY,), "四（八）", guard="certificate.issue"),
            T("revoke", N_("撤销证书"), ("numbered", "issued"), "revoked", (CENTRE,), "四（九）", asks_reason=True),
        ),
        live=("numbered", "issued"),
    ),
)
