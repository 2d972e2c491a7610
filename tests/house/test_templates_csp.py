"""The Content-Security-Policy forbids script and style inside a page.

A browser only drops them silently, so they are looked for here.
"""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

TEMPLATE_COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.DOTALL)
FORBIDDEN = {
    "script in the page": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "style in the page": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"""[\s"']style\s*=""", re.IGNORECASE),
    "event attribute": re.compile(r"""[\s"']on[a-z]+\s*=\s*["'{]""", re.IGNORECASE),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "address of a third party": re.compile(
        r"""(?:src|data|poster)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE
    ),
    "linked from a third party": re.compile(r"""<link\b[^>]*href\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE),
}


def forbidden_in(text: str) -> list[str]:
    without_comments = TEMPLATE_COMMENT.sub("", text)
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(without_comments)]


def test_no_page_carries_script_or_style(root: Path) -> None:
    pages = [
        path
        for folder in (root / "templates", *root.glob("*/templates"))
        for path in folder.rglob("*")
        if path.suffix in {".html", ".svg"} and (root / "templates" / "print") not in path.parents
    ]
    assert root / "templates" / "base.html" in pages
    found = {str(path.relative_to(root)): forbidden_in(path.read_text("utf-8")) for path in pages}
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<script>alert(1)</script>", "script in the page"),
        ('<script type="module">', "script in the page"),
        ("<STYLE>p{}</STYLE>", "style in the page"),
        ('<p class="a" style="color:red">', "style attribute"),
        ('<p class="{{ a }}"style="color:red">', "style attribute"),
        ('<button onclick="go()">', "event attribute"),
        ('<a href="javascript:go()">', "javascript: address"),
        ('<img alt="" src="https://example.org/a.png">', "address of a third party"),
        ('<link rel="stylesheet" href="//example.org/a.css">', "linked from a third party"),
    ],
)
def test_each_of_them_is_found(text: str, what: str) -> None:
    assert forbidden_in(text) == [what]


@pytest.mark.parametrize(
    "text",
    [
        "<script src=\"{% static 'js/portal.js' %}\" defer></script>",
        '{# <style> is forbidden #}<p class="style">on = aus</p>',
        '<a href="https://example.org/">Amtsblatt</a>',
        '<option value="x"{% if on %} selected{% endif %}>',
    ],
)
def test_what_is_allowed_is_not_found(text: str) -> None:
    assert forbidden_in(text) == []
