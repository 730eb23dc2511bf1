"""What the centre set for this place: its own values for labelled defaults, and its days of the calendar."""
