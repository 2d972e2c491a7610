"""What somebody sees who looks at the page of hits."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

TAG = re.compile(r"<[^>]*>")
HIT = re.compile(
    r'<li class="s-hit">.*?<span class="s-hit__label">(.*?)</span>(.*?)</p>'
    r'\s*<h2><a href="(.*?)">(.*?)</a></h2>(.*?)</li>',
    re.DOTALL,
)


def words(markup: str) -> str:
    return html.unescape(" ".join(TAG.sub(" ", markup).split()))


def line(markup: str) -> str:
    """As `words`, but marks do not part what they stand in."""
    return html.unescape(" ".join(TAG.sub("", markup).split()))


@dataclass(frozen=True)
class ShownHit:
    label: str
    place: str
    address: str
    title: str
    excerpt: str
    marked: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    text: str
    hits: list[ShownHit]
    narrowing: list[str]
    """As „Maßnahmen 3“."""

    @property
    def titles(self) -> list[str]:
        return [hit.title for hit in self.hits]

    @property
    def number(self) -> int:
        found = re.search(r"(\d+) Treffer\b(?! zeigen)", self.text)
        return int(found[1]) if found else 0


def read(page: str) -> Page:
    main = page.partition('<main id="inhalt"')[2].partition("</main>")[0]
    hits = [
        ShownHit(
            label=line(label),
            place=line(place),
            address=html.unescape(address),
            title=line(title),
            excerpt=line(excerpt),
            marked=tuple(map(html.unescape, re.findall(r"<mark>(.*?)</mark>", title + excerpt))),
        )
        for label, place, address, title, excerpt in HIT.findall(main)
    ]
    narrowing = [
        line(choice)
        for part in re.findall(r'<nav class="s-narrow".*?</nav>', main, re.DOTALL)
        for choice in re.findall(r"<li>(.*?)</li>", part, re.DOTALL)
    ]
    return Page(words(main), hits, narrowing)
