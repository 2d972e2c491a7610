"""What becomes of a text that somebody typed or pasted."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.richtext import below, clean, plain_text

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Erster Absatz\n\nZweiter & dritter", "<p>Erster Absatz</p><p>Zweiter &amp; dritter</p>"),
        ("a < b", "<p>a &lt; b</p>"),
        ("", ""),
        ("<p>&nbsp;</p><h3> </h3><ul></ul>", ""),
        ("<p><b>fett</b> und <i>kursiv</i><br></p>", "<p><strong>fett</strong> und <em>kursiv</em></p>"),
        ("<b><p>eins</p><p>zwei</p></b>", "<p>eins</p><p>zwei</p>"),
        ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ('<p style="color:red" onclick="x()" class="MsoNormal">Text</p>', "<p>Text</p>"),
        ("<p>vor<script>alert(1)</script><style>p{}</style>nach</p>", "<p>vornach</p>"),
        ('<img src="x" onerror="x()"><svg><text>x</text></svg>', ""),
        ("x\x00\x1fy", "<p>xy</p>"),
    ],
)
def test_text_keeps_its_words_and_loses_the_rest(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<h1>A</h1><h2>B</h2><h3>C</h3>", "<h3>A</h3><h4>B</h4><h4>C</h4>"),
        ("<h4>A</h4><h4>B</h4>", "<h3>A</h3><h4>B</h4>"),
        ("<ul><li><h3>A</h3></li></ul>", "<ul><li><strong>A</strong></li></ul>"),
    ],
)
def test_headings_skip_no_level(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_headings_are_fitted_below_the_one_they_stand_under() -> None:
    assert below("<h3>A</h3><p>x</p><h4>B</h4>", 1) == "<h2>A</h2><p>x</p><h3>B</h3>"
    assert below("<h3>A</h3><h4>B</h4>", 3) == "<h4>A</h4><h5>B</h5>"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<ul>Text<li>a</li></ul>", "<ul><li>Text</li><li>a</li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<li>allein</li>", "<p>allein</p>"),
        ("<ol><li><p>a</p></li></ol>", "<ol><li>a</li></ol>"),
    ],
)
def test_lists_consist_of_items(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_table_without_heads_gets_its_first_row_as_heads() -> None:
    assert clean("<table><tr><td>Jahr<td>Kosten<tr><td>2017<td>5 €</table>") == (
        '<table><thead><tr><th scope="col">Jahr</th><th scope="col">Kosten</th></tr></thead>'
        "<tbody><tr><td>2017</td><td>5 €</td></tr></tbody></table>"
    )


def test_a_table_with_heads_at_the_side_keeps_them_there() -> None:
    kept = clean("<table><tr><th>Amt<td>50<tr><th>Telefon<td>123</table>")
    assert kept.startswith('<table><tbody><tr><th scope="row">Amt</th><td>50</td></tr>')


def test_short_rows_are_filled_up_and_a_single_row_is_no_table() -> None:
    assert "<tr><td>c</td><td></td></tr>" in clean("<table><tr><th>a<th>b<tr><td>c</table>")
    assert clean("<table><tr><td>a<td>b</table>") == "<p>a</p><p>b</p>"


def test_a_table_inside_a_table_is_dissolved() -> None:
    kept = clean("<table><tr><td><table><tr><td>x<td>y</table><tr><td>z</table>")
    assert kept.count("<table>") == 1
    assert plain_text(kept) == "x y z"


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("https://www.example.org/?a=1&b=2", True),
        ("mailto:amt@example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("/relativ", False),
        ("//example.org", False),
    ],
)
def test_links_lead_to_web_and_mail_only(address: str, is_kept: bool) -> None:
    kept = clean(f'<p><a href="{address}">Wort</a></p>')
    assert ("<a " in kept) is is_kept
    assert "Wort" in kept


def test_footnotes_are_kept_but_not_inside_each_other() -> None:
    kept = clean('<p>A<span class="footnote big">eins <span class="footnote">zwei</span></span></p>')
    assert kept == '<p>A<span class="footnote">eins zwei</span></p>'


def test_plain_text_has_the_words_with_spaces_between() -> None:
    assert (
        plain_text("<p>Eins</p><ul><li>zwei</li><li>drei &amp; <b>vier</b></li></ul>")
        == "Eins zwei drei & vier"
    )


def test_plain_text_and_search_know_pictures_by_what_they_show() -> None:
    html = clean(
        '<p>Vor</p><figure><img src="/bilder/1" alt="Ein Fest"><figcaption>Foto: Amt</figcaption></figure>'
    )
    assert plain_text(html) == "Vor Ein Fest Foto: Amt"


# ---- Pictures --------------------------------------------------------------------------------------------

PICTURE = '<img src="/bilder/7" alt="Ein &quot;Fest&quot;">'


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (PICTURE, f"<figure>{PICTURE}</figure>"),
        ('<img src="/bilder/7">', '<figure><img src="/bilder/7" alt=""></figure>'),
        (f"<p>vor {PICTURE} nach</p>", f"<p>vor</p><figure>{PICTURE}</figure><p>nach</p>"),
        (
            f"<figure><p>{PICTURE}</p><figcaption><p>Foto: <b>Amt</b></p> 50</figcaption></figure>",
            f"<figure>{PICTURE}<figcaption>Foto: <strong>Amt</strong> 50</figcaption></figure>",
        ),
        (f"<ul><li>a {PICTURE}</li></ul>", f"<ul><li><p>a</p><figure>{PICTURE}</figure></li></ul>"),
        ("<figure><p>Text</p><figcaption>mehr</figcaption></figure>", "<p>Text</p><p>mehr</p>"),
        ('<figure><img src="https://example.org/a.png" alt="x"></figure><p>y</p>', "<p>y</p>"),
        ('<img src="/bilder/7/../../etc" alt="x">', ""),
        ('<img src="//example.org/bilder/7" alt="x">', ""),
        ('<img src="data:image/png;base64,AA" alt="x"><img src="file:///C:/a.png" alt="x">', ""),
        ('<img src="/bilder/0" alt="x"><img src="/bilder/99999999999999999999" alt="x">', ""),
        (
            '<img src="/bilder/7" alt="a" onerror="x()" style="width:9999px">',
            '<figure><img src="/bilder/7" alt="a"></figure>',
        ),
    ],
)
def test_pictures_stand_in_figures_and_come_from_the_portal(typed: str, kept: str) -> None:
    assert clean(typed) == kept


# ---- Tables with merged cells ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (  # two rows of heads
            "<table><tr><td rowspan=2>Jahr<td colspan=2>Kosten<tr><td>a<td>b<tr><td>1<td>2<td>3</table>",
            (
                '<thead><tr><th scope="col" rowspan="2">Jahr</th><th scope="col" colspan="2">Kosten</th></tr>'
                '<tr><th scope="col">a</th><th scope="col">b</th></tr></thead>'
                "<tbody><tr><td>1</td><td>2</td><td>3</td></tr></tbody>"
            ),
        ),
        (  # many rows below one another in the first column: it is the head
            "<table><tr><td rowspan=5>F<td>1<tr><td>2<tr><td>3<tr><td>4<tr><td>5</table>",
            (
                '<tbody class="keep"><tr><th scope="row" rowspan="5">F</th><td>1</td></tr>'
                "<tr><td>2</td></tr><tr><td>3</td></tr><tr><td>4</td></tr><tr><td>5</td></tr></tbody>"
            ),
        ),
        (  # a span that goes on below the table, and one beyond its side
            "<table><tr><th>a<th>b<tr><td rowspan=9>c<td colspan=9>d</table>",
            (
                '<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>'
                "<tbody><tr><td>c</td><td>d</td></tr></tbody>"
            ),
        ),
        (  # rows that share a cell stay together; the rest may be divided
            "<table><tr><th>a<th>b<tr><td>c<td>d<tr><td rowspan=2>e<td>f<tr><td>g</table>",
            (
                '<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>'
                "<tbody><tr><td>c</td><td>d</td></tr></tbody>"
                '<tbody class="keep"><tr><td rowspan="2">e</td><td>f</td></tr><tr><td>g</td></tr></tbody>'
            ),
        ),
        (  # an empty row inside a merged cell is gone, and a column that only widens another
            "<table><tr><th colspan=2>a<th>b<tr><td colspan=2 rowspan=2>c<td>d<tr><td><tr><td colspan=2>e",
            (
                '<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>'
                "<tbody><tr><td>c</td><td>d</td></tr><tr><td>e</td><td></td></tr></tbody>"
            ),
        ),
    ],
)
def test_merged_cells_stay_merged_in_a_rectangular_table(typed: str, kept: str) -> None:
    assert clean(typed) == f"<table>{kept}</table>"
    assert clean(clean(typed)) == clean(typed)


def test_rows_that_share_a_cell_and_fill_a_page_are_no_longer_joined() -> None:
    kept = clean(f"<table><tr><th>a<th>b<tr><td rowspan=2>c<td>{'x' * 2000}<tr><td>d</table>")
    assert "rowspan" not in kept
    assert kept.endswith("<tr><td></td><td>d</td></tr></tbody></table>")


def test_what_no_paper_could_hold_becomes_paragraphs() -> None:
    assert clean("<table>" + ("<tr>" + "<td>x" * 50) * 2 + "</table>") == "<p>x</p>" * 100
    assert "<table" not in clean("<table><tr><td colspan=999>x<td>y<tr><td>z</table>")


# ---- Anything --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "x",
        "<b><p>" * 5_000 + "x",
        "<table><tr><td>" * 2_000 + "x",
        "<ul><li>" * 5_000 + "x",
        "<" * 50_000 + " x",
        "<table><tr>" + "<td colspan=1000 rowspan=1000>x" * 3_000,
        "<p style='mso-x'>" + "<span>" * 5_000 + "x",
        "<p style='mso-list:l0 level1 lfo1'>x" * 3_000,
    ],
    ids=["div", "b", "tables", "lists", "brackets", "spans", "word spans", "word items"],
)
def test_html_that_nobody_writes_is_cleaned_all_the_same(html: str) -> None:
    cleaned = clean(html)
    assert "x" in cleaned
    assert clean(cleaned) == cleaned


def test_struck_through_text_is_not_taken_for_valid_and_deleted_text_is_gone() -> None:
    assert clean("<p>a <strike>b</strike> <del>c</del></p>") == "<p>a <s>b</s> </p>".replace(" </p>", "</p>")


def columns_of(table: str) -> set[int]:
    """The number of columns of each row, counted as a browser does."""
    rows = re.findall("<tr>(.*?)</tr>", table)
    taken: list[set[int]] = [set() for _row in rows]
    for index, row in enumerate(rows):
        column = 0
        for attributes in re.findall("<t[dh]([^>]*)>", row):
            spans = dict(re.findall(r'(colspan|rowspan)="(\d+)"', attributes))
            while column in taken[index]:
                column += 1
            covered = range(column, column + int(spans.get("colspan", 1)))
            for lower in taken[index : index + int(spans.get("rowspan", 1))]:
                assert lower.isdisjoint(covered), "two cells in one place"
                lower.update(covered)
    return {len(places) for places in taken}


TAGS = (
    "p div b em a span br ul ol li table tr td th thead tbody caption h1 h2 h3 h4 h6 blockquote script svg "
    "img figure figcaption s del section center"
).split()
WITH_ATTRIBUTES = [
    *(
        '<span class="footnote">',
        '<a href="https://a.de">',
        '<a href="javascript:x">',
        "&lt;b&gt;",
        "&nbsp;",
        "&#0;",
    ),
    *('<td colspan="2">', "<td rowspan=2>", "<td colspan=3 rowspan=3>", "<th rowspan=4>", "<td colspan=0>"),
    *('<img src="/bilder/1" alt="x &lt;b&gt; y">', '<img src="/bilder/2">', '<img src="http://a.de/x.png">'),
    *(
        '<ol start="4">',
        '<ol type="a" start="x">',
        "<tbody class=keep>",
        "<p style='mso-list:l0 level2 lfo1'>",
    ),
]
fragments = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.sampled_from(WITH_ATTRIBUTES),
        st.text(max_size=6),
    ),
    max_size=24,
).map("".join)
ALLOWED = re.compile(
    r"</?(?:p|h3|h4|blockquote|ul|li|table|thead|tbody|tr|figure|figcaption|strong|em|s|sub|sup|br|span|a|ol|th|td)>"
    r'|<ol(?: type="[aAiI]")?(?: start="\d+")?>|<tbody class="keep">|<span class="footnote">'
    r'|<a href="(?:https?|mailto):[^"]*" rel="noopener noreferrer">|<img src="/bilder/\d+" alt="[^"]*">'
    r'|<(?:td|th scope="(?:col|row)")(?: colspan="\d+")?(?: rowspan="\d+")?>'
)
rows = st.lists(
    st.lists(
        st.sampled_from([*WITH_ATTRIBUTES[6:11], "<td>a", "<th>b", "<td>", "<td>a<p>b"]), max_size=5
    ).map("".join),
    max_size=7,
)


@given(fragments)
@settings(max_examples=250, deadline=None)
def test_whatever_is_typed_cleaning_twice_changes_nothing_and_the_shape_is_good(html: str) -> None:
    cleaned = clean(html)
    assert clean(cleaned) == cleaned
    assert "<" not in ALLOWED.sub("", cleaned)
    assert "<h4>" not in cleaned.partition("<h3>")[0]
    assert cleaned.count("<figure>") == cleaned.count("<img ")


@given(rows)
@settings(max_examples=250, deadline=None)
def test_whatever_cells_are_merged_the_table_is_rectangular_and_has_heads(rows: list[str]) -> None:
    cleaned = clean(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    assert clean(cleaned) == cleaned
    for table in cleaned.split("<table>")[1:]:
        assert "<th " in table
        parts = re.findall("<t(?:head|body)[^>]*>(.*?)</t(?:head|body)>", table)
        assert len(set.union(*map(columns_of, parts))) == 1


WORDS = [f"wort{number}." for number in range(30)]
SILENT = {"<script>", "<svg>", "<del>"}
markup = st.lists(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + WITH_ATTRIBUTES)
    .filter(lambda tag: tag not in SILENT),
    max_size=2,
).map("".join)  # fmt: skip


@given(st.lists(markup, max_size=12))
@settings(max_examples=250, deadline=None)
def test_no_word_is_lost(between: list[str]) -> None:
    typed = "".join(f"{tags}{word} " for tags, word in zip(between, WORDS, strict=False))
    text = plain_text(clean(f"<p>{typed}"))
    assert [word for word in WORDS[: len(between)] if word not in text] == []
