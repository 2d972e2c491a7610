"""Pictures of texts, and what the editor asks for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.forms import PictureForm
from documents.models import Picture
from documents.permissions import towns_to_upload_to
from documents.richtext import ANY_PICTURE, MOST_CHARACTERS, PICTURE, clean
from documents.widgets import MOST_PASTED
from municipalities.getters import signed_in


@login_required
@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Its content never changes, so a browser that has it is not sent it again. But it asks: who may see a
    picture can change, and the next one at the same browser may be somebody else."""
    found = get_object_or_404(Picture.objects.filter(pk=pk).visible_to(request.user))
    tag = f'"{found.sha256}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(bytes(found.content), content_type=found.media_type)
        response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def picture_new(request: HttpRequest) -> HttpResponse:
    """A page for those without the editor, and JSON for the editor: `html`, or `errors` by field."""
    user = signed_in(request)
    if not towns_to_upload_to(user):
        raise PermissionDenied
    initial = {"municipality": request.GET.get("kommune")}
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PictureForm(*sent, by=user, initial=initial)
    html = form.save() if form.is_bound and form.is_valid() else ""
    status = 422 if request.method == "POST" and not html else 200
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"html": html, "errors": form.errors}, status=status)
    return render(request, "documents/picture_new.html", {"form": form, "html": html}, status=status)


@login_required
@require_POST
def paste(request: HttpRequest) -> JsonResponse:
    """What was pasted, as it may stand in a text: `html` with a `note` of what is missing, or an `error`."""
    pasted = request.POST.get("html", "")
    text = clean(pasted) if len(pasted) <= MOST_PASTED else ""
    if len(pasted) > MOST_PASTED or len(text) > MOST_CHARACTERS:
        error = _("Das ist zu viel auf einmal. Bitte fügen Sie den Text in mehreren Teilen ein.")
        return JsonResponse({"error": error}, status=422)
    missing = len(ANY_PICTURE.findall(pasted)) - len(PICTURE.findall(text))
    note = ngettext(
        "Ein Bild wurde nicht übernommen. Bitte fügen Sie es über „Bild“ ein, mit Alternativtext.",
        "%(count)d Bilder wurden nicht übernommen. Bitte fügen Sie sie über „Bild“ ein, mit Alternativtext.",
        missing,
    ) % {"count": missing}
    return JsonResponse({"html": text, "note": note if missing > 0 else ""})
