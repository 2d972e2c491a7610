"""Pages that look like one painted before.

After an edit most pages of its section are the same as before, although all of them had to be laid out:
only then it is known that nothing has moved. What painting and tagging read of a page, all values of all its
boxes, is digested here; a page with a known digest takes the sheet of the earlier one. What is not understood
(a chart, which is a new object in each rendering) stands for itself, and makes a page unlike all others.
"""

import marshal
from collections.abc import Iterable
from hashlib import sha256
from operator import itemgetter
from typing import Any

from tinycss2.color4 import Color
from weasyprint.css import AnonymousStyle, ComputedStyle
from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout.absolute import AbsolutePlaceholder

from documents.engine.styles import is_remembered, shared

PLAIN = frozenset({float, int, str, bool, bytes, type(None)})
# What only laying out asks for: where a box was broken off, and the counters and strings of margin boxes.
LAYING_OUT = frozenset({"resume_at", "string_set", "cached_counter_values", "page_type"})
NAME = itemgetter(0)
NOTHING = (0, 0)  # the radius of most corners
STABLE_BYTES = 2  # the version of marshal that writes equal values alike, whoever else refers to them


class Likeness:
    """The digest of a page. It speaks of styles and pictures by their place in memory: as long as one knows
    the digest, `witnesses` must live."""

    def __init__(self, page: Page, *drawn_with: Any) -> None:
        self.witnesses: dict[int, Any] = {}
        self._said: list[Any] = []
        self._boxes: dict[int, int] = {}
        self._names: dict[tuple[str, ...], int] = {}
        self._say((page.bookmarks, page.anchors, drawn_with))
        for kind, target, rectangle, box in page.links:
            self._say((kind, target, rectangle, "".join(box.element.itertext()) if box.link else None))
        self._say_box(page._page_box)
        self.digest = sha256(marshal.dumps(self._said, STABLE_BYTES)).digest()

    def _say_box(self, box: Any) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        self._boxes[id(box)] = len(self._boxes)
        values = vars(box)
        plain = [value for value in values.values() if type(value) in PLAIN]
        said = self._said
        said += (type(box).__name__, self._names.setdefault(tuple(values), len(self._names)), len(plain))
        said += plain
        for name, value in values.items():
            if type(value) in PLAIN or name in LAYING_OUT or value == NOTHING:
                continue
            said.append(name)
            if name == "children":
                said.append(len(value))
                for child in value:
                    self._say_box(child)
            elif name == "element":
                said += (value.tag, len(value.attrib), *value.attrib.items())
            elif name == "pango_layout":  # what lines.py remembers a drawn line by
                said += (value.text, value.justification_spacing)
            else:
                self._say(value)

    def _say(self, value: Any) -> None:
        if type(value) in PLAIN:
            self._said.append(value)
        elif isinstance(value, Box) and id(value) in self._boxes:  # the page around it
            self._said.append(self._boxes[id(value)])
        elif isinstance(value, Box):
            self._say_box(value)
        elif isinstance(value, Color):
            self._say_all((value.space, *value.coordinates, value.alpha))
        elif type(value) is dict:
            self._say_all(value.items())
        elif isinstance(value, tuple | list):
            self._say_all(value)
        elif isinstance(value, set | frozenset):
            self._say_all(sorted(value))
        else:
            self._point_at(value)

    def _say_all(self, values: Iterable[Any]) -> None:
        values = list(values)
        self._said.append(len(values))
        for value in values:
            self._say(value)

    def _point_at(self, value: Any) -> None:
        value = shared(value)
        if isinstance(value, AnonymousStyle):
            around = value.parent_style
            self._said.append("anonymous")
            if value is not around.anonymous_style:
                self._say_all(sorted(value.items(), key=NAME))
            self._point_at(around)
        elif isinstance(value, ComputedStyle) and not is_remembered(value):
            # Layout has made a copy for itself: what it says, and where it would find the rest.
            self._say_all(sorted(value.items(), key=NAME))
            self._point_at(value.parent_style)
            self._point_at(value.cascaded)
        else:
            self.witnesses[id(value)] = value
            self._said.append(id(value))
