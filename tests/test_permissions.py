"""Who may open what: every address of the portal, for everybody who could ask for it.

A new address without a line here fails `test_every_address_has_its_line`. The same addresses about what is
not public are in test_permissions_non_public.py, the administration's pages in
test_permissions_administration.py; what the answers say is in test_nothing_leaks.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from committees.actions.issuing import issue_stage
from committees.models import (
    Amendment,
    Committee,
    CommitteeSeat,
    Consultation,
    Deputyship,
    IssuedPaper,
    Meeting,
    Paper,
    PaperAttachment,
    ResolutionTask,
)
from concepts.actions.deleting import delete_part
from concepts.actions.talk import add_comment, suggest
from concepts.history.steps import Selection, newest_key
from concepts.models import (
    ActionField,
    AdditionalField,
    Chapter,
    Concept,
    ConceptVersion,
    Deletion,
    Indicator,
    Measure,
)
from council.actions.keys import make_link
from municipalities.models import Institution, Municipality, Person, User
from participation.actions.invitations import Invited, invite
from participation.actions.processes import delete_process
from participation.addresses import Address
from participation.models import Group, Invitation, MeasureProposal, Process, ProcessModeration, Seat
from tests.committees.decided import decide, give_task
from tests.committees.meeting_examples import addresses_of_meetings
from tests.committees.signers import on_its_way
from tests.committees.sittings import minuted
from tests.council.examples import addresses_of_council
from tests.documents.factories import make_picture
from tests.participation import proposing
from tests.participation.examples import addresses_of_events

pytestmark = [pytest.mark.django_db, pytest.mark.once]

OWN, FOREIGN = "leverkusen", "bergkamen"

# Role in the town → the demo user who holds nothing but this role. The last two hold none: one sits in
# committees, one in working groups.
MEMBERS = {
    "Fachadministration": "fachadministration",
    "Redaktion": "redaktion",
    "Fachamt": "fachamt",
    "Mitzeichnung": "mitzeichnung",
    "Sitzungsdienst": "sitzungsdienst",
    "Moderation": "moderation",
    "Ratsmitglied": "ratsmitglied",
    "Gruppenmitglied": "mitglied",
}
# Who sits in a committee of the town that has nothing to do with the paper.
ELSEWHERE = "Mitglied eines anderen Gremiums"
# Who sat in a committee that deals with the paper, until some time ago.
FORMER = "ehemaliges Ratsmitglied"
# Who stands in for a seat of a committee that deals with the paper, whenever its holder is away.
DEPUTY = "Stellvertretung"
INSIDE = (*MEMBERS, ELSEWHERE, FORMER, DEPUTY)
# An institute that guides the process and belongs to no town.
GUIDE = "externe Begleitung"
# The most powerful one of another town, and the one who runs the installation.
STRANGER, OPERATOR = "Fachadministration anderswo", "Betrieb"
NOBODY = "nicht angemeldet"
# Without an account; has opened a link that shows one meeting, complete. It opens nothing but itself.
LINKED = "mit Leselink"

Answers = dict[str, str]


def answers(*, members: str, others: str, nobody: str = "login", **exceptions: str) -> Answers:
    """What each visitor gets: a status, or `login` for being sent to the login page."""
    line = {
        NOBODY: nobody,
        LINKED: nobody,
        **dict.fromkeys(INSIDE, members),
        GUIDE: others,
        STRANGER: others,
        OPERATOR: others,
    }
    return line | exceptions


def administrators(answer: str) -> Answers:
    return answers(members="403", others="404", Fachadministration=answer)


def writers(answer: str) -> Answers:
    """What is for those who write the concept."""
    return answers(members="403", others="404", Redaktion=answer, Fachadministration=answer)


def sent_empty(opening: Answers) -> Answers:
    """Who may open the form may send it, and is told what is missing."""
    return {who: "422" if answer == "200" else answer for who, answer in opening.items()}


OPEN = answers(members="200", others="200", nobody="200")
LOGGED_IN = answers(members="200", others="200")
TOWN = answers(members="200", others="404")
# The process, its groups and its events are for those who guide it as well.
PROCESS = TOWN | {GUIDE: "200"}
# Non-public papers: for those who prepare them and for the committees that deal with them.
OUTSIDERS = ("Fachamt", "Moderation", "Gruppenmitglied", ELSEWHERE, FORMER)
CONFIDENTIAL = TOWN | dict.fromkeys(OUTSIDERS, "404")
ISSUING = answers(members="403", others="404", Sitzungsdienst="302", Fachadministration="302")
# A non-public paper is not even refused to those who may not know of it.
ISSUING_CONFIDENTIAL = ISSUING | {name: "404" for name, answer in CONFIDENTIAL.items() if answer == "404"}
PAPER_PAGES = (
    "committees:paper",
    "committees:stage",
    "committees:stage_preview",
    "committees:stage_pdf",
    "committees:attachment",
    "committees:issued",
    "committees:progress",
    "committees:relations",
    "committees:amendments",
    "committees:amendment",
    "committees:after",
)
MINUTES_PAGES = (
    "committees:minutes",
    "committees:minutes_preview",
    "committees:minutes_pdf",
    "committees:minutes_file",
    "committees:excerpt",
)
# Proposals are for the members of the process and the staff who handle them; the Fachamt is a member.
TAKING_PART = answers(
    members="403",
    others="404",
    **dict.fromkeys(("Redaktion", "Fachadministration", "Gruppenmitglied", "Fachamt"), "200"),
)
# A proposal itself is not even refused to those who may not know of it.
PROPOSAL = {who: "404" if answer == "403" else answer for who, answer in TAKING_PART.items()} | {GUIDE: "200"}


def handled(answer: str) -> Answers:
    """What only the staff do with a proposal; members know of it, and are refused."""
    refused = {who: "403" if told == "200" else told for who, told in PROPOSAL.items()}
    return refused | {"Redaktion": answer, "Fachadministration": answer}


# A paper on its way through the house: council members know nothing of it, another office's Fachamt and who
# does not prepare papers are refused.
ON_ITS_WAY = answers(
    members="404", others="404", **dict.fromkeys(("Fachamt", "Mitzeichnung", "Redaktion"), "403")
)


def preparing(answer: str, **more: str) -> Answers:
    offices = ("Redaktion", "Fachadministration", "Sitzungsdienst")
    return ON_ITS_WAY | dict.fromkeys(offices, answer) | more


def releasing(answer: str) -> Answers:
    return ON_ITS_WAY | dict.fromkeys(("Fachadministration", "Sitzungsdienst"), answer)


# What a faction prepares: its member's in the demo, and nobody else's, in whatever role.
OF_THE_FACTION = answers(members="404", others="404", **dict.fromkeys(("Ratsmitglied", DEPUTY), "200"))
# Who knows of a proposal at all.
HANDLERS = ("Redaktion", "Fachadministration", "Gruppenmitglied", "Fachamt")
PAGES: dict[str, Answers] = {
    "desk:start": LOGGED_IN,
    "desk:town": TOWN,
    "concepts:list": TOWN,
    "concepts:detail": TOWN,
    "concepts:measure": TOWN,
    "concepts:indicator": TOWN,
    "concepts:pdf": TOWN,
    "concepts:version_pdf": TOWN,
    "concepts:version": TOWN,
    "concepts:versions": TOWN,
    "concepts:synopsis": TOWN,
    "concepts:synopsis_pdf": TOWN,
    "concepts:workbench": TOWN,
    "concepts:gaps": TOWN,
    "concepts:measures": TOWN,
    "concepts:talk_list": TOWN,
    "concepts:additional_fields": administrators("200"),
    "concepts:trash": TOWN,
    "concepts:history": TOWN,
    "concepts:concept_stand": TOWN,
    "concepts:part_history": TOWN,
    "concepts:stand": TOWN,
    "participation:overview": PROCESS,
    "participation:process": PROCESS,
    "participation:group": PROCESS,
    "participation:event": PROCESS,
    "participation:event_calendar": PROCESS,
    "participation:document": PROCESS,
    "participation:minutes": PROCESS,
    "participation:proposals": TAKING_PART | {GUIDE: "200"},
    "participation:proposal_work": writers("200") | {GUIDE: "403"},
    **dict.fromkeys(("participation:annex", "participation:annex_pdf", "participation:annex_csv"), PROCESS),
    "committees:paper_list": TOWN,
    "committees:signing_list": TOWN,
    **dict.fromkeys(("committees:task_list", "committees:task_list_pdf", "committees:task_list_csv"), TOWN),
    **dict.fromkeys(PAPER_PAGES, TOWN),
    "committees:route": answers(members="403", others="404", Sitzungsdienst="200", Fachadministration="200"),
    "committees:results": answers(
        members="403", others="404", Sitzungsdienst="200", Fachadministration="200"
    ),
    "committees:checks": answers(
        members="403",
        others="404",
        **dict.fromkeys(("Sitzungsdienst", "Fachadministration", "Redaktion", "Mitzeichnung"), "200"),
    ),
    **dict.fromkeys(("council:committees", "council:paper", "council:paper_changes"), TOWN),
    **dict.fromkeys(("council:committees_offline", "council:meeting_offline"), TOWN),
    **dict.fromkeys(("council:paper_offline", "council:paper_changes_offline"), TOWN),
    "council:worker": OPEN,
    # Signed ones. A draft is the house's own affair (tests/committees/test_minutes.py).
    **dict.fromkeys(MINUTES_PAGES, TOWN),
    **dict.fromkeys(
        (
            *("committees:committee_list", "committees:committee"),
            *("committees:meeting_list", "committees:meeting"),
        ),
        TOWN,
    ),
    "committees:agenda": answers(members="403", others="404", Sitzungsdienst="200", Fachadministration="200"),
    **dict.fromkeys(("committees:pack", "committees:meeting_document", "committees:meeting_calendar"), TOWN),
    "committees:pack_complete": CONFIDENTIAL,
    "committees:invitation_draft": answers(
        members="403", others="404", Sitzungsdienst="200", Fachadministration="200"
    ),
    # When which committee sits is on the town's notice board.
    **dict.fromkeys(("committees:town_calendar", "committees:committee_calendar"), OPEN),
    "documents:picture": TOWN,
    "council:open_questions": answers(
        members="403",
        others="404",
        **dict.fromkeys(("Redaktion", "Fachadministration", "Sitzungsdienst", "Fachamt"), "200"),
    ),
    "council:reminders": TOWN,
    "council:my_notes": TOWN,
    "council:faction": OF_THE_FACTION,
    "council:factions": answers(members="403", others="404", Sitzungsdienst="200", Fachadministration="200"),
    # The link is the way in.
    **dict.fromkeys(
        ("council:calendar_feed", "council:link", "council:link_pack", "council:link_file"), OPEN
    ),
    "search:results": LOGGED_IN,
    "municipalities:colours": OPEN,
    "municipalities:logo": OPEN,
}
# What is only sent. Empty as the test sends it, it comes back (422), is done (302) or answered (200).
EDITING = writers("302")
EDITORS_SEND = writers("422")
# Every office begins papers. A draft is written by the staff; the house knows of it, nobody else does.
AUTHORS = answers(
    members="403",
    others="404",
    **dict.fromkeys(("Redaktion", "Fachadministration", "Sitzungsdienst", "Fachamt"), "200"),
)


def drafting(answer: str) -> Answers:
    """What is for those who write the draft of an office that is not the Fachamt's own."""
    return answers(
        members="404",
        others="404",
        Mitzeichnung="403",
        Fachamt="403",
        **dict.fromkeys(("Redaktion", "Fachadministration", "Sitzungsdienst"), answer),
    )


DRAFT = drafting("200")
ACTIONS: dict[str, Answers] = {
    "council:paper_read": answers(members="302", others="404"),
    # Somebody else's: nobody knows of it.
    **dict.fromkeys(
        (
            *("council:note_delete", "council:note_share", "council:reminder_delete"),
            *("council:faction_note_delete", "council:question_withdraw"),
        ),
        answers(members="404", others="404"),
    ),
    "council:reminder_add": answers(members="422", others="404"),
    "council:calendar_revoke": answers(members="302", others="404"),
    **dict.fromkeys(
        ("council:link_revoke", "council:staff_remove"),
        answers(members="403", others="404", Sitzungsdienst="302", Fachadministration="302"),
    ),
    "committees:issue": ISSUING,
    "committees:minutes_step": ISSUING,
    "committees:write_pdf": DRAFT,
    "committees:signing_cancel": preparing("422"),
    "committees:signing_add": preparing("422"),
    "committees:signing_again": preparing("302"),
    "committees:release_withdraw": releasing("422"),
    "committees:deputy_end": answers(members="404", others="404"),  # somebody else's: nobody knows of it
    **dict.fromkeys(
        (
            "committees:route_take_over",
            "committees:route_save_template",
            "committees:check_overrule",
            "committees:check_withdraw",
        ),
        answers(members="403", others="404", Sitzungsdienst="422", Fachadministration="422"),
    ),
    "committees:amendment_decide": answers(
        members="403", others="404", Sitzungsdienst="422", Fachadministration="422"
    ),
    # Whose paper it is says something to it, and who leads the council's business.
    "committees:amendment_comment": answers(
        members="403",
        others="404",
        **dict.fromkeys(("Sitzungsdienst", "Fachadministration", "Redaktion"), "302"),
    ),
    **dict.fromkeys(
        (
            *("committees:meeting_revive", "committees:stages_place", "committees:items_take_over"),
            *("committees:item_move", "committees:item_take_off"),
            *("committees:seat_end", "committees:seat_delete"),
        ),
        ISSUING,
    ),
    "concepts:presence": TOWN,
    "concepts:freeze": EDITORS_SEND,
    "concepts:renumber": EDITING,
    "concepts:restore": EDITING,
    "concepts:restore_concept": EDITORS_SEND,
    "concepts:restore_stand": EDITORS_SEND,
    # Both were said by somebody who is none of the visitors: nobody takes it back for them.
    "concepts:comment_withdraw": answers(members="403", others="404"),
    "concepts:suggestion_withdraw": answers(members="403", others="404"),
    "concepts:comment_done": writers("302"),
    "participation:override_end": EDITING,
    "participation:process_restore": EDITING,
    "participation:document_delete": EDITING | {GUIDE: "403"},
    "participation:minutes_step": EDITING | {GUIDE: "403"},
    # For those whose group it is: they are asked which answer.
    "participation:my_reply": answers(members="403", others="404", Gruppenmitglied="422") | {GUIDE: "403"},
    "participation:proposal_discard": PROPOSAL | dict.fromkeys((*HANDLERS, GUIDE), "302"),
    "participation:proposal_review": handled("302"),
    "participation:proposal_untie": handled("302"),
    # Nobody is for it in Leverkusen any more but the staff: its phases are over.
    "participation:proposal_support": handled("302"),
    # Said by somebody who is none of the visitors.
    "participation:proposal_comment_withdraw": PROPOSAL | dict.fromkeys((*HANDLERS, GUIDE), "403"),
    "concepts:additional_field_move": administrators("302"),
    "concepts:additional_field_ask": administrators("302"),
    "concepts:additional_field_delete": administrators("302"),
    "participation:seat_move": EDITING,
    "participation:seat_end": EDITING,
    "participation:seat_delete": EDITING,
    "participation:invitation_again": EDITING,
    "participation:invitation_withdraw": EDITING,
}
# Pictures are for those who write texts.
READERS = ("Ratsmitglied", "Gruppenmitglied", ELSEWHERE, FORMER, DEPUTY, GUIDE, OPERATOR)
WRITING = LOGGED_IN | dict.fromkeys(READERS, "403")
# Answers to what the editor asks; changes nothing.
QUESTIONS: dict[str, Answers] = {"documents:paste": LOGGED_IN}
# Addresses without a town's name.
OF_THE_HOUSE = {
    "desk:start", "municipalities:colours", "documents:picture", "documents:picture_new", "documents:paste",
    "search:results", "participation:invitation", "verifying:verify", "council:worker",
    "council:calendar_feed", "council:link", "council:link_pack", "council:link_file",
}  # fmt: skip
NOBODYS = answers(members="404", others="404")
# What leaves the house is theirs.
CLERKS = answers(members="403", others="404", Sitzungsdienst="200", Fachadministration="200")
SIGNING_MINUTES = answers(members="404", others="404", Redaktion="403", Mitzeichnung="403") | {
    "Sitzungsdienst": "200",
    "Fachadministration": "200",
}
# What is opened and sent at one address: who may open it, and what they get who send it empty.
EDITORS = writers("200")
ASKED = answers(
    members="404",
    others="404",
    Mitzeichnung="403",
    **dict.fromkeys(("Redaktion", "Fachadministration", "Sitzungsdienst"), "200"),
)
# Who leads through the event keeps its sheet as well.
HOLDERS = EDITORS | {"Moderation": "200", GUIDE: "200"}
# Who guides the process sees its events, so they are refused and not hidden.
EVENT_EDITORS = EDITORS | {GUIDE: "403"}
EVENT_EDITORS_SEND, EVENT_EDITING = EDITORS_SEND | {GUIDE: "403"}, EDITING | {GUIDE: "403"}
FORMS: dict[str, tuple[Answers, Answers]] = {
    "documents:picture_new": (WRITING, sent_empty(WRITING)),
    "committees:signing": (preparing("200", Mitzeichnung="200"), preparing("302")),
    # Somebody else is asked: the others only read how it stands.
    "committees:countersign": (preparing("200", Mitzeichnung="200"), preparing("403")),
    "committees:release": (releasing("200"), releasing("422")),
    "committees:deputies": (TOWN, sent_empty(TOWN)),
    "committees:issues": (TOWN, sent_empty(CLERKS)),
    # Nothing in it has to be said.
    **dict.fromkeys(
        ("committees:attendance", "committees:minutes_write", "committees:minutes_item"), (CLERKS, ISSUING)
    ),
    "committees:minutes_signers": (CLERKS, sent_empty(CLERKS)),
    # A draft: who prepares papers reads it, the council service enters the signature.
    "committees:minutes_sign": (SIGNING_MINUTES, sent_empty(SIGNING_MINUTES)),
    **dict.fromkeys(
        ("committees:route_add", "committees:route_stage", "committees:route_move"),
        (CLERKS, sent_empty(CLERKS)),
    ),
    "committees:route_strike": (CLERKS, sent_empty(CLERKS)),
    "committees:route_take_back": (CLERKS, sent_empty(CLERKS)),
    "committees:route_delete": (CLERKS, sent_empty(CLERKS)),
    "committees:recall": (CLERKS, sent_empty(CLERKS)),
    "committees:publicity": (CLERKS, sent_empty(CLERKS)),
    **dict.fromkeys(
        ("committees:result", "committees:stage_result", "committees:result_remove"),
        (CLERKS, sent_empty(CLERKS)),
    ),
    "committees:invitation": (TOWN, sent_empty(CLERKS)),
    "committees:amendment_new": (CLERKS, sent_empty(CLERKS)),
    "committees:amendment_edit": (CLERKS, sent_empty(CLERKS)),
    "committees:amendment_delete": (
        CLERKS,
        answers(members="403", others="404", Sitzungsdienst="302", Fachadministration="302"),
    ),
    **dict.fromkeys(
        (
            *("committees:committee_add", "committees:committee_edit", "committees:faction_add"),
            *("committees:faction_edit", "committees:seat_add", "committees:seat_edit"),
            *("committees:meeting_add", "committees:meeting_edit", "committees:meeting_move"),
            *("committees:meeting_cancel", "committees:meeting_continue"),
            *("committees:item_add", "committees:item_edit"),
        ),
        (CLERKS, sent_empty(CLERKS)),
    ),
    **dict.fromkeys(
        (
            *("committees:committee_delete", "committees:faction_delete"),
            *("committees:meeting_delete", "committees:item_delete"),
        ),
        (CLERKS, ISSUING),
    ),
    # Who writes the concept freezes it; what was decided and who has to do it is the council service's.
    "committees:after_version": (writers("200"), writers("422")),
    "committees:after_measures": (CLERKS, ISSUING),
    "committees:after_tasks": (CLERKS, sent_empty(CLERKS)),
    "committees:task_add": (CLERKS, sent_empty(CLERKS)),
    "committees:task": (TOWN, sent_empty(CLERKS)),
    "committees:task_edit": (CLERKS, sent_empty(CLERKS)),
    "committees:create": (AUTHORS, sent_empty(AUTHORS)),
    "committees:write": (DRAFT, sent_empty(DRAFT)),
    "committees:write_preview": (DRAFT, DRAFT),
    "committees:attach": (DRAFT, sent_empty(DRAFT)),
    "committees:delete": (DRAFT, drafting("302")),
    "verifying:verify": (OPEN, sent_empty(OPEN)),
    "concepts:new": (EDITORS, EDITORS_SEND),
    "concepts:settings": (EDITORS, EDITORS_SEND),
    "concepts:add": (EDITORS, EDITORS_SEND),
    "concepts:part": (TOWN, EDITORS_SEND),
    "concepts:move": (EDITORS, EDITORS_SEND),
    "concepts:split": (EDITORS, EDITORS_SEND),
    "concepts:merge": (EDITORS, EDITORS_SEND),
    "concepts:delete": (EDITORS, EDITING),
    "concepts:talk": (TOWN, sent_empty(TOWN)),
    "participation:process_new": (EDITORS, EDITORS_SEND),
    "participation:process_edit": (EDITORS, EDITORS_SEND),
    "participation:process_delete": (EDITORS, EDITORS_SEND),  # the demo's process is not empty
    "participation:overrides": (EDITORS, EDITORS_SEND),
    "participation:event_new": (EDITORS, EDITORS_SEND),
    "participation:event_edit": (EVENT_EDITORS, EVENT_EDITORS_SEND),
    "participation:event_cancel": (EVENT_EDITORS, EVENT_EDITORS_SEND),
    "participation:event_delete": (EVENT_EDITORS, EVENT_EDITING),
    "participation:document_add": (EVENT_EDITORS, EVENT_EDITORS_SEND),
    "participation:event_invite": (EVENT_EDITORS, EVENT_EDITING),
    "participation:replies": (EVENT_EDITORS, EVENT_EDITING),
    "participation:sheet": (HOLDERS, sent_empty(HOLDERS)),
    "concepts:suggest": (TOWN, sent_empty(TOWN)),
    "concepts:suggestion": (writers("200"), writers("422")),
    "participation:proposal_new": (TAKING_PART | {GUIDE: "403"}, sent_empty(TAKING_PART | {GUIDE: "403"})),
    # The draft is somebody else's: nobody knows of it.
    "participation:proposal_edit": (NOBODYS, NOBODYS),
    "participation:proposal": (PROPOSAL, handled("422")),
    "participation:proposal_withdraw": (handled("403"), handled("403")),
    "participation:proposal_answer": (handled("403"), handled("403")),
    "participation:proposal_wording": (handled("200"), handled("302")),
    "participation:proposal_ask": (handled("200"), handled("422")),
    "participation:proposal_decide": (handled("200"), handled("422")),
    "participation:proposal_take_over": (handled("200"), handled("422")),
    "participation:proposal_merge": (handled("200"), handled("422")),
    "participation:proposal_split": (handled("200"), handled("422")),
    "participation:proposal_publish": (
        writers("200") | {GUIDE: "403"},
        writers("422") | {GUIDE: "403"},
    ),
    "concepts:additional_field_add": (administrators("200"), administrators("422")),
    "concepts:additional_field": (administrators("200"), administrators("422")),
    "participation:group_add": (EDITORS, EDITORS_SEND),
    "participation:group_edit": (EDITORS, EDITORS_SEND),
    "participation:group_delete": (EDITORS, EDITING),
    "participation:seat_add": (EDITORS, EDITORS_SEND),
    "participation:seat_edit": (EDITORS, EDITORS_SEND),
    "participation:group_invitations": (EDITORS, EDITORS_SEND),
    "participation:process_invitations": (EDITORS, EDITORS_SEND),
    "participation:invitation": (OPEN, sent_empty(OPEN)),  # the link is the way in
    "council:notes": (TOWN, sent_empty(TOWN)),
    "council:note_edit": (NOBODYS, NOBODYS),
    "council:former_notes": (TOWN, sent_empty(TOWN)),
    "council:former_notes_taken": (NOBODYS, NOBODYS),
    # Everybody reads the page; who sits in a committee asks.
    "council:questions": (
        TOWN,
        answers(members="403", others="404", **dict.fromkeys(("Ratsmitglied", ELSEWHERE, DEPUTY), "422")),
    ),
    # Who may not read it does not know that it was asked.
    "council:question": (ASKED, sent_empty(ASKED)),
    "council:intended_vote": (OF_THE_FACTION, sent_empty(OF_THE_FACTION)),
    "council:staff_add": (CLERKS, sent_empty(CLERKS)),
    "council:calendar": (TOWN, TOWN),
    "council:links": (CLERKS, sent_empty(CLERKS)),
}

# The login's own pages: what somebody gets who is not logged in, and somebody who is.
LOGIN_PAGES = {
    "account_login": ("200", "302"),
    "account_request_login_code": ("200", "302"),
    "account_confirm_login_code": ("302", "302"),  # there is no code to be typed in
    "account_logout": ("302", "200"),
    "account_inactive": ("200", "200"),
    "account_signup": ("200", "302"),  # says that nobody can sign up
    "account_reauthenticate": ("login", "403"),  # demo users have no password to confirm with
    "account_change_password": ("login", "302"),  # on to choosing the first one, for the same reason
    "account_set_password": ("login", "200"),
    "account_reset_password": ("200", "200"),
    "account_reset_password_done": ("200", "200"),
    "account_reset_password_from_key": ("200", "200"),  # says that the link is no longer valid
    "account_reset_password_from_key_done": ("200", "200"),
    "demo_login": ("404", "404"),  # only in demo mode, and then only by its button
}


def all_addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            prefix = f"{entry.namespace}:" if entry.namespace else ""
            yield from all_addresses(entry, namespace + prefix)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or entry.pattern}"


def test_every_address_has_its_line() -> None:
    portal = {name for name in all_addresses(get_resolver()) if not name.startswith("admin:")}
    assert portal == {*PAGES, *ACTIONS, *FORMS, *QUESTIONS, *LOGIN_PAGES}


# ---- Everybody, and something to open --------------------------------------------------------------------


@pytest.fixture
def own(towns: dict[str, Municipality]) -> Municipality:
    return towns[OWN]


@pytest.fixture
def paper(own: Municipality) -> Paper:
    """The town's paper; its first stage is issued."""
    paper: Paper = Paper.objects.get(municipality=own)
    issue_stage(consultation=paper.consultations.get(position=1), by=demo_user("sitzungsdienst", OWN))
    return paper


@pytest.fixture
def visitors(own: Municipality) -> dict[str, Any]:
    return everybody(own)


def everybody(own: Municipality) -> dict[str, Any]:
    member = User.objects.create_user("anderes-gremium@leverkusen.example", name="Mitglied")
    person = Person.objects.create(municipality=own, name="Mitglied", function="Ratsmitglied", user=member)
    other = Committee.objects.create(
        municipality=own, name="Betriebsausschuss", article="der", kind=Committee.Kind.COMMITTEE
    )
    CommitteeSeat.objects.create(committee=other, person=person)
    former = User.objects.create_user("ehemals@leverkusen.example", name="Ehemaliges Mitglied")
    person = Person.objects.create(municipality=own, name="Ehemaliges Mitglied", user=former)
    seats = CommitteeSeat.objects.filter(person__user=demo_user("ratsmitglied", OWN)).exclude(faction=None)
    seat = seats.filter(committee__meetings__isnull=False).order_by("committee_id")[0]
    for stage in Consultation.objects.filter(paper__municipality=own):
        CommitteeSeat.objects.create(
            committee=stage.committee, person=person, span="2009–2014", faction=seat.faction
        )
    deputy = User.objects.create_user("vertretung@leverkusen.example", name="Stellvertretung")
    person = Person.objects.create(municipality=own, name="Stellvertretung", user=deputy)
    CommitteeSeat.objects.create(
        committee=seat.committee, person=person, role="deputy", deputy_for=seat, faction=seat.faction
    )
    guide = User.objects.create_user("institut@extern.example", name="Institut")
    ProcessModeration.objects.create(process=Process.objects.get(municipality=own), user=guide)
    operator = User.objects.create_superuser("betrieb@portal.example", name="Betrieb")
    return {
        NOBODY: AnonymousUser(),
        **{role: demo_user(name, OWN) for role, name in MEMBERS.items()},
        ELSEWHERE: member,
        FORMER: former,
        DEPUTY: deputy,
        LINKED: link_holder(own),
        GUIDE: guide,
        STRANGER: demo_user("fachadministration", FOREIGN),
        OPERATOR: operator,
    }


@dataclass(frozen=True)
class LinkHolder:
    """Somebody without an account; `token` is the secret of their link."""

    token: str
    is_authenticated: ClassVar[bool] = False


def link_holder(town: Municipality, *, complete: bool = True) -> LinkHolder:
    stage = Consultation.objects.filter(paper__municipality=town).exclude(meeting=None).earliest("pk")
    assert stage.meeting is not None
    by, today = demo_user("sitzungsdienst", town.slug), timezone.localdate()
    _link, token = make_link(meeting=stage.meeting, by=by, holder="Presse", last_day=today, complete=complete)
    return LinkHolder(token)


def demo_user(name: str, town: str) -> User:
    return User.objects.get(email=f"{name}@{town}.example")


def address_of(name: str, town: Municipality, *, within: Municipality | None = None) -> str:
    """The page about a row of `town`; `within` puts another town's name into the address."""
    arguments: dict[str, Callable[[], list[Any]]] = {
        "concepts:detail": lambda: [concept().slug],
        "concepts:pdf": lambda: [concept().slug],
        "concepts:add": lambda: [concept().slug, "felder"],
        "concepts:suggest": lambda: [*about_measure(), "titel"],
        "concepts:suggestion": lambda: [*about_measure(), suggestion()],
        "concepts:suggestion_withdraw": lambda: [*about_measure(), suggestion()],
        "concepts:comment_withdraw": lambda: [*about_measure(), comment()],
        "concepts:comment_done": lambda: [*about_measure(), comment()],
        "concepts:additional_field": lambda: [additional_field()],
        "concepts:additional_field_move": lambda: [additional_field()],
        "concepts:additional_field_ask": lambda: [additional_field()],
        "concepts:additional_field_delete": lambda: [additional_field()],
        "concepts:restore": lambda: [concept().slug, deletion().pk],
        "concepts:measure": lambda: [concept().slug, measure().pk],
        "concepts:indicator": lambda: [concept().slug, Indicator.objects.filter(concept=concept())[0].pk],
        "participation:process": lambda: [Process.objects.get(municipality=town).pk],
        **about_groups(town),
        **dict.fromkeys(
            (
                *("committees:paper", "committees:issues", "committees:progress", "committees:relations"),
                "committees:publicity",
                *("committees:route", "committees:route_add", "committees:route_take_over"),
                *("committees:route_save_template", "committees:checks"),
                *("committees:check_overrule", "committees:check_withdraw"),
                *("committees:amendments", "committees:amendment_new"),
            ),
            lambda: [paper().pk],
        ),
        **dict.fromkeys(
            (
                *("committees:route_stage", "committees:route_move", "committees:route_strike"),
                *("committees:route_take_back", "committees:route_delete"),
            ),
            lambda: [paper().pk, stage().pk],
        ),
        "committees:attachment": lambda: [paper().pk, PaperAttachment.objects.filter(paper=paper())[0].pk],
        **dict.fromkeys(
            ("committees:issued", "committees:recall"),
            lambda: [IssuedPaper.objects.get(consultation__paper=paper()).pk],
        ),
        **dict.fromkeys(
            ("committees:write", "committees:attach", "committees:delete"), lambda: [draft_of(town)]
        ),
        **dict.fromkeys(("committees:write_preview", "committees:write_pdf"), lambda: [draft_of(town), 0]),
        "municipalities:colours": lambda: [town.colour.removeprefix("#")],
        "documents:picture": lambda: [shown_picture(concept())],
    }
    arguments |= addresses_of_events(town)
    arguments |= addresses_of_meetings(town)
    arguments |= about_signing(town)
    arguments |= about_minutes(town)
    arguments |= about_results(town)
    arguments |= about_amendments(town)
    arguments |= about_decisions(town)
    arguments |= about_proposals(town)
    reading = ("paper", "paper_read", "paper_changes", "paper_offline", "paper_changes_offline")
    arguments |= {f"council:{page}": lambda: [paper().pk] for page in reading}
    arguments |= addresses_of_council(town)
    stage_pages = ("committees:stage", "committees:stage_preview", "committees:stage_pdf", "committees:issue")
    arguments |= dict.fromkeys(stage_pages, lambda: [paper().pk, stage().position])
    whole_concept = (
        *("workbench", "measures", "talk_list", "history", "gaps", "trash", "renumber", "settings"),
        *("versions", "freeze", "synopsis", "synopsis_pdf"),
    )
    arguments |= {f"concepts:{page}": lambda: [concept().slug] for page in whole_concept}
    arguments |= dict.fromkeys(
        ("concepts:version", "concepts:version_pdf"),
        lambda: [concept().slug, ConceptVersion.objects.get(concept=concept()).number],
    )
    one_part = ("part", "talk", "part_history", "presence", "move", "split", "merge", "delete")
    arguments |= {
        f"concepts:{page}": lambda: [concept().slug, "massnahmen", measure().pk] for page in one_part
    }
    arguments |= dict.fromkeys(
        ("concepts:concept_stand", "concepts:restore_concept"),
        lambda: [concept().slug, newest_key(Selection(concept(), Concept, concept().pk))],
    )
    arguments |= dict.fromkeys(
        ("concepts:stand", "concepts:restore_stand"),
        lambda: [concept().slug, "massnahmen", measure().pk, newest_key(of_measure(measure()))],
    )

    def concept() -> Concept:
        return Concept.objects.filter(municipality=town, versions__isnull=False)[0]

    def measure() -> Measure:
        """One that the Fachamt in the matrix is not responsible for."""
        offices = Person.objects.filter(user__email=f"fachamt@{town.slug}.example").values("institution")
        return Measure.objects.filter(concept=concept()).exclude(responsible__in=offices)[0]

    def about_measure() -> list[Any]:
        return [concept().slug, "massnahmen", measure().pk]

    def somebody() -> User:
        return User.objects.get_or_create(email="jemand@portal.example", defaults={"name": "Jemand"})[0]

    def comment() -> int:
        return add_comment(part=measure(), text="Wer zahlt das?", by=somebody()).pk

    def suggestion() -> int:
        wording, by = "Anders", somebody()
        return suggest(part=measure(), text_name="title", wording=wording, reason="", by=by).pk

    def additional_field() -> int:
        fields = AdditionalField.objects.filter(municipality=town)
        new = {"position": fields.count() + 1, "municipality": town}
        return fields.get_or_create(label="Ohne Antwort", defaults=new)[0].pk

    def deletion() -> Deletion:
        """A measure in the trash."""
        measure = Measure.objects.create(
            concept=concept(),
            field=ActionField.objects.filter(concept=concept())[0],
            position=900 + Deletion.objects.count(),
            title="Alt",
        )
        return delete_part(part=measure, by=None)

    def paper() -> Paper:
        return Paper.objects.get(municipality=town, state=Paper.State.RELEASED)

    def stage() -> Consultation:
        return paper().consultations.filter(left_out=False, issues=None)[0]

    more = arguments[name]() if name in arguments else []
    if name in OF_THE_HOUSE:
        return reverse(name, args=more)
    return reverse(name, args=[(within or town).slug, *more])


def shown_picture(concept: Concept) -> int:
    """It stands in a text of the concept."""
    picture = make_picture(concept.municipality)
    body = f'<img src="{picture.get_absolute_url()}" alt="Fest">'
    Chapter.objects.create(concept=concept, position=90, title="Bilder", body=body)
    return int(picture.pk)


def draft_of(town: Municipality) -> int:
    """A paper that is still written."""
    paper = Paper.objects.get(municipality=town, state=Paper.State.RELEASED)
    found, _new = Paper.objects.get_or_create(
        municipality=town,
        state=Paper.State.DRAFT,
        defaults={"paper_type": paper.paper_type, "layout": paper.layout, "subject": "Entwurf"},
    )
    return int(found.pk)


def about_signing(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    def paper() -> list[Any]:
        return [on_its_way(town).round.paper_id]

    def request() -> list[Any]:
        found = on_its_way(town)
        return [found.round.paper_id, found.pk]

    def deputyship() -> list[Any]:
        person, deputy = Person.objects.filter(municipality=town, user=None)[:2]
        return [Deputyship.objects.get_or_create(person=person, deputy=deputy)[0].pk]

    pages = ("signing", "signing_add", "signing_cancel", "signing_again", "release", "release_withdraw")
    return {
        **{f"committees:{page}": paper for page in pages},
        "committees:countersign": request,
        "committees:deputy_end": deputyship,
    }


def about_minutes(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    def of(state: str) -> Meeting:
        return minuted(town, state, demo_user("sitzungsdienst", town.slug))

    def signed() -> list[Any]:
        return [of("signed").pk]

    def draft() -> list[Any]:
        return [of("draft").pk]

    return {
        **dict.fromkeys(MINUTES_PAGES[:3], signed),
        "committees:minutes_file": lambda: [*signed(), of("signed").files.get().pk],
        "committees:excerpt": lambda: [*signed(), of("signed").agenda.get().pk],
        "committees:minutes_item": lambda: [*draft(), of("draft").agenda.get().pk],
        "committees:minutes_sign": lambda: [*draft(), of("draft").minutes.signatures.get().pk],
        **dict.fromkeys(
            (
                *("committees:attendance", "committees:minutes_write", "committees:minutes_signers"),
                "committees:minutes_step",
            ),
            draft,
        ),
    }


def about_results(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    """The last stage has its place on an agenda, the first has none."""

    def stages() -> Any:
        paper = Paper.objects.get(municipality=town, state=Paper.State.RELEASED)
        return paper.consultations.filter(left_out=False).order_by("position")

    def item() -> list[Any]:
        stage = stages().filter(meeting__isnull=False).last()
        if stage.agenda_item is None:
            stage.agenda_item, _new = stage.meeting.agenda.get_or_create(
                position=90, number="90", title="Integrationskonzept"
            )
            stage.save()
        return [stage.meeting_id, stage.agenda_item_id]

    def stage() -> list[Any]:
        found = stages().filter(agenda_item=None).first()
        return [found.paper_id, found.position]

    return {
        "committees:results": lambda: item()[:1],
        "committees:result": item,
        "committees:stage_result": stage,
        "committees:result_remove": stage,
    }


def about_amendments(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    def amendment() -> list[Any]:
        """One that is still to be decided."""
        stage = Consultation.objects.get(
            paper__municipality=town, paper__state=Paper.State.RELEASED, position=1
        )
        fresh = {"consultation": stage, "before": "", "after": "<p>Ein Punkt kommt dazu.</p>"}
        Amendment.objects.get_or_create(paper=stage.paper, number=1, defaults=fresh)
        return [stage.paper_id, 1]

    pages = ("amendment", "amendment_edit", "amendment_decide", "amendment_comment", "amendment_delete")
    return {f"committees:{page}": amendment for page in pages}


def about_decisions(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    def paper() -> list[Any]:
        return [decided_here(town).paper_id]

    def task() -> list[Any]:
        """One that no office has."""
        stage = decided_here(town)
        found = ResolutionTask.objects.filter(consultation=stage).first()
        return [(found or give_task(stage)).pk]

    pages = ("after", "after_version", "after_measures", "after_tasks", "task_add")
    return {
        **{f"committees:{page}": paper for page in pages},
        **{f"committees:{page}": task for page in ("task", "task_edit")},
    }


def decided_here(town: Municipality) -> Consultation:
    """The deciding stage of the town's paper, which has decided."""
    paper = Paper.objects.get(municipality=town, state=Paper.State.RELEASED)
    stages = paper.consultations.filter(meaning="decide", resolved_points__isnull=False)
    return stages.first() or decide(paper)


def about_groups(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    def group() -> list[Any]:
        return [Group.objects.filter(municipality=town)[0].pk]

    def seat() -> list[Any]:
        found = Seat.objects.filter(group__municipality=town)[0]
        return [found.group_id, found.pk]

    def deleted_process() -> int:
        number = Process.history.filter(history_type="-").count()
        process = Process.objects.create(municipality=town, title=f"Versehentlich {number}")
        pk = process.pk
        delete_process(process=process, by=demo_user("redaktion", town.slug))
        return pk

    def invitation() -> tuple[Invitation, str]:
        """One that waits for an answer, and its token."""
        tokens: list[str] = []

        def link_of(token: str) -> str:
            tokens.append(token)
            return token

        sent = invite(
            to=Invited(group=Group.objects.filter(municipality=town)[0]),
            addresses=[Address(f"neu-{Invitation.objects.count()}@verein.example", "", 1)],
            message="",
            by=demo_user("redaktion", town.slug),
            link_of=link_of,
        ).sent
        return sent[0], tokens[0]

    of_group = ("group", "group_edit", "group_delete", "seat_add", "group_invitations")
    of_seat = ("seat_edit", "seat_move", "seat_end", "seat_delete")
    answering = ("invitation_again", "invitation_withdraw")
    return {
        **{f"participation:{page}": group for page in of_group},
        **{f"participation:{page}": seat for page in of_seat},
        **{f"participation:{page}": lambda: [invitation()[0].pk] for page in answering},
        "participation:process_restore": lambda: [deleted_process()],
        "participation:process_invitations": lambda: [Process.objects.get(municipality=town).pk],
        "participation:invitation": lambda: [invitation()[1]],
    }


def about_proposals(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    """The rows of the pages about proposals, made when they are asked for."""

    def somebody() -> User:
        return User.objects.get_or_create(email="jemand@portal.example", defaults={"name": "Jemand"})[0]

    def process() -> Process:
        return Process.objects.filter(municipality=town)[0]

    def proposal() -> MeasureProposal:
        """Somebody else's, waiting to be decided."""
        known = MeasureProposal.objects.filter(process=process(), submitter=somebody(), state="submitted")
        return known.first() or proposing.propose(process(), somebody())

    def draft() -> MeasureProposal:
        return proposing.draft(process(), somebody())

    def decided() -> MeasureProposal:
        return proposing.taken_over(proposing.propose(process(), somebody()), somebody()).proposal

    def remark() -> int:
        return proposing.remark(proposal(), somebody()).pk

    def question() -> int:
        return proposing.question(proposal(), somebody()).pk

    def tie() -> int:
        return proposing.taken_over(proposal(), somebody()).pk

    arguments: dict[str, Callable[[], list[Any]]] = {
        "participation:proposals": lambda: [process().pk],
        "participation:proposal_new": lambda: [process().pk],
        "participation:proposal_work": lambda: [process().pk],
        "participation:proposal_publish": lambda: [decided().process_id],
        "participation:annex": lambda: [process().pk],
        "participation:annex_pdf": lambda: [process().pk],
        "participation:annex_csv": lambda: [process().pk],
        "participation:proposal_edit": lambda: [draft().pk],
        "participation:proposal_comment_withdraw": lambda: [proposal().pk, remark()],
        "participation:proposal_answer": lambda: [proposal().pk, question()],
        "participation:proposal_untie": lambda: [proposal().pk, tie()],
    }
    about_proposal = (
        *("proposal", "proposal_discard", "proposal_withdraw", "proposal_support", "proposal_wording"),
        *("proposal_review", "proposal_ask", "proposal_decide", "proposal_take_over", "proposal_merge"),
        "proposal_split",
    )
    arguments |= {f"participation:{page}": lambda: [proposal().pk] for page in about_proposal}
    return arguments


def of_measure(measure: Measure) -> Selection:
    return Selection(measure.concept, Measure, measure.pk)


def answer_to(visitor: Any, method: str, address: str, **data: Any) -> str:
    client = Client()
    if visitor.is_authenticated:
        client.force_login(visitor)
    elif isinstance(visitor, LinkHolder):
        assert client.get(reverse("council:link", args=[visitor.token])).status_code == 200
    response = getattr(client, method)(address, data)
    response.close()
    return said(response)


def said(response: HttpResponse) -> str:
    if response.status_code == 302 and response["Location"].startswith(f"{reverse('account_login')}?next="):
        return "login"
    return str(response.status_code)


# ---- The matrix ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*PAGES, *QUESTIONS])
def test_who_may_open_a_page(
    name: str, own: Municipality, paper: Paper, visitors: dict[str, Any], logo: None
) -> None:
    address = address_of(name, own)
    method, expected = ("post" if name in QUESTIONS else "get"), (PAGES | QUESTIONS)[name]
    assert {who: answer_to(visitor, method, address) for who, visitor in visitors.items()} == expected


@pytest.mark.parametrize("name", [name for name in ACTIONS if name != "committees:issue"])
def test_who_may_send(name: str, own: Municipality, visitors: dict[str, Any]) -> None:
    # Each finds it as it was, whatever the one before has done.
    said = {who: answer_to(visitor, "post", address_of(name, own)) for who, visitor in visitors.items()}
    assert said == ACTIONS[name]


@pytest.mark.parametrize("name", FORMS)
def test_who_may_open_and_send_a_form(
    name: str, own: Municipality, paper: Paper, visitors: dict[str, Any]
) -> None:
    opening, sending = FORMS[name]
    said = {who: answer_to(visitor, "get", address_of(name, own)) for who, visitor in visitors.items()}
    assert said == opening
    said = {who: answer_to(visitor, "post", address_of(name, own)) for who, visitor in visitors.items()}
    assert said == sending


@pytest.mark.parametrize("confidential", [False, True], ids=["public", "non-public"])
def test_who_may_issue(confidential: bool, own: Municipality, paper: Paper, visitors: dict[str, Any]) -> None:
    if confidential:
        make_confidential(paper)
    expected = ISSUING_CONFIDENTIAL if confidential else ISSUING
    for who, visitor in visitors.items():
        before = IssuedPaper.objects.count()
        assert (who, answer_to(visitor, "post", address_of("committees:issue", own), seen=0)) == (
            who,
            expected[who],
        )
        issued = IssuedPaper.objects.count() - before
        assert issued == (1 if who in ("Sitzungsdienst", "Fachadministration") else 0)


@pytest.mark.parametrize("responsible", [False, True], ids=["somebody else's", "the department's own"])
def test_who_may_restore_a_measure(responsible: bool, own: Municipality, visitors: dict[str, Any]) -> None:
    measure = Measure.objects.filter(concept__municipality=own, concept__versions__isnull=False)[0]
    departments = visitors["Fachamt"].access.institutions
    measure.responsible_id = (
        min(departments)
        if responsible
        else Institution.objects.filter(municipality=own).exclude(pk__in=departments)[0].pk
    )
    measure.save()
    place = [own.slug, measure.concept.slug, "massnahmen", measure.pk, newest_key(of_measure(measure))]
    address = reverse("concepts:restore_stand", args=place)
    for who, visitor in visitors.items():
        expected = "302" if responsible and who == "Fachamt" else EDITING[who]
        before = Measure.history.filter(id=measure.pk).count()
        measure.title = f"Zwischenstand {who}"
        measure.save()
        answer = answer_to(visitor, "post", address, seen=newest_key(of_measure(measure)))
        assert (who, answer) == (who, expected)
        # One entry more for what was changed, and one if it was restored.
        assert Measure.history.filter(id=measure.pk).count() - before == (2 if expected == "302" else 1)


def test_who_may_restore_the_concept(own: Municipality, visitors: dict[str, Any]) -> None:
    concept = Concept.objects.filter(municipality=own, versions__isnull=False)[0]
    address = address_of("concepts:restore_concept", own)
    for who, visitor in visitors.items():
        concept.subtitle = f"Zwischenstand {who}"
        concept.save()
        seen = newest_key(Selection(concept, Concept, concept.pk))
        assert (who, answer_to(visitor, "post", address, seen=seen)) == (who, EDITING[who])
        kept = Concept.objects.get(pk=concept.pk).subtitle == concept.subtitle
        assert kept == (EDITING[who] != "302")


def make_confidential(paper: Paper) -> None:
    paper.public, paper.non_public_reason = False, "Personalangelegenheit"
    paper.save()


@pytest.fixture
def logo(own: Municipality, settings: Any) -> None:
    """The town has one, so that there is something to open."""
    picture = Path(settings.MEDIA_ROOT) / "logos" / "leverkusen.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    Municipality.objects.filter(pk=own.pk).update(logo="logos/leverkusen.png")


def test_the_logo_is_not_found_where_there_is_none(own: Municipality) -> None:
    Municipality.objects.filter(pk=own.pk).update(logo="")
    assert answer_to(AnonymousUser(), "get", address_of("municipalities:logo", own)) == "404"


# ---- Borders ---------------------------------------------------------------------------------------------

ABOUT_NO_ROW = (
    "picture_new",
    "verify",
    "additional_fields",
    "additional_field_add",
    "town",
    "list",
    "overview",
    "paper_list",
    *("committee_list", "committee_add", "faction_add", "meeting_list", "meeting_add"),
    "create",
    "signing_list",
    "task_list",
    "task_list_pdf",
    "task_list_csv",
    "deputies",
    "new",
    "process_new",
    "group_add",
    "invitation",
    "committees",
    "committees_offline",
    "calendar",
    "calendar_revoke",
    "reminders",
    *("my_notes", "former_notes", "former_notes_taken"),
)
BELOW_A_TOWN = [name for name in [*PAGES, *ACTIONS, *FORMS] if PAGES.get(name, TOWN) in (TOWN, PROCESS)]


@pytest.mark.parametrize(
    "name",
    [name for name in BELOW_A_TOWN if name.split(":")[1] not in ABOUT_NO_ROW],
)
def test_another_towns_rows_are_not_found_below_ones_own_name(
    name: str, own: Municipality, towns: dict[str, Municipality], visitors: dict[str, Any]
) -> None:
    """The address says one's own town, the number is another town's."""
    elsewhere = towns["kreis-mettmann"]
    paper = Paper.objects.get(municipality=elsewhere)
    issue_stage(
        consultation=paper.consultations.get(position=1), by=demo_user("sitzungsdienst", "kreis-mettmann")
    )
    address = address_of(name, elsewhere, within=own)
    method = "post" if name in ACTIONS else "get"
    assert answer_to(visitors["Fachadministration"], method, address, seen=0) == "404"
    assert answer_to(demo_user("sitzungsdienst", OWN), method, address, seen=0) == "404"


@pytest.mark.parametrize("name", [*PAGES, *ACTIONS, *FORMS, *QUESTIONS])
def test_pages_are_only_read_and_actions_only_sent(
    name: str, own: Municipality, paper: Paper, visitors: dict[str, Any]
) -> None:
    address = address_of(name, own)
    wrong = {"get", "post", "put", "delete"} - methods_of(name)
    assert {answer_to(visitors["Sitzungsdienst"], method, address) for method in wrong} == {"405"}


def methods_of(name: str) -> set[str]:
    return {"get", "post"} if name in FORMS else {"post"} if name in ACTIONS | QUESTIONS else {"get"}


def test_a_member_of_two_towns_reads_both(own: Municipality, towns: dict[str, Municipality]) -> None:
    both = demo_user("redaktion", OWN)
    Person.objects.create(municipality=towns[FOREIGN], name=both.name, user=both)
    for town in (own, towns[FOREIGN]):
        assert answer_to(both, "get", address_of("committees:paper_list", town)) == "200"


def test_a_locked_account_is_logged_out(own: Municipality) -> None:
    client = Client()
    user = demo_user("redaktion", OWN)
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert said(client.get(address_of("desk:town", own))) == "login"


# ---- The login's pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOGIN_PAGES)
def test_who_may_open_the_logins_pages(name: str, visitors: dict[str, Any]) -> None:
    arguments = {
        "demo_login": [visitors["Redaktion"].pk],
        "account_reset_password_from_key": ["abc", "set-password"],
    }
    address = reverse(name, args=arguments.get(name, []))
    answers = tuple(answer_to(visitors[who], "get", address) for who in (NOBODY, "Redaktion"))
    assert answers == LOGIN_PAGES[name]


def test_nobody_is_logged_in_by_a_click_outside_demo_mode(visitors: dict[str, Any], settings: Any) -> None:
    settings.DEMO_MODE = False
    address = reverse("demo_login", args=[visitors["Redaktion"].pk])
    assert answer_to(visitors[NOBODY], "post", address) == "404"
