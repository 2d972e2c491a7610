from django.urls import path

from concepts.views import reading, workbench

app_name = "concepts"

urlpatterns = [
    path("<slug:town>/konzepte/", reading.concept_list, name="list"),
    path("<slug:town>/konzepte/<slug:concept>/", reading.concept_detail, name="detail"),
    path("<slug:town>/konzepte/<slug:concept>/massnahmen/<int:pk>/", reading.measure_detail, name="measure"),
    path(
        "<slug:town>/konzepte/<slug:concept>/indikatoren/<int:pk>/",
        reading.indicator_detail,
        name="indicator",
    ),
    path("<slug:town>/konzepte/<slug:concept>/pdf", reading.concept_pdf, name="pdf"),
    path(
        "<slug:town>/konzepte/<slug:concept>/fassungen/<int:number>/pdf",
        reading.version_pdf,
        name="version_pdf",
    ),
    path("<slug:town>/konzepte/<slug:concept>/bearbeiten/", workbench.overview, name="workbench"),
]
