"""The way of the minutes: draft, agreed, published; after that a correction is a new version."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from concepts.actions.signing import sign
from municipalities.models import User
from participation.models import Event, Minutes


def open_minutes(event: Event) -> Minutes | None:
    """The version that is being written or agreed upon; at most one."""
    found: Minutes | None = event.minutes.exclude(state=Minutes.State.PUBLISHED).first()
    return found


def save_draft(*, form: Any, by: User) -> Minutes:
    """The text of a draft; a first one begins with it."""
    minutes: Minutes = form.instance
    sign(minutes, by=by)
    saved: Minutes = form.save()
    return saved


@transaction.atomic
def agree(*, event: Event, by: User) -> Minutes:
    """The draft is what all have agreed to; from now on the members read it."""
    minutes = _in_state(event, Minutes.State.DRAFT, _("Es gibt keinen Entwurf, der abzustimmen wäre."))
    if not minutes.text:
        raise ValidationError(_("Die Niederschrift ist noch leer. Bitte schreiben Sie sie zuerst."))
    minutes.state, minutes.agreed_at, minutes.agreed_by = Minutes.State.AGREED, timezone.now(), by
    return _saved(minutes, by)


@transaction.atomic
def back_to_draft(*, event: Event, by: User) -> Minutes:
    minutes = _in_state(event, Minutes.State.AGREED, _("Es gibt keine abgestimmte Niederschrift."))
    minutes.state, minutes.agreed_at, minutes.agreed_by = Minutes.State.DRAFT, None, None
    return _saved(minutes, by)


@transaction.atomic
def publish(*, event: Event, by: User) -> Minutes:
    """From now on nobody changes it any more."""
    minutes = _in_state(
        event,
        Minutes.State.AGREED,
        _("Veröffentlicht wird nur eine abgestimmte Niederschrift. Bitte stimmen Sie sie zuerst ab."),
    )
    minutes.state, minutes.published_at, minutes.published_by = Minutes.State.PUBLISHED, timezone.now(), by
    return _saved(minutes, by)


@transaction.atomic
def correct(*, event: Event, reason: str, by: User) -> Minutes:
    """A new draft with the text of what was published; that stays readable."""
    Event.objects.select_for_update().get(pk=event.pk)
    if not reason.strip():
        raise ValidationError(_("Bitte nennen Sie den Grund der Berichtigung."))
    if open_minutes(event) is not None:
        raise ValidationError(_("Eine neue Fassung ist schon in Arbeit."))
    last = event.minutes.order_by("version").last()
    if last is None:
        raise ValidationError(_("Es gibt noch keine Niederschrift, die zu berichtigen wäre."))
    number = (event.minutes.aggregate(last=Max("version"))["last"] or 0) + 1
    return _saved(Minutes(event=event, version=number, text=last.text, correction=reason.strip()), by)


def _in_state(event: Event, state: str, sentence: str) -> Minutes:
    minutes = event.minutes.select_for_update().filter(state=state).first()
    if minutes is None:
        raise ValidationError(sentence)
    found: Minutes = minutes
    return found


def _saved(minutes: Minutes, by: User) -> Minutes:
    sign(minutes, by=by)
    minutes.save()
    return minutes
