"""What a committee said and how it voted, in words: for its page, and for the Vorlagen of the later ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from committees.models import Ballot, Consultation
from committees.outcomes import UNANIMOUS

# In the order in which a reader wants them, not in the one in which they were typed.
ORDER = [Ballot.Kind.WHOLE, Ballot.Kind.POINT, Ballot.Kind.ALTERNATIVE, Ballot.Kind.AMENDMENT]


def with_ballots(*, everything: bool = True) -> Prefetch[Any]:
    """A stage's votes with all that `ballot_lines` names; without `everything` those that are public."""
    rows = Ballot.objects.all() if everything else Ballot.objects.everybodys()
    rows = rows.select_related("point", "amendment__point").prefetch_related("faction_votes__faction")
    return Prefetch("ballots", rows)


@dataclass(frozen=True)
class BallotLine:
    """`about` is empty for the vote on the whole; `factions` are name and votes."""

    about: str
    result: str
    votes: str
    factions: list[tuple[str, str]]

    @property
    def said(self) -> str:
        """`abgelehnt (3 Ja, 9 Nein)`."""
        if self.result and self.votes:
            return f"{self.result} ({self.votes})"
        return self.result or self.votes

    @property
    def by_faction(self) -> str:
        """`Fraktion der Mitte: 5 Ja; Neue Liste: 2 Nein`."""
        return "; ".join(f"{name}: {votes}" for name, votes in self.factions)


def result_of(stage: Consultation) -> str:
    """The town's own word; where it has none, what it means."""
    return stage.result or (str(stage.get_outcome_display()) if stage.outcome else "")


def ballot_lines(
    stage: Consultation, *, withheld: Collection[int] = (), sentence: str = ""
) -> list[BallotLine]:
    """A line for each vote that says something. Needs `with_ballots`.

    Of those `withheld` (ids) the `sentence` stands there instead of what came out.
    """
    rows = sorted(stage.ballots.all(), key=_place)
    lines = [
        BallotLine(_about(row), sentence, "", []) if row.pk in withheld else _line(row, stage) for row in rows
    ]
    return [line for line in lines if line.said or line.factions]


def _place(row: Ballot) -> tuple[int, int, int]:
    number = row.amendment.number if row.amendment else 0
    return (ORDER.index(Ballot.Kind(row.kind)), row.point.position if row.point else 0, number)


def _line(row: Ballot, stage: Consultation) -> BallotLine:
    whole = row.kind == Ballot.Kind.WHOLE
    result = row.result or (str(row.get_outcome_display()) if row.outcome else "")
    said = result_of(stage) if whole else result
    unanimous = UNANIMOUS if row.unanimous and UNANIMOUS not in said.casefold() else ""
    return BallotLine(
        about=_about(row),
        result="" if whole else result,
        votes=", ".join(filter(None, [unanimous, row.in_words])),
        factions=[(_name(vote.faction), vote.in_words) for vote in row.faction_votes.all()],
    )


def _name(faction: Any) -> str:
    return faction.short_name or faction.name


def _about(row: Ballot) -> str:
    point = _("Punkt %d") % row.point.position if row.point else ""
    match row.kind:
        case Ballot.Kind.POINT:
            return point
        case Ballot.Kind.AMENDMENT:
            return str(row.amendment)
        case Ballot.Kind.ALTERNATIVE:
            wording = _("Wortlaut aus %s") % row.amendment if row.amendment else _("Wortlaut der Vorlage")
            return ", ".join(filter(None, [point, wording]))
    return ""
