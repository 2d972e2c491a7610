from django.urls import path

from concepts.views import additional, history, parts, reading, structure, synopsis, talk, versions, workbench

app_name = "concepts"

WORKBENCH = (
    ("", workbench.overview, "workbench"),
    ("angaben/", workbench.settings, "settings"),
    ("massnahmen/", workbench.measures, "measures"),
    ("vollstaendigkeit/", workbench.gaps, "gaps"),
    ("neu-nummerieren/", structure.renumber_all, "renumber"),
    ("verlauf/", history.concept_history, "history"),
    ("verlauf/<slug:entry>/", history.stand, "concept_stand"),
    ("verlauf/<slug:entry>/wiederherstellen/", history.restore, "restore_concept"),
    ("fassungen/", versions.versions, "versions"),
    ("fassungen/neu", versions.freeze, "freeze"),
    ("papierkorb/", structure.trash, "trash"),
    ("papierkorb/<int:pk>/wiederherstellen/", structure.restore_deleted, "restore"),
    ("<slug:kind>/neu/", parts.add, "add"),
    ("<slug:kind>/<int:pk>/", parts.part, "part"),
    ("<slug:kind>/<int:pk>/verlauf/", history.part_history, "part_history"),
    ("<slug:kind>/<int:pk>/verlauf/<slug:entry>/", history.stand, "stand"),
    ("<slug:kind>/<int:pk>/verlauf/<slug:entry>/wiederherstellen/", history.restore, "restore_stand"),
    ("<slug:kind>/<int:pk>/offen/", workbench.presence, "presence"),
    ("<slug:kind>/<int:pk>/verschieben/", structure.move, "move"),
    ("<slug:kind>/<int:pk>/teilen/", structure.split_part, "split"),
    ("<slug:kind>/<int:pk>/zusammenfuehren/", structure.merge_parts, "merge"),
    ("<slug:kind>/<int:pk>/loeschen/", structure.delete, "delete"),
    ("kommentare/", talk.talk_list, "talk_list"),
    ("<slug:kind>/<int:pk>/kommentare/", talk.talk, "talk"),
    ("<slug:kind>/<int:pk>/kommentare/vorschlagen/<slug:text>/", talk.suggest, "suggest"),
    ("<slug:kind>/<int:pk>/kommentare/vorschlaege/<int:suggestion>/", talk.suggestion, "suggestion"),
    (
        "<slug:kind>/<int:pk>/kommentare/vorschlaege/<int:suggestion>/zurueckziehen/",
        talk.suggestion_withdraw,
        "suggestion_withdraw",
    ),
    (
        "<slug:kind>/<int:pk>/kommentare/<int:comment>/zurueckziehen/",
        talk.comment_withdraw,
        "comment_withdraw",
    ),
    ("<slug:kind>/<int:pk>/kommentare/<int:comment>/erledigt/", talk.comment_done, "comment_done"),
)

urlpatterns = [
    path("<slug:town>/konzepte/", reading.concept_list, name="list"),
    path("<slug:town>/konzepte/neu/", workbench.found_concept, name="new"),
    path("<slug:town>/konzepte/<slug:concept>/", reading.concept_detail, name="detail"),
    path("<slug:town>/konzepte/<slug:concept>/massnahmen/<int:pk>/", reading.measure_detail, name="measure"),
    path(
        "<slug:town>/konzepte/<slug:concept>/indikatoren/<int:pk>/",
        reading.indicator_detail,
        name="indicator",
    ),
    path("<slug:town>/konzepte/<slug:concept>/pdf", reading.concept_pdf, name="pdf"),
    path(
        "<slug:town>/konzepte/<slug:concept>/fassungen/<int:number>/",
        versions.version_detail,
        name="version",
    ),
    path(
        "<slug:town>/konzepte/<slug:concept>/fassungen/<int:number>/pdf",
        versions.version_pdf,
        name="version_pdf",
    ),
    path("<slug:town>/konzepte/<slug:concept>/vergleich/", synopsis.synopsis, name="synopsis"),
    path("<slug:town>/konzepte/<slug:concept>/vergleich/pdf", synopsis.synopsis_pdf, name="synopsis_pdf"),
    *[
        path(f"<slug:town>/konzepte/<slug:concept>/bearbeiten/{address}", view, name=name)
        for address, view, name in WORKBENCH
    ],
    path("<slug:town>/zusatzfelder/", additional.field_list, name="additional_fields"),
    path("<slug:town>/zusatzfelder/neu/", additional.field_add, name="additional_field_add"),
    path("<slug:town>/zusatzfelder/<int:pk>/", additional.field_edit, name="additional_field"),
    path(
        "<slug:town>/zusatzfelder/<int:pk>/verschieben/", additional.field_move, name="additional_field_move"
    ),
    path("<slug:town>/zusatzfelder/<int:pk>/abfragen/", additional.field_ask, name="additional_field_ask"),
    path(
        "<slug:town>/zusatzfelder/<int:pk>/loeschen/", additional.field_delete, name="additional_field_delete"
    ),
]
