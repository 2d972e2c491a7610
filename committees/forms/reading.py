"""Finding papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committees.models import Committee, Paper
from committees.models.papers import PaperQuerySet


class PaperFilterForm(forms.Form):
    """Narrows the list of papers by words in number or subject, by committee, and by how far they are."""

    text = forms.CharField(label=_("Nummer oder Betreff"), required=False, max_length=100)
    committee = forms.ModelChoiceField(
        label=_("Gremium"), queryset=Committee.objects.none(), required=False, empty_label=_("alle Gremien")
    )

    state = forms.ChoiceField(
        label=_("Stand"), choices=[("", _("jeder Stand")), *Paper.State.choices], required=False
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
        if state := self.cleaned_data["state"]:
            papers = papers.filter(state=state)
        return papers
