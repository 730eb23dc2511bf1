"""Every test of this room has the shipped catalogue."""

from __future__ import annotations

import pytest

from jiangheng.catalog import actions as catalog
from jiangheng.rules.roles import Person
from tests.factories import moment


@pytest.fixture
def catalogue(centre: Person) -> None:
    """Occupations, standards and local days as shipped."""
    catalog.load_catalogue(by=centre, now=moment("2026-01-05 09:00"))
