"""Applications: review and the candidate report."""
