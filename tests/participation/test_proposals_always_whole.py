"""Whatever is done with proposals, and in whatever order: every original is there word for word, and its way
to a measure or a reason is unbroken."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from participation.actions import deciding, proposals
from participation.models import Decision, MeasureProposal
from participation.ways import Book
from tests.participation.proposing import (
    fresh,
    make_participant,
    make_process,
    make_staff,
    propose,
    taken_over,
    verdict,
)

NUMBER = 4
WORDS = [
    ("Sprachcafé", "Samstags, mit Kinderbetreuung.\n\nUnd Tee & Kuchen."),
    ("Çay saati", "Her hafta, <b>çocuklarla</b> birlikte."),
    ("=SUMME(A1)", "  Leerzeichen   bleiben.  "),
    ("مقهى اللغة", "كل يوم سبت"),
]
VERBS = (
    "review",
    "ask",
    "answer",
    "decide",
    "take",
    "partly",
    "again",
    "merge",
    "split",
    "withdraw",
    "publish",
)
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=14
)


class AlwaysWhole(TestCase):
    def setUp(self) -> None:
        self.process = make_process()
        self.member, self.staff = make_participant(self.process), make_staff(self.process)
        self.originals = {
            propose(self.process, self.member, title, text=text).pk: (title, text) for title, text in WORDS
        }

    @given(steps)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_whatever_the_order(self, done: list[tuple[str, int, int]]) -> None:
        for verb, one, other in done:
            try:
                self.act(verb, self.pick(one), self.pick(other))
            except ValidationError:
                pass  # refused with a sentence; nothing may have changed by half
            self.check()
        self.finish()

    def pick(self, number: int) -> MeasureProposal:
        rows = list(MeasureProposal.objects.filter(process=self.process).order_by("pk"))
        return fresh(rows[number % len(rows)])

    def act(  # noqa: C901 - one line for each verb
        self, verb: str, one: MeasureProposal, other: MeasureProposal
    ) -> None:
        match verb:
            case "review":
                deciding.take_into_review(proposal=one, by=self.staff)
            case "ask":
                deciding.ask_back(proposal=one, text="Wo genau?", by=self.staff)
            case "answer":
                for question in one.proposalquestions.all():
                    proposals.answer(question=question, text="Im Norden.", by=self.member)
            case "decide":
                kind = Decision.Kind.NOTED if other.pk % 2 else Decision.Kind.NOT_TAKEN_OVER
                deciding.decide(proposal=one, verdict=verdict(kind), by=self.staff)
            case "take" | "partly":
                taken_over(one, self.staff, kind="taken_over" if verb == "take" else "partly")
            case "untie":
                for tie in one.ties.all():
                    deciding.untie(tie=tie, by=self.staff)
            case "merge":
                merged = verdict(Decision.Kind.MERGED, "Es ist dasselbe gemeint.")
                deciding.merge(proposals=[one], into=other, verdict=merged, by=self.staff)
            case "split":
                deciding.split(proposal=one, parts=[("Eins", "Erstens"), ("Zwei", "Zweitens")], by=self.staff)
            case "withdraw":
                proposals.withdraw(proposal=one, by=self.member)
            case "publish":
                seen = deciding.stamps(deciding.waiting_decisions(self.process))
                deciding.publish(process=self.process, seen=seen, by=self.staff)

    def check(self) -> None:
        found = {
            row.pk: (row.title, row.text) for row in MeasureProposal.objects.filter(process=self.process)
        }
        assert {pk: found.get(pk) for pk in self.originals} == self.originals
        book = Book(self.process, inside=True)
        for proposal in book.proposals.values():
            ends = list(book.ends(proposal))  # comes to an end: no way runs in a circle
            assert ends
            for end in ends:
                self.check_end(book, end)

    def check_end(self, book: Book, end: MeasureProposal) -> None:
        """A measure, a reason, the author's own will, or it still waits."""
        decision = book.decision(end)
        if decision is None:
            assert end.is_open or end.state == "withdrawn", end.state
        elif decision.kind in Decision.TAKEN:
            assert end.ties.all()
            assert decision.kind == Decision.Kind.TAKEN_OVER or decision.reason
        else:
            assert decision.reason
            assert not end.ties.all()
            assert decision.kind != Decision.Kind.MERGED

    def finish(self) -> None:
        """What still waits is decided and published: the Anlage then tells of every original that stands."""
        for proposal in MeasureProposal.objects.filter(process=self.process).open():
            deciding.decide(proposal=fresh(proposal), verdict=verdict(), by=self.staff)
        seen = deciding.stamps(deciding.waiting_decisions(self.process))
        deciding.publish(process=self.process, seen=seen, by=self.staff)
        book = Book(self.process)
        told: dict[int, Any] = {row.proposal.pk: row for chapter in book.chapters() for row in chapter.rows}
        for pk in self.originals:
            ends = list(book.ends(book.proposals[pk]))
            if all(end.state == "withdrawn" for end in ends):
                continue
            assert pk in told
            decisions = [book.decision(end) for end in ends if end.state != "withdrawn"]
            assert all(
                decision is not None and (decision.reason or decision.proposal.ties.exists())
                for decision in decisions
            )


@pytest.mark.django_db
def test_the_words_of_the_test_are_kept_as_they_are() -> None:
    """The check above compares with what was typed, not with what was stored."""
    process = make_process()
    member = make_participant(process)
    for title, text in WORDS:
        stored = fresh(propose(process, member, title, text=text))
        assert (stored.title, stored.text) == (title, text)
