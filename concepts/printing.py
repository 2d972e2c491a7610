"""The concept as a PDF: the Anlage of a Vorlage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concepts.models import ActionField, Chapter, Concept
from concepts.print_blocks import (
    chapter_groups,
    counts,
    field_block,
    funding_facts,
    indicator_block,
    overview_rows,
    register_rows,
    rich,
)
from concepts.tree import ConceptTree, read_tree
from documents.file_names import UMLAUTS
from documents.pdf import PrintDocument, Section, render
from documents.print_pictures import with_pictures
from municipalities.colours import WHITE, TownColours, mix

LOGO = "logo"
LONGEST_NAME = 140
PLURALS = {
    ActionField.Kind.LEADING_THEME: gettext_lazy("Vorangestellte Themen"),
    ActionField.Kind.FIELD: gettext_lazy("Handlungsfelder"),
    ActionField.Kind.CROSS_CUTTING: gettext_lazy("Querschnittsthemen"),
}


@dataclass(frozen=True)
class Line:
    """A line of the contents; with no anchor it is a heading above the ones that follow."""

    title: str
    anchor: str = ""
    code: str = ""
    level: int = 1


def file_name(concept: Concept, version: str = "") -> str:
    """Safe in a header and on any disk: `leverkusen_integrationskonzept_entwurf.pdf`."""
    parts = (concept.municipality.slug, concept.slug, slugify(version.translate(UMLAUTS)))
    return "_".join(part for part in parts if part)[:LONGEST_NAME] + ".pdf"


def render_concept(concept: Concept) -> bytes:
    return render(concept_document(concept))


def concept_document(concept: Concept) -> PrintDocument:
    """The concept as it is now."""
    document = tree_document(read_tree(concept), concept.municipality.logo_content())
    return with_pictures([document], concept.municipality)[0]


def tree_document(tree: ConceptTree, logo: bytes, version: str = "") -> PrintDocument:
    """The whole concept, its pictures still to be put in; `version` is the name under which it is frozen."""
    concept, town = tree.concept, tree.concept.municipality
    return PrintDocument(
        title=f"{concept.title} – {town.name}",
        running_title=concept.title,
        number=town.short_name,
        author=town.name,
        subject=concept.subtitle,
        accent=TownColours.of(town.colour).ink,
        images={LOGO: logo} if logo else {},
        sections=[cover(concept, tree, version, bool(logo)), contents(concept, tree), *parts(tree)],
    )


def section(template: str, context: dict[str, Any], page: str = "standard") -> Section:
    return Section(render_to_string(f"print/concept/{template}.html", context), page)


def cover(concept: Concept, tree: ConceptTree, version: str, has_logo: bool) -> Section:
    colours = TownColours.of(concept.municipality.colour)
    context = {
        "concept": concept,
        "municipality": concept.municipality,
        "version": version,
        "has_logo": has_logo,
        "colours": colours,
        "discs": [mix(colours.colour, WHITE, share) for share in (0.9, 0.82, 0.74)],
        "counts": counts(concept, tree),
    }
    return section("cover", context, "cover")


def contents(concept: Concept, tree: ConceptTree) -> Section:
    return section("contents", {"lines": list(lines_of(tree)), "note": concept.note})


def lines_of(tree: ConceptTree) -> Iterable[Line]:
    yield from map(_chapter_line, tree.before)
    for kind, nodes in groupby(tree.fields, key=lambda node: node.field.kind):
        yield Line(str(PLURALS[ActionField.Kind(kind)]))
        for node in nodes:
            yield Line(node.field.title, f"feld-{node.field.pk}", node.field.code, level=2)
    yield from map(_chapter_line, tree.after)
    if tree.indicators:
        yield Line(_("Übergreifende Indikatoren"), "indikatoren")
    if any(tree.all_measures()):
        yield Line(_("Maßnahmen im Überblick"), "massnahmen")
    if tree.fundings:
        yield Line(_("Förderungen"), "foerderungen")
    if tree.institutions():
        yield Line(_("Beteiligte Einrichtungen"), "einrichtungen")


def _chapter_line(chapter: Chapter) -> Line:
    return Line(chapter.title, f"kapitel-{chapter.pk}")


def parts(tree: ConceptTree) -> Iterable[Section]:
    yield from chapters(tree.before)
    for node in tree.fields:
        yield section("field", {"field": field_block(node)})
    yield from chapters(tree.after)
    if tree.indicators:
        yield section(
            "indicators", {"indicators": [indicator_block(node, level=2) for node in tree.indicators]}
        )
    if overview := overview_rows(tree):
        yield section("overview", {"rows": overview})
    if tree.fundings:
        yield section("fundings", {"fundings": [(node, funding_facts(node)) for node in tree.fundings]})
    if register := register_rows(tree):
        yield section("register", {"rows": register})


def chapters(rows: list[Chapter]) -> Iterable[Section]:
    for group in chapter_groups(rows):
        yield section("chapters", {"chapters": [(row, rich(row.body, 1)) for row in group]})
