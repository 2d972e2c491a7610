"""What a print may load: the bytes handed in by the caller, and nothing else.

WeasyPrint by default reads local files and follows addresses, which would let a pasted `<img>` copy
`/etc/passwd` into a council paper or call a foreign server. Here every address that is not a registered
`app:` one is fatal. SVG drawing swallows even that exception, so each refusal is also written down and
`engine` raises it afterwards.
"""

from collections.abc import Mapping
from email.message import EmailMessage

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "app:"
# Raster images only: an SVG file could name further addresses.
SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


class ForbiddenAddress(Exception):
    """A print wanted to load something that was not handed in."""


def image_type(content: bytes) -> str | None:
    """The media type of a raster image by its first bytes, None for everything else."""
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


class AppFetcher(URLFetcher):
    """Serves `app:NAME` from `assets`; everything else stops the rendering."""

    def __init__(self, assets: Mapping[str, bytes] | None = None) -> None:
        # No call to super().__init__: it would install handlers for http, ftp, file and data addresses.
        self.assets = dict(assets or {})
        self.refused: list[str] = []
        self._fail_on_errors = True

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        content = self.assets.get(name) if url.startswith(SCHEME) else None
        media_type = image_type(content) if content is not None else None
        if content is None or media_type is None:
            self.refused.append(url[:200])
            raise FatalURLFetchingError(f"Not a registered image: {url[:200]}")
        answer = EmailMessage()
        answer["Content-Type"] = media_type
        return URLFetcherResponse(url, content, answer)

    def __call__(self, url: str) -> URLFetcherResponse:
        return self.fetch(url)

    def open(self, url: object, data: object = None, timeout: object = None) -> URLFetcherResponse:
        """The way around `fetch` that urllib's OpenerDirector offers leads to the same door."""
        return self.fetch(str(getattr(url, "full_url", url)))
