"""Inviting to a meeting, and the pack that one takes along."""

import datetime
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from committees.actions.inviting import invite, notify_change
from committees.actions.issuing import issue_stage
from committees.models import (
    AgendaItem,
    CommitteeSeat,
    Consultation,
    Meeting,
    MeetingFile,
    MeetingNotice,
    PaperAttachment,
)
from committees.packing import entries_of, pack
from documents.models import IssuedFile
from documents.pdf import PrintDocument, Section, render
from municipalities.models import Municipality, Person, Role, User
from outbox.models import OutgoingMail
from tests.committees.factories import make_committee, make_paper, make_town, make_user, release
from tests.documents.reading import across, in_reading_order, joined
from tests.reading import text_of

pytestmark = pytest.mark.django_db

SECRET = "Vergabe der Sprachkurse an die Firma Beispiel"


class House:
    """A council with a meeting in three weeks: two public items, one of them a paper, and one that is not."""

    def __init__(self) -> None:
        self.town: Municipality = make_town()
        self.clerk = make_user(self.town, Role.Kind.COUNCIL_SERVICE)
        self.council = make_committee(self.town, "Rat", "der", "Rates")
        self.member = self.seat("Ute Ratsfrau")
        self.seat("Vera Vorsitz", role="chair")
        self.deputy = self.seat("Ernst Ersatz", role="deputy")
        without = Person.objects.create(municipality=self.town, name="Otto Ohnepost")
        CommitteeSeat.objects.create(committee=self.council, person=without)
        self.meeting = Meeting.objects.create(
            municipality=self.town,
            title="21. Sitzung des Rates",
            date=timezone.localdate() + datetime.timedelta(days=21),
            start=datetime.time(17),
            place="Rathaus, Saal 1",
        )
        self.meeting.committees.set([self.council])
        first = self.item(1, "1", "Eröffnung")
        self.paper = make_paper(self.town, "Das Konzept wird beschlossen.")
        self.stage = Consultation.objects.create(
            paper=self.paper,
            position=1,
            committee=self.council,
            meaning="decide",
            meeting=self.meeting,
            agenda_item=self.item(2, "2", self.paper.subject),
        )
        self.item(3, "3", SECRET, public=False)
        assert first.pk

    def seat(self, name: str, **values: Any) -> User:
        user = make_user(self.town, name=name)
        person = Person.objects.create(municipality=self.town, name=name, user=user)
        CommitteeSeat.objects.create(committee=self.council, person=person, **values)
        return user

    def item(self, position: int, number: str, title: str, **values: Any) -> AgendaItem:
        return AgendaItem.objects.create(
            meeting=self.meeting, position=position, number=number, title=title, **values
        )

    def attach(self, title: str, content: bytes = b"", **values: Any) -> PaperAttachment:
        content = content or render(PrintDocument(title=title, sections=[Section(f"<h1>{title}</h1>")]))
        file = IssuedFile.freeze(municipality=self.town, name="a.pdf", content=content, by=None)
        return PaperAttachment.objects.create(
            paper=self.paper,
            position=self.paper.attachments.count() + 1,
            title=title,
            file=file,
            **values,
        )

    @property
    def url(self) -> str:
        return self.meeting.get_absolute_url()


@pytest.fixture
def house() -> House:
    return House()


def text(file: IssuedFile) -> str:
    return joined(in_reading_order(bytes(file.content)))


def test_the_invitation_is_frozen_in_two_variants_and_mailed_with_the_appointment(house: House) -> None:
    assert invite(meeting=house.meeting, by=house.clerk, message="Es gibt Kaffee.") == 2
    public, complete = MeetingFile.objects.filter(meeting=house.meeting).order_by("-public")
    for file in (public.file, complete.file):
        assert "21. Sitzung des Rates" in text(file)
        assert "Rathaus, Saal 1" in text(file)
        assert "Vera Vorsitz" in text(file)
    assert SECRET not in text(public.file)
    assert "auch einen nichtöffentlichen Teil" in text(public.file)
    assert SECRET in text(complete.file)
    mails = OutgoingMail.objects.order_by("recipient")
    assert [mail.recipient for mail in mails] == ["ratsfrau@neustadt.example", "vorsitz@neustadt.example"]
    for mail in mails:
        assert "Einladung: 21. Sitzung des Rates" in mail.wording.subject
        assert "Es gibt Kaffee." in mail.wording.text
        assert "2 Integrationskonzept" in mail.wording.text
        assert SECRET not in mail.wording.text
        names = {attachment.name: bytes(attachment.content) for attachment in mail.attachments.all()}
        assert b"SUMMARY:21. Sitzung des Rates" in names["termin.ics"]
        pdf = next(content for name, content in names.items() if name.endswith(".pdf"))
        assert pdf == bytes(public.file.content), "never the complete one"


def test_deputies_are_invited_only_if_that_is_asked_for(house: House) -> None:
    invite(meeting=house.meeting, by=house.clerk, deputies=True)
    assert OutgoingMail.objects.filter(recipient="ersatz@neustadt.example").exists()


def test_a_supplement_names_what_is_new_and_goes_to_all_again(house: House) -> None:
    invite(meeting=house.meeting, by=house.clerk)
    house.item(4, "4", "Dringlicher Antrag", supplementary=True)
    invite(meeting=house.meeting, by=house.clerk)
    file = MeetingFile.objects.get(meeting=house.meeting, kind="supplement", public=True).file
    said = text(file)
    assert said.index("Neu auf der Tagesordnung") < said.index("Dringlicher Antrag")
    assert "Tagesordnung im Ganzen" in said
    assert OutgoingMail.objects.filter(subject__startswith="Nachtrag zur Tagesordnung").count() == 2


def test_a_second_click_sends_nothing_twice(house: House, client: Client) -> None:
    client.force_login(house.clerk)
    for status in (302, 422):
        response = client.post(f"{house.url}einladung/", {"seen": 0, "message": "Bis dann"})
        assert response.status_code == status
    assert "gerade schon eingeladen" in text_of(response)
    assert "Bis dann" in response.content.decode(), "nothing typed is lost"
    assert OutgoingMail.objects.count() == 2


def test_who_was_invited_hears_of_a_move_and_of_a_cancellation_once(house: House) -> None:
    invite(meeting=house.meeting, by=house.clerk)
    Meeting.objects.filter(pk=house.meeting.pk).update(
        moved_from=house.meeting.date, date=timezone.localdate() + datetime.timedelta(days=30),
        reason="Der Saal ist belegt.", sequence=1,
    )  # fmt: skip
    house.meeting.refresh_from_db()
    kind = MeetingNotice.Kind
    assert notify_change(meeting=house.meeting, kind=kind.MOVED, by=house.clerk) == 2
    assert notify_change(meeting=house.meeting, kind=kind.MOVED, by=house.clerk) == 0
    mail = OutgoingMail.objects.filter(subject__startswith="Verlegt").first()
    assert mail
    assert "Der Saal ist belegt." in mail.wording.text
    assert b"SEQUENCE:1" in bytes(mail.attachments.get(name="termin.ics").content)
    house.meeting.sequence, house.meeting.cancelled = 2, True
    house.meeting.save()
    assert notify_change(meeting=house.meeting, kind=kind.CANCELLATION, by=house.clerk) == 2
    mail = OutgoingMail.objects.filter(subject__startswith="Abgesagt").first()
    assert mail
    assert b"METHOD:CANCEL" in bytes(mail.attachments.get(name="termin.ics").content)


def cancelled(house: House) -> None:
    house.meeting.cancelled, house.meeting.reason = True, "Hochwasser"
    house.meeting.save()


def over(house: House) -> None:
    house.meeting.date = datetime.date(2020, 1, 1)
    house.meeting.save()


def empty(house: House) -> None:
    house.stage.agenda_item = None
    house.stage.save()
    house.meeting.agenda.all().delete()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [(cancelled, "ist abgesagt"), (over, "ist schon vorbei"), (empty, "Tagesordnung ist noch leer")],
)
def test_what_cannot_be_invited_to_is_said(
    house: House, client: Client, spoil: Callable[[House], None], sentence: str
) -> None:
    spoil(house)
    client.force_login(house.clerk)
    response = client.post(f"{house.url}einladung/", {"seen": 0})
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not MeetingFile.objects.exists()
    with pytest.raises(ValidationError):
        invite(meeting=house.meeting, by=house.clerk)


def test_members_do_not_invite(house: House, client: Client) -> None:
    client.force_login(house.member)
    assert client.post(f"{house.url}einladung/", {"seen": 0}).status_code == 403
    with pytest.raises(PermissionDenied):
        invite(meeting=house.meeting, by=house.member)


def test_a_short_notice_is_named_before_it_leaves(house: House, client: Client) -> None:
    house.council.summons_days = 30
    house.council.save()
    client.force_login(house.clerk)
    assert "Rat: Bis zur Sitzung liegen nur 20 volle Tage; die Ladungsfrist sind 30." in text_of(
        client.get(f"{house.url}einladung/")
    )


# ---- The pack --------------------------------------------------------------------------------------------


@pytest.fixture
def packed(house: House) -> House:
    """With the paper issued, a public attachment and one that is not."""
    house.attach("Anlage 1 Konzept")
    house.attach("Anlage 2 Kalkulation", public=False)
    release(house.paper)
    issue_stage(consultation=house.stage, by=house.clerk)
    return house


def test_the_pack_holds_agenda_vorlagen_and_attachments_with_through_numbers(packed: House) -> None:
    content = pack(packed.meeting, complete=True)
    places = across(content)
    assert places["Mappe,"][1] + 60 < places["Nichtöffentlich"][0], "not upon the mark of what is not public"
    reader = PdfReader(io.BytesIO(content))
    pages = [page.extract_text() for page in reader.pages]
    whole = "\n".join(pages)
    for number, page in enumerate(pages, start=1):
        assert f"Mappe, Seite {number} von {len(pages)}" in page
    assert whole.index("Eröffnung") < whole.index("Das Konzept wird beschlossen.")
    assert whole.index("Das Konzept wird beschlossen.") < whole.index("Anlage 1 Konzept")
    assert "Anlage 2 Kalkulation" in whole
    assert SECRET in whole
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]  # type: ignore[union-attr]
    assert titles == ["Tagesordnung", "TOP 2 Integrationskonzept"]


def test_the_public_pack_holds_nothing_that_is_not_public(packed: House) -> None:
    content = pack(packed.meeting, complete=False)
    whole = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "Anlage 1 Konzept" in whole
    assert SECRET not in whole
    assert "Kalkulation" not in whole.replace("Anlage 2 Kalkulation (nichtöffentlich)", "")
    packed.stage.treatment = Consultation.Treatment.NON_PUBLIC
    packed.stage.save()
    content = pack(packed.meeting, complete=False)
    assert "Das Konzept wird beschlossen" not in PdfReader(io.BytesIO(content)).pages[-1].extract_text()
    assert len(PdfReader(io.BytesIO(content)).pages) == 1


def test_it_is_bound_anew_when_something_in_it_changes(packed: House) -> None:
    before = pack(packed.meeting, complete=False)
    assert pack(packed.meeting, complete=False) is before, "kept"
    packed.item(4, "4", "Verschiedenes")
    assert pack(packed.meeting, complete=False) != before


def test_who_may_have_which_pack(packed: House, client: Client) -> None:
    colleague = make_user(packed.town, Role.Kind.DEPARTMENT, name="Frida Fachamt")
    for user, complete in ((packed.clerk, 200), (packed.member, 200), (colleague, 404)):
        client.force_login(user)
        assert client.get(f"{packed.url}mappe.pdf").status_code == 200
        assert client.get(f"{packed.url}mappe-vollstaendig.pdf").status_code == complete
        page = text_of(client.get(f"{packed.url}einladung/"))
        assert ("Vollständige Mappe" in page) == (complete == 200)
        assert ("Ausfertigen und versenden" in page) == (user == packed.clerk)


def test_the_page_says_what_is_still_missing(house: House, client: Client) -> None:
    client.force_login(house.clerk)
    page = text_of(client.get(f"{house.url}einladung/"))
    assert "TOP 2 Integrationskonzept: Vorlage 2024/17" in page


def test_a_file_that_cannot_be_bound_is_named(house: House, client: Client) -> None:
    house.attach("Anlage 1 Plan", b"kaputt")
    release(house.paper)
    issue_stage(consultation=house.stage, by=house.clerk)
    client.force_login(house.clerk)
    page = text_of(client.get(f"{house.url}mappe.pdf", follow=True))
    assert "Die Mappe lässt sich nicht binden: „Anlage 1 Plan“ ist nicht lesbar." in page


def test_the_pack_takes_as_many_queries_for_ten_papers_as_for_one(
    packed: House, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        paper = make_paper(packed.town, "Ein Punkt.", number=f"2024/{number + 30}")
        item = packed.item(number + 10, f"{number + 10}", "Weiteres")
        stage = Consultation.objects.create(
            paper=paper, position=1, committee=packed.council, meeting=packed.meeting, agenda_item=item
        )
        release(paper)
        IssuedFile.objects.count()
        issue_stage(consultation=stage, by=packed.clerk)
    with django_assert_max_num_queries(6):
        assert len(entries_of(packed.meeting, complete=True)) == 13


def test_an_invitation_that_told_of_an_item_is_for_insiders_once_the_item_is_closed() -> None:
    house = House()
    invite(meeting=house.meeting, by=house.clerk)
    outside = make_user(house.town, Role.Kind.MODERATION, name="Maria Moderation")
    first = MeetingFile.objects.get(meeting=house.meeting, public=True)
    assert list(MeetingFile.objects.visible_to(outside)) == [first]
    item = house.meeting.agenda.get(position=2)
    item.public = False
    item.save()
    assert not MeetingFile.objects.visible_to(outside).exists()
    assert first in MeetingFile.objects.visible_to(house.member)
    invite(meeting=house.meeting, by=house.clerk)
    again = MeetingFile.objects.visible_to(outside).get()
    assert (again.number, again.public) == (2, True)


def test_the_page_to_which_the_mail_leads_has_the_pack(client: Client) -> None:
    house = House()
    invite(meeting=house.meeting, by=house.clerk)
    mail = OutgoingMail.objects.filter(recipient=house.member.email).get()
    address = house.meeting.get_absolute_url()
    assert address in mail.wording.text
    client.force_login(house.member)
    shown = client.get(address).content.decode()
    assert f'href="{address}mappe-vollstaendig.pdf"' in shown
    client.force_login(make_user(house.town, Role.Kind.MODERATION, name="Maria Moderation"))
    shown = client.get(address).content.decode()
    assert f'href="{address}mappe.pdf"' in shown
    assert "mappe-vollstaendig" not in shown
