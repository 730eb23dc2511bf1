"""The rules of an examination: papers, seats, staff, meeting, marks."""
