"""The kinds of things one opens in the workbench: what they are called in addresses and in German."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from concepts.models import ActionField, Chapter, Concept, ConceptPart, Funding, Goal, Indicator, Measure


@dataclass(frozen=True)
class Kind:
    """`slug` stands in addresses; `new` is what the button that makes one says."""

    slug: str
    model: type[ConceptPart]
    new: Any
    text_names: tuple[str, ...] = ()
    """The texts for which readers may suggest another wording."""

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)


KINDS = (
    Kind("kapitel", Chapter, _("Neues Kapitel"), ("title", "body")),
    Kind("felder", ActionField, _("Neues Handlungsfeld"), ("title", "situation", "deficits", "potentials")),
    Kind("ziele", Goal, _("Neues Ziel"), ("text", "description")),
    Kind("massnahmen", Measure, _("Neue Maßnahme"), ("title", "text", "reason")),
    Kind("indikatoren", Indicator, _("Neuer Indikator"), ("title", "description")),
    Kind("foerderungen", Funding, _("Neue Förderung"), ("programme", "purpose")),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}
BY_MODEL: dict[Any, Kind] = {kind.model: kind for kind in KINDS}


def kind_or_404(slug: str) -> Kind:
    try:
        return BY_SLUG[slug]
    except KeyError:
        raise Http404(slug) from None


def kind_of(part: ConceptPart) -> Kind:
    return BY_MODEL[type(part)]


def workbench_url(concept: Concept, part: ConceptPart | None = None, page: str = "") -> str:
    """The workbench's start page, a part's form, or one of the part's other pages („verlauf/“)."""
    base = reverse("concepts:workbench", args=[concept.municipality.slug, concept.slug])
    return f"{base}{kind_of(part).slug}/{part.pk}/{page}" if part is not None else base
