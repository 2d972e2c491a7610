"""participation.yaml, `proposals`: what members proposed, and what became of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from concepts.models import ActionField, Goal, Measure
from demo.loading.base import Loader
from demo.reading import LoadError, Row, german_date
from municipalities.models import Person, Role, User
from participation.models import (
    Decision,
    Event,
    Group,
    MeasureProposal,
    ProposalComment,
    ProposalMeasure,
    ProposalQuestion,
    ProposalSupport,
)

NOON = datetime.time(12)


def load_proposals(loader: Loader, file: Row) -> None:
    """Decisions at the end, as they may name proposals that come later in the file."""
    rows = file.take_row_list("proposals")
    if not rows:
        return
    staff = User.objects.filter(roles__municipality=loader.municipality, roles__kind=Role.Kind.EDITING)
    by = staff.order_by("pk").first()
    if by is None:
        raise LoadError(f"{file.place}: Vorschläge brauchen jemanden aus der Redaktion.")
    decisions = [decision for row in rows for decision in load_proposal(loader, row, by, None)]
    for proposal, decision in decisions:
        load_decision(loader, proposal, decision, by)


def load_proposal(
    loader: Loader, row: Row, by: User, split_from: MeasureProposal | None
) -> Iterator[tuple[MeasureProposal, Row]]:
    """Saves the proposal and its parts; yields the decisions that are to be saved."""
    key = row.take("key", None)
    person = loader.find(Person, row.take("person", None), row.place)
    submitted, withdrawn = row.take("submitted"), row.take("withdrawn", None)
    texts = {name: flowing(str(row.take(name, ""))) for name in ("text", "german_text")}
    measures, parts = row.take_row_list("measures"), row.take_row_list("parts")
    remarks, supporters = row.take_row_list("comments"), row.take("supported_by", [])
    questions, decision = row.take_row_list("questions"), row.take("decision", None)
    user = person.user if person else None
    proposal = loader.build(
        MeasureProposal,
        row,
        process=loader.process,
        split_from=split_from,
        field=loader.find(ActionField, row.take("field"), row.place),
        goal=loader.find(Goal, row.take("goal", None), row.place),
        group=loader.find(Group, row.take("group", None), row.place),
        event=loader.find(Event, row.take("event", None), row.place),
        person=person,
        submitter=user,
        submitter_name=row.take("name", person.name if person else "ohne Namen"),
        entered_by=user or by,
        submitted_at=noon(submitted, row.place),
        withdrawn_at=noon(withdrawn, row.place) if withdrawn else None,
        state=state_of(row, decision=decision, parts=parts, withdrawn=withdrawn),
        **texts,
    )
    loader.save(row, proposal, key)
    talk(loader, proposal, remarks, supporters, questions, by)
    for measure in measures:
        tie(loader, proposal, measure, by)
    for part in parts:
        yield from load_proposal(loader, part, by, proposal)
    if decision is not None:
        yield proposal, Row(decision, f"{row.place}.decision")


def flowing(text: str) -> str:
    """The file's lines end where the editor's do; paragraphs stay."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text.strip())


def state_of(row: Row, *, decision: Any, parts: list[Row], withdrawn: Any) -> str:
    """What the rest of the row says; without it, `state`."""
    state = row.take("state", MeasureProposal.State.SUBMITTED)
    if withdrawn:
        return MeasureProposal.State.WITHDRAWN
    if parts:
        return MeasureProposal.State.SPLIT
    return MeasureProposal.State.DECIDED if decision is not None else str(state)


def noon(value: Any, place: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(german_date(value, place), NOON))


def talk(
    loader: Loader,
    proposal: MeasureProposal,
    remarks: list[Row],
    supporters: list[str],
    questions: list[Row],
    by: User,
) -> None:
    for row in remarks:
        author, on = speaker(loader, row.take("person"), row.place), row.take("on")
        comment = loader.save(row, loader.build(ProposalComment, row, proposal=proposal, author=author))
        ProposalComment.objects.filter(pk=comment.pk).update(written_at=noon(on, row.place))
    for key in supporters:
        ProposalSupport.objects.create(proposal=proposal, author=speaker(loader, key, "supported_by"))
    for row in questions:
        on, answered = row.take("on"), row.take("answered", None)
        answer = {"answered_by": proposal.submitter or by, "answered_at": noon(answered, row.place)}
        question = loader.build(
            ProposalQuestion, row, proposal=proposal, author=by, **(answer if answered else {})
        )
        loader.save(row, question)
        ProposalQuestion.objects.filter(pk=question.pk).update(written_at=noon(on, row.place))


def speaker(loader: Loader, key: str, place: str) -> User:
    person = loader.find(Person, key, place)
    if person.user is None:
        raise LoadError(f"{place}: „{key}“ hat keinen Zugang.")
    user: User = person.user
    return user


def tie(loader: Loader, proposal: MeasureProposal, row: Row, by: User) -> None:
    measure = loader.find(Measure, row.take("code"), row.place)
    loader.save(row, loader.build(ProposalMeasure, row, proposal=proposal, measure=measure, tied_by=by))


def load_decision(loader: Loader, proposal: MeasureProposal, row: Row, by: User) -> None:
    published = row.take("published", None)
    decision = loader.build(
        Decision,
        row,
        proposal=proposal,
        merged_into=loader.find(MeasureProposal, row.take("merged_into", None), row.place),
        group=loader.find(Group, row.take("group", None), row.place),
        decided_by=by,
        published_at=noon(published, row.place) if published else None,
    )
    loader.save(row, decision)
