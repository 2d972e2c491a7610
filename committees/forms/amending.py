"""An amendment: what it changes, its wording, what became of it, and the administration's word on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.carrying import CarriedPoint
from committees.models import Amendment, Consultation, Faction, Paper
from concepts.actions.signing import LONGEST_REASON
from concepts.models import Measure
from documents.richtext import plain_text
from municipalities.choice_widgets import QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.typed_choice import TypedChoiceField
from municipalities.versioned_forms import VersionedForm

POINT, ADDED, NEW, MEASURE = "punkt", "zusatz", "neu", "massnahme"
LONGEST_LABEL = 120
MOST_OFFERED = 300


def target_of(row: CarriedPoint) -> str:
    """How the address names a point: by its number in the database, or by its place where it came later."""
    return f"{POINT}-{row.point.pk}" if row.point else f"{ADDED}-{row.position}"


class TargetForm(forms.Form):
    """Where, and at what. Its fields stand in the address, so that the next page knows them."""

    beratung = forms.TypedChoiceField(
        label=gettext_lazy("In welcher Beratung wird der Antrag gestellt?"),
        coerce=int,
        widget=QuickSelect,
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie die Beratung."),
            "invalid_choice": gettext_lazy("Diese Beratung gibt es in der Beratungsfolge nicht."),
        },
    )
    ziel = forms.ChoiceField(
        label=gettext_lazy("Was soll geändert werden?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie, was geändert werden soll."),
            "invalid_choice": gettext_lazy("Diesen Punkt gibt es nicht. Bitte wählen Sie aus der Liste."),
        },
    )
    massnahme = TypedChoiceField(
        label=gettext_lazy("Welche Maßnahme?"),
        queryset=Measure.objects.none(),
        required=False,
        help_text=gettext_lazy("Nur bei einer Maßnahme: Kennung oder Anfang des Titels tippen."),
    )

    def __init__(
        self,
        *args: Any,
        paper: Paper,
        stages: Sequence[Consultation],
        rows: Sequence[CarriedPoint],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        fields: dict[str, Any] = self.fields
        fields["beratung"].choices = [(stage.position, stage_label(stage)) for stage in stages]
        points = [(target_of(row), point_label(row)) for row in rows if not row.only_beside]
        others = [(NEW, _("Ein neuer Beschlusspunkt kommt dazu"))]
        if paper.concept_id is None:
            del fields["massnahme"]
        else:
            others.append((MEASURE, _("Eine Maßnahme des Konzepts")))
            measures = Measure.objects.filter(concept=paper.concept_id).order_by(
                "field__position", "position"
            )
            fields["massnahme"].queryset = measures
            fields["massnahme"].offer(measures.values_list("pk", "code", "title"))
        fields["ziel"].choices = [*points, *others]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wanted = cleaned.get("ziel") == MEASURE
        if wanted and not cleaned.get("massnahme") and "massnahme" not in self.errors:
            self.add_error("massnahme", _("Bitte nennen Sie die Maßnahme, die geändert werden soll."))
        if not wanted:
            cleaned["massnahme"] = None
        return cleaned

    @property
    def row(self) -> CarriedPoint | None:
        """The chosen point; None for a new one and for a measure."""
        return next((row for row in self.rows if target_of(row) == self.cleaned_data["ziel"]), None)


def stage_label(stage: Consultation) -> str:
    date = f", {stage.date:%d.%m.%Y}" if stage.date else ""
    return f"{stage.position}. {stage.committee_names()}{date}"


def point_label(row: CarriedPoint) -> str:
    words = plain_text(row.text or row.original)
    brief = words if len(words) <= LONGEST_LABEL else words[:LONGEST_LABEL].rsplit(" ", 1)[0] + " …"
    struck = _(" (gestrichen)") if row.struck else ""
    return _("Beschlusspunkt %(number)d%(struck)s: %(words)s") % {
        "number": row.position,
        "struck": struck,
        "words": brief,
    }


class AmendmentForm(MergingForm):
    """`base` is the text that stood above the new wording: somebody may change it meanwhile."""

    base = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    strike = forms.BooleanField(
        label=gettext_lazy("Ganz streichen"),
        required=False,
        help_text=gettext_lazy("Der neue Wortlaut darunter gilt dann nicht."),
    )
    field_order = ("strike", "after", "beside", "faction", "mover", "reason", "filed_as", "comment")

    class Meta:
        model = Amendment
        fields: ClassVar = ("after", "beside", "faction", "mover", "reason", "filed_as", "comment")
        field_classes: ClassVar = {"filed_as": TypedChoiceField}
        widgets: ClassVar = {
            "faction": QuickSelect,
            "filed_as": TypedChoiceField.widget,
            "reason": forms.Textarea(attrs={"rows": 4}),
            "comment": forms.Textarea(attrs={"rows": 4}),
        }
        labels: ClassVar = {
            "beside": gettext_lazy("Soll als anderer Wortlaut daneben stehen"),
            "mover": gettext_lazy("oder jemand anderes"),
        }
        help_texts: ClassVar = {
            "after": gettext_lazy(
                "Der ganze Text mit der Änderung. Was anders ist, zeigt das Portal von selbst."
            ),
            "mover": gettext_lazy("Zum Beispiel ein einzelnes Mitglied oder die Verwaltung."),
            "filed_as": gettext_lazy(
                "Nur wenn der Antrag als eigene Drucksache vorliegt: ihre Nummer oder den Betreff tippen."
            ),
        }
        error_messages: ClassVar = {
            "faction": {
                "invalid_choice": gettext_lazy(
                    "Diese Fraktion gibt es am Tag der Sitzung nicht. Bitte wählen Sie eine aus der Liste."
                )
            }
        }

    def __init__(self, *args: Any, papers: Any, text: str, **kwargs: Any) -> None:
        """`text` is what the committee has before it now, and `papers` are those it can be filed as."""
        super().__init__(*args, **kwargs)
        amendment: Amendment = self.instance
        fields: dict[str, Any] = self.fields
        fields["after"].label = _("Neuer Wortlaut")
        fields["after"].required = not (self.is_bound and self.data.get(self.add_prefix("strike")))
        fields["after"].error_messages["required"] = (
            _("Bitte schreiben Sie den neuen Wortlaut, oder kreuzen Sie „Ganz streichen“ an.")
            if text
            else _("Bitte schreiben Sie den Wortlaut des neuen Punktes.")
        )
        self.initial["base"] = text
        self.initial["strike"] = bool(amendment.pk and not amendment.after)
        day = amendment.consultation.date or timezone.localdate()
        on_the_day = Faction.objects.in_town(amendment.paper.municipality).on(day)
        kept = Faction.objects.filter(pk=amendment.faction_id or 0)
        fields["faction"].queryset = on_the_day | kept
        fields["faction"].empty_label = _("das Gremium selbst")
        fields["faction"].label = _("Wer stellt den Antrag?")
        papers = papers.exclude(pk=amendment.paper_id).order_by("-pk")
        fields["filed_as"].queryset = papers
        fields["filed_as"].offer(papers.values_list("pk", "number", "subject")[:MOST_OFFERED])
        if not text:
            del fields["strike"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        self.instance.before = cleaned.get("base", "")
        if cleaned.get("strike"):
            cleaned["after"] = ""
        return cleaned

    def validate_constraints(self) -> None:
        """Asked when it is saved: the number is given then, and the text may have changed meanwhile."""


BESIDE = "beside"


class DecisionForm(VersionedForm):
    """What became of it. Whoever corrects a decision says why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Was ist aus dem Antrag geworden?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was aus dem Antrag geworden ist.")},
    )

    class Meta:
        model = Amendment
        fields: ClassVar = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amendment: Amendment = self.instance
        State = Amendment.State  # noqa: N806 - the class
        choices = [
            (State.ACCEPTED, _("Angenommen: Die Änderung kommt in den Text")),
            (BESIDE, _("Angenommen als anderer Wortlaut: Er steht neben dem Text zur Wahl")),
            (State.REJECTED, _("Abgelehnt")),
            (State.WITHDRAWN, _("Zurückgezogen")),
        ]
        decided = amendment.state != State.MOVED
        if decided:
            choices.append((State.MOVED, _("Wieder offen: Die Eintragung war ein Irrtum")))
            self.fields["reason"] = forms.CharField(
                label=_("Grund der Berichtigung"),
                max_length=LONGEST_REASON,
                help_text=_("Steht im Verlauf des Antrags."),
                error_messages={"required": _("Bitte nennen Sie den Grund der Berichtigung.")},
            )
            beside = amendment.state == State.ACCEPTED and amendment.beside
            self.initial["decision"] = BESIDE if beside else amendment.state
        fields: dict[str, Any] = self.fields
        fields["decision"].choices = choices

    @property
    def state(self) -> str:
        chosen: str = self.cleaned_data["decision"]
        return Amendment.State.ACCEPTED if chosen == BESIDE else chosen

    @property
    def beside(self) -> bool | None:
        """None leaves it as its mover wants it."""
        chosen = self.cleaned_data["decision"]
        return chosen == BESIDE if chosen in (BESIDE, Amendment.State.ACCEPTED) else None

    def validate_constraints(self) -> None:
        """Asked when it is saved."""


class CommentForm(MergingForm):
    class Meta:
        model = Amendment
        fields: ClassVar = ("comment",)
        widgets: ClassVar = {"comment": forms.Textarea(attrs={"rows": 5})}

    def validate_constraints(self) -> None:
        """What is decided is not asked again."""
