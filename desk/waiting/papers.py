"""What waits in the course of a paper: signing, release, issue, meetings, minutes, and what was resolved."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from committees.models import (
    Consultation,
    Meeting,
    MinutesSignature,
    Paper,
    ResolutionTask,
    ResolvedVersion,
    SigningRequest,
    SigningRound,
)
from desk.waiting.entries import LONGEST_NAME, LONGEST_REASON, MOST_ENTRIES, Entry, WaitingList
from municipalities.models import Role, User

MOST_MEETINGS = 5
# How long what was decided waits to be followed up.
FOLLOWED_UP = datetime.timedelta(days=60)


def stages_in(user: User, towns: Any) -> Any:
    return (
        Consultation.objects.visible_to(user)
        .filter(paper__municipality__in=towns, left_out=False)
        .select_related("paper__municipality", "committee", "meeting")
        .prefetch_related("joint_committees")
        .order_by(F("meeting__date").asc(nulls_last=True), "position")
    )


def stage_entry(stage: Consultation, badge: str, tone: str) -> Entry:
    paper = stage.paper
    return Entry(
        label=f"{stage.committee_names()}: {paper.number or paper.subject}",
        url=reverse("committees:stage", args=[paper.municipality.slug, paper.pk, stage.position]),
        badge=badge,
        tone=tone,
        when=f"{stage.date:%d.%m.%Y}" if stage.date else _("Termin noch offen"),
    )


def to_sign(user: User, towns: Any) -> Iterator[WaitingList]:
    """For everybody who is asked, in whatever role or none; who countersigns by role is told so as well where
    nothing waits."""
    rows = SigningRequest.objects.waiting_for(user).filter(round__paper__municipality__in=towns)
    entries = [_request_entry(row) for row in rows.with_all().order_by("due_on", "pk")[:MOST_ENTRIES]]
    if entries or user.access.towns_with(Role.Kind.COUNTERSIGNING) & set(towns):
        yield WaitingList(
            _("Wartet auf Ihre Mitzeichnung"),
            _("Lesen Sie die Vorlage und zeichnen Sie, oder geben Sie sie zurück."),
            _("Zurzeit wartet keine Vorlage auf Ihre Mitzeichnung."),
            entries,
        )


def _request_entry(row: SigningRequest) -> Entry:
    return Entry(
        label=f"{Truncator(row.round.paper.subject).chars(LONGEST_NAME)} – {row.title}",
        url=row.get_absolute_url(),
        badge=_("überfällig") if row.overdue else _("zu zeichnen"),
        tone="warning" if row.overdue else "planned",
        when=f"{row.due_on:%d.%m.%Y}" if row.due_on else "",
    )


def sent_back(user: User, towns: Any) -> Iterator[WaitingList]:
    rounds = SigningRound.objects.returned_to(user).filter(paper__municipality__in=towns)[:MOST_ENTRIES]
    if rounds:
        yield WaitingList(
            _("Zurückgegebene Vorlagen"),
            _("Bitte überarbeiten Sie sie und beginnen Sie die Mitzeichnung neu."),
            "",
            [
                Entry(
                    f"{Truncator(one.paper.subject).chars(LONGEST_NAME)}: "
                    f"{Truncator(one.reason).chars(LONGEST_REASON)}",
                    f"{one.paper.get_absolute_url()}mitzeichnung/",
                    _("zurückgegeben"),
                    "danger",
                    f"{timezone.localtime(one.ended_at):%d.%m.%Y}" if one.ended_at else "",
                )
                for one in rounds
            ],
        )


def to_release(user: User, towns: Any) -> WaitingList:
    rounds = SigningRound.objects.to_release(user).filter(paper__municipality__in=towns).order_by("ended_at")
    return WaitingList(
        _("Vorlagen zur Freigabe"),
        _("Alle haben gezeichnet. Mit der Freigabe bekommt die Vorlage ihre Nummer."),
        _("Zurzeit ist keine Vorlage freizugeben."),
        [
            Entry(
                Truncator(one.paper.subject).chars(LONGEST_NAME),
                f"{one.paper.get_absolute_url()}freigabe/",
                _("gezeichnet"),
                "success",
                f"{timezone.localtime(one.ended_at):%d.%m.%Y}" if one.ended_at else "",
            )
            for one in rounds[:MOST_ENTRIES]
        ],
    )


def to_issue(user: User, towns: Any) -> WaitingList:
    released = stages_in(user, towns).filter(paper__state=Paper.State.RELEASED)
    stages = released.filter(issues=None, outcome="", result="")[:MOST_ENTRIES]
    return WaitingList(
        _("Vorlagen zum Ausfertigen"),
        _(
            "Für diese Gremien gibt es noch kein gültiges PDF. "
            "Öffnen Sie die Beratung, prüfen Sie die Vorschau und fertigen Sie aus."
        ),
        _("Zurzeit ist keine Vorlage auszufertigen."),
        [stage_entry(stage, _("noch nicht ausgefertigt"), "draft") for stage in stages],
    )


def meeting_entries(meetings: Any) -> list[Entry]:
    """The next ones, each town's, the nearest first."""
    rows = meetings.filter(date__gte=timezone.localdate()).select_related("municipality").distinct()
    return [
        Entry(
            meeting.title,
            meeting.get_absolute_url(),
            _("abgesagt") if meeting.cancelled else _("angesetzt"),
            "danger" if meeting.cancelled else "planned",
            f"{meeting.date:%d.%m.%Y}",
        )
        for meeting in rows.order_by("date", "start", "pk")[:MOST_MEETINGS]
    ]


def next_meetings(user: User, towns: Any) -> WaitingList:
    return WaitingList(
        _("Nächste Sitzungen"),
        _("Öffnen Sie eine Sitzung, um ihre Tagesordnung aufzustellen und einzuladen."),
        _("Zurzeit ist keine Sitzung angesetzt."),
        meeting_entries(Meeting.objects.visible_to(user).filter(municipality__in=towns)),
    )


def minutes_to_sign(user: User, towns: Any) -> Iterator[WaitingList]:
    """For the chair, and whoever else the minutes name."""
    lines = MinutesSignature.objects.waiting_for(user).filter(minutes__meeting__municipality__in=towns)
    rows = lines.select_related("minutes__meeting__municipality").order_by("minutes__meeting__date", "pk")
    if found := list(rows[:MOST_ENTRIES]):
        yield WaitingList(
            _("Niederschriften zu unterschreiben"),
            _("Lesen Sie die Niederschrift, und unterschreiben Sie sie hier."),
            "",
            [
                Entry(
                    f"{line.minutes.meeting.title} – {line.function}",
                    f"{line.minutes.meeting.get_absolute_url()}niederschrift/",
                    _("abgestimmt"),
                    "planned",
                    f"{line.minutes.meeting.date:%d.%m.%Y}",
                )
                for line in found
            ],
        )


def decided(user: User, towns: Any) -> Iterator[WaitingList]:
    """What was decided lately and has not been followed up: no task was given, or the concept as resolved is
    not frozen."""
    led = user.access.towns_with(Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION) & set(towns)
    edited = user.access.towns_with(Role.Kind.EDITING, Role.Kind.ADMINISTRATION) & set(towns)
    if not led | edited:
        return
    frozen = Exists(ResolvedVersion.objects.filter(consultation=OuterRef("pk")))
    given = Exists(ResolutionTask.objects.filter(paper=OuterRef("paper")))
    rows = (
        Consultation.objects.visible_to(user)
        .filter(
            meaning=Consultation.Meaning.DECIDE,
            outcome__in=[Consultation.Outcome.ACCEPTED, Consultation.Outcome.AMENDED],
            recorded_at__gte=timezone.now() - FOLLOWED_UP,
        )
        .annotate(frozen=frozen, given=given)
        .filter(
            Q(paper__municipality__in=led, given=False)
            | Q(paper__municipality__in=edited, paper__concept__isnull=False, frozen=False)
        )
        .select_related("paper__municipality")
        .order_by("-recorded_at")
    )
    if entries := [_decided_entry(row, led) for row in rows[:MOST_ENTRIES]]:
        yield WaitingList(
            _("Nach dem Beschluss"),
            _("Vor kurzem beschlossen. Halten Sie die Fassung fest und vergeben Sie die Aufträge."),
            "",
            entries,
        )


def _decided_entry(row: Any, led: frozenset[int]) -> Entry:
    give = not row.given and row.paper.municipality_id in led
    return Entry(
        label=Truncator(row.paper).chars(LONGEST_NAME),
        url=f"{row.paper.get_absolute_url()}beschluss/",
        badge=_("Aufträge vergeben") if give else _("Fassung festhalten"),
        tone="planned",
        when=f"{timezone.localtime(row.recorded_at):%d.%m.%Y}",
    )


def tasks(user: User, towns: Any) -> Iterator[WaitingList]:
    """What resolutions have given the user or their office to do; and what is overdue anywhere, for those who
    run the council's business."""
    rows = ResolutionTask.objects.filter(paper__municipality__in=towns).select_related("paper__municipality")
    rows = rows.order_by(F("due").asc(nulls_last=True), "pk")
    if own := [_task_entry(task) for task in rows.concerning(user).still_open()[:MOST_ENTRIES]]:
        yield WaitingList(
            _("Ihre Aufträge"),
            _("Aus Beschlüssen der Gremien. Bitte berichten Sie, wie weit sie sind."),
            "",
            own,
        )
    led = user.access.towns_with(Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION)
    if led & set(towns):
        late = rows.filter(paper__municipality__in=led).overdue()[:MOST_ENTRIES]
        if entries := [_task_entry(task) for task in late]:
            yield WaitingList(
                _("Überfällige Aufträge"),
                _("Wer zuständig ist, wird erinnert. Fragen Sie nach, oder ändern Sie die Frist mit Grund."),
                "",
                entries,
            )


def _task_entry(task: ResolutionTask) -> Entry:
    return Entry(
        label=Truncator(task.title).chars(LONGEST_NAME),
        url=task.get_absolute_url(),
        badge=_("überfällig") if task.overdue else task.get_state_display(),
        tone="danger" if task.overdue else "planned",
        when=f"{task.due:%d.%m.%Y}" if task.due else "",
    )
