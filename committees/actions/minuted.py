"""What a meeting did stands fast once its minutes are signed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.models import Meeting, MeetingMinutes


def check_open(meeting: Meeting | None) -> None:
    """Raises ValidationError once the minutes of the meeting are signed."""
    if (
        meeting is not None
        and MeetingMinutes.objects.filter(meeting=meeting, state=MeetingMinutes.State.SIGNED).exists()
    ):
        raise ValidationError(
            _(
                "Die Niederschrift dieser Sitzung ist unterschrieben; was darin steht, ändert sich nicht "
                "mehr. Eine Berichtigung gehört in die nächste Sitzung."
            )
        )
