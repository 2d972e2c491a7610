"""What a page holds for who uses it: where it leads, what it loads, what can be sent from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlencode, urljoin

# What a browser fetches by itself, by tag and attribute. An <a href> is the reader's own step.
LOADED = {
    ("img", "src"),
    ("script", "src"),
    ("link", "href"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("source", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("image", "href"),
    ("use", "href"),
}
AUTOCOMPLETE = ("app_label", "model_name", "field_name")
BY_ENTER = ("text", "search", "email", "number", "date", "password", "url", "tel")
MARKS = ("class", "role", "type", "aria-current", "aria-expanded", "aria-live", "scope")
# A sentence, or Django's pattern of an address.
NO_ADDRESS = re.compile(r" |__fk__")
NOT_SENT = ("button", "submit", "reset", "image")
IN_A_STYLE_SHEET = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
Sent = list[tuple[str, str]]


@dataclass
class Choice:
    """One control of a form with what it would send now."""

    name: str
    kind: str  # of the <input>, or textarea, select, multiple
    value: str = ""
    chosen: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    checked: bool = False
    most: int = 0
    accept: str = ""


@dataclass
class Button:
    name: str
    value: str
    action: str = ""


@dataclass
class Form:
    method: str
    action: str
    controls: list[Choice] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    @property
    def can_be_sent(self) -> bool:
        """By a button, or by the Enter key in a line of text."""
        return bool(self.buttons) or any(control.kind in BY_ENTER for control in self.controls)


@dataclass
class Markup:
    address: str
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """What a script is told to ask for (data- attributes)."""
    ids: set[str] = field(default_factory=set)
    forms: list[Form] = field(default_factory=list)
    tags: list[tuple[str, list[tuple[str, str | None]]]] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """Two pages with the same tags, marked alike, look the same to a checker."""
        kinds = {
            (tag, *sorted(name for name, _value in found), *(pair for pair in found if pair[0] in MARKS))
            for tag, found in self.tags
        }
        return str(hash(frozenset(kinds)))


class Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.markup = Markup(address)
        self.host = urljoin(address, "/").removesuffix("/")
        self.form: Form | None = None
        self.by_id: dict[str, Form] = {}
        self.elsewhere: list[tuple[str, Choice | Button]] = []
        self.text: Choice | None = None
        self.select: Choice | None = None
        self.in_template = 0

    def at(self, address: str) -> str:
        if address.startswith("/") and not address.startswith("//"):
            return self.host + address.rstrip()
        return urljoin(self.markup.address, address.strip())

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in found}
        if tag == "template":
            self.in_template += 1
        if self.in_template:
            return
        self.markup.tags.append((tag, found))
        if identity := attributes.get("id"):
            self.markup.ids.add(identity)
        self.note_addresses(tag, attributes)
        if tag == "form":
            action = urldefrag(self.at(attributes.get("action", ""))).url
            self.form = Form(attributes.get("method", "get").lower(), action)
            self.markup.forms.append(self.form)
            if identity:
                self.by_id[identity] = self.form
        elif tag in ("input", "textarea", "select", "button"):
            self.note_control(tag, attributes)
        elif tag == "option" and self.select is not None:
            value = attributes.get("value", "")
            self.select.offered.append(value)
            if "selected" in attributes:
                self.select.chosen.append(value)

    def note_addresses(self, tag: str, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if tag in ("a", "area") and name == "href":
                self.markup.links.append(self.at(value))
            elif (tag, name) in LOADED or (name == "href" and tag in ("image", "use")):
                self.markup.loads.append(self.at(value))
            elif name == "srcset":
                self.markup.loads += [self.at(part.split()[0]) for part in value.split(",") if part.strip()]
            elif name == "style":
                self.markup.loads += [self.at(found) for found in addresses_in_css(value)]
            elif name == "data-ajax--url":  # the search box in Django's administration
                asked = {key: attributes.get(f"data-{key.replace('_', '-')}", "") for key in AUTOCOMPLETE}
                self.markup.asked.append(f"{self.at(value)}?{urlencode({**asked, 'term': ''})}")
            elif name.startswith("data-") and re.match(r"/[^/\s]", value) and not NO_ADDRESS.search(value):
                self.markup.asked.append(self.at(value))
            elif (
                tag == "meta" and name == "content" and attributes.get("http-equiv", "").lower() == "refresh"
            ):
                self.markup.loads.append(self.at(value.partition("=")[2]))

    def note_control(self, tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "text").lower() if tag == "input" else tag
        if tag == "select" and "multiple" in attributes:
            kind = "multiple"
        control: Choice | Button
        if (tag == "button" and attributes.get("type", "submit") == "submit") or kind in ("submit", "image"):
            place = attributes.get("formaction")
            action = "" if place is None else urldefrag(self.at(place)).url
            control = Button(attributes.get("name", ""), attributes.get("value", ""), action)
        else:
            control = Choice(attributes.get("name", ""), kind, attributes.get("value", ""))
            control.checked = "checked" in attributes
            control.most = int(attributes.get("maxlength") or 0)
            control.accept = attributes.get("accept", "")
            if kind in ("checkbox", "radio"):
                control.value = attributes.get("value", "on")
            if tag == "textarea":
                self.text = control
            if tag == "select":
                self.select = control
            if not control.name or kind in NOT_SENT:
                return
        if "disabled" in attributes:
            return
        if "form" in attributes:
            self.elsewhere.append((attributes["form"], control))
        elif self.form is not None:
            self.put(self.form, control)

    @staticmethod
    def put(form: Form, control: Choice | Button) -> None:
        if isinstance(control, Button):
            form.buttons.append(control)
        else:
            form.controls.append(control)

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.in_template -= 1
        elif tag == "form":
            self.form = None
        elif tag == "textarea":
            self.text = None
        elif tag == "select":
            if self.select and self.select.kind == "select" and not self.select.chosen:
                self.select.chosen = self.select.offered[:1]
            self.select = None

    def handle_data(self, text: str) -> None:
        if self.text is not None:
            self.text.value += text

    def close(self) -> None:
        super().close()
        for identity, control in self.elsewhere:
            if identity in self.by_id:
                self.put(self.by_id[identity], control)


def read(address: str, html: str) -> Markup:
    reader = Reader(address)
    reader.feed(html)
    reader.close()
    return reader.markup


def addresses_in_css(css: str) -> list[str]:
    return [one or other for one, other in IN_A_STYLE_SHEET.findall(css)]
