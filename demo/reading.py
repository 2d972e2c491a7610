"""Reads the towns' files strictly: what no field knows stops the loading with a sentence."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

_MISSING = object()


class LoadError(Exception):
    """Something in a town's file makes no sense; the message names the place."""


def read_file(path: Path) -> Row:
    """The file's top level; an empty row where the file does not exist."""
    if not path.exists():
        return Row({}, path.name)
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise LoadError(f"{path}: kein lesbares YAML. {error}") from error
    return Row(data or {}, f"{path.parent.name}/{path.name}")


class Row:
    """A mapping from a file. `take` removes a value; `done` complains about what is left over."""

    def __init__(self, data: Any, place: str) -> None:
        if not isinstance(data, dict):
            raise LoadError(f"{place}: hier werden Namen und Werte erwartet, nicht „{data}“.")
        self.data = dict(data)
        self.place = place

    def take(self, name: str, default: Any = _MISSING) -> Any:
        if name not in self.data and default is _MISSING:
            raise LoadError(f"{self.place}: „{name}“ fehlt.")
        value = self.data.pop(name, default)
        return default if value is None and default is not _MISSING else value

    def take_row(self, name: str) -> Row:
        return Row(self.take(name, {}), f"{self.place}.{name}")

    def take_rows(self, name: str) -> Iterator[Row]:
        for number, data in enumerate(self.take(name, []), start=1):
            yield Row(data, f"{self.place}.{name}[{number}]")

    def take_row_list(self, name: str) -> list[Row]:
        return list(self.take_rows(name))

    def take_text(self, name: str) -> str:
        return to_html(str(self.take(name, "")))

    def done(self) -> None:
        if self.data:
            raise LoadError(f"{self.place}: unbekannt: {', '.join(map(str, self.data))}.")


def german_date(value: Any, place: str) -> datetime.date:
    """`18.12.2017`, or what YAML took for a date already."""
    if isinstance(value, datetime.date):
        return value
    try:
        day, month, year = map(int, str(value).split("."))
        return datetime.date(year, month, day)
    except ValueError as error:
        raise LoadError(f"{place}: „{value}“ ist kein Datum wie 18.12.2017.") from error


def to_html(text: str) -> str:
    """Paragraphs, lists and headings from plain text; HTML stays as it is."""
    text = text.strip()
    if text.startswith("<"):
        return text
    return "".join(_block(block) for block in re.split(r"\n\s*\n", text) if block.strip())


def _block(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines()]
    for pattern, tag in ((r"- ", "ul"), (r"\d+\. ", "ol")):
        if re.match(pattern, lines[0]):
            items = re.split(rf"\n(?={pattern})", "\n".join(lines))
            inner = "".join(f"<li>{_escape(re.sub(f'^{pattern}', '', item))}</li>" for item in items)
            return f"<{tag}>{inner}</{tag}>"
    if lines[0].startswith("## "):
        rest = _block("\n".join(lines[1:])) if lines[1:] else ""
        return f"<h3>{_escape(lines[0][3:])}</h3>{rest}"
    return f"<p>{_escape(' '.join(lines))}</p>"


def _escape(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=False)
