"""Pages of certificates: lists, one certificate, a plan's certificates, and the public check."""

from __future__ import annotations

import tempfile
import zipfile
from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from jiangheng import screens
from jiangheng.certificates import actions, queries, signing
from jiangheng.certificates.forms import HopForm, QualificationForm, ReasonForm, VerifyForm
from jiangheng.certificates.models import Certificate
from jiangheng.files import queries as files
from jiangheng.journal.queries import one
from jiangheng.results import queries as results
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import Column, Filter
from jiangheng.screens.attachments import attachment
from jiangheng.screens.display import LEVELS
from jiangheng.screens.request import Request
from jiangheng.screens.throttle import limit
from jiangheng.values import queries as values

HERE = (N_("证书"), "certificates:list")


def crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    """The way from the list of certificates."""
    return ((_(HERE[0]), reverse(HERE[1])), *more)


@screens.signed_in(Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CANDIDATE)
@require_GET
def certificates(request: Request) -> HttpResponse:
    """The certificates a person may see; a candidate's own are few and need no search."""
    person = request.person
    mine = person.role is Role.CANDIDATE
    office = person.role in (Role.CENTRE, Role.BODY)
    return screens.listing(
        request,
        queries.visible_to(person),
        title=_("我的证书") if mine else _("证书"),
        lead=_("电子证书与纸质证书具有同等效力，可下载后自行打印。") if mine else "",
        breadcrumb=((_("我的证书") if mine else _("证书"), None),),
        columns=(
            Column(
                "number", _("证书编号"), sort="number", link=lambda row: reverse("certificates:detail", args=[row.pk])
            ),
            *(() if mine else (Column("name", _("姓名"), sort="name"),)),
            Column("occupation_name", _("职业")),
            Column("level", _("等级"), kind="level", sort="level"),
            *(() if person.role is not Role.CENTRE else (Column("body_name", _("认定机构")),)),
            Column("issued_on", _("发证日期"), kind="date", sort="issued_on"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=() if mine else ("number__startswith", "name__startswith"),
        filters=() if mine else (Filter("level", _("等级"), tuple(LEVELS.items())),),
        order="-number",
        links=((_("按计划办理"), reverse("certificates:plans")),) if office else (),
        kind="certificate",
        export=None if mine else "certificates",
        empty=_("成绩公示无异议并经市鉴定中心审核、赋号后，证书会出现在这里。"),
    )


@screens.signed_in(Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CANDIDATE)
@require_GET
def certificate(request: Request, certificate_id: int) -> HttpResponse:
    """One certificate: what it says, how far it has come, what may be done."""
    person = request.person
    one = queries.get(person, certificate_id)
    copy = queries.newest_copy(one)
    replacement = queries.replacement(one)
    own = [
        (_("下载电子证书"), reverse("certificates:pdf", args=[one.pk]) if copy else None),
        (
            _("重新核发"),
            reverse("certificates:reissue", args=[one.pk])
            if person.role is Role.CENTRE and one.state == "revoked" and replacement is None
            else None,
        ),
    ]
    return screens.detail(
        request,
        one,
        title=one.number,
        breadcrumb=crumbs((one.number, None)),
        actions=own,
        facts=(
            (_("姓名"), one.name),
            (_("证件"), f"{one.identity_kind} {one.identity_masked}"),
            (_("职业"), f"{one.occupation_name}（{one.occupation_code}）"),
            (_("工种/职业方向"), one.job or "--"),
            (_("等级"), one.level, "level"),
            (_("评价机构"), one.body_name),
            (_("发证日期"), one.issued_on, "day"),
            (_("认定计划"), one.plan.title),
            *(((_("撤销日期"), one.revoked_on, "day"), (_("撤销理由"), one.revoked_reason)) if one.revoked_on else ()),
            *(((_("重新核发为"), replacement.number),) if replacement else ()),
            (_("电子证书文件"), _("已生成") if copy else _("正在生成，稍后可下载")),
        ),
        sections=((_("上报与查询进度"), "certificates/_hops.html", {"hops": queries.hops(one)}),),
        threads=[("certificate", one.pk), *(each for each in queries.threads(one) if each[0] != "certificate")]
        if person.role is not Role.CANDIDATE
        else [("certificate", one.pk)],
    )


@screens.may("certificates.reissue")
@require_http_methods(["GET", "POST"])
def reissue(request: Request, certificate_id: int) -> HttpResponse:
    """Issue a new certificate after a revocation."""
    person, now = request.person, request.now
    one = queries.get(person, certificate_id)
    form = ReasonForm(request.POST or None)
    return screens.act(
        request,
        form,
        lambda typed: actions.reissue(by=person, now=now, certificate_id=one.pk, once=screens.once(request), **typed),
        back=lambda made: reverse("certificates:detail", args=[made.pk]),
        said=lambda made: _("已重新核发，新证书编号%(number)s。") % {"number": made.number},
        title=_("重新核发证书"),
        submit=_("重新核发"),
        lead=_("原证书%(number)s已撤销，新证书使用新的编号。") % {"number": one.number},
        breadcrumb=crumbs((one.number, reverse("certificates:detail", args=[one.pk]))),
    )


@screens.signed_in(Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CANDIDATE)
@require_GET
def pdf(request: Request, certificate_id: int) -> FileResponse:
    """The certificate's PDF, to its holder, its body and the centre."""
    one = queries.get(request.person, certificate_id)
    copy = queries.newest_copy(one)
    if copy is None:
        raise queries.unmade(1)
    return attachment(copy.file, name=f"{one.number}.pdf")


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_GET
def plans(request: Request) -> HttpResponse:
    """Plans whose results are approved, with how many are numbered and issued."""
    person = request.person
    return screens.listing(
        request,
        queries.approved(person),
        title=_("按计划办理证书"),
        breadcrumb=crumbs((_("按计划办理"), None)),
        columns=(
            Column(
                "title",
                _("认定计划"),
                value="plan.title",
                link=lambda row: reverse("certificates:plan", args=[row.plan_id]),
            ),
            Column("number", _("计划编号"), value="plan.number"),
            Column("body", _("认定机构"), value="body.name"),
            Column("approved_on", _("审核通过日期"), kind="date", sort="approved_on"),
            Column("passed", _("合格"), kind="number"),
            Column("numbered", _("已赋号"), kind="number"),
            Column("issued", _("已核发"), kind="number"),
        ),
        search=("plan__title", "plan__number"),
        order="-approved_on",
        empty=_("成绩经市鉴定中心审核通过的计划会出现在这里。"),
    )


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_GET
def plan(request: Request, plan_id: int) -> HttpResponse:
    """One plan's certificates: give numbers, issue, note the way upward, download."""
    person = request.person
    found = results.plan_for(person, plan_id)
    counts = queries.counts(person, found.pk)
    return render(
        request,
        "certificates/plan.html",
        {
            "title": found.title,
            "breadcrumb": crumbs((_("按计划办理"), reverse("certificates:plans")), (found.title, None)),
            "plan": found,
            "counts": counts,
            "prefix": found.body.certificate_prefix,
            "is_centre": person.role is Role.CENTRE,
            "qualified": list(queries.qualified(person, found.pk).select_related("application")[:200]),
            "first": queries.visible_to(person).filter(plan_id=found.pk).order_by("number")[:200],
        },
    )


@screens.may("certificates.note_qualification")
@require_http_methods(["GET", "POST"])
def qualification(request: Request, plan_id: int, application_id: int) -> HttpResponse:
    """Write down the number of a 职业资格 certificate."""
    person, now = request.person, request.now
    found = results.plan_for(person, plan_id)
    row = one(queries.qualified(person, found.pk).select_related("application"), application_id=application_id)
    back = reverse("certificates:plan", args=[found.pk])
    form = QualificationForm(request.POST or None, initial={"number": queries.qualification_number(row)})
    return screens.act(
        request,
        form,
        lambda typed: actions.note_qualification(
            by=person, now=now, plan_id=found.pk, application_id=application_id, **typed
        ),
        back=back,
        said=_("已登记职业资格证书编号。"),
        title=_("登记职业资格证书编号"),
        submit=_("登记"),
        once=False,
        lead=_("%(name)s：职业资格评价不核发职业技能等级证书，证书编号由发证单位编定，照证书填写。")
        % {"name": row.application.name},
        breadcrumb=crumbs((found.title, back)),
    )


def _confirmed(request: Request, plan_id: int, *, title: str, submit: str, lead: str, take: Any) -> HttpResponse:
    """A page that asks once and then does one thing to a plan's certificates."""
    person = request.person
    found = results.plan_for(person, plan_id)
    back = reverse("certificates:plan", args=[found.pk])
    return screens.act(
        request,
        forms.Form(screens.posted(request)),
        lambda _typed: take(),
        back=back,
        said=str,
        title=title,
        submit=submit,
        lead=lead,
        once=False,
        breadcrumb=crumbs((found.title, back)),
    )


@screens.may("certificates.number")
@require_http_methods(["GET", "POST"])
def number(request: Request, plan_id: int) -> HttpResponse:
    """Give numbers to everyone of a plan who passed."""
    person, now = request.person, request.now

    def take() -> str:
        made = actions.number_batch(by=person, now=now, plan_id=plan_id)
        if not made:
            return _("没有需要赋号的考生，未生成新的证书号。")
        return _("已生成%(count)s个证书号，电子证书文件正在后台生成。") % {"count": len(made)}

    return _confirmed(
        request,
        plan_id,
        title=_("生成证书号"),
        submit=_("生成证书号"),
        take=take,
        lead=_("为成绩合格且尚无证书的考生按顺序生成证书号。编号生成后不能更改，也不会重复使用。"),
    )


@screens.may("certificates.issue_batch")
@require_http_methods(["GET", "POST"])
def issue_batch(request: Request, plan_id: int) -> HttpResponse:
    """Issue all numbered certificates of a plan."""
    person, now = request.person, request.now

    def take() -> str:
        count = actions.issue_batch(by=person, now=now, plan_id=plan_id)
        return _("已核发%(count)s张证书。") % {"count": count}

    return _confirmed(
        request,
        plan_id,
        title=_("整批核发证书"),
        submit=_("核发"),
        take=take,
        lead=_("核发后，持证人可下载电子证书，公众可查验。"),
    )


@screens.may("certificates.note_hop")
@require_http_methods(["GET", "POST"])
def hop(request: Request, plan_id: int) -> HttpResponse:
    """Note how far a plan's certificates have come upward."""
    person, now = request.person, request.now
    found = results.plan_for(person, plan_id)
    back = reverse("certificates:plan", args=[found.pk])
    form = HopForm(request.POST or None, initial={"on": local_day(now)})
    return screens.act(
        request,
        form,
        lambda typed: actions.note_hop(by=person, now=now, plan_id=found.pk, **typed),
        back=back,
        said=lambda count: _("已为%(count)s张证书登记进度。") % {"count": count},
        title=_("登记上报进度"),
        submit=_("登记"),
        once=False,
        lead=_("登记的日期会显示给持证人和查验的公众，请按实际发生的日期填写。"),
        breadcrumb=crumbs((found.title, back)),
    )


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_GET
def package(request: Request, plan_id: int) -> FileResponse:
    """Every made PDF of a plan in one archive, written to a temporary file so that memory stays flat."""
    person = request.person
    found = results.plan_for(person, plan_id)
    copies = queries.copies_of_plan(person, found.pk)
    if not copies:
        raise queries.unmade(1)
    whole = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it after the last byte
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for copy in copies:
            archive.writestr(f"{copy.certificate.number}.pdf", files.content(copy.file))
    whole.seek(0)
    response = FileResponse(whole, as_attachment=True, filename=f"{found.number}.zip", content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: Request) -> HttpResponse:
    """Anyone checks a certificate, by number and name or by the code printed on it; wrong and absent read the same."""
    now = request.now
    rate = values.law(local_day(now)).value("verify_per_minute")
    typed_number, token = request.GET.get("number", "")[:60], request.GET.get("token", "")[:200]
    answer: dict[str, Any] = {}
    if request.method == "POST":
        form = VerifyForm(request.POST)
        if form.is_valid():
            limit(request, "verify", f"{rate}/m")
            answer = _answer(queries.checked(**form.cleaned_data), scanned=False)
    elif token:
        limit(request, "verify", f"{rate}/m")
        form = VerifyForm(initial={"number": typed_number})
        answer = _answer(queries.by_token(typed_number, token), scanned=True)
    else:
        form = VerifyForm(initial={"number": typed_number})
    return render(
        request,
        "certificates/verify.html",
        {
            "title": _("证书查验"),
            "breadcrumb": ((_("证书查验"), None),),
            "lead": "" if answer else _("填写证书编号和持证人姓名，或扫描证书上的二维码。"),
            "form": form,
            "groups": screens.grouped(form, None),
            "as_of": now,
            **answer,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _answer(found: Certificate | None, *, scanned: bool) -> dict[str, Any]:
    if found is None:
        return {"checked": True, "scanned": scanned}
    return {"checked": True, "scanned": scanned, "found": found, "hops": queries.hops(found)}


@require_GET
def key(_request: Request) -> JsonResponse:
    """The public key certificates are signed with, for a check without this platform."""
    return JsonResponse({"algorithm": "Ed25519", "public_key": signing.public_key(), "fields": signing.FIELDS})
