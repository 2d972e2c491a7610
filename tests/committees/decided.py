"""A paper as it is once the deciding committee has answered, for tests of what comes after."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from committees.models import (
    Amendment,
    Ballot,
    Consultation,
    Paper,
    ResolutionTask,
    ResolvedPoint,
    TaskReport,
)
from concepts.models import Measure
from municipalities.models import Institution, User

Outcome = Consultation.Outcome


def decide(paper: Paper, outcome: str = Outcome.ACCEPTED, *, rejected: tuple[int, ...] = ()) -> Consultation:
    """The last deciding stage resolves the points as they were proposed; some of them it can reject."""
    stages = paper.consultations.filter(meaning=Consultation.Meaning.DECIDE, left_out=False)
    stage: Consultation = stages.order_by("-position")[0]
    stage.outcome, stage.result = outcome, "mehrheitlich beschlossen"
    stage.recorded_at = timezone.now()
    stage.save()
    Ballot.objects.create(consultation=stage, position=1, votes_for=30, votes_against=8)
    for point in paper.resolution_points.all():
        ResolvedPoint.objects.create(
            consultation=stage,
            position=point.position,
            point=point,
            text=point.text,
            rejected=point.position in rejected,
        )
    return stage


def amend_measure(
    measure: Measure, stage: Consultation, after: str, number: int = 1, **more: Any
) -> Amendment:
    """An accepted amendment of the measure's text as it is now."""
    values = {"before": measure.text, "state": "accepted", "decided_order": number, **more}
    return Amendment.objects.create(
        paper=stage.paper, consultation=stage, number=number, measure=measure, after=after, **values
    )


def give_task(
    stage: Consultation, title: str = "Sprachkurse ausschreiben", *, days: int | None = 30, **more: Any
) -> ResolutionTask:
    """A task with its deadline so many days from today."""
    due = None if days is None else timezone.localdate() + datetime.timedelta(days=days)
    return ResolutionTask.objects.create(
        paper=stage.paper, consultation=stage, title=title, **{"due": due, **more}
    )


def decided_paper(like: Paper) -> Consultation:
    """A second paper about the same concept, decided, with all that can follow from it; made once."""
    known = Consultation.objects.filter(
        paper__municipality=like.municipality, paper__number="2018/2044"
    ).first()
    if known is not None:
        return known
    town = like.municipality
    by = User.objects.get(email=f"sitzungsdienst@{town.slug}.example")
    office = User.objects.get(email=f"fachamt@{town.slug}.example").persons.get(municipality=town).institution
    assert isinstance(office, Institution)
    paper = Paper.objects.create(
        municipality=town,
        paper_type=like.paper_type,
        layout=like.layout,
        number="2018/2044",
        subject="Schwerpunkte der Umsetzung des Integrationskonzepts",
        date=datetime.date(2018, 3, 1),
        department=like.department,
        concept=like.concept,
    )
    for position, text in enumerate(
        (
            "<p>Der Rat beschließt die Schwerpunkte der Umsetzung für die Jahre 2018 und 2019.</p>",
            "<p>Die Verwaltung wird beauftragt, über die Umsetzung jährlich zu berichten.</p>",
            "<p>Die Sprechzeiten der Anlaufstelle werden auf zwei Abende in der Woche ausgedehnt.</p>",
        ),
        start=1,
    ):
        paper.resolution_points.create(position=position, text=text)
    last = like.consultations.filter(meaning="decide").order_by("-position")[0]
    Consultation.objects.create(
        paper=paper, position=1, committee=last.committee, meeting=last.meeting, meaning="decide"
    )
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.RELEASED)
    paper.refresh_from_db()
    stage = decide(paper, Outcome.AMENDED)
    point = stage.resolved_points.get(position=2)
    late = give_task(
        stage, "Über die Umsetzung jährlich berichten", days=-20, resolved_point=point, institution=office
    )
    TaskReport.objects.create(
        task=late, state="running", text="<p>Die Zahlen der Träger fehlen noch.</p>", by=by
    )
    ResolutionTask.objects.filter(pk=late.pk).update(state="running")
    give_task(stage, "Lenkungsgruppe zur Umsetzung einberufen", days=10, institution=office)
    done = give_task(stage, "Beschluss den Trägern mitteilen", days=None, institution=office, state="done")
    TaskReport.objects.create(task=done, state="done", text="<p>Alle Träger sind angeschrieben.</p>", by=by)
    if paper.concept:
        measures = list(paper.concept.measures.order_by("field__position", "position")[:4])
        first = measures[0]
        text = f"{first.text}<p>Die Sprechzeiten liegen auch am Abend.</p>"
        amend_measure(first, stage, text, reason="Berufstätige kommen tagsüber nicht.")
    return stage
