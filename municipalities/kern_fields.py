"""A field of a form in the look of KERN: label, hint, widget and errors, written as joined strings.

The template pack for crispy forms calls it, so it is the same in every form.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django import forms
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from municipalities.quick_forms import attributes


def field_html(field: BoundField, *, shows_label: bool = True, extra_class: str = "") -> SafeString:
    widget = field.field.widget
    if field.is_hidden:
        return SafeString(str(field))
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        body = "".join(option_html(field, option) for option in field)
        return fieldset_html(field, extra_class, "kern-fieldset", "kern-fieldset__body", body)
    if field.use_fieldset:
        body_class = "kern-fieldset__body kern-fieldset__body--horizontal"
        return fieldset_html(field, extra_class, "kern-fieldset p-parts", body_class, str(field))
    if isinstance(widget, forms.CheckboxInput):
        classes = with_error(field, "kern-form-check kern-form-check--single", "kern-form-check", extra_class)
        box = widget_html(field, "kern-form-check__checkbox")
        return SafeString(
            f'<div class="{classes}">{box}{label_html(field)}{hint_html(field)}{errors_html(field)}</div>'
        )
    name = label_html(field, optional=True) if shows_label else label_html(field, "p-visually-hidden")
    classes = with_error(field, "kern-form-input", "kern-form-input", extra_class)
    return SafeString(
        f'<div class="{classes}">{name}{hint_html(field)}{control_html(field)}{errors_html(field)}</div>'
    )


def with_error(field: BoundField, classes: str, block: str, extra: str = "") -> str:
    return " ".join(part for part in (classes, f"{block}--error" if field.errors else "", extra) if part)


def fieldset_html(field: BoundField, extra: str, classes: str, body_class: str, body: str) -> SafeString:
    described = attributes({"aria-describedby": field.aria_describedby})
    return SafeString(
        f'<fieldset id="{field.auto_id}" tabindex="-1"'
        f' class="{with_error(field, classes, "kern-fieldset", extra)}"{described}>'
        f'<legend class="kern-label">{escape(str(field.label))}{optional_html(field)}</legend>'
        f'{hint_html(field)}<div class="{body_class}">{body}</div>{errors_html(field)}</fieldset>'
    )


def control_html(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.Select) and not widget.allow_multiple_selected:
        select = widget_html(field, "kern-form-input__select")
        return f'<div class="kern-form-input__select-wrapper">{select}</div>'
    if isinstance(widget, forms.ClearableFileInput):
        return str(render_to_string("kern/file.html", {"field": field}))
    return widget_html(field, "kern-form-input__input")


def widget_html(field: BoundField, css_class: str) -> str:
    own = field.field.widget.attrs.get("class", "")
    classes = " ".join(part for part in (own, with_error(field, css_class, css_class)) if part)
    return str(field.as_widget(attrs={"class": classes}))


def option_html(field: BoundField, option: Any) -> str:
    data = option.data
    kind = "radio" if data["type"] == "radio" else "checkbox"
    described = {
        "class": with_error(field, f"kern-form-check__{kind}", f"kern-form-check__{kind}"),
        "type": data["type"],
        "name": data["name"],
        "value": data["value"],
        "id": option.id_for_label,
        "checked": bool(data["selected"]),
        "disabled": bool(data["attrs"].get("disabled")),
        "required": kind == "radio" and field.field.required and not field.errors,
    }
    return (
        f'<div class="kern-form-check"><input{attributes(described)}>'
        f'<label class="kern-label" for="{option.id_for_label}">{escape(str(option.choice_label))}</label>'
        "</div>"
    )


def label_html(field: BoundField, css_class: str = "kern-label", *, optional: bool = False) -> str:
    mark = optional_html(field) if optional else ""
    return f'<label class="{css_class}" for="{field.id_for_label}">{escape(str(field.label))}{mark}</label>'


def optional_html(field: BoundField) -> str:
    if field.field.required:
        return ""
    return f' <span class="kern-label__optional">– {_("optional")}</span>'


def hint_html(field: BoundField) -> str:
    """Our own help texts may hold markup, as Django has it."""
    if not field.help_text:
        return ""
    return f'<div class="kern-hint" id="{field.auto_id}_helptext">{field.help_text}</div>'


def errors_html(field: BoundField) -> str:
    """The errors as paragraphs, which the widget names in its `aria-describedby`."""
    if not field.errors:
        return ""
    listed = "".join(
        '<p class="kern-error"><span class="kern-icon kern-icon--danger" aria-hidden="true"></span>'
        f'<span class="kern-body">{escape(str(error))}</span></p>'
        for error in field.errors
    )
    return f'<div id="{field.auto_id}_error">{listed}</div>'
