"""What the commands say to a person whose machine lacks something."""

import socket
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.once


def run(command: list[str], root: Path) -> tuple[int, str]:
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout + done.stderr


def on_a_machine(root: Path, *, without: str, user: int = 1000) -> tuple[int, str]:
    """What need_packages says where poppler is missing, and so are the commands named."""
    return run(
        [
            "bash",
            "-c",
            f"""
            set -euo pipefail
            source scripts/prepare-machine.sh
            is_there() {{ [ "$1" != poppler-utils ]; }}
            id() {{ echo {user}; }}
            command() {{
              case " {without} " in *" $2 "*) return 1 ;; esac
              [ "$2" = apt-get ] || builtin command "$@"
            }}
            need_packages python3-venv poppler-utils
            """,
        ],
        root,
    )


def test_without_the_right_to_install_the_exact_line_is_printed(root: Path) -> None:
    code, said = on_a_machine(root, without="sudo")
    assert code == 2
    assert "    apt-get update && apt-get install -y --no-install-recommends poppler-utils\n" in said
    assert "als root" in said


def test_on_another_system_the_packages_are_named(root: Path) -> None:
    code, said = on_a_machine(root, without="apt-get", user=0)
    assert code == 2
    assert "    poppler-utils\n" in said
    assert "apt-get" not in said


def test_a_busy_port_gets_a_sentence(root: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        code, said = run(["scripts/demo", "--port", str(port)], root)
    assert code == 2
    assert said.startswith(f"Der Anschluss {port} ist belegt")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "achtzig"], "„achtzig“ ist kein Anschluss"),
        (["--port", "70000"], "„70000“ ist kein Anschluss"),
        (["--port"], "„“ ist kein Anschluss"),
        (["--alles"], "Aufruf: scripts/demo"),
    ],
)
def test_arguments_that_make_no_sense_get_a_sentence(arguments: list[str], sentence: str, root: Path) -> None:
    code, said = run(["scripts/demo", *arguments], root)
    assert code == 2
    assert said.startswith(sentence)


def test_the_scripts_are_whole(root: Path) -> None:
    scripts = [
        path
        for path in (root / "scripts").iterdir()
        if path.is_file()
        and (path.suffix == ".sh" or path.read_text("utf-8").startswith("#!/usr/bin/env bash"))
    ]
    assert root / "scripts" / "demo" in scripts
    assert run(["bash", "-n", *map(str, scripts)], root) == (0, "")
