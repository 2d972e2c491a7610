from django.urls import path

from committees import views

app_name = "committees"

urlpatterns = [
    path("<slug:town>/vorlagen/", views.paper_list, name="paper_list"),
    path("<slug:town>/vorlagen/<int:pk>/", views.paper, name="paper"),
    path("<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/", views.stage, name="stage"),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/vorschau/",
        views.stage_preview,
        name="stage_preview",
    ),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/entwurf.pdf", views.stage_pdf, name="stage_pdf"
    ),
    path("<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/ausfertigen/", views.issue, name="issue"),
    path("<slug:town>/vorlagen/<int:pk>/anlagen/<int:attachment>/", views.attachment, name="attachment"),
    path("<slug:town>/ausfertigungen/<int:pk>/", views.issued, name="issued"),
]
