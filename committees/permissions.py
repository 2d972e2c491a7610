"""Who may do what with a paper: named predicates, nothing else decides."""

from __future__ import annotations

from typing import Any

from committees.models import MinutesSignature, Paper, ResolutionTask, SigningRequest
from committees.models.bodies import LEADING
from municipalities.models import Role
from municipalities.reader_rows import RowsByReader

# Asked for on each page of a paper.
CONCERNING = RowsByReader(
    lambda user, paper: (
        SigningRequest.objects.concerning(user).filter(round__paper=paper).values_list("pk")[:1]
    )
)


def may_issue(user: Any, paper: Paper) -> bool:
    """The council service and the Fachadministration send a stage's Vorlage out of the house."""
    return bool(user.is_authenticated) and user.access.has_role(
        paper.municipality_id, Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION
    )


def may_create_paper(user: Any, municipality_id: int) -> bool:
    """Who writes papers in this town: every office of the administration."""
    return bool(user.is_authenticated) and user.access.has_role(
        municipality_id,
        Role.Kind.EDITING,
        Role.Kind.ADMINISTRATION,
        Role.Kind.COUNCIL_SERVICE,
        Role.Kind.DEPARTMENT,
    )


def may_write(user: Any, paper: Paper) -> bool:
    """Before its release; a Fachamt writes the papers of its own office only. Who is asked to countersign may
    mend what they read."""
    if paper.released:
        return False
    return prepares(user, paper) or (paper.state == Paper.State.SIGNING and is_asked(user, paper))


def may_route(user: Any, paper: Paper) -> bool:
    """Who writes the paper plans its route; once it is released, the council service leads it."""
    return may_issue(user, paper) or (not paper.released and prepares(user, paper))


def may_set_publicity(user: Any, paper: Paper) -> bool:
    """Who writes the draft says what of it is not public; later those who send it out of the house."""
    return may_issue(user, paper) or (not paper.released and prepares(user, paper))


def may_check(user: Any, paper: Paper) -> bool:
    """Who writes, signs or sends out the paper sees what is wrong with it."""
    return may_route(user, paper) or (
        bool(user.is_authenticated)
        and (user.access.has_role(paper.municipality_id, Role.Kind.COUNTERSIGNING) or prepares(user, paper))
    )


def may_release(user: Any, paper: Paper) -> bool:
    """The same offices that issue: they give the number."""
    return may_issue(user, paper)


def may_start_signing(user: Any, paper: Paper) -> bool:
    return paper.state == Paper.State.DRAFT and prepares(user, paper)


def may_cancel_signing(user: Any, paper: Paper) -> bool:
    """And ask again after a change that the portal was not told of."""
    return paper.state == Paper.State.SIGNING and prepares(user, paper)


def may_see_signing(user: Any, paper: Paper) -> bool:
    """The house's own affair: for who prepares papers, who countersigns, and who was asked."""
    if not user.is_authenticated:
        return False
    if prepares(user, paper) or user.access.has_role(paper.municipality_id, Role.Kind.COUNTERSIGNING):
        return True
    return bool(CONCERNING.rows(user, paper.pk))


def is_asked(user: Any, paper: Paper) -> bool:
    """Whether the paper waits for this user's signature now."""
    if not user.is_authenticated:
        return False
    return bool(SigningRequest.objects.to_decide(user).filter(round__paper=paper).exists())


def may_lead(user: Any, municipality_id: int) -> bool:
    """Who runs the council's business: committees, meetings, agendas, results, minutes, what comes of them.

    Chairs and recorders have no more rights than their seat."""
    return bool(user.is_authenticated) and user.access.has_role(municipality_id, *LEADING)


def may_comment_amendments(user: Any, paper: Paper) -> bool:
    """The administration's word on an amendment: who leads the council's business, and whose paper it is."""
    return may_lead(user, paper.municipality_id) or prepares(user, paper)


def may_report(user: Any, task: ResolutionTask) -> bool:
    """Whose task it is: the person, the office's people, and who runs the council's business."""
    if not user.is_authenticated:
        return False
    town = task.paper.municipality_id
    if may_lead(user, town) or (task.person is not None and task.person.user_id == user.pk):
        return True
    return town in user.access.towns_with() and task.institution_id in user.access.institutions


def may_sign_line(user: Any, line: MinutesSignature) -> bool:
    """The council service enters what was signed on paper; whoever is named signs their own line."""
    own = line.person is not None and line.person.user_id is not None and line.person.user_id == user.pk
    return own or may_lead(user, line.minutes.meeting.municipality_id)


def prepares(user: Any, paper: Paper) -> bool:
    """Whose work the paper is, whether it can still be written or not."""
    if not user.is_authenticated:
        return False
    access, town = user.access, paper.municipality_id
    if access.has_role(town, Role.Kind.EDITING, Role.Kind.ADMINISTRATION, Role.Kind.COUNCIL_SERVICE):
        return True
    return access.has_role(town, Role.Kind.DEPARTMENT) and paper.department_id in access.institutions
