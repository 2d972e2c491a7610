"""Outside of any town, and without a login."""

from django.urls import path

from committees.views.verifying import verify

app_name = "verifying"

urlpatterns = [path("pruefen/", verify, name="verify")]
