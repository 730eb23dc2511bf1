"""Actions of the room exam_day."""
