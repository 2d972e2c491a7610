"""A released paper on its way through three committees, for tests of what they change."""

from __future__ import annotations

from typing import Any

from committees.actions.amending import decide_amendment, move_amendment
from committees.models import Amendment, Consultation, Faction, Paper
from concepts.models import ActionField, Concept, Measure
from municipalities.models import User
from tests.committees.factories import release
from tests.committees.routes import Planning, make_planning

FIRST = "<p>Das Konzept wird beschlossen. Es gilt bis 2025.</p>"
SECOND = "<p>Die Verwaltung berichtet jährlich.</p>"
MEASURE = "<p>Es gibt zwei Sprachkurse. Sie finden im Rathaus statt.</p>"


def on_its_way(*points: str, layout: str = "kreis-mettmann") -> Planning:
    """Its points are `FIRST` and `SECOND`, its concept has one measure."""
    planning = make_planning(*(points or (FIRST, SECOND)), layout=layout, number="2024/17")
    concept = Concept.objects.create(municipality=planning.town, title="Konzept", slug="konzept")
    field = ActionField.objects.create(concept=concept, position=1, title="Sprache")
    Measure.objects.create(
        concept=concept, field=field, position=1, code="S 1", title="Sprachkurse", text=MEASURE
    )
    Paper.objects.filter(pk=planning.paper.pk).update(concept=concept)
    planning.paper.refresh_from_db()
    Faction.objects.create(municipality=planning.town, name="Fraktion der Mitte")
    for days, name in enumerate(("Sozialausschuss", "Integrationsrat", "Rat"), start=1):
        planning.stage(name, "decide" if name == "Rat" else "advise", days=7 * days)
    release(planning.paper)
    return planning


def stage_of(paper: Paper, position: int) -> Consultation:
    return Consultation.objects.select_related("meeting", "committee").get(paper=paper, position=position)


def moved(paper: Paper, position: int, before: str, after: str, by: User, **values: Any) -> Amendment:
    amendment = Amendment(
        paper=paper, consultation=stage_of(paper, position), before=before, after=after, **values
    )
    return move_amendment(amendment=amendment, by=by)


def accepted(paper: Paper, position: int, before: str, after: str, by: User, **values: Any) -> Amendment:
    amendment = moved(paper, position, before, after, by, **values)
    return decide_amendment(amendment=amendment, state="accepted", by=by)
