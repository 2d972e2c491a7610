"""What the tests of the town's own fields share."""

from typing import Any

from concepts.models import AdditionalField, Concept
from municipalities.models import Municipality

Kind = AdditionalField.Kind


def add(town: Municipality, label: str, kind: str = Kind.TEXT, **values: Any) -> AdditionalField:
    position = town.additional_fields.count() + 1
    row: AdditionalField = AdditionalField.objects.create(
        municipality=town, position=position, label=label, kind=kind, **values
    )
    return row


def answer(concept: Concept, field: AdditionalField, *answers: Any) -> None:
    """The concept's first measures answer this."""
    for measure, given in zip(concept.measures.order_by("pk"), answers, strict=False):
        measure.additional[str(field.pk)] = given
        measure.save()
