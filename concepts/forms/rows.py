"""Rows typed in a table below a part's form: costs, values, targets, conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext_lazy as _

from concepts.models import (
    Concept,
    ConceptPart,
    Funding,
    FundingCondition,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Measure,
    MeasureCost,
)
from municipalities.choice_widgets import QuickSelect
from municipalities.number_fields import GermanDecimalField
from municipalities.versioned_forms import VersionedForm

EMPTY_ROWS = 2
MOST_ROWS = 500


class RowForm(VersionedForm):
    """`key` names the columns that tell two rows of one table apart."""

    key: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, concept: Concept, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concept = concept


class CostForm(RowForm):
    key = ("year", "funding", "source")

    class Meta:
        model = MeasureCost
        fields: ClassVar = ["year", "amount", "funding", "source", "reserved"]
        field_classes: ClassVar = {"amount": GermanDecimalField}
        widgets: ClassVar = {"funding": QuickSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Funding.objects.filter(concept=self.concept).order_by("programme")
        self.fields["funding"].queryset = rows  # type: ignore[attr-defined]


class ValueForm(RowForm):
    key = ("period", "group")

    class Meta:
        model = IndicatorValue
        fields: ClassVar = ["period", "group", "value", "text"]
        field_classes: ClassVar = {"value": GermanDecimalField}


class TargetForm(RowForm):
    key = ("period", "group")

    class Meta:
        model = IndicatorTarget
        fields: ClassVar = ["period", "group", "value", "text"]
        field_classes: ClassVar = {"value": GermanDecimalField}


class ConditionForm(RowForm):
    class Meta:
        model = FundingCondition
        fields: ClassVar = ["text", "deadline", "fulfilled_on", "fulfilment"]


class RowSet(BaseInlineFormSet):
    """A row that somebody else has deleted meanwhile says so instead of failing."""

    default_error_messages: ClassVar = {
        "missing_management_form": _(
            "Die Tabelle ist unvollständig angekommen. Bitte laden Sie die Seite neu."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self._forget_deleted_rows()

    def _forget_deleted_rows(self) -> None:
        """Rows that are gone are taken out of what was sent; `lost` counts them."""
        self.lost = 0
        key = f"{self.prefix}-INITIAL_FORMS"
        try:
            count = max(0, int(self.data.get(key, 0)))
            total = min(max(count, int(self.data.get(f"{self.prefix}-TOTAL_FORMS", count))), MOST_ROWS)
        except ValueError:
            return  # the form set says itself that it came in incomplete
        known = {str(pk) for pk in self.get_queryset().values_list("pk", flat=True)}
        sent = [str(self.data.get(f"{self.prefix}-{n}-id", "")) for n in range(min(count, MOST_ROWS))]
        if all(pk in known for pk in sent):
            return
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        # Those still there come first, then what was deleted or is new, as new rows.
        order = [n for n, pk in enumerate(sent) if pk in known]
        gone = [n for n, pk in enumerate(sent) if pk not in known]
        order += [*range(count, total)]
        names = [*self.form.base_fields, "id", "DELETE"]
        for place, n in enumerate(order):
            for name in names:
                old = f"{self.prefix}-{n}-{name}"
                new = f"{self.prefix}-{place}-{name}"
                data.setlist(new, self.data.getlist(old))  # type: ignore[attr-defined]
        data[key] = str(len(order) - (total - count))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(order))
        self.data, self.lost = data, len(gone)

    def clean(self) -> None:
        super().clean()
        self._check_doubles()
        if getattr(self, "lost", 0):
            raise forms.ValidationError(
                _(
                    "Eine Zeile dieser Tabelle hat inzwischen jemand anderes gelöscht; "
                    "sie steht nicht mehr hier. "
                    "Bitte prüfen Sie die Tabelle und speichern Sie noch einmal."
                )
            )

    def _check_doubles(self) -> None:
        seen = set()
        forms_here: list[Any] = self.forms
        for form in forms_here:
            cleaned = getattr(form, "cleaned_data", {})
            if not form.key or (not form.has_changed() and not form.instance.pk) or cleaned.get("DELETE"):
                continue
            key = tuple(cleaned.get(name) for name in form.key)
            if key in seen and key[0] is not None:
                form.add_error(form.key[0], _("Diese Zeile steht schon in der Tabelle."))
            seen.add(key)


@dataclass(frozen=True)
class Table:
    """A table of rows below a part: its form set under a heading."""

    prefix: str
    title: Any
    parent: type[ConceptPart]
    form: type[RowForm]
    hint: Any = ""

    def formset(self, part: ConceptPart, data: Any = None) -> Any:
        factory = inlineformset_factory(
            self.parent,
            self.form._meta.model,
            form=self.form,
            formset=RowSet,
            extra=EMPTY_ROWS,
            max_num=MOST_ROWS,
            absolute_max=MOST_ROWS,
            can_delete=True,
        )
        return factory(data, instance=part, prefix=self.prefix, form_kwargs={"concept": part.own_concept()})


TABLES = (
    Table("kosten", _("Kosten nach Jahren"), Measure, CostForm),
    Table("werte", _("Messwerte"), Indicator, ValueForm),
    Table("ziele", _("Zielwerte"), Indicator, TargetForm),
    Table("auflagen", _("Auflagen"), Funding, ConditionForm),
)


def tables_of(part: ConceptPart) -> list[Table]:
    return [table for table in TABLES if isinstance(part, table.parent)]
