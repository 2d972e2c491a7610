"""Amendments in the browser: moved, worded anew, decided, commented."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from committees.actions.amending import decide_amendment, delete_amendment, edit_amendment
from committees.actions.releasing import withdraw_release
from committees.actions.routing import move_stage, strike_stage
from committees.carrying import carried_measures, carried_points
from committees.models import (
    Amendment,
    Ballot,
    Faction,
    MeetingMinutes,
    Paper,
    PaperAttachment,
    ResolvedPoint,
)
from concepts.actions.versions import freeze_version
from municipalities.models import Role
from tests.committees.amending import FIRST, MEASURE, SECOND, accepted, moved, on_its_way, stage_of
from tests.committees.factories import make_user
from tests.committees.routes import Planning
from tests.reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LONGER = FIRST.replace("2025", "2027")


@pytest.fixture
def planning() -> Planning:
    return on_its_way()


@pytest.fixture
def base(planning: Planning) -> str:
    return f"{planning.paper.get_absolute_url()}aenderungen/"


@pytest.fixture
def clerk(client: Client, planning: Planning) -> Client:
    client.force_login(planning.clerk)
    return client


def send(client: Client, address: str, status: int = 302, **values: Any) -> str:
    answer = client.post(address, values)
    assert answer.status_code == status, text_of(answer)
    return text_of(answer) if status != 302 else ""


def texts(paper: Paper) -> list[str]:
    return [row.text for row in carried_points(Paper.objects.get(pk=paper.pk), None)]


def test_a_faction_moves_and_the_committee_accepts(clerk: Client, planning: Planning, base: str) -> None:
    paper = planning.paper
    one, two = paper.resolution_points.all()
    empty = text_of(clerk.get(base))
    assert "Noch keine Änderungsanträge" in empty
    assert "Der Wortlaut nach dem Stand der Beratung" in empty

    chosen = text_of(clerk.get(f"{base}neu/"))
    assert "Schritt 1 von 2" in chosen
    assert "Beschlusspunkt 1: Das Konzept wird beschlossen." in chosen
    unchosen = clerk.get(f"{base}neu/?beratung=1&ziel=")
    assert unchosen.status_code == 422
    assert "Bitte wählen Sie, was geändert werden soll." in text_of(unchosen)
    unnamed = clerk.get(f"{base}neu/?beratung=1&ziel=massnahme")
    assert "Bitte nennen Sie die Maßnahme, die geändert werden soll." in text_of(unnamed)

    address = f"{base}neu/?beratung=1&ziel=punkt-{one.pk}"
    assert "Bisheriger Wortlaut" in text_of(clerk.get(address))
    same = send(clerk, address, 422, base=FIRST, after=FIRST)
    assert "Der neue Wortlaut ist derselbe wie der bisherige." in same
    nothing = send(clerk, address, 422, base=FIRST, after="")
    assert "oder kreuzen Sie „Ganz streichen“ an" in nothing
    faction = planning.town.factions.get()
    send(clerk, address, base=FIRST, after=LONGER, faction=faction.pk, reason="Fünf Jahre sind zu kurz.")
    amendment = paper.amendments.get()
    assert (amendment.number, amendment.before, amendment.after) == (1, FIRST, LONGER)
    assert amendment.history.get().history_user == planning.clerk

    page = text_of(clerk.get(f"{base}1/"))
    assert "Fraktion der Mitte" in page
    assert "Fünf Jahre sind zu kurz." in page
    assert texts(paper) == [FIRST, SECOND]
    send(clerk, f"{base}1/entscheidung/", decision="accepted")
    assert texts(paper) == [LONGER, SECOND]
    shown = text_of(clerk.get(base))
    assert "geändert" in shown
    assert "eingefügt: 2027" in shown

    # A decision that is corrected says why.
    without = send(clerk, f"{base}1/entscheidung/", 422, decision="rejected")
    assert "Bitte nennen Sie den Grund der Berichtigung." in without
    send(clerk, f"{base}1/entscheidung/", decision="rejected", reason="Falsch verstanden")
    assert texts(paper) == [FIRST, SECOND]
    assert paper.amendments.get().history.first().history_change_reason == "Falsch verstanden"

    send(clerk, f"{base}neu/?beratung=1&ziel=punkt-{two.pk}", base=SECOND, strike="on", after=SECOND)
    send(clerk, f"{base}neu/?beratung=1&ziel=neu", base="", after="<p>Es gibt einen Beirat.</p>")
    for number in (2, 3):
        send(clerk, f"{base}{number}/entscheidung/", decision="accepted")
    assert texts(paper) == [FIRST, "", "<p>Es gibt einen Beirat.</p>"]
    # The point that came later can be amended like the others.
    later = f"{base}neu/?beratung=2&ziel=zusatz-3"
    send(clerk, later, base="<p>Es gibt einen Beirat.</p>", after="<p>Es gibt zwei Beiräte.</p>")
    send(clerk, f"{base}4/entscheidung/", decision="accepted")
    assert texts(paper)[2] == "<p>Es gibt zwei Beiräte.</p>"
    assert "Neuer Beschlusspunkt 3" in text_of(clerk.get(f"{base}4/"))


def test_one_sentence_is_not_changed_twice(clerk: Client, planning: Planning, base: str) -> None:
    paper, by = planning.paper, planning.clerk
    one, _two = paper.resolution_points.all()
    late = moved(paper, 1, FIRST, FIRST.replace("2025", "2030"), by, point=one)
    accepted(paper, 1, FIRST, LONGER, by, point=one)
    told = send(clerk, f"{base}{late.number}/entscheidung/", 422, decision="accepted")
    assert "Der Satz „Es gilt bis 2025.“ ist schon durch Änderungsantrag 2 geändert." in told
    assert "So kann der Antrag nicht mehr angenommen werden" in text_of(clerk.get(f"{base}1/"))
    assert texts(paper)[0] == LONGER

    # Its wording is mended on the ground of the text as it is now.
    form = text_of(clerk.get(f"{base}1/bearbeiten/"))
    assert "Es gilt bis 2027." in form
    newer = FIRST.replace("2025", "2030")
    send(clerk, f"{base}1/bearbeiten/", base=LONGER, after=newer, opened_version=late.history.first().pk)
    send(clerk, f"{base}1/entscheidung/", decision="accepted")
    assert texts(paper)[0] == newer
    # What another one is built on stays.
    with pytest.raises(ValidationError, match="baut auf dem Wortlaut auf"):
        decide_amendment(amendment=paper.amendments.get(number=2), state="rejected", by=by)


def test_a_faction_with_two_motions_words_one_of_them_anew(
    clerk: Client, planning: Planning, base: str
) -> None:
    faction = Faction.objects.get(municipality=planning.town)
    first, second = (
        moved(planning.paper, 1, "", f"<p>Punkt {number}.</p>", planning.clerk, faction=faction)
        for number in (1, 2)
    )
    values = {"after": "<p>Ein anderer Punkt.</p>", "faction": faction.pk}
    send(clerk, f"{base}{first.number}/bearbeiten/", opened_version=first.history.first().pk, **values)
    wordings = planning.paper.amendments.order_by("number").values_list("after", flat=True)
    assert list(wordings) == ["<p>Ein anderer Punkt.</p>", second.after]


def test_another_sentence_changed_meanwhile_is_kept(clerk: Client, planning: Planning, base: str) -> None:
    paper, by = planning.paper, planning.clerk
    one, _two = paper.resolution_points.all()
    accepted(paper, 1, FIRST, LONGER, by, point=one)
    address = f"{base}neu/?beratung=1&ziel=punkt-{one.pk}"
    # The form was opened before that.
    send(clerk, address, base=FIRST, after=FIRST.replace("beschlossen", "mit Freude beschlossen"))
    amendment = paper.amendments.get(number=2)
    assert amendment.before == LONGER
    assert amendment.after == LONGER.replace("beschlossen", "mit Freude beschlossen")
    told = send(clerk, address, 422, base=FIRST, after=FIRST.replace("2025", "2040"))
    assert "Den Satz „Es gilt bis 2025.“ hat inzwischen ein anderer angenommener Antrag geändert." in told
    assert "2040" in told  # nothing typed is lost
    assert "Es gilt bis 2027." in told


def test_measures_are_changed_as_the_paper_has_them_attached(
    clerk: Client, planning: Planning, base: str
) -> None:
    paper = planning.paper
    measure = paper.concept.measures.get()
    version = freeze_version(concept=paper.concept, name="Entwurf", by=planning.clerk)
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.DRAFT)
    PaperAttachment.objects.create(
        paper=Paper.objects.get(pk=paper.pk), position=1, title="Konzept", concept_version=version
    )
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.RELEASED)
    measure.text = "<p>Inzwischen weitergeschrieben.</p>"
    measure.save()
    address = f"{base}neu/?beratung=1&ziel=massnahme&massnahme=S+1"
    assert "Es gibt zwei Sprachkurse." in text_of(clerk.get(address))
    send(clerk, address, base=MEASURE, after=MEASURE.replace("zwei", "vier"))
    send(clerk, f"{base}1/entscheidung/", decision="accepted")
    (row,) = carried_measures(Paper.objects.get(pk=paper.pk), None)
    assert row.text == MEASURE.replace("zwei", "vier")
    assert "Maßnahme S 1 Sprachkurse" in text_of(clerk.get(base))


def test_another_wording_stands_beside_with_the_administrations_word(
    client: Client, planning: Planning, base: str
) -> None:
    paper = planning.paper
    one, _two = paper.resolution_points.all()
    moved(paper, 2, FIRST, "<p>Das Konzept wird verschoben.</p>", planning.clerk, point=one)
    editor = make_user(planning.town, Role.Kind.EDITING, name="Renate Redaktion")
    client.force_login(editor)
    page = text_of(client.get(f"{base}1/"))
    assert "Stellungnahme speichern" in page
    assert "Entscheidung eintragen" not in page
    send(client, f"{base}1/stellungnahme/", comment="Dann verfällt die Förderung.")
    assert client.post(f"{base}1/entscheidung/", {"decision": "accepted"}).status_code == 403
    client.force_login(planning.clerk)
    send(client, f"{base}1/entscheidung/", decision="beside")
    shown = text_of(client.get(base))
    assert "mehrere Wortlaute" in shown
    assert "Anderer Wortlaut zur Wahl" in shown
    assert "Dann verfällt die Förderung." in shown
    assert texts(paper) == [FIRST, SECOND]


def test_two_clerks_decide_and_the_second_is_told(clerk: Client, planning: Planning, base: str) -> None:
    one, _two = planning.paper.resolution_points.all()
    amendment = moved(planning.paper, 1, FIRST, LONGER, planning.clerk, point=one)
    opened = amendment.history.first().pk
    send(clerk, f"{base}1/entscheidung/", decision="accepted", opened_version=opened)
    told = send(
        clerk, f"{base}1/entscheidung/", 422, decision="rejected", reason="Irrtum", opened_version=opened
    )
    assert "während Sie ihn bearbeitet haben" in told
    amendment.refresh_from_db()
    assert amendment.state == "accepted"


def test_what_is_decided_or_resolved_or_minuted_stays(planning: Planning) -> None:
    paper, by = planning.paper, planning.clerk
    one, two = paper.resolution_points.all()
    first = accepted(paper, 1, FIRST, LONGER, by, point=one)
    with pytest.raises(ValidationError, match="schon entschieden"):
        edit_amendment(amendment=Amendment.objects.get(pk=first.pk), by=by)
    with pytest.raises(ValidationError, match="Er bleibt festgehalten"):
        delete_amendment(amendment=first, by=by)
    voted = moved(paper, 1, SECOND, "", by, point=two)
    Ballot.objects.create(consultation=stage_of(paper, 1), position=1, kind="amendment", amendment=voted)
    with pytest.raises(ValidationError, match="Er bleibt festgehalten"):
        delete_amendment(amendment=voted, by=by)
    with pytest.raises(ValidationError, match="gibt es schon Änderungsanträge"):
        withdraw_release(paper=paper, by=by, reason="Tippfehler")
    ResolvedPoint.objects.create(consultation=stage_of(paper, 3), position=1, point=one, text=LONGER)
    with pytest.raises(ValidationError, match="schon beschlossen"):
        decide_amendment(amendment=first, state="rejected", by=by)
    day = timezone.localdate()
    MeetingMinutes.objects.create(meeting=stage_of(paper, 3).meeting, state="signed", agreed_on=day)
    with pytest.raises(ValidationError, match="Niederschrift dieser Sitzung ist unterschrieben"):
        moved(paper, 3, "", "<p>Noch etwas.</p>", by)


def test_who_cannot_move_is_told(planning: Planning) -> None:
    paper, by = planning.paper, planning.clerk
    gone = Faction.objects.create(municipality=planning.town, name="Liste Alt", span="2014–2020")
    with pytest.raises(ValidationError, match="Die Fraktion „Liste Alt“ gibt es am"):
        moved(paper, 1, "", "<p>Neu.</p>", by, faction=gone)
    stage = stage_of(paper, 2)
    stage.left_out, stage.left_out_reason = True, "nicht nötig"
    stage.save()
    with pytest.raises(ValidationError, match="Diese Beratung entfällt"):
        moved(paper, 2, "", "<p>Neu.</p>", by)
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.DRAFT)
    with pytest.raises(ValidationError, match="noch nicht freigegeben"):
        moved(paper, 1, "", "<p>Neu.</p>", by)


def test_what_was_entered_by_mistake_is_deleted(clerk: Client, planning: Planning, base: str) -> None:
    moved(planning.paper, 1, "", "<p>Falsche Vorlage.</p>", planning.clerk)
    assert "irrtümlich" in text_of(clerk.get(f"{base}1/loeschen/"))
    send(clerk, f"{base}1/loeschen/")
    assert not planning.paper.amendments.exists()
    assert Amendment.history.filter(paper=planning.paper.pk, history_type="-").count() == 1


def test_the_list_takes_the_same_queries_for_one_and_for_many(
    clerk: Client, planning: Planning, base: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    paper, by = planning.paper, planning.clerk
    one, two = paper.resolution_points.all()
    measure = paper.concept.measures.get()
    accepted(paper, 1, FIRST, LONGER, by, point=one)
    accepted(paper, 1, MEASURE, MEASURE.replace("zwei", "vier"), by, measure=measure)
    clerk.get(base)
    with django_assert_num_queries(13):
        assert "Änderungsantrag 1" in text_of(clerk.get(base))
    for number in range(4):
        accepted(paper, 2, "", f"<p>Punkt {number} kommt dazu.</p>", by)
    moved(paper, 3, SECOND, "", by, point=two)
    with django_assert_num_queries(13):
        assert "Neuer Beschlusspunkt 6" in text_of(clerk.get(base))


def test_a_faction_of_another_day_is_not_offered(clerk: Client, planning: Planning, base: str) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    Faction.objects.create(municipality=planning.town, name="Liste Neu", span=f"ab {tomorrow:%d.%m.%Y}")
    page = text_of(clerk.get(f"{base}neu/?beratung=1&ziel=neu"))
    assert "Liste Neu" in page  # the meeting is in a week
    Faction.objects.create(municipality=planning.town, name="Liste Alt", span="2014–2020")
    assert "Liste Alt" not in text_of(clerk.get(f"{base}neu/?beratung=1&ziel=neu"))


def test_a_stage_that_has_changed_the_text_keeps_its_place(planning: Planning) -> None:
    paper, by = planning.paper, planning.clerk
    accepted(paper, 1, "", "<p>Neu.</p>", by)
    first, second = stage_of(paper, 1), stage_of(paper, 2)
    for step in (
        lambda: strike_stage(stage=first, by=by, reason="nicht nötig"),
        lambda: move_stage(stage=first, place=2, by=by, reason="Tausch"),
    ):
        with pytest.raises(ValidationError, match="In dieser Beratung sind Änderungsanträge angenommen"):
            step()
    with pytest.raises(ValidationError, match="Dahinter stünde ein Gremium"):
        move_stage(stage=second, place=1, by=by, reason="Tausch")
