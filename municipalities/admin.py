"""Towns, institutions, people and roles in the administration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group as AuthGroup
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipalities.administration import TownAdmin, TownHistoryAdmin, TownInline, administered, administers
from municipalities.models import Institution, Municipality, Person, Role, User

admin.site.site_header = _("Integrationsportal – Verwaltung")
admin.site.site_title = _("Verwaltung")
admin.site.index_title = _("Daten Ihrer Kommune")
# Roles say who may do what; Django's groups would be a second, competing answer.
admin.site.unregister(AuthGroup)
# The address of an account is its own; a second one here would be a second way in, which no page shows.
admin.site.unregister(EmailAddress)


@dataclass(frozen=True)
class ShownLogo:
    name: str
    url: str

    def __str__(self) -> str:
        return self.name


class LogoInput(AdminFileWidget):
    """Leads to the logo where it is served: files are not to be had under their own names."""

    def format_value(self, value: Any) -> Any:
        if not self.is_initial(value):
            return None
        return ShownLogo(str(value), reverse("municipalities:logo", args=[value.instance.slug]))


@admin.register(Municipality)
class MunicipalityAdmin(TownAdmin):
    list_display = ["name", "kind", "state_law"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["short_name"]}
    formfield_overrides = {models.ImageField: {"widget": LogoInput}}

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
    autocomplete_fields = ["parent", "head"]


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


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Person) -> str:
        return f"{person.name}, {person.function}" if person.function else person.name


class UserCreation(AdminUserCreationForm):
    """An account, and what it is for in a town: a role, a person, or both. Without, nobody but the
    superuser would see it again."""

    towns: ClassVar[Any] = Municipality.objects.none()

    municipality = forms.ModelChoiceField(label=_("Kommune"), queryset=Municipality.objects.none())
    role = forms.ChoiceField(
        label=_("Rolle"),
        choices=[("", _("keine")), *Role.Kind.choices],
        required=False,
        help_text=_("Wer nur in einem Gremium oder in einer Gruppe sitzt, braucht keine."),
    )
    person = PersonChoice(
        label=_("Person"),
        queryset=Person.objects.none(),
        required=False,
        help_text=_("Wenn es sie in Ihrer Kommune schon gibt, zum Beispiel als Mitglied eines Gremiums."),
    )

    class Meta:
        model = User
        fields = ("email", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "municipality": self.towns,
            "person": Person.objects.filter(municipality__in=self.towns, user=None),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        if len(self.towns) == 1:
            self.fields["municipality"].initial = self.towns[0]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        town, person = cleaned.get("municipality"), cleaned.get("person")
        if not cleaned.get("role") and not person and not self.errors:
            self.add_error("role", _("Bitte wählen Sie eine Rolle oder eine Person, der das Konto gehört."))
        if town and person and person.municipality != town:
            self.add_error("person", _("Diese Person gehört zu einer anderen Kommune."))
        return cleaned

    def settle(self) -> None:
        """Gives the account that was saved its role and its person."""
        if kind := self.cleaned_data["role"]:
            Role.objects.create(municipality=self.cleaned_data["municipality"], user=self.instance, kind=kind)
        if person := self.cleaned_data["person"]:
            person.user = self.instance
            person.save()


@admin.register(User)
class UserAdmin(TownHistoryAdmin, DjangoUserAdmin):
    """Accounts. A Fachadministration sees those of its own town.

    Nobody sets somebody else's password: with it they would read what is that person's alone. Who has lost
    theirs logs in by a code, or asks for a new one.
    """

    list_display = ["email", "name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["email", "name"]
    ordering = ["name"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [(None, {"fields": ["email", "name", "is_active", "last_login", "date_joined"]})]
    add_form = UserCreation
    add_fieldsets = [
        (None, {"fields": ["email", "name", "municipality", "role", "person"]}),
        (_("Passwort"), {"fields": ["usable_password", "password1", "password2"]}),
    ]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.towns = administered(request)
        elif "email" in form.base_fields:
            form.base_fields["email"].help_text = _(
                "Wer die Mails an diese Adresse liest, kann sich anmelden. Eigene Notizen zu Vorlagen öffnen "
                "sich nur unter der Adresse, unter der sie geschrieben wurden."
            )
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """The former address no longer opens the account."""
        super().save_model(request, obj, form, change)
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        return [PersonInline, RoleInline] if obj else []

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            form.settle()

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account that also belongs to a town one does not administer is not one's to change."""
        if obj is None or request.user.is_superuser:
            return administers(request)
        towns = obj.access.municipality_ids
        return bool(towns) and not obj.is_superuser and all(administers(request, town) for town in towns)
