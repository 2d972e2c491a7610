"""Django's admin for a town's Fachadministration: everything of its own town, nothing of another."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from municipalities.getters import signed_in
from municipalities.models import Municipality, Role, User
from municipalities.ownership import OwnedModel
from municipalities.versioned_forms import VersionedForm

FILTER_LOOKUPS = ("exact", "isnull")
DATE_LOOKUPS = ("day", "gte", "lt", "month", "year")


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


class TownChangeList(ChangeList):
    """A year that no calendar has, typed into the address, is no reason to fail."""

    def get_filters(self, request: HttpRequest) -> Any:
        try:
            return super().get_filters(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error


class OwnTownOnly:
    """Permissions and choices end at the town's border."""

    model: Any
    frozen = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if isinstance(obj, OwnedModel):
            try:
                owner = obj.owner_id()
            except ObjectDoesNotExist:  # a row of the history whose parents are gone: nobody's
                return False
            return owner is not None and administers(request, owner)
        return administers(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.frozen and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.frozen and self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.frozen and self.has_view_permission(request, obj)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Lists are narrowed by their own filters. Django lets the address ask anything of any column."""
        name, _separator, how = lookup.partition("__")
        dates = getattr(self, "date_hierarchy", None)
        return (name in getattr(self, "list_filter", ()) and how in FILTER_LOOKUPS) or (
            name == dates and how in DATE_LOOKUPS
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TownChangeList

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

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Day and time are two fields; each says which it is, also to who cannot see what stands there."""
        found = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if isinstance(db_field, models.DateTimeField) and found is not None:
            for widget, part in zip(found.widget.widgets, (_("Datum"), _("Uhrzeit")), strict=True):
                widget.attrs["aria-label"] = f"{found.label}, {part}"
        return found

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Who runs the installation belongs to no town, and would not find the page of the row."""
        response = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        told: dict[str, Any] = response.context_data
        told["has_absolute_url"] &= bool(signed_in(request).access.municipality_ids)
        return response


def kept_back(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What the database keeps as it is (issued, decided, signed) is said, and nothing is changed."""

    @wraps(view)
    def checked(admin: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(admin, request, *args, **kwargs)
        try:
            with transaction.atomic():
                return view(admin, request, *args, **kwargs)
        except IntegrityError:
            sentence = _(
                "Das geht nicht: Etwas davon ist freigegeben, ausgefertigt, beschlossen oder unterschrieben "
                "und bleibt, wie es ist. Es wurde nichts geändert."
            )
        except ValidationError as error:
            sentence = " ".join(error.messages)
        messages.error(request, sentence)
        return redirect(request.get_full_path())

    return checked


class TownHistoryAdmin(OwnTownOnly, SimpleHistoryAdmin):
    """Shows what a row was, to those who may see what it is."""

    @kept_back
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    @kept_back
    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().delete_view(request, *args, **kwargs)

    @kept_back
    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With what is done to several rows at once."""
        return super().changelist_view(request, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.not_elsewhere(request, object_id)
        return super().history_view(request, object_id, extra_context)

    @kept_back
    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        self.not_elsewhere(request, object_id)
        if not version_id.isdecimal():
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What the form does not offer stays as it is, also where a former state comes back."""
        stored = self.model._base_manager.filter(pk=obj.pk).first() if change else None
        for field in self.model._meta.concrete_fields if stored else ():
            if field.name not in form.fields:
                setattr(obj, field.attname, getattr(stored, field.attname))
        super().save_model(request, obj, form, change)

    def not_elsewhere(self, request: HttpRequest, object_id: str) -> None:
        """The history's rights go by what a row was. One that is another town's today is not to be found."""
        try:
            pk = self.model._meta.pk.to_python(unquote(object_id))
        except ValidationError as error:
            raise Http404 from error
        if self.model._base_manager.filter(pk=pk).exists() and not self.get_queryset(request).filter(pk=pk):
            raise Http404


class TownAdmin(TownHistoryAdmin):
    """A model with history."""

    form = VersionedForm
    list_per_page = 50

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """One by one: each row leaves its trace in the history and moves the change counters."""
        for row in queryset:
            row.delete()


class TownInline(OwnTownOnly, admin.StackedInline):
    """Rows of a parent, edited with it."""

    form = VersionedForm
    extra = 0


class FrozenInline(OwnTownOnly, admin.StackedInline):
    """Rows of a parent that can be read, and never changed."""

    frozen = True
    extra = 0


class FrozenAdmin(OwnTownOnly, admin.ModelAdmin):
    """Rows that can be read, and never changed."""

    frozen = True
    list_per_page = 50
