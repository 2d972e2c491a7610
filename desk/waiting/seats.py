"""What concerns somebody by their seat: committees, factions and groups; and what members ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from committees.models import (
    CommitteeSeat,
    Consultation,
    Faction,
    Meeting,
)
from council.models import PaperQuestion
from council.models.preparing import factions_of
from council.permissions import ANSWERING, may_answer
from desk.waiting.entries import LONGEST_NAME, MOST_ENTRIES, Entry, WaitingList
from desk.waiting.papers import meeting_entries, stage_entry, stages_in
from municipalities.models import User
from participation.models import Group


def seat_lists(user: User, towns: Any) -> Iterator[WaitingList]:
    """For those who come by a seat: council members and members of groups."""
    seats = CommitteeSeat.objects.open().filter(person__user=user, committee__municipality__in=towns)
    if held := dict(seats.values_list("committee", "committee__municipality__slug")):
        own = list(held)
        stages = stages_in(user, towns).of_committees(own).filter(outcome="", result="")[:MOST_ENTRIES]
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
            meeting_entries(Meeting.objects.filter(committees__in=own)),
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


def _reading_entry(stage: Consultation) -> Entry:
    """As `stage_entry`, to the page that is made for reading."""
    paper = stage.paper
    entry = stage_entry(stage, stage.role or _("Beratung"), "info")
    return replace(entry, url=reverse("council:paper", args=[paper.municipality.slug, paper.pk]))


def own_factions(user: User, towns: Any) -> Iterator[WaitingList]:
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


def questions_to_answer(user: User, towns: Any) -> Iterator[WaitingList]:
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
