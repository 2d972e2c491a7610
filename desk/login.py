"""Logging in: nobody can sign up by themselves, and in demo mode one click is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sites.shortcuts import get_current_site
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from desk.outgoing import send_later
from municipalities.models import Person, User
from municipalities.rows import RowsById

ACCOUNTS = RowsById(lambda pk: User.objects.filter(pk=pk))


class PortalBackend(AuthenticationBackend):
    """Reads who asks for a page: for each page, so it is the quick way."""

    def get_user(self, user_id: int) -> User | None:
        user = next(iter(ACCOUNTS.models(user_id)), None)
        return user if user and self.user_can_authenticate(user) else None


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation or from the administration, never from a sign-up form."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy(
            "Dieses Konto ist gesperrt. Wenden Sie sich an Ihre Fachadministration."
        ),
        "email_password_mismatch": gettext_lazy(
            "E-Mail-Adresse und Passwort passen nicht zusammen. "
            "Prüfen Sie beides oder fordern Sie einen Code an."
        ),
        "enter_current_password": gettext_lazy("Das ist nicht Ihr bisheriges Passwort."),
        "incorrect_code": gettext_lazy(
            "Dieser Code stimmt nicht. Bitte übertragen Sie ihn genau aus der E-Mail."
        ),
        "incorrect_password": gettext_lazy("Das Passwort stimmt nicht."),
        "invalid_password_reset": gettext_lazy("Dieser Link ist nicht mehr gültig."),
        "rate_limited": gettext_lazy(
            "Bitte warten Sie einen Augenblick, bevor Sie es noch einmal versuchen."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Zu viele Versuche. Bitte warten Sie fünf Minuten oder lassen Sie sich einen Code schicken."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        around = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        send_later(self.render_mail(template_prefix, email, around | context))


@dataclass(frozen=True)
class DemoLogin:
    """`roles` says in what capacity, `function` what the person is by profession."""

    user: User
    roles: str
    function: str


def demo_logins() -> dict[str, list[DemoLogin]]:
    """Demo logins by town, as the login page and the command line show them."""
    towns: dict[str, list[DemoLogin]] = {}
    users = User.objects.filter(is_demo=True, is_active=True).prefetch_related(
        *("roles__municipality", "persons__municipality", "persons__committee_seats", "persons__seats"),
        "moderations__process__municipality",
    )
    for user in users:
        persons = {person.municipality.name: person for person in user.persons.all()}
        roles: dict[str, list[str]] = {town: [] for town in persons}
        for role in user.roles.all():
            roles.setdefault(role.municipality.name, []).append(role.get_kind_display())
        for guided in user.moderations.all():
            of_town = roles.setdefault(guided.process.municipality.name, [])
            of_town.append(_("Externe Begleitung des Prozesses"))
        for town, kinds in roles.items():
            person = persons.get(town)
            words = ", ".join(kinds) or _seat_in_words(person)
            towns.setdefault(town, []).append(DemoLogin(user, words, person.function if person else ""))
    return {town: sorted(logins, key=lambda login: login.roles) for town, logins in sorted(towns.items())}


def _seat_in_words(person: Person | None) -> str:
    if person and person.committee_seats.all():
        return _("Mitglied eines Gremiums")
    return _("Mitglied einer Gruppe") if person and person.seats.all() else _("ohne Rolle")


class PortalLoginView(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO_MODE:
            context["demo_logins"] = demo_logins()
        return context


class PortalLogoutView(LogoutView):
    """What a browser kept of the portal goes with the session: pages and PDFs, also those for reading without
    a connection, and what was typed and not saved."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


@never_cache
def demo_login(request: HttpRequest, pk: int) -> HttpResponse:
    """Log in as a demo user. Without demo mode this page doesn't exist."""
    if not settings.DEMO_MODE or settings.PRODUCTION or request.method != "POST":
        raise Http404
    user = get_object_or_404(User, pk=pk, is_demo=True, is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = settings.LOGIN_REDIRECT_URL
    return redirect(target)
