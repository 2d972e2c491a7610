"""Who may put a picture into a town's texts."""

from __future__ import annotations

from django.db.models import QuerySet

from municipalities.models import Municipality, User


def towns_to_upload_to(user: User) -> QuerySet[Municipality]:
    """The towns where the user holds a role. Who only sits in a body of theirs writes no texts."""
    return Municipality.objects.filter(pk__in=user.access.towns_with())


def may_upload(user: User, town_id: int | None) -> bool:
    return town_id in user.access.towns_with()
