"""The form of a paper as it is shown: one folding group for each block that asks for something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from committees.blocks import BlockKind
from committees.forms.writing import WritingForm
from committees.forms.writing_fields import (
    ANSWER,
    ATTACHMENTS,
    PAGES,
    POINTS,
    RELATIONS,
    SIGNATURES,
    TEXT,
    RowKind,
    entry_heading,
    readable,
)
from committees.layout_files import BlockData

# Blocks that print only what stands in a field of the paper: which one is opened from the preview.
OPENS = {
    BlockKind.HEAD: "date",
    BlockKind.VISIBILITY_BOXES: "public",
    BlockKind.SUBJECT: "subject",
    BlockKind.TIMELINE: "process",
    BlockKind.PARTICIPATION_BALANCE: "process",
}
HEAD_FIELDS = {
    "date": "date",
    "department": "department",
    "department_sign": "department",
    "author": "author",
    "contact": "contact",
    "file_number": "file_number",
    "visibility": "public",
    "concept": "concept",
}
ROUTE_BLOCKS = {BlockKind.ROUTE_TABLE, BlockKind.STAGE, BlockKind.EARLIER_RESULTS, BlockKind.AMENDMENTS}

# What they print is said in the layout; a paper has no field for it.
OF_THE_LAYOUT = {BlockKind.COMPONENTS, BlockKind.BODY_START}


@dataclass
class ShownRow:
    """One row with its buttons. `fields` by column."""

    key: str
    number: int
    fields: dict[str, BoundField]
    first: bool
    last: bool
    row: Any = None
    """As it is stored; None for a new one."""

    @property
    def has_errors(self) -> bool:
        return any(bound.errors for bound in self.fields.values())


@dataclass
class Part:
    """Fields under a heading of their own inside a group; `opens` leads to a field that stands elsewhere."""

    fields: list[BoundField]
    title: str = ""
    anchor: str = ""
    hint: str = ""
    opens: BoundField | None = None


@dataclass
class Group:
    """`kind` says how it is drawn; `anchors` maps ids of blocks that print only its fields to what they open:
    one id, or one for each thing that the block prints. A group that comes from no block of the layout is
    `added`: a layout may name a block like it."""

    key: str
    title: str
    kind: str
    parts: list[Part] = field(default_factory=list)
    rows: list[ShownRow] = field(default_factory=list)
    row_kind: RowKind | None = None
    anchors: dict[str, list[str]] = field(default_factory=dict)
    hint: str = ""
    added: bool = False

    @property
    def id(self) -> str:
        return f"{'gruppe' if self.added else 'baustein'}-{self.key}"

    @property
    def has_errors(self) -> bool:
        fields = [bound for part in self.parts for bound in part.fields]
        return any(bound.errors for bound in fields) or any(row.has_errors for row in self.rows)


def shown_groups(form: WritingForm) -> list[Group]:
    """In the order of the layout, behind what every paper has."""
    facts = _facts(form)
    groups = [facts]
    seen: set[str] = set()
    for block in form.blocks:
        group = _group(form, block, seen)
        if group is not None:
            groups.append(group)
        elif block.kind in ROUTE_BLOCKS or block.kind in OF_THE_LAYOUT:
            continue  # the group of the route has the former
        elif block.kind is BlockKind.POINT_REASONS:
            home = next((one for one in groups if one.row_kind is POINTS), facts)
            home.anchors[f"baustein-{block.key}"] = []
        else:
            facts.anchors[f"baustein-{block.key}"] = _opened_by(block)
    groups += _rest(form, groups)
    return groups


def _opened_by(block: BlockData) -> list[str]:
    """In the order of what is printed. A number and a type have no field: they open the block's first one."""
    rows = [*block.options.get("fields", ()), *block.options.get("after", ())]
    names = [HEAD_FIELDS.get(row["field"], "") for row in rows]
    first = next(filter(None, names), OPENS.get(block.kind, "subject"))
    return [f"id_{name or first}" for name in names or [first]]


def _facts(form: WritingForm) -> Group:
    def bound(*names: str) -> list[BoundField]:
        return [form[name] for name in names if name in form.fields]

    return Group(
        key="angaben",
        title=_("Angaben"),
        kind="facts",
        added=True,
        parts=[
            Part(bound("subject")),
            Part(bound("date", "file_number")),
            Part(bound("department", "author")),
            Part(bound("contact")),
            Part(bound("concept", "process")),
            Part(
                bound("public", "non_public_reason", "public_subject"),
                title=_("Öffentlichkeit"),
                hint=_(
                    "Einzelne Abschnitte, Beschlusspunkte und Anlagen nehmen Sie auf der Seite "
                    "„Öffentlichkeit“ dieser Vorlage aus."
                ),
            ),
            Part(bound("costs")),
            Part(bound("cost_amount", "cost_coverage")),
        ],
    )


def _group(form: WritingForm, block: BlockData, seen: set[str]) -> Group | None:
    title = block.title.rstrip(":") or readable(block.key)

    def bound(*names: str) -> list[BoundField]:
        """Each field is drawn once, in the first block that asks for it."""
        new = [name for name in names if name in form.fields and name not in seen]
        seen.update(new)
        return [form[name] for name in new]

    match block.kind:
        case BlockKind.PURPOSE_BOXES:
            names = [f"for_{box['purpose']}" for box in block.options["boxes"]]
            return Group(block.key, _("Zweck der Vorlage"), "boxes", [Part(bound(*names))])
        case BlockKind.SECTION:
            return Group(block.key, title, "text", [Part(bound(TEXT + block.key))])
        case BlockKind.ASSESSMENT:
            names = [f"{ANSWER}{block.key}.{row['key']}" for row in block.options["rows"]]
            return Group(block.key, title, "questions", [Part(bound(*names))])
        case BlockKind.QUESTIONNAIRE:
            parts = [
                _entry(form, block, entry, number, bound)
                for number, entry in enumerate(block.options["entries"], start=1)
            ]
            return Group(block.key, title, "questionnaire", parts)
        case BlockKind.CONCEPT_EXTRACT:
            kind = block.options.get("kind")
            names = [f"{PAGES}{one.pk}" for one in form.concept_fields if kind in (None, one.kind)]
            fields = bound(*names)
            hint = (
                _("Die Vorlage nennt sie, wie sie im Konzept stehen. Auf welchen Seiten der Anlage?")
                if fields
                else _("Kommt aus dem Konzept. Wählen Sie es unter „Angaben“ und speichern Sie.")
            )
            return Group(
                block.key, block.title.rstrip(":") or _("Aus dem Konzept"), "pages", [Part(fields)], hint=hint
            )
        case BlockKind.RESOLUTION:
            group = _rows(form, POINTS, block.key, title)
            group.parts = [Part(bound("resolution_opening"))]
            return group
        case BlockKind.SIGNATURES:
            return _rows(form, SIGNATURES, block.key, block.title.rstrip(":") or _("Unterschriften"))
        case BlockKind.ATTACHMENTS:
            return _rows(form, ATTACHMENTS, block.key, title)
    return None


def _entry(form: WritingForm, block: BlockData, entry: Mapping[str, Any], number: int, bound: Any) -> Part:
    key = f"{block.key}.{entry['key']}"
    questions = [f"{ANSWER}{block.key}.{question['key']}" for question in entry.get("questions", ())]
    fields = bound(TEXT + key, *questions, f"{TEXT}{key}.note")
    opens = form[HEAD_FIELDS[entry["field"]]] if entry.get("field") in HEAD_FIELDS else None
    # A single text has the entry's own words as its label.
    title = "" if len(fields) == 1 and not questions else entry_heading(entry)
    hint = "" if TEXT + key in form.fields else entry.get("hint", "")
    return Part(fields, title, f"baustein-{block.key}-{number}", hint, opens)


def _rows(form: WritingForm, kind: RowKind, key: str, title: str, *, added: bool = False) -> Group:
    stored, keys = form.stored_paper.rows[kind.prefix], form.keys(kind)
    rows = [
        ShownRow(
            key=one,
            number=number,
            fields={column: form[kind.name(one, column)] for column in kind.columns},
            first=number == 1,
            last=number == len(keys),
            row=stored.get(one),
        )
        for number, one in enumerate(keys, start=1)
    ]
    return Group(key, title, kind.prefix, rows=rows, row_kind=kind, added=added)


def _rest(form: WritingForm, groups: Sequence[Group]) -> Iterator[Group]:
    """What the paper has and its layout has no block for; its route; the papers that it is tied to."""
    drawn = {group.row_kind for group in groups}
    for kind, key in ((POINTS, "beschlusspunkte"), (SIGNATURES, "unterschriften"), (ATTACHMENTS, "anlagen")):
        if kind not in drawn and (kind is ATTACHMENTS or form.keys(kind)):
            yield _rows(form, kind, key, str(kind.many), added=True)
    yield _rows(form, RELATIONS, "bezuege", _("Bezug zu anderen Vorlagen"), added=True)
    yield Group(
        "route",
        _("Beratungsfolge"),
        "route",
        anchors={
            f"baustein-{block.key}": ["beratungsfolge-bearbeiten"]
            for block in form.blocks
            if block.kind in ROUTE_BLOCKS
        },
        added=True,
    )
