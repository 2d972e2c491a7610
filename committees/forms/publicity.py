"""Who may read what of a paper, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from committees.actions.publicity import PARTS, Kept, Publicity, publicity_of
from committees.forms.writing_fields import readable
from committees.layout_files import blocks_of
from committees.models import Consultation, Paper
from municipalities.choice_widgets import DASHES, CheckList, QuickSelect
from municipalities.models import Institution

STAGE = "ergebnis"
"""The word for a stage's result, beside those of `PARTS`."""


def is_closed(stage: Consultation) -> bool:
    return stage.treatment == Consultation.Treatment.NON_PUBLIC


@dataclass
class ShownPart:
    """A part with its box, its reason and the office that decided."""

    title: str
    box: BoundField
    why: list[BoundField]
    open: bool


class OfficesField(forms.MultipleChoiceField):
    widget = CheckList

    def clean(self, value: Any) -> list[int]:
        return sorted(int(one) for one in super().clean(value))


class PublicityForm(forms.Form):
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    public = forms.BooleanField(
        label=_("Diese Vorlage ist öffentlich"),
        required=False,
        help_text=_("Ohne das Häkchen lesen sie nur die Verwaltung und die Gremien, die über sie beraten."),
    )
    non_public_reason = forms.CharField(
        label=_("Grund der Nichtöffentlichkeit"),
        max_length=200,
        required=False,
        help_text=_("Gilt auch für jeden Teil unten, bei dem kein eigener Grund steht."),
    )
    public_subject = forms.CharField(
        label=_("Betreff für die Öffentlichkeit"),
        max_length=300,
        required=False,
        help_text=_(
            "Steht statt des Betreffs, wo jemand die Vorlage nicht lesen darf. Leer steht dort nichts."
        ),
    )

    def __init__(self, data: Any = None, *, paper: Paper) -> None:
        self.paper = paper
        self.stored = publicity_of(paper)
        super().__init__(data)
        self.offices = self._offices()
        self.fields["non_public_by"] = self._office(_now("Wer das entschieden hat"))
        self.fields["reading_offices"] = OfficesField(
            label=_("Diese Stellen lesen das Nichtöffentliche"), choices=self.offices, required=False
        )
        self.order_fields(["opened", "public", "non_public_reason", "non_public_by"])
        self.initial = {
            "opened": self.stored.mark,
            "public_subject": self.stored.subject,
            "reading_offices": self.stored.offices,
            "public": self.stored.paper.public,
            "non_public_reason": self.stored.paper.reason,
            "non_public_by": self.stored.paper.office or "",
        }
        self.titles: dict[tuple[str, int], str] = {}
        for kind, manager in PARTS.items():
            for row in getattr(paper, manager).all():
                self._add_part(kind, row)
        self.stages: list[Consultation] = list(
            paper.consultations.select_related("committee", "meeting").prefetch_related("joint_committees")
        )
        for stage in self.stages:
            stage.paper = paper
            self._add_stage(stage)

    def _offices(self) -> list[tuple[int, str]]:
        """Those of the administration, and what was chosen before."""
        stored = self.stored
        kept = (stored.paper, *stored.parts.values(), *stored.results.values())
        chosen = {one.office for one in kept} | set(stored.offices)
        of_town = Institution.objects.filter(municipality=self.paper.municipality_id)
        rows = of_town.filter(Q(kind=Institution.Kind.DEPARTMENT) | Q(pk__in=chosen - {None}))
        return list(rows.order_by("name").values_list("pk", "name"))

    def _office(self, label: str) -> forms.Field:
        return forms.TypedChoiceField(
            label=label,
            choices=[("", DASHES), *self.offices],
            coerce=int,
            empty_value=None,
            required=False,
            widget=QuickSelect,
            error_messages={"invalid_choice": _("Diese Stelle gibt es nicht mehr. Bitte wählen Sie neu.")},
        )

    def _add_part(self, kind: str, row: Any) -> None:
        title = self._title(kind, row)
        self.titles[kind, row.pk] = title
        box = forms.BooleanField(label=_now("%s ist öffentlich") % title, required=False)
        self._add(f"{kind}-{row.pk}", title, box, self.stored.parts[kind, row.pk])

    def _add_stage(self, stage: Consultation) -> None:
        title = f"{stage.position}. {stage.committee_names()}"
        self.titles[STAGE, stage.pk] = title
        box = forms.BooleanField(
            label=_now("%s: Ergebnis ist öffentlich") % title,
            required=False,
            help_text=_now("Diese Beratung ist nichtöffentlich; ihr Ergebnis ist es deshalb auch.")
            if is_closed(stage)
            else "",
        )
        self._add(f"{STAGE}-{stage.pk}", title, box, self.stored.results[stage.pk])

    def _add(self, name: str, title: str, box: forms.Field, kept: Kept) -> None:
        self.fields[f"{name}-public"] = box
        self.fields[f"{name}-reason"] = forms.CharField(
            label=_now("Grund, wenn nicht (%s)") % title,
            max_length=200,
            required=False,
        )
        self.fields[f"{name}-office"] = self._office(_now("Wer das entschieden hat (%s)") % title)
        self.initial[f"{name}-public"] = kept.public
        self.initial[f"{name}-reason"] = kept.reason
        self.initial[f"{name}-office"] = kept.office or ""

    def _title(self, kind: str, row: Any) -> str:
        match kind:
            case "abschnitt":
                titles = {block.key: block.title.rstrip(":") for block in blocks_of(self.paper.layout)}
                return _now("Abschnitt „%s“") % (titles.get(row.key) or readable(row.key.rsplit(".")[-1]))
            case "punkt":
                return _now("Beschlusspunkt %d") % row.position
            case _:
                return _now("Anlage „%s“") % row.title

    # ---- As it is shown ----

    def facts(self) -> list[BoundField]:
        return [
            self[name]
            for name in (
                *("public", "non_public_reason", "non_public_by"),
                *("public_subject", "reading_offices"),
            )
        ]

    def parts(self) -> list[ShownPart]:
        return [self._shown(kind, pk) for kind, pk in self.titles if kind != STAGE]

    def results(self) -> list[ShownPart]:
        return [self._shown(STAGE, stage.pk) for stage in self.stages]

    def _shown(self, kind: str, pk: int) -> ShownPart:
        box, *why = [self[f"{kind}-{pk}-{name}"] for name in ("public", "reason", "office")]
        shown = not box.value() or any(bound.errors or bound.value() for bound in why)
        return ShownPart(self.titles[kind, pk], box, why, open=shown)

    # ---- As it was typed ----

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("public") and not cleaned.get("non_public_reason"):
            self.add_error("non_public_reason", _("Bitte nennen Sie den Grund der Nichtöffentlichkeit."))
        return cleaned

    def typed(self) -> Publicity:
        said = self.cleaned_data
        return Publicity(
            paper=Kept(said["public"], said["non_public_reason"], said["non_public_by"]),
            subject=said["public_subject"],
            offices=said["reading_offices"],
            parts={(kind, pk): self._kept(f"{kind}-{pk}") for kind, pk in self.titles if kind != STAGE},
            results={
                stage.pk: self._kept(f"{STAGE}-{stage.pk}", closed=is_closed(stage)) for stage in self.stages
            },
        )

    def _kept(self, name: str, *, closed: bool = False) -> Kept:
        """`closed`: it is not public whatever the box says."""
        said = self.cleaned_data
        public: bool = said[f"{name}-public"]
        return (
            Kept() if public and not closed else Kept(public, said[f"{name}-reason"], said[f"{name}-office"])
        )

    def count_as_opened_now(self) -> None:
        """The next click saves over what somebody else has done."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["opened"] = self.stored.mark
        self.data = data
