"""One form for all that a paper says: its own fields, the texts and answers of its layout, and its rows.

It carries a mark of each value as it was opened. So the second of two who write at the same time sees what
the first has saved: a field that only the other has changed is taken over, one that both have is decided.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from committees.actions.writing import Row, Written
from committees.blocks import BlockKind
from committees.forms.writing_fields import (
    ANSWER,
    ATTACHMENTS,
    PAGES,
    POINTS,
    RELATIONS,
    ROW_KINDS,
    SIGNATURES,
    TEXT,
    Offered,
    RowKind,
    fields_of_block,
    fields_of_row,
)
from committees.forms.writing_rows import TypedRows
from committees.forms.writing_stored import OWN_FIELDS, StoredPaper, mark, number_of
from committees.models import Assessment, Paper, PaperRelation, Section
from committees.models.layouts import BELONGING
from concepts.forms.parts import INSTITUTIONS, PERSONS
from concepts.measure_words import named_with_function
from concepts.models import ActionField, Concept, Measure
from documents.permissions import may_upload
from documents.widgets import let_upload
from municipalities.choice_widgets import DASHES, QuickSelect
from municipalities.merging_forms import MergingForm, told_of
from municipalities.models import Institution, Person, Role, User
from municipalities.number_fields import GermanDecimalField
from participation.models import Process

MOST_FOUND = 30
DRAFT = re.compile(r"[Ee]ntwurf\s+(\d{1,18})")


class WritingForm(MergingForm):
    """With an `action`, the button of a row, it shows again what was typed without judging it."""

    opened_version = None  # type: ignore[assignment]
    opened_state = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    class Meta:
        model = Paper
        fields: ClassVar = OWN_FIELDS
        field_classes: ClassVar = {"cost_amount": GermanDecimalField}
        widgets: ClassVar = {
            "subject": forms.Textarea(attrs={"rows": 2}),
            "date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "costs": forms.RadioSelect,
            **dict.fromkeys(("department", "author", "concept", "process"), QuickSelect),
        }
        labels: ClassVar = {
            "public": _("Diese Vorlage ist öffentlich"),
            "for_decision": _("zum Beschluss"),
            "non_public_reason": _("Grund, wenn sie nicht öffentlich ist"),
        }

    def __init__(self, data: Any = None, *, pk: int, by: User, action: str = "", merges: bool = True) -> None:
        self.stored_paper = StoredPaper(pk)
        self.by = by
        self.paper: Paper = self.stored_paper.paper
        self.blocks = self.stored_paper.blocks
        self.merges = merges
        self.notices: list[str] = []
        self.joined: list[str] = []
        self.searched = ""
        self.found = 0
        self.orders: dict[str, list[str]] = {}
        if data is not None:
            data = data.copy()
            self.opened = self._read_opened(data.get("opened_state", ""))
            typed = TypedRows(self.stored_paper, self.opened, data, action)
            self.orders, self.searched = typed.orders, typed.searched
            self.notices, self.joined = typed.notices, typed.joined
        else:
            self.opened = {}
            for kind in ROW_KINDS:
                self.orders[kind.prefix] = self.stored_paper.keys(kind)
            if not self.orders[POINTS.prefix] and self.has_block(BlockKind.RESOLUTION):
                self.orders[POINTS.prefix] = ["n1"]
        super().__init__(data, instance=self.paper)
        if action:
            self._errors = ErrorDict()
        self._offer()
        self._add_fields()
        let_upload(self, may_upload(by, self.paper.municipality_id))  # a signer without a role has no place
        self.initial = {**self.stored_paper.values, "opened_state": self._state(self.stored_paper.values)}

    # ---- What is asked ----

    def has_block(self, *kinds: BlockKind) -> bool:
        return any(block.kind in kinds for block in self.blocks)

    def keys(self, kind: RowKind) -> list[str]:
        return self.orders[kind.prefix]

    @cached_property
    def concept_fields(self) -> list[ActionField]:
        if not self.has_block(BlockKind.CONCEPT_EXTRACT) or self.paper.concept_id is None:
            return []
        return list(ActionField.objects.filter(concept=self.paper.concept_id).order_by("position"))

    def _offer(self) -> None:
        """The choices of the paper's own fields: two of names only, two of few rows."""
        town = self.paper.municipality_id
        institutions = INSTITUTIONS.rows(town)
        if not self.by.access.has_role(
            town, Role.Kind.EDITING, Role.Kind.ADMINISTRATION, Role.Kind.COUNCIL_SERVICE
        ):
            # Who only countersigns the paper leaves it with the office that writes it.
            own = {*self.by.access.institutions, self.paper.department_id}
            institutions = [row for row in institutions if row[0] in own]
            self.fields["department"].required = True
        offices = Institution.objects.filter(municipality=town, pk__in=[row[0] for row in institutions])
        self._offer_named("department", offices, institutions)
        self.persons = [
            (pk, named_with_function(name, function)) for pk, name, function in PERSONS.rows(town)
        ]
        self._offer_named("author", Person.objects.filter(municipality=town), self.persons)
        concepts: Any = self.fields["concept"]
        seen = Concept.objects.visible_to(self.by).in_town(self.paper.municipality)
        concepts.queryset = seen | Concept.objects.filter(pk=self.paper.concept_id or 0)
        processes: Any = self.fields["process"]
        processes.queryset = Process.objects.filter(municipality=town)
        for name in ("department", "author", "concept", "process"):
            self.fields[name].error_messages["invalid_choice"] = _(
                "Das gibt es nicht mehr. Bitte wählen Sie etwas anderes."
            )
        subject: Any = self.fields["subject"]
        subject.error_messages["required"] = _("Bitte schreiben Sie, worum es in der Vorlage geht.")
        date: Any = self.fields["date"]
        date.error_messages["invalid"] = _("Das ist kein Tag. Bitte schreiben Sie ihn wie 18.12.2017.")

    def _offer_named(self, name: str, rows: Any, names: Sequence[Any]) -> None:
        chosen: Any = self.fields[name]
        chosen.queryset = rows
        chosen.choices = [("", DASHES), *names]

    def _add_fields(self) -> None:
        values = self.stored_paper.values
        for block in self.blocks:
            for name, asked in fields_of_block(block, self.paper, values, self.concept_fields):
                self.fields.setdefault(name, asked)
                if name.startswith(ANSWER):
                    values.setdefault(name, Assessment.Answer.UNANSWERED.value)
        offered = self._offered()
        for kind in ROW_KINDS:
            keys = self.keys(kind)
            self.fields[kind.order] = forms.CharField(required=False, widget=forms.HiddenInput)
            values[kind.order] = ",".join(keys)
            for number, key in enumerate(keys, start=1):
                for column, asked in fields_of_row(kind, key, number, self.paper, offered).items():
                    self.fields[kind.name(key, column)] = asked

    def _offered(self) -> Offered:
        """The measures of each point, typed and stored, and for one point what was just searched for."""
        of_point = {key: self._measures_of(key) for key in self.keys(POINTS)}
        ids = {pk for some in of_point.values() for pk in some}
        town = Measure.objects.filter(concept__municipality=self.paper.municipality_id)
        rows = town.filter(pk__in=ids).values_list("pk", "code", "title") if ids else ()
        found = self._search(town) if self.searched else []
        names = {pk: f"{code} {title}".strip() for pk, code, title in (*rows, *found)}
        if self.searched:
            self.found = len(found)
            of_point[self.searched] += [pk for pk, _code, _title in found]
        offers = {
            key: [(str(pk), names[pk]) for pk in dict.fromkeys(some) if pk in names]
            for key, some in of_point.items()
        }
        return Offered(persons=self.persons, measures=offers)

    def _measures_of(self, key: str) -> list[int]:
        name = POINTS.name(key, "measures")
        ids = list(self.stored_paper.values.get(name, ()))
        if self.is_bound:
            typed = self.data.getlist(name)  # type: ignore[attr-defined]
            ids += [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 18]
        return ids

    def _search(self, town: Any) -> list[tuple[int, str, str]]:
        words = self.data.get(POINTS.name(self.searched, "suche"), "").replace("\x00", "").split()
        concept = self.data.get("concept", "")
        if concept.isascii() and concept.isdigit() and len(concept) < 18:
            town = town.filter(concept=concept)
        for word in words[:10]:
            town = town.filter(Q(code__istartswith=word) | Q(title__icontains=word))
        return (
            list(town.order_by("code", "title").values_list("pk", "code", "title")[:MOST_FOUND])
            if words
            else []
        )

    # ---- Two at once ----

    def _read_opened(self, text: str) -> dict[str, str]:
        try:
            opened = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return {str(name): str(value) for name, value in opened.items()} if isinstance(opened, dict) else {}

    def _state(self, values: Mapping[str, Any], kept: Mapping[str, str] | None = None) -> str:
        """The marks of the stored values; `kept` are those that stay as they were."""
        orders = {kind.order: ",".join(self.stored_paper.keys(kind)) for kind in ROW_KINDS}
        marks = {name: mark(value) for name, value in values.items() if name not in orders}
        marks |= {**orders, **(kept or {})}
        return json.dumps({name: value for name, value in marks.items() if value}, separators=(",", ":"))

    def keeps(self, name: str) -> bool:
        """Whether two versions of the field are told apart."""
        return name != "opened_state" and not name.endswith("-reihe")

    def stored(self, record: Any, name: str) -> Any:
        value = self.stored_paper.values.get(name)
        if value is None and self.fields[name].__class__ in (forms.CharField, forms.ChoiceField):
            return ""
        return value

    def in_words(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            names = dict(self.fields[name].choices)  # type: ignore[attr-defined]
            return ", ".join(names.get(str(pk), str(pk)) for pk in value) or "–"
        return super().in_words(name, value)

    def clean(self) -> dict[str, Any] | None:
        if self.merges:
            self._take_what_was_decided()
        cleaned = forms.ModelForm.clean(self)
        self._check_costs_and_publicity()
        self._check_rows()
        if self.merges:
            self._merge()
        return cleaned

    def _post_clean(self) -> None:
        """The action writes, row by row; nothing is put into the instance here."""

    def _merge(self) -> None:
        kept: dict[str, str] = {}
        for name, asked in self.fields.items():
            if not self.keeps(name):
                continue
            value = self.stored_paper.values.get(name)
            theirs, base = mark(value), self.opened.get(name, "")
            if name in self.errors:
                kept[name] = base  # told when it can be read
                continue
            mine = mark(self.cleaned_data.get(name))
            if theirs in (base, mine):
                continue
            if mine == base:
                self._take(name, self.stored(None, name))
                self.taken_over.append(str(asked.label))
            else:
                self.conflicts.append(self._conflict(name, asked, self.stored(None, name)))
        self.taken_over += self.joined
        for notice in self.notices:
            self.add_error(None, notice)
        if self.conflicts:
            self.add_error(None, self._sentence())
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["opened_state"] = self._state(self.stored_paper.values, kept)
        self.data = data

    def _sentence(self) -> str:
        newest = self._latest_change()
        if newest is not None:
            return told_of(newest)
        return _now(
            "Jemand anderes hat inzwischen dasselbe geändert wie Sie. Beide Fassungen stehen unten "
            "nebeneinander. Bitte entscheiden Sie bei jeder, welche gelten soll, und speichern Sie noch "
            "einmal."
        )

    def _latest_change(self) -> Any:
        """The newest entry in the histories of the paper and its rows."""
        own = [self.paper.history.first()]
        models = [Section, Assessment, *(kind.model for kind in ROW_KINDS)]
        rows = [model.history.filter(paper=self.paper.pk).first() for model in models]
        entries = [entry for entry in own + rows if entry is not None]
        return max(entries, key=lambda entry: entry.history_date, default=None)

    # ---- What does not fit ----

    def _check_costs_and_publicity(self) -> None:
        typed = self.cleaned_data
        if not typed.get("public") and not typed.get("non_public_reason"):
            self._say("non_public_reason", _now("Bitte nennen Sie den Grund der Nichtöffentlichkeit."))
        amount, coverage = typed.get("cost_amount"), typed.get("cost_coverage")
        if typed.get("costs") == Paper.Costs.NONE and (amount or coverage):
            self._say(
                "costs",
                _now(
                    "Unten steht ein Betrag oder eine Deckung. Bitte leeren Sie beides, oder wählen Sie "
                    "etwas anderes."
                ),
            )

    def _check_rows(self) -> None:
        for key in self.keys(POINTS):
            if self.is_kept(POINTS, key) and not self.cleaned_data.get(POINTS.name(key, "text"), True):
                self._say(
                    POINTS.name(key, "text"),
                    _now(
                        "Dieser Punkt hat keinen Text. Bitte schreiben Sie ihn, oder löschen Sie den Punkt."
                    ),
                )
        for key in self.keys(SIGNATURES):
            typed = [self.cleaned_data.get(SIGNATURES.name(key, name)) for name in ("person", "function")]
            if self.is_kept(SIGNATURES, key) and not any(typed):
                self._say(
                    SIGNATURES.name(key, "person"),
                    _now("Bitte wählen Sie eine Person oder nennen Sie die Funktion."),
                )
        for key in self.keys(ATTACHMENTS):
            if not self.cleaned_data.get(ATTACHMENTS.name(key, "title"), True):
                self._say(ATTACHMENTS.name(key, "title"), _now("Bitte nennen Sie den Titel der Anlage."))
        self._check_relations()

    def _say(self, name: str, sentence: str) -> None:
        if name in self.fields and name not in self.errors:
            self.add_error(name, sentence)

    def _check_relations(self) -> None:
        """Finds the papers that are named by their numbers, in one query."""
        numbers: dict[str, str] = {}
        for key in self.keys(RELATIONS):
            name = RELATIONS.name(key, "number")
            number = self.cleaned_data.get(name, "")
            if number:
                numbers[key] = number
            elif self.is_kept(RELATIONS, key):
                self._say(
                    name, _now("Bitte nennen Sie die Nummer der anderen Vorlage, oder löschen Sie den Bezug.")
                )
        drafts = {key: int(found[1]) for key, number in numbers.items() if (found := DRAFT.fullmatch(number))}
        self.others: dict[str, Any] = {}
        if not numbers:
            return
        papers = Paper.objects.visible_to(self.by).in_town(self.paper.municipality)
        found_papers = list(papers.filter(Q(number__in=numbers.values()) | Q(pk__in=drafts.values())))
        by_number = {paper.number: paper for paper in found_papers if paper.number}
        by_pk = {paper.pk: paper for paper in found_papers}
        for key, number in numbers.items():
            other = by_pk.get(drafts[key]) if key in drafts else by_number.get(number)
            if other is not None and other.pk == self.paper.pk:
                self._say(
                    RELATIONS.name(key, "number"),
                    _now("Das ist diese Vorlage selbst. Bitte nennen Sie die andere."),
                )
            elif key in drafts and other is None:
                self._say(
                    RELATIONS.name(key, "number"),
                    _now("Diesen Entwurf gibt es nicht. Bitte prüfen Sie die Zahl."),
                )
            self.others[key] = other
        self._check_belonging()

    def _check_belonging(self) -> None:
        """A paper belongs to one other at most, and not in a circle."""
        belongs = [
            key for key in self.others if self.cleaned_data.get(RELATIONS.name(key, "kind")) in BELONGING
        ]
        for key in belongs[1:]:
            self._say(
                RELATIONS.name(key, "kind"),
                _now("Diese Vorlage gehört schon zu einer anderen. Wählen Sie hier „folgt auf“."),
            )
        for key in belongs[:1]:
            kind = self.cleaned_data[RELATIONS.name(key, "kind")]
            try:
                PaperRelation(paper=self.paper, kind=kind, other=self.others[key]).clean()
            except forms.ValidationError as error:
                self._say(RELATIONS.name(key, "number"), " ".join(error.messages))

    # ---- What was typed ----

    def is_kept(self, kind: RowKind, key: str) -> bool:
        """A new row in which nothing stands is none."""
        if key in self.stored_paper.rows[kind.prefix]:
            return True
        columns = [column for column in kind.columns if column not in ("kind", "public")]
        names = [kind.name(key, column) for column in columns]
        return any(self.cleaned_data.get(name) or name in self.errors for name in names)

    def good(self, name: str) -> Any:
        """What is typed; where it cannot be read, what is stored."""
        if name in self.cleaned_data and name not in self.errors:
            return self.cleaned_data[name]
        value = self.stored_paper.values.get(name)
        asked = self.fields[name]
        if isinstance(asked, forms.ModelChoiceField) and value is not None:
            return asked.queryset.filter(pk=value).first()  # type: ignore[union-attr]
        return value

    def rows(self, kind: RowKind) -> Iterator[tuple[str, dict[str, Any]]]:
        for key in self.keys(kind):
            if self.is_kept(kind, key):
                yield key, {column: self.good(kind.name(key, column)) for column in kind.columns}

    def written(self) -> Written:
        starts = {
            start: {
                name.removeprefix(start): self.good(name) or ""
                for name in self.fields
                if name.startswith(start)
            }
            for start in (TEXT, ANSWER, PAGES)
        }
        none = Assessment.Answer.UNANSWERED
        return Written(
            facts={name: self.good(name) for name in OWN_FIELDS if name in self.fields},
            texts=starts[TEXT],
            answers={key: "" if answer == none else answer for key, answer in starts[ANSWER].items()},
            pages={int(pk): pages for pk, pages in starts[PAGES].items()},
            points=self._typed(POINTS),
            signatures=self._typed(SIGNATURES),
            attachments=self._typed(ATTACHMENTS),
            relations=self._typed(RELATIONS),
        )

    def _typed(self, kind: RowKind) -> list[Row]:
        typed = []
        for key, values in self.rows(kind):
            row = self.stored_paper.rows[kind.prefix].get(key)
            if kind is SIGNATURES:
                values["person_id"] = values.pop("person")
            elif kind is RELATIONS:
                other, number = self.others.get(key), values.pop("number")
                if row is not None and number == number_of(row):
                    other = row.other  # one that the writer may not see stays tied
                values |= {"other": other, "other_number": "" if other else number}
            typed.append(Row(row.pk if row is not None else None, values))
        # Only one tie may belong: what gives that up is written before what takes it over.
        return sorted(typed, key=lambda row: row.values.get("kind") in BELONGING)
