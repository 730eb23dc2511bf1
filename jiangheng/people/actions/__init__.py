"""Everything that may be done to accounts, identities and the cards of staff."""

from jiangheng.people.actions.accounts import (
    ROLE_OF_KIND,
    add_membership,
    change_account,
    close_account,
    confirm_second_step,
    create_token,
    drop_second_step,
    end_membership,
    enrol_second_step,
    open_account,
    register,
    reopen_account,
    revoke_token,
    set_password,
    sign_in,
    switch,
)
from jiangheng.people.actions.identities import (
    Claim,
    identities_for,
    identity_for,
    reveal,
    reveal_many,
    rotate_seals,
)
from jiangheng.people.actions.staff import (
    CARD_KINDS,
    RELATION_KINDS,
    ROLE_OF_CARD,
    change_card,
    declare_relation,
    end_card,
    issue_card,
    withdraw_relation,
)

__all__ = [
    "CARD_KINDS", "Claim", "RELATION_KINDS", "ROLE_OF_CARD", "ROLE_OF_KIND", "add_membership", "change_account",
    "change_card", "close_account", "confirm_second_step", "create_token", "declare_relation", "drop_second_step",
    "end_card", "end_membership", "enrol_second_step", "identities_for", "identity_for", "issue_card",
    "open_account", "register", "reopen_account", "reveal", "reveal_many", "revoke_token", "rotate_seals",
    "set_password", "sign_in", "switch", "withdraw_relation",
]  # fmt: skip
