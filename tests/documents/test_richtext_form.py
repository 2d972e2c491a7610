"""Rich text in a form of any app: what is typed is checked, nothing typed is lost."""

from html import unescape

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from concepts.models import Chapter, Concept
from documents.richtext import MOST_CHARACTERS
from municipalities.models import Role
from tests.concepts.factories import make_member, make_town
from tests.documents.factories import make_picture


class ChapterForm(forms.ModelForm):
    class Meta:
        model = Chapter
        fields = ("body",)


class NoteForm(forms.ModelForm):
    """Of a form without a row: the concept is chosen in it."""

    class Meta:
        model = Chapter
        fields = ("concept", "place", "position", "title", "body")


def errors_of(chapter: Chapter, body: str) -> list[str]:
    return ChapterForm({"body": body}, instance=chapter).errors.get("body", [])


def test_what_is_typed_is_cleaned_and_saved(chapter: Chapter) -> None:
    form = ChapterForm({"body": "Erster\n\n<h1>Zweiter</h1><script>x</script>"}, instance=chapter)
    form.save()
    chapter.refresh_from_db()
    assert chapter.body == "<p>Erster</p><h3>Zweiter</h3>"


@pytest.mark.parametrize("empty", ["", " ", "<p></p>", "<p>&nbsp;</p><ul><li></li></ul>"])
def test_a_text_without_words_is_missing(chapter: Chapter, empty: str) -> None:
    assert errors_of(chapter, empty) == ["Dieses Feld ist zwingend erforderlich."]


def test_a_text_of_200_pages_is_saved_and_a_longer_one_gets_a_sentence(chapter: Chapter) -> None:
    page = "<p>" + "Die Stadt fördert das Zusammenleben. " * 80 + "</p>"
    form = ChapterForm({"body": page * 200}, instance=chapter)
    form.save()
    assert Chapter.objects.get(pk=chapter.pk).body.count("<p>") == 200
    too_long = page * (MOST_CHARACTERS // len(page) + 1)
    form = ChapterForm({"body": too_long}, instance=chapter)
    (error,) = form.errors["body"]
    assert error.startswith("Der Text hat 1.00")
    assert "Möglich sind 1.000.000." in error
    assert too_long in unescape(form["body"].as_widget())


def test_a_picture_needs_an_alternative_text(chapter: Chapter) -> None:
    picture = f'<img src="/bilder/{make_picture(chapter.concept.municipality).pk}"'
    assert errors_of(chapter, f'{picture} alt="Fest">') == []
    (error,) = errors_of(chapter, f'{picture} alt="Fest">{picture} alt=" ">')
    assert error.startswith("Beim 2. Bild fehlt der Alternativtext.")


@pytest.mark.parametrize("src", ["https://example.org/a.png", "data:image/png;base64,AA", "/media/a.png"])
def test_a_picture_from_elsewhere_gets_a_sentence(chapter: Chapter, src: str) -> None:
    (error,) = errors_of(chapter, f'<p>Text</p><img src="{src}" alt="x">')
    assert error.startswith("Ein Bild liegt nicht im Portal.")


def test_a_word_processors_pictures_are_left_out_without_an_error(chapter: Chapter) -> None:
    assert errors_of(chapter, "<p class=MsoNormal>x<img src='file:///C:/clip.png'></p>") == []


def test_a_picture_of_another_town_or_of_none_gets_a_sentence(chapter: Chapter) -> None:
    own, foreign = make_picture(chapter.concept.municipality), make_picture(make_town("Altstadt"))
    for pk in (foreign.pk, 987654321, 10**17):
        text = f'<img src="/bilder/{own.pk}" alt="x"><img src="/bilder/{pk}" alt="x">'
        (error,) = errors_of(chapter, text)
        assert error.startswith("Ein Bild gibt es nicht mehr, oder es gehört zu einer anderen Kommune")


def test_pictures_cost_one_query_and_a_text_without_them_none(chapter: Chapter) -> None:
    picture = f'<img src="/bilder/{make_picture(chapter.concept.municipality).pk}" alt="x">'
    for text, queries in (("<p>Text</p>", 0), (picture, 1), (picture * 20, 1)):
        with CaptureQueriesContext(connection) as seen:
            assert errors_of(chapter, text) == []
        assert sum("documents_picture" in query["sql"] for query in seen) == queries


def test_the_town_of_a_new_row_is_that_of_what_it_belongs_to(chapter: Chapter) -> None:
    data = {"concept": chapter.concept.pk, "place": chapter.place, "position": 77, "title": "Neu"}
    own, foreign = make_picture(chapter.concept.municipality), make_picture(make_town("Altstadt"))
    assert NoteForm({**data, "body": f'<img src="/bilder/{own.pk}" alt="x">'}).is_valid()
    assert "body" in NoteForm({**data, "body": f'<img src="/bilder/{foreign.pk}" alt="x">'}).errors


def test_the_same_text_written_differently_is_no_change(chapter: Chapter) -> None:
    chapter.body = "<p>A<br>B</p><ul><li>C</li></ul>"
    same = ChapterForm({"body": "<p>A<br />B</p>\r\n<ul><li><p>C</p></li></ul>"}, instance=chapter)
    assert same.changed_data == []
    other = ChapterForm({"body": "<p>A<br>B</p>"}, instance=chapter)
    assert other.changed_data == ["body"]


def test_the_field_works_without_a_script(chapter: Chapter) -> None:
    html = render_crispy_form(ChapterForm(instance=chapter))
    assert '<textarea name="body"' in html
    assert "&lt;p&gt;Anfang&lt;/p&gt;" in html
    town = chapter.concept.municipality_id
    assert f'href="/bilder/neu/?kommune={town}"' in html
    assert '<script src="/static/js/editor/editor.js" type="module">' in html
    assert html.count("data-editor hidden") == 1


def test_a_form_without_rich_text_loads_no_editor() -> None:
    class TitleForm(forms.ModelForm):
        class Meta:
            model = Chapter
            fields = ("title",)

    assert "editor" not in str(TitleForm().media)


def test_the_administration_has_a_plain_field_with_the_same_checks(client: Client, chapter: Chapter) -> None:
    client.force_login(
        make_member(chapter.concept.municipality, "fach@example.org", Role.Kind.ADMINISTRATION)
    )
    address = reverse("admin:concepts_chapter_change", args=[chapter.pk])
    page = client.get(address).content.decode()
    assert '<textarea name="body"' in page
    assert "data-rich-text" not in page
    concept: Concept = chapter.concept
    data = {"concept": concept.pk, "place": chapter.place, "position": 9, "title": "Leitbild"}
    answer = client.post(address, {**data, "body": '<img src="https://example.org/a.png" alt="x">'})
    assert "Ein Bild liegt nicht im Portal." in answer.content.decode()
    client.post(address, {**data, "body": "<h1>Neu</h1>"})
    assert Chapter.objects.get(pk=chapter.pk).body == "<h3>Neu</h3>"
