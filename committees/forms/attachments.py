"""A new attachment: a file, a frozen version of the concept, or only a title."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.models import Paper, PaperAttachment
from concepts.models import ConceptVersion
from documents.uploads import CheckedFile, check_upload
from municipalities.choice_widgets import QuickSelect


class AttachmentForm(forms.Form):
    title = forms.CharField(
        label=_("Titel"),
        max_length=200,
        required=False,
        help_text=_("So steht die Anlage in der Vorlage. Leer gilt der Name der Datei oder der Fassung."),
    )
    file = forms.FileField(
        label=_("Datei"),
        required=False,
        max_length=300,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.webp"}),
        error_messages={
            "empty": _("Die Datei ist leer. Bitte wählen Sie eine andere."),
            "max_length": _("Der Name der Datei ist zu lang. Bitte benennen Sie sie kürzer."),
        },
    )
    version = forms.ModelChoiceField(
        label=_("oder eine Fassung des Konzepts"),
        queryset=ConceptVersion.objects.none(),
        required=False,
        widget=QuickSelect,
        help_text=_("Die Anlage bleibt diese Fassung, auch wenn am Konzept weiter geschrieben wird."),
        error_messages={"invalid_choice": _("Diese Fassung gibt es nicht. Bitte wählen Sie eine andere.")},
    )
    public = forms.BooleanField(
        label=_("Die Anlage ist öffentlich"),
        required=False,
        help_text=_("Eine nichtöffentliche lesen nur, wer nichtöffentliche Vorlagen lesen darf."),
    )

    def __init__(self, *args: Any, paper: Paper, most: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"public": paper.public})
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "PDF, PNG, JPEG oder WebP, höchstens %d MB. Ohne Datei und Fassung steht nur der Titel in der "
            "Vorlage, zum Beispiel für einen Plan, der aushängt."
        ) % (most // 1_000_000)
        self.checked: CheckedFile | None = None
        versions: Any = self.fields["version"]
        versions.queryset = ConceptVersion.objects.filter(concept=paper.concept_id).defer("content")
        if not versions.queryset:
            del self.fields["version"]
        self.titles = set(PaperAttachment.objects.filter(paper=paper).values_list("title", flat=True))

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload:
            self.checked = check_upload(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        version = cleaned.get("version")
        if self.checked is not None and version is not None:
            self.add_error("version", _("Bitte wählen Sie entweder eine Datei oder eine Fassung."))
        if not cleaned.get("title") and "title" not in self.errors:
            if self.checked is not None:
                cleaned["title"] = PurePath(self.checked.name).stem[:200]
            elif version is not None:
                cleaned["title"] = f"{version.concept.title}, {version.name}"[:200]
            elif "file" not in self.errors and "version" not in self.errors:
                self.add_error(
                    "title", _("Bitte wählen Sie eine Datei, oder nennen Sie wenigstens den Titel.")
                )
        if cleaned.get("title") in self.titles:
            self.add_error(
                "title", _("Eine Anlage mit diesem Titel gibt es schon. Bitte nennen Sie einen anderen.")
            )
        return cleaned
