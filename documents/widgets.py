"""The editor for rich text; where there is no script, a field for its HTML."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

ID, PLACE = "[[id]]", "[[text]]"
# A word processor writes ten characters of style for each of the text.
MOST_PASTED = 10_000_000
# Buttons with a sign instead of a word say what they do only to those who cannot see it, and on hovering.
# Letters stand here, the other signs are drawn by the style sheet.
SIGNS = {
    "bold": _("F"),
    "italic": _("K"),
    "numbers": "1.",
    **dict.fromkeys(("bullets", "outdent", "indent", "undo", "redo"), ""),
}
PRESSED = set(
    "heading subheading bold italic bullets numbers quote link footnote picture "
    "header_row header_column".split()
)
GROUPS = (
    {"heading": _("Überschrift"), "subheading": _("Unterüberschrift")},
    {"bold": _("Fett"), "italic": _("Kursiv")},
    {
        "bullets": _("Aufzählung"),
        "numbers": _("Nummerierte Liste"),
        "outdent": _("Listenpunkt ausrücken"),
        "indent": _("Listenpunkt einrücken"),
    },
    {
        "quote": _("Zitat"),
        "link": _("Link"),
        "footnote": _("Fußnote"),
        "picture": _("Bild"),
        "table": _("Tabelle"),
    },
    {"undo": _("Rückgängig"), "redo": _("Wiederholen")},
)
IN_TABLE = {
    "row_before": _("Zeile darüber"),
    "row_after": _("Zeile darunter"),
    "column_before": _("Spalte davor"),
    "column_after": _("Spalte danach"),
    "header_row": _("Kopfzeile"),
    "header_column": _("Kopfspalte"),
    "delete_row": _("Zeile löschen"),
    "delete_column": _("Spalte löschen"),
    "delete_table": _("Tabelle löschen"),
}


def buttons(group: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "label": label, "sign": SIGNS.get(name), "can_be_pressed": name in PRESSED}
        for name, label in group.items()
    ]


class RichTextWidget(forms.Textarea):
    """`town_id` is the town for which pictures are uploaded, where the form knows it."""

    holds_html = True  # what it shows in words is still HTML

    town_id: int | None = None
    pictures = True
    """Whether the one who writes may upload any: a form that is for everybody says so."""

    class Media:
        css = {"all": ["css/editor.css"]}
        js = [forms.Script("js/editor/editor.js", type="module")]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        textarea = forms.Textarea(self.attrs).render(name, value, attrs, renderer)
        id_ = (attrs or {}).get("id", f"id_{name}")
        before, after = frame(self.town_id, get_language(), self.pictures)
        return SafeString(f"{before}{textarea}{after}".replace(ID, escape(id_)))


@lru_cache(maxsize=256)
def frame(town_id: int | None, language: str | None, pictures: bool = True) -> tuple[str, str]:
    """What stands before and after the text: the same for every field but for the id, which is left open."""
    context = {
        "id": ID,
        "textarea": PLACE,
        "town_id": town_id,
        "most_pasted": MOST_PASTED,
        "pictures": pictures,
        "groups": [
            [button for button in buttons(group) if pictures or button["name"] != "picture"]
            for group in GROUPS
        ],
        "in_table": buttons(IN_TABLE),
    }
    before, _place, after = render_to_string("documents/rich_text.html", context).partition(PLACE)
    return before, after


def let_upload(form: forms.BaseForm, allowed: bool) -> None:
    """Whether the form's rich texts offer to upload a picture."""
    for field in form.fields.values():
        if isinstance(field.widget, RichTextWidget):
            field.widget.pictures = allowed
