"""What happens to a route while somebody reads: results, and meetings to come."""

from __future__ import annotations

import datetime

from django.utils import timezone

from committees.models import AgendaItem, Consultation, Meeting


def answered(stage: Consultation, result: str = "einstimmig empfohlen") -> None:
    """The committee has answered, today."""
    stage.result, stage.outcome, stage.recorded_at = result, Consultation.Outcome.ACCEPTED, timezone.now()
    stage.save()


def coming(stage: Consultation, number: str = "5", days: int = 10) -> Meeting:
    """A meeting in some days, with the stage on its agenda."""
    meeting: Meeting = Meeting.objects.create(
        municipality=stage.paper.municipality,
        title=f"Sitzung: {stage.committee}",
        date=timezone.localdate() + datetime.timedelta(days=days),
        start=datetime.time(17),
        place="Rathaus, Ratssaal",
    )
    meeting.committees.set(stage.committees())
    title = stage.paper.subject
    stage.agenda_item = AgendaItem.objects.create(meeting=meeting, position=1, number=number, title=title)
    stage.meeting = meeting
    stage.save()
    return meeting
