"""The synopsis as a PDF: sheets across, two columns, in the town's colours."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from concepts.models import Concept
from concepts.printing import LOGO, file_name
from concepts.synopsis import Side, Synopsis
from documents.pdf import PrintDocument, Section, render
from municipalities.colours import TownColours
from municipalities.models import Municipality


def synopsis_file_name(concept: Concept, old: Side, new: Side) -> str:
    return file_name(concept, f"synopse {old.slug} {new.slug}")


def render_synopsis(town: Municipality, synopsis: Synopsis) -> bytes:
    return render(synopsis_document(town, synopsis))


def synopsis_document(town: Municipality, synopsis: Synopsis) -> PrintDocument:
    """`town` gives name, colour and logo as they are today."""
    logo, colours = town.logo_content(), TownColours.of(town.colour)
    names = _("Synopse: %(old)s und %(new)s") % {"old": synopsis.old.name, "new": synopsis.new.name}
    context = {"synopsis": synopsis, "municipality": town, "has_logo": bool(logo), "colours": colours}
    return PrintDocument(
        title=f"{synopsis.concept.title} – {names} – {town.name}",
        running_title=f"{synopsis.concept.title} – {names}",
        number=town.short_name,
        author=town.name,
        subject=names,
        accent=colours.ink,
        images={LOGO: logo} if logo else {},
        sections=[Section(render_to_string("print/concept/synopsis.html", context), "landscape")],
    )
