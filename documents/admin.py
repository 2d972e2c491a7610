"""Issued files in the administration: to be found, never to be changed."""

from django.contrib import admin

from documents.models import IssuedFile
from municipalities.administration import FrozenAdmin


@admin.register(IssuedFile)
class IssuedFileAdmin(FrozenAdmin):
    list_display = ["name", "municipality", "issued_at", "issued_by", "size"]
    list_select_related = ["municipality", "issued_by"]
    fields = ["name", "municipality", "media_type", "size", "sha256", "issued_at", "issued_by"]
    search_fields = ["name", "sha256"]

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).defer("content")
