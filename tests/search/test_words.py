"""German words as they are compared."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.marking import excerpt, marked
from search.questions import question_of
from search.words import MOST_PART_CHARACTERS, stored_words, tokens_of, word_of

pytestmark = pytest.mark.once

PLAIN = re.compile(r"[a-z][a-z0-9]*|0")


def finds(typed: str, text: str) -> bool:
    tokens = list(tokens_of(text))
    question = question_of(typed)
    return bool(question) and all(any(True for _ in term.spans(tokens)) for term in question.terms)


@pytest.mark.parametrize(
    "written",
    [
        "Maßnahme Maßnahmen massnahmen MASSNAHME",
        "Straße Strasse Straßen STRASSEN",
        "Sprachförderung sprachförderungen Sprachfoerderung",
        "März Maerz",
        "Kurs Kurse Kursen Kurses",
        "Sprachkurs Sprachkurse",
        "Stadt Städte Staedten",
        "Haus Häuser Hauses",
        "Migrantin Migrantinnen",
        "Bäuerin Baeuerin",
        "neue neuer neuen",
        "Café Cafe",
        "Yıldız Yildiz",
        "Inte\u00adgration Integration",
        "Mu\u0308ll Müll",
    ],
)
def test_forms_of_one_word(written: str) -> None:
    words = written.split()
    for typed in words:
        for text in words:
            assert finds(f'"{typed}"', text), (typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Konzept", "das Integrationskonzept"),
        ("Konzepte", "das Integrationskonzept"),
        ("Konzept", "ein Konzeptentwurf"),
        ("Kurse", "ein Sprachkurs"),
        ("Kurs", "viele Sprachkurse"),
        ("Bildung", "die Weiterbildung"),
        ("Bildung", "Weiterbildungen"),
        ("Eltern", "Elternarbeit"),
        ("Eltern", "Pflegeeltern"),
        ("Sozial", "Flüchtlingssozialarbeit"),
        ("Kind", "Schulkinder"),
        ("Kindern", "der Kindergarten"),
        ("Sprach", "Sprachförderung"),
        ("Ra", "Rathaus"),
        ("sprachförderun", "Sprachförderungen"),
        ("KOMM-IN", "Programm KOMM-IN NRW"),
        ("2017/19", "Vorlage 2017/1900"),
        ("Rat Stadt", "Die Stadt und ihr Rat"),
        ("der Rat", "Ein Rat"),
        ("“Rat der Stadt”", "vom Rat der Stadt"),
        ("»Rat der Stadt«", "vom Rat der Stadt"),
        ("при", "Привет"),
    ],
)
def test_found(typed: str, text: str) -> None:
    assert finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Ort", "die Verantwortung"),
        ("Teil", "die Beteiligung und das Verteilen"),
        ("Amt", "insgesamt"),
        ('"Konzept"', "das Integrationskonzept"),
        ('"Rat der Stadt"', "die Stadt und der Rat"),
        ("2017 Rat", "20170 Rat"),
        ("Sprachkurs Mütter", "Sprachkurs für Väter"),
        ("neu", "nur"),
    ],
)
def test_not_found(typed: str, text: str) -> None:
    assert not finds(typed, text)


@given(st.text(max_size=200))
def test_whatever_is_stored_is_plain(text: str) -> None:
    for line in stored_words(text):
        assert all(PLAIN.fullmatch(word) for word in line.split())


def test_parts_of_an_endless_text_stay_small() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    text = " ".join((a + b + c) * 15 for a in letters for b in letters for c in letters[:3])
    _line, parts = stored_words(text)
    assert 0.9 * MOST_PART_CHARACTERS < len(parts) <= MOST_PART_CHARACTERS


def test_what_is_no_word() -> None:
    assert word_of("\u00ad") is None
    assert list(tokens_of("· – § _ !")) == []


# ---- Marks -----------------------------------------------------------------------------------------------

LONG = (
    "Die Stadt stimmt ihre Angebote mit den Trägern ab. " * 12
    + "Für Eltern gibt es Sprachkurse am Vormittag. "
    + "Wer neu zugezogen ist, findet eine Anlaufstelle. " * 12
    + "Das Jugendamt hilft bei Anträgen."
)


def test_the_title_is_shown_whole() -> None:
    terms = question_of("sprachkurs konzept").terms
    assert marked("Sprachkurse im Integrationskonzept <A&B>", terms) == (
        "<mark>Sprachkurse</mark> im <mark>Integrationskonzept</mark> &lt;A&amp;B&gt;"
    )


def test_a_phrase_is_marked_as_one() -> None:
    terms = question_of('"Rat der Stadt"').terms
    assert marked("Der Rat der Stadt und der Rat", terms) == "Der <mark>Rat der Stadt</mark> und der Rat"


def test_the_excerpt_shows_where_the_words_stand() -> None:
    shown = excerpt(LONG, question_of("sprachkurs eltern").terms)
    assert "Für <mark>Eltern</mark> gibt es <mark>Sprachkurse</mark> am Vormittag." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 400


def test_words_that_stand_apart_are_both_shown() -> None:
    shown = excerpt(LONG, question_of("eltern jugendamt").terms)
    assert "<mark>Eltern</mark>" in shown
    assert "<mark>Jugendamt</mark> hilft bei Anträgen." in shown
    assert shown.count("…") == 2
    assert len(shown) < 400


def test_without_a_found_word_the_text_begins_at_its_beginning() -> None:
    shown = excerpt(LONG, question_of("weltraum").terms)
    assert shown.startswith("Die Stadt stimmt")
    assert "<mark>" not in shown


@given(st.text(max_size=600), st.text(max_size=30))
def test_marks_change_nothing_else(text: str, typed: str) -> None:
    terms = question_of(typed).terms
    shown = marked(text, terms)
    plain = shown.replace("<mark>", "").replace("</mark>", "")
    assert plain == marked(text, ())
    cut = excerpt(text, terms)
    assert cut.count("<mark>") == cut.count("</mark>")
    assert "<" not in cut.replace("<mark>", "").replace("</mark>", "")
