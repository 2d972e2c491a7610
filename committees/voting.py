"""Who may vote in a stage, and what cannot be true of a vote that somebody typed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from committees.attendance import voting_seats_present
from committees.models import (
    Ballot,
    CommitteeSeat,
    Consultation,
    Exclusion,
    Faction,
    MeetingAttendance,
)
from committees.models.results import VOTE_FIELDS

Counts = Mapping[str, int | None]


@dataclass(frozen=True)
class Vote:
    """What was counted in one ballot, as it is typed."""

    kind: str = Ballot.Kind.WHOLE
    point_id: int | None = None
    amendment_id: int | None = None
    counts: Counts = field(default_factory=dict)
    unanimous: bool = False
    result: str = ""
    outcome: str = ""
    factions: Mapping[int, Counts] = field(default_factory=dict)

    @property
    def target(self) -> tuple[str, int | None, int | None]:
        return (str(self.kind), self.point_id, self.amendment_id)

    @property
    def key(self) -> str:
        return vote_key(*self.target)

    @property
    def says_something(self) -> bool:
        return bool(self.counted or self.unanimous or self.outcome or self.result)

    @property
    def counted(self) -> bool:
        return any(self.counts.get(name) is not None for name in VOTE_FIELDS)


def vote_key(kind: str, point_id: int | None, amendment_id: int | None) -> str:
    """Names a ballot in forms and errors: `ganz`, `punkt-3`, `antrag-7`, `wahl-3-0`."""
    match kind:
        case Ballot.Kind.WHOLE:
            return "ganz"
        case Ballot.Kind.POINT:
            return f"punkt-{point_id}"
        case Ballot.Kind.AMENDMENT:
            return f"antrag-{amendment_id}"
        case _:
            return f"wahl-{point_id or 0}-{amendment_id or 0}"


def faction_key(key: str, faction_id: int) -> str:
    return f"{key}-fraktion-{faction_id}"


@dataclass(frozen=True)
class Voters:
    """Who has a vote in a stage. What the portal does not know is None, and is not checked."""

    day: datetime.date
    seats: int | None
    factions: dict[int, Faction]
    """Those that may vote that day."""
    faction_seats: dict[int, int] | None
    """None while not every seat is entered."""
    present: int | None
    excluded: int
    """Befangen at this item, of those with a vote."""

    @property
    def offered(self) -> list[Faction]:
        """The factions of these committees; all of the town while no seat is entered."""
        seated = self.faction_seats or {}
        found = [one for one in self.factions.values() if not seated or one.pk in seated]
        return sorted(found, key=lambda one: one.name)


def voters_of(stage: Consultation) -> Voters:
    day = stage.date or timezone.localdate()
    committees = stage.committees()
    rows = CommitteeSeat.objects.filter(committee__in=committees).voting().on(day)
    seats = list(rows.values_list("committee", "faction"))
    known = [
        one.voting_seats or sum(committee == one.pk for committee, _faction in seats) for one in committees
    ]
    by_faction: dict[int, int] = {}
    for _committee, faction in seats:
        if faction is not None:
            by_faction[faction] = by_faction.get(faction, 0) + 1
    all_entered = bool(seats) and all(known) and len(seats) >= sum(known)
    factions = Faction.objects.filter(municipality=stage.paper.municipality_id).on(day)
    return Voters(
        day=day,
        seats=sum(known) if known and all(known) else None,
        factions={one.pk: one for one in factions},
        faction_seats=by_faction if all_entered else None,
        present=_present(stage),
        excluded=_excluded(stage),
    )


def _present(stage: Consultation) -> int | None:
    """How many seats with a vote the list of attendance has filled; None while nobody is ticked."""
    if stage.meeting_id is None:
        return None
    rows = list(
        MeetingAttendance.objects.filter(meeting=stage.meeting_id).select_related("seat", "stands_in_for")
    )
    return sum(voting_seats_present(rows, committee.pk) for committee in stage.committees()) or None


def _excluded(stage: Consultation) -> int:
    if stage.agenda_item_id is None:
        return 0
    rows = Exclusion.objects.filter(agenda_item=stage.agenda_item_id).select_related("attendance__seat")
    return sum(row.attendance.votes for row in rows)


def filled(vote: Vote) -> Vote:
    """A total that nobody typed is the sum of the factions."""
    counts = {
        name: vote.counts.get(name) if vote.counts.get(name) is not None else _sum(vote, name)
        for name in VOTE_FIELDS
    }
    return replace(vote, counts=counts)


def _sum(vote: Vote, name: str) -> int | None:
    typed = [counts[name] for counts in vote.factions.values() if counts.get(name) is not None]
    return sum(number for number in typed if number is not None) if typed else None


def faults(vote: Vote, voters: Voters) -> Iterator[tuple[str, str]]:
    """The field's name and a sentence for each thing that cannot be. `vote` is filled."""
    key, counts = vote.key, vote.counts
    yield from _faction_faults(vote, voters)
    if vote.unanimous and counts.get("votes_against"):
        yield (
            f"{key}-votes_against",
            _(
                "Einstimmig heißt: ohne Gegenstimme. "
                "Bitte leeren Sie „Nein“ oder nehmen Sie „einstimmig“ zurück."
            ),
        )
    cast = sum(counts.get(name) or 0 for name in VOTE_FIELDS[:3])
    excluded = max(counts.get("excluded") or 0, voters.excluded)
    if voters.seats is not None and cast + excluded > voters.seats:
        sentence = _(
            "Das sind %(cast)d Stimmen, stimmberechtigt sind hier aber nur %(seats)d. "
            "Bitte prüfen Sie die Zahlen oder die Sitze des Gremiums."
        )
        if excluded:
            sentence = _(
                "Das sind %(cast)d Stimmen und %(excluded)d Befangene, stimmberechtigt sind hier aber "
                "nur %(seats)d. Wer befangen ist, stimmt nicht mit."
            )
        numbers = {"cast": cast, "excluded": excluded, "seats": voters.seats}
        yield f"{key}-votes_for", sentence % numbers
    typed = counts.get("excluded")
    if typed is not None and typed < voters.excluded:
        yield (
            f"{key}-excluded",
            _(
                "Bei diesem TOP sind in der Anwesenheit %d Stimmberechtigte als befangen eingetragen. "
                "Bitte prüfen Sie beides."
            )
            % voters.excluded,
        )
    yes, no = counts.get("votes_for"), counts.get("votes_against")
    carried = vote.outcome in (Consultation.Outcome.ACCEPTED, Consultation.Outcome.AMENDED)
    if carried and yes is not None and no is not None and yes <= no:
        yield (
            f"{key}-votes_for",
            _(
                "%(yes)d Ja und %(no)d Nein sind keine Mehrheit. "
                "Bitte prüfen Sie die Zahlen oder das Ergebnis."
            )
            % {"yes": yes, "no": no},
        )


def _faction_faults(vote: Vote, voters: Voters) -> Iterator[tuple[str, str]]:
    for pk, counts in vote.factions.items():
        name = next((one for one in VOTE_FIELDS if counts.get(one) is not None), VOTE_FIELDS[0])
        first = f"{faction_key(vote.key, pk)}-{name}"
        if pk not in voters.factions:
            yield first, gone(pk, voters.day)
            continue
        number = sum(count or 0 for count in counts.values())
        seats = (voters.faction_seats or {}).get(pk)
        if voters.faction_seats is not None and number > (seats or 0):
            yield (
                first,
                _("„%(faction)s“ hat hier %(seats)d Sitze, gezählt sind %(number)d Stimmen.")
                % {"faction": voters.factions[pk], "seats": seats or 0, "number": number},
            )
    for name in VOTE_FIELDS:
        total, together = vote.counts.get(name), _sum(vote, name)
        if total is not None and together is not None and together > total:
            yield (
                f"{vote.key}-{name}",
                _("Die Fraktionen haben zusammen %(together)d, hier stehen nur %(total)d.")
                % {"together": together, "total": total},
            )


def gone(faction_id: int, day: datetime.date) -> str:
    """Why this faction has no vote on the day."""
    faction = Faction.objects.filter(pk=faction_id).first()
    if faction is None:
        return _("Diese Fraktion gibt es nicht mehr. Bitte leeren Sie ihre Zeile.")
    return _(
        "Die Fraktion „%(faction)s“ gab es am %(day)s nicht (Zeitraum: %(span)s). "
        "Bitte leeren Sie ihre Zeile."
    ) % {"faction": faction, "day": f"{day:%d.%m.%Y}", "span": faction.span or _("ohne Angabe")}
