"""Uploading a picture with what it shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from documents.models import Picture
from documents.permissions import towns_to_upload_to
from documents.pictures import prepare
from municipalities.models import Municipality, User


class PictureForm(forms.Form):
    """Asks for the town only where there is a choice."""

    file = forms.FileField(
        label=_("Bilddatei"),
        help_text=_("PNG, JPEG oder WebP, höchstens 10 MB. Ort und Kamera werden nicht gespeichert."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={
            "required": _("Bitte wählen Sie eine Bilddatei."),
            "empty": _("Die Datei ist leer. Bitte wählen Sie eine andere."),
        },
    )
    alternative = forms.CharField(
        label=_("Alternativtext"),
        max_length=500,
        help_text=_(
            "Ein Satz, der sagt, was zu sehen ist. Er wird vorgelesen, wo das Bild nicht gesehen wird."
        ),
        error_messages={"required": _("Bitte beschreiben Sie, was auf dem Bild zu sehen ist.")},
    )
    caption = forms.CharField(
        label=_("Bildunterschrift"),
        max_length=500,
        required=False,
        help_text=_("Zum Beispiel Titel und Quelle."),
    )
    municipality = forms.ModelChoiceField(
        label=_("Kommune"),
        queryset=Municipality.objects.none(),
        help_text=_("In den Texten dieser Kommune kann das Bild stehen."),
        error_messages={
            "required": _("Bitte wählen Sie die Kommune."),
            "invalid_choice": _("In dieser Kommune können Sie keine Bilder hochladen."),
        },
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        towns = towns_to_upload_to(by)
        choice = self.fields["municipality"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = towns
        if len(towns) == 1:
            choice.required = False
            choice.empty_label = None
            choice.initial = towns[0]
            choice.widget = choice.hidden_widget()

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        self.prepared = prepare(upload)
        return upload

    def clean_municipality(self) -> Municipality:
        return self.cleaned_data["municipality"] or self.fields["municipality"].initial

    def save(self) -> SafeString:
        """Keeps the picture; answers how it stands in a text."""
        picture = Picture.keep(
            self.prepared,
            municipality=self.cleaned_data["municipality"],
            name=self.cleaned_data["file"].name,
            by=self.by,
        )
        caption = self.cleaned_data["caption"]
        return format_html(
            '<figure><img src="{}" alt="{}">{}</figure>',
            picture.get_absolute_url(),
            self.cleaned_data["alternative"],
            format_html("<figcaption>{}</figcaption>", caption) if caption else "",
        )
