"""Small parts of pages: icons, money, monograms, fields."""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tatap.lib.rupiah import rupiah as in_rupiah

register = template.Library()
MOST_KEPT = 400  # parts: two languages, three roles and a dozen places make some seventy
_KEPT: dict[tuple[str, str, str], SafeString] = {}
TINTS = ("", "arch-b", "arch-c", "arch-d")
SMALL_WORDS = {"i", "bu", "pak", "kak", "bang", "mas", "ibu"}


@register.simple_tag(takes_context=True)
def kept(context: Context, name: str, of: str = "", **more: Any) -> SafeString:
    """A part of pages, rendered once for all whose frame (and ``of``, which stands for ``more``) is the same. It
    is given nothing of the request, no token and no person, so that nothing of one reader can come to another.
    With ``more`` and no ``of`` it is rendered anew."""
    frame = context["frame"]
    key = (name, frame.key, of)
    made = _KEPT.get(key)
    if made is None:
        found = context.template.engine.get_template(name)  # type: ignore[union-attr]
        made = found.render(Context({**frame.context, **more}))
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        if not settings.DEBUG and (of or not more):
            _KEPT[key] = made
    return made


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, css: str = "") -> SafeString:
    """A Lucide icon out of our sprite; always beside a word, so it is hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static("tatap/icons.svg"), name
    )


@register.simple_tag
@lru_cache(maxsize=64)
def scene(name: str, view_box: str, css: str = "scene") -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css, view_box, static("tatap/scenes.svg"), name,
    )


@register.filter
def rupiah(amount: int) -> str:
    return in_rupiah(int(amount))


@register.filter
def whole(name: str) -> str:
    """``Bu Nur`` on one line: title and name never part."""
    return name.replace(" ", "\u00a0")


@register.simple_tag
def monogram(person: Any, css: str = "") -> SafeString:
    """A photo, or two letters in one of four tints that mean nothing."""
    tint = TINTS[(person.pk or 0) % len(TINTS)]
    if getattr(person, "photo_version", 0):
        from django.urls import reverse

        address = f"{reverse('counsellors:photo', args=[person.slug])}?v={person.photo_version}"
        return format_html('<img class="arch {}" src="{}" alt="" width="64" height="72" loading="lazy">', css, address)
    return format_html('<span class="arch {} {}" aria-hidden="true">{}</span>', tint, css, initials(person.name))


def initials(name: str) -> str:
    words = [w for w in name.partition(",")[0].split() if w.lower().strip(".") not in SMALL_WORDS]
    return "".join(word[0] for word in words[:2]).upper()


@register.inclusion_tag("_parts/field.html")
def field(bound: BoundField, label: str = "", help_text: str = "") -> dict[str, Any]:
    """Label, help, error and input, tied together for those who cannot see the page. ``label`` and
    ``help_text`` stand in for those of a form that is not ours."""
    widget = bound.field.widget
    widget.attrs.pop("placeholder", None)  # where a library puts one, it only says the label again
    bound.label, bound.help_text = label or bound.label, help_text or bound.help_text
    ids = []
    if bound.help_text:
        ids.append(f"{bound.auto_id}-help")
    if bound.errors:
        ids.append(f"{bound.auto_id}-error")
    attributes: dict[str, Any] = {}
    if ids:
        attributes["aria-describedby"] = " ".join(ids)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    return {
        "bound": bound,
        "input": bound.as_widget(attrs=attributes),
        "is_group": grouped,
        "is_check": isinstance(widget, CheckboxInput) and not grouped,
        "is_optional": not (bound.field.required or isinstance(widget, Select) or getattr(bound.form, "all_optional", False)),
    }
