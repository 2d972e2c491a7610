from django.urls import path

from committees.views import (
    attachments,
    bodies,
    checking,
    creating,
    deputies,
    issuing,
    meetings,
    reading,
    relating,
    releasing,
    results,
    routing,
    signing,
    writing,
)

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
    path("<slug:town>/vorlagen/neu/", creating.create, name="create"),
    path("<slug:town>/vorlagen/<int:pk>/schreiben/", writing.write, name="write"),
    path(
        "<slug:town>/vorlagen/<int:pk>/schreiben/vorschau/<int:position>/",
        writing.preview,
        name="write_preview",
    ),
    path(
        "<slug:town>/vorlagen/<int:pk>/schreiben/vorschau/<int:position>/entwurf.pdf",
        writing.preview_pdf,
        name="write_pdf",
    ),
    path("<slug:town>/vorlagen/<int:pk>/anlagen/neu/", attachments.add, name="attach"),
    path("<slug:town>/vorlagen/<int:pk>/loeschen/", writing.delete, name="delete"),
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
    path("<slug:town>/vorlagen/<int:pk>/mitzeichnung/", signing.signing, name="signing"),
    path(
        "<slug:town>/vorlagen/<int:pk>/mitzeichnung/abbrechen/", signing.signing_cancel, name="signing_cancel"
    ),
    path("<slug:town>/vorlagen/<int:pk>/mitzeichnung/erneut/", signing.signing_again, name="signing_again"),
    path(
        "<slug:town>/vorlagen/<int:pk>/mitzeichnung/<int:request_pk>/",
        signing.countersign,
        name="countersign",
    ),
    path("<slug:town>/vorlagen/<int:pk>/freigabe/", releasing.release, name="release"),
    path(
        "<slug:town>/vorlagen/<int:pk>/freigabe/zuruecknehmen/",
        releasing.release_withdraw,
        name="release_withdraw",
    ),
    path("<slug:town>/mitzeichnung/", signing.signing_list, name="signing_list"),
    path("<slug:town>/gremien/", bodies.committee_list, name="committee_list"),
    path("<slug:town>/gremien/<int:pk>/", bodies.committee, name="committee"),
    path("<slug:town>/sitzungen/", meetings.meeting_list, name="meeting_list"),
    path("<slug:town>/sitzungen/<int:pk>/", meetings.meeting, name="meeting"),
    path("<slug:town>/sitzungen/<int:pk>/ergebnisse/", results.results, name="results"),
    path("<slug:town>/sitzungen/<int:pk>/ergebnisse/<int:item>/", results.result, name="result"),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/ergebnis/",
        results.stage_result,
        name="stage_result",
    ),
    path(
        "<slug:town>/vorlagen/<int:pk>/beratung/<int:position>/ergebnis/entfernen/",
        results.result_remove,
        name="result_remove",
    ),
    path("<slug:town>/vertretungen/", deputies.deputies, name="deputies"),
    path("<slug:town>/vertretungen/<int:pk>/beenden/", deputies.deputy_end, name="deputy_end"),
]
