"""Going on in spite of a warning."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OverruleForm(forms.Form):
    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Grund"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Bitte nennen Sie den Grund.")},
    )
