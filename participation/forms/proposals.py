"""Forms in which members propose and answer, and the filter of the list."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concepts.models import ActionField, Goal
from municipalities.choice_widgets import QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.models import Person, User
from participation.models import Event, Group, MeasureProposal, Process, Seat
from participation.models.proposals import LONGEST_TEXT

CHOOSE = _("Bitte wählen")
SHORT = 110


class LongText(forms.CharField):
    """Too much is refused with a sentence, not cut off by the browser while it is pasted."""

    widget = forms.Textarea

    def __init__(self, *, most: int = LONGEST_TEXT, **kwargs: Any) -> None:
        too_long = _("Das sind %(show_value)d Zeichen, möglich sind %(limit_value)d. Bitte kürzen Sie.")
        super().__init__(validators=[MaxLengthValidator(most, too_long)], **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def shortened(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def goal_choices(process: Process) -> list[Any]:
    """The goals of the process's concept, under their fields."""
    rows = Goal.objects.filter(field__concept=process.concept_id).select_related("field")
    grouped: dict[str, list[tuple[str, str]]] = {}
    for goal in rows.order_by("field__position", "parent__position", "position"):
        grouped.setdefault(str(goal.field), []).append((str(goal.pk), shortened(str(goal))))
    return [("", _("Kein bestimmtes Ziel")), *grouped.items()]


def fields_of(process: Process) -> Any:
    return ActionField.objects.filter(concept=process.concept_id).order_by("position")


# What a proposal needs, and what is said where it is missing.
NEEDED = {
    "title": _("Bitte sagen Sie in einem Satz, was getan werden soll."),
    "text": _("Bitte beschreiben Sie, wie das gehen soll."),
    "field": _("Bitte wählen Sie das Thema, das am besten passt."),
}


class ProposalForm(forms.ModelForm):
    """A proposal in a few fields. A draft may lack what it needs: see `allow_gaps`."""

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = MeasureProposal
        fields = [
            "title",
            "text",
            "field",
            "goal",
            "group",
            "carry_out",
            "language",
            "german_title",
            "german_text",
        ]
        labels = {
            "title": _("Was soll getan werden?"),
            "text": _("Wie soll das gehen, und wem hilft es?"),
            "field": _("Zu welchem Thema gehört das?"),
            "goal": _("Welchem Ziel dient es?"),
            "group": _("Schlagen Sie allein vor oder für eine Gruppe?"),
            "carry_out": _("Würden Sie das selbst umsetzen?"),
            "language": _("In welcher Sprache haben Sie geschrieben?"),
            "german_title": _("Auf Deutsch: Was soll getan werden?"),
            "german_text": _("Auf Deutsch: Wie soll das gehen?"),
        }
        help_texts = {
            "title": _("In einem Satz, zum Beispiel „Ein Sprachcafé am Samstag“."),
            "text": _("Schreiben Sie so, wie Sie sprechen, und in der Sprache, die Ihnen liegt."),
        }

    def __init__(self, data: Any = None, *, process: Process, user: User, staff: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.staff, self.user = staff, user
        self.submitting = True
        self.use_required_attribute = False
        if not self.instance.pk:
            self.initial["form_key"] = uuid.uuid4()
            self.instance.process = process
            self.instance.submitter = user
        texts: dict[str, Any] = {
            "text": LongText(
                label=self.fields["text"].label, help_text=self.fields["text"].help_text, required=False
            ),
            "german_text": LongText(
                label=self.fields["german_text"].label,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            ),
        }
        self.fields.update(texts)
        self.fields["title"].error_messages["max_length"] = _(
            "Das sind %(show_value)d Zeichen, möglich sind %(limit_value)d. "
            "Bitte sagen Sie es kürzer, und schreiben Sie das Übrige in das nächste Feld."
        )
        self._choose("field", fields_of(process), CHOOSE)
        self._choose("goal", Goal.objects.filter(field__concept=process.concept_id), "")
        self.fields["goal"].choices = goal_choices(process)  # type: ignore[attr-defined]
        own = Group.objects.filter(process=process)
        if not staff:
            seats = Seat.objects.held_now().filter(person__user=user, group__process=process)
            own = own.filter(pk__in=seats.values("group"))
        self._choose("group", own, _("Allein"))
        self.fields["carry_out"] = forms.ChoiceField(
            label=self.fields["carry_out"].label,
            choices=[("", _("Das weiß ich noch nicht")), *MeasureProposal.CarryOut.choices],
            widget=forms.RadioSelect,
            required=False,
        )
        for name, sentence in NEEDED.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence
        if process.concept_id is None:
            del self.fields["field"], self.fields["goal"]
        if not own:
            del self.fields["group"]

    def _choose(self, name: str, rows: Any, nothing: Any) -> None:
        field: Any = self.fields[name]
        field.queryset, field.empty_label = rows, str(nothing)
        field.widget = QuickSelect(choices=field.choices)
        field.error_messages["invalid_choice"] = _("Das gibt es nicht mehr. Bitte wählen Sie etwas anderes.")
        field.required = False

    def allow_gaps(self) -> None:
        """For a draft."""
        self.submitting = False
        for name in NEEDED:
            if name in self.fields:
                self.fields[name].required = False

    def clean_form_key(self) -> Any:
        return self.cleaned_data["form_key"] or self.instance.form_key

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if (goal := cleaned.get("goal")) is not None and not cleaned.get("field"):
            cleaned["field"] = goal.field
        if "form_key" in cleaned:
            self.instance.form_key = cleaned["form_key"]
        empty = not any(cleaned.get(name) for name in ("title", "text"))
        if not self.submitting and empty and not self.errors:
            self.add_error("title", _("Bitte schreiben Sie etwas, bevor Sie speichern."))
        return cleaned


class SlipForm(ProposalForm):
    """What the staff type from a slip of paper: who wrote it, and where it was handed in."""

    from_paper = forms.BooleanField(
        label=_("Ich übertrage einen Zettel oder schreibe für jemand anderen"), required=False
    )

    class Meta(ProposalForm.Meta):
        fields = [*ProposalForm.Meta.fields, "submitter_name", "person", "event"]
        labels = {
            **ProposalForm.Meta.labels,
            "submitter_name": _("Name auf dem Zettel"),
            "person": _("Person, falls sie schon eingetragen ist"),
            "event": _("Bei welcher Veranstaltung abgegeben?"),
        }
        help_texts = {
            **ProposalForm.Meta.help_texts,
            "submitter_name": _("Ohne Namen steht hier „ohne Namen“."),
        }

    def __init__(self, data: Any = None, *, process: Process, **kwargs: Any) -> None:
        super().__init__(data, process=process, **kwargs)
        self._choose("person", Person.objects.filter(municipality=process.municipality_id), _("Keine Angabe"))
        self._choose("event", Event.objects.filter(process=process).in_order(), _("Keine Angabe"))
        if self.instance.pk:
            self.initial["from_paper"] = self.instance.submitter_id is None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("from_paper"):
            person = cleaned.get("person")
            name = cleaned.get("submitter_name") or (person.name if person else str(_("ohne Namen")))
            cleaned["submitter_name"] = name
        else:
            cleaned["submitter_name"], cleaned["person"] = "", None
        self.instance.submitter = None if cleaned.get("from_paper") else self.user
        return cleaned


class WordingForm(MergingForm):
    """The German wording beside the original. Two may write it at once."""

    class Meta:
        model = MeasureProposal
        fields = ["german_title", "german_text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["german_text"] = LongText(label=self.fields["german_text"].label, required=False)
        if not self.instance.has_german_wording and self.instance.is_german:
            self.initial["german_title"] = self.instance.title
            self.initial["german_text"] = self.instance.text

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if bool(cleaned.get("german_title")) != bool(cleaned.get("german_text")) and not self.errors:
            empty = "german_text" if cleaned.get("german_title") else "german_title"
            self.add_error(empty, _("Bitte füllen Sie beide Felder aus, oder leeren Sie beide."))
        return cleaned


class CommentForm(forms.Form):
    text = LongText(
        label=_("Ihr Kommentar"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Alle Mitglieder des Prozesses sehen ihn mit Ihrem Namen."),
        error_messages={"required": _("Bitte schreiben Sie Ihren Kommentar.")},
    )


class AnswerForm(forms.Form):
    text = LongText(
        label=_("Ihre Antwort"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Bitte schreiben Sie Ihre Antwort.")},
    )


OPEN, DECIDED, WITHDRAWN = "offen", "entschieden", "zurueckgezogen"
RANKED = "unterstuetzung"


class ProposalFilter(forms.Form):
    """What of the list is shown. A value that is no choice counts as none."""

    suche = forms.CharField(label=_("Wort"), required=False, max_length=100)
    feld = forms.ModelChoiceField(
        label=_("Handlungsfeld"), queryset=ActionField.objects.none(), required=False, widget=QuickSelect
    )
    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", _("Alle")),
            (OPEN, _("noch offen")),
            (DECIDED, _("entschieden")),
            (WITHDRAWN, _("zurückgezogen")),
        ],
        widget=QuickSelect,
    )

    reihe = forms.ChoiceField(
        label=_("Reihenfolge"),
        required=False,
        choices=[("", _("nach Handlungsfeld")), (RANKED, _("die mit den meisten Unterstützungen zuerst"))],
        widget=QuickSelect,
    )

    def __init__(self, data: Any, *, process: Process) -> None:
        super().__init__(data, auto_id="filter-%s")
        field: Any = self.fields["feld"]
        field.queryset, field.empty_label = fields_of(process), str(_("Alle"))

    def narrow(self, rows: Any) -> Any:
        self.is_valid()
        chosen = self.cleaned_data
        if field := chosen.get("feld"):
            rows = rows.filter(field=field)
        for word in str(chosen.get("suche") or "").split():
            rows = rows.filter(with_word(word))
        published = Q(decision__published_at__isnull=False)
        match chosen.get("stand"):
            case "offen":
                rows = rows.exclude(published).exclude(state__in=("withdrawn", "split"))
            case "entschieden":
                rows = rows.filter(published | Q(state="split"))
            case "zurueckgezogen":
                rows = rows.filter(state="withdrawn")
        return rows

    @property
    def is_ranked(self) -> bool:
        """Whether the list is wanted as an order of ranks."""
        return bool(self.cleaned_data.get("reihe") == RANKED)


def with_word(word: str) -> Q:
    """SQLite knows no small and capital umlauts, so a word is looked for in its usual shapes."""
    found = Q()
    for shape in {word, word.lower(), word.upper(), word.capitalize()}:
        for column in ("title", "text", "german_title", "german_text"):
            found |= Q(**{f"{column}__icontains": shape})
    return found
