"""A stage of a route, and the small forms around it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.actions.routing import why_fixed
from committees.grammar import enumerated
from committees.models import Committee, Consultation, Meeting, Paper, RouteTemplate
from concepts.actions.signing import LONGEST_REASON
from municipalities.choice_widgets import CheckList, QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.models import Municipality
from participation.forms.processes import RowsField

LONGEST_WHY = 1000
HIGHEST_PLACE = 999


def reason_field(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Grund der Änderung"),
        max_length=LONGEST_REASON,
        required=required,
        help_text=gettext_lazy(
            "Die Vorlage ist freigegeben. Der Grund steht auf dieser Seite bei den Änderungen, "
            "nicht in der Vorlage."
        ),
        error_messages={"required": gettext_lazy("Bitte nennen Sie den Grund der Änderung.")},
    )


def known_roles(town: Municipality) -> list[tuple[str, str]]:
    """The town's own words for what committees do, the usual ones first, with what they mean."""
    used = (
        Consultation.objects.filter(paper__municipality=town)
        .exclude(role="")
        .values("role", "meaning")
        .annotate(times=Count("pk"))
        .order_by("-times", "role")
    )
    words: dict[str, str] = {}
    for row in used:
        if row["role"] not in words or not words[row["role"]]:
            words[row["role"]] = row["meaning"]
    return list(words.items())


class RoleInput(forms.TextInput):
    """Offers the words that the town knows; another one can be typed."""

    words: Iterable[str] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id', name)}_woerter"
        typed = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((word,) for word in self.words))
        return format_html('{}<datalist id="{}">{}</datalist>', typed, listed, options)


class StageForm(MergingForm):
    """`reason` stands there once the paper is released, `place` as long as the stage is new."""

    place = forms.IntegerField(
        label=gettext_lazy("Stelle in der Beratungsfolge"),
        required=False,
        min_value=1,
        max_value=HIGHEST_PLACE,
        help_text=gettext_lazy("Zum Beispiel 2 für die zweite Stufe. Leer heißt: ans Ende."),
    )

    class Meta:
        model = Consultation
        fields: ClassVar = (
            *("committee", "joint_committees", "meeting", "role", "meaning", "treatment", "own_wording"),
        )
        field_classes: ClassVar = {"joint_committees": RowsField}
        widgets: ClassVar = {
            "joint_committees": CheckList,
            "role": RoleInput,
            **dict.fromkeys(("committee", "meeting", "meaning", "treatment"), QuickSelect),
        }
        help_texts: ClassVar = {
            "joint_committees": gettext_lazy("Nur wenn mehrere Gremien in einer Sitzung zusammen beraten."),
            "meaning": gettext_lazy(
                "Was das Wort darüber bedeutet. Danach richten sich der Beschlussvorschlag und die Prüfung. "
                "Leer lassen, wenn Ihre Kommune das Wort schon benutzt hat: Dann gilt dieselbe Bedeutung."
            ),
            "own_wording": gettext_lazy(
                "Nur wenn dieses Gremium etwas anderes beschließen soll als in der Vorlage steht."
            ),
        }
        error_messages: ClassVar = {
            "committee": {
                "invalid_choice": gettext_lazy(
                    "Dieses Gremium gibt es in Ihrer Kommune nicht. Bitte wählen Sie eines aus der Liste."
                )
            },
            "meeting": {
                "invalid_choice": gettext_lazy(
                    "Diese Sitzung steht nicht zur Wahl. "
                    "Bitte wählen Sie eine kommende Sitzung Ihrer Kommune."
                )
            },
        }

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.paper = paper
        fields: dict[str, Any] = self.fields
        town = paper.municipality
        committees = Committee.objects.in_town(town)
        fields["committee"].queryset = committees
        fields["committee"].help_text = (
            _("Leer nur bei einer Freigabe durch die Leitung (%s); dann ist die Bedeutung „gibt frei“.")
            % town.head_title
        )
        fields["joint_committees"].queryset = committees
        self.offer_meetings(town)
        self.words = known_roles(town)
        fields["role"].widget.words = [word for word, _meaning in self.words]
        if self.instance.pk is not None:
            del fields["place"]
        if paper.released:
            fields["reason"] = reason_field()
        self.fixed = why_fixed(self.instance) if self.instance.pk else ""

    def offer_meetings(self, town: Municipality) -> None:
        """Those to come, grouped by who meets; and the one that stands there."""
        coming = Q(date__gte=timezone.localdate(), cancelled=False)
        meetings = Meeting.objects.in_town(town).filter(coming | Q(pk=self.instance.meeting_id))
        field: Any = self.fields["meeting"]
        field.queryset = meetings
        groups: dict[str, list[tuple[int, str]]] = {}
        for meeting in meetings.prefetch_related("committees"):
            names = enumerated(sorted(str(one) for one in meeting.committees.all()))
            groups.setdefault(names or _("ohne Gremium"), []).append((meeting.pk, meeting_label(meeting)))
        field.choices = [("", _("Termin noch offen")), *sorted(groups.items())]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        committee, joint = cleaned.get("committee"), list(cleaned.get("joint_committees") or ())
        role, meaning = " ".join((cleaned.get("role") or "").split()), cleaned.get("meaning")
        cleaned["role"] = role
        if role and not meaning and "meaning" not in self.errors:
            cleaned["meaning"] = meaning = dict(self.words).get(role, "")
        if committee is None and "committee" not in self.errors:
            self.check_release(cleaned, meaning)
        if committee in joint:
            self.add_error(
                "joint_committees",
                _("„%s“ ist schon das Gremium dieser Stufe. Bitte wählen Sie es hier ab.") % committee,
            )
        self.check_meeting(cleaned.get("meeting"), [one for one in [committee, *joint] if one])
        if "meeting" in self.changed_data:
            self.instance.agenda_item = None  # it belongs to the other meeting
        return cleaned

    def check_release(self, cleaned: dict[str, Any], meaning: str | None) -> None:
        if meaning != Consultation.Meaning.RELEASE:
            self.add_error(
                "committee",
                _("Bitte wählen Sie ein Gremium. Nur eine Freigabe durch die Leitung kommt ohne aus."),
            )
        elif cleaned.get("joint_committees") or cleaned.get("meeting"):
            self.add_error(
                "committee",
                _("Zu einer Freigabe ohne Gremium gehören weder weitere Gremien noch eine Sitzung."),
            )

    def check_meeting(self, meeting: Meeting | None, committees: list[Committee]) -> None:
        if meeting is None or not committees or "meeting" not in self.changed_data:
            return
        sitting = set(meeting.committees.all())
        missing = [str(one) for one in committees if one not in sitting]
        if sitting and missing:
            self.add_error(
                "meeting",
                _(
                    "In dieser Sitzung tagt nicht: %s. Bitte wählen Sie eine Sitzung dieses Gremiums "
                    "oder lassen Sie den Termin offen."
                )
                % enumerated(missing),
            )

    def validate_constraints(self) -> None:
        """Asked above; the position is given when it is saved."""


def meeting_label(meeting: Meeting) -> str:
    start = _(", %s Uhr") % f"{meeting.start:%H:%M}" if meeting.start else ""
    cancelled = _(" (abgesagt)") if meeting.cancelled else ""
    return f"{meeting.date:%d.%m.%Y}{start}: {meeting.title}{cancelled}"


class MoveForm(forms.Form):
    place = forms.IntegerField(
        label=gettext_lazy("Neue Stelle"),
        min_value=1,
        error_messages={"required": gettext_lazy("Bitte nennen Sie die Stelle, zum Beispiel 2.")},
    )

    def __init__(self, *args: Any, released: bool, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].help_text = _("Eine Zahl von 1 bis %d.") % most
        if released:
            self.fields["reason"] = reason_field()


class StrikeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Warum entfällt diese Beratung?"),
        max_length=LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Der Grund steht in der Beratungsfolge und ist für alle zu lesen."),
        error_messages={
            "required": gettext_lazy("Bitte nennen Sie den Grund, warum diese Beratung entfällt.")
        },
    )


class ReasonForm(forms.Form):
    """Asks for the reason where one is needed; else it only confirms."""

    def __init__(self, *args: Any, released: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if released:
            self.fields["reason"] = reason_field()


class TakeOverForm(forms.Form):
    template = forms.ModelChoiceField(
        label=gettext_lazy("Muster"),
        queryset=RouteTemplate.objects.none(),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie ein Muster."),
            "invalid_choice": gettext_lazy("Dieses Muster gibt es nicht mehr. Bitte wählen Sie ein anderes."),
        },
    )

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        templates: Any = self.fields["template"]
        fitting = Q(paper_types=None) | Q(paper_types=paper.paper_type_id)
        templates.queryset = RouteTemplate.objects.in_town(paper.municipality).filter(fitting).distinct()
        if paper.released:
            self.fields["reason"] = reason_field()


class SaveTemplateForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name des Musters"),
        max_length=100,
        help_text=gettext_lazy("Zum Beispiel „Konzepte: alle Ausschüsse, dann Rat“."),
        error_messages={"required": gettext_lazy("Bitte geben Sie dem Muster einen Namen.")},
    )
