"""The page of hits, as somebody reads it who searches."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page as Browser
from playwright.sync_api import expect

from committees.models import Paper
from concepts.models import Chapter, Concept, Measure
from municipalities.models import Municipality, User
from search.models import Entry
from tests.concepts.factories import make_concept
from tests.conftest import demo_user
from tests.search.reading import Page

Ask = Callable[..., Page]


def add_measure(concept: Concept, title: str, text: str = "", **values: Any) -> Measure:
    field = concept.fields.first()
    assert field is not None
    place = concept.measures.count() + 50
    return Measure.objects.create(
        concept=concept, field=field, position=place, title=title, text=text, **values
    )


def test_a_hit_says_what_it_is_and_where(search: Ask, concept: Concept) -> None:
    add_measure(concept, "Nähcafé", "<p>Treffpunkt für Mütter mit kleinen Kindern.</p>", code="A.9")
    (hit,) = search("mütter treffpunkt").hits
    assert hit.label == "Maßnahme"
    assert hit.title == "A.9 Nähcafé"
    assert hit.place == "Gemeinsam in Vielfalt › A Sprache und Bildung 1"
    assert hit.excerpt == "Treffpunkt für Mütter mit kleinen Kindern."
    assert hit.marked == ("Treffpunkt", "Mütter")


def test_each_hit_is_called_by_the_towns_own_words(search: Ask, concept: Concept, paper: Paper) -> None:
    labels = {hit.label for typed in ("deutsch", "erreichbar") for hit in search(typed, art="ziele").hits}
    assert labels == {"Leitziel", "Handlungsziel"}
    add_measure(concept, "Elterntreff", kind=Measure.Kind.OFFER)
    assert [hit.label for hit in search("Elterntreff").hits] == ["Bestehendes Angebot"]
    assert [hit.label for hit in search("Spielplatz").hits] == ["Vorlage"]


def test_titles_come_before_texts_and_words_before_parts(search: Ask, concept: Concept) -> None:
    words = "Werkstatt, Werkstatt und nochmals Werkstatt"
    Chapter.objects.create(concept=concept, position=9, title="Im Text", body=f"<p>{words}.</p>")
    add_measure(concept, "Fahrradwerkstatt")
    add_measure(concept, "Offene Werkstatt")
    add_measure(concept, "Im Text nur ein Teil", "<p>Eine Lehrwerkstatt.</p>")
    assert search("Werkstatt").titles == [
        "Offene Werkstatt", "Fahrradwerkstatt", "Im Text", "Im Text nur ein Teil"
    ]  # fmt: skip


def test_all_words_must_occur_and_none_that_is_excluded(search: Ask, concept: Concept) -> None:
    add_measure(concept, "Lesepaten an Grundschulen", "<p>Mit Ehrenamtlichen.</p>")
    add_measure(concept, "Lesepaten im Kindergarten", "<p>Mit Auszubildenden.</p>")
    assert search("Lesepaten").number == 2
    assert search("Lesepate Ehrenamtliche").titles == ["Lesepaten an Grundschulen"]
    assert search("Lesepaten -Kindergarten").titles == ["Lesepaten an Grundschulen"]
    assert search("Lesepaten Weltraum").number == 0
    assert search('"Lesepaten an Grundschulen"').number == 1
    assert search('"Grundschulen an Lesepaten"').number == 0


def test_narrowing_by_area(search: Ask, concept: Concept, paper: Paper) -> None:
    page = search("Integrationskonzept")
    assert page.narrowing == ["Alles", "Konzepte 1", "Vorlagen 1"]
    assert [hit.label for hit in search("Integrationskonzept", art="vorlagen").hits] == ["Beschlusspunkt"]
    nothing = search("Integrationskonzept", art="ziele")
    assert nothing.number == 0
    assert "Mit dieser Eingrenzung gibt es keinen Treffer. Alle 2 Treffer zeigen" in nothing.text
    unknown = search("Integrationskonzept", art="quatsch")
    assert "Diese Art von Treffern gibt es nicht." in unknown.text
    assert unknown.number == 2


def test_paging(search: Ask, town: Municipality) -> None:
    concept = make_concept(town, fields=1, measures=45)
    titles = [str(row) for row in concept.measures.order_by("position")]
    pages = [search("Neuzugewanderte", seite=str(number)) for number in (1, 2, 3)]
    assert [title for page in pages for title in page.titles] == titles
    assert "45 Treffer, Seite 2 von 3" in pages[1].text
    for seite, expected in (
        ("abc", 1),
        ("0", 3),
        ("-1", 3),
        ("99999999999999999999", 3),
        ("", 1),
        ("1.5", 1),
    ):
        assert search("Neuzugewanderte", seite=seite).titles == pages[expected - 1].titles, seite


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "So finden Sie etwas"),
        ("   ", "So finden Sie etwas"),
        ("\x00\x1f", "So finden Sie etwas"),
        ("und der die", "Wörter wie „und“ oder „der“ stehen in fast jedem Text."),
        ("-Sprachkurs", "Bitte nennen Sie auch ein Wort, das vorkommen soll"),
        ("§ … * ( ) \" '", "Darin ist nichts, wonach sich suchen lässt."),
        ("x" * 201, "Bitte suchen Sie mit höchstens 200 Zeichen."),
        ("Sprachkurs " * 1000, "Bitte suchen Sie mit höchstens 200 Zeichen."),
        ("Weltraum", "Bitte prüfen Sie die Schreibweise"),
        ("Weltraum Sprachkurs", "Es müssen alle Wörter vorkommen."),
    ],
)
def test_every_line_gets_a_sentence(search: Ask, concept: Concept, typed: str, sentence: str) -> None:
    page = search(typed)
    assert sentence in page.text
    assert page.hits == []


def test_what_was_typed_stays_in_the_field(client: Client, editor: User, concept: Concept) -> None:
    client.force_login(editor)
    for typed in ('"Rat & Stadt" <b>', "und", "y" * 500):
        page = client.get(reverse("search:results"), {"q": typed})
        assert page.context["typed"] == typed
        assert "<b>" not in page.content.decode().partition('id="suchbegriff"')[2].partition("</form>")[0]


@pytest.mark.parametrize(
    "typed",
    [
        'NEAR("a" "b", 3)', "title_words : kurs", "{title_words} : x", "^kurs", "kurs*", "a AND b OR NOT c",
        '"', '""', "kurs\x00", "'; DROP TABLE search_entry; --", "%s %d %(q)s", "kurs & !kurs | <-> :*AB",
        "\\", "(((", "a " * 99, "ab" * 100, "-" * 200, "🙂 \u202e مرحبا", "a-b-c/d.e", "½ ² Ⅷ", "\ud800",
    ],
)  # fmt: skip
def test_no_line_breaks_the_search(search: Ask, concept: Concept, typed: str) -> None:
    page = search(typed.encode(errors="replace").decode())
    assert "Suche" in page.text


@given(typed=st.text(max_size=60))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_line_whatever_breaks_the_search(search: Ask, concept: Concept, typed: str) -> None:
    search(typed, art=typed[:3], kommune=typed[:2], seite=typed[:1])


def test_words_of_people_are_escaped(client: Client, editor: User, concept: Concept, paper: Paper) -> None:
    hostile = '<img src=x onerror="alert(1)"> Zitronenfalter'
    concept.measures.update(title=hostile, target_groups=hostile)
    concept.title = hostile
    concept.save()
    client.force_login(editor)
    for typed in ("Zitronenfalter", "img", '<img src=x onerror="alert(1)">'):
        html = client.get(reverse("search:results"), {"q": typed}).content.decode()
        assert "Treffer" in html
        assert "<img src=x" not in html
        assert 'onerror="' not in html


# ---- The five towns --------------------------------------------------------------------------------------


def test_every_hit_leads_to_what_it_says(towns: dict[str, Municipality], client: Client) -> None:
    """All entries of a town: the page opens, and the place on it exists."""
    client.force_login(demo_user("redaktion", towns["leverkusen"]))
    client.get(reverse("search:results"), {"q": "x"})
    entries = Entry.objects.visible_to(demo_user("redaktion", towns["leverkusen"]))
    assert entries.count() > 80
    pages: dict[str, str] = {}
    for row in entries:
        address, _hash, anchor = row.address.partition("#")
        if address not in pages:
            response = client.get(address)
            assert response.status_code == 200, row.address
            is_page = response["Content-Type"].startswith("text/html")
            pages[address] = response.content.decode() if is_page else ""
        if anchor:
            assert len(re.findall(f'id="{anchor}"', pages[address])) == 1, row.address


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("2017/1900", "2017/1900 "),
        ("Integrationsrat", "Integrationsrat"),
        ("Erarbeitung des Konzepts", "3. Erarbeitung des Konzepts"),
        ("Gesundheitslotsen", "E.1.1 Gesundheitslotsinnen und Gesundheitslotsen"),
    ],
)
def test_somebody_in_leverkusen_finds(
    typed: str, title: str, towns: dict[str, Municipality], search: Ask
) -> None:
    page = search(typed, by=demo_user("ratsmitglied", towns["leverkusen"]))
    assert any(found.startswith(title) for found in page.titles[:3]), page.titles


# ---- From every page -------------------------------------------------------------------------------------


@pytest.fixture
def at_work(page: Browser, portal: str, editor: User) -> Browser:
    client = Client()
    client.force_login(editor)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}
    page.context.add_cookies([cookie])
    return page


def test_from_the_head_of_a_page_by_keyboard(at_work: Browser, portal: str, concept: Concept) -> None:
    at_work.goto(f"{portal}{concept.get_absolute_url()}")
    field = at_work.get_by_role("banner").get_by_role("searchbox", name="Suchbegriff")
    field.focus()
    at_work.keyboard.type("Sprachkurs 2-3")
    at_work.keyboard.press("Enter")
    expect(at_work).to_have_url(f"{portal}/suche/?q=Sprachkurs+2-3")
    expect(at_work.get_by_role("main").get_by_role("searchbox")).to_have_value("Sprachkurs 2-3")
    expect(at_work.get_by_role("banner").get_by_role("searchbox")).to_have_count(0)
    at_work.get_by_role("link", name="B.1.1.3 Sprachkurs 2-3").click()
    expect(at_work.get_by_role("heading", level=1)).to_contain_text("Sprachkurs 2-3")


def test_on_a_phone_a_sign_leads_to_the_field(at_work: Browser, portal: str, concept: Concept) -> None:
    at_work.set_viewport_size({"width": 390, "height": 844})
    at_work.goto(f"{portal}{concept.get_absolute_url()}")
    expect(at_work.get_by_role("banner").get_by_role("searchbox")).to_be_hidden()
    at_work.get_by_role("link", name="Suche", exact=True).click()
    expect(at_work.get_by_role("heading", level=1, name="Suche")).to_be_visible()
    at_work.get_by_label("Suchbegriff").fill("Neuzugewanderte")
    at_work.get_by_role("button", name="Suchen").click()
    expect(at_work.get_by_role("status")).to_have_text("6 Treffer")
    at_work.get_by_role("link", name="Maßnahmen 6").click()
    expect(at_work.get_by_role("link", name="Maßnahmen 6")).to_have_attribute("aria-current", "true")


@pytest.mark.django_db
def test_whoever_is_not_logged_in_has_no_field(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "portalsuche" not in page
    assert reverse("search:results") not in page
