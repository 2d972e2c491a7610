"""Keeping a process with its phases, and what is opened or closed out of turn."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from concepts.actions.placing import reorder
from concepts.actions.signing import sign
from municipalities.models import User
from participation.models import PhaseOverride, Process


@transaction.atomic
def save_process(*, form: Any, phases: Any, by: User) -> Process:
    """The process and its phases, in the order in which they were numbered."""
    process: Process = form.instance
    sign(process, by=by)
    process = form.save()
    phases.instance = process
    save_in_order(rows=phases, by=by)
    return process


def save_in_order(*, rows: Any, by: User) -> None:
    """A form set whose rows have a position, and a field `place` in which somebody typed where they go.

    Rows without a number go to the end, as they stand in the table.
    """
    siblings = getattr(rows.instance, rows.fk.remote_field.related_name)
    last = siblings.aggregate(last=Max("position"))["last"] or 0
    wanted = [(form.cleaned_data.get("place") or 10_000, form.instance) for form in rows if form.cleaned_data]
    for row in rows.save(commit=False):
        if row.pk is None:
            last += 1
            row.position = last
        sign(row, by=by)
        row.save()
    for row in rows.deleted_objects:
        sign(row, by=by)
        row.delete()
    order = [row.pk for _place, row in sorted(wanted, key=lambda pair: pair[0]) if row.pk is not None]
    reorder(siblings.all(), order)


@transaction.atomic
def override(*, form: Any, by: User) -> PhaseOverride:
    """Opens or closes a right out of turn."""
    found: PhaseOverride = form.save(commit=False)
    found.decided_by = by
    sign(found, by=by)
    found.save()
    return found


@transaction.atomic
def withdraw_override(*, found: PhaseOverride, by: User) -> None:
    """Ends it today; it stays on record. ValidationError where it has been ended before."""
    found = PhaseOverride.objects.select_for_update().get(pk=found.pk)
    if found.withdrawn_at is not None:
        raise ValidationError(_("Diese Freigabe ist schon beendet."))
    found.withdrawn_at, found.withdrawn_by = timezone.now(), by
    sign(found, by=by)
    found.save()
