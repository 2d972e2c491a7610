from django.urls import path

from concepts import views

app_name = "concepts"

urlpatterns = [
    path("<slug:town>/konzepte/", views.concept_list, name="list"),
    path("<slug:town>/konzepte/<slug:concept>/", views.concept_detail, name="detail"),
    path("<slug:town>/konzepte/<slug:concept>/massnahmen/<int:pk>/", views.measure_detail, name="measure"),
    path(
        "<slug:town>/konzepte/<slug:concept>/indikatoren/<int:pk>/", views.indicator_detail, name="indicator"
    ),
    path("<slug:town>/konzepte/<slug:concept>/pdf", views.concept_pdf, name="pdf"),
    path(
        "<slug:town>/konzepte/<slug:concept>/fassungen/<int:number>/pdf",
        views.version_pdf,
        name="version_pdf",
    ),
]
