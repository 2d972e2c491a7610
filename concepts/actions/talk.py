"""Commenting, suggesting another wording, and deciding on it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from concepts.actions.signing import sign
from concepts.models import Comment, Concept, ConceptPart, Suggestion
from concepts.models.talk import about
from municipalities.models import User

State = Suggestion.State


def add_comment(*, part: ConceptPart, text: str, by: User) -> Comment:
    comment: Comment = Comment.objects.create(concept=part.own_concept(), author=by, text=text, **about(part))
    return comment


def set_done(*, comment: Comment, done: bool, by: User) -> None:
    comment.done_at, comment.done_by = (timezone.now(), by) if done else (None, None)
    comment.save()


def withdraw_comment(*, comment: Comment) -> None:
    comment.delete()


def suggest(*, part: ConceptPart, text_name: str, wording: str, reason: str, by: User) -> Suggestion:
    """Another wording for the text that stands there now."""
    suggestion: Suggestion = Suggestion.objects.create(
        concept=part.own_concept(),
        author=by,
        text_name=text_name,
        original=getattr(part, text_name),
        wording=wording,
        reason=reason,
        **about(part),
    )
    return suggestion


@transaction.atomic
def withdraw_suggestion(*, suggestion: Suggestion) -> None:
    """Raises ValidationError once it is decided."""
    locked(suggestion).delete()


@transaction.atomic
def take_over(*, suggestion: Suggestion, wording: str, seen: str, reason: str, by: User) -> Suggestion:
    """Writes the wording, as it was suggested or changed, in place of `seen`.

    Raises ValidationError where somebody else has decided, or has changed the text meanwhile, or where the
    part does not take the wording.
    """
    suggestion = locked(suggestion)
    if suggestion.today != seen:
        raise ValidationError(
            _(
                "Der Text wurde eben geändert. "
                "Bitte prüfen Sie, was heute dort steht, und entscheiden Sie neu."
            )
        )
    part: Any = suggestion.part
    if wording != seen:
        setattr(part, suggestion.text_name, wording)
        check_text(part, suggestion.text_name)
        sign(part, by=by, reason=_("Vorschlag von %s") % suggestion.author)
        part.save()
    suggestion.state = State.ACCEPTED if wording == suggestion.wording else State.CHANGED
    suggestion.decided_wording = wording if suggestion.state == State.CHANGED else ""
    return decided(suggestion, reason=reason, by=by)


@transaction.atomic
def refuse(*, suggestion: Suggestion, reason: str, by: User) -> Suggestion:
    """Raises ValidationError where somebody else has decided meanwhile."""
    suggestion = locked(suggestion)
    suggestion.state = State.REFUSED
    return decided(suggestion, reason=reason, by=by)


def decided(suggestion: Suggestion, *, reason: str, by: User) -> Suggestion:
    suggestion.decided_at, suggestion.decided_by = timezone.now(), by
    suggestion.decision_reason = reason
    suggestion.save()
    return suggestion


def locked(suggestion: Suggestion) -> Suggestion:
    """The suggestion and its part as they are now; nobody else writes in the concept meanwhile."""
    Concept.objects.select_for_update(of=("self",)).get(pk=suggestion.concept_id)
    found: Suggestion | None = (
        Suggestion.objects.select_related("author", "decided_by").filter(pk=suggestion.pk).first()
    )
    if found is None:
        raise ValidationError(gone())
    if not found.is_open:
        raise ValidationError(already_decided(found))
    return found


def gone() -> str:
    return _("Diesen Vorschlag gibt es nicht mehr. Wer ihn gemacht hat, hat ihn zurückgezogen.")


def already_decided(suggestion: Suggestion) -> str:
    when = timezone.localtime(suggestion.decided_at)
    return _("%(who)s hat über diesen Vorschlag am %(when)s schon entschieden: %(state)s.") % {
        "who": suggestion.decided_by,
        "when": f"{when:%d.%m.%Y um %H:%M Uhr}",
        "state": suggestion.get_state_display(),
    }


def check_text(part: ConceptPart, text_name: str) -> None:
    """Raise ValidationError, under the text's name, where the part does not take its new text."""
    others = {field.name for field in part._meta.fields if field.name != text_name}
    try:
        part.clean_fields(exclude=others)
        part.validate_constraints()
    except ValidationError as error:
        raise ValidationError({text_name: error.messages}) from error
