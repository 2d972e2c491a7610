"""`{% differing one other is_html as sides %}`: two texts with what only one of them has marked."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from documents.differences import compare, compare_texts

register = template.Library()


@register.simple_tag
def differing(one: str, other: str, is_html: bool) -> tuple[SafeString, SafeString]:
    """Where the words are the same and only the form differs, both stand as they are: rich text is clean."""
    found = (compare if is_html else compare_texts)(one, other)
    if is_html and not found.changed:
        return SafeString(one), SafeString(other)
    return found.marked()
