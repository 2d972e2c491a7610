"""Forms in which readers comment and suggest, and editors decide."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from concepts.models import Comment, ConceptPart, Suggestion
from documents.permissions import may_upload
from documents.richtext import RichTextField, clean
from documents.widgets import let_upload
from municipalities.models import User

LONGEST_COMMENT: int = Comment._meta.get_field("text").max_length or 0
LONGEST_REASON: int = Suggestion._meta.get_field("reason").max_length or 0
TAKE_OVER, REFUSE = "uebernehmen", "ablehnen"


class LongText(forms.CharField):
    """Too much is refused with a sentence, not cut off by the browser while it is pasted."""

    widget = forms.Textarea

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        too_long = _("Das sind %(show_value)d Zeichen, möglich sind %(limit_value)d. Bitte kürzen Sie.")
        super().__init__(validators=[MaxLengthValidator(most, too_long)], **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class CommentForm(forms.Form):
    text = LongText(
        label=_("Ihr Kommentar"),
        most=LONGEST_COMMENT,
        help_text=_("Alle, die das Konzept lesen dürfen, sehen ihn mit Ihrem Namen."),
        error_messages={"required": _("Bitte schreiben Sie Ihren Kommentar.")},
    )


class WordingForm(forms.Form):
    """Another wording for one text of a part, typed where the text itself is typed.

    `seen` names the wording that was shown beside it: whoever was overtaken by a change is told.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, part: ConceptPart, text_name: str, wording: str) -> None:
        self.instance = part  # the editor asks the form for the town to which pictures belong
        text: Any = part._meta.get_field(text_name)
        self.is_rich = isinstance(text, RichTextField)
        self.today: str = getattr(part, text_name)
        super().__init__(data, initial={"seen": fingerprint(self.today), "wording": wording})
        self.fields["wording"] = text.formfield(
            required=True,
            error_messages={
                "required": _(
                    "Bitte schreiben Sie, wie der Text lauten soll. "
                    "Soll er ganz entfallen, sagen Sie das in einem Kommentar."
                )
            },
        )
        self.order_fields(["seen", "wording", "reason"])

    def normal(self, wording: str) -> str:
        """As it would be stored."""
        if self.is_rich:
            return clean(wording)
        return wording.replace("\r\n", "\n").strip()

    def clean_wording(self) -> str:
        field, typed = self.fields["wording"], self.cleaned_data["wording"]
        wording = self.normal(typed)
        if field.required and not wording:
            raise forms.ValidationError(field.error_messages["required"], code="required")
        return wording

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("seen") != fingerprint(self.today):
            self.add_error(
                None,
                _(
                    "Der Text wurde geändert, während Sie daran geschrieben haben. Was heute dort steht, "
                    "sehen Sie hier. Ihre Eingaben stehen noch im Formular. Bitte prüfen Sie sie, und "
                    "senden Sie noch einmal."
                ),
            )
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["seen"] = fingerprint(self.today)  # now it has been seen
            self.data = data
        return cleaned


class SuggestionForm(WordingForm):
    reason = LongText(
        label=_("Warum schlagen Sie das vor?"),
        required=False,
        most=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, *, part: ConceptPart, text_name: str, by: User) -> None:
        super().__init__(data, part=part, text_name=text_name, wording=getattr(part, text_name))
        if self.is_rich:  # everybody who reads may suggest, and not everybody may upload
            let_upload(self, may_upload(by, part.owner_id()))

    def clean_wording(self) -> str:
        wording = super().clean_wording()
        if wording == self.normal(self.today):
            raise forms.ValidationError(
                _("Das ist der heutige Wortlaut. Bitte ändern Sie ihn, oder schreiben Sie einen Kommentar.")
            )
        return wording


class DecisionForm(WordingForm):
    """The button that was pressed says what is decided; a refusal needs its reason, and no wording."""

    reason = LongText(
        label=_("Grund der Entscheidung"),
        required=False,
        most=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nötig, wenn Sie nicht übernehmen. Wer den Vorschlag gemacht hat, sieht den Grund."),
    )

    def __init__(self, data: Any, *, suggestion: Suggestion) -> None:
        super().__init__(
            data, part=suggestion.part, text_name=suggestion.text_name, wording=suggestion.wording
        )
        self.decision = data.get("entscheidung") if data is not None else None

    def clean(self) -> dict[str, Any] | None:
        if self.decision == REFUSE:
            self.errors.pop("wording", None)
            if not self.cleaned_data.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _("Bitte nennen Sie den Grund, aus dem Sie nicht übernehmen."))
        elif self.decision != TAKE_OVER:
            self.add_error(None, _("Bitte entscheiden Sie: „Übernehmen“ oder „Nicht übernehmen“."))
        return super().clean()


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
