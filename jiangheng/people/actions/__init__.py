"""Everything that may be done to accounts, identities and the cards of staff."""

from jiangheng.people.actions.identities import (
    Claim,
    identities_for,
    identity_for,
    reveal,
    reveal_many,
    rotate_seals,
)

__all__ = ["Claim", "identities_for", "identity_for", "reveal", "reveal_many", "rotate_seals"]
