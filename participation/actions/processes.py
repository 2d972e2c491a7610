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
from municipalities.models import Municipality, User
from participation.models import Phase, PhaseOverride, Process


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


def held_by(process: Process) -> list[str]:
    """What is in a process besides its phases, in words; as long as there is anything, it stays."""
    words = []
    for relation in Process._meta.related_objects:
        model: Any = relation.related_model
        number = 0 if model is Phase else model._base_manager.filter(**{relation.field.name: process}).count()
        if number:
            name = model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural
            words.append(f"{number} {name}")
    return words


@transaction.atomic
def delete_process(*, process: Process, by: User) -> None:
    """With its phases, as one step that `restore_process` takes back. ValidationError if it holds more."""
    Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    if held := held_by(process):
        raise ValidationError(_("Der Prozess enthält: %s.") % ", ".join(held))
    moment = timezone.now()
    for row in (*process.phases.all(), process):
        row._history_date = moment
        sign(row, by=by)
        row.delete()


def deleted_processes(municipality: Municipality) -> list[Any]:
    """The entries of the history with which processes ended that are not there now, the newest first."""
    there = Process.objects.filter(municipality=municipality).values("pk")
    gone = Process.history.filter(municipality=municipality, history_type="-").exclude(id__in=there)
    newest: dict[int, Any] = {}
    for entry in gone.select_related("history_user").order_by("-history_date", "-history_id"):
        newest.setdefault(entry.id, entry)
    return list(newest.values())


@transaction.atomic
def restore_process(*, entry: Any, by: User) -> Process:
    """As it was when it was deleted, with its phases. ValidationError where its title is taken meanwhile."""
    if Process.objects.filter(municipality=entry.municipality_id, title=entry.title).exists():
        raise ValidationError(
            _("Einen Prozess mit dem Titel „%s“ gibt es inzwischen wieder. Bitte benennen Sie ihn zuerst um.")
            % entry.title
        )
    process: Process = entry.instance
    for name in ("concept", "organiser", "moderator"):
        field: Any = Process._meta.get_field(name)
        if not field.related_model.objects.filter(pk=getattr(process, field.attname)).exists():
            setattr(process, name, None)  # gone meanwhile
    phases = Phase.history.filter(process_id=entry.id, history_type="-", history_date=entry.history_date)
    for row in (process, *(phase.instance for phase in phases)):
        sign(row, by=by)
        row.save(force_insert=True)
    return process


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
