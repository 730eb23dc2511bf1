"""Days: the local clock, and what is counted from a day."""
