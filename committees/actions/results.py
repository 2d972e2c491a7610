"""Recording what came of a stage: the result, the votes, the text as resolved, and what follows.

Recorded while the committee meets, or after; corrected with a reason until the minutes are signed. Every step
locks the paper first. Who saves second sees what the first has recorded.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.amending import decide_amendment
from committees.actions.following import come_again, end_route, refer, take_back
from committees.actions.locking import lock_paper
from committees.actions.minuted import check_open
from committees.carrying import CarriedPoint, points_after
from committees.models import (
    Amendment,
    Ballot,
    Committee,
    Consultation,
    FactionVote,
    Meeting,
    Paper,
    ResolvedPoint,
)
from committees.models.results import VOTE_FIELDS
from committees.outcomes import known_words, meaning_of, word_for
from committees.permissions import may_lead
from committees.voting import Vote, faults, filled, voters_of
from concepts.actions.signing import LONGEST_REASON, sign
from municipalities.models import User

Outcome = Consultation.Outcome
MEANWHILE = "meanwhile"
# The committee has dealt with the text; every amendment that was moved there has an answer then.
DEALT_WITH = (Outcome.ACCEPTED, Outcome.AMENDED, Outcome.REJECTED, Outcome.NOTED, Outcome.WITHOUT_VOTE)
CARRIED, ORIGINAL = "carried", "original"
BESIDE = "beside"
"""Accepted as another wording beside the text."""


@dataclass(frozen=True)
class Recorded:
    """A result as it is typed. `wordings` has, by a point's `wording_key`, `carried`, `original`, or the id of
    the amendment whose other wording was chosen; `amendments` the new state, or `BESIDE`, by the amendment's
    id."""

    outcome: str = ""
    result: str = ""
    note: str = ""
    votes: Sequence[Vote] = ()
    amendments: Mapping[int, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    again_in: Meeting | None = None
    referred_to: Committee | None = None
    referred_role: str = ""
    comes_back: bool = False

    @property
    def unanimous(self) -> bool:
        whole = self.vote_on_the_whole
        return whole is not None and whole.unanimous

    @property
    def vote_on_the_whole(self) -> Vote | None:
        return next((vote for vote in self.votes if vote.kind == Ballot.Kind.WHOLE), None)


@transaction.atomic
def record_result(
    *, stage: Consultation, recorded: Recorded, by: User, opened: str, reason: str = ""
) -> Consultation:
    """`opened` is the `version_of` the result when the form was opened."""
    stage = lock_stage(stage, by)
    check_open(stage.meeting)
    if sentence := why_not(stage):
        raise ValidationError(sentence)
    check_version(stage, opened)
    reason = stated(stage, reason)
    outcome, result = named(stage, recorded)
    votes = checked_votes(stage, recorded, outcome)
    if stage.is_over and stage.outcome != outcome:
        check_nothing_came_of_it(stage)
        take_back(stage, by, reason)
        stage = lock_stage(stage, by)  # its place may be another one now
    decide_amendments(stage, recorded, outcome, by, reason)
    before = stage.outcome if stage.is_over else None
    stage.outcome, stage.result, stage.result_note = outcome, result, recorded.note.strip()
    stage.recorded_at, stage.recorded_by = timezone.now(), by
    stage.clean_fields(exclude=["own_wording"])
    sign(stage, by=by, reason=reason)
    stage.save()
    write_votes(stage, votes, by, reason)
    write_resolved(stage, recorded, by, reason)
    if before != outcome:
        lead_on(stage, recorded, by)
    return stage


@transaction.atomic
def remove_result(*, stage: Consultation, by: User, opened: str, reason: str) -> Consultation:
    """It was recorded at the wrong item: the committee has not answered. The history keeps it."""
    stage = lock_stage(stage, by)
    check_open(stage.meeting)
    check_version(stage, opened)
    if not stage.is_over:
        raise ValidationError(_("Zu dieser Beratung ist kein Ergebnis eingetragen."))
    reason = stated(stage, reason)
    check_nothing_came_of_it(stage)
    take_back(stage, by, reason)
    stage = lock_stage(stage, by)
    for amendment in stage.amendments.exclude(state=Amendment.State.MOVED).order_by("-decided_order"):
        decide_amendment(amendment=amendment, state=Amendment.State.MOVED, by=by, reason=reason)
    stage.outcome = stage.result = stage.result_note = ""
    stage.recorded_at = stage.recorded_by = None
    sign(stage, by=by, reason=reason)
    stage.save()
    write_votes(stage, [], by, reason)
    replace_resolved(stage, [], by, reason)
    return stage


def lock_stage(stage: Consultation, by: User) -> Consultation:
    """The stage as it is now, its paper held until the transaction ends."""
    paper = lock_paper(stage.paper_id)
    if not may_lead(by, paper.municipality_id):
        raise PermissionDenied(_("Ergebnisse trägt der Sitzungsdienst oder die Fachadministration ein."))
    rows = Consultation.objects.filter(paper=paper).select_related(
        "committee", "meeting", "agenda_item", "recorded_by"
    )
    found = rows.prefetch_related("joint_committees").filter(pk=stage.pk).first()
    if found is None:
        raise ValidationError(
            _("Diese Beratung gibt es nicht mehr; jemand hat sie aus der Beratungsfolge genommen.")
        )
    found.paper = paper
    return found


def why_not(stage: Consultation, today: datetime.date | None = None) -> str:
    """Why no result can be recorded for this stage now; empty where one can. Signed minutes are asked for
    by themselves (`check_open`)."""
    today = today or timezone.localdate()
    if not stage.paper.released:
        return _("Die Vorlage ist noch nicht freigegeben. Ein Ergebnis gibt es erst zu einer freigegebenen.")
    if stage.left_out:
        return _("Diese Beratung entfällt. Ein Ergebnis kann sie nicht haben.")
    if stage.committee_id is not None and stage.meeting is None:
        return _("Diese Beratung hat noch keine Sitzung. Bitte tragen Sie in der Beratungsfolge eine ein.")
    if stage.meeting is not None:
        if stage.meeting.cancelled:
            return _("Diese Sitzung ist abgesagt. Bitte verlegen Sie die Beratung in eine andere.")
        if stage.meeting.date > today:
            return (
                _("Die Sitzung ist erst am %s. Ergebnisse lassen sich ab diesem Tag eintragen.")
                % f"{stage.meeting.date:%d.%m.%Y}"
            )
    if stage.agenda_item is not None and stage.agenda_item.taken_off:
        return _("Dieser TOP ist abgesetzt. Die Beratung braucht eine andere Sitzung.")
    return ""


def version_of(stage: Consultation) -> str:
    """Which recording of the result somebody has before them; empty before the first."""
    return stage.recorded_at.isoformat() if stage.recorded_at else ""


def check_version(stage: Consultation, opened: str) -> None:
    if opened == version_of(stage):
        return
    if stage.recorded_at is None:
        sentence = _(
            "Das Ergebnis wurde gerade entfernt. Soll Ihres gelten, speichern Sie bitte noch einmal."
        )
        raise ValidationError(sentence, code=MEANWHILE)
    raise ValidationError(
        _(
            "%(who)s hat am %(when)s zu diesem TOP „%(result)s“ eingetragen. Es steht unten. "
            "Ihre Eingaben sind noch da; sollen sie gelten, nennen Sie den Grund und speichern noch einmal."
        )
        % {
            "who": stage.recorded_by or _("Jemand anderes"),
            "when": f"{timezone.localtime(stage.recorded_at):%d.%m.%Y um %H:%M Uhr}",
            "result": stage.result or stage.get_outcome_display(),
        },
        code=MEANWHILE,
    )


def stated(stage: Consultation, reason: str) -> str:
    """Why a result that was recorded already is another one; the first needs no reason."""
    reason = " ".join(reason.split())
    if stage.is_over and not reason:
        raise ValidationError(
            {"reason": _("Das Ergebnis ist schon eingetragen. Bitte nennen Sie den Grund der Berichtigung.")}
        )
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("Bitte höchstens %d Zeichen.") % LONGEST_REASON})
    return reason


def named(stage: Consultation, recorded: Recorded) -> tuple[str, str]:
    """Outcome and word: each may be left to the other."""
    result, outcome = " ".join(recorded.result.split()), recorded.outcome
    words = known_words(stage.paper.municipality)
    if not outcome and result:
        outcome = meaning_of(result, words)
        unchanged = result == stage.result and not stage.outcome
        if not outcome and not unchanged:  # an imported word stays as it is
            raise ValidationError(
                {
                    "outcome": _("Das Portal kennt „%s“ noch nicht. Bitte wählen Sie, was es bedeutet.")
                    % result
                }
            )
    if not outcome and not result:
        raise ValidationError({"outcome": _("Bitte wählen Sie, was herauskam.")})
    if not result:
        result = word_for(outcome, stage.meaning, words, unanimous=recorded.unanimous)
    return outcome, result


def checked_votes(stage: Consultation, recorded: Recorded, outcome: str) -> list[Vote]:
    voters = voters_of(stage)
    errors: dict[str, list[str]] = {}
    votes = []
    for typed in recorded.votes:
        vote = filled(typed)
        if not vote.says_something and not vote.factions:
            continue
        if vote.kind == Ballot.Kind.WHOLE:
            # What the whole came to is the stage's own word.
            judged = replace(vote, outcome=outcome)
        else:
            judged = vote
        for name, sentence in faults(judged, voters):
            errors.setdefault(name, []).append(sentence)
        votes.append(vote)
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]
    return votes


# ---- Amendments and wordings -----------------------------------------------------------------------------


def decide_amendments(stage: Consultation, recorded: Recorded, outcome: str, by: User, reason: str) -> None:
    amendments = list(stage.amendments.order_by("number"))
    if outcome in DEALT_WITH:
        for amendment in amendments:
            if recorded.amendments.get(amendment.pk, amendment.state) == Amendment.State.MOVED:
                raise ValidationError(
                    {
                        f"antrag-{amendment.pk}-state": _(
                            "Bitte tragen Sie ein, was aus dem Änderungsantrag %d wurde."
                        )
                        % amendment.number
                    }
                )
    wanted = {one.pk: _answer(one, recorded.amendments.get(one.pk)) for one in amendments}
    changes_text = [one for one in amendments if wanted[one.pk] == (Amendment.State.ACCEPTED, False)]
    if outcome == Outcome.ACCEPTED and changes_text:
        raise ValidationError(
            {
                "outcome": _(
                    "Der Änderungsantrag %d ist angenommen. Das Ergebnis ist dann „geändert angenommen“."
                )
                % changes_text[0].number
            }
        )
    changed = [one for one in amendments if wanted[one.pk] != (one.state, one.beside)]
    # What is taken back goes first, so that the others find the text without it.
    changed.sort(key=lambda one: (wanted[one.pk][0] == Amendment.State.ACCEPTED, one.number))
    for amendment in changed:
        state, beside = wanted[amendment.pk]
        try:
            decide_amendment(amendment=amendment, state=state, beside=beside, by=by, reason=reason)
        except ValidationError as error:
            raise ValidationError({f"antrag-{amendment.pk}-state": error.messages}) from error


def _answer(amendment: Amendment, typed: str | None) -> tuple[str, bool]:
    """Its state, and whether it stands beside the text."""
    if typed == BESIDE:
        return (Amendment.State.ACCEPTED, True)
    if typed == Amendment.State.ACCEPTED:
        return (typed, False)
    return (typed or amendment.state, amendment.beside)


def wording_key(row: CarriedPoint) -> str:
    """Names a point of the text in the form: those that an amendment added have no row of their own."""
    if row.point is not None:
        return str(row.point.pk)
    return f"neu-{row.changes[0].pk}" if row.changes else f"neu-{row.position}"


def resolves(stage: Consultation, outcome: str) -> bool:
    """Whether the text is fast with this result."""
    return stage.meaning == Consultation.Meaning.DECIDE and outcome in (Outcome.ACCEPTED, Outcome.AMENDED)


def write_resolved(stage: Consultation, recorded: Recorded, by: User, reason: str) -> None:
    rows = resolved_rows(stage, recorded) if resolves(stage, stage.outcome) else []
    replace_resolved(stage, rows, by, reason)


def resolved_rows(stage: Consultation, recorded: Recorded) -> list[dict[str, Any]]:
    """Each point in the wording that was chosen; one that is struck is none."""
    if stage.own_wording:
        return [{"position": 1, "point_id": None, "text": stage.own_wording}]
    rejected = {
        vote.point_id
        for vote in recorded.votes
        if vote.kind == Ballot.Kind.POINT and vote.outcome == Outcome.REJECTED
    }
    rows: list[dict[str, Any]] = []
    # Read anew: what was decided a moment ago is in the database only.
    for row in points_after(Paper.objects.get(pk=stage.paper_id), stage):
        chosen = recorded.wordings.get(wording_key(row), "")
        text, origin = chosen_text(row, chosen)
        if text:
            point = row.point.pk if row.point else None
            rows.append(
                {
                    "position": len(rows) + 1,
                    "point_id": point,
                    "text": text,
                    "origin": origin,
                    "rejected": point is not None and point in rejected,
                }
            )
    return rows


def chosen_text(row: CarriedPoint, chosen: str) -> tuple[str, str]:
    name = f"wortlaut-{wording_key(row)}"
    if not chosen and row.alternatives:
        raise ValidationError(
            {name: _("Hier gibt es mehrere Wortlaute. Bitte wählen Sie den, der beschlossen ist.")}
        )
    match chosen:
        case "" | "carried":
            return row.text, ResolvedPoint.Origin.CARRIED
        case "original" if row.original:
            return row.original, ResolvedPoint.Origin.ORIGINAL
    other = next((one for one in row.alternatives if str(one.pk) == chosen), None)
    if other is None:
        raise ValidationError({name: _("Diesen Wortlaut gibt es nicht mehr. Bitte wählen Sie noch einmal.")})
    return other.after, ResolvedPoint.Origin.ALTERNATIVE


def replace_resolved(stage: Consultation, rows: list[dict[str, Any]], by: User, reason: str) -> None:
    old = list(stage.resolved_points.order_by("position"))
    defaults = {"origin": ResolvedPoint.Origin.CARRIED, "rejected": False}
    wanted = [defaults | row for row in rows]
    names = ("position", "point_id", "text", "origin", "rejected")
    if [{name: getattr(row, name) for name in names} for row in old] == [
        {name: row[name] for name in names} for row in wanted
    ]:
        return
    if old:
        check_nothing_came_of_it(stage)
    for row in old:
        sign(row, by=by, reason=reason)
        row.delete()
    for values in wanted:
        row = ResolvedPoint(consultation=stage, **values)
        sign(row, by=by, reason=reason)
        row.save()


def check_nothing_came_of_it(stage: Consultation) -> None:
    """What was made of a resolution cannot be without it."""
    follows = (
        stage.tasks.exists()
        or stage.measure_decisions.exists()
        or Consultation.objects.filter(pk=stage.pk, resolved_version__isnull=False).exists()
    )
    if follows:
        raise ValidationError(
            _(
                "Aus diesem Beschluss sind schon Aufträge, Entscheidungen über Maßnahmen oder eine "
                "beschlossene Fassung entstanden. Ergebnis und Text bleiben deshalb; Stimmen, Wortlaut des "
                "Ergebnisses und Bemerkung lassen sich berichtigen."
            )
        )


# ---- Votes -----------------------------------------------------------------------------------------------


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


# ---- What follows ----------------------------------------------------------------------------------------


def lead_on(stage: Consultation, recorded: Recorded, by: User) -> None:
    """The route goes on as the committee said."""
    said = f"{stage.committee_names()}: {stage.result}"
    match stage.outcome:
        case Outcome.DEFERRED:
            check_other_meeting(recorded.again_in, stage.committees(), stage, "again_in")
            come_again(stage, recorded.again_in, by, said)
        case Outcome.REFERRED:
            committee = recorded.referred_to
            if committee is None:
                raise ValidationError({"referred_to": _("Bitte wählen Sie, wohin verwiesen wurde.")})
            refer(stage, committee, recorded.referred_role, by, said, comes_back=recorded.comes_back)
        case Outcome.WITHDRAWN:
            end_route(stage, by)


def check_other_meeting(
    meeting: Meeting | None, committees: Sequence[Committee], stage: Consultation, name: str
) -> None:
    if meeting is None:
        return
    check: dict[str, str] = {}
    sitting = set(meeting.committees.all())
    if sitting and not sitting.issuperset(committees):
        check[name] = _("In dieser Sitzung tagt dieses Gremium nicht. Bitte wählen Sie eine andere.")
    elif meeting.cancelled or (stage.date and meeting.date < stage.date) or meeting.pk == stage.meeting_id:
        check[name] = _("Bitte wählen Sie eine spätere Sitzung, die stattfindet, oder lassen Sie sie offen.")
    if check:
        raise ValidationError(check)
