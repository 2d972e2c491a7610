"""Who may open what in the administration: for every model that stands there, and every page about it.

The Fachadministration serves its own town and nothing else. Who holds another role has no business here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from committees.actions.issuing import issue_stage
from committees.hearing_rules import load_rules
from committees.models import AgendaItem, CheckOverride, HearingRule, IssuedPaper, Meeting, Paper
from concepts.models import AdditionalField, ConceptVersion
from documents.models import IssuedFile, Picture
from municipalities.models import Municipality, Person, User
from outbox.actions import post
from outbox.models import OutgoingMail
from participation.actions.deciding import ask_back
from participation.actions.invitations import Invited, invite
from participation.addresses import Address
from participation.models import Invitation, MeasureProposal, Process, ProcessModeration
from tests.committees.signers import countersigning_rows
from tests.documents.factories import make_picture
from tests.participation.proposing import draft, propose, taken_over

pytestmark = [pytest.mark.django_db, pytest.mark.once]

OWN, FOREIGN = "leverkusen", "kreis-mettmann"

# The pages about a model, or about one of its rows.
MODEL_PAGES = ("changelist", "add")
ROW_PAGES = ("change", "delete", "history")
FORMER_STATE = "simple_history"  # one entry of a row's history
# What a page answers to the Fachadministration of the row's town, to that of another town, and to the one
# who runs the installation. A row that is not one's own sends one back to the first page ("302"), where a
# sentence says that it does not exist.
Line = tuple[str, str, str]
USUAL: dict[str, Line] = {
    "changelist": ("200", "200", "200"),  # what stands in it: see below
    "add": ("200", "200", "200"),
    "change": ("200", "302", "200"),
    "delete": ("200", "302", "200"),
    "history": ("200", "404", "200"),
    FORMER_STATE: ("200", "404", "200"),
}
# What left the house is read and never changed, by nobody.
FROZEN = USUAL | {"add": ("403",) * 3, "delete": ("403",) * 3, "history": ("200", "302", "200")}
# The one that is asked about here has been answered, and what was answered stays readable.
ANSWERED = USUAL | {"delete": ("403", "302", "403")}
# Uploaded where texts are written, and can be taken away.
PICTURES = FROZEN | {"delete": ("200", "302", "200")}
# Sent and answered, or submitted and decided, elsewhere; and never taken away.
INVITATIONS = USUAL | {"add": ("403",) * 3, "delete": ("403",) * 3}
# Belongs to the installation, not to a town.
OPERATORS = dict.fromkeys(USUAL, ("403", "403", "200"))
# Written by the program alone; read and sent again by those who run it.
OUTBOX = OPERATORS | {"add": ("403",) * 3, "delete": ("403",) * 3}
# Towns come and go with the installation.
TOWN_ITSELF = USUAL | {"add": ("403", "403", "200"), "delete": ("403", "403", "200")}
SPECIAL: dict[type[models.Model], dict[str, Line]] = {
    Municipality: TOWN_ITSELF,
    AdditionalField: ANSWERED,
    CheckOverride: FROZEN,
    HearingRule: OPERATORS,
    ConceptVersion: FROZEN,
    Invitation: INVITATIONS,
    IssuedFile: FROZEN,
    IssuedPaper: FROZEN,
    MeasureProposal: INVITATIONS,
    Picture: PICTURES,
    OutgoingMail: OUTBOX,
}
WITHOUT_TOWN = (HearingRule, OutgoingMail)
# Pages about no model.
OTHER_PAGES = {
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
}
# Answers every address that is none, and sends an old form of address on; they lead to no row themselves.
CATCH_ALL = {"(?P<url>.*)$", "<path:object_id>/"}
PASSWORD_OF_AN_ACCOUNT = "auth_user_password_change"


def name_of(model: type[models.Model], page: str) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_{page}"


def administration_addresses() -> Iterator[str]:
    (administration,) = (
        entry
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and entry.namespace == "admin"
    )
    waiting = list(administration.url_patterns)
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLResolver):
            waiting += entry.url_patterns
        elif isinstance(entry, URLPattern):
            yield entry.name or str(entry.pattern)


MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def pages_of(model: type[models.Model]) -> tuple[str, ...]:
    return (*MODEL_PAGES, *ROW_PAGES, *([FORMER_STATE] if hasattr(model, "history") else []))


def test_every_address_of_the_administration_has_its_line() -> None:
    pages = {name_of(model, page) for model in MODELS for page in pages_of(model)}
    assert set(administration_addresses()) == {*pages, *OTHER_PAGES, *CATCH_ALL, PASSWORD_OF_AN_ACCOUNT}


def demo_user(name: str, town: str) -> User:
    return User.objects.get(email=f"{name}@{town}.example")


@pytest.fixture
def own(towns: dict[str, Municipality]) -> Municipality:
    """The town, with a row of every model."""
    own = towns[OWN]
    paper = Paper.objects.get(municipality=own)
    issue_stage(consultation=paper.consultations.get(position=1), by=demo_user("sitzungsdienst", OWN))
    meeting = Meeting.objects.filter(municipality=own)[0]
    AgendaItem.objects.create(meeting=meeting, position=1, number="1", title="Begrüßung")
    make_picture(own)
    process, by = Process.objects.get(municipality=own), demo_user("redaktion", OWN)
    ProcessModeration.objects.create(process=process, user=by)
    invite(
        to=Invited(process=process),
        addresses=[Address("institut@extern.example", "", 1)],
        message="",
        by=by,
        link_of=str,
    )
    propose(process, by)
    countersigning_rows(own)
    CheckOverride.objects.create(
        paper=paper, code="summons_short", sentence="Zu spät.", reason="Eilt.", by=by
    )
    load_rules(HearingRule)
    for rule in HearingRule.objects.all():
        rule.save()  # what a migration has loaded has no history yet
    post(key="probe", to="a@leverkusen.example", subject="Probe", text="Guten Tag")
    return own


def row_of(model: type[models.Model], town: Municipality) -> models.Model:
    rows = model._default_manager.all()
    if model is User:
        rows = rows.filter(email=f"redaktion@{town.slug}.example")
    elif model in (HearingRule, OutgoingMail):
        pass
    else:
        rows = rows.filter(**{model.municipality_path: town.pk})  # type: ignore[attr-defined]
    row = rows.first()
    assert row is not None, f"{town} has no {model._meta.label} to try"
    return row


def answer_to(user: Any, address: str, **data: Any) -> str:
    client = Client()
    if user.is_authenticated:
        client.force_login(user)
    response = client.get(address, data)
    door = reverse("admin:login")
    if response.status_code == 302 and response["Location"].startswith(door):
        response = client.get(response["Location"])  # sends on who has to log in, refuses who is
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return "login"
    return str(response.status_code)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_who_may_open_the_pages_of_a_model(model: type[models.Model], own: Municipality) -> None:
    row = row_of(model, own)
    visitors = (
        demo_user("fachadministration", OWN),
        demo_user("fachadministration", FOREIGN),
        User.objects.create_superuser("betrieb@portal.example", name="Betrieb"),
    )
    found = {}
    for page in pages_of(model):
        about = [] if page in MODEL_PAGES else [row.pk]
        if page == FORMER_STATE:
            about.append(row.history.latest().pk)  # type: ignore[attr-defined]
        address = reverse(f"admin:{name_of(model, page)}", args=about)
        found[page] = tuple(answer_to(visitor, address) for visitor in visitors)
        assert answer_to(demo_user("redaktion", OWN), address) == "403"
        assert answer_to(AnonymousUser(), address) == "login"
    expected = SPECIAL.get(model, USUAL)
    assert found == {page: expected[page] for page in pages_of(model)}


@pytest.mark.parametrize("role", ["redaktion", "fachamt", "mitzeichnung", "sitzungsdienst", "moderation"])
def test_other_roles_are_refused_at_the_door(role: str, own: Municipality) -> None:
    pages = ("index", "jsi18n", "password_change", "password_change_done", "autocomplete")
    assert {answer_to(demo_user(role, OWN), reverse(f"admin:{page}")) for page in pages} == {"403"}


@pytest.mark.parametrize("seat", ["ratsmitglied", "mitglied"])
def test_a_seat_opens_no_door_to_the_administration(seat: str, own: Municipality) -> None:
    assert answer_to(demo_user(seat, OWN), reverse("admin:index")) == "403"
    assert answer_to(AnonymousUser(), reverse("admin:index")) == "login"


@pytest.mark.parametrize(
    "model", [model for model in MODELS if model not in WITHOUT_TOWN], ids=lambda model: model._meta.label
)
def test_a_list_holds_the_own_towns_rows_only(
    model: type[models.Model], own: Municipality, towns: dict[str, Municipality], client: Client
) -> None:
    client.force_login(demo_user("fachadministration", OWN))
    listed = client.get(reverse(f"admin:{name_of(model, 'changelist')}")).context["cl"].queryset
    assert listed.exists()
    if model is User:
        assert set(listed) == set(User.objects.filter(persons__municipality=own))
    else:
        assert {owner for (owner,) in listed.values_list(model.municipality_path)} == {own.pk}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("model", "field", "offered"),
    [
        ("committees.paper", "department", "municipalities.institution"),
        ("committees.paper", "concept", "concepts.concept"),
        ("committees.consultation", "meeting", "committees.meeting"),
        ("municipalities.person", "user", "municipalities.user"),
    ],
)
def test_a_choice_offers_the_own_towns_rows_only(
    model: str, field: str, offered: str, own: Municipality, client: Client
) -> None:
    client.force_login(demo_user("fachadministration", OWN))
    app, name = model.split(".")
    question = {"app_label": app, "model_name": name, "field_name": field, "term": ""}
    answer = client.get(reverse("admin:autocomplete"), question).json()["results"]
    rows = next(found for found in MODELS if found._meta.label_lower == offered)._default_manager
    path = "persons__municipality" if offered.endswith(".user") else "municipality"
    chosen = rows.filter(pk__in=[entry["id"] for entry in answer])
    assert answer
    assert {owner for (owner,) in chosen.values_list(path)} == {own.pk}


def test_of_proposals_the_administration_reads_what_was_submitted_and_nothing_before(
    own: Municipality, client: Client
) -> None:
    process, by = Process.objects.get(municipality=own), demo_user("redaktion", OWN)
    open_one = propose(process, by, "Ein Garten")
    ask_back(proposal=open_one, text="Wo soll er liegen?", by=by)
    submitted = taken_over(open_one, by).proposal
    waiting = draft(process, by, "Noch nicht fertig")
    client.force_login(demo_user("fachadministration", OWN))
    listed = client.get(reverse(f"admin:{name_of(MeasureProposal, 'changelist')}")).content.decode()
    assert submitted.code in listed
    assert "Noch nicht fertig" not in listed
    page = client.get(reverse(f"admin:{name_of(MeasureProposal, 'change')}", args=[submitted.pk]))
    assert "Ein Garten" in page.content.decode()
    assert "Wo soll er liegen?" in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    for pk, entry in (
        (waiting.pk, waiting.history.latest()),
        (submitted.pk, submitted.history.earliest()),
    ):
        assert entry.state == MeasureProposal.State.DRAFT
        address = reverse(f"admin:{name_of(MeasureProposal, FORMER_STATE)}", args=[pk, entry.pk])
        assert client.get(address).status_code in (403, 404)
    history = client.get(reverse(f"admin:{name_of(MeasureProposal, 'history')}", args=[submitted.pk]))
    assert "Ein Garten" in history.content.decode()
    entry = submitted.history.latest()
    address = reverse(f"admin:{name_of(MeasureProposal, FORMER_STATE)}", args=[submitted.pk, entry.pk])
    former = client.get(address)
    assert 'aria-label="Eingereicht am, Uhrzeit"' in former.content.decode()


def test_the_operator_is_offered_no_page_of_a_town(own: Municipality, client: Client) -> None:
    picture = make_picture(own, demo_user("redaktion", OWN))
    address = reverse(f"admin:{name_of(Picture, 'change')}", args=[picture.pk])
    for user, offered in (
        (demo_user("fachadministration", OWN), True),
        (User.objects.create_superuser("betrieb@portal.example", name="Betrieb"), False),
    ):
        client.force_login(user)
        assert ("/verwaltung/r/" in client.get(address).content.decode()) == offered


def test_nobody_sets_somebody_elses_password(own: Municipality) -> None:
    address = reverse(f"admin:{PASSWORD_OF_AN_ACCOUNT}", args=[demo_user("redaktion", OWN).pk])
    operator = User.objects.create_superuser("betrieb@portal.example", name="Betrieb")
    for user in (demo_user("fachadministration", OWN), demo_user("redaktion", OWN), operator):
        assert answer_to(user, address) == "403"


def test_an_account_of_two_towns_is_no_single_towns_to_change(
    own: Municipality, towns: dict[str, Municipality]
) -> None:
    both = demo_user("redaktion", OWN)
    Person.objects.create(municipality=towns[FOREIGN], name=both.name, user=both)
    for page in (name_of(User, "change"), name_of(User, "delete"), PASSWORD_OF_AN_ACCOUNT):
        assert (
            answer_to(demo_user("fachadministration", OWN), reverse(f"admin:{page}", args=[both.pk])) == "403"
        )
