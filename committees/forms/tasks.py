"""Forms of the Beschlusskontrolle: finding tasks, giving them, reporting on them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.actions.tasks import states_for
from committees.forms.signing import PersonChoice, day_field
from committees.models import Committee, Consultation, Paper, ResolutionTask, ResolvedPoint, TaskReport
from committees.models.bodies import MAY_READ_NON_PUBLIC
from committees.task_lists import BY_COMMITTEE, BY_OFFICE, BY_STATE
from concepts.actions.signing import LONGEST_REASON
from documents.richtext import plain_text
from municipalities.choice_widgets import QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.models import Institution, Municipality, Person, User

STILL_OPEN, ALL, OVERDUE = "", "alle", "ueberfaellig"
PUBLIC_ONLY = "oeffentlich"
LONGEST_PROPOSED_TITLE = 120


class TaskFilterForm(forms.Form):
    """What is not done yet, while nothing else is asked for. Its names stand in addresses, so in German."""

    text = forms.CharField(label=gettext_lazy("Auftrag oder Vorlage"), required=False, max_length=100)
    gremium = forms.ModelChoiceField(
        label=gettext_lazy("Gremium"),
        queryset=Committee.objects.none(),
        required=False,
        empty_label=gettext_lazy("alle Gremien"),
    )
    stelle = forms.ModelChoiceField(
        label=gettext_lazy("Zuständige Stelle"),
        queryset=Institution.objects.none(),
        required=False,
        empty_label=gettext_lazy("alle Stellen"),
    )
    stand = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[
            (STILL_OPEN, gettext_lazy("noch nicht erledigt")),
            (OVERDUE, gettext_lazy("überfällig")),
            *ResolutionTask.State.choices,
            (ALL, gettext_lazy("jeder Stand")),
        ],
    )
    gliederung = forms.ChoiceField(
        label=gettext_lazy("Gliedern nach"),
        required=False,
        choices=[
            ("", gettext_lazy("Frist")),
            (BY_COMMITTEE, gettext_lazy("Gremium")),
            (BY_OFFICE, gettext_lazy("zuständiger Stelle")),
            (BY_STATE, gettext_lazy("Stand")),
        ],
    )
    vorlagen = forms.ChoiceField(
        label=gettext_lazy("Vorlagen"),
        required=False,
        choices=[
            ("", gettext_lazy("alle, die Sie sehen")),
            (PUBLIC_ONLY, gettext_lazy("nur öffentliche")),
        ],
    )

    def __init__(self, data: Any, *, town: Municipality, tasks: QuerySet[ResolutionTask], user: User) -> None:
        super().__init__(data, auto_id="auftraege-%s")
        self.user = user
        fields: dict[str, Any] = self.fields
        if not user.access.has_role(town.pk, *MAY_READ_NON_PUBLIC):
            del fields["vorlagen"]
        seen = tasks.values("consultation__committee"), tasks.values("institution")
        fields["gremium"].queryset = Committee.objects.in_town(town).filter(pk__in=seen[0])
        fields["stelle"].queryset = Institution.objects.in_town(town).filter(pk__in=seen[1])
        self.cleaned_data = {}
        self.is_valid()

    @property
    def by(self) -> str:
        return str(self.cleaned_data.get("gliederung") or "")

    def narrow(self, tasks: Any) -> Any:
        """The tasks that match; what cannot be understood in the address narrows nothing."""
        asked = self.cleaned_data
        if text := (asked.get("text") or "").strip():
            tasks = tasks.filter(
                Q(title__icontains=text)
                | Q(paper__number__icontains=text)
                | Q(paper__in=Paper.objects.visible_to(self.user).filter(subject__icontains=text))
            )
        if committee := asked.get("gremium"):
            joint = Consultation.joint_committees.through.objects.filter(committee=committee)
            involved = Q(consultation__committee=committee) | Q(consultation__in=joint.values("consultation"))
            tasks = tasks.filter(involved)
        if office := asked.get("stelle"):
            tasks = tasks.filter(institution=office)
        if asked.get("vorlagen") == PUBLIC_ONLY:
            tasks = tasks.everybodys()
        match asked.get("stand", ""):
            case "":
                return tasks.still_open()
            case "ueberfaellig":
                return tasks.overdue()
            case "alle":
                return tasks
            case state:
                return tasks.filter(state=state)

    def in_words(self) -> list[str]:
        """What the list was narrowed to, for the head of the PDF."""
        asked, words = self.cleaned_data, []
        stands: Any = self.fields["stand"]
        words.append(f"{_('Stand')}: {dict(stands.choices)[asked.get('stand') or '']}")
        if asked.get("gremium"):
            words.append(f"{_('Gremium')}: {asked['gremium']}")
        if asked.get("stelle"):
            words.append(f"{_('zuständig')}: {asked['stelle']}")
        if asked.get("text"):
            words.append(f"{_('enthält')}: „{asked['text']}“")
        if asked.get("vorlagen") == PUBLIC_ONLY:
            words.append(_("nur öffentliche Vorlagen"))
        return words


class TaskForm(MergingForm):
    """One task. `reason` stands there where it is changed."""

    due = day_field(gettext_lazy("Frist"), gettext_lazy("Leer, wenn der Beschluss keine nennt."))

    class Meta:
        model = ResolutionTask
        fields: ClassVar[tuple[str, ...]] = ("title", "institution", "person", "due")
        field_classes: ClassVar = {"person": PersonChoice}
        widgets: ClassVar = {"institution": QuickSelect, "person": QuickSelect}
        error_messages: ClassVar = {
            "title": {"required": gettext_lazy("Bitte schreiben Sie, was zu tun ist.")},
            "institution": {
                "invalid_choice": gettext_lazy("Diese Stelle gibt es nicht. Bitte wählen Sie eine andere.")
            },
        }
        help_texts: ClassVar = {
            "title": gettext_lazy("In wenigen Worten, zum Beispiel „Sprachkurse ausschreiben“."),
            "institution": gettext_lazy("Eine Stelle oder eine Person ist nötig."),
            "person": gettext_lazy(
                "Nur wenn jemand Bestimmtes den Auftrag hat. Sonst bekommt ihn die Stelle."
            ),
        }

    def __init__(self, *args: Any, town: Municipality, choices: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = choices or Choices(town)
        fields: dict[str, Any] = self.fields
        fields["person"].required = False
        fields["institution"].queryset, fields["institution"].choices = choices.offices, choices.of_offices
        fields["person"].queryset, fields["person"].choices = choices.persons, choices.of_persons
        if self.instance.pk is not None:
            fields["reason"] = forms.CharField(
                label=_("Grund der Änderung"),
                required=False,
                max_length=LONGEST_REASON,
                help_text=_("Nötig, wenn sich die Frist ändert. Er steht beim Auftrag."),
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        told = {"institution", "person"} & set(self.errors)
        if not (cleaned.get("institution") or cleaned.get("person") or told):
            self.add_error(
                "institution", _("Bitte wählen Sie, wer zuständig ist: eine Stelle oder eine Person.")
            )
        self.check_due(cleaned)
        return cleaned

    def check_due(self, cleaned: dict[str, Any]) -> None:
        stage = cleaned.get("consultation") or (
            self.instance.consultation if self.instance.consultation_id else None
        )
        due = cleaned.get("due")
        if due and stage and stage.date and due < stage.date:
            sentence = _("Die Frist liegt vor dem Beschluss vom %s. Bitte wählen Sie einen späteren Tag.")
            self.add_error("due", sentence % f"{stage.date:%d.%m.%Y}")


class Choices:
    """Who can be responsible, asked once for all rows of a page: the administration's offices first."""

    def __init__(self, town: Municipality) -> None:
        self.offices = Institution.objects.in_town(town)
        self.persons = Person.objects.in_town(town)
        rows = list(self.offices.order_by("name"))
        own = [(row.pk, str(row)) for row in rows if row.kind == Institution.Kind.DEPARTMENT]
        others = [(row.pk, str(row)) for row in rows if row.kind != Institution.Kind.DEPARTMENT]
        groups = [(_("Verwaltung"), own), (_("andere Einrichtungen"), others)]
        self.of_offices = [("", _("keine Angabe")), *(group for group in groups if group[1])]
        label = PersonChoice().label_from_instance
        self.of_persons = [
            ("", _("keine Angabe")),
            *((row.pk, label(row)) for row in self.persons.order_by("name")),
        ]


class PointTaskForm(TaskForm):
    """A task for a point as it was resolved; only what is ticked becomes one."""

    wanted = forms.BooleanField(label=gettext_lazy("Daraus wird ein Auftrag"), required=False)

    def __init__(self, *args: Any, point: ResolvedPoint, paper: Paper, **kwargs: Any) -> None:
        self.point = point
        first_office = paper.department_id
        instance = ResolutionTask(paper=paper, consultation=point.consultation, resolved_point=point)
        initial = {"wanted": True, "title": proposed_title(point), "institution": first_office}
        super().__init__(
            *args,
            instance=instance,
            prefix=f"punkt-{point.pk}",
            initial=initial,
            town=paper.municipality,
            **kwargs,
        )
        self.fields["wanted"].label = _("Aus Punkt %d wird ein Auftrag") % point.position
        self.order_fields(["wanted", "title", "institution", "person", "due"])

    @property
    def is_wanted(self) -> bool:
        return bool(self.cleaned_data.get("wanted"))

    def full_clean(self) -> None:
        """What is not ticked asks for nothing, and keeps what was typed."""
        super().full_clean()
        if self.is_bound and not self.data.get(self.add_prefix("wanted")):
            self.errors.clear()


def proposed_title(point: ResolvedPoint) -> str:
    """The point's beginning, cut between words."""
    text = " ".join(plain_text(point.text).split())
    if len(text) <= LONGEST_PROPOSED_TITLE:
        return text
    return text[:LONGEST_PROPOSED_TITLE].rsplit(" ", 1)[0].rstrip(",;:") + " …"


class FreeTaskForm(TaskForm):
    """A task that follows from what a committee said, without being a point of the resolution."""

    class Meta(TaskForm.Meta):
        fields: ClassVar[tuple[str, ...]] = ("consultation", *TaskForm.Meta.fields)
        widgets: ClassVar = {**TaskForm.Meta.widgets, "consultation": QuickSelect}
        labels: ClassVar = {"consultation": gettext_lazy("Folgt aus der Beratung")}

    def __init__(self, *args: Any, paper: Paper, stages: list[Consultation], **kwargs: Any) -> None:
        super().__init__(*args, instance=ResolutionTask(paper=paper), town=paper.municipality, **kwargs)
        field: Any = self.fields["consultation"]
        field.queryset = Consultation.objects.filter(pk__in=[stage.pk for stage in stages])
        field.choices = [(stage.pk, stage_label(stage)) for stage in stages]
        if stages:
            self.initial["consultation"] = stages[-1].pk
        self.initial.setdefault("institution", paper.department_id)


def stage_label(stage: Consultation) -> str:
    day = f", {stage.date:%d.%m.%Y}" if stage.date else ""
    return f"{stage.committee_names()}{day}"


class ReportForm(forms.ModelForm):
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = TaskReport
        fields: ClassVar = ("text", "state")
        labels: ClassVar = {"text": gettext_lazy("Bericht"), "state": gettext_lazy("Stand danach")}
        widgets: ClassVar = {"state": forms.RadioSelect}
        help_texts: ClassVar = {
            "text": gettext_lazy(
                "Was wurde getan, was fehlt noch? Der Bericht lässt sich nachher nicht mehr ändern."
            )
        }
        error_messages: ClassVar = {
            "state": {"required": gettext_lazy("Bitte wählen Sie, wie weit der Auftrag ist.")}
        }

    def __init__(self, *args: Any, task: ResolutionTask, user: User, newest: int, **kwargs: Any) -> None:
        kwargs["instance"] = TaskReport(task=task, state=task.state)
        super().__init__(*args, **kwargs)
        self.initial["seen"] = newest
        allowed = states_for(user, task)
        field: Any = self.fields["state"]
        field.choices = [choice for choice in ResolutionTask.State.choices if choice[0] in allowed]
        if task.open is False and len(allowed) == 1:
            field.help_text = _(
                "Der Auftrag ist abgeschlossen. Wieder aufnehmen kann ihn der Sitzungsdienst."
            )

    def count_as_seen(self, newest: int) -> None:
        """Who was told of the new report, and sends the form once more, has read it."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("seen")] = str(newest)
        self.data = data
