"""Accounts, roles, identity, and the rosters of examiners, invigilators and supervisors."""
