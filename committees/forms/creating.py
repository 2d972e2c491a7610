"""The first facts of a new paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from committees.models import Paper, PaperType
from concepts.measure_words import with_function
from concepts.models import Concept
from municipalities.choice_widgets import QuickSelect
from municipalities.models import Institution, Municipality, Person, Role, User
from participation.models import Process


class NewPaperForm(forms.Form):
    """`related_to` is the paper that the new one belongs to."""

    paper_type = forms.ModelChoiceField(
        label=_("Art der Vorlage"),
        queryset=PaperType.objects.none(),
        empty_label=_("Bitte wählen"),
        widget=QuickSelect,
        help_text=_("Die Art bestimmt, welche Angaben und Texte das Formular hat und wie gedruckt wird."),
        error_messages={
            "required": _("Bitte wählen Sie die Art der Vorlage."),
            "invalid_choice": _("Diese Art gibt es nicht mehr. Bitte wählen Sie eine andere."),
        },
    )
    subject = forms.CharField(
        label=_("Betreff"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Bitte schreiben Sie, worum es in der Vorlage geht.")},
    )
    department = forms.ModelChoiceField(
        label=_("Federführender Fachbereich"),
        queryset=Institution.objects.none(),
        required=False,
        widget=QuickSelect,
        error_messages={"required": _("Bitte wählen Sie Ihren Fachbereich.")},
    )
    author = forms.ModelChoiceField(
        label=_("Bearbeiter/in"), queryset=Person.objects.none(), required=False, widget=QuickSelect
    )
    concept = forms.ModelChoiceField(
        label=_("Konzept"),
        queryset=Concept.objects.none(),
        required=False,
        widget=QuickSelect,
        help_text=_("Wenn die Vorlage ein Konzept oder seine Maßnahmen betrifft."),
    )
    process = forms.ModelChoiceField(
        label=_("Beteiligungsprozess"),
        queryset=Process.objects.none(),
        required=False,
        widget=QuickSelect,
        help_text=_("Seine Veranstaltungen können in der Vorlage als Zeitleiste stehen."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        municipality: Municipality,
        by: User,
        related_to: Paper | None = None,
        paper_type: str = "",
    ) -> None:
        super().__init__(data)
        types = PaperType.objects.filter(municipality=municipality)
        types = types.exclude(relation="") if related_to else types.filter(relation="")
        self._offer("paper_type", types)
        offices = Institution.objects.filter(municipality=municipality, kind=Institution.Kind.DEPARTMENT)
        access = by.access
        if not access.has_role(
            municipality.pk, Role.Kind.EDITING, Role.Kind.ADMINISTRATION, Role.Kind.COUNCIL_SERVICE
        ):
            offices = Institution.objects.filter(municipality=municipality, pk__in=access.institutions)
            self.fields["department"].required = True
        self._offer("department", offices)
        self._offer("author", Person.objects.filter(municipality=municipality))
        self.fields["author"].label_from_instance = with_function  # type: ignore[attr-defined]
        self._offer("concept", Concept.objects.visible_to(by).in_town(municipality))
        self._offer("process", Process.objects.filter(municipality=municipality))
        own = Person.objects.filter(municipality=municipality, user=by).first()
        self.initial = {"author": own and own.pk, "department": own and own.institution_id}
        # The only one there is, or the one that was asked for.
        named = [one for one in types if len(types) == 1 or str(one.pk) == paper_type]
        if named:
            self.initial["paper_type"] = named[0].pk
        if related_to is not None:
            words = related_to.number or related_to.subject
            self.initial |= {
                "subject": _now("%(type)s zu %(paper)s")
                % {"type": named[0].name if named else _now("Ergänzung"), "paper": words},
                "concept": related_to.concept_id,
                "process": related_to.process_id,
            }

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]
