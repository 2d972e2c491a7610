"""A layout as one readable file: written, read, checked, and taken over into a town."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from committees.blocks import BlockError, BlockKind, check_options, check_order
from committees.models import LayoutBlock, PaperLayout
from committees.options import Entries, OptionError, Slug, Text, check_fields
from municipalities.models import Municipality, User

PRESET_FOLDER = Path(__file__).resolve().parent / "layouts"
LONGEST_FILE = 100_000
FILE_FIELDS = {"name": Text(100, required=True), "blocks": Entries(required=True)}
BLOCK_FIELDS = ("key", "kind", "title", "options")


class LayoutError(ValueError):
    """The file is no layout. The message is a German sentence that names the place."""


@dataclass(frozen=True)
class BlockData:
    key: str
    kind: BlockKind
    title: str = ""
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LayoutData:
    name: str
    blocks: tuple[BlockData, ...]


def preset_names() -> list[str]:
    return sorted(path.stem for path in PRESET_FOLDER.glob("*.yaml"))


def preset(name: str) -> str:
    """The text of a preset. Raises LayoutError if there is none of this name."""
    if name not in preset_names():
        raise LayoutError(
            _("Ein Layout „%(name)s“ gibt es nicht. Mitgeliefert sind: %(known)s.")
            % {"name": name, "known": ", ".join(preset_names())}
        )
    return (PRESET_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def read_layout(text: str) -> LayoutData:
    """The layout that a file describes. Raises LayoutError with a German sentence if it describes none."""
    if len(text) > LONGEST_FILE:
        raise LayoutError(_("Die Datei ist zu groß für ein Layout."))
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = _(" (Zeile %d)") % (mark.line + 1) if mark else ""
        raise LayoutError(_("Die Datei ist kein lesbares YAML%s.") % line) from error
    if not isinstance(data, dict):
        raise LayoutError(_("Die Datei muss einen Namen (name) und Bausteine (blocks) enthalten."))
    try:
        check_fields(FILE_FIELDS, data)
    except OptionError as error:
        raise LayoutError(str(error)) from error
    read = [_read_block(number, row) for number, row in enumerate(data["blocks"], start=1)]
    keys = [block.key for block in read]
    for key in keys:
        if keys.count(key) > 1:
            raise LayoutError(_("Der Schlüssel „%s“ kommt mehrfach vor.") % key)
    try:
        check_order((block.kind, block.options) for block in read)
    except BlockError as error:
        raise LayoutError(str(error)) from error
    return LayoutData(data["name"], tuple(read))


def _read_block(number: int, row: Any) -> BlockData:
    place = _("Baustein %d") % number
    if not isinstance(row, dict):
        raise LayoutError(_("%s muss aus Namen und Werten bestehen.") % place)
    kind = row.get("kind")
    if kind not in BlockKind.values:
        raise LayoutError(
            _("%(place)s: Die Art „%(kind)s“ gibt es nicht. Möglich sind: %(known)s.")
            % {"place": place, "kind": kind, "known": ", ".join(BlockKind.values)}
        )
    if unknown := set(row) - set(BLOCK_FIELDS):
        raise LayoutError(
            _("%(place)s: „%(name)s“ ist unbekannt. Möglich sind: %(known)s.")
            % {"place": place, "name": min(map(str, unknown)), "known": ", ".join(BLOCK_FIELDS)}
        )
    key, title, options = row.get("key"), row.get("title", ""), row.get("options", {})
    try:
        Slug(required=True).check(key, "key")
        Text(250).check(title, "title")
        check_options(BlockKind(kind), options)
    except (OptionError, BlockError) as error:
        raise LayoutError(f"{place} ({key or kind}): {error}") from error
    return BlockData(str(key), BlockKind(kind), title, options)


@transaction.atomic
def import_layout(municipality: Municipality, text: str, by: User | None) -> PaperLayout:
    """Takes the layout over into the town. A layout of the same name gets the file's blocks.

    What has been issued with the old blocks stays as it is: its bytes are frozen.
    """
    data = read_layout(text)
    layout, _created = PaperLayout.objects.get_or_create(municipality=municipality, name=data.name)
    reason = _("Layout aus Datei übernommen")
    for old in layout.blocks.all():
        _say_why(old, reason, by)
        old.delete()
    for position, block in enumerate(data.blocks, start=1):
        row = LayoutBlock(
            layout=layout,
            position=position,
            key=block.key,
            kind=block.kind,
            title=block.title,
            options=block.options,
        )
        _say_why(row, reason, by)
        row.save()
    return layout


def _say_why(block: LayoutBlock, reason: str, by: User | None) -> None:
    """For the history; names that django-simple-history reads from the row."""
    setattr(block, "_change_reason", reason)  # noqa: B010 – mypy knows no such attribute
    setattr(block, "_history_user", by)  # noqa: B010


def export_layout(layout: PaperLayout) -> str:
    """The layout as a file that `read_layout` reads back to the same."""
    blocks = [_block_as_data(block) for block in layout.blocks.all()]
    return yaml.safe_dump(
        {"name": layout.name, "blocks": blocks}, allow_unicode=True, sort_keys=False, width=110, indent=2
    )


def _block_as_data(block: LayoutBlock) -> dict[str, Any]:
    data: dict[str, Any] = {"key": block.key, "kind": str(block.kind)}
    if block.title:
        data["title"] = block.title
    if block.options:
        data["options"] = block.options
    return data


def blocks_of(layout: PaperLayout) -> Iterable[BlockData]:
    for block in layout.blocks.all():
        yield BlockData(block.key, BlockKind(block.kind), block.title, block.options)
