"""Queries of the room exam_day."""
