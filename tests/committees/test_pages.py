"""The papers' pages: what the route looks like, what is issued, and that nothing stale is shown."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from committees.models import (
    AgendaItem,
    Ballot,
    Committee,
    Consultation,
    IssuedPaper,
    Meeting,
    Paper,
    PaperRelation,
)
from municipalities.models import Municipality
from tests.committees.factories import release, reopen
from tests.reading import html_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(towns: dict[str, Municipality]) -> Paper:
    return Paper.objects.get(municipality=towns["leverkusen"], number="2017/1900")


@pytest.fixture
def clerk(paper: Paper, login_as: Callable[..., Client]) -> Client:
    return login_as("sitzungsdienst", paper.municipality)


def stage_address(paper: Paper, position: int, page: str = "") -> str:
    return f"{paper.get_absolute_url()}beratung/{position}/{page}"


def test_the_route_names_every_committee_in_order(clerk: Client, paper: Paper) -> None:
    page = html_of(clerk.get(paper.get_absolute_url()))
    names = [consultation.committee_names() for consultation in paper.consultations.all()]
    places = [page.index(name) for name in names]
    assert places == sorted(places)
    assert page.count("als Nächstes") == 1
    assert "18.12.2017 · Entscheidung" in page


def test_a_left_out_stage_says_why(towns: dict[str, Municipality], login_as: Callable[..., Client]) -> None:
    town = towns["bergkamen"]
    client = login_as("ratsmitglied", town)
    paper = Paper.objects.get(municipality=town)
    page = html_of(client.get(paper.get_absolute_url()))
    assert "Integrationsrat entfällt:" in page
    assert "Dezember 2018" in page
    left_out = paper.consultations.get(left_out=True)
    assert "Diese Beratung entfällt" in html_of(client.get(stage_address(paper, left_out.position)))
    assert client.get(stage_address(paper, left_out.position, "entwurf.pdf")).status_code == 404


def test_a_kept_page_is_made_anew_when_anything_on_it_changes(clerk: Client, paper: Paper) -> None:
    clerk.get(paper.get_absolute_url())
    first = paper.consultations.first()
    first.result, first.outcome = "einstimmig empfohlen", Consultation.Outcome.ACCEPTED
    first.save()
    Ballot.objects.create(consultation=first, position=1, votes_for=15)
    page = html_of(clerk.get(paper.get_absolute_url()))
    assert "einstimmig empfohlen" in page
    assert "15 Ja" in page
    committee = Committee.objects.get(pk=first.committee_id)
    committee.name = "Rat für Integration"
    committee.save()
    assert "Rat für Integration" in html_of(clerk.get(paper.get_absolute_url()))


def test_issuing_freezes_the_pdf_and_shows_its_hash(clerk: Client, paper: Paper) -> None:
    answer = clerk.post(stage_address(paper, 9, "ausfertigen/"), {"seen": 0}, follow=True)
    page = html_of(answer)
    assert "1. Ausfertigung für „Rat der Stadt Leverkusen“ ist gespeichert." in page
    issue = IssuedPaper.objects.get(consultation__paper=paper, number=1)
    content = clerk.get(f"/leverkusen/ausfertigungen/{issue.pk}/").content
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() in page
    assert "1. Ausfertigung" in html_of(clerk.get(paper.get_absolute_url()))


def test_a_second_click_does_not_issue_twice(clerk: Client, paper: Paper) -> None:
    address = stage_address(paper, 9, "ausfertigen/")
    clerk.post(address, {"seen": 0})
    answer = clerk.post(address, {"seen": 0})
    assert answer.status_code == 422
    assert "Diese Beratung wurde inzwischen ausgefertigt" in answer.content.decode()
    assert IssuedPaper.objects.filter(consultation__paper=paper).count() == 1


def test_issuing_again_asks_for_the_reason_and_keeps_the_first(clerk: Client, paper: Paper) -> None:
    address = stage_address(paper, 9, "ausfertigen/")
    clerk.post(address, {"seen": 0})
    answer = clerk.post(address, {"seen": 1, "reason": " "})
    assert answer.status_code == 422
    assert "Grund der neuen Ausfertigung" in answer.content.decode()
    page = html_of(clerk.post(address, {"seen": 1, "reason": "Tippfehler im Betreff"}, follow=True))
    assert "2. Ausfertigung" in page
    assert "1. Ausfertigung" in page
    assert "Tippfehler im Betreff" in page


@pytest.mark.parametrize("sent", [{}, {"seen": "x"}, {"seen": "-1"}, {"seen": "9" * 30}])
def test_a_mangled_form_issues_nothing_and_gets_a_sentence(
    clerk: Client, paper: Paper, sent: dict[str, str]
) -> None:
    answer = clerk.post(stage_address(paper, 1, "ausfertigen/"), sent)
    assert answer.status_code == 422
    assert not IssuedPaper.objects.filter(consultation__paper=paper).exists()


def test_the_list_is_filtered_by_words_and_committee(
    clerk: Client, paper: Paper, towns: dict[str, Municipality]
) -> None:
    address = "/leverkusen/vorlagen/"
    assert paper.subject in html_of(clerk.get(address, {"text": "1900"}))
    assert "Keine Vorlage gefunden" in html_of(clerk.get(address, {"text": "gibt es nicht"}))
    council = Committee.objects.get(municipality=paper.municipality, kind=Committee.Kind.COUNCIL)
    assert paper.subject in html_of(clerk.get(address, {"committee": council.pk}))
    foreign = Committee.objects.filter(municipality=towns["bergkamen"]).first()
    assert foreign is not None
    for nonsense in (foreign.pk, "x", "-1", "9" * 40):
        assert paper.subject in html_of(clerk.get(address, {"committee": nonsense}))
    assert paper.subject in html_of(clerk.get(address, {"seite": "unsinn"}))


def test_the_preview_shows_the_stage(clerk: Client, paper: Paper) -> None:
    page = html_of(clerk.get(stage_address(paper, 1, "vorschau/")))
    assert "Der Integrationsrat empfiehlt dem Rat der Stadt Leverkusen" in page
    assert "style=" not in page


def test_a_non_public_attachment_is_for_those_who_may_read_such_things(
    paper: Paper, login_as: Callable[..., Client]
) -> None:
    reopen(paper)
    attachment = paper.attachments.first()
    attachment.title, attachment.public = "Vertrauliche Kalkulation", False
    attachment.save()
    release(paper)
    address = f"{paper.get_absolute_url()}anlagen/{attachment.pk}/"
    for name, may_read in (
        ("redaktion", True),
        ("ratsmitglied", True),
        ("mitglied", False),
        ("fachamt", False),
    ):
        client = login_as(name, paper.municipality)
        page = html_of(client.get(paper.get_absolute_url()))
        assert ("Vertrauliche Kalkulation" in page) is may_read, name
        assert client.get(address).status_code == (200 if may_read else 404), name


def add_papers(paper: Paper, number: int) -> None:
    committee = paper.consultations.first().committee
    for index in range(number):
        copy = Paper.objects.create(
            municipality=paper.municipality,
            paper_type=paper.paper_type,
            layout=paper.layout,
            number=f"2018/{index}",
            subject="Weitere Vorlage",
        )
        Consultation.objects.create(paper=copy, position=1, committee=committee, meaning="decide")


def add_stages(paper: Paper, number: int) -> None:
    committee = paper.consultations.first().committee
    for index in range(number):
        Consultation.objects.create(paper=paper, position=100 + index, committee=committee, meaning="advise")


def test_query_counts_do_not_grow(
    clerk: Client, paper: Paper, django_assert_num_queries: Callable[..., Any]
) -> None:
    pages = {"/leverkusen/vorlagen/": 12, paper.get_absolute_url(): 15, stage_address(paper, 1): 10}
    for address, queries in pages.items():
        clerk.get(address)
        paper.touch()
        with django_assert_num_queries(queries):
            clerk.get(address)
    add_papers(paper, 12)
    add_stages(paper, 12)
    for address, queries in pages.items():
        paper.touch()
        with django_assert_num_queries(queries):
            clerk.get(address)
    clerk.get(paper.get_absolute_url())
    with django_assert_num_queries(7):  # nothing changed: the kept page
        clerk.get(paper.get_absolute_url())


def test_a_tie_to_a_non_public_paper_tells_its_number_and_not_its_subject(
    clerk: Client, paper: Paper, login_as: Callable[..., Client]
) -> None:
    hidden = Paper.objects.create(
        municipality=paper.municipality,
        paper_type=paper.paper_type,
        layout=paper.layout,
        number="2017/1899",
        subject="Vertrag mit dem Träger",
        public=False,
        non_public_reason="Vertragsangelegenheit",
    )
    PaperRelation.objects.create(paper=paper, kind=PaperRelation.Kind.FOLLOWS, other=hidden)
    page = html_of(login_as("mitglied", paper.municipality).get(paper.get_absolute_url()))
    assert "2017/1899" in page
    assert "Vertrag mit dem Träger" not in page


def test_numbers_that_no_database_can_hold_are_not_found(clerk: Client, paper: Paper) -> None:
    town = paper.municipality.slug
    for address in (
        f"/{town}/vorlagen/{2**63}/",
        f"/{town}/vorlagen/{2**63}/anlagen/1/",
        f"/{town}/vorlagen/{paper.pk}/anlagen/{2**63}/",
        f"/{town}/vorlagen/{paper.pk}/beratung/{2**63}/",
        f"/{town}/ausfertigungen/{2**63}/",
    ):
        assert clerk.get(address).status_code == 404, address


def test_another_meeting_for_a_stage_with_an_agenda_item_gets_a_sentence(
    paper: Paper, login_as: Callable[..., Client]
) -> None:
    stage = paper.consultations.filter(meeting__isnull=False).first()
    stage.agenda_item = AgendaItem.objects.create(meeting=stage.meeting, position=99, number="99", title="x")
    stage.save()
    other = Meeting.objects.filter(municipality=paper.municipality).exclude(pk=stage.meeting_id).first()
    client = login_as("fachadministration", paper.municipality)
    address = reverse("admin:committees_paper_change", args=[paper.pk])
    context = client.get(address).context
    data = {name: value for name, value in context["adminform"].form.initial.items() if value}
    for formset in context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data |= {"consultations-TOTAL_FORMS": 1, "consultations-INITIAL_FORMS": 1}
    data |= {
        f"consultations-0-{name}": getattr(stage, name) for name in ("id", "position", "role", "meaning")
    }
    data |= {"consultations-0-paper": paper.pk, "consultations-0-committee": stage.committee_id}
    data["consultations-0-meeting"] = other.pk
    page = html_of(client.post(address, data))
    assert "Der Tagesordnungspunkt „TOP 99“ dieser Beratung gehört zu einer anderen Sitzung." in page
    stage.refresh_from_db()
    assert stage.meeting_id != other.pk


def test_a_block_of_no_kind_is_left_to_its_field(paper: Paper) -> None:
    block = paper.layout.blocks.model(layout=paper.layout, position=99, key="neu", kind="")
    with pytest.raises(ValidationError) as refused:
        block.full_clean()
    assert set(refused.value.message_dict) == {"kind"}


def test_a_layout_of_nothing_but_a_page_break_prints_an_empty_page(clerk: Client, paper: Paper) -> None:
    paper.layout.blocks.exclude(kind="body_start").delete()
    assert paper.layout.blocks.get().kind == "body_start"
    for page in ("vorschau/", "entwurf.pdf"):
        assert clerk.get(stage_address(paper, 1, page)).status_code == 200
