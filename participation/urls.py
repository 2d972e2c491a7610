from django.urls import path

from participation.views import answering, groups, invitations, reading

app_name = "participation"

urlpatterns = [
    path("<slug:town>/beteiligung/", reading.overview, name="overview"),
    path("<slug:town>/beteiligung/prozesse/<int:pk>/", reading.overview, name="process"),
    path("<slug:town>/beteiligung/gruppen/<int:pk>/", reading.group, name="group"),
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
]
