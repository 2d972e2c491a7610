"""Forms around papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committees.models import Committee
from committees.models.papers import PaperQuerySet


class PaperFilterForm(forms.Form):
    """Narrows the list of papers by words in number or subject, and by committee."""

    text = forms.CharField(label=_("Nummer oder Betreff"), required=False, max_length=100)
    committee = forms.ModelChoiceField(
        label=_("Gremium"), queryset=Committee.objects.none(), required=False, empty_label=_("alle Gremien")
    )

    def __init__(self, *args: Any, committees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = committees  # type: ignore[attr-defined]

    def narrow(self, papers: PaperQuerySet) -> PaperQuerySet:
        """The papers that match; all of them while the form holds nothing readable."""
        if not self.is_valid():
            return papers
        if text := self.cleaned_data["text"].strip():
            papers = papers.filter(Q(number__icontains=text) | Q(subject__icontains=text))
        if committee := self.cleaned_data["committee"]:
            involved = Q(consultations__committee=committee) | Q(consultations__joint_committees=committee)
            papers = papers.filter(pk__in=papers.model._default_manager.filter(involved).values("pk"))
        return papers


class IssueForm(forms.Form):
    """Confirms the issue of a stage. From the second on, it asks why.

    `issued` is how many issues there are. The form carries the number it was opened with, so that a
    second click, or a colleague who was faster, does not issue twice.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Grund der neuen Ausfertigung"),
        max_length=300,
        help_text=_(
            "Steht bei der Ausfertigung, nicht im PDF. Die bisherigen Ausfertigungen bleiben lesbar."
        ),
    )

    def __init__(self, *args: Any, issued: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": issued})
        super().__init__(*args, **kwargs)
        self.issued = issued
        if not issued:
            del self.fields["reason"]

    def clean_seen(self) -> int:
        seen: int = self.cleaned_data["seen"]
        if seen != self.issued:
            raise forms.ValidationError(
                _("Diese Beratung wurde inzwischen ausgefertigt. Bitte prüfen Sie die Liste unten.")
            )
        return seen
