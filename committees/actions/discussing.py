"""What was said about an item of the agenda: the Beratungsverlauf, for the minutes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actions.minuted import check_open
from committees.models import AgendaItem
from committees.permissions import may_lead
from concepts.actions.signing import sign
from municipalities.models import User


@transaction.atomic
def note_discussion(*, form: Any, by: User) -> AgendaItem:
    """From the form of the item; only the text is written, whatever became of the item meanwhile."""
    item = (
        AgendaItem.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=form.instance.pk)
    )
    if not may_lead(by, item.meeting.municipality_id):
        raise PermissionDenied(_("Den Beratungsverlauf schreibt der Sitzungsdienst."))
    check_open(item.meeting)
    newest = item.history.values_list("pk", flat=True).first()
    if form.newest is not None and newest != form.newest.pk:
        raise ValidationError(
            _("Jemand hat diesen TOP gerade eben geändert. Bitte speichern Sie noch einmal.")
        )
    item.discussion = form.cleaned_data["discussion"]
    sign(item, by=by)
    item.save()
    return item
