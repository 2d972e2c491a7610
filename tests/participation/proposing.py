"""A town with a process, a group, members and a concept, and proposals at hand."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from concepts.models import ActionField, Concept
from municipalities.models import Municipality, Person, Role, User
from participation.actions.deciding import NewMeasure, Verdict, ask_back, take_over
from participation.actions.proposals import add_comment, save_draft, submit
from participation.models import (
    Decision,
    Group,
    MeasureProposal,
    Phase,
    Process,
    ProposalComment,
    ProposalMeasure,
    ProposalQuestion,
    Seat,
)
from tests.concepts.factories import make_concept, make_town

OPEN_SPAN = "2000–2100"


def make_process(town: Municipality | None = None, **phase: Any) -> Process:
    """With a concept of two fields, and a phase that is open for everything."""
    town = town or make_town()
    concept = make_concept(town, fields=2, measures=2)
    process = Process.objects.create(municipality=town, concept=concept, title="Integration gemeinsam")
    Phase.objects.create(
        process=process,
        position=1,
        title="Vorschläge",
        span=OPEN_SPAN,
        **{"may_propose": True, "may_comment": True, "may_rank": True, **phase},
    )
    Group.objects.create(municipality=town, process=process, kind="working", name="AG Sprache")
    return process


def make_participant(process: Process, name: str = "Mira") -> User:
    """Somebody with a seat in the process's group."""
    user = User.objects.create_user(f"{name.lower()}@example.org", None, name=name)
    person = Person.objects.create(municipality=process.municipality, name=name, user=user)
    group = process.groups.get(name="AG Sprache")
    Seat.objects.create(group=group, position=group.seats.count() + 1, person=person)
    return user


def make_staff(process: Process, email: str = "stab@example.org") -> User:
    user = User.objects.create_user(email, None, name="Redaktion")
    Role.objects.create(municipality=process.municipality, user=user, kind=Role.Kind.EDITING)
    return user


def field_of(process: Process, number: int = 1) -> ActionField:
    field: ActionField = ActionField.objects.get(concept=process.concept, position=number)
    return field


def concept_of(process: Process) -> Concept:
    assert process.concept is not None
    return process.concept


def draft(process: Process, by: User, title: str = "Sprachcafé am Samstag", **values: Any) -> MeasureProposal:
    filled = {"text": "Einmal in der Woche, mit Kinderbetreuung.", "field": field_of(process), **values}
    filled.setdefault("submitter", by)
    return save_draft(proposal=MeasureProposal(process=process, title=title, **filled), by=by)


def propose(
    process: Process, by: User, title: str = "Sprachcafé am Samstag", **values: Any
) -> MeasureProposal:
    return submit(proposal=draft(process, by, title, **values), by=by)


def verdict(kind: str = Decision.Kind.NOT_TAKEN_OVER, reason: str = "Dafür fehlen die Mittel.") -> Verdict:
    return Verdict(kind, reason, timezone.localdate() - datetime.timedelta(days=1))


def taken_over(
    proposal: MeasureProposal, by: User, *, kind: str = Decision.Kind.TAKEN_OVER
) -> ProposalMeasure:
    """Into a new measure."""
    return take_over(
        proposal=proposal,
        verdict=verdict(kind, "" if kind == Decision.Kind.TAKEN_OVER else "Ohne Fahrdienst."),
        into=NewMeasure(proposal.title_in_german, proposal.text_in_german, field_of(proposal.process)),
        outcome="als Kurs",
        by=by,
    )


def remark(proposal: MeasureProposal, by: User) -> ProposalComment:
    return add_comment(proposal=proposal, text="Das finde ich gut.", by=by)


def question(proposal: MeasureProposal, by: User) -> ProposalQuestion:
    known = proposal.proposalquestions.first()
    return known or ask_back(proposal=proposal, text="Wo genau?", by=by)


def fresh(proposal: MeasureProposal) -> MeasureProposal:
    found: MeasureProposal = MeasureProposal.objects.with_all().get(pk=proposal.pk)
    return found
