"""What a stage gets of what the stages before it changed."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from committees.carrying import carried_measures, carried_points
from committees.models import Amendment, Consultation, Paper
from concepts.models import ActionField, Concept, Measure
from tests.committees.factories import make_committee, make_paper, make_stage, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FIRST = "<p>Das Konzept wird beschlossen. Es gilt bis 2025.</p>"
SECOND = "<p>Die Verwaltung berichtet jährlich.</p>"


@pytest.fixture
def paper() -> Paper:
    town = make_town()
    paper = make_paper(town, FIRST, SECOND)
    for name in ("Sozialausschuss", "Integrationsrat", "Schulausschuss"):
        make_stage(paper, make_committee(town, name), "advise")
    make_stage(paper, make_committee(town, "Rat"), "decide")
    return paper


def amend(paper: Paper, position: int, before: str, after: str, **values: Any) -> Amendment:
    """Accepted by this stage."""
    number = paper.amendments.count() + 1
    return Amendment.objects.create(
        paper=paper,
        consultation=stage(paper, position),
        number=number,
        before=before,
        after=after,
        **{"state": "accepted", "decided_order": number, **values},
    )


def stage(paper: Paper, position: int) -> Consultation:
    return paper.consultations.get(position=position)


def texts(paper: Paper, position: int | None) -> list[str]:
    fresh = Paper.objects.get(pk=paper.pk)
    return [row.text for row in carried_points(fresh, stage(paper, position) if position else None)]


def test_each_stage_gets_what_the_earlier_ones_changed(paper: Paper) -> None:
    one, two = paper.resolution_points.all()
    amend(paper, 1, FIRST, "<p>Das Konzept wird beschlossen. Es gilt bis 2027.</p>", point=one)
    # Moved for the text as it was at first, accepted later: both sentences are changed in the end.
    amend(paper, 2, FIRST, "<p>Das Konzept wird mit Freude beschlossen. Es gilt bis 2025.</p>", point=one)
    amend(paper, 2, SECOND, "", point=two)
    amend(paper, 2, SECOND, "<p>Nie.</p>", point=two, state="rejected", decided_order=None)
    assert texts(paper, 1) == [FIRST, SECOND]
    assert texts(paper, 2) == ["<p>Das Konzept wird beschlossen. Es gilt bis 2027.</p>", SECOND]
    everything = ["<p>Das Konzept wird mit Freude beschlossen. Es gilt bis 2027.</p>", ""]
    assert texts(paper, 3) == everything
    assert texts(paper, None) == everything
    row = carried_points(paper, None)[1]
    assert (row.point, row.position, row.original, row.struck) == (two, 2, SECOND, True)
    assert [change.number for change in row.changes] == [3]


def test_a_point_that_came_later_can_be_changed_like_the_others(paper: Paper) -> None:
    new = "<p>Es gibt einen Beirat. Er tagt jährlich.</p>"
    changed = "<p>Es gibt einen Beirat. Er tagt oft.</p>"
    amend(paper, 1, "", new)
    amend(paper, 1, "", "<p>Noch ein Punkt.</p>")
    amend(paper, 2, new, changed)
    assert texts(paper, 2) == [FIRST, SECOND, new, "<p>Noch ein Punkt.</p>"]
    rows = carried_points(paper, None)
    assert [(row.position, row.text) for row in rows[2:]] == [(3, changed), (4, "<p>Noch ein Punkt.</p>")]
    assert (rows[2].point, rows[2].original) == (None, "")


def test_another_wording_stands_beside_and_changes_nothing(paper: Paper) -> None:
    one, _two = paper.resolution_points.all()
    other = amend(paper, 1, FIRST, "<p>Das Konzept wird verschoben.</p>", point=one, beside=True)
    row = carried_points(paper, stage(paper, 2))[0]
    assert (row.text, row.changes, row.alternatives) == (FIRST, [], [other])
    assert carried_points(paper, stage(paper, 1))[0].alternatives == []


def test_what_does_not_fit_is_kept_apart_and_nothing_is_lost(paper: Paper) -> None:
    """Only imported rows can be like this."""
    one, _two = paper.resolution_points.all()
    amend(paper, 1, FIRST, "<p>Das Konzept wird beschlossen. Es gilt bis 2027.</p>", point=one)
    late = amend(paper, 1, FIRST, "<p>Das Konzept wird beschlossen. Es gilt ewig.</p>", point=one)
    row = carried_points(paper, None)[0]
    assert row.text == "<p>Das Konzept wird beschlossen. Es gilt bis 2027.</p>"
    assert row.unfit == [late]


def test_measures_are_carried_too(paper: Paper) -> None:
    concept = Concept.objects.create(municipality=paper.municipality, title="Konzept", slug="konzept")
    field = ActionField.objects.create(concept=concept, position=1, title="Sprache")
    measure = Measure.objects.create(concept=concept, field=field, position=1, title="Sprachkurse")
    old, new = "<p>Zwei Kurse. Im Rathaus.</p>", "<p>Drei Kurse. Im Rathaus.</p>"
    amend(paper, 1, old, new, measure=measure)
    amend(paper, 2, old, "<p>Zwei Kurse. In der Schule.</p>", measure=measure)
    (row,) = carried_measures(paper, None)
    assert (row.measure, row.original, row.text) == (measure, old, "<p>Drei Kurse. In der Schule.</p>")
    assert carried_measures(paper, stage(paper, 1)) == []
    assert texts(paper, None) == [FIRST, SECOND]


def test_once_read_no_stage_asks_the_database(
    paper: Paper, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, _two = paper.resolution_points.all()
    amend(paper, 1, FIRST, "<p>Das Konzept wird abgelehnt. Es gilt bis 2025.</p>", point=one)
    amend(paper, 2, "", "<p>Neu.</p>")
    fresh = Paper.objects.get(pk=paper.pk)
    stages = list(paper.consultations.all())
    with django_assert_num_queries(3):  # points, amendments, their joint committees
        assert [len(carried_points(fresh, stage)) for stage in [*stages, None]] == [2, 2, 3, 3, 3]
