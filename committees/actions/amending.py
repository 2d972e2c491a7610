"""Amendments: moved, worded anew, decided, commented.

Every step locks the paper first. Whatever is accepted can be made in the text as it stands then: two changes
of one sentence are refused, so that the carried text (committees/carrying.py) is always whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.actions.minuted import check_open
from committees.carrying import (
    Carried,
    CarriedMeasure,
    CarriedPoint,
    accepted,
    amendments_of,
    carried,
    measures_of,
    points_after,
)
from committees.models import Amendment, Consultation, Faction, Paper, ResolvedPoint
from committees.permissions import may_comment_amendments, may_lead
from concepts.actions.signing import LONGEST_REASON, sign
from concepts.models import ConceptVersion, Measure
from documents.rebasing import Overlap, rebased
from municipalities.models import User

MOST_AMENDMENTS = 500
# What its mover says of an amendment, besides the wording.
WORDS = ("faction", "mover", "reason", "comment", "beside", "filed_as")


# ---- The text that an amendment is written for -----------------------------------------------------------


def text_for(paper: Paper, stage: Consultation, *, row: CarriedPoint | None, measure: Measure | None) -> str:
    """What the committee has before it now: with what it accepted itself so far. Empty for a new point."""
    if measure is not None:
        changed = measures_of(accepted(amendments_of(paper), stage.position + 1))
        found = next((one for one in changed if one.measure and one.measure.pk == measure.pk), None)
        return found.text if found else original_of(paper, measure)
    return row.text if row else ""


def original_of(paper: Paper, measure: Measure) -> str:
    """The measure's text in the frozen version that the paper has attached; else as it is now."""
    attached = paper.attachments.filter(concept_version__concept=measure.concept_id).values("concept_version")
    version = ConceptVersion.objects.filter(pk__in=attached).order_by("-number").first()
    if version is not None:
        for copied in version.data["measure"]:
            if copied["id"] == measure.pk:
                return str(copied["text"])
    return measure.text


def text_now(amendment: Amendment, paper: Paper) -> str:
    """The text that an amendment which is still open would be made in. `paper` as it is in memory."""
    stage = amendment.consultation
    if amendment.measure is not None:
        return text_for(paper, stage, row=None, measure=amendment.measure)
    row = row_for(amendment, points_after(paper, stage))
    return row.text if row else ""


def row_for(amendment: Amendment, rows: Iterable[CarriedPoint]) -> CarriedPoint | None:
    """The point that it changes; None for a new one."""
    for row in rows:
        if amendment.point_id is not None:
            if row.point is not None and row.point.pk == amendment.point_id:
                return row
        elif amendment.before and row.point is None and row.has_said(amendment.before):
            return row
    return None


# ---- Moving and wording ----------------------------------------------------------------------------------


@transaction.atomic
def move_amendment(*, amendment: Amendment, by: User) -> Amendment:
    """A new one, unsaved: with its stage, what it changes, both wordings, and who moves it.

    Raises PermissionDenied for who may not, ValidationError with a sentence for what does not fit.
    """
    paper, stage = _opened(amendment, by)
    if not paper.released:
        raise ValidationError(
            _(
                "Diese Vorlage ist noch nicht freigegeben. Ihr Text lässt sich noch ändern, ohne dass jemand "
                "einen Antrag stellt."
            )
        )
    last = Amendment.objects.filter(paper=paper).aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_AMENDMENTS:
        raise ValidationError(
            _("Mehr als %d Änderungsanträge kann eine Vorlage nicht haben.") % MOST_AMENDMENTS
        )
    amendment.number, amendment.state = last + 1, Amendment.State.MOVED
    _check_faction(amendment.faction, stage)
    _write_for_now(amendment, paper)
    return _save(amendment, by)


@transaction.atomic
def edit_amendment(*, amendment: Amendment, by: User) -> Amendment:
    """Worded anew while it is open; `amendment` has the new words, unsaved."""
    paper, stage = _opened(amendment, by)
    stored = Amendment.objects.get(pk=amendment.pk)
    if stored.state != Amendment.State.MOVED:
        raise ValidationError(
            _("Über diesen Antrag ist schon entschieden. Nur die Stellungnahme lässt sich noch ändern.")
        )
    if amendment.faction_id != stored.faction_id:
        _check_faction(amendment.faction, stage)
    _write_for_now(amendment, paper)
    return _save(amendment, by)


def _write_for_now(amendment: Amendment, paper: Paper) -> None:
    """Somebody may have changed the text since the form was opened: it is made in the text as it is now."""
    now = text_now(amendment, paper)
    if amendment.before != now and (amendment.point_id or amendment.measure_id or amendment.before):
        try:
            amendment.after = rebased(amendment.before, amendment.after, now)
        except Overlap as overlap:
            raise ValidationError({"after": _changed_meanwhile(overlap.sentence)}) from overlap
        amendment.before = now
    if amendment.before == amendment.after:
        raise ValidationError({"after": _("Der neue Wortlaut ist derselbe wie der bisherige.")})


def _changed_meanwhile(sentence: str) -> str:
    return _(
        "Den Satz „%s“ hat inzwischen ein anderer angenommener Antrag geändert. Oben steht der Wortlaut, wie "
        "er jetzt gilt. Bitte schreiben Sie den neuen Wortlaut danach."
    ) % _brief(sentence)


@transaction.atomic
def comment_amendment(*, amendment: Amendment, comment: str, by: User) -> Amendment:
    """The administration's word on it: at any time, also after the minutes are signed."""
    paper = lock_paper(amendment.paper_id)
    if not may_comment_amendments(by, paper):
        raise PermissionDenied
    stored = _stored(amendment, paper)
    stored.comment = comment
    return _save(stored, by)


@transaction.atomic
def delete_amendment(*, amendment: Amendment, by: User) -> None:
    """Only what was entered by mistake: nobody has decided or voted about it."""
    _opened(amendment, by)
    stored = Amendment.objects.get(pk=amendment.pk)
    if stored.state != Amendment.State.MOVED or stored.ballots.exists():
        raise ValidationError(
            _(
                "Über diesen Antrag ist schon entschieden oder abgestimmt. Er bleibt festgehalten und lässt "
                "sich nicht löschen."
            )
        )
    sign(stored, by=by)
    stored.delete()


# ---- Deciding --------------------------------------------------------------------------------------------


@transaction.atomic
def decide_amendment(
    *,
    amendment: Amendment,
    state: str,
    by: User,
    beside: bool | None = None,
    order: int | None = None,
    reason: str = "",
) -> Amendment:
    """What the stage made of it. `beside`: accepted as another wording beside the text, for the next stages.

    Accepted ones are numbered in the order of acceptance; `order` gives another free place in it. Also takes
    a decision back (`moved`) or corrects it, until the minutes are signed or a later stage has resolved.
    Raises ValidationError, by field, where it cannot be put together with what was accepted already.
    """
    paper, stage = _opened(amendment, by)
    stored = _stored(amendment, paper)
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("Bitte höchstens %d Zeichen.") % LONGEST_REASON})
    wanted = (state, stored.beside if beside is None else beside)
    if (stored.state, stored.beside) == wanted and order in (None, stored.decided_order):
        return stored
    unfit = _unfit(paper)
    stored.state, stored.beside = wanted
    stored.decided_order = _order(paper, stored, order) if state == Amendment.State.ACCEPTED else None
    _check_fits(paper, stored, unfit)
    _save(stored, by, reason)
    stored.consultation = stage
    return stored


def _order(paper: Paper, amendment: Amendment, order: int | None) -> int:
    others = {
        one.decided_order for one in amendments_of(paper) if one.pk != amendment.pk and one.decided_order
    }
    if order is not None:
        if order < 1 or order in others:
            raise ValidationError(_("An dieser Stelle der Reihenfolge steht schon ein angenommener Antrag."))
        return order
    return amendment.decided_order or max(others, default=0) + 1


def _check_fits(paper: Paper, amendment: Amendment, unfit_before: set[int]) -> None:
    """All accepted amendments, with this one as it is now, can be made in one text."""
    others = [one for one in amendments_of(paper) if one.pk != amendment.pk]
    rows = _rows(paper, [*others, amendment])
    for row in rows:
        for unfit in row.unfit:
            if unfit.pk == amendment.pk:
                raise ValidationError({"state": _why_unfit(row, amendment)})
            if unfit.pk not in unfit_before:
                raise ValidationError(
                    {
                        "state": _(
                            "Der angenommene Änderungsantrag %(other)d baut auf dem Wortlaut auf, den "
                            "Änderungsantrag %(this)d betrifft. Bitte ändern Sie zuerst, was über "
                            "Änderungsantrag %(other)d entschieden ist."
                        )
                        % {"other": unfit.number, "this": amendment.number}
                    }
                )


def _why_unfit(row: Carried, amendment: Amendment) -> str:
    try:
        rebased(amendment.before, amendment.after, row.text)
    except Overlap as overlap:
        sentence = overlap.sentence
    else:  # it fits at the end, but not where it stands in the order
        sentence = ""
    other = row.last_to_change(sentence)
    who = _(" durch Änderungsantrag %d") % other.number if other else ""
    return _(
        "Der Satz „%(sentence)s“ ist schon%(who)s geändert. Bitte fassen Sie Änderungsantrag %(number)d nach "
        "dem jetzigen Wortlaut neu, oder nehmen Sie ihn als anderen Wortlaut daneben an."
    ) % {"sentence": _brief(sentence), "who": who, "number": amendment.number}


def _rows(paper: Paper, amendments: list[Amendment]) -> list[CarriedPoint | CarriedMeasure]:
    in_order = accepted(amendments)
    return [*carried(list(paper.resolution_points.all()), in_order), *measures_of(in_order)]


def _unfit(paper: Paper) -> set[int]:
    """What could not be put together before already: imported."""
    return {one.pk for row in _rows(paper, amendments_of(paper)) for one in row.unfit}


# ---- What all of them ask --------------------------------------------------------------------------------


def _opened(amendment: Amendment, by: User) -> tuple[Paper, Consultation]:
    """The paper, held until the transaction ends, and the stage, both as they are now."""
    paper = lock_paper(amendment.paper_id)
    if not may_lead(by, paper.municipality_id):
        raise PermissionDenied
    stages = Consultation.objects.filter(paper=paper).select_related("committee", "meeting")
    stage = stages.get(pk=amendment.consultation_id)
    amendment.paper = stage.paper = paper
    amendment.consultation = stage
    if closed := why_closed(amendment):
        raise ValidationError(closed)
    return paper, stage


def why_closed(amendment: Amendment) -> str:
    """Why nothing about it can be entered any more; empty where it can."""
    stage = amendment.consultation
    if stage.left_out:
        return _("Diese Beratung entfällt; in ihr gibt es keine Änderungsanträge.")
    try:
        check_open(stage.meeting)
        check_unresolved(amendment.paper, stage)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def check_unresolved(paper: Paper, stage: Consultation) -> None:
    """Raises ValidationError once a later stage has resolved the text."""
    later = ResolvedPoint.objects.filter(consultation__paper=paper, consultation__position__gt=stage.position)
    if later.exists():
        raise ValidationError(
            _(
                "Über diese Vorlage ist schon beschlossen. Was die Gremien davor am Wortlaut geändert haben, "
                "ändert sich nicht mehr."
            )
        )


def _stored(amendment: Amendment, paper: Paper) -> Amendment:
    return next(one for one in amendments_of(paper) if one.pk == amendment.pk)


def _check_faction(faction: Faction | None, stage: Consultation) -> None:
    if faction is None:
        return
    day = stage.date or timezone.localdate()
    if not Faction.objects.on(day).filter(pk=faction.pk).exists():
        raise ValidationError(
            {
                "faction": _("Die Fraktion „%(name)s“ gibt es am %(day)s nicht.")
                % {"name": faction.name, "day": f"{day:%d.%m.%Y}"}
            }
        )


def _save(amendment: Amendment, by: User, reason: str = "") -> Amendment:
    amendment.full_clean(exclude=["number", "paper", "consultation"])
    sign(amendment, by=by, reason=reason)
    amendment.save()
    return amendment


def _brief(sentence: str) -> str:
    return sentence if len(sentence) <= 160 else sentence[:157].rstrip() + " …"


def made_of(amendment: Amendment, text: str) -> tuple[str, str]:
    """The amendment made in this text; else its own wording, with the sentence that is in its way."""
    try:
        return rebased(amendment.before, amendment.after, text), ""
    except Overlap as overlap:
        return amendment.after, _brief(overlap.sentence)
