"""What the Fachadministration does with the questions that its town asks about measures."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import ngettext

from concepts.actions.signing import sign
from concepts.models import AdditionalField
from municipalities.models import Municipality, User


@transaction.atomic
def save_field(*, field: AdditionalField, by: User) -> AdditionalField:
    """Saves a changed question, or adds a new one behind the others.

    Raises ValidationError where somebody else was faster with the same name, or with an answer.
    """
    lock(field.municipality)
    if not field.pk:
        field.position = free_position(field.municipality)
    field.full_clean()
    sign(field, by=by)
    field.save()
    return field


@transaction.atomic
def move_field(*, field: AdditionalField, up: bool, by: User) -> bool:
    """Lets the question change places with its neighbour; False where it has none on that side."""
    lock(field.municipality)
    field.refresh_from_db()
    others = AdditionalField.objects.in_town(field.municipality)
    if up:
        neighbour = others.filter(position__lt=field.position).order_by("-position").first()
    else:
        neighbour = others.filter(position__gt=field.position).order_by("position").first()
    if neighbour is None:
        return False
    places = neighbour.position, field.position
    # No two stand in one place, not even for a moment; this step is nothing for the history.
    others.filter(pk=neighbour.pk).update(position=free_position(field.municipality))
    for row, place in zip((field, neighbour), places, strict=True):
        row.position = place
        sign(row, by=by)
        row.save()
    return True


def set_asked(*, field: AdditionalField, active: bool, by: User) -> None:
    """Whether the question still stands in the form of every measure."""
    field.active = active
    sign(field, by=by)
    field.save()


@transaction.atomic
def delete_field(*, field: AdditionalField, by: User) -> None:
    """Raises ValidationError once a measure has answered."""
    lock(field.municipality)
    if number := field.answers().total():
        sentence = ngettext(
            "„%(label)s“ lässt sich nicht löschen: %(number)d Maßnahme hat schon geantwortet. "
            "Mit „Nicht mehr abfragen“ verschwindet das Feld aus den Formularen; "
            "die Antworten bleiben lesbar.",
            "„%(label)s“ lässt sich nicht löschen: %(number)d Maßnahmen haben schon geantwortet. "
            "Mit „Nicht mehr abfragen“ verschwindet das Feld aus den Formularen; "
            "die Antworten bleiben lesbar.",
            number,
        )
        raise ValidationError(sentence % {"label": field.label, "number": number})
    sign(field, by=by)
    field.delete()


def lock(municipality: Municipality) -> None:
    """Until the transaction ends, nobody else changes the order of the town's questions."""
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)


def free_position(municipality: Municipality) -> int:
    last = AdditionalField.objects.in_town(municipality).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
