"""Beginning a paper."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from committees.actions.writing import create_paper
from committees.forms.creating import NewPaperForm
from committees.getters import visible_papers
from committees.models import Paper
from committees.permissions import may_create_paper
from municipalities.getters import signed_in


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, town: str) -> HttpResponse:
    """`?zu=17` begins a paper that belongs to that one; `&art=3` says as what: an Ergänzung …"""
    municipality, papers = visible_papers(request, town)
    if not may_create_paper(request.user, municipality.pk):
        raise PermissionDenied
    related: Paper | None = None
    if wanted := request.GET.get("zu", ""):
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
            raise Http404
        related = get_object_or_404(papers, pk=wanted)
    user = signed_in(request)
    data = request.POST if request.method == "POST" else None
    form = NewPaperForm(
        data,
        municipality=municipality,
        by=user,
        related_to=related,
        paper_type=request.GET.get("art", ""),
    )
    if data is not None and form.is_valid():
        try:
            paper = create_paper(municipality=municipality, by=user, related_to=related, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("committees:write", town, paper.pk)
    context = {
        "municipality": municipality,
        "form": form,
        "related": related,
        "has_types": form.fields["paper_type"].queryset.exists(),  # type: ignore[attr-defined]
    }
    status = 422 if data is not None else 200
    return render(request, "committees/writing/new.html", context, status=status)
