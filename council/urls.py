from django.urls import path

from council.views import offline, reading

app_name = "council"

urlpatterns = [
    path("offline.js", offline.worker, name="worker"),
    path("<slug:town>/rat/", reading.committees, name="committees"),
    path("<slug:town>/rat/vorlagen/<int:pk>/", reading.paper, name="paper"),
    path("<slug:town>/rat/vorlagen/<int:pk>/gelesen/", reading.paper_read, name="paper_read"),
    path("<slug:town>/rat/vorlagen/<int:pk>/aenderungen/", reading.paper_changes, name="paper_changes"),
    path("<slug:town>/rat/vorlagen/<int:pk>/ohne-verbindung/", offline.paper, name="paper_offline"),
]
