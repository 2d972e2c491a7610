"""`{% page_frame as frame %}`: what base.html needs for its header."""

from __future__ import annotations

from django import template
from django.template import Context

from desk.navigation import Frame, frame_for

register = template.Library()


@register.simple_tag(takes_context=True)
def page_frame(context: Context) -> Frame:
    return frame_for(context.get("request"), context.get("municipality") or None)
