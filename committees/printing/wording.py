"""How the proposal is put to a committee: what an advising, a deciding, a noting committee is asked to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from committees.grammar import Case, capitalised
from committees.models import Consultation, Paper

# `{gremium}` in the opening of a proposal, and `{beschließt|beschließen}` for one or several committees.
COMMITTEE = "{gremium}"
ALTERNATIVES = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")


@dataclass(frozen=True)
class Proposal:
    """`own` stands alone where a stage has its own wording. Otherwise the sentence to this committee,
    then the proposal as meant for the deciding body: its opening and the points (HTML)."""

    sentence: str = ""
    opening: str = ""
    points: tuple[str, ...] = ()
    own: str = ""

    def __bool__(self) -> bool:
        return bool(self.sentence or self.opening or self.points or self.own)


def deciding_stage(route: Sequence[Consultation]) -> Consultation | None:
    """The last stage that decides and takes place."""
    deciding = [
        stage for stage in route if stage.meaning == Consultation.Meaning.DECIDE and not stage.left_out
    ]
    return deciding[-1] if deciding else None


def proposal_for(
    stage: Consultation, route: Sequence[Consultation], paper: Paper, points: Sequence[str]
) -> Proposal:
    if stage.own_wording:
        return Proposal(own=stage.own_wording)
    decider = deciding_stage(route)
    opening = opening_for(paper.resolution_opening, decider or stage)
    has_proposal = bool(points or opening)
    return Proposal(sentence=_sentence(stage, decider, has_proposal), opening=opening, points=tuple(points))


def opening_for(pattern: str, decider: Consultation) -> str:
    """The town's own opening, with the deciding body put in."""
    joint = is_joint(decider)
    chosen = ALTERNATIVES.sub(lambda found: found[2] if joint else found[1], pattern)
    return capitalised(chosen.replace(COMMITTEE, decider.committees_in_case(Case.NOMINATIVE)))


def is_joint(stage: Consultation) -> bool:
    return len(stage.committees()) > 1


def _sentence(stage: Consultation, decider: Consultation | None, has_proposal: bool) -> str:
    subject = capitalised(stage.committees_in_case(Case.NOMINATIVE))
    joint = is_joint(stage)
    other = decider if decider and decider.pk != stage.pk else None
    match stage.meaning:
        case Consultation.Meaning.ADVISE if has_proposal:
            return _advice(subject, joint, other)
        case Consultation.Meaning.ADVISE:
            return (
                _("%s beraten die Vorlage vor.") % subject
                if joint
                else _("%s berät die Vorlage vor.") % subject
            )
        case Consultation.Meaning.NOTE:
            return _notice(subject, joint, other, has_proposal)
        case Consultation.Meaning.HEAR:
            verb = _("werden") if joint else _("wird")
            if not has_proposal:
                return _("%(subject)s %(verb)s zu dieser Vorlage angehört.") % {
                    "subject": subject,
                    "verb": verb,
                }
            what = _("zu folgendem Beschlussvorschlag%s") % _meant_for(other)
            return _("%(subject)s %(verb)s %(what)s angehört:") % {
                "subject": subject,
                "verb": verb,
                "what": what,
            }
        case Consultation.Meaning.RELEASE:
            verb = _("geben") if joint else _("gibt")
            if not has_proposal:
                return _("%(subject)s %(verb)s diese Vorlage zur Beratung frei.") % {
                    "subject": subject,
                    "verb": verb,
                }
            what = _("den folgenden Beschlussvorschlag%s") % _meant_for(other)
            return _("%(subject)s %(verb)s %(what)s zur Beratung frei:") % {
                "subject": subject,
                "verb": verb,
                "what": what,
            }
        case _:
            return ""


def _advice(subject: str, joint: bool, decider: Consultation | None) -> str:
    verb = _("empfehlen") if joint else _("empfiehlt")
    whom = " " + decider.committees_in_case(Case.DATIVE) if decider else ""
    return _("%(subject)s %(verb)s%(whom)s, folgenden Beschluss zu fassen:") % {
        "subject": subject,
        "verb": verb,
        "whom": whom,
    }


def _notice(subject: str, joint: bool, decider: Consultation | None, has_proposal: bool) -> str:
    verb = _("nehmen") if joint else _("nimmt")
    if not has_proposal:
        return _("%(subject)s %(verb)s die Vorlage zur Kenntnis.") % {"subject": subject, "verb": verb}
    what = _("den folgenden Beschlussvorschlag%s") % _meant_for(decider) if decider else _("Folgendes")
    return _("%(subject)s %(verb)s %(what)s zur Kenntnis:") % {"subject": subject, "verb": verb, "what": what}


def _meant_for(decider: Consultation | None) -> str:
    return _(" für %s") % decider.committees_in_case(Case.ACCUSATIVE) if decider else ""
