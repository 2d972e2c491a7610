"""Keeping the index true: what changed is indexed anew before it is searched."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from committees.models import Paper
from concepts.models import Concept
from documents.richtext import plain_text
from municipalities.models import Municipality
from search.models import Container, Entry
from search.sources import (
    Source,
    sources_of_concepts,
    sources_of_papers,
    sources_of_participation,
    sources_of_sessions,
)
from search.words import stored_words

RULES = 5
"""Raised by whoever changes what is stored of a text (words.py, sources/): then all of it is stored anew."""
MOST_CHARACTERS = 100_000
"""Of one entry's text; PostgreSQL takes no more than a megabyte of words."""
TEXT_SEPARATOR = " · "
Key = tuple[str, int]

HOLDERS: dict[str, tuple[type[Any], str]] = {
    "town": (Municipality, ""),
    "concept": (Concept, "municipality__"),
    "paper": (Paper, "municipality__"),
}


class Moved(NamedTuple):
    """Something whose counters are no longer those it was indexed at: `town` or `concept` or `paper`."""

    holder: str
    pk: int
    own_number: int
    town_number: int

    @property
    def key(self) -> Key:
        return self.holder, self.pk


def moved_in(towns: Collection[int]) -> list[Moved]:
    """In one query. Papers and parts of concepts show names of the town's people and institutions, so its
    counter counts for them too."""

    def moved(holder: str) -> Any:
        model, path = HOLDERS[holder]
        rows = model.objects.filter(**{f"{path}pk__in" if path else "pk__in": towns})
        return (
            rows.annotate(
                own=Coalesce("revision__number", Value(0)),
                towns_own=Coalesce(f"{path}revision__number", Value(0)),
                known_own=Coalesce("search_container__own_number", Value(-1)),
                known_town=Coalesce("search_container__town_number", Value(-1)),
                rules=Coalesce("search_container__rules", Value(0)),
            )
            .exclude(known_own=F("own"), known_town=F("towns_own"), rules=RULES)
            .order_by()
            .values_list(Value(holder), "pk", "own", "towns_own")
        )

    first, *others = map(moved, HOLDERS)
    return sorted(Moved(*row) for row in first.union(*others, all=True))


def refresh_index(towns: Collection[int]) -> int:
    """Index anew what changed in these towns; how many entries were written."""
    moved = moved_in(towns) if towns else []
    if not moved:
        return 0
    with transaction.atomic():
        containers = _locked(moved)
        # Whoever had to wait for the lock finds the work done. The numbers are read before the rows: what is
        # saved in between moves them on and is indexed by the next search.
        return _index([one for one in moved_in(towns) if one.key in containers], containers)


def rebuild_index() -> int:
    """Throw the index away and make it anew, one town after the other; how many entries were written."""
    written = 0
    for town in Municipality.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            of_town = Q(town=town) | Q(concept__municipality=town) | Q(paper__municipality=town)
            Container.objects.filter(of_town).delete()
            written += refresh_index([town])
    return written


def _locked(moved: Iterable[Moved]) -> dict[Key, Container]:
    """Their containers, made where there are none yet, and held until the transaction ends."""
    ids: dict[str, list[int]] = {holder: [] for holder in HOLDERS}
    for one in moved:
        ids[one.holder].append(one.pk)
    Container.objects.bulk_create(
        [Container(**{f"{holder}_id": pk}) for holder in HOLDERS for pk in ids[holder]], ignore_conflicts=True
    )
    wanted = Q(town__in=ids["town"]) | Q(concept__in=ids["concept"]) | Q(paper__in=ids["paper"])
    return {row.key: row for row in Container.objects.select_for_update().filter(wanted).order_by("pk")}


def _index(moved: Sequence[Moved], containers: dict[Key, Container]) -> int:
    known = {
        (kind, number): (pk, digest)
        for kind, number, pk, digest in Entry.objects.filter(
            container__in=[containers[one.key] for one in moved]
        ).values_list("kind", "number", "pk", "digest")
    }
    changed = []
    for source in _sources(moved):
        digest = source.digest(RULES)
        if known.pop((source.kind, source.number), (0, ""))[1] != digest:
            changed.append(_entry(source, containers[source.holder], digest))
    Entry.objects.filter(pk__in=[pk for pk, _digest in known.values()]).delete()
    Entry.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["kind", "number"],
        update_fields=[
            field.name for field in Entry._meta.concrete_fields if field.name not in ("id", "kind", "number")
        ],
    )
    for one in moved:
        container = containers[one.key]
        container.own_number, container.town_number, container.rules = one.own_number, one.town_number, RULES
    Container.objects.bulk_update(
        [containers[one.key] for one in moved], ["own_number", "town_number", "rules"]
    )
    return len(changed)


def _sources(moved: Iterable[Moved]) -> Iterator[Source]:
    ids: dict[str, list[int]] = {holder: [] for holder in HOLDERS}
    for one in moved:
        ids[one.holder].append(one.pk)
    readers: list[tuple[str, Callable[[Sequence[int]], Iterator[Source]]]] = [
        ("concept", sources_of_concepts),
        ("paper", sources_of_papers),
        ("town", sources_of_participation),
        ("town", sources_of_sessions),
    ]
    return chain.from_iterable(read(ids[holder]) for holder, read in readers if ids[holder])


def _entry(source: Source, container: Container, digest: str) -> Entry:
    body = TEXT_SEPARATOR.join([*map(plain_text, source.rich), *source.plain])[:MOST_CHARACTERS]
    title_words, title_parts = stored_words(source.title)
    body_words, body_parts = stored_words(body)
    return Entry(
        container=container,
        municipality_id=source.town,
        kind=source.kind,
        number=source.number,
        position=source.position,
        digest=digest,
        label=source.label,
        title=source.title,
        body=body,
        place=source.place,
        address=source.address,
        title_words=title_words,
        body_words=body_words,
        title_parts=title_parts,
        body_parts=body_parts,
    )
