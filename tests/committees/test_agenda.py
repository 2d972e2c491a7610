"""The agenda: where its items come from, how they are ordered and numbered, and what a late one does."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.actions.agenda import move_beside, move_step, place_stage, save_item, take_off
from committees.agenda import in_order, numbers_of
from committees.forms.meetings import AgendaItemForm
from committees.models import AgendaItem, Committee, CommitteeSeat, Consultation, Meeting, MeetingMinutes
from municipalities.models import Municipality, Person, Role, User
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release
from tests.committees.test_meetings import make_meeting, send_out, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Committee:
    return make_committee(make_town(), "Rat", genitive="Rates")


@pytest.fixture
def meeting(council: Committee) -> Meeting:
    return make_meeting(council, date=datetime.date(2034, 7, 3))


@pytest.fixture
def clerk(council: Committee) -> User:
    return make_user(council.municipality, Role.Kind.COUNCIL_SERVICE)


@pytest.fixture
def office(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk)
    return client


def page_of(meeting: Meeting) -> str:
    return f"{meeting.get_absolute_url()}tagesordnung/"


def add(office: Client, meeting: Meeting, title: str, *, public: bool = True, **values: Any) -> AgendaItem:
    sent = {"title": title, **values} | ({"public": "on"} if public else {})
    answer = office.post(f"{page_of(meeting)}neu/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return AgendaItem.objects.get(meeting=meeting, title=title)


def in_meeting(meeting: Meeting, stage: Consultation) -> Consultation:
    stage.meeting = meeting
    stage.save()
    return stage


def lines(meeting: Meeting) -> list[str]:
    rows = AgendaItem.objects.filter(meeting=meeting).order_by("position")
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    return [f"{row.number} {row.title}" for row in rows]


def test_items_are_numbered_by_their_order(office: Client, meeting: Meeting, council: Committee) -> None:
    add(office, meeting, "Eröffnung")
    secret = add(office, meeting, "Grundstück", public=False)
    minutes = add(office, meeting, "Niederschriften")
    add(office, meeting, "Anfragen")
    add(office, meeting, "Niederschrift vom Mai", parent=minutes.pk)
    add(office, meeting, "Niederschrift vom Juni", parent=minutes.pk)
    add(office, meeting, "Preis", public=False, parent=secret.pk)
    assert lines(meeting) == [
        "1 Eröffnung", "2 Niederschriften", "2.1 Niederschrift vom Mai", "2.2 Niederschrift vom Juni",
        "3 Anfragen", "4 Grundstück", "4.1 Preis",
    ]  # fmt: skip
    # The committee counts each part by itself from now on.
    sent = {"kind": council.kind, "name": "Rat", "article": "der", "genitive_name": "Rates",
            "summons_counts": "all", "agenda_numbers": "parts", "minutes_signers": "Vorsitz"}  # fmt: skip
    office.post(f"{council.get_absolute_url()}bearbeiten/", sent)
    assert lines(meeting)[3:] == [
        "Ö 2.2 Niederschrift vom Juni",
        "Ö 3 Anfragen",
        "N 1 Grundstück",
        "N 1.1 Preis",
    ]
    office.get("/")  # what was told on the way is read there
    page = text_of(office.get(page_of(meeting)))
    assert page.index("Öffentlicher Teil") < page.index("Anfragen") < page.index("Nichtöffentlicher Teil")


def test_items_are_moved_with_what_is_below_them(office: Client, meeting: Meeting, clerk: User) -> None:
    first = add(office, meeting, "A")
    second = add(office, meeting, "B")
    below = add(office, meeting, "B eins", parent=second.pk)
    secret = add(office, meeting, "Z", public=False)
    office.post(f"{page_of(meeting)}{second.pk}/verschieben/", {"richtung": "hoch"})
    assert lines(meeting) == ["1 B", "1.1 B eins", "2 A", "3 Z"]
    answer = office.post(f"{page_of(meeting)}{second.pk}/verschieben/", {"richtung": "hoch"}, follow=True)
    assert "steht schon ganz oben" in text_of(answer)
    assert answer.redirect_chain[0][0].endswith(f"#top-{second.pk}")
    # What dragging sends.
    office.post(f"{page_of(meeting)}{second.pk}/verschieben/", {"hinter": first.pk})
    assert lines(meeting) == ["1 A", "2 B", "2.1 B eins", "3 Z"]
    office.post(f"{page_of(meeting)}{below.pk}/verschieben/", {"vor": first.pk})
    assert lines(meeting) == ["1 B eins", "2 A", "3 B", "4 Z"]
    for sent, told in (
        ({"vor": secret.pk}, "wird ein Punkt nicht öffentlich und nicht nichtöffentlich"),
        ({"vor": "99999999999999999999"}, "gibt es nicht mehr"),
        ({"vor": "²"}, "gibt es nicht mehr"),
        ({}, "Wohin soll der Punkt?"),
    ):
        answer = office.post(f"{page_of(meeting)}{first.pk}/verschieben/", sent, follow=True)
        assert told in text_of(answer)
    assert lines(meeting) == ["1 B eins", "2 A", "3 B", "4 Z"]
    assert first.history.filter(history_change_reason="verschoben").count() == 0
    assert second.history.filter(history_change_reason="verschoben").count() == 2
    assert not move_step(item=secret, step=1, by=clerk)


def test_a_point_with_sub_items_does_not_become_one(office: Client, meeting: Meeting, clerk: User) -> None:
    first, second = add(office, meeting, "A"), add(office, meeting, "B")
    below, under = (
        add(office, meeting, "A eins", parent=first.pk),
        add(office, meeting, "B eins", parent=second.pk),
    )
    with pytest.raises(ValidationError, match="mit Unterpunkten"):
        move_beside(item=second, other=below, by=clerk)
    sent = {"title": "B", "public": "on", "parent": first.pk}
    assert "mit Unterpunkten" in text_of(office.post(f"{page_of(meeting)}{second.pk}/", sent), 422)
    sent = {"title": "B eins", "parent": second.pk}
    assert "im selben Teil" in text_of(office.post(f"{page_of(meeting)}{under.pk}/", sent), 422)
    # A point takes its sub-items along into the other part.
    office.post(f"{page_of(meeting)}{second.pk}/", {"title": "B"})
    under.refresh_from_db()
    assert not under.public


def test_stages_wait_for_their_place(
    office: Client, meeting: Meeting, council: Committee, clerk: User
) -> None:
    town = council.municipality
    paper = release(make_paper(town, "Das Konzept wird beschlossen.", subject="Konzept der Stadt"))
    hidden = release(
        make_paper(
            town, "Punkt.", number="2024/18", subject="Vertrag", public=False, non_public_reason="Preis"
        )
    )
    draft = make_paper(town, "Punkt.", number="", subject="Entwurf")
    for one in (paper, hidden, draft):
        in_meeting(meeting, make_stage(one, council, "decide"))
    undated = release(make_paper(town, "Punkt.", number="2024/19", subject="Ohne Termin"))
    late = make_stage(undated, council, "decide")
    elsewhere = release(make_paper(town, "Punkt.", number="2024/20", subject="Anderes Gremium"))
    make_stage(elsewhere, make_committee(town, "Schulausschuss"), "decide")
    page = text_of(office.get(page_of(meeting)))
    assert page.index("Wartet auf einen Platz") < page.index("Konzept der Stadt")
    assert page.index("Beratungen ohne Termin") < page.index("Ohne Termin")
    assert "Anderes Gremium" not in page
    assert "noch nicht freigegeben" in page
    told = office.post(f"{page_of(meeting)}aufnehmen/", {"alle": "1"}, follow=True)
    assert "2 Beratungen stehen auf der Tagesordnung." in text_of(told)
    office.post(f"{page_of(meeting)}aufnehmen/", {"beratung": late.pk})
    assert lines(meeting) == ["1 Konzept der Stadt", "2 Ohne Termin", "3 Vertrag"]
    late.refresh_from_db()
    assert (late.meeting, late.agenda_item.number) == (meeting, "2")
    assert late.history.first().history_change_reason == "auf die Tagesordnung gesetzt"
    for sent in ({"beratung": late.pk}, {"beratung": "x"}, {}):
        answer = office.post(f"{page_of(meeting)}aufnehmen/", sent, follow=True)
        assert "wartet nicht mehr auf einen Platz" in text_of(answer)
    with pytest.raises(ValidationError, match="noch nicht freigegeben"):
        place_stage(meeting=meeting, stage=draft.consultations.get(), by=clerk)
    with pytest.raises(ValidationError, match="tagt nicht: Schulausschuss"):
        place_stage(meeting=meeting, stage=elsewhere.consultations.get(), by=clerk)
    # A non-public paper's subject does not come into the public part.
    item = AgendaItem.objects.get(meeting=meeting, title="Vertrag")
    told = text_of(office.post(f"{page_of(meeting)}{item.pk}/", {"title": "Vertrag", "public": "on"}), 422)
    assert "Die Vorlage ist nicht öffentlich." in told


def test_no_item_is_more_public_than_its_stage(
    office: Client, meeting: Meeting, council: Committee, clerk: User
) -> None:
    paper = release(make_paper(council.municipality, "Das Konzept wird beschlossen.", subject="Konzept"))
    stage = in_meeting(meeting, make_stage(paper, council, "decide", treatment="non_public"))
    item = place_stage(meeting=meeting, stage=stage, by=clerk)
    above = add(office, meeting, "Verträge", public=False)
    address, sent = f"{page_of(meeting)}{item.pk}/", {"title": "Konzept", "public": "on"}
    page = text_of(office.post(address, sent), 422)
    sentence = "Die Beratung dieser Vorlage ist nichtöffentlich. Soll sie öffentlich sein, ändern Sie bitte"
    assert f'<a href="#id_public">Öffentlich: {sentence}' in page
    assert page.count(sentence) == 2  # and at the field
    # Nor does a point take it along.
    assert office.post(address, {"title": "Konzept", "parent": above.pk}).status_code == 302
    page = text_of(office.post(f"{page_of(meeting)}{above.pk}/", {"title": "Verträge", "public": "on"}), 422)
    assert f"Unterpunkt „Konzept“: {sentence}" in page
    item.refresh_from_db()
    assert not item.public
    # The action refuses it too, whoever asks.
    form = AgendaItemForm({"title": "Konzept", "public": "on"}, instance=item, meeting=meeting)
    Consultation.objects.filter(pk=stage.pk).update(treatment="public")
    assert form.is_valid()
    Consultation.objects.filter(pk=stage.pk).update(treatment="non_public")
    with pytest.raises(ValidationError, match="nichtöffentlich"):
        save_item(form=form, by=clerk)
    # What is to be done, is done; and an item may be less public than its stage.
    Consultation.objects.filter(pk=stage.pk).update(treatment="public")
    for public, data in ((True, sent), (False, {"title": "Konzept"})):
        assert office.post(address, data).status_code == 302
        item.refresh_from_db()
        assert item.public == public


def test_who_may_know_of_the_non_public_part(office: Client, meeting: Meeting, council: Committee) -> None:
    add(office, meeting, "Anfragen")
    add(office, meeting, "Grundstück", public=False)
    seen = {}
    for name, committee in (
        ("Rosa Rat", council),
        ("Berta Beirat", make_committee(council.municipality, "Beirat")),
    ):
        user = make_user(council.municipality, name=name)
        person = Person.objects.create(municipality=council.municipality, name=name, user=user)
        CommitteeSeat.objects.create(committee=committee, person=person)
        client = Client()
        client.force_login(user)
        page = text_of(client.get(meeting.get_absolute_url()))
        assert "Anfragen" in page
        seen[name] = "Grundstück" in page
        assert client.get(page_of(meeting)).status_code == 403
        assert client.post(f"{page_of(meeting)}neu/", {"title": "Eigenes"}).status_code == 403
    assert seen == {"Rosa Rat": True, "Berta Beirat": False}


def test_a_late_item_is_a_supplement_and_changes_no_number(
    office: Client, meeting: Meeting, clerk: User
) -> None:
    first = add(office, meeting, "A")
    add(office, meeting, "B")
    add(office, meeting, "Z", public=False)
    send_out(meeting, clerk)
    late = add(office, meeting, "Eilig")
    again = add(office, meeting, "Noch eiliger")
    below = add(office, meeting, "Unterpunkt", parent=first.pk)
    assert lines(meeting) == ["1 A", "1.1 Unterpunkt", "2 B", "2a Eilig", "2b Noch eiliger", "3 Z"]
    assert late.supplementary
    assert again.supplementary
    assert below.supplementary
    page = text_of(office.get(page_of(meeting)))
    assert "Neue Punkte werden ein Nachtrag" in page
    assert page.count("Nachtrag</span>") == 3
    told = text_of(office.post(f"{page_of(meeting)}{first.pk}/loeschen/"), 422)
    assert "Er lässt sich nur noch absetzen." in told
    answer = office.post(f"{page_of(meeting)}{first.pk}/absetzen/", follow=True)
    assert "„A“ ist abgesetzt." in text_of(answer)
    assert lines(meeting)[0] == "1 A"
    answer = office.post(f"{page_of(meeting)}{first.pk}/absetzen/", follow=True)
    assert "steht wieder auf der Tagesordnung" in text_of(answer)
    office.post(f"{page_of(meeting)}{late.pk}/verschieben/", {"richtung": "hoch"})
    assert lines(meeting)[2:4] == ["2a Eilig", "2 B"]


def test_numbers_by_hand(office: Client, meeting: Meeting) -> None:
    meeting.own_numbers = True
    meeting.save()
    add(office, meeting, "A", number="Ö 5")
    taken = text_of(
        office.post(f"{page_of(meeting)}neu/", {"title": "B", "number": "Ö 5", "public": "on"}), 422
    )
    assert "Die Nummer „Ö 5“ hat schon ein anderer Punkt dieses Teils." in taken
    assert 'value="B"' in taken
    missing = text_of(office.post(f"{page_of(meeting)}neu/", {"title": "B", "public": "on"}), 422)
    assert "Bitte geben Sie dem Punkt eine Nummer." in missing
    add(office, meeting, "B", number="Ö 7.1")
    assert lines(meeting) == ["Ö 5 A", "Ö 7.1 B"]
    sent = {"committees": [meeting.committees.get().pk], "title": meeting.title, "date": "2034-07-03"}
    office.post(f"{meeting.get_absolute_url()}bearbeiten/", sent)
    assert lines(meeting) == ["1 A", "2 B"]


def test_what_recurs_is_taken_over_once(office: Client, meeting: Meeting, council: Committee) -> None:
    before = make_meeting(council, title="20. Sitzung des Rates", date=datetime.date(2034, 6, 5))
    add(office, before, "Eröffnung")
    add(office, before, "Anfragen")
    add(office, before, "Personal", public=False)
    add(office, meeting, "Eröffnung")
    assert "20. Sitzung des Rates" not in text_of(office.get(page_of(meeting)))
    AgendaItem.objects.filter(meeting=meeting).delete()
    assert "20. Sitzung des Rates" in text_of(office.get(page_of(meeting)))
    answer = office.post(f"{page_of(meeting)}uebernehmen/", follow=True)
    assert "3 Punkte sind übernommen." in text_of(answer)
    office.post(f"{page_of(meeting)}uebernehmen/")
    assert lines(meeting) == ["1 Eröffnung", "2 Anfragen", "3 Personal"]
    told = office.post(f"{page_of(before)}uebernehmen/", follow=True)
    assert "Eine frühere Sitzung mit freien Punkten gibt es nicht." in text_of(told)


def test_a_deleted_item_lets_its_stage_wait_again(
    office: Client, meeting: Meeting, council: Committee, clerk: User
) -> None:
    paper = release(make_paper(council.municipality, "Das Konzept wird beschlossen."))
    stage = in_meeting(meeting, make_stage(paper, council, "decide"))
    item = place_stage(meeting=meeting, stage=stage, by=clerk)
    assert "wartet danach wieder" in text_of(office.get(f"{page_of(meeting)}{item.pk}/loeschen/"))
    office.post(f"{page_of(meeting)}{item.pk}/loeschen/")
    stage.refresh_from_db()
    assert (stage.meeting, stage.agenda_item, lines(meeting)) == (meeting, None, [])
    item = place_stage(meeting=meeting, stage=stage, by=clerk)
    stage.refresh_from_db()
    stage.result, stage.outcome = "einstimmig", "accepted"
    stage.save()
    for page in ("absetzen", "loeschen"):
        answer = office.post(f"{page_of(meeting)}{item.pk}/{page}/", follow=True)
        assert "ist schon ein Ergebnis eingetragen" in answer.content.decode()
    assert lines(meeting) == ["1 Integrationskonzept"]


@pytest.mark.parametrize("sent", [False, True])
def test_a_stage_that_gets_another_day_leaves_the_agenda(
    sent: bool, office: Client, meeting: Meeting, council: Committee, clerk: User
) -> None:
    paper = release(make_paper(council.municipality, "Das Konzept wird beschlossen."))
    stage = in_meeting(meeting, make_stage(paper, council, "decide"))
    place_stage(meeting=meeting, stage=stage, by=clerk)
    if sent:
        send_out(meeting, clerk)
    other = make_meeting(council, title="22. Sitzung des Rates", date=datetime.date(2034, 9, 4))
    values = {"committee": council.pk, "meeting": other.pk, "meaning": "decide", "reason": "Zu viele Punkte"}
    answer = office.post(f"{paper.get_absolute_url()}beratungsfolge/{stage.pk}/", values, follow=True)
    assert "ist gespeichert" in text_of(answer)
    stage.refresh_from_db()
    assert (stage.meeting, stage.agenda_item) == (other, None)
    rows = AgendaItem.objects.filter(meeting=meeting)
    assert [row.taken_off for row in rows] == ([True] if sent else [])


def test_signed_minutes_close_the_agenda(office: Client, meeting: Meeting, clerk: User) -> None:
    item = add(office, meeting, "A")
    MeetingMinutes.objects.create(meeting=meeting, state="signed", agreed_on=datetime.date(2034, 8, 1))
    page = text_of(office.get(page_of(meeting)))
    assert "Die Tagesordnung ändert sich nicht mehr." in page
    assert "Punkt hinzufügen" not in page
    answer = office.post(f"{page_of(meeting)}neu/", {"title": "B", "public": "on"})
    assert "ist unterschrieben" in text_of(answer, 422)
    with pytest.raises(ValidationError, match="unterschrieben"):
        take_off(item=item, by=clerk)
    assert lines(meeting) == ["1 A"]


def test_only_who_leads_changes_an_agenda(office: Client, meeting: Meeting) -> None:
    item = add(office, meeting, "A")
    editor = make_user(meeting.municipality, Role.Kind.EDITING, name="Eva Redaktion")
    with pytest.raises(PermissionDenied):
        take_off(item=item, by=editor)


def test_two_who_edit_the_same_item(office: Client, meeting: Meeting, clerk: User) -> None:
    item = add(office, meeting, "A")
    opened = item.history.first().pk
    office.post(f"{page_of(meeting)}{item.pk}/", {"title": "A neu", "public": "on", "opened_version": opened})
    page = text_of(
        office.post(
            f"{page_of(meeting)}{item.pk}/",
            {"title": "A ganz anders", "public": "on", "opened_version": opened},
        ),
        422,
    )
    assert "Zwei Fassungen" in page
    assert "A ganz anders" in page


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(st.booleans(), st.integers(0, 8)), max_size=20),
    scheme=st.sampled_from(["through", "parts"]),
)
def test_every_order_has_its_numbers(rows: list[tuple[bool, int]], scheme: str) -> None:
    """Each item comes once, the public part first, sub-items right behind their point, no number twice."""
    items: list[AgendaItem] = []
    for pk, (public, above) in enumerate(rows, start=1):
        points = [item for item in items if item.parent_id is None and item.public == public]
        parent = points[above].pk if above < len(points) else None
        items.append(AgendaItem(pk=pk, public=public, parent_id=parent))
    found, numbers = in_order(items), numbers_of(items, scheme)
    assert sorted(item.pk for item in found) == [item.pk for item in items]
    assert [item.public for item in found] == sorted((item.public for item in items), reverse=True)
    above = 0
    for item in found:
        if item.parent_id is None:
            above = item.pk
        else:
            assert above == item.parent_id
            assert numbers[item.pk].startswith(f"{numbers[above]}.")
    assert len(set(numbers.values())) == len(items)


def test_a_sub_item_whose_point_is_hidden_stands_by_itself() -> None:
    rows = [AgendaItem(pk=1, public=True), AgendaItem(pk=2, public=True, parent_id=9)]
    assert numbers_of(rows, "through") == {1: "1", 2: "2"}


def test_the_page_takes_no_more_queries_with_many_items(
    office: Client, meeting: Meeting, council: Committee, clerk: User, django_assert_max_num_queries: Any
) -> None:
    def fill(start: int, number: int) -> None:
        for place in range(start, start + number):
            AgendaItem.objects.create(
                meeting=meeting, position=place, number=str(place), title=f"Punkt {place}"
            )
            paper = release(make_paper(town, "Punkt.", number=f"2024/{place}", subject=f"Vorlage {place}"))
            in_meeting(meeting, make_stage(paper, council, "decide"))

    town: Municipality = council.municipality
    fill(1, 1)
    for address in (page_of(meeting), meeting.get_absolute_url()):
        office.get(address)
    with django_assert_max_num_queries(100) as few:
        office.get(page_of(meeting))
        office.get(meeting.get_absolute_url())
    fill(2, 6)
    with django_assert_max_num_queries(100) as many:
        office.get(page_of(meeting))
        office.get(meeting.get_absolute_url())
    assert len(few) == len(many)
