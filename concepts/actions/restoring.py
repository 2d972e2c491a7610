"""Goes back to what a part said before. It becomes a new entry in the history: nothing is lost by it.

Where something stands in the tree is never restored; that is a move. All raise ValidationError with
sentences, and change nothing, where something stands in the way: a name that is taken meanwhile, an
institution that is gone, a colleague who was faster. `seen` is the part's newest step that the person knows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from concepts.actions.placing import lock
from concepts.history.stands import Comparison, compare_with_today
from concepts.history.steps import Selection, newest_key
from concepts.history.tracks import ANSWERS, State, Track, differing, is_answer, question_of
from concepts.history.words import Words, moment
from concepts.models import Concept
from municipalities.models import User

LONGEST_REASON = 100  # django-simple-history's column


@transaction.atomic
def restore_part(*, part: Any, at: datetime.datetime, seen: str, by: User) -> None:
    """The part with all its lines (costs, figures, conditions) as it stood at that moment."""
    row, found = _locked(part, seen, at)
    restoring = Restoring(row, at, by)
    track, _pk = found.own_key
    now, then = found.now[found.own_key], found.then.get(found.own_key)
    if then is None:
        raise ValidationError(_("Damals gab es diesen Eintrag noch nicht."))
    names = [name for name in differing(now, then) if track.restorable(name)]
    if names:
        restoring.write(track, row, then, names)
    changes = found.rows
    for (row_track, pk), change in changes.items():
        if change.before is None:
            restoring.delete(row_track, pk)
    for (row_track, pk), change in changes.items():
        if change.before is not None:
            restoring.line(row_track, pk, change.before, change.after)


@transaction.atomic
def restore_value(*, part: Any, at: datetime.datetime, seen: str, name: str, by: User) -> None:
    """One value of the part, by its name in the part's state."""
    row, found = _locked(part, seen, at)
    track, _pk = found.own_key
    now, then = found.now[found.own_key], found.then.get(found.own_key)
    if then is None or name not in differing(now, then) or not track.restorable(name):
        raise ValidationError(_("Diese Angabe lässt sich nicht wiederherstellen."))
    label = Words(concept_of(row).municipality_id, [(track, then)]).label(track, name)
    Restoring(row, at, by, label).write(track, row, then, [name])


@transaction.atomic
def restore_line(*, part: Any, at: datetime.datetime, seen: str, track: Track, pk: int, by: User) -> None:
    """One line of the part that was changed or deleted since."""
    row, found = _locked(part, seen, at)
    change = found.rows.get((track, pk))
    if change is None or change.before is None:
        raise ValidationError(_("Diese Zeile lässt sich nicht wiederherstellen."))
    Restoring(row, at, by).line(track, pk, change.before, change.after)


def _locked(part: Any, seen: str, at: datetime.datetime) -> tuple[Any, Comparison]:
    lock(concept_of(part))
    row = type(part).objects.get(pk=part.pk)
    if newest_key(Selection(concept_of(row), type(row), row.pk)) != seen:
        raise ValidationError(
            _(
                "Inzwischen wurde hier etwas geändert. Bitte sehen Sie sich die Gegenüberstellung noch "
                "einmal an und stellen Sie dann wieder her."
            )
        )
    (found,) = compare_with_today([(type(row), row.pk)], at)
    return row, found


def concept_of(row: Any) -> Concept:
    concept: Concept = row if isinstance(row, Concept) else row.own_concept()
    return concept


class Restoring:
    """Writes states back into a part and its lines."""

    def __init__(self, part: Any, at: datetime.datetime, by: User, label: str = "") -> None:
        """`label` names the one value that is restored; it stands in the history if there is room."""
        self.part, self.by = part, by
        self.concept = concept_of(part)
        self.reason = _("wiederhergestellt vom Stand %s") % moment(at)
        if label and len(longer := f"„{label}“ {self.reason}") <= LONGEST_REASON:
            self.reason = longer

    def write(self, track: Track, row: Any, state: State, names: Iterable[str]) -> None:
        """Those of the state's values. Whatever they point at has to be there still."""
        words = Words(self.concept.municipality_id, [(track, state)])
        row._history_user, row._change_reason = self.by, self.reason
        links = {}
        for name in names:
            value = state.get(name)
            if is_answer(name):
                answers = {key: said for key, said in row.additional.items() if key != question_of(name)}
                setattr(row, ANSWERS, answers if value is None else answers | {question_of(name): value})
                continue
            field = track.fields[name]
            if field.is_relation:
                self._check_there(field, value, words)
            if field.many_to_many:
                links[name] = value or ()
            else:
                setattr(row, field.attname, value)
        self._save(row)
        for name, ids in links.items():
            getattr(row, name).set(ids)

    def line(self, track: Track, pk: int, then: State, now: State | None) -> None:
        if now is not None:
            row = track.model.objects.get(pk=pk)
            names = [name for name in differing(now, then) if track.restorable(name)]
        else:
            row = track.model(pk=pk, **{track.parent: self.part.pk})
            names = list(then)
            if hasattr(row, "position"):
                row.position = _last_position(track, self.part.pk)
        self.write(track, row, then, names)

    def delete(self, track: Track, pk: int) -> None:
        row = track.model.objects.get(pk=pk)
        row._history_user, row._change_reason = self.by, self.reason
        row.delete()

    def _check_there(self, field: Any, value: Any, words: Words) -> None:
        wanted = {value} if isinstance(value, int) else set(value or ())
        gone = wanted - set(field.related_model._base_manager.in_bulk(wanted))
        if gone:
            names = ", ".join(sorted(f"„{words.reference(field.related_model, pk)}“" for pk in gone))
            raise ValidationError(
                _("%(label)s: %(names)s gibt es nicht mehr. Bitte tragen Sie ein, was heute gilt.")
                % {"label": field.verbose_name, "names": names}
            )

    def _save(self, row: Any) -> None:
        try:
            row.full_clean()
            row.save()
        except ValidationError as error:
            raise ValidationError(_sentences(row, error)) from error
        except IntegrityError as error:
            raise ValidationError(
                _("Der alte Stand passt nicht mehr zu dem, was heute im Konzept steht.")
            ) from error


def _last_position(track: Track, owner: int) -> int:
    rows = track.model.objects.filter(**{track.parent: owner})
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _sentences(row: models.Model, error: ValidationError) -> list[str]:
    """Each with the label of the field that it is about."""
    if not hasattr(error, "error_dict"):
        return error.messages
    labels = {field.name: str(field.verbose_name) for field in row._meta.concrete_fields}
    return [
        f"{labels[name]}: {message}" if name in labels else message
        for name, messages in error.message_dict.items()
        for message in messages
    ]
