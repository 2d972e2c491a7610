from django.urls import path

from committees.views import checking, issuing, reading, relating, routing

app_name = "committees"

urlpatterns = [
    path("<slug:town>/vorlagen/", reading.paper_list, name="paper_list"),
    path("<slug:town>/vorlagen/<int:pk>/", reading.paper, name="paper"),
    path("<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/", reading.stage, name="stage"),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/vorschau/",
        reading.stage_preview,
        name="stage_preview",
    ),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/entwurf.pdf",
        reading.stage_pdf,
        name="stage_pdf",
    ),
    path("<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/ausfertigen/", issuing.issue, name="issue"),
    path("<slug:town>/vorlagen/<int:pk>/ausfertigungen/", issuing.issues, name="issues"),
    path("<slug:town>/vorlagen/<int:pk>/ausfertigungen/stand/", issuing.progress, name="progress"),
    path("<slug:town>/vorlagen/<int:pk>/bezuege/", relating.relations, name="relations"),
    path("<slug:town>/vorlagen/<int:pk>/anlagen/<int:attachment>/", reading.attachment, name="attachment"),
    path("<slug:town>/vorlagen/<int:pk>/beratungsfolge/", routing.route_page, name="route"),
    path("<slug:town>/vorlagen/<int:pk>/beratungsfolge/neu/", routing.stage_add, name="route_add"),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratungsfolge/muster/",
        routing.template_take_over,
        name="route_take_over",
    ),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratungsfolge/als-muster/",
        routing.template_save,
        name="route_save_template",
    ),
    path("<slug:town>/vorlagen/<int:pk>/beratungsfolge/<int:stage>/", routing.stage_edit, name="route_stage"),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratungsfolge/<int:stage>/verschieben/",
        routing.stage_move,
        name="route_move",
    ),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratungsfolge/<int:stage>/streichen/",
        routing.stage_strike,
        name="route_strike",
    ),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratungsfolge/<int:stage>/aufnehmen/",
        routing.stage_take_back,
        name="route_take_back",
    ),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratungsfolge/<int:stage>/loeschen/",
        routing.stage_delete,
        name="route_delete",
    ),
    path("<slug:town>/vorlagen/<int:pk>/pruefung/", checking.checks, name="checks"),
    path("<slug:town>/vorlagen/<int:pk>/pruefung/hinnehmen/", checking.check_overrule, name="check_overrule"),
    path(
        "<slug:town>/vorlagen/<int:pk>/pruefung/zuruecknehmen/",
        checking.check_withdraw,
        name="check_withdraw",
    ),
    path("<slug:town>/ausfertigungen/<int:pk>/", issuing.issued, name="issued"),
    path("<slug:town>/ausfertigungen/<int:pk>/zurueckrufen/", issuing.recall, name="recall"),
]
