"""The form of a result: what came out, who voted how, which wording, and what follows.

It is made of small forms, one for each vote (committees/forms/votes.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.actions.resolving import CARRIED, ORIGINAL, wording_key
from committees.actions.results import Recorded, version_of
from committees.carrying import CarriedPoint, carried_measures, carried_points
from committees.forms.routing import RoleInput, known_roles, meeting_label
from committees.forms.votes import BallotForm
from committees.models import Amendment, Ballot, Committee, Consultation, Meeting
from committees.outcomes import Word, known_words, usual_words
from committees.voting import voters_of
from concepts.actions.signing import LONGEST_REASON
from municipalities.choice_widgets import QuickSelect

Outcome = Consultation.Outcome
OUTCOMES: list[tuple[str, Any]] = [
    (Outcome.ACCEPTED, gettext_lazy("angenommen")),
    (Outcome.AMENDED, gettext_lazy("geändert angenommen")),
    (Outcome.REJECTED, gettext_lazy("abgelehnt")),
    (Outcome.NOTED, gettext_lazy("zur Kenntnis genommen")),
    (Outcome.WITHOUT_VOTE, gettext_lazy("ohne Abstimmung behandelt")),
    (Outcome.DEFERRED, gettext_lazy("vertagt: dasselbe Gremium berät noch einmal")),
    (Outcome.REFERRED, gettext_lazy("verwiesen: zuerst berät ein anderes Gremium")),
    (Outcome.WITHDRAWN, gettext_lazy("zurückgezogen: die Beratungsfolge endet hier")),
]
WHOLE, POINTS = "whole", "points"


class Asked(forms.ChoiceField):
    """Is not marked as optional; whether an answer is missing, the other answers say."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class AskedText(forms.CharField):
    """As `Asked`: whether it is missing, the action says, which knows what somebody else did meanwhile."""

    def validate(self, value: Any) -> None:
        """Nothing is missing for the form."""


class ResultForm(forms.Form):
    """What came out, in the town's word; the rest of the page stands in the forms of the votes."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = Asked(label=gettext_lazy("Was kam heraus?"), choices=OUTCOMES, widget=forms.RadioSelect)
    result = forms.CharField(
        label=gettext_lazy("Im Wortlaut"),
        max_length=255,
        required=False,
        widget=RoleInput,
        help_text=gettext_lazy(
            "So steht es in der Vorlage der nächsten Gremien. "
            "Leer schreibt das Portal das Wort, das Ihre Kommune dafür gewöhnlich nimmt."
        ),
    )
    mode = Asked(
        label=gettext_lazy("Abgestimmt wurde"),
        choices=((WHOLE, gettext_lazy("über das Ganze")), (POINTS, gettext_lazy("über jeden Punkt einzeln"))),
        widget=forms.RadioSelect,
    )
    again_in = forms.ModelChoiceField(
        label=gettext_lazy("Wann berät das Gremium wieder?"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label=gettext_lazy("Termin noch offen"),
        widget=QuickSelect,
        help_text=gettext_lazy("Die Beratung kommt dann als neue Stufe in die Beratungsfolge."),
    )
    referred_to = forms.ModelChoiceField(
        label=gettext_lazy("Wohin wird verwiesen?"),
        queryset=Committee.objects.none(),
        required=False,
        empty_label=gettext_lazy("Bitte wählen"),
        widget=QuickSelect,
        help_text=gettext_lazy("Das Gremium kommt als neue Stufe in die Beratungsfolge."),
    )
    comes_back = forms.BooleanField(
        label=gettext_lazy("Danach berät dieses Gremium noch einmal"), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Bemerkung"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Was das Gremium dazu gesagt oder erbeten hat. Steht mit dem Ergebnis in der Vorlage "
            "der nächsten Gremien."
        ),
    )
    result_hidden = forms.BooleanField(
        label=gettext_lazy("Das Ergebnis ist nicht öffentlich"),
        required=False,
        help_text=gettext_lazy(
            "Dann lesen es, mit Bemerkung und Stimmen, nur die Verwaltung und die Gremien dieser Vorlage."
        ),
    )
    reason = AskedText(
        label=gettext_lazy("Grund der Berichtigung"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Steht im Verlauf, nicht in der Vorlage."),
    )

    def __init__(self, data: Any, *, stage: Consultation, votes_by_point: bool) -> None:
        self.stage = stage
        initial = {
            "opened": version_of(stage),
            "outcome": stage.outcome,
            "result": stage.result,
            "note": stage.result_note,
            "result_hidden": not stage.result_public,
            "mode": POINTS if votes_by_point else WHOLE,
            "comes_back": True,
        }
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = self.fields
        town = stage.paper.municipality
        fields["result"].widget.words = offered_words(known_words(town))
        fields["referred_to"].queryset = Committee.objects.in_town(town).exclude(pk=stage.committee_id or 0)
        coming = Meeting.objects.in_town(town).filter(cancelled=False).exclude(pk=stage.meeting_id)
        if stage.date:
            coming = coming.filter(date__gte=stage.date)
        fitting = coming.filter(Q(committees=stage.committee_id) | Q(committees=None))
        fields["again_in"].queryset = fitting.order_by("date", "start")
        fields["again_in"].label_from_instance = meeting_label
        if not stage.is_over:
            del self.fields["reason"]
        if stage.outcome in (Outcome.DEFERRED, Outcome.REFERRED):
            fields["again_in"].help_text = fields["referred_to"].help_text = _(
                "Ist schon geschehen. Termin und Gremium ändern Sie in der Beratungsfolge."
            )


def offered_words(words: Sequence[Word]) -> list[str]:
    """The town's own first; each once."""
    return list(dict.fromkeys([*(word.text for word in words), *(word for _outcome, word in usual_words())]))


@dataclass
class Wordings:
    """A text that earlier committees want in several wordings, with a vote on each."""

    title: str
    ballots: list[BallotForm]

    @property
    def open(self) -> bool:
        return any(form.has_changed() if form.is_bound else form.initial for form in self.ballots)


@dataclass
class WordingRow:
    """A point with more than one wording to choose from."""

    row: CarriedPoint
    key: str
    chosen: str
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"wortlaut-{self.key}"

    @property
    def title(self) -> str:
        return _("Punkt %d") % self.row.position

    @property
    def options(self) -> list[tuple[str, str, str]]:
        """Value, heading, and the text."""
        found = [(CARRIED, _("Wie zuletzt vorgelegt"), self.row.text)]
        if self.row.original and self.row.original != self.row.text:
            found.append((ORIGINAL, _("Wie von der Verwaltung vorgeschlagen"), self.row.original))
        found += [
            (str(one.pk), _("Wie von „%s“ empfohlen") % one.consultation.committee_names(), one.after)
            for one in self.row.alternatives
        ]
        return found


class ResultForms:
    """All forms of the page together. `data` is None when it is opened."""

    def __init__(self, stage: Consultation, data: Any = None) -> None:
        self.stage, self.data = stage, data
        self.voters = voters_of(stage)
        stored = {
            (row.kind, row.point_id, row.amendment_id): row
            for row in stage.ballots.prefetch_related("faction_votes__faction")
        }
        by_point = any(kind == Ballot.Kind.POINT for kind, _point, _amendment in stored)
        self.main = ResultForm(data, stage=stage, votes_by_point=by_point)
        self.text = [row for row in carried_points(stage.paper, stage) if row.text or row.alternatives]
        if stage.own_wording:
            self.text = []

        def ballot(kind: str, about: str, point: int | None = None, one: Any = None) -> BallotForm:
            found = stored.get((kind, point, one.pk if one else None))
            return BallotForm(
                data,
                kind=kind,
                about=about,
                voters=self.voters,
                stored=found,
                point_id=point,
                amendment=one,
            )

        self.whole = ballot(Ballot.Kind.WHOLE, _("Zusammen"))
        numbered = [row for row in self.text if row.point is not None and row.text]
        self.points = [
            (row, ballot(Ballot.Kind.POINT, _("Punkt %d") % row.position, row.point.pk))
            for row in numbered
            if row.point is not None
        ]
        if len(self.points) < 2 and not by_point:
            self.points = []
            del self.main.fields["mode"]
        self.amendments = [
            (one, ballot(Ballot.Kind.AMENDMENT, str(one), None, one))
            for one in stage.amendments.select_related("faction", "point", "measure").order_by("number")
        ]
        for one, _form in self.amendments:
            one.consultation = stage
        self.alternatives = [
            Wordings(
                _("Punkt %d") % row.position,
                [
                    ballot(Ballot.Kind.ALTERNATIVE, heading, row.point.pk if row.point else None, one)
                    for heading, one in _wordings(row)
                ],
            )
            for row in self.text
            if row.alternatives
        ]
        self.alternatives += [
            Wordings(
                str(row.measure),
                [
                    ballot(Ballot.Kind.ALTERNATIVE, _("Wortlaut aus %s") % one, None, one)
                    for one in row.alternatives
                ],
            )
            for row in carried_measures(stage.paper, stage)
            if row.alternatives
        ]
        self.wordings = self._wordings()

    def _wordings(self) -> list[WordingRow]:
        """At the deciding stage: the points of which more than one wording is known."""
        if self.stage.meaning != Consultation.Meaning.DECIDE:
            return []
        resolved = {row.point_id: row for row in self.stage.resolved_points.all()}
        rows = []
        for row in self.text:
            chosen = ""
            old = resolved.get(row.point.pk) if row.point else None
            wording = WordingRow(row, wording_key(row), "")
            if len(wording.options) < 2:
                continue
            if self.data is not None:
                chosen = self.data.get(wording.name, "")
            elif old is not None:
                chosen = next((value for value, _head, text in wording.options if text == old.text), "")
            elif not row.alternatives:
                chosen = CARRIED
            wording.chosen = chosen
            rows.append(wording)
        return rows

    @property
    def ballots(self) -> list[BallotForm]:
        return [
            self.whole,
            *(form for _row, form in self.points),
            *(form for _one, form in self.amendments),
            *(form for one in self.alternatives for form in one.ballots),
        ]

    def is_valid(self) -> bool:
        return all([self.main.is_valid(), *(form.all_valid() for form in self.ballots)])

    def recorded(self) -> Recorded:
        """As it is typed; what belongs to another choice does not count."""
        typed = self.main.cleaned_data
        by_point = bool(self.points) and typed.get("mode") == POINTS
        left = {id(self.whole)} if by_point else {id(form) for _row, form in self.points}
        votes = [form.vote() for form in self.ballots if id(form) not in left]
        return Recorded(
            outcome=typed["outcome"],
            result=typed["result"],
            note=typed["note"],
            public=not typed["result_hidden"],
            votes=[vote for vote in votes if vote.says_something or vote.factions],
            amendments={one.pk: form.cleaned_data["state"] for one, form in self.amendments},
            wordings={row.key: row.chosen for row in self.wordings},
            again_in=typed.get("again_in"),
            referred_to=typed.get("referred_to"),
            referred_role=advising_role(self.stage),
            comes_back=typed["comes_back"],
        )

    def add_errors(self, error: ValidationError) -> None:
        """To their fields, wherever on the page they stand."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, sentences in found.items():
            for sentence in sentences:
                self._add_error(name, sentence)

    def _add_error(self, name: str, sentence: str) -> None:
        for row in self.wordings:
            if row.name == name:
                row.errors.append(sentence)
                return
        for form in [self.main, *self._small_forms()]:
            own = name.removeprefix(f"{form.prefix}-") if form.prefix else name
            if own in form.fields and form.add_prefix(own) == name:
                form.add_error(own, sentence)
                return
        self.main.add_error(None, sentence)

    def _small_forms(self) -> Iterator[forms.Form]:
        for form in self.ballots:
            yield form
            yield from form.factions

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Address on the page and sentence, for the box above."""
        found = [("", str(sentence)) for sentence in self.main.non_field_errors()]
        for form in [self.main, *self._small_forms()]:
            for bound in form:
                found += [(bound.auto_id, f"{bound.label}: {sentence}") for sentence in bound.errors]
        for row in self.wordings:
            found += [(row.name, f"{row.title}: {sentence}") for sentence in row.errors]
        return found


def _wordings(row: CarriedPoint) -> list[tuple[str, Amendment | None]]:
    """Each wording that can be voted on; None is the one in the paper."""
    title = _("Punkt %d") % row.position
    found: list[tuple[str, Amendment | None]] = [(_("%s, Wortlaut der Vorlage") % title, None)]
    wording = _("%(point)s, Wortlaut aus %(one)s")
    found += [(wording % {"point": title, "one": one}, one) for one in row.alternatives]
    return found


def advising_role(stage: Consultation) -> str:
    """The town's word for a committee that advises."""
    words = known_roles(stage.paper.municipality)
    return next((word for word, meaning in words if meaning == Consultation.Meaning.ADVISE), "")


class RemoveForm(forms.Form):
    """Asks why a result is taken out again."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Warum entfernen Sie das Ergebnis?"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Zum Beispiel „beim falschen TOP eingetragen“. Steht im Verlauf."),
        error_messages={"required": gettext_lazy("Bitte nennen Sie den Grund.")},
    )
