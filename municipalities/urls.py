from django.urls import path, re_path

from municipalities import views

app_name = "municipalities"

urlpatterns = [
    re_path(r"^farben/(?P<colour>[0-9a-f]{6})\.css$", views.colour_sheet, name="colours"),
    path("kommunen/<slug:slug>/logo", views.logo, name="logo"),
]
