"""Who changed what, when and why; and back again."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from concepts.actions.deleting import delete_part
from concepts.actions.deleting import restore as restore_deleted
from concepts.actions.placing import move_measure
from concepts.actions.versions import freeze_version
from concepts.kinds import workbench_url
from concepts.models import (
    ActionField,
    AdditionalField,
    Concept,
    FundingCondition,
    Goal,
    Indicator,
    IndicatorValue,
    Measure,
    MeasureCost,
)
from documents.richtext import plain_text
from municipalities.models import Institution, Person, Role, User
from tests.concepts.factories import make_concept, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Callable[[str], Any]:
    """`with at("18.12.2017 14:05"):` – what happens then."""

    def travel(moment: str) -> Any:
        naive = datetime.datetime.strptime(moment, "%d.%m.%Y %H:%M")  # noqa: DTZ007
        return time_machine.travel(timezone.make_aware(naive), tick=True)

    return travel


@pytest.fixture
def concept(town: Any, at: Any) -> Concept:
    with at("01.03.2017 09:00"):
        return make_concept(town, fields=1, measures=2)


@pytest.fixture
def measure(concept: Concept, editor: User, at: Any) -> Measure:
    """A measure whose first entry in the history is known."""
    row: Measure = concept.measures.order_by("position")[0]
    with at("01.06.2017 10:00"):
        edit(row, editor, "Erfassung")
    return row


def edit(row: Any, by: User | None, why: str = "", /, *, links: Any = None, **values: Any) -> None:
    """As the forms do it."""
    for name, value in values.items():
        setattr(row, name, value)
    row._history_user, row._change_reason = by, why
    row.full_clean()
    row.save()
    for name, rows in (links or {}).items():
        getattr(row, name).set(rows)


def remove(row: Any, by: User) -> None:
    row._history_user, row._change_reason = by, "Doppelt"
    row.delete()


def url_of(part: Any, page: str = "verlauf/") -> str:
    return f"{workbench_url(part.own_concept(), part)}{page}"


def seen_on(client: Client, address: str, status: int = 200, **data: Any) -> str:
    """The words of the page in one line."""
    response = client.get(address, data)
    assert response.status_code == status
    html = response.content.decode()
    return words_on(html[html.index('<div class="w-pane"') :].partition("</main>")[0])


def words_on(html: str) -> str:
    """As one reads them, also what is struck out."""
    bare = re.sub(r"</?(?:span|strong|em|a|del|ins|time)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub("<[^>]*>", " ", bare)).split())


def html_on(client: Client, address: str, **data: Any) -> str:
    return client.get(address, data).content.decode()


def entry_address(client: Client, part: Any, number: int = 0) -> str:
    """The page on which the part's n-th newest entry is compared with today."""
    response = client.get(url_of(part))
    return f"{url_of(part)}{response.context['entries'][number].key}/"


def restore(client: Client, address: str, **data: str) -> Any:
    """What pressing the button on the page sends."""
    seen = client.get(address).context["seen"]
    return client.post(f"{address}wiederherstellen/", {"seen": seen, **data})


# ---- What is told ----------------------------------------------------------------------------------------


def test_an_entry_says_who_when_why_and_what(reader: Client, editor: User, measure: Measure, at: Any) -> None:
    with at("18.12.2017 14:05"):
        edit(measure, editor, "Beschluss des Rates", title="Sprachkurs am Abend", phase="running")
    page = seen_on(reader, url_of(measure))
    assert "18.12.2017 um 14:05 Uhr · Ayşe Yıldız" in page
    assert "Ayşe Yıldız geändert Grund: Beschluss des Rates" in page
    assert "Titel Sprachkurs gelöscht: 1-1 eingefügt: am Abend" in page
    assert "Stand der Umsetzung gelöscht: in Planung eingefügt: in Umsetzung" in page
    assert page.index("18.12.2017") < page.index("01.06.2017")
    html = html_on(reader, url_of(measure))
    assert '<time datetime="2017-12-18T14:05:' in html


def test_texts_are_compared_word_by_word(reader: Client, editor: User, measure: Measure, at: Any) -> None:
    with at("18.12.2017 14:05"):
        edit(measure, editor, text=measure.text.replace("feste Sprechzeiten", "feste Sprechzeiten am Abend"))
    html = html_on(reader, url_of(measure))
    assert 'feste Sprechzeiten <ins><span class="p-visually-hidden">eingefügt: </span>am Abend</ins>' in html
    assert "&lt;li&gt;" not in html


def test_form_alone_is_told_as_such(reader: Client, editor: User, measure: Measure) -> None:
    edit(measure, editor, text=measure.text.replace("feste", "<strong>feste</strong>"))
    assert "Beschreibung Nur die Form hat sich geändert" in seen_on(reader, url_of(measure))


def test_values_are_told_in_words(
    reader: Client, editor: User, concept: Concept, measure: Measure, at: Any
) -> None:
    association = Institution.objects.get(municipality=concept.municipality, name="Verein der Nachbarn")
    person = Person.objects.create(municipality=concept.municipality, name="Ida Sommer", function="Leitung")
    question = AdditionalField.objects.get(municipality=measure.concept.municipality, label="Sozialraum")
    yes_no = AdditionalField.objects.create(
        municipality=concept.municipality,
        position=2,
        label="Pflichtaufgabe",
        kind=AdditionalField.Kind.YES_NO,
    )
    with at("18.12.2017 14:05"):
        edit(
            measure,
            editor,
            responsible=association,
            responsible_person=person,
            permanent=True,
            span="Anfang 2018",
            as_of=None,
            additional={str(question.pk): "Nordstadt", str(yes_no.pk): True},
            links={
                "partners": [],
                "contacts": [person],
                "goals": Goal.objects.filter(field__concept=concept, code="A.1"),
            },
        )
    page = seen_on(reader, url_of(measure))
    for told in (
        "Verantwortlich gelöscht: Fachbereich Soziales eingefügt: Verein der Nachbarn",
        "Zuständige Person gelöscht: Jonas Brandt, Sachbearbeitung eingefügt: Ida Sommer, Leitung",
        "auf Dauer gelöscht: nein eingefügt: ja",
        "Zeitraum gelöscht: 2017–2020 eingefügt: Anfang 2018",
        "Stand der Angaben gelöscht: Juni 2018 dient",
        "Sozialraum gelöscht: Innenstadt eingefügt: Nordstadt",
        "Pflichtaufgabe eingefügt: ja",
        "Beteiligte gelöscht: Verein der Nachbarn",
        "Ansprechpersonen gelöscht: Jonas Brandt, Sachbearbeitung eingefügt: Ida Sommer, Leitung",
        "dient den Zielen A.1 Alle lernen Deutsch 1. gelöscht: A.1.1 Kurse sind erreichbar.",
    ):
        assert told in page
    assert page.count("18.12.2017 um 14:05 Uhr · Ayşe Yıldız") == 1, "one save is one entry"


def test_what_is_gone_keeps_its_name(reader: Client, editor: User, measure: Measure, at: Any) -> None:
    club = Institution.objects.create(
        municipality=measure.concept.municipality,
        name="Turnverein",
        kind=Institution.Kind.MIGRANT_ORGANISATION,
    )
    department = measure.responsible
    with at("18.12.2017 14:05"):
        edit(measure, editor, responsible=club)
    with at("19.12.2017 14:05"):
        edit(measure, editor, responsible=department)
        club.delete()
    page = seen_on(reader, url_of(measure))
    assert "Verantwortlich gelöscht: Turnverein (gelöscht) eingefügt: Fachbereich Soziales" in page


def test_lines_count_as_changes_of_their_part(
    reader: Client, editor: User, concept: Concept, measure: Measure, at: Any
) -> None:
    cost = measure.costs.get()
    with at("18.12.2017 14:05"):
        edit(measure, editor, "Haushalt 2019", title="Sprachkurs neu")
        edit(cost, editor, amount=Decimal(3000))
        edit(MeasureCost(measure=measure, year=2019, amount=Decimal("1.5"), source="Spende"), editor)
    page = seen_on(reader, url_of(measure))
    assert page.count("18.12.2017 um 14:05 Uhr · Ayşe") == 1
    assert "Kosten 2018: 3.000 Euro – geändert" in page
    assert "Kosten 2019: 1,50 Euro – angelegt" in page
    indicator = Indicator.objects.get(title="Bestandene Prüfungen")
    value = indicator.values.get(period="2017", group="Frauen")
    with at("20.12.2017 09:00"):
        edit(value, editor, "Nachmeldung", value=Decimal("53.125"))
    assert (
        "20.12.2017 um 09:00 Uhr · Ayşe Yıldız geändert Grund: Nachmeldung "
        "Messwert 2017, Frauen: 53,125 – geändert Wert gelöscht: 51,5 eingefügt: 53,125"
    ) in seen_on(reader, url_of(indicator))
    whole = seen_on(reader, url_of_concept(concept))
    assert "Indikator Bestandene Prüfungen geändert Grund: Nachmeldung" in whole
    condition = FundingCondition.objects.get(funding__concept=concept)
    with at("21.12.2017 09:00"):
        edit(condition, editor, fulfilled_on="20.12.2017", fulfilment="Bericht")
    page = seen_on(reader, url_of(condition.funding))
    assert "Auflage Bericht vorlegen – geändert erfüllt eingefügt: 20.12.2017" in page


def url_of_concept(concept: Concept) -> str:
    return f"{workbench_url(concept)}verlauf/"


def test_a_state_that_was_never_recorded_is_not_invented(reader: Client, measure: Measure) -> None:
    # The factory makes measures all at once, past the history: the first entry has nothing before it.
    page = seen_on(reader, url_of(measure))
    assert "Grund: Erfassung Der Stand davor ist nicht aufgezeichnet." in page
    assert "eingefügt" not in page


def test_saving_without_a_change_is_no_entry(reader: Client, editor: User, measure: Measure) -> None:
    before = seen_on(reader, url_of(measure))
    edit(measure, editor)
    assert seen_on(reader, url_of(measure)) == before


def test_two_people_or_two_reasons_make_two_entries(
    reader: Client, editor: User, measure: Measure, at: Any
) -> None:
    other = make_member(measure.concept.municipality, "zweite@example.org")
    with at("18.12.2017 14:05"):
        edit(measure, editor, "Eins", title="Titel eins")
        edit(measure, editor, "Zwei", title="Titel zwei")
        edit(measure, other, "Zwei", title="Titel drei")
    assert seen_on(reader, url_of(measure)).count("18.12.2017 um 14:05 Uhr · Ayşe") == 3


def test_hostile_words_stay_words(reader: Client, editor: User, measure: Measure) -> None:
    edit(measure, editor, "<script>alert(1)</script>", title="<b onclick=x>Kurs</b>", origin="<i>&amp;</i>")
    for page in (url_of(measure), url_of_concept(measure.concept)):
        html = html_on(reader, page)
        assert "<script>alert" not in html
        assert "<b onclick" not in html
        assert "<i>" not in html
    page = html_on(reader, entry_address(reader, measure, 1))
    assert "<b onclick" not in page


def test_what_was_made_all_at_once_knows_its_concept_too(
    reader: Client, editor: User, concept: Concept
) -> None:
    indicator = Indicator.objects.get(title="Bestandene Prüfungen")
    rows = [IndicatorValue(indicator=indicator, period=str(year), value=year) for year in (1998, 1999)]
    bulk_create_with_history(rows, IndicatorValue, default_user=editor)
    assert "Messwert 1999: 1.999 – angelegt" in seen_on(reader, url_of_concept(concept))


# ---- Deleted ---------------------------------------------------------------------------------------------


def test_the_history_of_what_was_deleted_stays(
    reader: Client, editor: User, concept: Concept, measure: Measure, at: Any
) -> None:
    address = url_of(measure)
    with at("18.12.2017 14:05"):
        edit(measure, editor, "Umbenannt", title="Sprachkurs am Abend")
    with at("19.12.2017 14:05"):
        remove(measure, editor)
    page = seen_on(reader, address)
    assert "A.1.1.1 Sprachkurs am Abend (gelöscht)" in page
    assert "Das wurde gelöscht. Sein Verlauf bleibt lesbar." in page
    assert f'href="{workbench_url(concept)}papierkorb/"' in html_on(reader, address)
    assert "19.12.2017 um 14:05 Uhr · Ayşe Yıldız gelöscht Grund: Doppelt" in page
    assert "Beteiligte Verein der Nachbarn" in page, "links are told although they went first"
    assert "Grund: Umbenannt" in page
    assert "Mit heute vergleichen" not in page
    whole = seen_on(reader, url_of_concept(concept))
    assert "Maßnahme A.1.1.1 Sprachkurs am Abend gelöscht Grund: Doppelt" in whole
    assert "Maßnahme A.1.1.1 Sprachkurs 1-1 geändert" in whole, "called as it was called then"


def test_what_never_was_is_not_found(reader: Client, concept: Concept, measure: Measure, town: Any) -> None:
    other = make_concept(town, fields=1, measures=1, slug="zweites", title="Zweites Konzept")
    base = workbench_url(concept)
    for address in (
        f"{base}massnahmen/999999/verlauf/",
        f"{base}quatsch/{measure.pk}/verlauf/",
        f"{base}massnahmen/{other.measures.all()[0].pk}/verlauf/",
        f"{base}massnahmen/{measure.pk}/verlauf/measure-999999/",
        f"{base}massnahmen/{measure.pk}/verlauf/goal-1/",
        f"{base}massnahmen/{measure.pk}/verlauf/unsinn/",
        f"{base}massnahmen/{measure.pk}/verlauf/measure-{'9' * 30}/",
    ):
        assert reader.get(address).status_code == 404, address


# ---- Filters and „since“ -----------------------------------------------------------------------------------


def test_the_concepts_history_is_narrowed(
    reader: Client, editor: User, concept: Concept, measure: Measure, at: Any
) -> None:
    other = make_member(concept.municipality, "zweite@example.org")
    other.name = "Ida Sommer"
    other.save()
    goal = Goal.objects.get(field__concept=concept, code="A.1")
    with at("10.12.2017 08:00"):
        edit(measure, editor, "Erste Änderung", title="Titel eins")
    with at("18.12.2017 00:30"):
        edit(goal, other, "Zweite Änderung", text="Alle sprechen Deutsch.")
    with at("19.12.2017 08:00"):
        edit(concept, editor, "Dritte Änderung", subtitle="Fortschreibung")

    def told(**question: Any) -> list[str]:
        page = seen_on(reader, url_of_concept(concept), **question)
        return [word for word in ("Erste", "Zweite", "Dritte") if f"{word} Änderung" in page]

    assert told() == ["Erste", "Zweite", "Dritte"]
    assert told(seit="18.12.2017") == ["Zweite", "Dritte"]
    assert told(seit="2017-12-19") == ["Dritte"]
    assert told(person=other.pk) == ["Zweite"]
    assert told(art="ziele") == ["Zweite"]
    assert told(art="massnahmen", person=other.pk) == []
    assert told(art="konzept") == ["Dritte"]
    assert "Keine Einträge" in seen_on(reader, url_of_concept(concept), seit="01.01.2100")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"seit": "gestern"}, "Bitte schreiben Sie den Tag so: 18.12.2017."),
        ({"seit": "99.99.2017"}, "Bitte schreiben Sie den Tag so: 18.12.2017."),
        ({"fassung": "7"}, "Diese Fassung gibt es nicht."),
        ({"person": "x"}, "Diese Person hat hier nichts geändert."),
        ({"art": "x"}, "Diese Art gibt es nicht."),
        ({"ansicht": "x"}, "Diese Darstellung gibt es nicht."),
        ({"ansicht": "zusammenfassung"}, "Bitte nennen Sie den Tag oder die Fassung"),
        ({"seit": "01.01.0001"}, "Bitte nennen Sie einen Tag zwischen 1990 und 2100."),
        ({"seit": "31.12.9999"}, "Bitte nennen Sie einen Tag zwischen 1990 und 2100."),
        ({"seite": "x\x00"}, ""),
        ({"seite": "999999999999999999999"}, ""),
    ],
)
def test_a_question_that_cannot_be_understood_gets_a_sentence(
    reader: Client, concept: Concept, question: Any, sentence: str
) -> None:
    assert sentence in seen_on(reader, url_of_concept(concept), **question)


def test_what_changed_since_a_day_is_summed_up(
    reader: Client, editor: User, concept: Concept, measure: Measure, at: Any
) -> None:
    second = concept.measures.order_by("position")[1]
    with at("10.12.2017 08:00"):
        edit(second, editor)
        edit(measure.costs.get(), editor)
        old = Goal(field=measure.field, position=8, code="A.8", text="Ein altes Ziel")
        edit(old, editor)
    with at("19.12.2017 08:00"):
        edit(measure, editor, title="Zwischenstand")
    with at("20.12.2017 08:00"):
        edit(measure, editor, title="Endstand")
        edit(second, editor, origin="Anderswo")
        edit(measure.costs.get(), editor, reserved=False)
    with at("21.12.2017 08:00"):
        edit(second, editor, origin="Workshop am 08.05.2017")
        goal = Goal(field=measure.field, position=9, text="Ein neues Ziel")
        edit(goal, editor)
        brief = Goal(field=measure.field, position=10, text="Ein kurzes Ziel")
        edit(brief, editor)
    with at("22.12.2017 08:00"):
        remove(brief, editor)
        remove(old, editor)
    question = {"seit": "18.12.2017", "ansicht": "zusammenfassung"}
    page = seen_on(reader, url_of_concept(concept), **question)
    assert "seit dem 18.12.2017 um 00:00 Uhr" in page
    assert "Titel gelöscht: Sprachkurs 1-1 eingefügt: Endstand" in page
    assert "Zwischenstand" not in page
    assert (
        "Kosten 2018: 2.500,50 Euro – geändert unter Haushaltsvorbehalt gelöscht: ja eingefügt: nein" in page
    )
    assert "Ziel Ein neues Ziel angelegt" in page
    assert "Ziel Ein kurzes Ziel (gelöscht) angelegt und wieder gelöscht" in page
    assert "Ziel A.8 Ein altes Ziel (gelöscht) gelöscht Was darin stand" in page
    assert "Maßnahme A.1.1.2 Sprachkurs 1-2 am Ende unverändert" in page
    only_goals = seen_on(reader, url_of_concept(concept), art="ziele", **question)
    assert "Ein neues Ziel" in only_goals
    assert "Endstand" not in only_goals
    assert "Seitdem hat sich nichts geändert." in seen_on(
        reader, url_of_concept(concept), seit="01.01.2100", ansicht="zusammenfassung"
    )


def test_what_changed_since_a_version(
    reader: Client, editor: User, concept: Concept, measure: Measure, at: Any
) -> None:
    with at("10.12.2017 08:00"):
        edit(measure, editor, title="Vor der Fassung")
    with at("11.12.2017 08:00"):
        version = freeze_version(concept=concept, name="Entwurf für den Rat", by=editor)
    with at("12.12.2017 08:00"):
        edit(measure, editor, title="Nach der Fassung")
    page = seen_on(reader, url_of_concept(concept), fassung=version.number, ansicht="zusammenfassung")
    assert "seit dem 11.12.2017 um 08:00 Uhr" in page
    assert "Titel gelöscht: Vor eingefügt: Nach der Fassung" in page
    assert "Entwurf für den Rat" in html_on(reader, url_of_concept(concept))


# ---- Back again ------------------------------------------------------------------------------------------


@pytest.fixture
def changed(measure: Measure, editor: User, at: Any) -> Measure:
    """Twice changed; the first entry is the state of 1 June."""
    cost = measure.costs.get()
    with at("02.06.2017 10:00"):
        edit(cost, editor)
    with at("18.12.2017 14:05"):
        edit(
            measure,
            editor,
            "Umbau",
            title="Ganz anders",
            reason="<p>Neu begründet.</p>",
            span=None,
            additional={},
            links={"partners": [], "goals": []},
        )
    with at("18.12.2017 14:10"):
        edit(cost, editor, amount=Decimal(1))
        edit(MeasureCost(measure=measure, year=2020, amount=Decimal(7)), editor)
    return measure


def fresh(measure: Measure) -> Measure:
    return Measure.objects.get(pk=measure.pk)


def test_one_value_is_restored(reader: Client, changed: Measure) -> None:
    address = entry_address(reader, changed, 3)
    page = seen_on(reader, address)
    assert "Stand vom 01.06.2017 um 10:00 Uhr" in page
    assert "Titel gelöscht: Ganz anders eingefügt: Sprachkurs 1-1 Diesen Wert wiederherstellen: Titel" in page
    response = restore(reader, address, feld="title")
    assert response.status_code == 302
    now = fresh(changed)
    assert now.title == "Sprachkurs 1-1"
    assert now.reason == "<p>Neu begründet.</p>"
    assert not now.partners.exists()
    html = html_on(reader, response["Location"])
    assert "Wiederhergestellt ist der Stand vom 01.06.2017 um 10:00 Uhr." in html
    page = seen_on(reader, response["Location"])
    assert "Grund: „Titel“ wiederhergestellt vom Stand 01.06.2017 um 10:00 Uhr" in page
    assert "Grund: Umbau" in page, "what was undone stays in the history"


@pytest.mark.parametrize("name", ["partners", "goals"])
def test_links_are_restored(reader: Client, changed: Measure, name: str) -> None:
    assert restore(reader, entry_address(reader, changed, 3), feld=name).status_code == 302
    assert getattr(fresh(changed), name).count() == (1 if name == "partners" else 2)
    assert fresh(changed).title == "Ganz anders"


def test_an_answer_is_restored(reader: Client, changed: Measure) -> None:
    question = AdditionalField.objects.get(municipality=changed.concept.municipality, label="Sozialraum")
    restore(reader, entry_address(reader, changed, 3), feld=f"additional.{question.pk}")
    assert fresh(changed).additional == {str(question.pk): "Innenstadt"}


def test_a_whole_state_is_restored_with_its_lines(reader: Client, changed: Measure, concept: Concept) -> None:
    place = (changed.position, changed.field_id)
    address = entry_address(reader, changed, 2)
    page = seen_on(reader, address)
    assert "Kosten 2020: 7 Euro – würde gelöscht" in page
    assert "Kosten 2018: 2.500,50 Euro – würde geändert" in page
    before = concept.revision.number
    assert restore(reader, address).status_code == 302
    now = fresh(changed)
    assert (now.title, str(now.span), plain_text(now.reason)) == (
        "Sprachkurs 1-1",
        "2017–2020",
        "Ohne Deutsch keine Ausbildung.",
    )
    assert [institution.name for institution in now.partners.all()] == ["Verein der Nachbarn"]
    assert now.goals.count() == 2
    assert [(cost.year, cost.amount) for cost in now.costs.all()] == [(2018, Decimal("2500.50"))]
    assert (now.position, now.field_id) == place
    concept.revision.refresh_from_db()
    assert concept.revision.number > before
    assert "Heute gilt derselbe Stand." in seen_on(reader, address)
    newest = seen_on(reader, url_of(changed)).partition("18.12.2017")[0]
    assert newest.count("Ayşe Yıldız") == 1
    assert "Grund: wiederhergestellt vom Stand 02.06.2017 um 10:00 Uhr" in newest
    assert "Kosten 2020: 7 Euro – gelöscht" in newest


def test_a_deleted_line_is_restored(reader: Client, editor: User, changed: Measure, at: Any) -> None:
    cost = changed.costs.get(year=2018)
    number = cost.pk
    with at("19.12.2017 10:00"):
        remove(cost, editor)
    address = entry_address(reader, changed, 1)
    assert "Kosten 2018: 1 Euro – würde wieder angelegt" in seen_on(reader, address)
    assert restore(reader, address, zeile=f"measurecost-{number}").status_code == 302
    assert [(row.pk, row.amount) for row in changed.costs.filter(year=2018)] == [(number, Decimal(1))]
    assert changed.costs.get(year=2018).funding.programme == "KOMM-IN"


def test_lines_without_a_history_are_left_alone(reader: Client, editor: User, measure: Measure) -> None:
    """The factory's costs were never recorded: going back to an old state must not throw them away."""
    edit(measure, editor, "Umbau", title="Ganz anders")
    restore(reader, entry_address(reader, measure, 1))
    assert fresh(measure).title == "Sprachkurs 1-1"
    assert measure.costs.count() == 1


def test_the_place_in_the_tree_is_not_restored(
    reader: Client, editor: User, concept: Concept, measure: Measure
) -> None:
    other = ActionField.objects.create(concept=concept, position=9, code="Z", title="Anderswo")
    move_measure(measure=measure, to=other, by=editor)
    page = seen_on(reader, url_of(measure))
    assert "geändert Grund: verschoben nach „Z Anderswo“ Handlungsfeld" in page
    assert "Handlungsfeld gelöscht: A Sprache und Bildung 1 eingefügt: Z Anderswo" in page
    assert "Reihenfolge" not in page
    address = entry_address(reader, measure, 1)
    page = seen_on(reader, address)
    assert "Heute gilt derselbe Stand." in page
    assert "Wird nicht wiederhergestellt" in page
    assert "Handlungsfeld gelöscht: Z Anderswo eingefügt: A Sprache und Bildung 1" in page
    assert restore(reader, address, feld="field").status_code == 422
    restore(reader, address)
    assert fresh(measure).field == other


def test_what_came_back_from_the_trash_says_so(
    reader: Client, editor: User, concept: Concept, measure: Measure, at: Any
) -> None:
    with at("18.12.2017 14:05"):
        deletion = delete_part(part=measure, by=editor, reason="Doppelt")
    with at("18.12.2017 14:06"):
        restore_deleted(deletion=deletion, by=editor)
    measure = Measure.objects.get(pk=deletion.row_id)
    page = seen_on(reader, url_of(measure))
    assert "14:06 Uhr · Ayşe Yıldız wiederhergestellt Grund: aus dem Papierkorb wiederhergestellt" in page
    assert "14:05 Uhr · Ayşe Yıldız gelöscht Grund: Doppelt" in page
    with at("19.12.2017 14:05"):
        edit(fresh(measure), editor, "Danach", title="Neuer Titel")
    page = seen_on(reader, url_of(measure))
    assert "Grund: Danach Titel gelöscht: Sprachkurs 1-1 eingefügt: Neuer Titel" in page
    assert restore(reader, entry_address(reader, measure, 1)).status_code == 302
    assert fresh(measure).title == "Sprachkurs 1-1"


def refused(response: Any) -> str:
    assert response.status_code == 422
    return words_on(response.content.decode())


def test_a_code_that_is_taken_meanwhile_is_refused(
    reader: Client, editor: User, concept: Concept, measure: Measure
) -> None:
    edit(measure, editor, "Neue Zählung", code="B.9", title="Neu")
    edit(concept.measures.get(code="A.1.1.2"), editor, code="A.1.1.1")
    page = refused(restore(reader, entry_address(reader, measure, 1)))
    assert "Diese Kennung hat in diesem Konzept schon eine andere Maßnahme." in page
    assert (fresh(measure).code, fresh(measure).title) == ("B.9", "Neu")


def test_an_institution_that_is_gone_is_refused(reader: Client, editor: User, measure: Measure) -> None:
    club = Institution.objects.create(
        municipality=measure.concept.municipality,
        name="Turnverein",
        kind=Institution.Kind.MIGRANT_ORGANISATION,
    )
    department = measure.responsible
    edit(measure, editor, "Eins", responsible=club, links={"partners": [club]})
    edit(measure, editor, "Zwei", responsible=department, links={"partners": []})
    club.delete()
    for name, label in (
        ("responsible", "Verantwortlich"),
        ("partners", "Beteiligte"),
        ("", "Verantwortlich"),
    ):
        page = refused(restore(reader, entry_address(reader, measure, 1), feld=name))
        assert f"{label}: „Turnverein (gelöscht)“ gibt es nicht mehr." in page
    assert fresh(measure).responsible == department


def test_the_second_to_change_does_not_overwrite(reader: Client, editor: User, measure: Measure) -> None:
    edit(measure, editor, "Umbau", title="Ganz anders")
    address = entry_address(reader, measure, 1)
    seen = reader.get(address).context["seen"]
    edit(measure, editor, "Schneller", title="Eine andere war schneller")
    response = reader.post(f"{address}wiederherstellen/", {"seen": seen})
    assert "Inzwischen wurde hier etwas geändert." in refused(response)
    assert "Eine andere war schneller" in response.content.decode()
    assert fresh(measure).title == "Eine andere war schneller"


@pytest.mark.parametrize("data", [{"feld": "id"}, {"feld": "__class__"}, {"feld": "additional.x"}])
def test_nonsense_is_refused(reader: Client, changed: Measure, data: Any) -> None:
    assert "lässt sich nicht wiederherstellen" in refused(
        restore(reader, entry_address(reader, changed, 3), **data)
    )


@pytest.mark.parametrize(
    ("zeile", "status"), [("x", 404), ("measurecost-9999999", 422), ("goal-1", 422), ("measurecost-²", 404)]
)
def test_lines_of_others_are_not_restored(reader: Client, changed: Measure, zeile: str, status: int) -> None:
    assert restore(reader, entry_address(reader, changed, 3), zeile=zeile).status_code == status


def test_the_concept_itself_is_restored(reader: Client, editor: User, concept: Concept, at: Any) -> None:
    with at("18.12.2017 14:05"):
        edit(concept, editor, "Umbenannt", title="Neuer Name", status="adopted", goal_level_names=["Ziel"])
    page = seen_on(reader, url_of_concept(concept), art="konzept")
    assert "Namen der Zielebenen gelöscht: Leitziel, Handlungsziel eingefügt: Ziel" in page
    response = reader.get(url_of_concept(concept), {"art": "konzept"})
    address = f"{url_of_concept(concept)}{response.context['entries'][1].key}/"
    assert restore(reader, address).status_code == 302
    concept.refresh_from_db()
    assert (concept.title, concept.goal_level_names) == (
        "Gemeinsam in Vielfalt",
        ["Leitziel", "Handlungsziel"],
    )
    assert concept.status == "adopted", "how far the procedure has come is not undone"


def test_who_only_reads_sees_the_history_and_restores_nothing(
    client: Client, reader: Client, changed: Measure
) -> None:
    address = entry_address(reader, changed, 3)
    member = make_member(changed.concept.municipality, "moderation@example.org", Role.Kind.MODERATION)
    client.force_login(member)
    assert "Diesen Wert wiederherstellen" not in seen_on(client, address)
    assert "Titel" in seen_on(client, address)
    assert client.post(f"{address}wiederherstellen/").status_code == 403
    assert fresh(changed).title == "Ganz anders"


def test_the_responsible_department_restores_its_own_measure(
    client: Client, reader: Client, editor: User, changed: Measure, concept: Concept
) -> None:
    member = make_member(concept.municipality, "fachamt@example.org", Role.Kind.DEPARTMENT)
    Person.objects.create(
        municipality=concept.municipality, name="Amt", user=member, institution=changed.responsible
    )
    other = concept.measures.get(code="A.1.1.2")
    edit(
        other,
        editor,
        "Fremd",
        responsible=Institution.objects.get(municipality=concept.municipality, name="Verein der Nachbarn"),
    )
    addresses = [entry_address(reader, row) for row in (changed, other)]
    client.force_login(member)
    assert restore(client, addresses[0], feld="title").status_code in (302, 422)
    assert "wiederherstellen: Titel" in seen_on(client, entry_address(client, changed, 3))
    assert client.post(f"{addresses[1]}wiederherstellen/").status_code == 403


def test_strangers_find_nothing(client: Client, reader: Client, changed: Measure, stranger: User) -> None:
    address = entry_address(reader, changed, 3)
    client.force_login(stranger)
    for page in (url_of(changed), url_of_concept(changed.concept), address):
        assert client.get(page).status_code == 404
    assert client.post(f"{address}wiederherstellen/").status_code == 404


# ---- Speed -----------------------------------------------------------------------------------------------


def queries(client: Client, address: str, **data: Any) -> int:
    client.get(address, data)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address, data).status_code == 200
    return len(found)


def test_more_entries_take_no_more_queries(
    reader: Client, editor: User, concept: Concept, measure: Measure
) -> None:
    def work(rounds: range) -> None:
        for number in rounds:
            for row in concept.measures.all():
                department = Institution.objects.create(
                    municipality=concept.municipality, name=f"Amt {number} {row.pk}", kind="department"
                )
                edit(
                    row, editor, f"Runde {number}", title=f"Titel {number}", responsible=department,
                    links={
                        "goals": Goal.objects.filter(field__concept=concept)[: number % 2],
                        "partners": [department],
                    },
                )  # fmt: skip
                edit(row.costs.get(), editor, f"Runde {number}", amount=number)

    work(range(12))
    pages = {
        "part": (url_of(measure), {}),
        "concept": (url_of_concept(concept), {}),
        "since": (url_of_concept(concept), {"seit": "01.03.2017", "ansicht": "zusammenfassung"}),
        "stand": (entry_address(reader, measure, 1), {}),
    }
    reader.get(url_of(measure))  # the first request of a process reads what later ones remember
    few = {name: queries(reader, address, **data) for name, (address, data) in pages.items()}
    work(range(12, 36))
    many = {name: queries(reader, address, **data) for name, (address, data) in pages.items()}
    assert few == many
    assert many == {"part": 26, "concept": 28, "since": 63, "stand": 30}


def test_many_entries_come_in_pages(reader: Client, editor: User, measure: Measure, at: Any) -> None:
    for day in range(1, 29):
        for hour in (9, 15):
            with at(f"{day:02}.02.2018 {hour:02}:00"):
                edit(measure, editor, title=f"Titel {day} {hour}")
    first = seen_on(reader, url_of(measure))
    assert first.count("Uhr · ") == 50
    assert "28.02.2018 um 15:00 Uhr" in first
    second = seen_on(reader, url_of(measure), seite=2)
    assert "01.02.2018 um 09:00 Uhr" in second
    assert second.count("Uhr · ") == 7
