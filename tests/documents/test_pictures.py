"""Pictures of texts: what is taken, what is kept of it, who sees it, and where it stands."""

import re
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from concepts.models import Chapter
from concepts.printing import concept_document
from documents.models import Picture
from documents.pdf import render
from documents.pictures import LONGEST_SIDE, prepare
from municipalities.models import Municipality, Person, Role, User
from tests import verapdf
from tests.concepts.factories import make_concept, make_member, make_town
from tests.documents import reading
from tests.documents.factories import make_picture, picture_file, uploaded

UPLOAD = "/bilder/neu/"
GPS, ORIENTATION = 0x8825, 0x0112


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


# ---- What is kept of a picture ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "mode", "media_type"),
    [
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "L", "image/png"),
        ("PNG", "1", "image/png"),
        ("PNG", "P", "image/png"),
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
    ],
)
def test_pictures_are_kept_as_png_or_jpeg(kind: str, mode: str, media_type: str) -> None:
    kept = prepare(uploaded(picture_file(kind, mode=mode)))
    assert kept.media_type == media_type
    assert (kept.width, kept.height) == opened(kept.content).size == (60, 40)


def test_a_transparent_picture_stays_transparent() -> None:
    kept = prepare(uploaded(picture_file(mode="RGBA")))
    assert opened(kept.content).getpixel((5, 5)) == (0, 0, 0, 0)


def test_place_camera_and_comments_are_not_kept_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (51.0, 1.0, 2.0)}
    exif[ORIENTATION] = 6  # taken with the telephone held upright
    exif[0x010F] = "Kamera von Frau Amt"
    content = picture_file("JPEG", exif=exif.tobytes(), comment=b"Privat")
    assert b"Kamera" in content
    kept = prepare(uploaded(content))
    assert (kept.width, kept.height) == (40, 60)
    assert not opened(kept.content).getexif()
    assert b"Kamera" not in kept.content
    assert b"Privat" not in kept.content


def test_large_pictures_are_made_smaller() -> None:
    kept = prepare(uploaded(picture_file("JPEG", (7000, 5000))))  # 35 megapixels
    assert (kept.width, kept.height) == (LONGEST_SIDE, round(LONGEST_SIDE * 5 / 7))


def png_that_says(width: int, height: int) -> bytes:
    """A small file that would unpack to a picture of this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ\x90\x00 kein Bild", "kein lesbares Bild"),
        (SVG, "kein lesbares Bild"),
        (b"<html><script>alert(1)</script>", "kein lesbares Bild"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "kein lesbares Bild"),
        (picture_file("GIF"), "kein lesbares Bild"),
        (picture_file("TIFF"), "kein lesbares Bild"),
        (picture_file("BMP"), "kein lesbares Bild"),
        (png_that_says(8000, 8000), "mehr als 50 Millionen Bildpunkte"),
        (png_that_says(12000, 9000), "mehr als 50 Millionen Bildpunkte"),  # where Pillow only warns
        (png_that_says(100_000, 100_000), "mehr als 50 Millionen Bildpunkte"),  # where it refuses
        (b"\x89PNG\r\n\x1a\n" + b"x" * 10_000_001, "größer als 10 MB"),
        (picture_file("JPEG")[:-200], "kein lesbares Bild"),
        (picture_file("PNG")[:-30], "kein lesbares Bild"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_with_a_sentence(
    content: bytes, sentence: str, author: Client
) -> None:
    response = author.post(UPLOAD, {"file": uploaded(content), "alternative": "Ein Bild"})
    assert sentence in response.content.decode()
    assert not Picture.objects.exists()


SAMPLES = [picture_file("PNG"), picture_file("JPEG"), picture_file("WEBP"), picture_file("PNG", mode="P")]


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=6),
    st.integers(1, 5000),
)
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_a_picture_or_refused_and_never_an_error(
    content: bytes, changes: list[tuple[int, int]], length: int
) -> None:
    damaged = bytearray(content)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        kept = prepare(uploaded(bytes(damaged[:length])))
    except ValidationError:
        return
    assert opened(kept.content).format in ("PNG", "JPEG")


# ---- Uploading -------------------------------------------------------------------------------------------


@pytest.fixture
def town(db: None) -> Municipality:
    return make_town()


@pytest.fixture
def author(town: Municipality, client: Client) -> Client:
    client.force_login(make_member(town))
    return client


def test_the_page_gives_what_is_to_be_copied_into_the_text(author: Client, town: Municipality) -> None:
    assert "Alternativtext" in author.get(UPLOAD).content.decode()
    response = author.post(
        UPLOAD, {"file": uploaded(picture_file()), "alternative": 'Ein "Fest" & mehr', "caption": "Foto: Amt"}
    )
    picture = Picture.objects.get()
    assert picture.municipality == town
    html = (
        f'<figure><img src="/bilder/{picture.pk}" alt="Ein &quot;Fest&quot; &amp; mehr">'
        "<figcaption>Foto: Amt</figcaption></figure>"
    )
    assert html in response.content.decode()


def test_the_editor_gets_json(author: Client) -> None:
    headers = {"Accept": "application/json"}
    done = author.post(UPLOAD, {"file": uploaded(picture_file()), "alternative": "Fest"}, headers=headers)
    assert done.json() == {
        "html": f'<figure><img src="/bilder/{Picture.objects.get().pk}" alt="Fest"></figure>',
        "errors": {},
    }
    refused = author.post(UPLOAD, {"alternative": ""}, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["errors"] == {
        "file": ["Bitte wählen Sie eine Bilddatei."],
        "alternative": ["Bitte beschreiben Sie, was auf dem Bild zu sehen ist."],
    }


def test_the_same_picture_again_is_the_same_picture(author: Client) -> None:
    for _ in range(2):
        author.post(UPLOAD, {"file": uploaded(picture_file()), "alternative": "Fest"})
    assert Picture.objects.count() == 1


def test_who_works_in_two_towns_says_for_which(author: Client, town: Municipality) -> None:
    other = make_town("Altstadt")
    Role.objects.create(
        municipality=other, user=User.objects.get(email="redaktion@example.org"), kind=Role.Kind.EDITING
    )
    page = author.get(f"{UPLOAD}?kommune={other.pk}").content.decode()
    assert f'<option value="{other.pk}" selected>' in page
    answer = author.post(UPLOAD, {"file": uploaded(picture_file()), "alternative": "Fest"})
    assert "Bitte wählen Sie die Kommune." in answer.content.decode()
    author.post(UPLOAD, {"file": uploaded(picture_file()), "alternative": "Fest", "municipality": other.pk})
    assert Picture.objects.get().municipality == other


@pytest.mark.parametrize("value", ["{other}", "0", "x", "99999999999999999999"])
def test_nobody_uploads_for_another_town(author: Client, value: str) -> None:
    other = make_town("Altstadt").pk
    author.get(f"{UPLOAD}?kommune={value.format(other=other)}")
    answer = author.post(
        UPLOAD,
        {"file": uploaded(picture_file()), "alternative": "Fest", "municipality": value.format(other=other)},
    )
    assert "In dieser Kommune können Sie keine Bilder hochladen." in answer.content.decode()
    assert not Picture.objects.exists()


def test_who_only_sits_in_a_body_uploads_nothing(client: Client, town: Municipality) -> None:
    member = User.objects.create_user("ratsmitglied@example.org", name="Mitglied")
    Person.objects.create(municipality=town, name="Mitglied", user=member)
    client.force_login(member)
    assert client.post(UPLOAD, {"file": uploaded(picture_file()), "alternative": "x"}).status_code == 403


# ---- Serving ---------------------------------------------------------------------------------------------


def test_a_picture_is_served_with_its_type_and_kept_by_the_browser(
    author: Client, town: Municipality, django_assert_num_queries: Any
) -> None:
    picture = make_picture(town, by=User.objects.get(email="redaktion@example.org"))
    author.get(f"/bilder/{picture.pk}")
    with django_assert_num_queries(6):  # session, user, persons, roles, whose it is, picture
        response = author.get(f"/bilder/{picture.pk}")
    assert response.content == picture.content
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    # Who may see it can change: the browser keeps it, and asks.
    assert response["Cache-Control"] == "private, no-cache"
    again = author.get(f"/bilder/{picture.pk}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_picture_of_another_town_is_not_found(author: Client) -> None:
    picture = make_picture(make_town("Altstadt"))
    assert author.get(f"/bilder/{picture.pk}").status_code == 404
    tag = {"If-None-Match": f'"{picture.sha256}"'}
    assert author.get(f"/bilder/{picture.pk}", headers=tag).status_code == 404
    assert author.get("/bilder/99999999999999999999").status_code == 404


def test_a_picture_that_stands_in_no_text_is_seen_by_who_has_uploaded_it(
    author: Client, client: Client, town: Municipality
) -> None:
    author.post(UPLOAD, {"file": uploaded(picture_file()), "alternative": "Fest"})
    address = Picture.objects.get().get_absolute_url()
    assert author.get(address).status_code == 200
    for name, role, seen in (
        ("amt", Role.Kind.DEPARTMENT, 404),
        ("fachadministration", Role.Kind.ADMINISTRATION, 200),  # takes pictures away
    ):
        other = User.objects.create_user(f"{name}@example.org", name=name)
        Role.objects.create(municipality=town, user=other, kind=role)
        client.force_login(other)
        assert client.get(address).status_code == seen
    amt = User.objects.get(email="amt@example.org")
    client.force_login(amt)
    client.post(UPLOAD, {"file": uploaded(picture_file()), "alternative": "Dasselbe"})
    assert client.get(address).status_code == 200
    chapter = Chapter.objects.create(
        concept=make_concept(town), position=9, title="Bilder", body=f'<img src="{address}" alt="Fest">'
    )
    client.force_login(make_member(town, "leser@example.org"))
    Role.objects.filter(user__email="leser@example.org").delete()
    Person.objects.create(municipality=town, name="Leser", user=User.objects.get(email="leser@example.org"))
    assert client.get(address).status_code == 200
    # What a text said before, and what its versions say, show it too.
    chapter.body = "<p>Ohne</p>"
    chapter.save()
    assert client.get(address).status_code == 200


# ---- In texts --------------------------------------------------------------------------------------------


@pytest.fixture
def chapter(town: Municipality) -> Chapter:
    concept = make_concept(town, fields=1, measures=1)
    return Chapter.objects.create(concept=concept, title="Leitbild", body="<p>x</p>", position=9)


def figure(picture: Picture, alternative: str = "Ein Fest im Park") -> str:
    return (
        f'<figure><img src="/bilder/{picture.pk}" alt="{alternative}"><figcaption>Foto</figcaption></figure>'
    )


def queries_of(chapter: Chapter) -> int:
    with CaptureQueriesContext(connection) as queries:
        concept_document(chapter.concept)
    return len(queries)


def test_pictures_stand_in_the_concepts_pdf_with_their_alternative_text(
    chapter: Chapter, tmp_path: Path
) -> None:
    town = chapter.concept.municipality
    wide, tall = make_picture(town, size=(1900, 300)), make_picture(town, kind="JPEG", size=(400, 1900))
    without = queries_of(chapter)
    chapter.body = figure(wide) + figure(tall, "Ein Turm")
    chapter.save()
    assert queries_of(chapter) == without + 1
    pdf = render(concept_document(chapter.concept))
    figures = [dict(tag[1]) for tag in reading.descendants(reading.tags(pdf), "/Figure")]
    alternatives = {str(tag.get("/Alt")): tag for tag in figures}
    assert {"Ein Fest im Park", "Ein Turm"} <= set(alternatives)
    left, _bottom, right, _top = map(float, alternatives["Ein Fest im Park"]["/A"]["/BBox"])
    assert 0 < right - left <= 623  # the width of the text: 165 mm
    (tmp_path / "konzept.pdf").write_bytes(pdf)
    assert verapdf.failures([tmp_path / "konzept.pdf"]) == []


def test_a_picture_that_is_gone_or_another_towns_is_named_and_not_printed(chapter: Chapter) -> None:
    foreign = make_picture(make_town("Altstadt"))
    chapter.body = figure(foreign, "Geheimer Plan") + '<img src="/bilder/987654" alt="Weg">'
    chapter.save()
    document = concept_document(chapter.concept)
    assert foreign.content not in document.images.values()
    html = "".join(section.html for section in document.sections)
    assert "Bild fehlt: Geheimer Plan" in html
    assert "Bild fehlt: Weg" in html
    assert "/bilder/" not in html


def test_words_that_look_like_a_picture_are_no_picture(chapter: Chapter) -> None:
    picture = make_picture(chapter.concept.municipality)
    chapter.body = f'<p>&lt;img src="/bilder/{picture.pk}" alt="x"&gt;</p>'
    chapter.save()
    assert not any(name.startswith("bild-") for name in concept_document(chapter.concept).images)


def test_the_alternative_text_is_found_by_the_search(author: Client, chapter: Chapter) -> None:
    chapter.body = figure(make_picture(chapter.concept.municipality), "Laternenumzug")
    chapter.save()
    page = author.get(f"{chapter.concept.get_absolute_url()}?suche=laternenumzug").content.decode()
    assert re.search('<img src="/bilder/\\d+" alt="Laternenumzug">', page)
