"""The states of rows in words: names instead of numbers, German dates, and what differs between two."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concepts.additional import additional_fields, in_words
from concepts.figures import NOTHING, euros
from concepts.history.tracks import State, Track, differing, is_answer, is_empty, question_of
from documents.charts import german_number
from documents.differences import Difference, compare, compare_texts, exchange, items
from documents.richtext import RichTextField
from municipalities.models import Person

LONGEST_NAME = 120
MONEY_PLACES = 2
FORM_ONLY = gettext_lazy(
    "Nur die Form hat sich geändert, zum Beispiel eine Überschrift, eine Liste oder eine Hervorhebung."
)


def moment(when: datetime.datetime) -> str:
    """„18.12.2017 um 14:05 Uhr“."""
    return _("%s Uhr") % f"{timezone.localtime(when):%d.%m.%Y um %H:%M}"


def name_of(row: models.Model) -> str:
    name = f"{row.name}, {row.function}" if isinstance(row, Person) and row.function else str(row)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


@dataclass(frozen=True)
class FieldChange:
    """`html` shows what was and what is; `name` is the state's name for it."""

    name: str
    label: str
    html: SafeString


class Words:
    """Knows the names of everything that some states point at; reads them in two queries per model."""

    def __init__(
        self, municipality_id: int, told: Iterable[tuple[Track, State]], also: Iterable[tuple[Any, int]] = ()
    ) -> None:
        wanted: dict[Any, set[int]] = defaultdict(set)
        for model, pk in also:
            wanted[model].add(pk)
        asked = False
        for track, state in told:
            for name, value in state.items():
                if is_answer(name):
                    asked = True
                elif (field := track.fields[name]).is_relation and value:
                    wanted[field.related_model] |= {value} if isinstance(value, int) else set(value)
        self.questions = (
            {str(field.pk): field for field in additional_fields(municipality_id)} if asked else {}
        )
        self.names = {(model, pk): name for model, ids in wanted.items() for pk, name in _names(model, ids)}

    def reference(self, model: Any, pk: int) -> str:
        return self.names.get((model, pk)) or _("gelöscht, Nr. %d") % pk

    def label(self, track: Track, name: str) -> str:
        if is_answer(name):
            field = self.questions.get(question_of(name))
            return field.label if field else _("Zusatzfeld %s") % question_of(name)
        return str(track.fields[name].verbose_name)

    def value(self, track: Track, name: str, value: Any) -> str:
        """One line; a dash where nothing stands. Not for texts and links."""
        if is_empty(value):
            return NOTHING
        if is_answer(name):
            field = self.questions.get(question_of(name))
            try:
                return in_words(field.kind if field else "", value)
            except (ArithmeticError, ValueError):
                return str(value)  # answered before the question became one for a number or a date
        column = track.fields[name]
        if column.is_relation:
            return self.reference(column.related_model, value)
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        match value:
            case bool():
                return _("ja") if value else _("nein")
            case Decimal():
                return german_number(value, _places(value, column.decimal_places))
            case list():
                return ", ".join(map(str, value))
            case _:
                return str(value)

    def difference(self, track: Track, name: str, before: Any, after: Any) -> Difference:
        field = None if is_answer(name) else track.fields[name]
        if field is not None and field.many_to_many:
            old, new = [self._listed(field, value or frozenset()) for value in (before, after)]
            return items(old, new)
        if isinstance(field, RichTextField):
            return compare(before or "", after or "")
        texts = (models.CharField, models.TextField)
        if isinstance(field, texts) and not field.choices and (before or "") and (after or ""):
            return compare_texts(before, after)
        said = ["" if is_empty(value) else self.value(track, name, value) for value in (before, after)]
        return exchange(*said)

    def _listed(self, field: Any, ids: frozenset[int]) -> list[str]:
        return sorted(self.reference(field.related_model, pk) for pk in ids)

    def changes(self, track: Track, before: State | None, after: State | None) -> list[FieldChange]:
        """What differs; of something that was made or deleted, all that stands in it, unmarked."""
        if before is None or after is None:
            state = after if before is None else before
            shown = [(name, value, value) for name, value in (state or {}).items() if not is_empty(value)]
        else:
            shown = [(name, before.get(name), after.get(name)) for name in differing(before, after)]
        return [
            FieldChange(name, self.label(track, name), self._html(track, name, old, new))
            for name, old, new in shown
        ]

    def _html(self, track: Track, name: str, before: Any, after: Any) -> SafeString:
        found = self.difference(track, name, before, after)
        if before is not after and not found.changed:
            return SafeString(f"<p>{FORM_ONLY}</p>")
        return found.inline(whole=before is after)

    def title(self, track: Track, state: State) -> str:
        """What a row inside something else is called: „Kosten 2018: 2.500,50 Euro“."""
        value = {name: self.value(track, name, state[name]) for name in state if name in track.fields}
        if "period" in value:
            group = f", {value['group']}" if value["group"] != NOTHING else ""
            said = value["value"] if value["value"] != NOTHING else value["text"]
            words = f"{value['period']}{group}: {said}"
        elif "year" in value:
            words = f"{value['year']}: {euros(state['amount'])}"
        else:
            words = value["text"]
        return f"{track.label} {words}"


def _places(value: Decimal, most: int) -> int:
    """Money has no or two decimal places, everything else as many as it needs."""
    needed = max(0, -int(value.normalize().as_tuple().exponent))
    return min(most, needed if most != MONEY_PLACES or not needed else most)


def _names(model: Any, ids: set[int]) -> Iterable[tuple[int, str]]:
    """Of what is gone, the name that it had last."""
    present = model._base_manager.in_bulk(ids)
    yield from ((pk, name_of(row)) for pk, row in present.items())
    gone = ids - present.keys()
    if gone:
        rows = model.history.model.objects.filter(id__in=gone).order_by("history_date", "history_id")
        yield from {row.id: _("%s (gelöscht)") % name_of(row.instance) for row in rows}.items()
