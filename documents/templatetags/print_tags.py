"""Template tags for prints."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def page_of(anchor: str) -> SafeString:
    """The number of the page on which the element with this id stands, also in another section."""
    return format_html('<span class="page-of" data-page-of="{}"></span>', anchor)
