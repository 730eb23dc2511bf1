"""A candidate's application (附件4), proofs, rosters, acceptance."""
