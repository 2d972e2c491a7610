"""The workbench: the concept's outline beside what is opened."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concepts.getters import concept_or_404
from concepts.workbench import workbench_context


@login_required
@require_safe
def overview(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    return render(request, "concepts/workbench/overview.html", workbench_context(request, found))
