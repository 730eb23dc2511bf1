"""Where the steps of a certificate are taken, and what differs among them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jiangheng import screens
from jiangheng.certificates import queries
from jiangheng.certificates.models import Certificate
from jiangheng.certificates.views import crumbs
from jiangheng.screens import Asks, Steps


def _home(one: Certificate) -> str:
    return reverse("certificates:detail", args=[one.pk])


REVOKE = Asks(lead=lambda _request, _one: _("撤销后证书编号永久保留，公众查验时显示“已撤销”。"))
STEPS = screens.register(
    Steps(
        "certificate",
        "certificates:step",
        "",
        queries.get,
        _home,
        lambda one: crumbs((one.number, _home(one))),
        asks={"revoke": REVOKE},
    ),
)
