"""What would become of today's state if an earlier one were restored."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from concepts.history.entries import CHANGED, DELETED, MADE, Change
from concepts.history.stands import Comparison
from concepts.history.words import FieldChange, Words
from concepts.models import Concept


@dataclass(frozen=True)
class Line:
    """A line inside the part. `key` names it for restoring it alone; "" where it came later and would go."""

    key: str
    title: str
    word: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class Return:
    """`places` differ too, but are not restored: where the part stands in the tree."""

    fields: list[FieldChange]
    places: list[FieldChange]
    lines: list[Line]
    recorded: bool

    @property
    def possible(self) -> bool:
        return bool(self.fields or self.lines)


def return_to(concept: Concept, found: Comparison) -> Return:
    """The difference read from today to then."""
    track, _pk = found.own_key
    own = found.own
    back = Change(track, own.after, own.before) if own else None
    lines = {key: Change(key[0], change.after, change.before) for key, change in found.rows.items()}
    told = [pair for change in [*([back] if back else []), *lines.values()] for pair in change.told]
    words = Words(concept.municipality_id, told)
    fields = back.fields(words) if back and back.what == CHANGED else []
    return Return(
        fields=[field for field in fields if track.restorable(field.name)],
        places=[field for field in fields if not track.restorable(field.name)],
        lines=[_line(change, key[1], words) for key, change in lines.items()],
        recorded=found.own_key not in found.unrecorded,
    )


def _line(change: Change, pk: int, words: Words) -> Line:
    told = change.in_words(words)
    word = {
        MADE: _("würde wieder angelegt"),
        CHANGED: _("würde geändert"),
        DELETED: _("würde gelöscht"),
    }[change.what]
    key = f"{change.track.name}-{pk}" if change.what != DELETED else ""
    return Line(key, told.title, word, told.fields)
