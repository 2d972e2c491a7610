"""Nothing that a text names is fetched, and no foreign byte gets into a PDF."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from documents.fetching import AppFetcher, ForbiddenAddress, image_type
from documents.pdf import PrintDocument, Section, render
from documents.richtext import clean

pytestmark = pytest.mark.once
CANARY = "KANARIENVOGEL-4711"

HOSTILE = {
    "image": '<img src="{url}" alt="x">',
    "image set": '<img srcset="{url} 2x" src="{url}" alt="x">',
    "inline svg image": '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    "inline svg xlink": '<svg width="9" height="9"><image xlink:href="{url}" width="9" height="9"/></svg>',
    "inline svg use": '<svg width="9" height="9"><use href="{url}#x"/></svg>',
    "inline svg style": "<svg width='9' height='9'><style>@import url({url});</style></svg>",
    "inline svg fill": "<svg width='9' height='9'><rect width='9' height='9' fill='url({url}#g)'/></svg>",
    "object": '<object data="{url}" type="image/png">x</object>',
    "embed": '<embed src="{url}" type="image/png">',
    "link stylesheet": '<link rel="stylesheet" href="{url}">',
    "style import": "<style>@import url({url});</style>",
    "style font": "<style>@font-face {{font-family: x; src: url({url})}} p {{font: 9pt x}}</style><p>x</p>",
    "style background": "<style>p {{background: url({url})}}</style><p>x</p>",
    "inline background": '<p style="background-image: url({url})">x</p>',
    "inline list marker": '<ul style="list-style-image: url({url})"><li>x</li></ul>',
    "inline content": "<style>p::before {{content: url({url})}}</style><p>x</p>",
    "link attachment": '<link rel="attachment" href="{url}">',
    "anchor attachment": '<a rel="attachment" href="{url}">x</a>',
    "base": '<base href="{url}"><img src="x.png" alt="x">',
    "frame": '<iframe src="{url}"></iframe>',
    "xml include": '<?xml-stylesheet href="{url}"?><p>x</p>',
}


class Listener:
    """A server on this machine that counts who comes, and sends some of them on to another address."""

    def __init__(self, canary: Path) -> None:
        listener = self
        self.visits: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.visits.append(self.path)
                if "redirect" in self.path:
                    self.send_response(302)
                    self.send_header("Location", canary.as_uri())
                    self.end_headers()
                else:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(CANARY.encode())

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "geheim.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text>{CANARY}</text></svg>')
    return path


@pytest.fixture
def listener(canary: Path) -> Iterator[Listener]:
    listener = Listener(canary)
    thread = threading.Thread(target=listener.server.serve_forever, daemon=True)
    thread.start()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()
    thread.join()


def printed(html: str) -> bytes | None:
    """The PDF, or None if the print was refused."""
    try:
        return render(PrintDocument(title="Probe", sections=[Section(f"<h1>Probe</h1>{html}")]))
    except ForbiddenAddress:
        return None


@pytest.mark.parametrize("way", HOSTILE)
def test_no_way_leads_out_of_a_template(way: str, listener: Listener, canary: Path) -> None:
    addresses = [
        f"{listener.url}/direct.png",
        f"{listener.url}/redirect.png",
        canary.as_uri(),
        str(canary),
        f"//127.0.0.1:{listener.server.server_port}/schemeless.png",
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3C/svg%3E",
        "app:../settings.py",
    ]
    for address in addresses:
        pdf = printed(HOSTILE[way].format(url=address))
        assert pdf is None or (CANARY.encode() not in pdf and b"/EmbeddedFile" not in pdf)
    assert listener.visits == []


@pytest.mark.parametrize("way", HOSTILE)
def test_cleaned_text_prints_and_calls_nobody(way: str, listener: Listener, canary: Path) -> None:
    for address in (f"{listener.url}/direct.png", canary.as_uri()):
        cleaned = clean(f"<p>Vorher</p>{HOSTILE[way].format(url=address)}<p>Nachher</p>")
        assert "Vorher" in cleaned
        assert "<img" not in cleaned
        pdf = printed(cleaned)
        assert pdf is not None
        assert CANARY.encode() not in pdf
    assert listener.visits == []


def test_the_listener_would_notice(listener: Listener) -> None:
    """Without our fetcher the same text does lead out: the tests above can fail."""
    HTML(string=HOSTILE["image"].format(url=f"{listener.url}/direct.png")).write_pdf()
    assert listener.visits == ["/direct.png"]


def test_a_refused_image_in_an_svg_stops_the_print(canary: Path) -> None:
    """SVG drawing swallows the exception, so the print must notice by itself."""
    with pytest.raises(ForbiddenAddress, match="registered image"):
        render(
            PrintDocument(
                title="Probe", sections=[Section(HOSTILE["inline svg image"].format(url=canary.as_uri()))]
            )
        )


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
