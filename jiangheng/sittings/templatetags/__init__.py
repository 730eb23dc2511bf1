"""Tags other pages show this room with."""
