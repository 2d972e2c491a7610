"""Addresses for the tests of the frame: the real ones, and pages that only tests need."""

from django import forms
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from integration_portal import urls as house
from municipalities.models import Municipality

handler400, handler403, handler404 = house.handler400, house.handler403, house.handler404
handler429, handler500 = house.handler429, house.handler500


class EveryKindOfField(forms.Form):
    title = forms.CharField(label="Titel", help_text="Höchstens 120 Zeichen.")
    field = forms.ChoiceField(label="Handlungsfeld", choices=[("", "Bitte wählen"), ("a", "Sprache")])
    priority = forms.ChoiceField(
        label="Priorität", widget=forms.RadioSelect, choices=[("h", "hoch"), ("n", "niedrig")]
    )
    groups = forms.MultipleChoiceField(
        label="Zielgruppen",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("n", "Neuzugewanderte"), ("k", "Kinder")],
        help_text="Mehrere sind möglich.",
    )
    partners = forms.MultipleChoiceField(label="Partner", required=False, choices=[("v", "Volkshochschule")])
    text = forms.CharField(label="Beschreibung", required=False, widget=forms.Textarea)
    start = forms.DateField(label="Beginn", widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(label="Anlage", required=False, help_text="PDF, höchstens 10 MB.")
    public = forms.BooleanField(label="Im Bericht zeigen", help_text="Beim nächsten Bericht.")

    def clean(self) -> None:
        self.add_error(None, "Beginn und Handlungsfeld passen nicht zusammen.")


def form(request: HttpRequest) -> HttpResponse:
    return render(request, "form.html", {"form": EveryKindOfField(request.POST or None)})


def town(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "page.html", {"municipality": get_object_or_404(Municipality, slug=slug)})


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    *house.urlpatterns,
    path("probe/formular/", form),
    path("probe/verboten/", forbidden),
    path("probe/verdaechtig/", suspicious),
    path("probe/kaputt/", broken),
    path("probe/<slug:slug>/", town),
]
