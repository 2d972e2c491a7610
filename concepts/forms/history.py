"""What of a concept's history is shown, and what is to be restored."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concepts.history.steps import Selection
from concepts.kinds import BY_SLUG, KINDS
from concepts.models import Concept, ConceptVersion
from municipalities.models import User

CONCEPT_SLUG = "konzept"
STEPS, SUMMARY = "", "zusammenfassung"
ALL = _("alle")
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class Version:
    number: int
    name: str
    made_at: datetime.datetime


def versions_of(concept: Concept) -> list[Version]:
    rows = ConceptVersion.objects.filter(concept=concept).order_by("-number")
    return [Version(*row) for row in rows.values_list("number", "name", "pdf__issued_at")]


class HistoryForm(forms.Form):
    """A GET form; what cannot be understood gets a sentence and narrows nothing."""

    seit = forms.DateField(
        label=_("seit dem Tag (TT.MM.JJJJ)"),
        required=False,
        input_formats=["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Bitte schreiben Sie den Tag so: 18.12.2017.")},
    )
    fassung = forms.TypedChoiceField(
        label=_("seit der Fassung"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Diese Fassung gibt es nicht.")},
    )
    person = forms.TypedChoiceField(
        label=_("geändert von"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Diese Person hat hier nichts geändert.")},
    )
    art = forms.ChoiceField(
        label=_("Art"),
        required=False,
        choices=[("", ALL), (CONCEPT_SLUG, _("Konzept")), *((kind.slug, kind.label) for kind in KINDS)],
        error_messages={"invalid_choice": _("Diese Art gibt es nicht.")},
    )
    ansicht = forms.ChoiceField(
        label=_("Darstellung"),
        required=False,
        choices=[(STEPS, _("alle Einträge")), (SUMMARY, _("damals und heute"))],
        error_messages={"invalid_choice": _("Diese Darstellung gibt es nicht.")},
    )

    def __init__(self, data: Any, *, concept: Concept) -> None:
        super().__init__(data)
        self.concept = concept
        self.versions = {version.number: version for version in versions_of(concept)}
        people = User.objects.filter(pk__in=Selection(concept).people()).order_by("name", "email")
        offered = {
            "fassung": [(number, version.name) for number, version in self.versions.items()],
            "person": [(user.pk, str(user)) for user in people],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "–" if name == "fassung" else ALL), *choices]

    def clean_seit(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["seit"]
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("Bitte nennen Sie einen Tag zwischen 1990 und 2100."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("ansicht") == SUMMARY and self.since is None and not self.errors:
            self.add_error("seit", _("Bitte nennen Sie den Tag oder die Fassung, mit der Sie vergleichen."))
        return cleaned

    @property
    def since(self) -> datetime.datetime | None:
        """The later one of day and version."""
        found = []
        if day := self.cleaned_data.get("seit"):
            found.append(timezone.make_aware(datetime.datetime.combine(day, datetime.time.min)))
        if number := self.cleaned_data.get("fassung"):
            found.append(self.versions[number].made_at)
        return max(found, default=None)

    @property
    def summarises(self) -> bool:
        return self.cleaned_data.get("ansicht") == SUMMARY and self.since is not None

    def selection(self) -> Selection:
        self.full_clean()
        slug = self.cleaned_data.get("art")
        owner = Concept if slug == CONCEPT_SLUG else BY_SLUG[slug].model if slug else None
        return Selection(self.concept, owner, None, self.since, self.cleaned_data.get("person"))


class RestoreForm(forms.Form):
    """`feld` or `zeile` („measurecost-5“) name what is restored; without them it is the whole part."""

    seen = forms.CharField(required=False)
    feld = forms.CharField(required=False)
    zeile = forms.CharField(required=False)
