"""Where the steps of a request for papers are taken, and what differs among them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jiangheng import screens
from jiangheng.papers import forms, queries
from jiangheng.papers.models import PaperRequest
from jiangheng.papers.views import address, crumbs
from jiangheng.screens import Asks, Links, Steps
from jiangheng.screens.request import Request


def _trail(record: PaperRequest) -> Links:
    return crumbs(record, _("办理"))


def _draw(request: Request, _record: PaperRequest) -> forms.SecondPersonForm:
    return forms.SecondPersonForm(screens.posted(request))


def _sealed(_request: Request, _record: PaperRequest) -> str:
    return _("系统从题库按比例随机抽题；题库不足时使用认定机构命制的三套试题。试题内容在开考前任何人都看不到。")


def _issue(request: Request, record: PaperRequest) -> forms.IssueForm:
    return forms.IssueForm(screens.posted(request), request=record)


def _take_back(request: Request, record: PaperRequest) -> forms.TakeBackForm:
    return forms.TakeBackForm(screens.posted(request), sets=list(queries.chosen_sets(record)))


def _counted(form: Any) -> dict[str, Any]:
    return {"counts": form.counts(), **{name: form.cleaned_data[name] for name in ("second_person", "remark")}}


def _issued(_request: Request, record: PaperRequest) -> str:
    return _("共发放%(count)s份，请逐套清点。") % {"count": queries.balance_of(record).issued}


STEPS = screens.register(
    Steps(
        "paper_request",
        "papers:step",
        "",
        queries.get,
        address,
        _trail,
        asks={
            "draw": Asks(_draw, lead=_sealed),
            "issue": Asks(_issue),
            "take_back": Asks(_take_back, _counted, _issued),
        },
        readers=(),
    ),
)
