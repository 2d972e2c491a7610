"""Pictures in the texts of a Vorlage: in each stage's PDF, and in its preview."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from committees.models import Paper, Section
from committees.printing.render import render_route, render_stage, stage_html
from documents.pdf import clear_cache
from tests import verapdf
from tests.committees.factories import reopen
from tests.documents import reading
from tests.documents.factories import make_picture

pytestmark = pytest.mark.once


@pytest.fixture
def illustrated(leverkusen: Paper) -> Paper:
    """The paper with a picture, a merged cell and a footnote in one of its texts."""
    picture = make_picture(leverkusen.municipality, kind="JPEG", size=(1800, 900))
    section: Section = reopen(leverkusen).sections.exclude(body="").first()
    section.body += (
        f'<figure><img src="/bilder/{picture.pk}" alt="Ein Laternenumzug">'
        "<figcaption>Foto: Amt 50</figcaption></figure>"
        "<table><tr><td rowspan=2>Jahr<td colspan=2>Kosten<tr><td>geplant<td>tatsächlich"
        '<tr><td>2017<td>5<td>6<span class="footnote">Stand: Mai</span></table>'
    )
    section.save()
    return leverkusen


def test_each_stage_prints_the_picture_with_its_alternative_text(illustrated: Paper, tmp_path: Path) -> None:
    printed = [pdf for _stage, pdf in render_route(illustrated)]
    assert len(printed) == 9
    for number, pdf in enumerate(printed):
        figures = reading.descendants(reading.tags(pdf), "/Figure")
        assert "Ein Laternenumzug" in [tag[1].get("/Alt") for tag in figures]
        assert "Foto: Amt 50" in "".join(reading.pages(pdf))
        (tmp_path / f"{number}.pdf").write_bytes(pdf)
    assert verapdf.failures(sorted(tmp_path.glob("*.pdf"))[:2]) == []
    clear_cache()
    assert render_stage(illustrated.consultations.get(position=1)) == printed[0]


def test_pictures_cost_one_query_for_the_whole_route(
    leverkusen: Paper, request: pytest.FixtureRequest
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            list(render_route(leverkusen))
        return len(seen)

    without = queries()
    request.getfixturevalue("illustrated")
    assert queries() == without + 1


def test_the_preview_shows_the_picture_from_its_address(illustrated: Paper) -> None:
    html = stage_html(illustrated.consultations.get(position=1))
    assert '" alt="Ein Laternenumzug">' in html
    assert "app:bild" not in html
