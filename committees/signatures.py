"""Who is to sign a paper, and whether all have."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from committees.models import Paper, SigningChain, SigningRequest, SigningRound, SigningStep
from committees.signed_content import Content, content_of, same
from municipalities.models import Person


@dataclass(frozen=True)
class Proposed:
    """A step of the chain for one paper: who it is, or the sentence that says why there is nobody, or why
    nobody is needed."""

    step: SigningStep
    person: Person | None
    problem: str = ""
    not_needed: str = ""


def chain_for(paper: Paper) -> SigningChain | None:
    """The one for the paper's type, or the town's for all others."""
    chains = SigningChain.objects.in_town(paper.municipality)
    own: SigningChain | None = chains.filter(paper_types=paper.paper_type_id).first()
    return own or chains.filter(default=True).first()


def proposed(paper: Paper, chain: SigningChain) -> list[Proposed]:
    """The chain's steps in order, with the people that follow from the paper."""
    steps = chain.steps.select_related("person__user").order_by("position", "pk")
    return [_proposed(paper, step) for step in steps]


def _proposed(paper: Paper, step: SigningStep) -> Proposed:
    if step.only_if_costs and paper.costs == Paper.Costs.NONE:
        return Proposed(step, _person(paper, step)[0], not_needed=_("Die Vorlage verursacht keine Kosten."))
    person, problem = _person(paper, step)
    if person is not None and not can_sign(person):
        problem = _(
            "%(person)s hat kein Benutzerkonto und kann deshalb nicht zeichnen. Wählen Sie jemand anderen, "
            "oder bitten Sie die Fachadministration um ein Konto."
        ) % {"person": person}
    if person is None and not problem:
        return Proposed(step, None, not_needed=_("Der Fachbereich gehört zu keiner anderen Stelle."))
    return Proposed(step, person, problem=problem)


def can_sign(person: Person) -> bool:
    return person.user is not None and person.user.is_active


def _person(paper: Paper, step: SigningStep) -> tuple[Person | None, str]:
    """Neither a person nor a sentence: there is no such office above the paper's."""
    if step.who == SigningStep.Who.PERSON:
        return step.person, ""
    if step.who == SigningStep.Who.AUTHOR:
        nobody = _("In der Vorlage ist nicht eingetragen, wer sie bearbeitet. Wählen Sie hier, wer zeichnet.")
        return paper.author, "" if paper.author else nobody
    office = paper.department
    if office is None:
        return None, _("In der Vorlage fehlt der federführende Fachbereich. Wählen Sie hier, wer zeichnet.")
    if step.who == SigningStep.Who.HEAD_ABOVE:
        office = office.parent
        if office is None:
            return None, ""
    if office.head is None:
        return None, _(
            "Für „%s“ ist keine Leitung eingetragen. Die Fachadministration trägt sie in der Verwaltung "
            "unter „Einrichtungen“ ein; für diese Vorlage können Sie hier wählen, wer zeichnet."
        ) % office
    return office.head, ""


def current_round(paper: Paper) -> SigningRound | None:
    found: SigningRound | None = paper.signing_rounds.filter(state__in=SigningRound.CURRENT).first()
    return found


def stale(requests: list[SigningRequest], content: Content) -> list[SigningRequest]:
    """Signatures that were given to a text which they concern and which has changed since."""
    return [
        request
        for request in requests
        if request.is_signed and not same(request.content or {}, content, request.concerns)
    ]


def missing_signatures(paper: Paper) -> list[str]:
    """A sentence for each thing that is missing before the release; none where nobody has to sign."""
    running = current_round(paper)
    if running is None:
        if chain_for(paper) is None:
            return []
        return [_("Die Mitzeichnung hat noch nicht begonnen.")]
    rows = list(running.requests.select_related("person"))
    open_rows = [row for row in rows if row.state in SigningRequest.OPEN]
    sentences = [
        _("Die Mitzeichnung von %(person)s (%(title)s) steht noch aus.")
        % {"person": row.person, "title": row.title}
        for row in open_rows
    ]
    sentences += [
        _(
            "%(person)s (%(title)s) hat einen früheren Stand gezeichnet. "
            "Bitte fragen Sie auf der Seite „Mitzeichnung“ noch einmal."
        )
        % {"person": row.person, "title": row.title}
        for row in stale(rows, content_of(paper))
    ]
    sentences += [_unasked(row) for row in skipped_for_costs(rows, paper)]
    return sentences


def _unasked(row: SigningRequest) -> str:
    if row.person is None:
        return (
            _(
                "Für „%s“ wurde niemand gefragt, weil die Vorlage keine Kosten hatte. Jetzt ist das anders. "
                "Bitte brechen Sie die Mitzeichnung ab und beginnen Sie neu."
            )
            % row.title
        )
    return _(
        "%(person)s (%(title)s) wurde nicht gefragt, weil die Vorlage keine Kosten hatte. Jetzt ist das "
        "anders. Bitte fragen Sie auf der Seite „Mitzeichnung“ noch einmal."
    ) % {"person": row.person, "title": row.title}


def skipped_for_costs(rows: list[SigningRequest], paper: Paper) -> list[SigningRequest]:
    """Those who were not asked because the paper cost nothing, while now it does."""
    if paper.costs == Paper.Costs.NONE:
        return []
    repeated = {row.repeats_id for row in rows}
    return [
        row
        for row in rows
        if row.state == SigningRequest.State.LEFT_OUT and row.for_free and row.pk not in repeated
    ]
