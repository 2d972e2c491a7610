"""What becomes of a text that was copied from a word processor. `clipboard/` holds what they really give."""

import cProfile
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.richtext import clean, plain_text

pytestmark = pytest.mark.once

CLIPBOARD = Path(__file__).parent / "clipboard"


def pasted(name: str) -> str:
    return clean((CLIPBOARD / f"{name}.html").read_text("utf-8"))


def test_words_paragraphs_with_bullets_are_nested_lists_again() -> None:
    assert (
        "<ul><li>Elternarbeit<ul><li>Rucksack-Gruppen<ul><li>in vier Kitas</li></ul></li></ul></li>"
        "<li><p>Integrationskurse</p><p>Sie finden in der Volkshochschule statt.</p></li></ul>"
    ) in pasted("word-lists")


def test_words_numbers_are_numbered_lists_that_go_on_after_an_interruption() -> None:
    text = pasted("word-lists")
    assert (
        '<ol><li>Bedarf erheben<ol type="a"><li>in den Schulen</li><li>in den Vereinen</li></ol></li>'
        "<li>Träger finden</li></ol><p>Danach beschließt der Rat.</p>"
        '<ol start="3"><li>Bericht nach einem Jahr</li></ol>'
    ) in text
    assert not re.search(r"[·§]|\bo\b|1\.|a\)", plain_text(text))


def test_words_headings_emphasis_and_names_stay_and_styles_go() -> None:
    assert pasted("word-lists").startswith(
        "<h3>Sprachförderung</h3>"
        "<p>Die Stadt Bergkamen und der Kreis Unna arbeiten <strong>eng</strong> zusammen:</p>"
    )


def test_words_footnotes_become_footnotes_where_they_are_called() -> None:
    assert (
        'ohne deutschen Pass in der Stadt<span class="footnote">Quelle: <em>Einwohnermelderegister</em>, '
        "eigene Berechnung.</span>, davon die Hälfte Frauen,"
    ) in pasted("word-report")
    assert pasted("word-report").count("eigene Berechnung") == 1


def test_a_footnote_of_a_heading_follows_it() -> None:
    assert "<h3>1 Ausgangslage</h3><p>Stand: Dezember 2017.</p>" in pasted("word-report")


def test_words_table_keeps_its_merged_cells_and_their_paragraphs() -> None:
    assert (
        "<h4>Kosten</h4><table><thead>"
        '<tr><th scope="col" rowspan="2"><strong>Maßnahme</strong></th>'
        '<th scope="col" colspan="2"><strong>Kosten in Euro</strong></th></tr>'
        '<tr><th scope="col">2017</th><th scope="col">2018</th></tr></thead>'
        "<tbody><tr><td>Sprachkurse<ul><li>für Eltern</li></ul></td><td>12.000</td><td>14.500</td></tr>"
        '<tr><td>Zusammen</td><td colspan="2">26.500</td></tr></tbody></table>'
    ) in pasted("word-report")


def test_words_title_quotation_line_break_and_lowered_letters_stay() -> None:
    text = pasted("word-report")
    assert text.startswith("<h3>Sachstandsbericht</h3>")
    assert "<h4>Ausblick</h4><blockquote><p>„Integration gelingt vor Ort.“</p></blockquote>" in text
    assert "<br>" in text
    assert "CO<sub>2</sub>" in text
    assert '<a href="https://www.example.org/zahlen" rel="noopener noreferrer">im Zahlenspiegel</a>' in text


@pytest.mark.parametrize(
    "rubbish",
    [
        "(intern)",  # the file's title
        "Ausgangslage. 3",  # the table of contents with its page numbers
        "viele davon arbeitslos",  # deleted, but the change not yet accepted
        "Stimmt das?",  # a comment
        "[A1]",
        "Vor Abgabe streichen",  # hidden text
        "[2]",  # the printed number of a note
        "clip_image",
        "mso-",
        "Mso",
        "style=",
        "<o:p>",
        "&nbsp;",
    ],
)
def test_what_is_not_the_text_goes(rubbish: str) -> None:
    assert rubbish not in pasted("word-report")
    assert rubbish not in pasted("word-lists")


def test_libreoffice_keeps_lists_heads_and_footnotes() -> None:
    assert pasted("libreoffice") == (
        "<h3>Beratung</h3>"
        '<p>Die Migrationsberatung<span class="footnote">Gefördert vom Bund.</span> '
        "hilft <strong>kostenlos</strong>.</p>"
        "<h4>Orte</h4><ol><li>Rathaus</li><li>Stadtteile<ul><li>Mitte</li><li>Süd</li></ul></li></ol>"
        '<table><thead><tr><th scope="col">Tag</th><th scope="col">Zeit</th></tr></thead>'
        "<tbody><tr><td>Montag</td><td>9 bis 12\xa0Uhr</td></tr></tbody></table>"
    )


def test_word_online_has_one_list_instead_of_a_list_for_each_item() -> None:
    assert pasted("word-online") == (
        "<h3>Kinder und Jugend</h3><p><strong>Drei Vorhaben</strong> sind geplant:</p>"
        "<ul><li>Sprachkitas<ul><li>zwei im Norden</li></ul></li><li>Lesepaten</li></ul>"
        "<ol><li>planen</li><li>beginnen</li></ol>"
    )


def test_a_text_of_google_docs_is_not_all_bold() -> None:
    assert clean(
        '<b style="font-weight:normal;" id="docs-internal-guid-1a2b"><p dir="ltr">'
        '<span style="font-size:11pt;font-weight:400;">Ein </span>'
        '<span style="font-weight:700;font-style:italic">Wort</span></p></b>'
    ) == ("<p>Ein <em><strong>Wort</strong></em></p>")


def item(style: str, marker: str = "", text: str = "x", name: str = "MsoListParagraph") -> str:
    return f"<p class={name} style='{style}'><span style='mso-list:Ignore'>{marker}</span>{text}</p>"


@pytest.mark.parametrize(
    ("marker", "start"),
    [
        ("1.", "<ol>"),
        ("4)", '<ol start="4">'),
        ("2.3.", '<ol start="3">'),
        ("1.1", "<ol>"),
        ("c)", '<ol type="a" start="3">'),
        ("(B)", '<ol type="A" start="2">'),
        ("i.", '<ol type="i">'),
        ("-", "<ul>"),
        ("o", "<ul>"),
        ("§", "<ul>"),
        ("", "<ul>"),
    ],
)
def test_without_list_definitions_the_printed_number_says_what_list_it_is(marker: str, start: str) -> None:
    assert clean(item("mso-list:l0 level1 lfo1", marker)) == f"{start}<li>x</li></{start[1:3]}>"


def test_lists_by_style_alone_are_recognised() -> None:
    text = item("", "·", "a", "MsoListBullet") + item("", "·", "b", "MsoListBullet2CxSpFirst")
    assert clean(text) == "<ul><li>a<ul><li>b</li></ul></li></ul>"


def test_a_list_that_begins_deeper_and_skips_levels_stays_a_list() -> None:
    text = "".join(item(f"mso-list:l0 level{level} lfo1", "·", str(level)) for level in (3, 1, 4, 2))
    assert clean(text) == ("<ul><li>3</li></ul><ul><li>1<ul><li>4</li></ul><ul><li>2</li></ul></li></ul>")


def test_a_second_numbered_list_begins_anew() -> None:
    text = item("mso-list:l0 level1 lfo1", "1.", "a") + item("mso-list:l0 level1 lfo2", "1.", "b")
    assert clean(text) == "<ol><li>a</li></ol><ol><li>b</li></ol>"


def test_a_note_that_nothing_calls_stays_as_a_paragraph_and_a_call_without_note_as_words() -> None:
    note = "<p class=MsoFootnoteText><a href='#_ftnref1' name='_ftn1'>[1]</a> Quelle</p>"
    assert clean(f"<p class=MsoNormal>Text</p>{note}") == "<p>Text</p><p>Quelle</p>"
    assert clean("<p class=MsoNormal>Text<a href='#_ftn1'>[1]</a></p>") == "<p>Text[1]</p>"


def test_notes_that_call_each_other_end() -> None:
    notes = "".join(
        f"<p class=MsoFootnoteText><a href='#_ftnref{n}'>[{n}]</a>N{n} "
        f"<a href='#_ftn{n + 1}'>a</a> <a href='#_ftn{n + 1}'>b</a> <a href='#_ftn1'>c</a></p>"
        for n in range(1, 60)
    )
    text = clean(f"<p class=MsoNormal>Text<a href='#_ftn1'>[1]</a></p>{notes}")
    assert text.startswith('<p>Text<span class="footnote">N1 a b c</span></p>')
    assert text.count("N59") == 1


def test_words_own_name_in_the_text_changes_nothing() -> None:
    html = '<p>Word schreibt mso-list:l0<span class="footnote">und class="MsoNormal"</span></p>'
    assert clean(html) == html
    picture = '<figure><img src="/bilder/1" alt="mso-list"></figure><p>a<span class="footnote">b</span></p>'
    assert clean(picture) == picture


def test_a_report_of_200_pages_takes_twice_the_steps_of_one_of_100() -> None:
    """Steps, not seconds: the machine has other things to do as well."""
    head, body = (CLIPBOARD / "word-lists.html").read_text("utf-8").split("<!--StartFragment-->")
    part = body.split("<!--EndFragment-->")[0]
    steps = {}
    for pages in (100, 200):
        with cProfile.Profile() as profile:
            text = clean(head + part * pages)
        steps[pages] = sum(entry.callcount for entry in profile.getstats())
        assert text.count("<li>Elternarbeit") == pages
    assert steps[200] < 2.2 * steps[100]


PIECES = [
    *(
        "<p class=MsoNormal>",
        "</p>",
        "<o:p>&nbsp;</o:p>",
        "<div>",
        "</div>",
        "<td>",
        "<tr>",
        "<table>",
        "</table>",
    ),
    *(
        "<p style='mso-list:l0 level1 lfo1'>",
        "<p style='mso-list:l1 level3 lfo2'>",
        "<h2>",
        "</h2>",
        "<b>",
        "</b>",
    ),
    *("<span style='mso-list:Ignore'>1.</span>", "<a href='#_ftn1'>[1]</a>", "<a href='#_ftnref1'>[1]</a>"),
    *(
        "<div style='mso-element:footnote' id=ftn1>",
        "<![if !supportLists]>",
        "<![endif]>",
        "<!--[if x]>",
        "-->",
    ),
    *(
        "<li data-aria-level=2>",
        "<ul>",
        "</ul>",
        "<ol start=3>",
        "</ol>",
        "<p class=MsoListParagraph>",
        "<del>",
    ),
    *(
        "<p role=heading aria-level=2>",
        "<span style='font-weight:bold'>",
        "</span>",
        "<br>",
        "<img src=/bilder/1>",
    ),
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=20).map("".join))
@settings(max_examples=150, deadline=None)
def test_whatever_is_pasted_cleaning_twice_changes_nothing(html: str) -> None:
    text = clean(f"<p class=MsoNormal>{html}")
    assert clean(text) == text
    assert "mso-" not in text


WORDS = [f"wort{number}." for number in range(30)]
SILENT = {"<del>", "<!--[if x]>", "<span style='mso-list:Ignore'>1.</span>"}


@given(st.lists(st.sampled_from([piece for piece in PIECES if piece not in SILENT]), max_size=20))
@settings(max_examples=150, deadline=None)
def test_no_word_of_a_pasted_text_is_lost(between: list[str]) -> None:
    html = "".join(f"{tags}{word} " for tags, word in zip(between, WORDS, strict=False))
    text = plain_text(clean(f"<p class=MsoNormal>{html}"))
    assert [word for word in WORDS[: len(between)] if word not in text] == []
