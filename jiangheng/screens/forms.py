"""The form page and the confirmation page of a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jiangheng.journal import guards, steps
from jiangheng.journal.actions import kind_of
from jiangheng.journal.models import Moving
from jiangheng.journal.queries import first_half
from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal
from jiangheng.screens import tokens, typed
from jiangheng.screens.answers import led_on, refused
from jiangheng.screens.display import word
from jiangheng.screens.lists import Links
from jiangheng.screens.request import Request

NOTE_LONGEST = 1000


def form_page(
    request: Request,
    form: forms.BaseForm,
    *,
    title: Any,
    submit: Any,
    breadcrumb: Links = (),
    lead: Any = "",
    refusal: Refusal | None = None,
    aside: str | tuple[str, dict[str, Any]] | None = None,
    multipart: bool = False,
    sections: Sequence[tuple[Any, Sequence[str]]] | None = None,
    once: bool = True,
    version: int | None = None,
    template: str = "screens/form.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page with ``form``; errors answer 422, a ``refusal`` its own status, with everything typed still there.

    ``sections`` groups fields as (heading, names); fields named nowhere come last. ``aside`` is text or
    (template, context) shown beside the form. ``version`` is the record's, for stale pages.
    """
    broken = form.is_bound and bool(form.errors)
    return render(
        request,
        template,
        {
            "title": title,
            "submit": submit,
            "breadcrumb": breadcrumb,
            "lead": lead,
            "refusal": refusal,
            "form": form,
            "groups": grouped(form, sections),
            "multipart": multipart or form.is_multipart(),
            "aside": _aside(request, aside),
            "once": tokens.token(request) if once else "",
            "version": version,
            **(context or {}),
        },
        status=refusal.status if refusal else 422 if broken else 200,
    )


def act(
    request: Request,
    form: forms.BaseForm | None,
    save: Callable[[Any], Any],
    *,
    back: str | Callable[[Any], str],
    said: Any = "",
    rows: forms.BaseFormSet[Any] | None = None,
    show: Callable[[Refusal | None], HttpResponse] | None = None,
    **page: Any,
) -> HttpResponse:
    """The page of one deed: GET shows ``form``, POST does it and leads on, or shows it again with why not.

    ``save`` does the deed with what was typed (``cleaned_data``; ``{}`` without a form). ``back`` is the address
    afterwards and ``said`` the sentence there (none when empty); either may be made of what ``save`` gave back.
    ``rows`` are lines below the form that have to hold too. ``page`` is what ``form_page`` takes beside (``context`` may
    be made of the refusal); ``show`` makes a page of its own instead, of the refusal if there is one. A Refusal answers
    with its own status, everything typed still there. A fragment's request is sent on by a header, and told a refusal beside the form it keeps.
    """
    refusal: Refusal | None = None
    if request.method == "POST" and all(each is None or each.is_valid() for each in (form, rows)):
        try:
            made = save(form.cleaned_data if form is not None else {})
        except Refusal as error:
            refusal = error
        else:
            if form is not None:
                typed.tell(request, form)
            if sentence := said(made) if callable(said) else said:
                tokens.done(request, sentence)
            return led_on(request, back(made) if callable(back) else back)
    if refusal is not None and request.htmx:
        return refused(request, refusal)
    if show is not None or form is None:
        assert show is not None, "a deed without a form has a page of its own"
        return show(refusal)
    context = page.pop("context", {})
    made_of = context(refusal) if callable(context) else context
    answer = form_page(request, form, refusal=refusal, context={"rows": rows, **made_of} if rows else made_of, **page)
    if rows is not None and rows.is_bound and not rows.is_valid() and answer.status_code == 200:
        answer.status_code = 422
    return answer


def _aside(request: Request, aside: str | tuple[str, dict[str, Any]] | None) -> Any:
    if isinstance(aside, tuple):
        return render_to_string(aside[0], aside[1], request=request)
    return aside


def grouped(form: forms.BaseForm, sections: Sequence[tuple[Any, Sequence[str]]] | None) -> list[dict[str, Any]]:
    """The visible fields of ``form`` in groups of heading and bound fields."""
    visible = {field.name: field for field in form.visible_fields()}
    groups: list[dict[str, Any]] = []
    for heading, names in sections or ():
        groups.append({"heading": heading, "fields": [visible.pop(name) for name in names if name in visible]})
    if visible:
        groups.append({"heading": _("其他") if sections else "", "fields": list(visible.values())})
    return groups


def step_page(
    request: Request,
    record: Moving,
    verb: str,
    take: Callable[..., Any],
    *,
    back: str,
    form: forms.BaseForm | None = None,
    title: Any = "",
    lead: Any = "",
    breadcrumb: Links = (),
    message: Any = "",
) -> HttpResponse:
    """Confirm and take one step of ``record``'s flow: GET asks, POST calls ``take(note=..., seen=...)``.

    What stands in the way is said on the page before the click, which then offers no button.

    ``form`` (bound by the caller on POST) asks for more; ``take`` reads its ``cleaned_data`` itself. Refusals
    of ``take`` re-show the page with what was typed; a step that the table shuts is refused on GET.
    """
    kind = kind_of(record)
    person = request.person
    transition = flows.FLOWS[kind].transition(verb)
    note = request.POST.get("note", "").strip()[:NOTE_LONGEST]
    shut: Refusal | None = None
    if request.method != "POST":
        flows.step(kind, record.state, verb, person.role, reason="…")
        shut = guards.hindrance(person, kind, record, transition, request.now)

    def asked(refusal: Refusal | None) -> HttpResponse:
        wrong = form is not None and form.is_bound and form.errors
        context = {
            "title": title or word(transition.label),
            "lead": lead,
            "breadcrumb": breadcrumb or ((record, back),),
            "record": record,
            "transition": transition,
            "kind": kind,
            "target": transition.target,
            "form": form,
            "groups": grouped(form, None) if form else [],
            "multipart": form.is_multipart() if form else False,
            "note": note,
            "back": back,
            "refusal": refusal or shut,
            "shut": shut,
            "first": first_half(kind, record, verb) if transition.second_person else None,
            "noted": steps.takes_note(kind, verb),
            "version": record.version,
            "NOTE_LONGEST": NOTE_LONGEST,
        }
        # What stands in the way is told before the click: the page itself is no error.
        status = refusal.status if refusal else 422 if wrong else 200
        return render(request, "screens/step.html", context, status=status)

    return act(
        request,
        form,
        lambda _typed: take(note=note, seen=tokens.seen(request)),
        back=back,
        said=message or _("已办理：%(step)s。") % {"step": word(transition.label)},
        show=asked,
    )


def offer(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """What can be chosen in the field ``name``, known only when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
