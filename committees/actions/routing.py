"""Planning the route of a paper and changing it while it runs.

Every step locks the paper first, so two at once stand in line. The stages are numbered 1, 2, 3 … at any time.
Once the paper is released, each change says why, and nothing is taken out of the record.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actions.agenda import close_item, leave_agenda
from committees.actions.locking import lock_paper
from committees.models import Consultation, Paper, RouteTemplate, RouteTemplateStage
from committees.permissions import may_route
from concepts.actions.placing import reorder
from concepts.actions.signing import LONGEST_REASON, sign
from municipalities.models import User

MOST_STAGES = 60
# What a template keeps of a stage, besides its committees.
TAKEN_OVER = ("committee_id", "role", "meaning", "treatment")


def lock(paper_id: int, by: User) -> Paper:
    """The paper, held until the transaction ends, for those who may plan its route."""
    paper = lock_paper(paper_id)
    if not may_route(by, paper):
        raise PermissionDenied(_("Die Beratungsfolge dieser Vorlage dürfen Sie nicht ändern."))
    return paper


def stated(paper: Paper, reason: str) -> str:
    """The reason, as the history keeps it; a released paper's route changes for none without."""
    reason = " ".join(reason.split())
    if paper.released and not reason:
        raise ValidationError(
            {"reason": _("Die Vorlage ist freigegeben. Bitte nennen Sie den Grund der Änderung.")}
        )
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("Bitte höchstens %d Zeichen.") % LONGEST_REASON})
    return reason


def why_fixed(stage: Consultation) -> str:
    """Why the stage keeps its committee and its place; empty where it does not."""
    if stage.is_over:
        return _("Diese Beratung hat schon ein Ergebnis. Sie bleibt, wie und wo sie ist.")
    if stage.issues.all():
        return _(
            "Für diese Beratung ist die Vorlage schon ausgefertigt. Gremium und Stelle bleiben deshalb; "
            "Termin und Wortlaut lassen sich noch ändern."
        )
    return ""


def check_nothing_accepted(stage: Consultation, amending: Collection[int]) -> None:
    """Later stages have its changes before them. `amending` are the stages (ids) that have accepted some."""
    if stage.pk in amending:
        raise ValidationError(
            _(
                "In dieser Beratung sind Änderungsanträge angenommen. Sie bleibt, wie und wo sie ist; sonst "
                "stünde in den späteren Vorlagen etwas anderes."
            )
        )


@transaction.atomic
def save_stage(*, form: Any, by: User, reason: str = "", place: int | None = None) -> Consultation:
    """A stage of the form `StageForm`; a new one goes to `place`, or to the end."""
    stage: Consultation = form.instance
    paper = lock(stage.paper_id, by)
    reason = stated(paper, reason)
    rows = Consultation.objects.filter(paper=paper)
    order = list(rows.order_by("position").values_list("pk", flat=True))
    new = stage.pk is None
    if new:
        if len(order) >= MOST_STAGES:
            raise ValidationError(_("Mehr als %d Stufen kann eine Beratungsfolge nicht haben.") % MOST_STAGES)
        stage.position = len(order) + 1
    else:
        keep_what_is_not_in(form, stage, by)
    sign(stage, by=by, reason=reason)
    stage = form.save()
    if "treatment" in form.changed_data:
        close_agenda_of(stage, by)
    if new and place is not None and place <= len(order):
        order.insert(check_place(rows, stage, place) - 1, stage.pk)
        reorder(rows, order)
        stage.position = order.index(stage.pk) + 1
    return stage


def keep_what_is_not_in(form: Any, stage: Consultation, by: User) -> None:
    """Somebody may have moved the stage while its form was open, or may have saved it a moment ago."""
    now = Consultation.objects.get(pk=stage.pk)
    newest = now.history.values_list("pk", flat=True).first()
    if form.newest is not None and newest != form.newest.pk:
        raise ValidationError(
            _("Jemand hat diese Stufe gerade eben geändert. Bitte speichern Sie noch einmal.")
        )
    fixed = why_fixed(now)
    for name in ("committee", "joint_committees") if fixed else ():
        if name in form.changed_data:
            raise ValidationError({name: fixed})
    if now.is_over and "meeting" in form.changed_data:
        raise ValidationError({"meeting": fixed})
    for field in Consultation._meta.concrete_fields:
        if field.name not in form.fields:
            setattr(stage, field.attname, getattr(now, field.attname))
    if stage.meeting_id != now.meeting_id:
        # What stood on the other meeting's agenda no longer does.
        leave_agenda(stage=now, by=by, reason=_("Die Beratung hat einen anderen Termin."))
        stage.agenda_item, stage.result_public = None, now.result_public


def close_agenda_of(stage: Consultation, by: User) -> None:
    """What is dealt with in private does not stand in the public part of an agenda."""
    item = stage.agenda_item
    if stage.treatment == Consultation.Treatment.NON_PUBLIC and item is not None and item.public:
        # As where a stage is placed: the subject of a public paper would say what it is about.
        title = "" if stage.paper.public else stage.paper.public_subject
        reason = _("Die Beratung ist nichtöffentlich.")
        try:
            close_item(item=item, public_title=title, by=by, reason=reason)
        except ValidationError as error:
            raise ValidationError({"treatment": error.messages}) from error


def check_place(rows: Any, stage: Consultation, place: int) -> int:
    """Nothing is put in front of a committee that has answered."""
    answered = [row.position for row in rows.exclude(pk=stage.pk) if row.is_over]
    if answered and place <= max(answered):
        raise ValidationError(
            {
                "place": _(
                    "Bis zur %d. Stufe haben die Gremien schon beraten. "
                    "Davor lässt sich nichts mehr einschieben."
                )
                % max(answered)
            }
        )
    return place


@transaction.atomic
def move_stage(*, stage: Consultation, place: int, by: User, reason: str = "") -> Consultation:
    """Puts the stage in this place, counted from 1; the others close up."""
    paper = lock(stage.paper_id, by)
    reason = stated(paper, reason)
    rows = Consultation.objects.filter(paper=paper)
    stage = rows.get(pk=stage.pk)
    if fixed := why_fixed(stage):
        raise ValidationError(fixed)
    amending = set(paper.amendments.filter(state="accepted").values_list("consultation", flat=True))
    check_nothing_accepted(stage, amending)
    order = list(rows.order_by("position").values_list("pk", flat=True))
    if not 1 <= place <= len(order):
        raise ValidationError({"place": _("Bitte wählen Sie eine Stelle von 1 bis %d.") % len(order)})
    order.remove(stage.pk)
    order.insert(place - 1, stage.pk)
    behind = set(order[place:])
    if any(row.is_over or row.pk in amending for row in rows if row.pk in behind):
        raise ValidationError(
            {
                "place": _(
                    "Dahinter stünde ein Gremium, das schon beraten hat. "
                    "Bitte wählen Sie eine spätere Stelle."
                )
            }
        )
    if stage.position == place:
        return stage
    reorder(rows, order)
    stage.refresh_from_db()
    sign(stage, by=by, reason=reason)
    stage.save()
    return stage


@transaction.atomic
def strike_stage(*, stage: Consultation, by: User, reason: str) -> Consultation:
    """The stage stays in the route and says why it does not take place."""
    paper = lock(stage.paper_id, by)
    reason = " ".join(reason.split())
    stage = Consultation.objects.filter(paper=paper).get(pk=stage.pk)
    if fixed := why_fixed(stage):
        raise ValidationError(fixed)
    amending = stage.amendments.filter(state="accepted")
    check_nothing_accepted(stage, amending.values_list("consultation", flat=True))
    if not reason:
        raise ValidationError({"reason": _("Bitte nennen Sie den Grund, warum diese Beratung entfällt.")})
    stage.left_out, stage.left_out_reason = True, reason
    leave_agenda(stage=stage, by=by, reason=_("Die Beratung entfällt."))
    sign(stage, by=by, reason=reason)
    stage.save()
    return stage


@transaction.atomic
def take_back_stage(*, stage: Consultation, by: User, reason: str = "") -> Consultation:
    """What was struck takes place after all."""
    paper = lock(stage.paper_id, by)
    reason = stated(paper, reason)
    stage = Consultation.objects.filter(paper=paper).get(pk=stage.pk)
    stage.left_out, stage.left_out_reason, stage.left_out_after = False, "", None
    sign(stage, by=by, reason=reason)
    stage.save()
    return stage


@transaction.atomic
def delete_stage(*, stage: Consultation, by: User) -> None:
    """Only before the release: afterwards a stage is struck, and stays to be read."""
    paper = lock(stage.paper_id, by)
    stage = Consultation.objects.filter(paper=paper).get(pk=stage.pk)
    if paper.released:
        raise ValidationError(
            _(
                "Die Vorlage ist freigegeben; eine Stufe lässt sich nur noch streichen. "
                "Dann steht mit dem Grund da, dass sie entfällt."
            )
        )
    if fixed := why_fixed(stage):
        raise ValidationError(fixed)
    leave_agenda(stage=stage, by=by, reason=_("Die Beratung ist gestrichen."))
    sign(stage, by=by)
    stage.delete()
    rows = Consultation.objects.filter(paper=paper)
    reorder(rows, list(rows.order_by("position").values_list("pk", flat=True)))


# ---- Templates -------------------------------------------------------------------------------------------


@transaction.atomic
def take_over(*, paper: Paper, template: RouteTemplate, by: User, reason: str = "") -> list[Consultation]:
    """Appends the template's stages, with their meetings still open."""
    paper = lock(paper.pk, by)
    reason = stated(paper, reason)
    last = Consultation.objects.filter(paper=paper).count()
    stages = list(template.stages.prefetch_related("joint_committees"))
    if last + len(stages) > MOST_STAGES:
        raise ValidationError(_("Mehr als %d Stufen kann eine Beratungsfolge nicht haben.") % MOST_STAGES)
    added = []
    for position, row in enumerate(stages, start=last + 1):
        stage = Consultation(paper=paper, position=position, **_kept(row))
        sign(stage, by=by, reason=reason)
        stage.save()
        if joint := row.joint_committees.all():
            stage.joint_committees.set(joint)
        added.append(stage)
    return added


@transaction.atomic
def save_as_template(*, paper: Paper, name: str, by: User) -> RouteTemplate:
    """The route as it stands becomes a template of the town, for papers of this type."""
    paper = lock(paper.pk, by)
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Bitte geben Sie dem Muster einen Namen.")})
    if RouteTemplate.objects.filter(municipality=paper.municipality_id, name=name).exists():
        raise ValidationError({"name": _("Ein Muster mit diesem Namen gibt es schon.")})
    stages = [
        stage for stage in paper.consultations.prefetch_related("joint_committees") if not stage.left_out
    ]
    if not stages:
        raise ValidationError(_("Die Beratungsfolge ist leer; daraus wird kein Muster."))
    template = RouteTemplate(municipality=paper.municipality, name=name)
    template.clean_fields()
    sign(template, by=by)
    template.save()
    template.paper_types.set([paper.paper_type_id])
    for position, stage in enumerate(stages, start=1):
        row = RouteTemplateStage(template=template, position=position, **_kept(stage))
        sign(row, by=by)
        row.save()
        if joint := stage.joint_committees.all():
            row.joint_committees.set(joint)
    return template


def _kept(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TAKEN_OVER}
