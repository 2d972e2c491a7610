"""Any colour a town chooses stays readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipalities.colours import BLACK, WHITE, TownColours, contrast

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_as_the_guideline_counts_it() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)
    assert contrast(WHITE, "#777777") == contrast("#777777", WHITE)


@pytest.mark.parametrize(("colour", "on"), [("#ffd500", BLACK), ("#c8102e", WHITE), ("#2b3352", WHITE)])
def test_text_on_the_colour(colour: str, on: str) -> None:
    assert TownColours.of(colour).on == on


def test_dark_colour_is_its_own_ink() -> None:
    assert TownColours.of("#8a0a1e").ink == "#8a0a1e"


@given(colours)
def test_every_colour_is_readable(colour: str) -> None:
    town = TownColours.of(colour)
    assert contrast(town.on, town.colour) >= 4.5
    assert contrast(town.ink, WHITE) >= 4.5
    assert contrast(town.ink, town.tint) >= 4.5
    assert contrast("#171a2b", town.tint) >= 7
