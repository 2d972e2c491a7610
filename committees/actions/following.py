"""What a result does to the route: a deferred stage comes again, a referred paper goes to another committee,
a withdrawn one goes no further. And how that is taken back when the result is corrected.

Called by the recording of a result, which holds the paper.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.actions.agenda import leave_agenda
from committees.actions.routing import MOST_STAGES
from committees.models import Committee, Consultation, Meeting
from concepts.actions.placing import reorder
from concepts.actions.signing import sign
from municipalities.models import User

# What the same committee gets again of a stage that it deferred.
COMES_AGAIN = ("committee_id", "role", "meaning", "treatment", "own_wording")


def come_again(stage: Consultation, meeting: Meeting | None, by: User, reason: str) -> Consultation:
    """The same committee deals with it once more, in the meeting or in one that is still open."""
    values = {name: getattr(stage, name) for name in COMES_AGAIN}
    again = Consultation(meeting=meeting, **values)
    [added] = add_behind(stage, [again], by, reason)
    return added


def refer(
    stage: Consultation, committee: Committee, role: str, by: User, reason: str, *, comes_back: bool
) -> list[Consultation]:
    """Another committee advises; afterwards the paper may come back to this one."""
    advising = Consultation(
        committee=committee,
        role=role,
        meaning=Consultation.Meaning.ADVISE,
        treatment=stage.treatment,
    )
    back = Consultation(**{name: getattr(stage, name) for name in COMES_AGAIN})
    return add_behind(stage, [advising, back] if comes_back else [advising], by, reason)


def add_behind(stage: Consultation, added: list[Consultation], by: User, reason: str) -> list[Consultation]:
    """Puts stages behind this one, but in front of no committee that has answered already."""
    rows = Consultation.objects.filter(paper=stage.paper_id)
    order = list(rows.order_by("position").values_list("pk", flat=True))
    if len(order) + len(added) > MOST_STAGES:
        raise ValidationError(_("Mehr als %d Stufen kann eine Beratungsfolge nicht haben.") % MOST_STAGES)
    place = max([stage.position, *(row.position for row in rows if row.is_over)])
    joint = list(stage.joint_committees.all())
    for number, new in enumerate(added):
        new.paper, new.position, new.comes_of = stage.paper, len(order) + 1, stage
        sign(new, by=by, reason=reason)
        new.save()
        if new.committee_id == stage.committee_id and joint:
            new.joint_committees.set(joint)
        order.insert(place + number, new.pk)
    reorder(rows, order)
    for new in added:
        new.refresh_from_db(fields=["position"])
    return added


def end_route(stage: Consultation, by: User) -> list[Consultation]:
    """Withdrawn: who would have come next is left out, and the route says why."""
    ended = []
    reason = _ended_reason(stage)
    for later in _later(stage):
        if later.left_out or later.is_over:
            continue
        leave_agenda(stage=later, by=by, reason=reason)
        later.left_out, later.left_out_reason, later.left_out_after = True, reason, stage
        sign(later, by=by, reason=reason)
        later.save()
        ended.append(later)
    return ended


def _ended_reason(stage: Consultation) -> str:
    day = f", {stage.date:%d.%m.%Y}" if stage.date else ""
    return f"Die Vorlage wurde zurückgezogen ({stage.committee_names()}{day})."


def take_back(stage: Consultation, by: User, reason: str) -> None:
    """The result of this stage is another one now: what it led to does not take place."""
    for ended in stage.ended.exclude(comes_of=stage):
        ended.left_out, ended.left_out_reason, ended.left_out_after = False, "", None
        sign(ended, by=by, reason=reason)
        ended.save()
    led_to = list(stage.led_to.select_related("committee", "agenda_item").order_by("-position"))
    for led in led_to:
        check_not_begun(led)
    for led in led_to:
        sign(led, by=by, reason=reason)
        if led.issues.exists():
            led.left_out, led.left_out_reason, led.left_out_after = True, reason, stage
            led.save()
        else:
            led.delete()
    if led_to:
        rows = Consultation.objects.filter(paper=stage.paper_id)
        reorder(rows, list(rows.order_by("position").values_list("pk", flat=True)))


def check_not_begun(led: Consultation) -> None:
    """A stage that came of a result goes away with it only while nobody has built on it."""
    names = {"name": led.committee_names(), "number": led.position}
    if led.is_over:
        raise ValidationError(
            _(
                "Aus diesem Ergebnis kam die %(number)d. Stufe (%(name)s), und die hat schon beraten. "
                "Das Ergebnis bleibt deshalb dieser Art; Zahlen und Bemerkung lassen sich berichtigen."
            )
            % names
        )
    if led.agenda_item_id is not None:
        raise ValidationError(
            _(
                "Aus diesem Ergebnis kam die %(number)d. Stufe (%(name)s), und die steht schon auf einer "
                "Tagesordnung. Nehmen Sie sie dort zuerst herunter."
            )
            % names
        )
    if led.amendments.exists() or led.led_to.exists():
        raise ValidationError(
            _("Zur %(number)d. Stufe (%(name)s), die aus diesem Ergebnis kam, gibt es schon Anträge.") % names
        )


def _later(stage: Consultation) -> Any:
    rows = Consultation.objects.filter(paper=stage.paper_id, position__gt=stage.position)
    return rows.select_related("committee").order_by("position")
