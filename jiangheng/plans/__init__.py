"""Plans (附件5), arrangement requests and assignment (附件6), off-site venue review (附件7)."""
