"""Marking, scores, 公示, objections, reporting."""
