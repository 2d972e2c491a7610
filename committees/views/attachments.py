"""Attaching something to a paper."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.actions.writing import attach
from committees.forms.attachments import AttachmentForm
from committees.permissions import may_write
from committees.tabs import paper_context
from committees.views.writing import PAGE, paper_to_write
from municipalities.getters import signed_in


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = paper_to_write(request, town, pk)
    if not may_write(request.user, paper):
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AttachmentForm(*sent, paper=paper, most=settings.LARGEST_UPLOAD)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        try:
            attachment = attach(
                paper=paper,
                title=chosen["title"],
                public=chosen["public"],
                file=form.checked,
                version=chosen.get("version"),
                by=signed_in(request),
            )
        except ValidationError as error:  # released meanwhile
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("„%s“ ist als Anlage gespeichert.") % attachment.title)
            return redirect(f"{paper.get_absolute_url()}{PAGE}#anlage-{attachment.pk}")
    context = {**paper_context(request.user, paper, PAGE), "form": form}
    return render(
        request, "committees/writing/attachment.html", context, status=422 if form.is_bound else 200
    )
