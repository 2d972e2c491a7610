"""Each dependency says what it is there for, and what is installed is what was locked."""

import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> dict[str, str]:
    return {normal(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


def test_every_dependency_says_what_it_is_there_for(root: Path, pyproject: dict[str, Any]) -> None:
    wanted = pyproject["project"]["dependencies"] + pyproject["dependency-groups"]["dev"]
    text = (root / "pyproject.toml").read_text("utf-8")
    commented = re.findall(r'^    "([^"]+)",\s+# \w.{7,}$', text, re.MULTILINE)
    assert [name for name in wanted if name not in commented] == []


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_hashes_and_no_addresses(name: str, root: Path) -> None:
    text = (root / name).read_text("utf-8")
    assert not re.search(r"://|file:|--(?:extra-)?index-url|--find-links", text)
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 20
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_locks_hold_every_dependency_and_agree(root: Path, pyproject: dict[str, Any]) -> None:
    program, tests = (locked((root / name).read_text("utf-8")) for name in LOCKS)
    names = [normal(re.split(r"[\[<>=~! ]", wanted)[0]) for wanted in pyproject["project"]["dependencies"]]
    assert set(names) <= set(program)
    dev = [normal(re.split(r"[\[<>=~! ]", wanted)[0]) for wanted in pyproject["dependency-groups"]["dev"]]
    assert set(dev) <= set(tests)
    assert program.items() <= tests.items()
