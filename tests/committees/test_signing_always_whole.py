"""Whatever is done with a paper on its way, and in whatever order: what is released never changes, and
nobody's signature counts for a text that concerns them and that they have not seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from committees.actions import releasing, signing
from committees.models import Paper, Section, SigningRequest
from committees.permissions import may_write
from committees.signatures import current_round
from committees.signed_content import Content, concerning, content_of
from municipalities.models import User
from tests.committees.signers import make_house, seen, user_of

VERBS = (
    *("start", "start", "sign", "sign", "sign", "sign", "read", "return", "cancel"),
    *("text", "costs", "point", "quietly", "release", "release", "withdraw"),
)
steps = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 9)), min_size=1, max_size=16)


class AlwaysWhole(TestCase):
    def setUp(self) -> None:
        self.house = make_house()
        self.paper = self.house.paper(costs="some", cost_amount=1)
        house = self.house
        self.people = [house.author, house.head, house.treasurer, house.above]
        self.users = {person.pk: user_of(person) for person in self.people}
        self.read: dict[int, str] = {}
        """Who has opened the page at which text, and may be late."""
        self.agreed: dict[int, Content] = {}
        """What each has really seen and signed, or written themselves."""
        self.released: Content | None = None
        patch = pytest.MonkeyPatch()
        patch.setattr(releasing, "findings_of", lambda paper: [])
        self.addCleanup(patch.undo)

    @given(steps)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_whatever_the_order(self, done: list[tuple[str, int]]) -> None:
        self.read, self.agreed, self.released = {}, {}, None
        for verb, which in done:
            try:
                self.act(verb, which)
            except (ValidationError, PermissionDenied):
                pass  # refused with a sentence; nothing may have changed by half
            self.check()
        self.finish()

    def finish(self) -> None:
        """What is still on its way is signed by all who are asked, and released."""
        if self.now().released:
            return
        if self.now().state == Paper.State.DRAFT:
            self.act("start", 0)
        signing.text_changed(paper=self.paper, by=None)
        self.read.clear()
        for _turn in range(20):
            self.answer("sign", 0)
        self.act("release", 0)
        self.check()
        assert self.now().released

    def now(self) -> Paper:
        return Paper.objects.get(pk=self.paper.pk)

    def act(self, verb: str, which: int) -> None:
        match verb:
            case "start":
                self.house.start(self.paper)
                self.agree(self.house.author.pk)
            case "sign" | "return":
                self.answer(verb, which)
            case "read":
                self.read[self.people[which % 4].pk] = seen(self.paper)
            case "cancel":
                signing.cancel_signing(paper=self.paper, by=self.users[self.people[0].pk], reason="Nein")
            case "release":
                self.released = content_of(releasing.release_paper(paper=self.paper, by=self.house.clerk))
            case "withdraw":
                releasing.withdraw_release(paper=self.paper, by=self.house.clerk, reason="Doch nicht")
                self.released = None
            case _:
                self.edit(verb, which)

    def answer(self, verb: str, which: int) -> None:
        """With the text that they have read, which may be an older one."""
        rows = list(SigningRequest.objects.asked().filter(round__paper=self.paper).order_by("pk"))
        if not rows:
            return
        row = rows[which % len(rows)]
        assert row.person_id
        user = self.users[row.person_id]
        if verb == "return":
            signing.send_back(request=row, by=user, reason="Bitte ändern.")
            return
        signing.countersign(request=row, by=user, seen=self.read.pop(row.person_id, seen(self.paper)))
        self.agree(row.person_id)

    def agree(self, person: int) -> None:
        self.agreed[person] = content_of(self.now())

    def edit(self, verb: str, which: int) -> None:
        """By one of the people, or past every page; the model itself refuses what is released."""
        paper, writer = self.now(), self.people[which % 4]
        user: User = self.users[writer.pk]
        if verb != "quietly" and not may_write(user, paper):
            return
        if verb == "costs":
            paper.cost_amount = which
            paper.full_clean()
            paper.save()
        elif verb == "point":
            point: Any = paper.resolution_points.get()
            point.text = f"<p>Beschluss {which}.</p>"
            point.save()
        else:
            section: Any = Section.objects.get(paper=paper)
            section.body = f"<p>Text {which}.</p>"
            section.save()
        if verb == "quietly":
            return
        before = content_of(paper)
        signing.text_changed(paper=paper, by=user)
        assert content_of(paper) == before
        if paper.state == Paper.State.SIGNING:
            self.agree(writer.pk)  # who writes it has seen it

    def check(self) -> None:
        paper = self.now()
        content = content_of(paper)
        if not paper.released:
            return
        assert self.released is not None
        assert content == self.released
        assert paper.number
        running = current_round(paper)
        assert running is not None
        counting = list(running.requests.counting())
        # Everybody of the chain, or what was left out.
        assert {row.person_id for row in counting} == {person.pk for person in self.people}
        for row in counting:
            assert row.person_id
            agreed = self.agreed[row.person_id]
            assert concerning(agreed, row.concerns) == concerning(content, row.concerns)
        assert not SigningRequest.objects.asked().filter(round=running).exists()
