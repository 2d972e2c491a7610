"""What belongs to a paper, as a picture; and the way to add to it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from committees.chain import chain_of
from committees.getters import paper_or_404
from committees.models import Paper, PaperRelation, PaperType
from committees.permissions import may_create_paper
from committees.tabs import paper_context


@login_required
@require_safe
def relations(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = paper_or_404(request, town, pk)
    types = PaperType.objects.none()
    if may_create_paper(request.user, found.municipality_id):
        types = PaperType.objects.in_town(found.municipality).exclude(relation="")
    earlier = list(found.relations.filter(kind=PaperRelation.Kind.FOLLOWS).select_related("other"))
    papers = Paper.objects.visible_to(request.user).select_related("municipality")
    seen = papers.in_bulk([relation.other_id for relation in earlier if relation.other_id])
    context = {
        **paper_context(request.user, found, "bezuege/"),
        "chain": chain_of(found, request.user),
        "types": types,
        "others": [(relation, seen.get(relation.other_id)) for relation in earlier],
    }
    return render(request, "committees/relations.html", context)
