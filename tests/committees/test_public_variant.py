"""Where a public paper has parts that are not public, there are two PDFs of each stage."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from committees.actions.agenda import delete_item, leave_agenda, place_stage
from committees.actions.amending import decide_amendment, move_amendment
from committees.actions.issuing import call_back, issue_stage
from committees.actions.issuing_runs import issue_due, start_issuing
from committees.actions.publicity import Kept
from committees.actions.results import Recorded, record_result, remove_result, version_of
from committees.actions.routing import strike_stage
from committees.models import (
    AgendaItem,
    Amendment,
    Ballot,
    Consultation,
    IssuedPaper,
    MeetingMinutes,
    Paper,
    PaperAttachment,
    ResolvedPoint,
    Section,
)
from committees.packing import entries_of
from committees.printing.contents import PaperContents
from committees.printing.minutes import render_minutes
from committees.printing.minutes_contents import MinutesContents
from committees.printing.render import file_name, render_route_variants, render_stage, stage_html
from municipalities.models import Person, Role, User
from tests.committees.closing import close
from tests.committees.decided import amend_measure
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
from tests.documents.reading import pages

pytestmark = pytest.mark.django_db

HERE = "An dieser Stelle ist etwas nicht öffentlich."
SECRETS = ("Geheimpunkt", "Geheimgrund", "Geheimtext", "Geheimanlage", "Geheimergebnis", "Geheimnotiz")


@pytest.fixture
def paper() -> Paper:
    """In its second stage it says that the first one's result is not public."""
    paper = make_paper(make_town(), "<p>Das Konzept wird beschlossen.</p>", "<p>Geheimpunkt</p>")
    point = paper.resolution_points.get(position=2)
    point.public, point.reasons = False, "<p>Geheimgrund</p>"
    point.save()
    keys = [block.key for block in paper.layout.blocks.filter(kind="section")]
    Section.objects.create(paper=paper, key=keys[0], body="<p>Geheimtext</p>", public=False)
    PaperAttachment.objects.create(paper=paper, position=1, title="Geheimanlage", public=False)
    make_stage(
        paper,
        make_committee(paper.municipality, "Sozialausschuss"),
        "advise",
        day=4,
        result="Geheimergebnis",
        outcome="accepted",
        result_note="Geheimnotiz",
        result_public=False,
    )
    make_stage(paper, make_committee(paper.municipality, "Rat"), "decide", day=9)
    return release(paper)


@pytest.fixture
def clerk(paper: Paper) -> User:
    return make_user(paper.municipality, Role.Kind.COUNCIL_SERVICE)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(pages(pdf)).split())


def last(paper: Paper) -> Consultation:
    return paper.consultations.get(position=2)


def test_two_pdfs_of_one_number(paper: Paper, clerk: User) -> None:
    complete = issue_stage(consultation=last(paper), by=clerk)
    public = IssuedPaper.objects.get(consultation=last(paper), public=True)
    assert (complete.public, complete.number, public.number) == (False, 1, 1)
    told, kept = text_of(bytes(public.file.content)), text_of(bytes(complete.file.content))
    for word in SECRETS:
        assert word not in told, word
        assert word in kept, word
    assert HERE not in kept
    # Point, its reasons, section, attachment, and the result in the route and below it.
    assert told.count(HERE) >= 5
    assert (complete.file.name, public.file.name) == ("2024-17_2_Rat.pdf", "2024-17_2_Rat_oeffentlich.pdf")
    assert not any(word.encode() in bytes(public.file.content) for word in SECRETS)
    assert bytes(public.file.content) == render_stage(last(paper), public_only=True)


def test_a_whole_route_prints_what_its_stages_print(paper: Paper, clerk: User) -> None:
    start_issuing(paper=paper, stages=paper.consultations.all(), by=clerk)
    issue_due()
    issued = IssuedPaper.objects.filter(consultation__paper=paper).select_related("file", "consultation")
    assert issued.count() == 4
    for issue in issued:
        expected = render_stage(issue.consultation, public_only=issue.public)
        assert bytes(issue.file.content) == expected


def test_a_paper_without_non_public_parts_is_printed_once(clerk: User) -> None:
    paper = make_paper(clerk.roles.all()[0].municipality, "<p>Beschluss</p>", number="2024/18")
    stage = make_stage(paper, make_committee(paper.municipality, "Ausschuss"), "decide", day=5)
    release(paper)
    [(_stage, variants)] = render_route_variants(paper)
    assert [(one.public, one.content) for one in variants] == [(True, render_stage(stage))]
    assert render_stage(stage, public_only=True) == render_stage(stage)
    assert file_name(stage) == "2024-18_1_Ausschuss.pdf"


@pytest.mark.parametrize("whole", ["paper", "stage"])
def test_what_is_non_public_as_a_whole_has_no_public_pdf(paper: Paper, clerk: User, whole: str) -> None:
    if whole == "paper":
        paper.public, paper.non_public_reason = False, "Personalsache"
        paper.save()
    else:
        Consultation.objects.filter(pk=last(paper).pk).update(treatment="non_public")
    issue_stage(consultation=last(paper), by=clerk)
    assert [one.public for one in IssuedPaper.objects.filter(consultation=last(paper))] == [False]
    told = render_stage(last(paper), public_only=True)
    assert not any(word in text_of(told) for word in SECRETS)


@pytest.mark.parametrize("hidden", ["part", "stage", "paper"])
def test_what_is_not_for_everybody_says_so_on_each_page_and_in_its_metadata(
    paper: Paper, clerk: User, hidden: str
) -> None:
    if hidden == "stage":
        Consultation.objects.filter(pk=last(paper).pk).update(treatment="non_public")
    elif hidden == "paper":
        Paper.objects.filter(pk=paper.pk).update(public=False, non_public_reason="Personalsache")
    issued = issue_stage(consultation=last(paper), by=clerk)
    content = bytes(issued.file.content)
    assert content == render_stage(last(paper))
    complete = PdfReader(BytesIO(content))
    assert len(complete.pages) > 1
    assert all(page.extract_text().count("Nichtöffentlich") == 1 for page in complete.pages)
    assert "nichtöffentlich" in complete.metadata.title
    assert complete.metadata["/Keywords"] == "Nichtöffentlich"
    public = PdfReader(BytesIO(render_stage(last(paper), public_only=True)))
    assert not any("Nichtöffentlich" in page.extract_text() for page in public.pages)
    assert "nichtöffentlich" not in f"{public.metadata}"


def test_amendments_and_votes_of_a_non_public_point_are_left_out(paper: Paper) -> None:
    first, point = paper.consultations.get(position=1), paper.resolution_points.get(position=2)
    Consultation.objects.filter(pk=first.pk).update(result_public=True, result="empfohlen", result_note="")
    amendment = Amendment.objects.create(
        paper=paper,
        consultation=first,
        number=1,
        point=point,
        before=point.text,
        after="<p>Geheimwort</p>",
        state=Amendment.State.ACCEPTED,
        decided_order=1,
        reason="Geheimantrag",
    )
    Ballot.objects.create(
        consultation=first,
        position=1,
        kind="amendment",
        amendment=amendment,
        votes_for=12345,
        votes_against=1,
    )
    seen = stage_html(last(paper))
    assert "Geheimwort" in seen
    assert "12345" in seen
    contents = PaperContents.of(paper.pk, public_only=True)
    told = text_of(render_stage(last(paper), public_only=True))
    assert contents.carried_points(contents.stage(last(paper).pk))[1].withheld
    assert not re.search("Geheimwort|Geheimantrag|12345", told)
    assert "Das Konzept wird beschlossen." in told


def test_a_measure_that_a_non_public_point_names_is_left_out_with_its_amendment(
    paper: Paper, client: Client
) -> None:
    """In the PDF, on the pages and in the minutes; what is moved to another measure stays."""
    first, point = paper.consultations.get(position=1), paper.resolution_points.get(position=2)
    concept = make_concept(paper.municipality, fields=1, measures=2)
    secret, known = concept.measures.order_by("position")
    reopen(paper)
    Paper.objects.filter(pk=paper.pk).update(concept=concept)
    point.measures.add(secret)
    release(paper)
    item = AgendaItem.objects.create(meeting=first.meeting, position=1, number="1", title=paper.subject)
    Consultation.objects.filter(pk=first.pk).update(
        result_public=True, result="geändert empfohlen", result_note="", agenda_item=item
    )
    first.refresh_from_db()
    for number, (measure, word) in enumerate([(secret, "Geheimwort"), (known, "Zwiebelkuchen")], start=1):
        amendment = amend_measure(measure, first, f"<p>{word}</p>", number)
        Ballot.objects.create(
            consultation=first,
            position=number,
            kind="amendment",
            amendment=amendment,
            votes_for=12345 * number,
            votes_against=1,
        )
    MeetingMinutes.objects.create(meeting=first.meeting)
    said = text_of(render_stage(last(paper), public_only=True))
    minuted = text_of(render_minutes(MinutesContents.of(first.meeting, complete=False)))
    client.force_login(make_user(paper.municipality, Role.Kind.MODERATION, name="Maria Moderation"))
    reading = reverse("council:paper", args=[paper.municipality.slug, paper.pk])
    moved = f"{paper.get_absolute_url()}aenderungen/"
    pages = [
        client.get(address).content.decode()
        for address in (reading, moved, f"{moved}2/", f"{paper.get_absolute_url()}beratung/1/")
    ]
    for text in (said, minuted, *pages):
        assert not re.search(f"Geheimwort|12345|{secret.title}", text)
    assert client.get(f"{moved}1/").status_code == 404
    for text in (said, minuted, *pages[:3]):
        assert "Zwiebelkuchen" in text
    for text in (said, minuted, pages[0], pages[3]):
        assert "24690" in text
    assert "Geheimwort" in text_of(render_stage(last(paper)))
    assert "Geheimwort" in text_of(render_minutes(MinutesContents.of(first.meeting, complete=True)))


def test_an_amendment_of_a_non_public_result_does_not_show_in_the_next_text(paper: Paper) -> None:
    first, point = paper.consultations.get(position=1), paper.resolution_points.get(position=1)
    Amendment.objects.create(
        paper=paper,
        consultation=first,
        number=1,
        point=point,
        before=point.text,
        after="<p>Das Konzept wird im Geheimwort beschlossen.</p>",
        state=Amendment.State.ACCEPTED,
        decided_order=1,
    )
    assert "Geheimwort" in text_of(render_stage(last(paper)))
    told = text_of(render_stage(last(paper), public_only=True))
    assert "Geheimwort" not in told
    assert "Das Konzept wird" not in told


@pytest.mark.parametrize("public_title", ["", "Angelegenheit eines Trägers"])
def test_the_number_of_an_item_that_the_agenda_hides_is_hidden_here_too(
    public_title: str, client: Client
) -> None:
    """With a title for everybody it stands on the agenda, and may stand here."""
    town = make_town()
    paper = make_paper(town, "<p>Das Konzept wird beschlossen.</p>", layout="kreis-mettmann")
    stage = make_stage(paper, make_committee(town, "Sozialausschuss"), "advise", day=4)
    stage.agenda_item = AgendaItem.objects.create(
        meeting=stage.meeting,
        position=1,
        number="N 77",
        title="Kauf",
        public=False,
        public_title=public_title,
    )
    stage.save()
    base, reading = release(paper).get_absolute_url(), f"/{town.slug}/rat/vorlagen/{paper.pk}/"
    of_stage = f"{base}beratung/1/"
    addresses = [stage.meeting.get_absolute_url(), base, of_stage, f"{of_stage}vorschau/", reading]

    def told(user: User) -> list[bool]:
        client.force_login(user)
        return ["N 77" in client.get(address).content.decode() for address in addresses]

    assert all(told(make_user(town, Role.Kind.COUNCIL_SERVICE)))
    outside = told(make_user(town, Role.Kind.MODERATION, name="Maria Moderation"))
    assert outside == [bool(public_title)] * len(addresses)


@pytest.mark.parametrize("brought", [False, True])
def test_an_amendment_of_a_secret_wording_is_left_out_with_it(
    paper: Paper, client: Client, brought: bool
) -> None:
    """Of a point that a committee before changed, or brought, and that committee's result is not public."""
    first, second = paper.consultations.order_by("position")
    point = None if brought else paper.resolution_points.get(position=1)
    before, secret = "" if point is None else point.text, "<p>Geheimwort.</p>"
    values: dict[str, Any] = {"paper": paper, "point": point, "state": "accepted"}
    Amendment.objects.create(
        consultation=first, number=1, before=before, after=secret, decided_order=1, **values
    )
    after = f"{secret}<p>Zwiebelkuchen.</p>"
    item = AgendaItem.objects.create(meeting=second.meeting, position=1, number="1", title=paper.subject)
    Consultation.objects.filter(pk=second.pk).update(
        result="geändert beschlossen", outcome="amended", agenda_item=item
    )
    Amendment.objects.create(
        consultation=second, number=2, before=secret, after=after, decided_order=2, **values
    )
    ResolvedPoint.objects.create(consultation=second, position=1, point=point, text="<p>So ist es.</p>")
    MeetingMinutes.objects.create(meeting=second.meeting)
    client.force_login(make_user(paper.municipality, Role.Kind.MODERATION, name="Maria Moderation"))
    reading = reverse("council:paper", args=[paper.municipality.slug, paper.pk])
    moved = f"{paper.get_absolute_url()}aenderungen/"
    said = [
        text_of(render_minutes(MinutesContents.of(second.meeting, complete=False))),
        *(client.get(address).content.decode() for address in (reading, f"{reading}aenderungen/", moved)),
    ]
    for text in said:
        assert not re.search("Geheimwort|Zwiebelkuchen", text)
    assert "Änderungsantrag 2" in said[0]
    assert client.get(f"{moved}2/").status_code == 404
    assert "Zwiebelkuchen" in text_of(render_minutes(MinutesContents.of(second.meeting, complete=True)))
    Consultation.objects.filter(pk=first.pk).update(result_public=True)
    assert "Zwiebelkuchen" in client.get(f"{moved}2/").content.decode()


def test_a_recall_calls_both_back_and_the_next_number_is_one_more(paper: Paper, clerk: User) -> None:
    issue_stage(consultation=last(paper), by=clerk)
    public = IssuedPaper.objects.get(consultation=last(paper), public=True)
    call_back(issued_paper=public, by=clerk, reason="falsche Anlage")
    assert all(issue.called_back for issue in IssuedPaper.objects.filter(consultation=last(paper)))
    again = issue_stage(consultation=last(paper), by=clerk, reason="berichtigt")
    assert (again.number, again.called_back) == (2, False)


def test_the_list_the_stage_and_the_verifying_page_say_which_is_which(
    paper: Paper, clerk: User, client: Client
) -> None:
    complete = issue_stage(consultation=last(paper), by=clerk)
    client.force_login(clerk)
    base = paper.get_absolute_url()
    for address in (f"{base}ausfertigungen/", f"{base}beratung/2/"):
        page = client.get(address).content.decode()
        assert page.count("1. Ausfertigung (PDF)") == 2, address
        assert re.search(r"badge--plain\">öffentlich<", page), address
        assert re.search(r"badge--warning\">nichtöffentlich<", page), address
        assert "ersetzt" not in page
    answer = client.post("/pruefen/", {"sha256": complete.file.sha256}).content.decode()
    assert "nichtöffentliche Fassung" in answer


@pytest.mark.parametrize("what", ["section", "point", "attachment", "result", "item", "left out", "stage"])
def test_what_was_issued_before_something_was_closed_is_read_inside_only(what: str, client: Client) -> None:
    """Until it is issued anew. Inside nothing is lost."""
    town = make_town()
    paper = make_paper(town, "<p>Das Konzept wird beschlossen.</p>", "<p>Geheimpunkt</p>")
    key = paper.layout.blocks.filter(kind="section")[0].key
    section = Section.objects.create(paper=paper, key=key, body="<p>Geheimtext</p>")
    attachment = PaperAttachment.objects.create(paper=paper, position=1, title="Geheimanlage")
    council, first = make_committee(town, "Rat"), make_committee(town, "Sozialausschuss")
    advice = make_stage(paper, first, "advise", day=4, result="Geheimergebnis", outcome="accepted")
    item = AgendaItem.objects.create(meeting=advice.meeting, position=1, number="1", title=paper.subject)
    advice.agenda_item = item
    advice.save()
    make_stage(paper, council, "decide", day=9)
    make_stage(paper, first, "advise", left_out=True, left_out_reason="Geheimgrund")
    paper, clerk = release(paper), make_user(town, Role.Kind.COUNCIL_SERVICE)
    outside = make_user(town, Role.Kind.MODERATION, name="Maria Moderation")
    issue_stage(consultation=last(paper), by=clerk)
    issue = IssuedPaper.objects.get(consultation=last(paper))
    address, stage_page = f"/{town.slug}/ausfertigungen/{issue.pk}/", f"{paper.get_absolute_url()}beratung/2/"
    client.force_login(outside)
    assert "Geheim" in text_of(client.get(address).content)
    section.save()  # touched, and still public
    assert client.get(address).status_code == 200
    match what:
        case "result":
            row: Any = paper.consultations.get(position=1)
            row.result_public = False
        case "left out":
            row = paper.consultations.get(position=3)
            row.treatment = Consultation.Treatment.NON_PUBLIC
        case "stage":
            row = last(paper)
            row.treatment = Consultation.Treatment.NON_PUBLIC
        case _:
            point = paper.resolution_points.get(position=2)
            parts = {"section": section, "point": point, "attachment": attachment, "item": item}
            row = parts[what]
            row.public = False
    row.save()
    assert client.get(address).status_code == 404
    assert address not in client.get(stage_page).content.decode()
    call_back(issued_paper=issue, by=clerk, reason="nichtöffentlich")
    issue_stage(consultation=last(paper), by=clerk, reason="nichtöffentlich")
    assert client.get(address).status_code == 404
    open_ones = IssuedPaper.objects.visible_to(outside)
    assert [(one.number, one.public) for one in open_ones] == ([] if what == "stage" else [(2, True)])
    client.force_login(clerk)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "how", ["at once", "after a correction", "then removed", "then another", "then deleted", "a text changed"]
)
def test_a_result_told_once_is_not_told_by_the_next_stages_pdf_any_more(how: str) -> None:
    """Whatever became of it in between, in its own words or in the text that it changed."""
    town = make_town()
    clerk, outside = make_user(town, Role.Kind.COUNCIL_SERVICE), make_user(town, name="Olga Draußen")
    Person.objects.create(municipality=town, name=outside.name, user=outside)
    paper = make_paper(town, "<p>Das Konzept wird beschlossen.</p>")
    first = make_stage(paper, make_committee(town, "Sozialausschuss"), "advise", day=4)
    make_stage(paper, make_committee(town, "Rat"), "decide", day=9)
    paper = release(paper)

    def record(words: str, **more: Any) -> None:
        stage = paper.consultations.get(position=1)
        recorded = Recorded(
            outcome=more.pop("outcome", "accepted"), result=words, public=more.pop("public", True)
        )
        record_result(stage=stage, recorded=recorded, by=clerk, opened=version_of(stage), **more)

    if how == "a text changed":
        point = paper.resolution_points.get()
        amendment = Amendment(paper=paper, consultation=first, point=point, before=point.text)
        amendment.after = "<p>Das Konzept wird geheimnisvoll beschlossen.</p>"
        move_amendment(amendment=amendment, by=clerk)
        decide_amendment(amendment=amendment, state="accepted", by=clerk)
    else:
        record("geheimnisvoll angenommen")
    issue_stage(consultation=last(paper), by=clerk)
    closed = {first.pk: Kept(public=False, reason="Vertrag")}
    (issue,) = IssuedPaper.objects.visible_to(outside)
    assert "geheimnisvoll" in " ".join(pages(bytes(issue.file.content)))
    match how:
        case "at once":
            record("angenommen", public=False, reason="Vertrag")
        case "after a correction":
            record("geheimnisvoll angenommen.", reason="Punkt vergessen")
            close(paper, clerk, results=closed)
        case "then removed":
            close(paper, clerk, results=closed)
            stage = paper.consultations.get(position=1)
            remove_result(stage=stage, by=clerk, opened=version_of(stage), reason="beim falschen TOP")
        case "then another":
            close(paper, clerk, results=closed)
            record("abgelehnt", outcome="rejected", reason="Neue Abstimmung")
        case "then deleted":
            close(paper, clerk, results=closed)
            paper.consultations.get(position=1).delete()
        case _:
            record("geändert empfohlen", outcome="amended", public=False)
    assert not IssuedPaper.objects.visible_to(outside).exists()
    assert IssuedPaper.objects.visible_to(clerk).exists()


def test_each_pack_takes_its_own(paper: Paper, clerk: User) -> None:
    stage = last(paper)
    item = stage.meeting.agenda.create(position=1, number="1", title="Konzept")
    stage.agenda_item = item
    stage.save()
    complete = issue_stage(consultation=stage, by=clerk)

    def files(**which: Any) -> list[int]:
        return [file.pk for entry in entries_of(stage.meeting, **which) for _name, file in entry.files]

    public = IssuedPaper.objects.get(consultation=stage, public=True)
    assert files(complete=True) == [complete.file_id]
    assert files(complete=False) == [public.file_id]


@pytest.mark.parametrize("how", ["struck", "deleted", "moved"])
def test_what_was_moved_in_the_non_public_part_stays_there(how: str, client: Client) -> None:
    """Also when the stage leaves the item that said so."""
    town = make_town()
    clerk, outside = make_user(town, Role.Kind.COUNCIL_SERVICE), make_user(town, name="Olga Draußen")
    Person.objects.create(municipality=town, name=outside.name, user=outside)
    paper = make_paper(town, "<p>Das Konzept wird beschlossen.</p>")
    stage = make_stage(paper, make_committee(town, "Sozialausschuss"), "advise", day=4)
    stage.meeting.committees.add(stage.committee)
    make_stage(paper, make_committee(town, "Rat"), "decide", day=9)
    paper = release(paper)
    item = place_stage(meeting=stage.meeting, stage=stage, by=clerk)
    item.public = False
    item.save()
    stage = paper.consultations.get(position=1)
    point = paper.resolution_points.get()
    amendment = Amendment(paper=paper, consultation=stage, point=point, before=point.text)
    amendment.after = "<p>Das Konzept wird geheimnisvoll beschlossen.</p>"
    move_amendment(amendment=amendment, by=clerk)
    match how:
        case "struck":
            strike_stage(stage=stage, by=clerk, reason="Geheimnisvoll zurückgestellt")
        case "deleted":
            delete_item(item=item, by=clerk)
        case _:
            leave_agenda(stage=stage, by=clerk, reason="verlegt")
            stage.save()
    assert paper.consultations.get(position=1).agenda_item is None
    client.force_login(outside)
    base, reading = paper.get_absolute_url(), reverse("council:paper", args=[town.slug, paper.pk])
    for address in (base, f"{base}aenderungen/", f"{base}beratung/1/", reading):
        assert "eheimnisvoll" not in client.get(address).content.decode(), address
    assert client.get(f"{base}aenderungen/1/").status_code == 404


@pytest.mark.parametrize("how", ["emptied", "deleted"])
def test_the_administration_keeps_the_item_in_which_a_result_was_closed(how: str, client: Client) -> None:
    town = make_town()
    paper = make_paper(town, "<p>Das Konzept wird beschlossen.</p>")
    stage = make_stage(
        paper, make_committee(town, "Rat"), "decide", day=9, result="angenommen", outcome="accepted"
    )
    stage.agenda_item = AgendaItem.objects.create(
        meeting=stage.meeting, position=1, number="1", title="Kauf", public=False
    )
    stage.save()
    client.force_login(make_user(town, Role.Kind.ADMINISTRATION, name="Fritz Fachadministration"))
    if how == "emptied":
        address = reverse("admin:committees_consultation_change", args=[stage.pk])
        form = client.get(address).context["adminform"].form
        typed = {name: value for name, value in form.initial.items() if value and name != "agenda_item"}
        assert "im nichtöffentlichen Teil beraten" in client.post(address, typed).content.decode()
    else:
        address = reverse("admin:committees_agendaitem_delete", args=[stage.agenda_item.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403
    stage.refresh_from_db()
    assert not stage.has_public_result
