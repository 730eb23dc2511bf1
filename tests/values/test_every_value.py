"""Every value the centre may change changes something people see: a page, a refusal, a date or a number."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from jiangheng.values import queries as values
from tests import factories
from tests.values import probes_of_days, probes_of_forms
from tests.values.world import DAY, World, make, set_value

PROBES: dict[str, tuple[object, Callable[[World], Any]]] = {**probes_of_days.PROBES, **probes_of_forms.PROBES}
"""Of each editable value: another value, and where its effect is looked at."""


@pytest.mark.django_db
def test_every_editable_value_has_a_probe() -> None:
    editable = {rule.key for rule in values.law(DAY).rules() if rule.is_default}
    assert set(PROBES) == editable
    assert not set(probes_of_days.PROBES) & set(probes_of_forms.PROBES)


def seen(world: World, look: Callable[[World], Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a look sees; whatever it did is taken back, and it meets the same names and numbers every time."""
    cache.clear()
    monkeypatch.setattr(factories, "_serial", itertools.count(50_000))
    with transaction.atomic():
        found = look(world)
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_every_editable_value_changes_what_people_see(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make()
    before: dict[Callable[[World], Any], Any] = {}
    idle: dict[str, str] = {}
    for key, (value, look) in PROBES.items():
        try:
            if look not in before:
                before[look] = seen(world, look, monkeypatch)
                # What differs anyhow would prove nothing.
                assert seen(world, look, monkeypatch) == before[look]
            with transaction.atomic():
                set_value(world, key, value)
                after = seen(world, look, monkeypatch)
                transaction.set_rollback(True)
        except Exception as error:  # noqa: BLE001 - every value's trouble is told at once
            idle[key] = f"{type(error).__name__}: {error}"[:400]
            continue
        if after == before[look]:
            idle[key] = f"no change: {str(after)[:200]}"
    assert idle == {}
