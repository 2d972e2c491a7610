"""Readers comment and suggest other words; editors take over, change or refuse them with a reason."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from concepts.actions.talk import add_comment, refuse, set_done, suggest, take_over
from concepts.actions.versions import freeze_version
from concepts.models import ActionField, Comment, Concept, ConceptPart, Funding, Measure, Suggestion
from concepts.pictures import state_of
from concepts.talk import count_open, texts_of
from concepts.workbench import may_edit_part
from municipalities.models import Institution, Municipality, Person, Role, User
from tests.concepts.factories import make_concept, make_member
from tests.concepts.test_pages import text_of

TEXT = "<p>Kurse am Abend und am Wochenende.</p>"


@pytest.fixture
def guest(town: Municipality) -> User:
    """Reads and comments, but edits nothing."""
    user = make_member(town, "gremium@example.org", Role.Kind.COUNTERSIGNING)
    user.name = "Mia Sommer"
    user.save()
    return user


@pytest.fixture
def measure(concept: Concept) -> Measure:
    return concept.measures.get(code="A.1.1.1")


@pytest.fixture
def visitor(guest: User) -> Client:
    client = Client()
    client.force_login(guest)
    return client


def page_of(part: ConceptPart, rest: str = "") -> str:
    slugs = {"chapter": "kapitel", "actionfield": "felder", "goal": "ziele", "measure": "massnahmen"}
    slug = slugs.get(str(part._meta.model_name), "indikatoren")
    return f"{part.own_concept().get_absolute_url()}bearbeiten/{slug}/{part.pk}/kommentare/{rest}"


def parts_of(concept: Concept) -> list[ConceptPart]:
    field = concept.fields.get(position=1)
    rows = concept.chapters.first(), field, field.goals.first(), concept.measures.first()
    return [row for row in (*rows, *concept.indicators.order_by("position")[:2]) if row is not None]


def propose(measure: Measure, by: User, wording: str = TEXT, text_name: str = "text") -> Suggestion:
    return suggest(part=measure, text_name=text_name, wording=wording, reason="Klarer.", by=by)


def seen(client: Client, address: str) -> str:
    """What the form says it shows."""
    value: str = client.get(address).context["form"].initial["seen"]
    return value


class TestComments:
    def test_somebody_comments_on_every_kind_of_part(self, visitor: Client, concept: Concept) -> None:
        for part in parts_of(concept):
            address = page_of(part)
            assert "Hierzu hat noch niemand etwas gesagt." in text_of(visitor.get(address))
            response = visitor.post(address, {"text": "  Das fehlt <b>noch</b>.\r\n\r\nBitte! "}, follow=True)
            text = text_of(response)
            assert "Ihr Kommentar ist gespeichert." in text
            assert "Mia Sommer" in text
            assert "<p>Das fehlt &lt;b&gt;noch&lt;/b&gt;.</p>" in response.content.decode()
            assert response.redirect_chain[0][0].endswith(f"#comment-{Comment.objects.last().pk}")

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "Bitte schreiben Sie Ihren Kommentar."),
            (" \n ", "Bitte schreiben Sie Ihren Kommentar."),
            ("x" * 5001, "Das sind 5001 Zeichen, möglich sind 5000. Bitte kürzen Sie."),
            ("a\x00b", "Nullzeichen sind nicht erlaubt."),
        ],
    )
    def test_bad_input_gets_a_sentence_and_stays(
        self, visitor: Client, measure: Measure, typed: str, sentence: str
    ) -> None:
        response = visitor.post(page_of(measure), {"text": typed})
        assert response.status_code == 422
        assert sentence in text_of(response)
        assert typed in response.content.decode()
        assert not Comment.objects.exists()

    def test_lines_count_once_although_browsers_send_two_characters(
        self, visitor: Client, measure: Measure
    ) -> None:
        visitor.post(page_of(measure), {"text": "a\r\n" * 2499 + "ab"})
        assert len(Comment.objects.get().text) == 5000

    def test_the_oldest_stands_first(self, visitor: Client, measure: Measure, guest: User) -> None:
        for text in ("Erstens", "Zweitens"):
            add_comment(part=measure, text=text, by=guest)
            propose(measure, guest, f"<p>{text} anders.</p>")
        text = text_of(visitor.get(page_of(measure)))
        places = [text.index(words) for words in ("Erstens", "Erstens anders", "Zweitens", "Zweitens anders")]
        assert places == sorted(places)

    def test_who_wrote_it_withdraws_it_and_nobody_else(
        self, visitor: Client, reader: Client, measure: Measure, guest: User
    ) -> None:
        comment = add_comment(part=measure, text="Doch nicht.", by=guest)
        withdraw = page_of(measure, f"{comment.pk}/zurueckziehen/")
        assert "Kommentar zurückziehen" in text_of(visitor.get(page_of(measure)))
        assert "Kommentar zurückziehen" not in text_of(reader.get(page_of(measure)))
        assert reader.post(withdraw).status_code == 403
        text = text_of(visitor.post(withdraw, follow=True))
        assert "Ihr Kommentar ist zurückgezogen." in text
        assert "Doch nicht." not in text
        assert "Diesen Kommentar gibt es nicht mehr." in text_of(visitor.post(withdraw, follow=True))

    def test_editors_mark_it_as_done_and_open_it_again(
        self, visitor: Client, reader: Client, measure: Measure, guest: User
    ) -> None:
        comment = add_comment(part=measure, text="Wer zahlt?", by=guest)
        done = page_of(measure, f"{comment.pk}/erledigt/")
        assert "Als erledigt markieren" not in text_of(visitor.get(page_of(measure)))
        assert visitor.post(done, {"erledigt": "ja"}).status_code == 403
        text = text_of(reader.post(done, {"erledigt": "ja"}, follow=True))
        assert "Der Kommentar ist als erledigt markiert." in text
        assert "Erledigt von Ayşe Yıldız am" in text
        text = text_of(reader.post(done, {"erledigt": "nein"}, follow=True))
        assert "Der Kommentar ist wieder offen." in text
        assert "Erledigt von" not in text
        comment.delete()
        assert "Diesen Kommentar gibt es nicht mehr." in text_of(reader.post(done, follow=True))


class TestSuggesting:
    def test_the_current_wording_is_filled_in(self, visitor: Client, measure: Measure) -> None:
        page = text_of(visitor.get(page_of(measure)))
        assert "Titel Beschreibung Begründung" in page
        html = visitor.get(page_of(measure, "vorschlagen/begruendung/")).content.decode()
        assert "&lt;p&gt;Ohne Deutsch keine Ausbildung.&lt;/p&gt;</textarea>" in html
        html = visitor.get(page_of(measure, "vorschlagen/titel/")).content.decode()
        assert 'value="Sprachkurs 1-1"' in html

    def test_every_text_of_every_part_can_be_suggested_for(
        self, visitor: Client, reader: Client, concept: Concept
    ) -> None:
        for part in parts_of(concept):
            for slug, field in texts_of(part).items():
                address = page_of(part, f"vorschlagen/{slug}/")
                new = "Ganz neue Worte" if slug != "titel" else f"Neuer Titel {part.pk}"
                data = {"wording": new, "seen": seen(visitor, address)}
                text = text_of(visitor.post(address, data, follow=True))
                assert "Ihr Vorschlag ist gespeichert." in text
                suggestion = Suggestion.objects.latest("pk")
                decide = page_of(part, f"vorschlaege/{suggestion.pk}/")
                data = {
                    "wording": suggestion.wording,
                    "seen": seen(reader, decide),
                    "entscheidung": "uebernehmen",
                }
                assert "steht jetzt im Konzept" in text_of(reader.post(decide, data, follow=True))
                part.refresh_from_db()
                assert getattr(part, field.name) in (new, f"<p>{new}</p>")

    def test_what_would_change_is_shown_word_by_word(
        self, visitor: Client, measure: Measure, guest: User
    ) -> None:
        Measure.objects.filter(pk=measure.pk).update(text="<p>Kurse am Abend.</p>")
        measure.refresh_from_db()
        propose(measure, guest, "<p>Kurse am frühen Abend.</p>")
        propose(measure, guest, "Sprachkurs 1-1 für <alle> & jeden", "title")
        response = visitor.get(page_of(measure))
        text, html = text_of(response), response.content.decode()
        assert "Vorschlag von Mia Sommer: Beschreibung" in text
        assert "Kurse am eingefügt: frühen Abend." in text
        assert "Grund des Vorschlags Klarer." in text
        assert "für &lt;alle&gt; &amp; jeden" in html
        assert "<alle>" not in html

    def test_a_change_of_form_alone_is_told_as_such(
        self, visitor: Client, measure: Measure, guest: User
    ) -> None:
        Measure.objects.filter(pk=measure.pk).update(text="<p>Kurse am Abend.</p>")
        measure.refresh_from_db()
        propose(measure, guest, "<p>Kurse am <strong>Abend</strong>.</p>")
        html = visitor.get(page_of(measure)).content.decode()
        assert "Die Wörter bleiben, nur die Form ist anders:" in html
        assert "<p>Kurse am <strong>Abend</strong>.</p>" in html

    @pytest.mark.parametrize(
        ("text", "typed", "sentence"),
        [
            ("titel", "", "Bitte schreiben Sie, wie der Text lauten soll."),
            ("titel", "  ", "Bitte schreiben Sie, wie der Text lauten soll."),
            ("titel", "x" * 201, "höchstens 200 Zeichen"),
            ("titel", " Sprachkurs 1-1 ", "Das ist der heutige Wortlaut."),
            ("titel", "a\x00b", "Nullzeichen sind nicht erlaubt."),
            ("begruendung", "", "Bitte schreiben Sie, wie der Text lauten soll."),
            ("begruendung", "<p> </p><script>x</script>", "Bitte schreiben Sie, wie der Text lauten soll."),
            ("begruendung", "<div>Ohne Deutsch keine Ausbildung.</div>", "Das ist der heutige Wortlaut."),
        ],
    )
    def test_bad_input_gets_a_sentence_and_stays(
        self, visitor: Client, measure: Measure, text: str, typed: str, sentence: str
    ) -> None:
        address = page_of(measure, f"vorschlagen/{text}/")
        data = {"wording": typed, "reason": "Weil es so ist.", "seen": seen(visitor, address)}
        response = visitor.post(address, data)
        assert response.status_code == 422
        assert sentence in text_of(response)
        form = response.context["form"]
        assert form["wording"].value() == typed
        assert form["reason"].value() == "Weil es so ist."
        assert not Suggestion.objects.exists()

    def test_a_reason_that_is_too_long(self, visitor: Client, measure: Measure) -> None:
        address = page_of(measure, "vorschlagen/titel/")
        data = {"wording": "Neu", "reason": "x" * 2001, "seen": seen(visitor, address)}
        assert "Das sind 2001 Zeichen, möglich sind 2000." in text_of(visitor.post(address, data))

    @pytest.mark.parametrize("rest", ["vorschlagen/code/", "vorschlagen/nichts/", "vorschlagen/title/"])
    def test_what_is_no_text_of_the_part_is_not_found(
        self, visitor: Client, measure: Measure, rest: str
    ) -> None:
        for method in (visitor.get, visitor.post):
            response = method(page_of(measure, rest))
            assert response.status_code == 404
            assert "Diese Seite gibt es nicht" in text_of(response)

    def test_whoever_is_overtaken_by_a_change_sees_it_before_the_suggestion_is_made(
        self, visitor: Client, measure: Measure
    ) -> None:
        address = page_of(measure, "vorschlagen/beschreibung/")
        opened = seen(visitor, address)
        measure.text = "<p>Ganz anders.</p>"
        measure.save()
        data = {"wording": TEXT, "seen": opened}
        response = visitor.post(address, data)
        assert response.status_code == 422
        text = text_of(response)
        assert "Der Text wurde geändert, während Sie daran geschrieben haben." in text
        assert "Ganz anders." in text
        assert response.context["form"]["wording"].value() == TEXT
        again = response.context["form"]["seen"].value()
        assert visitor.post(address, data | {"seen": again}).status_code == 302
        assert Suggestion.objects.get().original == "<p>Ganz anders.</p>"

    def test_who_made_it_withdraws_it_while_it_is_open(
        self, visitor: Client, reader: Client, measure: Measure, guest: User, editor: User
    ) -> None:
        first, second = propose(measure, guest), propose(measure, guest)
        withdraw = "vorschlaege/{}/zurueckziehen/"
        assert reader.post(page_of(measure, withdraw.format(first.pk))).status_code == 403
        text = text_of(visitor.post(page_of(measure, withdraw.format(first.pk)), follow=True))
        assert "Ihr Vorschlag ist zurückgezogen." in text
        text = text_of(visitor.post(page_of(measure, withdraw.format(first.pk)), follow=True))
        assert "Diesen Vorschlag gibt es nicht mehr." in text
        refuse(suggestion=second, reason="Zu lang.", by=editor)
        text = text_of(visitor.post(page_of(measure, withdraw.format(second.pk)), follow=True))
        assert "hat über diesen Vorschlag am" in text
        assert Suggestion.objects.get() == second


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

    def test_nothing_is_said_about_grants(self, reader: Client, concept: Concept) -> None:
        grant = Funding.objects.filter(concept=concept)[0]
        address = f"{concept.get_absolute_url()}bearbeiten/foerderungen/{grant.pk}/kommentare/"
        assert reader.get(address).status_code == 404


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


class TestRows:
    def test_what_is_said_changes_neither_pages_nor_versions(self, measure: Measure, guest: User) -> None:
        before = state_of(measure.concept)
        add_comment(part=measure, text="Nur gesagt.", by=guest)
        propose(measure, guest)
        assert state_of(measure.concept) == before
        freeze_version(concept=measure.concept, name="Entwurf", by=None)
        assert "Nur gesagt." not in measure.concept.versions.get().content

    def test_plain_text_stays_plain_and_rich_text_is_cleaned(self, measure: Measure, guest: User) -> None:
        assert propose(measure, guest, "A < B & C", "title").wording == "A < B & C"
        assert propose(measure, guest, "<p>Ja<script>x</script></p>").wording == "<p>Ja</p>"

    def test_it_is_about_one_part_of_its_own_concept(
        self, town: Municipality, measure: Measure, concept: Concept, guest: User
    ) -> None:
        other = make_concept(town, title="Anderes", slug="anderes")
        with pytest.raises(ValidationError, match="gehört zu einem anderen Konzept"):
            Comment.objects.create(concept=other, measure=measure, author=guest, text="Falsch")
        comment = add_comment(part=measure, text="Richtig", by=guest)
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=comment.pk).update(field=measure.field)

    def test_nobody_from_another_town_says_something(self, measure: Measure, stranger: User) -> None:
        """Whoever comes by an address is not let in; this is about the rows themselves."""
        assert count_open(measure.concept_id, measure) == 0
        assert not Comment.objects.visible_to(stranger).exists()
        add_comment(part=measure, text="Gut.", by=stranger)
        assert not Comment.objects.visible_to(stranger).exists()

    def test_a_part_takes_what_was_said_about_it_along(self, measure: Measure, guest: User) -> None:
        add_comment(part=measure, text="Gut.", by=guest)
        propose(measure, guest)
        measure.delete()
        assert not Comment.objects.exists()
        assert not Suggestion.objects.exists()


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
        page_of(measure): 11,
        page_of(measure, "vorschlagen/titel/"): 9,
        page_of(measure, f"vorschlaege/{suggestion.pk}/"): 10,
        f"{concept.get_absolute_url()}bearbeiten/kommentare/": 11,
        "/": 13,
    }
    for page, queries in expected.items():
        reader.get(page)
        with django_assert_num_queries(queries):
            reader.get(page)
