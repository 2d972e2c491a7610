"""What was said and waits: the number on the tab, the concept's list, the start page."""

import datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from concepts.actions.talk import add_comment, refuse, set_done, take_over
from concepts.models import Concept, Measure
from municipalities.models import Institution, Municipality, Person, Role, User
from tests.concepts.factories import make_concept, make_member
from tests.concepts.talking import page_of, parts_of, propose
from tests.reading import main_text_of as text_of


class TestWhatWaits:
    def test_the_tab_counts_what_is_open(
        self, reader: Client, measure: Measure, concept: Concept, guest: User, editor: User
    ) -> None:
        comment = add_comment(part=measure, text="Gut.", by=guest)
        suggestions = [propose(measure, guest) for _times in range(2)]
        add_comment(part=parts_of(concept)[0], text="Vorwort?", by=guest)
        assert "Kommentare 3 offen" in text_of(reader.get(page_of(measure)))
        assert "Kommentare 4 offen" in text_of(reader.get(f"{concept.get_absolute_url()}bearbeiten/"))
        set_done(comment=comment, done=True, by=editor)
        for one in suggestions:
            refuse(suggestion=one, reason="Nein.", by=editor)
        text = text_of(reader.get(page_of(measure)))
        assert "Kommentare Kommentare" in text
        assert "offen" not in text.partition("Kommentare und Vorschläge")[0]

    def test_the_browsers_copy_of_the_overview_is_not_used_once_the_number_is_another(
        self, reader: Client, measure: Measure, guest: User
    ) -> None:
        address = f"{measure.concept.get_absolute_url()}bearbeiten/"
        reader.get(address)  # sets the cookie of the form in the header
        tag = {"If-None-Match": reader.get(address)["ETag"]}
        assert reader.get(address, headers=tag).status_code == 304
        add_comment(part=measure, text="Gut.", by=guest)
        assert "Kommentare 1 offen" in text_of(reader.get(address, headers=tag))

    def test_the_list_of_the_concept_goes_by_field(
        self, visitor: Client, concept: Concept, guest: User
    ) -> None:
        address = f"{concept.get_absolute_url()}bearbeiten/kommentare/"
        assert "Nichts offen" in text_of(visitor.get(address))
        parts = parts_of(concept)
        for number, part in enumerate(reversed(parts)):
            add_comment(part=part, text=f"Bemerkung {number}", by=guest)
        propose(concept.measures.get(code="B.1.1.2"), guest)
        done = add_comment(part=parts[0], text="Längst erledigt", by=guest)
        set_done(comment=done, done=True, by=guest)
        response = visitor.get(address)
        text = text_of(response)
        assert "Längst erledigt" not in text
        headings = [
            "Kapitel und Übergreifendes Vorwort",
            "A Sprache und Bildung 1",
            "B Sprache und Bildung 2",
        ]
        places = [text.rindex(heading) for heading in headings]
        assert places == sorted(places)
        assert "Vorschlag von Mia Sommer: Beschreibung · Maßnahme" in text
        assert "Kurse am Abend und am Wochenende." in text
        for part in parts:
            assert f'href="{page_of(part)}#comment-' in response.content.decode()

    def test_a_long_list_is_shown_page_by_page(
        self, visitor: Client, concept: Concept, measure: Measure, guest: User
    ) -> None:
        for number in range(60):
            add_comment(part=measure, text=f"Bemerkung Nr. {number}.", by=guest)
        add_comment(part=concept.measures.get(code="B.1.1.2"), text="Ganz zuletzt", by=guest)
        address = f"{concept.get_absolute_url()}bearbeiten/kommentare/"
        first, second = text_of(visitor.get(address)), text_of(visitor.get(f"{address}?seite=2"))
        assert "Offene Kommentare und Vorschläge 61" in first
        assert first.count("Bemerkung Nr.") == 50
        assert "Ganz zuletzt" not in first
        assert second.count("Bemerkung Nr.") == 10
        assert "B Sprache und Bildung 2" in second
        assert "Ganz zuletzt" in second
        assert visitor.get(f"{address}?seite=quatsch").status_code == 200

    def test_links_lead_there(self, reader: Client, measure: Measure, concept: Concept) -> None:
        link = f'href="{page_of(measure)}"'
        address = concept.get_absolute_url()
        assert link in reader.get(address).content.decode()
        assert link in reader.get(f"{address}massnahmen/{measure.pk}/").content.decode()
        assert (
            f'href="{address}bearbeiten/kommentare/"' in reader.get(f"{address}bearbeiten/").content.decode()
        )

    def test_editors_find_it_on_their_start_page(
        self, reader: Client, visitor: Client, measure: Measure, guest: User
    ) -> None:
        add_comment(part=measure, text="Wer zahlt das?", by=guest)
        suggestion = propose(measure, guest)
        response = reader.get("/")
        text = text_of(response)
        assert "A.1.1.1 Sprachkurs 1-1 – Wer zahlt das? Kommentar" in text
        assert "A.1.1.1 Sprachkurs 1-1 – Kurse am Abend und am Wochenende. Vorschlag" in text
        assert f'href="{page_of(measure)}#suggestion-{suggestion.pk}"' in response.content.decode()
        assert "Wer zahlt das?" not in text_of(visitor.get("/"))

    def test_a_fachamt_finds_what_is_about_its_own_measures(
        self, client: Client, town: Municipality, measure: Measure, concept: Concept, guest: User
    ) -> None:
        office = Institution.objects.create(municipality=town, name="Schulamt", kind="department")
        other = concept.measures.get(code="A.1.1.2")
        Measure.objects.filter(pk=other.pk).update(responsible=office)
        user = make_member(town, "fachamt@example.org", Role.Kind.DEPARTMENT)
        Person.objects.create(municipality=town, name="Fachamt", user=user, institution=office)
        add_comment(part=measure, text="Geht euch nichts an.", by=guest)
        add_comment(part=other, text="Das ist euer.", by=guest)
        client.force_login(user)
        text = text_of(client.get("/"))
        assert "Das ist euer." in text
        assert "Geht euch nichts an." not in text

    def test_who_suggested_is_told_on_the_start_page_for_a_month(
        self, visitor: Client, reader: Client, measure: Measure, guest: User, editor: User
    ) -> None:
        assert "Ihre Vorschläge" not in text_of(visitor.get("/"))
        refused, changed = propose(measure, guest), propose(measure, guest)
        refuse(suggestion=refused, reason="Kein Geld.", by=editor)
        new = "<p>Kurse am Samstag.</p>"
        take_over(suggestion=changed, wording=new, seen=measure.text, reason="", by=editor)
        text = text_of(visitor.get("/"))
        about = "Ihr Vorschlag zu „A.1.1.1 Sprachkurs 1-1“ (Beschreibung) wurde"
        assert f"{about} nicht übernommen: Kein Geld." in text
        assert f"{about} geändert übernommen" in text
        assert about not in text_of(reader.get("/"))
        with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=31)):
            client = Client()
            client.force_login(guest)
            assert about not in text_of(client.get("/"))


@pytest.mark.parametrize("number", [1, 4])
def test_the_number_of_queries_does_not_grow(
    reader: Client,
    town: Municipality,
    guest: User,
    editor: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    concept = make_concept(town, fields=number, measures=number)
    measure = concept.measures.get(code="A.1.1.1")
    for part in [*concept.measures.all(), *concept.indicators.all(), *parts_of(concept)]:
        add_comment(part=part, text="Gut.", by=guest)
    for _times in range(number):
        suggestion = propose(measure, guest)
        done = add_comment(part=measure, text="Erledigt.", by=make_member(town, f"{_times}@example.org"))
        set_done(comment=done, done=True, by=editor)
        refuse(suggestion=propose(measure, guest), reason="Nein.", by=editor)
    expected = {
        page_of(measure): 10,
        page_of(measure, "vorschlagen/titel/"): 8,
        page_of(measure, f"vorschlaege/{suggestion.pk}/"): 9,
        f"{concept.get_absolute_url()}bearbeiten/kommentare/": 10,
        "/": 23,
    }
    for page, queries in expected.items():
        reader.get(page)
        with django_assert_num_queries(queries):
            reader.get(page)
