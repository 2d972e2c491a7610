"""What a stage's Vorlage says of the changes before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from committees.actions.amending import comment_amendment, decide_amendment
from committees.printing.render import render_stage, stage_html
from tests import verapdf
from tests.committees.amending import FIRST, MEASURE, SECOND, accepted, moved, on_its_way, stage_of
from tests.documents.reading import in_reading_order, tables_without_heads

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("layout", ["kreis-mettmann", "leverkusen"])
def test_the_next_stage_gets_the_changed_text_and_sees_what_changed(layout: str, tmp_path: Path) -> None:
    planning = on_its_way(layout=layout)
    paper, clerk = planning.paper, planning.clerk
    one, two = paper.resolution_points.all()
    faction = planning.town.factions.get()
    other = "<p>Das Konzept wird beschlossen. Es gilt bis 2030.</p>"
    accepted(paper, 1, FIRST, other, clerk, point=one, faction=faction, reason="Fünf Jahre sind zu kurz.")
    accepted(paper, 1, SECOND, "", clerk, point=two)
    accepted(paper, 1, "", "<p>Der Integrationsrat wird jährlich gehört.</p>", clerk)
    measure = paper.concept.measures.get()
    accepted(paper, 1, MEASURE, MEASURE.replace("zwei", "vier"), clerk, measure=measure)
    rejected = moved(paper, 1, other, "<p>Nichts wird beschlossen.</p>", clerk, point=one)
    decide_amendment(amendment=rejected, state="rejected", by=clerk)

    pdf = render_stage(stage_of(paper, 2))
    assert tables_without_heads(pdf) == 0
    (tmp_path / "vorlage.pdf").write_bytes(pdf)
    assert verapdf.failures([tmp_path / "vorlage.pdf"]) == []
    said = " ".join(in_reading_order(pdf).split())
    assert "Das Konzept wird beschlossen. Es gilt bis 2030." in said
    assert "Änderungsantrag 1, gestellt von: Fraktion der Mitte. Angenommen: Sozialausschuss" in said
    assert "Begründung: Fünf Jahre sind zu kurz." in said
    assert "gelöscht: 2025" in said
    assert "eingefügt: 2030" in said
    assert "Neuer Beschlusspunkt 3" in said
    assert said.count("(gestrichen)") == 2  # in the synopsis, and in the proposal: its number stays
    assert "Der Integrationsrat wird jährlich gehört." in said
    assert "Maßnahme S 1 Sprachkurse" in said
    assert "eingefügt: vier" in said
    assert "Nichts wird beschlossen" not in said

    first = " ".join(in_reading_order(render_stage(stage_of(paper, 1))).split())
    assert "Änderungsantrag" not in first
    assert "Es gilt bis 2025." in first


def test_two_wordings_stand_side_by_side_with_what_the_administration_says() -> None:
    planning = on_its_way()
    paper, clerk = planning.paper, planning.clerk
    one, _two = paper.resolution_points.all()
    other = moved(paper, 2, FIRST, "<p>Das Konzept wird zur Kenntnis genommen.</p>", clerk, point=one)
    decide_amendment(amendment=other, state="accepted", beside=True, by=clerk)
    comment_amendment(amendment=other, comment="Das reicht für eine Förderung nicht.", by=clerk)
    html = stage_html(stage_of(paper, 3))
    said = " ".join(html.split())
    assert "Das Konzept wird beschlossen. Es gilt bis 2025." in said  # the proposal stays
    assert "Anderer Wortlaut zur Wahl: Änderungsantrag 1, gestellt von: Integrationsrat." in said
    assert "Einen anderen Wortlaut empfiehlt: Integrationsrat." in said
    assert "zur Kenntnis genommen" in said
    assert "Stellungnahme der Verwaltung zu Änderungsantrag 1:</strong> Das reicht" in said
    assert "Anderer Wortlaut" not in stage_html(stage_of(paper, 2))
