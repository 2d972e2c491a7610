"""The Beratungsverlauf of an item."""

from __future__ import annotations

from typing import Any, ClassVar

from committees.models import AgendaItem
from municipalities.merging_forms import MergingForm
from municipalities.models import Municipality


class DiscussionForm(MergingForm):
    class Meta:
        model = AgendaItem
        fields: ClassVar = ("discussion",)

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget: Any = self.fields["discussion"].widget
        widget.town_id = municipality.pk
