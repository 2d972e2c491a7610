"""Starting the countersigning of a paper, answering, standing in for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from committees.actions.signing import Planned
from committees.models import Deputyship, SigningRequest, SigningStep
from committees.signatures import Proposed
from municipalities.choice_widgets import QuickSelect
from municipalities.models import Municipality, Person

LONGEST_REMARK = 2000
CHOOSE = _("bitte wählen")
GONE = _("Diese Person gibt es nicht mehr. Bitte wählen Sie jemand anderen.")
LAST = "zuletzt"


def signers_of(municipality: Municipality) -> Any:
    """Who can sign: people of the town with an account."""
    return Person.objects.filter(municipality=municipality, user__is_active=True).order_by("name", "pk")


def name_and_function(person: Person) -> str:
    return f"{person.name}, {person.function}" if person.function else person.name


class PersonChoice(forms.ModelChoiceField):
    widget = QuickSelect

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Person.objects.none())
        kwargs.setdefault("empty_label", CHOOSE)
        super().__init__(**kwargs)
        self.error_messages["invalid_choice"] = GONE

    def label_from_instance(self, person: Any) -> str:
        return name_and_function(person)


@dataclass(frozen=True)
class Row:
    """A step as the form shows it; without fields where nobody is needed."""

    proposed: Proposed
    person: BoundField | None = None
    reason: BoundField | None = None

    @property
    def left_out(self) -> bool:
        return bool(self.reason and (self.reason.value() or self.reason.errors))


def moments(steps: Mapping[int, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """When somebody more can be asked, by the titles of those who are asked then."""
    for position, titles in sorted(steps.items()):
        if titles:
            yield str(position), _now("gleichzeitig mit %s") % " / ".join(titles)


class StartForm(forms.Form):
    """The chain with its people, to be changed for this paper: somebody else, a step left out with the
    reason, somebody more."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    extra_person = PersonChoice(label=_("Wer zeichnet noch?"), required=False)
    extra_title = forms.CharField(
        label=_("Als was?"), max_length=80, required=False, help_text=_("Zum Beispiel „Rechtsamt“.")
    )
    extra_when = forms.ChoiceField(label=_("Wann?"), required=False)

    def __init__(self, *args: Any, town: Municipality, steps: list[Proposed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = steps
        # Evaluated once for all choices.
        people = list(signers_of(town))
        choices = [("", CHOOSE), *((person.pk, name_and_function(person)) for person in people)]
        for step in self.needed:
            field = PersonChoice(label=_("Wer zeichnet?"), queryset=signers_of(town))
            field.choices = choices
            field.error_messages["required"] = (
                _now("Bitte wählen Sie, wer als „%s“ zeichnet, oder nennen Sie den Grund des Auslassens.")
                % step.step.title
            )
            able = step.person if step.person in people else None
            field.initial = able.pk if able else None
            self.fields[f"person_{step.step.pk}"] = field
            self.fields[f"reason_{step.step.pk}"] = forms.CharField(
                label=_("Grund, warum dieser Schritt ausgelassen wird"),
                required=False,
                max_length=300,
                help_text=_("Leer, wenn der Schritt nicht ausgelassen wird. Der Grund bleibt festgehalten."),
            )
        extra = self.fields["extra_person"]
        assert isinstance(extra, PersonChoice)
        extra.queryset = signers_of(town)
        extra.choices = choices
        when = self.fields["extra_when"]
        assert isinstance(when, forms.ChoiceField)
        when.choices = [(LAST, _("als Letzte/r")), *self._moments()]

    @property
    def needed(self) -> list[Proposed]:
        return [step for step in self.steps if not step.not_needed]

    def _moments(self) -> Iterator[tuple[str, str]]:
        titles: dict[int, list[str]] = {}
        for step in self.needed:
            titles.setdefault(step.step.position, []).append(step.step.title)
        return moments(titles)

    def rows(self) -> Iterator[Row]:
        for step in self.steps:
            if step.not_needed:
                yield Row(step)
            else:
                yield Row(step, self[f"person_{step.step.pk}"], self[f"reason_{step.step.pk}"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for step in self.needed:
            name = f"person_{step.step.pk}"
            if cleaned.get(f"reason_{step.step.pk}"):
                self.errors.pop(name, None)  # nobody has to be chosen for a step that is left out
        if cleaned.get("extra_title") and not cleaned.get("extra_person"):
            self.add_error("extra_person", _now("Bitte wählen Sie, wer zeichnet."))
        if cleaned.get("extra_person") and not cleaned.get("extra_title"):
            self.add_error("extra_title", _now("Bitte schreiben Sie, als was diese Person zeichnet."))
        return cleaned

    def planned(self) -> list[Planned]:
        found = [self._planned(step) for step in self.steps]
        if person := self.cleaned_data.get("extra_person"):
            when = self.cleaned_data["extra_when"] or LAST
            last = max((step.position for step in found), default=0) + 1
            position = last if when == LAST else int(when)
            found.append(Planned(position, self.cleaned_data["extra_title"], person))
        return found

    def _planned(self, proposed: Proposed) -> Planned:
        step = proposed.step
        person, reason = proposed.person, proposed.not_needed
        if not proposed.not_needed:
            person = self.cleaned_data.get(f"person_{step.pk}") or proposed.person
            reason = self.cleaned_data.get(f"reason_{step.pk}", "").strip()
        return Planned(
            position=step.position,
            title=step.title,
            person=person,
            by_author=step.who == SigningStep.Who.AUTHOR,
            concerns=step.concerns,
            days=step.days,
            reason=str(reason),
            for_free=bool(proposed.not_needed) and step.only_if_costs,
        )


class AddForm(forms.Form):
    """Somebody more, while the paper is on its way."""

    person = PersonChoice(
        label=_("Wer zeichnet noch?"), error_messages={"required": _("Bitte wählen Sie, wer zeichnet.")}
    )
    title = forms.CharField(
        label=_("Als was?"),
        max_length=80,
        help_text=_("Zum Beispiel „Rechtsamt“."),
        error_messages={"required": _("Bitte schreiben Sie, als was diese Person zeichnet.")},
    )
    when = forms.ChoiceField(
        label=_("Wann?"),
        error_messages={
            "required": _("Bitte wählen Sie, wann diese Person gefragt wird."),
            "invalid_choice": _("Diesen Schritt gibt es nicht. Bitte wählen Sie einen anderen."),
        },
    )
    reason = forms.CharField(
        label=_("Grund"),
        max_length=300,
        help_text=_("Der Grund steht beim Durchgang, nicht in der Vorlage."),
        error_messages={"required": _("Bitte nennen Sie den Grund.")},
    )

    def __init__(self, data: Any = None, *, town: Municipality, rows: Iterable[SigningRequest]) -> None:
        super().__init__(data, auto_id="id_neu_%s")  # another form on the page asks for a reason, too
        person, when = self.fields["person"], self.fields["when"]
        assert isinstance(person, PersonChoice)
        assert isinstance(when, forms.ChoiceField)
        person.queryset = signers_of(town)
        steps: dict[int, list[str]] = {}
        for row in rows:
            names = steps.setdefault(row.position, [])
            if row.title not in names and row.state != SigningRequest.State.LEFT_OUT:
                names.append(row.title)
        when.choices = [(LAST, _("als Letzte/r")), *moments(steps)]

    def position(self) -> int | None:
        when = self.cleaned_data["when"]
        return None if when == LAST else int(when)


class AnswerForm(forms.Form):
    """One field for both, a remark and a reason: which it is says the button."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    remark = forms.CharField(
        label=_("Bemerkung oder Grund der Rückgabe"),
        required=False,
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Alle, die an dieser Vorlage mitwirken, lesen das. Gedruckt wird es nicht."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Grund"), max_length=300, error_messages={"required": _("Bitte nennen Sie den Grund.")}
    )


def day_field(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Bitte geben Sie ein Datum ein, zum Beispiel 18.12.2017.")},
    )


class DeputyForm(forms.Form):
    """Who stands in for the one who fills it in."""

    deputy = PersonChoice(
        label=_("Wer vertritt Sie?"), error_messages={"required": _("Bitte wählen Sie, wer Sie vertritt.")}
    )
    first_day = day_field(
        _("Abwesend ab"),
        _(
            "Ohne Tage darf die Vertretung immer für Sie zeichnen. "
            "Mit Tagen wird sie in dieser Zeit an Ihrer Stelle gefragt."
        ),
    )
    last_day = day_field(_("Abwesend bis"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        field = self.fields["deputy"]
        assert isinstance(field, PersonChoice)
        field.queryset = signers_of(person.municipality).exclude(pk=person.pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _now("Der letzte Tag liegt vor dem ersten."))
        return cleaned

    def deputyship(self) -> Deputyship:
        values = {name: self.cleaned_data[name] for name in ("deputy", "first_day", "last_day")}
        return Deputyship(person=self.person, **values)


def take_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """What an action has said, at its field where the form has it."""
    at_fields = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
    form.add_error(None, error if at_fields else error.messages)
