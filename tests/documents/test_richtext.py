"""What becomes of a text that somebody typed or pasted."""

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


TAGS = "p div b em a span br ul ol li table tr td th thead h1 h3 h4 blockquote script svg img".split()
fragments = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.sampled_from(
            ['<span class="footnote">', '<a href="https://a.de">', "&lt;b&gt;", "&nbsp;", "&#0;"]
        ),
        st.text(max_size=6),
    ),
    max_size=14,
).map("".join)


@given(fragments)
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_cleaning_twice_changes_nothing_and_every_table_has_heads(html: str) -> None:
    cleaned = clean(html)
    assert clean(cleaned) == cleaned
    for table in cleaned.split("<table>")[1:]:
        assert "<th " in table
    assert "<script" not in cleaned
    assert "<img" not in cleaned
