"""Frozen versions: made, listed, read, handed out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from concepts.actions.versions import freeze_version
from concepts.forms.versions import FreezeForm
from concepts.getters import concept_or_404, version_or_404, versions_of
from concepts.models import Concept, ConceptVersion
from concepts.pages import head_of
from concepts.permissions import may_freeze
from concepts.reviving import revive
from concepts.tree_html import TreeWriter, contents_of
from concepts.views.reading import pdf_response
from concepts.workbench import workbench_context
from documents.keeping import release, shelf
from municipalities.getters import signed_in


@login_required
@require_safe
def versions(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    return versions_page(request, found, FreezeForm())


@login_required
@require_POST
def freeze(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    if not may_freeze(request.user, found):
        raise PermissionDenied
    form = FreezeForm(request.POST)
    if form.is_valid():
        try:
            version = freeze_version(concept=found, name=form.cleaned_data["name"], by=signed_in(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = _("Fassung %(number)d „%(name)s“ ist festgehalten. Sie ändert sich nicht mehr.")
            messages.success(request, said % {"number": version.number, "name": version.name})
            return redirect("concepts:versions", town, concept)
    return versions_page(request, found, form, status=422)


def versions_page(
    request: HttpRequest, concept: Concept, form: FreezeForm, status: int = 200
) -> HttpResponse:
    context = {
        **workbench_context(request, concept, page="fassungen/"),
        "versions": versions_of(concept),
        "may_freeze": may_freeze(request.user, concept),
        "form": form,
    }
    return render(request, "concepts/workbench/versions.html", context, status=status)


@login_required
@require_safe
def version_detail(request: HttpRequest, town: str, concept: str, number: int) -> HttpResponse:
    """Written from the frozen data; nothing in it leads to a page of today."""
    found = concept_or_404(request.user, town, concept)
    version = version_or_404(found, number)
    # A version never changes, so what is kept of it is renewed only with the program.
    frozen = shelf.get(f"version:{version.pk}:{release()}", lambda: frozen_html(version))
    context = {**head_of(found), "version": version, "frozen": SafeString(frozen)}
    return render(request, "concepts/version.html", context)


def frozen_html(version: ConceptVersion) -> str:
    tree = revive(version.data).tree
    context: dict[str, Any] = {
        **head_of(tree.concept),
        "contents": contents_of(tree),
        "note": tree.concept.note,
        "tree": TreeWriter().write(tree),
    }
    return render_to_string("concepts/partials/frozen.html", context)


@login_required
@require_safe
def version_pdf(request: HttpRequest, town: str, concept: str, number: int) -> HttpResponse:
    """The bytes as they were stored."""
    found = concept_or_404(request.user, town, concept)
    version = version_or_404(found, number)
    return pdf_response(bytes(version.pdf.content), version.pdf.name)
