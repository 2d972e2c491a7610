"""The outbox, for those who run the installation: what waits, what failed and why."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outbox.actions import retry
from outbox.models import OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    """Without the text, which was written to somebody else, and without what the subject may name."""

    list_display = ["written_at", "recipient", "subject", "state", "attempts", "next_attempt", "last_error"]
    list_filter = ["state"]
    search_fields = ["recipient", "subject", "key"]
    list_per_page = 50
    fields = [
        *("key", "recipient", "subject", "state", "attempts", "written_at", "next_attempt", "claimed_at"),
        *("sent_at", "last_error", "message_id"),
    ]
    actions = ["try_again"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False) and request.user.is_active)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Noch einmal versuchen"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: models.QuerySet[OutgoingMail]) -> None:
        number = retry(mails=queryset)
        sentence = ngettext(
            "%d E-Mail wird noch einmal versucht.", "%d E-Mails werden noch einmal versucht.", number
        )
        if number:
            messages.success(request, sentence % number)
        else:
            messages.info(request, _("Gesendet ist gesendet: Davon wartet keine mehr."))
