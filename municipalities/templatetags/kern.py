"""`{% kern_field field %}`: a field with its label, hint and errors."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from municipalities.kern_fields import field_html

register = template.Library()


@register.simple_tag
def kern_field(field: BoundField, shows_label: object = True, extra_class: str = "") -> SafeString:
    return field_html(field, shows_label=bool(shows_label), extra_class=extra_class or "")
