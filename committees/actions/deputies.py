"""Who signs for whom, as the people themselves say it."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from committees.models import Deputyship
from concepts.actions.signing import sign as sign_history
from municipalities.models import User


@transaction.atomic
def stand_in(*, deputyship: Deputyship, by: User) -> Deputyship:
    if deputyship.person.user_id != by.pk:
        raise PermissionDenied
    sign_history(deputyship, by=by)
    deputyship.full_clean()
    deputyship.save()
    return deputyship


@transaction.atomic
def end_deputyship(*, deputyship: Deputyship, by: User) -> None:
    """From today on. One that has begun keeps its past; one that has not is taken back."""
    if deputyship.person.user_id != by.pk:
        raise PermissionDenied
    sign_history(deputyship, by=by)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    if deputyship.first_day is not None and deputyship.first_day <= yesterday:
        deputyship.last_day = yesterday
        deputyship.save()
    else:
        deputyship.delete()
