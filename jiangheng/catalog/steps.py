"""Where the steps of a standard's version are taken, and what differs among them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jiangheng import screens
from jiangheng.catalog import queries
from jiangheng.catalog.models import StandardVersion
from jiangheng.catalog.standard_forms import EndForm, PublishForm
from jiangheng.catalog.views.standards import crumbs
from jiangheng.screens import Asks, Links, Steps
from jiangheng.screens.request import Request


def _home(found: StandardVersion) -> str:
    return reverse("catalog:standard", args=[found.pk])


def _trail(found: StandardVersion) -> Links:
    return crumbs((found.title, _home(found)))


def _publish(request: Request, found: StandardVersion) -> PublishForm:
    return PublishForm(screens.posted(request), initial={"valid_from": found.valid_from})


def _end(request: Request, found: StandardVersion) -> EndForm:
    return EndForm(screens.posted(request), initial={"last_day": found.valid_to})


def _replaces(_request: Request, found: StandardVersion) -> str:
    before = queries.before(found)
    if before is None:
        return ""
    return _("发布后自施行日期起作为申报条件执行，“%(document)s”在前一日终止；发布后内容不能修改。") % {
        "document": before.document
    }


STEPS = screens.register(
    Steps(
        "standard",
        "catalog:standard_step",
        "standards/",
        queries.version,
        _home,
        _trail,
        asks={"publish": Asks(_publish, lead=_replaces), "end": Asks(_end)},
        within=("supersede", "reinstate"),
    ),
)
