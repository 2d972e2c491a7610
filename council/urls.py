"""For council members. Below a town's name, but for the worker and two addresses that are a way in."""

from django.urls import path

from council.views import factions, former_notes, keys, linked, notes, offline, questions, reading

app_name = "council"

PAPER = "<slug:town>/rat/vorlagen/<int:pk>/"

urlpatterns = [
    path("offline.js", offline.worker, name="worker"),
    path("<slug:town>/rat/", reading.committees, name="committees"),
    path("<slug:town>/rat/ohne-verbindung/", offline.committees, name="committees_offline"),
    path(PAPER, reading.paper, name="paper"),
    path(f"{PAPER}gelesen/", reading.paper_read, name="paper_read"),
    path(f"{PAPER}aenderungen/", reading.paper_changes, name="paper_changes"),
    path(f"{PAPER}ohne-verbindung/", offline.paper, name="paper_offline"),
    path(f"{PAPER}aenderungen/ohne-verbindung/", offline.paper_changes, name="paper_changes_offline"),
    path("<slug:town>/sitzungen/<int:pk>/ohne-verbindung/", offline.meeting, name="meeting_offline"),
    path("kalender/<str:token>.ics", keys.calendar_feed, name="calendar_feed"),
    path("lesen/<str:token>/", linked.meeting, name="link"),
    path("lesen/<str:token>/mappe.pdf", linked.meeting_pack, name="link_pack"),
    path("lesen/<str:token>/dateien/<int:pk>/", linked.file, name="link_file"),
    path(f"{PAPER}notizen/", notes.notes, name="notes"),
    path(f"{PAPER}notizen/<int:note>/", notes.note_edit, name="note_edit"),
    path(f"{PAPER}notizen/<int:note>/loeschen/", notes.note_delete, name="note_delete"),
    path(f"{PAPER}notizen/<int:note>/teilen/", notes.note_share, name="note_share"),
    path(f"{PAPER}erinnern/", notes.reminder_add, name="reminder_add"),
    path(f"{PAPER}fragen/", questions.questions, name="questions"),
    path(f"{PAPER}fragen/<int:question>/", questions.question, name="question"),
    path(
        f"{PAPER}fragen/<int:question>/zurueckziehen/", questions.question_withdraw, name="question_withdraw"
    ),
    path("<slug:town>/rat/fragen/", questions.open_questions, name="open_questions"),
    path("<slug:town>/rat/notizen/", notes.my_notes, name="my_notes"),
    path("<slug:town>/rat/notizen/mitnehmen/", former_notes.former_notes, name="former_notes"),
    path(
        "<slug:town>/rat/notizen/mitnehmen/<str:token>/",
        former_notes.former_notes_taken,
        name="former_notes_taken",
    ),
    path("<slug:town>/rat/erinnerungen/", notes.reminders, name="reminders"),
    path("<slug:town>/rat/erinnerungen/<int:pk>/loeschen/", notes.reminder_delete, name="reminder_delete"),
    path("<slug:town>/rat/fraktion/<int:pk>/", factions.faction, name="faction"),
    path(
        "<slug:town>/rat/fraktion/<int:pk>/beratung/<int:stage>/",
        factions.intended_vote,
        name="intended_vote",
    ),
    path(
        "<slug:town>/rat/fraktion/<int:pk>/notizen/<int:note>/loeschen/",
        notes.faction_note_delete,
        name="faction_note_delete",
    ),
    path("<slug:town>/rat/fraktionen/", factions.factions, name="factions"),
    path("<slug:town>/rat/fraktionen/<int:pk>/mitarbeit/", factions.staff_add, name="staff_add"),
    path(
        "<slug:town>/rat/fraktionen/mitarbeit/<int:pk>/entfernen/", factions.staff_remove, name="staff_remove"
    ),
    path("<slug:town>/rat/kalender/", keys.calendar, name="calendar"),
    path("<slug:town>/rat/kalender/widerrufen/", keys.calendar_revoke, name="calendar_revoke"),
    path("<slug:town>/sitzungen/<int:pk>/leselinks/", keys.links, name="links"),
    path(
        "<slug:town>/sitzungen/<int:pk>/leselinks/<int:link>/widerrufen/",
        keys.link_revoke,
        name="link_revoke",
    ),
]
