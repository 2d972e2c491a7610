"""What belongs to a paper, as a picture; and the way to add to it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from committees.chain import chain_of
from committees.getters import paper_or_404
from committees.models import PaperType
from committees.permissions import may_create_paper
from committees.tabs import paper_context


@login_required
@require_safe
def relations(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = paper_or_404(request, town, pk)
    types = PaperType.objects.none()
    if may_create_paper(request.user, found.municipality_id):
        types = PaperType.objects.in_town(found.municipality).exclude(relation="")
    context = {
        **paper_context(request.user, found, "bezuege/"),
        "chain": chain_of(found, request.user),
        "types": types,
        "others": found.relations.filter(kind="follows").select_related("other__municipality"),
    }
    return render(request, "committees/relations.html", context)
