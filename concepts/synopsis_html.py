"""A comparison as HTML, the same for the page and for paper: what was at the left, what is at the right.

No difference is told by colour alone: words are struck out or underlined and announced, parts bear a word.
Joined strings, as in `tree_html`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concepts.comparing import Change, Comparison, Count, Item
from concepts.facts import Fact
from concepts.kinds import KINDS, Kind
from documents import differences
from documents.differences import Difference

NOTHING = '<span class="s-nothing">–</span>'
SAME = ' class="s-same"'
MOST_LEVELS = 6


@dataclass(frozen=True)
class Line:
    """A line of the contents."""

    id: str
    title: str
    code: str = ""


def anchor(item: Item) -> str:
    return f"teil-{item.entry.key[0]}-{item.entry.key[1]}"


def lines_of(comparison: Comparison) -> list[Line]:
    """The parts in which something differs."""
    return [Line(anchor(item), item.entry.title, item.entry.code) for item in _sections(comparison)]


def _sections(comparison: Comparison) -> list[Item]:
    """The concept's own data, then its parts."""
    whole = comparison.concept
    own = [Item(whole.old, whole.new, whole.changes)] if whole.changes else []
    return [*own, *(child for child in whole.children if child.shown)]


# ---- Numbers ---------------------------------------------------------------------------------------------


def count_sentence(kind: Kind, count: Count) -> str:
    """„4 Maßnahmen neu, 2 gestrichen, 11 geändert“."""
    words = (
        (count.added, _("neu")),
        (count.removed, _("gestrichen")),
        (count.changed, _("geändert")),
        (count.moved, _("verschoben oder umnummeriert")),
        (count.unchanged, _("unverändert")),
    )
    said = [(number, word) for number, word in words if number]
    (number, word), *more = said
    called = kind.model._meta.verbose_name if number == 1 else kind.model._meta.verbose_name_plural
    return ", ".join([f"{number} {called} {word}", *(f"{number} {word}" for number, word in more)])


def counts_html(comparison: Comparison) -> SafeString:
    """The numbers as a table."""
    heads = [_("neu"), _("gestrichen"), _("geändert"), _("verschoben oder umnummeriert"), _("unverändert")]
    counts = comparison.counts()
    rows = "".join(
        f'<tr><th scope="row">{kind.model._meta.verbose_name_plural}</th>'
        f"{_number_cells(counts[kind.name], heads)}</tr>"
        for kind in KINDS
        if kind.name in counts
    )
    columns = "".join(f'<th scope="col" class="p-number">{head}</th>' for head in heads)
    return SafeString(
        f'<table class="p-table p-table--stack s-counts"><caption>{_("Was sich unterscheidet")}</caption>'
        f'<thead><tr><th scope="col">{_("Teil")}</th>{columns}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _number_cells(count: Count, heads: list[str]) -> str:
    numbers = (count.added, count.removed, count.changed, count.moved, count.unchanged)
    return "".join(
        f'<td class="p-number" data-label="{head}">{number or NOTHING}</td>'
        for head, number in zip(heads, numbers, strict=True)
    )


# ---- Parts -----------------------------------------------------------------------------------------------


class SynopsisWriter:
    """`old` and `new` are what the columns are called."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = escape(old), escape(new)
        self.heads = self.head(_("Angabe"))

    def head(self, what: str) -> str:
        return (
            f'<thead><tr><th scope="col" class="s-what">{what}</th>'
            f'<th scope="col">{self.old}</th><th scope="col">{self.new}</th></tr></thead>'
        )

    def write(self, comparison: Comparison) -> SafeString:
        return SafeString(
            "".join(
                f'<section class="s-part">{"".join(self.item(item, 2))}</section>'
                for item in _sections(comparison)
            )
        )

    def item(self, item: Item, level: int) -> Iterator[str]:
        yield self.heading(item, min(level, MOST_LEVELS))
        yield self.table(item)
        shown = [child for child in item.children if child.shown]
        for plain, group in groupby(shown, key=_only_renumbered):
            if plain:
                yield self.renumbered(list(group))
            else:
                for child in group:
                    yield from self.item(child, level + 1)

    def heading(self, item: Item, level: int) -> str:
        marks = "".join(
            f'<span class="s-mark s-mark--{kind}">{word}</span> ' for kind, word in marks_of(item)
        )
        look = f"s-head s-head--{item.kind}" if marks else f"s-head s-head--{item.kind} s-head--same"
        return (
            f'<h{level} id="{anchor(item)}" class="{look}"><span class="s-marks">{marks}</span>'
            f'<span class="s-called">{escape(item.entry.called)}</span> '
            f"{self.code(item)}{escape(item.entry.title)}</h{level}>"
        )

    def code(self, item: Item) -> str:
        if not item.renumbered:
            return f'<span class="p-code">{escape(item.entry.code)}</span> ' if item.entry.code else ""
        old, new = item.old.code if item.old else "", item.new.code if item.new else ""
        return f'<span class="p-code">{_deleted(old)} → {_inserted(new)}</span> '

    def renumbered(self, items: list[Item]) -> str:
        """Parts of which nothing but the number differs, one line each."""
        rows = "".join(
            f'<tr id="{anchor(item)}"><th scope="row">{escape(item.entry.title)}</th>'
            f'<td data-label="{self.old}">{_deleted(item.old.code if item.old else "")}</td>'
            f'<td data-label="{self.new}">{_inserted(item.new.code if item.new else "")}</td></tr>'
            for item in items
        )
        title = ngettext("%d Teil nur umnummeriert", "%d Teile nur umnummeriert", len(items)) % len(items)
        return (
            f'<table class="p-table p-table--stack p-table--dense s-table s-table--codes">'
            f"<caption>{title}</caption>{self.head(_('Titel'))}<tbody>{rows}</tbody></table>"
        )

    def table(self, item: Item) -> str:
        changes = [*([item.place] if item.place else []), *item.changes]
        if not changes:
            return ""
        bodies = "".join(self.whole(item) if item.added or item.removed else map(self.change, changes))
        return (
            f'<table class="p-table p-table--stack s-table" aria-labelledby="{anchor(item)}">'
            f"{self.heads}{bodies}</table>"
        )

    def whole(self, item: Item) -> Iterator[str]:
        """Everything that is said of a part that stands in one of the two only."""
        for label, group in groupby(item.changes, key=lambda change: change.fact.label):
            html = "".join(_as_it_is(change.fact) for change in group)
            yield self.body(label, [(html, "") if item.removed else ("", html)], look="s-one-side")

    def change(self, change: Change) -> str:
        difference = _difference(change)
        if not change.fact.rich:
            olds, news = zip(*difference.side_by_side(), strict=True)
            return self.body(change.fact.label, [("".join(olds), "".join(news))])
        if difference.changed:
            return self.body(change.fact.label, difference.side_by_side(whole=False))
        same = _("Der Wortlaut ist gleich, nur die Gestaltung ist anders.")
        return self.body(change.fact.label, [(f'<p class="d-omitted">{same}</p>',) * 2])

    def body(self, label: str, rows: Iterable[tuple[str, str]], look: str = "s-both-sides") -> str:
        """One fact. The lines of a long text are rows; each says again what it belongs to."""
        head, lines = escape(label), []
        for old, new in rows:
            lines.append(
                f'<tr{SAME if old == new else ""}><th scope="row" class="s-what">{head}</th>'
                f"{_cell(self.old, old)}{_cell(self.new, new)}</tr>"
            )
            head = f'<span class="p-visually-hidden">{escape(label)}</span>'
        return f'<tbody class="{look}">{"".join(lines)}</tbody>'


def _cell(label: str, html: str) -> str:
    look = "d-text" if html else "d-text s-empty"
    return f'<td class="{look}" data-label="{label}">{html or NOTHING}</td>'


def marks_of(item: Item) -> list[tuple[str, str]]:
    """What became of a part, in a word or several."""
    words = (
        (item.added, "added", _("Neu")),
        (item.removed, "removed", _("Gestrichen")),
        (item.changed, "changed", _("Geändert")),
        (item.moved, "moved", _("Verschoben")),
        (item.renumbered, "moved", _("Umnummeriert")),
    )
    return [(kind, word) for applies, kind, word in words if applies]


def _only_renumbered(item: Item) -> bool:
    quiet = not (item.added or item.removed or item.changed or item.moved)
    return item.renumbered and quiet and not any(child.shown for child in item.children)


def _difference(change: Change) -> Difference:
    old, new = change.old.value if change.old else "", change.new.value if change.new else ""
    return differences.compare(old, new) if change.fact.rich else differences.compare_texts(old, new)


def _as_it_is(fact: Fact) -> str:
    """The text without any mark."""
    compare = differences.compare if fact.rich else differences.compare_texts
    return compare(fact.value, fact.value).inline()


def _deleted(text: str) -> str:
    return f"<del>{_hidden(_('bisher:'))}{escape(text)}</del>" if text else NOTHING


def _inserted(text: str) -> str:
    return f"<ins>{_hidden(_('jetzt:'))}{escape(text)}</ins>" if text else NOTHING


def _hidden(words: str) -> str:
    return f'<span class="p-visually-hidden">{words} </span>'
