"""The law as shipped, one day at a time; every room reads the law in force through ``values`` instead."""

from __future__ import annotations

from datetime import date
from functools import cache

from jiangheng.rules.law import FOLDER, Instrument, Law, Library, load


@cache
def _shipped() -> Library:
    return load(FOLDER)


@cache
def in_force(on: date) -> Law:
    """The shipped law of one day, without the centre's own values."""
    return _shipped().in_force(on)


def instrument(identifier: str) -> Instrument:
    """A document by its id, whichever day it is; documents are never the centre's to change."""
    return _shipped().instruments[identifier]
