"""The workbench: the concept's outline beside an overview, its lists and its settings."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concepts import talk
from concepts.completeness import gaps_of
from concepts.forms.concept import ConceptForm
from concepts.getters import concept_or_404, part_or_404
from concepts.kinds import kind_or_404, workbench_url
from concepts.listing import measures_listed
from concepts.models import Concept
from concepts.pages import unless_known
from concepts.permissions import may_edit, may_found
from concepts.pictures import state_at
from concepts.presence import others_at, seen
from concepts.tree import read_tree
from concepts.workbench import workbench_context
from documents.file_names import UMLAUTS
from municipalities.getters import signed_in, town_or_404


@login_required
@require_safe
def overview(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    state = state_at(town, concept, request.user.pk)

    def make() -> HttpResponse:
        found = concept_or_404(request.user, town, concept)
        return render(request, "concepts/workbench/overview.html", workbench_context(request, found))

    # The tab says how many comments wait; the state of the concept knows nothing of them.
    return unless_known(request, state, make, talk.count_open(state.concept) if state else 0)


@login_required
@require_safe
def gaps(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    """What goals and measures still lack."""
    found = concept_or_404(request.user, town, concept)
    listed = gaps_of(read_tree(found))
    context = {
        **workbench_context(request, found, page="vollstaendigkeit/"),
        "listed": listed,
        "number": sum(len(one.gaps) for one in listed),
    }
    return render(request, "concepts/workbench/gaps.html", context)


@login_required
@require_safe
def measures(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    """All measures as a table, with the town's own fields."""
    found = concept_or_404(request.user, town, concept)
    wanted = request.GET.get("seite", "")
    page = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 1
    listing = measures_listed(found, page)
    context = {
        **workbench_context(request, found, page="massnahmen/"),
        "listing": listing,
        "numbers": range(1, listing.pages + 1),
    }
    return render(request, "concepts/workbench/measures.html", context)


@login_required
@require_POST
def presence(request: HttpRequest, town: str, concept: str, kind: str, pk: int) -> HttpResponse:
    """Says that the part is open here, and answers who else has it open."""
    found = concept_or_404(request.user, town, concept)
    part = part_or_404(found, kind_or_404(kind), pk)
    user = signed_in(request)
    seen(concept=found, part=part, user=user)
    return JsonResponse({"others": others_at(concept=found, part=part, user=user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    if not may_edit(request.user, found):
        raise PermissionDenied
    form = ConceptForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Die Angaben zum Konzept sind gespeichert."))
        return redirect(workbench_url(found))
    context = {**workbench_context(request, found, page="angaben/"), "form": form}
    return render(request, "concepts/workbench/settings.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def found_concept(request: HttpRequest, town: str) -> HttpResponse:
    """A new concept: after its title one goes on in the workbench."""
    municipality = town_or_404(request.user, town)
    if not may_found(request.user, municipality):
        raise PermissionDenied
    form = ConceptForm(
        request.POST if request.method == "POST" else None, instance=Concept(municipality=municipality)
    )
    if form.is_bound and form.is_valid():
        form.instance.slug = free_slug(municipality.pk, form.cleaned_data["title"])
        new = form.save()
        messages.success(
            request, _("Das Konzept ist angelegt. Beginnen Sie mit einem Handlungsfeld oder Kapitel.")
        )
        return redirect(workbench_url(new))
    context = {"municipality": municipality, "form": form}
    return render(
        request, "concepts/workbench/new_concept.html", context, status=422 if form.is_bound else 200
    )


def free_slug(municipality_id: int, title: str) -> str:
    base = slugify(title.translate(UMLAUTS))[:70] or "konzept"
    taken = set(Concept.objects.filter(municipality=municipality_id).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken or slug == "neu":
        number += 1
        slug = f"{base}-{number}"
    return slug
