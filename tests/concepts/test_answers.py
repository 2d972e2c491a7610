"""The town's own questions are answered in the form of a measure, and shown wherever the measure is."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from concepts.actions.versions import freeze_version
from concepts.additional import additional_fields, in_words
from concepts.forms.additional import AdditionalAnswersMixin
from concepts.kinds import workbench_url
from concepts.models import AdditionalField, Concept, Measure
from municipalities.models import Municipality
from tests.concepts.asking import add, answer
from tests.concepts.factories import make_concept
from tests.concepts.test_workbench import filled
from tests.reading import main_text_of as text_of

Kind = AdditionalField.Kind


class MeasureForm(AdditionalAnswersMixin):
    """As small as a measure's form can be."""

    class Meta:
        model = Measure
        fields = ["title"]

    def __init__(self, *args: Any, questions: list[AdditionalField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(questions)


class TestAnswering:
    @pytest.fixture
    def measure(self, town: Municipality) -> Measure:
        found = make_concept(town, fields=1, measures=1).measures.get()
        found.additional = {}
        town.additional_fields.all().delete()
        found.save()
        return found

    def form(self, measure: Measure, **answers: str) -> MeasureForm:
        questions = additional_fields(measure.concept.municipality_id)
        by_label = {question.label: f"zusatz_{question.pk}" for question in questions}
        data = {"title": measure.title} | {by_label[label]: given for label, given in answers.items()}
        return MeasureForm(data, instance=measure, questions=questions)

    @pytest.mark.parametrize(
        ("kind", "typed", "stored", "shown"),
        [
            (Kind.TEXT, "  Innenstadt & mehr ", "Innenstadt & mehr", "Innenstadt & mehr"),
            (Kind.TEXT, "x" * 500, "x" * 500, "x" * 500),
            (Kind.CHOICE, "Nord", "Nord", "Nord"),
            (Kind.NUMBER, "1.234,5", "1234.5", "1.234,5"),
            (Kind.NUMBER, "1234,50", "1234.50", "1.234,50"),
            (Kind.NUMBER, " 1 234 ", "1234", "1.234"),
            (Kind.NUMBER, "0,125", "0.125", "0,125"),
            (Kind.NUMBER, "-3", "-3", "−3"),
            (Kind.NUMBER, "−3", "-3", "−3"),
            (Kind.DATE, "18.12.2017", "2017-12-18", "18.12.2017"),
            (Kind.DATE, "2017-12-18", "2017-12-18", "18.12.2017"),
            (Kind.YES_NO, "ja", True, "ja"),
            (Kind.YES_NO, "nein", False, "nein"),
        ],
    )
    def test_an_answer_is_stored_and_shown_again(
        self, measure: Measure, kind: str, typed: str, stored: object, shown: str
    ) -> None:
        choices = ["Mitte", "Nord"] if kind == Kind.CHOICE else []
        question = add(measure.concept.municipality, "Frage", kind, choices=choices, help_text="Hilfe")
        form = self.form(measure, Frage=typed)
        assert form.is_valid(), form.errors
        form.save()
        measure.refresh_from_db()
        assert measure.additional == {str(question.pk): stored}
        assert in_words(kind, stored) == shown
        again = MeasureForm(instance=measure, questions=[question])
        assert again.question_names == [f"zusatz_{question.pk}"]
        html = again.as_p()
        assert "Frage" in html
        assert "Hilfe" in html
        chosen = kind in (Kind.CHOICE, Kind.YES_NO)
        assert (f'value="{shown}" selected' if chosen else f'value="{shown.replace("&", "&amp;")}"') in html
        # What is shown can be sent back as it is.
        assert self.form(measure, Frage=shown).is_valid()

    @pytest.mark.parametrize(
        ("kind", "typed", "sentence"),
        [
            (Kind.TEXT, "x" * 501, "höchstens 500 Zeichen"),
            (Kind.TEXT, "a\x00b", "Nullzeichen"),
            (Kind.CHOICE, "Ost", "Bitte wählen Sie eine der Möglichkeiten aus der Liste."),
            (Kind.NUMBER, "viele", "Bitte geben Sie eine Zahl ein, zum Beispiel 1.234,5."),
            (Kind.NUMBER, "1,5,5", "Bitte geben Sie eine Zahl ein, zum Beispiel 1.234,5."),
            (Kind.NUMBER, "9" * 15, "höchstens 14 Ziffern vor dem Komma"),
            (Kind.NUMBER, "0,1234567", "höchstens 6 Dezimalstellen"),
            (Kind.NUMBER, "NaN", "Bitte geben Sie eine Zahl ein, zum Beispiel 1.234,5."),
            (Kind.DATE, "31.02.2017", "Bitte geben Sie einen Tag ein, zum Beispiel 18.12.2017."),
            (Kind.DATE, "bald", "Bitte geben Sie einen Tag ein, zum Beispiel 18.12.2017."),
            (Kind.YES_NO, "vielleicht", "Bitte wählen Sie „ja“, „nein“ oder „keine Angabe“."),
        ],
    )
    def test_a_wrong_answer_gets_a_sentence_and_stays(
        self, measure: Measure, kind: str, typed: str, sentence: str
    ) -> None:
        choices = ["Mitte", "Nord"] if kind == Kind.CHOICE else []
        question = add(measure.concept.municipality, "Frage", kind, choices=choices)
        form = self.form(measure, Frage=typed)
        assert not form.is_valid()
        assert sentence in str(form.errors[f"zusatz_{question.pk}"])
        if kind in (Kind.TEXT, Kind.NUMBER, Kind.DATE):
            assert typed in form.as_p()

    @pytest.mark.parametrize("kind", Kind)
    def test_an_emptied_answer_is_gone(self, measure: Measure, kind: str) -> None:
        choices = ["Mitte"] if kind == Kind.CHOICE else []
        question = add(measure.concept.municipality, "Frage", kind, choices=choices)
        measure.additional = {str(question.pk): "Mitte"}
        self.form(measure, Frage="").save()
        measure.refresh_from_db()
        assert measure.additional == {}

    def test_what_is_no_longer_asked_is_shown_only_where_it_was_answered(self, measure: Measure) -> None:
        town = measure.concept.municipality
        answered, unanswered = add(town, "Alt", active=False), add(town, "Uralt", active=False)
        measure.additional = {str(answered.pk): "Mitte"}
        form = MeasureForm(instance=measure, questions=[answered, unanswered])
        assert form.question_names == [f"zusatz_{answered.pk}"]

    def test_answers_that_the_form_does_not_ask_for_stay(self, measure: Measure) -> None:
        question = add(measure.concept.municipality, "Frage")
        measure.additional = {"999999": "bleibt"}
        self.form(measure, Frage="Mitte").save()
        assert measure.additional == {"999999": "bleibt", str(question.pk): "Mitte"}

    def test_a_choice_that_is_no_longer_offered_is_not_lost(self, measure: Measure) -> None:
        question = add(measure.concept.municipality, "Frage", Kind.CHOICE, choices=["Mitte"])
        measure.additional = {str(question.pk): "Ost"}
        assert '<option value="Ost" selected>' in MeasureForm(instance=measure, questions=[question]).as_p()
        assert self.form(measure, Frage="Ost").is_valid()


class TestTwoAnswerAtOnce:
    """In the workbench's form, where each answer is merged like a field of its own."""

    @pytest.mark.parametrize(
        ("kind", "typed", "theirs", "both", "stored"),
        [
            (Kind.TEXT, "Mitte", "Nord", ("Mitte", "Nord"), "Mitte"),
            (Kind.NUMBER, "1.200", "1300.5", ("1.200", "1.300,5"), "1200"),
            (Kind.DATE, "18.12.2017", "2017-12-19", ("18.12.2017", "19.12.2017"), "2017-12-18"),
            (Kind.YES_NO, "ja", False, ("ja", "nein"), True),
            (Kind.CHOICE, "Mitte", "Nord", ("Mitte", "Nord"), "Mitte"),
        ],
    )
    def test_what_both_answered_is_decided(
        self,
        reader: Client,
        measure: Measure,
        kind: str,
        typed: str,
        theirs: Any,
        both: tuple[str, str],
        stored: Any,
    ) -> None:
        choices = ["Mitte", "Nord"] if kind == Kind.CHOICE else []
        question = add(measure.concept.municipality, "Frage", kind, choices=choices)
        measure.save()  # its first entry in the history
        address, name = workbench_url(measure.concept, measure), f"zusatz_{question.pk}"
        mine = filled(reader, address, **{name: typed})
        answer(measure.concept, question, theirs)
        response = reader.post(address, mine)
        assert response.status_code == 422
        (conflict,) = response.context["form"].conflicts
        assert (conflict.label, conflict.mine, conflict.theirs) == ("Frage", *both)
        opened = str(measure.history.first().pk)
        for decision, expected in (("andere", theirs), ("meine", stored)):
            decided = mine | {"opened_version": opened, conflict.decision: decision}
            with transaction.atomic():
                assert reader.post(address, decided).status_code == 302
                measure.refresh_from_db()
                transaction.set_rollback(True)
            assert measure.additional[str(question.pk)] == expected

    def test_what_only_the_other_answered_is_taken(self, reader: Client, measure: Measure) -> None:
        town = measure.concept.municipality
        number, day = add(town, "Plätze", Kind.NUMBER), add(town, "Beginn", Kind.DATE)
        measure.save()  # its first entry in the history
        address = workbench_url(measure.concept, measure)
        mine = filled(reader, address, **{f"zusatz_{number.pk}": "1.200"})
        answer(measure.concept, day, "2017-12-18")
        text = text_of(reader.post(address, mine, follow=True))
        assert "Von anderen geändert und übernommen: Beginn." in text
        measure.refresh_from_db()
        assert measure.additional[str(number.pk)] == "1200"
        assert measure.additional[str(day.pk)] == "2017-12-18"


class TestShowing:
    def test_the_concept_and_its_search_know_the_answers(
        self, reader: Client, town: Municipality, concept: Concept
    ) -> None:
        field = add(town, "Pflichtaufgabe", Kind.CHOICE, choices=["Wupperaue", "Altstadt"])
        answer(concept, field, "Wupperaue")
        text = text_of(reader.get(f"{concept.get_absolute_url()}?suche=wupperaue"))
        assert "Gefunden: 1 Maßnahme" in text
        assert "Pflichtaufgabe Wupperaue" in text

    @pytest.mark.parametrize("kind", [Kind.DATE, Kind.NUMBER, Kind.YES_NO])
    def test_an_answer_that_does_not_suit_is_shown_as_it_is(
        self, reader: Client, town: Municipality, concept: Concept, kind: str
    ) -> None:
        """The administration shows all answers of a measure as one text that can be changed at will."""
        answer(concept, add(town, "Frage", kind), "im Frühjahr")
        assert "Frage im Frühjahr" in text_of(reader.get(concept.get_absolute_url()))

    def test_an_answer_without_its_question_stops_no_version(self, office: Client, concept: Concept) -> None:
        """As after a measure came back from the trash, whose question was deleted meanwhile."""
        concept.measures.update(additional={"999999": "aus dem Papierkorb"})
        freeze_version(concept=concept, name="Entwurf", by=None)
        text = text_of(office.get(f"{concept.get_absolute_url()}fassungen/1/"))
        assert "Sprachkurs 1-1" in text
        assert "aus dem Papierkorb" not in text

    def test_the_administration_does_not_delete_what_was_answered(
        self, office: Client, town: Municipality, concept: Concept
    ) -> None:
        used, unused = add(town, "Bezirk"), add(town, "Beginn")
        answer(concept, used, "Mitte")
        for field, status in ((used, 403), (unused, 200)):
            address = f"/verwaltung/concepts/additionalfield/{field.pk}/delete/"
            assert office.get(address).status_code == status
