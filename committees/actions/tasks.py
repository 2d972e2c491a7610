"""The tasks of the Beschlusskontrolle: given, changed, reported on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.actions.task_mails import tell_new
from committees.models import Paper, ResolutionTask, TaskReport
from committees.permissions import may_lead, may_report
from concepts.actions.signing import LONGEST_REASON, sign
from municipalities.models import User

State = ResolutionTask.State
REPORTED_MEANWHILE = "reported_meanwhile"


def lock(paper_id: int, by: User) -> Paper:
    paper = lock_paper(paper_id)
    if not may_lead(by, paper.municipality_id):
        raise PermissionDenied(_("Aufträge vergibt der Sitzungsdienst."))
    return paper


@transaction.atomic
def add_tasks(*, paper: Paper, tasks: Iterable[ResolutionTask], by: User) -> list[ResolutionTask]:
    """Gives these tasks; who is responsible is told in one mail. A point has one task only."""
    paper = lock(paper.pk, by)
    added = []
    for task in tasks:
        task.paper = paper
        if not task.consultation.is_over or task.consultation.paper_id != paper.pk:
            raise ValidationError(_("Diese Beratung hat noch kein Ergebnis, aus dem ein Auftrag folgt."))
        point = task.resolved_point
        if point is not None and ResolutionTask.objects.filter(resolved_point=point).exists():
            raise ValidationError(
                _(
                    "Zu Punkt %d gibt es inzwischen schon einen Auftrag. Ihre Angaben stehen noch da; "
                    "wählen Sie diesen Punkt ab oder öffnen Sie den vorhandenen Auftrag."
                )
                % point.position
            )
        task.clean_fields()
        sign(task, by=by)
        task.save()
        added.append(task)
    tell_new(added)
    return added


@transaction.atomic
def save_task(*, form: Any, by: User, reason: str = "") -> ResolutionTask:
    """What stands in the form; a new responsible one is told. Who puts the deadline off says why."""
    task: ResolutionTask = form.instance
    lock(task.paper_id, by)
    stored = ResolutionTask.objects.get(pk=task.pk)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if stored.due != task.due and stored.due is not None and not reason:
        raise ValidationError({"reason": _("Bitte nennen Sie den Grund, warum sich die Frist ändert.")})
    task.state, task.reminded_at = stored.state, stored.reminded_at
    sign(task, by=by, reason=reason)
    task = form.save()
    if (stored.institution_id, stored.person_id) != (task.institution_id, task.person_id):
        tell_new([task])
    return task


@transaction.atomic
def report(*, task: ResolutionTask, state: str, text: str, by: User, seen: int | None = None) -> TaskReport:
    """What the responsible office says, and where the task stands now.

    `seen` is the newest report that the form knew of (0: none).
    """
    lock_paper(task.paper_id)
    task = ResolutionTask.objects.select_related("paper__municipality", "person").get(pk=task.pk)
    if not may_report(by, task):
        raise PermissionDenied(_("Zu diesem Auftrag berichtet, wer zuständig ist."))
    newest = task.reports.select_related("by").order_by("-at", "-pk").first()
    if seen is not None and (newest.pk if newest else 0) != seen:
        assert newest is not None
        raise ValidationError(
            _(
                "Inzwischen hat %(who)s berichtet (Stand: %(state)s). Ihr Text steht noch da. "
                "Bitte lesen Sie den neuen Bericht und speichern Sie dann noch einmal."
            )
            % {"who": newest.by, "state": newest.get_state_display()},
            code=REPORTED_MEANWHILE,
        )
    check_report(task, state, text, by)
    if task.state != state:
        task.state = state
        sign(task, by=by, reason=_("Bericht vom %s") % f"{timezone.localdate():%d.%m.%Y}")
        task.save()
    return TaskReport.objects.create(task=task, state=state, text=text, by=by)


def states_for(user: User, task: ResolutionTask) -> list[str]:
    """That a task is dropped, or begins anew, is for who runs the council's business."""
    if may_lead(user, task.paper.municipality_id):
        return list(State.values)
    return [str(task.state)] if not task.open else [State.OPEN, State.RUNNING, State.DONE]


def check_report(task: ResolutionTask, state: str, text: str, by: User) -> None:
    if state not in states_for(by, task):
        raise ValidationError(
            {
                "state": _(
                    "Diesen Stand trägt der Sitzungsdienst ein. Schreiben Sie ihm den Grund als Bericht."
                )
            }
        )
    if state == task.state and not text.strip():
        raise ValidationError({"text": _("Bitte schreiben Sie Ihren Bericht oder ändern Sie den Stand.")})
    if state in (State.DONE, State.DROPPED) and not text.strip():
        sentence = (
            _("Bitte schreiben Sie in einem Satz, was getan wurde.")
            if state == State.DONE
            else _("Bitte nennen Sie den Grund, warum der Auftrag entfällt.")
        )
        raise ValidationError({"text": sentence})
