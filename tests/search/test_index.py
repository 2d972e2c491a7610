"""The index is true at every search: whatever was changed, added or deleted is found as it is now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from committees.models import (
    Committee,
    LayoutBlock,
    Meeting,
    Paper,
    PaperAttachment,
    ResolutionPoint,
    Section,
)
from concepts.actions.deleting import delete_part, restore
from concepts.models import (
    ActionField,
    AdditionalField,
    Chapter,
    Concept,
    Funding,
    FundingCondition,
    Goal,
    Indicator,
    IndicatorValue,
    Measure,
    MeasureCost,
)
from municipalities.models import Institution, Municipality, Person, User
from participation.models import Event, Group, Phase, Process, Seat
from search import actions
from search.actions import moved_in, refresh_index
from search.models import MODELS, Entry, Kind
from tests.concepts.factories import make_concept
from tests.participation import proposing
from tests.search.reading import Page

Ask = Callable[..., Page]

NEW = "Zitronenfalter"
"""A word that stands nowhere."""


@pytest.fixture
def process(town: Municipality, concept: Concept) -> Process:
    process = Process.objects.create(municipality=town, concept=concept, title="Der Weg zum Konzept")
    Phase.objects.create(process=process, position=1, title="Auftakt", span="2017")
    group = Group.objects.create(
        municipality=town, process=process, kind=Group.Kind.WORKING, name="Arbeitsgruppe Sprache"
    )
    Seat.objects.create(group=group, position=1, institution=Institution.objects.in_town(town)[0])
    Event.objects.create(
        process=process, kind=Event.Kind.WORKSHOP, title="Workshop im Rathaus", date="12.03.2017"
    )
    return process


@pytest.fixture
def parts(paper: Paper) -> Paper:
    Section.objects.create(paper=paper, key="begruendung", body="<p>Weil es nötig ist.</p>")
    PaperAttachment.objects.create(paper=paper, position=1, title="Übersicht der Plätze")
    return paper


def change(row: object, name: str, value: str) -> None:
    setattr(row, name, value)
    row.save()  # type: ignore[attr-defined]


CHANGES: dict[str, tuple[Any, str, str]] = {
    "concept": (Concept.objects.all(), "subtitle", NEW),
    "chapter": (Chapter.objects.all(), "body", f"<p>{NEW}</p>"),
    "field": (ActionField.objects.all(), "deficits", f"<ul><li>{NEW}</li></ul>"),
    "goal": (Goal.objects.all(), "text", f"Der {NEW} fliegt."),
    "measure": (Measure.objects.all(), "funding_note", NEW),
    "indicator": (Indicator.objects.all(), "description", NEW),
    "observation": (IndicatorValue.objects.exclude(text=""), "text", NEW),
    "funding": (Funding.objects.all(), "purpose", NEW),
    "condition": (FundingCondition.objects.all(), "text", NEW),
    "responsible": (Institution.objects.filter(name="Fachbereich Soziales"), "name", NEW),
    "paper": (Paper.objects.all(), "subject", NEW),
    "section": (Section.objects.all(), "body", f"<p>{NEW}</p>"),
    "point": (ResolutionPoint.objects.all(), "reasons", f"<p>{NEW}</p>"),
    "attachment": (PaperAttachment.objects.all(), "title", NEW),
    "layout": (LayoutBlock.objects.filter(key="begruendung"), "title", NEW),
    "committee": (Committee.objects.all(), "name", NEW),
    "meeting": (Meeting.objects.all(), "place", NEW),
    "process": (Process.objects.all(), "description", f"<p>{NEW}</p>"),
    "phase": (Phase.objects.all(), "title", NEW),
    "group": (Group.objects.all(), "mandate", f"<p>{NEW}</p>"),
    "seat": (Seat.objects.all(), "note", NEW),
    "event": (Event.objects.all(), "place", NEW),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_at_once(
    name: str, search: Ask, concept: Concept, parts: Paper, process: Process
) -> None:
    rows, field, value = CHANGES[name]
    LayoutBlock.objects.get_or_create(
        layout=parts.layout, key="begruendung", defaults={"kind": "section", "position": 99}
    )
    assert search(NEW).number == 0
    row = rows.in_town(concept.municipality)[0]
    change(row, field, value)
    page = search(NEW)
    assert page.number >= 1
    for hit in page.hits:
        assert NEW in hit.marked
    change(row, field, "Sonst nichts")
    assert search(NEW).number == 0


def test_partners_are_found_with_their_measure(search: Ask, concept: Concept) -> None:
    measure = concept.measures.first()
    assert measure is not None
    helper = Institution.objects.create(
        municipality=concept.municipality, name="Sportbund", kind="association"
    )
    assert search("Sportbund").number == 0
    measure.partners.add(helper)
    measure.save()
    assert search("Sportbund").titles == [str(measure)]


def test_what_a_measures_page_says_besides_finds_it(search: Ask, concept: Concept) -> None:
    """Contacts, the origin of the money, the answers to the town's own questions."""
    town = concept.municipality
    measure = concept.measures.get(code="A.1.1.2")
    measure.contacts.add(Person.objects.create(municipality=town, name="Greta Nimmersatt"))
    question = AdditionalField.objects.create(municipality=town, position=9, label="Stadtteil")
    measure.additional = {str(question.pk): "Rabenhorst"}
    measure.save()
    MeasureCost.objects.create(measure=measure, year=2024, amount=100, source="Produkt Leseinsel")
    for typed in ("Nimmersatt", "Rabenhorst", "Stadtteil Rabenhorst", "Leseinsel"):
        assert search(typed).titles == [str(measure)], typed


def test_an_event_without_a_date_is_found(search: Ask, process: Process) -> None:
    Event.objects.create(process=process, kind=Event.Kind.SURVEY, title=NEW)
    (hit,) = search(NEW).hits
    assert (hit.label, hit.place) == ("Online-Befragung", "Der Weg zum Konzept › ohne Datum")


def test_what_lies_in_the_trash_is_not_found_until_it_is_back(
    search: Ask, concept: Concept, editor: User
) -> None:
    measure = concept.measures.get(code="A.1.1.2")
    change(measure, "title", NEW)
    assert search(NEW).number == 1
    deletion = delete_part(part=measure, by=editor)
    assert search(NEW).number == 0
    restore(deletion=deletion, by=editor)
    assert search(NEW).titles == [f"A.1.1.2 {NEW}"]


def test_a_new_row_is_found_and_a_deleted_one_is_not(search: Ask, concept: Concept, parts: Paper) -> None:
    field = concept.fields.first()
    assert field is not None
    new = Measure.objects.create(concept=concept, field=field, position=90, title=NEW)
    assert search(NEW).titles == [NEW]
    new.delete()
    assert search(NEW).number == 0
    assert search("Spielplatz Weiher").number == 1
    parts.consultations.all().delete()
    parts.delete()
    assert search("Spielplatz Weiher").number == 0
    assert not Entry.objects.filter(kind__in=[Kind.PAPER, Kind.POINT, Kind.SECTION]).exists()


def test_a_deleted_concept_takes_its_entries_along(search: Ask, concept: Concept) -> None:
    assert search("Neuzugewanderte").number > 0
    MeasureCost.objects.in_town(concept.municipality).delete()
    concept.delete()
    assert search("Neuzugewanderte").number == 0
    assert not Entry.objects.filter(kind=Kind.MEASURE).exists()


def test_a_row_that_is_gone_is_not_found_even_before_it_is_indexed_again(
    search: Ask, concept: Concept
) -> None:
    before = search("Neuzugewanderte").number
    concept.measures.filter(code="A.1.1.1").delete()  # the counter does not move
    assert search("Neuzugewanderte").number == before - 1


def test_everything_of_a_town_is_in_the_index(concept: Concept, parts: Paper, process: Process) -> None:
    town = concept.municipality
    proposing.propose(process, proposing.make_staff(process), field=None)
    stage = parts.consultations.get()
    stage.result, stage.result_public = "vertagt", False  # such a result has an entry of its own
    stage.save()
    refresh_index([town.pk])
    indexed = {(kind, number) for kind, number in Entry.objects.values_list("kind", "number")}
    there = {
        (str(kind), pk)
        for kind, model in MODELS.items()
        for pk in model._default_manager.in_town(town).values_list("pk", flat=True)  # type: ignore[attr-defined]
    }
    assert indexed == there
    assert {kind for kind, _pk in there} == {str(kind) for kind in Kind}


def test_only_what_changed_is_written_again(concept: Concept, parts: Paper) -> None:
    town = concept.municipality
    assert refresh_index([town.pk]) == Entry.objects.count() > 20
    assert refresh_index([town.pk]) == 0
    measure = concept.measures.first()
    assert measure is not None
    change(measure, "title", NEW)
    assert refresh_index([town.pk]) == 1
    change(town.institutions.get(name="Verein der Nachbarn"), "kind", Institution.Kind.SCHOOL)
    assert moved_in([town.pk]) != []
    assert refresh_index([town.pk]) == 0
    assert moved_in([town.pk]) == []


def test_only_the_searchers_own_towns_are_looked_at(
    search: Ask, concept: Concept, other_town: Municipality
) -> None:
    make_concept(other_town)
    search("Sprachkurs")
    assert set(Entry.objects.values_list("municipality", flat=True)) == {concept.municipality_id}
    assert moved_in([other_town.pk]) != []


def test_new_rules_index_everything_anew(
    search: Ask, concept: Concept, monkeypatch: pytest.MonkeyPatch
) -> None:
    search("Sprachkurs")
    monkeypatch.setattr(actions, "RULES", actions.RULES + 1)
    assert refresh_index([concept.municipality_id]) == Entry.objects.count()


def test_the_command_makes_the_index_anew(
    search: Ask, concept: Concept, capsys: pytest.CaptureFixture[str]
) -> None:
    search("Neuzugewanderte")
    Entry.objects.filter(kind=Kind.MEASURE).delete()
    assert search("Neuzugewanderte").number == 0
    call_command("reindex")
    assert capsys.readouterr().out == f"{Entry.objects.count()} Einträge sind neu verzeichnet.\n"
    assert search("Neuzugewanderte").number == concept.measures.count()


@pytest.mark.parametrize(("concepts", "measures"), [(1, 1), (4, 30)])
def test_the_number_of_queries_does_not_grow(
    client: Client,
    editor: User,
    town: Municipality,
    concepts: int,
    measures: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(concepts):
        make_concept(town, measures=measures, slug=f"konzept-{number}", title=f"Konzept {number}")
    client.force_login(editor)
    address = reverse("search:results")
    client.get(address, {"q": "Sprachkurs"})
    with django_assert_num_queries(9):
        client.get(address, {"q": "Sprachkurs"})
    with django_assert_num_queries(9):
        client.get(address, {"q": "Sprachkurs Anlaufstelle -Haushalt", "seite": "2", "art": "massnahmen"})
    with django_assert_num_queries(6):
        client.get(address)


@pytest.mark.parametrize("measures", [2, 30])
def test_indexing_a_changed_concept_takes_as_many_queries_for_any_size(
    town: Municipality, measures: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    concept = make_concept(town, measures=measures)
    refresh_index([town.pk])
    measure = concept.measures.first()
    assert measure is not None
    change(measure, "title", NEW)
    with django_assert_num_queries(23):
        refresh_index([town.pk])
