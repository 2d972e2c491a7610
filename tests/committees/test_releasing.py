"""The release: what it asks for, what it does, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from committees.actions import releasing
from committees.actions.issuing import issue_stage
from committees.actions.releasing import release_paper, withdraw_release
from committees.actions.signing import text_changed
from committees.actions.writing import delete_draft
from committees.checks import Finding
from committees.models import NumberSeries, Paper, Section
from municipalities.models import Institution, Role, User
from tests.committees.factories import make_committee, make_stage, make_user
from tests.committees.signers import House, asked, make_house, user_of

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year
NUMBER = f"{YEAR}/1"


@pytest.fixture(autouse=True)
def nothing_else_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the checks find has tests of its own."""
    monkeypatch.setattr(releasing, "findings_of", lambda paper: [])


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def paper(house: House) -> Paper:
    """Signed by all."""
    paper = house.paper()
    house.start(paper)
    house.sign_all(paper)
    return fresh(paper)


def fresh(paper: Paper) -> Paper:
    return Paper.objects.get(pk=paper.pk)


def page_of(client: Client, paper: Paper) -> str:
    answer = client.get(f"{paper.get_absolute_url()}freigabe/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def as_clerk(client: Client, house: House) -> Client:
    client.force_login(house.clerk)
    return client


def test_the_clerk_releases_what_all_have_signed(house: House, paper: Paper, as_clerk: Client) -> None:
    assert "Vorlagen zur Freigabe" in as_clerk.get("/").content.decode()
    page = page_of(as_clerk, paper)
    assert NUMBER in page
    assert "Es fehlt niemand." in page
    answer = as_clerk.post(f"{paper.get_absolute_url()}freigabe/", follow=True)
    assert f"Die Vorlage ist freigegeben. Ihre Nummer: {NUMBER}." in answer.content.decode()
    released = fresh(paper)
    assert (released.number, released.state, released.released_by) == (NUMBER, "released", house.clerk)
    assert released.released_at
    entry = released.history.first()
    assert (entry.history_user, entry.history_change_reason) == (house.clerk, "freigegeben")
    section = Section.objects.get(paper=paper)
    section.body = "<p>Nachträglich.</p>"
    with pytest.raises(ValidationError, match="freigegeben"):
        section.save()


def test_before_all_have_signed_the_page_says_who_is_missing(house: House, as_clerk: Client) -> None:
    paper = house.paper()
    assert "Die Mitzeichnung hat noch nicht begonnen." in page_of(as_clerk, paper)
    house.start(paper)
    assert "Die Mitzeichnung von Horst Leitner (Amtsleitung) steht noch aus." in page_of(as_clerk, paper)
    answer = as_clerk.post(f"{paper.get_absolute_url()}freigabe/")
    assert answer.status_code == 422
    assert "Die Vorlage ist nicht freigegeben" in answer.content.decode()
    assert fresh(paper).number == ""
    assert not NumberSeries.objects.exists()


def test_a_signature_for_another_text_does_not_count(house: House, paper: Paper) -> None:
    section = Section.objects.get(paper=paper)
    section.body = "<p>Heimlich anders.</p>"
    section.save()
    with pytest.raises(ValidationError, match="hat einen früheren Stand gezeichnet"):
        release_paper(paper=paper, by=house.clerk)
    text_changed(paper=paper, by=None)
    house.sign_all(paper)
    assert release_paper(paper=paper, by=house.clerk).released


def test_without_a_chain_nobody_has_to_sign(house: House) -> None:
    house.chain.delete()
    assert release_paper(paper=house.paper(), by=house.clerk).number == NUMBER


@pytest.mark.parametrize(
    ("severity", "overruled", "releases"),
    [("error", "", False), ("error", "Trotzdem.", False), ("warning", "", False), ("warning", "Nein.", True)],
)
def test_errors_and_open_warnings_stand_against_it(
    house: House,
    paper: Paper,
    as_clerk: Client,
    monkeypatch: pytest.MonkeyPatch,
    severity: str,
    overruled: str,
    releases: bool,
) -> None:
    found = Finding("x", severity, "Es fehlt ein Gremium.", "GO NRW", "beratungsfolge/", overruled)
    monkeypatch.setattr(releasing, "findings_of", lambda paper: [found])
    assert ("Es fehlt ein Gremium." in page_of(as_clerk, paper)) is not releases
    if releases:
        assert release_paper(paper=paper, by=house.clerk).released
    else:
        page = page_of(as_clerk, paper)
        assert f"{paper.get_absolute_url()}beratungsfolge/" in page
        assert "Grundlage: GO NRW" in page
        assert ("mit Grund hinnehmen" in page) is (severity == "warning")
        with pytest.raises(ValidationError, match="Es fehlt ein Gremium"):
            release_paper(paper=paper, by=house.clerk)


def test_a_number_that_cannot_be_given_is_said_before(house: House, paper: Paper, as_clerk: Client) -> None:
    house.town.number_pattern = "{amt}/{laufend}"
    house.town.save()
    Institution.objects.filter(pk=house.office.pk).update(sign="")
    assert "„Amt für Soziales“ hat keines" in page_of(as_clerk, paper)
    with pytest.raises(ValidationError, match="hat keines"):
        release_paper(paper=paper, by=house.clerk)


def test_the_second_clerk_gets_a_sentence(house: House, paper: Paper, client: Client) -> None:
    release_paper(paper=paper, by=house.clerk)
    client.force_login(make_user(house.town, Role.Kind.ADMINISTRATION, name="Frida Fach"))
    answer = client.post(f"{paper.get_absolute_url()}freigabe/")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Diese Vorlage ist schon freigegeben: am" in page
    assert f"von {house.clerk}, unter der Nummer {NUMBER}." in page
    assert NumberSeries.objects.get().last == 1


def test_only_who_issues_may_release(house: House, paper: Paper) -> None:
    for who in (user_of(house.author), user_of(house.head)):
        with pytest.raises(PermissionDenied):
            release_paper(paper=paper, by=who)
        with pytest.raises(PermissionDenied):
            withdraw_release(paper=paper, by=who, reason="Nein")


def test_a_release_that_fails_gives_no_number_away(
    house: House, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(releasing, "sign_history", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            release_paper(paper=paper, by=house.clerk)
    assert release_paper(paper=paper, by=house.clerk).number == NUMBER


# ---- Taking it back --------------------------------------------------------------------------------------


def test_it_is_taken_back_with_a_reason_and_keeps_its_number(
    house: House, paper: Paper, as_clerk: Client
) -> None:
    release_paper(paper=paper, by=house.clerk)
    address = f"{paper.get_absolute_url()}freigabe/zuruecknehmen/"
    assert as_clerk.post(address, {"reason": " "}).status_code == 422
    assert fresh(paper).released
    as_clerk.post(address, {"reason": "Falsches Datum."})
    back = fresh(paper)
    assert (back.state, back.number, back.released_at, back.released_by) == ("signing", NUMBER, None, None)
    assert back.history.first().history_change_reason == "Freigabe zurückgenommen: Falsches Datum."
    assert as_clerk.post(address, {"reason": "Noch einmal."}).status_code == 422
    section = Section.objects.get(paper=paper)
    section.body = "<p>Richtig.</p>"
    section.save()
    text_changed(paper=paper, by=user_of(house.author))
    assert [row.title for row in asked(paper)] == ["Amtsleitung", "Kämmerei", "Dezernat"][0::2]
    house.sign_all(paper)
    assert release_paper(paper=paper, by=house.clerk).number == NUMBER


def test_a_draft_that_had_its_number_is_not_deleted(house: House) -> None:
    """Where nobody signs, the release taken back leaves a draft like any other, and its number a gap."""
    house.chain.delete()
    paper = house.paper()
    release_paper(paper=paper, by=house.clerk)
    withdraw_release(paper=paper, by=house.clerk, reason="Falsches Datum.")
    assert fresh(paper).state == Paper.State.DRAFT
    with pytest.raises(ValidationError, match=f"war schon freigegeben und hat die Nummer {NUMBER}"):
        delete_draft(paper=paper, by=house.clerk)


def test_what_is_issued_stays_released(house: House, paper: Paper, as_clerk: Client) -> None:
    stage = make_stage(paper, make_committee(house.town, "Sozialausschuss"), "decide", day=4)
    release_paper(paper=paper, by=house.clerk)
    issue_stage(consultation=stage, by=house.clerk)
    assert "Diese Vorlage ist schon ausgefertigt;" in page_of(as_clerk, paper)
    with pytest.raises(ValidationError, match="lässt sich nicht mehr zurücknehmen"):
        withdraw_release(paper=paper, by=house.clerk, reason="Doch nicht.")


def test_what_a_committee_has_answered_stays_released(house: House, paper: Paper, as_clerk: Client) -> None:
    """On paper it may have lain before them without ever being issued here."""
    stage = make_stage(paper, make_committee(house.town, "Sozialausschuss"), "decide", day=4)
    release_paper(paper=paper, by=house.clerk)
    stage.result = "einstimmig beschlossen"
    stage.save()
    assert "gibt es schon ein Beratungsergebnis" in page_of(as_clerk, paper)
    with pytest.raises(ValidationError, match="lässt sich nicht mehr zurücknehmen"):
        withdraw_release(paper=paper, by=house.clerk, reason="Doch nicht.")


def test_pages_answer_a_visitor_without_business(house: House, paper: Paper, client: Client) -> None:
    member: Any = make_user(house.town, Role.Kind.MODERATION, name="Mo Fremd")
    client.force_login(User.objects.get(pk=member.pk))
    for page in ("mitzeichnung/", "freigabe/"):
        assert client.get(f"{paper.get_absolute_url()}{page}").status_code == 404
