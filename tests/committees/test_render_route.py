"""manage.py render_route: files, progress, and one sentence for what went wrong."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from committees.models import Paper
from documents.progress import Progress
from tests.committees.factories import make_committee, make_paper, make_stage, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    town = make_town()
    paper = make_paper(town, "Das Konzept wird beschlossen.", layout="kreis-mettmann")
    make_stage(paper, make_committee(town, "Sozialausschuss"), "advise")
    make_stage(
        paper, make_committee(town, "Schulausschuss"), "advise", left_out=True, left_out_reason="keine Zeit"
    )
    make_stage(paper, make_committee(town, "Rat"), "decide")
    return paper


def run(*arguments: object) -> int:
    """The exit code."""
    try:
        call_command("render_route", *map(str, arguments))
    except SystemExit as error:
        return int(error.code or 0)
    return 0


def sentence(capsys: Any) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return str(err).strip()


def test_it_writes_the_stages_that_take_place_and_names_the_files(
    paper: Paper, tmp_path: Path, capsys: Any
) -> None:
    folder = tmp_path / "neu" / "tief"
    assert run("2024/17", "--out", folder) == 0
    names = ["2024-17_1_Sozialausschuss.pdf", "2024-17_3_Rat.pdf"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert all(path.read_bytes().startswith(b"%PDF-") for path in folder.iterdir())
    out, err = capsys.readouterr()
    assert out.splitlines() == [str(folder / name) for name in names]
    assert err.splitlines() == [f"{number} von 2: {name}" for number, name in enumerate(names, start=1)]


def test_an_unknown_number_is_a_sentence(paper: Paper, tmp_path: Path, capsys: Any) -> None:
    assert run("2024/99", "--out", tmp_path) == 2
    assert sentence(capsys) == "Eine Vorlage mit der Nummer „2024/99“ gibt es nicht."


def test_a_number_of_another_town_is_a_sentence(paper: Paper, tmp_path: Path, capsys: Any) -> None:
    make_town("Altstadt")
    assert run("2024/17", "--out", tmp_path, "--town", "altstadt") == 2
    assert sentence(capsys) == "Eine Vorlage mit der Nummer „2024/17“ gibt es in „altstadt“ nicht."


def test_an_unknown_town_is_a_sentence_that_names_those_there_are(
    paper: Paper, tmp_path: Path, capsys: Any
) -> None:
    assert run("2024/17", "--out", tmp_path, "--town", "nirgendwo") == 2
    said = sentence(capsys)
    assert said.startswith("Eine Kommune „nirgendwo“ gibt es hier nicht. Vorhanden: ")
    assert said.endswith("neustadt.")


def test_a_number_that_two_towns_use_needs_the_town(paper: Paper, tmp_path: Path, capsys: Any) -> None:
    other = make_paper(make_town("Altstadt"), layout="kreis-mettmann")
    make_stage(other, make_committee(other.municipality, "Rat"), "decide")
    assert run("2024/17", "--out", tmp_path) == 2
    assert sentence(capsys) == (
        "Die Nummer „2024/17“ gibt es in mehreren Kommunen (altstadt, neustadt): "
        "bitte eine mit --town angeben."
    )
    assert run("2024/17", "--out", tmp_path, "--town", "altstadt") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["2024-17_1_Rat.pdf"]


def test_a_file_where_the_folder_should_be_is_a_sentence(paper: Paper, tmp_path: Path, capsys: Any) -> None:
    occupied = tmp_path / "datei"
    occupied.write_text("")
    for folder in (occupied, occupied / "darunter"):
        assert run("2024/17", "--out", folder) == 2
        assert sentence(capsys) == (
            f"In den Ordner „{folder}“ kann nicht geschrieben werden: Dort liegt eine Datei."
        )


def test_a_folder_without_permission_is_a_sentence(
    paper: Paper, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)  # root may write everywhere
    assert run("2024/17", "--out", tmp_path) == 2
    assert sentence(capsys) == (
        f"In den Ordner „{tmp_path}“ kann nicht geschrieben werden: Die Berechtigung fehlt."
    )


def test_a_route_without_a_stage_that_takes_place_is_a_sentence(tmp_path: Path, capsys: Any) -> None:
    make_paper(make_town(), layout="kreis-mettmann")
    assert run("2024/17", "--out", tmp_path) == 2
    assert sentence(capsys) == "Die Vorlage 2024/17 hat keine Beratung, die stattfindet."


@pytest.mark.once
def test_on_a_terminal_the_bar_is_drawn_over() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    progress = Progress(3, terminal)
    for name in "abc":
        progress.step(name)
    assert terminal.getvalue().count("\r") == 3
    assert terminal.getvalue().endswith("█" * 30 + " 3 von 3\n")
