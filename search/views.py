"""The page of hits."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from municipalities.getters import signed_in
from participation.getters import towns_of
from search.actions import refresh_index
from search.forms import MOST_CHARACTERS, SearchForm
from search.results import Answer


@login_required
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Over everything the user may see, in all their towns."""
    user = signed_in(request)
    towns = list(towns_of(user))
    form = SearchForm(request.GET, towns=towns)
    context: dict[str, Any] = {
        "form": form,
        "typed": request.GET.get("q", ""),
        "most_characters": MOST_CHARACTERS,
        "several_towns": len(towns) > 1,
    }
    if question := form.question:
        refresh_index([town.pk for town in towns])
        answer = Answer(user, question, towns, area=form.area, town=form.town)
        page = answer.page(request.GET.get("seite"))
        context |= {
            "answer": answer,
            "page_obj": page,
            "hits": answer.hits(page),
            "page_numbers": page.paginator.get_elided_page_range(page.number),
        }
    return render(request, "search/results.html", context)
