"""Off-site venue reviews (附件7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.plans import actions, queries
from jiangheng.plans.forms import ListRowForm, PhotoForm, VerdictForm
from jiangheng.plans.models import VenueReview
from jiangheng.plans.views.requests import ORGANISED, crumbs
from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.screens import Column
from jiangheng.screens.request import Request

Lines = forms.formset_factory(ListRowForm, extra=4, max_num=200, absolute_max=220)
Verdicts = forms.formset_factory(VerdictForm, extra=0, max_num=200, absolute_max=200)


@screens.may("venue_review.draft")
@require_POST
def review_new(request: Request, request_id: int) -> HttpResponse:
    """Begin the list for the request's venue."""
    review = actions.draft_review(
        by=request.person,
        now=request.now,
        request_id=request_id,
        once=screens.once(request),
    )
    screens.done(request, _("已按职业标准生成清单，请核对设备数量后提交。"))
    return redirect("plans:review_detail", review.pk)


@screens.signed_in(*ORGANISED)
@require_safe
def review(request: Request, review_id: int) -> HttpResponse:
    """One venue's list against the standard, line by line."""
    return _page(request, queries.review(request.person, review_id), None)


@screens.may("venue_review.judge")
@require_POST
def judge(request: Request, review_id: int) -> HttpResponse:
    """Save the body's verdicts."""
    found = queries.review(request.person, review_id)
    lines = Verdicts(request.POST, prefix="lines")
    if not lines.is_valid():
        return _page(request, found, lines)
    verdicts = {row["item_id"]: (row["verdict"], row["remark"]) for row in lines.cleaned_data if row}
    actions.judge_review(by=request.person, now=request.now, review_id=review_id, verdicts=verdicts)
    screens.done(request, _("逐项意见已保存。"))
    return redirect("plans:review_detail", review_id)


@screens.signed_in(*ORGANISED)
@require_safe
def review_list(request: Request) -> HttpResponse:
    """The venues reviewed, with how long each approval may be used again."""
    return screens.listing(
        request,
        queries.reviews_visible_to(request.person),
        title=_("异地场地审核"),
        kind="venue_review",
        columns=(
            Column("venue", _("场地"), "venue.name", link=lambda row: reverse("plans:review_detail", args=[row.pk])),
            Column("sponsor", _("申请单位"), "request.organisation.name"),
            Column(
                "work", _("职业"), lambda row: "·".join(filter(None, (row.request.occupation_name, row.request.job)))
            ),
            Column("level", _("等级"), "request.level", kind="level"),
            Column("body", _("审核机构"), "body.name"),
            Column("reviewed_on", _("审核日期"), kind="date", sort="reviewed_on"),
            Column("valid_until", _("有效期至"), kind="date", sort="valid_until"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("venue__name", "request__organisation__name", "body__name"),
        lead=_("有效期内，同一场地、职业和等级的后续申请由同一机构承接的，设备仍满足要求即可继续使用。"),
        breadcrumb=crumbs((_("异地场地审核"), None)),
        empty=_("固定场地外考核的场地清单（附件7）会列在这里。"),
    )


@screens.may("venue_review.fill")
@require_http_methods(["GET", "POST"])
def rows(request: Request, review_id: int) -> HttpResponse:
    """Fill in what the standard does not list; the body adds lines while it reviews."""
    person = request.person
    found = queries.review(person, review_id)
    ours = person.organisation_id == found.request.organisation_id
    standing = [
        {name: getattr(item, name) for name in ("section", "requirement", "detail", "needed", "available", "own")}
        | {"item_id": item.pk}
        for item in queries.items_of(found.pk)
        if ours and (item.own or item.section != "equipment")
    ]
    lines = Lines(request.POST or None, initial=standing, prefix="rows")
    back = reverse("plans:review_detail", args=[review_id])
    context = {
        "title": _("补充清单项目"),
        "lead": f"{found.venue.name} · {found.request.organisation.name}",
        "lines": lines,
        "filled": [(standing[place], line) for place, line in enumerate(lines) if place < len(standing)],
        "new": [line for place, line in enumerate(lines) if place >= len(standing)],
        "labels": queries.SECTIONS,
        "back": back,
        "ours": ours,
        "breadcrumb": crumbs((found.request.number, None), (_("场地设施设备清单"), back), (_("补充清单项目"), None)),
    }

    def save(_typed: dict[str, Any]) -> None:
        given = [row for row in lines.cleaned_data if row and (row.get("item_id") or row.get("requirement"))]
        actions.fill_list(by=person, now=request.now, review_id=review_id, rows=given)

    def show(refusal: Refusal | None) -> HttpResponse:
        status = refusal.status if refusal else 422 if lines.is_bound and not lines.is_valid() else 200
        return render(request, "plans/review_rows.html", {**context, "refusal": refusal}, status=status)

    return screens.act(request, None, save, rows=lines, back=back, said=_("清单项目已保存。"), show=show)


@screens.may("venue_review.attach")
@require_http_methods(["GET", "POST"])
def photo_new(request: Request, review_id: int) -> HttpResponse:
    """Hand in a picture of the venue."""
    found = queries.review(request.person, review_id)
    form = PhotoForm(request.POST or None, request.FILES or None)
    back = reverse("plans:review_detail", args=[review_id])
    return screens.act(
        request,
        form,
        lambda typed: actions.attach_photo(
            by=request.person,
            now=request.now,
            review_id=review_id,
            upload=typed["file"],
            caption=typed["caption"],
            once=screens.once(request),
        ),
        back=reverse("plans:review_detail", args=[review_id]),
        said=_("已上传。"),
        title=_("上传场地照片"),
        submit=_("上传"),
        lead=found.venue.name,
        breadcrumb=crumbs((found.request.number, None), (found.venue.name, back)),
    )


@screens.may("venue_review.detach")
@require_POST
def photo_remove(request: Request, review_id: int, photo_id: int) -> HttpResponse:
    """Take a picture off the list again."""
    actions.detach_photo(by=request.person, now=request.now, review_id=review_id, photo_id=photo_id)
    screens.done(request, _("已移除。"))
    return redirect("plans:review_detail", review_id)


def _page(request: Request, found: VenueReview, lines: Any) -> HttpResponse:
    person = request.person
    items = queries.items_of(found.pk)
    judging = person.role is Role.BODY and found.state == "submitted"
    if judging and lines is None:
        initial = [{"item_id": item.pk, "verdict": item.verdict, "remark": item.remark} for item in items]
        lines = Verdicts(initial=initial, prefix="lines")
    open_list = person.organisation_id == found.request.organisation_id and found.state in flows.states(
        "venue_review", "editable"
    )
    rows: list[dict[str, Any]] = [{"item": item, "short": max(item.needed - item.available, 0)} for item in items]
    if judging:
        for row, line in zip(rows, lines, strict=False):
            row["line"] = line
    groups = [
        {"section": section, "label": label, "counted": section in queries.COUNTED, "rows": inside}
        for section, label in queries.SECTIONS.items()
        if (inside := [row for row in rows if row["item"].section == section])
    ]
    answer = screens.detail(
        request,
        found,
        title=_("场地设施设备清单"),
        lead=f"{found.venue.name} · {found.request.organisation.name}",
        facts=(
            (_("安排申请"), found.request.number),
            (_("申请单位"), found.request.organisation.name),
            (_("场地"), found.venue.name),
            (_("地址"), found.venue.address),
            (_("审核机构"), found.body.name),
            (_("审核意见"), found.conclusion),
            (_("审核日期"), found.reviewed_on, "day"),
            (_("有效期至"), found.valid_until, "day"),
        ),
        sections=(
            (
                _("与职业标准逐项对照"),
                "plans/_review_items.html",
                {
                    "groups": groups,
                    "measured": any(row["item"].section == "equipment" and not row["item"].own for row in rows),
                    "fill": open_list or judging,
                    "judging": judging,
                    "lines": lines,
                    "found": found,
                    "missing": sum(row["short"] > 0 for row in rows),
                },
            ),
            (
                _("场地照片"),
                "plans/_photos.html",
                {"photos": queries.photos_of(found.pk), "found": found, "open_list": open_list},
            ),
        ),
        threads=(("venue_review", found.pk),),
        template="plans/detail.html",
        actions=(
            *(
                ((_("登记场地设备"), reverse("bodies:venue", args=[found.venue_id])),)
                if person.organisation_id == found.request.organisation_id
                else ()
            ),
            *(
                (label, reverse("plans:list_on_paper", args=[found.pk, suffix]))
                for label, suffix in ((_("附件7 PDF"), "pdf"), (_("附件7 Word"), "docx"), (_("附件7 Excel"), "xlsx"))
            ),
        ),
        breadcrumb=crumbs((found.request.number, reverse("plans:request_detail", args=[found.request_id]))),
    )
    if lines is not None and lines.is_bound and not lines.is_valid():
        answer.status_code = 422
    return answer
