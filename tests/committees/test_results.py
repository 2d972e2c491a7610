"""What the committees said: recorded, corrected, refused where it cannot be, and carried on in the route."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from committees.actions.issuing import issue_stage
from committees.actions.publicity import Kept
from committees.actions.resolving import BESIDE
from committees.actions.results import remove_result, version_of
from committees.models import (
    Amendment,
    Ballot,
    CommitteeSeat,
    Consultation,
    Exclusion,
    FactionVote,
    MeetingAttendance,
    MeetingMinutes,
    ResolutionTask,
    ResolvedPoint,
)
from committees.printing.render import stage_html
from documents.richtext import plain_text
from municipalities.models import Role, User
from tests.committees.closing import close
from tests.committees.factories import make_user
from tests.committees.voting import POINTS, Voting, make_voting, votes

pytestmark = pytest.mark.django_db

LATER = "<p>Das Konzept wird beschlossen. Es gilt ab 2026.</p>"
OFTEN = "<p>Die Verwaltung berichtet halbjährlich.</p>"


@pytest.fixture
def voting() -> Voting:
    return make_voting()


@pytest.fixture
def as_clerk(client: Client, voting: Voting) -> Client:
    client.force_login(voting.clerk)
    return client


def text(response: Any) -> str:
    return " ".join(plain_text(response.content.decode()).split())


def told(raised: Any) -> str:
    return " ".join(raised.value.messages)


# ---- Recording -------------------------------------------------------------------------------------------


def test_one_click_records_a_unanimous_result_in_the_towns_words(as_clerk: Client, voting: Voting) -> None:
    first, second = voting.stage(), voting.stage("Schulausschuss", days=-10)
    council = voting.council()
    listed = as_clerk.get(f"{first.meeting.get_absolute_url()}ergebnisse/")
    assert "1 Ergebnis steht noch aus." in text(listed)
    assert "einstimmig empfohlen" in text(listed)
    as_clerk.post(voting.address(first), {"schnell": "1", "opened": ""})
    first.refresh_from_db()
    assert (first.result, first.outcome) == ("einstimmig empfohlen", "accepted")
    assert first.recorded_by == voting.clerk
    assert Ballot.objects.get(consultation=first).unanimous
    # The town says it in other words from now on, and is offered them.
    voting.record(first, result="einstimmig dafür", reason="Wortlaut der Niederschrift")
    again = as_clerk.get(f"{second.meeting.get_absolute_url()}ergebnisse/")
    assert "einstimmig dafür" in text(again)
    answer = as_clerk.post(voting.address(second), {"schnell": "1", "opened": "", "weiter": "1"}, follow=True)
    assert "„einstimmig dafür“ ist eingetragen." in text(answer)
    assert "Zu allen TOPs dieser Sitzung ist ein Ergebnis eingetragen." in text(answer)
    as_clerk.post(voting.address(council), {"schnell": "1", "opened": ""})
    council.refresh_from_db()
    assert council.result == "einstimmig beschlossen"
    assert [row.text for row in council.resolved_points.all()] == list(POINTS)


def test_votes_per_faction_and_per_point_in_the_form_and_in_the_next_vorlage(
    as_clerk: Client, voting: Voting
) -> None:
    council, later = voting.council(), voting.stage("Schulausschuss", days=5)
    middle, list_, round_ = voting.factions.values()
    one, two = voting.paper.resolution_points.all()
    key = f"punkt-{two.pk}"
    form = {
        "opened": "",
        "outcome": "accepted",
        "result": "mehrheitlich beschlossen",
        "mode": "points",
        "note": "Der Rat bittet um einen Bericht im Herbst.",
        f"punkt-{one.pk}-votes_for": "10",
        f"punkt-{one.pk}-outcome": "accepted",
        f"punkt-{one.pk}-unanimous": "on",
        f"punkt-{one.pk}-excluded": "1",
        f"{key}-outcome": "rejected",
        f"{key}-fraktion-{middle.pk}-votes_against": "5",
        f"{key}-fraktion-{list_.pk}-votes_for": "3",
        f"{key}-fraktion-{list_.pk}-abstentions": "1",
        f"{key}-fraktion-{round_.pk}-votes_for": "2",
        "ganz-votes_for": "7",  # of the other choice, out of the way in the browser
    }
    answer = as_clerk.post(voting.address(council), form)
    assert answer.status_code == 302, text(answer)
    assert set(council.ballots.values_list("kind", "votes_for", "votes_against", "abstentions")) == {
        ("point", 10, None, None),
        ("point", 5, 5, 1),
    }
    kept = council.resolved_points.values_list("position", "rejected")
    assert list(kept) == [(1, False), (2, True)]
    shown = text(as_clerk.get(f"{voting.paper.get_absolute_url()}beratung/{council.position}/"))
    said = "Punkt 2: abgelehnt (5 Ja, 5 Nein, 1 Enthaltung)"
    assert said in shown
    assert "Liste: 3 Ja, 1 Enthaltung" in shown
    assert "Punkt 1: angenommen (einstimmig, 10 Ja, 1 befangen)" in shown
    assert said in text(as_clerk.get(voting.paper.get_absolute_url()))
    assert "abgelehnt (5 Ja, 5 Nein, 1 Enthaltung)" in text(as_clerk.get(voting.address(council)))
    printed = " ".join(plain_text(stage_html(later)).split())
    for sentence in (said, "Mitte: 5 Nein", "Der Rat bittet um einen Bericht im Herbst."):
        assert sentence in printed
    # Opened again, the form has what was recorded.
    opened = as_clerk.get(voting.address(council)).content.decode()
    assert f'name="{key}-fraktion-{middle.pk}-votes_against" value="5"' in opened


def test_an_unknown_word_is_asked_what_it_means_and_known_from_then_on(
    as_clerk: Client, voting: Voting
) -> None:
    first, second = voting.stage(), voting.stage("Schulausschuss")
    form = {"opened": "", "outcome": "", "result": "wohlwollend begleitet"}
    answer = as_clerk.post(voting.address(first), form)
    assert answer.status_code == 422
    assert "Das Portal kennt „wohlwollend begleitet“ noch nicht." in text(answer)
    assert "wohlwollend begleitet" in answer.content.decode()
    as_clerk.post(voting.address(first), form | {"outcome": "noted"})
    as_clerk.post(voting.address(second), form)
    second.refresh_from_db()
    assert (second.result, second.outcome) == ("wohlwollend begleitet", "noted")
    nothing = as_clerk.post(voting.address(voting.stage("Bauausschuss")), {"opened": ""})
    assert "Bitte wählen Sie, was herauskam." in text(nothing)


def test_an_imported_word_stays_as_it_is(voting: Voting) -> None:
    stage = voting.stage(result="einvernehmlich erörtert")
    voting.record(stage, "", result="einvernehmlich erörtert", note="Ergänzt.", reason="Bemerkung fehlte")
    stage.refresh_from_db()
    assert (stage.result, stage.outcome, stage.result_note) == ("einvernehmlich erörtert", "", "Ergänzt.")


def test_release_by_the_head_has_a_result_without_a_meeting(as_clerk: Client, voting: Voting) -> None:
    release = voting.planning.stage("", "release")
    address = f"{voting.paper.get_absolute_url()}beratung/{release.position}/ergebnis/"
    assert "Ergebnis: Die Bürgermeisterin" in text(as_clerk.get(address))
    assert as_clerk.post(address, {"opened": "", "outcome": "accepted"}).status_code == 302
    release.refresh_from_db()
    assert release.result == "freigegeben"


def test_a_free_item_has_what_was_said(as_clerk: Client, voting: Voting) -> None:
    stage = voting.stage()
    item = stage.meeting.agenda.create(position=9, number="9", title="Mitteilungen")
    address = f"{stage.meeting.get_absolute_url()}ergebnisse/{item.pk}/"
    opened = as_clerk.get(address).context["form"].initial["opened_version"]
    as_clerk.post(address, {"opened_version": opened, "discussion": "<p>Die Stelle ist besetzt.</p>"})
    item.refresh_from_db()
    assert "Die Stelle ist besetzt." in item.discussion
    # Somebody who had it open before sees both.
    second = as_clerk.post(address, {"opened_version": opened, "discussion": "<p>Nichts Neues.</p>"})
    assert second.status_code == 422
    assert "Zwei Fassungen" in text(second)


# ---- What cannot be --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (votes(9, 3), "Das sind 12 Stimmen, stimmberechtigt sind hier aber nur 11."),
        (votes(10, 0, 1, excluded=1), "Wer befangen ist, stimmt nicht mit."),
        (votes(8, 1, unanimous=True), "Einstimmig heißt: ohne Gegenstimme."),
        (votes(4, 4), "4 Ja und 4 Nein sind keine Mehrheit."),
    ],
)
def test_votes_that_cannot_be(voting: Voting, typed: Any, sentence: str) -> None:
    council = voting.council()
    with pytest.raises(ValidationError) as raised:
        voting.record(council, votes=[typed])
    assert sentence in told(raised)
    council.refresh_from_db()
    assert not council.is_over
    assert not Ballot.objects.filter(consultation=council).exists()


def test_votes_of_factions_that_cannot_be(as_clerk: Client, voting: Voting) -> None:
    council = voting.council()
    middle, list_, _round = voting.factions.values()
    form = {"opened": "", "outcome": "accepted", "ganz-votes_for": "5"}
    key = f"ganz-fraktion-{middle.pk}-votes_for"
    answer = as_clerk.post(voting.address(council), form | {key: "6"})
    assert "„Fraktion der Mitte“ hat hier 5 Sitze, gezählt sind 6 Stimmen." in text(answer)
    both = form | {key: "4", f"ganz-fraktion-{list_.pk}-votes_for": "3"}
    answer = as_clerk.post(voting.address(council), both)
    assert answer.status_code == 422
    assert "Die Fraktionen haben zusammen 7, hier stehen nur 5." in text(answer)
    # It split up before the meeting; and one is gone altogether since the form was opened.
    middle.span = "01.11.2020–31.10.2023"
    middle.save()
    CommitteeSeat.objects.filter(faction=list_).delete()
    gone = list_.pk
    list_.delete()
    answer = as_clerk.post(voting.address(council), both)
    assert "Die Fraktion „Fraktion der Mitte“ gab es am" in text(answer)
    assert "Diese Fraktion gibt es nicht mehr. Bitte leeren Sie ihre Zeile." in text(answer)
    assert f'name="ganz-fraktion-{gone}-votes_for" value="3"' in answer.content.decode()
    assert not FactionVote.objects.filter(ballot__consultation=council).exists()


def test_who_is_befangen_does_not_vote(voting: Voting) -> None:
    council = voting.council()
    seat = CommitteeSeat.objects.filter(committee=council.committee).first()
    there = MeetingAttendance.objects.create(meeting=council.meeting, seat=seat, name=str(seat.person))
    Exclusion.objects.create(agenda_item=council.agenda_item, attendance=there)
    for typed in (votes(11), votes(9, excluded=0)):
        with pytest.raises(ValidationError) as raised:
            voting.record(council, votes=[typed])
        assert "efangen" in told(raised)
    voting.record(council, votes=[votes(10, excluded=1)])
    assert council.ballots.get().excluded == 1


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ({"days": 3}, "Ergebnisse lassen sich ab diesem Tag eintragen."),
        ({"days": None}, "Diese Beratung hat noch keine Sitzung."),
        ({"cancelled": True}, "Diese Sitzung ist abgesagt."),
        ({"taken_off": True}, "Dieser TOP ist abgesetzt."),
        ({"draft": True}, "Die Vorlage ist noch nicht freigegeben."),
        ({"left_out": True}, "Diese Beratung entfällt."),
        ({"signed": True}, "Die Niederschrift dieser Sitzung ist unterschrieben"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_no_result_before_the_meeting_and_where_none_can_be(
    as_clerk: Client, voting: Voting, what: dict[str, Any], sentence: str
) -> None:
    stage = voting.stage(days=what.get("days", -3))
    if "cancelled" in what:
        stage.meeting.cancelled, stage.meeting.reason = True, "Unwetter"
        stage.meeting.save()
    if "taken_off" in what:
        stage.agenda_item.taken_off = True
        stage.agenda_item.save()
    if "draft" in what:
        type(voting.paper).objects.filter(pk=voting.paper.pk).update(state="draft")
    if "left_out" in what:
        stage.left_out, stage.left_out_reason = True, "erledigt"
        stage.save()
    if "signed" in what:
        day = stage.meeting.date
        MeetingMinutes.objects.create(meeting=stage.meeting, state="signed", agreed_on=day)
    with pytest.raises(ValidationError) as raised:
        voting.record(stage)
    assert sentence in told(raised)
    if stage.meeting is not None:
        answer = as_clerk.post(voting.address(stage), {"schnell": "1", "opened": ""})
        assert answer.status_code == 422
        assert sentence in text(answer)
    stage.refresh_from_db()
    assert not stage.is_over


def test_only_the_council_service_records(voting: Voting) -> None:
    stage = voting.stage()
    other = make_user(voting.planning.town, Role.Kind.EDITING, name="Rita Redaktion")
    with pytest.raises(PermissionDenied):
        voting.record(stage, by=other)


# ---- Corrections, and two at once ------------------------------------------------------------------------


def test_a_correction_needs_its_reason_and_is_in_the_history(as_clerk: Client, voting: Voting) -> None:
    council = voting.council()
    voting.record(council, votes=[votes(7, 4)])
    council.refresh_from_db()
    form = {"opened": version_of(council), "outcome": "accepted", "result": "mehrheitlich beschlossen"}
    answer = as_clerk.post(voting.address(council), form | {"ganz-votes_for": "8", "ganz-votes_against": "3"})
    assert "Bitte nennen Sie den Grund der Berichtigung." in text(answer)
    assert 'value="8"' in answer.content.decode()
    as_clerk.post(
        voting.address(council),
        form | {"ganz-votes_for": "8", "ganz-votes_against": "3", "reason": "Zählfehler"},
    )
    ballot = council.ballots.get()
    assert (ballot.votes_for, ballot.votes_against) == (8, 3)
    assert ballot.history.first().history_change_reason == "Zählfehler"
    shown = text(as_clerk.get(voting.address(council)))
    assert "mehrheitlich beschlossen (Zählfehler)" in shown
    assert "Zählfehler" in text(as_clerk.get(voting.planning.base))


def test_who_saves_second_sees_what_was_recorded(as_clerk: Client, voting: Voting) -> None:
    stage = voting.stage()
    voting.record(stage, "rejected", result="mehrheitlich abgelehnt", votes=[votes(3, 5)])
    form = {"opened": "", "outcome": "accepted", "result": "mehrheitlich empfohlen", "ganz-votes_for": "5"}
    answer = as_clerk.post(voting.address(stage), form)
    assert answer.status_code == 422
    assert "zu diesem TOP „mehrheitlich abgelehnt“ eingetragen" in text(answer)
    assert "3 Ja, 5 Nein" in text(answer)
    assert 'value="mehrheitlich empfohlen"' in answer.content.decode()
    stage.refresh_from_db()
    assert stage.outcome == "rejected"
    # Who has read it and gives a reason, corrects it.
    opened = answer.context["form"]["opened"].value()
    as_clerk.post(voting.address(stage), form | {"opened": opened, "reason": "Falsch gehört"})
    stage.refresh_from_db()
    assert stage.result == "mehrheitlich empfohlen"


def test_a_result_at_the_wrong_item_is_removed(as_clerk: Client, voting: Voting) -> None:
    council = voting.council()
    amendment = voting.amend(council, POINTS[1], OFTEN)
    voting.record(council, "amended", votes=[votes(8, 2)], amendments={amendment.pk: "accepted"})
    council.refresh_from_db()
    address = f"{voting.paper.get_absolute_url()}beratung/{council.position}/ergebnis/entfernen/"
    assert "geändert beschlossen" in text(as_clerk.get(address))
    form = {"opened": version_of(council), "reason": ""}
    assert "Bitte nennen Sie den Grund." in text(as_clerk.post(address, form))
    as_clerk.post(address, form | {"reason": "Falscher TOP"})
    council.refresh_from_db()
    amendment.refresh_from_db()
    assert not council.is_over
    assert amendment.state == Amendment.State.MOVED
    assert not council.ballots.exists()
    assert not council.resolved_points.exists()
    assert "Falscher TOP" in text(as_clerk.get(voting.address(council)))


# ---- The route -------------------------------------------------------------------------------------------


def test_deferred_comes_again_and_a_correction_takes_it_back(as_clerk: Client, voting: Voting) -> None:
    first, council = voting.stage(), voting.council(days=30)
    week = voting.planning.meeting("Sozialausschuss", days=7)
    form = {"opened": "", "outcome": "deferred", "again_in": str(week.pk)}
    assert as_clerk.post(voting.address(first), form).status_code == 302
    again = first.led_to.get()
    assert (again.position, again.meeting, again.committee) == (2, week, first.committee)
    council.refresh_from_db()
    assert council.position == 3
    assert "Daraus kam die 2. Stufe: Sozialausschuss" in text(as_clerk.get(voting.address(first)))
    # Recorded once more, it does not come a third time.
    voting.record(first, "deferred", note="Beratungsbedarf", reason="Bemerkung fehlte")
    assert first.led_to.count() == 1
    voting.record(first, "accepted", reason="Vertippt")
    assert voting.route() == [("Sozialausschuss", "accepted"), ("Rat", "")]


def test_what_has_begun_is_not_taken_back(voting: Voting) -> None:
    first = voting.stage()
    voting.record(first, "deferred")
    again = first.led_to.get()
    again.meeting = voting.planning.meeting("Sozialausschuss", days=-1)
    again.save()
    voting.record(again, "accepted")
    with pytest.raises(ValidationError) as raised:
        voting.record(first, "accepted", reason="Vertippt")
    assert "die hat schon beraten" in told(raised)
    with pytest.raises(ValidationError):
        remove_result(stage=first, by=voting.clerk, opened=version_of(first), reason="Vertippt")
    assert voting.route() == [("Sozialausschuss", "deferred"), ("Sozialausschuss", "accepted")]


def test_referred_goes_to_another_committee_and_comes_back(as_clerk: Client, voting: Voting) -> None:
    council = voting.council()
    other = voting.planning.committee("Schulausschuss")
    form = {"opened": "", "outcome": "referred", "comes_back": "on"}
    answer = as_clerk.post(voting.address(council), form)
    assert "Bitte wählen Sie, wohin verwiesen wurde." in text(answer)
    assert voting.route() == [("Rat", "")]
    as_clerk.post(voting.address(council), form | {"referred_to": str(other.pk)})
    assert voting.route() == [("Rat", "referred"), ("Schulausschuss", ""), ("Rat", "")]
    meanings = [stage.meaning for stage in voting.planning.stages()]
    assert meanings == ["decide", "advise", "decide"]
    assert not council.resolved_points.exists()


def test_withdrawn_ends_the_route_until_it_is_corrected(voting: Voting) -> None:
    first, council = voting.stage(), voting.council(days=10)
    voting.record(first, "withdrawn")
    council.refresh_from_db()
    assert council.left_out
    day = f"{first.meeting.date:%d.%m.%Y}"
    assert council.left_out_reason == f"Die Vorlage wurde zurückgezogen (Sozialausschuss, {day})."
    voting.record(first, "without_vote", reason="Doch weitergeleitet")
    council.refresh_from_db()
    assert not council.left_out


def tells(voting: Voting, user: User, words: str, stage: Consultation) -> set[bool]:
    """Whether the pages of the paper say so: the paper itself, the stage, and the one for reading."""
    client, base = Client(), voting.paper.get_absolute_url()
    client.force_login(user)
    reading = f"/{voting.planning.town.slug}/rat/vorlagen/{voting.paper.pk}/"
    pages = (base, f"{base}beratung/{stage.position}/", reading)
    return {words in text(client.get(page)) for page in pages}


@pytest.mark.parametrize("closed", ["at once", "later"])
def test_who_may_not_know_the_result_reads_nowhere_that_it_ended_the_route(
    closed: str, voting: Voting
) -> None:
    first, council = voting.stage(), voting.council(days=10)
    voting.record(first, "withdrawn", public=closed == "later")
    if closed == "later":
        close(voting.paper, voting.clerk, results={first.pk: Kept(public=False, reason="Vertrag")})
    outside = make_user(voting.planning.town, Role.Kind.MODERATION, name="Maria Moderation")
    assert tells(voting, voting.clerk, "Die Vorlage wurde zurückgezogen", council) == {True}
    assert tells(voting, outside, "zurückgezogen", council) == {False}
    assert tells(voting, outside, "Grund nicht öffentlich", council) >= {True}
    voting.record(first, "without_vote", reason="Doch weitergeleitet")
    assert tells(voting, outside, "entfällt", council) == {False}


def test_why_a_non_public_result_was_corrected_is_no_reason_for_everybody(voting: Voting) -> None:
    """The stage that came of it stays in the route, because its paper is issued already."""
    first, other = voting.stage(), voting.planning.committee("Schulausschuss")
    voting.record(first, "referred", referred_to=other, public=False)
    referred = first.led_to.get()
    issue_stage(consultation=referred, by=voting.clerk)
    voting.record(first, "accepted", reason="Die Verwaltung hat den Preis falsch verstanden")
    outside = make_user(voting.planning.town, Role.Kind.MODERATION, name="Maria Moderation")
    assert tells(voting, voting.clerk, "den Preis falsch", referred) == {True}
    assert tells(voting, outside, "den Preis falsch", referred) == {False}


# ---- Amendments and wordings -----------------------------------------------------------------------------


def test_each_amendment_has_its_answer_and_changes_the_result(as_clerk: Client, voting: Voting) -> None:
    stage = voting.stage()
    amendment = voting.amend(stage, POINTS[0], LATER, faction=voting.factions["Soziale Liste"])
    key = f"antrag-{amendment.pk}"
    form = {"opened": "", "outcome": "accepted", f"{key}-state": "moved"}
    assert "Soziale Liste" in text(as_clerk.get(voting.address(stage)))
    assert "was aus dem Änderungsantrag 1 wurde" in text(as_clerk.post(voting.address(stage), form))
    form[f"{key}-state"] = "accepted"
    answer = as_clerk.post(voting.address(stage), form)
    assert "Das Ergebnis ist dann „geändert angenommen“." in text(answer)
    amendment.refresh_from_db()
    assert amendment.state == "moved"
    form |= {"outcome": "amended", f"{key}-votes_for": "6", f"{key}-votes_against": "2"}
    assert as_clerk.post(voting.address(stage), form).status_code == 302
    amendment.refresh_from_db()
    assert (amendment.state, amendment.decided_order) == ("accepted", 1)
    council = voting.council()
    voting.record(council)
    assert council.resolved_points.first().text == LATER
    shown = text(as_clerk.get(f"{voting.paper.get_absolute_url()}beratung/1/"))
    assert "Änderungsantrag 1: angenommen (6 Ja, 2 Nein)" in shown


def test_the_deciding_committee_chooses_between_wordings(as_clerk: Client, voting: Voting) -> None:
    first, second = voting.stage(), voting.stage("Schulausschuss", days=-10)
    one = voting.amend(first, POINTS[0], LATER)
    voting.record(first, "amended", amendments={one.pk: "accepted"})
    other = "<p>Das Konzept wird beschlossen. Es gilt sofort.</p>"
    two = voting.amend(second, POINTS[0], other)
    voting.record(second, amendments={two.pk: BESIDE})
    two.refresh_from_db()
    assert two.beside
    council = voting.council()
    name = f"wortlaut-{voting.paper.resolution_points.first().pk}"
    shown = text(as_clerk.get(voting.address(council)))
    for words in ("Wie von „Schulausschuss“ empfohlen", "Wie zuletzt vorgelegt", "Es gilt ab 2025."):
        assert words in shown
    quick = as_clerk.post(voting.address(council), {"schnell": "1", "opened": ""})
    assert "Hier gibt es mehrere Wortlaute." in text(quick)
    form = {"opened": "", "outcome": "accepted"}
    assert "Hier gibt es mehrere Wortlaute." in text(as_clerk.post(voting.address(council), form))
    wanted = {"carried": LATER, "original": POINTS[0], str(two.pk): other}
    for chosen, resolved in wanted.items():
        council.refresh_from_db()
        more = {"opened": version_of(council), "reason": "Anders beschlossen", name: chosen}
        assert as_clerk.post(voting.address(council), form | more).status_code == 302
        assert council.resolved_points.first().text == resolved
    assert council.resolved_points.first().origin == ResolvedPoint.Origin.ALTERNATIVE
    key = f"wahl-{one.point_id}-{two.pk}"
    council.refresh_from_db()
    more = {"opened": version_of(council), "reason": "Stimmen", name: str(two.pk), f"{key}-votes_for": "9"}
    as_clerk.post(voting.address(council), form | more | {f"{key}-outcome": "accepted"})
    assert "Wortlaut aus Änderungsantrag 2: angenommen (9 Ja)" in text(as_clerk.get(voting.address(council)))


def test_what_came_of_a_resolution_holds_its_text(voting: Voting) -> None:
    council = voting.council()
    voting.record(council, votes=[votes(7, 4)])
    point = council.resolved_points.first()
    ResolutionTask.objects.create(
        paper=voting.paper, consultation=council, resolved_point=point, title="Veröffentlichen"
    )
    with pytest.raises(ValidationError) as raised:
        voting.record(council, "rejected", reason="Vertippt")
    assert "Aus diesem Beschluss sind schon Aufträge" in told(raised)
    voting.record(council, votes=[votes(8, 3)], reason="Zählfehler")
    assert council.ballots.get().votes_for == 8


def test_the_page_of_a_meeting_takes_no_more_queries_with_more_items(
    as_clerk: Client, voting: Voting, django_assert_num_queries: Callable[..., Any]
) -> None:
    stage = voting.stage()
    address = f"{stage.meeting.get_absolute_url()}ergebnisse/"
    voting.record(
        stage, votes=[votes(5, 2, factions={one.pk: {"votes_for": 1} for one in voting.factions.values()})]
    )
    as_clerk.get(address)
    with django_assert_num_queries(QUERIES):
        as_clerk.get(address)
    for number in range(2, 7):
        item = stage.meeting.agenda.create(position=number, number=str(number), title="Noch einer")
        more = voting.planning.stage("Sozialausschuss", meeting=stage.meeting, agenda_item=item)
        voting.record(more, votes=[votes(4)])
    with django_assert_num_queries(QUERIES):
        as_clerk.get(address)


QUERIES = 16


def test_seats_of_the_day_count_not_those_of_today(voting: Voting) -> None:
    council = voting.council()
    seat = CommitteeSeat.objects.filter(committee=council.committee).first()
    seat.span = f"ab {timezone.localdate() + datetime.timedelta(days=1):%d.%m.%Y}"
    seat.save()
    with pytest.raises(ValidationError) as raised:
        voting.record(council, votes=[votes(11)])
    assert "stimmberechtigt sind hier aber nur 10" in told(raised)
    # What the committee says of itself goes before what is entered.
    council.committee.voting_seats = 11
    council.committee.save()
    voting.record(council, votes=[votes(11)])
