"""Queries of the room calendar."""
