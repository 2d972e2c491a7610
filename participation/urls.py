from django.urls import path

from participation import views

app_name = "participation"

urlpatterns = [
    path("<slug:town>/beteiligung/", views.overview, name="overview"),
    path("<slug:town>/beteiligung/prozesse/<int:pk>/", views.overview, name="process"),
    path("<slug:town>/beteiligung/gruppen/<int:pk>/", views.group, name="group"),
]
