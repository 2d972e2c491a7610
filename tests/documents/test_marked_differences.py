"""Two versions of a text side by side, neither older than the other."""

from django.template import Context, Template

PAGE = Template("{% load differing %}{% differing a b is_html as sides %}{{ sides.0 }}|{{ sides.1 }}")


def sides(one: str, other: str, *, is_html: bool) -> list[str]:
    hidden = '<span class="p-visually-hidden">nur hier: </span>'
    page = PAGE.render(Context({"a": one, "b": other, "is_html": is_html}))
    return page.replace(hidden, "").split("|")


def test_what_only_one_of_them_has_is_marked_in_it() -> None:
    mine, theirs = sides("<p>Kurse am Abend</p>", "<p>Kurse am Morgen</p>", is_html=True)
    assert mine == "<p>Kurse am <mark>Abend</mark></p>"
    assert theirs == "<p>Kurse am <mark>Morgen</mark></p>"


def test_plain_texts_are_escaped() -> None:
    mine, theirs = sides("<b> & mehr", "nichts", is_html=False)
    assert "&lt;b&gt;" in mine
    assert "<b>" not in mine
    assert theirs == "<p><mark>nichts</mark></p>"


def test_where_only_the_form_differs_both_stand_in_theirs() -> None:
    assert sides("<p><strong>Kurse</strong></p>", "<p>Kurse</p>", is_html=True) == [
        "<p><strong>Kurse</strong></p>",
        "<p>Kurse</p>",
    ]
