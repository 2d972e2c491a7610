"""What is attached to a paper: a file judged by its content, a frozen version of the concept, or a title."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfReader, PdfWriter

from committees.models import Paper
from concepts.models import ConceptVersion
from documents.uploads import check_upload
from municipalities.models import Municipality, Role
from tests.committees.factories import make_paper, make_town, make_user, release, reopen
from tests.reading import main_text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def pdf(password: str = "") -> bytes:
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(width=595, height=842)
    if password:
        writer.encrypt(password)
    writer.write(file)
    return file.getvalue()


def picture(kind: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, kind)
    return file.getvalue()


@pytest.fixture
def paper(db: None) -> Paper:
    return make_paper(make_town(), number="")


@pytest.fixture
def writer(paper: Paper, client: Client) -> Client:
    client.force_login(make_user(paper.municipality, Role.Kind.EDITING, name="Rita Redaktion"))
    return client


def address_of(paper: Paper) -> str:
    return f"{paper.get_absolute_url()}anlagen/neu/"


def send(client: Client, paper: Paper, name: str, content: bytes, **more: Any) -> Any:
    data = {"title": "Lageplan", "public": "on", "file": SimpleUploadedFile(name, content), **more}
    return client.post(address_of(paper), data, follow=True)


@pytest.mark.parametrize(
    ("name", "content", "kept", "media_type"),
    [
        ("Plan.pdf", pdf(), "Plan.pdf", "application/pdf"),
        ("ohne Endung", pdf(), "ohne Endung.pdf", "application/pdf"),
        ("foto.jpg", picture("JPEG"), "foto.jpg", "image/jpeg"),
        ("../../etc/pass\x00wd.pdf", pdf(), "passwd.pdf", "application/pdf"),
        ("foto.pdf", picture("PNG"), "foto.png", "image/png"),  # the content says what it is, not the name
    ],
)
def test_a_file_is_kept_as_what_is_in_it(
    writer: Client, paper: Paper, name: str, content: bytes, kept: str, media_type: str
) -> None:
    answer = send(writer, paper, name, content)
    assert "„Lageplan“ ist als Anlage gespeichert." in main_text_of(answer)
    attachment = paper.attachments.get()
    assert attachment.file is not None
    assert (attachment.position, attachment.file.name, attachment.file.media_type) == (1, kept, media_type)
    opened = writer.get(f"{paper.get_absolute_url()}anlagen/{attachment.pk}/")
    assert opened["Content-Type"] == media_type
    assert opened["X-Content-Type-Options"] == "nosniff"
    if media_type == "application/pdf":
        assert opened.content == content
    assert attachment.history.first().history_user.name == "Rita Redaktion"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (pdf("geheim"), "mit einem Kennwort oder gegen Kopieren geschützt"),
        (pdf()[: len(pdf()) // 3], "Das PDF ist beschädigt"),
        (b"%PDF-1.7\n" + b"\x00" * 500, "Das PDF ist beschädigt"),
        (b"PK\x03\x04 ein Word-Dokument", "Die Datei ist weder ein PDF noch ein Bild"),
        (b"<html>kein PDF</html>", "Die Datei ist weder ein PDF noch ein Bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "weder ein PDF noch ein Bild"),
        (b"\x89PNG\r\n\x1a\n kaputt", "Die Datei ist kein lesbares Bild."),
        (b"", "Die Datei ist leer."),
    ],
)
def test_what_cannot_be_attached_is_said_at_the_field(
    writer: Client, paper: Paper, content: bytes, sentence: str
) -> None:
    refused = send(writer, paper, "anlage.pdf", content)
    assert refused.status_code == 422
    assert sentence in str(refused.context["form"].errors["file"])
    assert 'value="Lageplan"' in refused.content.decode()
    assert not paper.attachments.exists()


def test_a_file_of_300_megabytes_is_refused_unread() -> None:
    upload = SimpleUploadedFile("gross.pdf", b"%PDF-")
    upload.size = 300_000_000
    with pytest.raises(ValidationError, match="300 MB groß, möglich sind 50 MB"):
        check_upload(upload)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_pdf_is_taken_or_refused_and_nothing_else(seed: int) -> None:
    """Bytes of a PDF turned over, at places that depend on the seed."""
    content = bytearray(pdf())
    for place in range(seed, len(content), 41 + seed):
        content[place] ^= 1 << (seed % 8)
    content[:5] = b"%PDF-"
    with suppress(ValidationError):
        assert check_upload(SimpleUploadedFile("kaputt.pdf", bytes(content))).media_type == "application/pdf"


def test_only_a_title_is_an_attachment_too_and_two_of_one_name_are_not(writer: Client, paper: Paper) -> None:
    assert "Bitte wählen Sie eine Datei" in main_text_of(writer.post(address_of(paper), {"title": ""}))
    writer.post(address_of(paper), {"title": "Modell im Foyer", "public": "on"})
    attachment = paper.attachments.get()
    assert (attachment.title, attachment.issued_file) == ("Modell im Foyer", None)
    again = writer.post(address_of(paper), {"title": "Modell im Foyer"})
    assert "Eine Anlage mit diesem Titel gibt es schon." in main_text_of(again)
    # Without a title the file's own name is it.
    send(writer, paper, "Stadtplan 2017.pdf", pdf(), title="")
    assert [row.title for row in paper.attachments.all()] == ["Modell im Foyer", "Stadtplan 2017"]


def test_the_concept_is_attached_as_the_version_that_it_was(
    towns: dict[str, Municipality], login_as: Callable[..., Client]
) -> None:
    paper = reopen(Paper.objects.get(municipality=towns["leverkusen"]))
    paper.attachments.all().delete()
    client = login_as("redaktion", paper.municipality)
    version = ConceptVersion.objects.filter(concept=paper.concept)[0]
    both = client.post(
        address_of(paper),
        {"version": version.pk, "file": SimpleUploadedFile("Plan.pdf", pdf()), "title": "Konzept"},
    )
    assert "entweder eine Datei oder eine Fassung" in main_text_of(both)
    client.post(address_of(paper), {"version": version.pk, "public": "on"})
    attachment = paper.attachments.get()
    assert attachment.concept_version == version
    assert version.name in attachment.title
    content = client.get(f"{paper.get_absolute_url()}anlagen/{attachment.pk}/").content
    assert len(PdfReader(BytesIO(content)).pages) > 1
    foreign = ConceptVersion.objects.exclude(concept__municipality=paper.municipality)[0]
    refused = client.post(address_of(paper), {"version": foreign.pk, "title": "Fremd"})
    assert "Diese Fassung gibt es nicht." in main_text_of(refused)


def test_nothing_is_attached_to_a_released_paper(writer: Client, paper: Paper) -> None:
    release(paper)
    assert writer.get(address_of(paper)).status_code == 403
    assert send(writer, paper, "Plan.pdf", pdf()).status_code == 403
    assert not paper.attachments.exists()


def test_whoever_goes_on_to_an_attachment_saves_what_was_typed(writer: Client, paper: Paper) -> None:
    address = f"{paper.get_absolute_url()}schreiben/"
    form = writer.get(address).context["form"]
    data = {
        "subject": "Vorher getippt",
        "public": "on",
        "opened_state": form.initial["opened_state"],
        "weiter": "anlage",
    }
    answer = writer.post(address, data)
    assert answer["Location"] == address_of(paper)
    paper.refresh_from_db()
    assert paper.subject == "Vorher getippt"
