"""The login's forms, worded for people in a town hall."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmLoginCodeForm,
    LoginForm,
    ReauthenticateForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-Mail-Adresse"),
    "email": _("E-Mail-Adresse"),
    "password": _("Passwort"),
    "oldpassword": _("Bisheriges Passwort"),
    "password1": _("Neues Passwort"),
    "password2": _("Neues Passwort noch einmal"),
    "code": _("Code aus der E-Mail"),
}
HINTS = {"password1": _("Mindestens 12 Zeichen. Ein Satz aus mehreren Wörtern ist gut zu merken und sicher.")}


class Worded(forms.Form):
    """Our labels and hints instead of the library's; no placeholders, they vanish when one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class PortalLoginForm(Worded, LoginForm):
    pass


class PortalRequestLoginCodeForm(Worded, RequestLoginCodeForm):
    pass


class PortalConfirmLoginCodeForm(Worded, ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["class"] = "p-code-input"


class SamePasswords(Worded):
    """The library's sentence for two different passwords says "Du"."""

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "password2" and not isinstance(error, ValidationError):
            error = _("Die beiden Passwörter sind verschieden. Bitte geben Sie zweimal dasselbe ein.")
        super().add_error(field, error)


class PortalChangePasswordForm(SamePasswords, ChangePasswordForm):
    pass


class PortalSetPasswordForm(SamePasswords, SetPasswordForm):
    pass


class PortalResetPasswordForm(Worded, ResetPasswordForm):
    pass


class PortalResetPasswordKeyForm(SamePasswords, ResetPasswordKeyForm):
    pass


class PortalReauthenticateForm(Worded, ReauthenticateForm):
    pass
