"""What changed in a text, as words."""

import random
import re
import time
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.differences import Difference, Part, compare, compare_texts, difference
from documents.richtext import clean

pytestmark = pytest.mark.once

OLD, NEW = "rasch viele Kurse und hilft allen Familien", "bald zwei Treffs und begleitet manche Kinder"
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
SIGNS = re.compile(r"[\s\[\]|]")


def words_on(html: str) -> str:
    """As one reads them, also what is struck out."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def marked(found: Difference) -> list[str]:
    """Each line with „[-deleted-]“ and „{+inserted+}“."""
    around = {Part.SAME: "%s", Part.DELETED: "[-%s-]", Part.INSERTED: "{+%s+}"}
    return [
        "".join(
            (" " if run.text.startswith(" ") else "") + around[run.part] % run.text.strip()
            for run in line.runs
        ).strip()
        for line in found.lines
    ]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("<p>Die Stadt berät.</p>", "<p>Die Stadt berät.</p>", ["Die Stadt berät."]),
        (
            "<p>Die Stadt berät Neuzugewanderte.</p>",
            "<p>Die Stadt berät und begleitet Neuzugewanderte.</p>",
            ["Die Stadt berät {+und begleitet+} Neuzugewanderte."],
        ),
        ("<p>Es fehlen 12 Plätze.</p>", "<p>Es fehlen 9!</p>", ["Es fehlen [-12 Plätze.-] {+9!+}"]),
        ("<p>Es fehlen Plätze.</p>", "<p>Es fehlen Plätze!</p>", ["Es fehlen Plätze[-.-]{+!+}"]),
        ("<p>am 18.12.2017</p>", "<p>am 19.12.2017</p>", ["am [-18.12.2017-] {+19.12.2017+}"]),
        ("<p>Bürger*innen</p>", "<p>Bürger*innenrat</p>", ["[-Bürger*innen-] {+Bürger*innenrat+}"]),
        ("", "<p>Neu.</p>", ["{+Neu.+}"]),
        ("<p>Alt.</p>", "", ["[-Alt.-]"]),
        (
            "<ul><li>feste Sprechzeiten</li><li>Beratung</li></ul>",
            "<ul><li>feste Sprechzeiten am Abend</li><li>Beratung</li><li>Kinderbetreuung</li></ul>",
            ["feste Sprechzeiten {+am Abend+}", "Beratung", "{+Kinderbetreuung+}"],
        ),
        (
            "<table><tr><th>Jahr</th><th>Plätze</th></tr><tr><td>2018</td><td>120</td></tr></table>",
            "<table><tr><th>Jahr</th><th>Plätze</th></tr><tr><td>2018</td><td>140</td></tr></table>",
            ["Jahr | Plätze", "2018 | [-120-] {+140+}"],
        ),
        (
            "<p>Eins bleibt hier.</p><p>Zwei geht fort.</p><p>Drei bleibt auch.</p>",
            "<p>Eins bleibt hier.</p><p>Drei bleibt auch.</p>",
            ["Eins bleibt hier.", "[-Zwei geht fort.-]", "Drei bleibt auch."],
        ),
        (
            "<p>Ganz andere Worte standen bisher an dieser Stelle.</p>",
            "<p>Nun lautet es völlig neu!</p>",
            ["[-Ganz andere Worte standen bisher an dieser Stelle.-]", "{+Nun lautet es völlig neu!+}"],
        ),
        (
            "<table><tr><td>offen<tr><td>auch",
            "<table><tr><td>offen<tr><td>auch offen",
            ["offen", "auch {+offen+}"],
        ),
        # One word that stayed between larger changes would only be in the way.
        (
            "<p>Das Amt plant rasch viele Kurse und hilft allen Familien im Stadtteil.</p>",
            "<p>Das Amt plant bald zwei Treffs und begleitet manche Kinder im Stadtteil.</p>",
            [f"Das Amt plant [-{OLD}-] {{+{NEW}+}} im Stadtteil."],
        ),
        ('<p>Text<span class="footnote">S. A</span></p>', '<p>Text<span class="footnote">S. B</span></p>',
         ["Text [S. [-A-] {+B+}]"]),
        ('<p><img src="a" alt="Der Markt"></p>', '<p><img src="a" alt="Das Rathaus"></p>',
         ["[Bild: [-Der Markt-] {+Das Rathaus+}]"]),
        ('<figure><img src="/bilder/1" alt="Markt"><figcaption>Der Markt</figcaption></figure>',
         '<figure><img src="/bilder/2" alt="Markt"><figcaption>Der Platz</figcaption></figure>',
         ["[-[Bild: Markt]-] {+[Bild: Markt]+}", "Der [-Markt-] {+Platz+}"]),
        ("<p>a<script>b</script>c</p>", "<p>ac</p>", ["ac"]),
    ],
)  # fmt: skip
def test_a_difference_is_shown_in_words(before: str, after: str, shown: list[str]) -> None:
    assert marked(compare(before, after)) == shown


def test_form_alone_is_no_change_of_words() -> None:
    found = compare("<p>Sprachkurs und Beratung</p>", "<h3><strong>Sprach</strong>kurs und Beratung</h3>")
    assert not found.changed
    assert marked(found) == ["Sprachkurs und Beratung"]


def test_a_links_new_address_is_told() -> None:
    html = difference(
        '<p>Siehe <a href="https://alt.example/">hier</a>.</p>',
        '<p>Siehe <a href="https://neu.example/">hier</a>.</p>',
    )
    assert "hier (https://alt.example/)</del>" in html
    assert "hier (https://neu.example/)</ins>" in html


def test_marks_are_elements_with_words_for_those_who_listen() -> None:
    assert difference("<p>Die alte Stadt</p>", "<p>Die <em>neue</em> Stadt</p>") == (
        "<p>Die "
        '<del><span class="p-visually-hidden">gelöscht: </span>alte</del> '
        '<ins><span class="p-visually-hidden">eingefügt: </span>neue</ins>'
        " Stadt</p>"
    )


def test_hostile_words_stay_words() -> None:
    shown = difference("<p>&lt;script&gt;x&lt;/script&gt;</p>", "<p>&lt;b onclick='x'&gt; &amp;amp;</p>")
    assert "<script" not in shown
    assert "<b " not in shown
    shown = compare_texts("a\n<i>b</i>", "a\n<i>c</i>").inline()
    assert "&lt;i&gt;<del>" in shown
    assert "<i>" not in shown


def test_unchanged_paragraphs_are_left_out_on_request() -> None:
    same = "".join(f"<p>Absatz {number} steht fest.</p>" for number in range(9))
    found = compare(f"{same}<p>Ende gut.</p>", f"{same}<p>Ende sehr gut.</p>")
    short = found.inline(whole=False)
    assert "… 8 Absätze unverändert …" in short
    assert "Absatz 8 steht fest." in short
    assert "Absatz 7" not in short
    assert "Absatz 7" in found.inline()


def test_side_by_side_puts_what_belongs_together_into_one_row() -> None:
    found = compare("<p>Eins bleibt so.</p><p>Zwei geht</p>", "<p>Null kommt</p><p>Eins bleibt nun.</p>")
    rows = [tuple(words_on(side) for side in row) for row in found.side_by_side()]
    assert rows == [
        ("", "eingefügt: Null kommt"),
        ("Eins bleibt gelöscht: so .", "Eins bleibt eingefügt: nun ."),
        ("gelöscht: Zwei geht", ""),
    ]


# ---- Nothing is lost, whatever the texts are ---------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from("die Stadt berät und Kurse, Plätze. neue am 1.1.2018 § ä".split()), max_size=8
)
INLINE = st.builds(
    lambda words, mark: mark % " ".join(words),
    WORDS,
    st.sampled_from(["%s", "<strong>%s</strong>", "x%s", '<a href="https://a.example/">%s</a>', "%s<br>"]),
)
BLOCK = st.recursive(
    st.one_of(
        st.builds("<p>{}</p>".format, INLINE),
        st.builds("<h3>{}</h3>".format, INLINE),
        st.builds("<table><tr><th>{}</th></tr><tr><td>{}</td></tr></table>".format, INLINE, INLINE),
    ),
    lambda inner: st.builds("<ul><li>{}{}</li><li>{}</li></ul>".format, INLINE, inner, INLINE),
    max_leaves=4,
)
TEXTS = st.lists(BLOCK, max_size=6).map("".join)


def without(html: str, element: str) -> str:
    html = re.sub(f"<{element}>.*?</{element}>", " ", html)
    return re.sub('<span class="p-visually-hidden">.*?</span>', "", html)


def bare(html: str) -> str:
    """The words without spaces, without what parts cells and names a link's address."""
    return SIGNS.sub("", words_on(html).replace("(https://a.example/)", ""))


@given(TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_without_deletions_it_is_the_text_after_and_without_insertions_the_one_before(
    before: str, after: str
) -> None:
    shown = difference(before, after)
    assert bare(without(shown, "del")) == bare(after)
    assert bare(without(shown, "ins")) == bare(before)


@given(st.text(), st.text())
@settings(max_examples=200, deadline=None)
def test_any_pasted_text_can_be_compared(before: str, after: str) -> None:
    before, after = clean(before), clean(after)
    found = compare(before, after)
    assert SIGNS.sub("", "".join(found.words(Part.DELETED))) == SIGNS.sub(
        "", INVISIBLE.sub("", words_on(before))
    )
    assert SIGNS.sub("", "".join(found.words(Part.INSERTED))) == SIGNS.sub(
        "", INVISIBLE.sub("", words_on(after))
    )
    assert compare(after, after).changed is False


# ---- 200 pages -------------------------------------------------------------------------------------------


def pages(count: int, seed: int) -> list[str]:
    """Paragraphs of 60 words, six on a page, from a vocabulary like German's: few words are everywhere."""
    dice = random.Random(seed)
    vocabulary = [f"wort{number}" for number in range(5000)]
    weights = [1 / (number + 1) for number in range(5000)]
    return [" ".join(dice.choices(vocabulary, weights, k=60)) + "." for _ in range(count * 6)]


def html_of(paragraphs: list[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


@pytest.mark.parametrize("case", ["a word in each paragraph", "rewritten", "one paragraph", "shuffled"])
def test_200_pages_take_seconds(case: str) -> None:
    text = pages(200, seed=1)
    before = html_of(text)
    match case:
        case "a word in each paragraph":
            after = html_of([paragraph.replace(" wort0 ", " neu ", 1) for paragraph in text])
        case "rewritten":
            after = html_of(pages(200, seed=2))
        case "one paragraph":
            before, after = f"<p>{' '.join(text)}</p>", f"<p>{' '.join(text).replace('wort7 ', 'neu ')}</p>"
        case _:
            after = html_of(random.Random(3).sample(text, len(text)))
    start = time.perf_counter()
    found = compare(before, after)
    assert time.perf_counter() - start < 30  # on a busy machine; a quadratic comparison takes many minutes
    assert bare(without(found.inline(), "del")) == bare(after)
