"""Keeping events with their agenda and documents; cancelling and deleting them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concepts.actions.signing import sign
from municipalities.models import User
from participation.actions.processes import save_in_order
from participation.models import Event, EventDocument
from participation.uploads import Upload

# What a calendar shows: a change of one of these is a new state of the invitation.
IN_CALENDARS = ("title", "date", "start_time", "end_time", "place", "state")


@transaction.atomic
def save_event(*, form: Any, agenda: Any, by: User) -> Event:
    """The event and its agenda. When people were invited to another day, that one is kept as the plan."""
    event: Event = form.instance
    before = Event.objects.filter(pk=event.pk).first() if event.pk else None
    if before is not None:
        count_change(event, before)
        moved = before.date is not None and before.date != event.date
        if moved and event.planned_date is None and event.notices.exists():
            event.planned_date = before.date
    sign(event, by=by)
    event = form.save()
    agenda.instance = event
    save_in_order(rows=agenda, by=by)
    return event


def count_change(event: Event, before: Event) -> None:
    if any(getattr(event, name) != getattr(before, name) for name in IN_CALENDARS):
        event.sequence = before.sequence + 1


@transaction.atomic
def cancel_event(*, event: Event, reason: str, by: User) -> Event:
    """It is called off, and says why. ValidationError where it has been or was held."""
    event = Event.objects.select_for_update(of=("self",)).select_related("process").get(pk=event.pk)
    if event.state == Event.State.CANCELLED:
        raise ValidationError(_("Die Veranstaltung ist schon abgesagt."))
    if event.state == Event.State.HELD:
        raise ValidationError(
            _("Was stattgefunden hat, lässt sich nicht absagen. Ändern Sie zuerst den Stand auf „geplant“.")
        )
    event.state, event.reason = Event.State.CANCELLED, reason
    event.sequence += 1
    sign(event, by=by, reason=reason)
    event.save()
    return event


def hanging_from(event: Event) -> list[str]:
    """What goes when the event is deleted, in words; and ValidationError where it must not go."""
    if event.minutes.filter(state="published").exists():
        raise ValidationError(
            _(
                "Zu dieser Veranstaltung ist eine Niederschrift veröffentlicht. "
                "Sie kann nicht gelöscht werden."
            )
        )
    if event.proposals.exists():
        raise ValidationError(
            _(
                "Bei dieser Veranstaltung wurden Vorschläge eingebracht, und woher ein Vorschlag kommt, "
                "bleibt nachvollziehbar. Sie kann nicht gelöscht werden."
            )
        )
    counted = (
        (event.agenda.count(), "%d Punkt der Tagesordnung", "%d Punkte der Tagesordnung"),
        (event.documents.count(), "%d Unterlage", "%d Unterlagen"),
        (event.replies.count(), "%d Rückmeldung", "%d Rückmeldungen"),
        (event.notices.count(), "%d versandte Nachricht", "%d versandte Nachrichten"),
        (event.present.count(), "%d Eintrag der Anwesenheit", "%d Einträge der Anwesenheit"),
        (event.minutes.count(), "%d Entwurf der Niederschrift", "%d Entwürfe der Niederschrift"),
    )
    lines = [ngettext(one, many, number) % number for number, one, many in counted if number]
    founded = list(event.founded_groups.all())
    lines += [_("Angabe, dass „%s“ hier gebildet wurde") % group for group in founded]
    return lines


@transaction.atomic
def delete_event(*, event: Event, by: User, reason: str = "") -> None:
    """With all that hangs from it; what the history keeps of it stays."""
    hanging_from(event)
    for name in ("minutes", "present", "notices", "replies", "documents", "agenda"):
        for row in getattr(event, name).all():
            sign(row, by=by, reason=reason)
            row.delete()
    sign(event, by=by, reason=reason)
    event.delete()


@transaction.atomic
def add_document(*, event: Event, upload: Upload, title: str, audience: str, by: User) -> EventDocument:
    """ValidationError where the same file is there already."""
    digest = hashlib.sha256(upload.content).hexdigest()
    if event.documents.filter(sha256=digest).exists():
        raise ValidationError(_("Diese Datei gibt es bei der Veranstaltung schon."))
    document = EventDocument(
        event=event,
        title=title,
        audience=audience,
        name=upload.name,
        media_type=upload.media_type,
        content=upload.content,
        size=len(upload.content),
        sha256=digest,
        uploaded_by=by,
    )
    sign(document, by=by)
    document.save()
    return document


@transaction.atomic
def delete_document(*, document: EventDocument, by: User) -> None:
    sign(document, by=by)
    document.delete()
