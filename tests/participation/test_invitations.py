"""Invited by e-mail: each address once, each way in once, and nobody learns who else is in the system."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from municipalities.models import Institution, Municipality, Person, Role, User
from outbox.models import OutgoingMail
from participation.actions.invitations import Invited, accept, invite, send_again, withdraw
from participation.addresses import MOST_ADDRESSES, Address, read_addresses
from participation.models import Event, Group, Invitation, Process, ProcessModeration, Seat
from participation.permissions import is_member, moderates
from tests.concepts.factories import make_concept, make_member, make_town
from tests.reading import html_of

pytestmark = pytest.mark.django_db

State = Invitation.State


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def staff(town: Municipality) -> User:
    return make_member(town)


@pytest.fixture
def process(town: Municipality) -> Process:
    return Process.objects.create(municipality=town, title="Integrationskonzept")


@pytest.fixture
def group(town: Municipality, process: Process) -> Group:
    return Group.objects.create(municipality=town, process=process, kind="working", name="AG Sprache")


@pytest.fixture
def editor(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def page_of(group: Group) -> str:
    return f"{group.get_absolute_url()}einladungen/"


def send(
    group: Group | None, staff: User, *emails: str, process: Process | None = None, seat: Seat | None = None
) -> list[Invitation]:
    addresses = [Address(email, "Mira Sommer", 1) for email in emails or ("neu@verein.example",)]
    return invite(
        to=Invited(group=group, process=process, seat=seat),
        addresses=addresses,
        message="",
        by=staff,
        link_of=lambda token: f"http://testserver/einladung/{token}/",
    ).sent


def link_to(invitation: Invitation) -> str:
    invitation.refresh_from_db()
    text = OutgoingMail.objects.get(key=invitation.mail_key).text
    found = re.search(r"http://testserver(/einladung/\S+)", text)
    assert found
    return found[1]


def words(page: str) -> str:
    return re.sub("<[^>]*>", "", page)


# ---- Reading a pasted list -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b.de", [("a@b.de", "")]),
        ("  Eva Muster <E@B.de> ", [("e@b.de", "Eva Muster")]),
        ('"Muster, Eva" <e@b.de>', [("e@b.de", "Eva Muster")]),
        ("M, Eva <e@b.de>, c@d.de; A K <k@d.de>;", [("e@b.de", "Eva M"), ("c@d.de", ""), ("k@d.de", "A K")]),
        ("mailto:a@b.de\n\n<c@d.de>\r\n", [("a@b.de", ""), ("c@d.de", "")]),
        ("Şükran Çelik, s@x.example", [("s@x.example", "Şükran Çelik")]),
        ("Eva Muster e@b.de", [("e@b.de", "Eva Muster")]),
        ("a\0@b.de", [("a@b.de", "")]),
    ],
)  # fmt: skip
def test_the_usual_forms_are_understood(text: str, found: list[tuple[str, str]]) -> None:
    pasted = read_addresses(text)
    assert [(address.email, address.name) for address in pasted.good] == found
    assert not pasted.bad


def test_each_bad_line_is_named_with_its_number_and_the_good_ones_are_kept() -> None:
    pasted = read_addresses(
        "a@b.de\nkein Postfach\nx@y\nEva <e@b.de>\n@\na@b..de\n" + "ä" * 5000 + "\nA@B.de"
    )
    assert [address.email for address in pasted.good] == ["a@b.de", "e@b.de"]
    assert [re.match(r"Zeile (\d+)", sentence)[1] for sentence in pasted.bad] == list("23567")  # type: ignore[index]
    assert pasted.repeated == 1
    assert max(map(len, pasted.bad)) < 150


def test_ten_thousand_lines_are_too_many_at_once() -> None:
    assert read_addresses("\n".join(f"p{n}@b.de" for n in range(10_000))).too_many == 10_000
    assert read_addresses(";".join(f"p{n}@b.de" for n in range(10_000))).too_many == 10_000
    assert len(read_addresses("\n".join(f"p{n}@b.de" for n in range(MOST_ADDRESSES))).good) == MOST_ADDRESSES


# ---- Inviting --------------------------------------------------------------------------------------------


def test_a_list_is_invited_and_the_overview_says_who_has_not_answered(editor: Client, group: Group) -> None:
    data = {"people": "Eva <e@b.de>\nf@b.de\nE@b.de", "role": "member", "message": "Bitte kommen Sie."}
    page = html_of(editor.post(page_of(group), data, follow=True))
    assert "2 Einladungen gehen hinaus." in page
    assert "1 Adresse stand mehrmals" in page
    assert page.count("noch keine Antwort") == 3  # in the sum, and beside both
    mail = OutgoingMail.objects.get(recipient="e@b.de")
    assert "Guten Tag Eva," in mail.text
    assert "Bitte kommen Sie." in mail.text
    assert "AG Sprache" in mail.subject
    again = html_of(editor.post(page_of(group), data, follow=True))
    assert "Schon eingeladen oder schon dabei: e@b.de, f@b.de." in again
    assert OutgoingMail.objects.count() == 2


def test_with_bad_lines_nobody_is_invited_and_nothing_typed_is_lost(editor: Client, group: Group) -> None:
    data = {"people": "e@b.de\nunsinn", "role": "member"}
    response = editor.post(page_of(group), data)
    assert response.status_code == 422
    assert "Zeile 2: „unsinn“" in html_of(response)
    assert "e@b.de\nunsinn" in response.content.decode().replace("\r", "")
    assert not Invitation.objects.filter(group=group)
    page = html_of(editor.post(page_of(group), data | {"good_only": "on"}, follow=True))
    assert "1 Einladung geht hinaus." in page
    assert "Nicht eingeladen: Zeile 2" in page


@pytest.mark.parametrize("people", ["", " \n ", ";,;", "\0", "<>", "x" * 100_000, "@" * 5000])
def test_odd_lists_get_a_sentence(people: str, editor: Client, group: Group) -> None:
    assert editor.post(page_of(group), {"people": people, "role": "member"}).status_code == 422


def test_ten_thousand_addresses_get_a_sentence(editor: Client, group: Group) -> None:
    people = "\n".join(f"p{n}@b.de" for n in range(10_000))
    response = editor.post(page_of(group), {"people": people, "role": "member"})
    assert response.status_code == 422
    assert "Das sind 10000 Adressen; höchstens 500" in html_of(response)
    assert not OutgoingMail.objects.exists()


def test_the_way_in_is_kept_as_a_hash_only(group: Group, staff: User) -> None:
    (invitation,) = send(group, staff)
    token = link_to(invitation).split("/")[2]
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())
    assert token not in str(list(invitation.history.values()))
    assert OutgoingMail.objects.get(key=invitation.mail_key).secret


def test_the_overview_takes_as_many_queries_for_many(
    editor: Client, group: Group, staff: User, django_assert_num_queries: Any
) -> None:
    send(group, staff, "a@b.de")
    editor.get(page_of(group))
    with django_assert_num_queries(9):
        editor.get(page_of(group))
    send(group, staff, *(f"p{n}@b.de" for n in range(20)))
    with django_assert_num_queries(9):
        editor.get(page_of(group))


def test_sent_again_the_old_link_is_dead(editor: Client, group: Group, staff: User) -> None:
    (invitation,) = send(group, staff)
    old = link_to(invitation)
    address = f"/neustadt/beteiligung/einladungen/{invitation.pk}/"
    assert "Der alte Link gilt nicht mehr" in html_of(editor.post(f"{address}erneut/", follow=True))
    new = link_to(invitation)
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    assert [mail.state for mail in OutgoingMail.objects.order_by("pk")] == ["cancelled", "waiting"]
    editor.post(f"{address}zurueckziehen/")
    assert Client().get(new).status_code == 410
    assert OutgoingMail.objects.filter(state="waiting").count() == 0
    assert "schon beantwortet" in html_of(editor.post(f"{address}erneut/", follow=True))


# ---- Answering -------------------------------------------------------------------------------------------


def test_opening_the_link_changes_nothing(client: Client, group: Group, staff: User) -> None:
    (invitation,) = send(group, staff)
    page = html_of(client.get(link_to(invitation)))
    for words in ("Stadt Neustadt", "AG Sprache", "Mitglied", "Ayşe Yıldız", "Einladung annehmen"):
        assert words in page
    client.head(link_to(invitation))
    invitation.refresh_from_db()
    assert invitation.state == State.SENT
    assert not User.objects.filter(email="neu@verein.example")


def test_accepting_makes_an_account_and_fills_a_seat_once(
    client: Client, group: Group, process: Process, staff: User
) -> None:
    (invitation,) = send(group, staff)
    link = link_to(invitation)
    for _ in range(2):  # a double click
        page = html_of(client.post(link, {"name": " Mira  Sommer ", "antwort": "annehmen"}))
        assert "Sie sind dabei" in page
        assert "Code anfordern" in page
    user = User.objects.get(email="neu@verein.example")
    assert (user.name, user.has_usable_password()) == ("Mira Sommer", False)
    assert [seat.person.user for seat in group.seats.all()] == [user]
    assert is_member(user, process)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_at is not None) == (State.ACCEPTED, True)
    assert client.get(link).status_code == 200
    client.post(link, {"antwort": "ablehnen"})
    invitation.refresh_from_db()
    assert invitation.state == State.ACCEPTED


def test_who_has_an_account_sees_the_same_and_gets_no_second_one(
    group: Group, staff: User, town: Municipality
) -> None:
    known = User.objects.create_user("bekannt@verein.example", name="Alter Name")
    pages = []
    for email in ("bekannt@verein.example", "neu@verein.example"):
        (invitation,) = send(group, staff, email)
        link, client = link_to(invitation), Client()
        seen = [html_of(client.get(link)), html_of(client.post(link, {"name": "Mira Sommer"}))]
        pages.append([re.sub(rf'value="[^"]{{40,}}"|{email}', "", page) for page in seen])
    assert pages[0] == pages[1]
    known.refresh_from_db()
    assert known.name == "Alter Name"
    assert User.objects.filter(email__iexact="bekannt@verein.example").count() == 1
    assert group.seats.count() == 2


def test_an_address_of_another_case_is_the_same_account(group: Group, staff: User) -> None:
    User.objects.create_user("bekannt@verein.example", name="Da")
    (invitation,) = send(group, staff, "bekannt@verein.example")
    accept(invitation=invitation, name="Da")
    assert User.objects.filter(email__iexact="bekannt@verein.example").count() == 1


def test_the_seat_that_was_meant_is_filled(group: Group, staff: User, town: Municipality) -> None:
    office = Institution.objects.create(municipality=town, name="Universität", kind="school")
    vacant = Seat.objects.create(group=group, position=1, institution=office)
    person = Person.objects.create(municipality=town, name="Ohne Konto", function="Vorsitz")
    taken = Seat.objects.create(group=group, position=2, person=person)
    for seat, email in ((vacant, "a@b.de"), (taken, "c@b.de")):
        (invitation,) = send(group, staff, email, seat=seat)
        accept(invitation=invitation, name="Jemand Neues")
        seat.refresh_from_db()
        assert seat.person
        assert seat.person.user
        assert seat.person.user.email == email
    assert vacant.person.institution == office
    person.refresh_from_db()
    assert (person.name, person.user.name if person.user else "") == ("Ohne Konto", "Jemand Neues")
    assert group.seats.count() == 2


def test_nobody_becomes_somebody_else_by_typing_their_name(
    group: Group, staff: User, town: Municipality
) -> None:
    mayor = Person.objects.create(municipality=town, name="Die Bürgermeisterin")
    for number in range(3):
        (invitation,) = send(group, staff, f"p{number}@b.de")
        accept(invitation=invitation, name="Die Bürgermeisterin")
    mayor.refresh_from_db()
    assert mayor.user is None
    assert Person.objects.filter(municipality=town, name="Die Bürgermeisterin").count() == 4


def test_a_member_who_had_left_comes_back_to_their_seat(
    group: Group, staff: User, town: Municipality, process: Process
) -> None:
    user = User.objects.create_user("da@b.de", name="Da")
    person = Person.objects.create(municipality=town, name="Da", user=user)
    Seat.objects.create(group=group, position=1, person=person, span="2010–2012")
    (invitation,) = send(group, staff, "da@b.de")
    accept(invitation=invitation, name="Da")
    assert is_member(user, process)
    assert group.seats.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "\0"])
def test_a_name_that_is_none_gets_a_sentence(name: str, client: Client, group: Group, staff: User) -> None:
    (invitation,) = send(group, staff)
    response = client.post(link_to(invitation), {"name": name, "antwort": "annehmen"})
    assert response.status_code == 422
    invitation.refresh_from_db()
    assert invitation.state == State.SENT


def test_declining_needs_no_name_and_no_account(client: Client, group: Group, staff: User) -> None:
    (invitation,) = send(group, staff)
    link = link_to(invitation)
    assert "Sie haben abgelehnt" in html_of(client.post(link, {"antwort": "ablehnen"}))
    assert "Sie haben abgelehnt" in html_of(client.post(link, {"name": "Doch", "antwort": "annehmen"}))
    assert not User.objects.filter(email="neu@verein.example")
    assert send(group, staff)  # the town may ask once more


def test_after_the_deadline_the_page_says_so(client: Client, group: Group, staff: User) -> None:
    (invitation,) = send(group, staff)
    link = link_to(invitation)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=22)):
        for response in (client.get(link), client.post(link, {"name": "Mira"})):
            assert response.status_code == 410
            assert "Die Frist ist vorbei" in html_of(response)
        assert not User.objects.filter(email="neu@verein.example")
        (second,) = send(group, staff)  # run out, it stands in nobody's way
        assert second.is_open


def test_the_overview_says_what_has_run_out_and_remembers_it_as_that(
    editor: Client, group: Group, staff: User
) -> None:
    (first,) = send(group, staff)
    late = first.expires_at + datetime.timedelta(days=1)
    with time_machine.travel(late):
        editor.force_login(staff)
        page = html_of(editor.get(page_of(group)))
        assert "1 Einladung: 1 abgelaufen" in page
        assert f"galt bis {timezone.localtime(first.expires_at):%d.%m.%Y}" in page
        assert "Noch einmal senden" in page
        assert "Zurückziehen" not in page
        address = f"/neustadt/beteiligung/einladungen/{first.pk}/zurueckziehen/"
        assert "zurückgezogen oder abgelaufen" in html_of(editor.post(address, follow=True))
        send(group, staff)
        page = html_of(editor.get(page_of(group)))
        assert "2 Einladungen: 1 noch keine Antwort, 1 abgelaufen" in page
    first.refresh_from_db()
    assert [entry.state for entry in first.history.all()] == [State.EXPIRED, State.SENT]


@pytest.mark.parametrize(
    "token", ["x", "a" * 43, "a" * 5000, "%00", "ä", "..", "%2e%2e%2f", "' OR 1=1 --", "\n", "%F0%9F%98%80"]
)
def test_mangled_links_get_a_friendly_page(token: str, client: Client, group: Group, staff: User) -> None:
    send(group, staff)
    for response in (client.get(f"/einladung/{token}/"), client.post(f"/einladung/{token}/", {"name": "A"})):
        assert response.status_code == 404
    assert not User.objects.filter(name="A")


def test_withdrawn_in_the_same_moment_nobody_gets_in(group: Group, staff: User) -> None:
    (invitation,) = send(group, staff)
    withdraw(invitation=invitation, by=staff)
    assert accept(invitation=invitation, name="Mira").state == State.WITHDRAWN
    assert not send_again(invitation=invitation, by=staff, link_of=str)
    assert not group.seats.exists()


def test_who_asks_too_often_has_to_wait(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"invitation": "2/m/ip"}
    said = [client.post("/einladung/geraten/").status_code for _ in range(3)]
    assert said == [404, 404, 429]


def test_an_open_invitation_stands_once(group: Group, staff: User) -> None:
    (invitation,) = send(group, staff)
    invitation.pk, invitation.token_hash = None, "anders"
    invitation._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        invitation.save()


# ---- Guiding a process from outside ----------------------------------------------------------------------


@pytest.fixture
def guide(process: Process, staff: User) -> User:
    (invitation,) = send(None, staff, "institut@extern.example", process=process)
    accept(invitation=invitation, name="Institut")
    return User.objects.get(email="institut@extern.example")


def test_an_institute_sees_its_process_and_nothing_else_of_the_town(
    client: Client, guide: User, process: Process, group: Group, town: Municipality
) -> None:
    other = Process.objects.create(municipality=town, title="Anderer Prozess")
    elsewhere = Group.objects.create(municipality=town, process=other, kind="working", name="Geheim")
    without = Group.objects.create(municipality=town, kind="advisory", name="Beirat")
    event = Event.objects.create(process=process, kind="session", title="Runde")
    Event.objects.create(process=other, kind="session", title="Andere Runde")
    assert moderates(guide, process)
    assert not moderates(guide, other)
    assert list(Process.objects.visible_to(guide)) == [process]
    assert list(Group.objects.visible_to(guide)) == [group]
    assert list(Event.objects.visible_to(guide)) == [event]
    client.force_login(guide)
    start = html_of(client.get("/"))
    assert "Prozesse, die Sie begleiten" in start
    page = html_of(client.get("/neustadt/beteiligung/"))
    assert "AG Sprache" in page
    assert "Geheim" not in page
    assert client.get(group.get_absolute_url()).status_code == 200
    for address in (
        *(other.get_absolute_url(), elsewhere.get_absolute_url(), without.get_absolute_url()),
        *("/neustadt/", "/neustadt/konzepte/", "/neustadt/vorlagen/", page_of(group)),
        *("/neustadt/beteiligung/gruppen/neu/", f"{group.get_absolute_url()}bearbeiten/"),
    ):
        assert client.get(address).status_code == 404, address
    for address in ("/neustadt/konzepte/", "/neustadt/vorlagen/", 'href="/neustadt/"'):
        assert address not in page


def test_an_institute_finds_and_takes_along_what_is_its_processs_only(
    client: Client, guide: User, process: Process, group: Group, town: Municipality, staff: User
) -> None:
    other = Process.objects.create(municipality=town, title="Anderer Prozess")
    day = {"state": "planned", "date": "15.12.2026", "kind": "session"}
    own_event = Event.objects.create(process=process, title="Fachtag Eigenes", **day)
    event = Event.objects.create(process=other, title="Fachtag Anderes", **day)
    make_concept(town, measures=1, title="Fachtag im Konzept")
    client.force_login(guide)
    page = html_of(client.get("/suche/", {"q": "Fachtag"}))
    assert "Fachtag Eigenes" in words(page)
    assert "1 Treffer" in words(page)
    for hidden in ("Fachtag Anderes", "im Konzept", "Anderer Prozess"):
        assert hidden not in words(page)
    assert client.get(f"{own_event.get_absolute_url()}termin.ics").status_code == 200
    shared = ("", "termin.ics", "bogen/", "rueckmeldungen/", "einladung/", "niederschrift/1/")
    for address in (
        *(f"{event.get_absolute_url()}{end}" for end in shared),
        *(f"{other.get_absolute_url()}vorschlaege/", f"{other.get_absolute_url()}umgang-mit-vorschlaegen/"),
        *(f"{other.get_absolute_url()}umgang-mit-vorschlaegen/{end}" for end in ("pdf", "csv")),
        *(f"{other.get_absolute_url()}{end}/" for end in ("bearbeiten", "loeschen", "freigaben")),
    ):
        assert client.get(address).status_code == 404, address
    # Ended, it is nobody's any more.
    ProcessModeration.objects.filter(user=guide).delete()
    assert "Fachtag" not in words(html_of(client.get("/suche/", {"q": "Fachtag"}))).replace("„Fachtag“", "")
    assert client.get(own_event.get_absolute_url()).status_code == 404


def test_the_institutes_page_names_who_was_asked(
    editor: Client, process: Process, guide: User, town: Municipality
) -> None:
    address = f"/neustadt/beteiligung/prozesse/{process.pk}/begleitung/"
    assert "institut@extern.example" in html_of(editor.get(address))
    page = html_of(editor.post(address, {"people": "institut@extern.example"}, follow=True))
    assert "schon dabei: institut@extern.example" in page
    ProcessModeration.objects.filter(user=guide).delete()
    assert not Process.objects.visible_to(guide)


def test_nobody_but_the_staff_sees_invitations(group: Group, staff: User, town: Municipality) -> None:
    send(group, staff)
    office = make_member(town, "amt@example.org", Role.Kind.DEPARTMENT)
    assert Invitation.objects.visible_to(staff).count() == 1
    assert not Invitation.objects.visible_to(office)
