"""A town with its concept, its editor, and somebody from another town."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from concepts.models import Concept, Measure
from municipalities.models import Municipality, Role, User
from tests.concepts.factories import make_concept, make_member, make_town


@pytest.fixture
def town(db: None) -> Municipality:
    return make_town()


@pytest.fixture
def concept(town: Municipality) -> Concept:
    return make_concept(town)


@pytest.fixture
def editor(town: Municipality) -> User:
    return make_member(town)


@pytest.fixture
def stranger(db: None) -> User:
    return make_member(make_town("Altstadt"), "redaktion@altstadt.example")


@pytest.fixture
def reader(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def logo() -> bytes:
    """A picture as a town may have one."""
    file = BytesIO()
    Image.new("RGB", (120, 60), "#7a1f3d").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def guest(town: Municipality) -> User:
    """Reads and comments, but edits nothing."""
    user = make_member(town, "gremium@example.org", Role.Kind.COUNTERSIGNING)
    user.name = "Mia Sommer"
    user.save()
    return user


@pytest.fixture
def measure(concept: Concept) -> Measure:
    return concept.measures.get(code="A.1.1.1")


@pytest.fixture
def visitor(guest: User) -> Client:
    client = Client()
    client.force_login(guest)
    return client


@pytest.fixture
def manager(town: Municipality) -> User:
    return make_member(town, "fach@example.org", Role.Kind.ADMINISTRATION)


@pytest.fixture
def office(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client
