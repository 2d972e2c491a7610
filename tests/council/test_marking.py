"""Passages of a paper that a reader marks: highlighted for them alone, wherever the words stand today."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import strip_tags

from committees.models import Paper
from council.marking import Note, place_of, with_marks
from council.models import FactionNote, PrivateNote
from tests.committees.factories import release, reopen
from tests.council.preparing import Council, make_council, page, text
from tests.council.test_notes import everything_stored

HTML = """<ol><li id="punkt-1" value="1"><p>Der Rat <em>beschlie\u00adßt</em> das
 Konzept &amp; den Plan.</p><p>Er bittet um Bericht. Er bittet um Bericht.</p></li></ol>
<div id="text"><h3>Grund</h3><p>Siehe <a href="/k/">das Konzept</a>.<br>Ende &lt;b&gt;</p></div>"""
KEYS = ["", "punkt-1", "text"]


def marked(*notes: Note) -> str:
    html, found = with_marks(HTML, notes, KEYS)
    assert found == {note.pk for note in notes}
    assert strip_tags(html).replace("Notiz", "") == strip_tags(HTML)  # nothing else of the page changes
    return html


def note(quote: str, passage: str = "punkt-1", before: str = "", pk: int = 7) -> Note:
    return Note(pk, passage, quote, before, marked=True, words="Notiz")


def test_words_are_found_across_tags_lines_and_signs() -> None:
    sign = '<a class="n-ref" href="#notiz-7"><span class="p-visually-hidden">Notiz</span></a>'
    html = marked(note("beschließt das  Konzept & den"))
    assert '<em><mark class="n-marked" id="stelle-7">beschlie\u00adßt</mark></em>' in html
    assert f'<mark class="n-marked">das\n Konzept &amp; den</mark>{sign} Plan.' in html
    html = marked(note("Plan. Er bittet"))  # two paragraphs, and nothing but text is wrapped
    assert 'id="stelle-7">Plan.</mark></p><p><mark' in html
    assert f"Er bittet</mark>{sign}" in html


def test_of_several_places_the_one_with_the_same_words_before_it() -> None:
    html = marked(note("Er bittet um Bericht.", before="Plan. Er bittet um Bericht. "))
    assert "<p>Er bittet um Bericht. <mark" in html
    assert "<p><mark" in marked(note("Er bittet um Bericht.", before="& den Plan. "))


def test_a_link_to_the_note_stands_in_no_other_link_and_in_no_heading() -> None:
    assert '</mark></a><a class="n-ref"' in marked(note("das Konzept", passage="text"))
    html = marked(note("", passage="text"))
    assert '<div id="text" data-marked><h3>Grund</h3><p><a class="n-ref"' in html


def test_words_that_moved_are_found_elsewhere_and_overlapping_ones_stay_whole() -> None:
    html = marked(note("Ende <b>", pk=1), note("Konzept. Ende", passage="text", pk=2))
    assert html.count("<mark") == html.count("</mark>") == 4
    assert with_marks(HTML, [note("steht nirgends")], KEYS) == (HTML, set())
    assert with_marks(HTML, [note("", passage="weg")], KEYS) == (HTML, set())
    assert place_of(HTML, ["text"], "Der Rat") is None


# ---- On the page -----------------------------------------------------------------------------------------


@pytest.fixture
def council(db: None) -> Council:
    return make_council()


def mark(council: Council, quote: str, passage: str = "punkt-2", **more: str) -> PrivateNote:
    data = {"text": "", "kind": "mark", "passage": passage, "quote": quote, "seite": "lesen", **more}
    answer = page(council.member, f"{council.base}notizen/", **data)
    assert answer.status_code == 302, text(answer)
    found = PrivateNote.objects.latest("pk")
    assert answer.url == f"{council.base}#stelle-{found.pk}"
    return found


def test_the_reader_sees_the_marked_words_in_the_text(council: Council) -> None:
    found = mark(council, "Bericht  folgt")
    shown = text(page(council.member, council.base))
    assert f'<mark class="n-marked" id="stelle-{found.pk}">Bericht folgt</mark>' in shown
    assert f'href="#notiz-{found.pk}"' in shown
    assert f'id="notiz-{found.pk}"' in shown
    for other in (council.colleague, council.administrator):
        assert "<mark" not in text(page(other, council.base))
    assert "<mark" not in text(page(council.member, f"{council.base}ohne-verbindung/"))
    # Which words somebody marks is as private as the note.
    kept = bytes(found.sealed).decode("latin-1")
    assert "Bericht" not in kept
    everywhere = text(page(council.member, f"/{council.town.slug}/rat/notizen/"))
    assert "Bericht folgt" in everywhere
    assert "Bericht folgt" not in text(page(council.colleague, f"/{council.town.slug}/rat/notizen/"))


def test_a_changed_text_keeps_the_note_and_says_so(council: Council) -> None:
    found = mark(council, "Bericht folgt", kind="note", text="Wann?")
    paper = reopen(council.paper)
    point = paper.resolution_points.get(position=2)
    point.text = "<p>Der Bericht kommt im Mai.</p>"
    point.save()
    release(paper)
    for address in (council.base, f"{council.base}notizen/"):
        shown = text(page(council.member, address))
        assert "Stelle wurde geändert" in shown
        assert "Wann?" in shown
        assert "<mark" not in shown
    # The note is edited all the same; its words may stay what they were.
    edit = f"{council.base}notizen/{found.pk}/"
    assert "Bericht folgt" in text(page(council.member, edit))
    sent = {"passage": "punkt-2", "quote": "Bericht folgt", "text": "Wann genau?", "seite": "alle"}
    assert page(council.member, edit, **sent).url == f"/{council.town.slug}/rat/notizen/#notiz-{found.pk}"
    assert page(council.member, edit, **sent | {"quote": "steht nirgends"}).status_code == 422


def test_words_that_are_not_there_are_refused_and_kept(council: Council) -> None:
    address = f"{council.base}notizen/"
    for passage, words in (("punkt-1", "in der Stelle"), ("", "in der Vorlage")):
        sent = {"kind": "mark", "passage": passage, "quote": "Bericht fehlt", "text": "Warum?"}
        answer = page(council.member, address, **sent)
        assert answer.status_code == 422
        assert f"Diese Wörter stehen so nicht {words}" in text(answer)
        assert "Bericht fehlt" in text(answer)
        assert "Warum?" in text(answer)
    # Without a passage the words say which one it is.
    mark(council, "Bericht folgt", passage="")
    assert PrivateNote.objects.get().passage == "punkt-2"


def test_who_may_no_longer_read_a_passage_gets_no_word_of_it(council: Council) -> None:
    found = mark(council, "Bericht folgt", kind="note", text="Wann?")
    council.paper.resolution_points.filter(position=2).update(public=False)
    Paper.objects.get(pk=council.paper.pk).touch()
    sharing = f"{council.base}notizen/{found.pk}/teilen/"
    page(council.member, sharing, fraktion=str(council.faction.pk))
    assert FactionNote.objects.get().text == "Wann?"  # its staff read no word of what is not public
    council.member.persons.get().committee_seats.all().delete()
    town = council.town.slug
    for address in (
        council.base,
        f"{council.base}notizen/",
        f"{council.base}notizen/{found.pk}/",
        f"/{town}/rat/notizen/",
    ):
        shown = text(page(council.member, address))
        assert "Wann?" in shown
        assert "Bericht folgt" not in shown


def test_all_notes_stand_in_one_list(council: Council, django_assert_num_queries: object) -> None:
    address = f"/{council.town.slug}/rat/notizen/"
    assert "Noch keine Notiz" in text(page(council.member, address))
    client = Client()
    client.force_login(council.member)
    mark(council, "Bericht folgt")
    with django_assert_num_queries(13):  # type: ignore[operator]
        client.get(address)
    for _more in range(3):
        mark(council, "Bericht folgt")
    with django_assert_num_queries(13):  # type: ignore[operator]
        shown = client.get(address)
    assert text(shown).count("Bericht folgt") == 4
    assert council.paper.subject in text(shown)
    assert "Bericht folgt" not in everything_stored().replace("Der Bericht folgt", "")
