"""Who else has a part open: a quiet sign, no lock."""

from __future__ import annotations

import datetime

from django.utils import timezone

from concepts.kinds import kind_of
from concepts.models import Concept, ConceptPart, Opening
from municipalities.models import User
from municipalities.rows import RowsById

STILL_THERE = datetime.timedelta(seconds=90)  # the browser says so every 30 seconds
FORGOTTEN = datetime.timedelta(hours=1)


OPENINGS = RowsById(
    lambda concept, row: (
        Opening.objects.filter(concept=concept, row_id=row)
        .order_by("user__name")
        .values_list("kind", "user_id", "user__name", "seen_at")
    )
)


def seen(*, concept: Concept, part: ConceptPart, user: User) -> None:
    """Notes that the user has the part open now, and forgets who has long gone."""
    now = timezone.now()
    mine = {"concept": concept, "kind": kind_of(part).name, "row_id": part.pk, "user": user}
    if not Opening.objects.filter(**mine).update(seen_at=now):
        Opening.objects.get_or_create(**mine, defaults={"seen_at": now})
        Opening.objects.filter(seen_at__lt=now - FORGOTTEN).delete()


def others_at(*, concept: Concept, part: ConceptPart, user: User) -> list[str]:
    """Names of the others who have it open."""
    since = timezone.now() - STILL_THERE
    return [
        name
        for kind, there, name, seen_at in OPENINGS.rows(concept.pk, part.pk)
        if kind == kind_of(part).name and there != user.pk and seen_at >= since
    ]


def gone(*, concept: Concept, part: ConceptPart, user: User) -> None:
    Opening.objects.filter(concept=concept, kind=kind_of(part).name, row_id=part.pk, user=user).delete()
