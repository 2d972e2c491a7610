"""The addresses of the house. Each app brings its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# One login for everything: its limits and codes hold for the administration as well.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "desk.errors.bad_request"
handler403 = "desk.errors.permission_denied"
handler404 = "desk.errors.page_not_found"
handler429 = "desk.errors.too_many_requests"  # asked for by the login
handler500 = "desk.errors.server_error"

urlpatterns = [
    path("", include("municipalities.urls")),
    path("", include("documents.urls")),
    path("", include("desk.login_urls")),
    path("", include("search.urls")),
    path("", include("committees.verify_urls")),
    path("verwaltung/", admin.site.urls),
    # Below a town's name: last, so that no town can take one of the addresses above.
    path("", include("concepts.urls")),
    path("", include("desk.urls")),
    path("", include("participation.urls")),
    path("", include("council.urls")),
    path("", include("committees.urls")),
]
