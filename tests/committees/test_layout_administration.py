"""Layouts in the administration: what could not be printed is not saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from committees.models import PaperLayout
from municipalities.models import Municipality

pytestmark = pytest.mark.django_db

ADD = reverse("admin:committees_paperlayout_add")
BREAK = {"key": "hauptteil", "kind": "body_start"}
SUBJECT = {"key": "betreff", "kind": "subject"}
PROPOSAL = {"key": "beschluss", "kind": "resolution"}


@pytest.fixture
def administration(towns: dict[str, Municipality], login_as: Callable[..., Client]) -> Client:
    return login_as("fachadministration", towns["leverkusen"])


def form_of(town: Municipality, *blocks: dict[str, str], **values: Any) -> dict[str, Any]:
    """What the browser sends: the blocks stand in the order in which they are to be printed."""
    data = {"municipality": town.pk, "name": "Neues Layout"}
    data |= {"blocks-TOTAL_FORMS": len(blocks), "blocks-INITIAL_FORMS": 0}
    for index, block in enumerate(blocks):
        data |= {f"blocks-{index}-{name}": value for name, value in block.items()}
        data |= {f"blocks-{index}-position": index + 1, f"blocks-{index}-options": "{}"}
    return data | values


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        ([], "Ein Layout braucht genau einen Betreff"),
        ([SUBJECT, SUBJECT | {"key": "zweiter"}], "Ein Layout braucht genau einen Betreff"),
        ([SUBJECT, BREAK, BREAK | {"key": "zweite"}], "„neue Seite“ darf nur einmal vorkommen."),
        (
            [SUBJECT, BREAK, PROPOSAL],
            "„Beschlussvorschlag“ ist je Beratung anders und muss deshalb vor der neuen Seite stehen.",
        ),
    ],
)
def test_an_order_that_cannot_be_printed_gets_a_sentence(
    administration: Client, towns: dict[str, Municipality], blocks: list[dict[str, str]], sentence: str
) -> None:
    answer = administration.post(ADD, form_of(towns["leverkusen"], *blocks))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not PaperLayout.objects.filter(name="Neues Layout").exists()


def test_what_is_wrong_with_a_block_is_said_there_first(
    administration: Client, towns: dict[str, Municipality]
) -> None:
    answer = administration.post(
        ADD, form_of(towns["leverkusen"], SUBJECT, {"key": "x", "kind": "gibtsnicht"})
    )
    assert answer.status_code == 200
    assert "genau einen Betreff" not in answer.content.decode()


def test_a_new_layout_has_a_line_for_its_first_block_without_script(administration: Client) -> None:
    assert 'name="blocks-0-kind"' in administration.get(ADD).content.decode()


def test_a_layout_in_order_is_saved_and_can_be_put_out_of_order_by_nobody(
    administration: Client, towns: dict[str, Municipality]
) -> None:
    town = towns["leverkusen"]
    answer = administration.post(ADD, form_of(town, SUBJECT, PROPOSAL, BREAK))
    assert answer.status_code == 302
    layout = PaperLayout.objects.get(name="Neues Layout")
    assert [block.key for block in layout.blocks.all()] == ["betreff", "beschluss", "hauptteil"]

    address = reverse("admin:committees_paperlayout_change", args=[layout.pk])
    form = form_of(town, SUBJECT, PROPOSAL, BREAK) | {"blocks-INITIAL_FORMS": 3}
    for index, block in enumerate(layout.blocks.all()):
        form |= {f"blocks-{index}-id": block.pk, f"blocks-{index}-layout": layout.pk}
    behind = administration.post(address, form | {"blocks-1-position": 4})
    assert "muss deshalb vor der neuen Seite stehen" in behind.content.decode()
    without = administration.post(address, form | {"blocks-0-DELETE": "on"})
    assert "braucht genau einen Betreff" in without.content.decode()
    assert administration.post(address, form | {"blocks-2-DELETE": "on"}).status_code == 302
    assert [block.key for block in layout.blocks.all()] == ["betreff", "beschluss"]
