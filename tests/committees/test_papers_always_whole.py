"""Whatever is done with a paper, its route and its signatures, and in whatever order: what is released or
issued never changes; no two papers have one number; no error is overruled; the stages are numbered 1, 2, 3 …;
and nobody's signature counts for a text that concerns them and that they have not seen."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from committees.actions import issuing, releasing, routing, signing
from committees.actions.checking import overrule, withdraw_override
from committees.actions.writing import Row, Written, opened_for_writing, save_text
from committees.checks import findings_of
from committees.forms.routing import StageForm
from committees.models import CheckOverride, Consultation, IssuedPaper, Paper, RouteTemplate, Section
from committees.models import SigningRequest as Request
from committees.permissions import may_write
from committees.printing.render import Variant
from committees.signatures import current_round
from committees.signed_content import Content, concerning, content_of
from documents.models import IssuedFile
from municipalities.models import User
from tests.committees.routes import Planning
from tests.committees.signers import make_house, make_person, seen, user_of

COSTS = {"costs": "some", "cost_amount": 1, "cost_coverage": "Produkt 05.01"}
NAMES = ("Rat", "Sozialausschuss", "Integrationsrat", "Hauptausschuss")
WRITING = ("text", "costs", "point", "quietly", "meddle")
SIGNING = ("start", "sign", "sign", "sign", "read", "return", "cancel", "join")
ROUTING = ("add", "change", "move", "strike", "take_back", "delete", "template", "take_over", "answer")
LEAVING = ("mend", "overrule", "believe", "release", "release", "reopen", "issue", "issue", "recall")
steps = st.lists(
    st.tuples(st.sampled_from(WRITING + SIGNING + ROUTING + LEAVING), st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
    max_size=14,
)
# How far the paper has come before: each of these is its verbs in order.
BEGINNINGS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "signed": ("start", "sign", "sign", "sign"),
    "released": ("finish",),
    "issued": ("finish", "issue", "recall", "issue"),
}


@dataclass
class Known:
    """What has to stay as it was, and who has seen what of the paper."""

    read: dict[int, str] = field(default_factory=dict)
    """Who has opened the page at which text, and may be late."""
    agreed: dict[int, Content] = field(default_factory=dict)
    """What each has really seen and signed, or written themselves."""
    released: Content | None = None
    number: str = ""
    issued: dict[int, bytes] = field(default_factory=dict)


class AlwaysWhole(TestCase):
    def setUp(self) -> None:
        self.house = house = make_house()
        self.papers = [house.paper(layout="kreis-mettmann", **COSTS) for _one in range(2)]
        self.people = [house.author, house.head, house.treasurer, house.above]
        self.lawyer = make_person(house.town, "Rita Recht")
        self.users = {person.pk: user_of(person) for person in (*self.people, self.lawyer)}
        committees: dict[str, Any] = {}
        self.plans = [Planning(house.town, paper, house.clerk, committees) for paper in self.papers]
        for days, name in enumerate(NAMES):
            self.plans[0].committee(name, summons_days=14, decides=name == "Rat")
            self.plans[0].meeting(name, days=60 - 10 * days)
        patch = pytest.MonkeyPatch()
        made = count()
        # Printing has tests of its own; here each print is another one.
        patch.setattr(issuing, "render_variants", lambda stage: [Variant(True, b"%%PDF-1.7 %d" % next(made))])
        self.addCleanup(patch.undo)

    @example("issued", [("strike", 1, 9), ("issue", 7, 0)])
    @given(st.sampled_from(list(BEGINNINGS)), steps)
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    def test_whatever_the_order(self, beginning: str, done: list[tuple[str, int, int]]) -> None:
        self.known = {paper.pk: Known() for paper in self.papers}
        for verb in BEGINNINGS[beginning]:
            self.do(self.plans[0], verb, 0, 0)
        for verb, one, other in done:
            # Two papers beside each other; most of it happens to the first.
            self.do(self.plans[one == 9], verb, one, other)
        for plan in self.plans:
            self.finish(plan)
        assert len({known.number for known in self.known.values()}) == len(self.papers)

    def do(self, plan: Planning, verb: str, one: int, other: int) -> None:
        plan.paper = Paper.objects.get(pk=plan.paper.pk)
        try:
            self.act(plan, verb, one, other)
        except (ValidationError, PermissionDenied):
            pass  # refused with a sentence; nothing may have changed by half
        self.check(plan)

    def act(self, plan: Planning, verb: str, one: int, other: int) -> None:
        if verb == "finish":
            self.finish(plan)
        elif verb in WRITING:
            self.write(plan.paper, verb, one)
        elif verb in SIGNING:
            self.sign(plan.paper, verb, one)
        elif verb in ROUTING:
            self.route(plan, verb, one, other)
        else:
            self.leave(plan, verb, one)

    # ---- Writing ----

    def write(self, paper: Paper, verb: str, which: int) -> None:
        """By one of the people, or past every page; the model itself refuses what is released."""
        writer = self.people[which % 4]
        user: User = self.users[writer.pk]
        if verb == "meddle":  # by who has nothing to do with it
            user = self.users[self.lawyer.pk]
            assert (
                may_write(user, paper) == Request.objects.to_decide(user).filter(round__paper=paper).exists()
            )
            return
        if verb == "quietly":
            section: Any = Section.objects.get(paper=paper)
            section.body = f"<p>Heimlich {which}.</p>"
            section.save()
            return
        with opened_for_writing(pk=paper.pk, by=user) as locked:
            point: Any = locked.resolution_points.get()
            text = f"<p>Beschluss {which}.</p>" if verb == "point" else point.text
            written = Written(
                facts={"cost_amount": which} if verb == "costs" else {},
                texts={"begruendung": f"<p>Text {which}.</p>"} if verb == "text" else {},
                points=[Row(point.pk, {"text": text, "reasons": point.reasons, "measures": []})],
            )
            save_text(paper=locked, written=written, by=user)
        if paper.state == Paper.State.SIGNING:
            self.agree(paper, writer.pk)  # who writes it has seen it

    # ---- Signing ----

    def sign(self, paper: Paper, verb: str, which: int) -> None:
        author, known = self.users[self.people[0].pk], self.known[paper.pk]
        match verb:
            case "start":
                self.house.start(paper)
                self.agree(paper, self.people[0].pk)
            case "read":
                known.read[self.people[which % 4].pk] = seen(paper)
            case "cancel":
                signing.cancel_signing(paper=paper, by=author, reason="Nein")
            case "join":
                signed = set(Request.objects.filter(round__paper=paper).counting())
                added: dict[str, Any] = {"person": self.lawyer, "title": "Rechtsamt", "reason": "Vertrag"}
                signing.add_signer(paper=paper, position=which % 5 or None, by=author, **added)
                assert set(Request.objects.filter(round__paper=paper).counting()) == signed
            case _:
                self.answer(paper, verb, which)

    def answer(self, paper: Paper, verb: str, which: int) -> None:
        """With the text that they have read, which may be an older one."""
        rows = list(Request.objects.asked().filter(round__paper=paper).order_by("pk"))
        if not rows:
            return
        row = rows[which % len(rows)]
        assert row.person_id
        user = self.users[row.person_id]
        if verb == "return":
            signing.send_back(request=row, by=user, reason="Bitte ändern.")
            return
        read = self.known[paper.pk].read.pop(row.person_id, None) or seen(paper)
        signing.countersign(request=row, by=user, seen=read)
        self.agree(paper, row.person_id)

    def agree(self, paper: Paper, person: int) -> None:
        self.known[paper.pk].agreed[person] = content_of(paper)

    # ---- The route ----

    def route(self, plan: Planning, verb: str, one: int, other: int) -> None:
        paper, by, stages = plan.paper, self.house.clerk, plan.stages()
        stage = stages[one % len(stages)] if stages else None
        match verb, stage:
            case "add", _:
                self.save_stage(plan, Consultation(paper=paper), one, other, place=other)
            case "template", _:
                routing.save_as_template(paper=paper, name=f"Muster {other}", by=by)
            case "take_over", _:
                for template in RouteTemplate.objects.in_town(paper.municipality)[:1]:
                    routing.take_over(paper=paper, template=template, by=by, reason="Muster")
            case "change", Consultation():
                self.save_stage(plan, stage, one, other)
            case "move", Consultation():
                routing.move_stage(stage=stage, place=other, by=by, reason="anders" if one % 3 else "")
            case "strike", Consultation():
                routing.strike_stage(stage=stage, by=by, reason="entfällt" if other % 4 else "")
            case "take_back", Consultation():
                routing.take_back_stage(stage=stage, by=by, reason="doch")
            case "delete", Consultation():
                routing.delete_stage(stage=stage, by=by)
            case "answer", Consultation() if paper.released:
                stage.result = "" if stage.left_out else "einstimmig"
                stage.save()

    def save_stage(
        self, plan: Planning, stage: Consultation, one: int, other: int, place: int | None = None
    ) -> None:
        """As a clerk would type it, wrong things too."""
        committee = plan.committee(NAMES[one % len(NAMES)])
        data = QueryDict(mutable=True)
        data.update(
            {
                "committee": "" if other == 9 else str(committee.pk),
                "meaning": ("advise", "decide", "note", "release", "")[other % 5],
                "role": "Beratung",
                "meeting": str(committee.meetings.all()[0].pk) if other % 2 else "",
                "reason": "geändert" if one != 9 else "",
                "place": str(place or ""),
            }
        )
        form = StageForm(data, instance=stage, paper=plan.paper)
        if form.is_valid():
            routing.save_stage(
                form=form,
                by=self.house.clerk,
                reason=form.cleaned_data.get("reason", ""),
                place=form.cleaned_data.get("place"),
            )

    # ---- Leaving the house ----

    def leave(self, plan: Planning, verb: str, which: int) -> None:
        paper, by, known = plan.paper, self.house.clerk, self.known[plan.paper.pk]
        stages = plan.stages()
        match verb:
            case "mend":
                self.mend(plan)
            case "overrule":
                self.overrule_all(paper)
            case "believe":
                for row in CheckOverride.objects.filter(paper=paper)[:1]:
                    withdraw_override(paper=paper, code=row.code, subject=row.subject, reason="Nein.", by=by)
            case "release":
                with pytest.raises(PermissionDenied):
                    releasing.release_paper(paper=paper, by=self.users[self.people[1].pk])
                released = releasing.release_paper(paper=paper, by=by)
                known.released, known.number = content_of(released), known.number or released.number
            case "reopen":
                releasing.withdraw_release(paper=paper, by=by, reason="Doch nicht")
                assert not known.issued
                known.released = None
            case "issue" if stages:
                stage = stages[which % len(stages)]
                with pytest.raises(PermissionDenied):
                    issuing.issue_stage(consultation=stage, by=self.users[self.people[0].pk])
                new = issuing.issue_stage(consultation=stage, by=by, reason="erneut")
                known.issued[new.pk] = bytes(new.file.content)
            case "recall":
                for issue in IssuedPaper.objects.filter(pk__in=known.issued).order_by("pk")[which % 3 :][:1]:
                    issuing.call_back(issued_paper=issue, by=by, reason="falsch")

    def mend(self, plan: Planning) -> None:
        """A route without errors, and every warning overruled."""
        self.overrule_all(plan.paper)
        if not plan.paper.released:
            plan.paper.consultations.all().delete()
            plan.stage("Sozialausschuss", days=20)
            plan.stage("Rat", "decide", days=30)
        self.overrule_all(plan.paper)

    def overrule_all(self, paper: Paper) -> None:
        """Every warning, and no error."""
        for finding in findings_of(paper):
            refused = finding.is_error or finding.overruled
            with pytest.raises(ValidationError) if refused else nullcontext():
                overrule(
                    paper=paper,
                    code=finding.code,
                    subject=finding.subject,
                    reason="Ja.",
                    by=self.house.clerk,
                )

    def finish(self, plan: Planning) -> None:
        """However odd it stands: it is mended, signed by all who are asked, and released."""
        paper = plan.paper = Paper.objects.get(pk=plan.paper.pk)
        if not paper.released:
            self.mend(plan)
            if paper.state == Paper.State.DRAFT:
                self.sign(paper, "start", 0)
            signing.text_changed(paper=paper, by=None)
            self.known[paper.pk].read.clear()
            while Request.objects.asked().filter(round__paper=paper).exists():
                self.answer(paper, "sign", 0)
            self.leave(plan, "release", 0)
        self.check(plan)
        assert self.known[paper.pk].released is not None

    # ---- What always holds ----

    def check(self, plan: Planning) -> None:
        paper, known = Paper.objects.get(pk=plan.paper.pk), self.known[plan.paper.pk]
        positions = [stage.position for stage in plan.stages()]
        assert positions == list(range(1, len(positions) + 1))
        assert not any(finding.is_error and finding.overruled for finding in findings_of(paper))
        assert paper.number == known.number
        assert paper.released == (known.released is not None)
        assert IssuedPaper.objects.filter(consultation__paper=paper).count() == len(known.issued)
        for pk, content in known.issued.items():
            assert bytes(IssuedFile.objects.get(issued_paper=pk).content) == content
            assert not IssuedPaper.objects.get(pk=pk).consultation.left_out
        if known.released is not None:
            self.check_released(paper, known)

    def check_released(self, paper: Paper, known: Known) -> None:
        content, running = content_of(paper), current_round(paper)
        assert content == known.released
        assert running is not None
        counting = list(running.requests.counting())
        # Everybody of the chain, and who was added.
        persons = {row.person_id for row in counting}
        assert persons - {self.lawyer.pk} == {person.pk for person in self.people}
        for row in counting:
            assert row.person_id
            agreed = known.agreed[row.person_id]
            assert concerning(agreed, row.concerns) == concerning(content, row.concerns)
        assert not Request.objects.asked().filter(round=running).exists()
