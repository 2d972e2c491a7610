"""The frame of a page: main navigation, the town's colours, the way to the other towns.

Composed here, at the top, because lower apps must not know the upper ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.translation import gettext as _

from council.permissions import has_seat
from municipalities.models import Municipality, Role, User


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    current: str = ""
    """What aria-current says: "page", "true" for a page further down, or nothing."""


@dataclass(frozen=True)
class Frame:
    """Everything that a page shows around its content.

    Words and addresses only, no rows: what is drawn once goes by them (desk/templatetags/frame.py).
    """

    town: str = ""
    initial: str = ""
    town_id: str = ""
    reader: str = ""
    """Who has logged in, by name; empty for a stranger."""
    email: str = ""
    home: str = "/"
    items: tuple[Item, ...] = ()
    towns: tuple[Item, ...] = ()
    stylesheet: str = ""
    logo: str = ""
    search: str = ""
    """Where the field in the header leads; empty where the page has a larger one of its own."""
    verify: str = ""
    """Where anybody finds out whether a PDF is genuine."""
    demo_mode: bool = False


def address(name: str, *args: str) -> str:
    """The page's address; empty while no app serves it."""
    return _address(get_urlconf(settings.ROOT_URLCONF), name, *args)


@lru_cache(maxsize=1000)
def _address(urls: str, name: str, *args: str) -> str:
    """A page asks for ten of them, always the same."""
    try:
        return reverse(name, urls, args)
    except NoReverseMatch:
        return ""


def item(label: str, url: str, path: str, *, whole_branch: bool = True) -> Item:
    current = "page" if path == url else "true" if whole_branch and path.startswith(url) else ""
    return Item(label=label, url=url, current=current)


def may_administer(user: User, municipality: Municipality | None) -> bool:
    if user.is_superuser:
        return True
    administered = user.access.towns_with(Role.Kind.ADMINISTRATION)
    return municipality.pk in administered if municipality else bool(administered)


def navigation_items(user: User, municipality: Municipality | None, path: str) -> list[Item]:
    items = [item(_("Start"), address("desk:start"), path, whole_branch=False)]
    if municipality:
        # Who guides a process from outside finds nothing behind the others.
        insider = municipality.pk in user.access.municipality_ids
        concepts, *council = (
            item(_("Konzepte"), address("concepts:list", municipality.slug), path),
            item(_("Vorlagen"), address("committees:paper_list", municipality.slug), path),
            item(_("Sitzungen"), address("committees:meeting_list", municipality.slug), path),
            item(_("Gremien"), address("committees:committee_list", municipality.slug), path),
        )
        participation = item(_("Beteiligung"), address("participation:overview", municipality.slug), path)
        items += [concepts, participation, *council] if insider else [participation]
        # Office and seat exclude each other in a town, so nobody else is asked for one.
        if insider and not user.access.roles[municipality.pk] and has_seat(user, municipality.pk):
            items.insert(1, item(_("Meine Gremien"), address("council:committees", municipality.slug), path))
    if may_administer(user, municipality):
        items.append(item(_("Verwaltung"), address("admin:index"), path))
    return [entry for entry in items if entry.url]


def town_items(towns: list[Municipality], municipality: Municipality | None) -> Iterable[Item]:
    """The towns one can change to; nothing where there is only one."""
    if len(towns) > 1:
        for town in towns:
            yield Item(town.name, address("desk:town", town.slug), "true" if town == municipality else "")


def frame_for(request: HttpRequest | None, municipality: Municipality | None) -> Frame:
    """The frame of a page about `municipality`, or about the only town of the one who reads it."""
    user = getattr(request, "user", None)
    items: list[Item] = []
    towns: list[Municipality] = []
    search = ""
    shown: dict[str, str] = {}
    # Who guides a process from outside has no start page of the town.
    outside = isinstance(user, User) and municipality and municipality.pk not in user.access.municipality_ids
    if request is not None and isinstance(user, User):
        if municipality is None or user.access.municipality_ids != {municipality.pk}:
            towns = list(Municipality.objects.visible_to(user))
        if municipality is None and len(towns) == 1:
            municipality = towns[0]
        items = navigation_items(user, municipality, request.path)
        search = address("search:results") if request.path != address("search:results") else ""
        shown = {"reader": user.name or user.email, "email": user.email}
    if municipality is not None:
        shown |= {
            "town": municipality.name,
            "initial": municipality.short_name[:1],
            "town_id": str(municipality.pk),
            "home": "/" if outside else address("desk:town", municipality.slug) or "/",
            "stylesheet": address("municipalities:colours", municipality.colour.removeprefix("#")),
            "logo": address("municipalities:logo", municipality.slug) if municipality.logo else "",
        }
    return Frame(
        items=tuple(items),
        towns=tuple(town_items(towns, municipality)),
        search=search,
        verify=address("verifying:verify"),
        demo_mode=settings.DEMO_MODE,
        **shown,
    )
