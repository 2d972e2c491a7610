"""Recording what came of a stage: the result, the votes, the text as resolved, and what follows.

Recorded while the committee meets, or after; corrected with a reason until the minutes are signed. Every step
locks the paper first. Who saves second sees what the first has recorded.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.amending import decide_amendment
from committees.actions.balloting import write_votes
from committees.actions.following import come_again, end_route, refer, take_back
from committees.actions.locking import lock_paper
from committees.actions.minuted import check_open
from committees.actions.resolving import (
    check_nothing_came_of_it,
    decide_amendments,
    replace_resolved,
    write_resolved,
)
from committees.models import (
    Amendment,
    Ballot,
    Committee,
    Consultation,
    Meeting,
)
from committees.outcomes import known_words, meaning_of, word_for
from committees.permissions import may_lead
from committees.voting import Vote, faults, filled, voters_of
from concepts.actions.signing import LONGEST_REASON, sign
from municipalities.models import User

Outcome = Consultation.Outcome
MEANWHILE = "meanwhile"


@dataclass(frozen=True)
class Recorded:
    """A result as it is typed.

    `wordings` has, by a point's `wording_key`, `carried`, `original`, or the id of the amendment whose other
    wording was chosen; `amendments` the new state, or `BESIDE`, by the amendment's id. Where `public` is not
    asked, it stays as it is.
    """

    outcome: str = ""
    result: str = ""
    note: str = ""
    public: bool | None = None
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

    @property
    def rejected_points(self) -> set[int | None]:
        return {
            vote.point_id
            for vote in self.votes
            if vote.kind == Ballot.Kind.POINT and vote.outcome == Outcome.REJECTED
        }


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
    decide_amendments(stage, recorded.amendments, outcome, by, reason)
    before = stage.outcome if stage.is_over else None
    stage.outcome, stage.result, stage.result_note = outcome, result, recorded.note.strip()
    if recorded.public is not None:
        stage.result_public = recorded.public
    stage.recorded_at, stage.recorded_by = timezone.now(), by
    stage.clean_fields(exclude=["own_wording"])
    sign(stage, by=by, reason=reason)
    stage.save()
    write_votes(stage, votes, by, reason)
    write_resolved(stage, recorded.wordings, recorded.rejected_points, by, reason)
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
        # What the whole came to is the stage's own word.
        judged = replace(vote, outcome=outcome) if vote.kind == Ballot.Kind.WHOLE else vote
        for name, sentence in faults(judged, voters):
            errors.setdefault(name, []).append(sentence)
        votes.append(vote)
    if errors:
        raise ValidationError(errors)
    return votes


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
