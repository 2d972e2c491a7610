"""The workbench: forms that keep what is typed, two who edit at once, a Fachamt's own measures, gaps."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from concepts.kinds import workbench_url
from concepts.models import AdditionalField, Concept, Goal, Indicator, Measure, Opening
from documents.keeping import shelf
from municipalities.models import Institution, Municipality, Person, Role, User
from tests.concepts.factories import make_concept, make_member
from tests.reading import main_text_of


def measure_of(concept: Concept, code: str = "A.1.1.1") -> Measure:
    """The measure, with an entry in its history as everything has that was typed in."""
    measure: Measure = Measure.objects.get(concept=concept, code=code)
    if not measure.history.exists():
        measure.save()
    return measure


def opened(client: Client, address: str) -> Any:
    """The form as a page that is drawn anew knows it; a kept one has forgotten what it was drawn from."""
    shelf.clear()
    return client.get(address).context


def filled(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send: the opened form with some fields changed."""
    context = opened(client, address)
    data: dict[str, Any] = {}
    forms = [context["form"]] if context["form"] else []
    for _table, formset in context.get("tables", ()):
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            data[bound.html_name] = value if isinstance(value, (list, tuple)) else str(value)
    return data | changes


def save(client: Client, address: str, **changes: Any) -> HttpResponse:
    return client.post(address, filled(client, address, **changes))


def test_a_measure_is_changed_with_everything_on_it(reader: Client, concept: Concept) -> None:
    measure = measure_of(concept)
    address = workbench_url(concept, measure)
    response = save(
        reader,
        address,
        title="Sprachkurs am Abend",
        permanent="on",
        priority="low",
        change_reason="Beschluss der Lenkungsgruppe",
        **{"kosten-1-year": "2019", "kosten-1-amount": "1.234,50", "kosten-1-source": "Eigenmittel"},
    )
    assert response.status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.permanent, measure.priority) == ("Sprachkurs am Abend", True, "low")
    assert [(cost.year, str(cost.amount)) for cost in measure.costs.all()] == [
        (2018, "2500.50"),
        (2019, "1234.50"),
    ]
    newest = measure.history.first()
    assert newest.history_change_reason == "Beschluss der Lenkungsgruppe"
    assert newest.history_user.email == "redaktion@example.org"


def test_the_form_shows_numbers_as_they_are_written(reader: Client, concept: Concept) -> None:
    html = reader.get(workbench_url(concept, measure_of(concept))).content.decode()
    assert 'value="2.500,5"' in html
    indicator = Indicator.objects.get(concept=concept, title="Bestandene Prüfungen", field__code="A")
    assert 'value="48,2"' in reader.get(workbench_url(concept, indicator)).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Dieses Feld ist zwingend erforderlich."),
        ({"title": "x" * 201}, "höchstens 200 Zeichen"),
        ({"code": "A.1.1.2"}, "Diese Kennung hat in diesem Konzept schon eine andere Maßnahme."),
        ({"span": "31.12.2019–01.01.2018"}, "Das Ende liegt vor dem Anfang."),
        ({"span": "irgendwann"}, "ist kein Zeitpunkt, den wir lesen können"),
        ({"track": "delayed", "track_reason": ""}, "Bitte nennen Sie den Grund der Abweichung vom Plan."),
        ({"kosten-1-year": "2018", "kosten-1-amount": "viel"}, "Bitte eine Zahl eingeben"),
        ({"responsible": "999999"}, "Bitte eine gültige Auswahl treffen."),
        ({"goals": ["abc"]}, "kein gültiger Wert"),
        ({"kosten-TOTAL_FORMS": "abc"}, "unvollständig angekommen"),
        ({"kosten-TOTAL_FORMS": "100000"}, "Zeilen"),
        ({"kosten-0-id": "999999"}, "hat inzwischen jemand anderes gelöscht"),
        ({"opened_version": "abc"}, "Bitte eine ganze Zahl eingeben."),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_lost(
    reader: Client, concept: Concept, changes: dict[str, Any], sentence: str
) -> None:
    address = workbench_url(concept, measure_of(concept))
    response = save(reader, address, **{"origin": "Was ich sonst noch schrieb", **changes})
    assert response.status_code == 422
    assert sentence in main_text_of(response)
    assert 'value="Was ich sonst noch schrieb"' in response.content.decode()


def test_the_same_cost_twice_gets_a_sentence(reader: Client, concept: Concept) -> None:
    rows = {
        f"kosten-{n}-{name}": value
        for n in (1, 2)
        for name, value in (("year", "2020"), ("amount", "5"), ("source", "Eigenmittel"))
    }
    response = save(reader, workbench_url(concept, measure_of(concept)), **rows)
    assert response.status_code == 422
    assert "Diese Zeile steht schon in der Tabelle." in main_text_of(response)


def test_scripts_are_gone_when_it_is_saved(reader: Client, concept: Concept) -> None:
    measure = measure_of(concept)
    html = '<p onclick="x()">Gut</p><script>alert(1)</script>'
    assert save(reader, workbench_url(concept, measure), text=html).status_code == 302
    measure.refresh_from_db()
    assert measure.text == "<p>Gut</p>"


# ---- Two people ------------------------------------------------------------------------------------------


@pytest.fixture
def other(client: Client, town: Municipality) -> Client:
    second = Client()
    second.force_login(make_member(town, "zweite@example.org"))
    return second


def test_what_two_change_in_different_fields_comes_together(
    reader: Client, other: Client, concept: Concept
) -> None:
    measure = measure_of(concept)
    address = workbench_url(concept, measure)
    mine = filled(reader, address, title="Mein Titel")
    assert save(other, address, target_groups="Ältere Menschen").status_code == 302
    response = reader.post(address, mine, follow=True)
    assert "Von anderen geändert und übernommen: Zielgruppen." in main_text_of(response)
    measure.refresh_from_db()
    assert (measure.title, measure.target_groups) == ("Mein Titel", "Ältere Menschen")


def test_what_two_change_in_one_field_is_shown_side_by_side(
    reader: Client, other: Client, concept: Concept
) -> None:
    measure = measure_of(concept)
    address = workbench_url(concept, measure)
    mine = filled(reader, address, title="Mein Titel", text="<p>Mein Text</p>", origin="nur von mir")
    save(other, address, title="Ihr Titel", text="<p>Ihr Text</p>")
    response = reader.post(address, mine)
    assert response.status_code == 422
    text = main_text_of(response)
    for words in ("Mein Titel", "Ihr Titel", "Mein Text", "Ihr Text", "dasselbe geändert wie Sie"):
        assert words in text
    measure.refresh_from_db()
    assert measure.title == "Ihr Titel"  # nothing is overwritten
    decided = mine | {
        "opened_version": str(measure.history.first().pk),
        "entscheidung-title": "meine",
        "entscheidung-text": "andere",
    }
    assert reader.post(address, decided).status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.text, measure.origin) == ("Mein Titel", "<p>Ihr Text</p>", "nur von mir")


def test_a_row_without_history_is_not_overwritten_either(
    reader: Client, other: Client, concept: Concept
) -> None:
    measure: Measure = Measure.objects.get(concept=concept, code="A.1.1.1")
    assert not measure.history.exists()  # brought in by an import
    address = workbench_url(concept, measure)
    mine = filled(reader, address, title="Mein Titel")
    assert save(other, address, title="Ihr Titel").status_code == 302
    assert reader.post(address, mine).status_code == 422
    measure.refresh_from_db()
    assert measure.title == "Ihr Titel"


def test_ticked_lists_and_own_questions_are_merged_too(
    reader: Client, other: Client, concept: Concept
) -> None:
    measure = measure_of(concept)
    address = workbench_url(concept, measure)
    question = AdditionalField.objects.get(municipality=concept.municipality)
    sportbund = Institution.objects.create(
        municipality=concept.municipality, name="Sportbund", kind=Institution.Kind.ASSOCIATION
    )
    mine = filled(reader, address, title="Mein Titel")
    theirs = filled(other, address)
    theirs["partners"] = [*theirs["partners"], str(sportbund.pk)]
    theirs[f"zusatz_{question.pk}"] = "Nordstadt"
    assert other.post(address, theirs).status_code == 302
    assert reader.post(address, mine).status_code == 302
    measure.refresh_from_db()
    assert sportbund in measure.partners.all()
    assert measure.additional == {str(question.pk): "Nordstadt"}


def test_who_else_has_it_open_is_said(reader: Client, other: Client, concept: Concept, editor: User) -> None:
    address = workbench_url(concept, measure_of(concept))
    reader.get(address)
    User.objects.filter(email="zweite@example.org").update(name="Petra Sommer")
    assert other.post(f"{address}offen/").json() == {"others": [editor.name]}
    assert "Gerade auch geöffnet von: Petra Sommer" in main_text_of(reader.get(address))
    Opening.objects.update(seen_at=timezone.now() - timezone.timedelta(minutes=5))
    assert "Gerade auch geöffnet" not in main_text_of(reader.get(address))


# ---- Adding ----------------------------------------------------------------------------------------------


def test_a_new_measure_stands_below_its_goal_with_the_code_of_its_place(
    reader: Client, concept: Concept
) -> None:
    concept.code_scheme = Concept.CodeScheme.LETTERS
    concept.save()
    goal = Goal.objects.get(field__concept=concept, code="A.1")
    address = f"{workbench_url(concept)}massnahmen/neu/?ziel={goal.pk}"
    response = save(reader, address, title="Neues Angebot")
    assert response.status_code == 302
    new = concept.measures.get(title="Neues Angebot")
    assert (new.code, list(new.goals.all()), new.position) == ("A.1.4", [goal], 4)
    assert response["Location"].startswith(workbench_url(concept, new))


def test_a_goal_deeper_than_the_levels_is_refused(reader: Client, concept: Concept) -> None:
    goal = Goal.objects.get(field__concept=concept, code="A.1.1")
    response = save(reader, f"{workbench_url(concept)}ziele/neu/?ziel={goal.pk}", text="Noch tiefer")
    assert response.status_code == 422
    assert "So tief reichen die Zielebenen dieses Konzepts nicht" in main_text_of(response)


@pytest.mark.parametrize(
    "place",
    [
        "massnahmen/neu/",
        "ziele/neu/?feld=0",
        "massnahmen/neu/?ziel=²",
        "nichts/neu/",
        "ziele/neu/?ziel=9999999999999999",
    ],
)
def test_no_place_is_no_page(reader: Client, concept: Concept, place: str) -> None:
    assert reader.get(workbench_url(concept) + place).status_code == 404


def test_a_whole_concept_begins_with_its_title(reader: Client, town: Municipality) -> None:
    response = save(
        reader,
        f"/{town.slug}/konzepte/neu/",
        title="Älter werden",
        goal_level_names="Leitziel\nHandlungsziel",
    )
    concept = Concept.objects.get(title="Älter werden")
    assert response["Location"] == workbench_url(concept)
    assert (concept.slug, concept.goal_level_names) == ("aelter-werden", ["Leitziel", "Handlungsziel"])
    page = reader.get(response["Location"])
    assert "Beginnen Sie mit einem Handlungsfeld oder Kapitel." in main_text_of(page)


def test_levels_in_use_cannot_be_taken_away(reader: Client, concept: Concept) -> None:
    response = save(reader, f"{workbench_url(concept)}angaben/", goal_level_names="Leitziel")
    assert response.status_code == 422
    assert "Die Ziele dieses Konzepts reichen über 2 Ebenen." in main_text_of(response)


# ---- Rights ----------------------------------------------------------------------------------------------


@pytest.fixture
def office(concept: Concept, town: Municipality) -> Client:
    """Somebody of the Fachbereich that is responsible for the measures, with no other role."""
    user = make_member(town, "fachamt@example.org", Role.Kind.DEPARTMENT)
    department = Institution.objects.get(municipality=town, name="Fachbereich Soziales")
    Person.objects.create(municipality=town, name="Kim Berger", institution=department, user=user)
    client = Client()
    client.force_login(user)
    return client


def test_a_fachamt_edits_its_own_measure_and_its_figures(office: Client, concept: Concept) -> None:
    measure = measure_of(concept)
    address = workbench_url(concept, measure)
    page = opened(office, address)["form"]
    assert "title" in page.fields
    assert not {"responsible", "code", "goals"} & set(page.fields)
    assert save(office, address, title="Vom Fachamt").status_code == 302
    measure.refresh_from_db()
    assert measure.title == "Vom Fachamt"
    assert measure.responsible is not None
    indicator = Indicator.objects.get(concept=concept, measure=measure)
    figures = workbench_url(concept, indicator)
    assert opened(office, figures)["form"] is None
    count = indicator.values.count()
    new = {"werte-8-period": "2019", "werte-8-value": "61,5"}
    assert save(office, figures, **new).status_code == 302
    assert indicator.values.count() == count + 1


def test_a_fachamt_touches_nothing_else(office: Client, concept: Concept, town: Municipality) -> None:
    foreign = measure_of(concept, "B.1.1.1")
    foreign.responsible = Institution.objects.get(municipality=town, name="Verein der Nachbarn")
    foreign.save()
    address = workbench_url(concept, foreign)
    assert "Sie können ihn lesen und kommentieren." in main_text_of(office.get(address))
    assert office.post(address, {"title": "Fremd"}).status_code == 403
    goal = Goal.objects.get(field__concept=concept, code="A.1")
    assert office.post(workbench_url(concept, goal), {"text": "Fremd"}).status_code == 403
    own = workbench_url(concept, measure_of(concept))
    for page in ("verschieben/", "teilen/", "zusammenfuehren/", "loeschen/"):
        assert office.post(own + page).status_code == 403
    foreign.refresh_from_db()
    assert foreign.title != "Fremd"


# ---- Gaps, lists, speed ------------------------------------------------------------------------------------


def test_an_indicator_takes_any_measure_of_the_concept_by_code_or_title(
    reader: Client, concept: Concept, town: Municipality
) -> None:
    indicator = Indicator.objects.filter(concept=concept, field__code="A")[0]
    indicator.save()
    address, other = workbench_url(concept, indicator), measure_of(concept, "B.1.1.1")
    html = reader.get(address).content.decode()
    assert f'<option value="{other}">' in html  # offered while one types, from another field as well
    for typed in ("B.1.1.1", f"  {other} ".upper()):
        Indicator.objects.filter(pk=indicator.pk).update(measure=None)
        assert save(reader, address, measure=typed).status_code == 302
        indicator.refresh_from_db()
        assert indicator.measure == other
    assert f'value="{other}"' in reader.get(address).content.decode()
    elsewhere = make_concept(town, title="Anderes", slug="anderes", fields=3)
    only_there = Measure.objects.get(concept=elsewhere, code="C.1.1.1")
    for wrong in ("gibt es nicht", "C.1.1.1", str(only_there.pk), "<b>\x00", "x" * 5000):
        response = save(reader, address, measure=wrong)
        assert response.status_code == 422, wrong
        assert "gibt es hier nicht. Bitte tippen Sie die Kennung" in main_text_of(response)
    assert 'value="gibt es nicht"' in save(reader, address, measure="gibt es nicht").content.decode()
    assert save(reader, address, measure="").status_code == 302
    indicator.refresh_from_db()
    assert indicator.measure is None


def test_measures_of_one_name_are_told_apart(reader: Client, concept: Concept) -> None:
    first, second = list(Measure.objects.filter(concept=concept)[:2])
    Measure.objects.filter(pk__in=[first.pk, second.pk]).update(code="", title="Sprachcafé")
    address = workbench_url(concept, Indicator.objects.filter(concept=concept)[0])
    assert save(reader, address, measure="Sprachcafé").status_code == 422
    assert save(reader, address, measure=f"Sprachcafé [{second.pk}]").status_code == 302
    assert Indicator.objects.filter(concept=concept)[0].measure == second


def test_two_choose_different_measures_for_an_indicator(
    reader: Client, other: Client, concept: Concept
) -> None:
    indicator = Indicator.objects.create(
        concept=concept, field=concept.fields.get(code="A"), position=90, title="Neue Zahl", level="output"
    )
    address = workbench_url(concept, indicator)
    late = filled(other, address, measure="A.1.1.1")
    assert save(reader, address, measure="B.1.1.1").status_code == 302
    response = other.post(address, late)
    assert response.status_code == 422
    text = main_text_of(response)
    assert "Zwei Fassungen" in text
    assert str(measure_of(concept, "A.1.1.1")) in text.replace("nur hier: ", "")
    # Whoever touched only the title takes over the measure of the first.
    late = filled(other, address, title="Anderer Titel")
    assert save(reader, address, measure="A.1.1.1").status_code == 302
    assert other.post(address, late).status_code == 302
    indicator.refresh_from_db()
    assert (indicator.title, indicator.measure) == ("Anderer Titel", measure_of(concept, "A.1.1.1"))


def test_what_is_missing_is_said_and_listed(reader: Client, concept: Concept) -> None:
    measure = measure_of(concept, "A.1.1.2")
    measure.responsible, measure.span, measure.permanent = None, None, False
    measure.save()
    page = main_text_of(reader.get(workbench_url(concept, measure)))
    assert "Hier fehlt noch: wer verantwortlich ist, der Zeitraum, ein Indikator." in page
    listed = main_text_of(reader.get(f"{workbench_url(concept)}vollstaendigkeit/"))
    assert f"{measure} es fehlt: wer verantwortlich ist, der Zeitraum, ein Indikator" in listed
    assert "es fehlt: ein Indikator" in listed


def test_all_measures_stand_in_a_table_with_the_towns_questions(reader: Client, concept: Concept) -> None:
    page = main_text_of(reader.get(f"{workbench_url(concept)}massnahmen/"))
    assert "Sozialraum" in page
    assert "A.1.1.1 Sprachkurs 1-1 Fachbereich Soziales 2017–2020" in page
    assert "Innenstadt" in page
    for odd in ("0", "999", "x", "²", "-1"):
        assert reader.get(f"{workbench_url(concept)}massnahmen/", {"seite": odd}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "measures"), [(1, 2), (5, 12)])
def test_the_number_of_queries_does_not_grow(
    reader: Client,
    town: Municipality,
    fields: int,
    measures: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    concept = make_concept(town, fields=fields, measures=measures)
    base = workbench_url(concept)
    measure = measure_of(concept)
    reader.get(workbench_url(concept, measure))  # who opens it for the first time is noted anew
    expected = {
        base: 9,
        f"{base}massnahmen/": 10,
        f"{base}vollstaendigkeit/": 24,
        workbench_url(concept, measure): 13,
        f"{base}massnahmen/{measure.pk}/verschieben/": 15,
    }
    for page, number in expected.items():
        with django_assert_num_queries(number):
            assert reader.get(page).status_code == 200
    shelf.clear()
    with django_assert_num_queries(35):  # outline and fields are drawn
        assert reader.get(workbench_url(concept, measure)).status_code == 200
