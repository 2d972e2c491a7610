"""What the committees before a stage changed, as its Vorlage prints it."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from committees.blocks import BlockKind
from committees.carrying import Carried, CarriedMeasure, CarriedPoint
from committees.models import Amendment, Consultation
from committees.printing.contents import PaperContents
from committees.printing.withheld import NOT_PUBLIC
from documents.differences import Part, compare

Row = dict[str, Any]


def printed_points(contents: PaperContents, stage: Consultation) -> list[str]:
    """The proposal as the stage gets it (HTML). A struck point keeps its number."""
    title = next((block.title for block in contents.blocks if block.kind is BlockKind.AMENDMENTS), "")
    return [
        (row.text or format_html("<p>{}</p>", _("(gestrichen)"))) + _other_wording(row, title)
        for row in contents.carried_points(stage)
        if not row.only_beside
    ]


def _other_wording(row: CarriedPoint, title: str) -> str:
    if not (row.alternatives and title):
        return ""
    who = ", ".join(dict.fromkeys(one.consultation.committee_names() for one in row.alternatives))
    return format_html(
        '<p class="resolution-other">{}</p>',
        _("Einen anderen Wortlaut empfiehlt: %(who)s. Siehe „%(title)s“.") % {"who": who, "title": title},
    )


def amended_rows(contents: PaperContents, stage: Consultation) -> list[Row]:
    """Each text that was changed, or is wanted otherwise, with both wordings and what is said to it."""
    texts = [*contents.carried_points(stage), *contents.carried_measures(stage)]
    return [row_of(text) for text in texts if text.touched or text.withheld]


def row_of(text: Carried) -> Row:
    others = [*text.alternatives, *text.unfit]
    return {
        "heading": heading_of(text),
        "changes": [told(change) for change in text.changes],
        "synopsis": synopsis_of(text.original, text.text, whole=isinstance(text, CarriedPoint))
        if text.changes
        else [],
        "withheld": NOT_PUBLIC if text.withheld else "",
        "is_new": not text.original,
        "is_struck": text.struck,
        "others": [{"told": told(one), **_beside(text.text, one.after)} for one in others],
        "comments": [
            {"number": one.number, "text": one.comment} for one in [*text.changes, *others] if one.comment
        ],
    }


def heading_of(text: Carried) -> str:
    if isinstance(text, CarriedMeasure):
        assert text.measure is not None
        return _("Maßnahme %s") % " ".join(f"{text.measure.code} {text.measure.title}".split())
    assert isinstance(text, CarriedPoint)
    if text.only_beside:
        return _("Weiterer Beschlusspunkt")
    return (_("Beschlusspunkt %d") if text.point else _("Neuer Beschlusspunkt %d")) % text.position


def told(amendment: Amendment) -> dict[str, Any]:
    stage = amendment.consultation
    return {
        "number": amendment.number,
        "by": amendment.moved_by,
        "committee": stage.committee_names(),
        "date": stage.date,
        "reason": amendment.reason,
    }


def synopsis_of(before: str, after: str, *, whole: bool = True) -> list[tuple[Any, Any]]:
    """Line by line; what came instead of something stands beside it."""
    rows: list[tuple[Any, Any]] = []
    gone: list[Any] = []
    came: list[Any] = []
    for old, new in [*compare(before, after).side_by_side(whole=whole), ("same", "same")]:
        if old and new:
            rows += zip_longest(gone, came, fillvalue="")
            gone, came = [], []
            rows.append((old, new))
        elif old:
            gone.append(old)
        else:
            came.append(new)
    return rows[:-1]


def _beside(text: str, other: str) -> dict[str, Any]:
    """Marked is what only one of them says, unless that is nearly all."""
    found = compare(text, other)
    runs = [run for line in found.lines for run in line.runs]
    same = sum(len(run.words) for run in runs if run.part == Part.SAME)
    if 2 * same < sum(len(run.words) for run in runs if run.part != Part.DELETED):
        return {"here": compare(text, text).inline(), "there": compare(other, other).inline()}
    here, there = found.marked()
    return {"here": here, "there": there}
