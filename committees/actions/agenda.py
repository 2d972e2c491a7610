"""The agenda: items from routes and free ones, their order and their numbers.

Until the invitation leaves the house, the portal numbers by the order. Afterwards nobody's number changes
any more: what comes late is a Nachtrag with a number of its own, and what falls away is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from committees.actions.leading import lock_meeting, lock_with_papers
from committees.actions.locking import lock_paper
from committees.actions.minuted import check_open
from committees.agenda import in_order, is_sent, next_number, numbers_of, scheme_of
from committees.grammar import enumerated
from committees.models import AgendaItem, Consultation, Meeting, MeetingMinutes
from concepts.actions.placing import reorder
from concepts.actions.signing import sign
from municipalities.models import User

MOST_ITEMS = 200
LONGEST_TITLE = 300


def rows_of(meeting: Meeting) -> Any:
    return AgendaItem.objects.filter(meeting=meeting).order_by("position")


def settle(meeting: Meeting, order: Sequence[AgendaItem] | None = None) -> None:
    """Puts the items in this order, or as they are; numbers them while the portal may."""
    found = in_order(rows_of(meeting) if order is None else order)
    reorder(AgendaItem.objects.filter(meeting=meeting), [item.pk for item in found])
    if not meeting.own_numbers and not is_sent(meeting):
        wanted = numbers_of(found, scheme_of(meeting))
        changed = {item.pk: wanted[item.pk] for item in found if item.number != wanted[item.pk]}
        for prefix in ("~", ""):  # a number may be another's until now
            for pk, number in changed.items():
                AgendaItem.objects.filter(pk=pk).update(number=f"~{pk}" if prefix else number)
    meeting.touch()


@transaction.atomic
def save_item(*, form: Any, by: User) -> AgendaItem:
    """An item of the form `AgendaItemForm`. A new one goes to the end of its part, or behind its point."""
    item: AgendaItem = form.instance
    new = item.pk is None
    # With its papers, so that no stage becomes non-public meanwhile.
    to_everybody = item.public and not new
    meeting = (lock_with_papers if to_everybody else lock_meeting)(item.meeting_id, by)
    check_open(meeting)
    if to_everybody:
        check_may_be_public(item)
    others = list(rows_of(meeting).exclude(pk=item.pk))
    if new:
        add(meeting, others, item, by)
    else:
        check_not_taken(others, item)
        sign(item, by=by, reason=_("Tagesordnung geändert"))
        item.save()
        for child in item.children.exclude(public=item.public):
            child.public = item.public
            sign(child, by=by, reason=_("mit dem übergeordneten Punkt geändert"))
            child.save()
    settle(meeting)
    item.refresh_from_db()
    return item


def check_may_be_public(item: AgendaItem) -> None:
    """With what stands below it: as they are stored, whatever was read before."""
    rows = AgendaItem.objects.select_related("consultation__paper")
    for row in rows.filter(Q(pk=item.pk) | Q(parent=item.pk)).order_by("position"):
        if why := row.why_not_public():
            below = row.pk != item.pk
            raise ValidationError({"public": f"{_('Unterpunkt „%s“') % row.title}: {why}" if below else why})


def add(
    meeting: Meeting, others: Sequence[AgendaItem], item: AgendaItem, by: User, reason: str = ""
) -> AgendaItem:
    """Behind the others, with the next number; the order is made later."""
    if meeting.cancelled:
        raise ValidationError(_("Diese Sitzung ist abgesagt. Sie bekommt keine Tagesordnungspunkte mehr."))
    if len(others) >= MOST_ITEMS:
        raise ValidationError(_("Mehr als %d Punkte kann eine Tagesordnung nicht haben.") % MOST_ITEMS)
    item.meeting = meeting
    item.position = max((other.position for other in others), default=0) + 1
    sent = is_sent(meeting)
    item.supplementary = sent
    if not item.number:
        item.number = (
            next_number(others, item, scheme_of(meeting))
            if sent or meeting.own_numbers
            else f"~{item.position}"
        )
    check_not_taken(others, item)
    sign(item, by=by, reason=reason or (_("als Nachtrag aufgenommen") if sent else ""))
    item.save()
    return item


def check_not_taken(others: Sequence[AgendaItem], item: AgendaItem) -> None:
    if any(other.number == item.number and other.public == item.public for other in others):
        raise ValidationError(
            {"number": _("Die Nummer „%s“ hat schon ein anderer Punkt dieses Teils.") % item.number}
        )


# ---- From routes -----------------------------------------------------------------------------------------


@transaction.atomic
def place_stage(*, meeting: Meeting, stage: Consultation, by: User) -> AgendaItem:
    """The stage comes on the agenda. One whose day was open gets this meeting with it."""
    paper = lock_paper(stage.paper_id)
    meeting = lock_meeting(meeting.pk, by)
    check_open(meeting)
    stage = Consultation.objects.filter(paper=paper).get(pk=stage.pk)
    check_placeable(meeting, stage, paper)
    public = paper.public and stage.treatment != Consultation.Treatment.NON_PUBLIC
    title = title_of(paper.subject)
    # Empty says nothing; a part of the paper's subject would.
    public_title = "" if public or paper.public else paper.public_subject
    fresh = AgendaItem(title=title, public=public, public_title=public_title)
    item = add(meeting, list(rows_of(meeting)), fresh, by)
    stage.meeting, stage.agenda_item = meeting, item
    sign(stage, by=by, reason=_("auf die Tagesordnung gesetzt"))
    stage.save()
    settle(meeting)
    item.refresh_from_db()
    return item


def title_of(subject: str) -> str:
    return subject if len(subject) <= LONGEST_TITLE else f"{subject[:299]}…"


def check_placeable(meeting: Meeting, stage: Consultation, paper: Any) -> None:
    if stage.agenda_item_id is not None:
        raise ValidationError(_("Diese Beratung steht schon auf einer Tagesordnung."))
    if stage.left_out or stage.is_over:
        raise ValidationError(_("Diese Beratung entfällt oder hat schon ein Ergebnis."))
    if stage.meeting_id not in (None, meeting.pk):
        raise ValidationError(_("Diese Beratung gehört zu einer anderen Sitzung."))
    if not paper.released:
        raise ValidationError(
            _("Die Vorlage ist noch nicht freigegeben. Erst danach kommt sie auf eine Tagesordnung.")
        )
    sitting = set(meeting.committees.all())
    if missing := [str(one) for one in stage.committees() if one not in sitting]:
        raise ValidationError(_("In dieser Sitzung tagt nicht: %s.") % enumerated(missing))


def place_waiting(*, meeting: Meeting, stages: Sequence[Consultation], by: User) -> list[AgendaItem]:
    """All of them or none."""
    with transaction.atomic():
        for paper in sorted({stage.paper_id for stage in stages}):
            lock_paper(paper)  # all of them before the meeting, so that nobody waits in a circle
        return [place_stage(meeting=meeting, stage=stage, by=by) for stage in stages]


def keep_closed(stage: Consultation, item: AgendaItem) -> None:
    """What was moved in the non-public part, or why the stage was struck from it, stays there when the stage
    goes. Does not save the stage."""
    if not item.public and (stage.left_out or stage.amendments.exists()):
        stage.result_public = False


def leave_agenda(*, stage: Consultation, by: User, reason: str) -> None:
    """The stage is not dealt with in its meeting after all: its item goes, or is taken off once the
    invitation has named it. Under signed minutes it stays as it was. Inside the transaction that changes the
    route; does not save the stage."""
    item, stage.agenda_item = stage.agenda_item, None
    if item is None:
        return
    keep_closed(stage, item)
    # Without `lock_meeting`: who plans a route may not lead the meeting, and yet it has to know.
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=item.meeting_id)
    if not MeetingMinutes.objects.filter(meeting=meeting, state=MeetingMinutes.State.SIGNED).exists():
        drop(meeting, item, by, reason)


def close_item(*, item: AgendaItem, public_title: str, by: User, reason: str) -> None:
    """The item with what stands below it goes to the non-public part, because what it deals with is no longer
    public; there `public_title` stands for everybody. Inside the transaction that changes the paper.

    Raises ValidationError where the minutes are signed: they have told it to everybody.
    """
    # Without `lock_meeting`: who says what is public may not lead the meeting, and yet it has to know.
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=item.meeting_id)
    check_open(meeting)
    rows = list(rows_of(meeting))
    item = next(row for row in rows if row.pk == item.pk)
    others = [row for row in rows if row.pk != item.pk]
    if item.public:
        item.public, item.parent = False, None
        if any(other.number == item.number and not other.public for other in others):
            item.number = next_number(others, item, scheme_of(meeting))
    item.public_title = public_title
    sign(item, by=by, reason=reason)
    item.save()
    for child in [row for row in others if row.parent_id == item.pk and row.public]:
        child.public = False
        sign(child, by=by, reason=_("mit dem übergeordneten Punkt geändert"))
        child.save()
    settle(meeting)


def drop(meeting: Meeting, item: AgendaItem, by: User, reason: str) -> None:
    sign(item, by=by, reason=reason)
    if is_sent(meeting) or item.discussion or item.children.exists():
        item.taken_off = True
        item.save()
    else:
        Consultation.objects.filter(agenda_item=item).update(agenda_item=None)
        item.delete()
    settle(meeting)


# ---- Order -----------------------------------------------------------------------------------------------


@transaction.atomic
def move_step(*, item: AgendaItem, step: int, by: User) -> bool:
    """One place up (-1) or down (+1) among those beside it. False at the end of the list."""
    meeting = lock_meeting(item.meeting_id, by)
    check_open(meeting)
    rows = in_order(rows_of(meeting))
    item = next(row for row in rows if row.pk == item.pk)
    beside = [row for row in rows if (row.parent_id, row.public) == (item.parent_id, item.public)]
    place = beside.index(item) + step
    if not 0 <= place < len(beside):
        return False
    first, second = rows.index(item), rows.index(beside[place])
    rows[first], rows[second] = rows[second], rows[first]
    note_move(meeting, item, rows, by)
    return True


@transaction.atomic
def move_beside(*, item: AgendaItem, other: AgendaItem, behind: bool = False, by: User) -> None:
    """In front of another item or behind it: as a point, or below the same point as that one."""
    meeting = lock_meeting(item.meeting_id, by)
    check_open(meeting)
    rows = in_order(rows_of(meeting))
    found = {row.pk: row for row in rows}
    item, target = found[item.pk], found.get(other.pk)
    if target is None or target == item:
        raise ValidationError(_("Diesen Punkt gibt es in der Tagesordnung nicht mehr. Bitte laden Sie neu."))
    if target.public != item.public:
        raise ValidationError(
            _(
                "Durch Verschieben wird ein Punkt nicht öffentlich und nicht nichtöffentlich. "
                "Bitte öffnen Sie den Punkt und ändern Sie es dort."
            )
        )
    if target.parent_id is not None and any(row.parent_id == item.pk for row in rows):
        raise ValidationError(_("Ein Punkt mit Unterpunkten kann nicht selbst ein Unterpunkt werden."))
    item.parent_id = target.parent_id
    rows.remove(item)
    rows.insert(rows.index(target) + behind, item)
    note_move(meeting, item, rows, by)


def note_move(meeting: Meeting, item: AgendaItem, rows: list[AgendaItem], by: User) -> None:
    sign(item, by=by, reason=_("verschoben"))
    item.save()
    settle(meeting, rows)


# ---- Off the agenda --------------------------------------------------------------------------------------


@transaction.atomic
def take_off(*, item: AgendaItem, by: User) -> None:
    """It stays to be read, with the note that it was taken off."""
    change_taken_off(item, True, by, _("von der Tagesordnung abgesetzt"))


@transaction.atomic
def put_back(*, item: AgendaItem, by: User) -> None:
    change_taken_off(item, False, by, _("wieder auf die Tagesordnung gesetzt"))


def change_taken_off(item: AgendaItem, taken_off: bool, by: User, reason: str) -> None:
    meeting = lock_meeting(item.meeting_id, by)
    check_open(meeting)
    item.refresh_from_db()
    if taken_off and stages_over(item):
        raise ValidationError(_("Zu diesem Punkt ist schon ein Ergebnis eingetragen."))
    item.taken_off = taken_off
    sign(item, by=by, reason=reason)
    item.save()
    settle(meeting)


@transaction.atomic
def delete_item(*, item: AgendaItem, by: User) -> None:
    """As long as nobody was told of it. A stage waits for a place again."""
    stage = Consultation.objects.filter(agenda_item=item).first()
    if stage is not None:
        lock_paper(stage.paper_id)
    meeting = lock_meeting(item.meeting_id, by)
    check_open(meeting)
    if reason := why_kept(item):
        raise ValidationError(reason)
    stage = Consultation.objects.filter(agenda_item=item).first()
    if stage is not None:
        stage.agenda_item = None
        keep_closed(stage, item)
        sign(stage, by=by, reason=_("von der Tagesordnung genommen"))
        stage.save()
    sign(item, by=by)
    item.delete()
    settle(meeting)


def stages_over(item: AgendaItem) -> bool:
    return bool(Consultation.objects.filter(agenda_item=item).exclude(result="", outcome="").exists())


def why_kept(item: AgendaItem) -> str:
    """Why it cannot be deleted, in a sentence; empty if it can."""
    if is_sent(item.meeting):
        return _("Die Einladung nennt diesen Punkt schon. Er lässt sich nur noch absetzen.")
    if stages_over(item):
        return _("Zu diesem Punkt ist schon ein Ergebnis eingetragen.")
    if item.discussion:
        return _("Zu diesem Punkt ist schon ein Beratungsverlauf aufgeschrieben.")
    if item.children.exists():
        return _("Dieser Punkt hat Unterpunkte. Bitte setzen Sie diese zuerst an eine andere Stelle.")
    return ""


# ---- What comes again every time -------------------------------------------------------------------------


def earlier(meeting: Meeting) -> Meeting | None:
    """The last meeting of the same committees that has free items."""
    free = AgendaItem.objects.filter(consultation=None, taken_off=False)
    before = Meeting.objects.filter(
        municipality=meeting.municipality_id, date__lte=meeting.date, agenda__in=free
    )
    before = before.filter(committees__in=meeting.committees.all()).exclude(pk=meeting.pk).distinct()
    found: Meeting | None = before.order_by("-date", "-start").first()
    return found


@transaction.atomic
def take_over_free_items(*, meeting: Meeting, by: User) -> list[AgendaItem]:
    """„Mitteilungen“, „Anfragen“ and the like, as they stood on the last agenda."""
    meeting = lock_meeting(meeting.pk, by)
    check_open(meeting)
    source = earlier(meeting)
    if source is None:
        raise ValidationError(_("Eine frühere Sitzung mit freien Punkten gibt es nicht."))
    rows = list(rows_of(meeting))
    known = {(row.title, row.public) for row in rows}
    added: list[AgendaItem] = []
    free = rows_of(source).filter(consultation=None, taken_off=False, parent=None)
    for item in free:
        if (item.title, item.public) not in known:
            added.append(add(meeting, [*rows, *added], AgendaItem(title=item.title, public=item.public), by))
    settle(meeting)
    return added
