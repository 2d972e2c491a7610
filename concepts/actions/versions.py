"""What is done with a concept as a whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from concepts.copying import canonical, copy_of
from concepts.models import Concept, ConceptRevision, ConceptVersion
from concepts.pictures import state_of
from concepts.printing import file_name, tree_document
from concepts.reviving import revive
from documents.models import IssuedFile
from documents.pdf import render
from documents.print_pictures import with_pictures
from municipalities.models import User


def freeze_version(
    *, concept: Concept, name: str, by: User | None, also: Callable[[ConceptVersion], None] | None = None
) -> ConceptVersion:
    """Keeps the concept as it is now, as data and as PDF, under a name of its own.

    `also` is done with the new version in the same transaction: both, or neither.

    Raises ValidationError with a sentence if the name is missing or taken.
    """
    name = " ".join(name.split())
    check_name(concept, name)
    # Printing takes seconds: it is done before the transaction, which only makes sure that nothing was
    # changed meanwhile. So nobody else has to wait with their saving.
    state, content = state_of(concept), canonical(copy_of(concept))
    pdf = print_copy(concept, content, name)
    with transaction.atomic():
        locked = (
            Concept.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=concept.pk)
        )
        # Whoever changes a part counts it here, and so waits until the copy is complete.
        ConceptRevision.objects.select_for_update().filter(concept=locked).first()
        check_name(locked, name)
        if state_of(locked) != state:
            content = canonical(copy_of(locked))
            pdf = print_copy(locked, content, name)
        newest = ConceptVersion.objects.filter(concept=locked).aggregate(number=Max("number"))["number"]
        version = ConceptVersion.objects.create(
            concept=locked,
            number=(newest or 0) + 1,
            name=name,
            content=content,
            sha256=hashlib.sha256(content.encode()).hexdigest(),
            pdf=IssuedFile.freeze(
                municipality=locked.municipality, name=file_name(locked, name), content=pdf, by=by
            ),
        )
        if also is not None:
            also(version)
        return version


def print_copy(concept: Concept, content: str, name: str) -> bytes:
    """Printed from the copy itself: what is missing there would be missing on paper. Only the pictures,
    which never change, come from where they are kept."""
    frozen = revive(json.loads(content))
    document = tree_document(frozen.tree, frozen.logo, name)
    return render(with_pictures([document], concept.municipality)[0])


def check_name(concept: Concept, name: str) -> None:
    if not name:
        raise ValidationError({"name": _("Bitte geben Sie der Fassung einen Namen.")})
    longest = ConceptVersion._meta.get_field("name").max_length or 0
    if len(name) > longest:
        raise ValidationError({"name": _("Der Name darf höchstens %d Zeichen lang sein.") % longest})
    if ConceptVersion.objects.filter(concept=concept, name=name).exists():
        raise ValidationError(
            {"name": _("Eine Fassung „%s“ gibt es schon. Bitte wählen Sie einen anderen Namen.") % name}
        )
