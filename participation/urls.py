from django.urls import path

from participation.views import annex, handling, proposals, reading

app_name = "participation"

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
    *[
        path(f"<slug:town>/beteiligung/prozesse/<int:pk>/{address}", view, name=name)
        for address, view, name in PROPOSALS_OF_A_PROCESS
    ],
    *[
        path(f"<slug:town>/beteiligung/vorschlaege/<int:pk>/{address}", view, name=name)
        for address, view, name in ONE_PROPOSAL
    ],
]
