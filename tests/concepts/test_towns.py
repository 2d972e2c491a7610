"""The five towns' concepts, as they are shown and printed."""

from pathlib import Path

import pytest
from django.test import Client

from concepts.models import Concept
from concepts.printing import render_concept
from municipalities.models import Municipality
from tests.conftest import demo_user
from tests.documents.reading import pages
from tests.verapdf import failures


def concepts() -> list[Concept]:
    rows = Concept.objects.select_related("municipality").filter(measures__isnull=False).distinct()
    return list(rows.order_by("municipality__slug"))


def test_each_town_has_a_full_concept_on_one_page(towns: dict[str, Municipality], client: Client) -> None:
    found = concepts()
    assert {concept.municipality.slug for concept in found} == set(towns)
    for concept in found:
        client.force_login(demo_user("mitglied", concept.municipality))
        html = client.get(concept.get_absolute_url()).content.decode()
        for measure in concept.measures.all():
            assert f'id="massnahme-{measure.pk}"' in html
        for indicator in concept.indicators.all():
            assert f'id="indikator-{indicator.pk}"' in html


@pytest.mark.once
def test_each_is_printed_whole_accessible_and_fit_for_the_archive(
    towns: dict[str, Municipality], tmp_path: Path
) -> None:
    paths = []
    for concept in concepts():
        path = tmp_path / f"{concept.municipality.slug}.pdf"
        path.write_bytes(render_concept(concept))
        text = " ".join(" ".join(pages(path.read_bytes())).split())
        for field in concept.fields.all():
            for goal in field.goals.all():
                assert goal.code in text, (path, goal)
            for measure in field.measures.all():
                assert measure.code in text, (path, measure)
        paths.append(path)
    assert len(paths) == len(towns)
    assert failures(paths) == []
