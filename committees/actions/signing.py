"""Countersigning: starting it, signing, sending back, and asking again those whom a change concerns."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.actions.signing_mails import tell_asked, tell_returned
from committees.models import Paper, SigningRequest, SigningRound
from committees.models.signing import Concern
from committees.permissions import may_cancel_signing, may_start_signing
from committees.signatures import can_sign, current_round, skipped_for_costs, stale
from committees.signed_content import Content, content_of, fingerprint, same
from concepts.actions.signing import sign as sign_history
from municipalities.models import Person, User

State = SigningRequest.State
CHANGED_MEANWHILE = "changed_meanwhile"


@dataclass(frozen=True)
class Planned:
    """One who is to sign, as the start form says. `reason`: left out, and why; `for_free`: as long as the
    paper costs nothing."""

    position: int
    title: str
    person: Person | None
    by_author: bool = False
    concerns: str = Concern.EVERYTHING
    days: int = 5
    reason: str = ""
    for_free: bool = False

    @property
    def left_out(self) -> bool:
        return bool(self.reason)


# ---- Start and end ---------------------------------------------------------------------------------------


@transaction.atomic
def start_signing(*, paper: Paper, planned: Iterable[Planned], by: User, seen: str = "") -> SigningRound:
    """Asks the first ones. Who starts as Sachbearbeitung has signed thereby; who has signed the same text in
    an earlier round is not asked again."""
    paper = lock_paper(paper.pk)
    if not may_start_signing(by, paper):
        if paper.state == Paper.State.DRAFT:
            raise PermissionDenied
        raise ValidationError(_("Die Mitzeichnung dieser Vorlage hat schon begonnen."))
    steps = sorted(planned, key=lambda step: step.position)
    _check_plan(steps)
    content = content_of(paper)
    if seen:
        _check_seen(content, seen)
    earlier = _earlier_signatures(paper)
    new = SigningRound.objects.create(
        paper=paper, number=paper.signing_rounds.count() + 1, started_by=by, started_at=timezone.now()
    )
    for step in steps:
        row = SigningRequest.objects.create(
            round=new,
            position=step.position,
            title=step.title,
            person=step.person,
            by_author=step.by_author,
            concerns=step.concerns,
            days=step.days,
            state=State.LEFT_OUT if step.left_out else State.WAITING,
            remark=step.reason,
            for_free=step.for_free,
        )
        _keep_valid(row, earlier, content)
    _set_state(paper, Paper.State.SIGNING, by, _("Mitzeichnung begonnen"))
    own = new.requests.filter(state=State.WAITING).first()
    if own and own.by_author and own.person and own.person.user_id == by.pk:
        own.asked_at = timezone.now()
        _answer(own, State.SIGNED, by, content)
    _advance(new)
    return new


def _check_plan(steps: list[Planned]) -> None:
    if all(step.left_out for step in steps):
        raise ValidationError(_("So zeichnet niemand. Bitte lassen Sie nicht alle Schritte aus."))
    for step in steps:
        if not step.left_out and (step.person is None or not can_sign(step.person)):
            raise ValidationError(
                _("Bitte wählen Sie für „%s“ eine Person mit Benutzerkonto, oder lassen Sie den Schritt aus.")
                % step.title
            )


def _earlier_signatures(paper: Paper) -> dict[tuple[str, int | None], SigningRequest]:
    """The last signature of each in the rounds that ended without a release."""
    rows = SigningRequest.objects.filter(round__paper=paper, repeated_by=None).counting()
    return {(row.title, row.person_id): row for row in rows.order_by("round__number", "pk")}


def _keep_valid(
    row: SigningRequest, earlier: dict[tuple[str, int | None], SigningRequest], content: Content
) -> None:
    """A signature for the same text stays one; for another text, it says what to show the difference to."""
    # Taken out: whoever stands in the order twice with the same words has signed once.
    before = earlier.pop((row.title, row.person_id), None) if row.state == State.WAITING else None
    if before is None:
        return
    row.repeats = before
    if same(before.content or {}, content, row.concerns) and before.concerns == row.concerns:
        row.state, row.asked_at = before.state, before.asked_at
        row.decided_at, row.decided_by = before.decided_at, before.decided_by
        row.remark, row.content = before.remark, before.content
    row.save()


@transaction.atomic
def add_signer(
    *, paper: Paper, person: Person, title: str, position: int | None, reason: str, by: User
) -> SigningRequest:
    """Somebody more while the paper is on its way: at this place of the order, without one at its end. What
    the others have signed stays; who comes to a place that has had its turn is asked at once."""
    paper = lock_paper(paper.pk)
    running = current_round(paper)
    if running is None or paper.state != Paper.State.SIGNING:
        raise ValidationError(_("Diese Vorlage ist nicht in der Mitzeichnung."))
    if not may_cancel_signing(by, paper):
        raise PermissionDenied
    title, reason = " ".join(title.split()), " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": _("Bitte nennen Sie den Grund.")})
    rows = list(running.requests.all())
    _check_new_signer(person, paper, rows)
    last = max((row.position for row in rows), default=0)
    row = SigningRequest.objects.create(
        round=running,
        position=last + 1 if position is None else min(max(position, 1), last + 1),
        title=title,
        person=person,
    )
    note = _("%(title)s (%(person)s) nachträglich gefragt von %(by)s am %(day)s: %(reason)s") % {
        "title": title,
        "person": person.name,
        "by": by,
        "day": f"{timezone.localdate():%d.%m.%Y}",
        "reason": reason,
    }
    running.state, running.ended_at = SigningRound.State.RUNNING, None
    running.reason = _lines(running.reason, note)
    running.save()
    sign_history(paper, by=by, reason=_("Mitzeichnung ergänzt: %s") % title)
    paper.save()
    if any(one.state == State.ASKED and one.position >= row.position for one in rows):
        _ask(row)
    else:
        _advance(running)
    row.refresh_from_db()
    return row


def _check_new_signer(person: Person, paper: Paper, rows: list[SigningRequest]) -> None:
    if person.municipality_id != paper.municipality_id or not can_sign(person):
        raise ValidationError({"person": _("Bitte wählen Sie eine Person mit Benutzerkonto.")})
    if any(
        row.person_id == person.pk and (row.is_signed or row.state in SigningRequest.OPEN) for row in rows
    ):
        raise ValidationError(
            {"person": _("%s ist in diesem Durchgang schon dabei.") % person.name},
        )


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


@transaction.atomic
def cancel_signing(*, paper: Paper, by: User, reason: str) -> None:
    """Back to the desk of who writes it. What was signed stays on record."""
    paper = lock_paper(paper.pk)
    if not may_cancel_signing(by, paper):
        raise PermissionDenied
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Bitte nennen Sie den Grund.")})
    running = current_round(paper)
    if running:
        _end(running, SigningRound.State.CANCELLED, reason)
    _set_state(paper, Paper.State.DRAFT, by, _("Mitzeichnung abgebrochen: %s") % reason)


# ---- Answers ---------------------------------------------------------------------------------------------


@transaction.atomic
def countersign(*, request: SigningRequest, by: User, seen: str, remark: str = "") -> SigningRequest:
    """`seen` is the fingerprint of the text that was read; who has read another one is told so."""
    paper, row = _asked(request, by)
    content = content_of(paper)
    _check_seen(content, seen)
    remark = remark.strip()
    _answer(row, State.SIGNED_WITH_REMARK if remark else State.SIGNED, by, content, remark)
    _advance(row.round)
    return row


@transaction.atomic
def send_back(*, request: SigningRequest, by: User, reason: str) -> SigningRequest:
    """Ends the round; the paper is a draft again, and who writes it is told why."""
    paper, row = _asked(request, by)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"remark": _("Bitte schreiben Sie, warum Sie die Vorlage zurückgeben.")})
    _answer(row, State.RETURNED, by, content_of(paper), reason)
    _end(row.round, SigningRound.State.RETURNED, reason)
    _set_state(paper, Paper.State.DRAFT, by, _("zurückgegeben: %s") % reason)
    tell_returned(row)
    return row


def _asked(request: SigningRequest, by: User) -> tuple[Paper, SigningRequest]:
    """The request as it is now, of the locked paper. Raises for who may not answer it, or not any more."""
    paper = lock_paper(request.round.paper_id)
    row = SigningRequest.objects.with_all().get(pk=request.pk)
    if not SigningRequest.objects.concerning(by).filter(pk=row.pk).exists():
        raise PermissionDenied
    if not SigningRequest.objects.to_decide(by).filter(pk=row.pk).exists():
        raise ValidationError(_("Hier ist nichts mehr zu entscheiden: %s.") % row.get_state_display())
    return paper, row


def _check_seen(content: Content, seen: str) -> None:
    if seen != fingerprint(content):
        raise ValidationError(
            _(
                "Die Vorlage wurde geändert, während Sie sie gelesen haben. "
                "Bitte sehen Sie sich an, was jetzt darin steht, und entscheiden Sie dann."
            ),
            code=CHANGED_MEANWHILE,
        )


# ---- A change --------------------------------------------------------------------------------------------


@transaction.atomic
def text_changed(*, paper: Paper, by: User | None) -> int:
    """To be called after each change of a paper under signing: asks again those who have signed what is no
    longer there; how many. Who made the change has seen it, and has signed it thereby."""
    paper = lock_paper(paper.pk)
    running = current_round(paper) if paper.state == Paper.State.SIGNING else None
    if running is None:
        return 0
    content = content_of(paper)
    rows = list(running.requests.select_related("person__user").order_by("position", "pk"))
    concerned = stale(rows, content)
    concerned += [row for row in skipped_for_costs(rows, paper) if row.person]
    asked = 0
    for row in concerned:
        asked += _ask_again(row, content, by)
    if asked:
        running.state, running.ended_at = SigningRound.State.RUNNING, None
        running.save()
    return asked


def _ask_again(row: SigningRequest, content: Content, by: User | None) -> int:
    """A new question that names the old one; the old answer stays as it is."""
    if row.is_signed:
        row.state = State.OVERTAKEN
        row.save(update_fields=["state"])
    again = SigningRequest.objects.create(
        round=row.round,
        position=row.position,
        title=row.title,
        person=row.person,
        by_author=row.by_author,
        concerns=row.concerns,
        days=row.days,
        repeats=row,
    )
    if by is not None and row.person is not None and row.person.user_id == by.pk:
        again.asked_at = timezone.now()
        _answer(again, State.SIGNED, by, content)
        return 0
    _ask(again)
    return 1


# ---- Steps -----------------------------------------------------------------------------------------------


def _advance(running: SigningRound) -> None:
    """Asks those whose turn it is; with nobody left, the round is complete."""
    rows = list(running.requests.select_related("person__user", "round__paper__municipality"))
    if any(row.state == State.ASKED for row in rows):
        return
    waiting = [row for row in rows if row.state == State.WAITING]
    if not waiting:
        running.state, running.ended_at = SigningRound.State.COMPLETED, timezone.now()
        running.save()
        return
    first = min(row.position for row in waiting)
    for row in waiting:
        if row.position == first:
            _ask(row)


def _ask(row: SigningRequest) -> None:
    row.state, row.asked_at = State.ASKED, timezone.now()
    row.due_on = timezone.localdate() + datetime.timedelta(days=row.days)
    row.save()
    tell_asked(row)


def _answer(row: SigningRequest, state: str, by: User, content: Content, remark: str = "") -> None:
    row.state, row.decided_at, row.decided_by = state, timezone.now(), by
    row.content, row.remark = content, remark
    row.save()


def _end(running: SigningRound, state: str, reason: str) -> None:
    for row in running.requests.filter(state__in=SigningRequest.OPEN):
        row.state = State.CANCELLED
        row.save()
    # Why it ended stands before who was added on the way.
    running.state, running.ended_at, running.reason = state, timezone.now(), _lines(reason, running.reason)
    running.save()


def _set_state(paper: Paper, state: str, by: User, reason: str) -> None:
    paper.state = state
    sign_history(paper, by=by, reason=reason)
    paper.save()
