"""A town with its concept, its editor, and somebody from another town."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from concepts.models import Concept
from municipalities.models import Municipality, User
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
