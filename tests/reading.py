"""What a person reads on a page."""

from __future__ import annotations

import re
from html import unescape
from typing import Any


def html_of(response: Any) -> str:
    """The page as it was sent, spaces closed up."""
    return " ".join(response.content.decode().split())


def text_of(response: Any) -> str:
    """The page's words without its tags, spaces closed up."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())


def main_text_of(response: Any) -> str:
    """The words between the page's head and its foot; what stands in neighbouring elements stands apart."""
    main = response.content.decode().partition('<main id="inhalt"')[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())
