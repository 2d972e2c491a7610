"""Writing the votes of a stage; which of them can be true was asked before (committees/voting.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from committees.models import Ballot, Consultation, FactionVote
from committees.models.results import VOTE_FIELDS
from committees.voting import Vote
from concepts.actions.signing import sign
from municipalities.models import User


def write_votes(stage: Consultation, votes: Sequence[Vote], by: User, reason: str) -> None:
    """The ballots as typed; those that nothing was typed for go."""
    old = {(row.kind, row.point_id, row.amendment_id): row for row in stage.ballots.all()}
    wanted = {vote.target for vote in votes}
    for target, row in old.items():
        if target not in wanted:
            sign(row, by=by, reason=reason)
            row.delete()
    last = max((row.position for row in old.values()), default=0)
    for vote in votes:
        found = old.get(vote.target)
        if found is None:
            last += 1
            found = Ballot(consultation=stage, position=last)
        _write_vote(found, vote, by, reason)


def _write_vote(ballot: Ballot, vote: Vote, by: User, reason: str) -> None:
    kind, point, amendment = vote.target
    values = {
        "kind": kind,
        "point_id": point,
        "amendment_id": amendment,
        "unanimous": vote.unanimous,
        "result": vote.result,
        "outcome": vote.outcome,
        **{name: vote.counts.get(name) for name in VOTE_FIELDS},
    }
    _save_changed(ballot, values, by, reason)
    old = {row.faction_id: row for row in ballot.faction_votes.all()}
    for faction, row in old.items():
        if faction not in vote.factions:
            sign(row, by=by, reason=reason)
            row.delete()
    for faction, counts in vote.factions.items():
        row = old.get(faction) or FactionVote(ballot=ballot, faction_id=faction)
        _save_changed(row, {name: counts.get(name) for name in VOTE_FIELDS}, by, reason)


def _save_changed(row: Any, values: Mapping[str, Any], by: User, reason: str) -> None:
    if row.pk is not None and all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    sign(row, by=by, reason=reason)
    row.save()
