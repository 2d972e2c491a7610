from django.urls import path

from participation.views import reading

app_name = "participation"

urlpatterns = [
    path("<slug:town>/beteiligung/", reading.overview, name="overview"),
    path("<slug:town>/beteiligung/prozesse/<int:pk>/", reading.overview, name="process"),
    path("<slug:town>/beteiligung/gruppen/<int:pk>/", reading.group, name="group"),
]
