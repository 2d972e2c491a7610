"""My committees, a paper as it is read, and what changed in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from committees.actions.amending import decide_amendment, move_amendment
from committees.actions.issuing import issue_stage
from committees.models import (
    Amendment,
    Ballot,
    Consultation,
    Paper,
    PaperAttachment,
    ResolvedPoint,
    Section,
)
from concepts.models import Measure
from council.actions.reading import mark_read
from council.models import ReadMark
from council.states import changes, state_of
from municipalities.models import Municipality, Person, User
from tests.committees.factories import (
    make_committee,
    make_paper,
    make_stage,
    make_town,
    make_user,
    release,
    reopen,
)
from tests.concepts.factories import make_concept
from tests.conftest import demo_user
from tests.council.coming import answered, coming

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(towns: dict[str, Municipality]) -> Municipality:
    return towns["leverkusen"]


@pytest.fixture
def paper(town: Municipality) -> Paper:
    found: Paper = Paper.objects.get(municipality=town, number="2017/1900")
    return found


@pytest.fixture
def member(town: Municipality) -> User:
    """Sits in the Integrationsrat, in the council, and in no office of the town."""
    return demo_user("ratsmitglied", town)


@pytest.fixture
def reader(town: Municipality, login_as: Callable[..., Client]) -> Client:
    return login_as("ratsmitglied", town)


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def address(name: str, paper: Paper) -> str:
    return reverse(f"council:{name}", args=[paper.municipality.slug, paper.pk])


def page_of(client: Client, paper: Paper, name: str = "paper", query: str = "") -> str:
    return text_of(client.get(address(name, paper) + query))


def test_a_paper_is_read_from_what_is_to_be_decided_on(reader: Client, paper: Paper) -> None:
    page = page_of(reader, paper)
    places = [
        page.index(words)
        for words in (
            "Darüber wird als Nächstes beraten",
            "Umsetzung des Integrationskonzeptes so zu steuern",
            'aria-label="Beratungsfolge"',
            "Mit Beschluss vom 27.06.2016",
            "Davon spricht die Vorlage im Konzept",
            'id="anlagen"',
        )
    ]
    assert places == sorted(places)
    assert "Als gelesen merken" in page


def test_results_and_votes_stand_in_the_route(reader: Client, paper: Paper) -> None:
    first = paper.consultations.get(position=1)
    answered(first)
    Ballot.objects.create(consultation=first, position=1, votes_for=12, abstentions=1)
    page = page_of(reader, paper)
    assert "Was die Gremien gesagt haben" in page
    assert "<strong>einstimmig empfohlen</strong>: 12 Ja, 1 Enthaltung" in page


def test_measures_of_the_points_come_with_their_indicators(reader: Client, paper: Paper) -> None:
    measure = Measure.objects.filter(concept=paper.concept, indicators__values__isnull=False).first()
    if measure is None:
        measure = Measure.objects.filter(concept=paper.concept)[0]
        indicator = paper.concept.indicators.filter(values__isnull=False)[0]
        indicator.measure = measure
        indicator.save()
    reopen(paper)
    paper.resolution_points.all()[0].measures.set([measure])
    Paper.objects.filter(pk=paper.pk).update(state="released")
    paper.touch()
    page = page_of(reader, paper)
    assert f"massnahmen/{measure.pk}/" in page
    assert f"indikatoren/{measure.indicators.all()[0].pk}/" in page


def test_opening_the_page_writes_nothing_and_the_button_does(reader: Client, paper: Paper) -> None:
    page_of(reader, paper)
    assert not ReadMark.objects.filter(paper=paper).exists()
    sent = {"seen": str(paper.revision)}
    page = text_of(reader.post(address("paper_read", paper), sent, follow=True))
    assert "Gemerkt. Beim nächsten Mal sehen Sie hier" in page
    assert "hat sich nichts geändert" in page
    assert reader.post(address("paper_read", paper), sent | {"still": "1"}).status_code == 204
    assert ReadMark.objects.filter(paper=paper).count() == 1


def test_what_changed_meanwhile_is_not_taken_as_read(reader: Client, paper: Paper) -> None:
    seen = str(paper.revision)
    answered(paper.consultations.get(position=1))
    assert reader.post(address("paper_read", paper), {"seen": seen, "still": "1"}).status_code == 409
    page = text_of(reader.post(address("paper_read", paper), {"seen": seen}, follow=True))
    assert "Die Vorlage hat sich inzwischen geändert" in page
    assert not ReadMark.objects.filter(paper=paper).exists()


def test_what_is_new_since_the_last_visit(reader: Client, paper: Paper, member: User) -> None:
    mark_read(paper=paper, user=member, seen=str(paper.revision))
    first = paper.consultations.get(position=1)
    answered(first)
    page = page_of(reader, paper)
    assert "Neu, seit Sie am" in page
    assert f"Ergebnisse – {first.committee_names()}: neu" in page
    page = page_of(reader, paper, "paper_changes", "?seit=gelesen")
    assert "<ins>" in page
    assert "einstimmig empfohlen" in page


def test_what_a_committee_changed_is_carried_to_the_next(reader: Client, paper: Paper) -> None:
    clerk = demo_user("sitzungsdienst", paper.municipality)
    stage, point = paper.consultations.get(position=1), paper.resolution_points.all()[0]
    issue_stage(consultation=paper.consultations.get(position=2), by=clerk)
    after = point.text.replace("</p>", " Jährlich wird berichtet.</p>", 1)
    amendment = Amendment(paper=paper, consultation=stage, point=point, before=point.text, after=after)
    move_amendment(amendment=amendment, by=clerk)
    assert "Jährlich wird berichtet" not in page_of(reader, paper)
    decide_amendment(amendment=amendment, state="accepted", beside=False, by=clerk)
    answered(stage, "geändert empfohlen")
    page = page_of(reader, paper)
    assert "Jährlich wird berichtet." in page
    assert "Beschlusspunkt 1: von Gremien geändert" in page
    assert "Änderungsantrag 1 (" in page
    for since in ("beratung", "ausfertigung"):
        page = page_of(reader, paper, "paper_changes", f"?seit={since}")
        assert "eingefügt: </span>Jährlich wird berichtet.</ins>" in page


def test_after_the_last_stage_it_says_what_was_resolved(reader: Client, paper: Paper) -> None:
    for stage in paper.consultations.all():
        answered(stage)
    last = paper.consultations.last()
    ResolvedPoint.objects.create(consultation=last, position=1, text="<p>Endgültig so.</p>")
    page = page_of(reader, paper)
    assert "Das ist beschlossen" in page
    assert "Endgültig so." in page


def test_a_text_that_changed_is_shown_word_by_word(reader: Client, paper: Paper, member: User) -> None:
    reopen(paper)
    point = paper.resolution_points.all()[0]
    Paper.objects.filter(pk=paper.pk).update(state="released")
    mark_read(paper=paper, user=member, seen=str(paper.revision))
    reopen(paper)
    point.text = point.text.replace("verbindlicher Rahmen", "verbindliche Grundlage")
    point.paper = paper
    point.save()
    Paper.objects.filter(pk=paper.pk).update(state="released")
    page = page_of(reader, paper, "paper_changes", "?seit=gelesen")
    assert '<del><span class="p-visually-hidden">gelöscht: </span>verbindlicher Rahmen</del>' in page
    assert '<ins><span class="p-visually-hidden">eingefügt: </span>verbindliche Grundlage</ins>' in page


def test_since_the_last_stage_and_since_the_last_issue(reader: Client, paper: Paper) -> None:
    assert "Es gibt noch nichts zu vergleichen" in page_of(reader, paper, "paper_changes")
    clerk = demo_user("sitzungsdienst", paper.municipality)
    issue_stage(consultation=paper.consultations.get(position=2), by=clerk)
    first = paper.consultations.get(position=1)
    answered(first)
    later = paper.consultations.get(position=3)
    meeting = later.meeting
    assert meeting is not None
    meeting.date = meeting.date.replace(day=28)
    meeting.save()
    page = page_of(reader, paper, "paper_changes", "?seit=beratung")
    assert "einstimmig empfohlen" in page
    assert f"Verglichen mit: {first.committee_names()}" in page
    page = page_of(reader, paper, "paper_changes", "?seit=ausfertigung")
    assert "einstimmig empfohlen" in page
    assert f"eingefügt: </span>{meeting.date:%d.%m.%Y}</ins>" in page


def test_what_is_not_public_is_in_no_difference(reader: Client, paper: Paper, town: Municipality) -> None:
    """Read while public, hidden since: it does not come back as something that was removed."""
    outsider = demo_user("mitglied", town)
    before = state_of(Paper.objects.get(pk=paper.pk), outsider)
    first = paper.consultations.get(position=1)
    answered(first, "geheim")
    section = Section.objects.filter(paper=paper)[0]
    Section.objects.filter(pk=section.pk).update(public=False, non_public_reason="Vertrag")
    Consultation.objects.filter(pk=first.pk).update(result_public=False)
    after = state_of(Paper.objects.get(pk=paper.pk), outsider)
    assert changes(before, after) == []
    assert "geheim" not in str(after)
    clerk = demo_user("sitzungsdienst", town)
    seen = state_of(Paper.objects.get(pk=paper.pk), clerk)
    assert "geheim" in str(seen)
    assert changes(seen, after) == []  # who may not read it any more learns nothing from what they once read


@pytest.fixture
def amended() -> Consultation:
    """What its committee changed, how it voted, and what else stands in the paper: each has a secret word."""
    town = make_town()
    measure, other = make_concept(town, fields=1, measures=2).measures.order_by("position")
    paper = make_paper(town, "<p>Eins.</p>", "<p>Geheimzwei.</p>", "<p>Drei.</p>", concept=measure.concept)
    one, two, _three = paper.resolution_points.order_by("position")
    two.reasons = "<p>Geheimgrund.</p>"
    two.save()
    two.measures.add(measure)
    for key in [block.key for block in paper.layout.blocks.filter(kind="section")][:2]:
        Section.objects.create(paper=paper, key=key, body="<p>Geheimtext.</p>")
    PaperAttachment.objects.create(paper=paper, position=1, title="Geheimanlage")
    stage = make_stage(paper, make_committee(town, "Sozialausschuss"), "advise", day=4)
    make_stage(paper, make_committee(town, "Rat"), "decide", day=9)
    release(paper)
    about: list[dict[str, Any]] = [
        {"point": one, "before": one.text, "after": "<p>Geheimeins.</p>"},
        {"before": "", "after": "<p>Geheimvier.</p>"},
        {"measure": measure, "before": measure.text, "after": "<p>Geheimkurse.</p>"},
        {"measure": other, "before": other.text, "after": "<p>Geheimtreff.</p>"},
    ]
    for number, values in enumerate(about, start=1):
        Amendment.objects.create(
            paper=paper,
            consultation=stage,
            number=number,
            state="accepted",
            decided_order=number,
            **values,
        )
    answered(stage, "Geheimergebnis")
    votes = {"consultation": stage, "votes_for": 4321}
    Ballot.objects.create(position=1, kind="point", point=two, result="Geheimstimme", **votes)
    moved = Amendment.objects.get(number=3, paper=paper)
    Ballot.objects.create(position=2, kind="amendment", amendment=moved, result="Geheimkursstimme", **votes)
    return stage


def as_outsider(client: Client, paper: Paper) -> User:
    """Of the town, without a role and a seat."""
    user = make_user(paper.municipality, name="Lea Leserin")
    Person.objects.create(municipality=paper.municipality, name=user.name, user=user)
    client.force_login(user)
    return user


CLOSED = {
    "result": "Geheimeins|Geheimvier|Geheimkurse|Geheimtreff|Geheimergebnis|stimme|4321",
    "amendments gone": "Geheimeins|Geheimvier|Geheimkurse|Geheimtreff|Geheimergebnis|stimme|4321",
    "point": "Geheimzwei|Geheimgrund|Geheimkurs|stimme|4321",
    "section": "Geheimtext",
    "attachment": "Geheimanlage",
}


@pytest.mark.parametrize("what", CLOSED)
def test_what_was_closed_since_is_told_nowhere(client: Client, amended: Consultation, what: str) -> None:
    """As it was read while it was public."""
    paper = Paper.objects.get(pk=amended.paper_id)
    outsider = as_outsider(client, paper)
    seen = str(state_of(paper, outsider))
    assert re.search(CLOSED[what], seen)
    mark_read(paper=paper, user=outsider, seen=str(paper.revision))
    stage, point = Consultation.objects.filter(pk=amended.pk), paper.resolution_points.filter(position=2)
    closed = {"public": False, "non_public_reason": "Vertrag"}
    match what:
        case "result":
            stage.update(result_public=False)
        case "amendments gone":
            stage.update(result_public=False, result="", outcome="")
            Ballot.objects.filter(consultation=amended).delete()
            Amendment.objects.filter(paper=paper).update(state="rejected", decided_order=None)
        case "point":
            point.update(**closed)
        case "section":
            paper.sections.update(**closed)
        case "attachment":
            paper.attachments.update(**closed)
    paper.touch()
    for name, query in (
        ("paper", ""),
        ("paper_changes", "?seit=gelesen"),
        ("paper_changes", "?seit=beratung"),
    ):
        page = page_of(client, paper, name, query)
        assert not re.search(CLOSED[what], page), (name, query)


@pytest.mark.parametrize("gone", [False, True])
def test_what_was_closed_and_then_emptied_or_deleted_is_told_nowhere(client: Client, gone: bool) -> None:
    """A paper whose release was taken back says something else the next time."""
    paper = make_paper(make_town(), "<p>Eins.</p>", "<p>Geheimzwei.</p>")
    point = paper.resolution_points.get(position=2)
    point.reasons = "<p>Geheimgrund.</p>"
    point.save()
    key = paper.layout.blocks.filter(kind="section")[0].key
    section = Section.objects.create(paper=paper, key=key, body="<p>Geheimtext.</p>")
    attachment = PaperAttachment.objects.create(paper=paper, position=1, title="Geheimanlage")
    release(paper)
    outsider = as_outsider(client, paper)
    assert str(state_of(paper, outsider)).count("Geheim") == 4
    mark_read(paper=paper, user=outsider, seen=str(paper.revision))
    reopen(paper)
    rows: list[Any] = [point, section, attachment]
    for row in rows:
        row.paper, row.public = paper, False
        row.save()
    section.body, point.text, point.reasons, attachment.title = "", "<p>Zwei.</p>", "", "Anlage"
    for row in rows:
        row.delete() if gone else row.save()
    Paper.objects.filter(pk=paper.pk).update(state="released")
    for name in ("paper", "paper_changes"):
        assert "Geheim" not in page_of(client, paper, name)


def test_what_is_still_public_is_told_besides_what_was_closed(client: Client, amended: Consultation) -> None:
    """And a result of which one vote is closed is told again, once it was read like that."""
    paper = Paper.objects.get(pk=amended.paper_id)
    outsider = as_outsider(client, paper)
    mark_read(paper=paper, user=outsider, seen=str(paper.revision))
    paper.resolution_points.filter(position=2).update(public=False, non_public_reason="Vertrag")
    Amendment.objects.filter(paper=paper, number__in=(1, 2)).update(state="rejected", decided_order=None)
    paper.touch()
    page = page_of(client, paper, "paper_changes", "?seit=gelesen")
    assert "gelöscht: </span>Geheimeins</del>" in page
    assert "gelöscht: </span>Geheimvier.</del>" in page
    paper = Paper.objects.get(pk=paper.pk)
    mark_read(paper=paper, user=outsider, seen=str(paper.revision))
    answered(amended, "berichtigt")
    page = page_of(client, paper, "paper_changes", "?seit=gelesen")
    assert "Sozialausschuss" in page
    assert "eingefügt: </span>berichtigt" in page
    assert not re.search("stimme|4321|Geheimkurs", page)


def test_the_page_says_where_something_is_left_out(login_as: Any, paper: Paper, town: Municipality) -> None:
    """As the public PDF does, at the place of a text and of an attachment."""
    section = Section.objects.filter(paper=paper).exclude(body="")[0]
    Section.objects.filter(pk=section.pk).update(public=False, non_public_reason="Vertrag")
    secret = strip_tags(section.body).split(".")[0].strip()[:40]
    paper.attachments.update(public=False, non_public_reason="Vertrag")
    paper.touch()
    address = reverse("council:paper", args=[town.slug, paper.pk])
    outside = text_of(login_as("mitglied", town).get(address))
    assert "An dieser Stelle ist etwas nicht öffentlich." in outside
    assert outside.count("nicht öffentlich.") >= 1 + paper.attachments.count()
    assert secret not in outside
    assert "anlage-None" not in outside
    inside = text_of(login_as("sitzungsdienst", town).get(address))
    assert secret in inside
    assert "An dieser Stelle ist etwas nicht öffentlich." not in inside


def test_the_page_says_where_an_amendment_is_left_out(
    login_as: Any, paper: Paper, town: Municipality
) -> None:
    """Of a point and of a measure: as the public PDF does, under the name of what it is about."""
    stage, point = paper.consultations.get(position=1), paper.resolution_points.all()[0]
    measure = Measure.objects.filter(concept=paper.concept)[0]
    answered(stage)
    Consultation.objects.filter(pk=stage.pk).update(result_public=False)
    about: list[dict[str, Any]] = [
        {"point": point, "before": point.text},
        {"measure": measure, "before": measure.text},
    ]
    for number, more in enumerate(about, start=1):
        Amendment.objects.create(
            paper=paper,
            consultation=stage,
            number=number,
            after=f"{more['before']}<p>Geheimwort.</p>",
            state="accepted",
            decided_order=number,
            **more,
        )
    paper.touch()
    outside = page_of(login_as("mitglied", town), paper)
    said = "<p>An dieser Stelle ist etwas nicht öffentlich.</p>"
    assert f"<h4>Beschlusspunkt 1</h4> {said}" in outside
    assert f"<h4>Maßnahme {measure.code} {measure.title}</h4> {said}" in outside
    assert "Geheimwort" not in outside
    inside = page_of(login_as("sitzungsdienst", town), paper)
    assert inside.count("Geheimwort") == 3  # in the proposal, and in what was changed in each
    assert said not in inside


def test_the_reading_page_is_one_of_the_papers_tabs(login_as: Any, paper: Paper, town: Municipality) -> None:
    """Each sees the groups in which there is something for them."""
    groups = {
        "ratsmitglied": ["Vorlage", "Beratung"],
        "sitzungsdienst": ["Vorlage", "Beratung", "Bearbeiten"],
    }
    for who, expected in groups.items():
        page = text_of(login_as(who, town).get(paper.get_absolute_url()))
        assert re.findall(r'<p id="seiten-\w+">(\w+)</p>', page) == expected
        assert f'<a href="{address("paper", paper)}">Lesen</a>' in page
        for name, label in (("paper", "Lesen"), ("paper_changes", "Was sich geändert hat")):
            there = page_of(login_as(who, town), paper, name)
            assert f'<a href="{address(name, paper)}" aria-current="page">{label}</a>' in there
            assert (">Meine Gremien</a></li> <li><" in there) == (who == "ratsmitglied")


def test_a_member_finds_the_page_for_reading(login_as: Any, paper: Paper, town: Municipality) -> None:
    """Others find the page from which they work; what stands in its texts is found where it is read."""
    asked, stage = f"{reverse('search:results')}?q=", f"{paper.get_absolute_url()}beratung/3/"
    for who, found in (("ratsmitglied", address("paper", paper)), ("fachamt", paper.get_absolute_url())):
        client = login_as(who, town)
        for lists in (
            f"{asked}{paper.number}&art=vorlagen",
            reverse("committees:paper_list", args=[town.slug]),
        ):
            assert f'<a href="{found}">' in text_of(client.get(lists))
        page = text_of(client.get(f"{asked}verbindlicher Rahmen&art=vorlagen"))
        assert f'<a href="{address("paper", paper)}#punkt-1">' in page
    meeting = coming(paper.consultations.get(position=3)).get_absolute_url()
    for who, found in (("ratsmitglied", address("paper", paper)), ("fachamt", stage)):
        assert f'<a href="{found}">{paper.subject}</a>' in text_of(login_as(who, town).get(meeting))


def test_my_committees_by_meeting(reader: Client, paper: Paper, town: Municipality, member: User) -> None:
    stages = paper.consultations.all()
    answered(stages[0])
    mine = next(one for one in stages[1:] if one.committee.seats.filter(person__user=member).exists())
    meeting = coming(mine)
    overview = reverse("council:committees", args=[town.slug])
    page = text_of(reader.get(overview))
    assert meeting.title in page
    assert "TOP 5" in page
    assert address("paper", paper) in page
    assert f"{stages[0].committee_names()}: <strong>einstimmig empfohlen</strong>" in page
    assert "Lesezeit etwa" in page
    assert "noch nicht gelesen" in page
    assert f"/sitzungen/{meeting.pk}/mappe-vollstaendig.pdf" in page
    mark_read(paper=paper, user=member, seen=str(Paper.objects.get(pk=paper.pk).revision))
    assert "noch nicht gelesen" not in text_of(reader.get(overview))
    answered(paper.consultations.get(position=2), "vertagt")
    page = text_of(reader.get(overview))
    assert "neu, seit Sie zuletzt hineingesehen haben" in page
    assert f"Ergebnisse – {stages[1].committee_names()}: neu" in page


def test_who_has_no_seat_is_told_so(town: Municipality, login_as: Any) -> None:
    overview = reverse("council:committees", args=[town.slug])
    page = text_of(login_as("redaktion", town).get(overview))
    assert "Sie haben zurzeit keinen Sitz in einem Gremium" in page
    assert f'href="{overview}"' not in page
    assert f'href="{overview}"' in text_of(login_as("ratsmitglied", town).get(f"/{town.slug}/vorlagen/"))
