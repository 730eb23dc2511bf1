"""Bodies: annexes, scopes, assignment, whom they serve."""
