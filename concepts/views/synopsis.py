"""The synopsis of two versions, on the page and as PDF."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concepts.forms.versions import TODAY, ComparisonForm
from concepts.getters import concept_or_404, versions_of
from concepts.models import Concept
from concepts.pages import head_of
from concepts.pictures import key_of, state_of
from concepts.synopsis import Side, make_synopsis, side_of_today, side_of_version
from concepts.synopsis_print import render_synopsis, synopsis_file_name
from concepts.views.reading import pdf_response
from documents.keeping import release, shelf


@login_required
@require_safe
def synopsis(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    form = comparison_form(request, found)
    context: dict[str, Any] = {**head_of(found), "form": form, "versions": form.versions}
    if not form.versions:
        return render(request, "concepts/synopsis.html", context)
    if not form.is_valid():
        return render(request, "concepts/synopsis.html", context, status=404)
    old, new = sides(found, form)
    key = f"synopsis:{old.key}:{new.key}:{release()}"
    context |= {
        "old": old,
        "new": new,
        "query": f"von={form.cleaned_data['von']}&mit={form.cleaned_data['mit']}",
        "body": SafeString(shelf.get(key, lambda: synopsis_html(old, new))),
    }
    return render(request, "concepts/synopsis.html", context)


def synopsis_html(old: Side, new: Side) -> str:
    return render_to_string("concepts/partials/synopsis.html", {"synopsis": make_synopsis(old, new)})


@login_required
@require_safe
def synopsis_pdf(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    form = comparison_form(request, found)
    if not form.is_valid():
        raise Http404(_("Eine Fassung mit dieser Nummer gibt es nicht."))
    old, new = sides(found, form)
    # Its look is the town's of today.
    key = f"{key_of(state_of(found), 'synopsis')}:{old.key}:{new.key}"
    content = shelf.get(key, lambda: render_synopsis(found.municipality, make_synopsis(old, new)))
    return pdf_response(content, synopsis_file_name(found, old, new))


def comparison_form(request: HttpRequest, concept: Concept) -> ComparisonForm:
    """What was asked for; without it, the newest version and today."""
    versions = list(versions_of(concept))
    newest = str(versions[0].number) if versions else ""
    data = {"von": request.GET.get("von") or newest, "mit": request.GET.get("mit") or TODAY}
    return ComparisonForm(data, versions=versions)


def sides(concept: Concept, form: ComparisonForm) -> tuple[Side, Side]:
    by_number = {str(version.number): version for version in form.versions}
    old, new = (
        side_of_today(concept) if chosen == TODAY else side_of_version(by_number[chosen])
        for chosen in (form.cleaned_data["von"], form.cleaned_data["mit"])
    )
    return old, new
