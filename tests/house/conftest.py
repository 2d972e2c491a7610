"""The house itself: its folder, and the order of its layers as pyproject.toml has it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def ranks(pyproject: dict[str, Any]) -> dict[str, int]:
    """Each app and how high it stands: the lowest is 0; apps beside each other ("a | b") share a rank."""
    (layers,) = (
        contract["layers"]
        for contract in pyproject["tool"]["importlinter"]["contracts"]
        if contract["id"] == "house"
    )
    return {
        app.strip(" ()"): rank
        for rank, layer in enumerate(reversed(layers))
        for app in layer.replace(":", "|").split("|")
    }
