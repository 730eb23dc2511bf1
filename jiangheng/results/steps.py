"""Where the steps of batches of results and of objections are taken, and what differs among them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jiangheng import screens
from jiangheng.results import queries
from jiangheng.results.forms import UpholdForm
from jiangheng.results.models import Objection, ResultBatch
from jiangheng.results.views.office import crumbs
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.screens import Asks, Links, Steps
from jiangheng.screens.display import short_day
from jiangheng.screens.request import Request
from jiangheng.values import queries as values


def _batch(batch: ResultBatch) -> str:
    return reverse("results:detail", args=[batch.pk])


def _objection(objection: Objection) -> str:
    return reverse("results:objection_detail", args=[objection.pk])


def _objection_trail(objection: Objection) -> Links:
    return ((_("公示异议"), reverse("results:objections")), (str(objection.pk), _objection(objection)))


def _how_long(request: Request, _batch: ResultBatch) -> str:
    today = local_day(request.now)
    deadline = deadlines.publicity(today, values.calendar(), values.law(today))
    return _("今日发布，公示%(count)s个工作日，至%(ends)s止。公示期内任何人可以提出异议。") % {
        "count": deadline.needed,
        "ends": short_day(deadline.counted),
    }


def _answer(_request: Request, _objection: Objection) -> str:
    return _("填写的理由就是给异议人的答复。")


def _uphold(request: Request, objection: Objection) -> UpholdForm | None:
    """Upholding may ask for a mark to be changed."""
    if objection.result is None:
        return None
    return UpholdForm(screens.posted(request), subjects=queries.required(objection.result))


STEPS = screens.register(
    Steps(
        "result_batch",
        "results:step",
        "",
        queries.get,
        _batch,
        lambda one: crumbs((one.plan.title, _batch(one))),
        asks={"publish": Asks(lead=_how_long)},
    ),
    Steps(
        "objection",
        "results:objection_step",
        "objections/",
        queries.objection,
        _objection,
        _objection_trail,
        asks={"uphold": Asks(_uphold, lead=_answer), "dismiss": Asks(lead=_answer)},
    ),
)
