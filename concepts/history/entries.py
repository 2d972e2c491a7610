"""The entries that a page shows: what one person did to one part in one go, in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from concepts.history.steps import Step
from concepts.history.tracks import BY_MODEL, State, Track
from concepts.history.words import FieldChange, Words, moment, name_of
from concepts.kinds import BY_MODEL as KIND_OF_MODEL
from concepts.kinds import workbench_url
from concepts.models import Concept

# A form saves the row, then its links and lines: several steps, one deed.
ONE_GO = datetime.timedelta(seconds=2)

MADE, REVIVED, CHANGED, DELETED = "made", "revived", "changed", "deleted"
BRIEF, SAME = "brief", "same"
TONES = {
    MADE: "success", REVIVED: "success", CHANGED: "draft", DELETED: "danger", BRIEF: "planned", SAME: "plain"
}  # fmt: skip


def word_for(what: str) -> str:
    return {
        MADE: _("angelegt"),
        REVIVED: _("wiederhergestellt"),
        CHANGED: _("geändert"),
        DELETED: _("gelöscht"),
        BRIEF: _("angelegt und wieder gelöscht"),
        SAME: _("am Ende unverändert"),
    }[what]


@dataclass(frozen=True)
class RowChange:
    """What became of a line inside the part: of its costs, figures or conditions."""

    title: str
    what: str
    fields: list[FieldChange]
    recorded: bool = True

    @property
    def word(self) -> str:
        return word_for(self.what)


@dataclass(frozen=True)
class Told:
    """What became of one part. `history` is the page of its history; `there`: the part has not gone.

    `recorded` is false where the state before is unknown.
    """

    kind: str
    label: str
    history: str
    there: bool
    what: str
    fields: list[FieldChange]
    rows: list[RowChange]
    recorded: bool

    @property
    def word(self) -> str:
        return word_for(self.what)

    @property
    def tone(self) -> str:
        return TONES[self.what]

    @property
    def folded(self) -> bool:
        """All that stood in something made or deleted is shown on request."""
        return self.what in (MADE, REVIVED, DELETED)


@dataclass(frozen=True)
class Entry(Told):
    """`key` names its newest step in addresses."""

    key: str
    when: datetime.datetime
    who: str
    reason: str

    @property
    def moment(self) -> str:
        return moment(self.when)

    @property
    def comparable(self) -> bool:
        """There is the part, and a state of it to go back to."""
        return self.there and self.what != DELETED


@dataclass(frozen=True)
class Change:
    """From what to what a row went. `known` is false where the state before was never recorded;
    `revived` where the row had been deleted before."""

    track: Track
    before: State | None
    after: State | None
    known: bool = True
    revived: bool = False

    @property
    def what(self) -> str:
        if self.after is None:
            return DELETED
        if self.before is not None or not self.known:
            return CHANGED
        return REVIVED if self.revived else MADE

    def fields(self, words: Words) -> list[FieldChange]:
        return words.changes(self.track, self.before, self.after) if self.known else []

    def in_words(self, words: Words) -> RowChange:
        state = self.after if self.after is not None else self.before
        fields = self.fields(words) if self.what == CHANGED else []
        return RowChange(words.title(self.track, state or {}), self.what, fields, self.known)

    @property
    def told(self) -> list[tuple[Track, State]]:
        return [(self.track, state) for state in (self.before, self.after) if state is not None]


def change_of(steps: list[Step]) -> Change:
    """One row's steps, the newest first, as one change."""
    newest, oldest = steps[0], steps[-1]
    before = steps[0].before if newest.deleted and oldest.made else oldest.before
    known = newest.deleted or oldest.made or oldest.before is not None
    return Change(newest.track, before, newest.after, known, oldest.revived)


@dataclass
class Deed:
    """Steps of one person on one part within two seconds, the newest first."""

    steps: list[Step] = field(default_factory=list)

    @property
    def newest(self) -> Step:
        return self.steps[0]

    @property
    def reason(self) -> str:
        return next((step.row.history_change_reason for step in self.steps if reason_of(step)), "")

    def takes(self, step: Step) -> bool:
        last = self.steps[-1]
        same = (step.owner, step.row.history_user_id) == (last.owner, last.row.history_user_id)
        if not same or self.newest.row.history_date - step.row.history_date > ONE_GO:
            return False
        # A reason is said once, at the part, at its links or at one of its lines.
        return not reason_of(step) or not self.reason or reason_of(step) == self.reason

    def changes(self) -> dict[tuple[str, int], Change]:
        """By the row that was changed."""
        found: dict[tuple[str, int], list[Step]] = {}
        for step in self.steps:
            found.setdefault((step.track.name, step.row.id), []).append(step)
        return {key: change_of(steps) for key, steps in found.items()}


def reason_of(step: Step) -> str:
    return step.row.history_change_reason or ""


def deeds_of(steps: Iterable[Step]) -> list[Deed]:
    deeds: list[Deed] = []
    open_deeds: dict[tuple[Any, int], Deed] = {}
    for step in steps:
        deed = open_deeds.get(step.owner)
        if deed is None or not deed.takes(step):
            deed = open_deeds[step.owner] = Deed()
            deeds.append(deed)
        deed.steps.append(step)
    return deeds


class EntryWriter:
    """Puts deeds into words; reads all names at once."""

    def __init__(self, concept: Concept, deeds: list[Deed]) -> None:
        self.concept = concept
        self.deeds = [(deed, deed.changes()) for deed in deeds]
        told = [pair for _deed, changes in self.deeds for change in changes.values() for pair in change.told]
        owners = {deed.newest.owner for deed in deeds}
        self.words = Words(concept.municipality_id, told, owners)
        self.present = present(owners)

    def entries(self) -> list[Entry]:
        found = [self.entry(deed, changes) for deed, changes in self.deeds]
        return [
            entry
            for entry in found
            if entry.fields or entry.rows or entry.reason or not entry.recorded or entry.what != CHANGED
        ]

    def entry(self, deed: Deed, changes: dict[tuple[str, int], Change]) -> Entry:
        newest, (owner, pk) = deed.newest, deed.newest.owner
        own = changes.pop((BY_MODEL[owner].name, pk), None)
        name = next((name_of(step.row.instance) for step in deed.steps if step.track.is_owner), None)
        rows = [change.in_words(self.words) for change in changes.values()]
        return Entry(
            key=newest.key,
            when=newest.row.history_date,
            who=str(newest.row.history_user or _("ohne Anmeldung")),
            reason=deed.reason,
            kind=BY_MODEL[owner].label,
            label=name or self.words.reference(owner, pk),
            history=history_url(self.concept, owner, pk),
            there=(owner, pk) in self.present,
            what=own.what if own else CHANGED,
            fields=own.fields(self.words) if own else [],
            rows=[row for row in rows if row.fields or row.what != CHANGED or not row.recorded],
            recorded=own is None or own.known,
        )


def present(owners: Iterable[tuple[Any, int]]) -> set[tuple[Any, int]]:
    """Which of them there still are; one query per model."""
    wanted: dict[Any, set[int]] = {}
    for model, pk in owners:
        wanted.setdefault(model, set()).add(pk)
    return {
        (model, pk)
        for model, ids in wanted.items()
        for pk in model.objects.filter(pk__in=ids).values_list("pk", flat=True)
    }


def history_url(concept: Concept, owner: Any, pk: int) -> str:
    """The page in the workbench, also of what has gone."""
    base = workbench_url(concept)
    return f"{base}verlauf/" if owner is Concept else f"{base}{KIND_OF_MODEL[owner].slug}/{pk}/verlauf/"
