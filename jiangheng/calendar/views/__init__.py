"""Views of the room calendar."""
