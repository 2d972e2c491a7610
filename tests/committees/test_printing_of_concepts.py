"""What a Vorlage prints of its concept and of the process behind it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from committees.models import LayoutBlock, PageReference, Paper
from committees.printing.contexts import said_once
from committees.printing.render import render_stage
from concepts.models import ActionField, Concept
from participation.models import Event, Process
from tests.committees.conftest import PrintedStage
from tests.committees.factories import make_committee, make_paper, make_stage, make_town
from tests.documents.reading import in_reading_order, joined

pytestmark = pytest.mark.django_db


@pytest.mark.once
def test_leverkusen_says_on_which_pages_the_leading_themes_stand(printed_stages: list[PrintedStage]) -> None:
    for stage in printed_stages:
        if stage.town == "leverkusen":
            text = joined(stage.in_reading_order)
            themes = [
                "Gesamtstädtische Steuerung und Kommunikation (S. 11 ff.)",
                "Interkulturelle Öffnung der Verwaltung (S. 15 ff.)",
                "Acht Handlungsfelder folgen",
                "A. Sprache/Sprachförderung",
                "Zu 1)",
            ]
            assert sorted(themes, key=text.index) == themes


def test_bergisch_gladbach_says_fachbereich_once(printed_stages: list[PrintedStage]) -> None:
    for stage in printed_stages:
        if stage.town == "bergisch-gladbach":
            head = joined(stage.in_reading_order).split("Drucksachen-Nr.")[0]
            assert head.endswith("Federführender Fachbereich Jugend- und Soziales ")
            assert head.count("Fachbereich") == 1


@pytest.mark.parametrize(
    ("label", "value", "printed"),
    [
        ("Federführender Fachbereich", "Fachbereich Jugend- und Soziales", "Jugend- und Soziales"),
        ("Fachbereich:", "Fachbereich 50", "50"),
        ("Fachbereich", "Sozialamt", "Sozialamt"),
        ("Fachbereich", "Fachbereich", "Fachbereich"),
        ("Amt", "Amtsgericht Mitte", "Amtsgericht Mitte"),
        ("", "Fachbereich Soziales", "Fachbereich Soziales"),
    ],
)
def test_a_word_of_the_label_is_not_repeated(label: str, value: str, printed: str) -> None:
    assert said_once(label, value) == printed


@pytest.fixture
def paper() -> Paper:
    """A paper with a concept of two fields and a process; its layout has a block for both."""
    town = make_town()
    concept = Concept.objects.create(municipality=town, title="Konzept", slug="konzept")
    for position, (kind, title) in enumerate([("leading_theme", "Steuerung"), ("field", "Sprache")], start=1):
        ActionField.objects.create(
            concept=concept, position=position, kind=kind, title=title, code=f"{position}"
        )
    process = Process.objects.create(municipality=town, title="Beteiligung", concept=concept)
    paper = make_paper(town, "Erstens.", layout="bergkamen", concept=concept, process=process)
    make_stage(paper, make_committee(town, "Rat"), "decide")
    return paper


def add_block(paper: Paper, block: str, **options: Any) -> None:
    LayoutBlock.objects.create(
        layout=paper.layout, position=50, key="zusatz", kind=block, title="Neuer Teil", options=options
    )


def text_of(paper: Paper) -> str:
    return joined(in_reading_order(render_stage(paper.consultations.get())))


def test_an_extract_of_names_shows_the_pages_of_those_that_have_some(paper: Paper) -> None:
    add_block(paper, "concept_extract")
    PageReference.objects.create(paper=paper, field=paper.concept.fields.get(code="2"), pages="S. 7")
    text = text_of(paper).split("Neuer Teil")[1]
    assert "1 Steuerung" in text
    assert "2 Sprache (S. 7)" in text
    assert "Steuerung (" not in text


def test_an_extract_can_be_of_one_kind_of_field(paper: Paper) -> None:
    add_block(paper, "concept_extract", kind="leading_theme")
    text = text_of(paper).split("Neuer Teil")[1]
    assert "1 Steuerung" in text
    assert "Sprache" not in text


def test_a_page_reference_is_about_the_papers_own_concept(paper: Paper) -> None:
    other = Concept.objects.create(municipality=paper.municipality, title="Älteres", slug="aelteres")
    field = ActionField.objects.create(concept=other, position=1, title="Kultur")
    with pytest.raises(ValidationError, match="gehört nicht zum Konzept der Vorlage"):
        PageReference(paper=paper, field=field, pages="S. 3").full_clean()


def test_the_form_of_a_paper_has_its_page_references(admin_client: Any, paper: Paper) -> None:
    page = admin_client.get(reverse("admin:committees_paper_change", args=[paper.pk])).content.decode()
    assert "Fundstellen im Konzept" in page


def test_the_timeline_of_a_paper_says_what_has_no_date_and_what_is_planned(paper: Paper) -> None:
    add_block(paper, "timeline", event_label="Abschnitt", date_label="Zeit")
    process = paper.process
    assert process is not None

    def add(title: str, state: str, date: str | None = None) -> None:
        Event.objects.create(process=process, kind="session", title=title, state=state, date=date)

    add("Treffen aller Beteiligten", "planned")
    add("Runde der Träger", "held")
    add("Konferenz", "planned", "Mai 2019")
    add("Auftakt", "held", "05.02.2019")
    add("Ausflug", "cancelled", "Juni 2019")
    text = text_of(paper).split("Abschnitt Zeit")[1]
    rows = [
        "Auftakt 05.02.2019",
        "Konferenz Mai 2019 (geplant)",
        "Treffen aller Beteiligten ohne Datum (geplant)",
        "Runde der Träger ohne Datum",
    ]
    assert sorted(rows, key=text.index) == rows
    assert "Ausflug" not in text
