"""Whatever is done with a route, and in whatever order: its stages are numbered 1, 2, 3 …, no error is
overruled, and what was issued stays byte for byte."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from committees.actions.checking import overrule, withdraw_override
from committees.actions.issuing import issue_stage
from committees.actions.routing import (
    delete_stage,
    move_stage,
    save_as_template,
    save_stage,
    strike_stage,
    take_back_stage,
    take_over,
)
from committees.checks import findings_of
from committees.forms.routing import StageForm
from committees.models import CheckOverride, Consultation, IssuedPaper, Paper, RouteTemplate
from documents.models import IssuedFile
from tests.committees.factories import release
from tests.committees.routes import Planning, make_planning

NAMES = ("Rat", "Sozialausschuss", "Integrationsrat", "Hauptausschuss")
VERBS = (
    *("add", "change", "move", "strike", "take_back", "delete", "template", "take_over"),
    *("release", "issue", "answer", "overrule", "withdraw"),
)
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=16
)


class AlwaysWhole(TestCase):
    def setUp(self) -> None:
        self.planning = make_planning("Das Konzept wird beschlossen.", layout="kreis-mettmann")
        for days, name in enumerate(NAMES):
            self.planning.committee(name, summons_days=14)
            self.planning.meeting(name, days=5 + 10 * days)
        self.planning.stage("Sozialausschuss", days=12)
        self.planning.stage("Rat", "decide", days=30)
        self.issued: dict[int, bytes] = {}

    @given(steps)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_whatever_the_order(self, done: list[tuple[str, int, int]]) -> None:
        self.issued = {}
        self.planning.paper = Paper.objects.get(pk=self.planning.paper.pk)
        for verb, one, other in done:
            try:
                self.act(verb, one, other)
            except ValidationError:
                pass  # refused with a sentence; nothing may have changed by half
            self.check()

    def act(self, verb: str, one: int, other: int) -> None:  # noqa: C901 - one line for each verb
        planning, by = self.planning, self.planning.clerk
        paper, stages = planning.paper, planning.stages()
        stage = stages[one % len(stages)] if stages else Consultation(paper=paper)
        match verb:
            case "add":
                self.save(Consultation(paper=paper), one, other, place=other)
            case "change" if stages:
                self.save(stage, one, other)
            case "move" if stages:
                move_stage(stage=stage, place=other, by=by, reason="anders" if one % 3 else "")
            case "strike" if stages:
                strike_stage(stage=stage, by=by, reason="entfällt" if other % 4 else "")
            case "take_back" if stages:
                take_back_stage(stage=stage, by=by, reason="doch")
            case "delete" if stages:
                delete_stage(stage=stage, by=by)
            case "template":
                save_as_template(paper=paper, name=f"Muster {other}", by=by)
            case "take_over":
                for template in RouteTemplate.objects.all()[:1]:
                    take_over(paper=paper, template=template, by=by, reason="Muster")
            case "release":
                planning.paper = release(paper)
            case "issue" if stages:
                new = issue_stage(consultation=stage, by=by, reason="erneut")
                self.issued[new.pk] = bytes(new.file.content)
            case "answer" if stages and paper.released:
                stage.result = "" if stage.left_out else "einstimmig"
                stage.save()
            case "overrule":
                for finding in findings_of(paper)[one : one + 1]:
                    overrule(paper=paper, code=finding.code, subject=finding.subject, reason="Ja.", by=by)
            case "withdraw":
                for row in CheckOverride.objects.filter(paper=paper)[:1]:
                    withdraw_override(paper=paper, code=row.code, subject=row.subject, reason="Nein.", by=by)

    def save(self, stage: Consultation, one: int, other: int, place: int | None = None) -> None:
        """As a clerk would type it, wrong things too."""
        planning = self.planning
        committee = planning.committee(NAMES[one % len(NAMES)])
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
        form = StageForm(data, instance=stage, paper=planning.paper)
        if form.is_valid():
            save_stage(
                form=form,
                by=planning.clerk,
                reason=form.cleaned_data.get("reason", ""),
                place=form.cleaned_data.get("place"),
            )

    def check(self) -> None:
        positions = [stage.position for stage in self.planning.stages()]
        assert positions == list(range(1, len(positions) + 1))
        for finding in findings_of(self.planning.paper):
            assert not (finding.is_error and finding.overruled)
        for pk, content in self.issued.items():
            file = IssuedFile.objects.get(issued_paper=pk)
            assert bytes(file.content) == content
            assert not IssuedPaper.objects.get(pk=pk).consultation.left_out


@pytest.mark.django_db
def test_a_stage_is_saved_whole_or_not_at_all() -> None:
    """A place that is refused takes the new stage back with it."""
    planning: Planning = make_planning("Eins.")
    planning.stage("Sozialausschuss", result="beraten")
    release(planning.paper)
    data = QueryDict(mutable=True)
    data.update({"committee": str(planning.committee("Rat").pk), "reason": "Nachtrag", "place": "1"})
    form = StageForm(data, instance=Consultation(paper=planning.paper), paper=planning.paper)
    assert form.is_valid(), form.errors
    with pytest.raises(ValidationError, match="Davor lässt sich nichts mehr einschieben"):
        save_stage(form=form, by=planning.clerk, reason="Nachtrag", place=1)
    assert planning.order() == ["Sozialausschuss"]
