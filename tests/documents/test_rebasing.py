"""A change made again in a text that changed meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.rebasing import Overlap, rebased, sentences_of

WORDS = "Bürger Beirat Kurse Schulen Mittel Bericht Stelle Projekt".split()


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = (
        "<p>Der Rat beschließt z. B. am 18. Dezember 2018. Es gilt § 5 Abs. 2 GO NRW. <strong>Alles. "
        "Zusammen.</strong> Ende im Jahr 2020. Danach</p><ul><li>ein <em>Punkt</em></li></ul>"
    )
    assert sentences_of(text) == [
        "Der Rat beschließt z. B. am 18. Dezember 2018.",
        "Es gilt § 5 Abs. 2 GO NRW.",
        "Alles. Zusammen.",
        "Ende im Jahr 2020.",
        "Danach",
        "ein Punkt",
    ]


@pytest.mark.parametrize(
    ("after", "current", "expected"),
    [
        # Two sentences of one paragraph.
        (
            "<p>Erster neu. Zweiter Satz.</p><p>Dritter.</p>",
            "<p>Erster Satz. Zweiter anders.</p><p>Dritter.</p>",
            "<p>Erster neu. Zweiter anders.</p><p>Dritter.</p>",
        ),
        # A whole paragraph goes, a sentence beside it is changed.
        (
            "<p>Erster Satz. Zweiter Satz.</p>",
            "<p>Erster Satz. Zweiter anders.</p><p>Dritter.</p>",
            "<p>Erster Satz. Zweiter anders.</p>",
        ),
        # Both add something at the same place: what was there first stays first.
        (
            "<p>Erster Satz. Zweiter Satz.</p><p>Dritter. Mein Zusatz.</p>",
            "<p>Erster Satz. Zweiter Satz.</p><p>Dritter. Ihr Zusatz.</p>",
            "<p>Erster Satz. Zweiter Satz.</p><p>Dritter. Ihr Zusatz. Mein Zusatz.</p>",
        ),
        # Both want the same.
        (
            "<p>Erster neu. Zweiter neu.</p><p>Dritter.</p>",
            "<p>Erster neu. Zweiter Satz.</p><p>Dritter.</p>",
            "<p>Erster neu. Zweiter neu.</p><p>Dritter.</p>",
        ),
        # A list is put in after a paragraph that is changed.
        (
            "<p>Erster Satz. Zweiter Satz.</p><ul><li>Punkt</li></ul><p>Dritter.</p>",
            "<p>Erster Satz. Zweiter anders.</p><p>Dritter.</p>",
            "<p>Erster Satz. Zweiter anders.</p><ul><li>Punkt</li></ul><p>Dritter.</p>",
        ),
    ],
)
def test_what_is_apart_is_put_together(after: str, current: str, expected: str) -> None:
    assert rebased("<p>Erster Satz. Zweiter Satz.</p><p>Dritter.</p>", after, current) == expected


def test_neighbouring_paragraphs_can_both_be_struck() -> None:
    before = "<p>Eins hier.</p><p>Zwei hier.</p><p>Drei hier.</p>"
    without_last, without_middle = "<p>Eins hier.</p><p>Zwei hier.</p>", "<p>Eins hier.</p><p>Drei hier.</p>"
    assert rebased(before, without_last, without_middle) == "<p>Eins hier.</p>"
    assert rebased(before, without_middle, without_last) == "<p>Eins hier.</p>"


@pytest.mark.parametrize(
    ("after", "current", "sentence"),
    [
        ("<p>Erster so. Zweiter Satz.</p>", "<p>Erster anders. Zweiter Satz.</p>", "Erster Satz."),
        ("", "<p>Erster Satz. Zweiter anders.</p>", "Erster Satz."),
        ("<p>Erster Satz. Zweiter neu.</p>", "", "Erster Satz."),
        ("<p>Erster Satz.</p>", "<p>Erster Satz. Zweiter anders.</p>", "Zweiter Satz."),
        # One makes a heading of it, the other two paragraphs: no text comes out of that.
        ("<h3>Erster Satz. Zweiter Satz.</h3>", "<p>Erster Satz.</p><p>Zweiter Satz.</p>", "Erster Satz."),
    ],
)
def test_one_sentence_changed_twice_is_named(after: str, current: str, sentence: str) -> None:
    with pytest.raises(Overlap) as overlap:
        rebased("<p>Erster Satz. Zweiter Satz.</p>", after, current)
    assert overlap.value.sentence == sentence


SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(lambda words: " ".join(words) + ".")
PARAGRAPHS = st.lists(st.lists(SENTENCE, min_size=1, max_size=4), min_size=1, max_size=4)
FATE = st.sampled_from(["stays", "stays", "mine", "theirs"])


def html(paragraphs: list[list[str]]) -> str:
    return "".join(f"<p>{' '.join(sentences)}</p>" for sentences in paragraphs)


@given(PARAGRAPHS, st.data())
def test_sentences_changed_by_one_or_the_other_are_all_there(paragraphs: list, data: st.DataObject) -> None:
    """Each sentence is new in one of the two texts at most: together they say what both say."""
    number = 0
    texts: tuple[list[list[str]], ...] = ([], [], [], [])
    for sentences in paragraphs:
        rows: tuple[list[str], ...] = ([], [], [], [])
        for sentence in sentences:
            number += 1
            was, new = f"Satz{number} {sentence}", f"Neu{number} {sentence}"
            fate = data.draw(FATE)
            for row, changed in zip(
                rows, (False, fate == "mine", fate == "theirs", fate != "stays"), strict=True
            ):
                row.append(new if changed else was)
        for text, row in zip(texts, rows, strict=True):
            text.append(row)
    base, mine, theirs, both = texts
    assert rebased(html(base), html(mine), html(theirs)) == html(both)
    assert rebased(html(base), html(theirs), html(mine)) == html(both)


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS)
def test_it_is_put_together_or_refused(one: list, two: list, three: list) -> None:
    """Nothing else happens, whatever is written; what did not change meanwhile takes the change as it is."""
    before, after, current = html(one), html(two), html(three)
    assert rebased(before, after, before) == after
    assert rebased(before, before, current) == current
    try:
        text = rebased(before, after, current)
    except Overlap as overlap:
        text, named = "", {overlap.sentence}
    else:
        named = set()
    assert named <= set(sentences_of(before))
    assert text.count("<p>") == text.count("</p>")
    assert set(sentences_of(text)) <= {*sentences_of(after), *sentences_of(current)}
