"""Who edits a part takes over, changes or refuses what others suggest; and who may do what."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from concepts.actions.talk import add_comment, refuse, suggest, take_over
from concepts.models import ActionField, Concept, Funding, Measure, Suggestion
from concepts.workbench import may_edit_part
from municipalities.models import Institution, Municipality, Person, Role, User
from tests.concepts.factories import make_concept, make_member
from tests.concepts.talking import TEXT, page_of, parts_of, propose, seen
from tests.reading import main_text_of as text_of


class TestDeciding:
    def decide(self, client: Client, suggestion: Suggestion, decision: str, **data: str) -> Any:
        address = page_of(suggestion.part, f"vorschlaege/{suggestion.pk}/")
        typed = {"wording": suggestion.wording, "seen": seen(client, address), "entscheidung": decision}
        return client.post(address, typed | data, follow=True)

    def test_taking_over(self, reader: Client, measure: Measure, guest: User, editor: User) -> None:
        suggestion = propose(measure, guest)
        page = text_of(reader.get(page_of(measure, f"vorschlaege/{suggestion.pk}/")))
        assert "Vorschlag von Mia Sommer: Beschreibung" in page
        assert "seit dieser Vorschlag gemacht wurde" not in page
        text = text_of(self.decide(reader, suggestion, "uebernehmen", reason="Danke."))
        assert "Der Vorschlag von Mia Sommer steht jetzt im Konzept." in text
        assert "Übernommen von Ayşe Yıldız am" in text
        assert "Grund: Danke." in text
        measure.refresh_from_db()
        assert measure.text == TEXT
        entry = measure.history.first()
        assert (entry.history_change_reason, entry.history_user) == ("Vorschlag von Mia Sommer", editor)
        assert "Kurse am Abend und am Wochenende." in text_of(reader.get(measure.concept.get_absolute_url()))

    def test_taking_over_changed(self, reader: Client, measure: Measure, guest: User) -> None:
        suggestion = propose(measure, guest)
        new = "<p>Kurse am Abend und am Samstag.</p>"
        text = text_of(self.decide(reader, suggestion, "uebernehmen", wording=new))
        assert "Geändert übernommen von Ayşe Yıldız" in text
        assert (
            "So wurde er übernommen: Kurse am Abend und am gelöscht: Wochenende eingefügt: Samstag ." in text
        )
        measure.refresh_from_db()
        assert measure.text == new

    def test_refusing_needs_a_reason_and_loses_nothing(
        self, reader: Client, measure: Measure, guest: User
    ) -> None:
        suggestion, before = propose(measure, guest), measure.text
        response = self.decide(reader, suggestion, "ablehnen", wording="<p>Meine Änderung.</p>", reason="  ")
        assert response.status_code == 422
        assert "Bitte nennen Sie den Grund, aus dem Sie nicht übernehmen." in text_of(response)
        assert response.context["form"]["wording"].value() == "<p>Meine Änderung.</p>"
        text = text_of(self.decide(reader, suggestion, "ablehnen", wording="", reason="Kein Geld."))
        assert "Der Vorschlag ist nicht übernommen. Mia Sommer erfährt den Grund." in text
        assert "Nicht übernommen von Ayşe Yıldız" in text
        assert "Grund: Kein Geld." in text
        measure.refresh_from_db()
        assert measure.text == before
        assert measure.history.count() == 0

    @pytest.mark.parametrize(
        ("decision", "data", "sentence"),
        [
            ("vertagen", {}, "Bitte entscheiden Sie: „Übernehmen“ oder „Nicht übernehmen“."),
            ("uebernehmen", {"wording": ""}, "Bitte schreiben Sie, wie der Text lauten soll."),
            ("uebernehmen", {"reason": "x" * 2001}, "Das sind 2001 Zeichen, möglich sind 2000."),
            ("ablehnen", {"reason": "x" * 2001}, "Das sind 2001 Zeichen, möglich sind 2000."),
        ],
    )
    def test_bad_input_gets_a_sentence(
        self,
        reader: Client,
        measure: Measure,
        guest: User,
        decision: str,
        data: dict[str, str],
        sentence: str,
    ) -> None:
        suggestion = propose(measure, guest)
        response = self.decide(reader, suggestion, decision, **data)
        assert response.status_code == 422
        assert sentence in text_of(response)
        suggestion.refresh_from_db()
        assert suggestion.is_open

    def test_a_title_that_the_concept_does_not_take(
        self, reader: Client, concept: Concept, guest: User
    ) -> None:
        first, second = concept.fields.filter(kind=ActionField.Kind.FIELD)
        suggestion = suggest(part=first, text_name="title", wording=second.title, reason="", by=guest)
        text = text_of(self.decide(reader, suggestion, "uebernehmen"))
        assert "Ein Handlungsfeld mit diesem Titel gibt es in diesem Konzept schon." in text
        suggestion.refresh_from_db()
        assert suggestion.is_open

    def test_what_was_changed_since_is_shown(self, reader: Client, measure: Measure, guest: User) -> None:
        Measure.objects.filter(pk=measure.pk).update(text="<p>Kurse am Abend.</p>")
        measure.refresh_from_db()
        suggestion = propose(measure, guest, "<p>Kurse am Samstag.</p>")
        measure.text = "<p>Kurse am Vormittag.</p>"
        measure.save()
        assert "Der Text wurde geändert, seit dieser Vorschlag gemacht wurde." in text_of(
            reader.get(page_of(measure))
        )
        text = text_of(reader.get(page_of(measure, f"vorschlaege/{suggestion.pk}/")))
        for words in (
            "dann geht verloren, was seither geändert wurde",
            "Wortlaut damals Kurse am Abend.",
            "Wortlaut heute, mit den Änderungen seither Kurse am gelöscht: Abend eingefügt: Vormittag .",
            "gegenüber damals Kurse am gelöscht: Abend eingefügt: Samstag .",
        ):
            assert words in text

    def test_what_is_changed_while_one_decides_is_shown_first(
        self, reader: Client, measure: Measure, guest: User
    ) -> None:
        suggestion = propose(measure, guest)
        opened = seen(reader, page_of(measure, f"vorschlaege/{suggestion.pk}/"))
        measure.text = "<p>Ganz anders.</p>"
        measure.save()
        response = self.decide(reader, suggestion, "uebernehmen", seen=opened)
        assert response.status_code == 422
        assert "Der Text wurde geändert, während Sie daran geschrieben haben." in text_of(response)
        assert "Ganz anders." in text_of(response)
        measure.refresh_from_db()
        assert measure.text == "<p>Ganz anders.</p>"
        again = response.context["form"]["seen"].value()
        assert "steht jetzt im Konzept" in text_of(self.decide(reader, suggestion, "uebernehmen", seen=again))

    def test_the_text_changes_at_the_last_moment(self, measure: Measure, guest: User, editor: User) -> None:
        """After the form was found to be right, before the concept was locked."""
        suggestion, before = propose(measure, guest), measure.text
        Measure.objects.filter(pk=measure.pk).update(text="<p>Ganz anders.</p>")
        with pytest.raises(ValidationError, match="Der Text wurde eben geändert"):
            take_over(suggestion=suggestion, wording=TEXT, seen=before, reason="", by=editor)

    def test_the_second_to_decide_sees_who_was_first(
        self, reader: Client, measure: Measure, guest: User, editor: User
    ) -> None:
        suggestion = propose(measure, guest)
        address = page_of(measure, f"vorschlaege/{suggestion.pk}/")
        opened = seen(reader, address)
        refuse(suggestion=suggestion, reason="Zu lang.", by=editor)
        data = {"wording": TEXT, "seen": opened, "entscheidung": "uebernehmen"}
        for response in (reader.get(address, follow=True), reader.post(address, data, follow=True)):
            text = text_of(response)
            assert "Ayşe Yıldız hat über diesen Vorschlag am" in text
            assert "schon entschieden: nicht übernommen." in text
        with pytest.raises(ValidationError, match="schon entschieden"):
            take_over(suggestion=suggestion, wording=TEXT, seen=measure.text, reason="", by=editor)
        suggestion.delete()
        assert "Diesen Vorschlag gibt es nicht mehr." in text_of(reader.get(address, follow=True))

    def test_what_stands_there_already_is_accepted_without_writing(
        self, reader: Client, measure: Measure, guest: User
    ) -> None:
        suggestion = propose(measure, guest)
        measure.text = TEXT
        measure.save()
        number = measure.history.count()
        assert "steht jetzt im Konzept" in text_of(self.decide(reader, suggestion, "uebernehmen"))
        assert measure.history.count() == number


class TestWho:
    def members(self, town: Municipality, measure: Measure) -> dict[str, User]:
        roles = {kind.value: make_member(town, f"{kind}@example.org", kind) for kind in Role.Kind}
        roles["responsible"] = make_member(town, "fachamt-50@example.org", Role.Kind.DEPARTMENT)
        Person.objects.create(
            municipality=town, name="Fachamt", user=roles["responsible"], institution=measure.responsible
        )
        roles["seat"] = User.objects.create_user("sitz@example.org", name="Sitz")
        Person.objects.create(municipality=town, name="Sitz", user=roles["seat"])
        return roles

    def test_who_decides_is_who_edits_the_part(
        self, client: Client, town: Municipality, measure: Measure, concept: Concept, guest: User
    ) -> None:
        other = concept.measures.get(code="A.1.1.2")
        other.responsible = Institution.objects.create(municipality=town, name="Schulamt", kind="department")
        other.save()
        own, foreign = propose(measure, guest), propose(other, guest)
        of_field = suggest(part=measure.field, text_name="title", wording="Neues Feld", reason="", by=guest)
        for name, user in self.members(town, measure).items():
            writes = name in (Role.Kind.ADMINISTRATION, Role.Kind.EDITING)
            expected = {own: writes or name == "responsible", foreign: writes, of_field: writes}
            client.force_login(user)
            mine = set(Suggestion.objects.all().for_editors(user))
            for suggestion, allowed in expected.items():
                address = page_of(suggestion.part, f"vorschlaege/{suggestion.pk}/")
                assert (client.get(address).status_code == 200) == allowed, (name, suggestion)
                assert (client.post(address).status_code == 422) == allowed, (name, suggestion)
                link = (
                    f"vorschlaege/{suggestion.pk}/" in client.get(page_of(suggestion.part)).content.decode()
                )
                assert link == allowed
                assert may_edit_part(user, suggestion.part) == allowed
                assert (suggestion in mine) == allowed, (name, suggestion)

    def test_everybody_who_reads_may_comment(
        self, client: Client, town: Municipality, measure: Measure
    ) -> None:
        for user in self.members(town, measure).values():
            client.force_login(user)
            assert client.post(page_of(measure), {"text": "Gut."}).status_code == 302

    def test_members_of_other_towns_find_nothing(
        self, client: Client, stranger: User, measure: Measure, guest: User
    ) -> None:
        comment, suggestion = add_comment(part=measure, text="Gut.", by=guest), propose(measure, guest)
        client.force_login(stranger)
        rests = ["", "vorschlagen/titel/", f"vorschlaege/{suggestion.pk}/", f"{comment.pk}/erledigt/"]
        for rest in [*rests, f"{comment.pk}/zurueckziehen/", f"vorschlaege/{suggestion.pk}/zurueckziehen/"]:
            assert client.post(page_of(measure, rest)).status_code == 404, rest
        concept = measure.concept.get_absolute_url()
        assert client.get(f"{concept}bearbeiten/kommentare/").status_code == 404

    def test_a_part_of_another_concept_is_not_found_below_this_one(
        self, reader: Client, town: Municipality, concept: Concept
    ) -> None:
        other = make_concept(town, title="Anderes", slug="anderes")
        for part in parts_of(other):
            address = page_of(part).replace("/anderes/", f"/{concept.slug}/")
            assert reader.get(address).status_code == 404
            assert reader.post(address, {"text": "Gut."}).status_code == 404

    def test_rows_of_another_part_are_not_touched(
        self, reader: Client, visitor: Client, measure: Measure, concept: Concept, guest: User
    ) -> None:
        other = concept.measures.get(code="A.1.1.2")
        comment, suggestion = add_comment(part=other, text="Gut.", by=guest), propose(other, guest)
        visitor.post(page_of(measure, f"{comment.pk}/zurueckziehen/"))
        visitor.post(page_of(measure, f"vorschlaege/{suggestion.pk}/zurueckziehen/"))
        reader.post(page_of(measure, f"{comment.pk}/erledigt/"), {"erledigt": "ja"})
        reader.post(page_of(measure, f"vorschlaege/{suggestion.pk}/"), {"entscheidung": "ablehnen"})
        comment.refresh_from_db()
        suggestion.refresh_from_db()
        assert comment.is_open
        assert suggestion.is_open

    def test_a_grant_is_talked_about_as_everything_else(
        self, reader: Client, visitor: Client, concept: Concept
    ) -> None:
        grant = Funding.objects.filter(concept=concept)[0]
        address = f"{concept.get_absolute_url()}bearbeiten/foerderungen/{grant.pk}/kommentare/"
        visitor.post(address, {"text": "Läuft das weiter?"})
        suggesting = f"{address}vorschlagen/zweck/"
        visitor.post(suggesting, {"wording": "Personal und Miete", "seen": seen(visitor, suggesting)})
        assert "Läuft das weiter?" in reader.get(address).content.decode()
        listed = text_of(reader.get(f"{concept.get_absolute_url()}bearbeiten/kommentare/"))
        assert f"Kapitel und Übergreifendes {grant} Läuft das weiter?" in listed
        suggestion = Suggestion.objects.get(funding=grant)
        deciding = f"{address}vorschlaege/{suggestion.pk}/"
        decision = {"wording": suggestion.wording, "seen": seen(reader, deciding)}
        reader.post(deciding, decision | {"entscheidung": "uebernehmen"})
        grant.refresh_from_db()
        assert grant.purpose == "Personal und Miete"
