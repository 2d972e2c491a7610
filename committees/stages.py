"""Where each stage of a route stands, for the picture of the route."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from committees.models import Consultation
from committees.results_in_words import BallotLine, ballot_lines

_STATE_OF_OUTCOME = {
    Consultation.Outcome.ACCEPTED: "done",
    Consultation.Outcome.NOTED: "done",
    Consultation.Outcome.WITHOUT_VOTE: "done",
    Consultation.Outcome.AMENDED: "amended",
    Consultation.Outcome.REJECTED: "rejected",
    Consultation.Outcome.WITHDRAWN: "rejected",
    Consultation.Outcome.DEFERRED: "deferred",
    Consultation.Outcome.REFERRED: "deferred",
}


@dataclass(frozen=True)
class Stage:
    """A consultation and where it stands: `state` names its sign, `word` says the same in German."""

    consultation: Consultation
    state: str
    word: str

    @property
    def lines(self) -> list[BallotLine]:
        """The votes. Needs `with_ballots`."""
        return ballot_lines(self.consultation)

    @property
    def current(self) -> bool:
        return self.state == "current"


def stages_of(consultations: Iterable[Consultation]) -> list[Stage]:
    """In order. The first stage that is neither left out nor answered is the current one."""
    stages: list[Stage] = []
    for consultation in consultations:
        if consultation.left_out:
            stages.append(Stage(consultation, "skipped", _("entfällt")))
        elif consultation.is_over:
            state = (
                _STATE_OF_OUTCOME.get(Consultation.Outcome(consultation.outcome), "done")
                if consultation.outcome
                else "done"
            )
            stages.append(
                Stage(consultation, state, consultation.result or consultation.get_outcome_display())
            )
        elif any(stage.current for stage in stages):
            stages.append(Stage(consultation, "planned", _("folgt")))
        else:
            stages.append(Stage(consultation, "current", _("als Nächstes")))
    return stages
