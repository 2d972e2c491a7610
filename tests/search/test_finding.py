"""What the database finds is what the words say: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from municipalities.models import Municipality
from search.fulltext import Matching
from search.models import Container, Entry
from search.questions import Question, Term, question_of
from search.words import stored_words, tokens_of

pytestmark = pytest.mark.django_db

SAMPLE = r"""
    " Konzept Konzepte Integrationskonzept Konzeptentwurf Sprachkurs Sprachkurse Kurs Rat Rathaus
    Beirat Beratung der die und Stadt Städte Maßnahme massnahmen Kind Kindergarten Schulkinder
    Bildung Weiterbildung 2017 1900 19 KOMM-IN A.1.2 Привет مرحبا 3e5 3e5a ½ 0 n2017 Straße neue Ort
    Verantwortung -Rat "Rat "der Rat" * ( ) \
""".split()
sample_texts = st.lists(st.sampled_from(SAMPLE), max_size=12).map(" ".join)
any_text = st.one_of(sample_texts, st.text(max_size=60))
slow_fixture = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def entry(container: Container, number: int, title: str, body: str) -> Entry:
    title_words, title_parts = stored_words(title)
    body_words, body_parts = stored_words(body)
    return Entry(
        container=container,
        municipality=container.town,
        kind="measure",
        number=number,
        position=number,
        title=title.replace("\0", ""),  # PostgreSQL stores none, and none gets as far as here
        body=body.replace("\0", ""),
        title_words=title_words,
        title_parts=title_parts,
        body_words=body_words,
        body_parts=body_parts,
    )


def numbers(question: Question) -> set[int]:
    found = Matching(
        [term.anywhere() for term in question.terms], [term.whole() for term in question.without]
    )
    return set(Entry.objects.filter(found).values_list("number", flat=True))


def stands_in(term: Term, texts: Iterable[str]) -> bool:
    return any(True for text in texts for _ in term.spans(list(tokens_of(text))))


def fits(question: Question, *texts: str) -> bool:
    return all(stands_in(term, texts) for term in question.terms) and not any(
        stands_in(term, texts) for term in question.without
    )


@pytest.fixture
def container(town: Municipality) -> Container:
    return Container.objects.create(town=town)


@given(
    texts=st.lists(st.tuples(sample_texts, any_text), min_size=1, max_size=6),
    questions=st.lists(any_text, min_size=1, max_size=12),
)
@slow_fixture
def test_the_database_finds_what_the_words_say(
    container: Container, texts: list[tuple[str, str]], questions: list[str]
) -> None:
    Entry.objects.all().delete()
    Entry.objects.bulk_create(entry(container, number, *both) for number, both in enumerate(texts))
    for typed in questions:
        question = question_of(typed)
        if question:
            expected = {number for number, both in enumerate(texts) if fits(question, *both)}
            assert numbers(question) == expected, typed


@given(text=st.text(max_size=80))
@slow_fixture
def test_every_word_of_a_text_finds_it(container: Container, text: str) -> None:
    Entry.objects.all().delete()
    Entry.objects.bulk_create([entry(container, 1, "", text)])
    for token in tokens_of(text):
        question = question_of(f'"{text[token.start : token.end]}"')
        assert numbers(question) == {1}, text[token.start : token.end]


def test_a_text_of_any_length_can_be_stored_and_found(container: Container) -> None:
    """PostgreSQL takes a megabyte of words and no word of more than 2 kB."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    body = " ".join(
        (a + b + c + d) * 8 for a in letters for b in letters for c in letters[::3] for d in letters[::9]
    )
    entry(container, 1, "x" * 5000, body[:100_000]).save()
    assert numbers(question_of(body.split()[10])) == {1}
    assert numbers(question_of("x" * 5000)) == {1}


def test_changed_and_deleted_rows_leave_the_index(container: Container) -> None:
    row = entry(container, 1, "Sprachkurs", "")
    row.save()
    assert numbers(question_of("Sprachkurs")) == {1}
    row.title_words, row.title_parts = stored_words("Spielplatz")
    row.save()
    assert numbers(question_of("Sprachkurs")) == set()
    assert numbers(question_of("Platz")) == {1}
    Entry.objects.all().delete()
    assert numbers(question_of("Spielplatz")) == set()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # raises where index and rows differ
            cursor.execute("INSERT INTO search_words (search_words) VALUES ('integrity-check')")
