"""Forms of what council members prepare."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.forms.signing import day_field
from committees.models import Faction, Meeting
from council.actions.keys import LONGEST_LINK
from council.actions.notes import LONGEST_NOTE
from council.marking import LONGEST_QUOTE
from council.models import FactionStaff, IntendedVote, PaperQuestion, PrivateNote
from municipalities.choice_widgets import QuickSelect
from municipalities.models import Person

NOT_HERE = _("Das gibt es hier nicht. Bitte wählen Sie aus der Liste.")


class PassageForm(forms.Form):
    """About the whole paper or one of its passages."""

    passage = forms.ChoiceField(
        label=_("Zu welcher Stelle?"), required=False, error_messages={"invalid_choice": NOT_HERE}
    )

    def __init__(self, *args: Any, passages: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["passage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(passages.items())


class FormerAddressForm(forms.Form):
    former = forms.EmailField(
        label=_("Frühere E-Mail-Adresse"),
        help_text=_("Die Ihr Konto hatte, als Sie die Notizen schrieben."),
        error_messages={
            "required": _("Bitte nennen Sie die frühere E-Mail-Adresse."),
            "invalid": _("Das ist keine E-Mail-Adresse. Bitte prüfen Sie sie, zum Beispiel name@stadt.de."),
        },
    )


class NoteForm(PassageForm):
    """The button says whether it is a note or only a mark."""

    quote = forms.CharField(
        label=_("Diese Wörter hervorheben"),
        required=False,
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Schreiben Sie sie ab, wie sie in der Vorlage stehen. Leer gilt die ganze Stelle."),
    )
    # What stands before them, where they stand more than once. The script knows it.
    before = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Notiz"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 4})
    )

    def beside_the_text(self) -> NoteForm:
        self.fields["quote"].help_text = _(
            "Wählen Sie sie oben im Text aus, oder schreiben Sie sie ab. Leer gilt die ganze Stelle."
        )
        return self

    def kind(self) -> str:
        marked = self.data.get("kind") == PrivateNote.Kind.MARK
        return PrivateNote.Kind.MARK if marked else PrivateNote.Kind.NOTE


class QuestionForm(PassageForm):
    text = forms.CharField(
        label=_("Ihre Frage"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Bitte schreiben Sie Ihre Frage.")},
    )


class SeenForm(forms.Form):
    """Knows which state of a row was there when it was opened (`stand` of its action)."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def look_again(self, seen: str) -> None:
        """Who sends it once more has been told what is there now."""
        self.data = {**self.data.dict(), "seen": seen}  # type: ignore[attr-defined]


class AnswerForm(SeenForm):
    text = forms.CharField(
        label=_("Antwort"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Bitte schreiben Sie eine Antwort.")},
    )
    audience = forms.ChoiceField(
        label=_("Wer die Antwort liest"),
        choices=PaperQuestion.Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, wer die Antwort liest.")},
    )


class ReminderForm(forms.Form):
    day = day_field(_("Erinnern am"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].required = True
        self.fields["day"].error_messages["required"] = _("Bitte wählen Sie einen Tag.")


class IntendedVoteForm(SeenForm):
    vote = forms.ChoiceField(
        label=_("Wie wollen Sie abstimmen?"),
        choices=IntendedVote.Vote.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, wie die Fraktion abstimmen will.")},
    )
    speaker = forms.CharField(label=_("Wer spricht?"), required=False, max_length=150)
    remark = forms.CharField(
        label=_("Bemerkung"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class StaffForm(forms.ModelForm):
    class Meta:
        model = FactionStaff
        fields: ClassVar = ["person", "function", "span"]
        widgets: ClassVar = {"person": QuickSelect}
        help_texts: ClassVar = {
            "span": _("Zum Beispiel „ab 01.11.2020“. Leer gilt die Mitarbeit, bis Sie sie beenden."),
        }
        error_messages: ClassVar = {"person": {"required": _("Bitte wählen Sie eine Person.")}}

    def __init__(self, *args: Any, faction: Faction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.faction = faction
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Person.objects.in_town(faction.municipality)
        field.error_messages["invalid_choice"] = NOT_HERE
        self.fields["function"].help_text = _("Zum Beispiel „Geschäftsführung“.")

    def clean_person(self) -> Person:
        person: Person = self.cleaned_data["person"]
        if FactionStaff.objects.filter(faction=self.instance.faction, person=person).exists():
            raise forms.ValidationError(_("Diese Person arbeitet schon für die Fraktion."))
        return person


class LinkForm(forms.Form):
    holder = forms.CharField(
        label=_("Für wen?"),
        max_length=150,
        help_text=_("Zum Beispiel „Lokalredaktion“ oder ein Name. Das steht nur auf dieser Seite."),
        error_messages={"required": _("Bitte schreiben Sie, für wen der Link ist.")},
    )
    last_day = day_field(_("Gilt bis einschließlich"))
    complete = forms.BooleanField(
        label=_("mit dem nichtöffentlichen Teil"),
        required=False,
        help_text=_(
            "Nur für Personen, die zur Verschwiegenheit verpflichtet sind. Wer den Link hat, liest alles, "
            "auch wenn er weitergegeben wurde. Er gilt höchstens 31 Tage."
        ),
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = self.fields["last_day"]
        day.required = True
        day.error_messages["required"] = _("Bitte wählen Sie, wie lange der Link gilt.")
        today = timezone.localdate()
        after = max(meeting.date, today) + datetime.timedelta(days=1)
        self.initial.setdefault("last_day", min(after, today + LONGEST_LINK))
