"""Several stages issued as one task, which goes on whatever happens to the process that does it.

A run is claimed in a transaction of its own; each stage is issued, and its order ticked off, in another.
Whoever dies in between leaves a run that another process takes over after a while, at the stage where it
stopped: no stage is issued twice, and none half.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.issuing import check_can_be_issued, issue_stage, revision_of
from committees.actions.locking import lock_paper
from committees.models import Consultation, IssuedPaper, IssuingOrder, IssuingRun, Paper
from committees.permissions import may_issue
from committees.printing.render import Variant, render_route_variants
from municipalities.background import BackgroundWork
from municipalities.models import User

State = IssuingRun.State

GIVEN_UP_AFTER = datetime.timedelta(minutes=2)
"""Without a sign of life; a stage takes a second or two."""


@transaction.atomic
def start_issuing(*, paper: Paper, stages: Iterable[Consultation], by: User, reason: str = "") -> IssuingRun:
    """Orders the PDFs of these stages of the paper; they are made after the commit.

    Raises PermissionDenied, or ValidationError with a German sentence.
    """
    paper = lock_paper(paper.pk)
    if not may_issue(by, paper):
        raise PermissionDenied(_("Ausfertigen dürfen nur der Sitzungsdienst und die Fachadministration."))
    check_can_be_issued(paper)
    wanted = [stage for stage in stages if not stage.left_out]
    if not wanted:
        raise ValidationError({"stages": _("Bitte wählen Sie mindestens eine Beratung aus.")})
    if paper.issuing_runs.exclude(state=State.DONE).exists():
        raise ValidationError(
            _("Diese Vorlage wird gerade ausgefertigt. Bitte warten Sie, bis alle Dateien da sind.")
        )
    reason = reason.strip()
    if not reason and IssuedPaper.objects.filter(consultation__in=wanted).exists():
        raise ValidationError(
            {
                "reason": _(
                    "Für mindestens ein ausgewähltes Gremium gibt es schon eine Ausfertigung. "
                    "Bitte nennen Sie den Grund der neuen."
                )
            }
        )
    run = IssuingRun(paper=paper, started_by=by, reason=reason)
    run.clean_fields()
    run.save()
    for stage in wanted:
        IssuingOrder.objects.create(run=run, consultation=stage)
    transaction.on_commit(issue_soon)
    return run


def issue_due(*, limit: int | None = None, processes: int = 1) -> int:
    """Issues what was ordered; the number of runs that were worked on.

    Must not run inside a transaction: RuntimeError.
    """
    done = 0
    while limit is None or done < limit:
        run = _claim()
        if run is None:
            break
        _work_on(run, processes)
        done += 1
    return done


def _claim() -> IssuingRun | None:
    """The next run, marked as ours for all other processes; committed before anything is printed."""
    with transaction.atomic(durable=True):
        now = timezone.now()
        due = IssuingRun.objects.filter(
            Q(state=State.WAITING) | Q(state=State.RUNNING, claimed_at__lt=now - GIVEN_UP_AFTER)
        ).order_by("started_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)  # on SQLite the transaction itself is the lock
        run: IssuingRun | None = due.first()
        if run is not None:
            run.state, run.claimed_at = State.RUNNING, now
            run.save(update_fields=["state", "claimed_at"])
        return run


def _work_on(run: IssuingRun, processes: int) -> None:
    wanted = {order.consultation_id for order in run.orders.filter(issued_paper=None, problem="")}
    revision = revision_of(run.paper)
    for stage, variants in render_route_variants(run.paper, processes=processes, only=wanted):
        revision = _settle(run, stage, (revision, variants))
    with transaction.atomic(durable=True):
        # What has been struck from the route since has no PDF.
        for order in run.orders.select_related("consultation").filter(issued_paper=None, problem=""):
            order.problem = _("Diese Beratung findet nicht mehr statt.")
            order.save(update_fields=["problem"])
        run.state = State.DONE
        run.save(update_fields=["state"])


def _settle(run: IssuingRun, stage: Consultation, printed: tuple[int, Sequence[Variant]]) -> int:
    """Issues one stage, or writes down why not. Returns the change counter that the next PDFs count with."""
    with transaction.atomic(durable=True):
        paper = lock_paper(run.paper_id)
        order = run.orders.get(consultation=stage)
        if not order.open:  # somebody took the run over and was faster
            return printed[0]
        unchanged = revision_of(paper) == printed[0]
        try:
            with transaction.atomic():
                consultation = Consultation.objects.get(pk=stage.pk)
                order.issued_paper = issue_stage(
                    consultation=consultation, by=run.started_by, reason=run.reason, printed=printed
                )
        except (ValidationError, PermissionDenied) as error:
            messages = error.messages if isinstance(error, ValidationError) else [str(error)]
            order.problem = " ".join(messages)[:500]
        order.save(update_fields=["issued_paper", "problem"])
        IssuingRun.objects.filter(pk=run.pk).update(claimed_at=timezone.now())
        # The issue itself has moved the counter, and changes no other stage's PDF.
        return revision_of(paper) if unchanged else printed[0]


def issue_soon() -> None:
    """In a thread of this process; the request that ordered it waits for nothing."""
    if settings.ISSUE_AT_ONCE:
        _printer.wake()


def wait_until_issued() -> None:
    _printer.wait()


def _issue_portion() -> bool:
    return issue_due(limit=1) > 0


_printer = BackgroundWork("issuing", _issue_portion)
