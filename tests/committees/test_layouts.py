"""A layout is data: read strictly, taken over into a town, written back the same."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from django.core.exceptions import ValidationError

from committees.blocks import OPTIONS, BlockError, BlockKind, check_options
from committees.layout_files import (
    LayoutError,
    export_layout,
    import_layout,
    preset,
    preset_names,
    read_layout,
)
from committees.models import LayoutBlock, PaperLayout
from committees.printing.contexts import CONTEXTS
from tests.committees.factories import make_town, make_user

SMALL = """
name: Klein
blocks:
  - {key: betreff, kind: subject}
"""


def with_block(**block: Any) -> str:
    data = yaml.safe_load(SMALL)
    data["blocks"].append(block)
    return yaml.safe_dump(data, allow_unicode=True)


def test_the_five_towns_forms_are_shipped() -> None:
    assert preset_names() == ["bergisch-gladbach", "bergkamen", "goettingen", "kreis-mettmann", "leverkusen"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", preset_names())
def test_a_layout_goes_into_a_town_and_out_again_unchanged(name: str) -> None:
    town = make_town()
    layout = import_layout(town, preset(name), make_user(town))
    assert read_layout(export_layout(layout)) == read_layout(preset(name))
    for block in layout.blocks.all():
        block.full_clean()


@pytest.mark.django_db
def test_taking_over_the_same_name_replaces_the_blocks_and_stands_in_the_history() -> None:
    town = make_town()
    user = make_user(town)
    layout = import_layout(town, preset("leverkusen").replace("name: Vorlage", "name: Klein"), user)
    assert import_layout(town, SMALL, user) == layout
    assert [block.key for block in layout.blocks.all()] == ["betreff"]
    latest = LayoutBlock.history.filter(layout_id=layout.pk, history_type="+").latest()
    assert (latest.history_user, latest.history_change_reason) == (user, "Layout aus Datei übernommen")


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_leaves_the_layout_as_it_was() -> None:
    town = make_town()
    import_layout(town, SMALL, None)
    with pytest.raises(LayoutError):
        import_layout(town, with_block(key="betreff", kind="subject"), None)
    assert PaperLayout.objects.get(municipality=town).blocks.count() == 1


def test_every_kind_of_block_has_options_and_something_to_print() -> None:
    assert set(OPTIONS) == set(CONTEXTS) == set(BlockKind)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name: [", "Die Datei ist kein lesbares YAML (Zeile 1)."),
        ("- a", "Die Datei muss einen Namen (name) und Bausteine (blocks) enthalten."),
        ("name: Klein", "Die Einstellung „blocks“ fehlt."),
        ("name: ''\nblocks: [{}]", "„name“ darf nicht leer sein."),
        ("name: Klein\nblocks: []", "„blocks“ braucht mindestens einen Eintrag."),
        ("name: Klein\nblocks: [1]", "Baustein 1 muss aus Namen und Werten bestehen."),
        (
            "name: Klein\nfarbe: rot\nblocks: [1]",
            "Hier gibt es die Einstellung „farbe“ nicht. Möglich sind: name, blocks.",
        ),
        ("name: Klein\nblocks: [{key: a, kind: section}]", "Ein Layout braucht genau einen Betreff"),
        (with_block(key="x", kind="bild"), "Baustein 2: Die Art „bild“ gibt es nicht. Möglich sind: head, "),
        (with_block(key="x", kind="section", farbe="rot"), "Baustein 2: „farbe“ ist unbekannt."),
        (with_block(kind="section"), "„key“ darf nur aus höchstens 40 kleinen Buchstaben"),
        (with_block(key="Ä", kind="section"), "„key“ darf nur aus höchstens 40 kleinen Buchstaben"),
        (with_block(key="x", kind="section", title=3), "„title“ muss ein Text sein."),
        (
            with_block(key="x", kind="section", options=[]),
            "Die Einstellungen müssen aus Namen und Werten bestehen.",
        ),
        (with_block(key="betreff", kind="section"), "Der Schlüssel „betreff“ kommt mehrfach vor."),
        (with_block(key="x", kind="subject"), "Ein Layout braucht genau einen Betreff"),
        ("x" * 100_001, "Die Datei ist zu groß für ein Layout."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(LayoutError) as error:
        read_layout(text)
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("section", {"groesse": 1}, "Hier gibt es die Einstellung „groesse“ nicht. Möglich sind: framed."),
        ("body_start", {"x": 1}, "Möglich sind: keine."),
        ("section", {"framed": "ja"}, "„framed“ muss true oder false sein."),
        ("head", {"columns": 9}, "„columns“ muss eine ganze Zahl von 1 bis 4 sein."),
        ("head", {"columns": True}, "„columns“ muss eine ganze Zahl von 1 bis 4 sein."),
        ("head", {"fields": {}}, "„fields“ muss eine Liste sein."),
        (
            "head",
            {"fields": [{"field": "alter"}]},
            "„fields, 1. Eintrag: field“ muss einer dieser Werte sein: number, ",
        ),
        ("head", {"fields": [{"label": "x"}]}, "Die Einstellung „fields, 1. Eintrag: field“ fehlt."),
        ("purpose_boxes", {}, "Die Einstellung „boxes“ fehlt."),
        ("purpose_boxes", {"boxes": []}, "„boxes“ braucht mindestens einen Eintrag."),
        (
            "assessment",
            {"rows": [{"key": "a", "label": "A"}] * 2, "answers": [{"answer": "yes", "label": "ja"}]},
            "„rows, 2. Eintrag“: „a“ kommt mehrfach vor.",
        ),
        (
            "route_table",
            {"columns": [{"column": "date", "label": "Datum"}]},
            "braucht eine Spalte für das Gremium",
        ),
        ("point_reasons", {"label": "Zu"}, "In „label“ fehlt der Platzhalter {nummer}."),
        (
            "components",
            {"items": [{"text": "x" * 201}]},
            "„items, 1. Eintrag: text“ ist zu lang: höchstens 200 Zeichen.",
        ),
        ("components", {"items": [{"text": "x"}] * 61}, "„items“ hat mehr als 60 Einträge."),
        (
            "questionnaire",
            {
                "answers": [{"answer": "yes", "label": "ja"}],
                "entries": [
                    {"key": "a", "questions": [{"key": "q", "label": "Q"}]},
                    {"key": "b", "questions": [{"key": "q", "label": "Q"}]},
                ],
            },
            "Die Frage „q“ kommt im Fragebogen mehrfach vor.",
        ),
    ],
)
def test_options_that_do_not_fit_are_refused_with_a_sentence(kind: str, options: Any, sentence: str) -> None:
    with pytest.raises(BlockError) as error:
        check_options(BlockKind(kind), options)
    assert sentence in str(error.value)


@pytest.mark.django_db
def test_a_block_in_the_administration_is_checked_as_well() -> None:
    layout = PaperLayout.objects.create(municipality=make_town(), name="Klein")
    block = LayoutBlock(layout=layout, position=1, key="punkte", kind="point_reasons", options={})
    with pytest.raises(ValidationError) as error:
        block.full_clean()
    assert error.value.message_dict["options"] == ["Die Einstellung „label“ fehlt."]


@pytest.mark.parametrize("kind", ["stage", "route_table", "resolution", "earlier_results", "amendments"])
def test_what_differs_from_stage_to_stage_stands_before_the_page_break(kind: str) -> None:
    options = {
        "stage": {"fields": [{"field": "committee"}]},
        "route_table": {"columns": [{"column": "committee", "label": "Gremium"}]},
    }
    data = yaml.safe_load(SMALL)
    data["blocks"] += [{"key": "seite", "kind": "body_start"}]
    data["blocks"] += [{"key": "x", "kind": kind, "options": options.get(kind, {})}]
    with pytest.raises(LayoutError, match="muss deshalb vor der neuen Seite stehen"):
        read_layout(yaml.safe_dump(data))


def test_there_is_one_page_break_at_most() -> None:
    data = yaml.safe_load(SMALL)
    data["blocks"] += [{"key": "a", "kind": "body_start"}, {"key": "b", "kind": "body_start"}]
    with pytest.raises(LayoutError, match="darf nur einmal vorkommen"):
        read_layout(yaml.safe_dump(data))


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(
        LayoutError, match=r"„\.\./settings“ gibt es nicht\. Mitgeliefert sind: bergisch-gladbach, "
    ):
        preset("../settings")
