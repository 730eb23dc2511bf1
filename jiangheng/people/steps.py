"""Where the steps of a proposal to merge two documents are taken."""

from __future__ import annotations

from django.urls import reverse

from jiangheng import screens
from jiangheng.people import queries
from jiangheng.people.models import IdentityMerge
from jiangheng.people.views.merges import crumbs
from jiangheng.screens import Steps


def _home(merge: IdentityMerge) -> str:
    return reverse("people:merge", args=[merge.pk])


STEPS = screens.register(
    Steps(
        "identity_merge",
        "people:merge_step",
        "merges/",
        queries.merge,
        _home,
        lambda one: crumbs((one.kept.name, _home(one))),
    ),
)
