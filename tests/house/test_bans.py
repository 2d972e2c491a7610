"""The house's bans bite: what they forbid is found by the very settings that scripts/check uses."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

RUFF = [sys.executable, "-m", "ruff", "check", "--output-format", "concise"]


def ruff_codes(code: str, root: Path) -> set[str]:
    done = subprocess.run(
        [*RUFF, "--stdin-filename", "concepts/a.py", "-"],
        input=code,
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return set(re.findall(r"^\S+\.py:\d+:\d+: (\w+) ", done.stdout, re.MULTILINE))


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("from django.dispatch import receiver\n\n__all__ = ['receiver']\n", "TID251"),
        ("from django.db.models.signals import post_save\n\n__all__ = ['post_save']\n", "TID251"),
        ("from django.db.models import signals\n\n__all__ = ['signals']\n", "TID251"),
        ("from django.contrib.contenttypes.fields import GenericForeignKey\n", "TID251"),
        ("def f() -> str:\n    import json\n\n    return json.dumps(1)\n", "PLC0415"),
        ("from .models import Concept\n\n__all__ = ['Concept']\n", "TID252"),
    ],
)
def test_ruff_finds(code: str, rule: str, root: Path) -> None:
    assert rule in ruff_codes(code, root)


def test_ruff_finds_nothing_in_plain_code(root: Path) -> None:
    assert ruff_codes("import json\n\n\ndef f() -> str:\n    return json.dumps(1)\n", root) == set()


def lint_imports(house: Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(house), "PATH": ""},
    )
    return done.stdout + done.stderr


@pytest.fixture
def empty_house(root: Path, tmp_path: Path, ranks: dict[str, int]) -> Path:
    for app in ranks:
        (tmp_path / app).mkdir()
        (tmp_path / app / "__init__.py").touch()
        (tmp_path / app / "models.py").touch()
        (tmp_path / app / "views.py").touch()
    (tmp_path / "pyproject.toml").write_text((root / "pyproject.toml").read_text("utf-8"), "utf-8")
    return tmp_path


def test_import_linter_finds_an_app_that_imports_upward(empty_house: Path) -> None:
    assert "2 kept, 0 broken" in lint_imports(empty_house)
    (empty_house / "municipalities" / "models.py").write_text("import concepts.models\n", "utf-8")
    assert "A later stage imports the earlier one BROKEN" in lint_imports(empty_house)


def test_import_linter_finds_a_model_that_imports_a_view(empty_house: Path) -> None:
    (empty_house / "concepts" / "models.py").write_text("import concepts.views\n", "utf-8")
    assert "Inside an app the web imports the domain BROKEN" in lint_imports(empty_house)
