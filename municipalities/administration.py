"""Django's admin for a town's Fachadministration: everything of its own town, nothing of another."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from municipalities.models import Municipality, Role, User
from municipalities.ownership import OwnedModel


def administers(request: HttpRequest, municipality_id: int | None = None) -> bool:
    """Whether the user is Fachadministration there, or anywhere if no municipality is named."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return False
    towns = user.access.towns_with(Role.Kind.ADMINISTRATION)
    return user.is_superuser or (bool(towns) if municipality_id is None else municipality_id in towns)


def administered(request: HttpRequest) -> models.QuerySet[Municipality]:
    """The municipalities whose Fachadministration the user is; all of them for a superuser."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return Municipality.objects.none()
    if user.is_superuser:
        return Municipality.objects.all()
    return Municipality.objects.filter(pk__in=user.access.towns_with(Role.Kind.ADMINISTRATION))


def only_administered(request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The rows of the administered municipalities."""
    if isinstance(request.user, User) and request.user.is_superuser:
        return queryset
    if queryset.model is User:
        towns = administered(request)
        return queryset.filter(
            models.Q(roles__municipality__in=towns) | models.Q(persons__municipality__in=towns),
            is_superuser=False,
        ).distinct()
    path = getattr(queryset.model, "municipality_path", None)
    return queryset.filter(**{f"{path}__in": administered(request)}) if path else queryset


class OwnTownOnly:
    """Permissions and choices end at the town's border."""

    model: Any
    frozen = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if isinstance(obj, OwnedModel):
            owner = obj.owner_id()
            return owner is not None and administers(request, owner)
        return administers(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.frozen and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.frozen and self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.frozen and self.has_view_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return only_administered(request, super().get_queryset(request))  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault(
            "queryset", only_administered(request, db_field.related_model._default_manager.all())
        )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault(
            "queryset", only_administered(request, db_field.related_model._default_manager.all())
        )
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class TownAdmin(OwnTownOnly, SimpleHistoryAdmin):
    """A model with history."""

    list_per_page = 50

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """One by one: each row leaves its trace in the history and moves the change counters."""
        for row in queryset:
            row.delete()


class TownInline(OwnTownOnly, admin.StackedInline):
    """Rows of a parent, edited with it."""

    extra = 0


class FrozenAdmin(OwnTownOnly, admin.ModelAdmin):
    """Rows that can be read, and never changed."""

    frozen = True
    list_per_page = 50
