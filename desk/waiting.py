"""What is waiting for somebody, by what they are in their towns."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from committees.models import (
    CommitteeSeat,
    Consultation,
    Faction,
    Meeting,
    MinutesSignature,
    Paper,
    ResolutionTask,
    ResolvedVersion,
    SigningRequest,
    SigningRound,
)
from concepts.kinds import workbench_url
from concepts.models import Comment, Concept, Measure, Suggestion
from concepts.talk import PAGE as TALK
from council.models import PaperQuestion
from council.models.preparing import factions_of
from council.permissions import ANSWERING, may_answer
from municipalities.models import Municipality, Role, User
from participation.models import Event, Group, MeasureProposal, Process
from participation.models.process import moderated_by
from participation.ways import standing_of

MOST_ENTRIES = 12
MOST_MEETINGS = 5
# How long one is told what became of one's suggestions.
NEWS = datetime.timedelta(days=30)
# How long what was decided waits to be followed up.
FOLLOWED_UP = datetime.timedelta(days=60)
PROPOSALS_TO_HANDLE = (MeasureProposal.State.SUBMITTED, MeasureProposal.State.REVIEW)
LONGEST_NAME, LONGEST_REASON = 80, 200


@dataclass(frozen=True)
class Entry:
    """One line: where it leads, and in a word how it stands (`tone` names the badge's look)."""

    label: str
    url: str
    badge: str = ""
    tone: str = "info"
    when: str = ""


@dataclass
class WaitingList:
    """A heading with its lines; `nothing` is the sentence that stands there when there are none."""

    title: str
    hint: str
    nothing: str
    entries: list[Entry] = field(default_factory=list)


def waiting_for(user: User, towns: list[Municipality]) -> list[WaitingList]:
    """The lists that concern the user in these towns, the most pressing first."""
    by_id = {town.pk: town for town in towns}
    lists = [*_to_sign(user, by_id.keys()), *_sent_back(user, by_id.keys())]
    lists += _minutes_to_sign(user, by_id.keys())
    for roles, build in ROLE_LISTS:
        concerned = user.access.towns_with(*roles) & by_id.keys()
        if concerned:
            lists.append(build(user, concerned))
    return [
        *lists,
        *_decided(user, by_id.keys()),
        *_tasks(user, by_id.keys()),
        *_questions_to_answer(user, by_id.keys()),
        *_guided(user),
        *_own_questions(user, by_id.keys()),
        *_own_suggestions(user, by_id.keys()),
        *_seat_lists(user, by_id.keys()),
        *_own_factions(user, by_id.keys()),
    ]


def _stages(user: User, towns: Any) -> Any:
    return (
        Consultation.objects.visible_to(user)
        .filter(paper__municipality__in=towns, left_out=False)
        .select_related("paper__municipality", "committee", "meeting")
        .prefetch_related("joint_committees")
        .order_by(F("meeting__date").asc(nulls_last=True), "position")
    )


def _stage_entry(stage: Consultation, badge: str, tone: str) -> Entry:
    paper = stage.paper
    return Entry(
        label=f"{stage.committee_names()}: {paper.number or paper.subject}",
        url=reverse("committees:stage", args=[paper.municipality.slug, paper.pk, stage.position]),
        badge=badge,
        tone=tone,
        when=f"{stage.date:%d.%m.%Y}" if stage.date else _("Termin noch offen"),
    )


def _reading_entry(stage: Consultation) -> Entry:
    """As `_stage_entry`, to the page that is made for reading."""
    paper = stage.paper
    entry = _stage_entry(stage, stage.role or _("Beratung"), "info")
    return replace(entry, url=reverse("council:paper", args=[paper.municipality.slug, paper.pk]))


def _to_issue(user: User, towns: Any) -> WaitingList:
    released = _stages(user, towns).filter(paper__state=Paper.State.RELEASED)
    stages = released.filter(issues=None, outcome="", result="")[:MOST_ENTRIES]
    return WaitingList(
        _("Vorlagen zum Ausfertigen"),
        _(
            "Für diese Gremien gibt es noch kein gültiges PDF. "
            "Öffnen Sie die Beratung, prüfen Sie die Vorschau und fertigen Sie aus."
        ),
        _("Alle Vorlagen sind ausgefertigt."),
        [_stage_entry(stage, _("noch nicht ausgefertigt"), "draft") for stage in stages],
    )


def _next_meetings(meetings: Any) -> list[Entry]:
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


def _meetings(user: User, towns: Any) -> WaitingList:
    return WaitingList(
        _("Nächste Sitzungen"),
        _("Öffnen Sie eine Sitzung, um ihre Tagesordnung aufzustellen und einzuladen."),
        _("Zurzeit ist keine Sitzung angesetzt."),
        _next_meetings(Meeting.objects.visible_to(user).filter(municipality__in=towns)),
    )


def _to_release(user: User, towns: Any) -> WaitingList:
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


def _to_sign(user: User, towns: Any) -> Iterator[WaitingList]:
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


def _minutes_to_sign(user: User, towns: Any) -> Iterator[WaitingList]:
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


def _request_entry(row: SigningRequest) -> Entry:
    return Entry(
        label=f"{Truncator(row.round.paper.subject).chars(LONGEST_NAME)} – {row.title}",
        url=row.get_absolute_url(),
        badge=_("überfällig") if row.overdue else _("zu zeichnen"),
        tone="warning" if row.overdue else "planned",
        when=f"{row.due_on:%d.%m.%Y}" if row.due_on else "",
    )


def _sent_back(user: User, towns: Any) -> Iterator[WaitingList]:
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


def _decided(user: User, towns: Any) -> Iterator[WaitingList]:
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


def _tasks(user: User, towns: Any) -> Iterator[WaitingList]:
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


def _concepts(user: User, towns: Any) -> WaitingList:
    concepts = Concept.objects.visible_to(user).filter(municipality__in=towns).select_related("municipality")
    unfinished = concepts.exclude(status__in=[Concept.Status.ADOPTED, Concept.Status.REPLACED])[:MOST_ENTRIES]
    return WaitingList(
        _("Konzepte in Arbeit"),
        _("Noch nicht beschlossen. Hier lesen Sie, was schon darin steht."),
        _("Alle Konzepte sind beschlossen."),
        [
            Entry(str(c), c.get_absolute_url(), c.get_status_display(), "info", str(c.period or ""))
            for c in unfinished
        ],
    )


def _talk(user: User, towns: Any) -> WaitingList:
    """Comments and suggestions about what the user edits, the oldest first."""
    rows = [
        row
        for model in (Comment, Suggestion)
        for row in model.objects.filter(concept__municipality__in=towns)
        .for_editors(user)
        .open()
        .with_parts()[:MOST_ENTRIES]
    ]
    rows.sort(key=lambda row: row.written_at)
    return WaitingList(
        _("Kommentare und Vorschläge"),
        _("Dazu hat jemand etwas gesagt, und noch niemand ist damit umgegangen."),
        _("Zurzeit ist kein Kommentar und kein Vorschlag offen."),
        [_talk_entry(row) for row in rows[:MOST_ENTRIES]],
    )


def _talk_entry(row: Comment | Suggestion) -> Entry:
    suggested = isinstance(row, Suggestion)
    return Entry(
        label=f"{Truncator(row.part).chars(LONGEST_NAME)} – {Truncator(row.words).chars(LONGEST_NAME)}",
        url=f"{workbench_url(row.concept, row.part, TALK)}#{row.anchor}",
        badge=_("Vorschlag") if suggested else _("Kommentar"),
        tone="draft" if suggested else "plain",
        when=f"{timezone.localtime(row.written_at):%d.%m.%Y}",
    )


def _own_suggestions(user: User, towns: Any) -> Iterator[WaitingList]:
    """What others have decided lately."""
    decided = (
        Suggestion.objects.visible_to(user)
        .filter(concept__municipality__in=towns, author=user, decided_at__gte=timezone.now() - NEWS)
        .exclude(decided_by=user)
        .with_parts()
        .order_by("-decided_at")[:MOST_ENTRIES]
    )
    if decided:
        yield WaitingList(
            _("Ihre Vorschläge"),
            _("Darüber wurde in den letzten 30 Tagen entschieden."),
            "",
            [_decision_entry(row) for row in decided],
        )


def _decision_entry(row: Suggestion) -> Entry:
    refused = row.state == Suggestion.State.REFUSED
    label = _("Ihr Vorschlag zu „%(part)s“ (%(text)s) wurde %(state)s") % {
        "part": Truncator(row.part).chars(LONGEST_NAME),
        "text": row.text_label,
        "state": row.get_state_display(),
    }
    if row.decision_reason:
        label += f": {Truncator(row.decision_reason).chars(LONGEST_REASON)}"
    return Entry(
        label=label,
        url=f"{workbench_url(row.concept, row.part, TALK)}#{row.anchor}",
        badge=row.get_state_display(),
        tone="danger" if refused else "success",
        when=f"{timezone.localtime(row.decided_at):%d.%m.%Y}",
    )


def _guided(user: User) -> Iterator[WaitingList]:
    """For those who guide a process from outside."""
    guided = Process.objects.filter(pk__in=moderated_by(user)).select_related("municipality")
    if guided:
        yield WaitingList(
            _("Prozesse, die Sie begleiten"),
            _("Hier finden Sie die Gruppen, Veranstaltungen und Vorschläge des Prozesses."),
            "",
            [Entry(p.title, p.get_absolute_url(), p.municipality.short_name, "plain") for p in guided],
        )


def _own_measures(user: User, towns: Any) -> WaitingList:
    offices = user.persons.filter(municipality__in=towns).values("institution")
    measures = (
        Measure.objects.visible_to(user)
        .filter(responsible__in=offices)
        .exclude(phase=Measure.Phase.COMPLETED)
        .exclude(track=Measure.Track.ABANDONED)
        .select_related("concept__municipality")
        .annotate(
            fine=Case(When(track=Measure.Track.ON_TRACK, then=1), default=0, output_field=IntegerField())
        )
        .order_by("fine", "span")
    )
    return WaitingList(
        _("Maßnahmen Ihres Fachamts"),
        _("Dafür ist Ihr Amt verantwortlich. Was vom Plan abweicht, steht oben."),
        _("Ihrem Amt ist zurzeit keine laufende Maßnahme zugeordnet."),
        [_measure_entry(measure) for measure in measures[:MOST_ENTRIES]],
    )


def _measure_entry(measure: Measure) -> Entry:
    concept = measure.concept
    off_track = measure.track != Measure.Track.ON_TRACK
    return Entry(
        label=str(measure),
        url=reverse("concepts:measure", args=[concept.municipality.slug, concept.slug, measure.pk]),
        badge=measure.get_track_display() if off_track else measure.get_phase_display(),
        tone="warning" if off_track else "info",
        when=str(measure.span or ""),
    )


def _proposals(user: User, towns: Any) -> WaitingList:
    """What members have proposed and nobody has decided yet, the oldest first."""
    rows = (
        MeasureProposal.objects.handled_by(user)
        .filter(process__municipality__in=towns, state__in=PROPOSALS_TO_HANDLE)
        .with_all()
        .order_by("submitted_at", "pk")
    )
    return WaitingList(
        _("Vorschläge aus der Beteiligung"),
        _("Darüber ist noch nicht entschieden."),
        _("Zurzeit wartet kein Vorschlag."),
        [_proposal_entry(row) for row in rows[:MOST_ENTRIES]],
    )


def _own_questions(user: User, towns: Any) -> Iterator[WaitingList]:
    """Somebody asks back about what the user has proposed."""
    rows = (
        MeasureProposal.objects.visible_to(user)
        .filter(process__municipality__in=towns, submitter=user, state=MeasureProposal.State.QUESTION)
        .with_all()
    )
    if entries := [_proposal_entry(row) for row in rows[:MOST_ENTRIES]]:
        yield WaitingList(
            _("Rückfragen zu Ihren Vorschlägen"), _("Bitte antworten Sie, damit es weitergeht."), "", entries
        )


def _proposal_entry(row: MeasureProposal) -> Entry:
    standing = standing_of(row, inside=True)
    when = f"{timezone.localtime(row.submitted_at):%d.%m.%Y}" if row.submitted_at else ""
    label = f"{row.code} {Truncator(row).chars(LONGEST_NAME)}"
    return Entry(label, row.get_absolute_url(), standing.word, standing.tone, when)


def _events(user: User, towns: Any) -> WaitingList:
    events = (
        Event.objects.visible_to(user)
        .filter(process__municipality__in=towns, state=Event.State.PLANNED)
        .select_related("process__municipality")
        .in_order()
    )
    return WaitingList(
        _("Geplante Veranstaltungen"),
        _("Was im Beteiligungsprozess als Nächstes ansteht."),
        _("Zurzeit ist keine Veranstaltung geplant."),
        [_event_entry(event) for event in events[:MOST_ENTRIES]],
    )


def _event_entry(event: Event) -> Entry:
    return Entry(event.title, event.get_absolute_url(), _("geplant"), "planned", event.date_text)


def _questions_to_answer(user: User, towns: Any) -> Iterator[WaitingList]:
    """What members of committees want to know about papers that are the user's work."""
    if not user.access.towns_with(*ANSWERING) & set(towns):
        return
    rows = (
        PaperQuestion.objects.visible_to(user)
        .filter(paper__municipality__in=towns, answered_at=None)
        .select_related("paper__municipality")
        .order_by("asked_at", "pk")
    )
    if entries := [_question_entry(row) for row in rows if may_answer(user, row.paper)][:MOST_ENTRIES]:
        yield WaitingList(
            _("Fragen aus den Gremien"), _("Bitte antworten Sie, oder klären Sie, wer es tut."), "", entries
        )


def _question_entry(row: PaperQuestion) -> Entry:
    return Entry(
        label=f"{Truncator(row.paper).chars(LONGEST_NAME)} – {Truncator(row.text).chars(LONGEST_NAME)}",
        url=reverse("council:question", args=[row.paper.municipality.slug, row.paper_id, row.pk]),
        badge=_("noch ohne Antwort"),
        tone="planned",
        when=f"{timezone.localtime(row.asked_at):%d.%m.%Y}",
    )


def _own_factions(user: User, towns: Any) -> Iterator[WaitingList]:
    """For who sits for a faction or works for one."""
    factions = Faction.objects.filter(pk__in=factions_of(user), municipality__in=towns)
    if found := list(factions.select_related("municipality")):
        yield WaitingList(
            _("Ihre Fraktion"),
            _("Was als Nächstes beraten wird und wie Sie abstimmen wollen. Das liest nur Ihre Fraktion."),
            "",
            [
                Entry(
                    faction.name,
                    reverse("council:faction", args=[faction.municipality.slug, faction.pk]),
                    faction.municipality.short_name,
                    "plain",
                )
                for faction in found
            ],
        )


def _seat_lists(user: User, towns: Any) -> Iterator[WaitingList]:
    """For those who come by a seat: council members and members of groups."""
    seats = CommitteeSeat.objects.open().filter(person__user=user, committee__municipality__in=towns)
    if held := dict(seats.values_list("committee", "committee__municipality__slug")):
        own = list(held)
        in_committees = Q(committee__in=own) | Q(joint_committees__in=own)
        mine = Consultation.objects.filter(in_committees).values("pk")
        stages = _stages(user, towns).filter(pk__in=mine, outcome="", result="")[:MOST_ENTRIES]
        yield WaitingList(
            _("Vorlagen in Ihren Gremien"),
            _("Darüber berät ein Gremium, dem Sie angehören."),
            _("In Ihren Gremien steht zurzeit keine Vorlage an."),
            [_reading_entry(stage) for stage in stages],
        )
        yield WaitingList(
            _("Ihre nächsten Sitzungen"),
            _("Ein Gremium tagt, dem Sie angehören."),
            _("Ihre Gremien haben zurzeit keine Sitzung angesetzt."),
            _next_meetings(Meeting.objects.filter(committees__in=own)),
        )
        yield WaitingList(
            _("Vorbereiten"),
            _("Ihre Sitzungen im eigenen Kalender, und woran Sie erinnert werden wollen."),
            "",
            [
                Entry(words, reverse(page, args=[slug]), tone="plain")
                for slug in sorted(set(held.values()))
                for words, page in (
                    (_("Meine Sitzungen im Kalender"), "council:calendar"),
                    (_("Meine Notizen"), "council:my_notes"),
                    (_("Meine Erinnerungen"), "council:reminders"),
                )
            ],
        )
    groups = (
        Group.objects.visible_to(user)
        .filter(municipality__in=towns, seats__person__user=user)
        .select_related("municipality", "process")
        .distinct()
    )
    if groups:
        yield WaitingList(
            _("Ihre Gruppen"),
            _("Hier sehen Sie, was Ihre Gruppe tut und wer dabei ist."),
            "",
            [
                Entry(group.name, group.get_absolute_url(), group.get_kind_display(), "plain")
                for group in groups
            ],
        )


ROLE_LISTS: list[tuple[tuple[str, ...], Callable[[User, Any], WaitingList]]] = [
    ((Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION), _to_release),
    ((Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION), _to_issue),
    ((Role.Kind.COUNCIL_SERVICE,), _meetings),
    ((Role.Kind.EDITING, Role.Kind.ADMINISTRATION, Role.Kind.DEPARTMENT), _talk),
    ((Role.Kind.EDITING, Role.Kind.ADMINISTRATION), _proposals),
    ((Role.Kind.EDITING, Role.Kind.ADMINISTRATION), _concepts),
    ((Role.Kind.DEPARTMENT,), _own_measures),
    ((Role.Kind.MODERATION, Role.Kind.EDITING), _events),
]
