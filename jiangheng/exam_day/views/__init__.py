"""Views of the room exam_day."""
