"""Issued files in the administration, to be found and never changed; pictures, which can be taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from documents.models import IssuedFile, Picture
from municipalities.administration import FrozenAdmin, OwnTownOnly


@admin.register(IssuedFile)
class IssuedFileAdmin(FrozenAdmin):
    list_display = ["name", "municipality", "issued_at", "issued_by", "size"]
    list_select_related = ["municipality", "issued_by"]
    fields = ["name", "municipality", "media_type", "size", "sha256", "issued_at", "issued_by"]
    search_fields = ["name", "sha256"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")


@admin.register(Picture)
class PictureAdmin(FrozenAdmin):
    """Somebody on a picture may ask that it be taken away."""

    list_display = ["name", "municipality", "uploaded_at", "uploaded_by"]
    list_select_related = ["municipality", "uploaded_by"]
    fields = ["name", "shown", "municipality", "media_type", "width", "height", "uploaded_at", "uploaded_by"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who runs the installation takes pictures away, and does not look into the towns' texts."""
        fields = list(self.fields)
        if obj is not None and not Picture.objects.visible_to(request.user).filter(pk=obj.pk).exists():
            fields.remove("shown")
        return fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return OwnTownOnly.has_view_permission(self, request, obj)

    @admin.display(description=_("Bild"))
    def shown(self, picture: Picture) -> SafeString:
        return format_html('<img src="{}" alt="{}">', picture.get_absolute_url(), picture.name)
