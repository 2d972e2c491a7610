"""Votes, amendments, deferrals and referrals in whatever order: the text before the deciding stage is exactly
the original with the accepted amendments, and no result is lost."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from committees.actions.amending import decide_amendment, delete_amendment, edit_amendment, text_now
from committees.carrying import accepted as accepted_of
from committees.carrying import carried_points, points_after
from committees.models import Amendment, Ballot, Consultation, Paper, ResolvedPoint
from documents.rebasing import sentences_of
from tests.committees.amending import moved, on_its_way, stage_of

pytestmark = pytest.mark.once

VERBS = ("move", "move", "new", "strike", "accept", "accept", "beside", "reject", "withdraw", "reopen")
OTHERS = ("edit", "delete", "vote", "defer", "refer")
steps = st.lists(
    st.tuples(st.sampled_from((*VERBS, *OTHERS)), st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
    max_size=14,
)
SENTENCES = [f"Satz {letter} bleibt so." for letter in "ABCDEF"]
POINTS = [f"<p>{' '.join(SENTENCES[:3])}</p>", f"<p>{' '.join(SENTENCES[3:])}</p>"]


class AlwaysWhole(TestCase):
    def setUp(self) -> None:
        self.planning = on_its_way(*POINTS)
        self.number = 0
        self.changed: dict[int, tuple[str, str]] = {}

    @given(steps)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_whatever_the_order(self, done: list[tuple[str, int, int]]) -> None:
        self.changed, self.number = {}, 0
        for verb, one, other in done:
            try:
                self.act(verb, one, other)
            except ValidationError:
                pass  # refused with a sentence; nothing may have changed by half
            self.check()
        self.resolve()

    @property
    def paper(self) -> Paper:
        """As the database has it now."""
        return Paper.objects.get(pk=self.planning.paper.pk)

    def act(self, verb: str, one: int, other: int) -> None:
        by, paper = self.planning.clerk, self.paper
        advising = paper.consultations.exclude(meaning="decide").count()
        stage = stage_of(paper, 1 + one % advising)
        rows = list(paper.amendments.order_by("number"))
        amendment = rows[other % len(rows)] if rows else None
        point = paper.resolution_points.all()[other % 2]
        match verb:
            case "move":
                row = next(row for row in points_after(paper, stage) if row.point == point)
                old = sentences_of(row.text)
                if not old:
                    return
                self.number += 1
                was, new = old[one % len(old)], f"Neu {self.number} gilt jetzt."
                found = moved(paper, stage.position, row.text, row.text.replace(was, new), by, point=point)
                self.changed[found.pk] = (was, new)
            case "new":
                self.number += 1
                moved(paper, stage.position, "", f"<p>Punkt {self.number} kommt dazu.</p>", by)
            case "strike":
                row = next(row for row in points_after(paper, stage) if row.point == point)
                moved(paper, stage.position, row.text, "", by, point=point)
            case "accept" | "beside" if amendment:
                decide_amendment(amendment=amendment, state="accepted", beside=verb == "beside", by=by)
            case "reject" | "withdraw" | "reopen" if amendment:
                state = {"reject": "rejected", "withdraw": "withdrawn", "reopen": "moved"}[verb]
                decide_amendment(amendment=amendment, state=state, by=by)
            case "edit" if amendment:
                amendment.before = text_now(amendment, paper)
                self.changed.pop(amendment.pk, None)
                amendment.after = f"<p>Anders {other} gefasst.</p>"
                edit_amendment(amendment=amendment, by=by)
            case "delete" if amendment:
                delete_amendment(amendment=amendment, by=by)
            case "vote":
                position = stage.ballots.count() + 1
                if not stage.ballots.exists():
                    Ballot.objects.create(consultation=stage, position=position, votes_for=one)
                Consultation.objects.filter(pk=stage.pk).update(result="empfohlen", outcome="accepted")
            case "defer" | "refer":
                self.again(stage, verb)

    def again(self, stage: Consultation, verb: str) -> None:
        """A deferred stage comes again, a referred one goes to somebody else: before the deciding one."""
        paper = self.paper
        last = paper.consultations.count()
        if last > 6:
            return
        outcome = {"defer": "deferred", "refer": "referred"}[verb]
        Consultation.objects.filter(pk=stage.pk).update(result=outcome, outcome=outcome)
        Consultation.objects.filter(paper=paper, position=last).update(position=last + 1)
        Consultation.objects.create(
            paper=paper, position=last, committee=stage.committee, meaning="advise", comes_of=stage
        )

    def check(self) -> None:
        paper = self.paper
        amendments = accepted_of(paper.amendments.select_related("consultation"))
        carried = [one for one in amendments if not one.beside]
        rows = carried_points(paper, None)
        decider = paper.consultations.get(meaning="decide")
        assert [row.text for row in carried_points(self.paper, decider)] == [row.text for row in rows]
        assert not any(row.unfit for row in rows)
        # Each accepted one is in it, once and in order; each other wording beside it.
        in_text = [change.pk for row in rows for change in row.changes]
        assert sorted(in_text) == sorted(one.pk for one in carried)
        assert {one.pk for row in rows for one in row.alternatives} == {
            one.pk for one in amendments if one.beside
        }
        # Read by hand, sentence by sentence: what only replaced one sentence stands in that one's place.
        for row, original in zip(rows, POINTS, strict=False):
            simple = [self.changed.get(change.pk) for change in row.changes]
            if all(simple):
                expected = original
                for was, new in filter(None, simple):
                    assert was in expected
                    expected = expected.replace(was, new)
                assert row.text == expected
        # What a stage had before it does not move with what later ones do.
        first = paper.consultations.get(position=1)
        assert [row.text for row in carried_points(self.paper, first)] == POINTS
        kept = set(Ballot.objects.filter(consultation__paper=paper).values_list("consultation", flat=True))
        answered = set(paper.consultations.filter(outcome="accepted").values_list("pk", flat=True))
        assert answered <= kept

    def resolve(self) -> None:
        """Once it is resolved nothing before it can be changed."""
        paper = self.paper
        decider = paper.consultations.get(meaning="decide")
        ResolvedPoint.objects.create(consultation=decider, position=1, text=POINTS[0])
        before = [row.text for row in carried_points(paper, None)]
        for amendment in Amendment.objects.filter(paper=paper):
            for state in ("accepted", "rejected", "moved"):
                with pytest.raises(ValidationError, match="schon beschlossen"):
                    decide_amendment(amendment=amendment, state=state, by=self.planning.clerk)
        assert [row.text for row in carried_points(self.paper, None)] == before
