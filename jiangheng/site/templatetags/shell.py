"""Template tags of the shell: icons, badges, values in words, clauses, form fields; a builtin of every template."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import discipline
from jiangheng.screens import display, grouped, story_url
from jiangheng.site.clauses import text_of

register = template.Library()

register.filter("day", display.day)
register.filter("short_day", display.short_day)
register.filter("unpublished", display.unpublished)
register.filter("moment", display.moment)
register.filter("money", display.money)
register.filter("level", display.level)
register.filter("levels", display.levels)
register.filter("subject", display.subject)
register.filter("text", display.text)
register.filter("word", display.word)
register.filter("sentence", display.sentence)
register.filter("advice", display.advice)
register.simple_tag(display.icon, name="icon")
register.simple_tag(display.tag, name="tag")
register.simple_tag(story_url, name="story_url")


@register.filter
def incident_kind(code: str) -> str:
    """What kind of incident it is, in words."""
    return display.word(dict(discipline.kinds()).get(code, ""))


@register.simple_tag
def badge(record: Any, kind: str = "") -> SafeString:
    """``{% badge plan %}`` or ``{% badge state_name "plan" %}``: where it stands, as icon and words."""
    if isinstance(record, str):
        return display.state(kind, record)
    return display.state(kind or type(record).KIND, record.state)


@register.filter
def masked(value: Any, tail: int = 4) -> str:
    """A telephone or other number with only its ends showing; identity numbers come masked from their own column."""
    text = str(value or "")
    if not text:
        return display.NOTHING
    head = 3 if len(text) > 7 else 0
    return text[:head] + "*" * max(3, len(text) - head - tail) + (text[-tail:] if len(text) > tail else "")


@register.simple_tag(takes_context=True)
def clause(context: template.Context, place: str) -> SafeString | str:
    """``依据 三（三）``, opening to the words of the clause where the law holds them."""
    if not place:
        return ""
    now = getattr(context.get("request"), "now", None)
    words = text_of(place, local_day(now)) if now else ""
    label = _("依据 %(clause)s") % {"clause": place}
    if not words:
        return format_html('<span class="clause">{}{}</span>', display.icon("book"), label)
    return format_html(
        '<details class="clause"><summary>{}{}</summary><blockquote lang="zh-Hans">{}</blockquote></details>',
        display.icon("book"),
        label,
        words,
    )


@register.inclusion_tag("shell/_fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every visible field of a form with label, help and error; hidden ones too."""
    return {"groups": grouped(form, None), "form": form}


@register.inclusion_tag("shell/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One form field with label, help and error, told to a screen reader together."""
    return {"field": bound}


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """The input of a field, wired to its help and its error."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    if kind in ("checkbox", "radio"):
        style = "form-check-input"
    elif kind == "select":
        style = "form-select"
    else:
        style = "form-control"
    attributes: dict[str, Any] = {"class": f"{widget.attrs.get('class', '')} {style}".strip()}
    described = " ".join(
        name
        for name, present in (
            (f"{bound.id_for_label or bound.auto_id}-help", bool(bound.help_text)),
            (f"{bound.id_for_label or bound.auto_id}-error", bool(bound.errors)),
        )
        if present
    )
    if described:
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
        attributes["class"] += " is-invalid"
    return bound.as_widget(attrs=attributes)


@register.filter
def grouped_choice(bound: BoundField) -> bool:
    """True for radio buttons and lists of checkboxes, which need a fieldset instead of a label."""
    return isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def single_check(bound: BoundField) -> bool:
    """True for one checkbox, whose label stands after it."""
    return isinstance(bound.field.widget, forms.CheckboxInput)


@register.simple_tag(takes_context=True)
def section_body(context: template.Context, section: dict[str, Any]) -> SafeString:
    """A section of a detail page: its own template with its own context, inside the page's."""
    assert context.template is not None  # a tag is rendered by a template
    with context.push(**section["context"]):
        return context.template.engine.get_template(section["template"]).render(context)
