"""The five towns' concepts, as they are shown and printed."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concepts.models import Concept, Measure
from concepts.printing import render_concept
from concepts.tree import ConceptTree, read_tree
from documents import pdf as engine
from municipalities.models import Municipality
from tests.conftest import demo_user
from tests.documents.reading import as_painted, letters, tables_without_heads
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


# Painted apart from the text they stand beside, so they would come between the parts of a paragraph.
APART = {"•", *Measure.Phase.labels} | {
    f"{phase}, {track}" for phase in Measure.Phase.labels for track in Measure.Track.labels
}


def running_text(pdf: bytes) -> str:
    """The text as it runs from page to page, without the feet."""
    return "\n".join(
        line for page in as_painted(pdf) for line in page.splitlines()[1:] if line.strip() not in APART
    )


def pieces(html: str) -> list[str]:
    """The words of a text between its tags; lists and footnotes are printed in their own ways."""
    return [unescape(piece) for piece in re.split(r"<[^>]*>", html) if piece.strip()]


def phrases(tree: ConceptTree) -> Iterator[str]:
    """What a reader of the print has to find of each field, goal, measure and indicator."""
    for field in tree.fields:
        yield field.field.title
        yield from pieces(field.field.situation)
    for node in tree.all_goals():
        yield f"{node.level_name} {node.goal.code}"
        yield node.goal.text
        yield from pieces(node.goal.description)
    for measure_node in tree.all_measures():
        measure = measure_node.measure
        yield f"{measure.code} {measure.title}"
        yield from pieces(measure.text)
        yield measure.funding_note
    for indicator_node in tree.all_indicators():
        yield indicator_node.indicator.title
        yield indicator_node.indicator.description
        yield from (value.text for value in indicator_node.values)


@pytest.mark.once
def test_each_is_printed_whole_accessible_and_fit_for_the_archive(
    towns: dict[str, Municipality], tmp_path: Path
) -> None:
    paths = []
    for concept in concepts():
        path = tmp_path / f"{concept.municipality.slug}.pdf"
        pdf = render_concept(concept)
        path.write_bytes(pdf)
        paths.append(path)
        assert tables_without_heads(pdf) == 0, path
        text = letters(running_text(pdf))
        expected = [phrase for phrase in phrases(read_tree(concept)) if phrase]
        assert [phrase for phrase in expected if letters(phrase) not in text] == [], path
    assert len(paths) == len(towns)
    assert failures(paths) == []


@pytest.mark.once
def test_after_an_edit_one_section_is_laid_out_and_the_bytes_are_those_of_a_full_print(
    towns: dict[str, Municipality], monkeypatch: pytest.MonkeyPatch
) -> None:
    concept = next(row for row in concepts() if row.municipality == towns["leverkusen"])
    render_concept(concept)
    measure = concept.measures.exclude(text="").earliest("pk")
    measure.text = measure.text.replace("</p>", " Der Rat hat nachgefragt.</p>", 1)
    measure.save()
    laid_out: list[str] = []
    press = engine._workshop.get_press()
    lay_out = press.lay_out

    def counted(html: str, assets: Mapping[str, bytes]) -> Any:
        laid_out.append(html)
        return lay_out(html, assets)

    monkeypatch.setattr(press, "lay_out", counted)
    after = render_concept(concept)
    assert [html.count("Der Rat hat nachgefragt.") for html in laid_out] == [1]
    engine.clear_cache()
    assert render_concept(concept) == after
    assert "Der Rat hat nachgefragt." in " ".join(running_text(after).split())
