"""The fields of a paper's form: what the blocks of its layout ask for, and which rows it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from committees.blocks import BlockKind
from committees.layout_files import BlockData
from committees.models import (
    Assessment,
    Paper,
    PaperAttachment,
    PaperRelation,
    PaperSignature,
    ResolutionPoint,
    Section,
)
from concepts.models import ActionField
from documents.richtext import RichTextFormField
from municipalities.choice_widgets import DASHES, CheckList, QuickSelect

TEXT, ANSWER, PAGES = "text-", "antwort-", "seite-"
LONGEST_PAGES = 30
Choices = Sequence[tuple[Any, str]]


class PaperTextField(RichTextFormField):
    """Rich text of a row; its pictures have to be those of the paper's town."""

    def __init__(self, *, paper: Paper, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.paper = paper

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        column = Section._meta.get_field("body")
        column.validate(text, Section(paper=self.paper))
        return text


def text_field(paper: Paper, label: str, hint: str = "") -> forms.Field:
    # A help text may hold markup; what a layout says is none.
    return PaperTextField(paper=paper, label=label, help_text=escape(hint))


# ---- Questions -------------------------------------------------------------------------------------------


def answer_field(label: str, answers: Iterable[Mapping[str, Any]], now: str) -> forms.Field:
    """The answers in the town's words, and „nicht angegeben“, which is none of them."""
    choices = [(choice["answer"], choice["label"]) for choice in answers]
    known = {value for value, _label in choices}
    if now and now not in known:
        choices.append((now, Assessment.Answer(now).label))
    nothing = Assessment.Answer.UNANSWERED
    if nothing not in {value for value, _label in choices}:
        choices.append((nothing, str(nothing.label)))
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)


def readable(key: str) -> str:
    """`zu-den-punkten` is `Zu den punkten`: for a block without a title of its own."""
    return key.replace("-", " ").replace("_", " ").capitalize()


# ---- Rows ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RowKind:
    """`prefix` begins the names of its fields: `punkt-12-text`, `punkt-n1-text` for a new row."""

    prefix: str
    model: Any
    manager: str
    one: Any
    many: Any
    add: Any
    columns: tuple[str, ...]
    told_by: str
    """The column that says which row it is, where the rows themselves are spoken of."""

    @property
    def order(self) -> str:
        return f"{self.prefix}-reihe"

    def name(self, key: str, column: str) -> str:
        return f"{self.prefix}-{key}-{column}"


POINTS = RowKind(
    "punkt", ResolutionPoint, "resolution_points", _("Beschlusspunkt"), _("Beschlusspunkte"),
    _("Beschlusspunkt hinzufügen"), ("text", "reasons", "measures"), "text",
)  # fmt: skip
SIGNATURES = RowKind(
    "unterschrift", PaperSignature, "signatures", _("Unterschrift"), _("Unterschriften"),
    _("Unterschrift hinzufügen"), ("line_above", "person", "function"), "function",
)  # fmt: skip
ATTACHMENTS = RowKind(
    "anlage", PaperAttachment, "attachments", _("Anlage"), _("Anlagen"), "", ("title", "public"), "title"
)
RELATIONS = RowKind(
    "bezug", PaperRelation, "relations", _("Bezug"), _("Bezüge"), _("Bezug hinzufügen"),
    ("kind", "number", "note"), "number",
)  # fmt: skip
ROW_KINDS = (POINTS, SIGNATURES, ATTACHMENTS, RELATIONS)
MOST_ROWS = 200


@dataclass
class Offered:
    """What a row's fields offer to choose from, read once for all rows."""

    persons: Choices = ()
    measures: Mapping[str, Choices] = field(default_factory=dict)
    """By the key of a point: those that it has, and those that were just found for it."""


class MeasuresField(forms.MultipleChoiceField):
    """Ticks for the measures that a point is about: those it has, and those just searched for."""

    widget = CheckList

    def clean(self, value: Any) -> list[int]:
        return sorted(int(one) for one in super().clean(value))


def fields_of_row(
    kind: RowKind, key: str, number: int, paper: Paper, offered: Offered
) -> dict[str, forms.Field]:
    """Column → field. A new row may be left empty, so nothing here is required: the form asks."""
    title = f"{kind.one} {number}"
    match kind:
        case _ if kind is POINTS:
            return {
                "text": text_field(paper, title),
                "reasons": text_field(paper, _now("Begründung zu Punkt %d") % number),
                "measures": MeasuresField(
                    label=_now("Maßnahmen zu Punkt %d") % number,
                    required=False,
                    choices=offered.measures.get(key, ()),
                ),
            }
        case _ if kind is SIGNATURES:
            return {
                "line_above": forms.CharField(
                    label=_now("Zeile darüber (Unterschrift %d)") % number,
                    max_length=80,
                    required=False,
                    help_text=_("Zum Beispiel „In Vertretung“."),
                ),
                "person": forms.TypedChoiceField(
                    label=_now("Person (Unterschrift %d)") % number,
                    choices=[("", DASHES), *offered.persons],
                    coerce=int,
                    empty_value=None,
                    required=False,
                    widget=QuickSelect,
                ),
                "function": forms.CharField(
                    label=_now("Funktion (Unterschrift %d)") % number, max_length=100, required=False
                ),
            }
        case _ if kind is ATTACHMENTS:
            return {
                "title": forms.CharField(
                    label=_now("Titel der Anlage %d") % number, max_length=200, required=False
                ),
                "public": forms.BooleanField(label=_now("Anlage %d ist öffentlich") % number, required=False),
            }
        case _:
            return {
                "kind": forms.ChoiceField(
                    label=_now("Diese Vorlage … (Bezug %d)") % number,
                    choices=PaperRelation.Kind.choices,
                    required=False,
                    widget=QuickSelect,
                ),
                "number": forms.CharField(
                    label=_now("Nummer der anderen Vorlage (Bezug %d)") % number,
                    max_length=60,
                    required=False,
                    help_text=_("Auch die einer Vorlage, die nicht im Portal steht."),
                    widget=forms.TextInput(attrs={"list": "vorlagen-nummern", "autocomplete": "off"}),
                ),
                "note": forms.CharField(
                    label=_now("Hinweis (Bezug %d)") % number, max_length=200, required=False
                ),
            }


def merged_order(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Two have changed a list of rows: what either added stands in it, what either took out does not, and
    where both have moved something, mine holds."""
    if list(mine) == list(base):
        return list(theirs)
    gone = set(base) - set(theirs)
    order = [key for key in mine if key not in gone]
    for place, key in enumerate(theirs):
        if key not in base and key not in order:
            before = [order.index(one) + 1 for one in theirs[:place] if one in order]
            order.insert(before[-1] if before else len(order), key)
    return order


# ---- Blocks ----------------------------------------------------------------------------------------------


def fields_of_block(
    block: BlockData, paper: Paper, stored: Mapping[str, Any], fields: Sequence[ActionField]
) -> Iterator[tuple[str, forms.Field]]:
    """What the block asks for beside the paper's own fields and rows."""
    options = block.options
    match block.kind:
        case BlockKind.SECTION:
            yield TEXT + block.key, text_field(paper, block.title.rstrip(":") or readable(block.key))
        case BlockKind.ASSESSMENT:
            for row in options["rows"]:
                name = f"{ANSWER}{block.key}.{row['key']}"
                yield name, answer_field(row["label"], options["answers"], stored.get(name, ""))
        case BlockKind.QUESTIONNAIRE:
            for entry in options["entries"]:
                yield from _fields_of_entry(block, entry, paper, stored)
        case BlockKind.CONCEPT_EXTRACT:
            for one in fields:
                if options.get("kind", one.kind) == one.kind:
                    yield (
                        f"{PAGES}{one.pk}",
                        forms.CharField(
                            label=f"{one.code} {one.title}".strip(), max_length=LONGEST_PAGES, required=False
                        ),
                    )


def _fields_of_entry(
    block: BlockData, entry: Mapping[str, Any], paper: Paper, stored: Mapping[str, Any]
) -> Iterator[tuple[str, forms.Field]]:
    key = f"{block.key}.{entry['key']}"
    heading = entry_heading(entry)
    # Where the entry prints a field of the paper, or only asks questions, a text of its own is the exception.
    if stored.get(TEXT + key) or not (entry.get("field") or entry.get("questions")):
        yield TEXT + key, text_field(paper, heading, entry.get("hint", ""))
    for question in entry.get("questions", ()):
        name = f"{ANSWER}{block.key}.{question['key']}"
        yield name, answer_field(question["label"], block.options["answers"], stored.get(name, ""))
    if entry.get("note"):
        yield f"{TEXT}{key}.note", text_field(paper, entry["note"].rstrip(":"), entry.get("note_hint", ""))


def entry_heading(entry: Mapping[str, Any]) -> str:
    heading = " ".join(filter(None, [entry.get("letter", ""), entry.get("label", "").rstrip(":")]))
    return heading or readable(entry["key"])
