"""Towns, institutions, people and roles in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group as AuthGroup
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from municipalities.administration import TownAdmin, TownHistoryAdmin, TownInline, administers
from municipalities.models import Institution, Municipality, Person, Role, User

admin.site.site_header = _("Integrationsportal – Verwaltung")
admin.site.site_title = _("Verwaltung")
admin.site.index_title = _("Daten Ihrer Kommune")
# Roles say who may do what; Django's groups would be a second, competing answer.
admin.site.unregister(AuthGroup)


@admin.register(Municipality)
class MunicipalityAdmin(TownAdmin):
    list_display = ["name", "kind", "state_law"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["short_name"]}

    def has_view_permission(self, request: HttpRequest, obj: Municipality | None = None) -> bool:
        return administers(request, obj.pk if obj else None)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))


@admin.register(Institution)
class InstitutionAdmin(TownAdmin):
    list_display = ["name", "kind", "sign", "municipality"]
    list_filter = ["kind"]
    list_select_related = ["municipality"]
    search_fields = ["name", "sign"]
    autocomplete_fields = ["parent"]


@admin.register(Person)
class PersonAdmin(TownAdmin):
    list_display = ["name", "function", "institution", "municipality"]
    list_select_related = ["institution", "municipality"]
    search_fields = ["name", "function"]
    autocomplete_fields = ["institution", "user"]


@admin.register(Role)
class RoleAdmin(TownAdmin):
    list_display = ["user", "kind", "municipality"]
    list_filter = ["kind"]
    list_select_related = ["user", "municipality"]
    search_fields = ["user__name", "user__email"]
    autocomplete_fields = ["user"]


class RoleInline(TownInline):
    model = Role


class PersonInline(TownInline):
    model = Person
    fields = ["municipality", "name", "function", "institution"]
    autocomplete_fields = ["institution"]


class UserCreation(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(TownHistoryAdmin, DjangoUserAdmin):
    """Accounts. A Fachadministration sees those of its own town."""

    list_display = ["email", "name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["email", "name"]
    ordering = ["name"]
    filter_horizontal = ()
    inlines = [PersonInline, RoleInline]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [(None, {"fields": ["email", "password", "name", "is_active", "last_login", "date_joined"]})]
    add_form = UserCreation
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account that also belongs to a town one does not administer is not one's to change."""
        if obj is None or request.user.is_superuser:
            return administers(request)
        towns = obj.access.municipality_ids
        return bool(towns) and not obj.is_superuser and all(administers(request, town) for town in towns)
