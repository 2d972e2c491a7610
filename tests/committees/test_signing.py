"""Countersigning: who is asked when, what counts, and what a change does."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from committees.actions.signing import (
    add_signer,
    cancel_signing,
    countersign,
    send_back,
    start_signing,
    text_changed,
)
from committees.actions.writing import delete_draft
from committees.models import (
    Deputyship,
    Paper,
    PaperType,
    Section,
    SigningChain,
    SigningRequest,
    SigningRound,
    SigningStep,
)
from committees.permissions import may_route, may_write
from committees.signatures import chain_for, missing_signatures
from municipalities.models import Person, Role, User
from outbox.models import OutgoingMail
from tests.committees.factories import make_committee, make_stage, make_user, release
from tests.committees.signers import (
    House,
    asked,
    make_house,
    make_office,
    make_person,
    request_of,
    seen,
    sign,
    states,
    user_of,
)
from tests.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def paper(house: House) -> Paper:
    return house.paper(costs="some", cost_amount=5000)


def edit(paper: Paper, words: str, by: User) -> int:
    """As the writing page does it."""
    section = Section.objects.get(paper=paper)
    section.body = f"<p>{words}</p>"
    section.save()
    return text_changed(paper=paper, by=by)


def fresh(paper: Paper) -> Paper:
    return Paper.objects.get(pk=paper.pk)


def mails() -> list[tuple[str, str]]:
    return [(mail.recipient, mail.wording.subject) for mail in OutgoingMail.objects.order_by("pk")]


# ---- Who is asked when -----------------------------------------------------------------------------------


def test_one_after_the_other_and_two_at_the_same_time(house: House, paper: Paper) -> None:
    """Who starts as Sachbearbeitung has signed thereby."""
    house.start(paper)
    assert fresh(paper).state == Paper.State.SIGNING
    assert states(paper) == [
        ("Sachbearbeitung", "signed"),
        ("Amtsleitung", "asked"),
        ("Kämmerei", "waiting"),
        ("Dezernat", "waiting"),
    ]
    sign(request_of(paper, house.head), user_of(house.head))
    assert [row.title for row in asked(paper)] == ["Kämmerei", "Dezernat"]
    sign(request_of(paper, house.above), user_of(house.above))
    assert [row.title for row in asked(paper)] == ["Kämmerei"]
    sign(request_of(paper, house.treasurer), user_of(house.treasurer), "Aus dem Budget des Amtes.")
    assert paper.signing_rounds.get().state == SigningRound.State.COMPLETED
    assert missing_signatures(paper) == []
    assert request_of(paper, house.treasurer).state == "signed_with_remark"


def test_each_is_told_by_mail_when_it_is_their_turn(house: House, paper: Paper) -> None:
    house.start(paper)
    assert mails() == [("leitner@neustadt.example", "Bitte mitzeichnen: Integrationskonzept")]
    row = request_of(paper, house.head)
    text = OutgoingMail.objects.get().wording.text
    assert f"http://localhost:8000{row.get_absolute_url()}" in text
    assert f"Frist: {row.due_on:%d.%m.%Y}" in text
    assert row.due_on == timezone.localdate() + datetime.timedelta(days=5)
    sign(row, user_of(house.head))
    assert {to for to, _subject in mails()[1:]} == {"kasse@neustadt.example", "dezernat@neustadt.example"}


def test_the_treasurer_is_not_asked_about_what_costs_nothing_until_it_does(house: House) -> None:
    paper = house.paper(costs="none")
    house.start(paper)
    assert ("Kämmerei", "left_out") in states(paper)
    house.sign_all(paper)
    assert missing_signatures(paper) == []
    Paper.objects.filter(pk=paper.pk).update(costs="some")
    assert "Kira Kasse (Kämmerei) wurde nicht gefragt" in " ".join(missing_signatures(fresh(paper)))
    text_changed(paper=paper, by=house.clerk)
    assert "Kämmerei" in [row.title for row in asked(paper)]


def test_the_chain_of_the_type_goes_before_the_one_for_all_others(house: House, paper: Paper) -> None:
    assert chain_for(paper) == house.chain
    own = SigningChain.objects.create(municipality=house.town, name="Kurz")
    own.paper_types.add(paper.paper_type)
    assert chain_for(paper) == own
    other = PaperType.objects.create(municipality=house.town, name="Bericht", layout=paper.layout)
    assert chain_for(Paper(municipality=house.town, paper_type=other)) == house.chain


# ---- Answers ---------------------------------------------------------------------------------------------


def test_nobody_signs_for_others_or_out_of_turn(house: House, paper: Paper) -> None:
    house.start(paper)
    with pytest.raises(PermissionDenied):
        sign(request_of(paper, house.head), user_of(house.above))
    with pytest.raises(PermissionDenied):
        sign(request_of(paper, house.head), house.clerk)
    with pytest.raises(PermissionDenied):  # not asked yet
        sign(request_of(paper, house.above), user_of(house.above))
    sign(request_of(paper, house.head), user_of(house.head))
    with pytest.raises(ValidationError, match="nichts mehr zu entscheiden: gezeichnet"):
        sign(request_of(paper, house.head), user_of(house.head))


def test_who_has_read_another_text_is_told_so(house: House, paper: Paper) -> None:
    house.start(paper)
    read = seen(paper)
    edit(paper, "Etwas anderes.", user_of(house.author))
    row = request_of(paper, house.head)
    for fingerprint in (read, ""):
        with pytest.raises(ValidationError, match="geändert, während Sie sie gelesen haben"):
            countersign(request=row, by=user_of(house.head), seen=fingerprint)
    sign(row, user_of(house.head))


def test_sent_back_it_is_a_draft_and_who_writes_it_is_told_why(house: House, paper: Paper) -> None:
    house.start(paper)
    sign(request_of(paper, house.head), user_of(house.head))
    row = request_of(paper, house.above)
    with pytest.raises(ValidationError, match="warum Sie die Vorlage zurückgeben"):
        send_back(request=row, by=user_of(house.above), reason=" ")
    send_back(request=row, by=user_of(house.above), reason="Die Zahlen stimmen nicht.")
    assert fresh(paper).state == Paper.State.DRAFT
    assert paper.signing_rounds.get().state == SigningRound.State.RETURNED
    assert dict(states(paper))["Kämmerei"] == "cancelled"
    mail = OutgoingMail.objects.get(subject__startswith="Zurückgegeben")
    assert mail.recipient == "amt@neustadt.example"
    assert "Die Zahlen stimmen nicht." in mail.wording.text
    asked_too = SigningRequest.objects.get(title="Kämmerei")
    with pytest.raises(PermissionDenied):  # without a role it is no more hers to read
        sign(asked_too, user_of(house.treasurer))
    Role.objects.create(municipality=house.town, user=user_of(house.treasurer), kind=Role.Kind.COUNTERSIGNING)
    with pytest.raises(ValidationError, match="nicht mehr gefragt"):
        sign(asked_too, user_of(house.treasurer))
    reasons = [entry.history_change_reason for entry in paper.history.all()]
    assert "zurückgegeben: Die Zahlen stimmen nicht." in reasons


def test_in_the_next_round_only_those_are_asked_whom_the_change_concerns(house: House, paper: Paper) -> None:
    """The treasurer's signature is about money; the text was about something else."""
    house.start(paper)
    sign(request_of(paper, house.head), user_of(house.head))
    sign(request_of(paper, house.treasurer), user_of(house.treasurer), "In Ordnung.")
    send_back(request=request_of(paper, house.above), by=user_of(house.above), reason="Zu kurz.")
    edit(paper, "Viel länger.", user_of(house.author))
    house.start(paper)
    assert states(paper) == [
        ("Sachbearbeitung", "signed"),
        ("Amtsleitung", "asked"),
        ("Kämmerei", "signed_with_remark"),
        ("Dezernat", "waiting"),
    ]
    kept = request_of(paper, house.treasurer)
    assert kept.repeats
    assert (kept.decided_at, kept.remark) == (kept.repeats.decided_at, "In Ordnung.")
    assert paper.signing_rounds.count() == 2


def test_cancelled_it_is_a_draft_with_the_reason_on_record(house: House, paper: Paper) -> None:
    house.start(paper)
    with pytest.raises(PermissionDenied):
        cancel_signing(paper=paper, by=user_of(house.head), reason="Nein")
    with pytest.raises(ValidationError, match="nennen Sie den Grund"):
        cancel_signing(paper=paper, by=user_of(house.author), reason="")
    cancel_signing(paper=paper, by=user_of(house.author), reason="Wird vertagt.")
    assert fresh(paper).state == Paper.State.DRAFT
    assert paper.signing_rounds.get().reason == "Wird vertagt."
    assert asked(paper) == []


def test_what_was_signed_is_never_changed_not_even_by_the_database(house: House, paper: Paper) -> None:
    house.start(paper)
    row = sign(request_of(paper, house.head), user_of(house.head), "Gelesen.")
    table = SigningRequest._meta.db_table
    for change in ("remark = 'x'", "content = '{}'", "state = 'asked'", "decided_at = NULL", "title = 'x'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {change} WHERE id = %s", [row.pk])


def test_a_second_start_gets_a_sentence(house: House, paper: Paper) -> None:
    house.start(paper)
    with pytest.raises(ValidationError, match="hat schon begonnen"):
        house.start(paper)
    assert paper.signing_rounds.count() == 1


# ---- Somebody more ---------------------------------------------------------------------------------------


def test_somebody_more_is_asked_in_their_step_and_the_others_keep_their_signatures(
    house: House, paper: Paper, client: Client
) -> None:
    lawyer, equality = make_person(house.town, "Rita Recht"), make_person(house.town, "Gerda Gleich")
    house.start(paper)
    address = f"{paper.get_absolute_url()}mitzeichnung/"
    client.force_login(user_of(house.author))
    data = {"person": lawyer.pk, "title": "Rechtsamt", "when": "3", "reason": "Ein Vertrag liegt bei."}
    said = client.post(f"{address}hinzufuegen/", data, follow=True)
    assert "Rita Recht wird gefragt, sobald dieser Schritt an der Reihe ist." in text_of(said)
    assert "Rechtsamt (Rita Recht) nachträglich gefragt von Eva Amt" in text_of(said)
    sign(request_of(paper, house.head), user_of(house.head))
    assert [row.title for row in asked(paper)] == ["Kämmerei", "Dezernat", "Rechtsamt"]
    house.sign_all(paper)
    assert missing_signatures(paper) == []
    # A step that is over asks at once, also where all had signed.
    data |= {"person": equality.pk, "title": "Gleichstellung", "when": "2"}
    said = client.post(f"{address}hinzufuegen/", data, follow=True)
    assert "Gerda Gleich ist jetzt gefragt und bekommt eine E-Mail." in text_of(said)
    assert "Die Mitzeichnung von Gerda Gleich (Gleichstellung) steht noch aus." in missing_signatures(paper)
    assert mails()[-1][0] == "gleich@neustadt.example"
    house.sign_all(paper)
    assert len(paper.signing_rounds.get().requests.counting()) == 6
    # Why it ends stands before who was added.
    cancel_signing(paper=paper, by=user_of(house.author), reason="Wird vertagt.")
    reason = paper.signing_rounds.get().reason
    assert reason.startswith("Wird vertagt.\nRechtsamt (Rita Recht) nachträglich gefragt von Eva Amt am ")
    assert reason.endswith(": Ein Vertrag liegt bei.")


def test_nobody_is_added_twice_or_without_a_reason_or_by_others(
    house: House, paper: Paper, client: Client
) -> None:
    lawyer = make_person(house.town, "Rita Recht")
    add: dict[str, Any] = {"paper": paper, "title": "Rechtsamt", "position": None, "reason": "Vertrag"}
    with pytest.raises(ValidationError, match="nicht in der Mitzeichnung"):
        add_signer(person=lawyer, by=house.clerk, **add)
    house.start(paper)
    with pytest.raises(PermissionDenied):
        add_signer(person=lawyer, by=user_of(house.head), **add)
    with pytest.raises(ValidationError, match="Horst Leitner ist in diesem Durchgang schon dabei"):
        add_signer(person=house.head, by=house.clerk, **add)
    stranger = make_person(make_house("Altstadt").town, "Frida Fremd")
    with pytest.raises(ValidationError, match="eine Person mit Benutzerkonto"):
        add_signer(person=stranger, by=house.clerk, **add)
    client.force_login(house.clerk)
    address = f"{paper.get_absolute_url()}mitzeichnung/hinzufuegen/"
    refused = client.post(address, {"person": stranger.pk, "title": "Rechtsamt", "when": "77"})
    assert refused.status_code == 422
    assert set(refused.context["add_form"].errors) == {"person", "when", "reason"}
    assert 'value="Rechtsamt"' in refused.content.decode()
    assert [row.title for row in asked(paper)] == ["Amtsleitung"]


def test_who_stands_in_the_order_twice_is_asked_in_the_next_round_too(house: House, paper: Paper) -> None:
    """With the same words: the one signature of the first round counts once."""
    again = house.chain.steps.get(title="Dezernat")
    again.pk, again.position = None, 4
    again.save()
    house.start(paper)
    house.sign_all(paper)
    cancel_signing(paper=paper, by=user_of(house.author), reason="Noch einmal.")
    house.start(paper)
    house.sign_all(paper)
    assert missing_signatures(paper) == []


# ---- A change --------------------------------------------------------------------------------------------


def test_a_change_asks_those_again_who_have_signed_another_text(house: House, paper: Paper) -> None:
    house.start(paper)
    for person in (house.head, house.treasurer):
        sign(request_of(paper, person), user_of(person))
    assert edit(paper, "Ein anderer Grund.", house.clerk) == 2
    assert states(paper) == [
        ("Sachbearbeitung", "overtaken"),
        ("Sachbearbeitung", "asked"),
        ("Amtsleitung", "overtaken"),
        ("Amtsleitung", "asked"),
        ("Kämmerei", "signed"),  # nothing about money has changed
        ("Dezernat", "asked"),
    ]
    again = request_of(paper, house.head)
    assert again.repeats
    assert again.repeats.content != again.content
    house.sign_all(paper)
    assert missing_signatures(paper) == []


def test_what_concerns_the_money_asks_the_treasurer_too(house: House, paper: Paper) -> None:
    house.start(paper)
    house.sign_all(paper)
    Paper.objects.filter(pk=paper.pk).update(cost_amount=90_000)
    assert text_changed(paper=paper, by=house.clerk) == 4
    assert paper.signing_rounds.get().state == SigningRound.State.RUNNING
    house.sign_all(paper)
    point = paper.resolution_points.get()
    point.text = "<p>Es wird doppelt so viel ausgegeben.</p>"
    point.save()
    assert text_changed(paper=paper, by=house.clerk) == 4


def test_who_makes_the_change_is_not_asked_about_it(house: House, paper: Paper) -> None:
    house.start(paper)
    assert edit(paper, "Von mir selbst geändert.", user_of(house.author)) == 0
    assert states(paper)[:2] == [("Sachbearbeitung", "overtaken"), ("Sachbearbeitung", "signed")]


def test_who_is_asked_mends_the_text_and_only_while_they_are(
    house: House, paper: Paper, client: Client
) -> None:
    """Without any role, and without giving the paper to another office."""
    other = make_office(house.town, "Rechtsamt")
    house.start(paper)
    client.force_login(user_of(house.head))
    address = f"{paper.get_absolute_url()}schreiben/"
    assert address in client.get(f"{paper.get_absolute_url()}mitzeichnung/").content.decode()
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    data |= {"text-begruendung": "<p>Besser gesagt.</p>"}
    assert client.post(address, {**data, "department": other.pk}).status_code == 422
    assert "Die Vorlage ist gespeichert." in text_of(client.post(address, data, follow=True))
    assert "Besser gesagt" in paper.sections.get(key="begruendung").body
    assert fresh(paper).department == house.office
    assert states(paper)[1:3] == [("Sachbearbeitung", "asked"), ("Amtsleitung", "asked")]
    sign(request_of(paper, house.head), user_of(house.head))
    assert client.get(address).status_code == client.post(address, data).status_code == 403
    client.force_login(user_of(house.above))
    assert client.get(address).status_code == 404  # not asked yet


def test_whose_account_is_somebody_elses_does_not_sign(house: House, paper: Paper, client: Client) -> None:
    house.start(paper)
    row, user = request_of(paper, house.head), user_of(house.head)
    client.force_login(user)
    assert client.get(row.get_absolute_url()).status_code == 200
    house.head.user = None
    house.head.save()
    data = {"entscheidung": "zeichnen", "seen": seen(paper)}
    assert client.post(row.get_absolute_url(), data).status_code == 404
    with pytest.raises(PermissionDenied):
        sign(row, User.objects.get(pk=user.pk))
    assert dict(states(paper))["Amtsleitung"] == "asked"


def test_a_change_that_the_portal_was_not_told_of_is_found_before_the_release(
    house: House, paper: Paper
) -> None:
    house.start(paper)
    house.sign_all(paper)
    section = Section.objects.get(paper=paper)
    section.body = "<p>Heimlich.</p>"
    section.save()
    said = missing_signatures(paper)
    assert "Horst Leitner (Amtsleitung) hat einen früheren Stand gezeichnet" in said[1]


def test_nothing_is_asked_where_nobody_has_signed_yet(house: House, paper: Paper) -> None:
    assert edit(paper, "Ein Entwurf.", user_of(house.author)) == 0
    assert not SigningRequest.objects.exists()


# ---- Deputies --------------------------------------------------------------------------------------------


@pytest.fixture
def deputy(house: House) -> Person:
    return make_person(house.town, "Vera Vertretung")


def away(house: House, deputy: Person, *, since: int | None = None, until: int | None = None) -> Deputyship:
    today = timezone.localdate()
    days = [None if day is None else today + datetime.timedelta(days=day) for day in (since, until)]
    return Deputyship.objects.create(person=house.head, deputy=deputy, first_day=days[0], last_day=days[1])


def test_who_is_away_is_not_asked_but_their_deputy(house: House, paper: Paper, deputy: Person) -> None:
    away(house, deputy, since=-1, until=1)
    house.start(paper)
    (mail,) = OutgoingMail.objects.all()
    assert mail.recipient == "vertretung@neustadt.example"
    assert "in Vertretung gefragt, für Horst Leitner" in mail.wording.text
    row = request_of(paper, house.head)
    assert SigningRequest.objects.waiting_for(user_of(deputy)).get() == row
    sign(row, user_of(deputy))
    row.refresh_from_db()
    assert row.by_deputy


def test_a_deputy_for_always_may_sign_without_being_asked(house: House, paper: Paper, deputy: Person) -> None:
    away(house, deputy)
    house.start(paper)
    assert [to for to, _subject in mails()] == ["leitner@neustadt.example"]
    assert not SigningRequest.objects.waiting_for(user_of(deputy)).exists()
    sign(request_of(paper, house.head), user_of(deputy))


@pytest.mark.parametrize(("since", "until"), [(1, 5), (-5, -1)])
def test_before_and_after_the_absence_the_deputy_may_not(
    house: House, paper: Paper, deputy: Person, since: int, until: int
) -> None:
    away(house, deputy, since=since, until=until)
    house.start(paper)
    with pytest.raises(PermissionDenied):
        sign(request_of(paper, house.head), user_of(deputy))
    assert not Paper.objects.visible_to(user_of(deputy)).exists()


def test_one_says_oneself_who_stands_in(house: House, deputy: Person, client: Client) -> None:
    client.force_login(user_of(house.head))
    address = "/neustadt/vertretungen/"
    assert "Zurzeit vertritt Sie niemand." in client.get(address).content.decode()
    answer = client.post(address, {"deputy": ""})
    assert (answer.status_code, "wählen Sie, wer Sie vertritt" in answer.content.decode()) == (422, True)
    wrong = {"deputy": deputy.pk, "first_day": "2026-12-24", "last_day": "2026-12-01"}
    assert "Der letzte Tag liegt vor dem ersten." in client.post(address, wrong).content.decode()
    page = client.post(address, {"deputy": deputy.pk}, follow=True).content.decode()
    assert "Vera Vertretung vertritt Sie: immer." in page
    row = Deputyship.objects.get()
    client.force_login(user_of(deputy))
    assert "Horst Leitner – immer" in client.get(address).content.decode()
    assert client.post(f"{address}{row.pk}/beenden/").status_code == 404
    client.force_login(user_of(house.head))
    client.post(f"{address}{row.pk}/beenden/")
    assert not Deputyship.objects.exists()


def test_ending_an_absence_keeps_what_was(house: House, deputy: Person, client: Client) -> None:
    row = away(house, deputy, since=-3, until=3)
    client.force_login(user_of(house.head))
    client.post(f"/neustadt/vertretungen/{row.pk}/beenden/")
    row.refresh_from_db()
    assert row.last_day == timezone.localdate() - datetime.timedelta(days=1)


# ---- Who sees and who writes -----------------------------------------------------------------------------


def test_who_is_asked_sees_this_paper_and_no_other(house: House, paper: Paper) -> None:
    """They hold no role in the town."""
    other = house.paper(subject="Eine andere")
    assert not Paper.objects.visible_to(user_of(house.head)).exists()
    house.start(paper)
    assert list(Paper.objects.visible_to(user_of(house.head))) == [paper]
    assert not Paper.objects.visible_to(user_of(house.above)).exists()  # not yet their turn
    assert other not in Paper.objects.visible_to(user_of(house.head))


@pytest.fixture
def closed(house: House) -> Paper:
    """A public paper with a point that is not."""
    paper = house.paper(subject="Anlaufstelle")
    paper.resolution_points.update(public=False, text="<p>Der Mietpreis ist 900 Euro.</p>")
    return paper


def reads_all_of(house: House, person: Person, paper: Paper, client: Client) -> bool:
    """Whether they find the point that is not public: on the paper's page, and where it was signed."""
    client.force_login(user_of(person))
    row = paper.signing_rounds.get().requests.get(person=house.head)
    answers = [client.get(address) for address in (paper.get_absolute_url(), row.get_absolute_url())]
    found = {"900 Euro" in answer.content.decode() for answer in answers}
    assert len(found) == 1
    return found.pop()


def test_who_has_signed_reads_it_further_as_long_as_they_hold_a_role(
    house: House, closed: Paper, client: Client
) -> None:
    house.start(closed)
    assert reads_all_of(house, house.head, closed, client)
    sign(request_of(closed, house.head), user_of(house.head))
    assert reads_all_of(house, house.head, closed, client)  # it is still on its way
    release(closed)
    assert not reads_all_of(house, house.head, closed, client)
    role = Role.objects.create(municipality=house.town, user=user_of(house.head), kind=Role.Kind.DEPARTMENT)
    assert reads_all_of(house, house.head, closed, client)
    role.delete()
    assert not reads_all_of(house, house.head, closed, client)


@pytest.mark.parametrize("signs", [True, False])
def test_a_deputy_reads_it_while_it_waits_and_what_they_signed_themselves(
    house: House, closed: Paper, deputy: Person, client: Client, signs: bool
) -> None:
    Role.objects.create(municipality=house.town, user=user_of(deputy), kind=Role.Kind.DEPARTMENT)
    house.start(closed)
    assert not reads_all_of(house, deputy, closed, client)
    standing = away(house, deputy)
    assert reads_all_of(house, deputy, closed, client)
    sign(request_of(closed, house.head), user_of(deputy if signs else house.head))
    assert reads_all_of(house, deputy, closed, client) is signs
    release(closed)
    assert reads_all_of(house, deputy, closed, client) is signs
    standing.delete()
    assert reads_all_of(house, deputy, closed, client) is signs


def test_who_is_asked_may_mend_the_text_while_they_are(house: House, paper: Paper) -> None:
    house.start(paper)
    assert may_write(user_of(house.head), fresh(paper))
    assert not may_route(user_of(house.head), fresh(paper))
    assert not may_write(user_of(house.above), fresh(paper))
    sign(request_of(paper, house.head), user_of(house.head))
    assert not may_write(user_of(house.head), fresh(paper))
    assert not may_write(user_of(house.author), release(paper))


# ---- The pages -------------------------------------------------------------------------------------------


def test_who_mends_it_is_shown_no_way_they_may_not_go(house: House, paper: Paper, client: Client) -> None:
    """Neither to the route nor to the upload of pictures: both need a role."""
    house.start(paper)
    client.force_login(user_of(house.head))
    asked_to_mend = client.get(f"{paper.get_absolute_url()}schreiben/")
    assert asked_to_mend.status_code == 200
    for way in ("beratungsfolge/", "bilder/neu/"):
        assert f'{way}"' not in asked_to_mend.content.decode()
    client.force_login(user_of(house.author))
    assert 'bilder/neu/"' in client.get(f"{paper.get_absolute_url()}schreiben/").content.decode()


def words_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


@pytest.fixture
def as_author(client: Client, house: House) -> Client:
    client.force_login(user_of(house.author))
    return client


def step_of(house: House, title: str) -> int:
    return SigningStep.objects.get(chain=house.chain, title=title).pk


def plan(house: House, paper: Paper, **more: Any) -> dict[str, Any]:
    people = {
        "Sachbearbeitung": house.author,
        "Amtsleitung": house.head,
        "Kämmerei": house.treasurer,
        "Dezernat": house.above,
    }
    chosen = {f"person_{step_of(house, title)}": person.pk for title, person in people.items()}
    return {"seen": seen(paper), "extra_when": "zuletzt", **chosen, **more}


def test_the_start_shows_who_will_be_asked(house: House, paper: Paper, as_author: Client) -> None:
    page = words_of(as_author, f"{paper.get_absolute_url()}mitzeichnung/")
    for words in ("1. Sachbearbeitung", "2. Amtsleitung", "3. Kämmerei", "Horst Leitner, Amtsleiter"):
        assert words in page
    answer = as_author.post(f"{paper.get_absolute_url()}mitzeichnung/", plan(house, paper), follow=True)
    assert "Die Mitzeichnung hat begonnen." in answer.content.decode()
    assert [row.title for row in asked(paper)] == ["Amtsleitung"]


def test_what_stands_against_the_start_is_said_before(house: House, paper: Paper, as_author: Client) -> None:
    house.office.head = None
    house.office.save()
    User.objects.filter(pk=house.treasurer.user_id).update(is_active=False)
    page = words_of(as_author, f"{paper.get_absolute_url()}mitzeichnung/")
    assert "Für „Amt für Soziales“ ist keine Leitung eingetragen." in page
    assert "Kira Kasse hat kein Benutzerkonto" in page
    data = plan(house, paper) | {f"person_{step_of(house, name)}": "" for name in ("Amtsleitung", "Kämmerei")}
    answer = as_author.post(f"{paper.get_absolute_url()}mitzeichnung/", data)
    assert answer.status_code == 422
    assert "wer als „Amtsleitung“ zeichnet" in answer.content.decode()
    assert fresh(paper).state == Paper.State.DRAFT


def test_a_step_is_left_out_with_a_reason_and_somebody_is_added(
    house: House, paper: Paper, as_author: Client
) -> None:
    lawyer = make_person(house.town, "Lea Recht", "Justiziarin")
    data = plan(house, paper) | {
        f"person_{step_of(house, 'Dezernat')}": "",
        f"reason_{step_of(house, 'Dezernat')}": "Stelle nicht besetzt.",
        "extra_person": lawyer.pk,
    }
    address = f"{paper.get_absolute_url()}mitzeichnung/"
    assert "als was diese Person zeichnet" in as_author.post(address, data).content.decode()
    as_author.post(address, data | {"extra_title": "Rechtsamt"})
    assert states(paper)[3:] == [("Dezernat", "left_out"), ("Rechtsamt", "waiting")]
    page = words_of(as_author, address)
    assert "Stelle nicht besetzt." in page
    house.sign_all(paper)
    assert request_of(paper, lawyer).state == "signed"


def test_a_town_without_chain_is_told_that_nobody_has_to_sign(
    house: House, paper: Paper, as_author: Client
) -> None:
    house.chain.delete()
    address = f"{paper.get_absolute_url()}mitzeichnung/"
    assert "ist keine Mitzeichnung vorgesehen" in words_of(as_author, address)
    assert as_author.post(address).status_code == 302
    assert missing_signatures(paper) == []


def test_the_one_who_is_asked_reads_and_signs(house: House, paper: Paper, client: Client) -> None:
    make_stage(paper, make_committee(house.town, "Sozialausschuss"), "decide", day=4)
    house.start(paper)
    row = request_of(paper, house.head)
    client.force_login(user_of(house.head))
    assert "wartet auf Ihre Mitzeichnung: Amtsleitung" in words_of(
        client, f"{paper.get_absolute_url()}mitzeichnung/"
    )
    page = words_of(client, row.get_absolute_url())
    for words in ("Ihre Mitzeichnung: Amtsleitung", "5.000,00 €", "Es ist nötig.", "Zurückgeben"):
        assert words in page
    for said, words in (
        ({"entscheidung": "bemerkung"}, "schreiben Sie Ihre Bemerkung"),
        ({"entscheidung": "zurueckgeben"}, "warum Sie die Vorlage zurückgeben"),
        ({"entscheidung": "zeichnen", "remark": "Aber bitte …"}, "Hier steht eine Bemerkung"),
        ({}, "Bitte wählen Sie: zeichnen"),
    ):
        answer = client.post(row.get_absolute_url(), {"seen": seen(paper), **said})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert said.get("remark", "") in answer.content.decode()
    data = {"seen": seen(paper), "entscheidung": "bemerkung", "remark": "Tippfehler auf Seite 2."}
    answer = client.post(row.get_absolute_url(), data, follow=True)
    assert "Sie haben die Vorlage „Integrationskonzept“ gezeichnet." in answer.content.decode()
    client.force_login(user_of(house.above))
    assert "Tippfehler auf Seite 2." in words_of(client, request_of(paper, house.above).get_absolute_url())


def test_who_was_too_slow_sees_what_is_there_now_and_signs_that(
    house: House, paper: Paper, client: Client
) -> None:
    house.start(paper)
    row, read = request_of(paper, house.head), seen(paper)
    edit(paper, "Ganz neu.", user_of(house.author))
    client.force_login(user_of(house.head))
    answer = client.post(row.get_absolute_url(), {"seen": read, "entscheidung": "zeichnen"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "geändert, während Sie sie gelesen haben" in page
    assert f'value="{seen(paper)}"' in page
    assert "Ganz neu." in page
    client.post(row.get_absolute_url(), {"seen": seen(paper), "entscheidung": "zeichnen"})
    assert request_of(paper, house.head).state == "signed"


def test_who_is_asked_again_sees_what_has_changed(house: House, paper: Paper, client: Client) -> None:
    house.start(paper)
    sign(request_of(paper, house.head), user_of(house.head))
    edit(paper, "Es ist dringend nötig.", house.clerk)
    client.force_login(user_of(house.head))
    page = words_of(client, request_of(paper, house.head).get_absolute_url())
    assert "Was sich geändert hat" in page
    assert "<ins>" in page
    assert "dringend" in page.split("<ins>")[1].split("</ins>")[0]
    mail = OutgoingMail.objects.filter(recipient="leitner@neustadt.example").first()
    assert mail
    assert "wurde geändert, nachdem sie gezeichnet war" in mail.wording.text


def test_the_lists_say_what_waits_for_whom(house: House, paper: Paper, client: Client) -> None:
    house.start(paper)
    SigningRequest.objects.filter(title="Amtsleitung").update(
        due_on=timezone.localdate() - datetime.timedelta(days=2)
    )
    client.force_login(user_of(house.head))
    mine = words_of(client, "/neustadt/mitzeichnung/").split("<h2")[1]
    assert "Wartet auf mich" in mine
    assert "überfällig" in mine
    start = words_of(client, "/")
    assert "Wartet auf Ihre Mitzeichnung" in start
    assert request_of(paper, house.head).get_absolute_url() in start
    client.force_login(user_of(house.author))
    page = words_of(client, "/neustadt/mitzeichnung/")
    assert "Zurzeit wartet keine Vorlage auf Sie." in page
    assert "Amtsleitung: Horst Leitner" in page.split("Wartet auf andere")[1]
    send_back(request=request_of(paper, house.head), by=user_of(house.head), reason="Zu lang.")
    assert "Integrationskonzept: Zu lang." in words_of(client, "/neustadt/mitzeichnung/")
    assert "Zurückgegebene Vorlagen" in words_of(client, "/")


def test_the_lists_name_no_paper_that_one_may_no_longer_read(house: House, client: Client) -> None:
    """Who started the signing has lost their role, and the paper has become non-public."""
    paper, clerk = house.paper(subject="Kauf des Grundstücks"), house.clerk
    house.start(paper, by=clerk)
    asked_first = asked(paper)[0]
    Paper.objects.filter(pk=paper.pk).update(public=False, non_public_reason="Vertrag")
    clerk.roles.all().delete()
    Person.objects.create(municipality=house.town, name=clerk.name, user=clerk)
    client.force_login(clerk)
    assert client.get(paper.get_absolute_url()).status_code == 404
    for address in ("/", "/neustadt/mitzeichnung/"):
        assert "Grundstücks" not in words_of(client, address)
    send_back(request=asked_first, by=user_of(house.author), reason="Der Preis ist zu hoch.")
    for address in ("/", "/neustadt/mitzeichnung/"):
        page = words_of(client, address)
        assert "Grundstücks" not in page
        assert "Der Preis ist zu hoch." not in page
    client.force_login(user_of(house.author))
    assert "Kauf des Grundstücks: Der Preis ist zu hoch." in words_of(client, "/neustadt/mitzeichnung/")


def test_pages_take_the_same_queries_however_many_have_signed(
    house: House, paper: Paper, as_author: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    house.start(paper)
    address = f"{paper.get_absolute_url()}mitzeichnung/"
    as_author.get(address)
    with django_assert_num_queries(19):
        as_author.get(address)
    with django_assert_num_queries(10):
        as_author.get("/neustadt/mitzeichnung/")
    sign(request_of(paper, house.head), user_of(house.head))
    edit(paper, "Neu.", house.clerk)
    with django_assert_num_queries(19):
        as_author.get(address)
    with django_assert_num_queries(10):
        as_author.get("/neustadt/mitzeichnung/")


# ---- Reminders -------------------------------------------------------------------------------------------


def test_who_is_late_is_reminded_once(house: House, paper: Paper, capsys: Any) -> None:
    house.start(paper)
    call_command("remind_signers")
    assert "0 erinnert" in capsys.readouterr().out
    SigningRequest.objects.filter(title="Amtsleitung").update(due_on=timezone.localdate())
    for expected in ("1 erinnert", "0 erinnert"):
        call_command("remind_signers")
        assert expected in capsys.readouterr().out
    assert [subject for _to, subject in mails()][1:] == ["Erinnerung, bitte mitzeichnen: Integrationskonzept"]


def test_starting_needs_somebody_who_signs(house: House, paper: Paper) -> None:
    with pytest.raises(ValidationError, match="So zeichnet niemand"):
        start_signing(paper=paper, planned=[], by=user_of(house.author))
    stranger = make_user(house.town, Role.Kind.MODERATION, name="Mo Fremd")
    with pytest.raises(PermissionDenied):
        house.start(paper, by=stranger)


def test_a_draft_that_was_on_its_way_is_not_deleted(house: House) -> None:
    paper = house.paper()
    house.start(paper)
    cancel_signing(paper=paper, by=user_of(house.author), reason="Doch nicht.")
    with pytest.raises(ValidationError, match="war schon in Mitzeichnung"):
        delete_draft(paper=paper, by=user_of(house.author))
    assert SigningRequest.objects.filter(round__paper=paper).exists()
