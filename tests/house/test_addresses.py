"""A town's name cannot hide one of the portal's own addresses."""

from django.template import Context, Template
from django.urls import get_resolver

from municipalities.models import RESERVED_SLUGS


def first_parts() -> set[str]:
    """What stands before the first slash of every address that does not begin with a town."""
    parts = set()
    for pattern in get_resolver().url_patterns:
        for route in [
            str(pattern.pattern),
            *(str(inner.pattern) for inner in getattr(pattern, "url_patterns", [])),
        ]:
            if not str(pattern.pattern) or route == str(pattern.pattern):
                parts.add(route.lstrip("^").split("/")[0])
    return {part for part in parts if part and not part.startswith("<")}


def test_every_address_of_the_portal_is_reserved() -> None:
    assert first_parts() <= set(RESERVED_SLUGS)


def test_an_id_is_written_without_dots() -> None:
    """Above 1,000 a German number gets a dot, and an address with one leads nowhere."""
    assert Template("?feld={{ id }}").render(Context({"id": 1181})) == "?feld=1181"
