"""Papers, their routes, and the PDF of each stage, as they are read."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from committees.actions.results import why_not
from committees.chain import chain_of
from committees.forms.issuing import IssueForm
from committees.forms.reading import PaperFilterForm
from committees.getters import read_routes, route, stage_or_404, visible_papers
from committees.models import Amendment, Committee, Consultation, Paper, PaperAttachment
from committees.models.bodies import MAY_READ_NON_PUBLIC
from committees.openness import keep_back, reads_all
from committees.permissions import may_create_paper, may_issue, may_lead
from committees.printing.contents_for import contents_for
from committees.printing.render import file_name, page_of, printed
from committees.regions import paper_regions
from committees.results_in_words import ballot_lines
from committees.stages import stages_of
from committees.tabs import PAGES, first_page, paper_context
from documents.keeping import release, shelf
from documents.models import IssuedFile
from municipalities.getters import signed_in, town_or_404
from municipalities.models import Municipality, Role

PAPERS_PER_PAGE = 25
MAY_READ_DRAFTS = (*MAY_READ_NON_PUBLIC, Role.Kind.DEPARTMENT)


@login_required
@require_safe
def paper_list(request: HttpRequest, town: str) -> HttpResponse:
    municipality, papers = visible_papers(request, town)
    form = PaperFilterForm(
        request.GET, committees=Committee.objects.visible_to(request.user).in_town(municipality)
    )
    page = Paginator(form.narrow(papers), PAPERS_PER_PAGE).get_page(request.GET.get("seite"))
    read_routes(request.user, list(page))
    first = first_page(request.user, municipality.pk) or PAGES[0]
    rows = [(paper, first.url(paper), stages_of(paper.consultations.all())) for paper in page]
    context = {"municipality": municipality, "form": form, "page_obj": page, "rows": rows}
    context |= {
        "may_create": may_create_paper(request.user, municipality.pk),
        "sees_drafts": signed_in(request).access.has_role(municipality.pk, *MAY_READ_DRAFTS),
    }
    return render(request, "committees/paper_list.html", context)


@login_required
@require_safe
def paper(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Kept in two pictures, with and without what is non-public; each is made once per change."""
    municipality = town_or_404(request.user, town)
    visible = Paper.objects.visible_to(request.user).in_town(municipality)
    found = get_object_or_404(visible.select_related("revision", "paper_type"), pk=pk)
    found.municipality = municipality
    insider = reads_all(request.user, found)
    key = f"paper:{pk}:{insider}:{found.revision}:{municipality.revision}:{release()}"
    body = shelf.get(key, lambda: paper_body(pk, insider=insider))
    context = {**paper_context(request.user, found), "chain": chain_of(found, request.user), "body": body}
    return render(request, "committees/paper.html", context)


def paper_body(pk: int, *, insider: bool) -> str:
    """The page's content: route, stages, proposal, facts and attachments; for insiders with all that is not
    public in them."""
    attachments, amendments = PaperAttachment.objects.all(), Amendment.objects.all()
    if not insider:
        attachments, amendments = attachments.everybodys(), amendments.everybodys()
    found = (
        Paper.objects.select_related(
            "municipality",
            "paper_type",
            "department",
            "author",
            "concept__municipality",
            "process__municipality",
        )
        .annotate(amended=Exists(amendments.filter(paper=OuterRef("pk"), state="accepted")))
        .prefetch_related(
            route(everything=insider),
            "resolution_points",
            "relations__other",
            Prefetch(
                "attachments",
                attachments.select_related("concept_version__pdf", "file").defer(
                    "concept_version__content", "concept_version__pdf__content", "file__content"
                ),
            ),
        )
        .get(pk=pk)
    )
    if not insider:
        keep_back([found])
    context = {
        "municipality": found.municipality,
        "paper": found,
        "stages": stages_of(found.consultations.all()),
        "kept_back": not insider and PaperAttachment.objects.filter(paper=found, public=False).exists(),
    }
    return render_to_string("committees/_paper_body.html", context)


@login_required
@require_safe
def stage(request: HttpRequest, town: str, pk: int, position: int) -> HttpResponse:
    municipality, found, consultation = stage_or_404(request, town, pk, position)
    return render(request, "committees/stage.html", stage_context(request, municipality, found, consultation))


def stage_context(
    request: HttpRequest,
    municipality: Municipality,
    found: Paper,
    consultation: Consultation,
    form: IssueForm | None = None,
) -> dict[str, Any]:
    issues = list(consultation.issues.all())
    return {
        "municipality": municipality,
        "paper": found,
        "consultation": consultation,
        "stages": stages_of(found.consultations.all()),
        "lines": ballot_lines(consultation),
        "prints": prints(request.user, consultation),
        "result_address": result_address(request.user, found, consultation),
        "issues": issues,
        "may_issue": may_issue(request.user, found) and found.released and not consultation.left_out,
        "form": form or IssueForm(issued=len(issues)),
        "regions": lambda: paper_regions(request.user, found),
    }


def result_address(user: Any, found: Paper, consultation: Consultation) -> str:
    """Where the council service enters what came of the stage; empty for others, and where nothing can."""
    if not may_lead(user, found.municipality_id) or why_not(consultation):
        return ""
    return reverse("committees:stage_result", args=[found.municipality.slug, found.pk, consultation.position])


@login_required
@require_safe
@xframe_options_sameorigin
def stage_preview(request: HttpRequest, town: str, pk: int, position: int) -> HttpResponse:
    """The stage as a web page, for the frame beside its data."""
    paper, consultation = stage_to_print(request, town, pk, position)
    contents = contents_for(request.user, paper)
    return HttpResponse(page_of(contents, contents.stage(consultation.pk)))


def stage_to_print(request: HttpRequest, town: str, pk: int, position: int) -> tuple[Paper, Consultation]:
    """404 for a stage that does not take place, and for one that is dealt with behind closed doors where the
    reader is not let in."""
    _municipality, paper, consultation = stage_or_404(request, town, pk, position)
    if consultation.left_out or not prints(request.user, consultation):
        raise Http404
    return paper, consultation


def prints(user: Any, stage: Consultation) -> bool:
    closed = stage.treatment == Consultation.Treatment.NON_PUBLIC
    return not closed or reads_all(user, stage.paper)


@login_required
@require_safe
def stage_pdf(request: HttpRequest, town: str, pk: int, position: int) -> HttpResponse:
    """The stage as it would be issued now."""
    paper, consultation = stage_to_print(request, town, pk, position)
    contents = contents_for(request.user, paper)
    return pdf_response(printed(contents, consultation.pk), file_name(consultation))


@login_required
@require_safe
def attachment(request: HttpRequest, town: str, pk: int, attachment: int) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    attachments = PaperAttachment.objects.visible_to(request.user).in_town(municipality)
    found = get_object_or_404(
        attachments.select_related("concept_version__pdf", "file"), paper__pk=pk, pk=attachment
    )
    if found.issued_file is None:
        raise Http404
    return file_response(found.issued_file)


def file_response(file: IssuedFile) -> HttpResponse:
    return pdf_response(bytes(file.content), file.name, file.media_type)


def pdf_response(content: bytes, name: str, media_type: str = "application/pdf") -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=False, filename=name) or "inline"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
