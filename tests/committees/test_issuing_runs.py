"""A whole route issued as one task; called back and issued again; recognised by its hash."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from committees.actions import issuing_runs
from committees.actions.issuing import call_back, issue_stage
from committees.actions.issuing_runs import issue_due, start_issuing
from committees.layout_files import import_layout, preset
from committees.models import Consultation, IssuedPaper, IssuingRun, Meeting, Paper
from committees.printing.render import render_stage
from municipalities.models import Municipality, User
from tests.committees.factories import reopen
from tests.conftest import demo_user
from tests.documents.reading import pages
from tests.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(towns: dict[str, Municipality]) -> Paper:
    return Paper.objects.get(municipality=towns["leverkusen"])


@pytest.fixture
def by(paper: Paper) -> User:
    return demo_user("sitzungsdienst", paper.municipality)


@pytest.fixture
def clerk(paper: Paper, login_as: Callable[..., Client]) -> Client:
    return login_as("sitzungsdienst", paper.municipality)


def page_of(paper: Paper) -> str:
    return f"{paper.get_absolute_url()}ausfertigungen/"


QUERIES = 13


def all_keys(paper: Paper) -> list[str]:
    return [str(pk) for pk in paper.consultations.values_list("pk", flat=True)]


def test_nine_stages_are_ordered_and_then_issued(clerk: Client, paper: Paper) -> None:
    page = text_of(clerk.get(page_of(paper)))
    assert "Für 9 Beratungen fehlt ein gültiges PDF" in page
    answer = clerk.post(page_of(paper), {"stages": all_keys(paper), "reason": ""}, follow=True)
    assert "0 von 9" in text_of(answer)
    assert clerk.get(f"{page_of(paper)}stand/")["X-Finished"] == "no"

    assert issue_due() == 1
    issued = IssuedPaper.objects.filter(consultation__paper=paper).select_related("file", "consultation")
    assert [issue.number for issue in issued] == [1] * 9
    for issue in issued:
        assert bytes(issue.file.content) == render_stage(issue.consultation)
    assert clerk.get(f"{page_of(paper)}stand/")["X-Finished"] == "yes"
    page = text_of(clerk.get(page_of(paper)))
    assert "Für alle Beratungen gibt es ein gültiges PDF" in page
    assert page.count("1. Ausfertigung (PDF)") == 9


def test_a_second_order_waits_for_the_first(clerk: Client, paper: Paper) -> None:
    sent = {"stages": all_keys(paper)[:1]}
    clerk.post(page_of(paper), sent)
    answer = clerk.post(page_of(paper), sent)
    assert answer.status_code == 422
    assert "Diese Vorlage wird gerade ausgefertigt" in text_of(answer)
    assert IssuingRun.objects.filter(paper=paper).count() == 1


@pytest.mark.parametrize("sent", [{}, {"stages": ["x"]}, {"stages": ["999999999"]}, {"stages": ["9" * 40]}])
def test_nothing_chosen_or_nonsense_is_a_sentence(clerk: Client, paper: Paper, sent: Any) -> None:
    answer = clerk.post(page_of(paper), sent)
    assert answer.status_code == 422
    assert not IssuingRun.objects.filter(paper=paper).exists()


def test_a_draft_is_not_issued_and_says_so(clerk: Client, paper: Paper) -> None:
    reopen(paper)
    assert "Noch nicht freigegeben" in text_of(clerk.get(page_of(paper)))
    assert clerk.post(page_of(paper), {"stages": all_keys(paper)}).status_code == 403


def test_who_issues_again_says_why(clerk: Client, paper: Paper, by: User) -> None:
    issue_stage(consultation=paper.consultations.all()[0], by=by)
    sent = {"stages": all_keys(paper)[:2], "reason": " "}
    answer = clerk.post(page_of(paper), sent)
    assert answer.status_code == 422
    assert "Bitte nennen Sie den Grund der neuen" in text_of(answer)
    clerk.post(page_of(paper), sent | {"reason": "Neue Anlage"})
    issue_due()
    page = text_of(clerk.get(page_of(paper)))
    assert "2. Ausfertigung (PDF) gültig" in page
    assert "Neue Anlage" in page
    assert "1. Ausfertigung (PDF) ersetzt" in page


def test_a_stage_struck_meanwhile_is_left_out_with_a_sentence(clerk: Client, paper: Paper, by: User) -> None:
    start_issuing(paper=paper, stages=paper.consultations.all()[:2], by=by)
    first = paper.consultations.all()[0]
    first.left_out, first.left_out_reason = True, "Sitzung fällt aus"
    first.save()
    issue_due()
    page = text_of(clerk.get(page_of(paper)))
    assert "Nicht alles konnte ausgefertigt werden" in page
    assert "Integrationsrat: Diese Beratung findet nicht mehr statt." in page
    assert IssuedPaper.objects.filter(consultation__paper=paper).count() == 1


def test_what_changes_while_it_prints_is_printed_again(
    paper: Paper, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = issuing_runs.render_route_variants

    def and_then_the_meeting_moves(*args: Any, **kwargs: Any) -> Any:
        for stage, pdf in whole(*args, **kwargs):
            if stage.position == 2:
                meeting = Meeting.objects.get(pk=stage.meeting_id)
                meeting.date = datetime.date(2018, 1, 9)
                meeting.save()
                Consultation.objects.get(pk=stage.pk).save()
            yield stage, pdf

    monkeypatch.setattr(issuing_runs, "render_route_variants", and_then_the_meeting_moves)
    start_issuing(paper=paper, stages=paper.consultations.all()[:3], by=by)
    issue_due()
    for issue in IssuedPaper.objects.filter(consultation__paper=paper):
        same = bytes(issue.file.content) == render_stage(issue.consultation)
        assert same is (issue.consultation.position >= 2), issue


def test_a_run_whose_process_died_is_taken_over(paper: Paper, by: User) -> None:
    run = start_issuing(paper=paper, stages=paper.consultations.all()[:2], by=by)
    order = run.orders.all()[0]
    order.issued_paper = issue_stage(consultation=order.consultation, by=by)
    order.save()
    IssuingRun.objects.update(state="running", claimed_at=timezone.now())
    assert issue_due() == 0  # somebody may still be at it
    IssuingRun.objects.update(claimed_at=timezone.now() - datetime.timedelta(minutes=5))
    assert issue_due() == 1
    run.refresh_from_db()
    assert run.state == IssuingRun.State.DONE
    assert list(
        IssuedPaper.objects.filter(consultation__paper=paper).values_list("consultation__position", "number")
    ) == [(1, 1), (2, 1)]


def test_the_page_takes_as_many_queries_for_one_stage_as_for_nine(
    clerk: Client, paper: Paper, by: User, django_assert_num_queries: Any
) -> None:
    start_issuing(paper=paper, stages=paper.consultations.all(), by=by)
    issue_due()
    clerk.get(page_of(paper))
    with django_assert_num_queries(QUERIES):
        clerk.get(page_of(paper))
    IssuingRun.objects.filter(paper=paper).delete()
    issued = IssuedPaper.objects.filter(consultation__paper=paper)[0].consultation
    with django_assert_num_queries(QUERIES):
        clerk.get(page_of(issued.paper))


def test_nothing_that_changes_afterwards_changes_what_was_issued(
    clerk: Client, paper: Paper, by: User
) -> None:
    """A new layout, other names, concept and logo: the next issue shows them, this one does not."""
    stage = paper.consultations.all()[8]
    issued = issue_stage(consultation=stage, by=by)
    before = clerk.get(f"/leverkusen/ausfertigungen/{issued.pk}/").content
    sent = hashlib.sha256(before).hexdigest()
    import_layout(paper.municipality, preset("leverkusen").replace("Begründung", "Gründe"), by)
    stage.committee.name = "Stadtrat"
    stage.committee.save()
    field = paper.concept.fields.filter(kind="leading_theme")[0]
    field.title = "Ganz anders"
    field.save()
    town = paper.municipality
    town.name, town.colour, town.logo = "Stadt Anderswo", "#006633", ""
    town.save()
    after = clerk.get(f"/leverkusen/ausfertigungen/{issued.pk}/").content
    assert after == before
    assert hashlib.sha256(after).hexdigest() == sent == issued.file.sha256
    again = issue_stage(consultation=stage, by=by, reason="Neue Namen")
    words = " ".join(" ".join(pages(bytes(again.file.content))).split())
    for word in ("Stadtrat", "Gründe", "Ganz anders", "Stadt Anderswo"):
        assert word in words


# ---- Called back -----------------------------------------------------------------------------------------


def test_a_pdf_is_called_back_and_issued_again(clerk: Client, paper: Paper, by: User) -> None:
    stage = paper.consultations.all()[0]
    issued = issue_stage(consultation=stage, by=by)
    address = f"/leverkusen/ausfertigungen/{issued.pk}/zurueckrufen/"
    assert "1. Ausfertigung für „Integrationsrat“ zurückrufen" in text_of(clerk.get(address))
    assert "Bitte nennen Sie den Grund des Rückrufs" in text_of(clerk.post(address, {"reason": " "}))
    page = text_of(clerk.post(address, {"reason": "Falsche Anlage"}, follow=True))
    assert "zurückgerufen" in page
    assert "Falsche Anlage" in page
    assert "Für 9 Beratungen fehlt ein gültiges PDF" in page
    assert clerk.get(f"/leverkusen/ausfertigungen/{issued.pk}/").content == bytes(issued.file.content)
    again = clerk.post(address, {"reason": "noch einmal"})
    assert (again.status_code, "schon zurückgerufen" in text_of(again)) == (422, True)
    assert issue_stage(consultation=stage, by=by, reason="Anlage berichtigt").number == 2
    with pytest.raises(ValidationError, match="schon durch eine neue ersetzt"):
        call_back(issued_paper=issued, by=by, reason="zu spät")


# ---- Is it genuine? --------------------------------------------------------------------------------------


def dropped(content: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("vorlage.pdf", content, content_type="application/pdf")}


def test_anybody_learns_whether_a_pdf_is_genuine(client: Client, paper: Paper, by: User) -> None:
    issued = issue_stage(consultation=paper.consultations.all()[0], by=by)
    content = bytes(issued.file.content)
    page = text_of(client.post("/pruefen/", dropped(content)))
    assert "Ja, diese Datei ist echt und gültig." in page
    assert "2017/1900" in page
    assert "Integrationsrat, 14.11.2017" in page
    assert f"{timezone.localtime(issued.file.issued_at):%d.%m.%Y %H:%M} Uhr" in page
    assert paper.subject not in page  # the same is said of what is not public
    by_sum = text_of(client.post("/pruefen/", {"sha256": hashlib.sha256(content).hexdigest().upper()}))
    assert "Ja, diese Datei ist echt und gültig." in by_sum
    changed = text_of(client.post("/pruefen/", dropped(content + b" ")))
    assert "Nein, diese Datei hat das Portal so nicht ausgefertigt." in changed
    assert "2017/1900" not in changed


def test_it_is_said_when_it_no_longer_counts(client: Client, paper: Paper, by: User) -> None:
    stage = paper.consultations.all()[0]
    first = issue_stage(consultation=stage, by=by)
    call_back(issued_paper=first, by=by, reason="Geheimer Grund")
    page = text_of(client.post("/pruefen/", dropped(bytes(first.file.content))))
    assert "zurückgerufen. Sie gilt nicht mehr" in page
    assert "Geheimer Grund" not in page
    stage.role = "Anhörung"
    stage.save()
    second = issue_stage(consultation=stage, by=by, reason="Zuständigkeit")
    stage.role = "Vorberatung"
    stage.save()
    issue_stage(consultation=stage, by=by, reason="Zuständigkeit, noch einmal")
    page = text_of(client.post("/pruefen/", dropped(bytes(second.file.content))))
    assert "durch eine neue Ausfertigung ersetzt" in page
    assert "Die 3. Ausfertigung" in page


def test_a_version_of_the_concept_is_recognised_too(client: Client, paper: Paper) -> None:
    version = paper.concept.versions.select_related("pdf")[0]
    page = text_of(client.post("/pruefen/", dropped(bytes(version.pdf.content))))
    assert "Ja, diese Datei ist echt" in page
    assert str(version) in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Bitte wählen Sie eine Datei aus"),
        ({"sha256": "abc"}, "Eine Prüfsumme hat 64 Zeichen"),
        ({"sha256": "x" * 200}, "höchstens 100"),
        ({"file": b""}, "Diese Datei ist leer"),
        ({"file": b"x" * 2000}, "größer als"),
    ],
)
def test_what_cannot_be_checked_gets_a_sentence(
    client: Client, db: None, settings: Any, sent: dict[str, Any], sentence: str
) -> None:
    settings.LARGEST_UPLOAD = 1000
    if "file" in sent:
        sent = dropped(sent["file"])
    answer = client.post("/pruefen/", sent)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
