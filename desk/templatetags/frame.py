"""What base.html shows around a page: the same words from page to page, so it is drawn once and kept."""

from __future__ import annotations

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from desk.navigation import Frame, frame_for
from documents.keeping import release, shelf

register = template.Library()

# Stands where the secret of the form belongs, which is another one each time. No name or title can hold it:
# its brackets would be escaped.
SECRET = SafeString("<!secret!>")


@register.simple_tag(takes_context=True)
def page_frame(context: Context) -> Frame:
    """`{% page_frame as frame %}`: whose page it is and where one can go from it."""
    return frame_for(context.get("request"), context.get("municipality") or None)


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str) -> SafeString:
    """`{% frame_part "header" %}`: partials/header.html, which knows nothing but the frame."""
    frame = context["frame"]
    html = shelf.get(
        f"frame-{name}:{release()}:{frame!r}",
        lambda: render_to_string(f"partials/{name}.html", {"frame": frame, "csrf_token": SECRET}),
    )
    if SECRET in html:
        html = html.replace(SECRET, str(context.get("csrf_token", "")))
    return SafeString(html)
