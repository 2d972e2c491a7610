"""Readers comment on a part and suggest other words for its texts."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from playwright.sync_api import Page, expect

from concepts.actions.talk import add_comment, refuse
from concepts.actions.versions import freeze_version
from concepts.models import Comment, Concept, Measure, Suggestion
from concepts.pictures import state_of
from concepts.talk import count_open, texts_of
from municipalities.models import Municipality, User
from tests.concepts.factories import make_concept
from tests.concepts.talking import TEXT, be, page_of, parts_of, propose, seen
from tests.reading import main_text_of as text_of


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


def test_in_the_browser_from_the_suggestion_to_the_text(
    portal: str, page: Page, measure: Measure, guest: User, editor: User
) -> None:
    """With the editor for rich text, whose HTML is its own; and nothing is kept that has been saved."""
    be(page, portal, guest)
    address = page_of(measure, "vorschlagen/begruendung/")
    page.goto(f"{portal}{address}")
    text = page.get_by_role("textbox", name="Begründung", exact=True)
    page.get_by_role("button", name="Vorschlagen").click()
    expect(page.get_by_role("alert")).to_contain_text("Das ist der heutige Wortlaut.")
    text.press("Control+End")
    page.keyboard.type(" Und keine Arbeit.")
    page.get_by_role("button", name="Vorschlagen").click()
    expect(page.get_by_role("status")).to_contain_text("Ihr Vorschlag ist gespeichert.")
    expect(page.locator("ins")).to_have_text("eingefügt: Und keine Arbeit.")
    page.goto(f"{portal}{address}")
    expect(page.get_by_text("noch nicht gespeichert")).to_have_count(0)

    be(page, portal, editor)
    page.goto(f"{portal}{page_of(measure)}")
    page.get_by_role("link", name="Entscheiden").click()
    text = page.get_by_role("textbox", name="Begründung", exact=True)
    text.press("Control+End")
    page.keyboard.type(" Und keine Wohnung.")
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(page.get_by_text("geändert übernommen", exact=True)).to_be_visible()
    measure.refresh_from_db()
    assert measure.reason == "<p>Ohne Deutsch keine Ausbildung. Und keine Arbeit. Und keine Wohnung.</p>"
