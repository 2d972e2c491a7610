from django.urls import path

from desk import views

app_name = "desk"

urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:town>/", views.start, name="town"),
]
