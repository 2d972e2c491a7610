"""Processes, groups, events and proposals in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from municipalities.administration import FrozenInline, TownAdmin, TownInline
from participation.models import (
    Decision,
    Event,
    Group,
    Invitation,
    MeasureProposal,
    Phase,
    Process,
    ProcessModeration,
    ProposalComment,
    ProposalMeasure,
    ProposalQuestion,
    Seat,
)


class PhaseInline(TownInline):
    model = Phase


@admin.register(Process)
class ProcessAdmin(TownAdmin):
    list_display = ["title", "span", "municipality"]
    list_select_related = ["municipality"]
    search_fields = ["title"]
    autocomplete_fields = ["concept", "organiser", "moderator"]
    inlines = [PhaseInline]


@admin.register(Phase)
class PhaseAdmin(TownAdmin):
    list_display = ["title", "span", "process"]
    list_select_related = ["process"]
    search_fields = ["title"]
    autocomplete_fields = ["process"]


class SeatInline(TownInline):
    model = Seat
    autocomplete_fields = ["institution", "person"]


@admin.register(Group)
class GroupAdmin(TownAdmin):
    list_display = ["name", "kind", "municipality"]
    list_filter = ["kind"]
    list_select_related = ["municipality"]
    search_fields = ["name"]
    autocomplete_fields = ["process", "fields", "founded_at", "predecessor"]
    inlines = [SeatInline]


@admin.register(Event)
class EventAdmin(TownAdmin):
    list_display = ["title", "kind", "date", "state", "process"]
    list_filter = ["kind", "state"]
    list_select_related = ["process"]
    search_fields = ["title"]
    autocomplete_fields = ["process", "phase", "groups", "moderator"]


@admin.register(ProcessModeration)
class ProcessModerationAdmin(TownAdmin):
    """Taken away here; given by an invitation."""

    list_display = ["user", "process"]
    list_select_related = ["user", "process"]
    autocomplete_fields = ["process", "user"]
    search_fields = ["user__name", "process__title"]


@admin.register(Invitation)
class InvitationAdmin(TownAdmin):
    """What was asked and answered. Sent, repeated and withdrawn on the group's page."""

    frozen = True
    list_display = ["email", "name", "group", "process", "state_in_words", "sent_at", "expires_at"]
    list_filter = ["state"]
    list_select_related = ["group", "process"]
    search_fields = ["email", "name"]
    exclude = ["token_hash"]

    @admin.display(description=_("Stand"))
    def state_in_words(self, invitation: Invitation) -> str:
        return invitation.state_in_words


class DecisionInline(FrozenInline):
    model = Decision
    fk_name = "proposal"


class ProposalMeasureInline(FrozenInline):
    model = ProposalMeasure


class ProposalQuestionInline(FrozenInline):
    model = ProposalQuestion


class ProposalCommentInline(FrozenInline):
    model = ProposalComment


@admin.register(MeasureProposal)
class MeasureProposalAdmin(TownAdmin):
    """What was proposed and decided, to be read. A draft is nobody's but the one's who writes it."""

    frozen = True
    list_display = ["code", "__str__", "state", "process", "submitted_at"]
    list_display_links = ["code", "__str__"]
    list_filter = ["state", "language"]
    list_select_related = ["process"]
    search_fields = ["title", "german_title"]
    inlines = [DecisionInline, ProposalMeasureInline, ProposalQuestionInline, ProposalCommentInline]

    @admin.display(description=_("Nr."), ordering="pk")
    def code(self, proposal: MeasureProposal) -> str:
        return proposal.code

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(state=MeasureProposal.State.DRAFT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Also of the history: what somebody wrote before they submitted it stays their own."""
        if isinstance(obj, MeasureProposal) and obj.is_draft:
            return False
        return super().has_view_permission(request, obj)

    def get_history_queryset(self, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        return super().get_history_queryset(*args, **kwargs).exclude(state=MeasureProposal.State.DRAFT)
