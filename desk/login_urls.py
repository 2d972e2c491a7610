"""The login's addresses. Names are the library's, so that it finds its own pages.

Left out: sign-up, and changing one's e-mail address, which the administration does.
"""

from allauth.account import views as account
from django.urls import path, re_path

from desk import login

urlpatterns = [
    path("anmelden/", login.PortalLoginView.as_view(), name="account_login"),
    path("anmelden/vorfuehrung/<int:pk>/", login.demo_login, name="demo_login"),
    path("anmelden/code/", account.request_login_code, name="account_request_login_code"),
    path("anmelden/code/eingeben/", account.confirm_login_code, name="account_confirm_login_code"),
    path("abmelden/", login.PortalLogoutView.as_view(), name="account_logout"),
    path("konto/gesperrt/", account.account_inactive, name="account_inactive"),
    path("konto/neu/", account.signup, name="account_signup"),
    path("konto/bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("konto/passwort/", account.password_change, name="account_change_password"),
    path("konto/passwort/festlegen/", account.password_set, name="account_set_password"),
    path("passwort-vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort-vergessen/gesendet/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^passwort-vergessen/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passwort-vergessen/fertig/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
