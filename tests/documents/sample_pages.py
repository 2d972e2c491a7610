"""Addresses for the tests of the editor: the real ones, and a form with a rich text of a real model."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from concepts.models import Chapter
from integration_portal import urls as house

handler400, handler403, handler404 = house.handler400, house.handler403, house.handler404
handler429, handler500 = house.handler429, house.handler500


class ChapterForm(forms.ModelForm):
    """Like any form of the house: nothing in it knows of the editor."""

    class Meta:
        model = Chapter
        fields = ("title", "body")
        help_texts = {"body": "Was im Kapitel steht."}


def chapter(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Chapter, pk=pk)
    form = ChapterForm(request.POST or None, instance=found)
    if form.is_valid():
        form.save()
    return render(
        request, "chapter.html", {"form": form, "chapter": found, "municipality": found.concept.municipality}
    )


urlpatterns = [*house.urlpatterns, path("probe/kapitel/<int:pk>/", chapter)]
