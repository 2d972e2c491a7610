from django.urls import path

from documents import views

app_name = "documents"

urlpatterns = [
    path("bilder/neu/", views.picture_new, name="picture_new"),
    # Without a slash and a town's name: the address stands in texts, and a town may change its own.
    path("bilder/<int:pk>", views.picture, name="picture"),
    path("texte/einfuegen/", views.paste, name="paste"),
]
