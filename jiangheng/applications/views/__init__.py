"""Pages of this room, by who uses them."""
