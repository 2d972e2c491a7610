"""The forms with which PDFs leave the house, are called back, and are recognised again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from committees.models import Consultation


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


class IssuingRunForm(forms.Form):
    """Which stages are to be issued. `missing` are ticked: those without a valid issue."""

    stages = forms.MultipleChoiceField(
        label=_("Beratungen"),
        error_messages={"required": _("Bitte wählen Sie mindestens eine Beratung aus.")},
    )
    reason = forms.CharField(
        label=_("Grund der neuen Ausfertigung"),
        max_length=300,
        required=False,
        help_text=_(
            "Nur nötig, wenn für eines der ausgewählten Gremien schon ein PDF ausgefertigt ist. "
            "Der Grund steht bei der Ausfertigung, nicht im PDF."
        ),
    )

    def __init__(
        self, *args: Any, stages: Sequence[Consultation], missing: Sequence[Consultation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(stage.pk): stage for stage in stages}
        choices: Any = self.fields["stages"]
        choices.choices = [(pk, str(stage)) for pk, stage in self.known.items()]
        self.initial.setdefault("stages", [str(stage.pk) for stage in missing])

    def chosen(self) -> list[Consultation]:
        return [self.known[pk] for pk in self.cleaned_data["stages"]]

    def ticked(self) -> set[str]:
        """What stands in the boxes: what was sent, or what is missing."""
        return set(self.data.getlist("stages")) if self.is_bound else set(self.initial["stages"])  # type: ignore[attr-defined]


class RecallForm(forms.Form):
    reason = forms.CharField(
        label=_("Grund des Rückrufs"),
        max_length=300,
        error_messages={"required": _("Bitte nennen Sie den Grund des Rückrufs.")},
        help_text=_("Zum Beispiel „falsche Anlage“. Wer die Datei prüft, liest ihn nicht."),
    )


class VerifyForm(forms.Form):
    """A file, or its SHA-256 where somebody has computed it already."""

    file = forms.FileField(
        label=_("PDF-Datei"),
        required=False,
        error_messages={
            "empty": _("Diese Datei ist leer. Bitte wählen Sie die Datei, die Sie prüfen möchten.")
        },
    )
    sha256 = forms.CharField(
        label=_("oder ihre Prüfsumme (SHA-256)"),
        required=False,
        max_length=100,
        help_text=_("64 Zeichen von 0 bis 9 und a bis f. Leer lassen, wenn Sie eine Datei wählen."),
    )

    def __init__(self, *args: Any, largest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.largest = largest

    def clean_file(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > self.largest:
            raise forms.ValidationError(
                _("Diese Datei ist größer als %d MB. So große Dateien gibt dieses Portal nicht aus.")
                % (self.largest // 1_000_000)
            )
        return file

    def clean_sha256(self) -> str:
        typed = re.sub(r"\s", "", self.cleaned_data["sha256"]).lower()
        if typed and not re.fullmatch(r"[0-9a-f]{64}", typed):
            raise forms.ValidationError(
                _(
                    "Eine Prüfsumme hat 64 Zeichen von 0 bis 9 und a bis f. "
                    "Bitte kopieren Sie sie vollständig."
                )
            )
        return typed

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and not self.cleaned_data.get("file") and not self.cleaned_data.get("sha256"):
            self.add_error("file", _("Bitte wählen Sie eine Datei aus oder geben Sie ihre Prüfsumme an."))
        return cleaned
