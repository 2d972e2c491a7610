"""Writing a paper: one form for all it says, saved at once; two who write; rows; what is typed as a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from committees.models import Assessment, Paper, PaperRelation, PaperType
from committees.printing.contents import PaperContents
from committees.printing.render import page_of, printed_stage, render_stage, stage_html
from concepts.models import Measure
from municipalities.models import Institution, Municipality, Person, Role
from tests.committees.factories import (
    make_committee,
    make_paper,
    make_stage,
    make_town,
    make_user,
    release,
    reopen,
)
from tests.concepts.factories import make_concept
from tests.reading import main_text_of

pytestmark = pytest.mark.django_db


def address_of(paper: Paper, below: str = "schreiben/") -> str:
    return f"{paper.get_absolute_url()}{below}"


def filled(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send: the opened form with some fields changed."""
    form = client.get(address).context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False or value == "":
            continue
        data[bound.html_name] = value if isinstance(value, (list, tuple)) else str(value)
    return data | changes


def save(client: Client, paper: Paper, **changes: Any) -> Any:
    address = address_of(paper)
    return client.post(address, filled(client, address, **changes), follow=True)


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def paper(town: Municipality) -> Paper:
    return make_paper(town, "<p>Das Konzept wird beschlossen.</p>", number="", subject="Integrationskonzept")


@pytest.fixture
def writer(town: Municipality, client: Client) -> Client:
    client.force_login(make_user(town, Role.Kind.EDITING, name="Rita Redaktion"))
    return client


@pytest.fixture
def colleague(town: Municipality) -> Client:
    client = Client()
    client.force_login(make_user(town, Role.Kind.EDITING, name="Karl Kollege"))
    return client


@pytest.mark.parametrize(
    "slug", ["leverkusen", "kreis-mettmann", "bergkamen", "bergisch-gladbach", "goettingen"]
)
def test_what_a_towns_paper_says_comes_back_from_its_form_as_it_was(
    towns: dict[str, Municipality], login_as: Callable[..., Client], slug: str
) -> None:
    paper = reopen(Paper.objects.get(municipality=towns[slug]))
    client = login_as("redaktion", towns[slug])
    stage = paper.consultations.filter(left_out=False)[0]
    before, entries = stage_html(stage), paper.history.count()
    answer = save(client, paper)
    assert "Die Vorlage ist gespeichert." in main_text_of(answer)
    assert stage_html(stage) == before
    assert paper.history.count() == entries  # nothing was written, as nothing was different


@pytest.mark.parametrize(
    "slug", ["leverkusen", "kreis-mettmann", "bergkamen", "bergisch-gladbach", "goettingen"]
)
def test_every_block_of_the_sheet_opens_a_field_of_the_form(
    towns: dict[str, Municipality], login_as: Callable[..., Client], slug: str
) -> None:
    """Also where a town calls a block like a part of the form: three of them have a block `angaben`."""
    paper = reopen(Paper.objects.get(municipality=towns[slug]))
    client, stage = login_as("redaktion", towns[slug]), paper.consultations.filter(left_out=False)[0]
    html = client.get(address_of(paper)).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(" ".join(re.findall(r'data-opens="([^"]+)"', html)).split()) <= set(ids)
    sheet = client.get(address_of(paper, f"schreiben/vorschau/{stage.position}/")).content.decode()
    blocks = set(re.findall(r'data-block="([^"]+)"', sheet))
    without = {block for block in blocks if f"baustein-{block}" not in ids}
    assert without == ({"bestandteile"} if slug == "bergkamen" else set()), "its text is the layout's"


def test_everything_is_saved_by_one_button(writer: Client, town: Municipality, paper: Paper) -> None:
    person = Person.objects.create(municipality=town, name="Anna Amt", function="Leiterin")
    office = Institution.objects.create(municipality=town, name="Sozialamt", kind="department")
    answer = save(
        writer,
        paper,
        **{
            "subject": "Ein neuer Betreff",
            "date": "2017-12-18",
            "department": str(office.pk),
            "author": str(person.pk),
            "costs": "some",
            "cost_amount": "12.500,50",
            "cost_coverage": "Produkt 05.01",
            "punkt-reihe": "n1,n2",
            "punkt-n1-text": "<p>Erstens.</p>",
            "punkt-n2-text": "<p>Zweitens.</p>",
            "punkt-n2-reasons": "<p>Weil es so ist.</p>",
            "text-begruendung": "<h3>Anlass</h3><p>Darum.</p>",
            "text-schnelluebersicht.buergerbeteiligung.note": "<p>Runde Tische.</p>",
            "antwort-schnelluebersicht.erforderlich": "no",
            "unterschrift-reihe": "n1",
            "unterschrift-n1-line_above": "In Vertretung",
            "unterschrift-n1-person": str(person.pk),
            "bezug-reihe": "n1",
            "bezug-n1-kind": "follows",
            "bezug-n1-number": "2014/0111",
        },
    )
    assert "Die Vorlage ist gespeichert." in main_text_of(answer)
    paper.refresh_from_db()
    assert (paper.subject, str(paper.date), paper.department, paper.author) == (
        "Ein neuer Betreff",
        "2017-12-18",
        office,
        person,
    )
    assert (paper.costs, str(paper.cost_amount), paper.cost_coverage) == ("some", "12500.50", "Produkt 05.01")
    points = list(paper.resolution_points.values_list("position", "text", "reasons"))
    assert points == [(1, "<p>Erstens.</p>", ""), (2, "<p>Zweitens.</p>", "<p>Weil es so ist.</p>")]
    assert dict(paper.sections.values_list("key", "body")) == {
        "begruendung": "<h3>Anlass</h3><p>Darum.</p>",
        "schnelluebersicht.buergerbeteiligung.note": "<p>Runde Tische.</p>",
    }
    # „nicht angegeben“ is no „nein“, and no row at all.
    assert dict(paper.assessments.values_list("key", "answer")) == {
        "schnelluebersicht.erforderlich": Assessment.Answer.NO
    }
    assert str(paper.signatures.get()) == str(person)
    assert paper.relations.get().other_number == "2014/0111"
    newest = paper.history.first()
    assert (newest.subject, newest.history_user.name) == ("Ein neuer Betreff", "Rita Redaktion")


def test_a_draft_needs_no_more_than_its_subject(writer: Client, paper: Paper) -> None:
    assert "gespeichert" in main_text_of(save(writer, paper, **{"punkt-reihe": ""}))
    assert not paper.resolution_points.exists()
    refused = save(writer, paper, subject=" ", cost_amount="viel")
    assert refused.status_code == 422
    page = main_text_of(refused)
    assert "Bitte schreiben Sie, worum es in der Vorlage geht." in page
    assert 'value="viel"' in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"public": ""}, "Bitte nennen Sie den Grund der Nichtöffentlichkeit."),
        ({"date": "31.31.2017"}, "Das ist kein Tag. Bitte schreiben Sie ihn wie 18.12.2017."),
        ({"costs": "none", "cost_amount": "5"}, "Bitte leeren Sie beides"),
        ({"punkt-reihe": "n1", "punkt-n1-reasons": "<p>x</p>"}, "Dieser Punkt hat keinen Text."),
        ({"unterschrift-reihe": "n1", "unterschrift-n1-line_above": "I. V."}, "Bitte wählen Sie eine Person"),
        (
            {"bezug-reihe": "n1", "bezug-n1-note": "siehe dort"},
            "Bitte nennen Sie die Nummer der anderen Vorlage",
        ),
        ({"bezug-reihe": "n1", "bezug-n1-number": "Entwurf 999999"}, "Diesen Entwurf gibt es nicht."),
        ({"department": "999999"}, "Das gibt es nicht mehr. Bitte wählen Sie etwas anderes."),
        (
            {"text-begruendung": '<p><img src="https://example.org/x.png" alt="x"></p>'},
            "liegt nicht im Portal",
        ),
        ({"text-begruendung": '<p><img src="/bilder/999999" alt="x"></p>'}, "Ein Bild gibt es nicht mehr"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    writer: Client, paper: Paper, changes: dict[str, str], sentence: str
) -> None:
    data = filled(writer, address_of(paper), **changes, subject="Getippt")
    data = {name: value for name, value in data.items() if value != ""}
    refused = writer.post(address_of(paper), data)
    assert refused.status_code == 422
    assert sentence in main_text_of(refused)
    assert "Getippt" in refused.content.decode()
    paper.refresh_from_db()
    assert paper.subject == "Integrationskonzept"


@pytest.mark.parametrize(
    "changes",
    [
        {"opened_state": "[[["},
        {"opened_state": "[]"},
        {"opened_state": "[" * 100_000},
        {"punkt-reihe": "x,99999999999999999999,n1,n1,-1,,"},
        {"punkt-reihe": ",".join(f"n{number}" for number in range(500))},
        {"tun": "hoch punkt 17"},
        {"tun": "weg quatsch"},
        {"tun": "suche punkt n1", "punkt-reihe": "n1", "punkt-n1-suche": "\x00 ' %", "concept": "²"},
        {"punkt-reihe": "n1", "punkt-n1-text": "x", "punkt-n1-measures": ["1", "²", "9" * 30]},
        {"subject": "\x00"},
        {"unterschrift-reihe": "n1", "unterschrift-n1-person": "²"},
    ],
)
def test_whatever_is_sent_is_answered_by_a_page(
    writer: Client, paper: Paper, changes: dict[str, Any]
) -> None:
    answer = writer.post(address_of(paper), filled(writer, address_of(paper), **changes))
    assert answer.status_code in (200, 302, 422)
    preview = writer.post(
        address_of(paper, "schreiben/vorschau/0/"), filled(writer, address_of(paper), **changes)
    )
    assert preview.status_code == 200


# ---- Rows ------------------------------------------------------------------------------------------------


def act(client: Client, paper: Paper, action: str, **changes: Any) -> Any:
    return client.post(address_of(paper), filled(client, address_of(paper), tun=action, **changes))


def test_a_point_is_added_moved_and_taken_out_without_a_script_and_without_saving(
    writer: Client, paper: Paper
) -> None:
    first = str(paper.resolution_points.get().pk)
    added = act(writer, paper, "neu punkt", subject="Getippt und nicht gespeichert")
    assert added.status_code == 200
    assert added.context["form"].data["punkt-reihe"] == f"{first},n1"
    assert "Getippt und nicht gespeichert" in added.content.decode()
    assert "bitte prüfen" not in main_text_of(added)
    changes = {"punkt-reihe": f"{first},n1", "punkt-n1-text": "<p>Der zweite.</p>"}
    moved = act(writer, paper, "hoch punkt n1", **changes)
    assert moved.context["form"].data["punkt-reihe"] == f"n1,{first}"
    gone = act(writer, paper, f"weg punkt {first}", **changes)
    assert gone.context["form"].data["punkt-reihe"] == "n1"
    assert paper.resolution_points.count() == 1  # nothing of this is saved
    save(writer, paper, **{**changes, "punkt-reihe": f"n1,{first}"})
    assert [point.text for point in paper.resolution_points.all()] == [
        "<p>Der zweite.</p>",
        "<p>Das Konzept wird beschlossen.</p>",
    ]
    assert str(paper.resolution_points.get(position=2).pk) == first
    # A new row in which nothing stands is none.
    save(writer, paper, **{"punkt-reihe": f"{first},n1"})
    assert [str(point.pk) for point in paper.resolution_points.all()] == [first]


def test_a_points_measures_are_found_by_words_and_ticked(
    towns: dict[str, Municipality], login_as: Callable[..., Client]
) -> None:
    paper = reopen(Paper.objects.get(municipality=towns["leverkusen"]))
    client = login_as("redaktion", paper.municipality)
    measure = Measure.objects.filter(concept=paper.concept).exclude(code="").order_by("code")[0]
    point = paper.resolution_points.get(position=1)
    name = f"punkt-{point.pk}"
    found = act(client, paper, f"suche punkt {point.pk}", **{f"{name}-suche": measure.code})
    assert measure.title in main_text_of(found)
    answer = save(client, paper, **{f"{name}-measures": [str(measure.pk)]})
    assert "gespeichert" in main_text_of(answer)
    assert list(point.measures.all()) == [measure]
    # It stays ticked, and another town's is refused.
    foreign = Measure.objects.exclude(concept__municipality=paper.municipality)[0]
    refused = save(client, paper, **{f"{name}-measures": [str(foreign.pk)]})
    assert refused.status_code == 422
    assert list(point.measures.all()) == [measure]
    nothing = act(client, paper, f"suche punkt {point.pk}", **{f"{name}-suche": "gibt es nicht"})
    assert "Keine Maßnahme gefunden." in main_text_of(nothing)


def test_a_tie_finds_the_paper_by_its_number(writer: Client, town: Municipality, paper: Paper) -> None:
    other = make_paper(town, number="2016/5", subject="Früher")
    draft = make_paper(town, number="", subject="Noch einer")
    save(
        writer,
        paper,
        **{
            "bezug-reihe": "n1,n2",
            "bezug-n1-kind": "follows",
            "bezug-n1-number": "2016/5",
            "bezug-n2-kind": "comments",
            "bezug-n2-number": f"Entwurf {draft.pk}",
        },
    )
    assert {relation.other for relation in paper.relations.all()} == {other, draft}
    page = writer.get(address_of(paper)).content.decode()
    assert f"Entwurf {draft.pk}" in page
    own = save(
        writer,
        paper,
        **{"bezug-reihe": "n3", "bezug-n3-kind": "follows", "bezug-n3-number": f"Entwurf {paper.pk}"},
    )
    assert "Das ist diese Vorlage selbst." in main_text_of(own)


def test_a_paper_belongs_to_one_other_and_not_in_a_circle(
    writer: Client, town: Municipality, paper: Paper
) -> None:
    make_paper(town, number="2016/5", subject="Früher")
    below = make_paper(town, number="2016/6", subject="Ergänzung dazu")
    PaperRelation.objects.create(paper=below, kind="supplements", other=paper)

    def tied(*rows: tuple[str, str]) -> dict[str, str]:
        ties = {"bezug-reihe": ",".join(f"n{place}" for place in range(len(rows)))}
        for place, (kind, number) in enumerate(rows):
            ties |= {f"bezug-n{place}-kind": kind, f"bezug-n{place}-number": number}
        return ties

    both = save(writer, paper, **tied(("supplements", "2016/5"), ("amends", "2017/1")))
    assert "Diese Vorlage gehört schon zu einer anderen." in main_text_of(both)
    circle = save(writer, paper, **tied(("supplements", "2016/6")))
    assert "So entstünde ein Kreis." in main_text_of(circle)
    save(writer, paper, **tied(("supplements", "2016/5"), ("follows", "2017/1")))
    first, second = paper.relations.order_by("pk")
    kinds = {f"bezug-{first.pk}-kind": "supplements", f"bezug-{second.pk}-kind": "follows"}
    if first.kind == "supplements":
        kinds = {f"bezug-{first.pk}-kind": "follows", f"bezug-{second.pk}-kind": "supplements"}
    assert "gespeichert" in main_text_of(save(writer, paper, **kinds))  # they change places
    assert paper.relations.get(kind="supplements").other_number == "2017/1"


def test_a_concept_of_600_measures_does_not_weigh_on_the_form(
    writer: Client, town: Municipality, paper: Paper
) -> None:
    paper.concept = make_concept(town, fields=2, measures=3)
    paper.save()
    small = len(writer.get(address_of(paper)).content)
    field = paper.concept.fields.first()
    Measure.objects.bulk_create(
        Measure(concept=paper.concept, field=field, position=100 + number, title=f"Maßnahme {number}")
        for number in range(600)
    )
    assert len(writer.get(address_of(paper)).content) - small < 1000
    found = act(
        writer,
        paper,
        f"suche punkt {paper.resolution_points.get().pk}",
        **{f"punkt-{paper.resolution_points.get().pk}-suche": "Maßnahme"},
    )
    assert "30 Maßnahmen gefunden." in main_text_of(found)


# ---- Two at once -----------------------------------------------------------------------------------------


def test_what_only_the_other_changed_is_taken_over(writer: Client, colleague: Client, paper: Paper) -> None:
    mine = filled(writer, address_of(paper), subject="Mein Betreff")
    save(colleague, paper, **{"file_number": "III-ar", "text-begruendung": "<p>Ihr Text.</p>"})
    answer = writer.post(address_of(paper), mine, follow=True)
    page = main_text_of(answer)
    assert "Die Vorlage ist gespeichert." in page
    assert "Von anderen geändert und übernommen: Aktenzeichen, Begründung." in page
    paper.refresh_from_db()
    assert (paper.subject, paper.file_number) == ("Mein Betreff", "III-ar")
    assert paper.sections.get().body == "<p>Ihr Text.</p>"


@pytest.mark.parametrize("decision", ["meine", "andere"])
def test_what_both_changed_is_decided(writer: Client, colleague: Client, paper: Paper, decision: str) -> None:
    mine = filled(writer, address_of(paper), **{"text-begruendung": "<p>Mein Text.</p>"})
    save(colleague, paper, **{"text-begruendung": "<p>Ihr Text.</p>"})
    refused = writer.post(address_of(paper), mine)
    page = main_text_of(refused)
    assert refused.status_code == 422
    assert "Karl Kollege hat am" in page
    assert "Mein" in page
    assert "Ihr" in page
    assert paper.sections.get().body == "<p>Ihr Text.</p>"
    again = dict(refused.context["form"].data.items()) | {"entscheidung-text-begruendung": decision}
    assert "gespeichert" in main_text_of(writer.post(address_of(paper), again, follow=True))
    wanted = "<p>Mein Text.</p>" if decision == "meine" else "<p>Ihr Text.</p>"
    assert paper.sections.get().body == wanted
    assert set(paper.sections.get().history.values_list("body", flat=True)) >= {"<p>Ihr Text.</p>"}


def test_rows_that_either_added_stand_in_the_paper(writer: Client, colleague: Client, paper: Paper) -> None:
    first = str(paper.resolution_points.get().pk)
    mine = filled(
        writer, address_of(paper), **{"punkt-reihe": f"n1,{first}", "punkt-n1-text": "<p>Meiner.</p>"}
    )
    save(colleague, paper, **{"punkt-reihe": f"{first},n1", "punkt-n1-text": "<p>Ihrer.</p>"})
    page = main_text_of(writer.post(address_of(paper), mine, follow=True))
    assert "Von anderen geändert und übernommen: Beschlusspunkte." in page
    assert [point.text for point in paper.resolution_points.all()] == [
        "<p>Meiner.</p>",
        "<p>Das Konzept wird beschlossen.</p>",
        "<p>Ihrer.</p>",
    ]


def test_a_row_that_one_deleted_and_the_other_changed_is_asked_about(
    writer: Client, colleague: Client, paper: Paper
) -> None:
    name = f"punkt-{paper.resolution_points.get().pk}-text"
    changed = filled(writer, address_of(paper), **{name: "<p>Genauer gesagt.</p>"})
    deleted = filled(writer, address_of(paper), **{"punkt-reihe": ""})
    save(colleague, paper, **{"punkt-reihe": ""})
    refused = writer.post(address_of(paper), changed)
    assert "Was Sie geändert haben, hat inzwischen jemand anderes gelöscht." in main_text_of(refused)
    again = dict(refused.context["form"].data.items())
    assert "gespeichert" in main_text_of(writer.post(address_of(paper), again, follow=True))
    assert paper.resolution_points.get().text == "<p>Genauer gesagt.</p>"
    # The other way round: who deletes sees what the other has made of it.
    point = paper.resolution_points.get()
    deleted = filled(writer, address_of(paper), **{"punkt-reihe": ""})
    save(colleague, paper, **{f"punkt-{point.pk}-text": "<p>Noch genauer.</p>"})
    refused = writer.post(address_of(paper), deleted)
    assert "Was Sie gelöscht haben, hat inzwischen jemand anderes geändert." in main_text_of(refused)
    assert "Noch genauer." in refused.content.decode()
    again = dict(refused.context["form"].data.items()) | {"punkt-reihe": ""}
    writer.post(address_of(paper), again)
    assert not paper.resolution_points.exists()


def test_a_mistake_elsewhere_does_not_hide_what_the_other_wrote(
    writer: Client, colleague: Client, paper: Paper
) -> None:
    mine = filled(writer, address_of(paper), cost_amount="viel")
    save(colleague, paper, cost_amount="10")
    refused = writer.post(address_of(paper), mine)
    again = dict(refused.context["form"].data.items()) | {"cost_amount": "20"}
    conflict = writer.post(address_of(paper), again)
    assert "Zwei Fassungen – welche soll gelten?" in main_text_of(conflict)


# ---- Released, and who may ------------------------------------------------------------------------------


def test_a_released_paper_is_read_and_not_written(writer: Client, paper: Paper) -> None:
    data = filled(writer, address_of(paper), subject="Zu spät")
    release(paper)
    page = writer.get(address_of(paper))
    assert "Was in ihr steht, ändert sich nicht mehr." in main_text_of(page)
    assert "Speichern" not in main_text_of(page)
    refused = writer.post(address_of(paper), data)
    assert refused.status_code == 409
    paper.refresh_from_db()
    assert paper.subject == "Integrationskonzept"


def test_a_fachamt_writes_for_its_own_office(client: Client, town: Municipality, paper: Paper) -> None:
    own = Institution.objects.create(municipality=town, name="Sozialamt", kind="department")
    other = Institution.objects.create(municipality=town, name="Schulamt", kind="department")
    user = make_user(town, Role.Kind.DEPARTMENT, name="Fatma Fachamt")
    Person.objects.create(municipality=town, name="Fatma Fachamt", institution=own, user=user, phone="0214 1")
    client.force_login(user)
    paper.department = other
    paper.save()
    assert client.get(address_of(paper)).status_code == 403
    address = reverse("committees:create", args=[town.slug])
    sent = filled(client, address, subject="Aus dem Sozialamt")
    made = client.post(address, sent)
    new = Paper.objects.get(subject="Aus dem Sozialamt")
    assert made["Location"] == address_of(new)
    assert (new.state, new.department, new.author.name, new.contact) == (
        "draft",
        own,
        "Fatma Fachamt",
        "Fatma Fachamt / Sozialamt / 0214 1",
    )
    assert client.get(address_of(new)).status_code == 200
    refused = save(client, new, department=str(other.pk))
    assert refused.status_code == 422
    foreign = client.post(address, {**sent, "subject": "Fremd", "department": str(other.pk)})
    assert foreign.status_code == 422


def test_a_paper_that_belongs_to_another_is_tied_to_it(
    writer: Client, town: Municipality, paper: Paper
) -> None:
    PaperType.objects.create(municipality=town, name="Ergänzung", layout=paper.layout, relation="supplements")
    paper.public, paper.non_public_reason = False, "Personalangelegenheit"
    paper.save()
    release(paper)
    address = f"{reverse('committees:create', args=[town.slug])}?zu={paper.pk}"
    data = filled(writer, address)
    assert data["subject"] == "Ergänzung zu Integrationskonzept"
    made = writer.post(address, data)
    assert made.status_code == 302
    new = Paper.objects.get(subject="Ergänzung zu Integrationskonzept")
    assert PaperRelation.objects.filter(paper=new, kind="supplements", other=paper).exists()
    assert (new.public, new.non_public_reason) == (False, "Personalangelegenheit")
    # A type that stands alone is not offered there, and none that belongs to another elsewhere.
    alone = PaperType.objects.get(name="Vorlage", municipality=town)
    assert writer.post(address, {**data, "paper_type": str(alone.pk)}).status_code == 422
    assert writer.get(f"{address}quatsch").status_code == 404


def test_the_list_offers_new_papers_and_shows_drafts_by_their_state(
    writer: Client, town: Municipality, paper: Paper
) -> None:
    release(make_paper(town, number="2024/18", subject="Längst freigegeben"))
    address = reverse("committees:paper_list", args=[town.slug])
    assert "Neue Vorlage" in main_text_of(writer.get(address))
    drafts = main_text_of(writer.get(f"{address}?state=draft"))
    assert "Integrationskonzept" in drafts
    assert "Längst freigegeben" not in drafts


def test_a_draft_is_deleted_with_all_that_hangs_on_it(
    writer: Client, town: Municipality, paper: Paper
) -> None:
    make_stage(paper, make_committee(town, "Rat"), "decide")
    address, pk = address_of(paper, "loeschen/"), paper.pk
    page = main_text_of(writer.get(address))
    assert "Beschlusspunkte: 1" in page
    assert "Beratungsfolge: 1" in page
    other = make_paper(town, number="2024/19", subject="Die andere")
    tie = PaperRelation.objects.create(paper=other, kind="follows", other=paper)
    refused = writer.post(address)
    assert "Die Vorlage „2024/19 Die andere“ bezieht sich auf diese." in main_text_of(refused)
    tie.delete()
    gone = writer.post(address, follow=True)
    assert "Der Entwurf „Integrationskonzept“ ist gelöscht." in main_text_of(gone)
    assert not Paper.objects.filter(pk=pk).exists()
    entry = Paper.history.filter(id=pk).first()
    assert (entry.history_type, entry.history_user.name) == ("-", "Rita Redaktion")
    assert release(other)
    assert writer.post(address_of(other, "loeschen/")).status_code == 403


# ---- The sheet beside the form ---------------------------------------------------------------------------


BLOCK = re.compile(r"</?paper-block[^>]*>")
BETWEEN = re.compile(r">\s+<")


def test_the_sheet_beside_the_form_is_what_is_issued(
    leverkusen: Paper, login_as: Callable[..., Client]
) -> None:
    paper = reopen(leverkusen)
    client = login_as("redaktion", paper.municipality)
    stage = paper.consultations.get(position=2)
    address = address_of(paper, "schreiben/vorschau/2/")
    typed = client.post(address, filled(client, address_of(paper))).content.decode()
    assert 'data-block="begruendung"' in typed
    issued = stage_html(stage)
    # The same but for the marks, and the spaces that stand between two tags.
    assert BETWEEN.sub("><", BLOCK.sub("", typed)) == BETWEEN.sub("><", issued)
    assert "paper-block" not in issued
    contents = PaperContents.of(paper.pk)
    assert page_of(contents, contents.stage(stage.pk)) == issued
    assert printed_stage(contents, contents.stage(stage.pk)) == render_stage(stage)


def test_what_is_typed_is_on_the_sheet_and_nowhere_else(
    writer: Client, town: Municipality, paper: Paper
) -> None:
    data = filled(
        writer,
        address_of(paper),
        **{
            "subject": "Nur getippt",
            "date": "kein Tag",
            "file_number": "III-ar",
            "punkt-reihe": "n1,n2",
            "punkt-n1-text": "<p>Ein Punkt.</p>",
            "text-begruendung": "<p>Ein Grund.<script>alert(1)</script></p>",
            "antwort-schnelluebersicht.klimaschutz": "yes",
            "unterschrift-reihe": "n1",
            "unterschrift-n1-function": "Dezernentin",
        },
    )
    address = address_of(paper, "schreiben/vorschau/0/")
    sheet = writer.post(address, data).content.decode()
    for words in ("Nur getippt", "III-ar", "Ein Punkt.", "Ein Grund.", "Dezernentin", "Gremium (noch offen)"):
        assert words in sheet, words
    assert "alert" not in sheet
    paper.refresh_from_db()
    assert paper.subject == "Integrationskonzept"
    assert not paper.sections.exists()
    assert "Nur getippt" not in writer.get(address).content.decode()
    pdf = writer.post(f"{address}entwurf.pdf", data)
    assert pdf.content.startswith(b"%PDF-")
    assert writer.post(address_of(paper, "schreiben/vorschau/3/"), data).status_code == 404


def test_the_form_asks_the_database_as_often_for_a_large_paper_as_for_a_small_one(
    writer: Client, town: Municipality, paper: Paper, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def queries() -> int:
        writer.get(address_of(paper))  # warm
        with django_assert_max_num_queries(60) as asked:
            assert writer.get(address_of(paper)).status_code == 200
        return len(asked)

    person = Person.objects.create(municipality=town, name="Anna Amt")

    def grow(position: int) -> None:
        paper.resolution_points.create(position=position, text="<p>Noch einer.</p>")
        paper.signatures.create(position=position, person=person)
        paper.attachments.create(position=position, title=f"Anlage {position}")
        make_stage(paper, make_committee(town, f"Ausschuss {position}"), "advise")
        other = make_paper(town, number=f"2020/{position}")
        PaperRelation.objects.create(paper=paper, kind="follows", other=other)

    grow(2)
    few = queries()
    for position in range(3, 12):
        grow(position)
    assert queries() == few
