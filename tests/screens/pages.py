"""A small room of plans and requests that shows every shape of the Screens API; the urls of these tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from jiangheng import screens
from jiangheng.journal.actions import ACTIONS, action, move, record
from jiangheng.journal.queries import one
from jiangheng.oversight.models import Inspection
from jiangheng.plans.models import Plan
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.screens.typed import DayField
from jiangheng.site.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here
from jiangheng.site.urls import urlpatterns as site_urls

KEPT = dict(ACTIONS)


def visible_to(person: Person) -> QuerySet[Plan]:
    rows = Plan.objects.select_related("body")
    return rows if person.is_centre else rows.filter(body_id=person.organisation_id)


def everyone(_person: Person) -> QuerySet[Plan]:
    """As for a plan open to the public."""
    return Plan.objects.select_related("body")


@action("plan.accept")
def accept(*, by: Person, now: datetime, plan_id: int, note: str = "", seen: int | None = None) -> Plan:
    return move(one(visible_to(by), pk=plan_id), "accept", by=by, now=now, note=note, seen=seen)


@action("plan.return")
def send_back(*, by: Person, now: datetime, plan_id: int, note: str = "", seen: int | None = None) -> Plan:
    return move(one(visible_to(by), pk=plan_id), "return", by=by, now=now, note=note, seen=seen)


@action("plan.cancel")
def rename(*, by: Person, now: datetime, plan_id: int, title: str) -> Plan:
    plan = one(visible_to(by), pk=plan_id)
    if "禁" in title:
        raise Refusal(
            "计划名称不能使用“%(word)s”。",
            code="plan.title",
            clause="三（三）",
            remedy="请换一个名称。",
            status=422,
            word="禁",
        )
    before = plan.title
    plan.title = title
    plan.save(update_fields=["title"])
    record(plan, before={"title": before}, after={"title": title})
    return plan


@action("outgoing.retry")
def note_inspection(*, by: Person, now: datetime, plan_id: int) -> None:
    plan = Plan.objects.get(pk=plan_id)
    inspection = Inspection.objects.create(plan=plan, body_id=plan.body_id, created_at=now)
    record(inspection, by=by, now=now, note="抽中本批次")


ACTIONS.clear()  # the register of real actions knows nothing of these
ACTIONS.update(KEPT)


@screens.signed_in(Role.CENTRE, Role.BODY)
def plans(request: Any) -> HttpResponse:
    return screens.listing(
        request,
        visible_to(request.person),
        title="认定计划",
        lead="认定机构于首场考试10个工作日前报送计划，由市鉴定中心受理。",
        columns=(
            screens.Column("number", "计划编号", sort="number", link=lambda row: reverse("detail", args=[row.pk])),
            screens.Column("title", "计划名称", sort="title"),
            screens.Column("body", "认定机构", value="body.name"),
            screens.Column("exam_on", "首场考试日期", kind="date", sort="exam_on"),
            screens.Column("state", "状态", kind="state", sort="state"),
        ),
        search=("title", "number", "body__name"),
        filters=(screens.Filter("paper_source", "试卷来源", (("bank", "题库"), ("built", "自行组卷"))),),
        create=("新建计划", reverse("edit", args=[1])),
        empty="点击“新建计划”填写附件5。",
        export="认定计划",
        breadcrumb=(("认定计划", None),),
        kind="plan",
    )


@screens.signed_in()
def detail(request: Any, plan_id: int) -> HttpResponse:
    plan = one(visible_to(request.person), pk=plan_id)
    return screens.detail(
        request,
        plan,
        title=plan.title,
        facts=(
            ("计划编号", plan.number),
            ("认定机构", plan.body.name),
            ("首场考试日期", plan.exam_on, "day"),
            ("报名截止", plan.registration_ends_at, "moment"),
            ("面向社会", plan.open_to_public),
            ("联系人", plan.contact_name),
        ),
        threads=(("plan", plan.pk),),
        breadcrumb=(("认定计划", reverse("plans")), (plan.title, None)),
        actions=(("修改", reverse("edit", args=[plan.pk])),),
    )


@screens.signed_in()
def step(request: Any, plan_id: int, verb: str) -> HttpResponse:
    plan = one(visible_to(request.person), pk=plan_id)
    act = {"accept": accept, "return": send_back}[verb]
    return screens.step_page(
        request,
        plan,
        verb,
        lambda note, seen: act(by=request.person, now=request.now, plan_id=plan_id, note=note, seen=seen),
        back=reverse("detail", args=[plan_id]),
    )


class TitleForm(forms.Form):
    title = forms.CharField(label="计划名称", max_length=20, help_text="写明职业和等级。")
    source = forms.ChoiceField(
        label="考生来源", choices=[("public", "社会人员"), ("own", "本单位")], widget=forms.RadioSelect
    )
    exam_on = DayField(label="首场考试日期", required=False)
    agreed = forms.BooleanField(label="以上内容真实")


@screens.signed_in()
def edit(request: Any, plan_id: int) -> HttpResponse:
    return screens.act(
        request,
        TitleForm(request.POST or None),
        lambda typed: rename(
            by=request.person, now=request.now, plan_id=plan_id, title=typed["title"], once=screens.once(request)
        ),
        back=lambda made: reverse("detail", args=[made.pk]),
        said=lambda made: f"“{made.title}”已保存。",
        title="修改计划",
        submit="保存",
        lead="按附件5填写。",
        breadcrumb=(("认定计划", reverse("plans")), ("修改", None)),
        sections=(("基本情况", ("title", "source")),),
        aside="首场考试日期前10个工作日为报送截止日。",
    )


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of our own")


urlpatterns = [
    *site_urls,
    path(
        "try/",
        include(
            [
                path("plans/", plans, name="plans"),
                path("plans/<int:plan_id>/", detail, name="detail"),
                path("plans/<int:plan_id>/edit/", edit, name="edit"),
                path("plans/<int:plan_id>/<str:verb>/", step, name="step"),
                path("broken/", broken, name="broken"),
            ]
        ),
    ),
]
