"""What waits in the concepts: those in work, what is said about them, the measures of one's own office."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Case, IntegerField, When
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from concepts.kinds import workbench_url
from concepts.models import Comment, Concept, Measure, Suggestion
from concepts.talk import PAGE as TALK
from desk.waiting.entries import LONGEST_NAME, LONGEST_REASON, MOST_ENTRIES, Entry, WaitingList
from municipalities.models import User

# How long one is told what became of one's suggestions.
NEWS = datetime.timedelta(days=30)


def unfinished_concepts(user: User, towns: Any) -> WaitingList:
    concepts = Concept.objects.visible_to(user).filter(municipality__in=towns).select_related("municipality")
    unfinished = concepts.exclude(status__in=[Concept.Status.ADOPTED, Concept.Status.REPLACED])[:MOST_ENTRIES]
    return WaitingList(
        _("Konzepte in Arbeit"),
        _("Noch nicht beschlossen. Hier lesen Sie, was schon darin steht."),
        _("Zurzeit ist kein Konzept in Arbeit."),
        [
            Entry(str(c), c.get_absolute_url(), c.get_status_display(), "info", str(c.period or ""))
            for c in unfinished
        ],
    )


def open_talk(user: User, towns: Any) -> WaitingList:
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


def own_suggestions(user: User, towns: Any) -> Iterator[WaitingList]:
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


def own_measures(user: User, towns: Any) -> WaitingList:
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
