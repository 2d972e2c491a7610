"""One vote: its numbers, together and by faction. The prefixes are the keys by which errors are named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.actions.resolving import BESIDE
from committees.models import Amendment, Ballot, Consultation, Faction
from committees.models.results import VOTE_FIELDS
from committees.voting import Vote, Voters, faction_key, vote_key
from municipalities.choice_widgets import QuickSelect

MOST_VOTES = 999
Outcome = Consultation.Outcome
LABELS = {
    "votes_for": gettext_lazy("Ja"),
    "votes_against": gettext_lazy("Nein"),
    "abstentions": gettext_lazy("Enthaltungen"),
    "excluded": gettext_lazy("befangen"),
}
# What can be said of a point, or of one of several wordings.
OF_POINT: list[tuple[str, Any]] = [
    ("", gettext_lazy("keine Angabe")),
    (Outcome.ACCEPTED, gettext_lazy("angenommen")),
    (Outcome.AMENDED, gettext_lazy("geändert angenommen")),
    (Outcome.REJECTED, gettext_lazy("abgelehnt")),
]


class CountsForm(forms.Form):
    """Four numbers in a row of a table. What is empty was not counted."""

    def __init__(self, *args: Any, about: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        for name in VOTE_FIELDS:
            self.fields[name] = forms.IntegerField(
                label=_("%(about)s: %(votes)s") % {"about": about, "votes": LABELS[name]},
                min_value=0,
                max_value=MOST_VOTES,
                required=False,
                widget=forms.NumberInput(
                    attrs={"inputmode": "numeric", "aria-label": f"{about}: {LABELS[name]}"}
                ),
                error_messages={
                    "invalid": _("Bitte eine ganze Zahl."),
                    "min_value": _("Bitte eine Zahl ab 0."),
                    "max_value": _("Bitte höchstens %d.") % MOST_VOTES,
                },
            )

    @property
    def cells(self) -> list[Any]:
        return [self[name] for name in VOTE_FIELDS]

    @property
    def wrong(self) -> list[str]:
        """The sentences of all four, for the line below them."""
        return [str(sentence) for name in VOTE_FIELDS for sentence in self[name].errors]

    def counts(self) -> dict[str, int | None]:
        return {name: self.cleaned_data.get(name) for name in VOTE_FIELDS}

    @property
    def empty(self) -> bool:
        return all(count is None for count in self.counts().values())


class BallotForm(CountsForm):
    """One vote, with a row for each faction. `asks` is None, or the field that says what came of it."""

    def __init__(
        self,
        data: Any,
        *,
        kind: str,
        about: str,
        voters: Voters,
        stored: Ballot | None,
        point_id: int | None = None,
        amendment: Amendment | None = None,
    ) -> None:
        self.kind, self.point_id, self.amendment = kind, point_id, amendment
        self.key = vote_key(kind, point_id, amendment.pk if amendment else None)
        initial: dict[str, Any] = {name: getattr(stored, name) for name in VOTE_FIELDS} if stored else {}
        initial |= {"unanimous": stored.unanimous, "outcome": stored.outcome} if stored else {}
        if stored is None and voters.excluded and kind == Ballot.Kind.WHOLE:
            initial["excluded"] = voters.excluded
        if amendment is not None and kind == Ballot.Kind.AMENDMENT:
            beside = amendment.beside and amendment.state == Amendment.State.ACCEPTED
            initial["state"] = BESIDE if beside else amendment.state
        super().__init__(data, prefix=self.key, initial=initial, about=about)
        self.fields["unanimous"] = forms.BooleanField(label=_("einstimmig"), required=False)
        if kind in (Ballot.Kind.POINT, Ballot.Kind.ALTERNATIVE):
            self.fields["outcome"] = forms.ChoiceField(
                label=_("Ergebnis: %s") % about, choices=OF_POINT, required=False, widget=QuickSelect
            )
        elif kind == Ballot.Kind.AMENDMENT:
            states = [(Amendment.State.MOVED, _("noch nicht entschieden")), *Amendment.State.choices[1:]]
            states.insert(2, (BESIDE, _("angenommen als anderer Wortlaut, neben dem bisherigen")))
            self.fields["state"] = forms.ChoiceField(
                label=_("Was wurde aus diesem Antrag?"), choices=states, widget=forms.RadioSelect
            )
        self.stored_result = stored.result if stored else ""
        self.factions = self._faction_forms(data, voters, stored)

    def _faction_forms(self, data: Any, voters: Voters, stored: Ballot | None) -> list[CountsForm]:
        old = {row.faction_id: row for row in stored.faction_votes.all()} if stored else {}
        offered = {one.pk: one for one in voters.offered}
        offered |= {pk: row.faction for pk, row in old.items()}
        typed = set(self._typed_factions(data)) if data is not None else set()
        offered |= {one.pk: one for one in Faction.objects.filter(pk__in=typed - offered.keys())}
        found = []
        for pk in [*offered, *sorted(typed - offered.keys())]:
            row = old.get(pk)
            name = str(offered[pk]) if pk in offered else _("eine gelöschte Fraktion")
            form = CountsForm(
                data,
                prefix=faction_key(self.key, pk),
                about=name if self.kind == Ballot.Kind.WHOLE else f"{self.about}, {name}",
                initial={one: getattr(row, one) for one in VOTE_FIELDS} if row else {},
            )
            form.faction_id, form.name = pk, name  # type: ignore[attr-defined]
            found.append(form)
        return found

    def _typed_factions(self, data: Any) -> Iterator[int]:
        """Those whose row was sent with a number: one may have gone since the form was opened."""
        start = f"{self.key}-fraktion-"
        for name, value in data.items():
            number = name.removeprefix(start).split("-", maxsplit=1)[0]
            if (
                name.startswith(start)
                and value
                and number.isascii()
                and number.isdigit()
                and len(number) < 12
            ):
                yield int(number)

    def all_valid(self) -> bool:
        return all([self.is_valid(), *(form.is_valid() for form in self.factions)])

    def vote(self) -> Vote:
        factions = {
            form.faction_id: form.counts()  # type: ignore[attr-defined]
            for form in self.factions
            if not form.empty
        }
        outcome = self.cleaned_data.get("outcome", "")
        if self.kind == Ballot.Kind.AMENDMENT and (not self.empty or self.cleaned_data["unanimous"]):
            outcome = OF_STATE.get(self.cleaned_data["state"], "")
        return Vote(
            kind=self.kind,
            point_id=self.point_id,
            amendment_id=self.amendment.pk if self.amendment else None,
            counts=self.counts(),
            unanimous=self.cleaned_data["unanimous"],
            result=self.stored_result if outcome == self.initial.get("outcome", "") else "",
            outcome=outcome,
            factions=factions,
        )


OF_STATE = {
    Amendment.State.ACCEPTED: Outcome.ACCEPTED,
    BESIDE: Outcome.ACCEPTED,
    Amendment.State.REJECTED: Outcome.REJECTED,
    Amendment.State.WITHDRAWN: Outcome.WITHDRAWN,
}
