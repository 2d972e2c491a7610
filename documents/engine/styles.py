"""Styles that were computed before.

What a style sheet says about an element depends on its rules and on the element around it, not on its text:
the same few hundred styles recur in each section. WeasyPrint computes them anew in each rendering, and for
each ::before and ::marker apart. Here it is made to ask first, for the fonts of our press only.

A style may then serve pages of different sizes: no sheet of ours measures by the page (vw, vh);
tests/documents/test_styles.py looks.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import tinycss2
from cssselect2 import tree
from weasyprint import layout
from weasyprint.css import PAGE_MARGIN_BOXES, ComputedStyle, InitialStyle, StyleFor

from documents.engine.memory import Memory

KEPT_STYLES = 4000  # and as many older ones; some 1.5 kilobytes each
MARGIN_BOXES = PAGE_MARGIN_BOXES - {"footnote", "note-area"}  # those two are made elsewhere
EMPTY = ("normal", "inhibit", "none")

compile_selector_list = tree.compile_selector_list
make_margin_boxes = layout.make_margin_boxes
set_computed_styles = StyleFor.set_computed_styles


class Styles:
    """What one press remembers. Not forgotten with laid-out sections: it is part of the style sheets."""

    def __init__(self) -> None:
        self.known: Memory[ComputedStyle] = Memory(KEPT_STYLES)


def remembered_styles(
    style_for: StyleFor,
    element: Any,
    parent: Any,
    root: Any = None,
    pseudo_type: str | None = None,
    base_url: str | None = None,
    target_collector: Any = None,
) -> None:
    """In the place of WeasyPrint's `set_computed_styles`."""
    styles: Styles | None = getattr(style_for.font_config, "styles", None)
    if styles is None:
        set_computed_styles(style_for, element, parent, root, pseudo_type, base_url, target_collector)
        return
    computed = style_for.get_computed_styles()
    cascaded = style_for.get_cascaded_styles().get((element, pseudo_type), {})
    key: tuple[Any, ...]
    anchor = cascaded.pop("anchor", None)  # of this one element, and not inherited
    if element is root and pseudo_type is None:
        around, root_style = None, InitialStyle(style_for.font_config)
        key = tuple((name, _said(name, value), weight) for name, (value, weight) in cascaded.items())
    else:
        around, root_style = shared(computed[parent, None]), shared(computed[root, None])
        # Its values are the sheets' own objects, and live as long as the style that is remembered by them.
        rules = [(name, id(value), weight) for name, (value, weight) in cascaded.items()]
        if not isinstance(element, Element):  # a page: WeasyPrint weighs its rules in lists
            rules = [(name, value, str(weight)) for name, value, weight in rules]
        key = (id(around), pseudo_type, *rules)
    style = styles.known.get(key)
    if style is None:
        style = ComputedStyle(
            around, cascaded, pseudo_type, root_style, base_url, style_for.font_config,
            style_for.initial_page_sizes,
        )  # fmt: skip
        style.remembered = True
        styles.known.put(key, style)
    if anchor is not None:
        without, style = style, style.copy()
        style.shared = without
        style["anchor"], _weight = anchor
        if target_collector:
            target_collector.collect_anchor(style["anchor"])
    computed[element, pseudo_type] = style


def is_remembered(style: ComputedStyle) -> bool:
    return hasattr(style, "remembered")


def shared(style: Any) -> Any:
    """The remembered style of which this one is a copy with an anchor, or itself."""
    return getattr(style, "shared", style)


def _said(name: str, value: Any) -> Any:
    """What stands at the root: its language and what it says of --town are new objects in each document."""
    if name == "lang":
        return value
    return tinycss2.serialize(value) if name.startswith("__") else id(value)


def filled_margin_boxes(context: Any, page: Any, state: Any) -> Iterator[Any]:
    """In the place of WeasyPrint's `make_margin_boxes`, which measures sixteen boxes for each page and then
    drops the empty ones: here none is measured where all are empty."""
    styles = (context.style_for(page.page_type, f"@{name}") for name in MARGIN_BOXES)
    if any(style is not None and style["content"] not in EMPTY for style in styles):
        yield from make_margin_boxes(context, page, state)


# WeasyPrint asks each document for its <style> and <link>, and has the two selectors compiled each time.
tree.compile_selector_list = lru_cache(compile_selector_list)
StyleFor.set_computed_styles = remembered_styles
layout.make_margin_boxes = filled_margin_boxes
