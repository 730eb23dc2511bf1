"""Keeping the routes a decision was judged by, once, under the digest of their content (三（一）)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jiangheng.catalog.models import RuleSnapshot
from jiangheng.rules.conditions import routes


def keep_rules(content: Mapping[str, Any]) -> str:
    """Store a snapshot unless it is there already; its digest. Equal content is stored once."""
    digest = routes.digest(content)
    RuleSnapshot.objects.get_or_create(digest=digest, defaults={"content": dict(content)})
    return digest
