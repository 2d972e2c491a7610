"""The town's own questions are set up by the Fachadministration, without programming."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from concepts.actions.additional import save_field
from concepts.additional import additional_fields
from concepts.models import AdditionalField, Concept
from municipalities.models import Municipality, Role, User
from tests.concepts.asking import add, answer
from tests.concepts.factories import make_concept, make_member, make_town
from tests.reading import main_text_of as text_of

Kind = AdditionalField.Kind


class TestSettingUp:
    def address(self, town: Municipality, rest: str = "") -> str:
        return f"/{town.slug}/zusatzfelder/{rest}"

    def test_a_town_without_any_is_told_what_they_are_for(self, office: Client, town: Municipality) -> None:
        text = text_of(office.get(self.address(town)))
        assert "Noch kein Zusatzfeld" in text
        assert "Zum Beispiel „Sozialraum“" in text

    def test_adding_one(self, office: Client, town: Municipality, manager: User) -> None:
        assert "Neues Zusatzfeld" in text_of(office.get(self.address(town, "neu/")))
        typed = {
            "label": "  Stadtbezirk ",
            "kind": "choice",
            "choices": "Mitte\r\n\r\n  Nord \r\nSüd\r\n",
            "help_text": "Wo sie wirkt.",
        }
        response = office.post(self.address(town, "neu/"), typed, follow=True)
        text = text_of(response)
        assert "„Stadtbezirk“ ist gespeichert." in text
        assert "Mitte · Nord · Süd" in text
        assert "Wo sie wirkt." in text
        assert "wird abgefragt" in text
        assert town.additional_fields.get().history.get().history_user == manager

    def test_a_new_one_stands_behind_the_others(self, office: Client, town: Municipality) -> None:
        AdditionalField.objects.create(municipality=town, position=7, label="Alt")
        office.post(self.address(town, "neu/"), {"label": "Neu", "kind": "text"})
        assert [field.label for field in additional_fields(town.pk)] == ["Alt", "Neu"]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"label": ""}, "Bitte geben Sie dem Feld eine Bezeichnung."),
            ({"label": "x" * 101}, "höchstens 100 Zeichen"),
            ({"label": "Sozialraum"}, "Ein Zusatzfeld mit dieser Bezeichnung gibt es schon."),
            ({"label": " Sozialraum "}, "Ein Zusatzfeld mit dieser Bezeichnung gibt es schon."),
            ({"kind": "choice"}, "Bitte nennen Sie, was zur Auswahl steht."),
            ({"kind": "choice", "choices": "a\n a"}, "Bitte nennen Sie jede Möglichkeit genau einmal."),
            ({"kind": "choice", "choices": "x" * 201}, "darf höchstens 200 Zeichen lang sein"),
            (
                {"kind": "choice", "choices": "\n".join(map(str, range(101)))},
                "Bitte nennen Sie höchstens 100 Möglichkeiten.",
            ),
            ({"choices": "Mitte"}, "Möglichkeiten gibt es nur bei der Art „Auswahl“."),
            ({"kind": "quatsch"}, "quatsch ist keine gültige Auswahl"),
            ({"help_text": "x" * 201}, "höchstens 200 Zeichen"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_stays_in_the_form(
        self, office: Client, town: Municipality, typed: dict[str, str], sentence: str
    ) -> None:
        add(town, "Sozialraum")
        data = {"label": "Bezirk", "kind": "text", "choices": "", "help_text": "Bleibt stehen."} | typed
        response = office.post(self.address(town, "neu/"), data)
        assert response.status_code == 422
        assert sentence in text_of(response)
        assert data["help_text"] in response.content.decode()
        assert town.additional_fields.count() == 1

    def test_editing_one(self, office: Client, town: Municipality) -> None:
        field = add(town, "Bezirk", Kind.CHOICE, choices=["Mitte", "Nord"])
        form = office.get(self.address(town, f"{field.pk}/"))
        assert "Mitte\nNord</textarea>" in form.content.decode()
        opened = form.context["form"].initial["opened_version"]
        typed = {"label": "Stadtbezirk", "kind": "choice", "choices": "Nord\nSüd", "opened_version": opened}
        assert office.post(self.address(town, f"{field.pk}/"), typed).status_code == 302
        field.refresh_from_db()
        assert (field.label, field.choices, field.position) == ("Stadtbezirk", ["Nord", "Süd"], 1)

    def test_the_second_to_save_sees_what_the_first_has_written(
        self, office: Client, town: Municipality
    ) -> None:
        field = add(town, "Bezirk", Kind.CHOICE, choices=["Mitte"])
        opened = office.get(self.address(town, f"{field.pk}/")).context["form"].initial["opened_version"]
        field.choices = ["Mitte", "Nord"]
        field.save()
        typed = {"label": "Bezirk", "kind": "choice", "choices": "Mitte\nSüd", "opened_version": opened}
        response = office.post(self.address(town, f"{field.pk}/"), typed)
        text = text_of(response)
        assert "hat diesen Datensatz" in text
        assert "Inzwischen steht hier: „Mitte Nord“" in text
        assert "Mitte\nSüd</textarea>" in response.content.decode()

    @pytest.mark.parametrize(("given", "words"), [(1, "1 Maßnahme hat"), (2, "2 Maßnahmen haben")])
    def test_an_answered_field_keeps_its_kind(
        self, office: Client, town: Municipality, concept: Concept, given: int, words: str
    ) -> None:
        field = add(town, "Beginn")
        answer(concept, field, *["bald"] * given)
        response = office.post(self.address(town, f"{field.pk}/"), {"label": "Beginn", "kind": "date"})
        assert response.status_code == 422
        assert f"Die Art lässt sich nicht mehr ändern: {words} schon geantwortet." in text_of(response)
        field.refresh_from_db()
        assert field.kind == Kind.TEXT

    def test_an_unanswered_field_may_change_its_kind(
        self, office: Client, town: Municipality, concept: Concept
    ) -> None:
        field = add(town, "Beginn")
        answer(concept, field, "")
        office.post(self.address(town, f"{field.pk}/"), {"label": "Beginn", "kind": "date"})
        field.refresh_from_db()
        assert field.kind == Kind.DATE

    def test_a_choice_in_use_stays(self, office: Client, town: Municipality, concept: Concept) -> None:
        field = add(town, "Bezirk", Kind.CHOICE, choices=["Mitte", "Nord", "Süd"])
        answer(concept, field, "Mitte", "Mitte", "Nord")
        typed = {"label": "Bezirk", "kind": "choice", "choices": "Ost"}
        text = text_of(office.post(self.address(town, f"{field.pk}/"), typed))
        assert "„Mitte“ lässt sich nicht entfernen: 2 Maßnahmen haben so geantwortet." in text
        assert "„Nord“ lässt sich nicht entfernen: 1 Maßnahme hat so geantwortet." in text
        assert "„Süd“" not in text
        typed["choices"] = "Ost\nNord\nMitte"
        assert office.post(self.address(town, f"{field.pk}/"), typed).status_code == 302
        field.refresh_from_db()
        assert field.choices == ["Ost", "Nord", "Mitte"]

    def test_answers_of_another_town_do_not_count(self, office: Client, town: Municipality) -> None:
        field = add(town, "Beginn")
        answer(make_concept(make_town("Altstadt")), field, "bald")
        assert field.answers().total() == 0

    def test_the_order_is_changed_by_buttons(self, office: Client, town: Municipality) -> None:
        first, second, third = (add(town, label) for label in ("Eins", "Zwei", "Drei"))

        def move(field: AdditionalField, direction: str) -> str:
            address = self.address(town, f"{field.pk}/verschieben/")
            return text_of(office.post(address, {"richtung": direction}, follow=True))

        def order() -> list[str]:
            return [field.label for field in additional_fields(town.pk)]

        assert "„Drei“ steht jetzt an anderer Stelle." in move(third, "hoch")
        assert order() == ["Eins", "Drei", "Zwei"]
        move(first, "runter")
        assert order() == ["Drei", "Eins", "Zwei"]
        assert "„Drei“ steht schon ganz oben." in move(third, "hoch")
        assert "„Zwei“ steht schon ganz unten." in move(second, "runter")
        assert order() == ["Drei", "Eins", "Zwei"]

    def test_no_longer_asked_and_asked_again(
        self, office: Client, town: Municipality, concept: Concept
    ) -> None:
        field = add(town, "Bezirk")
        answer(concept, field, "Mitte")
        ask = self.address(town, f"{field.pk}/abfragen/")
        text = text_of(office.post(ask, {"abfragen": "nein"}, follow=True))
        assert "„Bezirk“ wird nicht mehr abgefragt. Was schon geantwortet wurde, bleibt lesbar." in text
        assert "Mitte" in text_of(office.get(concept.get_absolute_url()))
        assert "„Bezirk“ wird wieder abgefragt." in text_of(office.post(ask, {"abfragen": "ja"}, follow=True))

    def test_only_what_nobody_answered_is_deleted(
        self, office: Client, town: Municipality, concept: Concept
    ) -> None:
        used, unused = add(town, "Bezirk"), add(town, "Beginn")
        answer(concept, used, "Mitte", "Nord", "")
        page = office.get(self.address(town)).content.decode()
        assert f"/{unused.pk}/loeschen/" in page
        assert f"/{used.pk}/loeschen/" not in page
        text = text_of(office.post(self.address(town, f"{used.pk}/loeschen/"), follow=True))
        assert "„Bezirk“ lässt sich nicht löschen: 2 Maßnahmen haben schon geantwortet." in text
        text = text_of(office.post(self.address(town, f"{unused.pk}/loeschen/"), follow=True))
        assert "„Beginn“ ist gelöscht." in text
        assert "Beginn" not in [field.label for field in additional_fields(town.pk)]

    def test_two_add_the_same_at_once(self, town: Municipality, manager: User) -> None:
        """Both forms were valid when they were sent; the slower one gets the sentence, not an error."""
        first, second = (AdditionalField(municipality=town, label="Bezirk") for _times in range(2))
        save_field(field=first, by=manager)
        with pytest.raises(ValidationError, match="gibt es schon"):
            save_field(field=second, by=manager)

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("rest", ["", "neu/", "{}/", "{}/verschieben/", "{}/abfragen/", "{}/loeschen/"])
    def test_only_the_towns_own_administration(
        self, client: Client, town: Municipality, rest: str, method: str
    ) -> None:
        field = add(town, "Bezirk")
        address = self.address(town, rest.format(field.pk))
        expected = {
            make_member(town, "redaktion@example.org", Role.Kind.EDITING): 403,
            make_member(town, "fachamt@example.org", Role.Kind.DEPARTMENT): 403,
            make_member(make_town("Altstadt"), "fach@altstadt.example", Role.Kind.ADMINISTRATION): 404,
        }
        only = {"": "get", "{}/verschieben/": "post", "{}/abfragen/": "post", "{}/loeschen/": "post"}
        if only.get(rest, method) != method:
            expected = dict.fromkeys(expected, 405)
        for user, status in expected.items():
            client.force_login(user)
            assert getattr(client, method)(address).status_code == status
        assert town.additional_fields.filter(label="Bezirk", active=True).exists()

    def test_another_towns_field_is_not_found_below_ones_own_name(
        self, office: Client, town: Municipality
    ) -> None:
        foreign = add(make_town("Altstadt"), "Bezirk")
        for rest in ("", "verschieben/", "abfragen/", "loeschen/"):
            assert office.post(self.address(town, f"{foreign.pk}/{rest}")).status_code == 404

    def test_the_list_of_concepts_leads_there_for_those_who_may(
        self, office: Client, town: Municipality, editor: User
    ) -> None:
        link = f'href="{self.address(town)}"'
        assert link in office.get(f"/{town.slug}/konzepte/").content.decode()
        office.force_login(editor)
        assert link not in office.get(f"/{town.slug}/konzepte/").content.decode()

    @pytest.mark.parametrize("number", [1, 12])
    def test_the_number_of_queries_does_not_grow(
        self,
        office: Client,
        town: Municipality,
        number: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        concept = make_concept(town, fields=1, measures=number)
        for place in range(number):
            answer(concept, add(town, f"Frage {place}"), *["ja"] * number)
        with django_assert_num_queries(7):
            office.get(self.address(town))
