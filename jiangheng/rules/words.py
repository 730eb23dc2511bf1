"""Marks Chinese source strings for the message catalogue without importing Django."""


def gettext_noop(message: str) -> str:
    """Return ``message`` unchanged; the catalogue tool collects the argument."""
    return message
