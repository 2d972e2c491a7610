"""Whatever the committees do, in any order: no result is lost, and the council gets exactly the original with
what was accepted."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.actions.amending import decide_amendment, move_amendment
from committees.actions.releasing import withdraw_release
from committees.actions.writing import opened_for_writing
from committees.models import Amendment, Consultation, ResolutionPoint
from tests.committees.voting import Voting, make_voting, votes

pytestmark = pytest.mark.django_db

OUTCOMES = ["accepted", "rejected", "noted", "without_vote", "deferred", "referred"]
SENTENCES = ("Erstens wird begonnen.", "Zweitens wird gefördert.", "Drittens wird berichtet.")
# What the next committee does: its outcome, and for each sentence whether it wants it otherwise and gets it.
STEP = st.tuples(
    st.sampled_from(OUTCOMES), st.lists(st.sampled_from([None, True, False]), min_size=3, max_size=3)
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=5))
def test_any_order(steps: list[tuple[str, list[bool | None]]], voting: Voting) -> None:
    with transaction.atomic():
        go(steps, voting)
        transaction.set_rollback(True)  # for the next example


def go(steps: list[tuple[str, list[bool | None]]], voting: Voting) -> None:
    point = ResolutionPoint.objects.get(paper=voting.paper, position=1)
    for number in range(2):
        voting.stage(f"Ausschuss {number}")
    council = voting.council()
    wanted, recorded = list(SENTENCES), []
    for number, (outcome, answers) in enumerate(steps):
        stage = next_stage(voting)
        if stage is None:
            break
        wanted = step(voting, stage, point, outcome, answers, wanted, number)
        recorded.append((stage.pk, said_by(stage.pk)))
    positions = list(voting.paper.consultations.values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    voting.record(council, votes=[votes(9, 2)])
    resolved = council.resolved_points.get(point=point)
    assert resolved.text == text_of(wanted)
    assert_closed(voting, point)
    for stage_pk, result in recorded:
        assert said_by(stage_pk) == result


def said_by(stage_pk: int) -> tuple[Any, ...]:
    """All that the committee has answered."""
    stage = Consultation.objects.get(pk=stage_pk)
    counted = list(stage.ballots.values_list("kind", "votes_for", "votes_against", "unanimous"))
    answers = list(stage.amendments.order_by("number").values_list("state", "after"))
    return stage.result, stage.outcome, stage.result_note, counted, answers


def assert_closed(voting: Voting, point: ResolutionPoint) -> None:
    """What is decided cannot be edited, in whatever way somebody tries."""
    paper, by = type(voting.paper).objects.get(pk=voting.paper.pk), voting.clerk
    with pytest.raises(ValidationError, match="freigegeben"), opened_for_writing(pk=paper.pk, by=by):
        pass
    with pytest.raises(ValidationError, match="nicht mehr zurücknehmen"):
        withdraw_release(paper=paper, by=by, reason="Doch noch ändern.")
    first = paper.consultations.earliest("position")
    late = Amendment(paper=paper, consultation=first, point=point, before=point.text, after="<p>Spät.</p>")
    with pytest.raises(ValidationError):
        move_amendment(amendment=late, by=by)
    for amendment in paper.amendments.all():
        with pytest.raises(ValidationError, match="schon beschlossen"):
            decide_amendment(amendment=amendment, state="moved", by=by)


@pytest.fixture
def voting() -> Voting:
    return make_voting(text_of(SENTENCES), "<p>Die Verwaltung berichtet jährlich.</p>")


def text_of(sentences: Any) -> str:
    return f"<p>{' '.join(sentences)}</p>"


def next_stage(voting: Voting) -> Consultation | None:
    """The first that has not answered, with a meeting in the past; the council comes last."""
    for stage in voting.planning.stages():
        if not stage.is_over and stage.committee.name != "Rat":
            if stage.meeting is None:
                stage.meeting = voting.planning.meeting(stage.committee.name, days=-1)
                stage.save()
            return stage
    return None


def step(
    voting: Voting,
    stage: Consultation,
    point: ResolutionPoint,
    outcome: str,
    answers: list[bool | None],
    wanted: list[str],
    number: int,
) -> list[str]:
    """The committee answers; the sentences as they are afterwards."""
    amendments, after = {}, list(wanted)
    for place, answer in enumerate(answers):
        if answer is None or wanted[place] != SENTENCES[place]:
            continue
        changed = [
            *wanted[:place],
            f"Satz {place} lautet nach Schritt {number} anders.",
            *wanted[place + 1 :],
        ]
        one = Amendment.objects.create(
            paper=voting.paper,
            consultation=stage,
            number=voting.paper.amendments.count() + 1,
            point=point,
            before=text_of(wanted),
            after=text_of(changed),
        )
        amendments[one.pk] = "accepted" if answer else "rejected"
        if answer:
            after[place] = changed[place]
    if outcome == "accepted" and after != wanted:
        with pytest.raises(ValidationError):
            voting.record(stage, outcome, amendments=amendments)
        outcome = "amended"
    other = voting.planning.committee(f"Fachausschuss {number}")
    counted = [votes(5 + number, 2)] if outcome in ("accepted", "amended") else []
    typed = {"amendments": amendments, "votes": counted, "note": f"Schritt {number}"}
    voting.record(stage, outcome, referred_to=other, **typed)
    return after
