"""What Meine Gremien tells of the routes of papers, to whom."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from committees.models import Ballot, Consultation
from council.actions.reading import mark_read
from municipalities.models import User
from tests.committees.factories import make_committee
from tests.council.preparing import Council, make_council, page, seated, text

pytestmark = pytest.mark.django_db

SECRET, VOTES = "gegen den Rat des Amtes", "77 Ja, 66 Nein"


@pytest.fixture
def council() -> Council:
    """Before the committee two others answered, who sat jointly: one openly, one not. Now it meets together
    with a further one, which has nothing to do with the paper."""
    council = make_council()
    town, last = council.town, council.stage
    last.position = 3
    last.save()
    for position, (name, public) in enumerate((("Schulausschuss", False), ("Bauausschuss", True)), start=1):
        stage = Consultation.objects.create(
            paper=council.paper,
            position=position,
            committee=make_committee(town, name),
            meaning="advise",
            result="empfohlen" if public else SECRET,
            outcome="accepted",
            recorded_at=timezone.now(),
            result_public=public,
        )
        stage.joint_committees.add(make_committee(town, f"Betriebs{name.lower()}"))
        counts = {"votes_for": 9} if public else {"votes_for": 77, "votes_against": 66}
        Ballot.objects.create(consultation=stage, position=1, **counts)
        Ballot.objects.create(
            consultation=stage,
            position=2,
            kind="point",
            point=council.paper.resolution_points.first(),
            votes_for=55,
        )
    council.meeting.committees.add(make_committee(town, "Sportausschuss"))
    return council


def overview(council: Council, user: User) -> str:
    return text(page(user, f"/{council.town.slug}/rat/"))


def test_who_may_know_what_the_committees_before_have_said(council: Council) -> None:
    inside = overview(council, council.member)
    outside = overview(
        council, seated(council.town.committees.get(name="Sportausschuss"), "Siggi Sport", None)
    )
    for read in (inside, outside):
        assert "Integrationskonzept" in read
        assert "Bauausschuss und Betriebsbauausschuss: <strong>empfohlen</strong> (9 Ja)" in read
        assert "Schulausschuss und Betriebsschulausschuss: <strong>" in read
        assert "55 Ja" not in read  # the vote on a point is for the paper's own page
    assert f"<strong>{SECRET}</strong> ({VOTES})" in inside
    assert SECRET not in outside
    assert "77 Ja" not in outside
    assert "<strong>Ergebnis nicht öffentlich</strong>" in outside


def test_what_is_new_is_told_with_all_that_the_paper_says(council: Council) -> None:
    """Although the list itself reads less of its route."""
    paper = council.paper
    mark_read(paper=paper, user=council.member, seen=str(paper.revision))
    first = paper.consultations.get(position=2)
    Ballot.objects.filter(consultation=first, kind="point").update(votes_for=54)
    Consultation.objects.filter(pk=first.pk).update(
        recorded_at=timezone.now() + datetime.timedelta(minutes=1)
    )
    first.touch()
    told = overview(council, council.member)
    assert "neu, seit Sie zuletzt hineingesehen haben" in told
    assert "Ergebnisse – Bauausschuss und Betriebsbauausschuss: geändert" in told
    assert told.count("Ergebnisse – ") == 1
