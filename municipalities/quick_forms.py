"""The fields of forms, written as joined strings.

A form of the workbench has some fifty of them, and a template for each takes ten times as long.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

INPUTS = "text number email url color search tel password hidden date datetime time checkbox file".split()


def attributes(values: dict[str, Any]) -> str:
    """` name="…" required`: what is False or None is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in values.items()
        if value not in (False, None)
    )


def input_html(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    named = f'type="{escape(widget["type"])}" name="{escape(widget["name"])}"'
    return f"<input {named}{value}{attributes(widget['attrs'])}>"


def textarea_html(widget: dict[str, Any]) -> str:
    text = escape(str(widget["value"] or ""))
    # The first line break after the tag is not part of the text, says HTML.
    return f'<textarea name="{escape(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>'


WRITERS = {
    **{f"django/forms/widgets/{name}.html": input_html for name in INPUTS},
    "django/forms/widgets/textarea.html": textarea_html,
}


class QuickForms(DjangoTemplates):
    """Writes the usual widgets itself and leaves all others to their templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return SafeString(write(context["widget"]))
