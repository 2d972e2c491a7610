"""Private notes are nobody else's: not on a page, not in the database, not in a history or a search."""

from __future__ import annotations

import datetime
import io
import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from council.actions.former_notes import LASTS, token_for
from council.models import FactionNote, PrivateNote, Reminder
from council.secrets import UnreadableNoteError, seal, unseal
from municipalities.models import User
from outbox.models import OutgoingMail
from tests.council.preparing import Council, make_council, page, text

pytestmark = pytest.mark.django_db

SECRET = "Die Zahlen auf Seite 3 stimmen nicht überein."


@pytest.fixture
def council() -> Council:
    return make_council()


def write(council: Council, words: str = SECRET, **more: str) -> PrivateNote:
    answer = page(council.member, f"{council.base}notizen/", text=words, kind="note", **more)
    assert answer.status_code == 302, text(answer)
    return PrivateNote.objects.latest("pk")


def everything_stored() -> str:
    """Every table of the database as text, histories, index and mails among them."""
    models = apps.get_models(include_auto_created=True)
    rows = (row for model in models for row in model._base_manager.values())
    return "\n".join(
        repr({key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()})
        for row in rows
    )


def test_the_writer_reads_the_note_and_nobody_else(council: Council) -> None:
    write(council, passage="punkt-2")
    shown = text(page(council.member, f"{council.base}notizen/"))
    assert SECRET in shown
    assert "Beschlusspunkt 2" in shown
    operator = User.objects.create_superuser("betrieb@portal.example", name="Betrieb")
    for other in (council.colleague, council.opponent, council.service, council.administrator):
        assert SECRET not in text(page(other, f"{council.base}notizen/"))
    assert page(operator, f"{council.base}notizen/").status_code == 404


def test_the_reading_page_has_the_notes_and_nothing_keeps_it(council: Council) -> None:
    write(council, passage="punkt-2")
    shown = page(council.member, council.base)
    assert SECRET in text(shown)
    assert 'href="#punkt-2"' in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert "X-Offline" not in shown
    kept = page(council.member, f"{council.base}ohne-verbindung/")
    assert kept["X-Offline"] == "public"
    assert SECRET not in text(kept)


def test_the_database_holds_no_word_of_it(council: Council) -> None:
    note = write(council)
    page(council.member, f"{council.base}notizen/{note.pk}/", text=f"{SECRET} Neu.", passage="")
    assert SECRET not in everything_stored()
    assert SECRET.encode() not in bytes(PrivateNote.objects.get().sealed)
    assert PrivateNote not in admin.site._registry
    assert not hasattr(PrivateNote, "history")


def test_each_reader_and_paper_has_another_key(settings: Any) -> None:
    reader, other = User(pk=1, email="a@b.example"), User(pk=2, email="a@b.example")
    moved, capitals = User(pk=1, email="c@b.example"), User(pk=1, email="A@b.example")
    sealed = seal(SECRET, user=reader, paper_id=7)
    for user in (reader, capitals):
        assert unseal(sealed, user=user, paper_id=7) == SECRET
    assert seal(SECRET, user=reader, paper_id=7) != sealed  # the same words look different each time
    broken = sealed[:-1] + bytes([sealed[-1] ^ 1])
    tries = [(other, 7, sealed), (moved, 7, sealed), (reader, 8, sealed)]
    for user, paper, what in (*tries, (reader, 7, broken), (reader, 7, b""), (reader, 7, b"nichts")):
        with pytest.raises(UnreadableNoteError):
            unseal(what, user=user, paper_id=paper)
    settings.NOTES_OLD_KEYS = [settings.NOTES_KEY]
    settings.NOTES_KEY = "ein neuer Schlüssel"
    assert unseal(sealed, user=reader, paper_id=7) == SECRET
    settings.NOTES_OLD_KEYS = []
    with pytest.raises(UnreadableNoteError):
        unseal(sealed, user=reader, paper_id=7)


def test_who_gives_the_account_another_address_opens_no_note(council: Council, client: Client) -> None:
    """They could log in with a code that is sent there; the former address no longer leads in."""
    note, member = write(council), council.member
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    former = member.email
    change = reverse("admin:municipalities_user_change", args=[member.pk])
    client.force_login(council.administrator)
    shown = client.get(change)
    assert "Passwort" not in shown.content.decode().partition("<main")[2]
    fields = {"email": "dieb@neustadt.example", "name": member.name, "is_active": "on"}
    for prefix in ("persons", "roles"):
        fields |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    assert client.post(change, fields).status_code == 302
    member.refresh_from_db()
    assert member.email == "dieb@neustadt.example"
    assert not filter_users_by_email(former)
    answer = page(member, f"{council.base}notizen/")
    assert SECRET not in text(answer)
    assert "hatte damals eine andere E-Mail-Adresse" in text(answer)
    address = f"{council.base}notizen/{note.pk}/"
    assert SECRET not in text(page(member, address))
    answer = page(member, address, text="Drüber.", passage="")
    assert answer.status_code == 422
    assert "lässt sich nicht mehr öffnen" in text(answer)
    client.post(change, {**fields, "email": former})
    member.refresh_from_db()
    assert SECRET in text(page(member, f"{council.base}notizen/"))


def test_who_reads_the_former_mailbox_takes_the_notes_along(council: Council) -> None:
    write(council)
    member, former = council.member, council.member.email
    written_at = PrivateNote.objects.get().written_at
    member.email = "neu@neustadt.example"
    member.save()
    shown = text(page(member, f"{council.base}notizen/"))
    asking = f"/{council.town.slug}/rat/notizen/mitnehmen/"
    assert asking in shown
    for wrong, sentence in (
        ("", "nennen Sie die frühere"),
        ("kein", "keine E-Mail-Adresse"),
        ("Neu@Neustadt.example", "hat Ihr Konto jetzt"),
    ):
        answer = page(member, asking, former=wrong)
        assert answer.status_code == 422
        assert sentence in text(answer)
    for address in ("fremd@neustadt.example", former.upper(), former.upper()):
        assert page(member, asking, former=address).status_code == 302
    mail = OutgoingMail.objects.get()  # none to the strange address, and one of two
    assert mail.recipient == former.upper()
    assert SECRET not in mail.text
    (link,) = re.findall(rf"http\S+({asking}\S+)", mail.text)
    # Who has the link but is not logged in as the writer gets nowhere.
    for other in (council.colleague, council.administrator):
        assert page(other, link).status_code == page(other, link, x="").status_code == 404
    assert "eine Notiz von Ihnen" in text(page(member, link))
    assert SECRET not in text(page(member, f"{council.base}notizen/"))
    assert page(member, link, x="").status_code == 302
    assert SECRET in text(page(member, f"{council.base}notizen/"))
    assert PrivateNote.objects.get().written_at == written_at
    assert "keine Notizen mehr" in text(page(member, link))
    with time_machine.travel(timezone.now() + LASTS + datetime.timedelta(minutes=1)):
        assert "gilt nicht oder nicht mehr" in text(page(member, link))


def test_the_link_is_for_the_address_that_the_account_had_when_it_was_asked_for(council: Council) -> None:
    write(council)
    member, former = council.member, council.member.email
    member.email = "neu@neustadt.example"
    token = token_for(member, former)
    member.email = "dieb@neustadt.example"
    member.save()
    link = f"/{council.town.slug}/rat/notizen/mitnehmen/{token}/"
    assert page(member, link, x="").status_code == 404
    assert SECRET not in text(page(member, f"{council.base}notizen/"))


def test_a_lost_key_breaks_no_page(council: Council, settings: Any) -> None:
    note = write(council)
    settings.NOTES_KEY = "ein anderer Schlüssel"
    shown = page(council.member, f"{council.base}notizen/")
    assert shown.status_code == 200
    assert "lässt sich nicht mehr entschlüsseln" in text(shown)
    assert page(council.member, f"{council.base}notizen/{note.pk}/").status_code == 200
    address = f"{council.base}notizen/{note.pk}/teilen/"
    assert page(council.member, address, fraktion=council.faction.pk).status_code == 302
    assert not FactionNote.objects.exists()


def test_a_note_needs_words_and_a_mark_does_not(council: Council) -> None:
    answer = page(council.member, f"{council.base}notizen/", text="", kind="note", passage="punkt-1")
    assert answer.status_code == 422
    assert "Bitte schreiben Sie die Notiz." in text(answer)
    answer = page(council.member, f"{council.base}notizen/", text="", kind="mark", passage="punkt-1")
    assert answer.status_code == 302
    shown = text(page(council.member, f"{council.base}notizen/"))
    assert "markiert" in shown
    answer = page(council.member, f"{council.base}notizen/", text="Bleibt stehen.", passage="punkt-9")
    assert answer.status_code == 422
    assert "Bleibt stehen." in text(answer)


def test_others_notes_are_not_there(council: Council) -> None:
    note = write(council)
    for address in ("", "loeschen/", "teilen/"):
        answer = page(council.colleague, f"{council.base}notizen/{note.pk}/{address}", text="x")
        assert answer.status_code == 404
    assert page(council.member, f"{council.base}notizen/{note.pk}/loeschen/", seite="lesen").url.endswith(
        f"/rat/vorlagen/{council.paper.pk}/#meine-notizen"
    )
    assert not PrivateNote.objects.exists()


def test_sharing_gives_the_faction_a_copy_that_the_writer_takes_back(council: Council) -> None:
    note = write(council)
    address = f"{council.base}notizen/{note.pk}/teilen/"
    for _twice in range(2):
        page(council.member, address, fraktion=council.faction.pk)
    shared = FactionNote.objects.get()
    assert SECRET in text(page(council.colleague, f"{council.base}notizen/"))
    for other in (council.opponent, council.administrator, council.service):
        assert SECRET not in text(page(other, f"{council.base}notizen/"))
    taking = f"/{council.town.slug}/rat/fraktion/{council.faction.pk}/notizen/{shared.pk}/loeschen/"
    assert page(council.colleague, taking, x="").status_code == 404
    assert page(council.member, taking, x="").status_code == 302
    assert SECRET not in text(page(council.colleague, f"{council.base}notizen/"))
    assert SECRET in text(page(council.member, f"{council.base}notizen/"))


def test_nothing_is_shared_with_a_faction_of_others(council: Council) -> None:
    note = write(council)
    other = council.town.factions.get(name="Liste am Rand")
    for faction in (other.pk, 0, "x", "", "9" * 30):
        answer = page(council.member, f"{council.base}notizen/{note.pk}/teilen/", fraktion=faction)
        assert answer.status_code in (403, 404)
    assert not FactionNote.objects.exists()


def test_the_page_asks_the_database_as_often_for_many_notes_as_for_one(council: Council) -> None:
    client = Client()
    client.force_login(council.member)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"{council.base}notizen/").status_code == 200
        return len(asked)

    def more() -> None:
        note = write(council)
        page(council.member, f"{council.base}notizen/{note.pk}/teilen/", fraktion=council.faction.pk)
        FactionNote.objects.filter(pk=FactionNote.objects.latest("pk").pk).update(text=f"Nr. {note.pk}")
        page(council.member, f"{council.base}fragen/", text=f"Frage {note.pk}?")
        day = timezone.localdate() + datetime.timedelta(days=note.pk % 500 + 1)
        Reminder.objects.create(user=council.member, paper=council.paper, day=day)

    more()
    queries()  # the paper's text is kept from now on
    one = queries()
    for _more in range(4):
        more()
    assert queries() == one
    assert one <= 26


# ---- Reminders -------------------------------------------------------------------------------------------


def remind(day: datetime.date) -> None:
    with time_machine.travel(datetime.datetime.combine(day, datetime.time(6), datetime.UTC)):
        call_command("remind_readers", stdout=io.StringIO())


def test_a_reminder_comes_once_on_its_day(council: Council) -> None:
    day = timezone.localdate() + datetime.timedelta(days=3)
    answer = page(council.member, f"{council.base}erinnern/", day=day.isoformat())
    assert answer.status_code == 302
    assert council.paper.subject in text(page(council.member, f"/{council.town.slug}/rat/erinnerungen/"))
    assert "/rat/erinnerungen/" in text(page(council.member, "/"))
    remind(day - datetime.timedelta(days=1))
    assert not OutgoingMail.objects.exists()
    remind(day)
    remind(day)
    mail = OutgoingMail.objects.get()
    assert mail.recipient == council.member.email
    assert mail.wording.subject == "Erinnerung an eine Vorlage: 2024/17 Integrationskonzept"
    assert council.base in mail.wording.text


def test_a_day_that_is_over_is_refused(council: Council) -> None:
    for day in ("", "gestern", timezone.localdate().isoformat(), "2190-01-01"):
        answer = page(council.member, f"{council.base}erinnern/", day=day)
        assert answer.status_code == 422
    assert not Reminder.objects.exists()


def test_nobody_else_deletes_a_reminder(council: Council) -> None:
    row = Reminder.objects.create(user=council.member, paper=council.paper, day=timezone.localdate())
    address = f"/{council.town.slug}/rat/erinnerungen/{row.pk}/loeschen/"
    assert page(council.colleague, address, x="").status_code == 404
    assert page(council.member, address, x="").status_code == 302
    assert not Reminder.objects.exists()


def test_a_mail_says_nothing_of_what_is_not_public() -> None:
    council = make_council(
        public=False, non_public_reason="Vertrag", subject="Kauf Grundstück", number="N 2024/3"
    )
    for user in (council.member, council.opponent):
        Reminder.objects.create(user=user, paper=council.paper, day=timezone.localdate())
    council.opponent.persons.get().committee_seats.all().delete()
    remind(timezone.localdate())
    mail = OutgoingMail.objects.get()  # who no longer sits there is not even told that there is a paper
    assert mail.recipient == council.member.email
    for hidden in ("Grundstück", "2024/3", "Vertrag"):
        assert hidden not in mail.wording.subject + mail.wording.text
