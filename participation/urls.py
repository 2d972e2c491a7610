from django.urls import path

from participation.views import (
    annex,
    answering,
    attending,
    events,
    groups,
    handling,
    invitations,
    processes,
    proposals,
    reading,
)

app_name = "participation"

PROCESS = "<slug:town>/beteiligung/prozesse/<int:pk>"
EVENT = "<slug:town>/beteiligung/veranstaltungen/<int:pk>"
PROPOSALS_OF_A_PROCESS = (
    ("vorschlaege/", proposals.proposal_list, "proposals"),
    ("vorschlaege/neu/", proposals.proposal_new, "proposal_new"),
    ("vorschlaege/bearbeitung/", handling.proposal_work, "proposal_work"),
    ("vorschlaege/veroeffentlichen/", handling.proposal_publish, "proposal_publish"),
    ("umgang-mit-vorschlaegen/", annex.annex, "annex"),
    ("umgang-mit-vorschlaegen/pdf", annex.annex_pdf, "annex_pdf"),
    ("umgang-mit-vorschlaegen/csv", annex.annex_table, "annex_csv"),
)
ONE_PROPOSAL = (
    ("", proposals.proposal, "proposal"),
    ("bearbeiten/", proposals.proposal_edit, "proposal_edit"),
    ("verwerfen/", proposals.proposal_discard, "proposal_discard"),
    ("zurueckziehen/", proposals.proposal_withdraw, "proposal_withdraw"),
    ("unterstuetzen/", proposals.proposal_support, "proposal_support"),
    (
        "kommentare/<int:comment>/zurueckziehen/",
        proposals.proposal_comment_withdraw,
        "proposal_comment_withdraw",
    ),
    ("rueckfragen/<int:question>/", proposals.proposal_answer, "proposal_answer"),
    ("deutsch/", proposals.proposal_wording, "proposal_wording"),
    ("pruefen/", handling.proposal_review, "proposal_review"),
    ("rueckfrage/", handling.proposal_ask, "proposal_ask"),
    ("entscheiden/", handling.proposal_decide, "proposal_decide"),
    ("uebernehmen/", handling.proposal_take_over, "proposal_take_over"),
    ("zusammenfuehren/", handling.proposal_merge, "proposal_merge"),
    ("aufteilen/", handling.proposal_split, "proposal_split"),
    ("massnahmen/<int:tie>/loesen/", handling.proposal_untie, "proposal_untie"),
)

urlpatterns = [
    path("<slug:town>/beteiligung/", reading.overview, name="overview"),
    path("<slug:town>/beteiligung/prozesse/<int:pk>/", reading.overview, name="process"),
    path("<slug:town>/beteiligung/gruppen/<int:pk>/", reading.group, name="group"),
    # Processes, phases and events
    path("<slug:town>/beteiligung/prozesse/neu/", processes.new, name="process_new"),
    path(f"{PROCESS}/bearbeiten/", processes.edit, name="process_edit"),
    path(f"{PROCESS}/loeschen/", processes.delete, name="process_delete"),
    path(f"{PROCESS}/wiederherstellen/", processes.restore, name="process_restore"),
    path(f"{PROCESS}/freigaben/", processes.overrides, name="overrides"),
    path("<slug:town>/beteiligung/freigaben/<int:pk>/beenden/", processes.override_end, name="override_end"),
    path(f"{PROCESS}/veranstaltungen/neu/", events.new, name="event_new"),
    path(f"{EVENT}/", events.detail, name="event"),
    path(f"{EVENT}/bearbeiten/", events.edit, name="event_edit"),
    path(f"{EVENT}/absagen/", events.cancel, name="event_cancel"),
    path(f"{EVENT}/loeschen/", events.delete, name="event_delete"),
    path(f"{EVENT}/termin.ics", events.calendar, name="event_calendar"),
    path(f"{EVENT}/unterlagen/neu/", events.document_add, name="document_add"),
    path(f"{EVENT}/unterlagen/<int:document>/", events.document, name="document"),
    path(f"{EVENT}/unterlagen/<int:document>/loeschen/", events.document_delete, name="document_delete"),
    path(f"{EVENT}/einladung/", attending.invitation, name="event_invite"),
    path(f"{EVENT}/antwort/", attending.my_reply, name="my_reply"),
    path(f"{EVENT}/rueckmeldungen/", attending.replies, name="replies"),
    path(f"{EVENT}/bogen/", attending.sheet, name="sheet"),
    path(f"{EVENT}/niederschrift/schritt/", attending.minutes_step, name="minutes_step"),
    path(f"{EVENT}/niederschrift/<int:version>/", attending.minutes_version, name="minutes"),
    path("<slug:town>/beteiligung/gruppen/neu/", groups.group_add, name="group_add"),
    path("<slug:town>/beteiligung/gruppen/<int:pk>/bearbeiten/", groups.group_edit, name="group_edit"),
    path("<slug:town>/beteiligung/gruppen/<int:pk>/loeschen/", groups.group_delete, name="group_delete"),
    path("<slug:town>/beteiligung/gruppen/<int:pk>/plaetze/neu/", groups.seat_add, name="seat_add"),
    *(
        path(f"<slug:town>/beteiligung/gruppen/<int:pk>/plaetze/<int:seat>/{end}", view, name=name)
        for end, view, name in (
            ("", groups.seat_edit, "seat_edit"),
            ("verschieben/", groups.seat_move, "seat_move"),
            ("beenden/", groups.seat_end, "seat_end"),
            ("entfernen/", groups.seat_delete, "seat_delete"),
        )
    ),
    path(
        "<slug:town>/beteiligung/gruppen/<int:pk>/einladungen/",
        invitations.of_group,
        name="group_invitations",
    ),
    path(
        "<slug:town>/beteiligung/prozesse/<int:pk>/begleitung/",
        invitations.of_process,
        name="process_invitations",
    ),
    path("<slug:town>/beteiligung/einladungen/<int:pk>/erneut/", invitations.again, name="invitation_again"),
    path(
        "<slug:town>/beteiligung/einladungen/<int:pk>/zurueckziehen/",
        invitations.take_back,
        name="invitation_withdraw",
    ),
    # Without a town's name: who was invited need not know it. The word is reserved in RESERVED_SLUGS.
    path("einladung/<str:token>/", answering.invitation, name="invitation"),
    *[
        path(f"<slug:town>/beteiligung/prozesse/<int:pk>/{address}", view, name=name)
        for address, view, name in PROPOSALS_OF_A_PROCESS
    ],
    *[
        path(f"<slug:town>/beteiligung/vorschlaege/<int:pk>/{address}", view, name=name)
        for address, view, name in ONE_PROPOSAL
    ],
]
