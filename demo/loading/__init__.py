"""Loads the five towns from their files."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from demo.loading.base import Loader
from demo.loading.concept import freeze_versions, load_concept_file
from demo.loading.paper import load_paper_file
from demo.loading.participation import load_participation_file
from demo.loading.town import load_town_file
from demo.reading import read_file
from municipalities.models import Municipality, User

__all__ = ["load_town", "town_slugs"]

TOWNS = Path(__file__).resolve().parent.parent / "towns"


def town_slugs() -> list[str]:
    return sorted(path.parent.name for path in TOWNS.glob("*/town.yaml"))


@transaction.atomic
def load_town(slug: str, *, by: User | None = None) -> Municipality | None:
    """Load one town; None, and nothing changed, where it is there already."""
    if Municipality.objects.filter(slug=slug).exists():
        return None
    folder = TOWNS / slug
    loader = Loader(folder, by)
    load_town_file(loader, read_file(folder / "town.yaml"))
    versions = load_concept_file(loader, read_file(folder / "concept.yaml"))
    load_participation_file(loader, read_file(folder / "participation.yaml"))
    freeze_versions(loader, versions)
    load_paper_file(loader, read_file(folder / "paper.yaml"))
    return loader.municipality
