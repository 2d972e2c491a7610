"""Rich text: cleaned by an allow-list and put into good shape before it is stored.

What is stored can stand on a page and in an accessible PDF as it is: headings do not skip a level, lists
consist of items, every table has heads and as many columns in each row, every picture is one of the portal.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import Element

import nh3
import tinyhtml5
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from documents.models import Picture
from documents.richtext_shape import BLOCKS, INLINE, PICTURE_ADDRESS, RENAMED, TABLE_PARTS, shape
from documents.widgets import RichTextWidget
from documents.word_paste import from_office, is_from_office

# 200 pages and more; a longer text is better divided into chapters.
MOST_CHARACTERS = 1_000_000
HEADINGS_ON_PASTE = {"h1", "h2", "h5", "h6"}
TAGS = INLINE | BLOCKS | TABLE_PARTS | {"br", "figcaption", "img"} | set(RENAMED) | HEADINGS_ON_PASTE
DROPPED_WITH_CONTENT = set("del iframe math noscript object script style svg template title".split())
ATTRIBUTES = {
    "a": {"href"},
    "img": {"alt", "src"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
CLASSES = {"span": {"footnote"}, "tbody": {"keep"}}
SCHEMES = {"http", "https", "mailto"}
ABSOLUTE = re.compile("(?:https?|mailto):", re.IGNORECASE)
FIRST_LEVEL = 3
BLANK_LINES = re.compile(r"\n\s*\n")
CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufdd0-\\ufdef\\ufffe\\uffff]")
ENDS = re.compile(r"(?i)<(?:br|/p|/li|/h\d|/td|/th|/tr|/blockquote|/figure|/figcaption)\b[^>]*>")
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
SELF_ENDING = set(
    "area br col dd dt hr img input li link meta p source tbody td tfoot th thead tr wbr".split()
)
DEEPEST = 150
MARKUP = re.compile("<[^<>]*>")
# As they stand in a cleaned text.
PICTURE = re.compile(r'<img src="/bilder/(\d+)" alt="([^"]*)">')
ANY_PICTURE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)


def clean(html: str) -> str:
    """The allowed part of `html`, in good shape. Cleaning twice changes nothing."""
    html = CONTROL.sub("", html)
    if "<" not in html:
        html = "".join(f"<p>{part}</p>" for part in BLANK_LINES.split(html))
    if _depth(html) > DEEPEST:  # no text that somebody wrote, and slow to parse
        html = f"<p>{escape(unescape(MARKUP.sub(' ', html)))}</p>"
    return shape(_parse(_allowed(from_office(html) if is_from_office(html) else html)))


def _depth(html: str) -> int:
    """How many elements stand inside each other at most; those that end by themselves do not count."""
    depth = deepest = 0
    for closing, name in TAG.findall(html):
        if name.lower() in SELF_ENDING:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _allowed(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=_allowed_value,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        url_relative="pass_through",
        link_rel=None,
    )


def _allowed_value(tag: str, attribute: str, value: str) -> str | None:
    """Links lead out of the portal, pictures come from inside."""
    if attribute == "href":
        return value if ABSOLUTE.match(value) else None
    if attribute == "src":
        return value if PICTURE_ADDRESS.fullmatch(value) else None
    return value


def _parse(html: str) -> Element:
    document = tinyhtml5.parse(f"<!doctype html><body>{html}", namespace_html_elements=False)
    body: Element = document.find("body")
    return body


def _words(html: str) -> str:
    """Without any markup, escaped."""
    return nh3.clean(html, tags=set(), attributes={}, clean_content_tags=DROPPED_WITH_CONTENT)


def plain_text(html: str) -> str:
    """The words without the markup, pictures by what they show: for search, previews and spreadsheets."""
    spaced = ENDS.sub(lambda tag: tag[0] + " ", with_alternatives(html))
    return " ".join(unescape(_words(spaced)).split())


def with_alternatives(html: str) -> str:
    """A cleaned text with each picture's alternative text in its place."""
    return PICTURE.sub(r"\2 ", html)


def below(html: str, level: int) -> str:
    """The text with its headings renumbered to follow a heading of this level without a gap."""

    def shift(tag: re.Match[str]) -> str:
        return f"{tag[1]}h{min(6, int(tag[2]) - FIRST_LEVEL + level + 1)}>"

    return re.sub(r"(</?)h([34])>", shift, html)


def numbers_in(html: str) -> set[int]:
    """The pictures of a cleaned text."""
    return {int(pk) for pk, _alternative in PICTURE.findall(html)}


def unknown_picture() -> ValidationError:
    return ValidationError(
        _(
            "Ein Bild gibt es nicht mehr, oder es gehört zu einer anderen Kommune oder zu einem Text, "
            "den Sie nicht lesen dürfen. Bitte entfernen Sie es und laden Sie Ihr eigenes hoch."
        ),
        code="unknown_picture",
    )


class RichTextFormField(forms.CharField):
    """Gives the text as it will be stored. An editor where there is a script, else a field for HTML."""

    widget = RichTextWidget

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        # Pictures are uploaded for the town that the row belongs to.
        owner_id = getattr(getattr(form, "instance", None), "owner_id", None)
        drawn: Any = self.widget
        if owner_id and isinstance(drawn, RichTextWidget):
            drawn.town_id = owner_id()
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> str:
        typed = value if isinstance(value, str) else ""
        self.check_length(typed)
        text = clean(typed)
        self.check_length(text)
        if not is_from_office(typed):  # a word processor's pictures are files on somebody's disk
            self.check_no_picture_was_lost(typed, text)
        self.check_alternatives(text)
        self.check_pictures_are_seen(text)
        return str(super().clean(text))

    def check_length(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise ValidationError(
                _(
                    "Der Text hat %(length)s Zeichen, mit der Formatierung gezählt. Möglich sind %(most)s. "
                    "Bitte teilen Sie ihn auf mehrere Kapitel oder Abschnitte auf."
                ),
                code="max_length",
                params={
                    "length": number_format(len(text), force_grouping=True),
                    "most": number_format(MOST_CHARACTERS, force_grouping=True),
                },
            )

    def check_no_picture_was_lost(self, typed: str, text: str) -> None:
        if len(PICTURE.findall(text)) < len(ANY_PICTURE.findall(typed)):
            raise ValidationError(
                _(
                    "Ein Bild liegt nicht im Portal. Bitte laden Sie es hier hoch; "
                    "Bilder von anderen Adressen werden nicht gezeigt."
                ),
                code="foreign_picture",
            )

    def check_alternatives(self, text: str) -> None:
        for number, (_pk, alternative) in enumerate(PICTURE.findall(text), start=1):
            if not alternative:
                raise ValidationError(
                    _(
                        "Beim %(number)d. Bild fehlt der Alternativtext. Bitte beschreiben Sie in einem "
                        "Satz, was darauf zu sehen ist: Er wird vorgelesen, wo das Bild nicht gesehen wird."
                    ),
                    code="no_alternative",
                    params={"number": number},
                )

    def check_pictures_are_seen(self, text: str) -> None:
        """Who may read a text sees its pictures: nobody writes a number there whose picture they do not see.

        Who is typing, the form does not know; the history of the rows does, and writes it down on every save.
        """
        request = getattr(HistoricalRecords.context, "request", None)
        wanted = numbers_in(text)
        if wanted and request is not None:
            seen = Picture.objects.filter(pk__in=wanted).visible_to(request.user)
            if seen.count() < len(wanted):
                raise unknown_picture()

    def has_changed(self, initial: Any, data: Any) -> bool:
        """The editor may write the same text in another way."""
        if not super().has_changed(initial, data):
            return False
        return len(data or "") > MOST_CHARACTERS or clean(initial or "") != clean(data or "")


class RichTextField(models.TextField):
    """HTML that is cleaned on every save. Its pictures belong to the town that the row belongs to, and are
    seen by who may read the row (pictures_in_texts.py)."""

    holds_pictures = True

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if value is not None:
            value = clean(value)
            setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": RichTextFormField, "widget": RichTextWidget, **kwargs})

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        wanted = numbers_in(value or "")
        owner = model_instance.owner_id() if wanted else None
        if wanted and Picture.objects.filter(municipality=owner, pk__in=wanted).count() < len(wanted):
            raise unknown_picture()
