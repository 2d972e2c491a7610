"""Nothing that a text names is fetched, and no foreign byte gets into a PDF."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from documents.fetching import AppFetcher, ForbiddenAddress, image_type
from documents.pdf import PrintDocument, Section, render
from documents.richtext import clean
from tests.documents.reading import entries, pages

pytestmark = pytest.mark.once
CANARY = "KANARIENVOGEL-4711"
PICTURE, DRAWING, SHEET, FONT = "geheim.png", "geheim.svg", "geheim.css", "geheim.ttf"

# Each way, and the file that would come in by it. Of a font only the visit is noticed.
HOSTILE = {
    "image": ('<img src="{url}" alt="x">', DRAWING),
    "image set": ('<img srcset="{url} 2x" src="{url}" alt="x">', PICTURE),
    "inline svg image": (
        '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
        DRAWING,
    ),
    "inline svg xlink": (
        '<svg width="9" height="9"><image xlink:href="{url}" width="9" height="9"/></svg>',
        PICTURE,
    ),
    "inline svg use": ('<svg width="9" height="9"><use href="{url}#x"/></svg>', DRAWING),
    "inline svg style": ("<svg width='9' height='9'><style>@import url({url});</style></svg>", SHEET),
    "inline svg fill": (
        "<svg width='9' height='9'><rect width='9' height='9' fill='url({url}#g)'/></svg>",
        DRAWING,
    ),
    "object": ('<object data="{url}" type="image/svg+xml">x</object>', DRAWING),
    "embed": ('<embed src="{url}" type="image/png">', PICTURE),
    "link stylesheet": ('<link rel="stylesheet" href="{url}"><p>x</p>', SHEET),
    "style import": ("<style>@import url({url});</style><p>x</p>", SHEET),
    "style font": (
        "<style>@font-face {{font-family: x; src: url({url})}} p {{font: 9pt x}}</style><p>x</p>",
        FONT,
    ),
    "style background": ("<style>p {{background: url({url})}}</style><p>x</p>", PICTURE),
    "inline background": ('<p style="background-image: url({url})">x</p>', PICTURE),
    "inline list marker": ('<ul style="list-style-image: url({url})"><li>x</li></ul>', PICTURE),
    "inline content": ("<style>p::before {{content: url({url})}}</style><p>x</p>", DRAWING),
    "link attachment": ('<link rel="attachment" href="{url}">', DRAWING),
    "anchor attachment": ('<a rel="attachment" href="{url}">x</a>', DRAWING),
    "base": (f'<base href="{{url}}"><img src="{PICTURE}" alt="x">', PICTURE),
    "frame": ('<iframe src="{url}"></iframe>', DRAWING),
    "xml include": ('<?xml-stylesheet href="{url}"?><p>x</p>', SHEET),
}
# WeasyPrint itself does not follow these; the day it does, the tests below hold our fetcher to them too.
NOT_FOLLOWED = {"inline svg use", "inline svg style", "inline svg fill", "frame", "xml include"}
FOLLOWED = [way for way in HOSTILE if way not in NOT_FOLLOWED]


class Listener:
    """A server on this machine that hands out the canary's files and counts who comes.

    Some it sends on: /redirect-home/NAME to its own file, /redirect-file/NAME to the one on the disk.
    """

    def __init__(self, folder: Path) -> None:
        listener = self
        self.visits: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.visits.append(self.path)
                way, _slash, name = self.path.rpartition("/")
                if way:
                    self.send_response(302)
                    home = way == "/redirect-home"
                    self.send_header("Location", f"/{name}" if home else (folder / name).as_uri())
                    self.end_headers()
                else:
                    self.send_response(200)
                    self.send_header("Content-Type", str(guess_type(name)[0]))
                    self.end_headers()
                    self.wfile.write((folder / name).read_bytes())

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"//127.0.0.1:{self.server.server_port}"
        self.url = f"http:{self.host}"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """The folder of the files that must not come in."""
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40"><text y="20">{CANARY}</text></svg>'
    )
    (tmp_path / DRAWING).write_text(drawing)
    (tmp_path / SHEET).write_text(f"p::after {{ content: '{CANARY}' }}")
    (tmp_path / FONT).write_text(CANARY)
    Image.new("RGB", (40, 30), "red").save(tmp_path / PICTURE)
    return tmp_path


@pytest.fixture
def listener(canary: Path) -> Iterator[Listener]:
    listener = Listener(canary)
    thread = threading.Thread(target=lambda: listener.server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()
    thread.join()


def addresses(name: str, listener: Listener, canary: Path) -> list[str]:
    """All the addresses by which that file can be asked for."""
    return [
        f"{listener.url}/{name}",
        f"{listener.url}/redirect-home/{name}",
        f"{listener.url}/redirect-file/{name}",
        f"{listener.host}/{name}",
        f"{listener.host}/redirect-home/{name}",
        (canary / name).as_uri(),
        str(canary / name),
    ]


def printed(html: str) -> bytes | None:
    """The PDF, or None if the print was refused."""
    try:
        return render(PrintDocument(title="Probe", sections=[Section(f"<h1>Probe</h1>{html}")]))
    except ForbiddenAddress:
        return None


def foreign(pdf: bytes) -> list[str]:
    """What has come into the PDF that nobody handed in. Streams are compressed: bytes say nothing."""
    reader = PdfReader(BytesIO(pdf))
    found = [str(entry["/Subtype"]) for entry in entries(reader) if entry.get("/Subtype") == "/Image"]
    found += [str(entry["/Type"]) for entry in entries(reader) if entry.get("/Type") == "/EmbeddedFile"]
    found += list(reader.attachments)
    texts = [*pages(pdf), *(page.extract_text() for page in reader.pages)]
    return found + [CANARY for text in texts if CANARY in "".join(text.split())]


@pytest.mark.parametrize("way", HOSTILE)
def test_no_way_leads_out_of_a_template(way: str, listener: Listener, canary: Path) -> None:
    html, name = HOSTILE[way]
    others = [
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3C/svg%3E",
        "app:../settings.py",
    ]
    for address in addresses(name, listener, canary) + others:
        pdf = printed(html.format(url=address))
        assert pdf is None or foreign(pdf) == [], address
    assert listener.visits == []


@pytest.mark.parametrize("way", HOSTILE)
def test_cleaned_text_prints_and_calls_nobody(way: str, listener: Listener, canary: Path) -> None:
    html, name = HOSTILE[way]
    for address in addresses(name, listener, canary):
        cleaned = clean(f"<p>Vorher</p>{html.format(url=address)}<p>Nachher</p>")
        assert "Vorher" in cleaned
        assert "<img" not in cleaned
        pdf = printed(cleaned)
        assert pdf is not None
        assert foreign(pdf) == [], address
    assert listener.visits == []


@pytest.mark.parametrize("way", FOLLOWED)
def test_without_our_fetcher_each_way_leads_out(way: str, listener: Listener, canary: Path) -> None:
    """The two tests above can fail: plain WeasyPrint fetches, and what it fetched is found in its PDF."""
    html, name = HOSTILE[way]
    from_disk = HTML(string=html.format(url=(canary / name).as_uri())).write_pdf()
    assert foreign(from_disk) or name == FONT
    assert listener.visits == []
    from_server = HTML(string=html.format(url=f"{listener.url}/{name}")).write_pdf()
    assert foreign(from_server) or name == FONT
    assert listener.visits == [f"/{name}"]
    redirected = HTML(string=html.format(url=f"{listener.url}/redirect-home/{name}")).write_pdf()
    assert foreign(redirected) or name == FONT
    assert listener.visits[1:] == [f"/redirect-home/{name}", f"/{name}"]


def test_a_refused_image_in_an_svg_stops_the_print(canary: Path) -> None:
    """SVG drawing swallows the exception, so the print must notice by itself."""
    html, name = HOSTILE["inline svg image"]
    with pytest.raises(ForbiddenAddress, match="registered image"):
        render(PrintDocument(title="Probe", sections=[Section(html.format(url=(canary / name).as_uri()))]))


def test_a_registered_image_is_served() -> None:
    file = BytesIO()
    Image.new("RGB", (4, 4), "red").save(file, "PNG")
    logo = file.getvalue()
    section = Section('<h1>Probe</h1><img src="app:logo" alt="Wappen">')
    with_logo = render(PrintDocument(title="Probe", sections=[section], images={"logo": logo}))
    assert b"/Subtype /Image" in with_logo
    with pytest.raises(ForbiddenAddress):
        render(PrintDocument(title="Probe", sections=[section]))


def test_another_logo_is_another_print() -> None:
    section = Section('<h1>Probe</h1><img src="app:logo" alt="Wappen">')
    prints = set()
    for colour in ("red", "blue"):
        file = BytesIO()
        Image.new("RGB", (4, 4), colour).save(file, "PNG")
        prints.add(render(PrintDocument(title="Probe", sections=[section], images={"logo": file.getvalue()})))
    assert len(prints) == 2


@pytest.mark.parametrize("content", [b"<svg/>", b"%PDF-1.7", b"", b"<?xml version='1.0'?><svg/>"])
def test_only_raster_images_are_served(content: bytes) -> None:
    assert image_type(content) is None
    fetcher = AppFetcher({"logo": content})
    with pytest.raises(FatalURLFetchingError):
        fetcher.fetch("app:logo")


def test_the_inherited_way_around_fetch_is_closed() -> None:
    for address in ("file:///etc/hostname", "http://127.0.0.1:9/", "data:image/png;base64,AA=="):
        with pytest.raises(FatalURLFetchingError):
            AppFetcher().open(address)
