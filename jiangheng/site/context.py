"""What the shell around every page needs."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The person, their memberships and menu."""
    return {"person": getattr(request, "person", None)}
